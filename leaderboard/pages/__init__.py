"""Which pages there are, with what on them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leaderboard import boards, words
from leaderboard.boards import Movement
from leaderboard.pages import (
    api,
    cards,
    changes,
    citing,
    compare,
    crosswalk,
    downloads,
    embeds,
    freshness,
    headlines,
    living,
    movements,
    search,
    sharing,
    standings,
    switches,
    tables,
)
from leaderboard.pages.cards import Build, Card, Picture
from leaderboard.pages.entities import pages as entities
from leaderboard.pages.page import Page
from leaderboard.records import (
    Entity,
    Kind,
    Reading,
    View,
)

__all__ = ["Page", "pages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """One gateway on the home page."""

    reading: Reading
    card: Card
    when: str
    picture: Picture | None
    labs: Card | None
    movers: tuple[tuple[str, str, tables.Change], ...]
    arrivals: tuple[str, ...]
    week: View | None
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The boards of one kind at one gateway."""

    kind: Kind
    name: str
    cards: tuple[Card, ...]


def pages(build: Build) -> Iterator[Page]:
    """Give every page of the site, the home page first."""
    yield _home(build)
    for reading in build.readings:
        yield _gateway(build, reading)
        for board in reading.boards:
            for view in build.views[board.path]:
                yield _view(build, reading, view)
    yield from embeds.pages(build)
    yield _data(build)
    yield api.page(build)
    yield search.page(build)
    yield from changes.changes(build)
    yield from compare.pages(build)
    yield from entities.pages(build)
    yield from crosswalk.pages(build)
    yield _method(build)
    yield standings.page(build)
    yield Page(
        path="404.html",
        template="404.html",
        title="Page not found",
        description="There is no page at this address.",
        is_listed=False,
    )


def _home(build: Build) -> Page:
    leads = tuple(lead for reading in build.readings if (lead := _lead(build, reading)))
    names = words.listing([reading.name for reading in build.readings])
    story = headlines.story(
        [
            (_name(lead.card.view.rows[0].entity), lead.reading.name)
            for lead in leads
            if lead.card.view.rows
        ]
    )
    return Page(
        path="",
        template="home.html",
        title="Who leads LLM traffic at the gateways",
        description=f"LLM traffic as {names} measure it, day by day. {story}.",
        context={
            "story": story,
            "leads": leads,
            "names": names,
            "agreement": compare.teaser(build),
            "silent": [r for r in build.readings if not cards.shown_views(build, r)],
        },
        modified=max((lead.card.view.end for lead in leads), default=None),
    )


def _lead(build: Build, reading: Reading) -> Lead | None:
    view = cards.first_view(build, reading)
    if view is None:
        return None
    siblings = build.views[view.board.path]
    week = next((sibling for sibling in siblings if sibling.window == "7d"), None)
    moved = boards.movers(view.board)
    labs = next(
        (
            build.views[board.path][0]
            for board in reading.boards
            if board.kind == "lab"
            and (board.metric, board.scope) == (view.board.metric, view.board.scope)
            and build.views[board.path]
        ),
        None,
    )
    return Lead(
        reading=reading,
        card=cards.card(build, reading, view, limit=5),
        when=headlines.when(view),
        picture=build.pictures.get(view.path),
        labs=cards.card(build, reading, labs, limit=3) if labs else None,
        movers=_movers(moved),
        arrivals=tuple(_name(movement.entity) for movement in moved if movement.is_new)[:3],
        week=week,
        failed=len(freshness.problems(reading, build.statuses, build.edition)),
    )


def _movers(
    moved: Sequence[Movement], limit: int = 3
) -> tuple[tuple[str, str, tables.Change], ...]:
    """Print the largest movements: name, share now, change in percentage points."""
    known = [movement for movement in moved if movement.change_pp is not None]
    return tuple(
        (_name(m.entity), words.percent(m.share_pct), tables.difference(m.change_pp))
        for m in known[:limit]
    )


def _name(entity: Entity) -> str:
    return words.named(entity.name, entity.key)


