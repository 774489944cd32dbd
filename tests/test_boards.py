import dataclasses
import json
import math
import random
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard import boards
from leaderboard.records import OTHERS, Board, DailyValue, Day
from tests.sample_boards import a_board, a_day, a_list, at, derived, published, reading, row, view

REAL = Path(__file__).parents[2] / "shared" / "real"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="no recorded data here")


def test_a_share_counts_what_is_outside_the_list():
    day = derived(a_board(a_day(0, {"a": 20, "b": 30}, others=50))).days[0]
    assert [(v.entity, v.share_pct) for v in day.values] == [("b", 30.0), ("a", 20.0)]
    assert day.others is not None
    assert day.others.share_pct == 50.0


def test_shares_of_totals_beyond_floating_point_are_exact():
    huge = 10**30
    day = derived(a_board(a_day(0, {"a": huge + 1, "b": huge - 1}, others=2 * huge))).days[0]
    assert [v.share_pct for v in day.values] == [25.0, 25.0]
    assert [v.entity for v in day.values] == ["a", "b"]


def test_what_published_shares_leave_over_becomes_others():
    day = derived(a_board(a_day(0, shares={"a": 60.1234, "b": 20.0}))).days[0]
    assert day.others is not None
    assert day.others.share_pct == 19.8766


def test_rounding_is_no_others():
    assert derived(a_board(a_day(0, shares={"a": 60.0, "b": 39.9998}))).days[0].others is None


def test_published_others_stay_as_published():
    day = derived(a_board(a_day(0, shares={"a": 60.0}, others_pct=39.9))).days[0]
    assert day.others is not None
    assert day.others.share_pct == 39.9


def test_a_day_of_nothing_but_zeros_has_no_shares():
    assert derived(a_board(a_day(0, {"a": 0}))).days[0].values[0].share_pct is None


def test_labs_are_added_up_where_a_source_publishes_none():
    models = a_board(
        a_day(0, {"x1": 10, "x2": 15, "y1": 25, "z": 20}, others=30),
        labs={"x1": "x", "x2": "x", "y1": "y"},
    )
    labs = boards.derive(reading(models)).boards[1]
    assert (labs.kind, labs.path, labs.is_lower_bound) == ("lab", "gate/labs/tokens", True)
    assert [(v.entity, v.value, v.share_pct) for v in labs.days[0].values] == [
        ("x", 25, 25.0),
        ("y", 25, 25.0),
    ]
    others = labs.days[0].others
    assert others is not None
    assert (others.value, others.share_pct) == (50, 50.0)  # a model without a lab is no lab's
    assert any("lower bound" in caveat for caveat in labs.caveats)


def test_a_lab_added_up_can_have_been_all_the_others_too():
    models = a_board(a_day(0, {"x1": 25, "y1": 25}, others=50), labs={"x1": "x", "y1": "y"})
    (shown, *_) = boards.views(boards.derive(reading(models)).boards[1])
    assert [(r.share_pct, r.share_high_pct, r.is_lower_bound) for r in shown.rows] == [
        (25.0, 75.0, True)
    ] * 2


def test_labs_are_not_added_up_where_the_source_publishes_them():
    models = a_board(a_day(0, {"x1": 1}), labs={"x1": "x"})
    labs = a_board(a_day(0, {"x": 1}), kind="lab")
    assert len(boards.derive(reading(models, labs)).boards) == 2
    other_metric = a_board(a_day(0, {"x": 1}), kind="lab", metric="cost")
    assert len(boards.derive(reading(models, other_metric)).boards) == 3


def test_labs_are_not_added_up_from_shares():
    assert len(boards.derive(reading(a_board(a_day(0, shares={"a": 100.0})))).boards) == 1


def test_windows_show_history_once():
    def windows(days: int) -> list[str]:
        board = derived(a_board(*(a_day(i, {"a": 1}) for i in range(days))))
        return [v.path.removeprefix("gate/models/tokens") for v in boards.views(board)]

    assert windows(3) == ["", "/7d"]
    assert windows(30) == ["", "/7d"]
    assert windows(31) == ["", "/7d", "/90d"]
    assert windows(91) == ["", "/7d", "/90d", "/1y"]
    assert windows(366) == ["", "/7d", "/90d", "/1y", "/all"]


