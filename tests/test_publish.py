import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leaderboard.site import publish

ROOT = Path(__file__).resolve().parent.parent


def make_site(folder: Path, word: str) -> None:
    (folder / "api/v1").mkdir(parents=True)
    (folder / "api/v1/index.json").write_text(word)
    (folder / "index.html").write_text(word)


def test_a_first_site_appears_whole(tmp_path):
    out = tmp_path / "site"
    with publish.staged(out) as staging:
        make_site(staging, "new")
        assert not out.exists()
    assert (out / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_new_site_replaces_the_old_with_everything_in_it(tmp_path):
    out = tmp_path / "site"
    make_site(out, "old")
    (out / "retired.html").write_text("old")
    with publish.staged(out) as staging:
        make_site(staging, "new")
        assert (out / "index.html").read_text() == "old"
    assert (out / "index.html").read_text() == "new"
    assert not (out / "retired.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_failure_leaves_the_old_site_untouched(tmp_path):
    out = tmp_path / "site"
    make_site(out, "old")

    def fail_halfway() -> None:
        with publish.staged(out) as staging:
            make_site(staging, "new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert (out / "index.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_is_not_a_site_is_never_replaced(tmp_path):
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.txt").write_text("years of work")
    with pytest.raises(publish.NotASite, match="left as it is"), publish.staged(out):
        pass
    assert (out / "chapter.txt").read_text() == "years of work"


def test_an_empty_folder_may_be_filled(tmp_path):
    out = tmp_path / "site"
    out.mkdir()
    with publish.staged(out) as staging:
        make_site(staging, "new")
    assert (out / "index.html").read_text() == "new"


@pytest.mark.skipif(sys.platform != "linux", reason="one system call exchanges only on Linux")
def test_linux_exchanges_both_in_one_step(tmp_path):
    make_site(tmp_path / "one", "one")
    make_site(tmp_path / "two", "two")
    assert publish.exchange(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one/index.html").read_text() == "two"
    assert (tmp_path / "two/index.html").read_text() == "one"


def test_a_run_killed_between_two_renames_is_healed_by_the_next(tmp_path):
    out = tmp_path / "site"
    make_site(tmp_path / ".site.previous", "old")
    make_site(tmp_path / ".site.staged", "half")
    publish.heal(out)
    assert (out / "index.html").read_text() == "old"
    with publish.staged(out) as staging:
        assert not any(staging.iterdir())
        make_site(staging, "new")
    assert (out / "index.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_run_killed_while_writing_leaves_the_old_site_and_the_next_run_heals(tmp_path):
    out = tmp_path / "site"
    make_site(out, "old")
    script = (
        "import os, signal, sys; from pathlib import Path; from leaderboard.site import publish\n"
        "with publish.staged(Path(sys.argv[1])) as staging:\n"
        "    (staging / 'index.html').write_text('torn')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = subprocess.run([sys.executable, "-c", script, str(out)], cwd=ROOT, check=False)
    assert run.returncode == -signal.SIGKILL
    assert (out / "index.html").read_text() == "old"
    assert (tmp_path / ".site.staged").exists()
    with publish.staged(out) as staging:
        make_site(staging, "new")
    assert (out / "index.html").read_text() == "new"
    assert os.listdir(tmp_path) == ["site"]
