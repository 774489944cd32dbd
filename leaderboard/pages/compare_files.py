"""The comparison as files: its tables as CSV and JSON, its statements, and its daily shares.

Nothing is rounded here but the daily shares we derived ourselves, which have six decimals: the
exact figures are in each board's own ``daily.csv``. Every row says under which licence it is.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from leaderboard.comparison import Bounds, Comparison
from leaderboard.comparison.gathering import Compared, Contrast
from leaderboard.comparison.sides import Side
from leaderboard.pages import compare_json, compare_paths, compare_tables
from leaderboard.pages.downloads import SIMULATED, Document, safe_cell
from leaderboard.records import Citation, Edition

NO_LICENCE: Final = "no open licence"
COLUMNS: Final = (
    "table",
    "id",
    "name",
    "lab",
    "gateway",
    "metric",
    "share_low_pct",
    "share_high_pct",
    "is_listed",
    "is_offered",
    "rank",
    "listed_best_rank",
    "listed_worst_rank",
    "best_rank",
    "worst_rank",
    "start",
    "data_through",
    "days",
    "license",
)


def documents(edition: Edition, compared: Sequence[Compared]) -> Iterator[Document]:
    """Give the files of the comparison pages."""
    for found in compared:
        csv_path, json_path, daily_path = compare_paths.file_paths(found.what)
        yield _document(csv_path, _csv(edition, found), found.shown)
        yield _document(json_path, compare_json.comparison(edition, found), found.shown)
        yield _document(daily_path, compare_json.daily(edition, found), found.shown)
    if compared:
        sides = {source: side for found in compared for source, side in found.shown.items()}
        yield _document(compare_paths.CLAIMS, compare_json.claims(edition, compared), sides)


def joint_citation(sides: Iterable[Side]) -> Citation | None:
    """Join the credits of several gateways; a licence holds only where it is the same for all."""
    credits_ = list(dict.fromkeys(side.citation for side in sides))
    if not credits_:
        return None
    licences = {(one.license, one.license_url) for one in credits_}
    shared, url = licences.pop() if len(licences) == 1 else (None, None)
    return Citation(
        text=" ".join(one.text for one in credits_),
        notice=" ".join(one.notice for one in credits_),
        url=credits_[0].url,
        license=shared,
        license_url=url,
    )


def _document(path: str, body: bytes, sides: Mapping[str, Side]) -> Document:
    return Document(path=path, body=body, citation=joint_citation(sides.values()))


def _csv(edition: Edition, found: Compared) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    if isinstance(found.comparison, Comparison):
        writer.writerows(_agreement_rows(found, found.comparison))
    for contrast in found.contrasts:
        if isinstance(contrast.comparison, Comparison):
            writer.writerows(_contrast_rows(found, contrast, contrast.comparison))
    padding = ("",) * (len(COLUMNS) - 1)
    if edition.simulated:
        writer.writerow((SIMULATED, *padding))
    for notice in dict.fromkeys(side.citation.notice for side in found.shown.values()):
        writer.writerow((safe_cell(notice), *padding))
    return text.getvalue().encode("utf-8", "replace")


def _agreement_rows(found: Compared, comparison: Comparison) -> Iterator[tuple[str, ...]]:
    ranges = found.ranges.ranges if found.ranges else {}
    for source, shares in comparison.shares.items():
        ranks = compare_tables.ranked(shares)
        for one in found.order:
            span = ranges.get(one)
            yield _row(
                "agreement",
                found,
                one,
                found.sides[source],
                "tokens",
                shares[one],
                str(ranks.get(one, "")),
                ("", "", "", "")
                if span is None
                else tuple(
                    str(rank)
                    for rank in (span.listed_best, span.listed_worst, span.best, span.worst)
                ),
                comparison,
            )


def _contrast_rows(
    found: Compared, contrast: Contrast, comparison: Comparison
) -> Iterator[tuple[str, ...]]:
    for name, side in (("tokens", contrast.tokens), ("spend", contrast.spend)):
        for one, bounds in sorted(comparison.shares[name].items()):
            none = ("", "", "", "")
            metric = side.board.metric
            yield _row("tokens-and-spend", found, one, side, metric, bounds, "", none, comparison)


def _row(
    table: str,
    found: Compared,
    one: str,
    side: Side,
    metric: str,
    bounds: Bounds | None,
    rank: str,
    ranks: tuple[str, ...],
    comparison: Comparison,
) -> tuple[str, ...]:
    return (
        table,
        safe_cell(one),
        safe_cell(found.names.get(one, one)),
        safe_cell(found.labs.get(one, "")),
        side.reading.source,
        metric,
        "" if bounds is None else repr(bounds.low_pct),
        "" if bounds is None else repr(bounds.high_pct),
        "true" if bounds is not None and bounds.low_pct > 0 else "false",
        "false" if bounds is None else "true",
        rank,
        *ranks,
        comparison.window.start.isoformat(),
        comparison.window.end.isoformat(),
        str(len(comparison.window.days)),
        side.citation.license or NO_LICENCE,
    )
