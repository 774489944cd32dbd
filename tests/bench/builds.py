"""Measure builds: against their floor, one processor, one day later, nothing new, more years."""

import datetime as dt
import json
import math
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from leaderboard.simulator import Simulator
from tests.bench import histories
from tests.bench.histories import TODAY, clock
from tests.bench.measuring import (
    ROOT,
    Measure,
    Run,
    at_least,
    at_most,
    note,
    skipped,
    told,
    watched,
)

YESTERDAY = TODAY - dt.timedelta(days=1)
OPENROUTER_A_MINUTE = 30


def build(
    data: Path, out: Path, cache: Path, *, now: str | None = None, cpus: set[int] | None = None
) -> Run:
    options = ["--demo", "--no-fetch", "--data", data, "--out", out, "--cache", cache]
    return watched([sys.executable, "build.py", *options, "--now", now or clock()], cpus=cpus)


def cold(data: Path, work: Path, **more: object) -> Run:
    """Build with nothing kept and nothing there."""
    for name in ("site", "cache"):
        shutil.rmtree(work / name, ignore_errors=True)
    return build(data, work / "site", work / "cache", **more)  # type: ignore[arg-type]


def start(runs: int = 15) -> Iterator[Measure]:
    """Measure how long it takes until the command answers."""
    note("start")
    bare, answer = [], []
    for _ in range(runs):
        bare.append(_seconds([sys.executable, "-c", "pass"]))
        answer.append(_seconds([sys.executable, "build.py", "--help"]))
    yield at_most("start: build.py --help / bare interpreter", min(answer) / min(bare), 3)


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def full(data: Path, work: Path, times: int) -> Iterator[Measure]:
    """Measure the full build beside its floor, each *times* times, and take the best of each."""
    note("full build and its floor")
    floors: list[dict[str, float]] = []
    runs: list[Run] = []
    for _ in range(times):
        runs.append(cold(data, work))
        parts = watched([sys.executable, "-m", "tests.bench.floor", data, work]).output
        floors.append(json.loads(parts.splitlines()[-1]))
        # A site that stands would not be built again, and nothing of it seen.
        for name in ("raw", "floor-site"):
            shutil.rmtree(work / name, ignore_errors=True)
    best = min(runs, key=lambda run: run.wall_s)
    parts_of = ("reading", "printing", "drawing", "writing")
    floor = {name: min(one[name] for one in floors) for name in parts_of}
    yield told("full build", best.wall_s, "s")
    yield told("full build, processor time", best.cpu_s, "s")
    for name in parts_of:
        yield told(f"floor: {name}", floor[name], "s")
    for name in ("pages", "drawings", "files"):
        yield told(f"full build: {name}", floors[0][name], name)
    yield at_most("full build / floor", best.wall_s / sum(floor.values()), 1.2)
    # Other load on the machine lengthens both, but not alike; processor time it hardly does.
    processor = min(run.cpu_s for run in runs) / min(one["processor"] for one in floors)
    yield told("full build / floor, processor time", processor, "×")
    yield at_most("full build: peak memory", max(run.peak_mb for run in runs), 900, "MB")
    note("full build on one processor")
    one = cold(data, work, cpus={0})
    yield at_least("full build: one processor / all", one.wall_s / best.wall_s, 1.3)
    yield from _unchanged(data, work, best)


def _unchanged(data: Path, work: Path, whole: Run) -> Iterator[Measure]:
    note("build with nothing new")
    site = work / "site"
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    run = min(
        (build(data, site, work / "cache", now=clock(hour=10 + i)) for i in range(3)),
        key=lambda run: run.wall_s,
    )
    after = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    yield at_most("no-change build / full", run.wall_s / whole.wall_s, 0.08)
    rewritten = sum(after.get(path) != moment for path, moment in before.items())
    yield at_most("no-change build: files rewritten", rewritten, 0, "files")
    retouched = build(data, work / "again", work / "cache")
    yield told("rebuild with all drawings kept / full", retouched.wall_s / whole.wall_s, "×")


