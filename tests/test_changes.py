import csv
import dataclasses
import datetime as dt
import io
import itertools
import json
import re

import pytest

from leaderboard import boards
from leaderboard.pages import changes, downloads, feeds, happenings, movements
from leaderboard.records import OTHERS, DailyValue
from tests import newsworthy, specimens


@pytest.fixture(scope="module")
def built():
    return newsworthy.build()


@pytest.fixture(scope="module")
def pages(built):
    return {page.path: page for page in changes.changes(built)}


def said(one):
    return f"{one.headline}. {one.detail}".replace("\u00a0", " ")


def of(news, kind, *, board="north/models/tokens"):
    return [one for one in news if (one.event.kind, one.event.path) == (kind, board)]


def told_on(page):
    return [one.happening for _, told in page.context["days"] for one in told]


def board_like(**changed):
    models = specimens.models_board(newsworthy.figures())
    north, _ = specimens.readings(dataclasses.replace(models, **changed))
    return north, next(board for board in north.boards if board.kind == "model")


def test_who_is_new_is_told_with_rank_and_share(built):
    (one,) = of(built.news, "new")
    assert said(one) == (
        "Young is new in the list. First time in the published list: rank 4, 13.4 % of tokens."
    )
    assert one.event.day == dt.date(2026, 6, 11)


def test_who_left_is_said_to_be_outside_the_list_and_never_gone(built):
    (one,) = of(built.news, "left")
    assert said(one) == (
        "Old is outside the published list. Outside the published list since 1 June 2026, "
        "7 days in a row; before, rank 4, 14.0 % of tokens."
    )
    assert not any(re.search(r"\b(gone|left|dropped|disappeared)\b", said(o)) for o in built.news)


def test_a_new_number_one_is_told_with_both_means_and_since_when(built):
    (one,) = of(built.news, "number-one")
    assert said(one) == (
        "Small:Free is the new number one, before Large. 30.0 % of tokens against 29.0 %, "
        "7-day means; ahead since 26 May 2026."
    )


def test_a_lower_bound_is_marked_and_explained(built):
    (one,) = of(built.news, "overtook", board="north/labs/tokens")
    assert said(one).startswith("Delta overtook Omega. ≥ 11.4 % of tokens against ≥ 5.9 %, ")
    assert happenings.LOWER_BOUND in one.notes
    (model,) = of(built.news, "overtook")
    assert "≥" not in said(model)
    assert happenings.LOWER_BOUND not in model.notes


def test_what_is_added_up_is_said_of_its_models(built):
    (new,) = of(built.news, "new", board="north/labs/tokens")
    (left,) = of(built.news, "left", board="north/labs/tokens")
    assert "First time that a model of it is in the published list" in said(new)
    assert "No model of it is in the published list since" in said(left)


def test_of_a_months_named_models_no_more_is_said_than_that_they_are_named():
    north, board = board_like(cut="request")
    news = list(happenings.happenings(north, board))
    first = next(one for one in news if one.event.kind == "number-one")
    assert "is the new number one of those named, before" in said(first)
    assert any("names only the top of each calendar month" in note for note in first.notes)
    texts = [said(one) for one in news if one.event.kind in {"new", "left"}]
    assert any("Not named by North Gate since" in text for text in texts)
    assert any("First time that North Gate names it" in text for text in texts)


def test_shares_that_would_read_the_same_get_more_decimals():
    assert happenings._percents([12.34, 12.31], is_bound=True) == [
        "≥\u00a012.34\u00a0%",
        "≥\u00a012.31\u00a0%",
    ]
    assert happenings._percents([12.4, 12.3], is_bound=False) == ["12.4\u00a0%", "12.3\u00a0%"]
    assert happenings._percents([5.0, 5.0], is_bound=False) == ["5.0\u00a0%", "5.0\u00a0%"]
    assert len(set(happenings._percents([0.00012, 0.00011], is_bound=False))) == 2


def test_a_citation_is_that_of_the_day_it_was_established(built):
    for one in built.news:
        days = {day.date: day.citation for day in one.board.days}
        assert one.citation == days[one.event.day]


def test_watched_are_models_and_labs_of_everything_by_tokens():
    north, board = board_like()
    others = [
        dataclasses.replace(board, path="north/models/text/tokens", scope="text"),
        dataclasses.replace(board, path="north/models/spend", metric="spend"),
    ]
    both = dataclasses.replace(north, boards=(*others, *north.boards))
    assert [b.path for b in happenings.watched(both)] == [
        "north/models/tokens",
        "north/labs/tokens",
    ]


