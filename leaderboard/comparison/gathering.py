"""Gather what is compared: one board of each gateway, its names turned into common ids.

Labs and models are compared by tokens of all modalities: OpenRouter and ZenMux do not split
theirs, so only the whole of Vercel's stands beside them.
"""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from leaderboard.catalog import Identity
from leaderboard.comparison.agreement import Agreement, agreements
from leaderboard.comparison.offers import not_offered
from leaderboard.comparison.ranges import RankRanges, rank_ranges
from leaderboard.comparison.shares import (
    Comparison,
    Gateway,
    NotComputed,
    common_window,
    compare,
)
from leaderboard.comparison.sides import Side, What, board_of, side_of, trimmed
from leaderboard.comparison.statements import Claim, claims
from leaderboard.comparison.weights import known
from leaderboard.comparison.wording import CUT_BY_REQUEST, UNDISCLOSED, Wording
from leaderboard.records import (
    DEFAULT_WINDOW,
    WINDOW_DAYS,
    Board,
    Reading,
    Window,
)

WINDOWS: Final[tuple[Window, ...]] = ("7d", "30d", "90d", "1y")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two metrics of one gateway side by side: *tokens* and *spend* are its two boards."""

    tokens: Side
    spend: Side
    comparison: Comparison | NotComputed


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The gateways compared by one kind of entity, with all that is said of it.

    *names* and *labs* are by id, *lab_names* by lab. *order* is that of the mean of the listed
    shares, a plain convention; *by_window* has the comparison over each window that is held.
    """

    what: What
    sides: Mapping[str, Side]
    comparison: Comparison | NotComputed
    names: Mapping[str, str] = field(default_factory=dict)
    labs: Mapping[str, str] = field(default_factory=dict)
    lab_names: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    ranges: RankRanges | None = None
    agreements: tuple[Agreement, ...] = ()
    by_window: Mapping[Window, Comparison] = field(default_factory=dict)
    contrasts: tuple[Contrast, ...] = ()

    @property
    def shown(self) -> Mapping[str, Side]:
        """Every side whose figures are shown, by source: those compared, then those contrasted."""
        own = {contrast.tokens.reading.source: contrast.tokens for contrast in self.contrasts}
        return {**self.sides, **own}


def compared(
    readings: Sequence[Reading], sent: Sequence[Reading], identity: Identity
) -> tuple[Compared, Compared]:
    """Compare labs and models across derived *readings*.

    *sent* are the same readings before they were named: labels as the gateways sent them
    decide which model a name is.
    """
    return (
        _compared("labs", readings, sent, identity),
        _compared("models", readings, sent, identity),
    )


def listed_ranks(shares: Mapping[str, float]) -> dict[str, int]:
    """Rank listed shares above zero, highest first; equals share the better rank."""
    ordered = sorted((share for share in shares.values() if share > 0), reverse=True)
    return {one: 1 + ordered.index(share) for one, share in shares.items() if share > 0}


