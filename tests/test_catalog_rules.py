"""The rules that say which model a name is, at the edges where a wrong join would begin."""

import datetime as dt
from dataclasses import replace

import pytest

from leaderboard import catalog
from leaderboard.catalog import changed, crosswalk
from leaderboard.catalog.spelling import (
    Dated,
    dated,
    normalised,
    parts,
    without_lab,
    without_variant,
    without_variant_note,
)
from leaderboard.records import RankedEntry, RankedList
from tests.catalogues import (
    CREDIT,
    DAY,
    FLASH,
    FLASH_0731,
    GPT5,
    OPUS,
    PUBLISHED,
    SLUG,
    catalogue,
    identity,
    model_and_rule,
    reading_of,
    vercel_entry,
    zenmux_entry,
)

ONE_DAY = dt.timedelta(days=1)
FEBRUARY, APRIL, JUNE = (dt.date(2026, month, 1) for month in (2, 4, 6))


def listed(slug, name, canonical=None):
    """Make an entry of OpenRouter's catalogue; its canonical slug is its id unless given."""
    return {"id": slug, "canonical_slug": canonical or slug, "name": name}


# Spellings of a slug


@pytest.mark.parametrize("gateway", ["openrouter", "vercel"])
def test_a_canonical_slug_under_another_spelling_of_its_lab_is_canonical(gateway):
    match = identity([GPT5]).match(gateway, "OpenAI/gpt-5-2025-08-07", None, DAY)
    assert model_and_rule(match) == ("openai/gpt-5", "canonical slug")


def test_a_canonical_slug_may_hold_a_colon():
    found = identity([listed("a/x", "A: X"), listed("a/x:beta", "A: X Beta")])
    match = found.match("openrouter", "a/x:beta", None, DAY)
    assert (model_and_rule(match), match.flags) == (("a/x:beta", "canonical slug"), ())


def test_the_other_order_of_a_claude_name_needs_no_date():
    found = identity([listed("anthropic/one", "Anthropic: One", "anthropic/claude-4.8-opus")])
    match = found.match("openrouter", "anthropic/claude-opus-4.8", None, DAY)
    assert model_and_rule(match) == ("anthropic/one", "swapped form")


TWINS = [listed("meta/x", "Meta: X"), listed("meta-llama/x", "Meta: X Old")]


@pytest.mark.parametrize(
    ("gateway", "name", "label"),
    [
        ("openrouter", "meta/x:free", None),
        ("zenmux", "meta/x-free", "X (Free)"),
    ],
)
def test_a_variant_of_one_of_two_spellings_of_a_lab_is_that_ones(gateway, name, label):
    match = identity(TWINS).match(gateway, name, label, DAY)
    assert model_and_rule(match) == ("meta/meta-x", "variant stripped")
    assert match.flags == ("free",)


def test_a_third_spelling_of_their_lab_is_neither():
    assert identity(TWINS).match("openrouter", "META/x", None, DAY).model is None


def test_a_slug_without_its_date_is_the_release_of_the_id_in_the_same_words():
    found = identity([listed("a/glm-x", "A: GLM X", "a/glm.x-20260101")])
    match = found.match("openrouter", "a/glm.x", None, DAY)
    assert model_and_rule(match) == ("a/glm-x", "dated form")


def test_a_blank_lab_is_none():
    assert identity().match("openrouter", " ~/x", None, DAY).model is None


def test_openrouter_is_not_taken_at_a_display_name():
    assert identity([GPT5]).match("openrouter", "GPT-5", None, DAY).model is None


@pytest.mark.parametrize(
    ("tail", "read"),
    [
        ("x-20261231", Dated("x", 2026, 12, 31)),
        ("x-20261232", None),
        ("x-20261331", None),
        ("x-0101", Dated("x", None, 1, 1)),
    ],
)
def test_a_date_ends_with_the_year(tail, read):
    assert dated(tail) == read


