"""What is compared: each entity's mean daily share at each gateway, between two bounds."""

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from leaderboard.records import DailyValue, Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A share known to lie between *low_pct* (what was listed) and *high_pct*."""

    low_pct: float
    high_pct: float

    def __post_init__(self) -> None:
        """Refuse bounds that are the wrong way round or not numbers."""
        if not 0 <= self.low_pct <= self.high_pct < math.inf:
            msg = f"a share cannot lie between {self.low_pct} and {self.high_pct} percent"
            raise ValueError(msg)


Shares = Mapping[str, Bounds | None]
"""One gateway: entity id → bounds (None: not offered there, so there is nothing to compare)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One gateway's side of a comparison.

    *ids* says for each entity key of *days* which common id it is (None: no rule matched
    it); several keys may be one id and add up. *is_rolled_up*: the keys are models and the
    ids labs, so that any number of a lab's models may be outside the list. *not_offered*
    are ids known not to be served there. *is_cut_by_request*: the list is the top of a whole
    requested window, so that a name outside it can exceed the last one listed on a day.
    """

    days: tuple[Day, ...]
    ids: Mapping[str, str | None]
    is_rolled_up: bool = False
    not_offered: frozenset[str] = frozenset()
    is_cut_by_request: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonWindow:
    """The calendar days from *start* to *end*, and those of them complete at every gateway."""

    start: dt.date
    end: dt.date
    days: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Bounds of every entity at every gateway over one common window.

    *unmatched_pct* is the mean daily share, at each gateway, of listed names that no rule
    matched; what is said of models is said of the matched ones. *left_out* names gateways
    that could not take part, with the reason.
    """

    window: CommonWindow
    shares: Mapping[str, Shares]
    unmatched_pct: Mapping[str, float]
    left_out: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotComputed:
    """Say that there is no honest result, and why."""

    reason: str


def day_shares(day: Day) -> tuple[dict[str, float], float]:
    """Give each listed entity's share of the day in percent, and that of all others.

    Where a source publishes absolutes and the share has not been derived yet, it is the part
    of the day's total, others included. Raises ValueError where neither is there.
    """
    others = () if day.others is None else (day.others,)
    known = [item.value for item in (*day.values, *others) if item.value is not None]
    total = sum(known) if len(known) == len(day.values) + len(others) else 0

    def share(item: DailyValue) -> float:
        if item.share_pct is not None:
            return item.share_pct
        if item.value is None or not total:
            msg = f"{item.entity} on {day.date} has neither a share nor a part of a known total"
            raise ValueError(msg)
        return float(100 * Fraction(item.value) / Fraction(total))

    return {item.entity: share(item) for item in day.values}, sum(share(item) for item in others)


def room_pct(listed: Iterable[float], others_pct: float, parts: int = 1) -> float:
    """Bound from above what *parts* names outside a day's list can have together.

    Each is at most the last listed share, all of them at most the others' share. With an
    empty list only the others bound it.
    """
    last = min(listed, default=None)
    return others_pct if last is None else min(parts * last, others_pct)


def common_window(gateways: Mapping[str, Gateway], days: int = 30) -> CommonWindow | NotComputed:
    """Find the newest *days* days that end at the earliest last complete day of all gateways.

    A day that is missing at one gateway is left out at all of them.
    """
    with_days = {name: {day.date for day in side.days} for name, side in gateways.items()}
    with_days = {name: dates for name, dates in with_days.items() if dates}
    if len(with_days) < 2:
        have = ", ".join(sorted(with_days)) or "none"
        return NotComputed(reason=f"fewer than two gateways have complete days (have: {have})")
    end = min(max(dates) for dates in with_days.values())
    start = end - dt.timedelta(days=days - 1)
    common = set.intersection(*with_days.values())
    window = tuple(sorted(date for date in common if start <= date <= end))
    if not window:
        spans = "; ".join(
            f"{name} {min(dates)} to {max(dates)}" for name, dates in sorted(with_days.items())
        )
        return NotComputed(
            reason=f"no day from {start} to {end} is complete at every gateway ({spans})"
        )
    return CommonWindow(start=start, end=end, days=window)


