import dataclasses
import datetime as dt
import itertools
import math
import random
import time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.comparison import (
    Bounds,
    CommonWindow,
    Comparison,
    Gateway,
    NotComputed,
    Wording,
    agreements,
    bounds,
    certain,
    claims,
    common_window,
    compare,
    crossover,
    equal_weight,
    known,
    rank_biased_overlap,
    rank_ranges,
    turn_sentence,
    weighted,
)
from leaderboard.records import OTHERS, Citation, DailyValue, Day, Published

JUNE = dt.date(2026, 6, 1)
CITATION = Citation(text="Source: here.", notice="", url="", license=None, license_url=None)
PUBLISHED = Published(retrieved_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), as_of=None)


def day(number, listed, others=0.0, *, absolute=False):
    date = JUNE + dt.timedelta(days=number)

    def value(entity, amount):
        return DailyValue(
            date=date,
            entity=entity,
            value=amount if absolute else None,
            share_pct=None if absolute else amount,
        )

    return Day(
        date=date,
        values=tuple(value(*item) for item in sorted(listed.items(), key=lambda kv: -kv[1])),
        others=value(OTHERS, others) if others else None,
        published=PUBLISHED,
        citation=CITATION,
    )


def gateway(*days, ids=None, **more):
    own = {item.entity: item.entity for one in days for item in one.values}
    return Gateway(days=days, ids=own | (ids or {}), **more)


def exact(**rows):
    """Give shares from entity → one figure, or (low, high), a gateway."""
    count = len(next(iter(rows.values())))
    return {
        f"g{at}": {
            entity: None
            if row[at] is None
            else Bounds(low_pct=row[at], high_pct=row[at])
            if isinstance(row[at], int | float)
            else Bounds(low_pct=row[at][0], high_pct=row[at][1])
            for entity, row in rows.items()
        }
        for at in range(count)
    }


# What is compared


def test_counts_a_day_outside_the_list_as_none_and_as_the_last_listed_share():
    side = gateway(
        day(0, {"a": 50, "b": 20, "c": 10}, 20),
        day(1, {"a": 60, "b": 30}, 10),
        day(2, {"a": 98}, 2),
    )
    dates = [one.date for one in side.days]
    found = bounds(side, dates, ["a", "b", "c", "d"])
    assert found["a"] == Bounds(low_pct=208 / 3, high_pct=208 / 3)
    assert found["b"] == Bounds(low_pct=50 / 3, high_pct=52 / 3)  # 2 of others on the third day
    assert found["c"] == Bounds(low_pct=10 / 3, high_pct=22 / 3)
    assert found["d"] == Bounds(low_pct=0, high_pct=22 / 3)  # min(10, 20), min(30, 10), min(98, 2)


def test_adds_up_the_keys_of_one_id_and_bounds_each_variant_outside_the_list():
    side = gateway(
        day(0, {"a": 60, "x": 20, "x:free": 10}, 10),
        day(1, {"a": 80, "x": 8}, 12),
        day(2, {"a": 80, "b": 8}, 12),
        ids={"x:free": "x"},
    )
    dates = [one.date for one in side.days]
    assert bounds(side, dates[:1], ["x"])["x"] == Bounds(low_pct=30, high_pct=30)
    assert bounds(side, dates[1:2], ["x"])["x"] == Bounds(low_pct=8, high_pct=8)
    # Seen in these days, :free may have up to 8 on the second, and both up to 12 on the third.
    assert bounds(side, dates, ["x"])["x"] == Bounds(low_pct=38 / 3, high_pct=58 / 3)


def test_leaves_a_rolled_up_lab_room_for_all_of_others():
    side = gateway(
        day(0, {"m/1": 50, "m/2": 20, "n/1": 20}, 10),
        ids={"m/1": "m", "m/2": "m", "n/1": "n"},
        is_rolled_up=True,
    )
    found = bounds(side, [JUNE], ["m", "n", "o"])
    assert found["m"] == Bounds(low_pct=70, high_pct=80)
    assert found["n"] == Bounds(low_pct=20, high_pct=30)
    assert found["o"] == Bounds(low_pct=0, high_pct=10)


def test_a_model_of_no_known_lab_may_be_any_labs():
    ids = {"m/1": "m", "n/1": "n", "stealth/1": None}
    listed = day(0, {"m/1": 60, "stealth/1": 20, "n/1": 15}, 5)
    rolled_up = gateway(listed, ids=ids, is_rolled_up=True)
    assert bounds(rolled_up, [JUNE], ["n"])["n"] == Bounds(low_pct=15, high_pct=40)
    assert bounds(gateway(listed, ids=ids), [JUNE], ["n"])["n"] == Bounds(low_pct=15, high_pct=15)


