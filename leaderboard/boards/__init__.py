"""What is ranked: a board in its windows, with shares, bounds, ranks and changes.

Conventions, kept for every board:

- A window ends on the last day with data. It begins on the first day held where history is
  shorter than the window.
- Where absolutes exist an entity's share is its part of the window's sum; where only shares
  are published it is the mean of the daily shares, over the days with data.
- On a day an entity is outside the list its figure is unknown. It adds nothing to the lower
  bound, and to the upper bound what it can have been at most: the last figure listed (all
  others, where the list is not that day's own top or was added up), never more than others.
- Changes are against the window of equal length just before, if at least half its days have
  data. A ranked list is compared with the one that ended a window's length earlier, else with
  the newest earlier one held.
- An entity is new if days before the window are held and it was listed on none of them.
"""

import dataclasses
import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import Final

from leaderboard.boards.history import ONE_DAY, History, Standing, whole
from leaderboard.boards.movers import Movement, movers
from leaderboard.boards.shares import derive, percent
from leaderboard.records import (
    DEFAULT_WINDOW,
    OTHERS,
    WINDOW_DAYS,
    Board,
    Citation,
    Day,
    Entity,
    Published,
    Quantity,
    RankedEntry,
    RankedList,
    Row,
    View,
    Window,
)

__all__ = ["ALL_OTHERS", "Movement", "derive", "movers", "views"]

ALL_OTHERS: Final = "All others"
_ALWAYS: Final[tuple[Window, ...]] = ("7d", "30d")
_LONGER: Final[tuple[Window, ...]] = ("90d", "1y", "all")


def views(board: Board) -> tuple[View, ...]:
    """Show a derived board in each of its windows, the default one first."""
    history = History(board)
    if history.days:
        kept = tuple(_daily_view(history, window) for window in _windows(len(history.span)))
    else:
        kept = tuple(_list_views(board))
    return tuple(sorted(kept, key=lambda view: view.path != board.path))


def _windows(held_days: int) -> Iterator[Window]:
    """Leave out a longer window where the one before it already shows everything."""
    yield from _ALWAYS
    shorter = 30
    for window in _LONGER:
        if held_days > shorter:
            yield window
            shorter = WINDOW_DAYS[window] or held_days


def _path(board: Board, window: Window | None, default: Window | None) -> str:
    return board.path if window == default else f"{board.path}/{window or 'all'}"


def _daily_view(history: History, window: Window) -> View:
    board = history.board
    length = WINDOW_DAYS[window]
    dates = history.span[-length:] if length else history.span
    start, end = dates[0], dates[-1]
    days = history.held(start, end)
    exact = history.exact(start, end)
    now = history.standings(start, end)
    earlier = _window_before(history, start, length)
    before = history.standings(*earlier) if earlier else {}
    has_earlier_days = history.span[0] < start

    def row(entity: str, standing: Standing) -> Row:
        points = history.points.get(entity, {})
        past = before.get(entity)
        share = standing.share_pct
        is_bound = standing.slack_pct > 0
        return Row(
            rank=standing.rank,
            previous_rank=past.rank if past else None,
            entity=_entity(board, entity),
            share_pct=share,
            share_high_pct=(
                min(share + standing.slack_pct, 100.0) if is_bound and share is not None else None
            ),
            share_change_pp=_change(share, past.share_pct if past else None),
            value=standing.value,
            newest_share_pct=points[end].share_pct if end in points else None,
            history=tuple(points[d].share_pct if d in points else None for d in dates),
            values=tuple(points[d].value if d in points else None for d in dates),
            is_lower_bound=is_bound,
            is_new=has_earlier_days and bool(points) and next(iter(points)) >= start,
        )

    rows = tuple(row(entity, standing) for entity, standing in now.items())
    others = _others_row(history, dates, rows, exact)
    if others is not None and earlier is not None:
        past = _rest(before, history.held(*earlier))
        others = dataclasses.replace(others, share_change_pp=_change(others.share_pct, past))
    citation, published = _newest([*days, *([exact] if exact else [])])
    total = history.total(days) if history.is_absolute else None
    if exact is not None:
        total = _list_total(exact)
    return View(
        board=board,
        window=window,
        path=_path(board, window, DEFAULT_WINDOW),
        start=start,
        end=end,
        dates=dates,
        rows=rows,
        others=others,
        total=total,
        measure="share of the window's total" if history.is_absolute else "mean of daily shares",
        citation=citation,
        published=published,
        missing=tuple(date for date in dates if date not in history.days),
        compared_to=earlier,
    )


def _window_before(
    history: History, start: dt.date, length: int | None
) -> tuple[dt.date, dt.date] | None:
    if length is None:
        return None
    first, last = start - ONE_DAY * length, start - ONE_DAY
    held = len(history.held(first, last))
    return (first, last) if held * 2 >= length else None


