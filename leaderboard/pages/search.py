"""What can be found: every board and every entity, as a small index and as a page of links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from leaderboard import words
from leaderboard.pages import cards, headlines, paths
from leaderboard.pages.cards import Build
from leaderboard.pages.downloads import API, SIMULATED, Document, json_bytes
from leaderboard.pages.page import Page
from leaderboard.records import Board, Entity, Kind, Reading, Row, View

INDEX: Final = f"{API}/search.json"
BROWSE: Final = "browse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something to find: its name, what it is, where it is.

    *anchor* is a row of the page at *path* (None: the page itself). *weight* orders what
    matches a question equally well: small is first.
    """

    kind: Kind | None
    name: str
    note: str
    path: str
    anchor: str | None
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What begins alike, under its letter."""

    letter: str
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """All entities of one kind."""

    kind: Kind
    name: str
    letters: tuple[Letter, ...]


def document(build: Build) -> Document:
    """Write the index that a reader's browser searches: names, what they are, where.

    Each entry is ``[name, note, page, anchor]``, with *page* a place in ``pages``; the most
    prominent come first.
    """
    found = [*boards(build), *entities(build)]
    pages = list(dict.fromkeys(one.path for one in found))
    place = {path: number for number, path in enumerate(pages)}
    content = {
        "kind": "search",
        "version": 1,
        "simulated": build.edition.simulated,
        "simulated_notice": SIMULATED if build.edition.simulated else None,
        "pages": [paths.address_of(path) for path in pages],
        "entries": [
            [one.name, one.note, place[one.path], *([one.anchor] if one.anchor else [])]
            for one in sorted(found, key=lambda one: (one.weight, one.name))
        ],
    }
    return Document(path=INDEX, body=json_bytes(content))


def page(build: Build) -> Page:
    """Give the page that lists everything there is to find, for readers without script too."""
    shelves = []
    ordered = sorted(entities(build), key=lambda one: (_kind(one), *_alphabetical(one)))
    for kind, found in groupby(ordered, key=_kind):
        letters = tuple(
            Letter(letter=letter, found=tuple(same))
            for letter, same in groupby(found, key=lambda one: _alphabetical(one)[0])
        )
        known = list(headlines.KIND_NAMES)[kind]
        shelves.append(
            Shelf(kind=known, name=headlines.KIND_NAMES[known].capitalize(), letters=letters)
        )
    return Page(
        path=BROWSE,
        template="browse.html",
        title="All boards and names",
        description="Every board of this site, and every model, lab, app and provider on them.",
        context={
            "gateways": [
                (reading, [board for board in boards(build) if board.path.startswith(start)])
                for reading in build.readings
                if (start := f"{reading.source}/")
                and any(build.views[board.path] for board in reading.boards)
            ],
            "shelves": shelves,
        },
    )


def boards(build: Build) -> tuple[Found, ...]:
    """Give every gateway and every board that has anything to show."""
    found = []
    for reading in build.readings:
        found.append(
            Found(
                kind=None,
                name=reading.name,
                note="Gateway",
                path=reading.source,
                anchor=None,
                weight=-2,
            )
        )
        found += [
            Found(
                kind=None,
                name=headlines.board_name(board),
                note=f"Board, {reading.name}",
                path=build.views[board.path][0].path,
                anchor=None,
                weight=-1,
            )
            for board in reading.boards
            if build.views[board.path]
        ]
    return tuple(found)


def entities(build: Build) -> tuple[Found, ...]:
    """Give every model, lab, app and provider in a list, each once for each place it has.

    Its place is the page about it, else its row on a board of its gateway: the whole one
    before those of a part, the default window before others.
    """
    first: dict[tuple[str, str | None], Found] = {}
    gateways: dict[tuple[str, str | None], list[str]] = {}
    for reading in build.readings:
        for view, row in _rows(build, reading):
            one = _found(build, view, row)
            place = (one.path, one.anchor)
            first.setdefault(place, one)
            names = gateways.setdefault(place, [])
            if reading.name not in names:
                names.append(reading.name)
    return tuple(_noted(one, gateways[place]) for place, one in first.items())


def _rows(build: Build, reading: Reading) -> Iterator[tuple[View, Row]]:
    """Give each of a gateway's entities once, in the view that stands for it best."""
    seen: set[tuple[Kind, str]] = set()
    ordered = sorted(reading.boards, key=_prominence)
    for board in ordered:
        for view in build.views[board.path]:
            for row in view.rows:
                if (board.kind, row.entity.key) not in seen:
                    seen.add((board.kind, row.entity.key))
                    yield view, row


def _prominence(board: Board) -> tuple[bool, int, bool]:
    return board.is_reranked, cards.wholeness(board), board.metric != "tokens"


def _found(build: Build, view: View, row: Row) -> Found:
    entity = row.entity
    own = build.register.places.of(view.board.source, entity)
    return Found(
        kind=entity.kind,
        name=words.named(entity.name, entity.key),
        note=_what(entity),
        path=own or view.path,
        anchor=None if own else paths.slug(entity.key),
        weight=row.rank,
    )


def _what(entity: Entity) -> str:
    lab = words.named(entity.lab_name or "", "") if entity.kind == "model" else ""
    return f"{entity.kind.capitalize()}{f' by {lab}' if lab else ''}"


def _noted(one: Found, gateways: Sequence[str]) -> Found:
    return Found(
        kind=one.kind,
        name=one.name,
        note=f"{one.note}, {words.listing(list(gateways))}",
        path=one.path,
        anchor=one.anchor,
        weight=one.weight,
    )


def _kind(one: Found) -> int:
    return list(headlines.KIND_NAMES).index(one.kind) if one.kind else -1


def _alphabetical(one: Found) -> tuple[str, str, str, str]:
    """Order by what a reader sees; all that begins with no Latin letter comes first."""
    name = one.name.strip().casefold()
    letter = name[:1].upper() if "a" <= name[:1] <= "z" else "0–9"
    return letter, name, one.path, one.anchor or ""