def test_what_stands_before_and_behind_a_name_is_taken_off_once():
    assert without_lab("Lab: Model: Large") == "Model: Large"
    assert without_lab("Lab: ") == "Lab:"
    assert without_variant(":free") == (":free", ())
    assert without_variant_note("X (Beta) (Free) ", ("beta", "free")) == "X"
    assert without_variant_note("X ", ()) == "X"


def test_a_joint_stays_between_two_digits_and_a_point_stays_a_point():
    assert normalised("Qwen 3.5 4 -b") == "qwen3.5-4b"


def test_a_slug_has_something_on_both_sides_of_its_slash():
    assert [parts(slug) for slug in ("a/x", "a/ ", " /x", "/", "a/x/y")] == [
        ("a", "x"), None, None, None, None,
    ]  # fmt: skip


# The models of OpenRouter's catalogue


def test_labels_of_one_day_and_name_are_in_the_order_of_their_slugs():
    entries = [listed("a/x", "A: X", slug) for slug in ("0/two", "0/one")]
    (listing,) = catalogue("openrouter", *entries, {"id": "a/x", "name": "A: X"}).listings
    assert [label.canonical_slug for label in listing.labels] == [None, "0/one", "0/two"]


def test_an_id_of_another_lab_keeps_no_model_from_its_own():
    odd = (listed("google/gadget", "Thing", "openai/thing"), FEBRUARY)
    assert set(identity([odd, GPT5]).models) == {"openai/thing", "openai/gpt-5"}


def test_a_model_keeps_its_canonical_slug():
    assert identity([GPT5]).models["openai/gpt-5"].canonical_slug == GPT5["canonical_slug"]


def test_what_is_no_model_hides_none_that_comes_after_it():
    pointer = listed("~openai/gpt-latest", "OpenAI: Latest")
    assert set(identity([pointer, listed("élan/x", "Élan: X")]).models) == {"élan/x"}
    nameless = [
        (listed("a/x", "A: X", slug), day) for slug, day in (("x", FEBRUARY), ("a/x", JUNE))
    ]
    assert set(identity(nameless).models) == {"a/x"}
    assert dict(identity([listed("a/y", "A: Y", "~/x")]).models) == {}


def test_a_model_has_the_id_of_its_plain_listing_before_a_shorter_variant():
    both = [listed("a/b:free", "A: B (free)", "a/x"), listed("a/longer", "A: B", "a/x")]
    assert set(identity(both).models) == {"a/longer"}


# Names and ids that change hands

M = [
    (listed("a/m-1", "A: M"), FEBRUARY),
    (listed("a/m-1", "A: M"), FEBRUARY + ONE_DAY),
    (listed("a/m-2", "A: M"), JUNE),
]


@pytest.mark.parametrize(
    ("gateway", "name", "label", "vercel", "rule"),
    [
        ("vercel", "M", None, [], "unique name"),
        ("vercel", "M", None, [vercel_entry("a/m", "M")], "catalogue name"),
        ("zenmux", "a/m", "M", [], "catalogue name"),
    ],
)
def test_a_display_name_is_the_model_that_had_it_on_the_day(gateway, name, label, vercel, rule):
    found = identity(M, vercel=vercel)
    says = [
        model_and_rule(found.match(gateway, name, label, day)) for day in (FEBRUARY, APRIL, DAY)
    ]
    assert says == [("a/m-1", rule), (None, None), ("a/m-2", rule)]


def test_what_was_asked_of_one_day_is_no_answer_for_another():
    found = identity(M)
    says = [found.match("vercel", "M", None, day).model for day in (DAY, APRIL, FEBRUARY, DAY)]
    assert says == ["a/m-2", None, "a/m-1", "a/m-2"]


def test_a_name_is_undecided_on_the_day_it_changed_hands_and_decided_on_the_next():
    found = identity(M)
    says = [found.match("vercel", "M", None, JUNE + n * ONE_DAY).model for n in (0, 1)]
    assert says == [None, "a/m-2"]


