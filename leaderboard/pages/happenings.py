"""What happened on a board, in words that say no more than the figures do."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.events import ABSENT_DAYS, MEAN_DAYS, Event, EventKind, events
from leaderboard.pages import paths
from leaderboard.records import (
    OTHERS,
    Board,
    Citation,
    DailyValue,
    Day,
    Entity,
    RankedList,
    Reading,
)

PATH: Final = "changes"
"""Where the pages of what happened are."""

FIRST_APPS: Final = 100
"""So many apps of a day's list are watched: what follows is not fetched for every day."""

KIND_NAMES: Final[Mapping[EventKind, str]] = {
    "number-one": "New number one",
    "overtook": "Overtook",
    "new": "New",
    "left": "Outside the list",
}
LOWER_BOUND: Final = (
    "≥ marks a lower bound: the figures are added up from a list that is cut off, and the order "
    "is that of what is listed."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event with its words: a *headline* for everyone, a *detail* with the numbers.

    *citation* is that of the day on which the event was established. *notes* are the caveats
    that go with it.
    """

    event: Event
    board: Board
    gateway: str
    entity: Entity
    other: Entity | None
    headline: str
    detail: str
    citation: Citation
    notes: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The event's place on its page, which no later build changes."""
        return paths.slug(self.event.id)

    @property
    def month(self) -> str:
        """The month it belongs to, written as in addresses."""
        return f"{self.event.day:%Y-%m}"

    @property
    def page(self) -> str:
        """The page on which it stays: its month's."""
        return f"{PATH}/{self.month}"

    @property
    def moment(self) -> dt.datetime:
        """When it was established: the end of its day."""
        return dt.datetime.combine(self.event.day, dt.time(), dt.UTC) + dt.timedelta(days=1)


def watched(reading: Reading) -> tuple[Board, ...]:
    """Choose the boards whose events are told: models and labs by tokens, and apps.

    Of models and labs the whole rather than a part, where a gateway ranks both. Of apps the
    gateway's own order, where it publishes one for every day; it comes back with these days.
    """
    chosen = []
    for kind in ("model", "lab"):
        daily = [board for board in reading.boards if board.kind == kind and board.days]
        if daily:
            chosen.append(min(daily, key=_remoteness))
    for board in reading.boards:
        if board.kind == "app" and board.order is None and not board.is_reranked:
            days = tuple(_day(one) for one in board.lists if one.window == "1d" and one.entries)
            if days:
                chosen.append(dataclasses.replace(board, days=days, lists=()))
    return tuple(chosen)


def happenings(reading: Reading, board: Board) -> Iterator[Happening]:
    """Tell everything that happened on a watched board, newest day first."""
    citations = {day.date: day.citation for day in board.days}
    for event in events(board):
        entity = _entity(board, event.entity)
        other = None if event.other is None else _entity(board, event.other)
        yield Happening(
            event=event,
            board=board,
            gateway=reading.name,
            entity=entity,
            other=other,
            headline=_headline(event.kind, board, entity, other),
            detail=_detail(event, board, reading.name),
            citation=citations[event.day],
            notes=notes(board, reading.name),
        )


def notes(board: Board, gateway: str) -> tuple[str, ...]:
    """Give the caveats without which a board's events must not be told."""
    found = [LOWER_BOUND] if board.is_lower_bound else []
    if board.cut == "request":
        found.append(
            f"{gateway} names only the top of each calendar month: names come and go at its turn, "
            "and who leads is said of the named."
        )
    if board.kind == "app":
        found.append(
            f"Watched are the first {FIRST_APPS} apps of each day; shares are of their tokens "
            "together, because the list has no total."
        )
    return (*found, *board.caveats[:1])


def name(entity: Entity) -> str:
    """Name an entity as a person reads it."""
    return words.named(entity.name, entity.key)


def _remoteness(board: Board) -> tuple[bool, int, str]:
    order = {None: 0, "all": 1, "text": 2}
    return board.metric != "tokens", order.get(board.scope, 3), board.path


def _day(ranked: RankedList) -> Day:
    """See a day's ranked list without total as a day of shares among its first entries.

    Whoever is not among them had at most as much as the last one, which is all that others
    say here.
    """
    first = [entry for entry in ranked.entries[:FIRST_APPS] if entry.value is not None]
    total = sum(entry.value or 0 for entry in first) or 1
    values = tuple(
        DailyValue(
            date=ranked.end,
            entity=entry.entity,
            value=entry.value,
            share_pct=float(100 * (entry.value or 0) / total),
        )
        for entry in first
    )
    return Day(
        date=ranked.end,
        values=values,
        others=dataclasses.replace(values[-1], entity=OTHERS) if values else None,
        published=ranked.published,
        citation=ranked.citation,
    )


def _entity(board: Board, key: str) -> Entity:
    return board.entities.get(key) or Entity(kind=board.kind, key=key, name=key)


def _headline(kind: EventKind, board: Board, entity: Entity, other: Entity | None) -> str:
    who = name(entity)
    if kind == "new":
        return f"{who} is new in the list"
    if kind == "left":
        return f"{who} is outside the published list"
    if kind == "overtook" and other is not None:
        return f"{who} overtook {name(other)}"
    of = " of those named" if board.cut == "request" else ""
    before = f", before {name(other)}" if other is not None else ""
    return f"{who} is the new number one{of}{before}"


def _detail(event: Event, board: Board, gateway: str) -> str:
    numbers, is_bound = event.numbers, event.is_lower_bound
    if event.kind in ("new", "left"):
        (share,) = _percents([numbers["share_pct"]], is_bound=is_bound)
        place = f"rank {numbers['rank']:.0f}, {share} of {_measure(board)}"
        if event.kind == "new":
            return f"{_first_time(board, gateway)}: {place}."
        return (
            f"{_gone(board, gateway, event.since)}, {ABSENT_DAYS} days in a row; before, {place}."
        )
    means = [numbers["mean_pct"]]
    if "other_mean_pct" in numbers:
        means.append(numbers["other_mean_pct"])
    own, *others = _percents(means, is_bound=is_bound)
    against = f" against {others[0]}" if others else ", the other not listed"
    return (
        f"{own} of {_measure(board)}{against}, {MEAN_DAYS}-day means; ahead since "
        f"{words.day(event.since)}."
    )


def _first_time(board: Board, gateway: str) -> str:
    if board.is_lower_bound:
        return "First time that a model of it is in the published list"
    if board.cut == "request":
        return f"First time that {gateway} names it"
    if board.kind == "app":
        return f"First time among the first {FIRST_APPS}"
    return "First time in the published list"


def _gone(board: Board, gateway: str, since: dt.date) -> str:
    day = words.day(since)
    if board.is_lower_bound:
        return f"No model of it is in the published list since {day}"
    if board.cut == "request":
        return f"Not named by {gateway} since {day}"
    if board.kind == "app":
        return f"Not among the first {FIRST_APPS} since {day}"
    return f"Outside the published list since {day}"


def _measure(board: Board) -> str:
    metric = words.METRIC_NAMES[board.metric]
    if board.kind == "app":
        return f"the {metric} of the first {FIRST_APPS}"
    return metric if board.scope in {None, "all"} else f"{board.scope} {metric}"


def _percents(shares: Sequence[float], *, is_bound: bool) -> list[str]:
    """Print shares to one decimal, or to as many as tell them apart."""
    texts = [words.percent(share, is_lower_bound=is_bound) for share in shares]
    bound = f"≥{words.NBSP}" if is_bound else ""
    places = 2
    while len(set(texts)) < len(set(shares)) and places < 16:
        texts = [f"{bound}{share:.{places}f}{words.NBSP}%" for share in shares]
        places += 1
    return texts
