"""Across gateways: how far they agree, and what holds however they are weighted.

One module per question: `shares` (what is compared), `agreement` (how far rankings agree),
`weights` (what holds, and where a lead turns), `ranges` (which ranks are possible), `statements`
(what may be quoted) in the words of `wording`.
"""

from leaderboard.comparison.agreement import (
    Agreement,
    Overlap,
    agreements,
    rank_biased_overlap,
)
from leaderboard.comparison.ranges import RankRange, RankRanges, rank_ranges
from leaderboard.comparison.shares import (
    Bounds,
    CommonWindow,
    Comparison,
    Gateway,
    NotComputed,
    Shares,
    bounds,
    common_window,
    compare,
)
from leaderboard.comparison.statements import Claim, claims
from leaderboard.comparison.weights import (
    Certain,
    Convention,
    Crossing,
    Crossover,
    Weighted,
    certain,
    crossover,
    equal_weight,
    known,
    weighted,
)
from leaderboard.comparison.wording import Wording, turn_sentence

__all__ = [
    "Agreement",
    "Bounds",
    "Certain",
    "Claim",
    "CommonWindow",
    "Comparison",
    "Convention",
    "Crossing",
    "Crossover",
    "Gateway",
    "NotComputed",
    "Overlap",
    "RankRange",
    "RankRanges",
    "Shares",
    "Weighted",
    "Wording",
    "agreements",
    "bounds",
    "certain",
    "claims",
    "common_window",
    "compare",
    "crossover",
    "equal_weight",
    "known",
    "rank_biased_overlap",
    "rank_ranges",
    "turn_sentence",
    "weighted",
]
