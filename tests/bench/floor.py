"""What a full build cannot do without, each part alone: reading, Jinja, vl-convert, writing.

``python -m tests.bench.floor DATA WORK`` builds the site once to learn which specs, contexts
and bytes there are, and then times, in one run:

- reading: every snapshot read and parsed by the standard library;
- printing: the same contexts through the same templates, compiled anew;
- drawing: the same specs through vl-convert, in as many processes as there are processors;
- writing: the same bytes to the same files.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import build
from leaderboard import site
from leaderboard.charts import drawing
from tests.bench.histories import clock
from tests.bench.measuring import ROOT


def main() -> None:
    """Print the seconds of each part as JSON."""
    data, work = map(Path, sys.argv[1:3])
    specs, pages, files = recorded(data, work)
    before = os.times()
    parts = {
        "reading": timed(lambda: read(data)),
        "printing": timed(lambda: printed(pages)),
        "drawing": drawn(specs, work),
        "writing": timed(lambda: written(files, work / "raw")),
    }
    spent = sum(os.times()[:4]) - sum(before[:4])
    counts = {"drawings": len(specs), "pages": len(pages), "files": len(files)}
    print(json.dumps({**parts, **counts, "processor": spent}))


def recorded(data: Path, work: Path) -> tuple[list[str], list[Any], dict[str, bytes]]:
    """Build the site and keep what was drawn, printed and written."""
    specs: dict[str, str] = {}
    pages: list[Any] = []
    files: dict[str, bytes] = {}
    have, print_one, write_one = drawing.Studio._have, site._printed, site._written

    def having(self: Any, form: Any, spec: Any, **more: Any) -> Any:
        scale = more.get("scale", 1.0)
        line = json.dumps([form, scale, spec])
        specs[line] = line
        return have(self, form, spec, **more)

    def printing(environment: Any, page: Any, base_url: str) -> Any:
        pages.append((environment, page, base_url))
        return print_one(environment, page, base_url)

    def writing(root: Path, document: Any) -> Any:
        files[document.path] = document.body
        return write_one(root, document)

    with (
        mock.patch.object(drawing.Studio, "_have", having),
        mock.patch.object(site, "_printed", printing),
        mock.patch.object(site, "_written", writing),
    ):
        options = ["--demo", "--no-fetch", "--data", str(data), "--out", str(work / "floor-site")]
        if build.main([*options, "--cache", str(work / "cache"), "--now", clock()]):
            raise SystemExit("the site could not be built")
    if not (specs and pages and files):
        raise SystemExit("nothing was built")
    return list(specs), pages, files


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def read(data: Path) -> None:
    for path in data.rglob("*.json"):
        json.loads(path.read_bytes())


def printed(pages: list[Any]) -> None:
    for environment, _, _ in pages[:1]:
        environment.cache.clear()
    for environment, page, base_url in pages:
        site._printed(environment, page, base_url)


def written(files: dict[str, bytes], root: Path) -> None:
    for name, body in files.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)


def drawn(specs: list[str], work: Path) -> float:
    count = build.processors()
    for part in range(count):
        (work / f"specs-{part}").write_text("\n".join(specs[part::count]))
    began = time.perf_counter()
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.raw", str(work / f"specs-{part}")],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        for part in range(count)
    ]
    codes = [process.wait() for process in started]
    if any(codes):
        raise SystemExit("vl-convert failed")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
