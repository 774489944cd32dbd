"""Identity on what the gateways really served: coverage, and a table checked by hand."""

import datetime as dt
import functools
import json
from pathlib import Path

import pytest

from leaderboard.catalog import (
    RULES,
    Catalogue,
    Identity,
    accumulate,
    crosswalk,
    load,
    named,
    save_catalogue,
)
from leaderboard.records import (
    OTHERS,
    Board,
    Citation,
    DailyValue,
    Day,
    Entity,
    Published,
    RankedEntry,
    RankedList,
    Reading,
)

PROJECT = Path(__file__).parents[1]
REAL = PROJECT.parent / "shared" / "real"
CATALOGUED = dt.date(2026, 7, 29)
JUNE = dt.date(2026, 6, 30)
NOVEMBER = dt.date(2026, 11, 19)
PUBLISHED = Published(retrieved_at=dt.datetime(2026, 7, 30, tzinfo=dt.UTC), as_of=None)
CREDIT = Citation(text="-", notice="-", url="https://x.example", license=None, license_url=None)

# The release of 2026-07-31, which came after the recorded catalogue.
FLASH_0731 = {
    "id": "deepseek/deepseek-v4-flash-0731",
    "canonical_slug": "deepseek/deepseek-v4-flash-20260731",
    "name": "DeepSeek: DeepSeek V4 Flash 0731",
}

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the recorded bodies are not here")


@functools.cache
def recorded(path):
    return json.loads((REAL / path).read_text("utf-8"))


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    """Load the recorded catalogues of one day, as a run would have kept them."""
    folder = tmp_path_factory.mktemp("data")
    for source in ("openrouter", "zenmux"):
        rows = recorded(f"{source}/models_2026-07-29.json")["data"]
        found = accumulate(Catalogue(source=source), rows, CATALOGUED)
        if source == "openrouter":
            found = accumulate(found, [FLASH_0731], dt.date(2026, 8, 1))
        save_catalogue(folder, found)
    return load(folder)


