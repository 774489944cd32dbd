"""The catalogues seen so far: what each gateway ever listed, under which label, and when.

A gateway's ``/models`` names only what it serves now. Its rankings also name what it served
once, so every listing is kept with the days it was first and last seen. Descriptions and
prices are not kept.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leaderboard.snapshots import DamagedFile, canonical, write_atomically
from leaderboard.strict_json import NotStrictJson, parse_json

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an id stood for, and the days it was first and last seen so."""

    name: str
    canonical_slug: str | None
    first_seen: dt.date
    last_seen: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One id of a gateway's catalogue with all its *labels*, oldest first."""

    id: str
    labels: tuple[Label, ...]

    @property
    def newest(self) -> Label:
        """The label it was last seen with."""
        return max(self.labels, key=lambda label: (label.last_seen, _age(label)))

    @property
    def first_seen(self) -> dt.date:
        """The day it was first seen."""
        return min(label.first_seen for label in self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All a gateway ever listed, ordered by id."""

    source: str
    listings: tuple[Listing, ...] = ()


def accumulate(
    catalogue: Catalogue, entries: Iterable[Mapping[str, Any]], seen: dt.date
) -> Catalogue:
    """Add the rows a gateway's catalogue answered on the day *seen*.

    *entries* are rows as sent: ``id``, ``name`` (``display_name`` at ZenMux), and
    ``canonical_slug`` where the gateway has one. The result depends only on which rows were
    seen on which days, not on the order or the number of times they were added.
    """
    days: dict[tuple[str, str, str | None], tuple[dt.date, dt.date]] = {
        (listing.id, label.name, label.canonical_slug): (label.first_seen, label.last_seen)
        for listing in catalogue.listings
        for label in listing.labels
    }
    for entry in entries:
        name = entry["display_name"] if "display_name" in entry else entry["name"]
        key = (entry["id"], name, entry.get("canonical_slug"))
        first, last = days.get(key, (seen, seen))
        days[key] = (min(first, seen), max(last, seen))
    labels: dict[str, list[Label]] = defaultdict(list)
    for (identifier, name, slug), (first, last) in days.items():
        labels[identifier].append(
            Label(name=name, canonical_slug=slug, first_seen=first, last_seen=last)
        )
    return Catalogue(
        source=catalogue.source,
        listings=tuple(
            Listing(id=identifier, labels=tuple(sorted(labels[identifier], key=_age)))
            for identifier in sorted(labels)
        ),
    )


def load_catalogue(data_dir: Path, source: str) -> Catalogue:
    """Read ``catalog/<source>.json`` under *data_dir*; empty where there is none yet.

    Raises `DamagedFile`, which names the file, where it cannot be read whole.
    """
    path = catalogue_path(data_dir, source)
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return Catalogue(source=source)
    try:
        stored = _StoredCatalogue.model_validate(parse_json(body))
    except NotStrictJson as problem:
        raise DamagedFile(f"{path} is damaged: it {problem}") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise DamagedFile(f"{path} is damaged: {where}: {first['msg']}") from None
    if stored.source != source:
        raise DamagedFile(f"{path} is damaged: it is the catalogue of {stored.source!r}")
    if len({row.id for row in stored.models}) < len(stored.models):
        raise DamagedFile(f"{path} is damaged: an id stands in it twice")
    listings = tuple(
        Listing(id=row.id, labels=tuple(Label(**dict(label)) for label in row.labels))
        for row in stored.models
    )
    for listing, row in zip(listings, stored.models, strict=True):
        if _row(listing) != row.model_dump(mode="json"):
            raise DamagedFile(f"{path} is damaged: {row.id}: its line contradicts its labels")
    return Catalogue(source=source, listings=listings)


def save_catalogue(data_dir: Path, catalogue: Catalogue) -> bool:
    """Write *catalogue* under *data_dir* whole or not at all; False where nothing changed."""
    path = catalogue_path(data_dir, catalogue.source)
    text = canonical(
        {
            "schema": SCHEMA,
            "source": catalogue.source,
            "models": [_row(listing) for listing in catalogue.listings],
        }
    )
    if path.exists() and path.read_bytes() == text.encode():
        return False
    write_atomically(path, text)
    return True


def catalogue_path(data_dir: Path, source: str) -> Path:
    """Say where *source*'s accumulated catalogue is kept."""
    return data_dir / "catalog" / f"{source}.json"


def _age(label: Label) -> tuple[dt.date, dt.date, str, str]:
    return (label.first_seen, label.last_seen, label.name, label.canonical_slug or "")


def _row(listing: Listing) -> dict[str, Any]:
    newest = listing.newest
    return {
        "id": listing.id,
        "canonical_slug": newest.canonical_slug,
        "name": newest.name,
        "first_seen": listing.first_seen.isoformat(),
        "last_seen": newest.last_seen.isoformat(),
        "labels": [
            {
                "name": label.name,
                "canonical_slug": label.canonical_slug,
                "first_seen": label.first_seen.isoformat(),
                "last_seen": label.last_seen.isoformat(),
            }
            for label in listing.labels
        ],
    }


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _StoredLabel(_Stored):
    name: str
    canonical_slug: str | None
    first_seen: dt.date
    last_seen: dt.date


class _StoredListing(_Stored):
    id: str
    canonical_slug: str | None
    name: str
    first_seen: dt.date
    last_seen: dt.date
    labels: Annotated[list[_StoredLabel], Field(min_length=1)]


class _StoredCatalogue(_Stored):
    schema_: Literal[1] = Field(alias="schema")
    source: str
    models: list[_StoredListing]