def _compared(
    what: What, readings: Sequence[Reading], sent: Sequence[Reading], identity: Identity
) -> Compared:
    boards = {r.source: (r, b) for r in readings if (b := board_of(r, what, ("tokens",)))}
    sides = {
        source: side_of(what, reading, board, sent, identity)
        for source, (reading, board) in boards.items()
    }
    contrasts = tuple(
        _contrast(what, sides[source], reading, board, sent, identity)
        for source, (reading, _) in boards.items()
        if (board := board_of(reading, what, ("spend", "cost")))
    )
    missing = {r.source: Gateway(days=(), ids={}) for r in readings if r.source not in sides}
    by_window = {
        window: one
        for window in WINDOWS
        if isinstance(one := _over(window, sides, missing, identity), Comparison)
    }
    longest = [window for window in WINDOWS if window in by_window]
    kept = {
        window: by_window[window]
        for window, before in zip(longest, [None, *longest], strict=False)
        if before is None or len(by_window[window].window.days) > len(by_window[before].window.days)
    }
    now = _over(DEFAULT_WINDOW, sides, missing, identity)
    everybody = {
        one
        for found in (*by_window.values(), *(contrast.comparison for contrast in contrasts))
        if isinstance(found, Comparison)
        for side in found.shares.values()
        for one in side
    }
    labs = {one: one.partition("/")[0] for one in everybody}
    whole = Compared(
        what=what,
        sides=sides,
        comparison=now,
        names=_names(what, everybody, identity),
        labs=labs,
        lab_names={lab: identity.labs.name(lab) for lab in labs.values()},
        contrasts=contrasts,
    )
    if isinstance(now, NotComputed):
        return whole
    is_ranked = bool(known(now.shares))
    wording = Wording(
        entities=whole.names,
        gateways={source: side.reading.name for source, side in sides.items()},
        citations={source: side.citation for source, side in sides.items()},
        what=what,
        metric="tokens",
        notes=_notes(what, sides),
    )
    ranges = rank_ranges(now.shares) if is_ranked else None
    return dataclasses.replace(
        whole,
        sides={source: sides[source] for source in now.shares},
        order=_order(now),
        claims=claims(now, wording, ranges=ranges) if is_ranked else (),
        ranges=ranges,
        agreements=agreements(now.shares),
        by_window={DEFAULT_WINDOW: now, **kept},
    )


def _over(
    window: Window,
    sides: Mapping[str, Side],
    missing: Mapping[str, Gateway],
    identity: Identity,
) -> Comparison | NotComputed:
    """Compare over one window; a name is offered or not on that window's days."""
    gateways = {**{source: side.gateway for source, side in sides.items()}, **missing}
    length = WINDOW_DAYS[window] or 0
    common = common_window(gateways, length)
    if isinstance(common, NotComputed):
        return common
    cut = {source: trimmed(gateway, common) for source, gateway in gateways.items()}
    ids = {
        one
        for side in cut.values()
        for day in side.days
        for value in day.values
        if (one := side.ids[value.entity]) is not None
    }
    return compare(
        {
            source: dataclasses.replace(
                side, not_offered=not_offered(identity, source, ids, common.start)
            )
            for source, side in cut.items()
        },
        length,
    )


def _contrast(
    what: What,
    tokens: Side,
    reading: Reading,
    board: Board,
    sent: Sequence[Reading],
    identity: Identity,
) -> Contrast:
    spend = side_of(what, reading, board, sent, identity)
    pair = {"tokens": tokens.gateway, "spend": spend.gateway}
    length = WINDOW_DAYS[DEFAULT_WINDOW] or 0
    window = common_window(pair, length)
    found: Comparison | NotComputed = (
        window
        if isinstance(window, NotComputed)
        else compare({name: trimmed(gateway, window) for name, gateway in pair.items()}, length)
    )
    return Contrast(tokens=tokens, spend=spend, comparison=found)


def _order(comparison: Comparison) -> tuple[str, ...]:
    def mean(one: str) -> float:
        sides = [side[one] for side in comparison.shares.values()]
        return sum(bounds.low_pct for bounds in sides if bounds is not None) / len(sides)

    everybody = {one for side in comparison.shares.values() for one in side}
    return tuple(sorted(everybody, key=lambda one: (-mean(one), one)))


def _names(what: What, everybody: set[str], identity: Identity) -> dict[str, str]:
    """Name each id; a name that two models share has its lab behind it."""
    if what == "labs":
        return {one: identity.labs.name(one) for one in everybody}
    plain = {
        one: model.name if (model := identity.models.get(one)) else one.partition("/")[2]
        for one in everybody
    }
    uses = Counter(plain.values())
    return {
        one: f"{name} ({identity.labs.name(one.partition('/')[0])})" if uses[name] > 1 else name
        for one, name in plain.items()
    }


def _notes(what: What, sides: Mapping[str, Side]) -> tuple[str, ...]:
    if what == "models":
        cut = [s.reading.name for s in sides.values() if s.gateway.is_cut_by_request]
        return tuple(CUT_BY_REQUEST.format(name) for name in cut)
    hides = any(None in side.gateway.ids.values() for side in sides.values())
    return (UNDISCLOSED,) if hides else ()
