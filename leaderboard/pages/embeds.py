"""Pages to stand inside other people's pages: a chart, its source, and the way back."""

import html
from collections.abc import Iterator
from typing import Final

from leaderboard import words
from leaderboard.pages import cards, headlines, paths, sharing
from leaderboard.pages.cards import Build
from leaderboard.pages.page import Page
from leaderboard.records import Edition, Reading, View

LEAF: Final = "embed"
WIDTH: Final = 720
HEIGHT: Final = 700
SHOWN: Final = 10
"""How many lines of a view that has no chart."""


def path_of(view: View) -> str:
    """Give the address of a view's page to embed."""
    return f"{view.path}/{LEAF}"


def pages(build: Build) -> Iterator[Page]:
    """Give a page to embed for every view; search engines are to find the view's own."""
    for reading in build.readings:
        for board in reading.boards:
            for view in build.views[board.path]:
                yield _page(build, reading, view)


def code(edition: Edition, reading: Reading, view: View) -> str:
    """Write the element to paste; without a configured address a script completes it."""
    address = paths.address_of(path_of(view))
    if edition.base_url:
        address = f"{edition.base_url}/{address}"
    title = f"{headlines.finding(reading, view)}, {headlines.when(view)}".replace(words.NBSP, " ")
    return (
        f'<iframe src="{html.escape(address)}" title="{html.escape(title)}" width="{WIDTH}" '
        f'height="{HEIGHT}" loading="lazy" style="border:0;width:100%;max-width:{WIDTH}px">'
        "</iframe>"
    )


def _page(build: Build, reading: Reading, view: View) -> Page:
    finding, when = headlines.finding(reading, view), headlines.when(view)
    picture = build.pictures.get(view.path)
    return Page(
        path=path_of(view),
        template="embed.html",
        title=f"{finding}, {when}",
        description=f"{finding}, {when}.",
        context={
            "reading": reading,
            "view": view,
            "finding": finding,
            "when": when,
            "picture": picture,
            "table": None
            if picture and picture.problem is None
            else cards.printed(build, view, SHOWN),
            "credit": sharing.credit(view.citation),
            "fresh": cards.fresh(build, reading, view),
        },
        is_listed=False,
    )