def daily(work: Path) -> Iterator[Measure]:
    """Measure the build of one new day, on the site and the cache of the day before."""
    note("daily build")
    data = histories.simulated(work / "daily", YESTERDAY)
    whole = build(data, work / "day", work / "day-cache", now=clock(YESTERDAY))
    with Simulator(today=TODAY, limits={"openrouter": OPENROUTER_A_MINUTE}) as simulator:
        # A list that moved too much in one day is refused and told: its day is missing, as it
        # would be at a real gateway.
        _fetch(simulator, data, may_fail=True)
        asked = sum(r.path.startswith("/openrouter/") for r in simulator.requests)
    run = build(data, work / "day", work / "day-cache")
    drawn, all_drawn = _drawn(run), _drawn(whole)
    yield at_most("daily build / full", run.wall_s / whole.wall_s, 0.7)
    yield told("daily build / full, processor time", run.cpu_s / whole.cpu_s, "×")
    yield told("daily build: drawings made anew", drawn, f"of {all_drawn:,}")
    yield at_most("fetch: OpenRouter requests of a daily run", asked, 40, "requests")


def _drawn(run: Run) -> int:
    found = re.search(r"([\d,]+) drawings made anew", run.output)
    if found is None:
        raise RuntimeError(f"the build did not say what it drew: {run.output[-500:]}")
    return int(found[1].replace(",", ""))


def growth(data: Path, work: Path, years: tuple[int, ...]) -> Iterator[Measure]:
    """Measure full builds of more and more history."""
    runs: list[Run] = []
    sizes: list[int] = []
    largest: list[int] = []
    for count in years:
        note(f"growth: {count} year{'s' if count > 1 else ''}")
        stretched = histories.of_years(data, work / f"years-{count}", count)
        sizes.append(histories.rows(stretched))
        runs.append(cold(stretched, work))
        largest.append(_largest_svg(work / "site"))
        yield told(f"growth: {count} y, full build", runs[-1].wall_s, "s")
        yield told(f"growth: {count} y, rows", sizes[-1], "rows")
        yield told(f"growth: {count} y, peak memory", runs[-1].peak_mb, "MB")
        shutil.rmtree(stretched)
    span = f"{years[0]} to {years[-1]} y"
    slope = _slope(sizes, [run.wall_s for run in runs])
    yield at_most(f"growth: exponent of time over rows, {span}", slope, 1.05, "")
    slope = _slope(sizes, [run.cpu_s for run in runs])
    yield told(f"growth: exponent of processor time over rows, {span}", slope, "")
    yield at_most(f"growth: memory, {span}", runs[-1].peak_mb / runs[0].peak_mb, 1.5)
    yield at_most(f"growth: largest SVG, {span}", largest[-1] / largest[0], 1.1)


def _slope(sizes: list[int], times: list[float]) -> float:
    logs = [math.log(size) for size in sizes]
    return statistics.linear_regression(logs, [math.log(spent) for spent in times]).slope


def _largest_svg(site: Path) -> int:
    return max(
        len(svg)
        for path in site.rglob("index.html")
        for svg in re.findall(rb"<svg xmlns.*?</svg>", path.read_bytes(), re.DOTALL)
    )


def fetching(work: Path, *, is_quick: bool) -> Iterator[Measure]:
    """Measure fetching under OpenRouter's own rate limit, which the simulator enforces."""
    if is_quick:
        yield skipped("fetch: backfill's rate / rate allowed", "not in the quick bench")
        return
    note("fetch: all history, at the pace that is allowed")
    with Simulator(today=TODAY, limits={"openrouter": OPENROUTER_A_MINUTE}) as simulator:
        arrivals: list[float] = []
        done = threading.Event()

        def look() -> None:
            while not done.wait(0.1):
                held = sum(r.path.startswith("/openrouter/") for r in list(simulator.requests))
                arrivals.extend([time.monotonic()] * (held - len(arrivals)))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            _fetch(simulator, work / "backfilled", "--backfill")
        finally:
            done.set()
            thread.join()
    minutes = (arrivals[-1] - arrivals[0]) // 60
    if minutes:
        within = sum(moment < arrivals[0] + 60 * minutes for moment in arrivals)
        rate = within / minutes / OPENROUTER_A_MINUTE
        yield at_least("fetch: backfill's rate / rate allowed", rate, 0.9)


def _fetch(simulator: Simulator, data: Path, *more: str, may_fail: bool = False) -> Run:
    options = ["--fetch-only", "--data", str(data), "--now", clock(), *more]
    command = [sys.executable, "build.py", *options]
    return watched(command, environ=simulator.environment, may_fail=may_fail)
