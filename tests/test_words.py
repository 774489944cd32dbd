import datetime as dt
import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard import words


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("share", "is_bound", "text"),
    [
        (29.4567, False, "29.5 %"),
        (100.0, False, "100.0 %"),
        (0.0, False, "0.0 %"),
        (0.04, False, "<0.1 %"),
        (0.051, False, "0.1 %"),
        (4.25, True, "≥ 4.2 %"),
        (0.04, True, "≥ 0.04 %"),
        (0.001, True, "> 0 %"),
        (0.0, True, "0.0 %"),
        (None, False, "not known"),
    ],
)
def test_shares_read_as_people_write_them(share, is_bound, text):
    assert words.percent(share, is_lower_bound=is_bound).replace(words.NBSP, " ") == text


@pytest.mark.parametrize(
    ("value", "metric", "text"),
    [
        (1990123456789, "tokens", "1.99T"),
        (999_950_000_000, "tokens", "1T"),
        (343607149, "requests", "344M"),
        (12, "images", "12"),
        (0, "tokens", "0"),
        (10**16, "tokens", "10,000T"),
        (Decimal("226.914"), "cost", "$227"),
        (Decimal("1234567.5"), "spend", "$1.23M"),
        (None, "tokens", "not known"),
    ],
)
def test_amounts_are_cut_to_three_digits(value, metric, text):
    assert words.amount(value, metric) == text


def test_exact_amounts_survive_beyond_what_floats_hold():
    assert words.exactly(2**53 + 1, "tokens") == "9,007,199,254,740,993 tokens"
    assert words.exactly(10**30 + 1, "tokens").startswith("1,000,000,000,000,000,000,000,000,000,0")
    assert words.exactly(10**30 + 1, "tokens").endswith("001 tokens")
    assert words.exactly(Decimal("12.345678"), "cost") == "$12.345678"


def test_an_unknown_change_is_not_zero():
    assert words.points(None) == "not known"
    assert words.points(-0.04) == "0.0"
    assert words.points(-0.06) == "−0.1"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (dt.date(2026, 6, 1), dt.date(2026, 6, 30), "1–30 June 2026"),
        (dt.date(2026, 5, 30), dt.date(2026, 6, 28), "30 May – 28 June 2026"),
        (dt.date(2025, 12, 30), dt.date(2026, 1, 3), "30 December 2025 – 3 January 2026"),
        (None, dt.date(2026, 6, 30), "30 June 2026"),
        (dt.date(2026, 6, 30), dt.date(2026, 6, 30), "30 June 2026"),
    ],
)
def test_spans_say_month_and_year_once(start, end, text):
    assert words.span(start, end) == text


def test_moments_are_utc_whatever_their_zone():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    when = dt.datetime(2026, 7, 1, 9, 30, tzinfo=tokyo)
    assert words.moment(when) == "1 July 2026, 00:30 UTC"
    assert words.stamp(when) == "2026-07-01T00:30:00Z"


@given(st.text())
def test_nothing_unprintable_is_left(text):
    clean = words.printable(text)
    assert len(clean) == len(text)
    clean.encode("utf-8")
    assert not any(ord(char) < 32 and char not in "\n\t" for char in clean)
    assert not set(clean) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2028\u2029\x7f\u0085")


def test_right_to_left_overrides_are_replaced():
    assert words.printable("abc\u202egpj") == "abc\ufffdgpj"


@pytest.mark.parametrize("blank", ["", " ", "\u200b", "\u3164\u200d", "\x00", "\u00a0\u00a0"])
def test_a_name_that_shows_nothing_gives_way_to_its_key(blank):
    assert words.named(blank, "app-7") == "app-7"


def test_a_very_long_name_is_cut_and_says_so():
    assert words.named("x" * 5000, "key") == "x" * 119 + "…"
