"""The rules by which a name is a model, in order.

The first rule that decides is published with the match. What none decides stays unmatched: a
wrong join names a wrong leader, a missing one does not.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from leaderboard.catalog.accumulated import Catalogue, Listing
from leaderboard.catalog.known import REFERENCE, Known, Model, Timeline
from leaderboard.catalog.reviewed import Alias, Labs
from leaderboard.catalog.spelling import (
    normalised,
    parts,
    swapped,
    without_lab,
    without_variant,
    without_variant_note,
)
from leaderboard.records import OTHERS

Rule = Literal[
    "canonical slug",
    "variant stripped",
    "catalogue id",
    "catalogue name",
    "unique name",
    "dated form",
    "swapped form",
    "alias",
    "own catalogue",
    "own slug",
]
"""How a match was decided, strongest first.

*canonical slug*, *variant stripped* and *catalogue id*: OpenRouter's catalogue (for a model it
lacks, another gateway's) has the slug as it is, without its variant, or as an id. *catalogue
name*: the same display name within the lab. *unique name*: the same, where the gateway sends no
lab and only one lab has that name. *dated form* and *swapped form*: another spelling of the
date, or the other order of a Claude name, confirmed by the catalogue. *alias*: a reviewed
decision. *own catalogue* and *own slug*: the name stands for itself, a model that only this
gateway lists, or that no catalogue knows.
"""

RULES: Final[tuple[Rule, ...]] = get_args(Rule)

_SLUG_SUFFICES: Final = frozenset({"openrouter", "vercel"})
"""Gateways that send slugs without a label; elsewhere slug and label must agree."""

_NOT_MODELS: Final = frozenset({OTHERS, "other", "others", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a name stands for; *model* and *rule* are None where no rule decides.

    *lab* is known of many unmatched names too. *flags* are the variants that the name carries
    (``free``). *reason* is the reviewed one, where there is one. It holds from *valid_from* to
    *valid_to* inclusive (None: without limit).
    """

    model: str | None = None
    lab: str | None = None
    rule: Rule | None = None
    flags: tuple[str, ...] = ()
    reason: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Slug:
    """A slug taken apart, without its variant."""

    whole: str
    lab: str
    tail: str
    flags: tuple[str, ...]


