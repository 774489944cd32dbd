"""The identity of models and labs across gateways: one object, built once, asked by all."""

import bisect
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from leaderboard.catalog.accumulated import Catalogue, load_catalogue
from leaderboard.catalog.known import Model
from leaderboard.catalog.reviewed import Alias, Labs, boundaries, load_aliases, load_labs
from leaderboard.catalog.rules import RULES, Match, Rules

_PROJECT_TABLES: Final = Path(__file__).parents[2] / "data"


@dataclass(frozen=True)
class Identity:
    """Who is who, as the reviewed tables and the accumulated catalogues have it."""

    labs: Labs
    aliases: tuple[Alias, ...] = ()
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    _rules: Rules = field(init=False, repr=False, compare=False)
    _days: tuple[dt.date, ...] = field(init=False, repr=False, compare=False)
    _memory: dict[tuple[str, str, str | None, int], Match] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _whole: dict[tuple[str, str, str | None, int], Match] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Index the catalogues and find the days on which any answer may change."""
        rules = Rules(self.labs, self.aliases, self.catalogues)
        days = {*boundaries(self.aliases), *rules.boundaries()} - {dt.date.min}
        object.__setattr__(self, "_rules", rules)
        object.__setattr__(self, "_days", tuple(sorted(days)))

    @property
    def models(self) -> Mapping[str, Model]:
        """All models of the catalogues by their ids on this site."""
        return self._rules.known.models

    def match(
        self,
        gateway: str,
        name: str,
        label: str | None,
        date: dt.date,
        *,
        since: dt.date | None = None,
    ) -> Match:
        """Say which model *gateway* means by *name* on *date*.

        *name* is the gateway's key as sent, *label* the display name it sends beside it (None:
        none). With *since*, the name must stand for the same on every day from then on: a
        figure over a window in which it changed hands belongs to no single model.
        """
        epoch = bisect.bisect_right(self._days, date)
        found = self._answer(gateway, name, label, epoch)
        first = epoch if since is None else bisect.bisect_right(self._days, since)
        if any(self._answer(gateway, name, label, one) != found for one in range(first, epoch)):
            return Match(lab=found.lab, reason="It changed hands within the window.")
        return self._with_validity(gateway, name, label, epoch)

    def matches(
        self,
        gateway: str,
        listed: Iterable[tuple[str, str | None]],
        date: dt.date,
        *,
        since: dt.date | None = None,
    ) -> dict[str, Match]:
        """Match all names (with their labels) that *gateway* lists on one day or window.

        Two names listed side by side are two models, unless their flags tell them apart: the
        one matched by the stronger rule keeps the model, and between equals neither does. Ask
        this, not `match`, wherever figures are added up or ranked.
        """
        found = {
            name: self.match(gateway, name, label, date, since=since) for name, label in listed
        }
        claims: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
        for name, match in found.items():
            if match.model is not None:
                claims[match.model, match.flags].append(name)
        for (model, _), names in claims.items():
            if len(names) == 1:
                continue
            strength = {name: RULES.index(found[name].rule or "own slug") for name in names}
            winners = [name for name in names if strength[name] == min(strength.values())]
            reason = f"Listed on the same day as another name of {model}."
            for name in names:
                if winners != [name]:
                    found[name] = Match(lab=found[name].lab, reason=reason)
        return found

    def _answer(self, gateway: str, name: str, label: str | None, epoch: int) -> Match:
        key = (gateway, name, label, epoch)
        found = self._memory.get(key)
        if found is None:
            # Between two of the days nothing changes, so the first stands for all.
            day = self._days[epoch - 1] if epoch else dt.date.min
            found = self._memory[key] = self._rules.decide(gateway, name, label, day)
        return found

    def _with_validity(self, gateway: str, name: str, label: str | None, epoch: int) -> Match:
        """Say besides from when to when the answer is the same."""
        key = (gateway, name, label, epoch)
        if key in self._whole:
            return self._whole[key]
        found = self._answer(*key)
        first = last = epoch
        while first and self._answer(gateway, name, label, first - 1) == found:
            first -= 1
        while last < len(self._days) and self._answer(gateway, name, label, last + 1) == found:
            last += 1
        whole = replace(
            found,
            valid_from=self._days[first - 1] if first else None,
            valid_to=self._days[last] - dt.timedelta(days=1) if last < len(self._days) else None,
        )
        for one in range(first, last + 1):
            self._whole[gateway, name, label, one] = whole
        return whole


def load(data_dir: Path) -> Identity:
    """Read the accumulated catalogues and the reviewed tables under *data_dir*.

    A folder without tables of its own (a demo's, a test's) uses the project's. Raises
    `DamagedFile`, which names the file, where one of them is damaged.
    """
    labs = load_labs(_table(data_dir, "labs.toml"))
    sources = sorted(path.stem for path in (data_dir / "catalog").glob("*.json"))
    return Identity(
        labs=labs,
        aliases=load_aliases(_table(data_dir, "aliases.toml"), labs),
        catalogues={source: load_catalogue(data_dir, source) for source in sources},
    )


def _table(data_dir: Path, name: str) -> Path:
    own = data_dir / name
    return own if own.exists() else _PROJECT_TABLES / name