def test_apps_are_watched_where_every_day_has_a_list_in_the_gateways_own_order():
    days = [{"101": 50, "102": 40, "103": 30}] * 3
    north, _ = specimens.readings()
    daily = newsworthy.daily_apps(days)
    kinds = {
        "popular": daily,
        "trending": newsworthy.daily_apps(days, order="trending", path="north/apps/trending"),
        "reranked": newsworthy.daily_apps(days, is_reranked=True, path="north/apps/requests"),
    }
    reading = dataclasses.replace(north, boards=tuple(kinds.values()))
    (board,) = happenings.watched(reading)
    assert board.path == daily.path
    assert [day.date for day in board.days] == sorted({one.end for one in daily.lists})
    assert [value.share_pct for value in board.days[0].values] == pytest.approx(
        [100 * tokens / 120 for tokens in (50, 40, 30)]
    )


def test_a_list_of_apps_that_grows_is_no_news():
    short = {str(number): 1000 - number for number in range(100)}
    long = short | {str(number): 1000 - number for number in range(100, 200)}
    north, _ = specimens.readings()
    board = newsworthy.daily_apps([short] * 9 + [long] * 9)
    reading = dataclasses.replace(north, boards=(board,))
    (watched,) = happenings.watched(reading)
    assert list(happenings.happenings(reading, watched)) == []


def test_an_app_that_comes_into_the_first_hundred_is_new_there_with_its_share_of_them():
    before = {str(number): 1000 - number for number in range(100)}
    after = {key: value for key, value in before.items() if key != "99"} | {"young": 950}
    north, _ = specimens.readings()
    reading = dataclasses.replace(north, boards=(newsworthy.daily_apps([before] * 9 + [after]),))
    (watched,) = happenings.watched(reading)
    (one,) = happenings.happenings(reading, watched)
    assert said(one) == (
        "young is new in the list. First time among the first 100: "
        "rank 51, 1.0 % of the tokens of the first 100."
    )
    assert any("the list has no total" in note for note in one.notes)


def test_each_month_has_a_page_and_together_they_tell_everything(built, pages):
    months = {
        path: told_on(page) for path, page in pages.items() if re.search(r"/\d{4}-\d\d$", path)
    }
    whole = [one for path, told in months.items() if path.count("/") == 1 for one in told]
    assert sorted(one.event.id for one in whole) == sorted(one.event.id for one in built.news)
    for path, told in months.items():
        assert told, path
        assert {f"{one.event.day:%Y-%m}" for one in told} == {path[-7:]}
        assert {one.page for one in told} == {f"changes/{path[-7:]}"}


def test_a_gateways_pages_tell_its_own_only(built, pages):
    for source in ("north", "south"):
        shown = [
            one
            for path, page in pages.items()
            if path.startswith(f"changes/{source}/")
            for one in told_on(page)
        ]
        own = [one for one in built.news if one.event.source == source]
        assert sorted(o.event.id for o in shown) == sorted(o.event.id for o in own)


def test_the_first_page_tells_the_newest_thirty_days_newest_first(built, pages):
    for path in ("changes", "changes/north"):
        told = told_on(pages[path])
        days = [day for day, _ in pages[path].context["days"]]
        assert days == sorted(set(days), reverse=True)
        assert all(one.event.day > newsworthy.LAST - dt.timedelta(days=30) for one in told)
        expected = [
            one
            for one in built.news
            if one.event.day > newsworthy.LAST - dt.timedelta(days=30)
            and (path == "changes" or one.event.source == "north")
        ]
        assert told == expected
        assert {one.event.kind for one in told} == {"new", "left", "overtook"}


def test_from_each_page_the_other_gateways_and_all_months_can_be_reached(pages):
    for page in pages.values():
        ways = [choice.path for choice in page.context["gateways"].choices]
        ways += [c.path for _, choices in page.context["months"] for c in choices]
        assert set(ways) <= pages.keys()
        assert sum(c.is_current for c in page.context["gateways"].choices) == 1
    assert [c.label for c in pages["changes"].context["gateways"].choices] == [
        "All",
        "North Gate",
        "South Gate",
    ]


def test_an_anchor_stays_when_later_days_come_and_none_is_used_twice(built):
    earlier = newsworthy.build(newsworthy.readings(59))  # its first day is one later
    anchors = [one.anchor for one in built.news]
    assert len(anchors) == len(set(anchors))
    held = {(one.event.id, one.anchor, one.page) for one in built.news}
    known = [one for one in earlier.news if one.event.id in {o.event.id for o in built.news}]
    assert {(one.event.id, one.anchor, one.page) for one in known} <= held


def test_each_page_credits_every_source_it_tells_of(pages):
    for page in pages.values():
        shown = {one.citation.url for one in told_on(page)}
        assert shown <= {citation.url for citation in page.context["citations"]}
        assert page.context["citations"]


def test_what_must_be_said_of_a_gateways_tokens_is_said_on_its_pages(pages):
    assert f"North Gate: {newsworthy.TOKENIZERS}" in pages["changes"].context["caveats"]
    assert f"North Gate: {newsworthy.TOKENIZERS}" in pages["changes/north"].context["caveats"]
    assert not any("North" in c for c in pages["changes/south"].context["caveats"])