def test_a_window_ends_on_the_last_day_held_and_names_its_gaps():
    shown = view(a_board(*(a_day(i, {"a": 1}) for i in range(40) if i not in (20, 21))))
    assert (shown.start, shown.end, len(shown.dates)) == (at(10), at(39), 30)
    assert shown.missing == (at(20), at(21))
    history = dict(zip(shown.dates, row(shown, "a").history, strict=True))
    assert history[at(20)] is None
    assert history[at(22)] == 100.0
    assert row(shown, "a").share_pct == 100.0


def test_absolutes_weigh_days_and_shares_do_not():
    weighed = view(a_board(a_day(0, {"a": 90}, others=10), a_day(1, {"a": 1}, others=899)))
    assert row(weighed, "a").share_pct == pytest.approx(9.1)
    assert weighed.measure == "share of the window's total"
    assert weighed.total == 1000
    mean = view(a_board(a_day(0, shares={"a": 90.0}), a_day(1, shares={"a": 10.0})))
    assert row(mean, "a").share_pct == 50.0
    assert mean.measure == "mean of daily shares"
    assert mean.total is None


def test_an_unlisted_day_is_unknown_within_its_bounds():
    shown = view(
        a_board(a_day(0, {"a": 60, "b": 20}, others=20), a_day(1, {"a": 50, "c": 40}, others=10))
    )
    b = row(shown, "b")
    assert b.history == (20.0, None)
    assert (b.share_pct, b.share_high_pct, b.is_lower_bound) == (10.0, 15.0, True)
    assert b.newest_share_pct is None
    a = row(shown, "a")
    assert (a.share_pct, a.share_high_pct, a.is_lower_bound) == (55.0, None, False)


def test_an_unlisted_entity_is_bounded_by_the_last_listed_or_by_others():
    days = (a_day(0, {"a": 40, "b": 10}, others=50), a_day(1, {"a": 30, "c": 20}, others=50))
    assert row(view(a_board(*days)), "b").share_high_pct == 15.0
    assert row(view(a_board(*days, cut="request")), "b").share_high_pct == 30.0


def test_outside_a_complete_list_there_is_nothing():
    shown = view(a_board(a_day(0, {"a": 60, "b": 40}), a_day(1, {"a": 100})))
    assert row(shown, "b").is_lower_bound is False
    assert row(shown, "b").share_pct == 20.0
    assert row(shown, "b").history == (40.0, None)


def test_equal_figures_rank_by_key():
    shown = view(a_board(a_day(0, {"b": 5, "a": 5, "c": 9})))
    assert [(r.rank, r.entity.key) for r in shown.rows] == [(1, "c"), (2, "a"), (3, "b")]


def test_changes_are_against_the_window_before():
    days = [a_day(i, {"a": 30, "b": 70}) for i in range(7)]
    days += [a_day(i, {"a": 60, "b": 40}) for i in range(7, 14)]
    shown = view(a_board(*days), "7d")
    a = row(shown, "a")
    assert (a.rank, a.previous_rank, a.share_change_pp) == (1, 2, 30.0)
    assert shown.compared_to == (at(0), at(6))
    assert view(a_board(*days), "30d").compared_to is None


@pytest.mark.parametrize(("held", "is_compared"), [(3, False), (4, True)])
def test_a_window_before_needs_half_its_days(held: int, is_compared: bool):
    days = [a_day(i, {"a": 1, "b": 2}) for i in range(7 - held, 14)]
    assert (row(view(a_board(*days), "7d"), "a").share_change_pp is not None) is is_compared


def test_new_is_what_no_earlier_day_lists():
    days = [a_day(i, {"a": 1}) for i in range(7)] + [
        a_day(i, {"a": 1, "b": 2}) for i in range(7, 14)
    ]
    shown = view(a_board(*days), "7d")
    assert (row(shown, "a").is_new, row(shown, "b").is_new) == (False, True)
    assert row(shown, "b").share_change_pp is None
    assert row(shown, "b").previous_rank is None


