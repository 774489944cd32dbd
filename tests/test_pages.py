import dataclasses
import datetime as dt
import doctest

import pytest

from leaderboard import boards
from leaderboard.pages import citing, freshness, headlines, pages, switches, tables
from leaderboard.pages.cards import Build
from leaderboard.records import OTHERS
from tests import specimens


def build(readings=None, statuses=None, **edition):
    readings = readings or specimens.readings()
    return Build(
        edition=specimens.edition(**edition),
        readings=readings,
        statuses=specimens.statuses() if statuses is None else statuses,
        views={board.path: boards.views(board) for r in readings for board in r.boards},
        pictures={},
        sparkline=lambda history: f"M0 {len(history)}",
    )


def page_at(path, built=None):
    return next(page for page in pages(built or build()) if page.path == path)


def view_of(figures=None, names=None, window="30d"):
    board = specimens.models_board(figures or specimens.two_weeks(), names=names)
    north, _ = specimens.readings(board)
    return north, next(v for v in boards.views(north.boards[0]) if v.window == window)


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(headlines).failed == 0


def test_every_view_has_its_own_page_and_no_address_is_used_twice():
    built = build()
    addresses = [page.path for page in pages(built)]
    assert len(addresses) == len(set(addresses))
    views = {view.path for shown in built.views.values() for view in shown}
    rest = {"", "north", "south", "changes", "data", "method", "status", "404.html"}
    assert views | rest <= set(addresses)


def test_a_headline_says_who_leads_which_gateway_with_how_much_on_which_days():
    page = page_at("north/models/tokens")
    text = page.title.replace("\u00a0", " ")
    assert text == "Large leads North Gate with 50.3 % of tokens, 17–30 June 2026, UTC"


def test_a_list_without_total_is_headed_by_its_volume():
    page = page_at("north/apps/popular")
    assert page.title.startswith("First App leads North Gate's popular apps with 1,000T tokens, ")


def test_the_leader_of_an_order_of_its_own_is_given_no_figure():
    north, _ = specimens.readings()
    board = specimens.apps_board(["Rising"], scope="trending")
    view = boards.views(board)[0]
    assert headlines.finding(north, view).startswith("Rising leads")
    ordered = dataclasses.replace(view, board=dataclasses.replace(board, order="trending"))
    assert headlines.finding(north, ordered) == "Rising is first of North Gate's trending apps"


def test_a_labs_lead_is_a_lower_bound_and_said_to_be():
    north, _ = specimens.readings()
    labs = next(board for board in north.boards if board.kind == "lab")
    view = boards.views(labs)[0]
    assert " with at least " in headlines.finding(north, view)
    assert "lower bound" in (headlines.bounds(view) or "")
    printed = tables.table(view, lambda history: "", {})
    assert printed.lines[0].share.startswith("≥")
    assert not printed.lines[-1].share.startswith("≥")


def test_the_measure_says_how_a_window_was_made():
    north, view = view_of()
    assert "added up over 14 days" in headlines.measure(north, view)


def test_an_empty_list_has_a_headline_that_says_so():
    north, view = view_of()
    empty = dataclasses.replace(view, rows=())
    assert headlines.finding(north, empty) == "No models were listed at North Gate"


def test_missing_days_are_named():
    figures = specimens.two_weeks()
    figures[5] = figures[7] = {}
    _, view = view_of(figures)
    assert headlines.gaps(view) == (
        "2 days of 14 have no data and are left out: 22 June 2026 and 24 June 2026."
    )


def test_no_days_are_named_where_none_is_missing():
    assert headlines.gaps(view_of()[1]) is None


def test_rows_print_rank_share_and_volume_and_keep_the_exact_figures():
    _, view = view_of()
    line = tables.table(view, lambda history: "", {}).lines[0]
    row = view.rows[0]
    assert (line.rank, line.key) == ("1", "alpha/large")
    assert line.share_value == repr(row.share_pct)
    assert line.amount_value == str(row.value) == "7091"
    assert line.amount_title == "7,091 tokens"
    assert line.lab == "Alpha"


