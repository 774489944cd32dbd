"""The models known from the catalogues: their ids on this site, their slugs and their names.

A model is what one canonical slug stands for at OpenRouter, whose catalogue is the widest and
the only one that tells releases apart. A model that only another gateway lists is added if its
id and its name are free. A model's id on this site is ``<lab>/<tail>``: the lab's id of the
reviewed table, and the tail of OpenRouter's catalogue id where there is one, else the tail of
the gateway's own.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from leaderboard.catalog.accumulated import Catalogue
from leaderboard.catalog.reviewed import Labs
from leaderboard.catalog.spelling import (
    Dated,
    dated,
    normalised,
    parts,
    swapped,
    without_lab,
    without_variant,
    without_variant_note,
)

REFERENCE: Final = "openrouter"
"""The gateway whose canonical slugs tell models apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model as this site knows it: *source* is the gateway whose catalogue names it."""

    id: str
    lab: str
    name: str
    source: str
    canonical_slug: str | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    value: str
    first: dt.date
    last: dt.date


@dataclass(slots=True)
class Timeline:
    """What one spelling stood for, as far as it was seen.

    A spelling that only ever stood for one thing stands for it on every day. Where it changed
    hands, the days from the last sight of the one to the first sight of the next are undecided,
    those two days included: traffic of both is mixed in them.
    """

    _spans: dict[str, _Span] = field(default_factory=dict)

    def see(self, value: str, first: dt.date, last: dt.date) -> None:
        """Add that it stood for *value* from *first* to *last*."""
        if span := self._spans.get(value):
            first, last = min(first, span.first), max(last, span.last)
        self._spans[value] = _Span(value, first, last)

    def at(self, date: dt.date) -> str | None:
        """Give what it stood for on *date*; None where that is undecided."""
        if len(self._spans) == 1:
            return next(iter(self._spans))
        spans = self._spans.values()
        begin = min(span.first for span in spans)
        end = max(span.last for span in spans)
        holders = [
            span.value
            for span in spans
            if (span.first == begin or span.first < date) and (span.last == end or date < span.last)
        ]
        return holders[0] if len(holders) == 1 else None

    @property
    def values(self) -> tuple[str, ...]:
        """All it ever stood for."""
        return tuple(self._spans)

    def boundaries(self) -> Iterator[dt.date]:
        """List the days on which the answer of `at` may change."""
        if len(self._spans) > 1:
            for span in self._spans.values():
                for day in (span.first, span.last):
                    yield day
                    if day < dt.date.max:
                        yield day + dt.timedelta(days=1)


_Key = tuple[str, str]  # a lab, and a tail or a normalised name


class Known:
    """The models known, by every spelling a catalogue gives them."""

    def __init__(self, labs: Labs, catalogue: Catalogue) -> None:
        """Read the models out of OpenRouter's accumulated *catalogue*."""
        self.models: dict[str, Model] = {}
        self._canonical: dict[str, str] = {}
        self._canonical_tails: dict[_Key, set[str]] = defaultdict(set)
        self._stems: dict[_Key, list[tuple[Dated, str]]] = defaultdict(list)
        self._ids: dict[_Key, Timeline] = defaultdict(Timeline)
        self._id_tails: dict[str, set[str]] = defaultdict(set)
        self._names: dict[_Key, Timeline] = defaultdict(Timeline)
        self._anywhere: dict[str, set[_Key]] = defaultdict(set)
        sightings = sorted(_sightings(labs, catalogue), key=lambda sight: sight.age)
        by_slug: dict[str, list[_Sighting]] = defaultdict(list)
        for sight in sightings:
            by_slug[sight.slug].append(sight)
        for slug, owned in _owners(sightings).items():
            self._admit_canonical(slug, owned, by_slug[slug])

    def canonical(self, slug: str) -> Model | None:
        """Look up exactly the canonical *slug*."""
        return self.models.get(self._canonical.get(slug, ""))

    def canonical_tail(self, lab: str, tail: str) -> Model | None:
        """Look up a canonical slug by its tail within *lab*, whatever the author's spelling."""
        found = self._canonical_tails.get((lab, tail), set())
        return self.models[next(iter(found))] if len(found) == 1 else None

    def identified(self, lab: str, tail: str, date: dt.date) -> Model | None:
        """Look up the catalogue id *tail* of *lab* as it stood on *date*."""
        timeline = self._ids.get((lab, tail))
        return self.models.get((timeline and timeline.at(date)) or "")

    def has_id(self, lab: str, tail: str) -> bool:
        """Say whether any catalogue ever had the id *tail* of *lab*."""
        return (lab, tail) in self._ids

    def named(self, lab: str, name: str, date: dt.date) -> Model | None:
        """Look up the display *name* within *lab* as it stood on *date*."""
        timeline = self._names.get((lab, normalised(name)))
        return self.models.get((timeline and timeline.at(date)) or "")

    def has_name(self, lab: str, name: str) -> bool:
        """Say whether any model of *lab* ever had the display *name*."""
        return (lab, normalised(name)) in self._names

    def named_anywhere(self, name: str, date: dt.date) -> Model | None:
        """Look up the display *name* among all labs; None unless a single lab has it."""
        found = self._anywhere.get(normalised(name), set())
        return self.named(next(iter(found))[0], name, date) if len(found) == 1 else None

    def redated(self, lab: str, tail: str) -> Model | None:
        """Look up *tail* by its date in another of the forms that canonical slugs use.

        The catalogue confirms it where exactly one canonical slug has the same stem and date.
        """
        asked = dated(tail)
        if asked is None:
            return None
        found = {
            model
            for date, model in self._stems.get((lab, asked.stem), ())
            if (date.month, date.day) == (asked.month, asked.day)
            and (date.year == asked.year or date.year is None or asked.year is None)
        }
        return self.models[next(iter(found))] if len(found) == 1 else None

    def undated(self, lab: str, tail: str) -> Model | None:
        """Look up *tail* as a canonical slug without its date.

        The catalogue confirms it where exactly one canonical slug has that stem and its own id
        is the same words, so that a dated re-release never answers for the release before it.
        """
        found = {model for _, model in self._stems.get((lab, tail), ())}
        if len(found) != 1:
            return None
        model = self.models[next(iter(found))]
        return model if self.is_spelt(model, tail) else None

    def is_spelt(self, model: Model, tail: str) -> bool:
        """Say whether *tail* is the same words as an id of *model*, in either Claude order."""
        words = {normalised(tail), normalised(swapped(tail) or tail)}
        return bool(words & {normalised(known) for known in self._id_tails[model.id]})

    def is_undated_name(self, model: Model, name: str) -> bool:
        """Say whether *name* leaves out the date by which the id of *model* tells its release.

        Such a name is not enough: it may as well mean the release before or after.
        """
        date = dated(model.id.partition("/")[2])
        digits = "".join(letter for letter in name if letter.isdigit())
        return date is not None and f"{date.month:02}{date.day:02}" not in digits

    def admit(self, model: Model, tail: str) -> None:
        """Add a *model* that only its own gateway lists; its id and name must be free."""
        self.models[model.id] = model
        self._id_tails[model.id].add(tail)
        self._ids[model.lab, tail].see(model.id, dt.date.min, dt.date.max)
        self._see_name(model, model.name, dt.date.min, dt.date.max)

    def boundaries(self) -> Iterator[dt.date]:
        """List the days on which some spelling may change hands."""
        for timeline in (*self._ids.values(), *self._names.values()):
            yield from timeline.boundaries()

    def _see_name(self, model: Model, name: str, first: dt.date, last: dt.date) -> None:
        words = normalised(name)
        self._names[model.lab, words].see(model.id, first, last)
        self._anywhere[words].add((model.lab, words))

    def _admit_canonical(self, slug: str, owned: str | None, own: "list[_Sighting]") -> None:
        lab, tail = own[0].lab, own[0].slug_tail
        author = slug.partition("/")[0]
        wanted = [tail, f"{author}-{tail}"] if owned is None else [owned, tail, f"{author}-{tail}"]
        free = [f"{lab}/{one}" for one in wanted if f"{lab}/{one}" not in self.models]
        if not free:
            return
        newest = max(own, key=lambda sight: (sight.last, sight.is_plain, sight.age))
        model = Model(id=free[0], lab=lab, name=newest.name, source=REFERENCE, canonical_slug=slug)
        self.models[model.id] = model
        self._canonical[slug] = model.id
        self._canonical_tails[lab, tail].add(model.id)
        if date := dated(tail):
            self._stems[lab, date.stem].append((date, model.id))
        for sight in own:
            self._see_name(model, sight.name, sight.first, sight.last)
            if sight.id_tail is not None:
                self._ids[lab, sight.id_tail].see(model.id, sight.first, sight.last)
                self._id_tails[model.id].add(sight.id_tail)


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One label of OpenRouter's catalogue; *id_tail* is None where the id is another lab's."""

    slug: str
    slug_tail: str
    lab: str
    id_tail: str | None
    is_plain: bool
    name: str
    first: dt.date
    last: dt.date

    @property
    def age(self) -> tuple[dt.date, bool, int, str, str]:
        """Order by first sight, then plain ids before variants, then short before long."""
        tail = self.id_tail or ""
        return (self.first, not self.is_plain, len(tail), tail, self.slug)


def _sightings(labs: Labs, catalogue: Catalogue) -> Iterator[_Sighting]:
    for listing in catalogue.listings:
        identifier, flags = without_variant(listing.id)
        if identifier.startswith("~"):
            continue  # a pointer to whatever is newest is not a model
        for label in listing.labels:
            slug = label.canonical_slug or identifier
            slug_parts, id_parts = parts(slug), parts(identifier)
            lab = slug_parts and labs.of(slug_parts[0])
            if not slug_parts or not lab:
                continue
            is_same_lab = id_parts is not None and labs.of(id_parts[0]) == lab
            yield _Sighting(
                slug=slug,
                slug_tail=slug_parts[1],
                lab=lab,
                id_tail=id_parts[1] if id_parts and is_same_lab else None,
                is_plain=not flags,
                name=without_variant_note(without_lab(label.name), flags),
                first=label.first_seen,
                last=label.last_seen,
            )


def _owners(sightings: "list[_Sighting]") -> dict[str, str | None]:
    """Say for each canonical slug, oldest first, which id tail it may keep as its own.

    An id that is pointed at another release stays with the release that had it first.
    """
    taken: dict[_Key, str] = {}
    owners: dict[str, str | None] = {}
    for sight in sightings:
        owners.setdefault(sight.slug, None)
        if sight.id_tail is None:
            continue
        if taken.setdefault((sight.lab, sight.id_tail), sight.slug) == sight.slug:
            owners[sight.slug] = owners[sight.slug] or sight.id_tail
    return owners