# The model; OpenRouter's permaslug; ZenMux's slug and label; Vercel's name. None: not known to
# be listed there. By hand, from the recorded bodies and the documented names.
TRIPLES = [
    ("anthropic/claude-opus-4.8", "anthropic/claude-4.8-opus-20260528",
     ("anthropic/claude-opus-4.8", "Claude Opus 4.8"), "Claude Opus 4.8"),
    ("anthropic/claude-opus-5", "anthropic/claude-opus-5-20260723",
     ("anthropic/claude-opus-5", "Claude Opus 5"), "Claude Opus 5"),
    ("anthropic/claude-opus-4.7", "anthropic/claude-4.7-opus-20260416",
     ("anthropic/claude-opus-4.7", "Claude Opus 4.7"), None),
    ("anthropic/claude-opus-4.6", "anthropic/claude-4.6-opus-20260205",
     ("anthropic/claude-opus-4.6", "Claude Opus 4.6"), "Claude Opus 4.6"),
    ("anthropic/claude-opus-4.5", "anthropic/claude-4.5-opus-20251124",
     ("anthropic/claude-opus-4.5", "Claude Opus 4.5"), "Claude Opus 4.5"),
    ("anthropic/claude-opus-4.1", "anthropic/claude-4.1-opus-20250805",
     ("anthropic/claude-opus-4.1", "Claude Opus 4.1"), "anthropic/claude-opus-4.1"),
    ("anthropic/claude-opus-4", "anthropic/claude-4-opus-20250522",
     ("anthropic/claude-opus-4", "Claude Opus 4"), None),
    ("anthropic/claude-sonnet-5", "anthropic/claude-sonnet-5-20260630",
     ("anthropic/claude-sonnet-5", "Claude Sonnet 5"), None),
    ("anthropic/claude-sonnet-4.6", "anthropic/claude-4.6-sonnet-20260217",
     ("anthropic/claude-sonnet-4.6", "Claude Sonnet 4.6"), "Claude Sonnet 4.6"),
    ("anthropic/claude-sonnet-4.5", "anthropic/claude-4.5-sonnet-20250929",
     ("anthropic/claude-sonnet-4.5", "Claude Sonnet 4.5"), "Claude Sonnet 4.5"),
    ("anthropic/claude-sonnet-4", "anthropic/claude-4-sonnet-20250522",
     ("anthropic/claude-sonnet-4", "Claude Sonnet 4"), "Claude Sonnet 4"),
    ("anthropic/claude-haiku-4.5", "anthropic/claude-4.5-haiku-20251001",
     ("anthropic/claude-haiku-4.5", "Claude Haiku 4.5"), "Claude Haiku 4.5"),
    ("anthropic/claude-fable-5", "anthropic/claude-5-fable-20260609",
     ("anthropic/claude-fable-5", "Claude Fable 5"), None),
    ("openai/gpt-5", "openai/gpt-5-2025-08-07", ("openai/gpt-5", "GPT-5"), "GPT-5"),
    ("openai/gpt-5-mini", "openai/gpt-5-mini-2025-08-07",
     ("openai/gpt-5-mini", "GPT-5 Mini"), None),
    ("openai/gpt-5-nano", "openai/gpt-5-nano-2025-08-07",
     ("openai/gpt-5-nano", "GPT-5 Nano"), "GPT-5 nano"),
    ("openai/gpt-5-pro", "openai/gpt-5-pro-2025-10-06", ("openai/gpt-5-pro", "GPT-5 Pro"), None),
    ("openai/gpt-5-codex", "openai/gpt-5-codex", ("openai/gpt-5-codex", "GPT-5 Codex"), None),
    ("openai/gpt-5.1", "openai/gpt-5.1-20251113", ("openai/gpt-5.1", "GPT-5.1"), None),
    ("openai/gpt-5.2", "openai/gpt-5.2-20251211", ("openai/gpt-5.2", "GPT-5.2"), None),
    ("openai/gpt-5.2-pro", "openai/gpt-5.2-pro-20251211",
     ("openai/gpt-5.2-pro", "GPT-5.2 Pro"), None),
    ("openai/gpt-5.3-codex", "openai/gpt-5.3-codex-20260224",
     ("openai/gpt-5.3-codex", "GPT-5.3-Codex"), None),
    ("openai/gpt-5.4", "openai/gpt-5.4-20260305", ("openai/gpt-5.4", "GPT-5.4"), "GPT 5.4"),
    ("openai/gpt-5.4-mini", "openai/gpt-5.4-mini-20260317",
     ("openai/gpt-5.4-mini", "GPT-5.4 Mini"), None),
    ("openai/gpt-5.4-nano", "openai/gpt-5.4-nano-20260317",
     ("openai/gpt-5.4-nano", "GPT-5.4 Nano"), None),
    ("openai/gpt-5.5", "openai/gpt-5.5-20260423", ("openai/gpt-5.5", "GPT-5.5"), None),
    ("openai/gpt-5.5-pro", "openai/gpt-5.5-pro-20260423",
     ("openai/gpt-5.5-pro", "GPT-5.5 Pro"), None),
    ("openai/gpt-5.6-luna", "openai/gpt-5.6-luna-20260709",
     ("openai/gpt-5.6-luna", "GPT-5.6 Luna"), "GPT 5.6 Luna"),
    ("openai/gpt-5.6-luna-pro", "openai/gpt-5.6-luna-pro-20260709", None, None),
    ("openai/gpt-5.6-sol", "openai/gpt-5.6-sol-20260709",
     ("openai/gpt-5.6-sol", "GPT-5.6 Sol"), None),
    ("openai/gpt-4.1", "openai/gpt-4.1-2025-04-14", ("openai/gpt-4.1", "GPT-4.1"), None),
    ("openai/gpt-4.1-mini", "openai/gpt-4.1-mini-2025-04-14",
     ("openai/gpt-4.1-mini", "GPT-4.1 Mini"), "GPT-4.1 mini"),
    ("openai/gpt-4o-mini", "openai/gpt-4o-mini",
     ("openai/gpt-4o-mini", "GPT-4o-mini"), "GPT-4o mini"),
    ("openai/gpt-4o", "openai/gpt-4o", ("openai/gpt-4o", "GPT-4o"), None),
    ("openai/gpt-oss-20b", "openai/gpt-oss-20b", None, "GPT OSS 20B"),
    ("openai/gpt-oss-120b", "openai/gpt-oss-120b:free", None, None),
    ("google/gemini-3-flash-preview", "google/gemini-3-flash-preview-20251217",
     ("google/gemini-3-flash-preview", "Gemini 3 Flash Preview"), "Gemini 3 Flash"),
    ("google/gemini-3.1-pro-preview", "google/gemini-3.1-pro-preview-20260219",
     ("google/gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview"), "Gemini 3.1 Pro Preview"),
    ("google/gemini-3.1-flash-lite", "google/gemini-3.1-flash-lite-20260507",
     ("google/gemini-3.1-flash-lite", "Gemini 3.1 Flash Lite"), None),
    ("google/gemini-3.1-flash-lite-preview", "google/gemini-3.1-flash-lite-preview-20260303",
     ("google/gemini-3.1-flash-lite-preview", "Gemini 3.1 Flash Lite Preview"), None),
    ("google/gemini-3.5-flash", "google/gemini-3.5-flash-20260519",
     ("google/gemini-3.5-flash", "Gemini 3.5 Flash"), None),
    ("google/gemini-2.5-flash", "google/gemini-2.5-flash",
     ("google/gemini-2.5-flash", "Gemini 2.5 Flash"), "Gemini 2.5 Flash"),
    ("google/gemini-2.5-flash-lite", "google/gemini-2.5-flash-lite",
     ("google/gemini-2.5-flash-lite", "Gemini 2.5 Flash Lite"), "Gemini 2.5 Flash Lite"),
    ("google/gemini-2.5-pro", "google/gemini-2.5-pro",
     ("google/gemini-2.5-pro", "Gemini 2.5 Pro"), "Gemini 2.5 Pro"),
    ("google/gemini-2.5-flash-image", "google/gemini-2.5-flash-image", None,
     "Nano Banana (Gemini 2.5 Flash Image)"),
    ("google/gemma-4-26b-a4b-it", "google/gemma-4-26b-a4b-it-20260403", None, None),
    ("deepseek/deepseek-v4-flash", "deepseek/deepseek-v4-flash-20260423",
     ("deepseek/deepseek-v4-flash", "DeepSeek V4 Flash"), "DeepSeek V4 Flash"),
    ("deepseek/deepseek-v4-flash-0731", "deepseek/deepseek-v4-flash-20260731", None,
     "DeepSeek V4 Flash 0731"),
    ("deepseek/deepseek-v4-pro", "deepseek/deepseek-v4-pro-20260423",
     ("deepseek/deepseek-v4-pro", "DeepSeek V4 Pro"), None),
    ("deepseek/deepseek-v3.2", "deepseek/deepseek-v3.2-20251201",
     ("deepseek/deepseek-v3.2", "DeepSeek V3.2"), None),
    ("deepseek/deepseek-v3.2-exp", "deepseek/deepseek-v3.2-exp",
     ("deepseek/deepseek-v3.2-exp", "DeepSeek-V3.2-Exp"), None),
    ("deepseek/deepseek-r1-0528", "deepseek/deepseek-r1-0528",
     ("deepseek/deepseek-r1-0528", "DeepSeek R1 0528"), None),
    ("z-ai/glm-5.2", "z-ai/glm-5.2-20260616", ("z-ai/glm-5.2", "GLM 5.2"), "GLM 5.2"),
    ("z-ai/glm-5.1", "z-ai/glm-5.1-20260406", ("z-ai/glm-5.1", "GLM 5.1"), None),
    ("z-ai/glm-5", "z-ai/glm-5-20260211", ("z-ai/glm-5", "GLM 5"), None),
    ("z-ai/glm-5-turbo", "z-ai/glm-5-turbo-20260315", ("z-ai/glm-5-turbo", "GLM 5 Turbo"), None),
    ("z-ai/glm-4.7", "z-ai/glm-4.7-20251222", ("z-ai/glm-4.7", "GLM 4.7"), None),
    ("z-ai/glm-4.7-flash", "z-ai/glm-4.7-flash-20260119",
     ("z-ai/glm-4.7-flash-free", "GLM 4.7 Flash (Free)"), None),
    ("z-ai/glm-4.6", "z-ai/glm-4.6", ("z-ai/glm-4.6", "GLM 4.6"), None),
    ("z-ai/glm-4.6v", "z-ai/glm-4.6-20251208", ("z-ai/glm-4.6v", "GLM 4.6V"), None),
    ("moonshotai/kimi-k3", "moonshotai/kimi-k3-20260715",
     ("moonshotai/kimi-k3", "Kimi K3"), "Kimi K3"),
    ("moonshotai/kimi-k2.7-code", "moonshotai/kimi-k2.7-code-20260612",
     ("moonshotai/kimi-k2.7-code", "Kimi K2.7 Code"), None),
    ("moonshotai/kimi-k2.5", "moonshotai/kimi-k2.5-0127",
     ("moonshotai/kimi-k2.5", "Kimi K2.5"), None),
    ("stepfun/step-3.7-flash", "stepfun/step-3.7-flash-20260528",
     ("stepfun/step-3.7-flash", "Step 3.7 Flash"), "Step 3.7 Flash"),
    ("minimax/minimax-m3", "minimax/minimax-m3-20260531",
     ("minimax/minimax-m3", "MiniMax M3"), "MiniMax M3"),
    ("minimax/minimax-m2.7", "minimax/minimax-m2.7-20260318",
     ("minimax/minimax-m2.7", "MiniMax M2.7"), "Minimax M2.7"),
    ("xiaomi/mimo-v2.5", "xiaomi/mimo-v2.5-20260422", ("xiaomi/mimo-v2.5", "MiMo-V2.5"), None),
    ("xiaomi/mimo-v2.5-pro", "xiaomi/mimo-v2.5-pro-20260422",
     ("xiaomi/mimo-v2.5-pro", "MiMo-V2.5-Pro"), None),
    ("qwen/qwen3.7-max", "qwen/qwen3.7-max-20260520", ("qwen/qwen3.7-max", "Qwen3.7-Max"), None),
    ("qwen/qwen3.6-plus", "qwen/qwen3.6-plus-04-02",
     ("qwen/qwen3.6-plus", "Qwen3.6-Plus"), None),
    ("qwen/qwen3.5-flash-02-23", "qwen/qwen3.5-flash-20260224",
     ("qwen/qwen3.5-flash", "Qwen3.5-Flash"), None),
    ("qwen/qwen3-235b-a22b-2507", "qwen/qwen3-235b-a22b-07-25",
     ("qwen/qwen3-235b-a22b-2507", "Qwen3 235B A22B Instruct 2507"), None),
    ("mistralai/mistral-large-2512", "mistralai/mistral-large-2512",
     ("mistralai/mistral-large-2512", "Mistral Large 3"), None),
    ("meta/llama-4-scout", "meta-llama/llama-4-scout-17b-16e-instruct",
     ("meta/llama-4-scout-17b-16e-instruct", "Llama 4 Scout Instruct"), None),
    ("meta/llama-3.3-70b-instruct", "meta-llama/llama-3.3-70b-instruct",
     ("meta/llama-3.3-70b-instruct", "Llama 3.3 70B Instruct"), None),
    ("kwaipilot/kat-coder-pro-v2.5", "kwaipilot/kat-coder-pro-v2.5-20260710",
     ("kuaishou/kat-coder-pro-v2.5", "KAT-Coder-Pro-V2.5"), None),
    ("x-ai/grok-4.3", "x-ai/grok-4.3-20260430", ("x-ai/grok-4.3", "Grok 4.3"), None),
    ("tencent/hy3-preview", "tencent/hy3-preview-20260421",
     ("tencent/hy3-preview", "Hy3 preview"), None),
    ("tencent/hy3", "tencent/hy3-20260706", ("tencent/hy3", "Hy3"), None),
    ("inclusionai/ling-3.0-flash", "inclusionai/ling-3.0-flash-20260723:free",
     ("inclusionai/ling-3.0-flash", "Ling-3.0-flash"), None),
    ("nvidia/nemotron-3-super-120b-a12b", "nvidia/nemotron-3-super-120b-a12b-20230311:free",
     None, None),
]  # fmt: skip


