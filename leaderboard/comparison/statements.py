"""What may be quoted from a comparison: each statement with its numbers and its caveat."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from leaderboard.comparison.agreement import agreements
from leaderboard.comparison.ranges import RankRanges, rank_ranges
from leaderboard.comparison.shares import Bounds, Comparison
from leaderboard.comparison.weights import Certain, certain, crossover, equal_weight, known
from leaderboard.comparison.wording import (
    CONVENTION,
    MATCHED,
    MATCHED_PAIR,
    Wording,
    apart,
    at_least,
    at_most,
    caveats,
    either,
    listing,
    turn_sentence,
)
from leaderboard.records import Citation

TOP: Final = 10
"""Statements are made about so many first entities at equal weights, and all leaders."""

FEW: Final = 4
"""So many that may also come first are named; of more their number says enough."""

ClaimKind = Literal["first", "certain", "crossover", "listed", "rank-range", "agreement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement that may be quoted, never without its *caveats* and *citations*.

    *values* are the numbers in *text* and *caveats*, unrounded. The statement holds for the
    unweighted mean of *days* daily shares from *start* to *end* at *gateways*.
    """

    id: str
    kind: ClaimKind
    text: str
    values: Mapping[str, float]
    start: dt.date
    end: dt.date
    days: int
    gateways: tuple[str, ...]
    caveats: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def caveat(self) -> str:
        """All that must go with it, as one text."""
        return " ".join(self.caveats)


def claims(
    comparison: Comparison, wording: Wording, top: int = TOP, ranges: RankRanges | None = None
) -> tuple[Claim, ...]:
    """State what can be said about the first entities, and how far the gateways agree.

    Who comes first over all weightings. The first are the *top* at equal weights and whoever
    leads a gateway. Of each pair: who is ahead under every weighting; else at which weight the
    lead turns; else who is ahead as listed. Of each: the range of ranks. Raises ValueError for
    spend and cost, which gateways do not mean alike, and for a gateway without a citation.
    *ranges* are the ranks' ranges where they are known already.
    """
    if wording.metric in ("spend", "cost"):
        msg = f"{wording.metric} is not one thing: it is not compared across gateways"
        raise ValueError(msg)
    uncited = [name for name in comparison.shares if name not in wording.citations]
    if uncited:
        msg = f"{', '.join(uncited)} would be quoted without a citation"
        raise ValueError(msg)
    entities = known(comparison.shares)
    chosen = _chosen(comparison, top)
    sure = {(one.ahead, one.behind): one for one in certain(comparison.shares)}
    found: list[Claim] = []
    for a, b in itertools.combinations(chosen, 2):
        proof = sure.get((a, b)) or sure.get((b, a))
        if proof is not None:
            found.append(_certain(comparison, wording, proof, entities))
        else:
            found += _undecided(comparison, wording, a, b)
    ranges = ranges or rank_ranges(comparison.shares)
    found = [*_first(comparison, wording, ranges), *found]
    found += [_rank_range(comparison, wording, entity, ranges) for entity in chosen]
    found += _agreements(comparison, wording)
    return tuple(found)


def _chosen(comparison: Comparison, top: int) -> list[str]:
    ranking = [line.entity for line in equal_weight(comparison.shares).ranking]
    entities = known(comparison.shares)
    leaders = {
        max(ranking, key=lambda entity: entities[entity][at].low_pct)
        for at in range(len(comparison.shares))
        if ranking
    }
    return [entity for place, entity in enumerate(ranking) if place < top or entity in leaders]


def _claim(
    comparison: Comparison,
    wording: Wording,
    kind: ClaimKind,
    subject: Sequence[str],
    text: str,
    values: Mapping[str, float],
    gateways: Sequence[str],
    own: Sequence[str],
) -> Claim:
    unmatched = {name: comparison.unmatched_pct[name] for name in gateways}
    hidden = [
        f"{at_most(share, 1)} % at {wording.gateways[name]}"
        for name, share in unmatched.items()
        if share > 0
    ]
    own = [
        *own,
        *([f"Listed names that no rule matches: {listing(hidden)}."] if hidden else []),
    ]
    return Claim(
        id="/".join([wording.what, wording.metric, kind, *subject]),
        kind=kind,
        text=text,
        values={**values, **{f"{name}.unmatched_pct": unmatched[name] for name in gateways}},
        start=comparison.window.start,
        end=comparison.window.end,
        days=len(comparison.window.days),
        gateways=tuple(gateways),
        caveats=caveats(wording, own),
        citations=tuple(wording.citations[name] for name in gateways),
    )


def _certain(
    comparison: Comparison,
    wording: Wording,
    proof: Certain,
    entities: Mapping[str, tuple[Bounds, ...]],
) -> Claim:
    gateways = tuple(comparison.shares)
    values: dict[str, float] = {"margin_pp": proof.margin_pp}
    sides = []
    for name, one, other in zip(
        gateways, entities[proof.ahead], entities[proof.behind], strict=True
    ):
        values[f"{name}.ahead_low_pct"] = one.low_pct
        values[f"{name}.behind_high_pct"] = other.high_pct
        least, most = apart(one.low_pct, other.high_pct)
        sides.append(f"at least {least} % against at most {most} % at {wording.gateways[name]}")
    text = (
        f"{wording.entities[proof.ahead]} is ahead of {wording.entities[proof.behind]} in share "
        f"of {wording.metric} however the gateways are weighted: {listing(sides)}."
    )
    return _claim(
        comparison,
        wording,
        "certain",
        (proof.ahead, proof.behind),
        text,
        values,
        gateways,
        (MATCHED,),
    )


