"""The rules that say which model a name is, each in turn."""

import datetime as dt

import pytest

from leaderboard.records import (
    OTHERS,
)
from tests.catalogues import (
    DAY,
    FLASH,
    FLASH_0731,
    GLM46,
    GLM46V,
    GPT5,
    NANO,
    OPUS,
    R1_0528,
    SLUG,
    identity,
    model_and_rule,
    vercel_entry,
    zenmux_entry,
)

# Rules, in order


def test_matches_the_canonical_slug_first():
    found = identity([GLM46, GLM46V])
    assert model_and_rule(found.match("openrouter", "z-ai/glm-4.6-20251208", None, DAY)) == (
        "z-ai/glm-4.6v",
        "canonical slug",
    )
    assert found.match("openrouter", "z-ai/glm-4.6", None, DAY).model == "z-ai/glm-4.6"


def test_a_dated_slug_never_answers_for_another_model_of_that_stem():
    match = identity([GLM46V]).match("openrouter", "z-ai/glm-4.6", None, DAY)
    assert model_and_rule(match) == ("z-ai/glm-4.6", "own slug")


def test_strips_the_variant_and_keeps_it_as_a_flag():
    match = identity([OPUS]).match(
        "openrouter", "anthropic/claude-4.8-opus-20260528:thinking", None, DAY
    )
    assert model_and_rule(match) == ("anthropic/claude-opus-4.8", "variant stripped")
    assert match.flags == ("thinking",)


def test_matches_a_catalogue_id():
    match = identity([OPUS]).match("openrouter", "anthropic/claude-opus-4.8", None, DAY)
    assert model_and_rule(match) == ("anthropic/claude-opus-4.8", "catalogue id")


def test_a_model_listed_only_as_a_variant_has_the_id_without_it():
    free = {
        "id": "inclusionai/ling-3.0-flash:free",
        "canonical_slug": "inclusionai/ling-3.0-flash-20260723",
        "name": "Ling-3.0-flash (free)",
    }
    found = identity([free])
    assert found.models["inclusionai/ling-3.0-flash"].name == "Ling-3.0-flash"
    match = found.match("zenmux", "inclusionai/ling-3.0-flash", "Ling-3.0-flash", DAY)
    assert model_and_rule(match) == ("inclusionai/ling-3.0-flash", "catalogue id")


@pytest.mark.parametrize(
    ("slug", "model", "rule"),
    [
        ("openai/gpt-5-nano-20250807", "openai/gpt-5-nano", "dated form"),
        ("openai/gpt-5-nano-0807", "openai/gpt-5-nano", "dated form"),
        ("anthropic/claude-4.8-opus", "anthropic/claude-opus-4.8", "swapped form"),
        ("anthropic/claude-opus-4.8-20260528", "anthropic/claude-opus-4.8", "swapped form"),
        ("anthropic/claude-opus-4.8-2026-05-28", "anthropic/claude-opus-4.8", "swapped form"),
        # What the catalogue does not confirm stands for itself.
        ("openai/gpt-5-nano-20250808", "openai/gpt-5-nano-20250808", "own slug"),
        ("openai/gpt-5-nano-20260807", "openai/gpt-5-nano-20260807", "own slug"),
        ("deepseek/deepseek-r1", "deepseek/deepseek-r1", "own slug"),
        ("deepseek/deepseek-r1-20250528", "deepseek/deepseek-r1-0528", "dated form"),
        ("deepseek/deepseek-v4-flash-20260801", "deepseek/deepseek-v4-flash-20260801", "own slug"),
        ("anthropic/claude-4.8-opus-fast", "anthropic/claude-4.8-opus-fast", "own slug"),
    ],
)
def test_reads_other_forms_of_a_date_only_where_the_catalogue_confirms_them(slug, model, rule):
    found = identity([GPT5, NANO, OPUS, R1_0528, FLASH, FLASH_0731])
    assert model_and_rule(found.match("openrouter", slug, None, DAY)) == (model, rule)


