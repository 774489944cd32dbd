"""Apps by requests, from lists that their source ranks by tokens."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final

from leaderboard.records import Board, RankedList

SCOPE_OF_RANKS: Final = (
    "The order by requests is ours: the source lists apps by tokens (at most {most} here), and "
    "the same apps are put in the order of their requests. An app with many requests and few "
    "tokens can be missing, so a rank is a rank among the apps listed."
)


def by_requests(boards: Sequence[Board]) -> Iterator[Board]:
    """Put each list of apps that tells requests in their order, as a board of its own.

    A list in an order of its own (``trending``) is left alone, as are boards made before.
    """
    held = {board.path for board in boards}
    for board in boards:
        path = f"{board.path}/requests"
        lists = tuple(ranked for ranked in board.lists if _tells_requests(ranked))
        if board.kind != "app" or board.metric != "tokens" or board.order is not None:
            continue
        if not lists or path in held:
            continue
        most = max(len(ranked.entries) for ranked in lists)
        yield dataclasses.replace(
            board,
            metric="requests",
            path=path,
            lists=tuple(map(_reranked, lists)),
            is_reranked=True,
            caveats=(SCOPE_OF_RANKS.format(most=most), *board.caveats),
        )


def _tells_requests(ranked: RankedList) -> bool:
    return bool(ranked.entries) and all(entry.requests is not None for entry in ranked.entries)


def _reranked(ranked: RankedList) -> RankedList:
    """Order by requests; where they are equal the source's own order stays."""
    ordered = sorted(ranked.entries, key=lambda entry: -(entry.requests or 0))
    entries = tuple(
        dataclasses.replace(
            entry,
            rank=rank,
            value=entry.requests,
            requests=None,
            tokens=None if entry.value is None else int(entry.value),
            share_pct=None,
        )
        for rank, entry in enumerate(ordered, start=1)
    )
    return dataclasses.replace(ranked, entries=entries, others=None)
