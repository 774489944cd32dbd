"""Spellings, the catalogues seen so far, and the reviewed tables."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leaderboard.catalog import (
    Catalogue,
    Lab,
    Labs,
    accumulate,
    catalogue_path,
    load,
    load_catalogue,
    save_catalogue,
)
from leaderboard.catalog.reviewed import load_aliases, load_labs
from leaderboard.catalog.spelling import dated, normalised, swapped, without_variant
from leaderboard.snapshots import DamagedFile
from tests.catalogues import (
    ALIAS,
    DAY,
    GPT5,
    NANO,
    TABLES,
    catalogue,
    days,
    identity,
    zenmux_entry,
)

# Spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT OSS 20B", "gpt-oss-20b"),
        ("GPT 5.6 Luna", "GPT-5.6 Luna"),
        ("Minimax M2.7", "MiniMax M2.7"),
        ("Qwen3.7-Max", "Qwen3.7 Max"),
        ("Z.ai", "zai"),
        (" Gemma 4 26B A4B ", "Gemma-4-26B-A4B"),
        ("Kimi K2-0905", "Kimi K2 0905"),
    ],
)
def test_folds_case_and_joints(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qwen3 4B", "Qwen 34B"),
        ("Qwen3 4B", "Qwen 3.4B"),
        ("Ministral 3 3B", "Ministral 3B"),
        ("Ministral 3 3B", "Ministral 33B"),
        ("GPT 5. 5", "GPT 55"),
        ("GPT 5.1", "GPT 51"),
        ("Command R+", "Command R"),
        ("GLM 4.6", "GLM 4.6V"),
        ("Gemini 3 Flash", "Gemini 3 Flash Preview"),
        ("GLM_5", "GLM 5"),
    ],
)
def test_folds_nothing_else(one, other):
    assert normalised(one) != normalised(other)


@given(st.text())
@example("-\x1f0")
def test_folding_twice_is_folding_once(name):
    assert normalised(normalised(name)) == normalised(name)


@given(
    st.integers(1, 99),
    st.integers(1, 999),
    st.integers(1, 99),
    st.integers(1, 999),
    st.sampled_from(" -"),
    st.sampled_from(" -"),
)
def test_tells_sizes_and_versions_apart(version, size, other_version, other_size, joint, other):
    one = f"Qwen{version}{joint}{size}B"
    another = f"Qwen{other}{other_version}{other}{other_size}B"
    assert (normalised(one) == normalised(another)) == (
        (version, size) == (other_version, other_size)
    )


def test_reads_the_dates_that_slugs_end_in():
    assert dated("claude-4.8-opus-20260528") == ("claude-4.8-opus", 2026, 5, 28)
    assert dated("gpt-5-nano-2025-08-07") == ("gpt-5-nano", 2025, 8, 7)
    assert dated("kimi-k2.5-0127") == ("kimi-k2.5", None, 1, 27)
    assert dated("qwen3.6-plus-04-02") == ("qwen3.6-plus", None, 4, 2)


@pytest.mark.parametrize(
    "tail", ["mistral-large-2512", "gpt-oss-120b", "glm-5", "x-20261301", "x-2026-0401", "x-0100"]
)
def test_takes_no_other_number_for_a_date(tail):
    assert dated(tail) is None


@given(
    st.sampled_from(["opus", "sonnet", "fable"]),
    st.sampled_from(["4", "4.8", "10.1"]),
    st.sampled_from(["", "-fast", "-20260528", "-fast-20260528"]),
)
def test_swapping_a_claude_name_twice_gives_it_back(family, version, rest):
    tail = f"claude-{version}-{family}{rest}"
    assert swapped(tail) == f"claude-{family}-{version}{rest}"
    assert swapped(swapped(tail)) == tail


def test_swaps_nothing_but_claude():
    assert swapped("gpt-5-nano") is None
    assert swapped("claude-instant") is None


def test_strips_variants_into_flags():
    assert without_variant("a/b:free") == ("a/b", ("free",))
    assert without_variant("a/b:free:beta") == ("a/b", ("free", "beta"))
    assert without_variant("a/b") == ("a/b", ())


# Catalogues seen so far


def test_keeps_what_was_delisted():
    found = accumulate(catalogue("openrouter", (GPT5, DAY)), [NANO], DAY + dt.timedelta(days=9))
    assert [listing.id for listing in found.listings] == ["openai/gpt-5", "openai/gpt-5-nano"]
    assert found.listings[0].newest.last_seen == DAY


def test_keeps_each_label_with_its_days():
    slug = "deepseek/deepseek-v4-flash"
    found = catalogue(
        "zenmux",
        (zenmux_entry(slug, "DeepSeek: DeepSeek V4 Flash"), dt.date(2026, 7, 1)),
        (zenmux_entry(slug, "DeepSeek: DeepSeek V4 Flash"), dt.date(2026, 7, 28)),
        (zenmux_entry(slug, "DeepSeek: DeepSeek V4 Flash 0731"), dt.date(2026, 8, 3)),
    )
    (listing,) = found.listings
    assert [(label.name, label.first_seen, label.last_seen) for label in listing.labels] == [
        ("DeepSeek: DeepSeek V4 Flash", dt.date(2026, 7, 1), dt.date(2026, 7, 28)),
        ("DeepSeek: DeepSeek V4 Flash 0731", dt.date(2026, 8, 3), dt.date(2026, 8, 3)),
    ]
    assert listing.newest.name == "DeepSeek: DeepSeek V4 Flash 0731"


free_entries = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a/x", "a/y", "b/x"]),
        "canonical_slug": st.sampled_from(["a/x-20260101", "a/x-20260102", "b/x"]),
        "name": st.sampled_from(["A: X", "A: X 2", "X"]) | st.text(max_size=5),
    }
)
observations = st.lists(st.tuples(free_entries, days), max_size=12)


@given(observations, st.randoms(use_true_random=False))
def test_the_order_and_number_of_observations_do_not_matter(seen, chance):
    shuffled = seen + seen[: len(seen) // 2]
    chance.shuffle(shuffled)
    assert catalogue("openrouter", *shuffled) == catalogue("openrouter", *seen)


@given(observations, days)
def test_one_call_with_many_rows_is_many_calls_with_one(seen, day):
    entries = [entry for entry, _ in seen]
    one_by_one = catalogue("openrouter", *((entry, day) for entry in entries))
    assert accumulate(Catalogue(source="openrouter"), entries, day) == one_by_one


@given(observations)
def test_saves_and_loads_the_same(tmp_path_factory, seen):
    folder = tmp_path_factory.mktemp("data")
    found = catalogue("openrouter", *seen)
    assert save_catalogue(folder, found)
    assert load_catalogue(folder, "openrouter") == found
    assert not save_catalogue(folder, found)


def test_writes_one_model_a_line_and_nothing_beside(tmp_path):
    save_catalogue(tmp_path, catalogue("openrouter", GPT5, NANO))
    path = catalogue_path(tmp_path, "openrouter")
    lines = path.read_text("utf-8").splitlines()
    assert sum('"id": "openai/gpt-5"' in line for line in lines) == 1
    assert sum('"id": "openai/gpt-5-nano"' in line for line in lines) == 1
    assert not any('gpt-5"' in line and 'gpt-5-nano"' in line for line in lines)
    assert path.read_bytes().endswith(b"}\n")
    assert [file.name for file in path.parent.iterdir()] == ["openrouter.json"]


def test_writes_nothing_when_nothing_changed(tmp_path):
    found = catalogue("openrouter", GPT5)
    save_catalogue(tmp_path, found)
    before = catalogue_path(tmp_path, "openrouter").stat()
    assert not save_catalogue(tmp_path, accumulate(found, [GPT5], DAY))
    after = catalogue_path(tmp_path, "openrouter").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_has_an_empty_catalogue_before_the_first(tmp_path):
    assert load_catalogue(tmp_path, "openrouter") == Catalogue(source="openrouter")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: text.replace('"schema": 1', '"schema": 2'),
        lambda text: text.replace('"source": "openrouter"', '"source": "zenmux"'),
        lambda text: text.replace("2026-07-29", "2026-02-30"),
        lambda text: text.replace("OpenAI: GPT-5", "OpenAI: GPT-6", 1),
        lambda text: text.replace('"labels"', '"lables"'),
        lambda text: text.replace('openai/gpt-5-nano"', 'openai/gpt-5"'),
    ],
)
def test_names_the_file_that_is_damaged(tmp_path, spoil):
    save_catalogue(tmp_path, catalogue("openrouter", GPT5, NANO))
    path = catalogue_path(tmp_path, "openrouter")
    text = path.read_text("utf-8")
    assert spoil(text) != text
    path.write_text(spoil(text), "utf-8")
    with pytest.raises(DamagedFile, match=r"openrouter\.json"):
        load(tmp_path)


# Labs and aliases


@pytest.mark.parametrize(
    ("spellings", "lab"),
    [
        (["z-ai", "zai", "Z.ai"], "z-ai"),
        (["x-ai", "xai", "spacexai", "xAI", "~x-ai"], "x-ai"),
        (["qwen", "alibaba"], "qwen"),
        (["meta", "meta-llama"], "meta"),
        (["bytedance", "bytedance-seed", "ByteDance"], "bytedance"),
        (["mistral", "mistralai"], "mistralai"),
        (["kwaipilot", "kuaishou"], "kwaipilot"),
        (["newcomer"], "newcomer"),
    ],
)
def test_one_lab_for_all_its_spellings(spellings, lab):
    assert {TABLES.labs.of(spelling) for spelling in spellings} == {lab}


def test_knows_every_lab_that_vercel_names():
    names = (
        "openai anthropic google deepseek moonshotai zai alibaba meta mistral amazon nvidia xiaomi "
        "minimax stepfun bytedance tencent cohere perplexity poolside thinkingmachines arcee-ai "
        "spacexai inclusionai stealth kwaipilot klingai meituan fireworks inference-net morph "
        "sakana interfaze mixedbread quiverai"
    )
    unknown = [name for name in names.split() if not TABLES.labs.known(TABLES.labs.of(name))]
    assert unknown == []


def test_nobody_has_no_lab():
    assert TABLES.labs.of(None) is None
    assert TABLES.labs.of("  ") is None


def test_a_spelling_names_one_lab():
    with pytest.raises(ValueError, match="'x' names two labs"):
        Labs(
            (
                Lab(id="x", name="X", spellings={}),
                Lab(id="y", name="Y", spellings={"vercel": ("x",)}),
            )
        )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[x]\nopenrouter = ['x']", "'name' is missing"),
        ("[x]\nname = 'X'\nopenrouter = 'x'", "not in a list"),
        ("[x", "labs.toml"),
    ],
)
def test_names_the_table_of_labs_that_cannot_be_used(tmp_path, text, said):
    path = tmp_path / "labs.toml"
    path.write_text(text)
    with pytest.raises(DamagedFile, match=said) as error:
        load_labs(path)
    assert "labs.toml" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ALIAS.replace("'r'", "' '"), "no reason"),
        (ALIAS.replace("reason='r'\n", ""), "'reason' is missing"),
        (ALIAS.replace("vercel", "versel"), "unknown gateway"),
        (ALIAS.replace("z-ai/n", "nobody/n"), "no known lab"),
        (ALIAS.replace("'N'", "'anthropic/n'"), "cross labs"),
        (ALIAS + "until=2026-01-01\n", "unknown field 'until'"),
        (ALIAS + "from=2026-01-02\nto=2026-01-01\n", "ends before it starts"),
        (ALIAS + "from='2026-01-02'\n", "not a day"),
        (ALIAS + ALIAS.replace("z-ai/n", "z-ai/m"), "hold on one day"),
        (ALIAS + "[[withheld]]\ngateway='vercel'\nname='n'\nreason='r'\n", "hold on one day"),
        (ALIAS.replace("alias", "aliases"), "unknown table"),
    ],
)
def test_refuses_an_alias_that_cannot_be_trusted(tmp_path, text, said):
    path = tmp_path / "aliases.toml"
    path.write_text(text)
    with pytest.raises(DamagedFile, match=said) as error:
        load_aliases(path, TABLES.labs)
    assert "aliases.toml" in str(error.value)


def test_aliases_that_follow_each_other_may_differ(tmp_path):
    path = tmp_path / "aliases.toml"
    later = ALIAS.replace("z-ai/n", "z-ai/m")
    path.write_text(ALIAS + "to=2026-01-01\n" + later + "from=2026-01-02\n")
    found = identity(aliases=load_aliases(path, TABLES.labs))
    first, second = dt.date(2026, 1, 1), dt.date(2026, 1, 2)
    before, after = (found.match("vercel", "N", None, day) for day in (first, second))
    assert (before.model, before.valid_from, before.valid_to) == ("z-ai/n", None, first)
    assert (after.model, after.valid_from, after.valid_to) == ("z-ai/m", second, None)
    window = found.match("vercel", "N", None, second, since=first)
    assert window.model is None
    assert window.reason == "It changed hands within the window."
    assert found.match("vercel", "N", None, second, since=second).model == "z-ai/m"


def test_an_alias_ends_with_its_last_day(tmp_path):
    path = tmp_path / "aliases.toml"
    path.write_text(ALIAS + "to=2026-01-01\n")
    found = identity(aliases=load_aliases(path, TABLES.labs))
    assert found.match("vercel", "N", None, dt.date(2026, 1, 1)).model == "z-ai/n"
    assert found.match("vercel", "N", None, dt.date(2026, 1, 2)).model is None
