"""The comparison as files: its tables as CSV and JSON, its statements, and its daily shares.

Nothing is rounded here but the daily shares we derived ourselves, which have six decimals: the
exact figures are in each board's own ``daily.csv``. Every row says under which licence it is.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from leaderboard import words
from leaderboard.charts import theme
from leaderboard.comparison import Bounds, Claim, Comparison, NotComputed, weighted
from leaderboard.comparison.gathering import Compared, Contrast, Side
from leaderboard.pages import compare_tables, compare_words, paths
from leaderboard.pages.downloads import API, SIMULATED, Document, iso_text, json_bytes, safe_cell
from leaderboard.records import Citation, Edition

CLAIMS: Final = f"{API}/claims.json"
NO_LICENCE: Final = "no open licence"
PLACES: Final = 6
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


def page_path(what: str) -> str:
    """Give the address of a comparison's page."""
    return "compare" if what == "labs" else f"compare/{what}"


def file_paths(what: str) -> tuple[str, str, str]:
    """Give the addresses of a comparison's CSV, JSON, and daily shares."""
    return tuple(f"{API}/compare/{what}{end}" for end in (".csv", ".json", "-daily.json"))  # type: ignore[return-value]


def documents(edition: Edition, compared: Sequence[Compared]) -> Iterator[Document]:
    """Give the files of the comparison pages."""
    for found in compared:
        yield _document(file_paths(found.what)[0], _csv(edition, found), _sides(found))
        yield _document(file_paths(found.what)[1], _json(edition, found), _sides(found))
        yield _document(file_paths(found.what)[2], _daily(edition, found), _sides(found))
    if compared:
        sides = {source: side for found in compared for source, side in _sides(found).items()}
        yield _document(CLAIMS, _claims(edition, compared), sides)


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


def _sides(found: Compared) -> dict[str, Side]:
    """Give every side whose figures the page shows."""
    own = {contrast.tokens.reading.source: contrast.tokens for contrast in found.contrasts}
    return {**found.sides, **own}


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
    for notice in dict.fromkeys(side.citation.notice for side in _sides(found).values()):
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


def _head(edition: Edition, kind: str) -> dict[str, object]:
    return {
        "kind": kind,
        "version": 1,
        "simulated": edition.simulated,
        "simulated_notice": SIMULATED if edition.simulated else None,
    }


def _json(edition: Edition, found: Compared) -> bytes:
    csv_path, json_path, daily_path = file_paths(found.what)
    comparison = found.comparison
    content: dict[str, object] = {
        **_head(edition, "comparison"),
        "what": found.what,
        "metric": "tokens",
        "headline": compare_words.headline(found),
        "not_computed": comparison.reason if isinstance(comparison, NotComputed) else None,
        "sources": [_source(found, side) for side in _sides(found).values()],
        "tokens_and_spend": [_contrast(found, one) for one in found.contrasts],
        "links": {
            "page": paths.address_of(page_path(found.what)),
            "csv": csv_path,
            "json": json_path,
            "daily": daily_path,
            "claims": CLAIMS,
        },
    }
    if isinstance(comparison, Comparison):
        content |= _compared(found, comparison)
    return json_bytes(content)


def _compared(found: Compared, comparison: Comparison) -> dict[str, object]:
    window = comparison.window
    ranks = {source: compare_tables.ranked(side) for source, side in comparison.shares.items()}
    ranges = found.ranges
    chosen = compare_tables.presets(found) if ranges else ()
    return {
        "start": window.start.isoformat(),
        "data_through": window.end.isoformat(),
        "days": [day.isoformat() for day in window.days],
        "measure": "unweighted mean of daily shares on the days complete at every gateway",
        "left_out": dict(comparison.left_out),
        "rank_method": ranges.method if ranges else None,
        "ranked": len(ranges.ranges) if ranges else 0,
        "entities": [
            {
                "id": one,
                "name": found.names[one],
                "lab": found.labs[one],
                "swatch": theme.swatch(theme.colour(found.labs[one])),
                "shares": {
                    source: None
                    if (bounds := side[one]) is None
                    else {
                        "low_pct": bounds.low_pct,
                        "high_pct": bounds.high_pct,
                        "rank": ranks[source].get(one),
                    }
                    for source, side in comparison.shares.items()
                },
                "ranks": None
                if ranges is None or (span := ranges.ranges.get(one)) is None
                else {
                    "listed_best": span.listed_best,
                    "listed_worst": span.listed_worst,
                    "best": span.best,
                    "worst": span.worst,
                },
            }
            for one in found.order
        ],
        "agreement": [
            {
                "gateways": [pair.first, pair.second],
                "extrapolated": overlap.extrapolated if (overlap := pair.overlap) else None,
                "minimum": overlap.minimum if overlap else None,
                "residual": overlap.residual if overlap else None,
                "persistence": overlap.persistence if overlap else None,
                "not_computed": pair.not_computed.reason if pair.not_computed else None,
            }
            for pair in found.agreements
        ],
        "conventions": [
            {
                "id": preset.id,
                "label": preset.label,
                "weights": {source: float(part) for source, part in preset.weights.items()},
                "ranking": [
                    {
                        "rank": line.rank,
                        "id": line.entity,
                        "low_pct": line.low_pct,
                        "high_pct": line.high_pct,
                    }
                    for line in weighted(comparison.shares, preset.weights)
                ],
            }
            for preset in chosen
        ],
    }