def _others_row(
    history: History, dates: tuple[dt.date, ...], rows: tuple[Row, ...], exact: RankedList | None
) -> Row | None:
    """Close the window's total and each of its days: others, and who is in no row."""
    named = {row.entity.key for row in rows}
    shares: list[float | None] = []
    figures: list[Quantity | None] = []
    for date in dates:
        day = history.days.get(date)
        rest = [value for value in whole(day) if value.entity not in named] if day else []
        shares.append(math.fsum(value.share_pct or 0 for value in rest) if rest else None)
        figures.append(sum(map(history.figure, rest)) if rest else None)
    if exact is not None and exact.others is not None:
        share, value = exact.others.share_pct, exact.others.value
    elif all(figure is None for figure in figures):
        return None
    else:
        value = sum(figure for figure in figures if figure is not None)
        share = percent(value, history.total(history.held(dates[0], dates[-1])))
    return Row(
        rank=0,
        previous_rank=None,
        entity=_entity(history.board, OTHERS),
        share_pct=share,
        share_high_pct=None,
        share_change_pp=None,
        value=value if history.is_absolute else None,
        newest_share_pct=shares[-1],
        history=tuple(shares),
        values=tuple(figures) if history.is_absolute else (None,) * len(dates),
    )


def _rest(standings: Mapping[str, Standing], days: list[Day]) -> float | None:
    """Give the share outside the list in a window before, None where nothing was outside."""
    if all(day.others is None for day in days):
        return None
    return 100 - math.fsum(standing.share_pct or 0 for standing in standings.values())


def _list_views(board: Board) -> Iterator[View]:
    """Show the newest list of each window a source publishes."""
    by_window: dict[Window | None, list[RankedList]] = {}
    for ranked in sorted(board.lists, key=lambda ranked: ranked.end):
        by_window.setdefault(ranked.window, []).append(ranked)
    longest = max(by_window, key=_length, default=None)
    default = DEFAULT_WINDOW if DEFAULT_WINDOW in by_window else longest
    for window, lists in by_window.items():
        *earlier, newest = lists
        yield _list_view(board, newest, earlier, _path(board, window, default))


def _length(window: Window | None) -> float:
    return (WINDOW_DAYS[window] if window else None) or math.inf


def _list_view(board: Board, newest: RankedList, earlier: list[RankedList], path: str) -> View:
    past = _list_before(newest, earlier)
    before = {entry.entity: entry for entry in past.entries} if past else {}
    seen = {entry.entity for ranked in earlier for entry in ranked.entries}

    def row(entry: RankedEntry) -> Row:
        then = before.get(entry.entity)
        return Row(
            rank=entry.rank,
            previous_rank=then.rank if then else None,
            entity=_entity(board, entry.entity),
            share_pct=entry.share_pct,
            share_high_pct=None,
            share_change_pp=_change(entry.share_pct, then.share_pct if then else None),
            value=entry.value,
            requests=entry.requests,
            tokens=entry.tokens,
            is_new=bool(earlier) and entry.rank > 0 and entry.entity not in seen,
        )

    others = newest.others
    has_shares = any(entry.share_pct is not None for entry in newest.entries)
    return View(
        board=board,
        window=newest.window,
        path=path,
        start=newest.start,
        end=newest.end,
        dates=(),
        rows=tuple(map(row, newest.entries)),
        others=row(dataclasses.replace(others, rank=0, entity=OTHERS)) if others else None,
        total=_list_total(newest),
        measure="share of the window's total" if has_shares else "rank only",
        citation=newest.citation,
        published=newest.published,
        compared_to=(past.start, past.end) if past else None,
    )


def _list_before(newest: RankedList, earlier: list[RankedList]) -> RankedList | None:
    length = WINDOW_DAYS[newest.window] if newest.window else None
    if length is not None:
        for ranked in earlier:
            if newest.end - ranked.end == ONE_DAY * length:
                return ranked
    return earlier[-1] if earlier else None


def _list_total(ranked: RankedList) -> Quantity | None:
    if ranked.others is None or ranked.others.value is None:
        return None
    return sum(entry.value or 0 for entry in ranked.entries) + ranked.others.value


def _entity(board: Board, key: str) -> Entity:
    if key == OTHERS:
        return Entity(kind=board.kind, key=OTHERS, name=ALL_OTHERS)
    return board.entities.get(key) or Entity(kind=board.kind, key=key, name=key)


def _change(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before


def _newest(held: list[Day | RankedList]) -> tuple[Citation, Published]:
    newest = max(held, key=lambda part: part.published.retrieved_at)
    return newest.citation, newest.published