def test_a_name_is_its_models_as_long_as_any_listing_of_it_was_seen():
    free = (listed("a/m-1:free", "A: M (free)", "a/m-1"), FEBRUARY + ONE_DAY)
    last = (listed("a/m-1", "A: M"), FEBRUARY + 20 * ONE_DAY)
    found = identity([*M, last, free])
    assert found.match("vercel", "M", None, FEBRUARY + 10 * ONE_DAY).model == "a/m-1"


def test_a_name_may_change_hands_on_the_last_day_there_is():
    found = identity([(listed("a/m-1", "A: M"), FEBRUARY), (listed("a/m-2", "A: M"), dt.date.max)])
    assert found.match("vercel", "M", None, DAY).model is None


def test_an_alias_may_hold_to_the_last_day_there_is():
    last = alias(gateway="vercel", name="M", end=dt.date.max)
    assert identity(aliases=(last,)).match("vercel", "M", None, dt.date.max).reason == "r"


def test_a_display_name_keeps_the_variant_of_its_slug():
    match = identity([listed("a/m-1", "A: M")]).match("zenmux", "a/m:free", "M (free)", DAY)
    assert model_and_rule(match) == ("a/m-1", "catalogue name")
    assert match.flags == ("free",)


REPOINTED = [
    (listed("a/m", "A: M", "a/m-20260101"), FEBRUARY),
    (listed("a/m", "A: M", "a/m-20260101"), JUNE),
    (listed("a/m", "A: M 2", "a/m-20260601"), JUNE + ONE_DAY),
]


def test_slug_and_label_agree_with_what_the_id_was_on_the_day():
    found = identity(REPOINTED)
    says = {
        (label, day): found.match("zenmux", "a/m", label, day).model
        for label in ("M", "M 2")
        for day in (FEBRUARY, DAY)
    }
    assert says == {
        ("M", FEBRUARY): "a/m",
        ("M", DAY): None,
        ("M 2", FEBRUARY): None,
        ("M 2", DAY): "a/m-20260601",
    }


def test_a_name_is_held_to_what_its_id_was_on_the_day():
    found = identity(REPOINTED, vercel=[vercel_entry("a/m", "M")])
    says = [found.match("vercel", "M", None, day).model for day in (FEBRUARY, DAY)]
    assert says == ["a/m", None]


def test_a_name_that_vercel_moved_to_another_id_moves_with_it():
    first = vercel_entry("a/x", "X")
    moved = [(first, FEBRUARY), (first, FEBRUARY + ONE_DAY), (vercel_entry("b/x", "X"), JUNE)]
    found = identity(vercel=moved)
    says = [found.match("vercel", "X", None, day).model for day in (FEBRUARY, APRIL, DAY)]
    assert says == ["a/x", None, "b/x"]


def test_an_id_in_doubt_is_not_decided_by_its_form():
    shared = [
        (listed("a/first", "A: First", "a/x-20260101"), FEBRUARY),
        (listed("a/x", "A: First", "a/x-20260101"), FEBRUARY),
        (listed("a/x", "A: Second", "a/y-20260101"), JUNE),
    ]
    found = identity(shared)
    says = [found.match("zenmux", "a/x", "First", day).model for day in (APRIL, DAY)]
    assert says == [None, None]


def test_a_canonical_slug_has_no_other_form():
    one = listed("anthropic/one", "Anthropic: One", "anthropic/claude-4.8-opus")
    two = listed("anthropic/two", "Anthropic: Two", "anthropic/claude-opus-4.8")
    found = identity([one, two])
    says = [
        found.match("zenmux", one["canonical_slug"], label, DAY).model for label in ("One", "Two")
    ]
    assert says == ["anthropic/one", None]


# Names without the date of the id

DATED = listed("a/asr-0210", "A: ASR")


@pytest.mark.parametrize(("slug", "model"), [("a/asr-0210", "a/asr-0210"), ("a/asr", None)])
def test_a_name_without_its_date_is_a_release_only_by_the_id_beside_it(slug, model):
    found = identity([DATED], vercel=[vercel_entry(slug, "ASR")])
    assert found.match("vercel", "ASR", None, DAY).model == model