def test_keeps_what_is_not_offered_unknown_unless_it_is_listed():
    side = gateway(day(0, {"a": 90}, 10), not_offered=frozenset({"a", "b"}))
    found = bounds(side, [JUNE], ["a", "b"])
    assert found == {"a": Bounds(low_pct=90, high_pct=90), "b": None}


def test_derives_shares_from_absolutes_with_others_in_the_denominator():
    side = gateway(day(0, {"a": 600, "b": 300}, 100, absolute=True))
    found = bounds(side, [JUNE], ["a", "c"])
    assert found["a"] == Bounds(low_pct=60, high_pct=60)
    assert found["c"] == Bounds(low_pct=0, high_pct=10)


def test_an_absent_others_leaves_no_room():
    side = gateway(day(0, {"a": 70, "b": 30}))
    assert bounds(side, [JUNE], ["c"])["c"] == Bounds(low_pct=0, high_pct=0)


def test_refuses_a_key_nobody_decided_about():
    side = Gateway(days=(day(0, {"a": 100}),), ids={})
    with pytest.raises(ValueError, match="nobody decided who 'a' is"):
        bounds(side, [JUNE], ["a"])


def test_refuses_a_day_that_is_not_there():
    side = gateway(day(0, {"a": 100}))
    with pytest.raises(ValueError, match="2 different days are compared and 1"):
        bounds(side, [JUNE, JUNE + dt.timedelta(days=1)], ["a"])


def test_refuses_bounds_the_wrong_way_round():
    with pytest.raises(ValueError, match="cannot lie between 2 and 1"):
        Bounds(low_pct=2, high_pct=1)


def test_common_window_ends_with_the_earliest_and_skips_days_missing_anywhere():
    sides = {
        "one": gateway(*(day(n, {"a": 100}) for n in range(40))),
        "two": gateway(*(day(n, {"a": 100}) for n in range(36) if n != 30)),
    }
    found = common_window(sides, 7)
    assert isinstance(found, CommonWindow)
    assert (found.start, found.end) == (dt.date(2026, 6, 30), dt.date(2026, 7, 6))
    assert [date.isoformat() for date in found.days] == [
        "2026-06-30",
        "2026-07-02",
        "2026-07-03",
        "2026-07-04",
        "2026-07-05",
        "2026-07-06",
    ]


def test_says_that_one_gateway_is_not_enough():
    found = compare({"one": gateway(day(0, {"a": 100})), "two": gateway()})
    assert found == NotComputed(reason="fewer than two gateways have complete days (have: one)")


def test_says_that_there_is_no_common_day():
    found = compare({"one": gateway(day(0, {"a": 1})), "two": gateway(day(9, {"a": 1}))})
    assert isinstance(found, NotComputed)
    assert found.reason == (
        "no day from 2026-05-03 to 2026-06-01 is complete at every gateway "
        "(one 2026-06-01 to 2026-06-01; two 2026-06-10 to 2026-06-10)"
    )


def test_compares_what_any_gateway_lists_and_names_what_it_leaves_out():
    found = compare(
        {
            "one": gateway(day(0, {"a": 60, "?": 30}, 10), ids={"?": None}),
            "two": gateway(day(0, {"b": 100})),
            "three": gateway(),
        }
    )
    assert isinstance(found, Comparison)
    assert found.shares == {
        "one": {"a": Bounds(low_pct=60, high_pct=60), "b": Bounds(low_pct=0, high_pct=10)},
        "two": {"a": Bounds(low_pct=0, high_pct=0), "b": Bounds(low_pct=100, high_pct=100)},
    }
    assert found.unmatched_pct == {"one": 30, "two": 0}
    assert found.left_out == {"three": "it has no complete day"}


@given(st.data())
def test_bounds_hold_whatever_was_outside_the_list(data):
    amounts = st.integers(0, 1000)
    days, truth = [], []
    for number in range(data.draw(st.integers(1, 4))):
        traffic = {name: data.draw(amounts) for name in "abcdef"}
        total = sum(traffic.values()) or 1
        full = {name: 100 * amount / total for name, amount in traffic.items()}
        cut = sorted(full, key=lambda name: -full[name])[: data.draw(st.integers(1, 6))]
        days.append(
            day(number, {n: full[n] for n in cut}, sum(full[n] for n in full if n not in cut))
        )
        truth.append(full)
    side = gateway(*days, ids={name: name for name in "abcdef"})
    found = bounds(side, [one.date for one in days], "abcdef")
    for name in "abcdef":
        mean = sum(full[name] for full in truth) / len(truth)
        assert found[name].low_pct - 1e-9 <= mean <= found[name].high_pct + 1e-9


# How far rankings agree

rankings = st.permutations("abcdefgh").flatmap(
    lambda order: st.integers(1, 8).map(lambda size: ranking(order[:size]))
)
tied = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 4), min_size=1)
persistences = st.sampled_from([0.1, 0.5, 0.8, 0.9, 0.98])


