"""A board's days, indexed once, and where its entities stand in a span of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from leaderboard.boards.shares import percent
from leaderboard.records import Board, DailyValue, Day, Quantity, RankedList

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """One entity in one window; *slack_pct* is how far above its share it can have been."""

    rank: int
    share_pct: float | None
    slack_pct: float
    value: Quantity | None


class History:
    """A derived board's days with data, oldest first.

    Figures are absolutes where the source publishes them, else shares as decimals, so that
    sums are exact and independent of order either way.
    """

    def __init__(self, board: Board) -> None:
        self.board = board
        self.days: dict[dt.date, Day] = {
            day.date: day
            for day in sorted(board.days, key=lambda day: day.date)
            if day.values or day.others
        }
        self.is_absolute = any(v.value is not None for d in self.days.values() for v in whole(d))
        self.points: defaultdict[str, dict[dt.date, DailyValue]] = defaultdict(dict)
        self._figures: dict[dt.date, dict[str, Quantity]] = {}
        self._totals: dict[dt.date, Quantity] = {}
        self._slack: dict[dt.date, Quantity] = {}
        for date, day in self.days.items():
            for value in day.values:
                self.points[value.entity][date] = value
            self._figures[date] = {v.entity: self.figure(v) for v in day.values}
            if self.is_absolute:
                self._totals[date] = sum(map(self.figure, whole(day)))
            else:
                self._totals[date] = 100
            self._slack[date] = self._most_unlisted(day)

    @property
    def span(self) -> tuple[dt.date, ...]:
        """All calendar days from the first with data to the last."""
        first, last = min(self.days), max(self.days)
        return tuple(first + ONE_DAY * i for i in range((last - first).days + 1))

    def held(self, start: dt.date, end: dt.date) -> list[Day]:
        """Give the days with data from *start* to *end*."""
        return [day for date, day in self.days.items() if start <= date <= end]

    def exact(self, start: dt.date, end: dt.date) -> RankedList | None:
        """Find the list the source itself publishes for exactly these days, total included."""
        lists = (a for a in self.board.lists if (a.start, a.end) == (start, end))
        return next((a for a in lists if a.others is not None and a.others.value is not None), None)

    def figure(self, value: DailyValue) -> Quantity:
        """Give the figure to reckon with."""
        if self.is_absolute:
            return value.value or 0
        return Decimal(repr(value.share_pct or 0.0))

    def total(self, days: Iterable[Day]) -> Quantity:
        """Add up everything, others included: what 100 % is over these days."""
        return sum(self._totals[day.date] for day in days)

    def room_pct(self, start: dt.date, end: dt.date) -> float | None:
        """Bound from above the share of who is in no list of a window: how much it can have had.

        None where the window has no total to be a share of.
        """
        exact = self.exact(start, end)
        if exact is None:
            days = self.held(start, end)
            return percent(sum(self._slack[day.date] for day in days), self.total(days))
        outside = exact.others.value if exact.others and exact.others.value is not None else 0
        listed = [entry.value or 0 for entry in exact.entries]
        return percent(min([*listed, outside]), sum(listed) + outside)

    def standings(self, start: dt.date, end: dt.date) -> dict[str, Standing]:
        """Rank a window's entities: as the source itself did where it did, else added up."""
        exact = self.exact(start, end)
        if exact is not None:
            return {
                entry.entity: Standing(entry.rank, entry.share_pct, 0.0, entry.value)
                for entry in exact.entries
            }
        return self._added_up(self.held(start, end))

    def _added_up(self, days: list[Day]) -> dict[str, Standing]:
        figures: defaultdict[str, Quantity] = defaultdict(int)
        slack_when_listed: defaultdict[str, Quantity] = defaultdict(int)
        for day in days:
            bound = 0 if self.board.is_lower_bound else self._slack[day.date]
            for entity, figure in self._figures[day.date].items():
                figures[entity] += figure
                slack_when_listed[entity] += bound
        slack = sum(self._slack[day.date] for day in days)
        all_of_it = self.total(days)
        return {
            entity: Standing(
                rank,
                percent(figures[entity], all_of_it),
                percent(slack - slack_when_listed[entity], all_of_it) or 0.0,
                figures[entity] if self.is_absolute else None,
            )
            for rank, entity in enumerate(sorted(figures, key=lambda e: (-figures[e], e)), start=1)
        }

    def _most_unlisted(self, day: Day) -> Quantity:
        """Say how much an entity outside the day's list can have had at most."""
        if day.others is None:
            return 0
        others = self.figure(day.others)
        if self.board.is_lower_bound or self.board.cut == "request" or not day.values:
            return others
        return min(others, self.figure(day.values[-1]))


def whole(day: Day) -> tuple[DailyValue, ...]:
    """Give a day's entities and its others."""
    return day.values if day.others is None else (*day.values, day.others)