def test_a_slug_in_the_words_of_the_id_tells_the_release_that_the_label_leaves_out():
    own = identity(zenmux=[zenmux_entry("a/asr-0210", "A: ASR")])
    match = own.match("zenmux", "A/ASR-0210", "ASR", DAY)
    assert model_and_rule(match) == ("a/asr-0210", "catalogue name")


# Models of a gateway's own


def test_what_is_no_slug_or_a_variant_is_no_model_of_its_own():
    found = identity(vercel=[vercel_entry("bare", "Bare"), vercel_entry("a/x:free", "X")])
    assert dict(found.models) == {}
    assert found.match("vercel", "Bare", None, DAY).model is None


def test_a_name_of_an_id_with_two_names_is_nobodys():
    both = [vercel_entry("a/new", "New"), (vercel_entry("a/new", "Newer"), JUNE)]
    assert identity(vercel=both).match("vercel", "New", None, DAY).model is None


def test_one_id_under_two_spellings_of_a_lab_is_no_model_of_its_own():
    found = identity(
        zenmux=[zenmux_entry("meta/x", "Meta: One"), zenmux_entry("meta-llama/x", "Meta: Two")]
    )
    assert dict(found.models) == {}
    assert found.match("zenmux", "meta/x", "One", DAY).model is None


def test_a_model_of_its_own_does_not_take_the_address_of_another():
    found = identity(TWINS, [zenmux_entry("meta/meta-x", "Meta: Whatever")])
    assert found.models["meta/meta-x"].name == "X"
    assert found.match("zenmux", "meta/meta-x", "Whatever", DAY).model is None


def test_a_variant_of_what_had_its_name_when_it_was_listed_is_no_model_of_its_own():
    found = identity(M, [zenmux_entry("a/m-free", "A: M (Free)")])
    assert set(found.models) == {"a/m-1", "a/m-2"}


def test_a_variant_that_is_a_model_of_its_own_is_so_by_its_own_catalogue():
    found = identity(zenmux=[zenmux_entry("a/m-free", "A: M (Free)")])
    match = found.match("zenmux", "a/m-free", "M (Free)", DAY)
    assert model_and_rule(match) == ("a/m-free", "own catalogue")


def test_another_gateways_id_that_ends_in_free_is_none_of_its_own():
    moved = [(listed("a/m-free", "A: P", "a/p"), FEBRUARY), (listed("a/m-free", "A: Q"), JUNE)]
    found = identity(moved)
    for day in (FEBRUARY, DAY):
        assert found.match("zenmux", "a/m-free", "M (Free)", day).model is None


def test_a_variant_with_a_slash_is_not_the_model_of_what_follows_it():
    found = identity(zenmux=[zenmux_entry("a/ee", "A: EE")])
    assert found.match("zenmux", "a/x:fr/ee", "EE", DAY).model is None


# What people decided


def alias(**fields):
    plain = {"label": None, "model": None, "start": None, "end": None, "reason": "r"}
    return catalog.Alias(**(plain | fields))


def test_a_name_that_people_decided_on_has_its_lab():
    flash = alias(gateway="vercel", name="Flash", model="google/flash")
    assert identity(aliases=(flash,)).match("vercel", "Flash", None, DAY).lab == "google"
    withheld = alias(gateway="openrouter", name="openai/gpt-5")
    match = identity([GPT5], aliases=(withheld,)).match("openrouter", "openai/gpt-5", None, DAY)
    assert (match.model, match.lab) == (None, "openai")


