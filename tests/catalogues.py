"""Catalogues and readings made by hand, for the tests of who is who."""

import datetime as dt
from pathlib import Path

from hypothesis import strategies as st

from leaderboard.catalog import (
    Catalogue,
    Identity,
    accumulate,
    load,
)
from leaderboard.records import (
    OTHERS,
    Board,
    Citation,
    DailyValue,
    Day,
    Entity,
    Published,
    Reading,
)

PROJECT = Path(__file__).parents[1]
TABLES = load(PROJECT / "data")
DAY = dt.date(2026, 7, 29)
PUBLISHED = Published(retrieved_at=dt.datetime(2026, 7, 30, tzinfo=dt.UTC), as_of=None)
CREDIT = Citation(
    text="Source: x.", notice="x", url="https://x.example", license=None, license_url=None
)

GPT5 = {"id": "openai/gpt-5", "canonical_slug": "openai/gpt-5-2025-08-07", "name": "OpenAI: GPT-5"}
NANO = {
    "id": "openai/gpt-5-nano",
    "canonical_slug": "openai/gpt-5-nano-2025-08-07",
    "name": "OpenAI: GPT-5 Nano",
}
OPUS = {
    "id": "anthropic/claude-opus-4.8",
    "canonical_slug": "anthropic/claude-4.8-opus-20260528",
    "name": "Anthropic: Claude Opus 4.8",
}
GLM46 = {"id": "z-ai/glm-4.6", "canonical_slug": "z-ai/glm-4.6", "name": "Z.ai: GLM 4.6"}
GLM46V = {
    "id": "z-ai/glm-4.6v",
    "canonical_slug": "z-ai/glm-4.6-20251208",
    "name": "Z.ai: GLM 4.6V",
}
FLASH = {
    "id": "deepseek/deepseek-v4-flash",
    "canonical_slug": "deepseek/deepseek-v4-flash-20260423",
    "name": "DeepSeek: DeepSeek V4 Flash",
}
FLASH_0731 = {
    "id": "deepseek/deepseek-v4-flash-0731",
    "canonical_slug": "deepseek/deepseek-v4-flash-20260731",
    "name": "DeepSeek: DeepSeek V4 Flash 0731",
}
R1_0528 = {
    "id": "deepseek/deepseek-r1-0528",
    "canonical_slug": "deepseek/deepseek-r1-0528",
    "name": "DeepSeek: R1 0528",
}


def catalogue(source, *seen):
    """Make a catalogue of entries, all seen on DAY unless paired with a day of their own."""
    found = Catalogue(source=source)
    for entry in seen:
        entry, day = entry if isinstance(entry, tuple) else (entry, DAY)
        found = accumulate(found, [entry], day)
    return found


def identity(openrouter=(), zenmux=None, vercel=None, aliases=TABLES.aliases):
    catalogues = {"openrouter": catalogue("openrouter", *openrouter)}
    if zenmux is not None:
        catalogues["zenmux"] = catalogue("zenmux", *zenmux)
    if vercel is not None:
        catalogues["vercel"] = catalogue("vercel", *vercel)
    return Identity(labs=TABLES.labs, aliases=aliases, catalogues=catalogues)


def zenmux_entry(slug, name):
    return {"id": slug, "display_name": name, "owned_by": slug.partition("/")[0]}


def vercel_entry(slug, name):
    return {"id": slug, "name": name, "owned_by": slug.partition("/")[0]}


def model_and_rule(match):
    return match.model, match.rule


def reading_of(source, metric, figures, labels=None, others=0, kind="model"):
    labels = labels or {}
    keys = sorted({key for day in figures.values() for key in day})
    board = Board(
        source=source,
        kind=kind,
        metric=metric,
        scope=None,
        path=f"{source}/{kind}s/{metric}",
        entities={key: Entity(kind=kind, key=key, name=labels.get(key, key)) for key in keys},
        days=tuple(
            Day(
                date=date,
                values=tuple(
                    DailyValue(date=date, entity=key, value=value, share_pct=None)
                    for key, value in day.items()
                ),
                others=DailyValue(date=date, entity=OTHERS, value=others, share_pct=None),
                published=PUBLISHED,
                citation=CREDIT,
            )
            for date, day in sorted(figures.items())
        ),
    )
    return Reading(source=source, name=source, homepage="", population="", boards=(board,))


days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 12))
SLUG = "deepseek/deepseek-v4-flash"
GATEWAYS = ["openrouter", "vercel", "zenmux"]
ALIAS = "[[alias]]\ngateway='vercel'\nname='N'\nmodel='z-ai/n'\nreason='r'\n"
