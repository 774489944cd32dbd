"""Readings in which something happened, made by hand, and builds of them."""

import dataclasses
import datetime as dt

from leaderboard import boards
from leaderboard.catalog import Identity, Labs
from leaderboard.pages import changes
from leaderboard.pages.cards import Build
from leaderboard.pages.entities.register import register
from leaderboard.records import OTHERS, Board, RankedEntry, RankedList, Reading
from tests import specimens

TOKENIZERS = "Tokens are counted by each provider's own tokenizer."
LAST = specimens.LAST_DAY


def figures(days: int = 60) -> list[dict[str, int]]:
    """Give days in which beta overtakes alpha, delta comes and gamma goes out of the list."""
    return [
        {
            "alpha/large": 500 - 2 * day,
            "beta/small:free": 400 + 3 * day,
            "beta/other": 250,
            **({"gamma/old": 220} if day < 30 else {}),
            **({"delta/young": 210} if day >= 40 else {}),
            "omega/last": 90,
            OTHERS: 80,
        }
        for day in range(days)
    ]


def daily_apps(days: list[dict[str, int]], **changed: object) -> Board:
    """Make a board of apps from tokens by day, the last on the usual one, 30-day list included."""
    made = []
    for back, day in zip(range(len(days) - 1, -1, -1), days, strict=True):
        end = LAST - dt.timedelta(days=back)
        ranked = sorted(day.items(), key=lambda item: -item[1])
        entries = tuple(
            RankedEntry(rank=rank, entity=app, value=tokens, requests=1)
            for rank, (app, tokens) in enumerate(ranked, start=1)
        )
        one = RankedList(
            window="1d",
            start=end,
            end=end,
            entries=entries,
            others=None,
            published=specimens.PUBLISHED,
            citation=specimens.OPEN,
        )
        made += [one, dataclasses.replace(one, window="30d", start=end - dt.timedelta(days=29))]
    board = specimens.apps_board(["First", "Second", "Third"])
    return dataclasses.replace(board, lists=tuple(made), **changed)


def south(models: Board) -> Reading:
    """Give a gateway without licence that has the same daily models."""
    days = tuple(dataclasses.replace(day, citation=specimens.CLOSED) for day in models.days)
    board = dataclasses.replace(
        models, source="south", path="south/models/tokens", days=days, caveats=()
    )
    _, reading = specimens.readings()
    return boards.derive(dataclasses.replace(reading, boards=(board,)))


def readings(days: int = 60, names: dict[str, str] | None = None) -> tuple[Reading, Reading]:
    models = specimens.models_board(figures(days), names=names)
    north, _ = specimens.readings(models)
    return north, south(models)


def build(told: tuple[Reading, ...] | None = None, **edition: object) -> Build:
    told = told or readings()
    return Build(
        edition=specimens.edition(**edition),
        readings=told,
        statuses=(),
        views={board.path: boards.views(board) for one in told for board in one.boards},
        pictures={},
        sparkline=lambda history: "",
        register=register(told, told, Identity(labs=Labs(()))),
        news=changes.news(told),
    )
