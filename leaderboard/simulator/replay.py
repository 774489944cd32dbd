"""Recorded answers served in the place of the simulated world.

A folder holds ``openrouter/``, ``vercel/`` and ``zenmux/``. What a file is, its name's
beginning and its content say; which days it covers, its content alone. Where several files
cover a day, the one recorded last speaks for that day.
"""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from leaderboard.simulator import answers, exports, openrouter, tables, vercel, zenmux
from leaderboard.simulator.answers import Answer, Refused

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_RECORDED_AT: Final = "https://openrouter.ai/api/v1/datasets/exports/"


def _files(folder: Path, prefix: str, suffix: str = ".json") -> list[Path]:
    return sorted(p for p in folder.glob(f"{prefix}*{suffix}") if p.is_file())


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is no recorded JSON answer: {error}") from error


def _date_in(name: str) -> str:
    found = _DATE.findall(name)
    return found[-1] if found else ""


def _newest(paths: list[Path], today: dt.date | None = None) -> Path | None:
    """Choose the newest file not after *today*; where all are later, the earliest."""
    dated = sorted(paths, key=lambda path: (_date_in(path.name), path.name))
    known = [p for p in dated if today is None or _date_in(p.name) <= today.isoformat()]
    return known[-1] if known else next(iter(dated), None)


class Vercel:
    """Vercel's export from recorded rows."""

    def __init__(self, recorded: Path) -> None:
        self._folder = recorded / "vercel"
        self._days: dict[tuple[str, str], dict[str, vercel.Rows]] = {}
        self._lists: dict[str, vercel.Rows] = {}
        for dataset in ("models", "labs"):
            self._read_days(dataset)
        for dataset in ("apps", "providers"):
            if newest := _newest(_files(self._folder, f"{dataset}_")):
                self._lists[dataset] = _load(newest)["rows"]

    def _read_days(self, dataset: str) -> None:
        bodies = [(_load(path), path.name) for path in _files(self._folder, f"{dataset}_")]
        dated = [(b, n) for b, n in bodies if isinstance(b, dict) and "rows" in b]
        for body, name in sorted(dated, key=lambda pair: (str(pair[0].get("fetched_at")), pair[1])):
            found: defaultdict[tuple[str, str], vercel.Rows] = defaultdict(list)
            for row in body["rows"]:
                found[row.get("modality", name.split("_")[1]), row["date"]].append(row)
            for (modality, day), rows in found.items():
                self._days.setdefault((dataset, modality), {})[day] = rows

    def rows(self, asked: vercel.Export) -> vercel.Rows:
        """Give the recorded rows, untouched; a range without any is refused."""
        if asked.dataset in ("apps", "providers"):
            rows = self._lists.get(asked.dataset, [])
        else:
            days = self._days.get((asked.dataset, asked.modality), {})
            first = asked.start.isoformat() if asked.start else ""
            last = asked.end.isoformat() if asked.end else "9999"
            rows = [row for day in sorted(days) if first <= day <= last for row in days[day]]
        if not rows:
            raise Refused(400, "nothing was recorded for this request")
        return rows

    def catalogue(self) -> Any:
        """Give the recorded catalogue, if there is one."""
        newest = _newest(_files(self._folder, "catalog"))
        if newest is None:
            raise Refused(404)
        return _load(newest)


class OpenRouter:
    """OpenRouter's datasets and catalogue from recorded bodies."""

    def __init__(self, recorded: Path, today: dt.date) -> None:
        self._folder = recorded / "openrouter"
        self._today = today
        self._days: dict[str, list[dict[str, Any]]] = {}
        self._as_of: dict[str, str] = {}
        bodies = [_load(path) for path in _files(self._folder, "rankings-daily_")]
        for body in sorted(bodies, key=lambda body: str(body["meta"]["as_of"])):
            days: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
            for row in body["data"]:
                days[row["date"]].append(row)
            self._days |= days
            self._as_of |= dict.fromkeys(days, body["meta"]["as_of"])
        self._apps: dict[tuple[str, str | None, str, str], dict[int, dict[str, Any]]] = {}
        self._apps_meta: dict[tuple[str, str | None, str, str], dict[str, str]] = {}
        for path in _files(self._folder, "app-rankings_"):
            body = _load(path)
            meta = body["meta"]
            sort, tag = _app_list(path.stem)
            key = (sort, tag, meta["start_date"], meta["end_date"])
            self._apps.setdefault(key, {}).update({row["rank"]: row for row in body["data"]})
            self._apps_meta[key] = meta

    def rankings(self, asked: openrouter.Rankings) -> Any:
        """Give the recorded days of the window, with the recorded ``as_of``."""
        window = answers.days(asked.start, asked.end)
        days = [day.isoformat() for day in window if day.isoformat() in self._days]
        if not days or asked.filters or asked.period != "day":
            raise Refused(400)
        return {
            "data": [row for day in days for row in self._days[day]],
            "meta": openrouter.meta(asked, max(self._as_of[day] for day in days)),
        }

    def apps(self, asked: openrouter.AppRankings) -> Any:
        """Give the recorded list of exactly this sort, tag and window."""
        key = (asked.sort, asked.tag, asked.start.isoformat(), asked.end.isoformat())
        if key not in self._apps:
            raise Refused(404)
        first, last = asked.offset + 1, asked.offset + asked.limit
        rows = [row for rank, row in sorted(self._apps[key].items()) if first <= rank <= last]
        return {"data": rows, "meta": self._apps_meta[key]}

    def catalogue(self, query: Mapping[str, str]) -> Any:
        """Give the recorded catalogue whole, whatever was asked of it."""
        del query
        newest = _newest(_files(self._folder, "models_"), self._today)
        if newest is None:
            raise Refused(404)
        return _load(newest)


