"""The crosswalk: which name at one gateway is which model, by which rule, and how much of
each gateway's volume that covers.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from leaderboard.catalog.identity import Identity
from leaderboard.catalog.rules import Match, Rule
from leaderboard.records import OTHERS, Board, DailyValue, RankedEntry, Reading

RECENT_DAYS = 30

_Window = tuple[dt.date, dt.date]  # first and last day; a single day is both
_Part = tuple[_Window, Sequence[DailyValue | RankedEntry], DailyValue | RankedEntry | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosswalkRow:
    """One name at one gateway, and what it stands for (None: unmatched).

    It was listed from *first_listed* to *last_listed*; what it stands for holds from
    *valid_from* to *valid_to* (None: without limit). *share_pct* is its part of the gateway's
    newest 30 days, 0 where it was not listed in them.
    """

    source: str
    name: str
    label: str | None
    model: str | None
    lab: str | None
    rule: Rule | None
    flags: tuple[str, ...]
    reason: str | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    first_listed: dt.date
    last_listed: dt.date
    share_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of one gateway's newest 30 days is matched, in percent of all its volume.

    What is outside its lists (others) is neither *matched_pct* nor *unmatched_pct*.
    """

    source: str
    start: dt.date
    end: dt.date
    matched_pct: float
    unmatched_pct: float

    @property
    def of_listed_pct(self) -> float | None:
        """The matched part of the listed volume; None where nothing is listed."""
        listed = self.matched_pct + self.unmatched_pct
        return 100 * self.matched_pct / listed if listed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """All names of all gateways; *rows* by source, then by size, then by name."""

    rows: tuple[CrosswalkRow, ...]
    coverage: tuple[Coverage, ...]

    @property
    def unmatched(self) -> tuple[CrosswalkRow, ...]:
        """The names that stand for nothing, by source and size."""
        return tuple(row for row in self.rows if row.model is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A name whose match differs between two identities on *date*."""

    source: str
    name: str
    label: str | None
    date: dt.date
    before: Match
    after: Match

    @property
    def kind(self) -> Literal["gained", "lost", "moved"]:
        """What happened to the match."""
        if self.before.model is None:
            return "gained"
        return "lost" if self.after.model is None else "moved"


def crosswalk(identity: Identity, readings: Iterable[Reading]) -> Crosswalk:
    """Match every name that any gateway's model boards ever listed.

    *readings* are as read from the snapshots: the labels the gateways sent decide.
    """
    rows: list[CrosswalkRow] = []
    coverage: list[Coverage] = []
    for reading in readings:
        yardstick = _yardstick(reading)
        shares = _shares(yardstick) if yardstick else {}
        found: dict[tuple[str, str | None, Match], _Sum] = defaultdict(_Sum)
        for window, names in _listed(reading).items():
            matches = identity.matches(reading.source, names.items(), window[1], since=window[0])
            for name, match in matches.items():
                found[name, names[name], match].add(window, shares.get((window, name), 0.0))
        own = [_row(reading.source, *key, listed) for key, listed in found.items()]
        rows += sorted(own, key=lambda row: (-row.share_pct, row.name, row.first_listed))
        if shares:
            matched = sum(row.share_pct for row in own if row.model is not None)
            coverage.append(
                Coverage(
                    source=reading.source,
                    start=min(window[0] for window, _ in shares),
                    end=max(window[1] for window, _ in shares),
                    matched_pct=matched,
                    unmatched_pct=sum(row.share_pct for row in own) - matched,
                )
            )
    return Crosswalk(rows=tuple(rows), coverage=tuple(coverage))


def changed(
    before: Identity, after: Identity, readings: Iterable[Reading] = ()
) -> tuple[Change, ...]:
    """Report every name that stands for another model, lab or variant after than before.

    Looked at are all names that *readings* list, on every day they do, and all that the
    catalogues of *before* know. A match that only changed its rule is not a change.
    """
    found: dict[tuple[str, str, str | None, Match], Change] = {}
    for source, name, label, date in _names(before, readings):
        one, other = (side.match(source, name, label, date) for side in (before, after))
        if (one.model, one.lab, one.flags) != (other.model, other.lab, other.flags):
            change = Change(
                source=source, name=name, label=label, date=date, before=one, after=other
            )
            found.setdefault((source, name, label, other), change)
    return tuple(found.values())


class _Sum:
    """When a name was listed, and its share."""

    def __init__(self) -> None:
        self.first, self.last, self.share_pct = dt.date.max, dt.date.min, 0.0

    def add(self, window: _Window, share_pct: float) -> None:
        # A list of many days says only that a name was in it by the last of them.
        self.first, self.last = min(self.first, window[1]), max(self.last, window[1])
        self.share_pct += share_pct


def _row(source: str, name: str, label: str | None, match: Match, listed: _Sum) -> CrosswalkRow:
    return CrosswalkRow(
        source=source,
        name=name,
        label=label,
        model=match.model,
        lab=match.lab,
        rule=match.rule,
        flags=match.flags,
        reason=match.reason,
        valid_from=match.valid_from,
        valid_to=match.valid_to,
        first_listed=listed.first,
        last_listed=listed.last,
        share_pct=listed.share_pct,
    )


def _listed(reading: Reading) -> dict[_Window, dict[str, str | None]]:
    """List the names and labels of each day and each ranked window, oldest first."""
    listed: dict[_Window, dict[str, str | None]] = defaultdict(dict)
    for board in reading.boards:
        if board.kind != "model":
            continue
        for day in board.days:
            for value in day.values:
                listed[day.date, day.date][value.entity] = _label(board, value.entity)
        for ranked in board.lists:
            window = (ranked.start or ranked.end, ranked.end)
            for entry in ranked.entries:
                listed[window][entry.entity] = _label(board, entry.entity)
    return {
        window: {name: label for name, label in listed[window].items() if name != OTHERS}
        for window in sorted(listed, key=lambda window: (window[1], window[0]))
    }


def _label(board: Board, key: str) -> str | None:
    entity = board.entities.get(key)
    return entity.name if entity and entity.name != key else None


def _yardstick(reading: Reading) -> Board | None:
    """Choose the board by which a gateway's volume is measured: tokens, daily, all of it."""
    boards = [board for board in reading.boards if board.kind == "model"]
    return min(
        (board for board in boards if board.days or board.lists),
        key=lambda board: (
            board.metric != "tokens",
            not board.days,
            board.scope not in (None, "all"),
            board.path,
        ),
        default=None,
    )


def _shares(board: Board) -> dict[tuple[_Window, str], float]:
    """Split the newest 30 days of *board* (its newest list, where it has no days) by name.

    The shares of all windows and names add up to at most 100.
    """
    if board.days:
        newest = max(day.date for day in board.days)
        start = newest - dt.timedelta(days=RECENT_DAYS - 1)
        listings: list[_Part] = [
            ((day.date, day.date), day.values, day.others)
            for day in board.days
            if day.date >= start
        ]
    else:
        ranked = max(board.lists, key=lambda ranked: (ranked.end, ranked.start or ranked.end))
        listings = [((ranked.start or ranked.end, ranked.end), ranked.entries, ranked.others)]
    everything = [item for _, items, others in listings for item in (*items, others) if item]
    if all(item.value is not None for item in everything):
        total = sum(Fraction(item.value or 0) for item in everything) or Fraction(1)
        return {
            (window, item.entity): float(100 * Fraction(item.value or 0) / total)
            for window, items, _ in listings
            for item in items
        }
    return {
        (window, item.entity): (item.share_pct or 0.0) / len(listings)
        for window, items, _ in listings
        for item in items
    }


def _names(
    identity: Identity, readings: Iterable[Reading]
) -> Iterator[tuple[str, str, str | None, dt.date]]:
    for source, catalogue in identity.catalogues.items():
        for listing in catalogue.listings:
            for seen in listing.labels:
                yield source, listing.id, seen.name, seen.last_seen
                yield source, seen.name, None, seen.last_seen
                if seen.canonical_slug:
                    yield source, seen.canonical_slug, seen.name, seen.last_seen
    for reading in readings:
        for (_, end), names in _listed(reading).items():
            for name, label in names.items():
                yield reading.source, name, label, end
