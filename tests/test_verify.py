"""The manifest's verifier: silent on a whole site, and it finds whatever was changed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from leaderboard import site
from leaderboard.site import verify
from tests import specimens

ROOT = Path(__file__).resolve().parents[1]
CSV = "api/v1/north/models/tokens.csv"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("verified") / "site"
    site.render(
        specimens.edition(),
        specimens.readings(),
        specimens.statuses(),
        out,
        processes=1,
        cache=None,
    )
    return out


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "site")
    return tmp_path / "site"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leaderboard.site.verify", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def edited(change: Callable[[dict], None]) -> Callable[[Path], None]:  # type: ignore[type-arg]
    """Make a corruption of the manifest itself."""

    def corrupt(folder: Path) -> None:
        path = folder / verify.MANIFEST
        document = json.loads(path.read_bytes())
        change(document)
        path.write_text(json.dumps(document))

    return corrupt


def entry(document: dict, path: str = CSV) -> dict:  # type: ignore[type-arg]
    return next(one for one in document["files"] if one["path"] == path)


def flip(folder: Path) -> None:
    body = bytearray((folder / CSV).read_bytes())
    body[len(body) // 2] ^= 1
    (folder / CSV).write_bytes(body)


def link(folder: Path) -> None:
    shutil.move(folder / CSV, folder.parent / "elsewhere.csv")
    (folder / CSV).symlink_to(folder.parent / "elsewhere.csv")


CORRUPTIONS: dict[str, tuple[Callable[[Path], object], str]] = {
    "one bit": (flip, f"{CSV}: another content"),
    "cut short": (lambda f: (f / CSV).write_bytes((f / CSV).read_bytes()[:-1]), f"{CSV}: "),
    "missing": (lambda f: (f / CSV).unlink(), f"{CSV}: missing"),
    "extra": (lambda f: (f / "api/v1/more.csv").write_text("1\n"), "api/v1/more.csv: not in"),
    "hidden extra": (lambda f: (f / ".more").write_text("1\n"), ".more: not in"),
    "link": (link, f"{CSV}: no plain file"),
    "extra link": (lambda f: (f / "more").symlink_to(f.parent), "more: not in"),
    "folder": (lambda f: ((f / CSV).unlink(), (f / CSV).mkdir()), f"{CSV}: no plain file"),
    "unnamed": (edited(lambda d: d["files"].remove(entry(d))), f"{CSV}: not in the manifest"),
    "twice": (edited(lambda d: d["files"].append(entry(d))), f"{CSV}: named twice"),
    "outside": (edited(lambda d: entry(d).update(path="../x")), "../x: named twice, or a place"),
    "no credit": (edited(lambda d: entry(d).update(citation=None)), "without its credit"),
}


def test_a_whole_site_passes(whole: Path) -> None:
    assert verify.problems(whole) == []
    done = run(whole)
    assert (done.returncode, done.stderr) == (0, "")
    count = sum(1 for path in whole.rglob("*") if path.is_file()) - 1
    assert done.stdout.startswith(f"{count:,} files are as ")


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_each_corruption_is_found_and_named(copy: Path, corruption: str) -> None:
    corrupt, told = CORRUPTIONS[corruption]
    corrupt(copy)
    assert any(told in problem for problem in verify.problems(copy))


def test_the_command_fails_and_names_each_problem_on_a_line(copy: Path) -> None:
    flip(copy)
    (copy / "extra.html").write_text("<p>")
    done = run(copy)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"verify: {CSV}: another content than the manifest's sha256",
        "verify: extra.html: not in the manifest",
    ]


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda f: (f / verify.MANIFEST).unlink(),
        lambda f: (f / verify.MANIFEST).write_text("{"),
        lambda f: (f / verify.MANIFEST).write_text('{"files": []}'),
        edited(lambda d: entry(d).update(sha256="0" * 63)),
        edited(lambda d: entry(d).update(path="/etc/passwd")),
        edited(lambda d: d.update(version=2)),
    ],
)
def test_without_a_whole_manifest_nothing_is_said_to_be_well(
    copy: Path, corrupt: Callable[[Path], object]
) -> None:
    corrupt(copy)
    assert run(copy).returncode == 2


def test_a_folder_must_be_named() -> None:
    assert run().returncode == 2
    assert "usage" in run().stderr
