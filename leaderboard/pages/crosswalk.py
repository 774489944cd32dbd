"""The crosswalk: which name at which gateway is which model, by which rule; page and files."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.catalog import RULES, Coverage, CrosswalkRow, Rule
from leaderboard.pages import cards, paths
from leaderboard.pages.cards import Build
from leaderboard.pages.downloads import (
    API,
    SIMULATED,
    Document,
    iso_text,
    json_bytes,
    safe_cell,
)
from leaderboard.pages.entities import credits, files
from leaderboard.pages.entities.credits import Credit
from leaderboard.pages.entities.register import Dossier
from leaderboard.pages.page import Alternate, Page
from leaderboard.records import Reading

PATH: Final = "data/crosswalk"
CSV: Final = f"{API}/crosswalk.csv"
JSON: Final = f"{API}/crosswalk.json"
COLUMNS: Final = (
    "source",
    "name",
    "label",
    "model",
    "lab",
    "rule",
    "flags",
    "reason",
    "valid_from",
    "valid_to",
    "first_listed",
    "last_listed",
    "share_pct",
    "license",
)
EXPLAINED: Final[dict[Rule, str]] = {
    "canonical slug": "The name is a canonical slug of OpenRouter’s catalogue, to the letter.",
    "variant stripped": "It is one without its variant (“:free”, “:thinking”), kept as a flag.",
    "catalogue id": "It is an id of OpenRouter’s catalogue; where labels are sent, they agree.",
    "catalogue name": (
        "It is a display name of OpenRouter’s catalogue within the same lab, but for case, "
        "spaces, hyphens and points."
    ),
    "unique name": "The same, where the gateway sends no lab and only one lab has that name.",
    "dated form": "It writes the release’s date in another form, which the catalogue confirms.",
    "swapped form": (
        "It has a Claude name’s words in the other order, which the catalogue confirms."
    ),
    "alias": "A reviewed decision, with its reason and the days on which it holds.",
    "own catalogue": "Only this gateway’s own catalogue has the model; it stands for itself.",
    "own slug": "No catalogue has it: a delisted model, which stands for itself.",
}
"""Each rule in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """How much of one gateway's newest days is matched, as printed; widths of 100."""

    reading: Reading
    coverage: Coverage
    matched: str
    unmatched: str
    outside: str
    of_listed: str
    matched_width: str
    unmatched_width: str
    names: int
    unmatched_names: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One name as printed; *path* is the page of what it stands for."""

    row: CrosswalkRow
    gateway: str
    path: str | None
    model: str
    share: str
    share_title: str
    validity: str


def pages(build: Build) -> Iterator[Page]:
    """Give the page of all names, where any is held."""
    rows = build.register.crosswalk.rows
    if not rows:
        return
    lines = _lines(build)
    unmatched = sorted(
        (line for line in lines if line.row.model is None),
        key=lambda line: (-line.row.share_pct, -line.row.last_listed.toordinal(), line.row.name),
    )
    used = Counter(row.rule for row in rows)
    given = _credits(build)
    yield Page(
        path=PATH,
        template="crosswalk.html",
        title="Crosswalk: which name at which gateway is which model",
        description=(
            "Every name a gateway ever listed, the model it stands for, by which rule and since "
            "when; and what stays unmatched."
        ),
        context={
            "coverage": [_matched(build, one) for one in build.register.crosswalk.coverage],
            "rules": [(rule, EXPLAINED[rule], used[rule]) for rule in RULES],
            "unmatched": unmatched,
            "groups": [
                (reading, own)
                for reading in build.readings
                if (own := [line for line in lines if line.row.source == reading.source])
            ],
            "credits": given,
            "csv_path": CSV,
            "json_path": JSON,
        },
        modified=max(row.last_listed for row in rows),
        alternates=(
            Alternate(path=JSON, media_type="application/json", title="The crosswalk as JSON"),
            Alternate(path=CSV, media_type="text/csv", title="The crosswalk as CSV"),
        ),
    )


def documents(build: Build) -> Iterator[Document]:
    """Give the crosswalk as CSV and JSON."""
    rows = build.register.crosswalk.rows
    if not rows:
        return
    given = _credits(build)
    credit = credits.joined([one.citation for one in given])
    licences = {one.reading.source: files.licence(one.citation) for one in given}
    body = files.rows_csv(
        build.edition,
        COLUMNS,
        (_cells(row, licences.get(row.source, files.NO_LICENCE)) for row in rows),
        (one.citation.notice for one in given),
    )
    yield Document(path=CSV, body=body, citation=credit)
    content = {
        "kind": "crosswalk",
        "version": 1,
        "simulated": build.edition.simulated,
        "simulated_notice": SIMULATED if build.edition.simulated else None,
        "sources": credits.entries(given),
        "rules": [{"rule": rule, "text": EXPLAINED[rule]} for rule in RULES],
        "coverage": [
            {
                "source": one.source,
                "start": iso_text(one.start),
                "data_through": iso_text(one.end),
                "matched_pct": one.matched_pct,
                "unmatched_pct": one.unmatched_pct,
                "outside_pct": _outside_pct(one),
                "of_listed_pct": one.of_listed_pct,
            }
            for one in build.register.crosswalk.coverage
        ],
        "rows": [_entry(line) for line in _lines(build)],
        "links": {"page": paths.address_of(PATH), "csv": CSV, "json": JSON},
    }
    yield Document(path=JSON, body=json_bytes(content), citation=credit)


def _credits(build: Build) -> tuple[Credit, ...]:
    sources = {row.source for row in build.register.crosswalk.rows}
    return credits.credits(
        build,
        (
            view
            for reading in build.readings
            if reading.source in sources
            for view in cards.shown_views(build, reading)
            if view.board.kind == "model"
        ),
    )


def _matched(build: Build, coverage: Coverage) -> Matched:
    own = [row for row in build.register.crosswalk.rows if row.source == coverage.source]
    return Matched(
        reading=next(one for one in build.readings if one.source == coverage.source),
        coverage=coverage,
        matched=words.percent(coverage.matched_pct),
        unmatched=words.percent(coverage.unmatched_pct),
        outside=words.percent(_outside_pct(coverage)),
        of_listed=words.percent(coverage.of_listed_pct),
        matched_width=f"{coverage.matched_pct:.2f}",
        unmatched_width=f"{coverage.unmatched_pct:.2f}",
        names=len({row.name for row in own}),
        unmatched_names=len({row.name for row in own if row.model is None}),
    )


def _outside_pct(coverage: Coverage) -> float:
    return max(100 - coverage.matched_pct - coverage.unmatched_pct, 0.0)


def _lines(build: Build) -> list[Line]:
    pages = build.register.by_model
    return [_line(build, row, pages.get(row.model or "")) for row in build.register.crosswalk.rows]


def _line(build: Build, row: CrosswalkRow, dossier: Dossier | None) -> Line:
    path = build.register.places.models.get((row.source, row.name))
    if dossier is not None:
        path = dossier.path
    known = build.identity.models.get(row.model or "")
    return Line(
        row=row,
        gateway=next(one.name for one in build.readings if one.source == row.source),
        path=path,
        model=dossier.name if dossier else known.name if known else row.model or "",
        share=words.percent(row.share_pct) if row.share_pct else "–",
        share_title=f"{row.share_pct:.4f}{words.NBSP}%",
        validity=_validity(row),
    )


def _validity(row: CrosswalkRow) -> str:
    if row.valid_from and row.valid_to:
        return words.span(row.valid_from, row.valid_to)
    if row.valid_from:
        return f"from {words.day(row.valid_from)}"
    return f"to {words.day(row.valid_to)}" if row.valid_to else ""


def _cells(row: CrosswalkRow, licence: str) -> tuple[str, ...]:
    return (
        row.source,
        safe_cell(row.name),
        safe_cell(row.label or ""),
        safe_cell(row.model or ""),
        safe_cell(row.lab or ""),
        row.rule or "",
        safe_cell(" ".join(row.flags)),
        safe_cell(row.reason or ""),
        iso_text(row.valid_from) or "",
        iso_text(row.valid_to) or "",
        row.first_listed.isoformat(),
        row.last_listed.isoformat(),
        files.number(row.share_pct),
        licence,
    )


def _entry(line: Line) -> dict[str, object]:
    row = line.row
    return {
        "source": row.source,
        "name": row.name,
        "label": row.label,
        "model": row.model,
        "lab": row.lab,
        "rule": row.rule,
        "flags": list(row.flags),
        "reason": row.reason,
        "valid_from": iso_text(row.valid_from),
        "valid_to": iso_text(row.valid_to),
        "first_listed": iso_text(row.first_listed),
        "last_listed": iso_text(row.last_listed),
        "share_pct": row.share_pct,
        "page": paths.address_of(line.path) if line.path else None,
    }
