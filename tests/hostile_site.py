"""A whole site of names that strangers choose: one of the corpus in every field from upstream."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from leaderboard import catalog, status
from leaderboard.pages.paths import safe_url
from leaderboard.records import Citation, DatasetStatus, Published
from leaderboard.snapshots import Observation, Row, Store
from tests.hostile import CAN_BE_SENT, STRINGS

ROOT = Path(__file__).resolve().parents[1]

TODAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DAYS = tuple(TODAY - dt.timedelta(days=n) for n in (3, 2, 1))
FIELDS = (
    "openrouter model_permaslug",
    "openrouter app_name",
    "openrouter catalogue id",
    "openrouter catalogue name",
    "vercel catalogue id",
    "vercel catalogue name",
    "vercel model",
    "vercel lab",
    "vercel app",
    "vercel url",
    "vercel description",
    "vercel provider",
    "zenmux catalogue id",
    "zenmux catalogue name",
    "zenmux model",
    "zenmux label",
    "zenmux author",
    "error message",
)
"""Where a stranger's text can stand in what is fetched."""
KNOWN = {
    "openai/gpt-5": "GPT-5",
    "anthropic/claude-opus-9": "Claude Opus 9",
    "deepseek/deepseek-v9": "DeepSeek V9",
}
"""Models that all gateways name alike, so that there is something to compare."""
Spell = Callable[[str], str]


def texts(field: str, rotation: int, most: int | None = None) -> list[str]:
    """Give the part of the corpus that goes into a field, or the first of it."""
    place = (FIELDS.index(field) + rotation) % len(FIELDS)
    return [text for text in CAN_BE_SENT[place :: len(FIELDS)] if text.strip()][:most]


def observation(source: str, dataset: str, date: dt.date, key: str, rows: list[Row]) -> Observation:
    words = f"Source: {source} ({source}.example), as of 2026-11-20T12:00:00Z."
    return Observation(
        source=source,
        dataset=dataset,
        date=date,
        citation=Citation(
            text=words,
            notice=f"{words} Licensed.",
            url=f"https://{source}.example/",
            license="CC-BY-4.0",
            license_url="https://creativecommons.org/licenses/by/4.0/",
        ),
        url=f"https://{source}.example/api",
        published=Published(retrieved_at=NOON, as_of="2026-11-20T12:00:00Z"),
        window={"start_date": "2026-10-21", "end_date": "2026-11-19"}
        if source == "openrouter" and dataset != "rankings-daily"
        else {"starting_at": "2026-10-21", "ending_at": "2026-11-19"}
        if dataset.startswith("leaderboard")
        else None,
        key=tuple(key.split()),
        rows=rows,
    )


