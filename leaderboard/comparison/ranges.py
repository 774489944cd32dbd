"""Which ranks an entity can have, over all weightings of the gateways.

With n gateways the weightings are the points of a simplex: a segment for two, a triangle for
three. "B is ahead of A" is a linear function of the weights, kept as its values at the
simplex's corners; how many are ahead of A changes only where one of these is zero.
"""

import bisect
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from leaderboard.comparison.shares import Bounds, Shares
from leaderboard.comparison.weights import known

SAMPLES: Final = 5_000
SEED: Final = 20_251_001

_Corners = tuple[int, ...]
"""A linear function on the simplex by its values at the corners, all times one number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRange:
    """The best and the worst rank over all weightings.

    *best* and *worst* respect the bounds: best is one more than the fewest entities that are
    surely ahead under some weighting, worst one more than the most that may be ahead, each
    of them for itself: not all at once could have everything outside the lists, so the true
    worst rank may be better.
    *listed_best* and *listed_worst* take the listed shares as they stand. Equals share the
    better rank.
    """

    best: int
    worst: int
    listed_best: int
    listed_worst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankRanges:
    """The rank range of each entity known at every gateway, and how it was found."""

    ranges: Mapping[str, RankRange]
    is_exact: bool
    method: str


def rank_ranges(
    shares: Mapping[str, Shares], samples: int = SAMPLES, seed: int = SEED
) -> RankRanges:
    """Find each entity's best and worst rank over all weightings of the gateways.

    Exact for two and three gateways, where the arrangement of the difference lines is walked
    line by line (de Berg et al., "Computational Geometry", chapter 8): the fewest ahead are
    found at one of its vertices, as nobody is ahead where the difference is zero, and the
    most beside one of its edges. For more gateways the weightings are sampled, and a true
    range can be wider than the one found.
    """
    entities = known(shares)
    if len(shares) < 2:
        msg = "one gateway has one ranking and no weights to vary"
        raise ValueError(msg)
    if len(shares) > 3:
        return RankRanges(
            ranges=_sampled(entities, samples, seed),
            is_exact=False,
            method=(
                f"sampled: {samples:,} weightings drawn evenly from the simplex (seed {seed}), and "
                "every set of gateways weighted equally; a true range can be wider"
            ),
        )
    lows, highs = _integers(entities)
    fewest_and_most = _over_segment if len(shares) == 2 else _over_triangle
    ranges = {}
    for entity in entities:
        others = [other for other in entities if other != entity]
        surely = [_minus(lows[other], highs[entity]) for other in others]
        maybe = [_minus(highs[other], lows[entity]) for other in others]
        listed = [_minus(lows[other], lows[entity]) for other in others]
        fewest, most = fewest_and_most(listed)
        ranges[entity] = RankRange(
            best=1 + fewest_and_most(surely)[0],
            worst=1 + fewest_and_most(maybe)[1],
            listed_best=1 + fewest,
            listed_worst=1 + most,
        )
    return RankRanges(
        ranges=ranges,
        is_exact=True,
        method=f"exact over all weightings of {len(shares)} gateways",
    )


def _integers(
    entities: Mapping[str, tuple[Bounds, ...]],
) -> tuple[dict[str, _Corners], dict[str, _Corners]]:
    """Give all lower and all upper bounds as integers, times one common number."""
    lows = {entity: [Fraction(b.low_pct) for b in sides] for entity, sides in entities.items()}
    highs = {entity: [Fraction(b.high_pct) for b in sides] for entity, sides in entities.items()}
    # A float's denominator is a power of two, so the greatest is a multiple of all.
    scale = max(
        (value.denominator for sides in (lows, highs) for row in sides.values() for value in row),
        default=1,
    )

    def scaled(rows: Mapping[str, list[Fraction]]) -> dict[str, _Corners]:
        return {entity: tuple(int(value * scale) for value in row) for entity, row in rows.items()}

    return scaled(lows), scaled(highs)


def _minus(one: _Corners, other: _Corners) -> _Corners:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def _over_segment(lines: Sequence[_Corners]) -> tuple[int, int]:
    """Find the fewest and the most lines that are positive at once, between two corners.

    The fewest over all points, the most over all points that are no line's zero: a positive
    line stays positive nearby, so no zero has more positive lines than its neighbourhood.
    """
    positive = 0
    falls: list[tuple[int, int]] = []
    rises: list[tuple[int, int]] = []
    for at_0, at_1 in lines:
        if at_0 > 0:
            positive += 1
            if at_1 <= 0:
                falls.append((at_0, at_0 - at_1))
        elif at_1 > 0:
            rises.append((-at_0, at_1 - at_0))
    # Two different fractions with denominators below 2^b are more than 2^-2b apart, so these
    # integers order the zeros exactly, and equal ones are the same point.
    shift = 1 + 2 * max((bottom.bit_length() for _, bottom in (*falls, *rises)), default=0)
    zeros = sorted(
        [((top << shift) // bottom, -1) for top, bottom in falls]
        + [((top << shift) // bottom, 1) for top, bottom in rises]
    )
    # At equal zeros falls sort first: the lowest count is then the one at the point itself.
    fewest = most = positive
    for _, change in zeros:
        positive += change
        fewest = min(fewest, positive)
        most = max(most, positive)
    return fewest, most


def _over_triangle(lines: Sequence[_Corners]) -> tuple[int, int]:
    """Find the fewest and the most lines that are positive at once, between three corners.

    Every vertex of the arrangement is on an edge of the triangle or on a line, and every
    region has a piece of one of them as its border, so it is enough to walk along these.
    """
    always = sum(min(line) > 0 for line in lines)
    lines = [line for line in lines if min(line) <= 0 < max(line)]
    fewest, most = len(lines), 0
    for a, b in combinations(range(3), 2):
        c = 3 - a - b
        low, high = _over_segment([(line[a], line[b]) for line in lines])
        inside = sum(line[a] == line[b] == 0 for line in lines if line[c] > 0)
        fewest, most = min(fewest, low), max(most, high + inside)
    for line in lines:
        if min(line) == 0:
            continue  # zero at the border only
        start, end = _ends(line)
        along = [(_at(other, start), _at(other, end)) for other in lines]
        low, high = _over_segment(along)
        # On either side of the line those that are zero all along it are positive too.
        top = line.index(max(line))
        same = [other[top] > 0 for other, ends in zip(lines, along, strict=True) if ends == (0, 0)]
        beside = max(same.count(True), same.count(False))
        fewest, most = min(fewest, low), max(most, high + beside)
    return always + fewest, always + most


def _ends(line: _Corners) -> tuple[_Corners, _Corners]:
    """Find the two border points where a line is zero, as weights times any positive number.

    A positive factor at either end moves the zeros of other lines along the way between, but
    never past each other, so the weights need not sum to 1.
    """
    ends: list[_Corners] = []
    for a in range(3):
        if line[a] == 0:
            ends.append(tuple(int(corner == a) for corner in range(3)))
    for a, b in combinations(range(3), 2):
        if line[a] * line[b] < 0:
            point = [0, 0, 0]
            point[a], point[b] = abs(line[b]), abs(line[a])
            ends.append(tuple(point))
    start, end = ends
    return start, end


def _at(line: _Corners, point: _Corners) -> int:
    return line[0] * point[0] + line[1] * point[1] + line[2] * point[2]


def _sampled(
    entities: Mapping[str, tuple[Bounds, ...]], samples: int, seed: int
) -> dict[str, RankRange]:
    """Find the best and worst rank over *samples* weightings and all equal ones of subsets."""
    count = len(next(iter(entities.values()), ()))
    chance = random.Random(seed)  # noqa: S311 — a reproducible sample, no secret
    weightings = [
        [1 / size if gateway in chosen else 0.0 for gateway in range(count)]
        for size in range(1, count + 1)
        for chosen in combinations(range(count), size)
    ]
    for _ in range(samples):
        # Exponential parts, scaled to sum to 1, are even over the simplex.
        parts = [chance.expovariate(1) for _ in range(count)]
        weightings.append([part / sum(parts) for part in parts])
    found: dict[str, RankRange] = {}
    for weights in weightings:
        low, high = (
            {
                entity: sum(w * value for w, value in zip(weights, row, strict=True))
                for entity, row in rows.items()
            }
            for rows in (
                {entity: [b.low_pct for b in sides] for entity, sides in entities.items()},
                {entity: [b.high_pct for b in sides] for entity, sides in entities.items()},
            )
        )
        lows, highs = sorted(low.values()), sorted(high.values())
        for entity in entities:
            best = 1 + _above(lows, high[entity])
            # The entity's own upper bound may be among those above its lower one.
            worst = 1 + _above(highs, low[entity]) - (high[entity] > low[entity])
            listed = 1 + _above(lows, low[entity])
            past = found.get(entity)
            found[entity] = RankRange(
                best=min(best, past.best) if past else best,
                worst=max(worst, past.worst) if past else worst,
                listed_best=min(listed, past.listed_best) if past else listed,
                listed_worst=max(listed, past.listed_worst) if past else listed,
            )
    return found


def _above(ordered: Sequence[float], value: float) -> int:
    return len(ordered) - bisect.bisect_right(ordered, value)