def test_the_table_is_large_and_names_each_model_once():
    assert len(TRIPLES) >= 60
    assert len({model for model, *_ in TRIPLES}) == len(TRIPLES)


@pytest.mark.parametrize(("model", "openrouter", "zenmux", "vercel"), TRIPLES)
def test_joins_what_is_one_model_and_nothing_else(identity, model, openrouter, zenmux, vercel):
    match = identity.match("openrouter", openrouter, None, JUNE)
    assert (match.model, match.rule in ("canonical slug", "variant stripped")) == (model, True)
    if zenmux:
        assert identity.match("zenmux", *zenmux, JUNE).model == model
    if vercel:
        assert identity.match("vercel", vercel, None, JUNE).model == model


# Where a join is tempting and wrong, or not known to be right.
NOT_THAT = [
    ("zenmux", "deepseek/deepseek-v4-flash", "DeepSeek V4 Flash 0731", NOVEMBER,
     "deepseek/deepseek-v4-flash"),
    ("zenmux", "deepseek/deepseek-v4-flash", "DeepSeek V4 Flash", dt.date(2026, 7, 31), None),
    ("zenmux", "deepseek/deepseek-chat", "DeepSeek-V3.2 (Non-thinking Mode)", JUNE, None),
    ("zenmux", "qwen/qwen3-max", "Qwen3-Max-Thinking", JUNE, None),
    ("zenmux", "qwen/qwen3-asr-flash", "Qwen3 ASR Flash", JUNE, None),
    ("zenmux", "qwen/qwen3-coder", "Qwen3-Coder", JUNE, None),
    ("zenmux", "bytedance/doubao-seedance-2.0", "Doubao-Seedance-2.0", JUNE, None),
    ("zenmux", "z-ai/glm-4.7-flashx", "GLM 4.7 FlashX", JUNE, "z-ai/glm-4.7-flash"),
    ("zenmux", "minimax/minimax-m2.7-highspeed", "MiniMax M2.7 highspeed", JUNE,
     "minimax/minimax-m2.7"),
    ("zenmux", "moonshotai/kimi-k2.7-code-highspeed", "Kimi K2.7 Code HighSpeed", JUNE,
     "moonshotai/kimi-k2.7-code"),
    ("zenmux", "qwen/qwen3.5-plus", "Qwen3.5-Plus", JUNE, "qwen/qwen3.5-plus-02-15"),
    ("zenmux", "bytedance/doubao-seed-2.0-mini", "Doubao-Seed-2.0-mini", JUNE,
     "bytedance/seed-2.0-mini"),
    ("zenmux", "x-ai/grok-4.2-fast-non-reasoning", "Grok 4.2 Fast Non Reasoning", JUNE,
     "x-ai/grok-4.2-fast"),
    ("vercel", "Nova Lite", None, JUNE, None),
    ("vercel", "Nano Banana", None, JUNE, None),
    ("vercel", "Nano Banana Pro", None, JUNE, None),
    ("vercel", "MiMo M2.5", None, JUNE, None),
    ("vercel", "Ministral 3B", None, JUNE, None),
    ("vercel", "GPT 5.1 Thinking", None, JUNE, None),
    ("vercel", "Grok 4.1 Fast Non-Reasoning", None, JUNE, None),
    ("vercel", "Grok 4.1 Fast Reasoning", None, JUNE, None),
    ("vercel", "KAT-Coder-Pro V1", None, JUNE, None),
    ("vercel", "GLM 5.3 Flash", None, JUNE, None),
    ("vercel", "google/gemini-2.0-flash-lite", None, JUNE, None),
    ("openrouter", "deepseek/deepseek-v4-pro-20260813", None, NOVEMBER,
     "deepseek/deepseek-v4-pro"),
    ("openrouter", "xiaomi/mimo-v2-flash-20251210", None, JUNE, "xiaomi/mimo-v2.5"),
]  # fmt: skip