def observations(rotation: int, spell: Spell, most: int | None = None) -> Iterator[Observation]:
    """Give snapshots in which every name that a stranger chooses is one of the corpus."""

    def named(field: str) -> list[tuple[int, str]]:
        return [(n, spell(text)) for n, text in enumerate(texts(field, rotation, most))]

    listed = [(f"lab-{n}/model-{n}", 10**6 - n) for n, _ in named("openrouter catalogue name")]
    slugs = [
        *((slug, 10**8 - n) for n, slug in enumerate(KNOWN)),
        *((slug, 10**7 - n) for n, slug in named("openrouter model_permaslug")),
        *((slug, 10**5 - n) for n, slug in named("openrouter catalogue id")),
        *listed,
    ]
    for date in DAYS:
        rows = [
            {"date": str(date), "model_permaslug": slug, "total_tokens": str(tokens)}
            for slug, tokens in slugs
        ]
        yield observation("openrouter", "rankings-daily", date, "model_permaslug", rows)
    apps = [
        {
            "rank": n + 1,
            "app_id": n,
            "app_name": name,
            "total_tokens": str(10**7 - n),
            "total_requests": 9,
        }
        for n, name in named("openrouter app_name")
    ]
    for dataset in ("apps-popular-30d", "apps-coding--cli-agent-30d"):
        yield observation("openrouter", dataset, DAYS[-1], "app_id", apps)

    for dataset, group in (("models-text", "model"), ("labs-text", "lab")):
        ordinary = KNOWN.values() if group == "model" else [slug.split("/")[0] for slug in KNOWN]
        names = [*ordinary, *(name for _, name in named(f"vercel {group}"))]
        for date in DAYS:
            shares = [
                {
                    "date": str(date),
                    "group": group,
                    "name": name,
                    "metric": "tokens",
                    "modality": "text",
                    "share_percent": round(90 / 2 ** min(n + 1, 12), 4),
                }
                for n, name in enumerate(names)
            ]
            yield observation("vercel", dataset, date, "metric name", shares)
    addresses = ["https://ordinary.example/", *(address for _, address in named("vercel url"))]
    abouts = [about for _, about in named("vercel description")]
    for dataset, field in (("apps", "vercel app"), ("providers", "vercel provider")):
        ranked = [
            {
                "rank": n + 1,
                "name": name,
                "ranked_by": "Token Volume",
                "url": addresses[n % len(addresses)],
                "description": abouts[n % len(abouts)],
            }
            for n, name in named(field)
        ]
        yield observation("vercel", dataset, TODAY, "ranked_by name", ranked)

    labels = [label for _, label in named("zenmux label")]
    authors = [author for _, author in named("zenmux author")]
    models = [
        {
            "rank": n + 1,
            "model": slug,
            "label": labels[n % len(labels)],
            "author": authors[n % len(authors)],
            "author_label": labels[-1 - n % len(labels)],
            "value": 10**7 - n,
        }
        for n, slug in named("zenmux model")
    ]
    for n, (slug, name) in enumerate(KNOWN.items()):
        known = {"rank": len(models) + 1, "model": slug, "label": name, "value": 10**8 - n}
        models.append({**known, "author": slug.split("/")[0], "author_label": "A lab"})
    yield observation("zenmux", "leaderboard-tokens-30d", DAYS[-1], "model", models)
    for date in DAYS:
        daily = [{key: row[key] for key in ("model", "label", "value")} for row in models]
        yield observation("zenmux", "timeseries-tokens", date, "model", daily)
        labs = [
            {"author": author, "label": labels[-1 - n % len(labels)], "value": 10**7 - n}
            for n, author in enumerate([*authors, *(slug.split("/")[0] for slug in KNOWN)])
        ]
        yield observation("zenmux", "market-share-tokens", date, "author", labs)


def catalogues(
    rotation: int, spell: Spell, most: int | None = None
) -> Iterator[tuple[str, list[Row]]]:
    """Give what each gateway says it offers, with such ids and such names."""
    for source, name in (("openrouter", "name"), ("vercel", "name"), ("zenmux", "display_name")):
        ids = [spell(text) for text in texts(f"{source} catalogue id", rotation, most)]
        names = [spell(text) for text in texts(f"{source} catalogue name", rotation, most)]
        listed = {
            **KNOWN,
            **{one: f"Plainly named {n}" for n, one in enumerate(ids)},
            **{f"lab-{n}/model-{n}": one for n, one in enumerate(names)},
        }
        rows: list[Row] = [{"id": one, name: called} for one, called in listed.items()]
        if source == "openrouter":
            rows = [{**row, "canonical_slug": row["id"]} for row in rows]
        yield source, rows


def build(folder: Path, rotation: int, spell: Spell, most: int | None = None) -> Path:
    """Save such snapshots, catalogues and status, and render them with the command."""
    store = Store(folder / "data")
    for seen in observations(rotation, spell, most):
        store.save(seen)
    for source, rows in catalogues(rotation, spell, most):
        known = catalog.load_catalogue(store.root, source)
        catalog.save_catalogue(store.root, catalog.accumulate(known, rows, TODAY))
    errors = [spell(text) for text in texts("error message", rotation, most)]
    status.save(
        store.root,
        [
            DatasetStatus(
                source="vercel" if n % 2 else "openrouter",
                dataset=f"dataset-{n}",
                last_attempt=NOON,
                last_success=None,
                data_through=DAYS[-1],
                error=error,
                unknown_fields=(error[:60],),
            )
            for n, error in enumerate(errors)
        ],
    )
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "build.py"),
            "--no-fetch",
            *("--data", str(store.root), "--out", str(folder / "site")),
            *("--cache", str(folder.parent / "cache")),
            *("--now", "2026-11-20T15:00:00Z", "--base-url", "https://leaderboard.example/repo"),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "could not be drawn" not in done.stderr
    return folder / "site"


def plain(text: str) -> str:
    """Give a harmless name instead, another for each text; an address for an address."""
    number = STRINGS.index(text)
    return f"https://plain.example/{number}" if safe_url(text) else f"Plain name {number}"
