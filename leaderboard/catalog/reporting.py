"""What a run did to who is who, in a line for each gateway."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from leaderboard.catalog.crosswalk import Change

NAMED: Final = 3
"""So many changed names stand in a line; the rest is counted."""


def reported(changes: Iterable[Change]) -> dict[str, str]:
    """Say for each gateway which of its names now stand for something else.

    A name that changed on several dates is told once, as it changed last.
    """
    found: dict[str, dict[tuple[str, str], Change]] = defaultdict(dict)
    for change in sorted(changes, key=lambda one: one.date):
        found[change.source][change.kind, change.name] = change
    return {source: _line(list(own.values())) for source, own in sorted(found.items())}


def _line(changes: list[Change]) -> str:
    said = []
    for kind in ("lost", "moved", "gained"):
        own = sorted((one for one in changes if one.kind == kind), key=lambda one: one.name)
        if own:
            more = f" and {len(own) - NAMED} more" if len(own) > NAMED else ""
            said.append(f"{len(own)} {kind}: {', '.join(map(_told, own[:NAMED]))}{more}")
    return f"identity: {'; '.join(said)}"


def _told(change: Change) -> str:
    before = _whole(change.before.model, change.before.flags)
    after = _whole(change.after.model, change.after.flags)
    return {
        "gained": f"{change.name} is {after}",
        "lost": f"{change.name} was {before}",
        "moved": f"{change.name} was {before}, is {after}",
    }[change.kind]


def _whole(model: str | None, flags: Iterable[str]) -> str:
    return (model or "nobody known") + "".join(f" ({flag})" for flag in flags)