def test_a_slug_without_its_date_is_confirmed_by_the_id_in_the_same_words():
    medium = {
        "id": "mistralai/mistral-medium-3-5",
        "canonical_slug": "mistralai/mistral-medium-3.5-20260430",
        "name": "Mistral: Mistral Medium 3.5",
    }
    match = identity([medium]).match("openrouter", "mistralai/mistral-medium-3-5", None, DAY)
    assert match.rule == "catalogue id"
    match = identity([medium]).match(
        "zenmux", "mistralai/mistral-medium-3-5", "Mistral Medium 3.5", DAY
    )
    assert match.model == "mistralai/mistral-medium-3-5"


def test_openrouters_uncatalogued_model_stands_for_itself():
    match = identity([GPT5]).match("openrouter", "poolside/laguna-m.1-20260312:free", None, DAY)
    assert model_and_rule(match) == ("poolside/laguna-m.1-20260312", "own slug")
    assert (match.lab, match.flags) == ("poolside", ("free",))


def test_a_pointer_to_the_newest_is_no_model():
    pointer = {
        "id": "~openai/gpt-latest",
        "canonical_slug": "~openai/gpt-latest",
        "name": "OpenAI GPT Latest",
    }
    found = identity([pointer])
    assert dict(found.models) == {}
    match = found.match("openrouter", "~openai/gpt-latest", None, DAY)
    assert (match.model, match.lab) == (None, "openai")


def test_others_are_no_model():
    for name in ("other", OTHERS, ""):
        assert identity([GPT5]).match("openrouter", name, None, DAY).model is None


# ZenMux: slug and label


def test_needs_slug_and_label_to_agree_at_zenmux():
    found = identity([GPT5, NANO])
    assert found.match("zenmux", "openai/gpt-5", "GPT-5", DAY).model == "openai/gpt-5"
    assert found.match("zenmux", "openai/gpt-5", "OpenAI: GPT-5", DAY).model == "openai/gpt-5"
    assert found.match("zenmux", "openai/gpt-5", "GPT-5 Nano", DAY).model is None
    assert found.match("zenmux", "openai/gpt-5-nano", "GPT-5", DAY).model is None
    assert found.match("zenmux", "openai/gpt-5", None, DAY).model is None
    assert found.match("zenmux", "openai/gpt-5-anything", "GPT-5", DAY).model is None


def test_zenmux_writes_free_into_slug_and_label():
    flash = {
        "id": "z-ai/glm-4.7-flash",
        "canonical_slug": "z-ai/glm-4.7-flash-20260119",
        "name": "Z.ai: GLM 4.7 Flash",
    }
    found = identity([flash])
    match = found.match("zenmux", "z-ai/glm-4.7-flash-free", "GLM 4.7 Flash (Free)", DAY)
    assert model_and_rule(match) == ("z-ai/glm-4.7-flash", "catalogue id")
    assert match.flags == ("free",)
    assert found.match("zenmux", "z-ai/glm-4.7-flash-free", "GLM 4.7 Flash", DAY).model is None


def test_a_model_only_zenmux_lists_is_its_own():
    found = identity(
        [GPT5], [zenmux_entry("bytedance/doubao-seed-code", "ByteDance: Doubao-Seed-Code")]
    )
    match = found.match("zenmux", "bytedance/doubao-seed-code", "Doubao-Seed-Code", DAY)
    assert model_and_rule(match) == ("bytedance/doubao-seed-code", "own catalogue")
    # Neither another label nor another gateway's equal slug is that model.
    assert found.match("zenmux", "bytedance/doubao-seed-code", "Doubao", DAY).model is None
    assert found.match("openrouter", "bytedance/doubao-seed-code", None, DAY).model is None


def test_a_model_of_its_own_takes_no_id_or_name_of_another():
    found = identity(
        [GPT5, NANO],
        [
            zenmux_entry("openai/gpt-5", "OpenAI: GPT-5 Chat"),
            zenmux_entry("openai/x", "OpenAI: GPT-5"),
        ],
    )
    assert set(found.models) == {"openai/gpt-5", "openai/gpt-5-nano"}
    assert found.match("zenmux", "openai/gpt-5", "GPT-5 Chat", DAY).model is None
    assert found.match("zenmux", "openai/x", "GPT-5", DAY).model is None