def ranking(order):
    return {entity: -place for place, entity in enumerate(order)}


def overlap_by_definition(first, second, p):
    """Sum the definition down to a depth at which nothing is left to add; lists long enough."""
    depth = len(first)
    assert len(second) == depth
    assert p**depth < 1e-12
    return sum(
        (1 - p) * p ** (d - 1) * len(set(first[:d]) & set(second[:d])) / d
        for d in range(1, depth + 1)
    )


def continued(first, second, below_first, below_second, depth):
    """Continue two lists by some entities each and then by entities that match no other."""
    one = [*first, *below_first]
    two = [*second, *below_second]
    return (
        one + [f"one{n}" for n in range(depth - len(one))],
        two + [f"two{n}" for n in range(depth - len(two))],
    )


def agreed(one, two, depth):
    """Continue both lists by the same entities, each as early as its list has room."""
    new = [f"both{n}" for n in range(depth)]
    return (one + new)[:depth], (two + new)[:depth]


def test_overlap_of_a_swap_worked_by_hand():
    # Agreement 1, 1/2, 1 at depths 1 to 3.
    found = rank_biased_overlap(ranking("abc"), ranking("acb"), 0.5)
    assert found.extrapolated == pytest.approx(0.5 * (1 + 0.25 + 0.25) + 0.125)
    assert found.minimum == pytest.approx(0.75 + 3 * (math.log(2) - 0.5 - 0.125 - 1 / 24))
    assert found.minimum + found.residual == pytest.approx(0.875)


def test_overlap_of_uneven_lists_worked_by_hand():
    # Overlap 0 at depth 1, 1 at depth 2 (a); then the shorter list may add b.
    found = rank_biased_overlap(ranking("a"), ranking("ba"), 0.5)
    assert found.extrapolated == pytest.approx(0.25)
    assert found.minimum == pytest.approx(0.125 + math.log(2) - 0.625)
    assert found.minimum + found.residual == pytest.approx(0.5)


def test_overlap_with_a_tie_worked_by_hand():
    # At depth 1 {a, b} against {a}: 2 · 1 / (2 + 1).
    found = rank_biased_overlap({"a": 1, "b": 1}, {"a": 2, "b": 1}, 0.5)
    assert found.extrapolated == pytest.approx(0.5 * (2 / 3 + 0.5) + 0.25)


@pytest.mark.parametrize(
    ("first", "second"),
    [("abc", "acb"), ("a", "bca"), ("ab", "cd"), ("abc", "dea"), ("abcd", "b"), ("ab", "cbad")],
)
def test_overlap_follows_the_papers_closed_formulas(first, second):
    p = 0.9
    found = rank_biased_overlap(ranking(first), ranking(second), p)
    short, long = sorted((first, second), key=len)
    s, l = len(short), len(long)  # noqa: E741
    x = {d: len(set(short[:d]) & set(long[:d])) for d in range(1, l + 1)}
    f = s + l - x[l]
    power = {d: p**d / d for d in range(1, f + 1)}
    ln = math.log(1 / (1 - p))
    eq_11 = (1 - p) / p * (sum((x[d] - x[l]) * power[d] for d in x) + x[l] * ln)
    eq_30 = (
        p**s
        + p**l
        - p**f
        - (1 - p)
        / p
        * (
            s * sum(power[d] for d in range(s + 1, f + 1))
            + l * sum(power[d] for d in range(l + 1, f + 1))
            + x[l] * (ln - sum(power.values()))
        )
    )
    eq_32 = (1 - p) / p * (
        sum(x[d] * power[d] for d in x)
        + sum(x[s] * (d - s) / s * power[d] for d in range(s + 1, l + 1))
    ) + ((x[l] - x[s]) / l + x[s] / s) * p**l
    assert found.minimum == pytest.approx(eq_11)
    assert found.residual == pytest.approx(eq_30)
    assert found.extrapolated == pytest.approx(eq_32)


@pytest.mark.parametrize(("first", "second"), [("abc", "bad"), ("a", "bca"), ("ab", "cd")])
def test_no_continuation_of_the_lists_passes_the_limits(first, second):
    p, depth = 0.7, 90
    found = rank_biased_overlap(ranking(first), ranking(second), p)
    reached = set()
    # Unseen in one list, an entity may be seen in the other, or in neither ("x", "y").
    for below_first in itertools.permutations([*(set(second) - set(first)), "x", "y"]):
        for below_second in itertools.permutations([*(set(first) - set(second)), "x", "y"]):
            one, two = [*first, *below_first], [*second, *below_second]
            reached.add(overlap_by_definition(*agreed(one, two, depth), p))
            reached.add(
                overlap_by_definition(
                    *continued(first, second, below_first, below_second, depth), p
                )
            )
    reached.add(overlap_by_definition(*continued(first, second, (), (), depth), p))
    assert min(reached) == pytest.approx(found.minimum)
    assert max(reached) == pytest.approx(found.minimum + found.residual)


