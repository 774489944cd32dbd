"""What an index shows, as JSON and CSV: everybody, with where each stands now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from leaderboard.pages import headlines, paths
from leaderboard.pages.downloads import SIMULATED, Document, json_bytes, safe_cell
from leaderboard.pages.entities import credits, files
from leaderboard.pages.entities.credits import Credit
from leaderboard.pages.entities.dossiers import Profile
from leaderboard.pages.entities.standing import chief, together
from leaderboard.records import Edition, Kind, View

COLUMNS: Final = (
    "id",
    "name",
    "lab",
    "page",
    "source",
    "board",
    "metric",
    "rank",
    "share_pct",
    "value",
    "requests",
    "is_lower_bound",
    "best_rank",
    "first_listed",
    "last_listed",
    "start",
    "data_through",
    "license",
)


def documents(
    edition: Edition, kind: Kind, held: Sequence[Profile], given: Sequence[Credit]
) -> Iterator[Document]:
    """Give the two files of an index: everybody, with where they stand at each gateway."""
    names = headlines.KIND_NAMES[kind]
    csv_path, json_path = files.file_paths(names)
    credit = credits.joined([one.citation for one in given])
    licences = {one.reading.source: files.licence(one.citation) for one in given}
    body = files.rows_csv(
        edition,
        COLUMNS,
        (row for one in held for row in _rows(one, licences)),
        (one.citation.notice for one in given),
    )
    yield Document(path=csv_path, body=body, citation=credit)
    content = {
        "kind": "entities",
        "version": 1,
        "simulated": edition.simulated,
        "simulated_notice": SIMULATED if edition.simulated else None,
        "of": kind,
        "sources": credits.entries(given),
        "entities": [files.brief(one) for one in held],
        "links": {"page": paths.address_of(names), "csv": csv_path, "json": json_path},
    }
    yield Document(path=json_path, body=json_bytes(content), citation=credit)


def boards_of(held: Iterable[Profile]) -> dict[str, View]:
    """Give the views of the boards by which any of them is measured, by board."""
    return {
        one.view.board.path: one.view
        for profile in held
        for group in chief(profile.standings).values()
        for one in group
    }


def _rows(profile: Profile, licences: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    dossier = profile.dossier
    for group in chief(profile.standings).values():
        now = files.now(group)
        cells = {name: "" if value is None else str(value) for name, value in now.items()}
        yield (
            safe_cell(dossier.id or ""),
            safe_cell(dossier.name),
            safe_cell(dossier.lab or ""),
            paths.address_of(dossier.path),
            cells["source"],
            cells["board"],
            cells["metric"],
            cells["rank"],
            files.number(together(group)),
            cells["value"],
            cells["requests"],
            cells["is_lower_bound"].lower(),
            str(min(one.course.best.rank for one in group)),
            dossier.first.isoformat(),
            dossier.last.isoformat(),
            cells["start"],
            cells["data_through"],
            licences[group[0].course.reading.source],
        )