def test_a_slug_whose_form_says_another_model_than_its_label_is_nobodys():
    by_form = {"id": "z-ai/x", "canonical_slug": "z-ai/x-20260101", "name": "Z.ai: X"}
    by_label = {"id": "z-ai/x0101", "canonical_slug": "z-ai/x0101", "name": "Z.ai: X0101"}
    found = identity([by_form, by_label])
    assert found.match("zenmux", "z-ai/x-0101", "X0101", DAY).model is None


def test_a_slug_that_is_an_id_has_no_other_form():
    by_id = {"id": "z-ai/x-0101", "canonical_slug": "z-ai/a", "name": "Z.ai: A"}
    by_form = {"id": "z-ai/b", "canonical_slug": "z-ai/x-20260101", "name": "Z.ai: B"}
    found = identity([by_id, by_form])
    assert found.match("zenmux", "z-ai/x-0101", "A", DAY).model == "z-ai/x-0101"
    assert found.match("zenmux", "z-ai/x-0101", "B", DAY).model is None


def test_an_id_that_two_models_share_is_no_model_of_its_own():
    entries = [
        {"id": f"z-ai/{name}", "canonical_slug": f"z-ai/{slug}", "name": slug}
        for slug in ("one", "two")
        for name in (slug, "shared-by-both")
    ]
    found = identity(entries, [zenmux_entry("z-ai/shared-by-both", "Z.AI: Third")])
    assert set(found.models) == {"z-ai/one", "z-ai/two"}
    assert found.match("zenmux", "z-ai/shared-by-both", "Third", DAY).model is None


@pytest.mark.parametrize(
    "entries",
    [
        # Another form of a known slug, under a label of its own.
        [zenmux_entry("anthropic/claude-4.8-opus", "Anthropic: Claude Opus 4.8 Special")],
        # A second id of a known model.
        [zenmux_entry("anthropic/claude-opus-4.8-latest", "Anthropic: Claude Whatever")],
        # Two ids with one name, and one id with two names.
        [zenmux_entry("z-ai/one", "Z.AI: Same"), zenmux_entry("z-ai/two", "Z.AI: same")],
        [zenmux_entry("z-ai/one", "Z.AI: This"), zenmux_entry("z-ai/one", "Z.AI: That")],
        # What people have decided on.
        [zenmux_entry("deepseek/deepseek-chat", "DeepSeek: DeepSeek Chat")],
    ],
)
def test_a_doubtful_model_is_not_one_of_its_own(entries):
    second_id = {**OPUS, "id": "anthropic/claude-opus-4.8-latest"}
    openrouter = [(OPUS, DAY), (second_id, DAY + dt.timedelta(days=1))]
    assert set(identity(openrouter, entries).models) == {"anthropic/claude-opus-4.8"}


def test_a_free_variant_of_a_model_of_its_own_is_that_model():
    found = identity(
        [],
        [
            zenmux_entry("z-ai/glm-x-free", "Z.AI: GLM X (Free)"),
            zenmux_entry("z-ai/glm-x", "Z.AI: GLM X"),
            # Its base is labelled otherwise, so it is no variant of it.
            zenmux_entry("z-ai/glm-v-flash-free", "Z.AI: GLM V Flash (Free)"),
            zenmux_entry("z-ai/glm-v-flash", "Z.AI: GLM V FlashX"),
        ],
    )
    assert set(found.models) == {"z-ai/glm-x", "z-ai/glm-v-flash", "z-ai/glm-v-flash-free"}
    free = found.match("zenmux", "z-ai/glm-x-free", "GLM X (Free)", DAY)
    assert (free.model, free.flags) == ("z-ai/glm-x", ("free",))
    other = found.match("zenmux", "z-ai/glm-v-flash-free", "GLM V Flash (Free)", DAY)
    assert (other.model, other.flags) == ("z-ai/glm-v-flash-free", ())