def test_others_come_last_without_a_rank():
    _, view = view_of()
    last = tables.table(view, lambda history: "", {}).lines[-1]
    assert last.is_others
    assert (last.rank, last.key, last.anchor) == ("", OTHERS, "others")


def test_whoever_left_the_list_is_not_known_and_never_zero():
    _, view = view_of(window="7d")
    line = next(
        line for line in tables.table(view, lambda history: "", {}).lines if line.key == "gamma/old"
    )
    assert line.newest == "not known"
    assert line.share.startswith("≥")
    assert line.bar_high is not None
    assert float(line.bar_high) > float(line.bar)


def test_a_new_entity_is_new_and_has_no_growth():
    figures = specimens.two_weeks()
    for day in figures[10:]:
        day["delta/fresh"] = 50
    _, view = view_of(figures, window="7d")
    line = next(
        line
        for line in tables.table(view, lambda history: "", {}).lines
        if line.key == "delta/fresh"
    )
    assert line.is_new
    assert line.move.text == line.change.text == "new"


def test_moves_say_direction_in_words_too():
    figures = [{"a/x": 60, "b/y": 40}] * 7 + [{"a/x": 40, "b/y": 60}] * 7
    _, view = view_of(figures, window="7d")
    lines = tables.table(view, lambda history: "", {}).lines
    assert [line.move.spoken for line in lines] == ["up 1 place", "down 1 place"]
    assert [line.change.text for line in lines] == ["+20.0", "−20.0"]


def test_columns_with_nothing_to_say_are_left_out():
    _, view = view_of([{"a/x": 1}] * 3)
    printed = tables.table(view, lambda history: "", {})
    assert not printed.has_move
    assert not printed.has_change
    assert headlines.compared_with(view) == (
        "Moves and changes are not known: too little of the window before is held."
    )


def test_a_hostile_name_is_printed_without_what_must_not_be():
    _, view = view_of(names={"alpha/large": "evil\u202egnp.exe\x00"})
    assert tables.table(view, lambda history: "", {}).lines[0].name == "evil\ufffdgnp.exe\ufffd"


def test_switches_lead_to_windows_and_kinds_and_mark_where_one_is():
    built = build()
    north = built.readings[0]
    view = next(v for v in built.views["north/models/tokens"] if v.window == "7d")
    rows = {row.label: row for row in switches.switches(north, view, built.views)}
    assert [choice.label for choice in rows["Window"].choices] == ["7 days", "30 days"]
    assert [c.path for c in rows["Window"].choices if c.is_current] == ["north/models/tokens/7d"]
    kinds = {choice.label: choice.path for choice in rows["Ranked"].choices}
    assert list(kinds) == ["Models", "Labs", "Apps"]
    assert kinds["Labs"] == "north/labs/tokens/7d"
    assert kinds["Apps"] == "north/apps/popular"


def test_lists_within_a_category_are_a_row_of_their_own():
    north, south = specimens.readings()
    extra = tuple(
        boards.derive(
            dataclasses.replace(north, boards=(specimens.apps_board(["A"], scope=scope),))
        ).boards[0]
        for scope in ("coding", "coding/cli-agent", "creative")
    )
    north = dataclasses.replace(north, boards=(*north.boards, *extra))
    built = build((north, south))
    view = built.views["north/apps/coding/cli-agent"][0]
    rows = {row.label: row for row in switches.switches(north, view, built.views)}
    assert [c.label for c in rows["List"].choices] == ["Popular", "Coding", "Creative"]
    assert [c.label for c in rows["List"].choices if c.is_current] == ["Coding"]
    assert [(c.label, c.is_current) for c in rows["Within"].choices] == [
        ("All coding", False),
        ("CLI agent", True),
    ]


