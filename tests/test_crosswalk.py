"""The crosswalk, what changed in it, and the names that people read."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from leaderboard.catalog import (
    Catalogue,
    accumulate,
    changed,
    crosswalk,
    load,
    named,
    save_catalogue,
)
from leaderboard.records import (
    OTHERS,
    Board,
    DailyValue,
    Day,
    Entity,
    RankedEntry,
    RankedList,
    Reading,
)
from leaderboard.snapshots import Store
from leaderboard.sources import SOURCES
from tests.catalogues import (
    CREDIT,
    DAY,
    FLASH,
    FLASH_0731,
    GATEWAYS,
    GLM46V,
    GPT5,
    NANO,
    OPUS,
    PUBLISHED,
    SLUG,
    identity,
    reading_of,
)
from tests.fetching import TODAY, fetch_dataset

# What changed


def test_says_what_an_added_entry_changed():
    before = identity([FLASH])
    after = identity([FLASH, FLASH_0731])
    listed = reading_of(
        "openrouter",
        "tokens",
        {DAY: {"deepseek/deepseek-v4-flash-20260731": 5, "deepseek/deepseek-v4-flash-20260423": 3}},
    )
    (change,) = changed(before, after, [listed])
    assert (change.kind, change.name) == ("moved", "deepseek/deepseek-v4-flash-20260731")
    assert change.before.model == "deepseek/deepseek-v4-flash-20260731"
    assert change.after.model == "deepseek/deepseek-v4-flash-0731"
    named_so = reading_of("vercel", "tokens", {DAY: {"DeepSeek V4 Flash 0731": 5}})
    (gained,) = changed(before, after, [named_so])
    assert gained.kind == "gained"
    lost = {change.name: change.kind for change in changed(after, before, [named_so])}
    assert lost["DeepSeek V4 Flash 0731"] == "lost"


# The crosswalk


def test_lists_every_name_with_its_rule_and_its_share():
    days_back = [DAY - dt.timedelta(days=back) for back in (40, 1, 0)]
    figures = {
        days_back[0]: {"retired/old": 999},
        days_back[1]: {OPUS["canonical_slug"]: 60, "Who?": 20},
        days_back[2]: {OPUS["canonical_slug"]: 50, "Who?": 30},
    }
    table = crosswalk(identity([OPUS]), [reading_of("openrouter", "tokens", figures, others=20)])
    assert [(row.name, row.model, row.rule, row.share_pct) for row in table.rows] == [
        (OPUS["canonical_slug"], "anthropic/claude-opus-4.8", "canonical slug", 55.0),
        ("Who?", None, None, 25.0),
        ("retired/old", "retired/old", "own slug", 0.0),
    ]
    assert [row.name for row in table.unmatched] == ["Who?"]
    assert (table.rows[0].first_listed, table.rows[0].last_listed) == (days_back[1], DAY)
    (coverage,) = table.coverage
    assert (coverage.matched_pct, coverage.unmatched_pct) == (55.0, 25.0)
    assert coverage.of_listed_pct == 100 * 55 / 80
    assert (coverage.start, coverage.end) == (days_back[1], DAY)


def test_a_name_that_changed_hands_has_a_row_for_each():
    figures = {dt.date(2026, 7, 27): {SLUG: 30}, DAY: {SLUG: 30}, dt.date(2026, 8, 4): {SLUG: 40}}
    labels = {SLUG: "DeepSeek V4 Flash 0731"}
    table = crosswalk(
        identity([FLASH, FLASH_0731]), [reading_of("zenmux", "tokens", figures, labels)]
    )
    assert [(row.model, row.share_pct, row.valid_from, row.valid_to) for row in table.rows] == [
        ("deepseek/deepseek-v4-flash-0731", 40.0, dt.date(2026, 8, 4), None),
        ("deepseek/deepseek-v4-flash", 30.0, dt.date(2026, 4, 23), dt.date(2026, 7, 27)),
        (None, 30.0, dt.date(2026, 7, 28), dt.date(2026, 8, 3)),
    ]


def test_shares_are_averaged_where_only_shares_are_published():
    listed = DailyValue(date=DAY, entity="GPT-5", value=None, share_pct=30.0)
    board = Board(
        source="vercel",
        kind="model",
        metric="tokens",
        scope="text",
        path="vercel/models/text/tokens",
        entities={"GPT-5": Entity(kind="model", key="GPT-5", name="GPT-5")},
        days=tuple(
            Day(date=date, values=values, others=None, published=PUBLISHED, citation=CREDIT)
            for date, values in ((DAY - dt.timedelta(days=1), ()), (DAY, (listed,)))
        ),
    )
    reading = Reading(source="vercel", name="V", homepage="", population="", boards=(board,))
    (row,) = crosswalk(identity([GPT5]), [reading]).rows
    assert (row.model, row.share_pct) == ("openai/gpt-5", 15.0)


def test_measures_by_the_newest_list_where_there_are_no_days():
    board = Board(
        source="zenmux", kind="model", metric="tokens", scope=None, path="zenmux/models/tokens",
        entities={"openai/gpt-5": Entity(kind="model", key="openai/gpt-5", name="GPT-5")},
        lists=(
            RankedList(
                window="30d", start=DAY - dt.timedelta(days=29), end=DAY,
                entries=(RankedEntry(rank=1, entity="openai/gpt-5", value=75),),
                others=RankedEntry(rank=0, entity=OTHERS, value=25),
                published=PUBLISHED, citation=CREDIT,
            ),
        ),
    )  # fmt: skip
    reading = Reading(source="zenmux", name="Z", homepage="", population="", boards=(board,))
    table = crosswalk(identity([GPT5]), [reading])
    assert [(row.model, row.share_pct) for row in table.rows] == [("openai/gpt-5", 75.0)]
    assert table.coverage[0].of_listed_pct == 100.0


# Names for people


def test_gives_slugs_the_catalogues_name_and_the_lab():
    free = f"{OPUS['canonical_slug']}:free"
    figures = {DAY: {OPUS["canonical_slug"]: 3, free: 2, "poolside/laguna-m.1:free": 1, OTHERS: 1}}
    found = named(reading_of("openrouter", "tokens", figures), identity([OPUS]))
    entities = found.boards[0].entities
    opus = entities[OPUS["canonical_slug"]]
    assert (opus.name, opus.lab, opus.lab_name) == ("Claude Opus 4.8", "anthropic", "Anthropic")
    assert opus.key == OPUS["canonical_slug"]
    assert entities[free].name == "Claude Opus 4.8 (free)"
    laguna = entities["poolside/laguna-m.1:free"]
    assert (laguna.name, laguna.lab_name) == ("poolside/laguna-m.1:free", "Poolside")
    assert entities[OTHERS].lab is None


def test_keeps_the_names_that_gateways_write_for_people():
    found = identity([NANO, OPUS])
    vercel = (
        named(
            reading_of(
                "vercel", "tokens", {DAY: {"GPT-5 nano": 1, "anthropic/claude-opus-4.8": 1}}
            ),
            found,
        )
        .boards[0]
        .entities
    )
    assert (vercel["GPT-5 nano"].name, vercel["GPT-5 nano"].lab) == ("GPT-5 nano", "openai")
    assert vercel["anthropic/claude-opus-4.8"].name == "Claude Opus 4.8"
    labels = {"openai/gpt-5-nano": "GPT-5 Nano", "kuaishou/new": "Newest"}
    zenmux = (
        named(reading_of("zenmux", "tokens", {DAY: dict.fromkeys(labels, 1)}, labels), found)
        .boards[0]
        .entities
    )
    assert zenmux["openai/gpt-5-nano"].name == "GPT-5 Nano"
    assert (zenmux["kuaishou/new"].name, zenmux["kuaishou/new"].lab) == ("Newest", "kwaipilot")


def test_names_labs_and_tells_two_spellings_of_one_apart():
    figures = {DAY: {"spacexai": 5, "meta": 4, "meta-llama": 3, "newcomer": 2}}
    labs = named(reading_of("vercel", "tokens", figures, kind="lab"), identity()).boards[0].entities
    assert (labs["spacexai"].name, labs["spacexai"].lab) == ("xAI", "x-ai")
    assert [labs[key].name for key in ("meta", "meta-llama")] == [
        "Meta [meta]",
        "Meta [meta-llama]",
    ]
    assert (labs["newcomer"].name, labs["newcomer"].lab, labs["newcomer"].lab_name) == (
        "newcomer", "newcomer", "newcomer",
    )  # fmt: skip


def test_leaves_apps_and_providers_alone():
    reading = reading_of("vercel", "tokens", {DAY: {"openai": 1}}, kind="provider")
    assert named(reading, identity()) == reading


@given(
    st.lists(st.text(max_size=20), max_size=6, unique=True),
    st.sampled_from(["model", "lab"]),
    st.sampled_from(GATEWAYS),
)
def test_never_fails_on_strange_names(names, kind, gateway):
    reading = reading_of(gateway, "tokens", {DAY: dict.fromkeys(names, 1)}, kind=kind)
    found = identity([OPUS, GLM46V], [], [])
    entities = named(reading, found).boards[0].entities
    assert list(entities) == sorted(names)
    assert all(entity.key == key for key, entity in entities.items())
    assert len(crosswalk(found, [reading]).rows) == (
        len({*names} - {OTHERS}) if kind == "model" else 0
    )


# The simulated gateways


def test_covers_98_percent_of_the_simulated_gateways(gateways, tmp_path):
    store = Store(tmp_path)
    for source, dataset in (
        ("openrouter", "rankings-daily"),
        ("zenmux", "timeseries-tokens"),
        ("vercel", "models-text"),
    ):
        for seen in fetch_dataset(gateways.environment, source, dataset).observations:
            store.save(seen)
    for source, dataset in (("openrouter", "models"), ("zenmux", "models"), ("vercel", "catalog")):
        rows = fetch_dataset(gateways.environment, source, dataset).catalogue
        save_catalogue(tmp_path, accumulate(Catalogue(source=source), rows, TODAY))
    table = crosswalk(load(tmp_path), [source.read(store) for source in SOURCES])
    covered = {coverage.source: coverage.of_listed_pct for coverage in table.coverage}
    assert set(covered) == {"openrouter", "zenmux", "vercel"}
    assert covered["openrouter"] >= 98
    assert covered["zenmux"] >= 98
    assert all(row.model or row.rule is None for row in table.rows)
