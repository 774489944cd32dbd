"""Snapshots: one file per source, dataset and UTC day, with every figure it ever held.

A file keeps the rows as the source sent them, when they were first and last published, and
each version that a later publication replaced. Saving is idempotent: rows that say the same
write nothing. Files are canonical (one row a line, keys in one order), so a diff shows what
changed.
"""

import datetime as dt
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from leaderboard.envelope import (
    SCHEMA,
    Change,
    DamagedFile,
    Moment,
    Row,
    Snapshot,
    key_of,
    load,
)
from leaderboard.records import Citation, Published

Saved = Literal["new", "revised", "relisted", "unchanged"]

__all__ = [
    "DamagedFile",
    "Observation",
    "Row",
    "Saved",
    "Snapshot",
    "Store",
    "canonical",
    "stamp",
    "sweep",
    "write_atomically",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One dataset's rows for one day, as a source has just sent them.

    *key* names the fields that identify a row within the day; *figures* those whose change is
    a revision (empty: all). *residual* is a (field, value) pair that marks the row holding
    everything unlisted: when rows only move into or out of it, because the list depends on
    the requested *window*, the day is relisted, not revised.

    For judging whether an answer can be true: *measure* is the numeric field that orders the
    rows (None: they are sent in order), within each value of *grouped_by*; *is_absolute* says
    that its sum means something; *may_be_short* that the list has no expected length.
    """

    source: str
    dataset: str
    date: dt.date
    citation: Citation
    url: str
    published: Published
    window: Mapping[str, str] | None
    key: tuple[str, ...]
    rows: Sequence[Row]
    figures: tuple[str, ...] = ()
    residual: tuple[str, str] | None = None
    measure: str | None = None
    grouped_by: str | None = None
    is_absolute: bool = False
    may_be_short: bool = False


class Store:
    """The snapshots under one data directory, each file read at most once."""

    def __init__(self, root: Path, *, known_at: dt.datetime | None = None) -> None:
        self.root = root
        self._known_at = known_at
        self._loaded: dict[tuple[str, str], dict[dt.date, Snapshot]] = {}

    def load(self, source: str, dataset: str) -> Mapping[dt.date, Snapshot]:
        """Return a dataset's snapshots by day, oldest first, as known at the store's moment.

        Raises `DamagedFile` where a file is not a snapshot of this source, dataset and day.
        """
        if (source, dataset) not in self._loaded:
            self._loaded[source, dataset] = dict(self._read(source, dataset))
        return self._loaded[source, dataset]

    def forget(self) -> None:
        """Let go of what was loaded: whoever asks again reads it again."""
        self._loaded.clear()

    def datasets(self, source: str) -> tuple[str, ...]:
        """Return the names of the datasets that have snapshots."""
        folder = self.root / source
        if not folder.is_dir():
            return ()
        return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir()))

    def save(self, seen: Observation) -> Saved:
        """Merge what was seen into its day's file and tell what that changed."""
        old = self.load(seen.source, seen.dataset).get(seen.date)
        moment = Moment(retrieved_at=stamp(seen.published.retrieved_at), as_of=seen.published.as_of)
        if old is None:
            outcome: Saved = "new"
            new = _snapshot(seen, first=moment, latest=moment, revisions=[], relistings=[])
        else:
            found = _difference(old, seen)
            if found is None:
                return "unchanged"
            outcome, change = found
            new = _snapshot(
                seen,
                first=old.first,
                latest=moment,
                revisions=[*old.revisions, *([change] if outcome == "revised" else [])],
                relistings=[*old.relistings, *([change] if outcome == "relisted" else [])],
            )
        path = self.root / seen.source / seen.dataset / f"{seen.date}.json"
        write_atomically(path, canonical(new.model_dump(by_alias=True)))
        held = self._loaded[seen.source, seen.dataset]
        held[seen.date] = new
        if outcome == "new" and seen.date < max(held):
            # A backfill brings newer days first; what is loaded stays oldest first.
            self._loaded[seen.source, seen.dataset] = dict(sorted(held.items()))
        return outcome

    def _read(self, source: str, dataset: str) -> Iterator[tuple[dt.date, Snapshot]]:
        for path in sorted((self.root / source / dataset).glob("*.json")):
            snapshot = load(path)
            if (snapshot.source, snapshot.dataset, f"{snapshot.date}.json") != (
                source,
                dataset,
                path.name,
            ):
                raise DamagedFile(f"{path} holds another snapshot than its place says")
            known = snapshot if self._known_at is None else snapshot.as_known(self._known_at)
            if known is not None:
                yield known.day, known


def stamp(moment: dt.datetime) -> str:
    """Return *moment* as the project writes it: ISO 8601, UTC, whole seconds, ``Z``."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(document: Mapping[str, Any]) -> str:
    """Return *document* as JSON with each element of its top-level lists on a line of its own."""
    lines = []
    for name, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join(f"  {_dump(row)}" for row in value)
            lines.append(f" {_dump(name)}: [\n{rows}\n ]")
        else:
            lines.append(f" {_dump(name)}: {_dump(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write_atomically(path: Path, text: str) -> None:
    """Write *text* so that whoever looks, whenever, finds the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sweep(root: Path) -> None:
    """Delete what runs that were killed while writing left under *root*."""
    for left in root.rglob(".*.part"):
        left.unlink(missing_ok=True)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)


def _snapshot(seen: Observation, **parts: Any) -> Snapshot:
    return Snapshot.model_validate(
        {
            "schema": SCHEMA,
            "source": seen.source,
            "dataset": seen.dataset,
            "date": seen.date.isoformat(),
            "citation": {
                "text": seen.citation.text,
                "url": seen.citation.url,
                "license": seen.citation.license,
                "license_url": seen.citation.license_url,
                "notice": seen.citation.notice,
            },
            "url": seen.url,
            "window": None if seen.window is None else dict(seen.window),
            "key": list(seen.key),
            "rows": list(seen.rows),
            **parts,
        }
    )


def _difference(old: Snapshot, seen: Observation) -> tuple[Saved, Change] | None:
    before = {key_of(old.key, row): row for row in old.rows}
    after = {key_of(seen.key, row): row for row in seen.rows}
    same = _sameness(seen.figures)
    changed = [row for k, row in before.items() if k in after and not same(row, after[k])]
    removed = [row for k, row in before.items() if k not in after]
    added = [list(k) for k in after if k not in before]
    if not (changed or removed or added):
        return None
    change = Change(
        retrieved_at=stamp(seen.published.retrieved_at),
        as_of=seen.published.as_of,
        rows=[*changed, *removed],
        added=added,
    )
    if seen.residual is not None and (removed or added):
        field, value = seen.residual
        if all(row[field] == value for row in changed):
            return "relisted", change
    return "revised", change


def _sameness(figures: tuple[str, ...]) -> Callable[[Row, Row], bool]:
    if not figures:
        return lambda a, b: a == b
    # As text: one endpoint sends the same total as a string, another as a number.
    return lambda a, b: all(str(a.get(f)) == str(b.get(f)) for f in figures)