@pytest.mark.parametrize(("gateway", "name", "label", "day", "tempting"), NOT_THAT)
def test_does_not_join_what_only_looks_alike(identity, gateway, name, label, day, tempting):
    model = identity.match(gateway, name, label, day).model
    if tempting is None:
        assert model is None
    else:
        assert model != tempting


def test_retired_models_are_found_by_raw_slug(identity):
    for name, model in (
        ("xai/grok-code-fast-1", "x-ai/grok-code-fast-1"),
        ("anthropic/claude-3.7-sonnet", "anthropic/claude-3.7-sonnet"),
    ):
        assert identity.match("vercel", name, None, dt.date(2025, 10, 1)).model == model


def test_each_model_of_openrouters_catalogue_is_one(identity):
    rows = [
        row
        for row in recorded("openrouter/models_2026-07-29.json")["data"]
        if not row["id"].startswith("~")
    ]
    by_slug = {
        row["canonical_slug"]: identity.match("openrouter", row["canonical_slug"], None, JUNE).model
        for row in rows
    }
    assert len(set(by_slug.values())) == len(by_slug)
    for row in rows:
        assert (
            identity.match("openrouter", row["id"], None, JUNE).model
            == by_slug[row["canonical_slug"]]
        )


def test_no_two_names_of_zenmuxs_catalogue_are_one_model(identity):
    rows = recorded("zenmux/models_2026-07-29.json")["data"]
    found = [
        (match.model, match.flags)
        for row in rows
        if (match := identity.match("zenmux", row["id"], row["display_name"], JUNE)).model
    ]
    assert len(set(found)) == len(found)
    assert len(found) >= 140


