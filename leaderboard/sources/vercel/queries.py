"""What Vercel's export can be asked, and which board answers it here.

Parameters: https://vercel.com/docs/ai-gateway/leaderboards.
"""

from collections.abc import Iterator
from typing import Final, get_args

from leaderboard.records import Query
from leaderboard.sources.vercel.terms import ID, METRICS, RANKED_BY
from leaderboard.sources.vercel.wire import Modality

EXPORT: Final = "GET /api/ai/leaderboard-export"


def queries() -> Iterator[Query]:
    """Give every combination of parameters; ``format`` is the choice of file."""
    for dataset in ("models", "labs"):
        for modality in get_args(Modality):
            for sent, metric in METRICS.items():
                yield Query(
                    endpoint=EXPORT,
                    params=f"dataset={dataset}&modality={modality}&from=…&to=…",
                    part=f"rows whose metric is {sent}",
                    board=f"{ID}/{dataset}/{modality}/{metric}",
                    files=("7d", "30d", "90d", "1y", "all", "day"),
                )
    for dataset in ("apps", "providers"):
        for ranked_by, metric in RANKED_BY.items():
            yield Query(
                endpoint=EXPORT,
                params=f"dataset={dataset}",
                part=f"rows ranked by {ranked_by}",
                board=f"{ID}/{dataset}/{metric}",
                files=("list",),
            )