def test_a_name_withheld_for_a_month_is_matched_before_and_after_it():
    may = alias(gateway="zenmux", name="openai/gpt-5", start=APRIL, end=JUNE)
    found = identity([GPT5], aliases=(may,))
    before, after = (found.match("zenmux", "openai/gpt-5", "GPT-5", day) for day in (FEBRUARY, DAY))
    assert before.model == after.model == "openai/gpt-5"
    assert (before.valid_from, before.valid_to) == (None, APRIL - ONE_DAY)
    assert (after.valid_from, after.valid_to) == (JUNE + ONE_DAY, None)
    over_it = found.match("zenmux", "openai/gpt-5", "GPT-5", DAY, since=FEBRUARY)
    assert (over_it.model, over_it.lab) == (None, "openai")


def test_a_name_is_not_troubled_by_others_that_change_hands():
    found = identity([*M, GPT5])
    match = found.match("zenmux", "openai/gpt-5", "GPT-5", DAY, since=FEBRUARY)
    assert (match.model, match.valid_from, match.valid_to) == ("openai/gpt-5", None, None)
    assert found.match("openrouter", "openai/gpt-5", None, DAY, since=FEBRUARY).reason is None


# Names listed together, and over a window


def test_a_name_that_loses_its_model_to_another_keeps_its_lab():
    both = [(OPUS["id"], None), (OPUS["canonical_slug"], None)]
    lost = identity([OPUS]).matches("openrouter", both, DAY)[OPUS["id"]]
    assert (lost.model, lost.lab) == (None, "anthropic")


LABEL = "DeepSeek V4 Flash 0731"
END = dt.date(2026, 8, 20)
WEEK, MONTH = END - dt.timedelta(days=6), END - dt.timedelta(days=29)


def over(start, end, **tokens):
    entries = tuple(
        RankedEntry(rank=n, entity=key, value=value)
        for n, (key, value) in enumerate(tokens.items(), 1)
    )
    return RankedList(
        window="30d", start=start, end=end, entries=entries, others=None,
        published=PUBLISHED, citation=CREDIT,
    )  # fmt: skip


def test_what_changed_hands_within_a_window_is_neither_in_the_crosswalk():
    reading = reading_of("zenmux", "tokens", {END: {SLUG: 0}}, labels={SLUG: LABEL})
    (board,) = reading.boards
    lists = (over(WEEK, END, **{SLUG: 0}), over(MONTH, END, **{SLUG: 0}))
    found = identity([FLASH, FLASH_0731])
    for order in (lists, lists[::-1]):
        ranked = replace(reading, boards=(replace(board, days=(), lists=order),))
        month, week = crosswalk(found, [ranked]).rows
        assert (month.model, month.reason) == (None, "It changed hands within the window.")
        assert week.model == "deepseek/deepseek-v4-flash-0731"


# Changes and names for people


def test_a_change_is_told_on_the_first_day_of_the_name_with_the_label_sent():
    yesterday = END - ONE_DAY
    five = {"openai/gpt-5": 3}
    reading = reading_of("zenmux", "tokens", {yesterday: five}, labels={"openai/gpt-5": "GPT-5"})
    (board,) = reading.boards
    both = replace(board, lists=(over(MONTH, END, **five),))
    (change,) = changed(identity(), identity([GPT5]), [replace(reading, boards=(both,))])
    assert (change.kind, change.after.model) == ("gained", "openai/gpt-5")
    assert (change.label, change.date) == ("GPT-5", yesterday)


def shown(reading, who):
    (board,) = catalog.named(reading, who).boards
    (entity,) = board.entities.values()
    return entity.name


def test_each_variant_of_a_slug_stands_behind_the_name():
    twice = reading_of("openrouter", "tokens", {DAY: {"openai/gpt-5:free:beta": 1}})
    assert shown(twice, identity([GPT5])) == "GPT-5 (free) (beta)"


def test_a_label_that_looks_like_a_slug_is_written_as_the_catalogue_writes_it():
    labels = {"openai/in-out": "in/out"}
    reading = reading_of("zenmux", "tokens", {DAY: {"openai/in-out": 1}}, labels=labels)
    assert shown(reading, identity([listed("openai/in-out", "OpenAI: In/Out")])) == "In/Out"