@given(tied, tied, persistences)
def test_overlap_is_symmetric_and_within_its_limits(first, second, p):
    found = rank_biased_overlap(first, second, p)
    assert rank_biased_overlap(second, first, p) == found
    assert 0 <= found.minimum <= found.extrapolated <= 1
    assert found.extrapolated <= found.minimum + found.residual + 1e-12
    assert found.minimum + found.residual <= 1 + 1e-12


@given(tied, persistences)
def test_identical_lists_overlap_fully_and_disjoint_ones_not_at_all(figures, p):
    assert rank_biased_overlap(figures, dict(figures), p).extrapolated == pytest.approx(1)
    other = {entity.upper(): figure for entity, figure in figures.items()}
    disjoint = rank_biased_overlap(figures, other, p)
    assert disjoint.extrapolated == 0
    assert disjoint.minimum == 0


@given(rankings, rankings)
def test_overlap_does_not_see_the_order_in_which_entities_are_given(first, second):
    found = rank_biased_overlap(first, second)
    backwards = dict(reversed(first.items()))
    assert rank_biased_overlap(backwards, second) == found


def test_overlap_refuses_an_empty_ranking_and_a_certain_reader():
    with pytest.raises(ValueError, match="empty ranking"):
        rank_biased_overlap({}, {"a": 1})
    with pytest.raises(ValueError, match="between 0 and 1"):
        rank_biased_overlap({"a": 1}, {"a": 1}, 1)


def test_agreement_is_between_listed_entities_and_says_where_there_are_none():
    shares = exact(a=(3, 2, (0, 1)), b=(2, (0, 1), (0, 1)), c=(None, 1, (0, 1)))
    pairs = {(pair.first, pair.second): pair for pair in agreements(shares)}
    assert set(pairs) == {("g0", "g1"), ("g0", "g2"), ("g1", "g2")}
    assert pairs["g0", "g1"].overlap == rank_biased_overlap({"a": 3, "b": 2}, {"a": 2, "c": 1})
    assert pairs["g0", "g2"].overlap is None
    assert pairs["g0", "g2"].not_computed == NotComputed(reason="g2 list nothing that matches")


# What holds however the gateways are weighted

figures = st.integers(0, 9)
known_bounds = st.tuples(figures, st.integers(0, 3)).map(lambda b: (b[0], b[0] + b[1]))


def worlds(gateways, entities=5, row=known_bounds):
    return st.lists(st.tuples(*[row] * gateways), min_size=2, max_size=entities).map(
        lambda rows: exact(**{f"e{at}": values for at, values in enumerate(rows)})
    )


any_world = st.integers(2, 3).flatmap(worlds)


def drawn(chance, shares):
    parts = [chance.expovariate(1) for _ in shares]
    return {name: part / sum(parts) for name, part in zip(shares, parts, strict=True)}


def limits(shares, entity, weights):
    """Give the rank at *weights* as listed, and the best and worst within the bounds."""
    lines = {line.entity: line for line in weighted(shares, weights)}
    own = lines[entity]
    others = [line for line in lines.values() if line.entity != entity]
    return (
        own.rank,
        1 + sum(line.low_pct > own.high_pct + 1e-12 for line in others),
        1 + sum(line.high_pct > own.low_pct + 1e-12 for line in others),
    )


def test_lists_the_pairs_whose_bounds_do_not_touch_at_any_gateway():
    shares = exact(a=(5, 5), b=((3, 4), (3, 5)), c=((1, 2), 1), d=(None, 0))
    assert [(one.ahead, one.behind, one.margin_pp) for one in certain(shares)] == [
        ("a", "c", 3),
        ("b", "c", 1),
    ]


@given(any_world, st.integers())
def test_no_weighting_reverses_what_is_certain(shares, seed):
    chance = random.Random(seed)
    weightings = [drawn(chance, shares) for _ in range(20)]
    weightings += [{name: 1} for name in shares]
    for weights in weightings:
        lines = {line.entity: line for line in weighted(shares, weights)}
        for one in certain(shares):
            assert lines[one.ahead].low_pct > lines[one.behind].high_pct


@given(any_world)
def test_what_is_not_certain_fails_at_some_gateway_alone(shares):
    sure = {(one.ahead, one.behind) for one in certain(shares)}
    for a, b in itertools.permutations(known(shares), 2):
        if (a, b) not in sure:
            alone = [{e.entity: e for e in weighted(shares, {name: 1})} for name in shares]
            assert any(lines[a].low_pct <= lines[b].high_pct for lines in alone)


