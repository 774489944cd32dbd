"""What a view shows, as CSV and JSON; and every day of a board as CSV.

Nothing is rounded here. Absolute figures are decimal strings in JSON, because they pass 2^53;
what is not known is null in JSON and empty in CSV, never zero.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.pages import headlines, movements, paths
from leaderboard.records import Board, Citation, Edition, Quantity, Reading, Row, View

API: Final = "api/v1"
SIMULATED: Final = (
    "Simulated data: these figures were generated for demonstration; no gateway published them."
)
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet run a cell, full-width forms included."""

VIEW_COLUMNS: Final = (
    "rank",
    "previous_rank",
    "key",
    "name",
    "lab",
    "lab_name",
    "share_pct",
    "share_high_pct",
    "share_change_pp",
    "newest_share_pct",
    "value",
    "requests",
    "tokens",
    "tokens_per_request",
    "is_lower_bound",
    "is_new",
    "metric",
    "window",
    "start",
    "data_through",
)
DAILY_COLUMNS: Final = ("date", "rank", "key", "name", "lab", "share_pct", "value", "metric")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file to publish, with the credit that must travel with it (None: our own words)."""

    path: str
    body: bytes
    source: str | None = None
    as_of: str | None = None
    citation: Citation | None = None


def safe_cell(text: str) -> str:
    """Keep a text cell from running as a formula, so that the raw text can be had back.

    A cell that starts as a formula would, or with an apostrophe, gets one apostrophe before
    it: taking one leading apostrophe off any text cell gives the text as it was sent.

    >>> safe_cell("=1+1"), safe_cell("'quoted'"), safe_cell("plain")
    ("'=1+1", "''quoted'", 'plain')
    """
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def view_paths(view: View) -> tuple[str, str]:
    """Give the addresses of a view's CSV and JSON."""
    return f"{API}/{view.path}.csv", f"{API}/{view.path}.json"


def daily_path(board: Board) -> str:
    """Give the address of a board's whole daily history as CSV."""
    return f"{API}/{board.path}/daily.csv"


def view_csv(edition: Edition, view: View) -> Document:
    """Write a view's table; the last row is the attribution in the source's own words."""
    rows = [*view.rows] if view.others is None else [*view.rows, view.others]
    lines = [_view_cells(view, row) for row in rows]
    body = csv_bytes(VIEW_COLUMNS, lines, view.citation, edition)
    return _document(view_paths(view)[0], body, view)


def view_json(edition: Edition, reading: Reading, view: View) -> Document:
    """Write everything a view's page shows: table, chart, dates, credit, caveats."""
    board, citation = view.board, view.citation
    csv_path, json_path = view_paths(view)
    content = {
        "kind": "view",
        "version": 1,
        "simulated": edition.simulated,
        "simulated_notice": SIMULATED if edition.simulated else None,
        "headline": headlines.finding(reading, view),
        "source": board.source,
        "source_name": reading.name,
        "board": {
            "path": board.path,
            "kind": board.kind,
            "metric": board.metric,
            "scope": board.scope,
            "order": board.order,
            "is_lower_bound": board.is_lower_bound,
            "is_reranked": board.is_reranked,
        },
        "window": view.window,
        "start": iso_text(view.start),
        "data_through": iso_text(view.end),
        "as_of": view.published.as_of,
        "retrieved_at": words.stamp(view.published.retrieved_at),
        "license": citation.license,
        "license_url": citation.license_url,
        "citation": citation.text,
        "notice": citation.notice,
        "citation_url": citation.url,
        "population": reading.population,
        "caveats": list(caveats(reading, board)),
        "measure": view.measure,
        "measure_text": headlines.measure(reading, view),
        "total": _text(view.total),
        "dates": [iso_text(date) for date in view.dates],
        "missing": [iso_text(date) for date in view.missing],
        "rows": [_row(row) for row in view.rows],
        "others": None if view.others is None else _row(view.others),
        "movements": movements.entries(view),
        "links": {"page": paths.address_of(view.path), "csv": csv_path, "json": json_path},
    }
    return _document(json_path, json_bytes(content), view)


