"""ZenMux's statistics: leaderboard, timeseries, market_share, model_usage."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from leaderboard.simulator import answers, listings, world
from leaderboard.simulator.answers import Refused
from leaderboard.simulator.world import World, ZenmuxDay

OTHERS: Final = "__others__"
METRICS: Final = ("tokens", "cost")
_MAX_BUCKETS: Final = 60
_DEFAULT_BUCKETS: Final = 28
_MAX_USAGE_DAYS: Final = 30
Value = int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """A valid request for the leaderboard."""

    metric: str
    start: dt.date
    end: dt.date
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A valid request for timeseries or market_share; *start* and *end* are snapped."""

    of: str  # models or authors
    metric: str
    bucket_width: str
    start: dt.date
    end: dt.date
    limit: int

    @property
    def buckets(self) -> list[dt.date]:
        """List the first days of the buckets."""
        return answers.days(self.start, self.end)[:: 7 if self.bucket_width == "1w" else 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """A valid request for model_usage."""

    model: str
    metric: str
    start: dt.date
    end: dt.date


class Data(Protocol):
    """Where the bodies come from: the simulated world, or recordings."""

    def leaderboard(self, asked: Leaderboard) -> Any:
        """Give the leaderboard's ``data``."""
        ...

    def series(self, asked: Series) -> Any:
        """Give the ``data`` of timeseries or market_share."""
        ...

    def usage(self, asked: Usage) -> Any:
        """Give the ``data`` of model_usage."""
        ...

    def catalogue(self) -> Any:
        """Give the body of models."""
        ...


def _required(query: Mapping[str, str], name: str) -> str:
    if name not in query:
        raise Refused(400, f"{name} is required")
    return query[name]


def leaderboard(query: Mapping[str, str], today: dt.date) -> Leaderboard:
    """Check the parameters of leaderboard."""
    metric = answers.choice(_required(query, "metric"), METRICS)
    start = world.ZENMUX_FLOOR
    if "starting_at" in query:
        start = max(answers.day(query["starting_at"]), world.ZENMUX_FLOOR)
    end = answers.day(query["ending_at"]) if "ending_at" in query else today
    if end < start:
        raise Refused(400, "ending_at must not be before starting_at")
    limit = answers.whole(query.get("limit", "10"), 1, 50)
    return Leaderboard(metric=metric, start=start, end=end, limit=limit)


def series(of: str, query: Mapping[str, str], today: dt.date) -> Series:
    """Check the parameters of timeseries and market_share; weeks begin on Mondays."""
    metric = answers.choice(_required(query, "metric"), METRICS)
    width = answers.choice(_required(query, "bucket_width"), ("1d", "1w"))
    step = dt.timedelta(days=7 if width == "1w" else 1)
    end = answers.day(query["ending_at"]) if "ending_at" in query else today
    start = end - (_DEFAULT_BUCKETS - 1) * step
    if "starting_at" in query:
        start = answers.day(query["starting_at"])
    if end < start:
        raise Refused(400, "ending_at must not be before starting_at")
    start = max(start, world.ZENMUX_FLOOR)
    if end < start:
        raise Refused(400, f"there is nothing before {world.ZENMUX_FLOOR}")
    if width == "1w":
        start, end = (day - dt.timedelta(days=day.weekday()) for day in (start, end))
    limit = answers.whole(query.get("limit", "10"), 1, 50)
    asked = Series(of=of, metric=metric, bucket_width=width, start=start, end=end, limit=limit)
    if (end - start) // step >= _MAX_BUCKETS:
        raise Refused(400, f"at most {_MAX_BUCKETS} buckets can be asked for")
    return asked


def usage(query: Mapping[str, str], today: dt.date) -> Usage:
    """Check the parameters of model_usage."""
    asked = Usage(
        model=_required(query, "model"),
        metric=answers.choice(_required(query, "metric"), METRICS),
        start=answers.day(_required(query, "starting_at")),
        end=answers.day(_required(query, "ending_at")),
    )
    days = (asked.end - asked.start).days + 1
    if not 1 <= days <= _MAX_USAGE_DAYS or asked.start < world.ZENMUX_FLOOR or asked.end > today:
        raise Refused(400)
    return asked


def period(first: dt.date, bucket_width: str) -> str:
    """Name a bucket as ZenMux does.

    >>> period(dt.date(2026, 1, 5), "1w"), period(dt.date(2026, 1, 5), "1d")
    ('202602', '20260105')
    """
    if bucket_width == "1d":
        return f"{first:%Y%m%d}"
    year, week, _ = first.isocalendar()
    return f"{year}{week:02d}"


def echo(asked: Leaderboard | Series | Usage) -> dict[str, str]:
    """Repeat what was asked, as the answers do."""
    return {
        "metric": asked.metric,
        "starting_at": asked.start.isoformat(),
        "ending_at": asked.end.isoformat(),
    }


class Simulated:
    """ZenMux's statistics from the simulated world."""

    def __init__(self, source: World) -> None:
        self._world = source

    def _days(self, start: dt.date, end: dt.date) -> Iterable[tuple[ZenmuxDay, ...]]:
        newest = self._world.today - dt.timedelta(days=1)
        first = max(start, world.ZENMUX_FLOOR)
        return (self._world.zenmux(day) for day in answers.days(first, min(end, newest)))

    def _ranked(
        self, of: str, metric: str, start: dt.date, end: dt.date
    ) -> list[tuple[ZenmuxDay, Value]]:
        """Add the days up by slug or author, the largest first, each with its newest label."""
        sums: dict[str, Value] = {}
        newest: dict[str, ZenmuxDay] = {}
        for rows in self._days(start, end):
            for row in rows:
                key = row.slug if of == "models" else row.author
                value = row.tokens if metric == "tokens" else row.cost
                sums[key] = sums.get(key, 0) + value
                newest[key] = row
        digits = None if metric == "tokens" else 6
        order = sorted(sums, key=lambda key: (-sums[key], key))
        return [(newest[key], round(sums[key], digits)) for key in order]

    def leaderboard(self, asked: Leaderboard) -> Any:
        """Rank the models of the window; the rest closes the list."""
        order = self._ranked("models", asked.metric, asked.start, asked.end)
        entries: list[dict[str, Any]] = [
            {
                "rank": rank,
                "model": row.slug,
                "label": row.label,
                "author": row.author,
                "author_label": row.author_label,
                "value": value,
            }
            for rank, (row, value) in enumerate(order[: asked.limit], start=1)
        ]
        if order[asked.limit :]:
            entries.append(
                {
                    "rank": asked.limit + 1,
                    "model": OTHERS,
                    "label": "Others",
                    "author": "",
                    "author_label": "",
                    "value": _rest(order, asked),
                }
            )
        return {**echo(asked), "entries": entries}

    def series(self, asked: Series) -> Any:
        """Rank each bucket's models or authors on their own."""
        length = dt.timedelta(days=6 if asked.bucket_width == "1w" else 0)
        points = []
        for first in asked.buckets:
            order = self._ranked(asked.of, asked.metric, first, first + length)
            if not order:
                continue
            entries: list[dict[str, Any]] = []
            for row, value in order[: asked.limit]:
                if asked.of == "models":
                    entries.append({"model": row.slug, "label": row.label, "value": value})
                else:
                    entries.append(
                        {"author": row.author, "label": row.author_label, "value": value}
                    )
            if order[asked.limit :]:
                key = asked.of.removesuffix("s")
                entries.append({key: OTHERS, "label": "Others", "value": _rest(order, asked)})
            name = period(first, asked.bucket_width)
            points.append({"period": name, "date": first.isoformat(), asked.of: entries})
        return {
            **echo(asked),
            "bucket_width": asked.bucket_width,
            "total_buckets": len(points),
            "series": points,
        }

    def usage(self, asked: Usage) -> Any:
        """Give one model's days."""
        points: list[dict[str, Any]] = []
        label = None
        for day in answers.days(asked.start, asked.end):
            for row, value in self._ranked("models", asked.metric, day, day):
                if row.slug == asked.model:
                    points.append({"date": day.isoformat(), "value": value})
                    label = row.label
        if label is None:
            raise Refused(400, f"there is no usage of {asked.model}")
        total = sum(point["value"] for point in points)
        return {
            "model": asked.model,
            "label": label,
            **echo(asked),
            "value": total if asked.metric == "tokens" else round(total, 6),
            "series": points,
        }

    def catalogue(self) -> Any:
        """List the models that ZenMux serves today."""
        return listings.zenmux(self._world.today)


def _rest(order: list[tuple[ZenmuxDay, Value]], asked: Leaderboard | Series) -> Value:
    total = sum(value for _, value in order[asked.limit :])
    return total if asked.metric == "tokens" else round(total, 6)