def test_data_two_days_old_is_fresh_and_older_is_stale():
    through = dt.date(2026, 6, 30)
    assert freshness.stale_after(through) == dt.datetime(2026, 7, 3, tzinfo=dt.UTC)
    _, view = view_of()
    for built_at, is_stale in (
        (dt.datetime(2026, 7, 2, 23, 59, 59, tzinfo=dt.UTC), False),
        (dt.datetime(2026, 7, 3, tzinfo=dt.UTC), True),
    ):
        judged = freshness.freshness(view, (), specimens.edition(built_at=built_at))
        assert judged.is_stale is is_stale
        assert judged.is_marked is is_stale


def test_a_failed_source_is_marked_on_each_of_its_pages_and_on_no_other():
    built = build(statuses=specimens.statuses(error="503: Service Unavailable"))
    for page in pages(built):
        judged = page.context.get("fresh")
        if page.path.startswith("north"):
            assert judged.is_marked
            assert "503: Service Unavailable" in judged.problems[0]
            assert "30 June 2026 stays" in judged.problems[0]
        elif page.path.startswith("south"):
            assert not judged.is_marked


def test_an_earlier_days_edition_is_judged_by_that_day():
    known = dt.date(2026, 7, 1)
    later = specimens.edition(built_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC), known_at=known)
    _, view = view_of()
    assert not freshness.freshness(view, (), later).is_stale
    north, _ = specimens.readings()
    assert freshness.problems(north, specimens.statuses(error="500"), later) == ()


def test_the_status_page_says_which_variable_to_set():
    page = page_at("status")
    assert page.context["keys"] == [("South Gate", "SOUTH_KEY")]
    assert page.context["failed"] == 0


def test_a_gateway_without_data_still_has_its_page():
    north, south = specimens.readings()
    built = build((north, dataclasses.replace(south, boards=())))
    page = page_at("south", built)
    assert page.context["first"] is None
    assert page_at("", built).context["silent"] == [built.readings[1]]


def test_the_home_page_names_each_gateways_leader():
    story = page_at("").context["story"]
    assert story == "Large leads North Gate, z/one leads South Gate"


def test_only_what_moved_beyond_its_usual_variation_is_told():
    steady = [{"a/x": 500 + day % 2, "b/y": 500, OTHERS: 100} for day in range(60)]
    north, south = specimens.readings(specimens.models_board(steady))
    lead = page_at("", build((north, south))).context["leads"][0]
    assert lead.movers == ()
    for day in steady[-7:]:
        day["b/y"] = 900
    north, south = specimens.readings(specimens.models_board(steady))
    lead = page_at("", build((north, south))).context["leads"][0]
    assert {name for name, _, _ in lead.movers} == {"X", "Y"}


def test_citing_gives_finding_days_site_and_the_sources_line():
    north, view = view_of()
    text = citing.plain(specimens.edition(), north, view)
    assert "Large leads North Gate with 50.3 % of tokens, 17–30 June 2026, UTC" in text
    assert "https://leaderboard.example/repo/north/models/tokens/" in text
    assert text.endswith(specimens.OPEN.text)
    assert "simulated" in citing.plain(specimens.edition(simulated=True), north, view)


@pytest.mark.parametrize("name", ["50 % & co_{x}", "back\\slash", "a~b^c#$"])
def test_bibtex_escapes_what_tex_would_run(name):
    north, view = view_of(names={"alpha/large": name})
    entry = citing.bibtex(specimens.edition(), north, view)
    title = entry.partition("title = {")[2].partition("},\n")[0]
    plain = title
    for escaped in (r"\textbackslash{}", r"\textasciitilde{}", r"\textasciicircum{}"):
        plain = plain.replace(escaped, "")
    for char in "%&#$_{}":
        plain = plain.replace(f"\\{char}", "")
    assert not set(plain) & set("\\%&#$_{}^")


@pytest.mark.parametrize("simulated", [False, True])
def test_nothing_calls_gateway_traffic_a_share_of_the_market(simulated):
    for page in pages(build(simulated=simulated)):
        assert "market share" not in repr(page.context).lower()
