"""Which movements are news: beyond an entity's own day-to-day variation, or new."""

import datetime as dt
import statistics
from dataclasses import dataclass
from typing import Final

from leaderboard.records import Board, Entity

WEEK: Final = 7
LEAST_DAYS: Final = 5
"""A mean of fewer days than this of a week is no week's mean."""
BASELINE_DAYS: Final = 28
LEAST_CHANGES: Final = 14
"""Fewer day-to-day changes than this do not show what is usual."""
MAD_TO_DEVIATION: Final = 1.4826
"""Makes a median absolute deviation comparable with a standard deviation."""
TIMES_USUAL: Final = 3.0
LEAST_PP: Final = 0.1
"""The precision people read: a smaller change is no news however steady the entity was."""

_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A movement worth telling, in shares of the newest 7 days against the 7 before.

    *usual_pp* is the entity's usual change from one day to the next. A new entity has
    neither an earlier mean nor a change: what it had outside the list is unknown, not zero.
    """

    entity: Entity
    start: dt.date
    end: dt.date
    share_pct: float
    previous_share_pct: float | None = None
    change_pp: float | None = None
    usual_pp: float | None = None
    is_new: bool = False


def movers(board: Board) -> tuple[Movement, ...]:
    """Find what moved on a derived daily board, the largest change first, then what is new.

    A mover's mean share over the newest 7 days differs from that of the 7 days before by more
    than three times its usual daily change (the scaled median absolute deviation of the
    changes over the 28 days before the newest 7), and by at least 0.1 points. It must be
    listed on at least 5 days of both weeks. An entity is new if it was first listed in the
    newest 7 days and at least 7 earlier days are held.
    """
    held = sorted(day.date for day in board.days if day.values)
    if not held:
        return ()
    end = held[-1]
    start = end - _ONE_DAY * (WEEK - 1)
    # What is older than the baseline tells only who was listed before.
    since = start - _ONE_DAY * (BASELINE_DAYS + WEEK)
    shares: dict[str, dict[dt.date, float]] = {}
    earlier: set[str] = set()
    for day in board.days:
        if day.date < since:
            continue
        listed = {v.entity: v.share_pct for v in day.values if v.share_pct is not None}
        if day.date < start:
            earlier.update(listed)
        for key, share in listed.items():
            shares.setdefault(key, {})[day.date] = share
    unseen = shares.keys() - earlier
    for day in reversed(board.days):
        if not unseen:  # mostly at once, and there may be years of days
            break
        if day.date < since:
            unseen -= {v.entity for v in day.values if v.share_pct is not None}
    has_past = sum(date < start for date in held) >= WEEK
    found = []
    for key, series in shares.items():
        entity = board.entities.get(key) or Entity(kind=board.kind, key=key, name=key)
        if has_past and key in unseen:
            mean = statistics.fmean(series.values())
            found.append(Movement(entity=entity, start=start, end=end, share_pct=mean, is_new=True))
        elif (movement := _moved(entity, series, start, end)) is not None:
            found.append(movement)
    return tuple(sorted(found, key=_newsworthiness))


def _newsworthiness(movement: Movement) -> tuple[bool, float, str]:
    size = movement.share_pct if movement.change_pp is None else abs(movement.change_pp)
    return movement.is_new, -size, movement.entity.key


def _moved(
    entity: Entity, series: dict[dt.date, float], start: dt.date, end: dt.date
) -> Movement | None:
    week = _within(series, start, end)
    before = _within(series, start - _ONE_DAY * WEEK, start - _ONE_DAY)
    if len(week) < LEAST_DAYS or len(before) < LEAST_DAYS:
        return None
    usual = _usual_change(series, start)
    if usual is None:
        return None
    now, then = statistics.fmean(week), statistics.fmean(before)
    if abs(now - then) < max(TIMES_USUAL * usual, LEAST_PP):
        return None
    return Movement(
        entity=entity,
        start=start,
        end=end,
        share_pct=now,
        previous_share_pct=then,
        change_pp=now - then,
        usual_pp=usual,
    )


def _usual_change(series: dict[dt.date, float], start: dt.date) -> float | None:
    """Measure the day-to-day variation before *start*, so that a jump does not excuse itself."""
    changes = [
        series[date] - series[date - _ONE_DAY]
        for date in (start - _ONE_DAY * i for i in range(1, BASELINE_DAYS))
        if date in series and date - _ONE_DAY in series
    ]
    if len(changes) < LEAST_CHANGES:
        return None
    middle = statistics.median(changes)
    return MAD_TO_DEVIATION * statistics.median(abs(change - middle) for change in changes)


def _within(series: dict[dt.date, float], start: dt.date, end: dt.date) -> list[float]:
    return [share for date, share in series.items() if start <= date <= end]