def test_crossover_of_two_gateways_worked_by_hand():
    # 3 ahead at the first, 1 behind at the second: 3w = 1 - w.
    found = crossover(exact(a=(6, (2, 3)), b=((3, 4), 3)), "a", "b")
    (turn,) = found.between
    assert found.against_rest == ()
    assert turn.weight == 0.25
    assert (turn.leads_alone, turn.leads_without) == ("a", "b")
    # a is sure where 2w - (1 - w) > 0; b is nowhere: at the second a may have 3 as well.
    assert turn.undecided == (0, pytest.approx(1 / 3))
    names = {"a": "A", "b": "B"}
    assert turn_sentence(turn, names, {"g0": "One", "g1": "Two"}) == (
        "As listed, A leads B unless One's weight is below 0.25, with the rest on Two; "
        "from 0.00 to 0.34 what is outside the lists may decide."
    )


def test_crossover_of_three_gateways_worked_by_hand():
    found = crossover(exact(a=(6, 0, 1), b=(0, 2, 2)), "a", "b")
    assert [(t.gateway, t.rest, t.left_out) for t in found.between] == [
        ("g0", ("g1",), ("g2",)),
        ("g0", ("g2",), ("g1",)),
        ("g1", ("g2",), ("g0",)),
    ]
    assert [t.weight for t in found.between] == [0.25, pytest.approx(1 / 7), None]
    first, second, third = found.against_rest
    assert (first.gateway, first.rest, first.left_out) == ("g0", ("g1", "g2"), ())
    assert first.weight == pytest.approx(0.2)  # 6w = 1.5(1 - w)
    assert second.weight == pytest.approx(2.5 / 4.5)
    assert third.weight == pytest.approx(2 / 3)
    assert (third.leads_without, third.leads_alone) == ("a", "b")
    gateways = {"g0": "One", "g1": "Two", "g2": "Three"}
    assert turn_sentence(first, {"a": "A", "b": "B"}, gateways) == (
        "As listed, A leads B unless One's weight is below 0.20, "
        "with the rest on Two and Three in equal parts."
    )


def test_equal_entities_do_not_cross():
    (turn,) = crossover(exact(a=(1, 2), b=(1, 2)), "a", "b").between
    assert (turn.weight, turn.leads_alone, turn.leads_without) == (None, None, None)
    with pytest.raises(ValueError, match="does not turn"):
        turn_sentence(turn, {}, {})


def test_crossover_refuses_what_a_gateway_does_not_offer():
    with pytest.raises(ValueError, match="b cannot be compared at g0, g1"):
        crossover(exact(a=(1, 2), b=(1, None)), "a", "b")


@given(any_world)
def test_the_crossover_weight_equalises_and_the_leads_are_on_their_sides(shares):
    a, b = list(known(shares))[:2]
    found = crossover(shares, a, b)
    for turn in (*found.between, *found.against_rest):

        def gap(weight, turn=turn):
            weights = {turn.gateway: weight}
            weights |= {name: (1 - weight) / len(turn.rest) for name in turn.rest}
            lines = {line.entity: line for line in weighted(shares, weights)}
            return lines[a].low_pct - lines[b].low_pct, lines[a], lines[b]

        signs = {None: 0, a: 1, b: -1}
        assert math.copysign(1, gap(1)[0]) == signs[turn.leads_alone] or not gap(1)[0]
        if turn.weight is not None:
            assert gap(turn.weight)[0] == pytest.approx(0, abs=1e-9)
        else:
            assert turn.leads_alone == turn.leads_without
        for step in range(26):
            weight = step / 25
            _, at_a, at_b = gap(weight)
            sure = at_a.low_pct > at_b.high_pct + 1e-9 or at_b.low_pct > at_a.high_pct + 1e-9
            in_doubt = turn.undecided is not None and (
                turn.undecided[0] - 1e-9 <= weight <= turn.undecided[1] + 1e-9
            )
            assert not (sure and in_doubt and turn.undecided[0] < weight < turn.undecided[1])
            assert sure or in_doubt


def test_weighted_ranking_gives_equals_one_rank_and_scales_the_weights():
    shares = exact(a=(4, 0), b=(0, 4), c=((1, 2), (1, 3)), d=(None, 9))
    found = weighted(shares, {"g0": 3, "g1": 3})
    assert [(line.rank, line.entity, line.low_pct, line.high_pct) for line in found] == [
        (1, "a", 2, 2),
        (1, "b", 2, 2),
        (3, "c", 1, 2.5),
    ]


@pytest.mark.parametrize("weights", [{}, {"g0": 0, "g1": 0}, {"g0": -1, "g1": 2}, {"g9": 1}])
def test_refuses_weights_that_are_none(weights):
    with pytest.raises(ValueError, match="weights must be non-negative parts of g0, g1"):
        weighted(exact(a=(1, 2)), weights)


def test_equal_weights_are_labelled_a_convention():
    found = equal_weight(exact(a=(4, 0, 0), b=(1, 2, 2)))
    assert "convention" in found.label
    assert [line.entity for line in found.ranking] == ["b", "a"]
    assert sum(found.weights.values()) == pytest.approx(1)


