"""What holds however the gateways are weighted, and where the lead turns if nothing does.

A weighting gives each gateway a part of 1, and an entity the so weighted mean of its shares.
No weighting is the right one. Arithmetic is exact: floats are the fractions they are.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from leaderboard.comparison.shares import Bounds, Shares

Weights = Mapping[str, float | Fraction]

EQUAL_WEIGHT_LABEL: Final = "Every gateway weighted the same: a convention, not a finding."


@dataclass(frozen=True, slots=True, kw_only=True)
class Certain:
    """*ahead* is ahead of *behind* at every gateway, so under every weighting.

    *margin_pp* is the smallest distance, in percentage points, between the one's lower and
    the other's upper bound.
    """

    ahead: str
    behind: str
    margin_pp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """How the lead between *a* and *b* turns as *gateway*'s weight goes from 0 to 1.

    *rest* are the gateways that share what is left equally; *left_out* have no weight.
    *weight* is the weight of *gateway* at which both have the same listed share (None: there
    is none from 0 to 1, or they are equal at all of them).
    *leads_without* has the higher listed share at weight 0, *leads_alone* at weight 1 (None:
    equal there). *undecided* are the least and the greatest weight at which what is
    outside the lists may decide who leads (None: there is no such weight).
    """

    gateway: str
    rest: tuple[str, ...]
    left_out: tuple[str, ...]
    weight: float | None
    leads_without: str | None
    leads_alone: str | None
    undecided: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossover:
    """Where the lead between *a* and *b* turns.

    *between* has each pair of gateways with all others left out; *against_rest* each gateway
    against all others, which share the rest of the weight equally. For two gateways the only
    pair says everything, and *against_rest* is empty.
    """

    a: str
    b: str
    between: tuple[Crossing, ...]
    against_rest: tuple[Crossing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """One line of a weighted ranking, ranked by the listed shares; equals share a rank."""

    rank: int
    entity: str
    low_pct: float
    high_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """A weighted ranking that says itself that its weights are a convention."""

    label: str
    weights: Mapping[str, float]
    ranking: tuple[Weighted, ...]


def known(shares: Mapping[str, Shares]) -> dict[str, tuple[Bounds, ...]]:
    """Give the bounds, in the gateways' order, of each entity known at every gateway.

    Only these can be ranked; an entity that one gateway does not offer has no weighted share.
    """
    if not shares:
        msg = "no gateway to compare"
        raise ValueError(msg)
    everywhere = set.intersection(*(set(side) for side in shares.values()))
    found = {}
    for entity in sorted(everywhere):
        sides = [side[entity] for side in shares.values()]
        at_all = tuple(side for side in sides if side is not None)
        if len(at_all) == len(sides):
            found[entity] = at_all
    return found


def certain(shares: Mapping[str, Shares]) -> tuple[Certain, ...]:
    """List every "A is ahead of B" that is true under every weighting, bounds respected.

    True under all weightings exactly if A's lower bound is above B's upper bound at every
    gateway: a weighted mean of positive differences is positive, and each gateway alone is a
    weighting. Widest margin first.
    """
    found = []
    for (a, at_a), (b, at_b) in itertools.permutations(known(shares).items(), 2):
        if all(one.low_pct > other.high_pct for one, other in zip(at_a, at_b, strict=True)):
            margin = min(
                one.low_pct - other.high_pct for one, other in zip(at_a, at_b, strict=True)
            )
            found.append(Certain(ahead=a, behind=b, margin_pp=margin))
    return tuple(sorted(found, key=lambda item: (-item.margin_pp, item.ahead, item.behind)))


def crossover(shares: Mapping[str, Shares], a: str, b: str) -> Crossover:
    """Find where the lead between *a* and *b* turns as the weights change.

    Between two gateways, with differences d and e of the listed shares, the weighted means
    are equal at the first one's weight w = e / (e − d), from w d + (1 − w) e = 0. Raises
    ValueError for fewer than two gateways or where *a* or *b* is not known at one of them.
    """
    entities = known(shares)
    missing = [entity for entity in (a, b) if entity not in entities]
    if missing or len(shares) < 2:
        msg = f"{' and '.join(missing) or a} cannot be compared at {', '.join(shares)}"
        raise ValueError(msg)
    gateways = tuple(shares)
    at_a = dict(zip(gateways, entities[a], strict=True))
    at_b = dict(zip(gateways, entities[b], strict=True))

    def crossing(gateway: str, rest: tuple[str, ...]) -> Crossing:
        def line(gaps: Mapping[str, Fraction]) -> _Line:
            return sum((gaps[name] for name in rest), Fraction()) / len(rest), gaps[gateway]

        without, alone = line({n: _low(at_a[n]) - _low(at_b[n]) for n in gateways})
        a_surely = line({n: _low(at_a[n]) - _high(at_b[n]) for n in gateways})
        b_surely = line({n: _low(at_b[n]) - _high(at_a[n]) for n in gateways})
        turn = _turn((without, alone))
        return Crossing(
            gateway=gateway,
            rest=rest,
            left_out=tuple(name for name in gateways if name not in (gateway, *rest)),
            weight=None if turn is None else float(turn),
            leads_without=_leader(without, a, b),
            leads_alone=_leader(alone, a, b),
            undecided=_undecided(a_surely, b_surely),
        )

    return Crossover(
        a=a,
        b=b,
        between=tuple(crossing(one, (two,)) for one, two in itertools.combinations(gateways, 2)),
        against_rest=tuple(
            crossing(name, tuple(other for other in gateways if other != name)) for name in gateways
        )
        if len(gateways) > 2
        else (),
    )


def weighted(shares: Mapping[str, Shares], weights: Weights) -> tuple[Weighted, ...]:
    """Rank the entities known at every gateway under *weights*, which are scaled to sum to 1.

    A gateway without a weight has none. Raises ValueError for a negative weight, a gateway
    that is not compared, or no weight at all.
    """
    exact = {name: Fraction(weight) for name, weight in weights.items()}
    total = sum(exact.values())
    if set(exact) - set(shares) or min(exact.values(), default=Fraction(-1)) < 0 or not total:
        msg = f"weights must be non-negative parts of {', '.join(shares)}, not {dict(weights)}"
        raise ValueError(msg)
    parts = [exact.get(name, Fraction()) / total for name in shares]
    means = {
        entity: (
            sum(part * _low(b) for part, b in zip(parts, sides, strict=True)),
            sum(part * _high(b) for part, b in zip(parts, sides, strict=True)),
        )
        for entity, sides in known(shares).items()
    }
    ranking: list[Weighted] = []
    rank, above = 0, None
    for place, (entity, (low, high)) in enumerate(
        sorted(means.items(), key=lambda item: (-item[1][0], item[0])), start=1
    ):
        if low != above:
            rank, above = place, low
        ranking.append(Weighted(rank=rank, entity=entity, low_pct=float(low), high_pct=float(high)))
    return tuple(ranking)


def equal_weight(shares: Mapping[str, Shares]) -> Convention:
    """Rank with every gateway weighted the same, labelled as the convention it is."""
    return Convention(
        label=EQUAL_WEIGHT_LABEL,
        weights={name: 1 / len(shares) for name in shares},
        ranking=weighted(shares, dict.fromkeys(shares, Fraction(1, len(shares)))),
    )


_Line = tuple[Fraction, Fraction]
"""A difference of weighted means, linear in one weight: its values at weight 0 and 1."""


def _low(share: Bounds) -> Fraction:
    return Fraction(share.low_pct)


def _high(share: Bounds) -> Fraction:
    return Fraction(share.high_pct)


def _turn(line: _Line) -> Fraction | None:
    """Find the weight at which a line is zero (None: never, or everywhere)."""
    at_0, at_1 = line
    if at_0 == at_1 or at_0 * at_1 > 0:
        return None
    return at_0 / (at_0 - at_1)


def _leader(gap: Fraction, a: str, b: str) -> str | None:
    return a if gap > 0 else b if gap < 0 else None


def _undecided(a_surely: _Line, b_surely: _Line) -> tuple[float, float] | None:
    """Find the weights at which neither line is positive: neither is surely ahead.

    Each line is positive on a part of 0 to 1 that begins at one of its ends, and never both,
    so what remains is one interval.
    """
    start, end = Fraction(0), Fraction(1)
    for at_0, at_1 in (a_surely, b_surely):
        if at_0 > 0 and at_1 > 0:
            return None
        if at_0 > 0:
            start = max(start, at_0 / (at_0 - at_1))
        elif at_1 > 0:
            end = min(end, at_0 / (at_0 - at_1))
    return float(start), float(end)
