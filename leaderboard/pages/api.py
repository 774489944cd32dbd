"""The site's files as an API: what answers which request, their schemas, their description."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from leaderboard import words
from leaderboard.pages import downloads, headlines, schemas
from leaderboard.pages.cards import Build
from leaderboard.pages.downloads import API, SIMULATED, Document, json_bytes
from leaderboard.pages.page import Page
from leaderboard.records import Board, Edition, Query, Reading, View

VERSION: Final = "1.0"
OPENAPI: Final = f"{API}/openapi.json"
CHANGELOG: Final = f"{API}/CHANGELOG.md"
PAGE: Final = "data/api"

_KIND: Final = re.compile(rb'\{"kind":"([a-z-]+)"')
_FEED: Final = b'{"version":"https://jsonfeed.org/'
_UNDESCRIBED: Final = ("assets/", "charts/", "images/")
"""What pages are made with, and may change at any time."""
_MEDIA_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv",
    "md": "text/markdown",
    "png": "image/png",
    "svg": "image/svg+xml",
    "xml": "application/xml",
    "ics": "text/calendar",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the API, and what came with it."""

    number: str
    date: str
    changes: tuple[str, ...]


VERSIONS: Final = (
    Version(
        number=VERSION,
        date="2026-11-21",
        changes=(
            "First version: every view as JSON and CSV, every day of a board as CSV, the index, "
            "the manifest, the search index, JSON Schemas, and this description.",
        ),
    ),
)
"""Newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of an answer: which days it holds, and where."""

    label: str
    json: str | None
    csv: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A request to a gateway's own API, and the files that answer it here."""

    query: Query
    board: str | None
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The answered requests of one endpoint, and those with nothing held to answer them."""

    name: str
    answers: tuple[Answer, ...]
    absent: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What is described of a file: its address and the kind of its content, where it has one."""

    path: str
    kind: str | None


def page(build: Build) -> Page:
    """Give the page that says which file answers which request, and how files may change."""
    sources = [
        {
            "reading": reading,
            "endpoints": _endpoints(build, reading),
            "unanswered": [query for query in reading.queries if query.board is None],
        }
        for reading in build.readings
        if reading.queries
    ]
    return Page(
        path=PAGE,
        template="api.html",
        title="API: the gateways' endpoints as files",
        description="Which plain file answers which request of each gateway's own API.",
        context={
            "sources": sources,
            "schemas": [
                (kind, schema["title"], schema_path(kind))
                for kind, schema in schemas.SCHEMAS.items()
            ],
            "openapi_path": OPENAPI,
            "changelog_path": CHANGELOG,
            "versions": VERSIONS,
        },
    )


def schema_path(kind: str) -> str:
    """Give the address of a document kind's JSON Schema."""
    return f"{API}/schemas/{kind}.json"


def documents(edition: Edition) -> Iterator[Document]:
    """Write the schemas and the list of versions."""
    for kind, schema in schemas.SCHEMAS.items():
        path = schema_path(kind)
        address = {"$id": f"{edition.base_url}/{path}"} if edition.base_url else {}
        yield Document(path=path, body=json_bytes({**address, **schema}))
    yield Document(path=CHANGELOG, body=_changelog().encode("utf-8"))


def outline(document: Document) -> Outline:
    """Keep of a document what its description needs."""
    match = _KIND.match(document.body)
    kind = match[1].decode() if match else None
    if document.body.startswith(_FEED):
        kind = "feed"
    return Outline(path=document.path, kind=kind)


