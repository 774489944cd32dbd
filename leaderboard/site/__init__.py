"""Render the site: charts drawn, pages printed, files written, everything published at once."""

import dataclasses
import datetime as dt
import functools
import itertools
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from leaderboard import boards, charts, words
from leaderboard.catalog import Identity, Labs
from leaderboard.charts import Figure, bundle, drawing, theme
from leaderboard.comparison.gathering import compared
from leaderboard.pages import (
    Page,
    api,
    changes,
    compare_files,
    crosswalk,
    downloads,
    feeds,
    headlines,
    listings,
    living,
    pages,
    paths,
    search,
    sharing,
)
from leaderboard.pages.cards import Build, Views
from leaderboard.pages.downloads import Document
from leaderboard.pages.entities import figures
from leaderboard.pages.entities import pages as entities
from leaderboard.pages.entities.register import register
from leaderboard.pages.entities.standing import Desk
from leaderboard.pages.listings import Entry
from leaderboard.pages.sharing import Shot
from leaderboard.records import DatasetStatus, Edition, Reading
from leaderboard.site import publish
from leaderboard.site.assets import Asset, assets
from leaderboard.site.images import Images
from leaderboard.site.pictures import Pictures

ROOT: Final = Path(__file__).resolve().parents[2]
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a rendering brought: pages, files, charts, bytes; which charts failed.

    *drawn* is how many drawings had to be made: two for a chart, one for an image.
    """

    pages: int
    files: int
    charts: int
    drawn: int
    bytes: int
    failed_charts: tuple[str, ...]


def render(
    edition: Edition,
    readings: Sequence[Reading],
    statuses: Sequence[DatasetStatus],
    out: Path,
    *,
    processes: int,
    cache: Path | None,
    identity: Identity | None = None,
    sent: Sequence[Reading] = (),
) -> Summary:
    """Build the whole site from derived readings and publish it at *out* in one step.

    *sent* are the same readings with names as the gateways send them, and *identity* says who
    they are; without, every name is one gateway's alone.
    The same input gives the same bytes. *out* may hold an earlier site, which stays whole
    until the new one is. Raises `publish.NotASite` where it holds anything else.
    """
    identity, sent = identity or Identity(labs=Labs(())), sent or readings
    views = {board.path: boards.views(board) for reading in readings for board in reading.boards}
    with (
        ThreadPoolExecutor(1) as aside,
        drawing.Studio(processes=processes, cache=cache) as studio,
    ):
        bundled = aside.submit(bundle.script, cache)
        pictures = Pictures(studio)
        pictures.take(_figures(readings, views))
        build = Build(
            edition=edition,
            readings=readings,
            statuses=statuses,
            views=views,
            pictures=pictures,
            sparkline=charts.sparkline,
            identity=identity,
            sent=sent,
            register=register(readings, sent, identity),
            news=changes.news(readings),
            compared=compared(readings, sent, identity),
        )
        found = figures.drawn(Desk(build))
        pictures.take((path, one.figure) for path, one in found.items())
        build = dataclasses.replace(build, profiles=entities.profiles(build, found))
        shots = tuple(sharing.shots(build))
        images = Images(studio, shots)
        build = dataclasses.replace(build, images=images)
        with publish.staged(out) as staging:
            entries = _all_written(staging, build, bundled.result(), shots)
            if images.failed:
                # Pages may name an image that turned out not to be there: now they know.
                entries = _all_written(staging, build, bundled.result(), shots)
    failed = {path: one.problem for path, one in pictures.items() if one.problem}
    return Summary(
        pages=sum(1 for one in entries if one.path.endswith(".html")),
        files=len(entries),
        charts=len(pictures) - len(failed),
        drawn=studio.drawn,
        bytes=sum(one.bytes for one in entries),
        failed_charts=tuple(f"{path}: {why}" for path, why in (failed | images.failed).items()),
    )


def _all_written(
    staging: Path, build: Build, renderer: bytes, shots: Sequence[Shot]
) -> list[Entry]:
    """Write every file of the site, and what all of them sum to."""
    entries = [_written(staging, document) for document in documents(build, renderer, shots)]
    return [*entries, _written(staging, listings.manifest(build.edition, entries))]


def documents(build: Build, renderer: bytes, shots: Sequence[Shot] = ()) -> Iterator[Document]:
    """Give every file of the site but the manifest.

    *renderer* is the script that draws charts; *shots* are the images to share.
    """
    made = {"site.css": _stylesheet(), "vega.js": renderer, "share.json": sharing.kit()}
    named = assets(ROOT / "static", made)
    environment = _environment(build, named)
    listed = []
    for page in feeds.announced(build, pages(build)):
        listed.append(page)
        yield _printed(environment, page, build.edition.base_url)
    outlines = []
    for document in itertools.chain(_files(build), feeds.documents(build)):
        outlines.append(api.outline(document))
        yield document
    yield api.openapi(build, outlines)
    yield from sharing.documents(build, shots)
    for asset in named.values():
        if asset.path.endswith(".css") and asset is not named["site.css"]:
            continue  # joined into the one sheet
        yield Document(path=asset.path, body=asset.body)
    for name in ("sitemap.xml", "robots.txt", "llms.txt"):
        text = environment.get_template(name).render(
            listed=[page for page in listed if page.is_listed], gateways=build.readings
        )
        yield Document(path=name, body=text.encode("utf-8"))


def _files(build: Build) -> Iterator[Document]:
    yield listings.index(build.edition, build.readings, build.views)
    yield search.document(build)
    yield from api.documents(build.edition)
    yield from living.specs(build)
    yield from entities.documents(build)
    yield from crosswalk.documents(build)
    yield from feeds.tables(build)
    yield from compare_files.documents(build.edition, build.compared)
    for reading in build.readings:
        for board in reading.boards:
            for view in build.views[board.path]:
                yield downloads.view_csv(build.edition, view)
                yield downloads.view_json(build.edition, reading, view)
            daily = downloads.daily_csv(build.edition, board)
            if daily is not None:
                yield daily


def _printed(environment: Environment, page: Page, base_url: str) -> Document:
    """Render a page; its links are relative.

    The page for what is not found answers at any depth, so where the site's address is known
    its links start there.
    """
    link = functools.partial(paths.relative, page.path)
    if page.path == "404.html" and base_url:
        link = functools.partial(_from_root, urllib.parse.urlsplit(base_url).path)
    template = environment.get_template(page.template)
    text = template.render(page=page, link=link, **page.context)
    return Document(path=paths.file_of(page.path), body=text.encode("utf-8", "replace"))


def _from_root(base: str, target: str) -> str:
    return f"{base}/{paths.address_of(target)}"


def _environment(build: Build, named: Mapping[str, Asset]) -> Environment:
    """Set up templates: everything escaped, nothing undefined, nothing unprintable."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_printable,
    )
    indexes = (
        ("Models", "models", build.register.models),
        ("Labs", "labs", build.register.labs),
        ("Apps", "apps", build.register.apps),
    )
    environment.globals |= {
        "edition": build.edition,
        "cover_of": functools.partial(sharing.cover, build),
        "policy": POLICY,
        "assets": named,
        "nav": (
            *((reading.name, reading.source) for reading in build.readings),
            *((name, path) for name, path, held in indexes if held),
            ("Compare", "compare"),
            ("Changes", "changes"),
            ("Data", "data"),
            ("Method", "method"),
        ),
    }
    names = {reading.source: reading.name for reading in build.readings}
    environment.filters |= {
        "address": paths.address_of,
        "count": words.count,
        "day": words.day,
        "days": headlines.when,
        "drawn": _drawn,
        "gateway": names.get,
        "moment": words.moment,
        "percent": words.percent,
        "safe_url": paths.safe_url,
        "short_day": words.short_day,
        "span": words.span,
        "stamp": words.stamp,
        "window_name": headlines.window_name,
    }
    environment.tests["moment_text"] = _is_moment
    return environment


