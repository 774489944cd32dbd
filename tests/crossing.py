"""A small world of three gateways whose comparison can be worked out by hand."""

import datetime as dt
from collections.abc import Mapping, Sequence

from leaderboard import boards, catalog
from leaderboard.catalog import Catalogue, Identity, accumulate
from leaderboard.comparison.gathering import Compared, compared
from leaderboard.records import (
    OTHERS,
    Board,
    Citation,
    DailyValue,
    Day,
    Entity,
    Kind,
    Metric,
    Published,
    Reading,
)
from tests.catalogues import TABLES

LAST = dt.date(2026, 6, 30)
DAYS = tuple(LAST - dt.timedelta(days=back) for back in range(39, -1, -1))
NAMES = {"openrouter": "OpenRouter", "vercel": "Vercel AI Gateway", "zenmux": "ZenMux"}
CREDITS = {
    source: Citation(
        text=f"Source: {name}, as of 2026-07-01.",
        notice=f"Source: {name}, as of 2026-07-01. "
        + ("No open licence." if source == "zenmux" else "Licensed under CC BY 4.0."),
        url=f"https://{source}.example/rankings",
        license=None if source == "zenmux" else "CC-BY-4.0",
        license_url=None if source == "zenmux" else "https://creativecommons.org/licenses/by/4.0/",
    )
    for source, name in NAMES.items()
}
OPUS, CHAT, GLM = "anthropic/claude-opus-9", "deepseek/deepseek-v9", "z-ai/glm-9"
MODELS = {OPUS: "Claude Opus 9", CHAT: "DeepSeek V9", GLM: "GLM 9"}
SHADOW = "stealth/shadow-alpha"


def board(
    source: str,
    kind: Kind,
    metric: Metric,
    day: Mapping[str, float],
    *,
    names: Mapping[str, str] | None = None,
    dates: Sequence[dt.date] = DAYS,
    cut: str = "day",
) -> Board:
    """Make a board that is the same every day; Vercel's figures are shares, others' absolutes."""
    has_shares = source == "vercel"
    scope = "all" if has_shares else None
    path = "/".join(part for part in (source, f"{kind}s", scope, metric) if part)

    def value(date: dt.date, key: str) -> DailyValue:
        figure = day[key]
        return DailyValue(
            date=date,
            entity=key,
            value=None if has_shares else int(figure),
            share_pct=figure if has_shares else None,
        )

    retrieved = dt.datetime(2026, 7, 1, 3, tzinfo=dt.UTC)
    return Board(
        source=source,
        kind=kind,
        metric=metric,
        scope=scope,
        path=path,
        entities={
            key: Entity(kind=kind, key=key, name=(names or {}).get(key, key))
            for key in day
            if key != OTHERS
        },
        days=tuple(
            Day(
                date=date,
                values=tuple(value(date, key) for key in day if key != OTHERS),
                others=value(date, OTHERS) if OTHERS in day else None,
                published=Published(retrieved_at=retrieved, as_of="2026-07-01"),
                citation=CREDITS[source],
            )
            for date in dates
        ),
        caveats=(f"A caveat of {path}.",),
        cut="request" if cut == "request" else "day",
    )


def reading(source: str, *made: Board) -> Reading:
    return Reading(
        source=source,
        name=NAMES[source],
        homepage=f"https://{source}.example",
        population=f"Requests through {NAMES[source]}.",
        boards=made,
    )


def sent() -> list[Reading]:
    """Give what the gateways send: labs and models by tokens, two of them by spend as well."""
    by_name = {MODELS[OPUS]: 50.0, MODELS[CHAT]: 20.0, OTHERS: 30.0}
    slugs = {OPUS: 40, CHAT: 40, GLM: 20}
    public = {CHAT: 50, OPUS: 20, GLM: 10, SHADOW: 5, OTHERS: 15}
    return [
        reading(
            "openrouter",
            board("openrouter", "model", "tokens", public),
        ),
        reading(
            "vercel",
            board("vercel", "model", "tokens", by_name, cut="request"),
            board("vercel", "model", "spend", {**by_name, MODELS[OPUS]: 60.0, OTHERS: 20.0}),
            board("vercel", "lab", "tokens", {"anthropic": 50.0, "deepseek": 30.0, "zai": 20.0}),
            board("vercel", "lab", "spend", {"anthropic": 70.0, "deepseek": 10.0, "zai": 20.0}),
        ),
        reading(
            "zenmux",
            board("zenmux", "model", "tokens", slugs, names=MODELS),
            board("zenmux", "model", "cost", {**slugs, CHAT: 4}, names=MODELS),
            board("zenmux", "lab", "tokens", {"anthropic": 45, "deepseek": 40, "z-ai": 15}),
            board("zenmux", "lab", "cost", {"anthropic": 80, "deepseek": 5, "z-ai": 15}),
        ),
    ]


def identity(first_seen: dt.date = DAYS[0]) -> Identity:
    """Know the three models at OpenRouter and ZenMux from *first_seen* on; Vercel sends names."""
    rows = [{"id": one, "canonical_slug": one, "name": name} for one, name in MODELS.items()]
    return Identity(
        labs=TABLES.labs,
        catalogues={
            source: accumulate(Catalogue(source=source), rows, first_seen)
            for source in ("openrouter", "zenmux")
        },
    )


def derived(as_sent: Sequence[Reading], who: Identity) -> list[Reading]:
    return [boards.derive(catalog.named(one, who)) for one in as_sent]


def world(
    as_sent: Sequence[Reading] | None = None, who: Identity | None = None
) -> tuple[Compared, Compared]:
    """Compare the gateways of this world: labs, then models."""
    as_sent, who = as_sent or sent(), who or identity()
    return compared(derived(as_sent, who), as_sent, who)
