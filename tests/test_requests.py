"""Apps by requests: the source's lists, put in an order of our own."""

import dataclasses
import itertools

from leaderboard import boards
from leaderboard.boards.requests import by_requests
from leaderboard.pages import downloads, headlines, switches, tables
from leaderboard.records import RankedEntry
from tests import specimens
from tests.test_pages import build, page_at


def apps(figures, scope="popular"):
    """Make a list of apps from pairs of tokens and requests, in the order given."""
    board = specimens.apps_board([f"App {n}" for n in range(len(figures))], scope)
    entries = tuple(
        RankedEntry(rank=rank, entity=str(100 + rank), value=tokens, requests=requests)
        for rank, (tokens, requests) in enumerate(figures, start=1)
    )
    lists = (dataclasses.replace(board.lists[0], entries=entries),)
    return dataclasses.replace(board, lists=lists)


def view_of(figures):
    (board,) = by_requests([apps(figures)])
    return boards.views(board)[0]


def test_the_same_apps_are_ranked_by_their_requests():
    view = view_of([(900, 5), (800, 70), (700, 7)])
    assert [(row.rank, row.entity.name, row.value, row.tokens) for row in view.rows] == [
        (1, "App 1", 70, 800),
        (2, "App 2", 7, 700),
        (3, "App 0", 5, 900),
    ]


def test_where_requests_are_equal_the_sources_order_stays():
    view = view_of([(900, 5), (800, 5), (700, 6)])
    assert [row.entity.name for row in view.rows] == ["App 2", "App 0", "App 1"]


def test_tokens_per_request_are_the_same_on_both_boards():
    board = apps([(900, 4), (800, 0), (700, 7)])
    (by,) = by_requests([board])
    ratios = [
        {row.entity.key: row.tokens_per_request for row in boards.views(one)[0].rows}
        for one in (board, by)
    ]
    assert ratios[0] == ratios[1] == {"101": 225.0, "102": None, "103": 100.0}


def test_the_board_says_that_its_order_is_ours_and_what_may_be_missing():
    north, _ = specimens.readings()
    board = next(b for b in north.boards if b.is_reranked)
    assert board.path == "north/apps/popular/requests"
    assert board.caveats[0].startswith("The order by requests is ours")
    assert "(at most 3 here)" in board.caveats[0]
    view = boards.views(board)[0]
    assert "the order here is ours" in headlines.measure(north, view)
    assert headlines.board_name(board) == "Popular apps by requests"
    assert "with 1M requests" in headlines.finding(north, view)


def test_a_list_in_an_order_of_its_own_is_not_reranked():
    trending = dataclasses.replace(apps([(1, 2), (2, 1)], "trending"), order="trending")
    assert list(by_requests([trending])) == []


def test_a_list_that_does_not_tell_every_request_is_not_reranked():
    board = apps([(2, 2), (1, None)])
    assert list(by_requests([board])) == []


def test_deriving_twice_adds_nothing():
    north, _ = specimens.readings()
    again = boards.derive(north)
    assert [board.path for board in again.boards] == [board.path for board in north.boards]


def test_ranks_and_moves_count_within_the_reranked_lists():
    board = apps([(900, 5), (800, 70)])
    newest = board.lists[0]
    earlier = dataclasses.replace(
        newest,
        end=newest.end - (newest.end - newest.start) - (newest.end - newest.start) // 29,
        entries=(
            RankedEntry(rank=1, entity="101", value=900, requests=80),
            RankedEntry(rank=2, entity="102", value=800, requests=70),
        ),
    )
    (by,) = by_requests([dataclasses.replace(board, lists=(earlier, newest))])
    rows = boards.views(by)[0].rows
    assert [(row.entity.key, row.rank, row.previous_rank) for row in rows] == [
        ("102", 1, 2),
        ("101", 2, 1),
    ]


def test_tokens_requests_and_their_quotient_stand_side_by_side():
    table = tables.table(view_of([(5 * 10**9, 10**5), (10**9, 10**6)]), lambda history: "", {})
    assert table.has_tokens
    assert table.has_per_request
    assert not table.has_requests
    line = table.lines[1]
    assert (line.amount, line.tokens, line.per_request) == ("100K", "5B", "50K")
    assert line.per_request_title == "50,000.0000 tokens per request"


def test_all_of_it_is_in_the_downloads():
    view = view_of([(900, 4), (700, 7)])
    text = downloads.view_csv(specimens.edition(), view).body.decode()
    header, first, *_ = text.splitlines()
    row = dict(itertools.zip_longest(header.split(","), first.split(",")))
    assert (row["value"], row["tokens"], row["tokens_per_request"]) == ("7", "700", "100.0")
    assert row["metric"] == "requests"


def test_from_a_list_by_tokens_one_step_leads_to_the_same_by_requests_and_back():
    for path in ("north/apps/popular", "north/apps/popular/requests"):
        rows = {row.label: row for row in page_at(path).context["switches"]}
        assert isinstance(rows["Measured in"], switches.Switch)
        assert [(c.label, c.path) for c in rows["Measured in"].choices] == [
            ("Tokens", "north/apps/popular"),
            ("Requests", "north/apps/popular/requests"),
        ]


def test_a_list_without_requests_keeps_its_place_among_the_lists_by_requests():
    north, south = specimens.readings()
    trending = dataclasses.replace(specimens.apps_board(["A"], "trending"), order="trending")
    north = boards.derive(dataclasses.replace(north, boards=(*north.boards, trending)))
    page = page_at("north/apps/popular/requests", build((north, south)))
    rows = {row.label: row for row in page.context["switches"]}
    assert [c.label for c in rows["List"].choices] == ["Popular", "Trending"]
    assert [c.is_current for c in rows["List"].choices] == [True, False]
