"""Measures, the table they are printed in, and processes watched while they run."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PROBE_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One line: a figure and what it should be. Without a value it was left out, as *goal* says."""

    name: str
    value: float | None
    unit: str
    goal: str
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A process that ended: its time, that of all its processors, its peak memory."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    output: str


def at_most(name: str, value: float, most: float, unit: str = "×") -> Measure:
    return Measure(name=name, value=value, unit=unit, goal=f"≤ {most:g}", met=value <= most)


def at_least(name: str, value: float, least: float, unit: str = "×") -> Measure:
    return Measure(name=name, value=value, unit=unit, goal=f"≥ {least:g}", met=value >= least)


def told(name: str, value: float, unit: str) -> Measure:
    """Give a figure that has no goal: it is there to be read."""
    return Measure(name=name, value=value, unit=unit, goal="", met=None)


def skipped(name: str, why: str) -> Measure:
    return Measure(name=name, value=None, unit="", goal=f"skipped: {why}", met=None)


def watched(
    command: Sequence[str | Path],
    *,
    cpus: set[int] | None = None,
    cwd: Path = ROOT,
    environ: Mapping[str, str] | None = None,
    may_fail: bool = False,
) -> Run:
    """Run a command; *cpus* confines it and all that it starts to these processors.

    Memory is the proportional set size of all its processes together: what they share counts
    once. Raises `RuntimeError` with the command's own words where it fails.
    """

    def confine() -> None:
        if cpus is not None:
            os.sched_setaffinity(0, cpus)

    before = os.times()
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=confine,
    )
    peak = _Peak(process.pid)
    output, _ = process.communicate()
    wall = time.perf_counter() - began
    peak.stop()
    after = os.times()
    if process.returncode and not may_fail:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{output[-2000:]}")
    spent = after.children_user + after.children_system
    return Run(
        wall_s=wall,
        cpu_s=spent - before.children_user - before.children_system,
        peak_mb=peak.mb,
        output=output,
    )


class _Peak:
    """The most memory that a process and all below it had, looked at again and again."""

    def __init__(self, pid: int) -> None:
        self.mb = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(pid,))
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self, pid: int) -> None:
        while not self._done.wait(_PROBE_S):
            self.mb = max(self.mb, sum(map(_pss_mb, _tree(pid))))


def _tree(pid: int) -> Iterable[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:
            continue
        for child in found:
            yield from _tree(int(child))


def _pss_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass  # it has ended
    return 0.0


def table(measures: Sequence[Measure]) -> str:
    """Print measures for a person."""
    rows = [("measure", "value", "", "goal", "")]
    for one in measures:
        met = {True: "met", False: "not met", None: ""}[one.met]
        value = "" if one.value is None else f"{one.value:,.4g}"
        rows.append((one.name, value, one.unit, one.goal, met))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}} {row[2]:<{widths[2]}}  "
        f"{row[3]:<{widths[3]}}  {row[4]}".rstrip()
        for row in rows
    )


def write(measures: Sequence[Measure], path: Path) -> None:
    path.write_text(json.dumps([asdict(one) for one in measures], indent=1) + "\n")


def note(text: str) -> None:
    """Say on standard error what is being measured, because it takes long."""
    print(text, file=sys.stderr, flush=True)
