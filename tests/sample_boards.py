"""Small boards for tests, written as briefly as they can be read."""

import dataclasses
import datetime as dt

from leaderboard import boards
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
    Quantity,
    RankedEntry,
    RankedList,
    Reading,
    Row,
    View,
    Window,
)

FIRST = dt.date(2026, 1, 1)
CITATION = Citation(
    text="Source: A", notice="A", url="https://a.example", license=None, license_url=None
)


def at(day: int) -> dt.date:
    return FIRST + dt.timedelta(days=day)


def published(hour: int = 0) -> Published:
    moment = dt.datetime(2026, 7, 1, hour, tzinfo=dt.UTC)
    return Published(retrieved_at=moment, as_of=moment.isoformat())


def a_day(
    day: int,
    values: dict[str, Quantity] | None = None,
    others: Quantity | None = None,
    *,
    shares: dict[str, float] | None = None,
    others_pct: float | None = None,
) -> Day:
    date = at(day)
    rows = [
        DailyValue(date=date, entity=k, value=v, share_pct=None) for k, v in (values or {}).items()
    ]
    rows += [
        DailyValue(date=date, entity=k, value=None, share_pct=v) for k, v in (shares or {}).items()
    ]
    rest = None
    if others is not None or others_pct is not None:
        rest = DailyValue(date=date, entity=OTHERS, value=others, share_pct=others_pct)
    return Day(date=date, values=tuple(rows), others=rest, published=published(), citation=CITATION)


def a_board(
    *days: Day,
    lists: tuple[RankedList, ...] = (),
    kind: Kind = "model",
    metric: Metric = "tokens",
    labs: dict[str, str | None] | None = None,
    **more: object,
) -> Board:
    keys = {v.entity for d in days for v in d.values} | {e.entity for a in lists for e in a.entries}
    board = Board(
        source="gate",
        kind=kind,
        metric=metric,
        scope=None,
        path=f"gate/{kind}s/{metric}",
        entities={
            key: Entity(kind=kind, key=key, name=key.upper(), lab=(labs or {}).get(key))
            for key in keys
        },
        days=days,
        lists=lists,
    )
    return dataclasses.replace(board, **more)


def a_list(
    end: int,
    entries: dict[str, Quantity | None],
    others: Quantity | None = None,
    *,
    window: Window | None = "7d",
    days: int | None = 7,
) -> RankedList:
    return RankedList(
        window=window,
        start=None if days is None else at(end - days + 1),
        end=at(end),
        entries=tuple(
            RankedEntry(rank=i, entity=k, value=v) for i, (k, v) in enumerate(entries.items(), 1)
        ),
        others=None if others is None else RankedEntry(rank=51, entity=OTHERS, value=others),
        published=published(),
        citation=CITATION,
    )


def reading(*given_boards: Board) -> Reading:
    return Reading(
        source="gate",
        name="Gate",
        homepage="https://a.example",
        population="-",
        boards=given_boards,
    )


def derived(board: Board) -> Board:
    return boards.derive(reading(board)).boards[0]


def view(board: Board, window: Window | None = "30d") -> View:
    return next(v for v in boards.views(derived(board)) if v.window == window)


def row(shown: View, key: str) -> Row:
    return next(r for r in shown.rows if r.entity.key == key)
