"""How a comparison's statements are worded, and the caveats that must go with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Final, Literal

from leaderboard.comparison.weights import Crossing
from leaderboard.records import Citation, Metric

GATEWAY_TRAFFIC: Final = (
    "Gateway traffic, not the market: most inference goes directly to the labs."
)
TOKENIZERS: Final = "Tokens are counted by each provider's own tokenizer."
MEAN: Final = "A share is the unweighted mean of daily shares on the days complete at all gateways."
MISSING_MODEL: Final = (
    "Missing is not zero: a model outside a gateway's list is unknown, between 0 and the "
    "smaller of the last listed share and all others."
)
MISSING_LAB: Final = (
    "Missing is not zero: a lab's total from a truncated list is a lower bound, and all that is "
    "outside the list, or listed without a known lab, may be one lab's."
)
CUT_BY_REQUEST: Final = (
    "{} names the top of a whole month; a model outside it may have anything up to all others."
)
UNDISCLOSED: Final = "Models whose lab is not disclosed may be any lab's."
CONVENTION: Final = "No weighting of the gateways is the right one."
MATCHED: Final = "Ranked are the names that could be matched and that every gateway offers."
MATCHED_PAIR: Final = "Ranked are the listed names that could be matched."
POPULARITY: Final = "Popularity is not quality."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a comparison's statements call things.

    *entities* and *gateways* are names by id; *what* is ranked; *citations* by gateway.
    *notes* are sentences that must go with every statement of this comparison.
    """

    entities: Mapping[str, str]
    gateways: Mapping[str, str]
    citations: Mapping[str, Citation]
    what: Literal["labs", "models"]
    metric: Metric
    notes: tuple[str, ...] = ()


def caveats(wording: Wording, own: Sequence[str]) -> tuple[str, ...]:
    """Give the sentences that must go with a statement: the general ones and its *own*."""
    return (
        GATEWAY_TRAFFIC,
        *([TOKENIZERS] if wording.metric == "tokens" else []),
        MEAN,
        MISSING_LAB if wording.what == "labs" else MISSING_MODEL,
        *wording.notes,
        *own,
        POPULARITY,
    )


def turn_sentence(
    crossing: Crossing, entities: Mapping[str, str], gateways: Mapping[str, str]
) -> str:
    """Say at which weight of a gateway the listed lead turns.

    Raises ValueError for a crossing at which it does not turn.
    """
    if crossing.weight is None or crossing.leads_alone is None or crossing.leads_without is None:
        msg = "this lead does not turn at any weight between none and all"
        raise ValueError(msg)
    rest = listing([gateways[name] for name in crossing.rest])
    parts = " in equal parts" if len(crossing.rest) > 1 else ""
    text = (
        f"As listed, {entities[crossing.leads_alone]} leads {entities[crossing.leads_without]} "
        f"unless {gateways[crossing.gateway]}'s weight is below "
        f"{_weight(crossing.weight, ROUND_HALF_EVEN)}, with the rest on {rest}{parts}"
    )
    low, high = crossing.undecided or (crossing.weight, crossing.weight)
    if low == high:
        return f"{text}."
    return (
        f"{text}; from {_weight(low, ROUND_FLOOR)} to {_weight(high, ROUND_CEILING)} "
        "what is outside the lists may decide."
    )


def apart(low: float, high: float) -> tuple[str, str]:
    """Write "at least *low*" and "at most *high*", with *low* the greater, so that both hold.

    The one is rounded down, the other up, with one decimal or as many as keep them apart.
    """
    for decimals in range(1, 17):
        least, most = at_least(low, decimals), at_most(high, decimals)
        if Decimal(least) > Decimal(most):
            return least, most
    return repr(low), repr(high)


def at_least(value: float, decimals: int) -> str:
    """Write a lower bound, rounded down so that it stays one."""
    return _rounded(value, decimals, ROUND_FLOOR)


def at_most(value: float, decimals: int) -> str:
    """Write an upper bound, rounded up so that it stays one."""
    return _rounded(value, decimals, ROUND_CEILING)


def listing(parts: Sequence[str]) -> str:
    """Join with commas and a last "and"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def either(parts: Sequence[str]) -> str:
    """Join with commas and a last "or"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _weight(value: float, rounding: str) -> str:
    """Write a weight with two decimals, or more where they would say none or all."""
    for decimals in (2, 4, 6):
        text = _rounded(value, decimals, rounding)
        if 0 < Decimal(text) < 1 or value in (0, 1):
            return text
    return repr(value)


def _rounded(value: float, decimals: int, rounding: str) -> str:
    return f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding):f}"
