"""Which images are made to be shared, where they stand, and for how long.

An image costs as much as twenty pages, so not every view has its own. The default view of every
list that a source publishes has the one that links to it are shown with (``og``) and the three
that people post; each gateway's first board keeps dated ones, of its newest days and of the
last days of twelve months. All other views are drawn where they are wanted: in the reader's
browser, from the same templates.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from leaderboard import boards, charts, words
from leaderboard.charts import images, lettering
from leaderboard.charts.forms import Spec
from leaderboard.charts.images import SIZES, Ratio, Wording
from leaderboard.charts.layouts import Area, Bars
from leaderboard.pages import cards, downloads, headlines
from leaderboard.pages.cards import Build
from leaderboard.pages.downloads import Document
from leaderboard.records import (
    DEFAULT_WINDOW,
    WINDOW_DAYS,
    Board,
    Citation,
    Edition,
    Reading,
    View,
)

FOLDER: Final = "images"
FROZEN_RATIO: Final[Ratio] = "landscape"
FROZEN_DAYS: Final = 7
"""For how many days a dated image that is not a month's last stays."""
FROZEN_MONTHS: Final = 12
"""Of how many months the last day's image stays."""
COVER: Final = f"{FOLDER}/og.png"
COVER_HEADLINE: Final = "Who leads LLM traffic at the gateways"
RATIO_NAMES: Final[Mapping[Ratio, str]] = {
    "landscape": "Landscape",
    "square": "Square",
    "portrait": "Portrait",
    "og": "Link preview",
}
_MONTH_DAYS: Final = WINDOW_DAYS[DEFAULT_WINDOW] or 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One image to be drawn and published at *path*."""

    path: str
    spec: Spec
    source: str | None
    as_of: str | None
    citation: Citation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An image as a page names it."""

    path: str
    name: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The dated image of a board's newest day.

    *until* is its last day on the site (None: it is a month's last and stays for a year);
    *lasting* are the days whose images stay for a year, the newest first.
    """

    path: str
    date: dt.date
    until: dt.date | None
    lasting: tuple[tuple[dt.date, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What a view's page offers to those who want its picture elsewhere.

    *shown* is the view that the images show where that is another window than the page's.
    """

    images: tuple[Shared, ...]
    shown: View | None
    frozen: Frozen | None
    texts: Mapping[str, object] = field(default_factory=dict)


def image_path(view: View, ratio: Ratio, date: dt.date | None = None) -> str:
    """Give an image's address: the newest, or the one that ends on *date*."""
    dated = f"/{date.isoformat()}" if date else ""
    return f"{FOLDER}/{view.path}{dated}/{ratio}.png"


def shots(build: Build) -> Iterator[Shot]:
    """Give every image of the site with its spec."""
    yield from _cover(build)
    for reading in build.readings:
        first = cards.first_view(build, reading)
        for board in reading.boards:
            for view in build.views[board.path][:1]:
                for ratio in ratios(board):
                    yield from _shot(build.edition, reading, view, ratio)
        if first is not None:
            for date in frozen_dates(first.board):
                dated = view_on(first.board, date)
                yield from _shot(build.edition, reading, dated, FROZEN_RATIO, date)


def ratios(board: Board) -> tuple[Ratio, ...]:
    """Give the images of a board.

    A list in another order than its source's is shown with the source's own.
    """
    return () if board.is_reranked else ("og", *images.RATIOS)


def frozen_dates(board: Board) -> tuple[dt.date, ...]:
    """Give the days that a board keeps dated images of, the newest first.

    Each needs a whole default window of days before it.
    """
    if not board.days:
        return ()
    held = [day.date for day in board.days]
    first = held[0] + dt.timedelta(days=_MONTH_DAYS - 1)
    newest = held[-1] - dt.timedelta(days=FROZEN_DAYS)
    whole = [date for date in reversed(held) if date >= first]
    lasting = [date for date in whole if _is_lasting(date)][:FROZEN_MONTHS]
    return tuple(date for date in whole if date > newest or date in lasting)


def view_on(board: Board, date: dt.date) -> View:
    """Show a board's default window as it ended on a day, with the figures held now."""
    since = date - dt.timedelta(days=_MONTH_DAYS - 1)
    cut = dataclasses.replace(
        board,
        days=tuple(day for day in board.days if since <= day.date <= date),
        lists=tuple(ranked for ranked in board.lists if ranked.end <= date),
    )
    return next(view for view in boards.views(cut) if view.window == DEFAULT_WINDOW)


def sharing(build: Build, reading: Reading, view: View) -> Sharing:
    """Say which images a view's page can offer; what was not drawn is not offered."""
    default = build.views[view.board.path][0]
    first = cards.first_view(build, reading)
    offered = [shared(build, reading, default, ratio) for ratio in (*images.RATIOS, "og")]
    is_first = first is not None and first.board.path == view.board.path
    return Sharing(
        images=tuple(one for one in offered if one),
        shown=default if default.path != view.path else None,
        frozen=_frozen(build, default) if is_first else None,
        texts=texts(build.edition, reading, view),
    )


def texts(edition: Edition, reading: Reading, view: View) -> dict[str, object]:
    """Give the words of a view's image, as a script needs them for another picture of it."""
    wording = dataclasses.asdict(_wording(edition, reading, view, contents(view)))
    said = {name: text for name, text in wording.items() if text is not None}
    return said | {"gateway": reading.name}


def shared(build: Build, reading: Reading, view: View, ratio: Ratio) -> Shared | None:
    """Name a view's image, if it was drawn."""
    path = image_path(view, ratio)
    if path not in build.images:
        return None
    width, height = SIZES[ratio]
    return Shared(
        path=path,
        name=RATIO_NAMES[ratio],
        width=width,
        height=height,
        alt=f"{headlines.finding(reading, view)}, {headlines.when(view)}.",
    )


def cover(build: Build, path: str) -> Shared | None:
    """Give the image that a link to a page is shown with.

    A view's page and all below it have their board's, or that of the list it reorders; a
    gateway's page its first board's; every other page the site's own.
    """
    for reading in build.readings:
        if path == reading.source:
            first = cards.first_view(build, reading)
            if first is not None and (found := shared(build, reading, first, "og")):
                return found
        for board in reading.boards:
            if f"{path}/".startswith(f"{board.path}/") and build.views[board.path]:
                found = shared(build, reading, build.views[board.path][0], "og")
                if found:
                    return found
    if COVER not in build.images:
        return None
    width, height = SIZES["og"]
    alt = f"{_story(build)}."
    return Shared(path=COVER, name=build.edition.title, width=width, height=height, alt=alt)


def documents(build: Build, made: Sequence[Shot]) -> Iterator[Document]:
    """Give the images that were drawn, each with the credit inside it beside it too."""
    for shot in made:
        body = build.images.get(shot.path)
        if body is not None:
            yield Document(
                path=shot.path,
                body=body,
                source=shot.source,
                as_of=shot.as_of,
                citation=shot.citation,
            )


def kit() -> bytes:
    """Write what scripts make pictures and downloads of what a reader has chosen from.

    So that they cannot drift from those made here: the templates, the letters' widths, the
    sizes, and the rules of a CSV.
    """
    return downloads.json_bytes(
        {
            "sizes": SIZES,
            "templates": {form: images.template(form) for form in ("share-area", "ranked-bars")},
            "advances": lettering.ADVANCES,
            "view_columns": downloads.VIEW_COLUMNS,
            "daily_columns": downloads.DAILY_COLUMNS,
            "formula_starts": downloads.FORMULA_STARTS,
        }
    )


def credit(citation: Citation) -> str:
    """Join a source's line and its notice as a page does, each said once."""
    if citation.notice.startswith(citation.text):
        return citation.notice
    return f"{citation.text} {citation.notice}"


def contents(view: View) -> Area | Bars | None:
    """Give what a view's image draws, in the form of its page's chart."""
    match charts.form_of(view):
        case "share-area":
            return charts.area(view)
        case "ranked-bars":
            return charts.bars(view)
        case None if view.rows:
            order = f"In the order of {_metric(view)}; no figures are given"
            return dataclasses.replace(charts.bars(view), caption=order)
        case None:
            return None


def _shot(
    edition: Edition, reading: Reading, view: View, ratio: Ratio, date: dt.date | None = None
) -> Iterator[Shot]:
    chart = contents(view)
    if chart is None:
        return
    yield Shot(
        path=image_path(view, ratio, date),
        spec=images.image(chart, _wording(edition, reading, view, chart), ratio),
        source=reading.source,
        as_of=view.published.as_of,
        citation=view.citation,
    )


def _wording(edition: Edition, reading: Reading, view: View, chart: Area | Bars | None) -> Wording:
    is_bound = chart is not None and any("≥" in label.value for label in chart.labels)
    return Wording(
        headline=headlines.finding(reading, view),
        when=headlines.when(view),
        note="≥ marks a lower bound" if is_bound else "",
        measure=headlines.measure(reading, view),
        credit=credit(view.citation),
        site=edition.title,
        address=edition.base_url.partition("://")[2],
        simulated=downloads.SIMULATED if edition.simulated else None,
    )


def _cover(build: Build) -> Iterator[Shot]:
    """Show every gateway's leaders side by side, with every gateway's credit."""
    firsts = [
        (reading, view)
        for reading in build.readings
        if (view := cards.first_view(build, reading)) and charts.form_of(view)
    ]
    if not firsts:
        return
    wording = Wording(
        headline=COVER_HEADLINE,
        when=" · ".join(
            dict.fromkeys(f"{headlines.window_name(v)} to {words.day(v.end)}" for _, v in firsts)
        ),
        measure="Share of each gateway’s own traffic.",
        credit="\n".join(credit(view.citation) for _, view in firsts),
        site=build.edition.title,
        address=build.edition.base_url.partition("://")[2],
        simulated=downloads.SIMULATED if build.edition.simulated else None,
    )
    columns = [(f"{reading.name}, {_metric(view)}", _leaders(view)) for reading, view in firsts]
    yield Shot(
        path=COVER, spec=images.cover(columns, wording), source=None, as_of=None, citation=None
    )


def _leaders(view: View) -> Bars:
    """Give a gateway's first ones with their shares only: volumes of two never stand together."""
    bars = charts.bars(view)
    return dataclasses.replace(
        bars,
        labels=[
            dataclasses.replace(
                label,
                value=words.percent(row.share_pct, is_lower_bound=row.is_lower_bound),
            )
            for label, row in zip(bars.labels, view.rows, strict=False)
        ],
        sizes=[row.share_pct or 0 for row in view.rows[: len(bars.labels)]],
    )


def _metric(view: View) -> str:
    return words.METRIC_NAMES[view.board.metric]


def _story(build: Build) -> str:
    leaders = [
        (words.named(view.rows[0].entity.name, view.rows[0].entity.key), reading.name)
        for reading in build.readings
        if (view := cards.first_view(build, reading)) and view.rows
    ]
    return headlines.story(leaders)


def _frozen(build: Build, view: View) -> Frozen | None:
    kept = [
        (date, path)
        for date in frozen_dates(view.board)
        if (path := image_path(view, FROZEN_RATIO, date)) in build.images
    ]
    if not kept:
        return None
    (date, path), *_ = kept
    return Frozen(
        path=path,
        date=date,
        until=None if _is_lasting(date) else date + dt.timedelta(days=FROZEN_DAYS),
        lasting=tuple((d, p) for d, p in kept if _is_lasting(d)),
    )


def _is_lasting(date: dt.date) -> bool:
    return (date + dt.timedelta(days=1)).day == 1
