"""Under which other addresses a page was or could have been published, and still is found.

More becomes known of a name: a catalogue or a reviewed alias says which model it is, the table
of labs gets another spelling. Its page then moves, and the address it had answers with the way.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from leaderboard.catalog import Identity
from leaderboard.pages import entity_paths
from leaderboard.records import OTHERS, Reading


class Sight(NamedTuple):
    """When a gateway's catalogue was first and last seen to have a model."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sights:
    """What the catalogues say of each model: who offered it when, and under which ids."""

    offers: Mapping[str, Mapping[str, Sight]]
    ids: Mapping[str, Collection[str]]


def sights(identity: Identity) -> Sights:
    """Look every listing of every catalogue up, as it stood when it was last seen."""
    offers: defaultdict[str, dict[str, Sight]] = defaultdict(dict)
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for source, catalogue in identity.catalogues.items():
        for listing in catalogue.listings:
            for label in listing.labels:
                match = identity.match(source, listing.id, label.name, label.last_seen)
                if match.model is None:
                    continue
                before = offers[match.model].get(source)
                offers[match.model][source] = Sight(
                    min(label.first_seen, before.first if before else label.first_seen),
                    max(label.last_seen, before.last if before else label.last_seen),
                )
                ids[match.model] |= {listing.id, label.canonical_slug or listing.id}
    return Sights(offers=offers, ids=ids)


def forwards(
    pages: Collection[str],
    homes: Mapping[tuple[str, str], str],
    seen: Sights,
    readings: Sequence[Reading],
    identity: Identity,
) -> dict[str, str]:
    """Say for every address a page may have had before where it is now.

    *homes* are the pages of names by source and key. What is a page's address now is no other
    page's old one; where two pages may have had one address, the first by name keeps it.
    """
    found: dict[str, str] = {}

    def add(old: str, now: str) -> None:
        if old not in pages and now in pages:
            found.setdefault(old, now)

    for (source, key), home in sorted(homes.items()):
        for old in _earlier(source, key, identity):
            add(old, home)
    for model, ids in sorted(seen.ids.items()):
        for identifier in sorted(ids):
            for old in _spelt(identifier, identity):
                add(old, entity_paths.model_path(model))
    for reading in readings:
        for board in reading.boards:
            if board.kind != "lab":
                continue
            for key in sorted(board.entities):
                lab = identity.labs.of(key)
                if key != OTHERS and lab is not None:
                    add(entity_paths.lab_path(_folded(key)), entity_paths.lab_path(lab))
    return found


def _earlier(source: str, key: str, identity: Identity) -> Iterator[str]:
    """Give the addresses a name has while nothing, or less, is known of it."""
    author, slash, _ = key.partition("/")
    labs = {identity.labs.of(author), _folded(author)} if slash else {None}
    for lab in sorted(labs, key=str):
        yield entity_paths.unmatched_path(source, key, lab)
    yield from _spelt(key, identity)


def _spelt(identifier: str, identity: Identity) -> Iterator[str]:
    """Give the addresses of a model that is called after an id of a gateway."""
    author, slash, tail = identifier.partition(":")[0].partition("/")
    if slash and author and tail:
        for lab in sorted({identity.labs.of(author) or author, _folded(author)}):
            yield entity_paths.model_path(f"{lab}/{tail}")


def _folded(spelling: str) -> str:
    return spelling.strip().removeprefix("~").casefold()
