"""What ZenMux's statistics can be asked, and which board answers it here.

Parameters: https://docs.zenmux.ai (management API, statistics).
"""

from collections.abc import Iterator
from typing import Final

from leaderboard.records import Query
from leaderboard.sources.zenmux.terms import ID, METRICS, WINDOWS

STATISTICS: Final = "GET /management/statistics"
_NOT_KEPT: Final = (
    ("timeseries", "bucket_width=1w", "Not kept: add up the days of the file of every day."),
    ("market_share", "bucket_width=1w", "Not kept: add up the days of the file of every day."),
    ("performance", "any", "Not fetched."),
    ("trending", "any", "Not fetched; changes against the window before are in every view."),
)


def queries() -> Iterator[Query]:
    """Give every combination of parameters, those without an answer here last."""
    dates = "starting_at=…&ending_at=…&limit=…"
    for metric in METRICS:
        yield Query(
            endpoint=f"{STATISTICS}/leaderboard",
            params=f"metric={metric}&{dates}",
            part="a window to the last complete day, the first 50",
            board=f"{ID}/models/{metric}",
            files=tuple(WINDOWS),
        )
    for name, kind in (("timeseries", "models"), ("market_share", "labs")):
        for metric in METRICS:
            yield Query(
                endpoint=f"{STATISTICS}/{name}",
                params=f"metric={metric}&bucket_width=1d&{dates}",
                part="any days, by the column date",
                board=f"{ID}/{kind}/{metric}",
                files=("day",),
            )
    for metric in METRICS:
        yield Query(
            endpoint=f"{STATISTICS}/model_usage",
            params=f"model=…&metric={metric}&starting_at=…&ending_at=…",
            part="any days on which the model was in the list, by the columns key and date",
            board=f"{ID}/models/{metric}",
            files=("day",),
        )
    for name, params, reason in _NOT_KEPT:
        yield Query(endpoint=f"{STATISTICS}/{name}", params=params, part=reason)