@pytest.mark.parametrize(
    ("label", "day", "model"),
    [
        ("DeepSeek V4 Flash", dt.date(2026, 6, 30), "deepseek/deepseek-v4-flash"),
        ("DeepSeek V4 Flash 0731", dt.date(2026, 6, 30), "deepseek/deepseek-v4-flash"),
        ("DeepSeek V4 Flash", dt.date(2026, 7, 27), "deepseek/deepseek-v4-flash"),
        ("DeepSeek V4 Flash", dt.date(2026, 7, 28), None),
        ("DeepSeek V4 Flash 0731", dt.date(2026, 8, 1), None),
        ("DeepSeek V4 Flash 0731", dt.date(2026, 8, 3), None),
        ("DeepSeek V4 Flash 0731", dt.date(2026, 8, 4), "deepseek/deepseek-v4-flash-0731"),
        ("DeepSeek V4 Flash", dt.date(2026, 8, 4), None),
    ],
)
def test_the_slug_that_zenmux_pointed_elsewhere_is_two_models(label, day, model):
    match = identity([FLASH, FLASH_0731]).match("zenmux", SLUG, label, day)
    assert match.model == model
    assert model is not None or match.reason


def test_a_window_over_both_is_neither():
    found = identity([FLASH, FLASH_0731])
    start, end = dt.date(2026, 7, 10), dt.date(2026, 8, 20)
    assert found.match("zenmux", SLUG, "DeepSeek V4 Flash 0731", end, since=start).model is None
    august = found.match("zenmux", SLUG, "DeepSeek V4 Flash 0731", end, since=end.replace(day=4))
    assert august.model == "deepseek/deepseek-v4-flash-0731"


def test_the_days_on_which_a_slug_changed_labels_are_undecided():
    renamed = [
        (zenmux_entry("openai/gpt-5", "OpenAI: GPT-5"), dt.date(2026, 3, 1)),
        (zenmux_entry("openai/gpt-5", "OpenAI: GPT-5"), dt.date(2026, 3, 10)),
        (zenmux_entry("openai/gpt-5", "OpenAI: GPT-5 Nano"), dt.date(2026, 3, 12)),
    ]
    found = identity([GPT5, NANO], renamed)
    # The label sent now is the newest one; what the slug was on a day before, it was.
    says = {
        day: found.match("zenmux", "openai/gpt-5", "GPT-5 Nano", dt.date(2026, 3, day)).model
        for day in (9, 10, 11, 12, 13)
    }
    assert says == {9: "openai/gpt-5", 10: None, 11: None, 12: None, 13: None}


# Vercel: names


def test_a_name_is_matched_where_one_lab_has_it():
    found = identity([NANO, GPT5])
    match = found.match("vercel", "GPT-5 nano", None, DAY)
    assert model_and_rule(match) == ("openai/gpt-5-nano", "unique name")


def test_a_name_that_two_labs_have_is_nobodys():
    twin = {"id": "cohere/gpt-5", "canonical_slug": "cohere/gpt-5", "name": "Cohere: GPT 5"}
    assert identity([GPT5, twin]).match("vercel", "GPT-5", None, DAY).model is None
    with_lab = identity([GPT5, twin], vercel=[vercel_entry("cohere/gpt-5", "GPT-5")])
    assert model_and_rule(with_lab.match("vercel", "GPT-5", None, DAY)) == (
        "cohere/gpt-5",
        "catalogue name",
    )


def test_vercels_catalogue_keeps_a_name_within_its_lab():
    found = identity([GPT5], vercel=[vercel_entry("zai/gpt-5", "GPT-5")])
    match = found.match("vercel", "GPT-5", None, DAY)
    assert model_and_rule(match) == ("z-ai/gpt-5", "own catalogue")


def test_a_name_whose_id_says_another_model_is_nobodys():
    found = identity([GPT5, NANO], vercel=[vercel_entry("openai/gpt-5", "GPT-5 nano")])
    assert found.match("vercel", "GPT-5 nano", None, DAY).model is None


