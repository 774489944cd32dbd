import csv
import dataclasses
import doctest
import hashlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard import boards
from leaderboard.pages import downloads, listings
from leaderboard.pages.downloads import FORMULA_STARTS, Document, safe_cell
from tests import specimens

EDITION = specimens.edition()
SIMULATED = specimens.edition(simulated=True)
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'quoted", 'a,"b"', "＝1", "ok"]


def north_view(models=None, app_names=None, board=0):
    north, _ = specimens.readings(models, app_names)
    return north, boards.views(north.boards[board])[0]


def rows_of(document: Document) -> list[list[str]]:
    return list(csv.reader(io.StringIO(document.body.decode(), newline="")))


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(downloads).failed == 0


def test_a_table_is_written_row_for_row_with_others_after_the_ranked():
    _, view = north_view()
    header, *rows, _ = rows_of(downloads.view_csv(EDITION, view))
    assert header == list(downloads.VIEW_COLUMNS)
    assert [row[header.index("key")] for row in rows] == [
        *(row.entity.key for row in view.rows),
        "__others__",
    ]
    shares = [float(row[header.index("share_pct")]) for row in rows]
    assert sum(shares) == pytest.approx(100)


def test_csv_ends_its_lines_as_rfc_4180_says_and_all_rows_are_equally_long():
    _, view = north_view()
    body = downloads.view_csv(EDITION, view).body
    assert body.endswith(b"\r\n")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert len({len(row) for row in rows_of(downloads.view_csv(EDITION, view))}) == 1


def test_the_last_row_is_the_sources_own_notice_verbatim():
    _, view = north_view()
    for document in (
        downloads.view_csv(EDITION, view),
        downloads.view_csv(SIMULATED, view),
        downloads.daily_csv(EDITION, view.board),
    ):
        assert document is not None
        assert rows_of(document)[-1][0] == specimens.OPEN.notice


def test_a_simulated_download_says_so():
    north, view = north_view()
    assert rows_of(downloads.view_csv(SIMULATED, view))[-2][0] == downloads.SIMULATED
    assert json.loads(downloads.view_json(SIMULATED, north, view).body)["simulated"] is True
    daily = downloads.daily_csv(SIMULATED, view.board)
    assert daily is not None
    assert rows_of(daily)[-2][0] == downloads.SIMULATED
    assert downloads.SIMULATED.encode() not in downloads.view_csv(EDITION, view).body


def test_no_cell_of_a_download_runs_as_a_formula():
    _, view = north_view(app_names=HOSTILE, board=1)
    header, *rows, _ = rows_of(downloads.view_csv(EDITION, view))
    names = [row[header.index("name")] for row in rows]
    assert not any(name.startswith(FORMULA_STARTS) for name in names)
    assert [name.removeprefix("'") for name in names] == HOSTILE


@given(st.text())
def test_the_raw_text_can_be_had_back_from_a_safe_cell(text):
    cell = safe_cell(text)
    assert not cell.startswith(FORMULA_STARTS)
    assert cell.removeprefix("'") == text


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=8))
def test_any_names_come_back_from_both_files(names):
    north, view = north_view(app_names=names, board=1)
    header, *rows, _ = rows_of(downloads.view_csv(EDITION, view))
    assert [row[header.index("name")].removeprefix("'") for row in rows] == names
    content = json.loads(downloads.view_json(EDITION, north, view).body)
    assert [row["name"] for row in content["rows"]] == names


def test_a_name_utf_8_cannot_carry_survives_in_json():
    north, view = north_view(app_names=["lone \ud800 surrogate"], board=1)
    content = json.loads(downloads.view_json(EDITION, north, view).body)
    assert content["rows"][0]["name"] == "lone \ud800 surrogate"
    downloads.view_csv(EDITION, view)


def test_integers_beyond_2_53_are_decimal_strings():
    models = specimens.models_board([{"a/x": specimens.BEYOND_2_53, "b/y": 10**30}])
    north, view = north_view(models)
    content = json.loads(downloads.view_json(EDITION, north, view).body)
    values = {row["key"]: row["value"] for row in content["rows"]}
    assert values == {"a/x": "9007199254740993", "b/y": "1" + "0" * 30}
    assert content["total"] == str(specimens.BEYOND_2_53 + 10**30)
    daily = downloads.daily_csv(EDITION, view.board)
    assert daily is not None
    assert b",9007199254740993," in daily.body


