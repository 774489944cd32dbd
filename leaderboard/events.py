"""What happened on a board: who is new, who left, who leads now, who overtook whom.

An event belongs to the day on which it was established, from that day and earlier ones only:
a later day adds events and changes none, so their ids can be a feed's.
"""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from leaderboard.comparison.shares import day_shares, room_pct
from leaderboard.records import Board

SETTLING_DAYS: Final = 7
"""Calendar days from a board's first one on which everything would be new."""

PRESENT_DAYS: Final = 14
PRESENT_AT_LEAST: Final = 7
"""To have left, an entity was listed on so many of so many published days."""

ABSENT_DAYS: Final = 7
"""It is then outside the list on so many published days in a row."""

MEAN_DAYS: Final = 7
MEAN_AT_LEAST: Final = 4
"""Order is judged by the mean share of so many calendar days, with so many of them published."""

STAYS_DAYS: Final = 3
"""A new order is news when it has stayed for so many published days."""

TOP: Final = 10
"""Overtaking is news within so many first ranks."""

LOOKBACK_DAYS: Final = 28
"""An order that was undecided is compared with the last decided one, at most so far back."""

EventKind = Literal["new", "left", "number-one", "overtook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened on the board at *path*.

    *day* is when it was established, *since* when it began: the first day listed, the first
    day outside the list, the first day of the new order. *other* is who was overtaken or led
    before. *numbers*: ``rank`` and ``share_pct`` of the day for "new"; the same of the last
    day listed for "left"; ``mean_pct`` and ``other_mean_pct`` over seven days for the rest.
    *is_lower_bound*: the shares were added up from truncated lists.
    """

    id: str
    kind: EventKind
    source: str
    path: str
    day: dt.date
    since: dt.date
    entity: str
    other: str | None
    numbers: Mapping[str, float]
    is_lower_bound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """Mean shares around one published day; of who was outside the list, two bounds.

    *unlisted_pct* is the upper bound of who was never listed in these days; *top* are the
    highest lower bounds. *is_of_named*: who leads is asked among the listed only.
    """

    date: dt.date
    low_pct: Mapping[str, float]
    high_pct: Mapping[str, float]
    unlisted_pct: float
    top: tuple[str, ...]
    is_of_named: bool

    def is_ahead(self, one: str, other: str) -> bool:
        """Say whether *one* is ahead of *other* whatever happened outside the list."""
        return self.low_pct.get(one, 0.0) > self.high_pct.get(other, self.unlisted_pct)

    @property
    def leader(self) -> str | None:
        """Name who is ahead of everyone else (None: undecided)."""
        if not self.top:
            return None
        first = self.top[0]
        unseen = self.is_of_named or self.low_pct[first] > self.unlisted_pct
        return (
            first
            if unseen
            and all(self.is_ahead(first, other) for other in self.low_pct if other != first)
            else None
        )


def events(board: Board) -> tuple[Event, ...]:
    """List everything that happened on a board with daily data, newest day first.

    - new: listed for the first time, once the board has settled;
    - left: listed regularly, then outside the list for a week;
    - number-one: another entity leads by the seven-day mean, and stays;
    - overtook: two of the first ten changed places by the seven-day mean, and stay so. Who
      overtakes the leader is "number-one" and not told twice.

    An entity outside the list is between zero and what the list's end leaves room for (all
    others, where the list is not that day's own top or was added up); where that decides the
    order, there is no event. Where a list names the top of a whole request, others may hold
    more than anyone named: the number one is then that of the named. Nothing is known on a day
    that is missing.
    """
    if not board.days:
        return ()
    listed = [(day.date, day_shares(day)[0]) for day in board.days]
    orders = _orders(board)
    leads = list(_new_leaders(board, orders))
    told = {(event.day, event.entity, event.other) for event in leads}
    found = [
        *_new(board, listed),
        *_left(board, listed),
        *leads,
        *(
            event
            for event in _overtaken(board, orders)
            if (event.day, event.entity, event.other) not in told
        ),
    ]
    return tuple(sorted(found, key=lambda event: (-event.day.toordinal(), event.id)))


_Listed = list[tuple[dt.date, dict[str, float]]]


def _new(board: Board, listed: _Listed) -> Iterator[Event]:
    settled = listed[0][0] + dt.timedelta(days=SETTLING_DAYS)
    seen: set[str] = set()
    for date, shares in listed:
        if date >= settled:
            for entity in sorted(set(shares) - seen):
                yield _event(board, "new", date, date, entity, None, _place(shares, entity))
        seen |= set(shares)


def _left(board: Board, listed: _Listed) -> Iterator[Event]:
    for at in range(ABSENT_DAYS, len(listed)):
        absent = listed[at - ABSENT_DAYS + 1 : at + 1]
        before = listed[max(at - ABSENT_DAYS - PRESENT_DAYS + 1, 0) : at - ABSENT_DAYS + 1]
        last = before[-1][1]
        back = set().union(*(shares for _, shares in absent))
        for entity in sorted(set(last) - back):
            if sum(entity in shares for _, shares in before) >= PRESENT_AT_LEAST:
                since = absent[0][0]
                yield _event(
                    board, "left", listed[at][0], since, entity, None, _place(last, entity)
                )


def _orders(board: Board) -> list[_Order]:
    """Give the order around each published day that has enough published days before it."""
    days = [(day.date, *day_shares(day)) for day in board.days]
    found = []
    for at, (date, _, _) in enumerate(days):
        first = date - dt.timedelta(days=MEAN_DAYS - 1)
        recent = [day for day in days[max(at - MEAN_DAYS + 1, 0) : at + 1] if day[0] >= first]
        if len(recent) < MEAN_AT_LEAST:
            continue
        rooms = [_room(board, shares, others_pct) for _, shares, others_pct in recent]
        entities = sorted({entity for _, shares, _ in recent for entity in shares})
        low = {
            entity: math.fsum(shares.get(entity, 0.0) for _, shares, _ in recent) / len(recent)
            for entity in entities
        }
        high = {
            entity: math.fsum(
                shares.get(entity, room) for (_, shares, _), room in zip(recent, rooms, strict=True)
            )
            / len(recent)
            for entity in entities
        }
        found.append(
            _Order(
                date=date,
                low_pct=low,
                high_pct=high,
                unlisted_pct=math.fsum(rooms) / len(rooms),
                top=tuple(sorted(entities, key=lambda entity: (-low[entity], entity))[:TOP]),
                is_of_named=board.cut == "request",
            )
        )
    return found


def _room(board: Board, shares: Mapping[str, float], others_pct: float) -> float:
    """Bound from above what one entity outside a day's list can have had."""
    if board.is_lower_bound or board.cut == "request":
        return others_pct
    return room_pct(shares.values(), others_pct)


def _new_leaders(board: Board, orders: list[_Order]) -> Iterator[Event]:
    champion: str | None = None
    leaders = [order.leader for order in orders]
    for at in range(STAYS_DAYS - 1, len(orders)):
        held = orders[at - STAYS_DAYS + 1 : at + 1]
        leader = leaders[at]
        if leader is None or set(leaders[at - STAYS_DAYS + 1 : at]) - {leader}:
            continue
        if champion not in (None, leader):
            yield _turn(board, "number-one", held, leader, champion)
        champion = leader


def _overtaken(board: Board, orders: list[_Order]) -> Iterator[Event]:
    for at in range(STAYS_DAYS, len(orders)):
        held = orders[at - STAYS_DAYS + 1 : at + 1]
        before = orders[: at - STAYS_DAYS + 1]
        for place, one in enumerate(held[-1].top):
            for other in held[-1].top[place + 1 :]:
                if not all(order.is_ahead(one, other) for order in held):
                    continue
                if before[-1].is_ahead(one, other):
                    continue  # nothing new, or told on an earlier day
                if _was_ahead(before, held[0].date, other, one):
                    yield _turn(board, "overtook", held, one, other)


def _was_ahead(before: list[_Order], until: dt.date, one: str, other: str) -> bool:
    """Say whether *one* was ahead when the order last stayed as long as news has to."""
    first = until - dt.timedelta(days=LOOKBACK_DAYS)
    stayed, leading = 0, None
    for order in reversed([order for order in before if order.date >= first]):
        ahead = one if order.is_ahead(one, other) else other if order.is_ahead(other, one) else None
        stayed = stayed + 1 if ahead == leading else 1
        leading = ahead
        if leading is not None and stayed == STAYS_DAYS:
            return leading == one
    return False


def _turn(
    board: Board, kind: EventKind, held: list[_Order], entity: str, other: str | None
) -> Event:
    newest = held[-1]
    numbers = {"mean_pct": newest.low_pct[entity]}
    if other is not None and other in newest.low_pct:
        numbers["other_mean_pct"] = newest.low_pct[other]
    return _event(board, kind, newest.date, held[0].date, entity, other, numbers)


def _place(shares: Mapping[str, float], entity: str) -> dict[str, float]:
    own = shares[entity]
    return {"rank": 1 + sum(share > own for share in shares.values()), "share_pct": own}


def _event(
    board: Board,
    kind: EventKind,
    day: dt.date,
    since: dt.date,
    entity: str,
    other: str | None,
    numbers: Mapping[str, float],
) -> Event:
    who = entity if other is None else f"{entity}:{other}"
    return Event(
        id=f"{board.path}/{day.isoformat()}/{kind}/{who}",
        kind=kind,
        source=board.source,
        path=board.path,
        day=day,
        since=since,
        entity=entity,
        other=other,
        numbers=numbers,
        is_lower_bound=board.is_lower_bound,
    )