class Rules:
    """The rules over what the tables and the catalogues say."""

    def __init__(
        self, labs: Labs, aliases: Iterable[Alias], catalogues: Mapping[str, Catalogue]
    ) -> None:
        """Index *catalogues*: OpenRouter's first, then what only the others list."""
        self.known = Known(labs, catalogues.get(REFERENCE, Catalogue(source=REFERENCE)))
        self._labs = labs
        self._aliases: dict[tuple[str, str], list[Alias]] = defaultdict(list)
        for alias in aliases:
            self._aliases[alias.gateway, normalised(alias.name)].append(alias)
        self._labels: dict[tuple[str, str], Timeline] = defaultdict(Timeline)
        self._ids: dict[tuple[str, str], Timeline] = defaultdict(Timeline)
        for source in sorted(set(catalogues) - {REFERENCE}):
            for listing in catalogues[source].listings:
                for label in listing.labels:
                    words, seen = normalised(without_lab(label.name)), label
                    self._labels[source, listing.id].see(words, seen.first_seen, seen.last_seen)
                    self._ids[source, words].see(listing.id, seen.first_seen, seen.last_seen)
            self._admit_own(source, catalogues[source].listings)

    def boundaries(self) -> Iterator[dt.date]:
        """List the days on which what the catalogues say may change."""
        yield from self.known.boundaries()
        for timeline in (*self._labels.values(), *self._ids.values()):
            yield from timeline.boundaries()

    def decide(self, gateway: str, name: str, label: str | None, date: dt.date) -> Match:
        """Say which model *gateway* means by *name*, labelled *label*, on *date*."""
        if name in _NOT_MODELS:
            return Match()
        author = parts(name)
        unmatched = Match(lab=self._labs.of(author[0]) if author else None)
        aliases = self._aliases.get((gateway, normalised(name)), ())
        alias = next((alias for alias in aliases if alias.holds(label, date)), None)
        if alias and alias.model is None:
            return Match(lab=unmatched.lab, reason=alias.reason)
        if found := self._by_catalogues(gateway, name, label, date):
            return found
        if alias and alias.model:
            lab = alias.model.partition("/")[0]
            return Match(model=alias.model, lab=lab, rule="alias", reason=alias.reason)
        return (self._by_itself(name) if gateway == REFERENCE else None) or unmatched

    def _by_catalogues(
        self, gateway: str, name: str, label: str | None, date: dt.date
    ) -> Match | None:
        slug = self._slug(name)
        if slug is None:
            return None if gateway == REFERENCE else self._by_name(gateway, name, date)
        if gateway in _SLUG_SUFFICES:
            return self._by_slug(slug, name, date)
        labels = self._labels.get((gateway, name))
        if labels and len(labels.values) > 1:
            # A label sent now says nothing of a day before the slug was given it.
            label = labels.at(date)
        return self._by_slug_and_label(gateway, name, label, date) if label else None

    def _by_slug(self, slug: _Slug, name: str, date: dt.date) -> Match | None:
        """Decide on a slug alone, by what OpenRouter's catalogue says of it."""
        if model := self.known.canonical(name):
            return _match(model, "canonical slug")
        for rule, model in self._slug_rules(slug, date):
            if model and model.source == REFERENCE:
                return _match(model, rule, slug.flags)
            if rule == "catalogue id" and self.known.has_id(slug.lab, slug.tail):
                return None  # the id is changing hands, or another gateway's model has it
        return None

    def _by_slug_and_label(
        self, gateway: str, name: str, label: str, date: dt.date
    ) -> Match | None:
        """Decide where slug and label mean the same model, and only there."""
        if (slug := self._slug(name)) is None:
            return None
        if not slug.flags and name.endswith("-free") and label.casefold().endswith("(free)"):
            slug = _Slug(name.removesuffix("-free"), slug.lab, slug.tail[:-5], ("free",))
        called = without_variant_note(without_lab(label), slug.flags)
        meant = self.known.named(slug.lab, called, date)
        said: list[Model] = []
        for rule, model in self._slug_rules(slug, date):
            if model and model is meant:
                is_own = model.source == gateway
                return _match(model, "own catalogue" if is_own else rule, slug.flags)
            if model:
                said.append(model)
            if rule == "catalogue id" and (said or self.known.has_id(slug.lab, slug.tail)):
                break  # what is in a catalogue needs no other spelling
        else:
            if meant and not said and self._is_same(slug.tail, called, meant):
                return _match(meant, "catalogue name", slug.flags)
        if slug.flags:  # a variant that has nothing to be a variant of may be a model of its own
            own = self.known.identified(slug.lab, name.partition("/")[2], date)
            if own and own.source == gateway and own.name == without_lab(label):
                return _match(own, "own catalogue")
        return None

    def _is_same(self, tail: str, called: str, meant: Model) -> bool:
        """Say whether a slug that no catalogue has agrees with what its label means."""
        if self.known.is_spelt(meant, tail):
            return True
        return normalised(tail) == normalised(called) and not self.known.is_undated_name(
            meant, called
        )

    def _by_name(self, gateway: str, name: str, date: dt.date) -> Match | None:
        """Decide on a display name, within its lab where the gateway's catalogue tells it."""
        listed = self._ids.get((gateway, normalised(name)))
        if listed is None:
            model = self.known.named_anywhere(name, date)
            if model is None or self.known.is_undated_name(model, name):
                return None
            return _match(model, "unique name")
        slug = self._slug(listed.at(date) or "")
        model = self.known.named(slug.lab, name, date) if slug else None
        if not slug or not model:
            return None
        by_id = self.known.identified(slug.lab, slug.tail, date)
        if by_id is None and self.known.is_undated_name(model, name):
            return None
        if by_id is not None and by_id is not model:
            return None  # its id says another model than its name
        return _match(model, "own catalogue" if model.source == gateway else "catalogue name")

    def _by_itself(self, name: str) -> Match | None:
        """Let a slug stand for itself where no catalogue has anything of that id."""
        slug = self._slug(name)
        if slug is None or slug.whole.startswith("~"):
            return None
        model = f"{slug.lab}/{slug.tail}"
        if model in self.known.models or self.known.has_id(slug.lab, slug.tail):
            return None
        return Match(model=model, lab=slug.lab, rule="own slug", flags=slug.flags)

    def _slug_rules(self, slug: _Slug, date: dt.date) -> Iterator[tuple[Rule, Model | None]]:
        known, lab, tail = self.known, slug.lab, slug.tail
        canonical = known.canonical(slug.whole) or known.canonical_tail(lab, tail)
        yield ("variant stripped" if slug.flags else "canonical slug"), canonical
        yield "catalogue id", known.identified(lab, tail, date)
        yield "dated form", known.redated(lab, tail)
        if other := swapped(tail):
            yield "swapped form", known.undated(lab, tail) or known.canonical_tail(lab, other)
            yield "swapped form", known.redated(lab, other)
        else:
            yield "dated form", known.undated(lab, tail)

    def _slug(self, name: str) -> _Slug | None:
        whole, flags = without_variant(name)
        author = parts(whole)
        lab = self._labs.of(author[0]) if author else None
        return _Slug(whole, lab, author[1], flags) if author and lab else None

    def _admit_own(self, source: str, listings: tuple[Listing, ...]) -> None:
        """Add the models that only *source* lists, where nothing else has their id or name."""
        wanted: dict[tuple[str, str], list[Model]] = defaultdict(list)
        # Variants last: most turn out to be one of a model that was added before them.
        for is_variant in (False, True):
            for listing in listings:
                if listing.id.endswith("-free") == is_variant and (
                    model := self._model_of_its_own(source, listing)
                ):
                    wanted[model.lab, normalised(model.name)].append(model)
            ids = Counter(model.id for models in wanted.values() for model in models)
            for models in wanted.values():
                if len(models) == 1 and ids[models[0].id] == 1:
                    self.known.admit(models[0], models[0].id.partition("/")[2])
            wanted.clear()

    def _model_of_its_own(self, source: str, listing: Listing) -> Model | None:
        slug, newest = self._slug(listing.id), listing.newest
        name = without_lab(newest.name)
        if slug is None or slug.flags or len(self._labels[source, listing.id].values) > 1:
            return None
        if any((source, normalised(one)) in self._aliases for one in (listing.id, name)):
            return None  # people have decided on it
        if self.known.has_id(slug.lab, slug.tail) or self.known.has_name(slug.lab, name):
            return None
        if any(model for _, model in self._slug_rules(slug, newest.last_seen)):
            return None
        if self._by_slug_and_label(source, listing.id, newest.name, newest.last_seen):
            return None
        model = Model(id=f"{slug.lab}/{slug.tail}", lab=slug.lab, name=name, source=source)
        return None if model.id in self.known.models else model


def _match(model: Model, rule: Rule, flags: tuple[str, ...] = ()) -> Match:
    return Match(model=model.id, lab=model.lab, rule=rule, flags=flags)
