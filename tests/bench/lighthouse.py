"""Lighthouse's own marks for a view page and the home page, as on a phone."""

import json
import os
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.bench import builds
from tests.bench.loads import VIEW
from tests.bench.measuring import Measure, at_least, note, skipped
from tests.bench.peers import Unavailable, npm
from tests.bench.serving import served

PAGES = {"view page": f"{VIEW}/", "home page": ""}
_FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --disable-background-networking"


def measures(data: Path, work: Path, times: int) -> Iterator[Measure]:
    """Let Lighthouse look at each page *times* times; give the median of each category."""
    try:
        command = npm("lighthouse", "lighthouse@12.8.2") / ".bin/lighthouse"
    except (Unavailable, OSError, subprocess.SubprocessError) as error:
        yield skipped("Lighthouse", str(error))
        return
    if not (work / "site" / VIEW).exists():
        builds.cold(data, work)
    note("Lighthouse")
    with served(work / "site", as_listed=True) as root:
        for name, path in PAGES.items():
            marks = [_marks(command, f"{root}{path}") for _ in range(times)]
            for category in marks[0]:
                middle = statistics.median(mark[category] for mark in marks)
                yield at_least(f"Lighthouse mobile, {name}: {category}", middle, 95, "of 100")


def _marks(command: Path, address: str) -> dict[str, float]:
    done = subprocess.run(
        [command, address, "--quiet", "--output=json", f"--chrome-flags={_FLAGS}"],
        env={**os.environ, "CHROME_PATH": os.environ.get("CHROMIUM", "/usr/bin/chromium")},
        capture_output=True,
        check=True,
        timeout=180,
    )
    categories = json.loads(done.stdout)["categories"]
    return {name: 100 * (one["score"] or 0) for name, one in categories.items()}
