"""One gateway's side of a comparison: which board it is, and its names turned into common ids."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from leaderboard.catalog import Identity
from leaderboard.comparison.shares import CommonWindow, Gateway, day_shares
from leaderboard.records import WINDOW_DAYS, Board, Citation, Day, Metric, Published, Reading

What = Literal["labs", "models"]

UNDISCLOSED_LABS: Final = frozenset({"stealth", "openrouter"})
"""What OpenRouter files models under whose lab it does not name: nobody's, so anybody's."""

_WHOLE_FIRST: Final[Mapping[str | None, int]] = {None: 0, "all": 1, "text": 2}
_LONGEST: Final = dt.timedelta(days=WINDOW_DAYS["1y"] or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One gateway's part: the board compared, with common ids, and its newest credit.

    *is_complete*: the list has everybody, so that who is not in it has nothing.
    """

    reading: Reading
    board: Board
    gateway: Gateway
    citation: Citation
    published: Published
    data_through: dt.date

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is outside the list."""
        return not self.gateway.is_rolled_up and all(d.others is None for d in self.gateway.days)

    def history(self, dates: Sequence[dt.date]) -> dict[str, tuple[float | None, ...]]:
        """Give each id's listed share on each of *dates*; None where it was not listed."""
        days = {day.date: day for day in self.gateway.days}
        found: dict[str, list[float | None]] = {}
        for at, date in enumerate(dates):
            if (day := days.get(date)) is None:
                continue
            for key, share in day_shares(day)[0].items():
                if (one := self.gateway.ids[key]) is not None:
                    course = found.setdefault(one, [None] * len(dates))
                    course[at] = (course[at] or 0.0) + share
        return {one: tuple(course) for one, course in found.items()}


def board_of(reading: Reading, what: What, metrics: Sequence[Metric]) -> Board | None:
    """Choose a gateway's daily board of all modalities, else the widest it has."""
    return min(
        (
            board
            for board in reading.boards
            if board.kind == what[:-1] and board.metric in metrics and board.days
        ),
        key=lambda board: (_WHOLE_FIRST.get(board.scope, 3), board.path),
        default=None,
    )


def side_of(
    what: What, reading: Reading, board: Board, sent: Sequence[Reading], identity: Identity
) -> Side:
    """Take one gateway's part: *sent* are the readings with the labels that decide who is who."""
    newest = max(day.date for day in board.days)
    days = [day for day in board.days if day.date > newest - _LONGEST]
    if what == "labs":
        ids = {
            key: None if e.lab in UNDISCLOSED_LABS else e.lab for key, e in board.entities.items()
        }
        ids |= {v.entity: None for day in days for v in day.values if v.entity not in ids}
        used = {ids[value.entity] for day in days for value in day.values}
        # A list with undisclosed labs leaves room for others just as one that is cut off.
        is_rolled_up = board.is_lower_bound or None in used
    else:
        days, ids = _with_models(reading.source, board, days, sent, identity)
        is_rolled_up = False
    part = max(days, key=lambda day: (day.published.retrieved_at, day.date))
    return Side(
        reading=reading,
        board=board,
        gateway=Gateway(
            days=tuple(days),
            ids=ids,
            is_rolled_up=is_rolled_up,
            is_cut_by_request=board.cut == "request",
        ),
        citation=part.citation,
        published=part.published,
        data_through=newest,
    )


def trimmed(gateway: Gateway, window: CommonWindow) -> Gateway:
    """Keep a window's days only: a name outside them has no part in its bounds."""
    return dataclasses.replace(
        gateway,
        days=tuple(day for day in gateway.days if window.start <= day.date <= window.end),
    )


def _with_models(
    source: str,
    board: Board,
    days: Sequence[Day],
    sent: Sequence[Reading],
    identity: Identity,
) -> tuple[list[Day], dict[str, str | None]]:
    """Key each day's names by the model they stood for that day, so that a slug that changed
    hands gives each model its own days.
    """
    as_sent = next(
        (b for r in sent if r.source == source for b in r.boards if b.path == board.path), board
    )
    labels = {
        key: entity.name if entity.name != key else None for key, entity in as_sent.entities.items()
    }
    ids: dict[str, str | None] = {}
    keyed = []
    for day in days:
        listed = [(value.entity, labels.get(value.entity)) for value in day.values]
        matches = identity.matches(source, listed, day.date)
        values = []
        for value in day.values:
            model = matches[value.entity].model
            key = f"{model or ''}\t{value.entity}"
            ids[key] = model
            values.append(dataclasses.replace(value, entity=key))
        keyed.append(dataclasses.replace(day, values=tuple(values)))
    return keyed, ids
