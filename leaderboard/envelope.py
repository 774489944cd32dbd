"""The envelope of a snapshot: what a file under ``data/`` is, and what it must be to be read."""

import datetime as dt
import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Self

import pydantic

from leaderboard.records import Citation, Published
from leaderboard.strict_json import NotStrictJson, parse_json

SCHEMA: Final = 1

Row = dict[str, Any]


class DamagedFile(Exception):
    """A file under ``data/`` is not what was written there; the message names it."""


def _day(text: str) -> str:
    if dt.date.fromisoformat(text).isoformat() != text:
        raise ValueError(f"{text} is no day")
    return text


def _stamp(text: str) -> str:
    if moment(text).strftime("%Y-%m-%dT%H:%M:%SZ") != text:
        raise ValueError(f"{text} is no time in UTC")
    return text


def _stated(text: str) -> str:
    moment(text)
    return text


_Stamp = Annotated[str, pydantic.AfterValidator(_stamp)]
_AsOf = Annotated[str, pydantic.AfterValidator(_stated)]


class _Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, strict=True, extra="forbid")


class _Credit(_Model):
    text: str
    url: str
    license: str | None
    license_url: str | None
    notice: str


class Moment(_Model):
    """When rows were published: to us, and as the source says."""

    retrieved_at: _Stamp
    as_of: _AsOf | None


class Change(_Model):
    """The rows as they were before a later publication, and the keys that it added."""

    retrieved_at: _Stamp
    as_of: _AsOf | None
    rows: list[Row]
    added: list[list[str | int]]


class Snapshot(_Model):
    """The file's envelope. *revisions* and *relistings* hold, oldest first, the moment of each
    change, the rows as they were before it (changed and removed), and the keys it added."""

    schema_: int = pydantic.Field(alias="schema")
    source: str
    dataset: str
    date: Annotated[str, pydantic.AfterValidator(_day)]
    citation: _Credit
    url: str
    first: Moment
    latest: Moment
    window: dict[str, str] | None
    key: Annotated[list[str], pydantic.Field(min_length=1)]
    rows: list[Row]
    revisions: list[Change]
    relistings: list[Change]

    @pydantic.model_validator(mode="after")
    def _has_keys(self) -> Self:
        """Require what merging relies on: every row can be told from its neighbours."""
        changes = (*self.revisions, *self.relistings)
        for rows in (self.rows, *(change.rows for change in changes)):
            keys = [key_of(self.key, row) for row in rows if _has_key(self.key, row)]
            if len(keys) < len(rows):
                raise ValueError(f"a row without its {' and '.join(self.key)}")
            if len(set(keys)) < len(keys):
                raise ValueError(f"two rows of one {' and '.join(self.key)}")
        if any(len(added) != len(self.key) for change in changes for added in change.added):
            raise ValueError(f"an added key that is no {' and '.join(self.key)}")
        return self

    @functools.cached_property
    def day(self) -> dt.date:
        """The UTC day the rows are about (or were observed on)."""
        return dt.date.fromisoformat(self.date)

    @property
    def published(self) -> Published:
        """When the rows held now were published."""
        return Published(retrieved_at=moment(self.latest.retrieved_at), as_of=self.latest.as_of)

    @property
    def credit(self) -> Citation:
        """The citation of the rows held now."""
        return Citation(**self.citation.model_dump())

    def as_known(self, known_at: dt.datetime) -> "Snapshot | None":
        """Return the snapshot as it stood at *known_at*; None where its day was not over yet.

        A day that was fetched only later, but was over by then, is given as it was first
        published to us: the nearest there is to what could have been known.
        """
        if moment(self.first.retrieved_at) > known_at and self.day >= known_at.date():
            return None
        later = [
            change
            for change in (*self.revisions, *self.relistings)
            if moment(change.retrieved_at) > known_at
        ]
        if not later:
            return self
        rows = {key_of(self.key, row): row for row in self.rows}
        for change in sorted(later, key=lambda c: c.retrieved_at, reverse=True):
            for added in change.added:
                rows.pop(tuple(added), None)
            rows.update({key_of(self.key, row): row for row in change.rows})
        earlier = [
            change
            for change in (*self.revisions, *self.relistings)
            if moment(change.retrieved_at) <= known_at
        ]
        last = max(earlier, key=lambda c: c.retrieved_at, default=None)
        known = (
            self.first if last is None else Moment(retrieved_at=last.retrieved_at, as_of=last.as_of)
        )
        credit = self.citation
        if self.latest.as_of and known.as_of:
            credit = _Credit(
                **{
                    field: text and text.replace(self.latest.as_of, known.as_of)
                    for field, text in credit.model_dump().items()
                }
            )
        return self.model_copy(
            update={
                "rows": list(rows.values()),
                "latest": known,
                "citation": credit,
                "revisions": [c for c in self.revisions if c in earlier],
                "relistings": [c for c in self.relistings if c in earlier],
            }
        )


def load(path: Path) -> Snapshot:
    """Read the file of a snapshot; raises `DamagedFile`, which names it."""
    try:
        document = parse_json(path.read_bytes())
        if isinstance(document, dict) and document.get("schema") != SCHEMA:
            raise DamagedFile(
                f"{path} has the schema {document.get('schema')!r}; known is {SCHEMA}"
            )
        return Snapshot.model_validate(document)
    except NotStrictJson as error:
        raise DamagedFile(f"{path} is damaged: it {error}") from None
    except pydantic.ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise DamagedFile(f"{path} is damaged: {where}: {error.errors()[0]['msg']}") from None


def key_of(fields: Iterable[str], row: Row) -> tuple[Any, ...]:
    """Return what tells a row from the others of its day."""
    return tuple(row[field] for field in fields)


def moment(text: str) -> dt.datetime:
    """Return a stated time; one without a zone is taken as UTC."""
    stated = dt.datetime.fromisoformat(text)
    return stated if stated.tzinfo else stated.replace(tzinfo=dt.UTC)


def _has_key(fields: Iterable[str], row: Row) -> bool:
    return all(isinstance(row.get(field), str | int) for field in fields)
