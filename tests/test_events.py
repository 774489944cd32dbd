import datetime as dt
import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.events import LOOKBACK_DAYS, events
from leaderboard.records import OTHERS, Board, Citation, DailyValue, Day, Entity, Published

START = dt.date(2026, 6, 1)
CITATION = Citation(text="Source: here.", notice="", url="", license=None, license_url=None)
PUBLISHED = Published(retrieved_at=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), as_of=None)


def board(*days, **changes):
    """Make a board from shares by day (None: the day is missing); the rest is others'."""
    made = []
    for number, shares in enumerate(days):
        if shares is None:
            continue
        date = START + dt.timedelta(days=number)
        rest = 100 - sum(shares.values())
        made.append(
            Day(
                date=date,
                values=tuple(
                    DailyValue(date=date, entity=entity, value=None, share_pct=share)
                    for entity, share in sorted(shares.items(), key=lambda item: -item[1])
                ),
                others=DailyValue(date=date, entity=OTHERS, value=None, share_pct=rest),
                published=PUBLISHED,
                citation=CITATION,
            )
        )
    entities = {name for shares in days if shares for name in shares}
    fields = {
        "source": "openrouter",
        "kind": "model",
        "metric": "tokens",
        "scope": None,
        "path": "openrouter/models/tokens",
        "entities": {name: Entity(kind="model", key=name, name=name) for name in entities},
        "days": tuple(made),
    }
    return Board(**(fields | changes))


def on(number):
    return START + dt.timedelta(days=number)


def told(found, *kinds):
    return [(e.kind, (e.day - START).days, e.entity, e.other) for e in found if e.kind in kinds]


def test_a_board_without_days_has_no_events():
    assert events(board()) == ()


def test_everything_is_listed_for_the_first_time_at_the_beginning():
    assert events(board(*[{"a": 60, f"x{n}": 30} for n in range(7)])) == ()


def test_new_is_the_first_day_listed_with_its_rank_and_share():
    calm = [{"a": 60, "b": 30}] * 8
    found = events(board(*calm, {"a": 60, "c": 20, "b": 10}, {"a": 60, "c": 20}))
    (event,) = [event for event in found if event.kind == "new"]
    assert event.id == "openrouter/models/tokens/2026-06-09/new/c"
    assert (event.day, event.since) == (on(8), on(8))
    assert event.numbers == {"rank": 2, "share_pct": 20}
    assert event.source == "openrouter"


def test_what_comes_back_is_not_new():
    away = [{"a": 60}] * 9
    assert told(events(board({"a": 60, "b": 30}, *away, {"a": 60, "b": 30})), "new") == []


def test_left_after_a_week_outside_the_list():
    there, away = [{"a": 60, "b": 30}] * 7, [{"a": 60}]
    assert told(events(board(*there, *away * 6)), "left") == []
    found = events(board(*there, *away * 12))
    (event,) = [event for event in found if event.kind == "left"]
    assert (event.entity, event.day, event.since) == ("b", on(13), on(7))
    assert event.numbers == {"rank": 2, "share_pct": 30}


def test_who_was_listed_now_and_then_has_not_left():
    rare = [{"a": 60, "b": 3} if n % 3 == 0 else {"a": 60} for n in range(16)]
    assert told(events(board(*rare, *[{"a": 60}] * 9)), "left") == []


def test_a_missing_day_is_not_a_day_outside_the_list():
    there, away = [{"a": 60, "b": 30}] * 7, [{"a": 60}]
    found = events(board(*there, *away * 3, None, None, *away * 3))
    assert told(found, "left") == []
    found = events(board(*there, *away * 3, None, None, *away * 4))
    assert told(found, "left") == [("left", 15, "b", None)]


def test_a_new_number_one_has_led_the_seven_day_mean_for_three_days():
    before, after = [{"a": 50, "b": 40}] * 10, [{"a": 30, "b": 60}] * 9
    # After two new days the mean lead is 2 · 30 against 5 · 10.
    found = events(board(*before, *after))
    assert told(found, "number-one", "overtook") == [("number-one", 13, "b", "a")]
    (event,) = found
    assert event.id == "openrouter/models/tokens/2026-06-14/number-one/b:a"
    assert event.since == on(11)
    assert event.numbers == {"mean_pct": (3 * 40 + 4 * 60) / 7, "other_mean_pct": (150 + 120) / 7}


def test_a_lead_that_does_not_stay_is_no_news():
    # Two bad days of the leader are in one seven-day mean together for two days only.
    steady, swing = {"a": 50, "b": 40}, {"a": 30, "b": 60}
    twice = [*[steady] * 10, swing, *[steady] * 4, swing]
    assert events(board(*twice, *[steady] * 10)) == ()
    once_more = [*twice, swing, *[steady] * 10]
    assert told(events(board(*once_more)), "number-one") == [
        ("number-one", 24, "a", "b"),
        ("number-one", 17, "b", "a"),
    ]


def test_overtaking_below_the_lead_is_told_once():
    before, after = [{"a": 50, "b": 20, "c": 10}] * 10, [{"a": 50, "b": 10, "c": 25}] * 20
    found = events(board(*before, *after))
    assert told(found, "number-one", "overtook") == [("overtook", 14, "c", "b")]
    assert found[0].since == on(12)


