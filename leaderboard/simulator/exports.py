"""OpenRouter's keyless daily exports of its rankings."""

import datetime as dt
import functools
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from leaderboard.simulator import answers, openrouter, world
from leaderboard.simulator.answers import Answer, Refused
from leaderboard.simulator.world import World

PATH: Final = "/openrouter/api/v1/datasets/exports/"
ATTRIBUTION: Final = (
    "Source: OpenRouter (openrouter.ai), licensed under CC BY 4.0: reuse and republish with "
    "attribution to OpenRouter."
)
_LICENSE: Final = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
_COLUMNS: Final = ("date", "model_permaslug", "rank", "total_tokens", "share_of_daily_tokens")
_OLDEST: Final = dt.date(2026, 9, 19)
_DAYS: Final = 30
_TYPES: Final = {"csv": "text/csv", "json": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One day's export in both of its forms."""

    row_count: int
    csv: bytes
    json: bytes


class Simulated:
    """The exports from the simulated world, one snapshot a day."""

    def __init__(self, source: World) -> None:
        self._world = source
        self._oldest = min(_OLDEST, source.today - dt.timedelta(days=_DAYS))
        self._snapshot = functools.lru_cache(maxsize=64)(self._make)

    def answer(self, name: str, base_url: str) -> Answer:
        """Answer for the file *name* below the exports' path; addresses begin with *base_url*."""
        base = base_url + PATH
        if name == "index.json":
            return published(_bytes(self._index(base)), "json")
        if name == "README.md":
            return published(f"# OpenRouter data exports\n\n{ATTRIBUTION}\n".encode(), "markdown")
        if name == "LICENSE":
            return published(f"{_LICENSE['name']}\n{_LICENSE['url']}\n".encode(), "plain")
        parts = re.fullmatch(
            r"rankings-daily/(latest|\d{4}-\d{2}-\d{2})\.(csv|json|manifest\.json)", name
        )
        if parts is None:
            raise missing()
        day = self._world.today if parts[1] == "latest" else answers.day(parts[1])
        if not self._oldest <= day <= self._world.today:
            raise missing()
        snapshot = self._snapshot(day)
        if parts[2] == "manifest.json":
            return published(_bytes(_manifest(day, snapshot, base)), "json")
        return published(snapshot.csv if parts[2] == "csv" else snapshot.json, parts[2])

    def _make(self, day: dt.date) -> Snapshot:
        first = max(day - dt.timedelta(days=_DAYS), world.OPENROUTER_FLOOR)
        days = answers.days(first, day - dt.timedelta(days=1))
        rows: list[dict[str, Any]] = []
        for each in days:
            order = openrouter.ranked(self._world.openrouter(each, seen=day))
            total = sum(tokens for _, tokens in order)
            rows += [
                {
                    "date": each.isoformat(),
                    "model_permaslug": slug,
                    "rank": None if slug == "other" else rank,
                    "total_tokens": tokens,
                    "share_of_daily_tokens": tokens / total,
                }
                for rank, (slug, tokens) in enumerate(order, start=1)
            ]
        lines = [",".join(_COLUMNS)]
        lines += [
            ",".join("" if row[name] is None else str(row[name]) for name in _COLUMNS)
            for row in rows
        ]
        document = {
            "dataset": "rankings-daily",
            "schema_version": "v1",
            "snapshot_date": day.isoformat(),
            "row_count": len(rows),
            "columns": list(_COLUMNS),
            "license": _LICENSE,
            "attribution": ATTRIBUTION,
            "methodology": "Daily tokens of public models; the top 50 of each day and the rest.",
            "source_pages": ["https://openrouter.ai/rankings"],
            "rows": rows,
        }
        return Snapshot(
            row_count=len(rows),
            csv="".join(line + "\r\n" for line in lines).encode(),
            json=_bytes(document),
        )

    def _index(self, base: str) -> dict[str, Any]:
        today = self._world.today
        return {
            "schema_version": "v1",
            "updated_at": _retrieved_at(today),
            "update_cadence": "daily",
            "license": _LICENSE,
            "attribution": ATTRIBUTION,
            "readme_url": f"{base}README.md",
            "license_url": f"{base}LICENSE",
            "datasets": [
                {
                    "id": "rankings-daily",
                    "title": "OpenRouter model rankings, daily token share",
                    "latest_snapshot_date": today.isoformat(),
                    "latest_manifest_url": f"{base}rankings-daily/latest.manifest.json",
                }
            ],
        }


def missing() -> Refused:
    """Give the refusal of an export that is not there."""
    return Refused(404, "Export not found")


def published(body: bytes, form: str) -> Answer:
    """Answer with an export's file as it lies on the gateway's edge."""
    return Answer(
        body=body,
        content_type=_TYPES.get(form, f"text/{form}; charset=utf-8"),
        headers={
            "Cache-Control": "public, max-age=300",
            "ETag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"',
            "Access-Control-Allow-Origin": "*",
        },
    )


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _retrieved_at(day: dt.date) -> str:
    return f"{day}T01:46:15.433Z"


def _manifest(day: dt.date, snapshot: Snapshot, base: str) -> dict[str, Any]:
    stem = f"{base}rankings-daily/{day}"
    latest = f"{base}rankings-daily/latest"
    bodies = {"csv": snapshot.csv, "json": snapshot.json}
    return {
        "dataset": "rankings-daily",
        "schema_version": "v1",
        "snapshot_date": day.isoformat(),
        "retrieved_at": _retrieved_at(day),
        "row_count": snapshot.row_count,
        "update_cadence": "daily",
        "license": _LICENSE,
        "attribution": ATTRIBUTION,
        "readme_url": f"{base}README.md",
        "files": {
            form: {
                "url": f"{stem}.{form}",
                "encoding_format": _TYPES[form],
                "bytes": len(body),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
            for form, body in bodies.items()
        },
        "latest": {
            "csv": f"{latest}.csv",
            "json": f"{latest}.json",
            "manifest": f"{latest}.manifest.json",
        },
    }
