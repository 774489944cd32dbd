"""Small readings, made by hand, for the tests of pages and files."""

import datetime as dt

from leaderboard import boards
from leaderboard.records import (
    OTHERS,
    Board,
    Citation,
    DailyValue,
    DatasetStatus,
    Day,
    Edition,
    Entity,
    Published,
    RankedEntry,
    RankedList,
    Reading,
)

AS_OF = "2026-07-01T02:31:05.123Z"
FETCHED = dt.datetime(2026, 7, 1, 2, 41, tzinfo=dt.UTC)
LAST_DAY = dt.date(2026, 6, 30)
PUBLISHED = Published(retrieved_at=FETCHED, as_of=AS_OF)
OPEN = Citation(
    text=f"Source: North Gate (north.example), as of {AS_OF}.",
    notice=f"Source: North Gate (north.example), as of {AS_OF}. Licensed under CC BY 4.0.",
    url="https://north.example/rankings",
    license="CC-BY-4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
)
CLOSED = Citation(
    text="Source: South Gate (south.example), as of 2026-07-01T02:41:00Z.",
    notice="Source: South Gate (south.example), as of 2026-07-01T02:41:00Z.",
    url="https://south.example/leaderboard",
    license=None,
    license_url=None,
)
BEYOND_2_53 = 2**53 + 1


def edition(**changes: object) -> Edition:
    fields: dict[str, object] = {
        "title": "LLM Gateway Leaderboard",
        "base_url": "https://leaderboard.example/repo",
        "repository_url": "https://github.com/OWNER/REPOSITORY",
        "contact": "https://github.com/OWNER/REPOSITORY/issues",
        "built_at": dt.datetime(2026, 7, 1, 2, 45, tzinfo=dt.UTC),
        "simulated": False,
    }
    return Edition(**(fields | changes))  # type: ignore[arg-type]


def models_board(
    figures: list[dict[str, int]], *, names: dict[str, str] | None = None, end: dt.date = LAST_DAY
) -> Board:
    """Make a daily board of absolute figures from one mapping a day, the last one on *end*."""
    keys = sorted({key for day in figures for key in day if key != OTHERS})
    days = []
    for back, day in zip(range(len(figures) - 1, -1, -1), figures, strict=True):
        date = end - dt.timedelta(days=back)
        if not day:
            continue
        made = {k: DailyValue(date=date, entity=k, value=v, share_pct=None) for k, v in day.items()}
        others = made.pop(OTHERS, None)
        days.append(
            Day(
                date=date,
                values=tuple(made.values()),
                others=others,
                published=PUBLISHED,
                citation=OPEN,
            )
        )
    return Board(
        source="north",
        kind="model",
        metric="tokens",
        scope=None,
        path="north/models/tokens",
        entities={
            key: Entity(
                kind="model",
                key=key,
                name=(names or {}).get(key, key.partition("/")[2].title()),
                lab=key.partition("/")[0],
                lab_name=key.partition("/")[0].title(),
            )
            for key in keys
        },
        days=tuple(days),
        caveats=("Tokens are counted by each provider's own tokenizer.",),
    )


def apps_board(names: list[str], scope: str = "popular") -> Board:
    entries = tuple(
        RankedEntry(rank=rank, entity=str(100 + rank), value=10**15 // rank, requests=10**6 // rank)
        for rank in range(1, len(names) + 1)
    )
    return Board(
        source="north",
        kind="app",
        metric="tokens",
        scope=scope,
        path=f"north/apps/{scope}",
        entities={
            str(101 + place): Entity(kind="app", key=str(101 + place), name=name)
            for place, name in enumerate(names)
        },
        lists=(
            RankedList(
                window="30d",
                start=LAST_DAY - dt.timedelta(days=29),
                end=LAST_DAY,
                entries=entries,
                others=None,
                published=PUBLISHED,
                citation=OPEN,
            ),
        ),
    )


def south_board() -> Board:
    entries = (
        RankedEntry(rank=1, entity="z/one", value=600),
        RankedEntry(rank=2, entity="z/two", value=300),
    )
    return Board(
        source="south",
        kind="model",
        metric="cost",
        scope=None,
        path="south/models/cost",
        entities={
            key: Entity(kind="model", key=key, name=key, lab="z", lab_name="Zed")
            for key in ("z/one", "z/two")
        },
        lists=(
            RankedList(
                window="30d",
                start=LAST_DAY - dt.timedelta(days=29),
                end=LAST_DAY,
                entries=entries,
                others=RankedEntry(rank=0, entity=OTHERS, value=100),
                published=Published(retrieved_at=FETCHED, as_of=None),
                citation=CLOSED,
            ),
        ),
        caveats=("Cost is list price.",),
    )


def two_weeks() -> list[dict[str, int]]:
    """Give fourteen days: one model steady, one rising, one falling out of the list, others."""
    return [
        {
            "alpha/large": 500 + day,
            "beta/small:free": 100 + 20 * day,
            **({"gamma/old": 90} if day < 11 else {}),
            OTHERS: 200,
        }
        for day in range(14)
    ]


def readings(
    models: Board | None = None, app_names: list[str] | None = None
) -> tuple[Reading, Reading]:
    north = Reading(
        source="north",
        name="North Gate",
        homepage="https://north.example/rankings",
        population="Requests that pass through North Gate.",
        boards=(
            models or models_board(two_weeks()),
            apps_board(app_names or ["First App", "Second App", "Third App"]),
        ),
        caveats=("North Gate counts public traffic only.",),
        needs_key="NORTH_KEY",
    )
    south = Reading(
        source="south",
        name="South Gate",
        homepage="https://south.example",
        population="Requests that pass through South Gate.",
        boards=(south_board(),),
    )
    return boards.derive(north), boards.derive(south)


def statuses(error: str | None = None) -> tuple[DatasetStatus, ...]:
    return (
        DatasetStatus(
            source="north",
            dataset="rankings-daily",
            last_attempt=FETCHED,
            last_success=FETCHED if error is None else FETCHED - dt.timedelta(days=1),
            data_through=LAST_DAY,
            error=error,
        ),
        DatasetStatus(
            source="south",
            dataset="leaderboard-cost-30d",
            last_attempt=None,
            last_success=None,
            data_through=None,
            error=None,
            needs_key="SOUTH_KEY",
        ),
    )