def test_without_daily_data_there_is_one_page_that_says_so():
    nothing = tuple(dataclasses.replace(r, boards=()) for r in specimens.readings())
    (page,) = changes.changes(newsworthy.build(nothing))
    assert page.path == "changes"
    assert page.context["days"] == []
    assert page.context["watched"] == []


def test_every_number_told_is_in_the_gateways_csv(built):
    for document in feeds.tables(built):
        *rows, last = csv.DictReader(io.StringIO(document.body.decode(), newline=""))
        source = document.path.split("/")[2]
        own = [one for one in built.news if one.event.source == source]
        assert [row["id"] for row in rows] == [one.event.id for one in own]
        for row, one in zip(rows, own, strict=True):
            held = {name: float(row[name]) for name in one.event.numbers}
            assert held == dict(one.event.numbers)
            assert row["detail"] == one.detail
            assert row["day"] == one.event.day.isoformat()
        assert last["day"] == {"north": specimens.OPEN, "south": specimens.CLOSED}[source].notice


def week_of(*, jump, days=60):
    """Make figures that are steady but for a jump of one model in the last seven days."""
    return [
        {
            "alpha/large": 5000 + 10 * (day % 2),
            "beta/small:free": 3000 + (jump if day >= days - 7 else 0),
            OTHERS: 2000 - (jump if day >= days - 7 else 0),
        }
        for day in range(days)
    ]


def moved(figures):
    north, _ = specimens.readings(specimens.models_board(figures))
    view = boards.views(north.boards[0])[0]
    found = movements.movements(view)
    assert found is not None
    return north, view, found


def test_a_movement_is_told_with_its_numbers_and_what_is_usual():
    _, _, found = moved(week_of(jump=500))
    assert found.verdict is None
    assert [(one.name, one.change.text) for one in found.told] == [("Small:Free", "+5.0")]
    assert found.told[0].detail.replace("\u00a0", " ") == (
        "from 30.0 % to 35.0 %; from day to day usually under 0.1"
    )
    assert "24–30 June 2026 against 17–23 June 2026" in found.compared


def test_where_nothing_moved_that_is_said():
    _, _, found = moved(week_of(jump=0))
    assert found.told == ()
    assert found.verdict == "Nothing moved beyond its usual variation."


def test_where_too_little_is_held_it_is_not_known():
    for days in (1, 8, 14, 21):
        _, _, found = moved(week_of(jump=0, days=days))
        assert found.verdict == "Not known: too few days are held to say what is usual.", days
    _, _, found = moved(week_of(jump=0, days=22))
    assert found.verdict == "Nothing moved beyond its usual variation."


def test_what_is_new_is_named_beside_what_moved():
    figures = week_of(jump=0)
    for day in figures[-3:]:
        day["gamma/new"] = 500
    _, _, found = moved(figures)
    assert found.arrivals == ("New",)


def test_many_movements_are_cut_and_the_rest_counted():
    figures = week_of(jump=0)
    for number in range(movements.MOST + 3):
        figures[-1][f"gamma/new-{number}"] = 1
    _, _, found = moved(figures)
    assert len(found.arrivals) == movements.MOST
    assert found.more == "3 more are in the JSON."


def test_movements_are_in_the_json_of_the_page_exactly():
    north, view, found = moved(week_of(jump=500))
    content = json.loads(downloads.view_json(specimens.edition(), north, view).body)
    (entry,) = content["movements"]
    assert entry["key"] == "beta/small:free"
    assert entry["change_pp"] == pytest.approx(5.0, abs=0.05)
    assert entry["change_pp"] == entry["share_pct"] - entry["previous_share_pct"]
    assert len(found.told) == 1


def test_a_list_without_days_has_no_movements():
    north, _ = specimens.readings()
    apps = next(board for board in north.boards if board.kind == "app")
    assert all(movements.movements(view) is None for view in boards.views(apps))


def test_a_labs_movement_is_one_of_lower_bounds():
    north, _ = specimens.readings(specimens.models_board(week_of(jump=500)))
    labs = next(board for board in north.boards if board.kind == "lab")
    found = movements.movements(boards.views(labs)[0])
    assert found is not None
    assert found.told[0].detail.startswith("from ≥")


def test_days_of_apps_are_bounded_by_their_last_line():
    day = happenings._day(newsworthy.daily_apps([{"1": 30, "2": 10}]).lists[0])
    assert day.others == DailyValue(
        date=day.date, entity=OTHERS, value=10, share_pct=day.values[-1].share_pct
    )
    pairs = itertools.pairwise(value.share_pct for value in day.values)
    assert all(b <= a for a, b in pairs)
