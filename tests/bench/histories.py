"""Data to build from: the simulator's own, a day later, and stretched over more years."""

import datetime as dt
import re
import shutil
import sys
from pathlib import Path

from tests.bench.measuring import watched

TODAY = dt.date(2026, 11, 20)
_DAY = re.compile(rb'"(\d{4}-\d{2}-\d{2})"')


def clock(today: dt.date = TODAY, hour: int = 9) -> str:
    return f"{today}T{hour:02}:00:00Z"


def simulated(data: Path, today: dt.date = TODAY) -> Path:
    """Fetch all history that the simulated gateways give on a day; a later day adds to it."""
    options = ["--demo", "--fetch-only", "--data", data, "--now", clock(today)]
    watched([sys.executable, "build.py", *options])
    return data


def rows(data: Path) -> int:
    """Count the rows of all snapshots: each stands on a line of its own."""
    return sum(path.read_bytes().count(b"\n  {") for path in data.rglob("*.json"))


def of_years(data: Path, target: Path, years: int) -> Path:
    """Copy the newest *years* of daily history; older days are made from the newest year's.

    A day's file is taken as it is but for its date, so what is added is as varied as what is
    there.
    """
    wanted = 365 * years
    for folder in sorted(path for path in data.rglob("*") if path.is_dir()):
        files = {path.stem: path for path in folder.glob("????-??-??.json")}
        place = target / folder.relative_to(data)
        place.mkdir(parents=True, exist_ok=True)
        if len(files) < 60:  # lists, of which there is one a window or month
            for path in files.values():
                shutil.copy(path, place)
            continue
        newest = dt.date.fromisoformat(max(files))
        period = min(len(files), 365)
        for back in range(wanted):
            date = newest - dt.timedelta(days=back)
            source = files.get((newest - dt.timedelta(days=back % period)).isoformat())
            if source is not None:
                body = _dated(source.read_bytes(), source.stem, date.isoformat())
                (place / f"{date}.json").write_bytes(body)
    for path in [*data.glob("*.*"), *(data / "catalog").glob("*.json")]:
        place = target / path.relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    return target


def _dated(body: bytes, old: str, new: str) -> bytes:
    return _DAY.sub(
        lambda m: b'"%s"' % (new if m[1].decode() == old else m[1].decode()).encode(), body
    )