def _source(found: Compared, side: Side) -> dict[str, object]:
    comparison, citation = found.comparison, side.citation
    unmatched = comparison.unmatched_pct if isinstance(comparison, Comparison) else {}
    return {
        "id": side.reading.source,
        "name": side.reading.name,
        "board": side.board.path,
        "population": side.reading.population,
        "data_through": side.data_through.isoformat(),
        "as_of": side.published.as_of,
        "retrieved_at": words.stamp(side.published.retrieved_at),
        "license": citation.license,
        "license_url": citation.license_url,
        "citation": citation.text,
        "notice": citation.notice,
        "citation_url": citation.url,
        "unmatched_pct": unmatched.get(side.reading.source),
        "is_lower_bound": side.gateway.is_rolled_up,
        "is_complete": side.is_complete,
        "caveats": list(dict.fromkeys((*side.board.caveats, *side.reading.caveats))),
    }


def _contrast(found: Compared, contrast: Contrast) -> dict[str, object]:
    comparison = contrast.comparison
    head: dict[str, object] = {
        "source": contrast.tokens.reading.source,
        "metrics": [contrast.tokens.board.metric, contrast.spend.board.metric],
    }
    if isinstance(comparison, NotComputed):
        return {**head, "not_computed": comparison.reason}
    return {
        **head,
        "not_computed": None,
        "start": comparison.window.start.isoformat(),
        "data_through": comparison.window.end.isoformat(),
        "days": len(comparison.window.days),
        "entities": [
            {
                "id": one,
                "name": found.names.get(one, one),
                **{
                    name: None
                    if (bounds := side[one]) is None
                    else {"low_pct": bounds.low_pct, "high_pct": bounds.high_pct}
                    for name, side in comparison.shares.items()
                },
            }
            for one in sorted(comparison.shares["tokens"])
        ],
    }


def _daily(edition: Edition, found: Compared) -> bytes:
    """Write the listed share of each day of the longest window, and the means of all windows."""
    longest = max(
        found.by_window.values(),
        key=lambda one: len(one.window.days),
        default=None,
    )
    dates = compare_words.calendar(longest.window) if longest else []
    history = {source: side.history(dates) for source, side in found.sides.items()}
    content: dict[str, object] = {
        **_head(edition, "comparison-daily"),
        "what": found.what,
        "metric": "tokens",
        "decimals": PLACES,
        "sources": [_source(found, side) for side in found.sides.values()],
        "windows": {
            window: {
                "start": one.window.days[0].isoformat(),
                "data_through": one.window.end.isoformat(),
                "days": len(one.window.days),
                "shares": {
                    source: {
                        entity: None if bounds is None else [bounds.low_pct, bounds.high_pct]
                        for entity, bounds in side.items()
                    }
                    for source, side in one.shares.items()
                },
            }
            for window, one in sorted(
                found.by_window.items(), key=lambda item: len(item[1].window.days)
            )
        },
        "dates": [iso_text(date) for date in dates],
        "entities": [
            {
                "id": one,
                "name": found.names[one],
                "lab": found.labs[one],
                "colours": list(theme.colours([found.labs[one]] * 5)),
            }
            for one in compare_words.everybody(found)
        ],
        "shares": {
            source: {
                one: {"from": first, "values": values}
                for one, course in sorted(courses.items())
                if (trimmed := _trimmed(course))
                for first, values in [trimmed]
            }
            for source, courses in history.items()
        },
    }
    return json_bytes(content)


def _trimmed(course: Sequence[float | None]) -> tuple[int, list[float | None]] | None:
    """Leave out the unknown days before the first and after the last known one."""
    known = [at for at, share in enumerate(course) if share is not None]
    if not known:
        return None
    part = course[known[0] : known[-1] + 1]
    return known[0], [None if share is None else round(share, PLACES) for share in part]


def _claims(edition: Edition, compared: Sequence[Compared]) -> bytes:
    content = {
        **_head(edition, "claims"),
        "not_computed": [
            {"what": found.what, "reason": found.comparison.reason}
            for found in compared
            if isinstance(found.comparison, NotComputed)
        ],
        "claims": [
            _claim(edition, found.what, claim) for found in compared for claim in found.claims
        ],
    }
    return json_bytes(content)


def _claim(edition: Edition, what: str, claim: Claim) -> dict[str, object]:
    return {
        "id": claim.id,
        "kind": claim.kind,
        "text": claim.text,
        "values": dict(claim.values),
        "start": claim.start.isoformat(),
        "data_through": claim.end.isoformat(),
        "days": claim.days,
        "gateways": list(claim.gateways),
        "caveat": f"{SIMULATED} {claim.caveat}" if edition.simulated else claim.caveat,
        "sources": [
            {"citation": one.text, "notice": one.notice, "url": one.url, "license": one.license}
            for one in claim.citations
        ],
        "page": f"{paths.address_of(page_path(what))}#{compare_words.anchor(claim)}",
    }