def _gateway(build: Build, reading: Reading) -> Page:
    first = cards.first_view(build, reading)
    groups = tuple(
        Group(
            kind=kind,
            name=headlines.KIND_NAMES[kind].capitalize(),
            cards=tuple(
                cards.card(build, reading, build.views[board.path][0], limit=3)
                for board in sorted(reading.boards, key=cards.wholeness)
                if board.kind == kind and build.views[board.path] and not board.is_reranked
            ),
        )
        for kind in headlines.KIND_NAMES
    )
    shown = cards.shown_views(build, reading)
    problems = freshness.problems(reading, build.statuses, build.edition)
    return Page(
        path=reading.source,
        template="gateway.html",
        title=f"{reading.name}: who leads",
        description=f"{reading.name}: {reading.population}",
        context={
            "reading": reading,
            "first": cards.card(build, reading, first, limit=0) if first else None,
            "when": headlines.when(first) if first else None,
            "picture": build.pictures.get(first.path) if first else None,
            "groups": tuple(group for group in groups if group.cards),
            "caveats": _all_caveats(reading),
            "citations": _citations(shown),
            "fresh": freshness.freshness(first, problems, build.edition) if first else None,
            "problems": problems,
        },
        modified=max((view.end for view in shown), default=None),
    )


def _view(build: Build, reading: Reading, view: View) -> Page:
    finding, when = headlines.finding(reading, view), headlines.when(view)
    csv_path, json_path = downloads.view_paths(view)
    return Page(
        path=view.path,
        template="view.html",
        title=f"{finding}, {when}",
        description=f"{finding}, {when}. {headlines.measure(reading, view)}",
        context={
            "reading": reading,
            "view": view,
            "board_name": headlines.board_name(view.board),
            "kind_name": headlines.KIND_NAMES[view.board.kind],
            "finding": finding,
            "when": when,
            "window_name": headlines.window_name(view),
            "metric_label": headlines.metric_label(view.board.metric),
            "measure": headlines.measure(reading, view),
            "switches": switches.switches(reading, view, build.views),
            "picture": build.pictures.get(view.path),
            "live": living.live(view, build.pictures.get(view.path)),
            "table": cards.printed(build, view),
            "movements": movements.movements(view),
            "notes": [
                note
                for note in (
                    headlines.gaps(view),
                    headlines.bounds(view),
                    headlines.compared_with(view),
                )
                if note
            ],
            "caveats": downloads.caveats(reading, view.board),
            "fresh": cards.fresh(build, reading, view),
            "csv_path": csv_path,
            "json_path": json_path,
            "daily_path": downloads.daily_path(view.board) if view.board.days else None,
            "sharing": sharing.sharing(build, reading, view),
            "embed_path": embeds.path_of(view),
            "embed_code": embeds.code(build.edition, reading, view),
            "cite_plain": citing.plain(build.edition, reading, view),
            "cite_bibtex": citing.bibtex(build.edition, reading, view),
        },
        modified=view.end,
    )


def _data(build: Build) -> Page:
    sources = [
        {
            "reading": reading,
            "citations": _citations(cards.shown_views(build, reading)),
            "boards": [
                {
                    "name": headlines.board_name(board),
                    "views": build.views[board.path],
                    "files": [
                        (view, *downloads.view_paths(view)) for view in build.views[board.path]
                    ],
                    "daily": downloads.daily_path(board) if board.days else None,
                }
                for board in reading.boards
                if build.views[board.path]
            ],
        }
        for reading in build.readings
    ]
    return Page(
        path="data",
        template="data.html",
        title="Data: downloads, licences, how to cite",
        description="Every figure of this site as CSV and JSON, with its licence and credit.",
        context={"sources": sources, "register": build.register},
    )


def _method(build: Build) -> Page:
    sources = [{"reading": reading, "caveats": _all_caveats(reading)} for reading in build.readings]
    return Page(
        path="method",
        template="method.html",
        title="Method: what the figures mean and what they cannot say",
        description="How the figures are made, what each word means, and their honest limits.",
        context={"sources": sources},
    )


def _all_caveats(reading: Reading) -> tuple[str, ...]:
    own = [caveat for board in reading.boards for caveat in board.caveats]
    return tuple(dict.fromkeys((*reading.caveats, *own)))


def _citations(shown: Sequence[View]) -> list[View]:
    """Give one view for each credit a source asks for: the newest that carries it."""
    newest: dict[str, View] = {}
    for view in shown:
        held = newest.get(view.citation.url)
        if held is None or view.published.retrieved_at > held.published.retrieved_at:
            newest[view.citation.url] = view
    return list(newest.values())
