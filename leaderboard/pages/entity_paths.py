"""Addresses of the pages about one model, lab or app, and of whoever is ranked on a board.

An address is made of identifiers alone, never of what else there is, so it stays what it is
however much more becomes known: see `segment`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from leaderboard.catalog import Labs
from leaderboard.pages import paths
from leaderboard.records import OTHERS, Entity, Kind

UNKNOWN_LAB: Final = "unknown"
"""The folder of names that no rule matches and whose lab the gateway does not send."""

_PLAIN: Final = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*", re.ASCII)
_SHORT: Final = r"[0-9]{1,2}(?![0-9btx])"  # sizes (27b, 1t, 8x22b) are no versions
_SHORT_NUMBER: Final = re.compile(rf"(?<=[0-9])-{_SHORT}", re.ASCII)
_VERSION: Final = re.compile(rf"(?<=[0-9])\.(?={_SHORT})", re.ASCII)
_DIGEST: Final = re.compile(r"(?:^|-)[0-9a-f]{12}", re.ASCII)
_RESERVED: Final = re.compile(r"con|prn|aux|nul|index|com[0-9]|lpt[0-9]", re.ASCII)
_LENGTH: Final = 60


def segment(raw: str) -> str:
    """Write an identifier as one part of an address that no other identifier shares.

    Lower-case words joined by hyphens stand as they are, and the point of a version becomes a
    hyphen; anything that could then be mistaken for another gets a `paths.slug`.

    >>> segment("claude-opus-4.8"), segment("gpt-oss-120b"), segment("3067167")
    ('claude-opus-4-8', 'gpt-oss-120b', '3067167')
    >>> segment("claude-opus-4-8").startswith("claude-opus-4-8-")
    True
    """
    written = _VERSION.sub("-", raw)
    if (
        _PLAIN.fullmatch(raw) is None
        or len(raw) > _LENGTH
        or "." in written
        or _SHORT_NUMBER.search(raw)  # reads as a version's point that was replaced
        or _DIGEST.search(raw[-13:])  # reads as the end of a slug
        or _RESERVED.fullmatch(raw)
    ):
        return paths.slug(raw)
    return written


def model_path(model: str) -> str:
    """Give the page of a model by its id on this site, ``lab/model``."""
    lab, _, tail = model.partition("/")
    return f"models/{segment(lab)}/{segment(tail)}"


def unmatched_path(source: str, name: str, lab: str | None) -> str:
    """Give the page of a name that no rule matches: it is that gateway's alone."""
    return f"models/{segment(lab or UNKNOWN_LAB)}/{paths.slug(f'{name} at {source}')}"


def lab_path(lab: str) -> str:
    """Give the page of a lab by its id on this site."""
    return f"labs/{segment(lab)}"


def app_path(source: str, key: str) -> str:
    """Give the page of an app by the gateway and its own key there."""
    return f"apps/{segment(source)}/{segment(key)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the page of each ranked entity is.

    *models* are by source and key as sent: whom a name means is decided on the last day it
    was listed. Labs and apps need no list.
    """

    models: Mapping[tuple[str, str], str] = field(default_factory=dict)
    labs: Labs = field(default_factory=lambda: Labs(()))

    def of(self, source: str, entity: Entity) -> str | None:
        """Give the page of an entity of a board of *source*; others and providers have none."""
        return self.at(source, entity.kind, entity.key)

    def at(self, source: str, kind: Kind, key: str) -> str | None:
        """Give the same by kind and key."""
        if key == OTHERS:
            return None
        if kind == "model":
            return self.models.get((source, key))
        if kind == "lab":
            lab = self.labs.of(key)
            return lab_path(lab) if lab else None
        return app_path(source, key) if kind == "app" else None