def openrouter_june():
    days = {}
    for row in recorded("openrouter/rankings-daily_2026-06-01_2026-06-30.json")["data"]:
        days.setdefault(dt.date.fromisoformat(row["date"]), {})[row["model_permaslug"]] = int(
            row["total_tokens"]
        )
    keys = sorted({key for day in days.values() for key in day} - {"other"})
    board = Board(
        source="openrouter",
        kind="model",
        metric="tokens",
        scope=None,
        path="openrouter/models/tokens",
        entities={key: Entity(kind="model", key=key, name=key) for key in keys},
        days=tuple(
            Day(
                date=date,
                values=tuple(
                    DailyValue(date=date, entity=key, value=value, share_pct=None)
                    for key, value in day.items()
                    if key != "other"
                ),
                others=DailyValue(date=date, entity=OTHERS, value=day["other"], share_pct=None),
                published=PUBLISHED,
                citation=CREDIT,
            )
            for date, day in sorted(days.items())
        ),
    )
    return _reading("openrouter", board)


def zenmux_june():
    data = recorded("zenmux/leaderboard_tokens_2026-06_limit50.json")["data"]
    entries = [
        RankedEntry(rank=row["rank"], entity=row["model"], value=row["value"])
        for row in data["entries"]
    ]
    board = Board(
        source="zenmux",
        kind="model",
        metric="tokens",
        scope=None,
        path="zenmux/models/tokens",
        entities={
            row["model"]: Entity(kind="model", key=row["model"], name=row["label"])
            for row in data["entries"]
        },
        lists=(
            RankedList(
                window="30d",
                start=dt.date.fromisoformat(data["starting_at"]),
                end=dt.date.fromisoformat(data["ending_at"]),
                entries=tuple(entry for entry in entries if entry.entity != OTHERS),
                others=next(entry for entry in entries if entry.entity == OTHERS),
                published=PUBLISHED,
                citation=CREDIT,
            ),
        ),
    )
    return _reading("zenmux", board)