def test_a_course_of_which_no_day_is_known_is_written_as_nothing():
    north, view = north_view()
    unknown = (None,) * len(view.dates)
    rows = (dataclasses.replace(view.rows[0], values=unknown), *view.rows[1:])
    view = dataclasses.replace(view, rows=rows)
    first, second, *_ = json.loads(downloads.view_json(EDITION, north, view).body)["rows"]
    assert first["values"] == []
    assert len(first["history"]) == len(second["values"]) == len(view.dates)


def test_json_carries_licence_credit_and_the_three_dates():
    north, view = north_view()
    content = json.loads(downloads.view_json(EDITION, north, view).body)
    assert content["license"] == "CC-BY-4.0"
    assert content["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert content["citation"] == specimens.OPEN.text
    assert content["notice"] == specimens.OPEN.notice
    assert content["as_of"] == specimens.AS_OF
    assert content["data_through"] == "2026-06-30"
    assert content["retrieved_at"] == "2026-07-01T02:41:00Z"
    assert content["caveats"][0].startswith("Tokens are counted")
    assert "North Gate counts public traffic only." in content["caveats"]


def test_a_source_without_a_licence_is_never_labelled_with_one():
    _, south = specimens.readings()
    view = boards.views(south.boards[0])[0]
    document = downloads.view_json(EDITION, south, view)
    content = json.loads(document.body)
    assert content["license"] is None
    assert content["license_url"] is None
    for body in (document.body, downloads.view_csv(EDITION, view).body):
        assert b"CC" not in body
        assert b"creativecommons" not in body


def test_what_is_not_known_is_null_and_never_zero():
    _, view = north_view()
    north, _ = specimens.readings()
    content = json.loads(downloads.view_json(EDITION, north, view).body)
    gone = next(row for row in content["rows"] if row["key"] == "gamma/old")
    assert gone["history"][-1] is None
    assert gone["newest_share_pct"] is None
    header, *rows, _ = rows_of(downloads.view_csv(EDITION, view))
    line = next(row for row in rows if row[header.index("key")] == "gamma/old")
    assert line[header.index("newest_share_pct")] == ""


def test_a_missing_day_is_listed_and_has_no_daily_rows():
    figures = specimens.two_weeks()
    figures[5] = {}
    north, view = north_view(specimens.models_board(figures))
    content = json.loads(downloads.view_json(EDITION, north, view).body)
    assert content["missing"] == ["2026-06-22"]
    assert all(
        row["history"][content["dates"].index("2026-06-22")] is None for row in content["rows"]
    )
    daily = downloads.daily_csv(EDITION, view.board)
    assert daily is not None
    assert b"2026-06-22" not in daily.body


def test_the_daily_file_holds_every_published_figure():
    _, view = north_view()
    daily = downloads.daily_csv(EDITION, view.board)
    assert daily is not None
    header, *rows, _ = rows_of(daily)
    assert header == list(downloads.DAILY_COLUMNS)
    published = {
        (str(day.date), value.entity): str(value.value)
        for day in view.board.days
        for value in (*day.values, day.others)
        if value is not None
    }
    assert {(row[0], row[2]): row[6] for row in rows} == published


def test_a_list_without_days_has_no_daily_file():
    _, view = north_view(board=1)
    assert downloads.daily_csv(EDITION, view.board) is None


def test_a_simulated_or_earlier_edition_is_named_in_the_index():
    both = specimens.readings()
    views = {board.path: boards.views(board) for reading in both for board in reading.boards}
    content = json.loads(listings.index(SIMULATED, both, views).body)
    assert content["simulated"] is True
    listed = {view["page"] for board in content["boards"] for view in board["views"]}
    assert listed == {f"{view.path}/" for shown in views.values() for view in shown}


def test_the_manifest_sums_every_file():
    documents = [Document(path=f"{name}.txt", body=name.encode()) for name in ("b", "a")]
    content = json.loads(listings.manifest(EDITION, map(listings.entry, documents)).body)
    assert [file["path"] for file in content["files"]] == ["a.txt", "b.txt"]
    assert content["files"][0]["sha256"] == hashlib.sha256(b"a").hexdigest()
    assert content["files"][0]["bytes"] == 1


def test_a_days_credit_follows_its_own_stamp():
    north, view = north_view()
    newer = dataclasses.replace(
        view.citation, text="Source: North Gate (north.example), as of 2026-07-02T00:00:00Z."
    )
    document = downloads.view_json(EDITION, north, dataclasses.replace(view, citation=newer))
    assert json.loads(document.body)["citation"].endswith("2026-07-02T00:00:00Z.")
    assert document.citation == newer
