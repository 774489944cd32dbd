"""The comparison as JSON: everything its page shows, and the daily shares behind it."""

from collections.abc import Sequence
from typing import Final

from leaderboard import words
from leaderboard.charts import theme
from leaderboard.comparison import Claim, Comparison, NotComputed, weighted
from leaderboard.comparison.gathering import Compared, Contrast
from leaderboard.comparison.sides import Side
from leaderboard.pages import compare_paths, compare_tables, compare_words, paths
from leaderboard.pages.downloads import SIMULATED, iso_text, json_bytes
from leaderboard.records import Edition

PLACES: Final = 6
"""Decimals of the daily shares that we derived; a board's own daily file has them exact."""


def head(edition: Edition, kind: str) -> dict[str, object]:
    """Begin a document of a *kind*."""
    return {
        "kind": kind,
        "version": 1,
        "simulated": edition.simulated,
        "simulated_notice": SIMULATED if edition.simulated else None,
    }


def comparison(edition: Edition, found: Compared) -> bytes:
    """Write all that a comparison's page shows, unrounded."""
    csv_path, json_path, daily_path = compare_paths.file_paths(found.what)
    result = found.comparison
    content: dict[str, object] = {
        **head(edition, "comparison"),
        "what": found.what,
        "metric": "tokens",
        "headline": compare_words.headline(found),
        "not_computed": result.reason if isinstance(result, NotComputed) else None,
        "sources": [_source(found, side) for side in found.shown.values()],
        "tokens_and_spend": [_contrast(found, one) for one in found.contrasts],
        "links": {
            "page": paths.address_of(compare_paths.page_path(found.what)),
            "csv": csv_path,
            "json": json_path,
            "daily": daily_path,
            "claims": compare_paths.CLAIMS,
        },
    }
    if isinstance(result, Comparison):
        content |= _compared(found, result)
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
    both: dict[str, object] = {
        "source": contrast.tokens.reading.source,
        "metrics": [contrast.tokens.board.metric, contrast.spend.board.metric],
    }
    if isinstance(comparison, NotComputed):
        return {**both, "not_computed": comparison.reason}
    return {
        **both,
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


def daily(edition: Edition, found: Compared) -> bytes:
    """Write the listed share of each day of the longest window, and the means of all windows."""
    longest = max(
        found.by_window.values(),
        key=lambda one: len(one.window.days),
        default=None,
    )
    dates = compare_words.calendar(longest.window) if longest else []
    history = {source: side.history(dates) for source, side in found.sides.items()}
    content: dict[str, object] = {
        **head(edition, "comparison-daily"),
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


def claims(edition: Edition, compared: Sequence[Compared]) -> bytes:
    """Write every statement with its numbers, days, sources and caveat."""
    content = {
        **head(edition, "claims"),
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
        "page": f"{paths.address_of(compare_paths.page_path(what))}#{compare_words.anchor(claim)}",
    }
