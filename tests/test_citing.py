"""A view's citation, letter by letter: other people paste it into their papers."""

import datetime as dt

import pytest

from leaderboard import boards
from leaderboard.pages import citing
from leaderboard.records import Edition, Reading, View
from tests import specimens


def view_of(names: dict[str, str] | None = None) -> tuple[Reading, View]:
    board = specimens.models_board(specimens.two_weeks(), names=names)
    north, _ = specimens.readings(board)
    return north, next(v for v in boards.views(north.boards[0]) if v.window == "30d")


def sentence(edition: Edition) -> str:
    return citing.plain(edition, *view_of())


def test_a_sentence_holds_finding_days_site_date_address_and_credit() -> None:
    assert sentence(specimens.edition()) == (
        "“Large leads North Gate with 50.3 % of tokens, 17–30 June 2026, UTC.” "
        "LLM Gateway Leaderboard, 1 July 2026, "
        "https://leaderboard.example/repo/north/models/tokens/. "
        "Source: North Gate (north.example), as of 2026-07-01T02:31:05.123Z."
    )


def test_a_sentence_says_what_is_simulated_and_leaves_out_an_address_there_is_not() -> None:
    assert sentence(specimens.edition(simulated=True, base_url="")) == (
        "“Large leads North Gate with 50.3 % of tokens, 17–30 June 2026, UTC.” "
        "LLM Gateway Leaderboard (simulated data), 1 July 2026. "
        "Source: North Gate (north.example), as of 2026-07-01T02:31:05.123Z."
    )


def test_bibtex_is_an_entry_that_a_reference_manager_takes() -> None:
    entry = citing.bibtex(specimens.edition(), *view_of()).splitlines()
    assert entry == [
        "@misc{north-models-tokens-2026-06-30,",
        "  title = {Large leads North Gate with 50.3~\\% of tokens, 17–30 June 2026, UTC},",
        "  author = {{LLM Gateway Leaderboard}},",
        "  year = {2026},",
        "  month = jul,",
        "  note = {Source: North Gate (north.example), as of 2026-07-01T02:31:05.123Z.},",
        "  url = {https://leaderboard.example/repo/north/models/tokens/},",
        "}",
    ]


def test_bibtex_of_a_simulated_site_without_an_address_says_so() -> None:
    edition = specimens.edition(
        simulated=True, base_url="", built_at=dt.datetime(2027, 12, 3, tzinfo=dt.UTC)
    )
    entry = citing.bibtex(edition, *view_of()).splitlines()
    assert entry[3:] == [
        "  year = {2027},",
        "  month = dec,",
        "  note = {Simulated data. Source: North Gate (north.example), "
        "as of 2026-07-01T02:31:05.123Z.},",
        "}",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("50 % & co_{x}", r"50 \% \& co\_\{x\}"),
        ("back\\slash", r"back\textbackslash{}slash"),
        ("a~b^c#$", r"a\textasciitilde{}b\textasciicircum{}c\#\$"),
    ],
)
def test_what_tex_would_run_is_written_out(name: str, written: str) -> None:
    entry = citing.bibtex(specimens.edition(), *view_of({"alpha/large": name}))
    assert f"  title = {{{written} leads North Gate" in entry
