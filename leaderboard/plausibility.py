"""What a valid answer may still not be: floors and jump rules against the last good one.

A gateway's page change once emptied a whole leaderboard for months while every run was green;
so an answer that shrank, jumped or went back in time is quarantined: the last good data stays,
and a person who has looked may accept it with one line in ``data/accepted.toml``.

Days are judged where there is something to hold them against: a day held already, against its
held version; a day after the newest held, against the days before it. A first fetch, or a
backfill of older days, is taken as it comes.
"""

import datetime as dt
import hashlib
import json
import statistics
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import pydantic

from leaderboard.envelope import moment
from leaderboard.http import GatewayError
from leaderboard.snapshots import DamagedFile, Observation, Row, Snapshot

# Thresholds, all of them; each has a test at its edge.
FEWEST_ROWS: Final = Decimal("0.9")  # at or below this part of before: OpenAddresses' rule
JUMP: Final = 3  # a day's total beyond three times, or a third of, the median before it
JUMP_DAYS: Final = 7  # … of this many days
FEWEST_JUMP_DAYS: Final = 3  # … of which at least so many are known
TOP: Final = 10
MOST_REPLACED: Final = 5  # of the top ten, from one day to the next
FILE: Final = "accepted.toml"


class Quarantined(GatewayError):
    """The answer is valid and implausible; *sha256* and *size* (bytes) identify what it held."""

    def __init__(self, reason: str, sha256: str, size: int) -> None:
        super().__init__(f"quarantined: {reason}; refused were {size:,} bytes, sha256 {sha256}")
        self.reason = reason
        self.sha256 = sha256
        self.size = size


class _Accepted(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)

    source: str
    dataset: str
    sha256: str
    reason: str


class _File(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)

    accepted: list[_Accepted] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """One ranking of one day: names in order, the total where figures are absolute."""

    names: tuple[object, ...]
    total: Decimal | None


def require_plausible(
    seen: Sequence[Observation],
    held: Mapping[dt.date, Snapshot],
    accepted: frozenset[str] = frozenset(),
) -> None:
    """Raise `Quarantined` where *seen* cannot follow *held*, unless its sha256 is accepted."""
    if not seen or not held:
        return
    text = json.dumps(
        [[s.date.isoformat(), list(s.rows)] for s in seen], sort_keys=True, ensure_ascii=False
    ).encode()
    sha256 = hashlib.sha256(text).hexdigest()
    reason = next(_objections(seen, held), None)
    if reason is not None and sha256 not in accepted:
        raise Quarantined(reason, sha256, len(text))


def accepted(data: Path) -> frozenset[str]:
    """Return the sha256 sums a person has accepted; raises `DamagedFile`."""
    path = data / FILE
    if not path.exists():
        return frozenset()
    try:
        document = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, no such fields, too deep
        raise DamagedFile(f"{path} is damaged: {str(error).splitlines()[0]}") from None
    return frozenset(entry.sha256 for entry in document.accepted)


def _objections(seen: Sequence[Observation], held: Mapping[dt.date, Snapshot]) -> Iterator[str]:
    yield from _going_back(seen, held)
    yield from _shrinking(seen, held)
    yield from _emptied_columns(seen, held)
    newest = max(held)
    listings = {date: _listings(s.rows, seen[0]) for date, s in held.items()}
    for observation in sorted(seen, key=lambda s: s.date):
        date = observation.date
        current = _listings(observation.rows, observation)
        if date in listings:
            for group, listing in current.items():
                yield from _jump(date, listing, [listings[date].get(group)], fewest=1)
                yield from _replacement(date, listing, listings[date].get(group))
        elif date > newest:
            for group, listing in current.items():
                before = [
                    listings[day].get(group)
                    for n in range(1, JUMP_DAYS + 1)
                    if (day := date - dt.timedelta(days=n)) in listings
                ]
                yield from _jump(date, listing, before, fewest=FEWEST_JUMP_DAYS)
                previous = listings.get(date - dt.timedelta(days=1), {}).get(group)
                yield from _replacement(date, listing, previous)
        listings[date] = current