def _reading(source, *boards):
    return Reading(source=source, name=source, homepage="", population="", boards=boards)


def test_openrouters_coverage_is_at_least_98_percent(identity):
    (coverage,) = crosswalk(identity, [openrouter_june()]).coverage
    listed = matched = 0
    for row in recorded("openrouter/rankings-daily_2026-06-01_2026-06-30.json")["data"]:
        if row["model_permaslug"] != "other":
            tokens = int(row["total_tokens"])
            listed += tokens
            day = dt.date.fromisoformat(row["date"])
            if identity.match("openrouter", row["model_permaslug"], None, day).model:
                matched += tokens
    assert coverage.of_listed_pct == pytest.approx(100 * matched / listed)
    assert coverage.of_listed_pct >= 98
    assert (coverage.start, coverage.end) == (dt.date(2026, 6, 1), JUNE)


def test_most_of_openrouters_volume_is_confirmed_by_the_catalogue(identity):
    rows = crosswalk(identity, [openrouter_june()]).rows
    own = {row.name: row.share_pct for row in rows if row.rule == "own slug"}
    assert set(own) == {
        "openrouter/owl-alpha",
        "poolside/laguna-m.1-20260312:free",
        "poolside/laguna-xs.2-20260421:free",
        "xiaomi/mimo-v2-flash-20251210",
    }
    assert sum(own.values()) == pytest.approx(7.53, abs=0.01)


