"""How the simulated world moves: growth, weeks, lives of models, and chance.

Every number comes from the seed, a name and a day; none from the day on which it is asked.
"""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from random import Random
from typing import Final

ORIGIN: Final = dt.date(2025, 1, 1)
"""The first simulated day, OpenRouter's floor."""

# Tokens a day at OpenRouter: the middle of 2026 and the autumn are its recorded magnitudes.
_ANCHORS: Final = (
    (dt.date(2025, 1, 1), 0.11e12),
    (dt.date(2025, 7, 1), 0.40e12),
    (dt.date(2026, 1, 1), 1.4e12),
    (dt.date(2026, 6, 15), 6.4e12),
    (dt.date(2026, 7, 10), 7.2e12),
    (dt.date(2026, 10, 5), 24e12),
    (dt.date(2027, 1, 1), 34e12),
    (dt.date(2029, 1, 1), 120e12),
)
_WEEK: Final = (1.03, 1.06, 1.06, 1.05, 1.02, 0.88, 0.90)  # Monday to Sunday
_TURN: Final = 9  # days between two turns of a slow drift


def chance(seed: int, *name: object) -> Random:
    """Give the random numbers that belong to *name*."""
    return Random(f"{seed}/" + "/".join(map(str, name)))  # noqa: S311  # a simulation


def volume(day: dt.date) -> float:
    """Give OpenRouter's tokens on *day*, before chance."""
    earlier, later = _ANCHORS[0], _ANCHORS[-1]
    for left, right in itertools.pairwise(_ANCHORS):
        if left[0] <= day <= right[0]:
            earlier, later = left, right
    part = (day - earlier[0]) / (later[0] - earlier[0])
    growth = math.pow(later[1] / earlier[1], part)
    return earlier[1] * growth * _WEEK[day.weekday()]


def life(
    day: dt.date, *, launched: dt.date, ended: dt.date | None, halflife: float, ramp: float = 5.0
) -> float:
    """Give a factor 0–1: a fast rise after launch, a plateau, a slow fade, an end."""
    age = (day - launched).days
    if age < 0 or (ended is not None and day > ended):
        return 0.0
    return (1 - math.exp(-(age + 0.6) / ramp)) * math.pow(0.5, max(0, age - 30) / halflife)


def wobble(rng: Random, days: int, *, slow: float, fast: float, weekend: float) -> list[float]:
    """Draw factors around 1 for *days* from the origin: drift, jitter, a taste for weekends."""
    turns = Random(rng.random())  # noqa: S311  # apart, so that more days leave earlier ones be
    lean = rng.gauss(0, weekend)
    knots: list[float] = []
    factors = []
    for index in range(days):
        step, rest = divmod(index, _TURN)
        while len(knots) < step + 2:
            knots.append(turns.gauss(0, slow))
        part = rest / _TURN
        level = knots[step] * (1 - part) + knots[step + 1] * part + rng.gauss(0, fast)
        is_weekend = (ORIGIN.weekday() + index) % 7 >= 5
        factors.append(math.exp(level + (lean if is_weekend else 0)))
    return factors


def parts(weights: Sequence[float], whole: int) -> list[int]:
    """Round *weights* to whole numbers that add up to *whole*, by largest remainder.

    >>> parts([1, 1, 1], 100)
    [34, 33, 33]
    """
    total = math.fsum(weights)
    if not total:
        return [0] * len(weights)
    exact = [weight / total * whole for weight in weights]
    rounded = [math.floor(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (rounded[i] - exact[i], i))
    for index in order[: whole - sum(rounded)]:
        rounded[index] += 1
    return rounded