def test_nothing_is_new_without_earlier_days():
    assert not row(view(a_board(a_day(0, {"a": 1}), a_day(1, {"b": 1}))), "b").is_new


def test_the_sources_own_list_of_exactly_the_window_is_preferred():
    days = [a_day(i, {"a": 5, "b": 4}, others=1) for i in range(7)]
    own = a_list(6, {"b": 50, "a": 40}, others=10, window="7d")
    shown = view(a_board(*days, lists=(own,)), "7d")
    assert [(r.entity.key, r.rank, r.value, r.share_pct) for r in shown.rows] == [
        ("b", 1, 50, 50.0),
        ("a", 2, 40, 40.0),
    ]
    assert (shown.total, shown.others and shown.others.share_pct) == (100, 10.0)
    assert row(shown, "a").history == (50.0,) * 7
    shifted = a_list(5, {"b": 50, "a": 40}, others=10, window="7d")
    assert view(a_board(*days, lists=(shifted,)), "7d").rows[0].entity.key == "a"


def test_a_lists_dropped_entities_stay_in_the_days_others():
    days = [a_day(i, {"a": 50, "b": 30}, others=20) for i in range(7)]
    own = a_list(6, {"a": 350}, others=350)
    shown = view(a_board(*days, lists=(own,)), "7d")
    assert shown.others is not None
    assert shown.others.history == (50.0,) * 7


def test_lists_show_the_newest_of_each_window():
    lists = (
        a_list(30, {"a": 2, "b": 1}, window="7d", days=7),
        a_list(30, {"a": 9, "b": 5}, window="30d", days=30),
        a_list(29, {"b": 9, "a": 5}, window="30d", days=30),
        a_list(30, {"b": 2}, window="1d", days=1),
    )
    shown = boards.views(derived(a_board(lists=lists, kind="app")))
    assert [(v.window, v.path) for v in shown] == [
        ("30d", "gate/apps/tokens"),
        ("7d", "gate/apps/tokens/7d"),
        ("1d", "gate/apps/tokens/1d"),
    ]
    a = row(shown[0], "a")
    assert (a.rank, a.previous_rank, a.value, a.share_pct) == (1, 2, 9, None)
    assert shown[0].measure == "rank only"
    assert shown[0].compared_to == (at(0), at(29))
    assert shown[0].dates == ()


def test_a_list_with_others_has_shares():
    shown = view(a_board(lists=(a_list(6, {"a": 60, "b": 30}, others=10),)), "7d")
    assert [r.share_pct for r in shown.rows] == [60.0, 30.0]
    assert shown.others is not None
    assert (shown.others.rank, shown.others.share_pct, shown.total) == (0, 10.0, 100)
    assert shown.measure == "share of the window's total"


def test_a_list_is_compared_a_window_earlier_where_that_is_held():
    lists = (
        a_list(7, {"b": 2, "a": 1}),
        a_list(13, {"a": 2, "b": 1}),
        a_list(14, {"a": 2, "b": 1, "c": 1}),
    )
    shown = view(a_board(lists=lists), "7d")
    assert shown.compared_to == (at(1), at(7))
    assert (row(shown, "a").previous_rank, row(shown, "c").is_new) == (2, True)
    assert view(a_board(lists=lists[1:]), "7d").compared_to == (at(7), at(13))


def test_a_list_without_figures_is_rank_only():
    ranked = a_list(6, {"b": None, "a": None}, window=None, days=None)
    (shown,) = boards.views(derived(a_board(lists=(ranked,), kind="provider")))
    assert (shown.window, shown.start, shown.measure) == (None, None, "rank only")
    assert [(r.rank, r.entity.key, r.value) for r in shown.rows] == [(1, "b", None), (2, "a", None)]


def test_a_view_is_as_new_as_its_newest_part():
    days = [a_day(i, {"a": 1}) for i in range(3)]
    days[1] = dataclasses.replace(days[1], published=published(9))
    assert view(a_board(*days)).published == published(9)