def test_zenmuxs_coverage_is_at_least_98_percent(identity):
    table = crosswalk(identity, [zenmux_june()])
    (coverage,) = table.coverage
    assert coverage.of_listed_pct >= 98
    assert [row.name for row in table.unmatched] == [
        "deepseek/deepseek-chat",
        "bytedance/doubao-seedance-2.0",
    ]
    # Even without what only ZenMux lists.
    own = sum(row.share_pct for row in table.rows if row.rule == "own catalogue")
    listed = coverage.matched_pct + coverage.unmatched_pct
    assert 100 * (coverage.matched_pct - own) / listed >= 98


@pytest.mark.parametrize("day", ["2025-10-01", "2026-03-15"])
def test_every_name_of_vercels_days_has_a_rule_or_is_listed_unmatched(identity, day):
    rows = recorded(f"vercel/models_text_{day}.json")["rows"]
    listed = sorted({row["name"] for row in rows} - {"Other"})
    matches = identity.matches(
        "vercel", [(name, None) for name in listed], dt.date.fromisoformat(day)
    )
    unmatched = {name for name, match in matches.items() if match.model is None}
    assert all(matches[name].rule in RULES for name in set(listed) - unmatched)
    assert (
        unmatched
        == {
            "2025-10-01": {"Nova Lite", "google/gemini-2.0-flash-lite"},
            "2026-03-15": {
                "Grok 4.1 Fast Non-Reasoning",
                "Grok 4.1 Fast Reasoning",
                "KAT-Coder-Pro V1",
            },
        }[day]
    )


def test_every_lab_of_the_recorded_bodies_is_in_the_table():
    labs = load(PROJECT / "data").labs
    authors = {
        row["id"].partition("/")[0]
        for source in ("openrouter", "zenmux")
        for row in recorded(f"{source}/models_2026-07-29.json")["data"]
    }
    authors |= {
        row["model_permaslug"].partition("/")[0]
        for row in recorded("openrouter/rankings-daily_2026-06-01_2026-06-30.json")["data"]
        if "/" in row["model_permaslug"]
    }
    excerpt = (REAL / "openrouter/export-rankings-daily_2026-10-08_excerpt.csv").read_text()
    authors |= {line.split(",")[1].partition("/")[0] for line in excerpt.splitlines()[1:]}
    authors -= {"other"}
    assert {author for author in authors if not labs.known(labs.of(author))} == set()


def test_every_listed_name_has_a_lab_people_can_read(identity):
    for reading in (openrouter_june(), zenmux_june()):
        (board,) = named(reading, identity).boards
        for key, entity in board.entities.items():
            if key != OTHERS:
                assert entity.lab_name is not None, key
                assert identity.labs.known(entity.lab), key


def test_names_openrouters_leaders_for_people(identity):
    (board,) = named(openrouter_june(), identity).boards
    names = {key: entity.name for key, entity in board.entities.items()}
    assert names["anthropic/claude-4.8-opus-20260528"] == "Claude Opus 4.8"
    assert names["deepseek/deepseek-v4-flash-20260423"] == "DeepSeek V4 Flash"
    assert names["openai/gpt-oss-120b:free"] == "gpt-oss-120b (free)"
    assert names["openrouter/owl-alpha"] == "openrouter/owl-alpha"
    assert len(set(names.values())) == len(names)


def test_joining_on_ids_would_have_matched_almost_nothing(identity):
    """The mistake this room exists to avoid: OpenRouter's rankings do not speak in ids."""
    slugs = {
        row["model_permaslug"]
        for row in recorded("openrouter/rankings-daily_2026-06-01_2026-06-30.json")["data"]
    } - {"other"}
    ids = {row["id"] for row in recorded("openrouter/models_2026-07-29.json")["data"]}
    assert len(slugs & ids) < len(slugs) / 4
    assert all(identity.match("openrouter", slug, None, JUNE).model for slug in slugs)


def test_an_identity_without_catalogues_still_knows_labs_and_aliases():
    bare = load(PROJECT / "tests")
    assert isinstance(bare, Identity)
    match = bare.match("vercel", "Gemini 3 Flash", None, JUNE)
    assert (match.model, match.rule) == ("google/gemini-3-flash-preview", "alias")
