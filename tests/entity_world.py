"""Three small gateways with catalogues, for the tests of the pages about models, labs and apps."""

import dataclasses
import datetime as dt
from pathlib import Path

from leaderboard import boards, site
from leaderboard.catalog import Identity, named
from leaderboard.records import (
    Board,
    Citation,
    Entity,
    Published,
    RankedEntry,
    RankedList,
    Reading,
)
from tests import catalogues, specimens

LAST = dt.date(2026, 8, 20)
FIRST = LAST - dt.timedelta(days=59)
FETCHED = dt.datetime(2026, 8, 21, 3, tzinfo=dt.UTC)
OPUS = "anthropic/claude-opus-4.8"
FLASH = "deepseek/deepseek-v4-flash"
FLASH_0731 = "deepseek/deepseek-v4-flash-0731"
GPT = "openai/gpt-5"
GLM = "z-ai/glm-4.6"
GONE = "stealth/mystery-alpha"
NAMES = {"openrouter": "OpenRouter", "vercel": "Vercel AI Gateway", "zenmux": "ZenMux"}
CREDITS = {
    source: Citation(
        text=f"Source: {name}, in its own words.",
        notice=f"Source: {name}, in its own words. {licence or 'No open licence'}.",
        url=f"https://{source}.example/rankings",
        license=licence,
        license_url="https://creativecommons.org/licenses/by/4.0/" if licence else None,
    )
    for (source, name), licence in zip(NAMES.items(), ("CC-BY-4.0", "CC-BY-4.0", None), strict=True)
}
HOSTILE = "<script>alert(1)</script>"
APPS = {"101": "First App", "102": HOSTILE, "103": "=cmd|' /C calc'!A0", "104": "\u202eevil"}


def identity(*, is_known: bool = True) -> Identity:
    """Say who is who, or, before anything is known, that everybody is themselves."""
    if not is_known:
        return catalogues.identity()
    vercel = (
        catalogues.vercel_entry("anthropic/claude-opus-4.8", "Claude Opus 4.8"),
        catalogues.vercel_entry("openai/gpt-5", "GPT-5"),
    )
    zenmux = (
        catalogues.zenmux_entry("anthropic/claude-opus-4.8", "Anthropic: Claude Opus 4.8"),
        catalogues.zenmux_entry("deepseek/deepseek-v4-flash", "DeepSeek: DeepSeek V4 Flash 0731"),
    )
    return catalogues.identity(
        openrouter=(
            catalogues.OPUS,
            catalogues.GPT5,
            catalogues.GLM46,
            catalogues.FLASH,
            catalogues.FLASH_0731,
        ),
        vercel=[(entry, LAST) for entry in vercel],
        zenmux=[(entry, LAST) for entry in zenmux],
    )


def days() -> list[dt.date]:
    return [FIRST + dt.timedelta(days=number) for number in range(60)]


def sent() -> tuple[Reading, ...]:
    """Give what the three gateways published, as they sent it."""
    openrouter = {
        day: {
            "anthropic/claude-4.8-opus-20260528": 300 + number,
            "openai/gpt-5-2025-08-07": 200,
            "z-ai/glm-4.6": 90,
            **({"z-ai/glm-4.6:free": 60} if number % 2 else {}),
            **({"stealth/mystery-alpha": 500} if number < 5 else {}),
        }
        for number, day in enumerate(days())
    }
    vercel = {day: {"Claude Opus 4.8": 40, "Nano Banana Pro": 30} for day in days()}
    zenmux = {
        day: {"anthropic/claude-opus-4.8": 50, "deepseek/deepseek-v4-flash": 100 + number}
        for number, day in enumerate(days())
    }
    labels = {
        "anthropic/claude-opus-4.8": "Claude Opus 4.8",
        "deepseek/deepseek-v4-flash": "DeepSeek V4 Flash 0731",
    }
    money = {day: {key: 2 * value for key, value in row.items()} for day, row in zenmux.items()}
    images = {day: {"Seedance 2.0": 7} for day in days()}
    spend = {
        day: {"Claude Opus 4.8": 9, **({"Seedance 2.0": 1} if number < 5 else {})}
        for number, day in enumerate(days())
    }
    return (
        _gateway("openrouter", [("tokens", openrouter, {}, 120)], _apps()),
        _gateway(
            "vercel",
            [("tokens", vercel, {}, 30)],
            _scoped("all", "spend", spend),
            _scoped("image", "images", images),
        ),
        _gateway("zenmux", [("tokens", zenmux, labels, 10), ("cost", money, labels, 10)]),
    )


def readings(who: Identity) -> tuple[Reading, ...]:
    return tuple(boards.derive(named(reading, who)) for reading in sent())


def render(out: Path, who: Identity | None = None, **edition: object) -> site.Summary:
    who = who or identity()
    moment = {"built_at": FETCHED}
    return site.render(
        specimens.edition(**(moment | edition)),
        readings(who),
        (),
        out,
        processes=2,
        cache=None,
        identity=who,
        sent=sent(),
    )


def _gateway(source: str, tables: list[tuple], *more: Board) -> Reading:
    made = [
        _credited(catalogues.reading_of(source, metric, figures, labels, others).boards[0])
        for metric, figures, labels, others in tables
    ]
    return Reading(
        source=source,
        name=NAMES[source],
        homepage=f"https://{source}.example",
        population=f"What passes through {NAMES[source]}.",
        boards=(*made, *more),
        caveats=(f"{NAMES[source]} counts its own traffic.",),
    )


def _scoped(scope: str, metric: str, figures: dict) -> Board:
    board = _credited(catalogues.reading_of("vercel", metric, figures, {}, 3).boards[0])
    return dataclasses.replace(board, scope=scope, path=f"vercel/models/{scope}/{metric}")


def _credited(board: Board) -> Board:
    published = Published(retrieved_at=FETCHED, as_of=None)
    return dataclasses.replace(
        board,
        days=tuple(
            dataclasses.replace(day, citation=CREDITS[board.source], published=published)
            for day in board.days
        ),
    )


def _apps() -> Board:
    """Give a list of one day for each of ten days; the last app leaves after three."""
    lists = []
    for number in range(10):
        shown = [key for key in APPS if key != "104" or number < 3]
        lists.append(
            RankedList(
                window="1d",
                start=LAST - dt.timedelta(days=9 - number),
                end=LAST - dt.timedelta(days=9 - number),
                entries=tuple(
                    RankedEntry(
                        rank=rank,
                        entity=key,
                        value=10**13 // rank + number,
                        requests=10**6 // rank,
                    )
                    for rank, key in enumerate(shown, start=1)
                ),
                others=None,
                published=Published(retrieved_at=FETCHED, as_of=None),
                citation=CREDITS["openrouter"],
            )
        )
    return Board(
        source="openrouter",
        kind="app",
        metric="tokens",
        scope="popular",
        path="openrouter/apps/popular",
        entities={key: Entity(kind="app", key=key, name=name) for key, name in APPS.items()},
        lists=tuple(lists),
    )
