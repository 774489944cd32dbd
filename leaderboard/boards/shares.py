"""Shares of every day and list, and lab boards added up from model boards."""

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from leaderboard.boards.requests import by_requests
from leaderboard.records import (
    OTHERS,
    Board,
    DailyValue,
    Day,
    Entity,
    Quantity,
    RankedEntry,
    RankedList,
    Reading,
)

ROUNDING_PCT: Final = 0.01
"""Published shares carry four decimals: thirty of them may miss 100 by less than this."""


def derive(reading: Reading) -> Reading:
    """Complete a source's boards: every share, every rest, labs and requests it does not rank.

    A share is percent of everything, what lies outside the list included. Deriving twice
    changes nothing.
    """
    boards = tuple(map(_completed, reading.boards))
    return dataclasses.replace(reading, boards=(*boards, *_rolled_up(boards), *by_requests(boards)))


def percent(part: Quantity, whole: Quantity) -> float | None:
    """Divide once, after exact arithmetic; a share of nothing is not known."""
    return float(100 * part / whole) if whole else None


def _completed(board: Board) -> Board:
    return dataclasses.replace(
        board,
        days=tuple(map(_completed_day, board.days)),
        lists=tuple(map(_completed_list, board.lists)),
    )


def _completed_day(day: Day) -> Day:
    everything = (*day.values, *((day.others,) if day.others else ()))
    figures = [entry.value for entry in everything if entry.value is not None]
    others = day.others
    if figures and len(figures) == len(everything):
        total = sum(figures)
        shares = {id(entry): percent(entry.value or 0, total) for entry in everything}
        values = [dataclasses.replace(v, share_pct=shares[id(v)]) for v in day.values]
        if others:
            others = dataclasses.replace(others, share_pct=shares[id(others)])
    else:
        values = list(day.values)
        rest = 100 - math.fsum(v.share_pct or 0 for v in values)
        if others is None and values and rest > ROUNDING_PCT:
            others = DailyValue(date=day.date, entity=OTHERS, value=None, share_pct=round(rest, 4))
    values.sort(key=_descending)
    return dataclasses.replace(day, values=tuple(values), others=others)


def _descending(value: DailyValue) -> tuple[Quantity | float, str]:
    figure = value.value if value.value is not None else value.share_pct
    return -(figure or 0), value.entity


def _completed_list(ranked: RankedList) -> RankedList:
    entries = sorted(ranked.entries, key=lambda entry: (entry.rank, entry.entity))
    figures = [entry.value for entry in entries if entry.value is not None]
    others = ranked.others
    if others is None or others.value is None or len(figures) < len(entries):
        return dataclasses.replace(ranked, entries=tuple(entries))
    total = sum(figures) + others.value

    def shared(entry: RankedEntry) -> RankedEntry:
        return dataclasses.replace(entry, share_pct=percent(entry.value or 0, total))

    return dataclasses.replace(ranked, entries=tuple(map(shared, entries)), others=shared(others))


def _rolled_up(boards: tuple[Board, ...]) -> Iterator[Board]:
    """Add up labs from the daily models of a metric whose labs the source does not publish."""
    published = {(board.metric, board.scope) for board in boards if board.kind == "lab"}
    for board in boards:
        is_wanted = board.kind == "model" and (board.metric, board.scope) not in published
        if is_wanted and any(v.value is not None for day in board.days for v in day.values):
            yield _labs_board(board)


def _labs_board(models: Board) -> Board:
    named = {e.lab: e.lab_name or e.lab for e in models.entities.values() if e.lab is not None}
    longest = max(len(day.values) for day in models.days)
    return dataclasses.replace(
        models,
        kind="lab",
        path="/".join("labs" if part == "models" else part for part in models.path.split("/")),
        entities={
            lab: Entity(kind="lab", key=lab, name=name, lab=lab, lab_name=name)
            for lab, name in sorted(named.items())
        },
        days=tuple(_labs_day(day, models) for day in models.days),
        lists=(),
        is_lower_bound=True,
        caveats=(
            *models.caveats,
            f"Labs are added up from each day's listed models (at most {longest} a day). Models "
            "below the list belong to labs too, so each figure is a lower bound, written “≥”.",
        ),
    )


def _labs_day(day: Day, models: Board) -> Day:
    figures: defaultdict[str, list[Quantity]] = defaultdict(list)
    for value in day.values:
        entity = models.entities.get(value.entity)
        lab = entity.lab if entity and entity.lab is not None else OTHERS
        figures[lab].append(value.value or 0)
    if day.others is not None:
        figures[OTHERS].append(day.others.value or 0)
    totals: dict[str, Quantity] = {lab: sum(parts) for lab, parts in figures.items()}
    whole = sum(totals.values())
    rows = [
        DailyValue(date=day.date, entity=lab, value=total, share_pct=percent(total, whole))
        for lab, total in totals.items()
    ]
    return dataclasses.replace(
        day,
        values=tuple(sorted((row for row in rows if row.entity != OTHERS), key=_descending)),
        others=next((row for row in rows if row.entity == OTHERS), None),
    )