def _undecided(comparison: Comparison, wording: Wording, a: str, b: str) -> list[Claim]:
    """State where the lead turns, or that the listed shares alone do not prove a lead."""
    turns = crossover(comparison.shares, a, b)
    names = tuple(comparison.shares)
    found = []
    crossings = (*turns.between, *turns.against_rest)
    for crossing in crossings:
        if crossing.weight is None or not (crossing.leads_alone and crossing.leads_without):
            continue
        values = {"weight": crossing.weight}
        text = turn_sentence(crossing, wording.entities, wording.gateways)
        if crossing.undecided:
            values["undecided_from"], values["undecided_to"] = crossing.undecided
        found.append(
            _claim(
                comparison,
                wording,
                "crossover",
                (a, b, crossing.gateway, *crossing.rest),
                text,
                values,
                [name for name in names if name not in crossing.left_out],
                (CONVENTION, MATCHED),
            )
        )
    if found:
        return found
    ends = {leader for c in crossings for leader in (c.leads_alone, c.leads_without) if leader}
    if len(ends) != 1:
        return []  # equal at every gateway
    ahead = ends.pop()
    behind = b if ahead == a else a
    entities = known(comparison.shares)
    sides = tuple(zip(names, entities[ahead], entities[behind], strict=True))
    values = {}
    for name, one, other in sides:
        values[f"{name}.ahead_low_pct"] = one.low_pct
        values[f"{name}.behind_low_pct"] = other.low_pct
        values[f"{name}.behind_high_pct"] = other.high_pct
    level = [wording.gateways[name] for name, one, other in sides if one.low_pct == other.high_pct]
    doubt = (
        "but what is outside the lists could reverse it"
        if any(one.low_pct < other.high_pct for _, one, other in sides)
        else f"but the two may be level at {listing(level)}"
    )
    text = (
        f"As listed, {wording.entities[ahead]} is not behind {wording.entities[behind]} in share "
        f"of {wording.metric} at any gateway, {doubt}."
    )
    return [
        _claim(
            comparison,
            wording,
            "listed",
            (ahead, behind),
            text,
            values,
            names,
            (CONVENTION, MATCHED),
        )
    ]


def _first(comparison: Comparison, wording: Wording, ranges: RankRanges) -> list[Claim]:
    """State who comes first under some weighting; nobody else does under any."""
    order = [line.entity for line in equal_weight(comparison.shares).ranking]
    listed = [one for one in order if ranges.ranges[one].listed_best == 1]
    hidden = [one for one in order if ranges.ranges[one].best == 1 and one not in listed]
    if not listed:
        return []
    how = "However the gateways are weighted"
    if not ranges.is_exact:
        how = "In all sampled ways to weight the gateways"
    text = (
        f"{how}, the first of {len(order)} {wording.what} by share of {wording.metric} is, as "
        f"listed, {either([wording.entities[one] for one in listed])}"
    )
    if hidden:
        names = [wording.entities[one] for one in hidden]
        also = either(names) if len(names) <= FEW else f"one of {len(names)} others"
        text += f"; with what may be outside the lists it may also be {also}"
    values = {
        "of": float(len(order)),
        **{f"{one}.listed_best": 1.0 for one in listed},
        **{f"{one}.best": 1.0 for one in (*listed, *hidden)},
    }
    return [
        _claim(
            comparison,
            wording,
            "first",
            (),
            f"{text}.",
            values,
            tuple(comparison.shares),
            (MATCHED,),
        )
    ]


def _rank_range(comparison: Comparison, wording: Wording, entity: str, ranges: RankRanges) -> Claim:
    found = ranges.ranges[entity]
    values = {
        "best": found.best,
        "worst": found.worst,
        "listed_best": found.listed_best,
        "listed_worst": found.listed_worst,
        "of": len(ranges.ranges),
    }
    how = "however the gateways are weighted"
    if not ranges.is_exact:
        how = "in all sampled ways to weight the gateways"
    text = (
        f"As listed, {wording.entities[entity]} is {_ranks(found.listed_best, found.listed_worst)} "
        f"of {len(ranges.ranges)} {wording.what} by share of {wording.metric} {how}; with what may "
        f"be outside the lists, {_ranks(found.best, found.worst)} ({ranges.method})."
    )
    return _claim(
        comparison,
        wording,
        "rank-range",
        (entity,),
        text,
        values,
        tuple(comparison.shares),
        (MATCHED,),
    )


def _agreements(comparison: Comparison, wording: Wording) -> list[Claim]:
    found = []
    for pair in agreements(comparison.shares):
        if pair.overlap is None:
            continue
        overlap = pair.overlap
        maximum = overlap.minimum + overlap.residual
        text = (
            f"The rankings of {wording.what} at {wording.gateways[pair.first]} and "
            f"{wording.gateways[pair.second]} have a rank-biased overlap of "
            f"{overlap.extrapolated:.2f} (p = {overlap.persistence}; at least "
            f"{at_least(overlap.minimum, 2)}, at most {at_most(maximum, 2)} whatever comes below "
            "the lists' ends; 1 is identical, 0 disjoint)."
        )
        values = {
            "extrapolated": overlap.extrapolated,
            "minimum": overlap.minimum,
            "residual": overlap.residual,
            "maximum": maximum,
            "persistence": overlap.persistence,
        }
        found.append(
            _claim(
                comparison,
                wording,
                "agreement",
                (pair.first, pair.second),
                text,
                values,
                (pair.first, pair.second),
                (MATCHED_PAIR,),
            )
        )
    return found


def _ranks(best: int, worst: int) -> str:
    return f"rank {best}" if best == worst else f"between rank {best} and rank {worst}"
