"""Runs that are struck at one system call: killed, out of space, or told of a broken disk.

``python -m tests.crashing FOLDER`` loads everything once and then, for each line it reads
(JSON: *where*, *strike*), forks a child that saves snapshots and renders the site of *where*,
with strace striking the child's n-th call of a kind. It answers each line with the child's
exit status, and whether it was struck.
"""

import ctypes
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

NOW: Final = "2026-11-20T03:00:00Z"
# The question mark: where this system and this strace know the call.
CALLS: Final = (
    "openat,write,fsync,?rename,?renameat,renameat2,?mkdir,mkdirat,?unlink,unlinkat,?rmdir,"
    "?chmod,fchmod,fchmodat,?fchmodat2,ftruncate"
)
_PR_SET_PTRACER: Final = 0x59616D61
_SOURCE: Final = "openrouter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One call that writes: the *nth* of its kind (*call*) that a run makes."""

    call: str
    nth: int


def generation(number: int) -> Iterator[object]:
    """Give what a source sent for the first, and then for the second, generation."""
    from leaderboard.records import Citation, Published
    from leaderboard.snapshots import Observation

    moment = dt.datetime(2026, 11, 18 + number, 2, tzinfo=dt.UTC)
    words = f"Source: OpenRouter (openrouter.ai/rankings), as of {moment:%Y-%m-%dT%H:%M:%SZ}."
    for back in range(4 + number):
        date = dt.date(2026, 11, 17 + number) - dt.timedelta(days=back)
        restated = number == 2 and back < 3
        yield Observation(
            source=_SOURCE,
            dataset="rankings-daily",
            date=date,
            citation=Citation(
                text=words,
                notice=f"{words} Licensed under CC BY 4.0.",
                url="https://openrouter.ai/rankings",
                license="CC-BY-4.0",
                license_url="https://creativecommons.org/licenses/by/4.0/",
            ),
            url="https://openrouter.ai/api/v1/datasets/rankings-daily",
            published=Published(retrieved_at=moment, as_of=f"{moment:%Y-%m-%dT%H:%M:%SZ}"),
            window=None,
            key=("model_permaslug",),
            figures=("total_tokens",),
            rows=[
                {
                    "date": str(date),
                    "model_permaslug": f"lab-{n}/model-{n}",
                    "total_tokens": str(10**9 * (9 - n) + 7 * restated),
                }
                for n in range(6)
            ],
        )


def run(where: Path, number: int) -> int:
    """Do what a run does between the gateways' answers and a published site."""
    import build
    from leaderboard import status
    from leaderboard.console import Tally
    from leaderboard.snapshots import Store, sweep
    from leaderboard.sources import SOURCES, Fetched

    now = dt.datetime(2026, 11, 18 + number, 3, tzinfo=dt.UTC)
    data, out = where / "data", where / "site"
    try:
        sweep(data)
        store = Store(data)
        (source,) = (one for one in SOURCES if one.ID == _SOURCE)
        models = [
            {"id": f"lab-{n}/model-{n}", "canonical_slug": f"lab-{n}/model-{n}", "name": f"M {n}"}
            for n in range(4 + number)
        ]
        for fetched in (Fetched(observations=list(generation(number))), Fetched(catalogue=models)):
            build.save(source, fetched, store, now, Tally(name="OpenRouter"))
        through = max(store.load(_SOURCE, "rankings-daily"))
        found = status.after_attempt(
            None,
            source=_SOURCE,
            dataset="rankings-daily",
            attempted=now,
            error=None,
            needs_key=None,
            through=through,
        )
        status.save(data, [found])
    except OSError as error:
        print(f"crashing: {error}", file=sys.stderr)
        return 2
    options = ["--no-fetch", "--data", str(data), "--out", str(out)]
    return build.main([*options, "--now", now.isoformat()])


def write_points(log: str, folder: Path) -> list[Point]:
    """Read from strace's log which calls write under *folder*."""
    counts: dict[str, int] = {}
    points = []
    for line in log.splitlines():
        if (match := re.match(r"(?:\d+ +)?(\w+)\(", line)) is None:
            continue
        call = match[1]
        counts[call] = counts.get(call, 0) + 1
        reads = call == "openat" and not re.search(r"O_CREAT|O_WRONLY|O_RDWR", line)
        if str(folder) in line and not reads:
            points.append(Point(call=call, nth=counts[call]))
    return points


def _traced(where: Path, options: list[str]) -> tuple[int, str]:
    """Run the second generation in a child under strace; give its status and strace's words."""
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.close(go)
            # Where the system asks for it: let strace, which is no ancestor, attach.
            ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            os.read(ready, 1)
            code = run(where, 2)
        finally:
            os._exit(code)
    os.close(ready)
    tracer = subprocess.Popen(
        ["strace", "-p", str(child), *options],
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert tracer.stderr is not None
    told = tracer.stderr.readline()
    if "attached" not in told:
        told += tracer.stderr.read()
    os.write(go, b"!")
    os.close(go)
    _, ended = os.waitpid(child, 0)
    told += tracer.stderr.read()
    tracer.wait()
    return os.waitstatus_to_exitcode(ended), told


def reference(where: Path) -> tuple[list[Point], str]:
    """Trace a run that nothing strikes; give its write points, or why it cannot be traced."""
    log = where.parent / "calls"
    options = ["-y", "-s", "0", "-e", f"trace={CALLS}", "-o", str(log)]
    status, told = _traced(where, options)
    if "attached" not in told or status != 0:
        return [], told or f"exit status {status}"
    return write_points(log.read_text(), where), ""


def main(folder: Path, answers: IO[str]) -> None:
    """Answer lines: first the write points, then for each strike what became of the child."""

    def answer(found: Mapping[str, object]) -> None:
        answers.write(json.dumps(found) + "\n")
        answers.flush()

    old = folder / "old"
    for where, number in ((folder / "new", 1), (folder / "new", 2), (old, 1)):
        assert run(where, number) == 0
    shutil.copytree(old, folder / "traced")
    points, problem = reference(folder / "traced")
    answer({"problem": problem, "points": [[p.call, p.nth] for p in points]})
    for line in sys.stdin:
        answer(_outcome(json.loads(line), old))


def _outcome(asked: Mapping[str, str], old: Path) -> dict[str, object]:
    where = Path(asked["where"])
    if "strike" not in asked:
        return {"status": run(where, 2)}
    shutil.copytree(old, where)
    trace = asked["strike"].split(":")[0]
    status, told = _traced(
        where, ["-e", f"trace={trace}", "-o", os.devnull, "-e", f"inject={asked['strike']}"]
    )
    return {"status": status, "told": told}


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # what a run prints must not get between the answers
        main(Path(sys.argv[1]), answers)
