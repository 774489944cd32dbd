"""Which feeds there are: of everything, of each gateway, and of each model, lab and app."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from leaderboard.pages import happenings
from leaderboard.pages.cards import Build
from leaderboard.pages.downloads import API, Document, csv_bytes, safe_cell
from leaderboard.pages.feed_formats import Feed, atom, json_feed
from leaderboard.pages.happenings import PATH, Happening
from leaderboard.pages.page import Page
from leaderboard.records import Edition, Entity, Reading

ENTRIES: Final = 50
"""A gateway's feed tells the newest so many."""
ENTITY_ENTRIES: Final = 20
"""A feed about one model, lab or app, of which there are hundreds, tells so many."""

CSV_COLUMNS: Final = (
    "day",
    "since",
    "event",
    "board",
    "key",
    "name",
    "other_key",
    "other_name",
    "rank",
    "share_pct",
    "mean_pct",
    "other_mean_pct",
    "is_lower_bound",
    "metric",
    "headline",
    "detail",
    "id",
)


def of_gateway(build: Build, reading: Reading | None) -> Feed:
    """Give the feed of one gateway, or of all; it is there even where nothing happened yet."""
    own = [one for one in build.news if reading is None or one.event.source == reading.source]
    title = f"What changed at {reading.name if reading else 'the gateways'}"
    return _feed(build, PATH if reading is None else f"{PATH}/{reading.source}", title, own)


def of_entities(build: Build) -> dict[str, Feed]:
    """Give a feed for each model, lab and app of which there is news, by its page.

    A lab's tells its models' news too.
    """
    found: dict[str, list[Happening]] = {}
    names = {dossier.path: dossier.name for dossier in build.register.all}
    for one in build.news:
        entities = (one.entity, one.other) if one.other else (one.entity,)
        subjects = {path for who in entities for path in _subjects(build, one.event.source, who)}
        for path in sorted(subjects & names.keys()):
            found.setdefault(path, []).append(one)
    return {
        path: _feed(build, path, f"What changed: {names[path]}", own, ENTITY_ENTRIES)
        for path, own in found.items()
    }


def announced(build: Build, pages: Iterable[Page]) -> Iterator[Page]:
    """Name on each page the feeds of what it shows."""
    sources = [r.source for r in build.readings if happenings.watched(r)]
    gateways = {r.source: of_gateway(build, r) for r in build.readings if r.source in sources}
    everything, entities = of_gateway(build, None), of_entities(build)
    for page in pages:
        first, _, rest = page.path.partition("/")
        feed: Feed | None = everything
        if first == PATH:
            feed = gateways.get(rest.partition("/")[0], everything)
        elif page.path:
            feed = gateways.get(first) or entities.get(page.path)
        own = feed.alternates if feed else ()
        yield dataclasses.replace(page, alternates=(*page.alternates, *own))


def documents(build: Build) -> Iterator[Document]:
    """Write every feed in both forms."""
    shown = [reading for reading in build.readings if happenings.watched(reading)]
    feeds = [of_gateway(build, None), *(of_gateway(build, reading) for reading in shown)]
    for feed in (*feeds, *of_entities(build).values()):
        bodies = (atom(build.edition, feed), json_feed(build.edition, feed))
        for alternate, body in zip(feed.alternates, bodies, strict=True):
            yield _document(alternate.path, body, feed.entries)


def tables(build: Build) -> Iterator[Document]:
    """Write every gateway's whole list of events as CSV."""
    for reading in build.readings:
        if happenings.watched(reading):
            own = [one for one in build.news if one.event.source == reading.source]
            yield events_csv(build.edition, reading, own)


def events_csv(edition: Edition, reading: Reading, own: Sequence[Happening]) -> Document:
    """Write all that ever happened at a gateway, as far back as its days are held."""
    newest = max(
        (board.days[-1] for board in happenings.watched(reading)),
        key=lambda day: day.published.retrieved_at,
    )
    return Document(
        path=csv_path(reading.source),
        body=csv_bytes(CSV_COLUMNS, map(_cells, own), newest.citation, edition),
        source=reading.source,
        as_of=newest.published.as_of,
        citation=newest.citation,
    )


def csv_path(source: str) -> str:
    """Give the address of a gateway's events as CSV."""
    return f"{API}/{source}/changes.csv"


def _feed(
    build: Build, path: str, title: str, own: Sequence[Happening], most: int = ENTRIES
) -> Feed:
    return Feed(
        path=path,
        title=title,
        entries=tuple(own[:most]),
        updated=own[0].moment if own else _last_moment(build),
    )


def _last_moment(build: Build) -> dt.datetime:
    """Say until when nothing happened: the end of the newest day watched."""
    boards = [board for reading in build.readings for board in happenings.watched(reading)]
    if not boards:
        return build.edition.built_at
    newest = max(board.days[-1].date for board in boards)
    return dt.datetime.combine(newest, dt.time(), dt.UTC) + dt.timedelta(days=1)


def _subjects(build: Build, source: str, entity: Entity) -> Iterator[str]:
    """Give the pages that an entity's news belongs on: its own, and a model's lab's."""
    places = build.register.places
    own = [places.of(source, entity)]
    if entity.kind == "model" and entity.lab:
        own.append(places.at(source, "lab", entity.lab))
    yield from filter(None, own)


def _cells(one: Happening) -> tuple[str, ...]:
    event = one.event
    return (
        event.day.isoformat(),
        event.since.isoformat(),
        event.kind,
        event.path,
        safe_cell(event.entity),
        safe_cell(one.entity.name),
        safe_cell(event.other or ""),
        safe_cell(one.other.name if one.other else ""),
        *(
            repr(event.numbers[field]) if field in event.numbers else ""
            for field in ("rank", "share_pct", "mean_pct", "other_mean_pct")
        ),
        "true" if event.is_lower_bound else "false",
        one.board.metric,
        safe_cell(one.headline),
        safe_cell(one.detail),
        safe_cell(event.id),
    )


def _document(path: str, body: bytes, entries: Sequence[Happening]) -> Document:
    sources = {one.event.source for one in entries}
    if len(sources) != 1:
        return Document(path=path, body=body)
    return Document(path=path, body=body, source=sources.pop(), citation=entries[0].citation)