def _going_back(seen: Sequence[Observation], held: Mapping[dt.date, Snapshot]) -> Iterator[str]:
    known = [s.published.as_of for s in held.values() if s.published.as_of]
    sent = [s.published.as_of for s in seen if s.published.as_of]
    if known and sent and min(map(moment, sent)) < (last := max(map(moment, known))):
        yield f"as_of went back, to {min(sent)} from {last:%Y-%m-%dT%H:%M:%SZ}"


def _shrinking(seen: Sequence[Observation], held: Mapping[dt.date, Snapshot]) -> Iterator[str]:
    if seen[0].may_be_short:
        return
    after = {s.date: len(s.rows) for s in seen}
    # A day between two that were sent has vanished only where one request asked for them all:
    # a list's windows are asked for one by one, and on another day other ones.
    windows: dict[frozenset[tuple[str, str]], list[dt.date]] = {}
    for observation in seen:
        asked = frozenset((observation.window or {}).items())
        windows.setdefault(asked, []).append(observation.date)
    expected = {d for dates in windows.values() for d in held if min(dates) <= d <= max(dates)}
    if expected:
        was = sum(len(held[date].rows) for date in expected)
        now = sum(after.get(date, 0) for date in expected)
        if now <= was * FEWEST_ROWS:
            yield f"{now} rows where there were {was}"
    newest = max(held)
    for date in sorted(after):
        # Share lists name as many as a day has; only lists of a fixed length can be counted.
        if date > newest and seen[0].is_absolute:
            was = len(held[newest].rows)
            if after[date] <= was * FEWEST_ROWS:
                yield f"{date}: {after[date]} rows where {newest} had {was}"


def _emptied_columns(
    seen: Sequence[Observation], held: Mapping[dt.date, Snapshot]
) -> Iterator[str]:
    before = held[max(held)].rows
    after = [row for s in seen for row in s.rows]
    for field in before[0] if before else ():
        if any(row.get(field) not in (None, "") for row in before) and all(
            row.get(field) in (None, "") for row in after
        ):
            yield f"{field} is empty in every row"


def _jump(
    date: dt.date, listing: _Listing, before: Sequence[_Listing | None], *, fewest: int
) -> Iterator[str]:
    totals = [other.total for other in before if other is not None and other.total]
    if listing.total is None or len(totals) < fewest:
        return
    usual = statistics.median(totals)
    if not usual / JUMP <= listing.total <= usual * JUMP:
        yield f"{date}: a total of {listing.total:,} where {usual:,.0f} is usual"


def _replacement(date: dt.date, listing: _Listing, before: _Listing | None) -> Iterator[str]:
    if before is None or len(before.names) < TOP:
        return
    gone = set(before.names[:TOP]) - set(listing.names[:TOP])
    if len(gone) > MOST_REPLACED:
        yield f"{date}: {len(gone)} of the top {TOP} were replaced at once"


def _listings(rows: Sequence[Row], like: Observation) -> dict[object, _Listing]:
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[like.grouped_by] if like.grouped_by else None, []).append(row)
    return {group: _listing(listed, like) for group, listed in groups.items()}


def _listing(rows: Sequence[Row], like: Observation) -> _Listing:
    if like.measure is None:
        return _Listing(names=tuple(row[like.key[-1]] for row in rows), total=None)
    sizes = {row[like.key[-1]]: Decimal(str(row[like.measure])) for row in rows}
    named = [name for name in sizes if name not in ("other", "Other", "__others__", "")]
    return _Listing(
        names=tuple(sorted(named, key=lambda name: (-sizes[name], str(name)))),
        total=sum(sizes.values(), Decimal(0)) if like.is_absolute else None,
    )
