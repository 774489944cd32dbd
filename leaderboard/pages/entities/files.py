"""What the page about somebody shows, as JSON and CSV; every day listed, nothing rounded."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from leaderboard import words
from leaderboard.pages import paths
from leaderboard.pages.downloads import (
    API,
    SIMULATED,
    Document,
    iso_text,
    json_bytes,
    safe_cell,
)
from leaderboard.pages.entities import credits
from leaderboard.pages.entities.dossiers import Profile
from leaderboard.pages.entities.register import Course
from leaderboard.pages.entities.standing import Neighbours, Standing, chief, together
from leaderboard.records import Citation, Edition, Quantity

NO_LICENCE: Final = "no open licence"
COLUMNS: Final = (
    "board",
    "key",
    "date",
    "window",
    "rank",
    "share_pct",
    "value",
    "requests",
    "tokens",
    "metric",
    "is_lower_bound",
    "license",
)


def file_paths(path: str) -> tuple[str, str]:
    """Give the addresses of an entity page's CSV and JSON."""
    return f"{API}/{path}.csv", f"{API}/{path}.json"


def documents(edition: Edition, profile: Profile) -> Iterator[Document]:
    """Give the two files of one page."""
    csv_path, json_path = file_paths(profile.dossier.path)
    credit = credits.joined([one.citation for one in profile.credits])
    yield Document(path=csv_path, body=_csv(edition, profile), citation=credit)
    yield Document(path=json_path, body=_json(edition, profile), citation=credit)


