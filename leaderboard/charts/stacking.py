"""What a stacked chart draws of a view: the leading series, the rest, and where they break."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard.boards import ALL_OTHERS
from leaderboard.charts import theme
from leaderboard.records import OTHERS, Entity, Row, View

TOP: Final = 8
MOST_POINTS: Final = 180
"""More points than this a chart of this size cannot show: longer histories are averaged."""
_SPANS: Final = (1, 7, 28)
_DAY_MS: Final = 86_400_000
_EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One band or bar of a chart: whose it is, and its colour."""

    key: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Shares by series and point, the largest series first, all others last.

    Each point stands for *span* days, the last of which is its date. A share is None where
    the entity is in no list of those days; a whole point is missing where no day has data.
    """

    span: int
    dates: tuple[dt.date, ...]
    is_held: tuple[bool, ...]
    series: tuple[Series, ...]
    shares: tuple[tuple[float | None, ...], ...]


def lab_of(entity: Entity) -> str | None:
    """Give the lab whose colour an entity has."""
    return entity.lab or (entity.key if entity.kind == "lab" else None)


def stack(view: View) -> Stack:
    """Fold a view's tail into its others, and long histories into means of 7 or 28 days."""
    span = next((s for s in _SPANS if len(view.dates) <= s * MOST_POINTS), _SPANS[-1])
    buckets = list(_buckets(len(view.dates), span))
    missing = set(view.missing)
    held = [[i for i in bucket if view.dates[i] not in missing] for bucket in buckets]
    top, tail = view.rows[:TOP], list(view.rows[TOP:])
    if len(tail) == 1 and view.others is None:
        top, tail = view.rows, []
    rest = [*tail, *([view.others] if view.others else [])]
    colours = theme.colours(lab_of(row.entity) for row in top)
    series = [
        Series(key=row.entity.key, name=row.entity.name, colour=colour)
        for row, colour in zip(top, colours, strict=True)
    ]
    shares = [tuple(_mean([row], days) for days in held) for row in top]
    if rest:
        series.append(Series(key=OTHERS, name=ALL_OTHERS, colour=theme.REST))
        shares.append(tuple(_mean(rest, days) for days in held))
    return Stack(
        span=span,
        dates=tuple(view.dates[bucket[-1]] for bucket in buckets),
        is_held=tuple(map(bool, held)),
        series=tuple(series),
        shares=tuple(shares),
    )


def _buckets(days: int, span: int) -> Iterator[range]:
    """Count full spans back from the newest day; what is left over at the start is not drawn."""
    for start in range(days % span, days, span):
        yield range(start, start + span)


def _mean(rows: Sequence[Row], days: Sequence[int]) -> float | None:
    known = [share for row in rows for i in days if (share := row.history[i]) is not None]
    return math.fsum(known) / len(days) if known else None


def points(stacked: Stack) -> list[dict[str, object]]:
    """Write a stack as rows: a new run wherever a band has to break.

    No band crosses a day without data. Where an entity enters or leaves the list its band
    closes at the neighbouring day, with no share there. A day alone between gaps is as wide
    as it may be.
    """
    rows: list[dict[str, object]] = []
    for number, (series, shares) in enumerate(zip(stacked.series, stacked.shares, strict=True)):
        for run, positions in enumerate(_runs(stacked, shares)):
            for i in positions:
                share = shares[i]
                rows += [
                    {
                        "day": stacked.dates[i].isoformat(),
                        "time": time,
                        "series": number,
                        "run": run,
                        "share": None if share is None else round(share, 4),
                        "colour": series.colour,
                    }
                    for time in _times(stacked, i)
                ]
    return rows


def bands(rows: Sequence[Mapping[str, object]]) -> int:
    """Count the areas that rows make."""
    return len({(row["series"], row["run"]) for row in rows})


def _runs(stacked: Stack, shares: Sequence[float | None]) -> Iterator[list[int]]:
    """Give the positions of each unbroken piece, with the held neighbours where it closes."""
    listed = [i for i, share in enumerate(shares) if share is not None]
    start = 0
    for n, i in enumerate(listed):
        if n + 1 < len(listed) and listed[n + 1] == i + 1:
            continue
        piece = listed[start : n + 1]
        start = n + 1
        before, after = piece[0] - 1, piece[-1] + 1
        if before >= 0 and stacked.is_held[before]:
            piece = [before, *piece]
        if after < len(shares) and stacked.is_held[after]:
            piece = [*piece, after]
        yield piece


def _times(stacked: Stack, i: int) -> tuple[int, ...]:
    time = (stacked.dates[i] - _EPOCH).days * _DAY_MS
    neighbours = [n for n in (i - 1, i + 1) if 0 <= n < len(stacked.dates)]
    if any(stacked.is_held[n] for n in neighbours):
        return (time,)
    half = round(stacked.span * _DAY_MS * 0.4)
    left = time - half if i > 0 else time
    right = time + half if i + 1 < len(stacked.dates) else time
    return left, right


def ticks(start: dt.date, end: dt.date, most: int) -> tuple[list[int], bool]:
    """Choose the days that an axis names, at most *most*, and whether it names months only."""
    days = (end - start).days
    for step in (1, 2, 3, 7, 14):
        if days / step < most and days < 100:
            dates = [end - dt.timedelta(days=i) for i in range(0, days + 1, step)]
            return [(date - _EPOCH).days * _DAY_MS for date in reversed(dates)], False
    months = [
        dt.date(year, month, 1)
        for year in range(start.year, end.year + 1)
        for month in range(1, 13)
        if start <= dt.date(year, month, 1) <= end
    ]
    step = next((s for s in (1, 2, 3, 6, 12, 24) if len(months) / s <= most), 60)
    firsts = [date for date in months if (date.year * 12 + date.month - 1) % step == 0]
    return [(date - _EPOCH).days * _DAY_MS for date in firsts], True