def test_overtaking_through_a_day_of_equals_is_told():
    before, equal = [{"a": 50, "b": 20, "c": 10}] * 10, [{"a": 50, "b": 15, "c": 15}] * 10
    after = [{"a": 50, "b": 10, "c": 20}] * 10
    found = events(board(*before, *equal, *after))
    assert told(found, "overtook") == [("overtook", 22, "c", "b")]


def test_an_order_undecided_for_too_long_is_not_compared():
    before = [{"a": 50, "b": 20, "c": 10}] * 10
    equal = [{"a": 50, "b": 15, "c": 15}] * (LOOKBACK_DAYS + 8)
    after = [{"a": 50, "b": 10, "c": 20}] * 10
    assert told(events(board(*before, *equal, *after)), "overtook") == []


def test_overtaking_outside_the_first_ten_is_no_news():
    top = {f"t{n:02}": 8 - n / 10 for n in range(9)}
    before = [top | {"x": 3, "y": 2, "z": 1}] * 10
    swapped = [top | {"x": 3, "y": 1, "z": 2}] * 10
    assert told(events(board(*before, *swapped)), "overtook") == []
    risen = [top | {"x": 2, "y": 3, "z": 1}] * 10
    assert told(events(board(*before, *risen)), "overtook") == []  # the other is eleventh


def test_what_may_be_outside_the_list_does_not_overtake():
    # b drops out of the list; the list's end leaves it room for as much as c has.
    before, after = [{"a": 50, "b": 12, "c": 10}] * 10, [{"a": 50, "c": 10}] * 6
    assert told(events(board(*before, *after)), "overtook") == []
    ended = [{"a": 50, "c": 10, "d": 1}] * 6
    assert told(events(board(*before, *ended)), "overtook") == [("overtook", 13, "c", "b")]


def test_who_is_listed_alone_need_not_lead():
    # The list ends with b; whatever is outside may have as much.
    before, after = [{"a": 50, "b": 40}] * 10, [{"b": 30}] * 12
    assert told(events(board(*before, *after)), "number-one") == []


def test_who_is_outside_a_months_list_may_have_had_anything_up_to_all_others():
    # b leaves the list of a month's top; the list's end says nothing of a day.
    before, after = [{"a": 50, "b": 12, "c": 10}] * 10, [{"a": 50, "c": 10, "d": 1}] * 6
    found = events(board(*before, *after, cut="request"))
    assert told(found, "overtook") == []
    assert told(events(board(*before, *after, is_lower_bound=True)), "overtook") == []


def test_the_number_one_of_a_months_list_is_that_of_the_named():
    before, after = [{"a": 20, "b": 10}] * 10, [{"a": 10, "b": 20}] * 9
    # The unnamed have 70 % together, and with a day's own list at most as much as the last.
    for cut in ("day", "request"):
        found = events(board(*before, *after, cut=cut))
        assert told(found, "number-one") == [("number-one", 15, "b", "a")], cut
    assert told(events(board(*before, *after, is_lower_bound=True)), "number-one") == []


def test_no_order_is_judged_from_few_days():
    before, after = [{"a": 50, "b": 40}] * 10, [{"a": 30, "b": 60}]
    found = events(board(*before, *[None] * 7, *after * 6))
    # Four days are needed from the gap's end, and three for the new order to stay.
    assert told(found, "number-one") == [("number-one", 22, "b", "a")]


def test_says_when_shares_are_lower_bounds():
    days = [{"a": 60, "b": 30}] * 8 + [{"a": 60, "c": 30}]
    assert all(event.is_lower_bound for event in events(board(*days, is_lower_bound=True)))
    assert not any(event.is_lower_bound for event in events(board(*days)))


def test_newest_day_comes_first():
    found = events(noisy(3, 60))
    assert len(found) > 5
    assert [event.day for event in found] == sorted((e.day for e in found), reverse=True)


def noisy(seed, count):
    """Make a board of fourteen entities that wander, cut to ten a day, some days missing."""
    chance = random.Random(seed)
    level = {f"e{n:02}": chance.uniform(1, 10) for n in range(14)}
    days = []
    for _ in range(count):
        level = {name: value * chance.uniform(0.8, 1.25) for name, value in level.items()}
        total = sum(level.values())
        kept = sorted(level, key=lambda name: -level[name])[:10]
        shares = {name: 100 * level[name] / total for name in kept}
        days.append(None if chance.random() < 0.05 else shares)
    return board(*days)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_a_later_day_changes_no_earlier_event(seed, cut):
    whole = noisy(seed, 60)
    until = on(cut)
    earlier = board(days=tuple(day for day in whole.days if day.date <= until))
    assert events(earlier) == tuple(event for event in events(whole) if event.day <= until)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_ids_are_unique_and_each_event_has_its_numbers(seed):
    whole = noisy(seed, 80)
    found = events(whole)
    assert len({event.id for event in found}) == len(found)
    dates = {day.date for day in whole.days}
    for event in found:
        assert event.day in dates
        assert event.since <= event.day
        assert event.numbers
        if event.kind in ("number-one", "overtook"):
            assert event.numbers["mean_pct"] > event.numbers.get("other_mean_pct", 0)


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_leads_follow_each_other(seed):
    leads = [event for event in reversed(events(noisy(seed, 90))) if event.kind == "number-one"]
    for one, two in itertools.pairwise(leads):
        assert two.other == one.entity
