"""Committing fetched data: whole files, never a lost one, whoever else pushes."""

import base64
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "commit-data"
TOKEN = "canary-0123456789-token"
DAY = "data/vercel/models/2026-11-18.json"
NEXT = "data/vercel/models/2026-11-19.json"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A person", "-c", "user.email=person@example.invalid")
    return subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def status(moment: str, error: str | None = None) -> str:
    entry = {"data_through": "2026-11-19", "error": error, "last_attempt": moment}
    return json.dumps({"datasets": [entry]}) + "\n"


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def check_out(origin: Path, folder: Path) -> Path:
    """As on the runner: the branch's tip alone, with no history and on no branch."""
    git(origin, "clone", "--quiet", "--depth=1", f"file://{origin}", str(folder))
    git(folder, "checkout", "--quiet", "--detach")
    return folder


def fetched(clone: Path, changes: dict[str, str]) -> Path:
    """Copy data/ as the fetching job leaves it."""
    folder = clone.with_name(f"{clone.name}-fetched")
    shutil.copytree(clone / "data", folder / "data")
    write(folder, changes)
    return folder / "data"


def commit(clone: Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRIPT, folder, "main"],
        cwd=clone,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def push(origin: Path, folder: Path, files: dict[str, str]) -> None:
    """Push as somebody else."""
    git(origin, "clone", "--quiet", str(origin), str(folder))
    write(folder, files)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Somebody else's change")
    git(folder, "push", "--quiet", "origin", "HEAD:main")


def read(origin: Path, name: str) -> str:
    return git(origin, "show", f"main:{name}")


def count(origin: Path) -> int:
    return int(git(origin, "rev-list", "--count", "main"))


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    bare = tmp_path / "origin.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    seed = {
        "data/README.md": "Terms\n",
        "data/status.json": status("2026-11-19T02:40:00Z"),
        DAY: "[1]\n",
    }
    push(bare, tmp_path / "seed", seed)
    return bare


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Path:
    return check_out(origin, tmp_path / "clone")


def test_new_and_changed_snapshots_are_committed_and_pushed(origin: Path, clone: Path) -> None:
    run = commit(clone, fetched(clone, {NEXT: "[2]\n", DAY: "[1, 1]\n"}))
    assert run.returncode == 0, run.stderr
    assert (read(origin, NEXT), read(origin, DAY)) == ("[2]\n", "[1, 1]\n")
    assert git(clone, "rev-parse", "HEAD") == git(origin, "rev-parse", "main")
    subject, name = git(origin, "log", "-1", "--format=%s%n%an").splitlines()
    assert re.fullmatch(r"data: snapshots for \d{4}-\d\d-\d\d", subject)
    assert name == "github-actions[bot]"


def test_unchanged_data_makes_no_commit(origin: Path, clone: Path) -> None:
    run = commit(clone, fetched(clone, {}))
    assert (run.returncode, run.stdout) == (0, "Nothing new to commit.\n")
    assert count(origin) == 1


def test_a_new_status_alone_is_committed(origin: Path, clone: Path) -> None:
    new = status("2026-11-20T02:40:00Z")
    run = commit(clone, fetched(clone, {"data/status.json": new}))
    assert run.returncode == 0, run.stderr
    assert read(origin, "data/status.json") == new


def test_a_push_that_came_first_is_kept(origin: Path, clone: Path, tmp_path: Path) -> None:
    folder = fetched(clone, {NEXT: "[2]\n"})
    push(origin, tmp_path / "other", {"leaderboard.py": "code\n", "data/README.md": "New terms\n"})
    run = commit(clone, folder)
    assert run.returncode == 0, run.stderr
    assert read(origin, NEXT) == "[2]\n"
    assert read(origin, "leaderboard.py") == "code\n"
    assert read(origin, "data/README.md") == "New terms\n"


def test_a_file_another_run_changed_stays_as_it_left_it(
    origin: Path, clone: Path, tmp_path: Path
) -> None:
    folder = fetched(clone, {NEXT: "[2]\n", DAY: "[mine]\n"})
    push(origin, tmp_path / "other", {DAY: "[theirs]\n"})
    run = commit(clone, folder)
    assert (run.returncode, f"{DAY} was changed by another run" in run.stdout) == (0, True)
    assert (read(origin, DAY), read(origin, NEXT)) == ("[theirs]\n", "[2]\n")