def _app_list(stem: str) -> tuple[str, str | None]:
    """Read sort and tag off a recording's name: ``…_trending_coding-cli-agent_…``."""
    words = stem.split("_")[1:]
    tags = [*tables.CATEGORIES, *(name for names in tables.CATEGORIES.values() for name in names)]
    found = [tag for tag in tags for word in words if word == tag or word.endswith(f"-{tag}")]
    return ("trending" if "trending" in words else "popular"), (found[-1] if found else None)


class Exports:
    """The keyless exports from recorded files; addresses rewritten, checksums left alone."""

    def __init__(self, recorded: Path) -> None:
        self._folder = recorded / "openrouter"

    def answer(self, name: str, base_url: str) -> Answer:
        """Answer for the file *name* below the exports' path."""
        if name == "index.json":
            path = _newest(_files(self._folder, "export-index"))
            form = "json"
        else:
            path, form = self._dated(name)
        if path is None:
            raise exports.missing()
        body = path.read_bytes()
        if form != "csv":
            body = body.replace(_RECORDED_AT.encode(), f"{base_url}{exports.PATH}".encode())
        return exports.published(body, form)

    def _dated(self, name: str) -> tuple[Path | None, str]:
        parts = re.fullmatch(r"([a-z-]+)/(latest|[\d-]{10})\.(csv|json|manifest\.json)", name)
        if parts is None:
            return None, "json"
        prefix = f"export-{parts[1]}_" + ("" if parts[2] == "latest" else parts[2])
        found = [
            path
            for path in _files(self._folder, prefix, f".{parts[3]}")
            if path.name.endswith(".manifest.json") == (parts[3] == "manifest.json")
        ]
        return _newest(found), parts[3].removeprefix("manifest.")


class ZenMux:
    """ZenMux's statistics and catalogue from recorded bodies."""

    def __init__(self, recorded: Path, today: dt.date) -> None:
        self._folder = recorded / "zenmux"
        self._today = today
        self._leaderboards: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._points: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}
        for path in _files(self._folder, "leaderboard_"):
            data = _load(path)["data"]
            key = (data["metric"], data["starting_at"], data["ending_at"])
            self._leaderboards[key] = data
        for prefix, of in (("timeseries_", "models"), ("market_share_", "authors")):
            paths = sorted(_files(self._folder, prefix), key=lambda path: _date_in(path.name))
            for path in paths:
                data = _load(path)["data"]
                series = self._points.setdefault((of, data["metric"], data["bucket_width"]), {})
                series.update({point["date"]: point for point in data["series"]})

    def leaderboard(self, asked: zenmux.Leaderboard) -> Any:
        """Give the recorded leaderboard of exactly these days, cut to the asked limit."""
        key = (asked.metric, asked.start.isoformat(), asked.end.isoformat())
        if key not in self._leaderboards:
            raise Refused(404)
        data = self._leaderboards[key]
        return {**data, "entries": _cut(data["entries"], asked.limit)}

    def series(self, asked: zenmux.Series) -> Any:
        """Give the recorded buckets of the window."""
        points = self._points.get((asked.of, asked.metric, asked.bucket_width), {})
        found = [points[day] for b in asked.buckets if (day := b.isoformat()) in points]
        if not found:
            raise Refused(404)
        return {
            **zenmux.echo(asked),
            "bucket_width": asked.bucket_width,
            "total_buckets": len(found),
            "series": [{**p, asked.of: _cut(p[asked.of], asked.limit)} for p in found],
        }

    def usage(self, asked: zenmux.Usage) -> Any:
        """Refuse: no recording of it is known."""
        del asked
        raise Refused(404)

    def catalogue(self) -> Any:
        """Give the recorded catalogue."""
        newest = _newest(_files(self._folder, "models_"), self._today)
        if newest is None:
            raise Refused(404)
        return _load(newest)


def _cut(entries: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Keep *limit* entries and fold the others into the rest; short lists stay as they are."""
    key = "model" if "model" in entries[0] else "author"
    named = [entry for entry in entries if entry[key] != zenmux.OTHERS]
    if len(named) <= limit:
        return entries
    folded = [entry for entry in entries if entry not in named[:limit]]
    rest = {**folded[-1], key: zenmux.OTHERS, "label": "Others"}
    rest["value"] = sum(entry["value"] for entry in folded)
    if "rank" in rest:
        rest |= {"rank": limit + 1, "author": "", "author_label": ""}
    return [*named[:limit], rest]
