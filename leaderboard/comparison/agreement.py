"""How far two gateways' rankings agree."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from leaderboard.comparison.shares import NotComputed, Shares

PERSISTENCE: Final = 0.9
"""How likely a reader goes on from one rank to the next: the first ten ranks have 86 % of
the weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Rank-biased overlap of two rankings, 0 (disjoint) to 1 (identical).

    *extrapolated* is the point estimate; whatever comes below the ends of the lists, the
    overlap is at least *minimum* and at most *minimum* + *residual*.
    """

    extrapolated: float
    minimum: float
    residual: float
    persistence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far the rankings of two gateways agree (*overlap* None: see *not_computed*)."""

    first: str
    second: str
    overlap: Overlap | None
    not_computed: NotComputed | None = None


def rank_biased_overlap(
    first: Mapping[str, float], second: Mapping[str, float], persistence: float = PERSISTENCE
) -> Overlap:
    """Measure how far two rankings, given as entity → figure, agree from the top down.

    Webber, Moffat & Zobel, "A similarity measure for indefinite rankings", ACM TOIS 28(4),
    2010. With X(d) the overlap of the two lists at depth d, s ≤ l their lengths and
    A(d) = X(d)/d their agreement, the overlap is (1−p) Σ p^(d−1) A(d) over all depths. What is
    below the lists' ends is unknown:

    - *minimum* (their equation 11): nothing below matches, X(d) = X(l) for d > l;
    - *residual* (their equation 30): the maximum, where everything below matches as early as
      it can, less the minimum;
    - *extrapolated* (their equation 32): below its end the shorter list goes on agreeing as
      it did at depth s, and both as they did at depth l.

    Ties as the paper proposes: tied entities all stand at the first of their ranks, and
    A(d) = 2 X(d) / (|S to d| + |L to d|). Raises ValueError for an empty ranking or a
    *persistence* not between 0 and 1.
    """
    if not 0 < persistence < 1:
        msg = f"persistence must be between 0 and 1, not {persistence}"
        raise ValueError(msg)
    if not first or not second:
        msg = "an empty ranking agrees and disagrees with nothing"
        raise ValueError(msg)
    short, long = sorted((_ranks(first), _ranks(second)), key=len)
    s, l = len(short), len(long)  # noqa: E741 — the paper's letters
    p = persistence
    at_end = 0.0  # A(s), by which the shorter list is extrapolated
    extrapolated, least, most = [], [], []
    overlap = 0
    for depth in range(1, l + 1):
        upper = {entity for entity, rank in short.items() if rank <= depth}
        lower = {entity for entity, rank in long.items() if rank <= depth}
        overlap = len(upper & lower)
        below = max(depth - s, 0)  # entities of the shorter list that we have not seen
        size = (len(upper) + below + len(lower)) / 2
        if depth == s:
            at_end = overlap / size
        least.append(overlap / size)
        extrapolated.append((overlap + below * at_end) / size)
        most.append((overlap + below) / size)
    # From l on every depth can match one entity more of either list, until all match at f.
    f = s + l - overlap
    most += [(overlap + (l - s) + 2 * (depth - l)) / depth for depth in range(l + 1, f + 1)]
    tail = -math.log1p(-p) - math.fsum(p**depth / depth for depth in range(1, l + 1))
    minimum = _weighted(least, p) + (1 - p) / p * overlap * max(tail, 0.0)
    maximum = _weighted(most, p) + p**f
    estimate = _weighted(extrapolated, p) + extrapolated[-1] * p**l
    # Rounding may carry a sum of weights past its limits by an ulp or two.
    maximum = min(maximum, 1.0)
    minimum = min(minimum, maximum)
    return Overlap(
        extrapolated=min(max(estimate, minimum), maximum),
        minimum=minimum,
        residual=maximum - minimum,
        persistence=p,
    )


def agreements(
    shares: Mapping[str, Shares], persistence: float = PERSISTENCE
) -> tuple[Agreement, ...]:
    """Measure the agreement of each pair of gateways, on the entities each of them lists."""
    listed = {
        gateway: {
            entity: known.low_pct
            for entity, known in side.items()
            if known is not None and known.low_pct > 0
        }
        for gateway, side in shares.items()
    }
    found = []
    for first, second in itertools.combinations(listed, 2):
        empty = [gateway for gateway in (first, second) if not listed[gateway]]
        found.append(
            Agreement(
                first=first,
                second=second,
                overlap=None
                if empty
                else rank_biased_overlap(listed[first], listed[second], persistence),
                not_computed=NotComputed(reason=f"{' and '.join(empty)} list nothing that matches")
                if empty
                else None,
            )
        )
    return tuple(found)


def _ranks(figures: Mapping[str, float]) -> dict[str, int]:
    """Rank from 1, highest first; tied entities share the first of their ranks."""
    ranks: dict[str, int] = {}
    ordered = sorted(figures.items(), key=lambda item: -item[1])
    for _, group in itertools.groupby(ordered, key=lambda item: item[1]):
        rank = len(ranks) + 1
        ranks.update((entity, rank) for entity, _ in group)
    return ranks


def _weighted(agreement: list[float], p: float) -> float:
    return (1 - p) * math.fsum(value * p**depth for depth, value in enumerate(agreement))
