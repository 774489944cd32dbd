"""Render the site: charts drawn, pages printed, files written, everything published at once."""

import datetime as dt
import functools
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from leaderboard import boards, charts, words
from leaderboard.charts import Figure, drawing, theme
from leaderboard.charts.drawing import Drawing, Undrawn
from leaderboard.pages import Page, downloads, headlines, listings, pages, paths
from leaderboard.pages.cards import Build, Picture, Views
from leaderboard.pages.downloads import Document
from leaderboard.pages.listings import Entry
from leaderboard.records import DatasetStatus, Edition, Reading
from leaderboard.site import publish
from leaderboard.site.assets import Asset, assets

ROOT: Final = Path(__file__).resolve().parents[2]
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a rendering brought: how many pages, files, charts, bytes; which charts failed."""

    pages: int
    files: int
    charts: int
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
) -> Summary:
    """Build the whole site from derived readings and publish it at *out* in one step.

    The same input gives the same bytes. *out* may hold an earlier site, which stays whole
    until the new one is. Raises `publish.NotASite` where it holds anything else.
    """
    views = {board.path: boards.views(board) for reading in readings for board in reading.boards}
    pictures = _pictures(readings, views, processes=processes, cache=cache)
    build = Build(
        edition=edition,
        readings=readings,
        statuses=statuses,
        views=views,
        pictures=pictures,
        sparkline=charts.sparkline,
    )
    with publish.staged(out) as staging:
        entries = [_written(staging, document) for document in documents(build)]
        manifest = listings.manifest(edition, entries)
        entries.append(_written(staging, manifest))
    return Summary(
        pages=sum(1 for one in entries if one.path.endswith(".html")),
        files=len(entries),
        charts=sum(1 for picture in pictures.values() if picture.problem is None),
        bytes=sum(one.bytes for one in entries),
        failed_charts=tuple(
            f"{path}: {picture.problem}" for path, picture in pictures.items() if picture.problem
        ),
    )


def documents(build: Build) -> Iterator[Document]:
    """Give every file of the site but the manifest."""
    named = assets(ROOT / "static", {"site.css": _stylesheet()})
    environment = _environment(build, named)
    listed = []
    for page in pages(build):
        listed.append(page)
        yield _printed(environment, page, build.edition.base_url)
    yield from _files(build)
    for asset in named.values():
        yield Document(path=asset.path, body=asset.body)
    for name in ("sitemap.xml", "robots.txt"):
        text = environment.get_template(name).render(listed=[p for p in listed if p.is_listed])
        yield Document(path=name, body=text.encode("utf-8"))


def _files(build: Build) -> Iterator[Document]:
    yield listings.index(build.edition, build.readings, build.views)
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
    environment.globals |= {
        "edition": build.edition,
        "policy": POLICY,
        "assets": named,
        "nav": (
            *((reading.name, reading.source) for reading in build.readings),
            ("Data", "data"),
            ("Method", "method"),
            ("Status", "status"),
        ),
    }
    environment.filters |= {
        "address": paths.address_of,
        "count": words.count,
        "day": words.day,
        "days": headlines.when,
        "drawn": _drawn,
        "moment": words.moment,
        "safe_url": paths.safe_url,
        "short_day": words.short_day,
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
    """Join our style and the charts' theme."""
    own = (ROOT / "static" / "site.css").read_text(encoding="utf-8")
    return f"{own}\n{theme.css()}".encode()


def _pictures(
    readings: Sequence[Reading], views: Views, *, processes: int, cache: Path | None
) -> dict[str, Picture]:
    """Draw every view that has figures to draw; a chart that fails costs itself only."""
    figures = {
        view.path: figure
        for reading in readings
        for board in reading.boards
        for view in views[board.path]
        if (figure := charts.figure(view, gateway=reading.name)) is not None
    }
    drawings = drawing.draw(list(figures.values()), processes=processes, cache=cache)
    return {
        path: _picture(figure, drawn)
        for (path, figure), drawn in zip(figures.items(), drawings, strict=True)
    }


def _picture(figure: Figure, drawn: Drawing | Undrawn) -> Picture:
    if isinstance(drawn, Drawing):
        return Picture(
            wide=drawn.wide,
            narrow=drawn.narrow,
            alt=figure.alt,
            note=figure.note,
            colours={series.key: series.colour for series in figure.series},
        )
    return Picture(wide="", narrow="", alt=figure.alt, problem=str(drawn))


def _written(root: Path, document: Document) -> Entry:
    target = root / document.path
    if not target.resolve().is_relative_to(root.resolve()):
        raise ValueError(f"{document.path} would be written outside the site")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(document.body)
    return listings.entry(document)