def _printable(value: object) -> object:
    """Clean whatever a template prints; markup is made by ourselves and left alone."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return words.printable(value)
    return value


def _drawn(svg: str) -> Markup:
    """Let a drawn chart through unescaped: the one place where anything is."""
    return Markup(svg)  # noqa: S704 — our own renderer's output, its texts escaped there


def _is_moment(text: str) -> bool:
    """Tell whether a source's stamp is one that `<time>` may carry."""
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None and text.isascii()
    except ValueError:
        return False


def _stylesheet() -> bytes:
    """Join our styles, ``site.css`` first, and the charts' theme."""
    sheets = sorted((ROOT / "static").glob("*.css"), key=lambda s: (s.name != "site.css", s.name))
    own = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return f"{own}\n{theme.css()}".encode()


def _figures(readings: Sequence[Reading], views: Views) -> Iterator[tuple[str, Figure]]:
    """Make the chart of every view that has figures to draw."""
    for reading in readings:
        for board in reading.boards:
            for view in views[board.path]:
                figure = charts.figure(view, gateway=reading.name)
                if figure is not None:
                    yield view.path, figure


def _written(root: Path, document: Document) -> Entry:
    target = root / document.path
    # The folder is our own and new: no link in it leads elsewhere, only a path itself could.
    if not target.is_relative_to(root) or ".." in Path(document.path).parts:
        raise ValueError(f"{document.path} would be written outside the site")
    try:
        target.write_bytes(document.body)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(document.body)
    return listings.entry(document)
