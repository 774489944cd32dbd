"""A run that dies, or meets a full or broken disk, at any write: nothing is torn, all heals."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leaderboard.snapshots import Store
from tests.crashing import Point

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = 1 if os.environ.get("TORTURE") else 28
"""Every n-th strike is tried; all of them in the long run."""
STRIKES = ("signal=KILL", "error=ENOSPC", "error=EIO")


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Runner:
    """The process that is struck over and over, loaded once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crashing", str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def start(self) -> None:
        """Wait until it is loaded and has counted its write points."""
        first = self._read()
        self.problem: str = first["problem"]
        self.points = [Point(call=call, nth=nth) for call, nth in first["points"]]

    def ask(self, **asked: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: apt-get install strace")
    made = Runner(tmp_path_factory.mktemp("struck"))
    try:
        made.start()
        if made.problem:
            pytest.skip(f"strace cannot follow a process here: {made.problem}")
        yield made
    finally:
        made.close()


def test_a_run_has_at_least_150_write_points(runner: Runner) -> None:
    assert len(runner.points) >= 150
    assert {"openat", "write", "fsync", "rename", "mkdir"} <= {p.call for p in runner.points}
    assert any(p.call == "renameat2" for p in runner.points)


@pytest.mark.parametrize("strike", STRIKES)
def test_struck_at_any_write_point_old_or_new_stands_whole_and_the_next_run_heals(
    runner: Runner, strike: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tree(runner.folder / "old"), tree(runner.folder / "new")
    sites = [{k: v for k, v in g.items() if k.startswith("site/")} for g in (old, new)]
    assert sites[0] != sites[1]
    assert len(sites[0]) > 20
    struck = [*enumerate(runner.points)][STRIKES.index(strike) :: SAMPLE]
    outcomes = {"old": 0, "new": 0}
    for number, point in struck:
        where = runner.folder / f"{strike}-{number}"
        done = runner.ask(where=str(where), strike=f"{point.call}:{strike}:when={point.nth}")
        assert "attached" in done["told"], done
        if strike == "signal=KILL":
            assert done["status"] == -9, point
        else:
            # Only what is cleared away after the new site stands may fail without a word.
            assert done["status"] == 2 or tree(where / "site") == tree(runner.folder / "new/site")
        found = tree(where)
        site = {name: digest for name, digest in found.items() if name.startswith("site/")}
        assert site in sites, (point, "a mix of two generations")
        outcomes["new" if site == sites[1] else "old"] += 1
        for name, digest in found.items():
            if name.startswith("data/") and "/." not in name:
                assert digest in (old.get(name), new.get(name)), (point, name)
        Store(where / "data").load("openrouter", "rankings-daily")  # raises where one is torn

        assert runner.ask(where=str(where)) == {"status": 0}
        assert tree(where) == new, point
        assert sorted(path.name for path in where.iterdir()) == ["data", "site"], point
        shutil.rmtree(where)
    assert sum(outcomes.values()) == len(struck)
    assert outcomes["old"] > 0
    with capsys.disabled():
        if os.environ.get("TORTURE"):
            print(f"\n{strike}: {len(struck)} of {len(runner.points)} write points: {outcomes}")
