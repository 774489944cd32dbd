"""How each dataset of each gateway stands: the status page."""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from leaderboard.pages import freshness
from leaderboard.pages.cards import Build
from leaderboard.pages.page import Page
from leaderboard.records import DatasetStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One dataset, and whether anything of it is not as it should be."""

    status: DatasetStatus
    is_stale: bool

    @property
    def is_bad(self) -> bool:
        """Tell whether it is stale, failed, or waits for a key."""
        return self.is_stale or self.status.error is not None or self.status.needs_key is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The datasets of one gateway, the failed ones first."""

    name: str
    lines: tuple[Line, ...]
    bad: int
    through: dt.date | None
    asked: dt.datetime | None


def page(build: Build) -> Page:
    """Give the page that says how fresh each dataset is and what is wrong."""
    names = {reading.source: reading.name for reading in build.readings}
    ordered = sorted(
        build.statuses, key=lambda status: (status.source, status.error is None, status.dataset)
    )
    now = freshness.knowledge(build.edition)
    return Page(
        path="status",
        template="status.html",
        title="Status: how fresh each dataset is",
        description="For every dataset: last attempt, last success, last complete day, problem.",
        context={
            "groups": [
                _group(names.get(source, source), held, now)
                for source, held in itertools.groupby(ordered, lambda status: status.source)
            ],
            "failed": sum(1 for status in ordered if status.error is not None),
            "refused": any(status.refused_sha256 for status in ordered),
            "waiting": sum(1 for status in ordered if status.needs_key and status.error is None),
            "keys": sorted(
                {(names.get(s.source, s.source), s.needs_key) for s in ordered if s.needs_key}
            ),
        },
    )


def _group(name: str, held: Iterable[DatasetStatus], now: dt.datetime) -> Group:
    statuses = tuple(held)
    lines = tuple(
        Line(
            status=status,
            is_stale=status.data_through is not None
            and now >= freshness.stale_after(status.data_through),
        )
        for status in statuses
    )
    return Group(
        name=name,
        lines=lines,
        bad=sum(1 for line in lines if line.is_bad),
        through=max((s.data_through for s in statuses if s.data_through), default=None),
        asked=max((s.last_attempt for s in statuses if s.last_attempt), default=None),
    )
