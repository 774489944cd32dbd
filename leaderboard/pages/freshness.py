"""How fresh what a page shows is, and what to say where a source failed or went quiet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.records import DatasetStatus, Edition, Reading, View

FRESH_FOR: Final = dt.timedelta(days=2)
"""A source publishes a day after it ended; more than two days behind is stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What one page's data is worth in time.

    *stale_after* is when it goes stale, so that a reader's browser can say so later without
    a new build. *problems* are sentences, one for each dataset that failed. Of an observation
    the day is when it was seen: the source gives its list without days.
    """

    data_through: dt.date
    as_of: str | None
    retrieved_at: dt.datetime
    stale_after: dt.datetime
    is_stale: bool
    problems: tuple[str, ...]
    is_observation: bool = False

    @property
    def is_marked(self) -> bool:
        """Tell whether a page must carry a visible mark."""
        return self.is_stale or bool(self.problems)


def stale_after(data_through: dt.date) -> dt.datetime:
    """Give the moment from which a last complete day counts as stale."""
    end_of_day = dt.datetime.combine(data_through, dt.time(), dt.UTC) + dt.timedelta(days=1)
    return end_of_day + FRESH_FOR


def knowledge(edition: Edition) -> dt.datetime:
    """Give the moment an edition speaks from: its building, or the end of its ``--as-of`` day."""
    if edition.known_at is None:
        return edition.built_at
    end = dt.datetime.combine(edition.known_at, dt.time(), dt.UTC) + dt.timedelta(days=1)
    return min(edition.built_at, end)


def problems(
    reading: Reading,
    statuses: Sequence[DatasetStatus],
    edition: Edition,
    datasets: Sequence[str] = (),
) -> tuple[str, ...]:
    """Say which of a source's *datasets* failed at their last attempt; of all, if none is named.

    An edition that shows an earlier day's knowledge says nothing of the newest attempts.
    """
    if edition.known_at is not None:
        return ()
    return tuple(
        _problem(reading, status)
        for status in statuses
        if status.source == reading.source
        and status.error is not None
        and (not datasets or status.dataset in datasets)
    )


def freshness(view: View, failed: tuple[str, ...], edition: Edition) -> Freshness:
    """Judge one view at the moment the edition speaks from."""
    ends = stale_after(view.end)
    return Freshness(
        data_through=view.end,
        as_of=view.published.as_of,
        retrieved_at=view.published.retrieved_at,
        stale_after=ends,
        is_stale=knowledge(edition) >= ends,
        problems=failed,
        is_observation=view.start is None and not view.dates and view.window is None,
    )


def _problem(reading: Reading, status: DatasetStatus) -> str:
    tried = "" if status.last_attempt is None else f" on {words.moment(status.last_attempt)}"
    held = (
        "No earlier data is held."
        if status.data_through is None
        else f"Its data through {words.day(status.data_through)} stays."
    )
    error = words.printable(status.error or "", 300)
    return f"{reading.name}, {status.dataset}: the last fetch{tried} failed ({error}). {held}"
