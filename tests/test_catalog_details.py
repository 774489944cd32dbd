"""Names, reviewed tables and their reports, down to what a reader of one line relies on."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from leaderboard import catalog
from leaderboard.catalog import Change, Match, crosswalk, reported
from leaderboard.catalog import changed as changed_names
from leaderboard.catalog.reviewed import Alias, load_aliases, load_labs
from leaderboard.records import OTHERS, Entity, RankedEntry, RankedList
from leaderboard.snapshots import DamagedFile
from tests import catalogues
from tests.catalogues import DAY, GPT5, TABLES, identity, reading_of


def named(reading, who):
    (board,) = catalog.named(reading, who).boards
    return board.entities


def test_a_slug_is_named_as_its_model_with_its_variants():
    free = named(
        reading_of("openrouter", "tokens", {DAY: {"openai/gpt-5:free": 3}}), identity([GPT5])
    )
    assert free["openai/gpt-5:free"].name == "GPT-5 (free)"
    assert free["openai/gpt-5:free"].lab == "openai"
    assert free["openai/gpt-5:free"].lab_name == "OpenAI"


def test_a_model_nobody_knows_keeps_its_name_and_the_lab_before_the_slash():
    found = named(
        reading_of("openrouter", "tokens", {DAY: {"nobody/thing": 3, "bare": 2, "z-ai/x": 1}}),
        identity(),
    )
    assert [(one.name, one.lab, one.lab_name) for one in found.values()] == [
        ("bare", None, None),
        ("nobody/thing", "nobody", "nobody"),
        ("z-ai/x", TABLES.labs.of("z-ai"), "Z.ai"),
    ]


def test_the_lab_a_gateway_sends_counts_where_the_name_has_none():
    reading = reading_of("zenmux", "tokens", {DAY: {"plain": 2}})
    (board,) = reading.boards
    entities = {
        key: replace(one, lab="openai", lab_name="As sent") for key, one in board.entities.items()
    }
    found = named(replace(reading, boards=(replace(board, entities=entities),)), identity())
    assert [(one.lab, one.lab_name) for one in found.values()] == [("openai", "OpenAI")]


def test_others_and_boards_without_a_day_are_left_alone():
    reading = reading_of("openrouter", "tokens", {DAY: {"openai/gpt-5": 3}})
    (board,) = reading.boards
    others = {OTHERS: Entity(kind="model", key=OTHERS, name="openai/gpt-5")}
    known = identity([GPT5])
    with_others = replace(board, entities={**board.entities, **others})
    assert named(replace(reading, boards=(with_others,)), known)[OTHERS] == others[OTHERS]
    empty = replace(board, days=())
    assert named(replace(reading, boards=(empty,)), known) == board.entities


def test_a_label_tells_two_uses_of_one_slug_apart():
    renamed = [
        {"id": "a/x", "canonical_slug": "a/x-1", "name": "A: One"},
        {"id": "a/y", "canonical_slug": "a/y-1", "name": "A: Two"},
    ]
    found = named(
        reading_of("vercel", "tokens", {DAY: {"Two": 3}}, labels={"Two": "Two"}), identity(renamed)
    )
    assert found["Two"].name == "Two"


def changed(name, before=None, after=None, flags=(), date=DAY):
    return Change(
        source="vercel",
        name=name,
        label=None,
        date=date,
        before=Match(model=before, flags=flags),
        after=Match(model=after, flags=flags),
    )


def test_a_line_names_three_and_counts_the_rest():
    three = [changed(f"n{n}", after="a/b") for n in range(3)]
    assert reported(three) == {
        "vercel": "identity: 3 gained: n0 is a/b, n1 is a/b, n2 is a/b",
    }
    four = [*three, changed("n3", after="a/b")]
    assert reported(four) == {
        "vercel": "identity: 4 gained: n0 is a/b, n1 is a/b, n2 is a/b and 1 more",
    }


def test_a_line_says_what_was_and_what_is_with_flags():
    changes = [
        changed("x", "a/b", "a/c", flags=("free", "beta")),
        changed("y", "a/b"),
    ]
    assert reported(changes) == {
        "vercel": "identity: 1 lost: y was a/b; "
        "1 moved: x was a/b (free) (beta), is a/c (free) (beta)"
    }


def test_a_line_says_of_a_name_without_a_model_that_nobody_knows_it():
    assert reported([changed("x")]) == {"vercel": "identity: 1 gained: x is nobody known"}


def test_labs_are_named_by_their_table_or_by_their_own_id():
    assert TABLES.labs.name("openai") == "OpenAI"
    assert TABLES.labs.name("nobody") == "nobody"


def alias(**fields):
    plain = {"gateway": "vercel", "name": "n", "label": None, "model": None, "reason": "r"}
    return Alias(**(plain | {"start": None, "end": None} | fields))


MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        ({}, {}, True),
        ({"label": "A"}, {"label": "B"}, False),
        ({"label": "A"}, {"label": "a"}, True),
        ({"label": "A"}, {}, True),
        ({}, {"label": "A"}, True),
        ({"end": MAY}, {"start": JUNE}, False),
        ({"end": MAY}, {"start": MAY}, True),
        ({"start": JUNE}, {"end": MAY}, False),
    ],
)
def test_two_aliases_contradict_where_a_day_and_a_label_fall_under_both(one, other, contradicts):
    assert alias(**one).contradicts(alias(**other)) is contradicts


ENTRY = "gateway='vercel'\nname='N'\nreason='r'\n"
REFUSED = {
    "a withheld name with a model": (
        f"[[withheld]]\n{ENTRY}model='z-ai/n'\n",
        "'N' has an unknown field 'model'",
    ),
    "a field nobody knows": (
        f"[[alias]]\n{ENTRY}model='z-ai/n'\nwhy='x'\n",
        "'N' has an unknown field 'why'",
    ),
    "an end before its start": (
        f"[[withheld]]\n{ENTRY}from=2026-06-01\nto=2026-05-31\n",
        "'N' ends before it starts",
    ),
    "no reason": (
        "[[withheld]]\ngateway='vercel'\nname='N'\nreason=' '\n",
        "'N' has no reason",
    ),
    "no model": (f"[[alias]]\n{ENTRY}", "'model' is missing"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_an_entry_that_cannot_hold_is_refused_by_name(tmp_path: Path, fault: str) -> None:
    text, told = REFUSED[fault]
    path = tmp_path / "aliases.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DamagedFile, match=re.escape(f"{path} cannot be used: {told}")):
        load_aliases(path, TABLES.labs)


def test_an_alias_may_hold_for_one_day(tmp_path: Path) -> None:
    path = tmp_path / "aliases.toml"
    path.write_text(f"[[withheld]]\n{ENTRY}from=2026-06-01\nto=2026-06-01\n", "utf-8")
    (one,) = load_aliases(path, TABLES.labs)
    assert (one.start, one.end, one.model) == (JUNE, JUNE, None)


def test_the_tables_beside_the_data_stand_before_the_projects(tmp_path: Path) -> None:
    (tmp_path / "labs.toml").write_text("[ours]\nname = 'Ours, größer'\n", "utf-8")
    (tmp_path / "aliases.toml").write_text("", "utf-8")
    labs = catalog.load(tmp_path).labs
    assert labs.name("ours") == "Ours, größer"
    assert labs == load_labs(tmp_path / "labs.toml")
    assert catalog.load(tmp_path / "nowhere").labs.name("openai") == "OpenAI"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"schema": 1, "source": "openrouter", "models": [{"id": 1}]}', "models.0.id: "),
        ("[]", "the file: "),
    ],
)
def test_a_damaged_catalogue_says_where(tmp_path: Path, body: str, told: str) -> None:
    path = tmp_path / "catalog/openrouter.json"
    path.parent.mkdir()
    path.write_text(body)
    with pytest.raises(DamagedFile, match=re.escape(f"{path} is damaged: {told}")):
        catalog.load_catalogue(tmp_path, "openrouter")


def only_board(reading):
    (board,) = reading.boards
    return board


def test_a_row_of_the_crosswalk_says_whose_name_it_is_and_what_for():
    readings = [
        reading_of("vercel", "tokens", {DAY: {"b": 1, "a": 1}}, labels={"a": "Who?"}),
        reading_of("openrouter", "tokens", {DAY: {"openai/gpt-5:free": 3}}),
    ]
    table = crosswalk(identity([GPT5]), readings)
    assert [(row.source, row.name, row.label, row.lab, row.flags) for row in table.rows] == [
        ("vercel", "a", "Who?", None, ()),
        ("vercel", "b", None, None, ()),
        ("openrouter", "openai/gpt-5:free", None, "openai", ("free",)),
    ]
    assert [(one.source, one.start, one.end) for one in table.coverage] == [
        ("vercel", DAY, DAY),
        ("openrouter", DAY, DAY),
    ]


def test_a_withheld_name_keeps_its_reason_in_the_crosswalk():
    withheld = alias(name="GPT-5", reason="Two models at once.")
    table = crosswalk(
        identity([GPT5], aliases=(withheld,)), [reading_of("vercel", "tokens", {DAY: {"GPT-5": 1}})]
    )
    assert [(row.model, row.reason) for row in table.rows] == [(None, "Two models at once.")]


def test_the_crosswalk_measures_thirty_days_and_the_day_before_them_not():
    first = DAY - dt.timedelta(days=29)
    figures = {first - dt.timedelta(days=1): {"old": 900}, first: {"edge": 30}, DAY: {"new": 70}}
    table = crosswalk(identity(), [reading_of("vercel", "tokens", figures)])
    assert {row.name: row.share_pct for row in table.rows} == {"old": 0, "edge": 30, "new": 70}
    assert (table.coverage[0].start, table.coverage[0].end) == (first, DAY)


def test_the_crosswalk_measures_by_tokens_of_all_days_where_there_are_any():
    tokens = only_board(reading_of("vercel", "tokens", {DAY: {"t": 1}}))
    boards = {
        "spend": only_board(reading_of("vercel", "spend", {DAY: {"s": 1}})),
        "of a part": replace(tokens, scope="text", path="a", entities={}),
        "all": replace(tokens, scope="all"),
    }
    reading = reading_of("vercel", "tokens", {DAY: {"t": 1}})
    for others in (boards.values(), reversed(boards.values())):
        table = crosswalk(identity(), [replace(reading, boards=tuple(others))])
        assert {row.name: row.share_pct for row in table.rows} == {"s": 0, "t": 100}
    part = only_board(reading_of("vercel", "tokens", {DAY: {"p": 1}}))
    scoped = [replace(part, scope="text", path="a"), replace(tokens, scope="all", path="b")]
    table = crosswalk(identity(), [replace(reading, boards=tuple(scoped))])
    assert {row.name: row.share_pct for row in table.rows} == {"p": 0, "t": 100}


def ranked(start, end, **tokens):
    return RankedList(
        window="30d",
        start=start,
        end=end,
        entries=tuple(
            RankedEntry(rank=n, entity=key, value=value)
            for n, (key, value) in enumerate(tokens.items(), 1)
        ),
        others=None,
        published=catalogues.PUBLISHED,
        citation=catalogues.CREDIT,
    )


def test_without_days_the_crosswalk_measures_the_newest_list_and_the_shortest_of_those():
    month, week = DAY - dt.timedelta(days=29), DAY - dt.timedelta(days=6)
    lists = (
        ranked(week, DAY, a=3, b=1),
        ranked(month, DAY, a=1, b=1),
        ranked(week, DAY - dt.timedelta(days=1), a=1, b=9),
    )
    reading = reading_of("zenmux", "cost", {DAY: {"a": 1, "b": 1}})
    for order in (lists, lists[::-1], (lists[1], lists[0], lists[2])):
        board = replace(only_board(reading), days=(), lists=order)
        table = crosswalk(identity(), [replace(reading, boards=(board,))])
        assert {row.name: row.share_pct for row in table.rows} == {"a": 75, "b": 25}
        assert (table.coverage[0].start, table.coverage[0].end) == (week, DAY)


def test_shares_that_are_sent_are_averaged_over_the_days():
    reading = reading_of(
        "vercel", "tokens", {DAY: {"a": 1, "b": 1}, DAY - dt.timedelta(1): {"a": 1}}
    )
    board = only_board(reading)
    sent = {"a": 60.0, "b": None}
    days = tuple(
        replace(
            day,
            others=None,
            values=tuple(replace(v, value=None, share_pct=sent[v.entity]) for v in day.values),
        )
        for day in board.days
    )
    table = crosswalk(identity(), [replace(reading, boards=(replace(board, days=days),))])
    assert {row.name: row.share_pct for row in table.rows} == {"a": 60, "b": 0}


def test_figures_of_nothing_are_shares_of_nothing():
    table = crosswalk(identity(), [reading_of("vercel", "tokens", {DAY: {"a": 0}})])
    assert [row.share_pct for row in table.rows] == [0]


def test_a_change_says_whose_name_it_is_its_label_and_the_day():
    slug = GPT5["canonical_slug"]
    listed = reading_of("openrouter", "tokens", {DAY: {slug: 1}}, labels={slug: "Five"})
    (change,) = changed_names(identity(), identity([GPT5]), [listed])
    assert (change.source, change.name, change.label) == ("openrouter", slug, "Five")
    assert change.date == DAY


def test_boards_of_other_things_do_not_hide_the_models_after_them():
    models = reading_of("vercel", "tokens", {DAY: {"m": 1}})
    labs = reading_of("vercel", "tokens", {DAY: {"l": 1}}, kind="lab")
    both = replace(models, boards=(*labs.boards, *models.boards))
    assert [row.name for row in crosswalk(identity(), [both]).rows] == ["m"]
