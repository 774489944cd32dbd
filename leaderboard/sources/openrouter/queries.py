"""What OpenRouter's Data API can be asked, and which board answers it here.

Parameters: https://openrouter.ai/docs/cookbook/administration/data-api.
"""

from collections.abc import Iterator
from typing import Final

from leaderboard.records import Query
from leaderboard.sources.openrouter.terms import APP_WINDOWS, CATEGORIES, ID

RANKINGS: Final = "GET /datasets/rankings-daily"
APPS: Final = "GET /datasets/app-rankings"
_NOT_KEPT: Final = (
    (RANKINGS, "period=week, period=month", "Not kept: add up the days of the file of every day."),
    (
        RANKINGS,
        "modality=…, context_bucket=…, category=…, language_type=…",
        "Not fetched: a part of the traffic, some of it estimated from samples.",
    ),
    ("GET /datasets/session-cost", "any", "Not fetched."),
    ("GET /classifications/task", "any", "Not fetched."),
    ("GET /benchmarks", "any", "Not fetched: other parties’ data."),
)


def queries() -> Iterator[Query]:
    """Give every combination of parameters, those without an answer here last."""
    models = f"{ID}/models/tokens"
    yield Query(
        endpoint=RANKINGS,
        params="none",
        part="the last 30 complete days",
        board=models,
        files=("30d",),
    )
    yield Query(
        endpoint=RANKINGS,
        params="start_date=…&end_date=…&period=day",
        part="a window to the last complete day; any other days by the column date",
        board=models,
        files=("7d", "30d", "90d", "1y", "all", "day"),
    )
    for sort in ("popular", "trending"):
        yield Query(
            endpoint=APPS,
            params=f"sort={sort}&start_date=…&end_date=…&limit=…&offset=…",
            part="a window to the last complete day, all ranks",
            board=f"{ID}/apps/{sort}",
            files=tuple(APP_WINDOWS),
        )
    for category, subcategories in CATEGORIES.items():
        yield _category(f"category={category}", category)
        for sub in subcategories:
            yield _category(f"category={category}&subcategory={sub}", f"{category}/{sub}")
    for endpoint, params, reason in _NOT_KEPT:
        yield Query(endpoint=endpoint, params=params, part=reason)


def _category(params: str, scope: str) -> Query:
    return Query(
        endpoint=APPS,
        params=f"{params}&limit=…&offset=…",
        part="the last 30 complete days, all ranks",
        board=f"{ID}/apps/{scope}",
        files=("30d",),
    )