# Which ranks are possible


def ahead_by_definition(lines):
    """Count positive lines at every vertex of the arrangement, and inside every region.

    A region's inside is reached by the centroid of three of its vertices that are not on one
    line (or of two, on a segment).
    """
    corners = len(lines[0])
    unit = [[Fraction(int(at == corner)) for at in range(corners)] for corner in range(corners)]
    borders = [*lines, *unit] if corners == 3 else []
    points = list(unit)
    if corners == 2:
        points += [[Fraction(-q, p - q), Fraction(p, p - q)] for p, q in lines if p * q < 0]
    for one, two in itertools.combinations(borders, 2):
        cross = [
            one[1] * two[2] - one[2] * two[1],
            one[2] * two[0] - one[0] * two[2],
            one[0] * two[1] - one[1] * two[0],
        ]
        total = sum(cross)
        if total and all(Fraction(part) / total >= 0 for part in cross):
            points.append([Fraction(part) / total for part in cross])
    points = [list(point) for point in {tuple(point) for point in points}]
    points += [
        [sum(parts) / corners for parts in zip(*chosen, strict=True)]
        for chosen in itertools.combinations(points, corners)
    ]
    counts = [
        sum(sum(a * b for a, b in zip(line, point, strict=True)) > 0 for line in lines)
        for point in points
    ]
    return min(counts), max(counts)


@settings(max_examples=150)
@given(any_world)
def test_rank_range_is_the_one_by_definition(shares):
    entities = known(shares)
    found = rank_ranges(shares)
    assert found.is_exact
    for entity, own in entities.items():

        def ahead(theirs, mine, entity=entity, own=own):
            return ahead_by_definition(
                [
                    [
                        int(getattr(one, theirs) - getattr(two, mine))
                        for one, two in zip(sides, own, strict=True)
                    ]
                    for other, sides in entities.items()
                    if other != entity
                ]
            )

        fewest, most = ahead("low_pct", "low_pct")
        assert found.ranges[entity].best == 1 + ahead("low_pct", "high_pct")[0]
        assert found.ranges[entity].worst == 1 + ahead("high_pct", "low_pct")[1]
        assert found.ranges[entity].listed_best == 1 + fewest
        assert found.ranges[entity].listed_worst == 1 + most


@settings(max_examples=10)
@given(
    worlds(
        3,
        entities=8,
        row=st.tuples(st.floats(0, 50), st.floats(0, 5)).map(lambda b: (b[0], b[0] + b[1])),
    ),
    st.integers(),
)
def test_rank_range_contains_the_rank_at_two_thousand_weightings(shares, seed):
    chance = random.Random(seed)
    found = rank_ranges(shares).ranges
    for _ in range(2000):
        weights = drawn(chance, shares)
        for line in weighted(shares, weights):
            own = found[line.entity]
            assert own.best <= own.listed_best <= line.rank <= own.listed_worst <= own.worst


@given(any_world, st.integers())
def test_rank_range_contains_the_best_and_the_worst_at_any_weighting(shares, seed):
    chance = random.Random(seed)
    found = rank_ranges(shares).ranges
    for weights in [drawn(chance, shares) for _ in range(10)] + [{name: 1} for name in shares]:
        for entity in found:
            rank, best, worst = limits(shares, entity, weights)
            assert found[entity].best <= best <= rank <= worst <= found[entity].worst


@given(any_world, st.randoms())
def test_neither_the_order_of_gateways_nor_of_entities_matters(shares, chance):
    gateways = list(shares)
    chance.shuffle(gateways)
    order = list(next(iter(shares.values())))
    chance.shuffle(order)
    mixed = {name: {entity: shares[name][entity] for entity in order} for name in gateways}
    assert rank_ranges(mixed) == rank_ranges(shares)
    assert certain(mixed) == certain(shares)
    assert equal_weight(mixed).ranking == equal_weight(shares).ranking


def test_rank_range_of_three_gateways_worked_by_hand():
    # Each leads one gateway; c leads none but has the best mean of the first two.
    shares = exact(a=(6, 0, 0), b=(0, 6, 0), c=(4, 4, 1), d=(0, 0, 0))
    found = rank_ranges(shares).ranges
    assert (found["c"].best, found["c"].worst) == (1, 2)
    assert (found["a"].best, found["a"].worst) == (1, 3)
    # With all weight on the third gateway a, b and d are level at rank 2.
    assert (found["d"].best, found["d"].worst) == (2, 4)


def test_who_is_level_at_two_gateways_is_ahead_wherever_the_third_has_weight():
    found = rank_ranges(exact(a=(1, 1, 1), b=(2, 1, 1), c=(1, 2, 1), d=(1, 1, 2))).ranges
    assert (found["a"].listed_best, found["a"].listed_worst) == (2, 4)


