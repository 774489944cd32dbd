"""The labs of June 2026 at OpenRouter and ZenMux, against a script of its own.

The script below reads the recorded bodies and uses nothing of the project: no shared
arithmetic, no shared reading.
"""

import datetime as dt
import itertools
import json
from bisect import bisect_right
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from leaderboard.comparison import (
    CommonWindow,
    Comparison,
    Gateway,
    Wording,
    agreements,
    bounds,
    certain,
    claims,
    crossover,
    equal_weight,
    known,
    rank_ranges,
    weighted,
)
from leaderboard.records import OTHERS, Citation, DailyValue, Day, Published

REAL = Path(__file__).parents[2] / "shared" / "real"
OPENROUTER = REAL / "openrouter" / "rankings-daily_2026-06-01_2026-06-30.json"
ZENMUX = REAL / "zenmux" / "leaderboard_tokens_2026-06_limit50.json"

# Where an author is not a lab, or one lab has two spellings.
LABS = {"openrouter": None, "stealth": None, "bytedance-seed": "bytedance"}


@pytest.fixture(scope="module")
def bodies():
    if not (OPENROUTER.exists() and ZENMUX.exists()):
        pytest.skip("the recorded June 2026 bodies are not here")
    return json.loads(OPENROUTER.read_text()), json.loads(ZENMUX.read_text())


def lab_of(model):
    author = model.split("/")[0]
    return LABS.get(author, author)


# The script of its own


def expected_bounds(bodies):
    """Work out each lab's least and greatest share at both gateways, in exact fractions."""
    openrouter, zenmux = bodies
    days = defaultdict(list)
    for row in openrouter["data"]:
        days[row["date"]].append((row["model_permaslug"], int(row["total_tokens"])))
    entries = zenmux["data"]["entries"]
    window = [(row["model"], row["value"]) for row in entries]
    labs = {
        lab_of(model)
        for rows in (*days.values(), window)
        for model, _ in rows
        if model not in ("other", "__others__")
    } - {None}

    def one_day(rows):
        total = sum(tokens for _, tokens in rows)
        unknown = sum(
            tokens
            for model, tokens in rows
            if model in ("other", "__others__") or lab_of(model) is None
        )
        low = defaultdict(int)
        for model, tokens in rows:
            if model not in ("other", "__others__"):
                low[lab_of(model)] += tokens
        return {
            lab: (Fraction(100 * low[lab], total), Fraction(100 * (low[lab] + unknown), total))
            for lab in labs
        }

    by_day = [one_day(rows) for rows in days.values()]
    assert len(by_day) == 30
    return {
        "openrouter": {
            lab: tuple(sum(one[lab][end] for one in by_day) / len(by_day) for end in (0, 1))
            for lab in labs
        },
        "zenmux": one_day(window),
    }


def expected_ranges(sides):
    """Try every weight at which some pair is level, and one between any two of these."""
    one, two = sides["openrouter"], sides["zenmux"]
    weights = {Fraction(0), Fraction(1)}
    for a in one:
        for b in one:
            for end_a in (0, 1):
                for end_b in (0, 1):
                    at_1, at_0 = one[a][end_a] - one[b][end_b], two[a][end_a] - two[b][end_b]
                    if at_0 != at_1 and 0 <= at_0 / (at_0 - at_1) <= 1:
                        weights.add(at_0 / (at_0 - at_1))
    ordered = sorted(weights)
    ordered += [(low + high) / 2 for low, high in itertools.pairwise(ordered)]
    found = {lab: [99, 0, 99, 0] for lab in one}
    for w in ordered:
        low = {lab: w * one[lab][0] + (1 - w) * two[lab][0] for lab in one}
        high = {lab: w * one[lab][1] + (1 - w) * two[lab][1] for lab in one}
        lows, highs = sorted(low.values()), sorted(high.values())
        for lab, range_ in found.items():
            best = 1 + len(lows) - bisect_right(lows, high[lab])
            # Its own upper bound is among those above its lower one.
            worst = len(highs) - bisect_right(highs, low[lab]) + (high[lab] == low[lab])
            listed = 1 + len(lows) - bisect_right(lows, low[lab])
            range_[:] = [
                min(range_[0], best),
                max(range_[1], worst),
                min(range_[2], listed),
                max(range_[3], listed),
            ]
    return found


# What the project makes of the same bodies


@pytest.fixture(scope="module")
def shares(bodies):
    openrouter, zenmux = bodies
    published = Published(retrieved_at=dt.datetime(2026, 7, 29, tzinfo=dt.UTC), as_of=None)
    citation = Citation(text="", notice="", url="", license=None, license_url=None)

    def day(date, rows, others):
        def value(key, tokens):
            return DailyValue(date=date, entity=key, value=tokens, share_pct=None)

        return Day(
            date=date,
            values=tuple(value(*row) for row in rows if row[0] != others),
            others=next((value(OTHERS, row[1]) for row in rows if row[0] == others), None),
            published=published,
            citation=citation,
        )

    by_date = defaultdict(list)
    for row in openrouter["data"]:
        date = dt.date.fromisoformat(row["date"])
        by_date[date].append((row["model_permaslug"], int(row["total_tokens"])))
    window = [(row["model"], row["value"]) for row in zenmux["data"]["entries"]]
    sides = {
        "openrouter": tuple(day(date, rows, "other") for date, rows in sorted(by_date.items())),
        "zenmux": (day(dt.date(2026, 6, 30), window, "__others__"),),
    }
    gateways = {
        name: Gateway(
            days=days,
            ids={item.entity: lab_of(item.entity) for one in days for item in one.values},
            is_rolled_up=True,
        )
        for name, days in sides.items()
    }
    labs = {lab for side in gateways.values() for lab in side.ids.values()} - {None}
    return {
        name: bounds(side, [one.date for one in side.days], labs) for name, side in gateways.items()
    }


