"""One source fails, in each of six ways: it stays as it was, and the others are fresh."""

import argparse
import asyncio
import datetime as dt
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import build
from leaderboard.console import Voice
from leaderboard.simulator import FAULTS, Fault, Simulator, damage, mutated
from leaderboard.snapshots import Store
from leaderboard.sources import SOURCES
from leaderboard.status import load
from tests import specimens
from tests.fetching import NOW

LATER = NOW + dt.timedelta(hours=6)


def shrunk(body: Any) -> None:
    """Leave every third row of what is valid otherwise, ranks in order."""
    found = damage.rows(body)
    found[:] = [row for number, row in enumerate(found) if number % 3 == 0]
    seen: dict[object, int] = {}
    for row in found:
        if "rank" in row:
            group = row.get("ranked_by")
            row["rank"] = seen[group] = seen.get(group, 0) + 1


MODES: dict[str, Fault] = {
    "timeout": FAULTS["slow-headers"],
    "500": FAULTS["status-500"],
    "HTML": FAULTS["html"],
    "empty": FAULTS["empty-rows"],
    "schema": FAULTS["renamed-field"],
    "jump": mutated(shrunk),
}
FAILING = {
    "openrouter": ("rankings-daily", "/openrouter/api/v1/datasets/rankings-daily"),
    "vercel": ("apps", "/vercel/api/ai/leaderboard-export?dataset=apps"),
    "zenmux": ("leaderboard-tokens-30d", "/zenmux/"),
}
CASES = [
    pytest.param(source, mode, id=f"{source}-{mode}")
    for n, mode in enumerate(MODES)
    for m, source in enumerate(FAILING)
    # All eighteen in the long run; else each way once, and nobody waits for a time limit.
    if os.environ.get("TORTURE") or (n % 3 == m and mode != "timeout")
]


def run(gateways: Simulator, data: Path, now: dt.datetime) -> int:
    """Fetch everything as the command does, without the pauses that real gateways ask for."""
    options = argparse.Namespace(demo=True, now=now, backfill=False, source=None)
    edition = specimens.edition(built_at=now)
    return asyncio.run(build.fetch(options, edition, gateways.environment, Store(data), Voice()))


def sums(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.json")
    }


@pytest.fixture(scope="module")
def fetched(_gateways: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    _gateways.clear()
    data = tmp_path_factory.mktemp("partial") / "data"
    assert run(_gateways, data, NOW) == 0
    return data


@pytest.mark.parametrize(("source", "mode"), CASES)
def test_what_fails_keeps_its_last_data_and_the_others_are_fresh(
    gateways: Simulator,
    fetched: Path,
    tmp_path: Path,
    source: str,
    mode: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "data"
    shutil.copytree(fetched, data)
    dataset, prefix = FAILING[source]
    gateways.fail(prefix, MODES[mode])
    assert run(gateways, data, LATER) >= 1
    statuses = load(data)
    for (name, _), status in statuses.items():
        if name != source:
            assert (status.error, status.last_success) == (None, LATER)
    failed = statuses[source, dataset]
    assert failed.error
    assert failed.last_success == NOW
    assert failed.data_through == load(fetched)[source, dataset].data_through
    assert sums(data / source / dataset) == sums(fetched / source / dataset)
    told = capsys.readouterr().err
    assert f"{dataset} failed" in told
    assert "stays on the site" in told
    assert "Traceback" not in told


def test_there_are_eighteen_ways() -> None:
    assert len(MODES) * len(FAILING) == 18
    assert {source.ID for source in SOURCES} == FAILING.keys()
