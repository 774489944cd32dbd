"""What is published: the index of boards, views and files, and the manifest of all bytes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from leaderboard import words
from leaderboard.pages import compare_paths, feeds, happenings, headlines, paths
from leaderboard.pages.downloads import (
    API,
    SIMULATED,
    Document,
    daily_path,
    iso_text,
    json_bytes,
    view_paths,
)
from leaderboard.pages.schemas import SCHEMAS
from leaderboard.records import Edition, Reading, View


def index(
    edition: Edition, readings: Sequence[Reading], views: Mapping[str, Sequence[View]]
) -> Document:
    """List every board, view and file, so that a program needs to know one address only."""
    boards = [
        {
            "path": board.path,
            "source": board.source,
            "kind": board.kind,
            "metric": board.metric,
            "scope": board.scope,
            "name": headlines.board_name(board),
            "is_lower_bound": board.is_lower_bound,
            "daily_csv": daily_path(board) if board.days else None,
            "views": [_index_entry(view) for view in views[board.path]],
        }
        for reading in readings
        for board in reading.boards
        if views[board.path]
    ]
    content = {
        "kind": "index",
        "version": 1,
        "title": edition.title,
        "base_url": edition.base_url,
        "built_at": words.stamp(edition.built_at),
        "known_at": iso_text(edition.known_at),
        "simulated": edition.simulated,
        "simulated_notice": SIMULATED if edition.simulated else None,
        "manifest": "manifest.json",
        "openapi": f"{API}/openapi.json",
        "schemas": {kind: f"{API}/schemas/{kind}.json" for kind in SCHEMAS},
        "sources": [_source_entry(reading, views) for reading in readings],
        "boards": boards,
        "comparisons": [_comparison_entry(what) for what in ("labs", "models")],
        "claims": compare_paths.CLAIMS,
    }
    return Document(path=f"{API}/index.json", body=json_bytes(content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One published file in the manifest."""

    path: str
    bytes: int
    sha256: str
    source: str | None
    as_of: str | None
    license: str | None
    citation: str | None


def entry(document: Document) -> Entry:
    """Measure a document for the manifest."""
    citation = document.citation
    return Entry(
        path=document.path,
        bytes=len(document.body),
        sha256=hashlib.sha256(document.body).hexdigest(),
        source=document.source,
        as_of=document.as_of,
        license=citation.license if citation else None,
        citation=citation.text if citation else None,
    )


def manifest(edition: Edition, entries: Iterable[Entry]) -> Document:
    """Say of every published file how long it is, what it sums to and whose credit it carries."""
    content = {
        "kind": "manifest",
        "version": 1,
        "built_at": words.stamp(edition.built_at),
        "simulated": edition.simulated,
        "files": [asdict(one) for one in sorted(entries, key=lambda one: one.path)],
    }
    return Document(path="manifest.json", body=json_bytes(content))


def _source_entry(reading: Reading, views: Mapping[str, Sequence[View]]) -> dict[str, object]:
    shown = [view for board in reading.boards for view in views[board.path]]
    newest = max(shown, key=lambda view: view.end, default=None)
    return {
        "id": reading.source,
        "name": reading.name,
        "homepage": reading.homepage,
        "population": reading.population,
        "page": paths.address_of(reading.source),
        "data_through": iso_text(newest.end) if newest else None,
        "license": newest.citation.license if newest else None,
        "license_url": newest.citation.license_url if newest else None,
        "citation": newest.citation.text if newest else None,
        "changes_csv": feeds.csv_path(reading.source) if happenings.watched(reading) else None,
    }


def _comparison_entry(what: str) -> dict[str, str]:
    csv_path, json_path, daily_path = compare_paths.file_paths(what)
    return {
        "what": what,
        "page": paths.address_of(compare_paths.page_path(what)),
        "csv": csv_path,
        "json": json_path,
        "daily": daily_path,
    }


def _index_entry(view: View) -> dict[str, object]:
    csv_path, json_path = view_paths(view)
    return {
        "window": view.window,
        "start": iso_text(view.start),
        "data_through": iso_text(view.end),
        "as_of": view.published.as_of,
        "retrieved_at": words.stamp(view.published.retrieved_at),
        "license": view.citation.license,
        "citation": view.citation.text,
        "page": paths.address_of(view.path),
        "csv": csv_path,
        "json": json_path,
    }