def test_each_labs_share_and_bounds_are_those_of_the_bodies(bodies, shares):
    expected = expected_bounds(bodies)
    for name, side in expected.items():
        assert set(shares[name]) == set(side)
        for lab, (low, high) in side.items():
            assert shares[name][lab].low_pct == pytest.approx(float(low), rel=1e-12, abs=1e-12)
            assert shares[name][lab].high_pct == pytest.approx(float(high), rel=1e-12)
    # Read off the bodies once.
    assert len(expected["openrouter"]) == 22
    assert shares["openrouter"]["anthropic"].low_pct == pytest.approx(13.98, abs=0.01)
    assert shares["zenmux"]["anthropic"].low_pct == pytest.approx(43.18, abs=0.01)
    assert shares["zenmux"]["xiaomi"].high_pct == pytest.approx(0.34 + 0.48, abs=0.01)


def test_each_crossover_weight_is_that_of_the_bodies(bodies, shares):
    expected = expected_bounds(bodies)
    turned = 0
    for a in expected["openrouter"]:
        for b in expected["openrouter"]:
            if a >= b:
                continue
            at_1 = expected["openrouter"][a][0] - expected["openrouter"][b][0]
            at_0 = expected["zenmux"][a][0] - expected["zenmux"][b][0]
            (found,) = crossover(shares, a, b).between
            if at_1 * at_0 < 0:
                turned += 1
                assert found.weight == pytest.approx(float(at_0 / (at_0 - at_1)), rel=1e-9)
            elif at_1 * at_0 > 0:
                assert found.weight is None
    assert turned > 20


def test_anthropic_leads_deepseek_until_openrouter_weighs_more_than_0_83(shares):
    (turn,) = crossover(shares, "anthropic", "deepseek").between
    assert (turn.leads_alone, turn.leads_without) == ("deepseek", "anthropic")
    assert turn.weight == pytest.approx(0.83, abs=0.005)
    assert turn.undecided is not None
    assert turn.undecided[0] < turn.weight < turn.undecided[1] == 1


def test_each_rank_range_is_that_of_the_bodies(bodies, shares):
    expected = expected_ranges(expected_bounds(bodies))
    found = rank_ranges(shares)
    assert found.is_exact
    assert {
        lab: [one.best, one.worst, one.listed_best, one.listed_worst]
        for lab, one in found.ranges.items()
    } == expected
    assert (found.ranges["anthropic"].listed_best, found.ranges["deepseek"].listed_best) == (1, 1)


def test_what_is_certain_is_so_in_the_bodies(bodies, shares):
    expected = expected_bounds(bodies)
    pairs = {
        (a, b)
        for a in expected["openrouter"]
        for b in expected["openrouter"]
        if all(side[a][0] > side[b][1] for side in expected.values())
    }
    assert {(one.ahead, one.behind) for one in certain(shares)} == pairs
    assert ("deepseek", "z-ai") in pairs
    assert ("anthropic", "deepseek") not in pairs


def test_the_pooled_sum_would_say_something_else_than_equal_weights(bodies, shares):
    openrouter, zenmux = bodies
    pooled = defaultdict(int)
    for row in openrouter["data"]:
        if row["model_permaslug"] != "other":
            pooled[lab_of(row["model_permaslug"])] += int(row["total_tokens"])
    for row in zenmux["data"]["entries"]:
        if row["model"] != "__others__":
            pooled[lab_of(row["model"])] += row["value"]
    assert max(pooled, key=pooled.get) == "deepseek"
    assert equal_weight(shares).ranking[0].entity == "anthropic"
    assert weighted(shares, {"openrouter": 1})[0].entity == "deepseek"


def test_the_gateways_rankings_agree_in_part(shares):
    (pair,) = agreements(shares)
    assert 0.4 < pair.overlap.minimum < pair.overlap.extrapolated < 0.8
    assert len(known(shares)) == 22


def test_claims_of_june_cite_both_gateways(shares):
    june = CommonWindow(
        start=dt.date(2026, 6, 1),
        end=dt.date(2026, 6, 30),
        days=tuple(dt.date(2026, 6, n) for n in range(1, 31)),
    )
    citations = {
        name: Citation(text=f"Source: {name}.", notice="", url="", license=None, license_url=None)
        for name in shares
    }
    found = claims(
        Comparison(window=june, shares=shares, unmatched_pct={"openrouter": 6.0, "zenmux": 0.0}),
        Wording(
            entities={lab: lab for lab in shares["zenmux"]},
            gateways={"openrouter": "OpenRouter", "zenmux": "ZenMux"},
            citations=citations,
            what="labs",
            metric="tokens",
        ),
    )
    assert {claim.kind for claim in found} >= {"certain", "crossover", "rank-range", "agreement"}
    texts = [claim.text for claim in found]
    assert any(
        text.startswith("deepseek is ahead of z-ai in share of tokens however") for text in texts
    )
    assert all(len(claim.citations) == 2 for claim in found)