def test_finds_the_worst_rank_that_only_balanced_weights_give():
    # c, d and e are ahead of a where their gateway weighs more than 1/5, b wherever the last does.
    rows = {"a": (1, 1, 1), "b": (1, 1, 2), "c": (5, 0, 0), "d": (0, 5, 0), "e": (0, 0, 5)}
    found = rank_ranges(exact(**rows)).ranges
    assert (found["a"].best, found["a"].worst) == (2, 5)


def test_finds_the_best_rank_that_only_balanced_weights_give():
    # Each other is behind a only where the gateway it lacks weighs more than 1/4.
    rows = {"a": (9, 9, 9), "b": (0, 12, 12), "c": (12, 0, 12), "d": (12, 12, 0)}
    found = rank_ranges(exact(**rows)).ranges
    assert (found["a"].best, found["a"].worst) == (1, 3)


def test_rank_range_respects_what_may_be_outside_the_lists():
    found = rank_ranges(exact(a=((3, 5), (3, 5)), b=(4, 4), c=(1, 1))).ranges
    assert found["a"].best == 1
    assert found["a"].worst == 2
    assert (found["a"].listed_best, found["a"].listed_worst) == (2, 2)
    assert (found["c"].best, found["c"].worst) == (3, 3)


def test_four_gateways_are_sampled_and_say_so():
    shares = exact(a=(6, 0, 0, 0), b=(0, 6, 0, 0), c=(1, 1, 1, (1, 2)))
    found = rank_ranges(shares, samples=200)
    assert not found.is_exact
    assert found.method.startswith("sampled: 200 weightings")
    assert found == rank_ranges(shares, samples=200)
    assert {e: (r.best, r.worst) for e, r in found.ranges.items()} == {
        "a": (1, 3),
        "b": (1, 3),
        "c": (1, 3),  # last where the first two share the weight
    }


def test_sampling_agrees_with_the_exact_ranges_where_a_fourth_gateway_repeats_one():
    chance = random.Random(7)
    rows = {f"e{n}": [chance.randint(0, 40) for _ in range(3)] for n in range(6)}
    exactly = rank_ranges(exact(**rows)).ranges
    sampled = rank_ranges(exact(**{e: [*row, row[0]] for e, row in rows.items()})).ranges
    for entity, found in sampled.items():
        assert exactly[entity].best <= found.best <= found.worst <= exactly[entity].worst


def test_one_gateway_has_no_rank_range():
    with pytest.raises(ValueError, match="no weights to vary"):
        rank_ranges(exact(a=(1,)))


def test_sixty_entities_at_three_gateways_take_less_than_two_seconds():
    chance = random.Random(1)
    rows = {}
    for n in range(60):
        lows = [chance.expovariate(1) ** 2 for _ in range(3)]
        rows[f"e{n}"] = [(low, low + chance.random() / 20) for low in lows]
    shares = exact(**rows)
    start = time.process_time()
    rank_ranges(shares)
    assert time.process_time() - start < 2


# What may be quoted


def comparison(**rows):
    return Comparison(
        window=CommonWindow(start=JUNE, end=JUNE, days=(JUNE,)),
        shares=exact(**rows),
        unmatched_pct={f"g{at}": 0.0 for at in range(len(next(iter(rows.values()))))},
    )


def wording(found, **changes):
    fields = {
        "entities": {e: e.upper() for side in found.shares.values() for e in side},
        "gateways": {"g0": "One", "g1": "Two", "g2": "Three"},
        "citations": {
            name: Citation(
                text=f"Source: {name}.", notice="", url="", license=None, license_url=None
            )
            for name in found.shares
        },
        "what": "labs",
        "metric": "tokens",
    }
    return Wording(**(fields | changes))


def test_claims_state_what_is_certain_where_leads_turn_and_which_ranks_are_possible():
    found = comparison(a=((30, 30.04), 50), b=(40, 20), c=((1, 2.04), (3, 5)))
    made = {claim.id: claim for claim in claims(found, wording(found))}
    assert set(made) == {
        "labs/tokens/first",
        "labs/tokens/certain/a/c",
        "labs/tokens/certain/b/c",
        "labs/tokens/crossover/a/b/g0/g1",
        "labs/tokens/rank-range/a",
        "labs/tokens/rank-range/b",
        "labs/tokens/rank-range/c",
        "labs/tokens/agreement/g0/g1",
    }
    assert made["labs/tokens/first"].text == (
        "However the gateways are weighted, the first of 3 labs by share of tokens is, as listed, "
        "A or B."
    )
    sure = made["labs/tokens/certain/a/c"]
    assert sure.text == (
        "A is ahead of C in share of tokens however the gateways are weighted: at least 30.0 % "
        "against at most 2.1 % at One and at least 50.0 % against at most 5.0 % at Two."
    )
    assert sure.values["g0.behind_high_pct"] == 2.04
    assert [citation.text for citation in sure.citations] == ["Source: g0.", "Source: g1."]
    turn = made["labs/tokens/crossover/a/b/g0/g1"]
    assert turn.values["weight"] == 0.75
    assert turn.text.startswith("As listed, B leads A unless One's weight is below 0.75")
    assert made["labs/tokens/rank-range/c"].text == (
        "As listed, C is rank 3 of 3 labs by share of tokens however the gateways are weighted; "
        "with what may be outside the lists, rank 3 (exact over all weightings of 2 gateways)."
    )
    assert made["labs/tokens/agreement/g0/g1"].values["persistence"] == 0.9


