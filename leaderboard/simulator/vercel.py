"""Vercel's leaderboard export and catalogue."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from leaderboard.simulator import answers, tables, world
from leaderboard.simulator.answers import Answer, Refused, Request
from leaderboard.simulator.world import VercelModality, World

LICENSE: Final = "CC-BY-4.0"
LICENSE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
NOTICE: Final = (
    '© 2026 Vercel. "AI Gateway Leaderboard Data" is licensed under CC BY 4.0. To view a copy '
    f"of this license, visit {LICENSE_URL}"
)
RANKED_BY: Final = ("Token Volume", "Spend")
_NAMED: Final = 9  # models of a window; the others are its "Other"
_CSV_COLUMNS: Final = {
    "models": ("date", "group", "name", "metric", "modality", "share_percent"),
    "labs": ("date", "group", "name", "metric", "modality", "share_percent"),
    "apps": ("rank", "name", "ranked_by", "url", "description"),
    "providers": ("rank", "name", "ranked_by", "url", "description"),
}
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A valid request for the export; *start* and *end* are None where none was asked."""

    dataset: str
    modality: VercelModality
    is_csv: bool
    start: dt.date | None
    end: dt.date | None


class Data(Protocol):
    """Where the rows come from: the simulated world, or recordings."""

    def rows(self, asked: Export) -> Rows:
        """Give the rows of the asked export; `Refused` where there are none to give."""
        ...

    def catalogue(self) -> Any:
        """Give the body of the catalogue."""
        ...


def export(query: Mapping[str, str], today: dt.date) -> Export:
    """Check the parameters of the export as Vercel documents them."""
    dataset = answers.choice(query.get("dataset", "models"), _CSV_COLUMNS)
    modality = answers.choice(query.get("modality", "all"), world.VERCEL_METRICS)
    form = answers.choice(query.get("format", "json"), ("json", "csv"))
    start = end = None
    if "from" in query or "to" in query:
        if dataset not in ("models", "labs"):
            raise Refused(400, f"{dataset} has no day dimension; from and to do not apply")
        if "from" not in query:
            raise Refused(400, "to requires from")
        start = answers.day(query["from"])
        end = min(answers.day(query["to"]), today) if "to" in query else today
        if start < world.VERCEL_FLOOR:
            raise Refused(400, f"from must not be before {world.VERCEL_FLOOR}")
        if end < start:
            raise Refused(400, "from must not be after to")
    return Export(
        dataset=dataset,
        modality=cast(VercelModality, modality),
        is_csv=form == "csv",
        start=start,
        end=end,
    )


def answer(request: Request, data: Data, today: dt.date) -> Answer:
    """Answer a request for the export."""
    asked = export(request.query, today)
    rows = data.rows(asked)
    if asked.is_csv:
        return _csv(asked, rows)
    body: dict[str, Any] = {"dataset": asked.dataset}
    if asked.dataset in ("models", "labs"):
        body["modality"] = asked.modality
    if asked.start is not None and asked.end is not None:
        body |= {
            "from": asked.start.isoformat(),
            "to": asked.end.isoformat(),
            "earliest_available_date": world.VERCEL_FLOOR.isoformat(),
        }
    body |= {"license": LICENSE, "license_url": LICENSE_URL, "rows": rows}
    return answers.json_answer(body)


def _csv(asked: Export, rows: Rows) -> Answer:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = _CSV_COLUMNS[asked.dataset]
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    writer.writerow([NOTICE])
    disposition = f'attachment; filename="ai-gateway-{asked.dataset}.csv"'
    return Answer(
        body=text.getvalue().encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition},
    )


class Simulated:
    """The export's rows from the simulated world."""

    def __init__(self, source: World) -> None:
        self._world = source

    def rows(self, asked: Export) -> Rows:
        """Give the rows in the order seen: date, metric, share; ``Other`` is not pinned."""
        if asked.dataset in ("apps", "providers"):
            return [
                {
                    "rank": rank,
                    "name": entry.name,
                    "ranked_by": ranked_by,
                    "url": entry.url,
                    "description": entry.description,
                }
                for ranked_by in RANKED_BY
                for rank, entry in enumerate(
                    self._world.vercel_list(asked.dataset, ranked_by), start=1
                )
            ]
        today = self._world.today
        end = asked.end or today
        start = asked.start or max(end - dt.timedelta(days=60), world.VERCEL_FLOOR)
        shares = {
            day: {
                metric: _named(units, asked.dataset)
                for metric, units in self._world.vercel(day, asked.modality, seen=today).items()
            }
            for day in answers.days(start, end)
        }
        metrics = world.VERCEL_METRICS[asked.modality]
        if asked.dataset == "models":
            for metric in metrics:
                _fold(shares, metric)
        return [
            {
                "date": day.isoformat(),
                "group": asked.dataset.removesuffix("s"),
                "name": name,
                "metric": metric,
                "modality": asked.modality,
                "share_percent": percent(units),
            }
            for day, by_metric in shares.items()
            for metric in metrics
            for name, units in world.by_size(by_metric[metric])
        ]

    def catalogue(self) -> Any:
        """List the models that Vercel serves today."""
        served = [
            model
            for model in tables.models()
            if model.vercel and model.is_served(self._world.today)
            if "/" not in model.vercel_name  # retired there: its rows carry the raw slug
        ]
        return {
            "object": "list",
            "data": [
                {
                    "id": model.vercel,
                    "object": "model",
                    "created": created(model.launched),
                    "released": created(model.launched),
                    "owned_by": (model.vercel or "").partition("/")[0],
                    "name": model.vercel_name,
                    "description": "",
                    "context_window": 200_000,
                    "max_tokens": 64_000,
                    "type": {"text": "language"}.get(model.kind, model.kind),
                    "tags": [],
                    "pricing": {
                        "input": price(model.input_usd),
                        "output": price(model.output_usd),
                    },
                }
                for model in served
            ],
        }


def _named(units: Mapping[tables.Model, int], dataset: str) -> dict[str, int]:
    named: Counter[str] = Counter()
    for model, share in units.items():
        named[model.vercel_name if dataset == "models" else model.lab.vercel] += share
    return dict(named)


def _fold(shares: dict[dt.date, dict[str, dict[str, int]]], metric: str) -> None:
    """Keep the window's largest models and fold the others of each day into ``Other``."""
    window: Counter[str] = Counter()
    for by_metric in shares.values():
        window.update(by_metric[metric])
    kept = {name for name, _ in world.by_size(window)[:_NAMED]}
    for by_metric in shares.values():
        units = by_metric[metric]
        listed = {name: share for name, share in units.items() if name in kept and share}
        if rest := sum(units.values()) - sum(listed.values()):
            listed["Other"] = rest
        by_metric[metric] = listed


def percent(units: int) -> float | int:
    """Write units of 0.0001 percent as Vercel does: trailing zeros dropped.

    >>> percent(562825), percent(1_000_000)
    (56.2825, 100)
    """
    return units // 10_000 if units % 10_000 == 0 else units / 10_000


def created(day: dt.date) -> int:
    """Give the moment at which a model launched on *day* entered the catalogue."""
    return int(dt.datetime.combine(day, dt.time(16), dt.UTC).timestamp())


def price(usd_per_million: float) -> str:
    """Write a price per token as the gateways do, without an exponent.

    >>> price(0.14), price(0), price(3)
    ('0.00000014', '0', '0.000003')
    """
    return f"{usd_per_million / 1e6:.12f}".rstrip("0").rstrip(".")