def openapi(build: Build, outlines: Iterable[Outline]) -> Document:
    """Describe every data file, the feeds and the manifest in OpenAPI 3.1."""
    edition = build.edition
    titles = _titles(build)
    manifest = Outline(path="manifest.json", kind="manifest")
    described = sorted(
        (
            manifest,
            Outline(path=OPENAPI, kind=None),
            *(one for one in outlines if not one.path.startswith(_UNDESCRIBED)),
        ),
        key=lambda one: one.path,
    )
    content: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": edition.title,
            "version": VERSION,
            "description": _about(edition),
        },
        # Absolute where the address is known; else relative to this document.
        "servers": [{"url": edition.base_url or "../.."}],
        "paths": {f"/{one.path}": {"get": _operation(one, titles)} for one in described},
        "components": {
            "responses": {
                name: _response(name)
                for name in dict.fromkeys(_response_name(one) for one in described)
            }
        },
    }
    return Document(path=OPENAPI, body=json_bytes(content))


def _endpoints(build: Build, reading: Reading) -> list[Endpoint]:
    asked = [query for query in reading.queries if query.board is not None]
    held = {board.path: board for board in reading.boards}
    endpoints = []
    for name, queries in groupby(asked, key=lambda query: query.endpoint):
        answers, absent = [], []
        for query in queries:
            board = held.get(query.board or "")
            files = _answering(query, board, build.views[board.path]) if board else ()
            if board is None or not files:
                absent.append(query)
            else:
                answers.append(
                    Answer(query=query, board=build.views[board.path][0].path, files=files)
                )
        endpoints.append(Endpoint(name=name, answers=tuple(answers), absent=tuple(absent)))
    return endpoints


def _answering(query: Query, board: Board, views: Sequence[View]) -> tuple[File, ...]:
    files = []
    for wanted in query.files:
        if wanted == "day":
            if board.days:
                files.append(File(label="Every day", json=None, csv=downloads.daily_path(board)))
            continue
        window = None if wanted == "list" else wanted
        for view in views:
            if view.window == window:
                csv_path, json_path = downloads.view_paths(view)
                files.append(File(label=headlines.window_name(view), json=json_path, csv=csv_path))
    return tuple(files)


def _titles(build: Build) -> dict[str, str]:
    titles = {}
    for reading in build.readings:
        for board in reading.boards:
            name = f"{headlines.board_name(board)} at {reading.name}"
            for view in build.views[board.path]:
                for path in downloads.view_paths(view):
                    titles[path] = f"{name}, {headlines.window_name(view).lower()}"
            titles[downloads.daily_path(board)] = f"{name}, every day"
    return titles


def _operation(one: Outline, titles: dict[str, str]) -> dict[str, Any]:
    schema = schemas.SCHEMAS.get(one.kind or "")
    name = one.path.removeprefix(f"{API}/")
    title = titles.get(one.path) or (schema["title"] if schema else name)
    return {
        "summary": words.printable(str(title)),
        "operationId": name,
        "responses": {"200": {"$ref": f"#/components/responses/{_response_name(one)}"}},
    }


def _response_name(one: Outline) -> str:
    if one.kind is not None and one.kind in schemas.SCHEMAS:
        return one.kind
    return one.path.rpartition(".")[2]


def _response(name: str) -> dict[str, Any]:
    schema = schemas.SCHEMAS.get(name)
    if schema is not None:
        content = {"application/json": {"schema": {"$ref": f"schemas/{name}.json"}}}
        return {"description": str(schema["title"]), "content": content}
    media_type = _MEDIA_TYPES[name]
    described = {
        "csv": "RFC 4180, UTF-8; the last row is the attribution in the source's own words.",
        "json": "JSON.",
    }
    kind = {"schema": {}} if name == "json" else {"schema": {"type": "string"}}
    return {"description": described.get(name, media_type), "content": {media_type: kind}}


def _about(edition: Edition) -> str:
    text = (
        "Plain static files: no key, no query parameters, no rate limit of ours. Each file "
        "carries its source's credit and licence. Within a major version fields are added, "
        "never removed or changed."
    )
    return f"{SIMULATED} {text}" if edition.simulated else text


def _changelog() -> str:
    parts = ["# Versions of the API\n"]
    for version in VERSIONS:
        changes = "\n".join(f"- {change}" for change in version.changes)
        parts.append(f"## {version.number}, {version.date}\n\n{changes}\n")
    return "\n".join(parts)