def test_a_board_without_data_has_no_view():
    assert boards.views(derived(a_board())) == ()
    assert boards.views(derived(a_board(a_day(0)))) == ()
    assert boards.movers(derived(a_board())) == ()


def wave(i: int) -> int:
    return (i * 7) % 5


def test_a_mover_moves_more_than_it_usually_does():
    def board(step: int) -> Board:
        return derived(
            a_board(
                *(
                    a_day(i, {"a": 300 + wave(i) + (step if i >= 28 else 0), "b": 600})
                    for i in range(35)
                )
            )
        )

    assert boards.movers(board(0)) == ()
    up, down = boards.movers(board(60))
    assert (up.entity.key, up.is_new) == ("a", False)
    assert up.change_pp is not None
    assert up.usual_pp is not None
    assert up.change_pp > 3 * up.usual_pp > 0
    assert down.change_pp == pytest.approx(-up.change_pp)


def test_a_steady_entity_moves_only_by_what_a_reader_can_see():
    def found(step: int) -> int:
        days = (a_day(i, {"a": 50_000 + (step if i >= 28 else 0), "b": 50_000}) for i in range(35))
        return len(boards.movers(derived(a_board(*days))))

    assert found(100) == 0
    assert found(1000) == 2


def test_too_little_history_has_no_movers():
    days = (a_day(i, {"a": 100 + (400 if i >= 14 else wave(i)), "b": 600}) for i in range(21))
    assert boards.movers(derived(a_board(*days))) == ()


def test_a_new_entity_is_news_without_a_change():
    days = [a_day(i, {"a": 100}) for i in range(20)] + [a_day(20, {"a": 100, "n": 300})]
    (new,) = boards.movers(derived(a_board(*days)))
    assert (new.entity.key, new.is_new, new.change_pp, new.share_pct) == ("n", True, None, 75.0)


FIGURES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 10**16), min_size=1)


@st.composite
def absolute_boards(draw: st.DrawFn) -> Board:
    dates = draw(st.lists(st.integers(0, 100), min_size=1, max_size=20, unique=True))
    days = []
    for day in sorted(dates):
        values = draw(FIGURES)
        others = draw(st.none() | st.integers(0, 10**17))
        days.append(a_day(day, values, others=others))
    labs = draw(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["x", "y", None])))
    return a_board(*days, labs=labs)


@st.composite
def share_boards(draw: st.DrawFn) -> Board:
    dates = draw(st.lists(st.integers(0, 100), min_size=1, max_size=20, unique=True))
    days = []
    for day in sorted(dates):
        parts = draw(FIGURES)
        whole = sum(parts.values()) + draw(st.integers(0, 10**16))
        shares = {key: round(100 * part / whole, 4) for key, part in parts.items()}
        days.append(a_day(day, shares=shares))
    return a_board(*days)


all_boards = absolute_boards() | share_boards()


@given(all_boards)
def test_shares_and_others_make_a_hundred(board: Board):
    for complete in boards.derive(reading(board)).boards:
        for day in complete.days:
            parts = [v.share_pct for v in day.values] + [day.others and day.others.share_pct]
            assert math.fsum(p or 0 for p in parts) == pytest.approx(100, abs=0.01)
        for shown in boards.views(complete):
            rest = shown.others.share_pct if shown.others else 0.0
            shares = [r.share_pct or 0 for r in shown.rows]
            assert math.fsum([*shares, rest or 0]) == pytest.approx(100, abs=0.01)


@given(all_boards)
def test_deriving_twice_changes_nothing(board: Board):
    once = boards.derive(reading(board))
    assert boards.derive(once) == once


@given(all_boards, st.randoms(use_true_random=False))
def test_the_order_of_published_rows_does_not_matter(board: Board, chance: random.Random):
    def shuffled(day: Day) -> Day:
        values = list(day.values)
        chance.shuffle(values)
        return dataclasses.replace(day, values=tuple(values))

    mixed = dataclasses.replace(board, days=tuple(map(shuffled, board.days)))
    assert boards.derive(reading(mixed)) == boards.derive(reading(board))
    assert boards.views(derived(mixed)) == boards.views(derived(board))