def test_a_name_that_two_ids_of_vercel_have_is_nobodys():
    found = identity(
        [GPT5], vercel=[vercel_entry("openai/gpt-5", "GPT-5"), vercel_entry("openai/five", "GPT 5")]
    )
    assert found.match("vercel", "GPT-5", None, DAY).model is None


@pytest.mark.parametrize("gateway_slug", ["anthropic/claude-opus-4.8", "anthropic/claude-4.8-opus"])
def test_a_raw_slug_is_matched_by_lab_and_id(gateway_slug):
    match = identity([OPUS]).match("vercel", gateway_slug, None, DAY)
    assert match.model == "anthropic/claude-opus-4.8"


def test_a_raw_slug_in_vercels_spelling_of_the_lab_is_matched():
    grok = {"id": "x-ai/grok-9", "canonical_slug": "x-ai/grok-9-20260101", "name": "xAI: Grok 9"}
    match = identity([grok]).match("vercel", "xai/grok-9", None, DAY)
    assert model_and_rule(match) == ("x-ai/grok-9", "catalogue id")


def test_an_undated_name_is_not_a_dated_release():
    asr = {
        "id": "qwen/qwen3-asr-flash-2026-02-10",
        "canonical_slug": "qwen/qwen3-asr-flash-2026-02-10",
        "name": "Qwen: Qwen3 ASR Flash",
    }
    found = identity([asr])
    assert found.match("vercel", "Qwen3 ASR Flash", None, DAY).model is None
    assert found.match("zenmux", "qwen/qwen3-asr-flash", "Qwen3 ASR Flash", DAY).model is None


def test_aliases_come_last_and_say_why():
    flash = {
        "id": "google/gemini-3-flash-preview",
        "canonical_slug": "google/gemini-3-flash-preview-20251217",
        "name": "Google: Gemini 3 Flash Preview",
    }
    match = identity([flash]).match("vercel", "Gemini 3 Flash", None, DAY)
    assert model_and_rule(match) == ("google/gemini-3-flash-preview", "alias")
    assert "Preview" in match.reason
    final = {
        "id": "google/gemini-3-flash",
        "canonical_slug": "google/gemini-3-flash-20260801",
        "name": "Google: Gemini 3 Flash",
    }
    match = identity([flash, final]).match("vercel", "Gemini 3 Flash", None, DAY)
    assert model_and_rule(match) == ("google/gemini-3-flash", "unique name")


@pytest.mark.parametrize(
    "name",
    [
        "Nano Banana",
        "Nano Banana Pro",
        "MiMo M2.5",
        "Nova Lite",
        "Ministral 3B",
        "GPT 5.1 Thinking",
    ],
)
def test_what_is_ambiguous_is_withheld_whatever_a_catalogue_says(name):
    tempting = {
        "id": "google/tempting",
        "canonical_slug": "google/tempting",
        "name": f"Google: {name}",
    }
    match = identity([tempting], vercel=[vercel_entry("google/tempting", name)]).match(
        "vercel", name, None, DAY
    )
    assert match.model is None
    assert match.reason


# Ids that change hands, and the site's own ids


def test_an_id_pointed_at_a_new_release_leaves_the_old_one_its_page():
    old = {"id": "a/m", "canonical_slug": "a/m-20260101", "name": "A: M"}
    new = {"id": "a/m", "canonical_slug": "a/m-20260601", "name": "A: M 2"}
    found = identity(
        [(old, dt.date(2026, 2, 1)), (old, dt.date(2026, 6, 1)), (new, dt.date(2026, 6, 2))]
    )
    assert found.match("openrouter", "a/m-20260101", None, DAY).model == "a/m"
    assert found.match("openrouter", "a/m-20260601", None, DAY).model == "a/m-20260601"
    says = [
        found.match("openrouter", "a/m", None, day).model
        for day in (dt.date(2026, 5, 31), dt.date(2026, 6, 1), dt.date(2026, 6, 2), DAY)
    ]
    assert says == ["a/m", None, None, "a/m-20260601"]