def test_what_is_missing_from_a_fetch_is_not_deleted(origin: Path, clone: Path) -> None:
    folder = fetched(clone, {NEXT: "[2]\n"})
    (folder.parent / DAY).unlink()
    assert commit(clone, folder).returncode == 0
    assert (read(origin, DAY), read(origin, NEXT)) == ("[1]\n", "[2]\n")


@pytest.mark.parametrize(
    "name",
    [
        "data/README.md",
        "data/aliases.toml",
        "data/accepted.json",
        "data/vercel/models/notes.toml",
        "data/vercel/models/a\n2026-11-19.json",
    ],
)
def test_a_fetch_cannot_change_what_people_reviewed(origin: Path, clone: Path, name: str) -> None:
    run = commit(clone, fetched(clone, {name: "changed\n", NEXT: "[2]\n"}))
    assert run.returncode == 1
    assert "is not a fetch's to change; nothing was committed" in run.stderr
    assert count(origin) == 1


def test_a_link_is_refused(origin: Path, clone: Path) -> None:
    folder = fetched(clone, {})
    (folder / "vercel" / "models" / "2026-11-19.json").symlink_to("/etc/passwd")
    run = commit(clone, folder)
    assert run.returncode == 1
    assert "neither a file nor a folder" in run.stderr
    assert count(origin) == 1


def test_it_gives_up_after_five_refused_pushes(origin: Path, clone: Path) -> None:
    log = origin / "tries"
    hook = origin / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho try >>{log}\nexit 1\n")
    hook.chmod(0o755)
    run = commit(clone, fetched(clone, {NEXT: "[2]\n"}))
    assert run.returncode == 1
    assert run.stderr.endswith(
        "gave up after 5 tries; nothing was pushed, the next run tries again\n"
    )
    assert log.read_text() == "try\n" * 5
    assert count(origin) == 1


def test_twelve_at_once_land_or_yield(origin: Path, tmp_path: Path) -> None:
    clones = [check_out(origin, tmp_path / f"clone-{n}") for n in range(12)]
    own = [f"data/zenmux/board-{n}/2026-11-19.json" for n in range(12)]
    folders = [
        fetched(
            clone,
            {
                own[n]: f"[{n}]\n" * 200,
                NEXT: f"[{n}]\n" * 200,
                "data/status.json": status("2026-11-20T02:40:00Z", error=f"run {n}"),
            },
        )
        for n, clone in enumerate(clones)
    ]
    with ThreadPoolExecutor(12) as pool:
        runs = list(pool.map(commit, clones, folders))
    landed = [n for n, run in enumerate(runs) if run.returncode == 0]
    assert landed
    assert count(origin) == 1 + len(landed)
    assert git(origin, "rev-list", "--merges", "main") == ""
    files = set(git(origin, "ls-tree", "-r", "--name-only", "main").splitlines())
    for n, run in enumerate(runs):
        assert (own[n] in files) == (n in landed)
        if n not in landed:
            assert "gave up after 5 tries" in run.stderr
    # The file that all twelve brought is one run's, whole.
    assert read(origin, NEXT) in {f"[{n}]\n" * 200 for n in landed}
    assert git(origin, "fsck", "--full", "--strict", "--no-dangling") == ""
    for clone in clones:
        assert git(clone, "status", "--porcelain") == ""


class Recorder(http.server.ThreadingHTTPServer):
    """A server that has nothing and notes what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.authorizations: list[str | None] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Answer(http.server.BaseHTTPRequestHandler):
    server: Recorder

    def do_GET(self) -> None:
        self.server.authorizations.append(self.headers["Authorization"])
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def test_the_token_goes_to_the_named_server_alone(origin: Path, tmp_path: Path) -> None:
    secret = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    with Recorder() as github, Recorder() as other:

        def push_to(server: Recorder) -> None:
            clone = check_out(origin, tmp_path / f"clone-{server.server_port}")
            folder = fetched(clone, {NEXT: "[2]\n"})
            git(clone, "remote", "set-url", "origin", f"{server.url}/a.git")
            run = commit(
                clone,
                folder,
                GITHUB_TOKEN=TOKEN,
                GITHUB_SERVER_URL=github.url,
                no_proxy="127.0.0.1",
            )
            assert run.returncode == 1
            for leak in (TOKEN, secret):
                assert leak not in run.stdout + run.stderr
                assert leak not in (clone / ".git" / "config").read_text()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(push_to, (github, other)))
        github.shutdown()
        other.shutdown()
    assert set(github.authorizations) == {f"basic {secret}"}
    assert set(other.authorizations) == {None}