def test_every_claim_has_window_gateways_citations_and_its_caveat():
    found = comparison(a=(30, 50, 4), b=(40, 20, 4), c=((1, 2), (3, 5), (4, 5)))
    made = claims(found, wording(found))
    assert len({claim.id for claim in made}) == len(made)
    for claim in made:
        assert (claim.start, claim.end, claim.days) == (JUNE, JUNE, 1)
        assert len(claim.citations) == len(claim.gateways) >= 2
        assert claim.values
        for sentence in (
            "Gateway traffic, not the market",
            "each provider's own tokenizer",
            "unweighted mean of daily shares",
            "Missing is not zero",
            "lower bound",
            "Popularity is not quality",
        ):
            assert sentence in claim.caveat
        words = f"{claim.text} {claim.caveat}".lower()
        assert "market " + "share" not in words
        assert "times" not in words


def test_crossover_claims_cite_only_the_gateways_that_have_weight():
    found = comparison(a=(6, 0, 1), b=(0, 2, 2))
    made = {claim.id: claim for claim in claims(found, wording(found, what="models"))}
    two = made["models/tokens/crossover/a/b/g0/g1"]
    assert two.gateways == ("g0", "g1")
    assert [citation.text for citation in two.citations] == ["Source: g0.", "Source: g1."]
    assert made["models/tokens/crossover/a/b/g0/g1/g2"].gateways == ("g0", "g1", "g2")
    assert "No weighting of the gateways is the right one." in two.caveat


def test_claims_say_how_much_of_the_listed_traffic_no_rule_matches():
    found = dataclasses.replace(
        comparison(a=(6, 4), b=(3, 2)), unmatched_pct={"g0": 5.91, "g1": 0.0}
    )
    for claim in claims(found, wording(found)):
        assert "Listed names that no rule matches: 6.0 % at One." in claim.caveat
        assert claim.values["g0.unmatched_pct"] == 5.91


def test_claims_say_when_a_listed_lead_is_not_proved():
    found = comparison(a=(6, 4), b=((3, 7), 4))
    (claim,) = [claim for claim in claims(found, wording(found)) if claim.kind == "listed"]
    assert claim.text == (
        "As listed, A is not behind B in share of tokens at any gateway, "
        "but what is outside the lists could reverse it."
    )
    level = comparison(a=(6, 4), b=(3, (2, 4)))
    (claim,) = [claim for claim in claims(level, wording(level)) if claim.kind == "listed"]
    assert claim.text.endswith("at any gateway, but the two may be level at Two.")


@given(any_world)
def test_certain_claims_read_true_as_they_are_rounded(shares):
    window = CommonWindow(start=JUNE, end=JUNE, days=(JUNE,))
    scaled = {
        name: {e: Bounds(low_pct=b.low_pct / 70, high_pct=b.high_pct / 70) for e, b in side.items()}
        for name, side in shares.items()
    }
    found = Comparison(window=window, shares=scaled, unmatched_pct=dict.fromkeys(scaled, 0.0))
    for claim in claims(found, wording(found)):
        if claim.kind != "certain":
            continue
        numbers = [Decimal(word) for word in claim.text.split() if word[0].isdigit()]
        for at, name in enumerate(claim.gateways):
            low, high = numbers[2 * at : 2 * at + 2]
            assert high < low <= Decimal(claim.values[f"{name}.ahead_low_pct"])
            assert high >= Decimal(repr(claim.values[f"{name}.behind_high_pct"]))


def test_claims_refuse_spend_and_gateways_without_citation():
    found = comparison(a=(1, 2), b=(2, 1))
    with pytest.raises(ValueError, match="spend is not one thing"):
        claims(found, wording(found, metric="spend"))
    with pytest.raises(ValueError, match="g0, g1 would be quoted without a citation"):
        claims(found, wording(found, citations={}))


def test_claims_are_about_the_first_and_the_leaders():
    rows = {f"e{n:02}": (50 - n, 50 - n) for n in range(20)}
    found = comparison(**rows, z=(0, 60))
    made = claims(found, wording(found), top=3)
    assert {c.id.split("/")[3] for c in made if c.kind == "rank-range"} == {
        "e00",
        "e01",
        "e02",
        "z",
    }