def rows_csv(
    edition: Edition,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    notices: Iterable[str],
) -> bytes:
    """Write rows, and after them the notice of every source whose figures they are."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    padding = ("",) * (len(columns) - 1)
    if edition.simulated:
        writer.writerow((SIMULATED, *padding))
    for notice in dict.fromkeys(notices):
        writer.writerow((safe_cell(notice), *padding))
    return text.getvalue().encode("utf-8", "replace")


def licence(citation: Citation) -> str:
    """Say in one word under which licence a row is."""
    return citation.license or NO_LICENCE


def figure(value: Quantity | None) -> str | None:
    """Write an absolute figure exactly."""
    return None if value is None else f"{value:f}" if not isinstance(value, int) else str(value)


def number(value: float | None) -> str:
    """Write a share for CSV: empty where it is not known."""
    return "" if value is None else repr(value)


def _csv(edition: Edition, profile: Profile) -> bytes:
    return rows_csv(
        edition,
        COLUMNS,
        (row for course in profile.dossier.courses for row in _rows(course, profile)),
        (one.citation.notice for one in profile.credits),
    )


def _rows(course: Course, profile: Profile) -> Iterator[tuple[str, ...]]:
    board, entity = course.board, course.entity
    before = (board.path, safe_cell(entity.key))
    after = (
        board.metric,
        "true" if board.is_lower_bound else "false",
        profile.licences[board.source],
    )
    for point in course.points:
        yield (
            *before,
            point.date.isoformat(),
            point.window or "",
            str(point.rank),
            number(point.share_pct),
            figure(point.value) or "",
            figure(point.requests) or "",
            figure(point.tokens) or "",
            *after,
        )


def _json(edition: Edition, profile: Profile) -> bytes:
    dossier = profile.dossier
    csv_path, json_path = file_paths(dossier.path)
    content = {
        "kind": "entity",
        "version": 1,
        "simulated": edition.simulated,
        "simulated_notice": SIMULATED if edition.simulated else None,
        "entity": {
            "kind": dossier.kind,
            "id": dossier.id,
            "name": dossier.name,
            "lab": dossier.lab,
            "lab_name": dossier.lab_name,
        },
        "summary": profile.summary.replace(words.NBSP, " "),
        "first_listed": iso_text(dossier.first),
        "last_listed": iso_text(dossier.last),
        "sources": credits.entries(profile.credits),
        "standings": [_standing(one) for one in profile.standings],
        "together": [now(group) for group in chief(profile.standings).values()],
        "neighbours": [_neighbours(one) for one in profile.neighbours],
        "unknown": [
            {
                "source": gap.source,
                "board": gap.view.board.path if gap.view else None,
                "start": iso_text(gap.view.start) if gap.view else None,
                "data_through": iso_text(gap.view.end) if gap.view else None,
                "share_low_pct": gap.low_pct,
                "share_high_pct": gap.high_pct,
                "days_outside": gap.days_outside,
                "text": gap.text.replace(words.NBSP, " "),
            }
            for gap in profile.gaps
        ],
        "names": [
            {
                "source": row.source,
                "name": row.name,
                "label": row.label,
                "rule": row.rule,
                "flags": list(row.flags),
                "reason": row.reason,
                "valid_from": iso_text(row.valid_from),
                "valid_to": iso_text(row.valid_to),
                "first_listed": iso_text(row.first_listed),
                "last_listed": iso_text(row.last_listed),
                "share_pct": row.share_pct,
            }
            for row in dossier.names
        ],
        "offers": [
            {"source": source, "first_seen": iso_text(seen.first), "last_seen": iso_text(seen.last)}
            for source, seen in sorted(dossier.offers.items())
        ],
        "models": [brief(one) for one in profile.models],
        "chart": [
            {
                "source": one.reading.source,
                "board": one.board.path,
                "days": one.days,
                "end": iso_text(one.end),
                "share_pct": one.share_pct,
                "is_lower_bound": one.is_lower_bound,
            }
            for one in profile.newest
        ],
        "series": [_series(course) for course in dossier.courses],
        "links": {"page": paths.address_of(dossier.path), "csv": csv_path, "json": json_path},
    }
    return json_bytes(content)


def brief(profile: Profile) -> dict[str, object]:
    """Write who somebody is and where it stands now, for a list of many."""
    dossier = profile.dossier
    return {
        "kind": dossier.kind,
        "id": dossier.id,
        "name": dossier.name,
        "lab": dossier.lab,
        "lab_name": dossier.lab_name,
        "page": paths.address_of(dossier.path),
        "first_listed": iso_text(dossier.first),
        "last_listed": iso_text(dossier.last),
        "best_rank": min((one.course.best.rank for one in profile.standings), default=None),
        "standings": [now(group) for group in chief(profile.standings).values()],
    }


def now(group: Sequence[Standing]) -> dict[str, object]:
    """Write where somebody stands on one board now, all its names together."""
    view, listed = group[0].view, [one.row for one in group if one.row]
    first = min(listed, key=lambda row: row.rank, default=None)
    return {
        "source": view.board.source,
        "board": view.board.path,
        "metric": view.board.metric,
        "start": iso_text(view.start),
        "data_through": iso_text(view.end),
        "rank": first.rank if first else None,
        "share_pct": together(group),
        "value": figure(first.value) if first and len(listed) == 1 else None,
        "requests": figure(first.requests) if first and len(listed) == 1 else None,
        "is_lower_bound": any(one.is_lower_bound for one in group if one.row),
    }


def _standing(standing: Standing) -> dict[str, object]:
    course, row, view = standing.course, standing.row, standing.view
    best, last = course.best, course.last
    return {
        "source": course.reading.source,
        "board": course.board.path,
        "page": paths.address_of(view.path),
        "key": course.entity.key,
        "name": course.entity.name,
        "metric": course.board.metric,
        "scope": course.board.scope,
        "window": view.window,
        "start": iso_text(view.start),
        "data_through": iso_text(view.end),
        "rank": row.rank if row else None,
        "previous_rank": row.previous_rank if row else None,
        "share_pct": row.share_pct if row else None,
        "share_high_pct": row.share_high_pct if row else None,
        "share_change_pp": row.share_change_pp if row else None,
        "newest_share_pct": row.newest_share_pct if row else None,
        "value": figure(row.value) if row else None,
        "requests": figure(row.requests) if row else None,
        "tokens": figure(row.tokens) if row else None,
        "is_lower_bound": standing.is_lower_bound,
        "best_rank": best.rank,
        "best_rank_on": iso_text(best.date),
        "first_listed": iso_text(course.first),
        "last_listed": iso_text(last.date),
        "last_rank": last.rank,
        "last_share_pct": last.share_pct,
    }


def _neighbours(found: Neighbours) -> dict[str, object]:
    return {
        "source": found.reading.source,
        "board": found.view.board.path,
        "window": found.view.window,
        "rows": [
            {
                "rank": row.rank,
                "key": row.entity.key,
                "name": row.entity.name,
                "share_pct": row.share_pct,
                "share_high_pct": row.share_high_pct,
                "value": figure(row.value),
                "is_lower_bound": row.is_lower_bound or found.view.board.is_lower_bound,
            }
            for row in found.rows
        ],
    }


def _series(course: Course) -> dict[str, object]:
    points = course.points
    return {
        "source": course.board.source,
        "board": course.board.path,
        "key": course.entity.key,
        "metric": course.board.metric,
        "is_lower_bound": course.board.is_lower_bound,
        "dates": [iso_text(point.date) for point in points],
        "ranks": [point.rank for point in points],
        "share_pct": [point.share_pct for point in points],
        **{
            name: [figure(getattr(point, name)) for point in points]
            for name in ("value", "requests", "tokens")
            if any(getattr(point, name) is not None for point in points)
        },
        **(
            {"windows": [point.window for point in points]}
            if any(point.window for point in points)
            else {}
        ),
    }