@given(all_boards)
def test_bounds_and_ranks_are_in_order(board: Board):
    for complete in boards.derive(reading(board)).boards:
        for shown in boards.views(complete):
            assert [r.rank for r in shown.rows] == list(range(1, len(shown.rows) + 1))
            for r in shown.rows:
                assert len(r.history) == len(r.values) == len(shown.dates)
                assert r.is_lower_bound == (r.share_high_pct is not None)
                assert r.share_pct is not None
                assert (
                    r.share_pct <= (100 if r.share_high_pct is None else r.share_high_pct) + 0.001
                )


@given(all_boards, st.integers(1, 99))
def test_a_day_without_data_changes_no_figure(board: Board, day: int):
    held = {d.date for d in board.days}
    if at(day) in held:
        return
    days = tuple(sorted((*board.days, a_day(day)), key=lambda d: d.date))
    with_gap = boards.views(derived(dataclasses.replace(board, days=days)))
    for before, after in zip(boards.views(derived(board)), with_gap, strict=True):
        assert (after.rows, after.others, after.missing) == (
            before.rows,
            before.others,
            before.missing,
        )


@given(absolute_boards())
def test_the_upper_bound_holds_whatever_was_outside_the_list(board: Board):
    """Cut each day's list, as a gateway does: the whole truth stays within the bounds."""
    full = view(dataclasses.replace(board, days=tuple(_without_others(d) for d in board.days)))
    cut = view(dataclasses.replace(board, days=tuple(_cut(_without_others(d)) for d in board.days)))
    truth = {r.entity.key: r.share_pct for r in full.rows}
    for r in cut.rows:
        true_share = truth[r.entity.key]
        high = r.share_pct if r.share_high_pct is None else r.share_high_pct
        assert r.share_pct is not None
        assert true_share is not None
        assert high is not None
        assert r.share_pct - 1e-9 <= true_share <= high + 1e-9


def _without_others(day: Day) -> Day:
    return dataclasses.replace(day, others=None)


def _cut(day: Day) -> Day:
    ordered = sorted(day.values, key=lambda v: (-(v.value or 0), v.entity))
    rest = sum(v.value or 0 for v in ordered[2:])
    others = DailyValue(date=day.date, entity=OTHERS, value=rest, share_pct=None)
    return dataclasses.replace(day, values=tuple(ordered[:2]), others=others if rest else None)


def test_money_is_added_exactly():
    shown = view(
        a_board(
            a_day(0, {"a": Decimal("0.1"), "b": Decimal("0.3")}),
            a_day(1, {"a": Decimal("0.2"), "b": Decimal("0.4")}),
            metric="cost",
        )
    )
    assert row(shown, "a").value == Decimal("0.3")
    assert row(shown, "a").share_pct == 30.0


@needs_real
def test_june_at_openrouter_agrees_with_a_sum_by_hand():
    body = json.loads((REAL / "openrouter/rankings-daily_2026-06-01_2026-06-30.json").read_text())
    totals: Counter[str] = Counter()
    by_day: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in body["data"]:
        totals[line["model_permaslug"]] += int(line["total_tokens"])
        by_day[line["date"]][line["model_permaslug"]] = int(line["total_tokens"])
    days = []
    for number, values in enumerate(by_day[d] for d in sorted(by_day)):
        days.append(
            a_day(number, {k: v for k, v in values.items() if k != "other"}, others=values["other"])
        )
    shown = view(a_board(*days))
    assert shown.total == totals.total()
    del totals["other"]
    ranked = sorted(totals, key=lambda key: (-totals[key], key))
    assert [(r.entity.key, r.value) for r in shown.rows] == [(key, totals[key]) for key in ranked]
    newest = by_day["2026-06-30"]
    for r in shown.rows:
        key = r.entity.key
        expected = 100 * newest[key] / sum(newest.values()) if key in newest else None
        assert r.newest_share_pct == expected
    assert len(ranked) > 50
    assert any(r.is_lower_bound for r in shown.rows)
