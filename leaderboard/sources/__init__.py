"""The gateways, one module each. A new source is one module here and one word in `SOURCES`."""

from collections.abc import Iterator
from typing import Final, Protocol

from leaderboard.http import Session
from leaderboard.records import Reading
from leaderboard.snapshots import Store
from leaderboard.sources import openrouter, vercel, zenmux
from leaderboard.sources._contract import Asked, Fetched, Job


class Source(Protocol):
    """What each module offers."""

    ID: str
    NAME: str
    HOMEPAGE: str

    def fetch(self, session: Session, asked: Asked) -> Iterator[Job]:
        """Name the datasets to fetch, each with how."""
        ...

    def read(self, store: Store) -> Reading:
        """Return what the snapshots mean."""
        ...


SOURCES: Final[tuple[Source, ...]] = (openrouter, vercel, zenmux)

__all__ = ["SOURCES", "Asked", "Fetched", "Job", "Source"]
