"""Numbers, days and moments as people read them; what they exactly are stays in downloads.

Only what a person reads is rounded here. Everything is English and UTC, whatever the
machine's own locale and zone.
"""

import datetime as dt
import functools
import re
import unicodedata
from decimal import Context, Decimal
from typing import Final

from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal

from leaderboard.records import Metric, Quantity, Window

NOT_KNOWN: Final = "not known"
NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"

WINDOW_NAMES: Final[dict[Window, str]] = {
    "1d": "1 day",
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "1y": "1 year",
    "all": "All time",
}
METRIC_NAMES: Final[dict[Metric, str]] = {
    "tokens": "tokens",
    "requests": "requests",
    "spend": "spend",
    "cost": "list-price cost",
    "images": "images",
    "videos": "videos",
}
MONEY: Final[frozenset[Metric]] = frozenset({"spend", "cost"})

_LOCALE: Final = "en"
_THREE_DIGITS: Final = Context(prec=3)
_TRILLION: Final = 10**12
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and line feed
    "\ud800-\udfff\u2028\u2029"  # lone surrogates, line and paragraph separators
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of text
    "\ufdd0-\ufdef"  # and what is no character at all
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"})
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that are drawn as nothing


def percent(share_pct: float | None, *, is_lower_bound: bool = False) -> str:
    """Round a share to one decimal; what would round to zero is said to be small.

    A lower bound is marked "≥", and keeps a second decimal where it needs one.

    >>> percent(29.4567).replace(NBSP, " ")
    '29.5 %'
    """
    if share_pct is None:
        return NOT_KNOWN
    digits = _digits(share_pct, "0.0")
    if digits == "0.0" and share_pct > 0:
        if not is_lower_bound:
            return f"<0.1{NBSP}%"
        digits = _digits(share_pct, "0.00")
        if digits == "0.00":
            return f">{NBSP}0{NBSP}%"
    bound = f"≥{NBSP}" if is_lower_bound and share_pct > 0 else ""
    return f"{bound}{digits}{NBSP}%"


def points(change_pp: float | None) -> str:
    """Write a change of share in percentage points, always with its sign.

    >>> points(0.42), points(-0.3), points(0.01)
    ('+0.4', '−0.3', '0.0')
    """
    if change_pp is None:
        return NOT_KNOWN
    text = _digits(abs(change_pp), "0.0")
    if text == "0.0":
        return text
    return f"+{text}" if change_pp > 0 else f"{MINUS}{text}"


def amount(value: Quantity | None, metric: Metric) -> str:
    """Shorten an absolute figure to three digits, with a dollar sign where it is money.

    >>> amount(1990123456789, "tokens"), amount(Decimal("226.91"), "cost")
    ('1.99T', '$227')
    """
    if value is None:
        return NOT_KNOWN
    rounded = _THREE_DIGITS.create_decimal(Decimal(value))
    if abs(rounded) >= 1000 * _TRILLION:  # English has no shorter word in use
        text = f"{format_decimal(int(rounded) // _TRILLION, locale=_LOCALE)}T"
    else:
        text = _compact(rounded)
    return f"${text}" if metric in MONEY else text


def ratio(number: float | None) -> str:
    """Shorten a quotient of two figures to three digits.

    >>> ratio(49626.3), ratio(7.25), ratio(None)
    ('49.6K', '7.25', 'not known')
    """
    return amount(None if number is None else Decimal(number), "tokens")


def exactly(value: Quantity | None, metric: Metric) -> str:
    """Write an absolute figure whole, with its unit.

    >>> exactly(9007199254740993, "tokens")
    '9,007,199,254,740,993 tokens'
    """
    if value is None:
        return NOT_KNOWN
    if metric in MONEY:
        return f"${value:,}"
    return f"{value:,} {METRIC_NAMES[metric]}"


@functools.lru_cache(maxsize=1 << 13)
def day(date: dt.date) -> str:
    """Write a day in words: 3 June 2026."""
    return str(format_date(date, "d MMMM y", locale=_LOCALE))


@functools.lru_cache(maxsize=1 << 13)
def short_day(date: dt.date) -> str:
    """Write a day where its year is plain: 3 Jun."""
    return str(format_date(date, "d MMM", locale=_LOCALE))


@functools.lru_cache(maxsize=1 << 13)
def month(date: dt.date) -> str:
    """Write a day's month: June 2026."""
    return str(format_date(date, "MMMM y", locale=_LOCALE))


@functools.lru_cache(maxsize=1 << 13)
def span(start: dt.date | None, end: dt.date) -> str:
    """Write a range of days, saying month and year once where they are shared.

    >>> span(dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    '1–30 June 2026'
    """
    if start is None or start == end:
        return day(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end)}"
    pattern = "d MMMM" if start.year == end.year else "d MMMM y"
    return f"{format_date(start, pattern, locale=_LOCALE)} – {day(end)}"


def moment(when: dt.datetime) -> str:
    """Write a moment in UTC, to the minute."""
    utc = when.astimezone(dt.UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"


def stamp(when: dt.datetime) -> str:
    """Write a moment for machines: RFC 3339 in UTC, to the second.

    >>> stamp(dt.datetime(2026, 6, 30, 2, 31, tzinfo=dt.UTC))
    '2026-06-30T02:31:00Z'
    """
    return f"{when.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


@functools.lru_cache(maxsize=1 << 13)
def count(number: int, one: str, many: str | None = None) -> str:
    """Join a number to its noun.

    >>> count(1, "day"), count(3, "day"), count(2, "entry", "entries")
    ('1 day', '3 days', '2 entries')
    """
    noun = one if number == 1 else many or f"{one}s"
    return f"{format_decimal(number, locale=_LOCALE)} {noun}"


def listing(items: list[str]) -> str:
    """Join names as a sentence does.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def printable(text: str, limit: int | None = None) -> str:
    """Replace what a page must not carry: control characters, lone surrogates, bidi controls.

    Users of the gateways choose their own names. Presentation only: downloads keep the name
    as it was sent. *limit* cuts very long text and says so with an ellipsis.
    """
    clean = text if text.isprintable() else _UNPRINTABLE.sub("\ufffd", text)
    if limit is not None and len(clean) > limit:
        clean = f"{clean[: limit - 1].rstrip()}…"
    return clean


def named(text: str, fallback: str) -> str:
    """Give a name a reader can see: *fallback* where *text* shows nothing at all."""
    shows = any(char not in _FILLERS and unicodedata.category(char) not in _UNSEEN for char in text)
    return printable(text if shows else fallback, 120)


def _digits(number: float, places: str) -> str:
    """Round half to even, on the digits as they are written; English has no more to it."""
    return f"{Decimal(repr(float(number))).quantize(Decimal(places)) + 0:f}"


# Babel looks up a locale's rules for every figure, and a site prints the same ones often.
@functools.lru_cache(maxsize=1 << 16)
def _compact(rounded: Decimal) -> str:
    return str(format_compact_decimal(rounded, locale=_LOCALE, fraction_digits=2))
