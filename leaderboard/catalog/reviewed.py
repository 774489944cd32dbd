"""The tables people review: which spellings are which lab, and aliases with dates and reasons."""

import contextlib
import datetime as dt
import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leaderboard.catalog.spelling import normalised, parts, without_lab
from leaderboard.snapshots import DamagedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A lab: its id on this site, its name, and how each gateway spells it."""

    id: str
    name: str
    spellings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Labs:
    """The table of labs. One spelling names one lab, whichever gateway uses it."""

    labs: tuple[Lab, ...]
    _by_id: dict[str, Lab] = field(init=False, repr=False, compare=False, default_factory=dict)
    _by_spelling: dict[str, str] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Index the spellings; raises ValueError where one of them names two labs."""
        for lab in self.labs:
            self._by_id[lab.id] = lab
            spellings = itertools.chain([lab.id, lab.name], *lab.spellings.values())
            for spelling in {_folded(spelling) for spelling in spellings}:
                other = self._by_spelling.setdefault(spelling, lab.id)
                if other != lab.id:
                    raise ValueError(f"{spelling!r} names two labs, {other!r} and {lab.id!r}")

    def of(self, spelling: str | None) -> str | None:
        """Give the id of the lab a gateway calls *spelling*.

        An unknown spelling is its own lab, shown as it is; None and blanks have none.
        """
        folded = _folded(spelling or "")
        return self._by_spelling.get(folded, folded) or None

    def known(self, lab: str | None) -> Lab | None:
        """Look up the lab with the id *lab*; None where the table does not have it."""
        return self._by_id.get(lab or "")

    def name(self, lab: str) -> str:
        """Say what people read for *lab*: its name, or the id of an unknown lab."""
        known = self._by_id.get(lab)
        return known.name if known else lab


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A reviewed decision about one name at one gateway, from *start* to *end* inclusive.

    *model* is a model's id on this site, or None where the name is withheld: no rule may
    match it. Without a *label* it holds whatever the gateway calls the name.
    """

    gateway: str
    name: str
    label: str | None
    model: str | None
    start: dt.date | None
    end: dt.date | None
    reason: str

    def holds(self, label: str | None, date: dt.date) -> bool:
        """Say whether it applies to *label* on *date*."""
        if self.label is not None and normalised(self.label) != normalised(
            without_lab(label or "")
        ):
            return False
        return (self.start or date) <= date <= (self.end or date)

    def contradicts(self, other: "Alias") -> bool:
        """Say whether some day and label would fall under both."""
        labels = {normalised(alias.label) for alias in (self, other) if alias.label is not None}
        if self.label is not None and other.label is not None and len(labels) > 1:
            return False
        start = max(self.start or dt.date.min, other.start or dt.date.min)
        return start <= min(self.end or dt.date.max, other.end or dt.date.max)


def load_labs(path: Path) -> Labs:
    """Read the table of labs at *path*; raises `DamagedFile`, naming the file."""
    with _naming(path):
        table = tomllib.loads(path.read_text("utf-8"))
        return Labs(tuple(_lab(identifier, row) for identifier, row in table.items()))


def load_aliases(path: Path, labs: Labs) -> tuple[Alias, ...]:
    """Read the reviewed aliases at *path*; raises `DamagedFile`, naming the file.

    An alias may not cross labs, lack a reason, or contradict another.
    """
    with _naming(path):
        table = tomllib.loads(path.read_text("utf-8"))
        if unknown := set(table) - {"alias", "withheld"}:
            raise ValueError(f"unknown table {sorted(unknown)[0]!r}")
        aliases = tuple(_alias(row, needs_model=True) for row in table.get("alias", [])) + tuple(
            _alias(row, needs_model=False) for row in table.get("withheld", [])
        )
        for alias in aliases:
            _check_lab(alias, labs)
        for one, other in itertools.combinations(aliases, 2):
            same = (one.gateway, normalised(one.name)) == (other.gateway, normalised(other.name))
            if same and one.contradicts(other):
                raise ValueError(f"two entries for {one.gateway} {one.name!r} hold on one day")
        return aliases


def boundaries(aliases: tuple[Alias, ...]) -> Iterator[dt.date]:
    """List the days on which some alias begins to hold or no longer holds."""
    for alias in aliases:
        if alias.start:
            yield alias.start
        if alias.end and alias.end < dt.date.max:
            yield alias.end + dt.timedelta(days=1)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn whatever is wrong with a reviewed table into an error that names its file."""
    try:
        yield
    except KeyError as problem:
        raise DamagedFile(f"{path} cannot be used: {problem} is missing") from problem
    except (
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
    ) as problem:
        raise DamagedFile(f"{path} cannot be used: {problem}") from problem


def _folded(spelling: str) -> str:
    # OpenRouter writes `~author/model-latest` for pointers to whatever is newest.
    return spelling.strip().removeprefix("~").casefold()


def _lab(identifier: str, row: dict[str, Any]) -> Lab:
    spellings = {gateway: tuple(row[gateway]) for gateway in row if gateway != "name"}
    if any(isinstance(row[gateway], str) for gateway in spellings):
        raise ValueError(f"lab {identifier!r} has a spelling that is not in a list")
    return Lab(id=identifier, name=row["name"], spellings=spellings)


def _alias(row: dict[str, Any], *, needs_model: bool) -> Alias:
    known = {"gateway", "name", "label", "from", "to", "reason"}
    if unknown := set(row) - known - ({"model"} if needs_model else set()):
        raise ValueError(f"{row.get('name')!r} has an unknown field {sorted(unknown)[0]!r}")
    alias = Alias(
        gateway=row["gateway"],
        name=row["name"],
        label=row.get("label"),
        model=row["model"] if needs_model else None,
        start=row.get("from"),
        end=row.get("to"),
        reason=row["reason"].strip(),
    )
    if not alias.reason:
        raise ValueError(f"{alias.name!r} has no reason")
    for day in (alias.start, alias.end):
        if day is not None and type(day) is not dt.date:
            raise ValueError(f"{alias.name!r} has a date that is not a day: {day!r}")
    if alias.start and alias.end and alias.end < alias.start:
        raise ValueError(f"{alias.name!r} ends before it starts")
    return alias


def _check_lab(alias: Alias, labs: Labs) -> None:
    if not any(alias.gateway in lab.spellings for lab in labs.labs):
        raise ValueError(f"{alias.name!r} has an unknown gateway {alias.gateway!r}")
    if alias.model is None:
        return
    model, name = parts(alias.model), parts(alias.name)
    if model is None or labs.known(model[0]) is None:
        raise ValueError(f"{alias.name!r} names a model of no known lab: {alias.model!r}")
    if name is not None and labs.of(name[0]) != model[0]:
        raise ValueError(f"{alias.name!r} would cross labs to {alias.model!r}")
