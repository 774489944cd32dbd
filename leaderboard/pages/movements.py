"""What moved on a daily board beyond its usual variation, in words with numbers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from leaderboard import words
from leaderboard.boards import Movement, movers
from leaderboard.boards.movers import BASELINE_DAYS, LEAST_CHANGES, LEAST_DAYS, WEEK
from leaderboard.pages import tables
from leaderboard.records import Board, View

MOST: Final = 8
"""So many movements and arrivals are told by name; the rest is counted."""

_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One movement as printed: by how much, who, and from where to where."""

    change: tables.Change
    name: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """A board's movements of the newest week; *verdict* is said where there are none."""

    compared: str
    told: tuple[Told, ...]
    arrivals: tuple[str, ...]
    more: str | None
    verdict: str | None


def movements(view: View) -> Movements | None:
    """Tell what moved on a view's board; None for a board without days."""
    board = view.board
    dates = sorted(day.date for day in board.days if day.values)
    if not dates:
        return None
    end = dates[-1]
    start = end - _ONE_DAY * (WEEK - 1)
    found = movers(board)
    moved = [one for one in found if not one.is_new]
    arrived = [words.named(one.entity.name, one.entity.key) for one in found if one.is_new]
    left_out = max(len(moved) - MOST, 0) + max(len(arrived) - MOST, 0)
    verdict = None
    if not _can_tell(dates, start):
        verdict = "Not known: too few days are held to say what is usual."
    elif not moved:
        verdict = "Nothing moved beyond its usual variation."
    return Movements(
        compared=(
            f"Mean shares of {words.span(start, end)} against "
            f"{words.span(start - _ONE_DAY * WEEK, start - _ONE_DAY)}, in percentage points; told "
            "where the change is over three times the usual one from day to day."
        ),
        told=tuple(_told(board, one) for one in moved[:MOST]),
        arrivals=tuple(arrived[:MOST]),
        more=f"{words.count(left_out, 'more is', 'more are')} in the JSON." if left_out else None,
        verdict=verdict,
    )


def entries(view: View) -> list[Mapping[str, object]]:
    """Give the same for machines, nothing rounded."""
    return [
        {
            "key": one.entity.key,
            "name": one.entity.name,
            "start": one.start.isoformat(),
            "end": one.end.isoformat(),
            "share_pct": one.share_pct,
            "previous_share_pct": one.previous_share_pct,
            "change_pp": one.change_pp,
            "usual_pp": one.usual_pp,
            "is_new": one.is_new,
        }
        for one in movers(view.board)
    ]


def _told(board: Board, movement: Movement) -> Told:
    def share(share_pct: float | None) -> str:
        return words.percent(share_pct, is_lower_bound=board.is_lower_bound)

    usual = words.points(movement.usual_pp).replace("+", "±").replace("0.0", "under 0.1")
    return Told(
        change=tables.difference(movement.change_pp),
        name=words.named(movement.entity.name, movement.entity.key),
        detail=(
            f"from {share(movement.previous_share_pct)} to {share(movement.share_pct)}; "
            f"from day to day usually {usual}"
        ),
    )


def _can_tell(dates: list[dt.date], start: dt.date) -> bool:
    """Say whether a mover could have been found: two weeks' means and what is usual."""
    before = [date for date in dates if start - _ONE_DAY * BASELINE_DAYS <= date < start]
    changes = sum(later - earlier == _ONE_DAY for earlier, later in pairwise(before))
    week = sum(date >= start for date in dates)
    week_before = sum(date >= start - _ONE_DAY * WEEK for date in before)
    return min(week, week_before) >= LEAST_DAYS and changes >= LEAST_CHANGES