def daily_csv(edition: Edition, board: Board) -> Document | None:
    """Write every listed figure of every day of a board, in long form; None without days."""
    if not board.days:
        return None
    lines = []
    for day in board.days:
        listed = [*enumerate(day.values, start=1)]
        if day.others is not None:
            listed.append((0, day.others))
        for rank, daily in listed:
            entity = board.entities.get(daily.entity)
            lines.append(
                (
                    day.date.isoformat(),
                    str(rank) if rank else "",
                    safe_cell(daily.entity),
                    safe_cell(entity.name if entity else "Others"),
                    safe_cell((entity.lab if entity else None) or ""),
                    _number(daily.share_pct),
                    _text(daily.value) or "",
                    board.metric,
                )
            )
    newest = board.days[-1]
    return Document(
        path=daily_path(board),
        body=csv_bytes(DAILY_COLUMNS, lines, newest.citation, edition),
        source=board.source,
        as_of=newest.published.as_of,
        citation=newest.citation,
    )


def caveats(reading: Reading, board: Board) -> tuple[str, ...]:
    """Join a board's caveats and its source's, each once, the nearest first."""
    return tuple(dict.fromkeys((*board.caveats, *reading.caveats)))


def _row(row: Row) -> dict[str, object]:
    entity = row.entity
    return {
        "rank": row.rank or None,
        "previous_rank": row.previous_rank,
        "key": entity.key,
        "name": entity.name,
        "lab": entity.lab,
        "lab_name": entity.lab_name,
        "url": entity.url,
        "description": entity.description,
        "share_pct": row.share_pct,
        "share_high_pct": row.share_high_pct,
        "share_change_pp": row.share_change_pp,
        "newest_share_pct": row.newest_share_pct,
        "value": _text(row.value),
        "requests": _text(row.requests),
        "tokens": _text(row.tokens),
        "tokens_per_request": row.tokens_per_request,
        "is_lower_bound": row.is_lower_bound,
        "is_new": row.is_new,
        "history": _known(list(row.history)),
        "values": _known([_text(value) for value in row.values]),
    }


def _known(course: list[float | None] | list[str | None]) -> Sequence[object]:
    """Give figures of days; nothing where no day has one: lists of nulls were a tenth of all."""
    return course if any(one is not None for one in course) else ()


def _view_cells(view: View, row: Row) -> tuple[str, ...]:
    entity = row.entity
    return (
        str(row.rank) if row.rank else "",
        "" if row.previous_rank is None else str(row.previous_rank),
        safe_cell(entity.key),
        safe_cell(entity.name),
        safe_cell(entity.lab or ""),
        safe_cell(entity.lab_name or ""),
        _number(row.share_pct),
        _number(row.share_high_pct),
        _number(row.share_change_pp),
        _number(row.newest_share_pct),
        _text(row.value) or "",
        _text(row.requests) or "",
        _text(row.tokens) or "",
        _number(row.tokens_per_request),
        "true" if row.is_lower_bound else "false",
        "true" if row.is_new else "false",
        view.board.metric,
        view.window or "",
        iso_text(view.start) or "",
        view.end.isoformat(),
    )


def csv_bytes(
    header: tuple[str, ...],
    lines: Iterable[tuple[str, ...]],
    citation: Citation,
    edition: Edition,
) -> bytes:
    """Write RFC 4180 rows: CRLF, every row equally long, the attribution as the last one."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(lines)
    padding = ("",) * (len(header) - 1)
    if edition.simulated:
        writer.writerow((SIMULATED, *padding))
    writer.writerow((safe_cell(citation.notice), *padding))
    return text.getvalue().encode("utf-8", "replace")


def json_bytes(content: object) -> bytes:
    """Write a document as compact JSON."""
    # ASCII escapes keep every name exactly as sent, even what UTF-8 cannot carry.
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return f"{text}\n".encode("ascii")


def _document(path: str, body: bytes, view: View) -> Document:
    return Document(
        path=path,
        body=body,
        source=view.board.source,
        as_of=view.published.as_of,
        citation=view.citation,
    )


def _text(value: Quantity | None) -> str | None:
    return None if value is None else f"{value:f}" if not isinstance(value, int) else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def iso_text(date: dt.date | None) -> str | None:
    """Write a day for machines, None where there is none."""
    return None if date is None else str(date)