def test_two_spellings_of_a_lab_share_no_id():
    one = {"id": "meta/llama-9", "canonical_slug": "meta/llama-9-20260101", "name": "Meta: Llama 9"}
    two = {
        "id": "meta-llama/llama-9",
        "canonical_slug": "meta-llama/llama-9",
        "name": "Llama 9 Old",
    }
    found = identity([one, two])
    models = {
        found.match("openrouter", entry["canonical_slug"], None, DAY).model for entry in (one, two)
    }
    assert len(models) == 2
    assert None not in models


def test_an_id_of_another_lab_than_its_canonical_slug_is_not_used():
    odd = {"id": "google/gadget", "canonical_slug": "openai/thing", "name": "Thing"}
    found = identity([odd])
    assert set(found.models) == {"openai/thing"}
    assert found.match("openrouter", "openai/thing", None, DAY).model == "openai/thing"
    for slug in ("google/gadget", "openai/gadget"):
        assert model_and_rule(found.match("openrouter", slug, None, DAY)) == (slug, "own slug")


def test_an_id_between_two_models_is_neither_and_stands_for_nothing():
    first = {"id": "a/first", "canonical_slug": "a/x-20260101", "name": "A: First"}
    second = {"id": "a/second", "canonical_slug": "a/y-20260101", "name": "A: Second"}
    shared = [{**entry, "id": "a/x"} for entry in (first, second)]
    found = identity(
        [
            (first, dt.date(2026, 2, 1)),
            (second, dt.date(2026, 2, 1)),
            (shared[0], dt.date(2026, 2, 2)),
            (shared[1], dt.date(2026, 2, 5)),
        ]
    )
    says = [
        found.match("openrouter", "a/x", None, dt.date(2026, 2, day)).model for day in (1, 3, 9)
    ]
    assert says == ["a/first", None, "a/second"]


def test_an_id_that_moved_to_another_family_answers_for_neither_in_between():
    first = {"id": "a/x", "canonical_slug": "a/x-20260101", "name": "A: X"}
    second = {"id": "a/x", "canonical_slug": "a/y-20260601", "name": "A: Y"}
    found = identity([(first, dt.date(2026, 2, 1)), (second, dt.date(2026, 6, 5))])
    assert found.match("openrouter", "a/x", None, dt.date(2026, 4, 1)).model is None


def test_two_releases_of_one_stem_leave_the_stem_undecided():
    earlier = {**OPUS, "id": "anthropic/claude-opus-4.8-preview"}
    later = {**OPUS, "canonical_slug": "anthropic/claude-4.8-opus-20260901"}
    for entries in ([earlier, later], [later, earlier]):
        match = identity(entries).match("openrouter", "anthropic/claude-4.8-opus", None, DAY)
        assert match.rule == "own slug"


def test_a_model_is_called_as_its_plain_id_is():
    plain = {"id": "a/x", "canonical_slug": "a/x-20260101", "name": "A: X"}
    free = {**plain, "id": "a/x:free", "name": "A: X at no charge"}
    for entries in ([plain, free], [free, plain]):
        assert identity(entries).models["a/x"].name == "X"


# Listed together


def test_two_names_listed_together_are_two_models():
    found = identity([NANO])
    listed = [("GPT-5 nano", None), ("GPT 5 Nano", None)]
    assert {match.model for match in found.matches("vercel", listed, DAY).values()} == {None}
    assert found.match("vercel", "GPT 5 Nano", None, DAY).model == "openai/gpt-5-nano"


def test_the_stronger_rule_keeps_the_model():
    listed = [(OPUS["id"], None), (OPUS["canonical_slug"], None)]
    matches = identity([OPUS]).matches("openrouter", listed, DAY)
    assert matches[OPUS["canonical_slug"]].model == "anthropic/claude-opus-4.8"
    assert matches[OPUS["id"]].model is None
    assert "same day" in matches[OPUS["id"]].reason


def test_variants_may_stand_beside_their_model():
    slug = OPUS["canonical_slug"]
    matches = identity([OPUS]).matches("openrouter", [(slug, None), (f"{slug}:free", None)], DAY)
    assert {match.model for match in matches.values()} == {"anthropic/claude-opus-4.8"}