def bounds(
    gateway: Gateway, dates: Collection[dt.date], entities: Collection[str]
) -> dict[str, Bounds | None]:
    """Bound each entity's unweighted mean of daily shares over *dates* at one gateway.

    Low counts a day outside the list as 0; high counts it as the smaller of the last listed
    share and the others' share that day, or as the latter alone where the list is cut by
    request. Of an id with several keys listed on some of the
    days (variants) each key outside the list on a day counts so, together at most the
    others. A lab rolled up from models may have any number of them outside the list, and made
    those listed that no rule matched: its high is its listed share and all of both. An id in
    *not_offered* is None unless it was listed after all. Raises ValueError where *days* does
    not have one of *dates*.
    """
    days = [day for day in gateway.days if day.date in set(dates)]
    if len(days) != len(set(dates)) or not days:
        msg = f"{len(set(dates))} different days are compared and {len(days)} of them are here"
        raise ValueError(msg)
    keys: dict[str, set[str]] = {}
    for day in days:
        for item in day.values:
            identity = _identity(gateway, item.entity)
            if identity is not None:
                keys.setdefault(identity, set()).add(item.entity)
    lows: dict[str, list[float]] = {entity: [] for entity in entities}
    highs: dict[str, list[float]] = {entity: [] for entity in entities}
    for day in days:
        shares, others_pct = day_shares(day)
        unattributed_pct = others_pct + _unmatched(gateway, shares)
        rooms: dict[int, float] = {}
        for entity in lows:
            own = keys.get(entity, set())
            low = math.fsum(shares[key] for key in own if key in shares)
            outside = sum(key not in shares for key in own) if own else 1
            if gateway.is_rolled_up:
                room = unattributed_pct
            elif gateway.is_cut_by_request:
                room = min(outside, 1) * others_pct
            else:
                if outside not in rooms:
                    rooms[outside] = room_pct(shares.values(), others_pct, outside)
                room = rooms[outside]
            lows[entity].append(low)
            highs[entity].append(max(low, min(low + room, 100.0)))
    return {
        entity: None
        if entity in gateway.not_offered and entity not in keys
        else Bounds(low_pct=_mean(lows[entity]), high_pct=_mean(highs[entity]))
        for entity in lows
    }


def unmatched_pct(gateway: Gateway, dates: Collection[dt.date]) -> float:
    """Give the mean daily share of listed names that no rule matched."""
    return _mean(
        [_unmatched(gateway, day_shares(day)[0]) for day in gateway.days if day.date in set(dates)]
    )


def compare(gateways: Mapping[str, Gateway], days: int = 30) -> Comparison | NotComputed:
    """Compare the gateways over their common window, or say why that cannot be done.

    Compared are all ids listed at one gateway or more on the common days.
    """
    window = common_window(gateways, days)
    if isinstance(window, NotComputed):
        return window
    sides = {name: side for name, side in gateways.items() if side.days}
    entities = sorted(
        {
            identity
            for side in sides.values()
            for day in side.days
            if day.date in set(window.days)
            for item in day.values
            if (identity := _identity(side, item.entity)) is not None
        }
    )
    return Comparison(
        window=window,
        shares={name: bounds(side, window.days, entities) for name, side in sides.items()},
        unmatched_pct={name: unmatched_pct(side, window.days) for name, side in sides.items()},
        left_out={name: "it has no complete day" for name in gateways if name not in sides},
    )


def _identity(gateway: Gateway, key: str) -> str | None:
    """Look a key up; one the caller never decided about is an error, not an unmatched name."""
    if key not in gateway.ids:
        msg = f"nobody decided who {key!r} is: give its common id, or None if no rule matches"
        raise ValueError(msg)
    return gateway.ids[key]


def _unmatched(gateway: Gateway, shares: Mapping[str, float]) -> float:
    return math.fsum(share for key, share in shares.items() if _identity(gateway, key) is None)


def _mean(values: list[float]) -> float:
    # fsum: the mean of the same days is the same in whichever order they come.
    return math.fsum(values) / len(values)
