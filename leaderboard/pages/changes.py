"""The pages of what happened: the newest days, and each month, of all gateways and of each."""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.events import EventKind
from leaderboard.pages import feeds, happenings, headlines
from leaderboard.pages.cards import Build
from leaderboard.pages.happenings import PATH, Happening
from leaderboard.pages.page import Page
from leaderboard.pages.switches import Choice, Switch
from leaderboard.records import Board, Citation, Reading

NEWEST_DAYS: Final = 30
"""The first page shows so many days up to the newest; months show the rest."""

_WEIGHT: Final[dict[EventKind, int]] = {"number-one": 0, "overtook": 1, "new": 2, "left": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A happening as it is printed; *link* is its entity's page (None: it has none)."""

    happening: Happening
    kind_name: str
    board_name: str
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A board whose events are told, and since when its days are held."""

    gateway: str
    name: str
    path: str
    since: dt.date
    through: dt.date
    citation: Citation


def news(readings: Sequence[Reading]) -> tuple[Happening, ...]:
    """Tell everything that happened at all gateways, newest day first, leaders before others."""
    found = [
        happening
        for reading in readings
        for board in happenings.watched(reading)
        for happening in happenings.happenings(reading, board)
    ]
    # The sort keeps the order of gateways and boards where all else is equal.
    return tuple(
        sorted(
            found,
            key=lambda one: (
                -one.event.day.toordinal(),
                _WEIGHT[one.event.kind],
                -one.event.numbers.get("mean_pct", one.event.numbers.get("share_pct", 0.0)),
                one.event.id,
            ),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What all pages are made from, gathered once: months are by gateway."""

    build: Build
    readings: Sequence[Reading]
    boards: Mapping[str, Sequence[Board]]
    months: Mapping[str, frozenset[str]]

    def shown(self, only: Reading | None) -> Sequence[Reading]:
        """Give one gateway, or all."""
        return self.readings if only is None else (only,)

    def watched(self, only: Reading | None) -> list[Watched]:
        """Give the boards watched at one gateway, or at all."""
        return [
            _watched(reading, board)
            for reading in self.shown(only)
            for board in self.boards[reading.source]
        ]


def changes(build: Build) -> Iterator[Page]:
    """Give the pages of what happened, first those of all gateways together."""
    boards = {reading.source: happenings.watched(reading) for reading in build.readings}
    months: dict[str, set[str]] = {source: set() for source in boards}
    for one in build.news:
        months[one.event.source].add(one.month)
    desk = _Desk(
        build=build,
        readings=[reading for reading in build.readings if boards[reading.source]],
        boards=boards,
        months={source: frozenset(found) for source, found in months.items()},
    )
    for only in (None, *desk.readings):
        yield from _family(desk, only)


def _family(desk: _Desk, only: Reading | None) -> Iterator[Page]:
    """Give the newest page and the months' of one gateway, or of all."""
    own = [one for one in desk.build.news if only is None or one.event.source == only.source]
    newest = max((board.through for board in desk.watched(only)), default=None)
    first = None if newest is None else newest - dt.timedelta(days=NEWEST_DAYS - 1)
    recent = [one for one in own if first is not None and one.event.day >= first]
    when = words.span(first, newest) if newest else ""
    by_month = {month: list(group) for month, group in itertools.groupby(own, lambda o: o.month)}
    yield _page(desk, only, None, when, recent, list(by_month))
    for month, told in by_month.items():
        yield _page(desk, only, month, words.month(_first_day(month)), told, list(by_month))


def _page(
    desk: _Desk,
    only: Reading | None,
    month: str | None,
    when: str,
    told: Sequence[Happening],
    months: Sequence[str],
) -> Page:
    heading = f"What changed at {only.name if only else 'the gateways'}"
    watched = desk.watched(only)
    return Page(
        path=_path(only, month),
        template="changes.html",
        title=f"{heading}, {when}" if month else heading,
        description=(
            f"{heading}{f', {when}' if when else ''}: who is new, who is outside the list, who "
            "leads, who overtook whom; each with its day and numbers."
        ),
        context={
            "heading": heading,
            "when": f"{when}, UTC" if when else None,
            "days": [
                (day, [_told(desk.build, one) for one in group])
                for day, group in itertools.groupby(told, key=lambda one: one.event.day)
            ],
            "gateways": _gateways(desk, only, month),
            "months": _months(only, month, months),
            "newest": _path(only, None) if month else None,
            "watched": watched,
            "caveats": _caveats(desk, only),
            "citations": _citations(told, watched),
            "feed": feeds.of_gateway(desk.build, only),
            "files": [(r.name, feeds.csv_path(r.source)) for r in desk.shown(only)],
        },
        modified=max((one.event.day for one in told), default=None),
    )


def _told(build: Build, happening: Happening) -> Told:
    event = happening.event
    return Told(
        happening=happening,
        kind_name=happenings.KIND_NAMES[event.kind],
        board_name=f"{happening.gateway}, {_lower(headlines.board_name(happening.board))}",
        link=build.register.places.of(event.source, happening.entity),
    )


def _watched(reading: Reading, board: Board) -> Watched:
    return Watched(
        gateway=reading.name,
        name=_lower(headlines.board_name(board)),
        path=board.path,
        since=board.days[0].date,
        through=board.days[-1].date,
        citation=board.days[-1].citation,
    )


def _gateways(desk: _Desk, only: Reading | None, month: str | None) -> Switch:
    """Give the same days of the other gateways; where they have none, their newest."""

    def choice(reading: Reading | None) -> Choice:
        has_month = any(month in desk.months[one.source] for one in desk.shown(reading))
        return Choice(
            label="All" if reading is None else reading.name,
            path=_path(reading, month if has_month else None),
            is_current=reading is only,
        )

    return Switch(label="Gateway", choices=tuple(map(choice, (None, *desk.readings))))


def _months(
    only: Reading | None, month: str | None, months: Sequence[str]
) -> list[tuple[str, list[Choice]]]:
    """Give all months by year, the newest first."""
    return [
        (
            year,
            [
                Choice(
                    label=words.month(_first_day(one)).partition(" ")[0],
                    path=_path(only, one),
                    is_current=one == month,
                )
                for one in group
            ],
        )
        for year, group in itertools.groupby(months, key=lambda one: one[:4])
    ]


def _caveats(desk: _Desk, only: Reading | None) -> list[str]:
    """Give what must be said of each gateway's figures, each thing once."""
    found = [
        note if note == happenings.LOWER_BOUND else f"{reading.name}: {note}"
        for reading in desk.shown(only)
        for board in desk.boards[reading.source]
        for note in happenings.notes(board, reading.name)
    ]
    return list(dict.fromkeys(found))


def _citations(told: Sequence[Happening], watched: Sequence[Watched]) -> list[Citation]:
    """Give the credit of everything told, newest first; of what is watched, where nothing is."""
    used = [one.citation for one in told] or [board.citation for board in watched]
    return list({citation.url: citation for citation in reversed(used)}.values())


def _path(reading: Reading | None, month: str | None) -> str:
    return "/".join(part for part in (PATH, reading and reading.source, month) if part)


def _first_day(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
