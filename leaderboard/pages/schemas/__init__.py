"""JSON Schemas (draft 2020-12) of the documents the site publishes, one for each kind.

They allow what is not named: a version gains fields, and loses or changes none.
"""

from collections.abc import Mapping
from typing import Final

from leaderboard.pages.schemas.boards import INDEX, MANIFEST, SEARCH, VIEW
from leaderboard.pages.schemas.comparisons import CLAIMS, COMPARISON, COMPARISON_DAILY
from leaderboard.pages.schemas.entities import CROSSWALK, ENTITIES, ENTITY
from leaderboard.pages.schemas.feeds import FEED
from leaderboard.pages.schemas.parts import Schema

__all__ = ["SCHEMAS", "Schema"]

SCHEMAS: Final[Mapping[str, Schema]] = {
    "view": VIEW,
    "index": INDEX,
    "manifest": MANIFEST,
    "search": SEARCH,
    "entity": ENTITY,
    "entities": ENTITIES,
    "crosswalk": CROSSWALK,
    "comparison": COMPARISON,
    "comparison-daily": COMPARISON_DAILY,
    "claims": CLAIMS,
    "feed": FEED,
}
"""The schema of each document by its ``kind``; a feed is known by its ``version``."""
