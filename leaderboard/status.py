"""``data/status.json``: how each dataset's fetching stands.

The file is written when anything but clock and counters changed, or when its newest attempt
is of an earlier UTC day: a run that finds nothing new leaves no trace, and yet a quiet week
shows.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pydantic

from leaderboard.plausibility import Quarantined
from leaderboard.records import DatasetStatus
from leaderboard.snapshots import DamagedFile, canonical, stamp, write_atomically
from leaderboard.strict_json import NotStrictJson, parse_json

SCHEMA: Final = 1
FILE: Final = "status.json"


class _Entry(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")

    source: str
    dataset: str
    last_attempt: dt.datetime | None
    last_success: dt.datetime | None
    data_through: dt.date | None
    error: str | None
    needs_key: str | None
    refused_sha256: str | None = None
    refused_bytes: int | None = None
    unknown_fields: tuple[str, ...] = ()
    requests: int | None = None


class _Document(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")

    schema_: int = pydantic.Field(alias="schema")
    datasets: list[_Entry]


def load(data: Path) -> dict[tuple[str, str], DatasetStatus]:
    """Return the statuses by source and dataset; raises `DamagedFile`."""
    path = data / FILE
    if not path.exists():
        return {}
    try:
        document = _Document.model_validate(parse_json(path.read_bytes()))
    except NotStrictJson as error:
        raise DamagedFile(f"{path} is damaged: it {error}") from None
    except pydantic.ValidationError as error:
        raise DamagedFile(f"{path} is damaged: {error.errors()[0]['msg']}") from None
    if document.schema_ != SCHEMA:
        raise DamagedFile(f"{path} has the schema {document.schema_}; known is {SCHEMA}")
    return {(e.source, e.dataset): DatasetStatus(**dict(e)) for e in document.datasets}


def save(data: Path, statuses: Iterable[DatasetStatus]) -> bool:
    """Write the statuses unless the file says the same already; tell whether it wrote."""
    new = {(s.source, s.dataset): s for s in statuses}
    old = load(data)
    if old and _timeless(old) == _timeless(new) and _newest_day(old) == _newest_day(new):
        return False
    document = {"schema": SCHEMA, "datasets": [_entry(new[key]) for key in sorted(new)]}
    write_atomically(data / FILE, canonical(document))
    return True


def after_attempt(
    before: DatasetStatus | None,
    *,
    source: str,
    dataset: str,
    attempted: dt.datetime | None,
    error: Exception | None,
    needs_key: str | None,
    through: dt.date | None,
    unknown_fields: Sequence[str] = (),
    requests: int | None = None,
) -> DatasetStatus:
    """Return a dataset's status after a run (*attempted* None: it was left alone)."""
    succeeded = attempted if error is None else None
    return DatasetStatus(
        source=source,
        dataset=dataset,
        last_attempt=attempted or (before.last_attempt if before else None),
        last_success=succeeded or (before.last_success if before else None),
        data_through=through,
        error=None if error is None else str(error),
        needs_key=needs_key,
        refused_sha256=error.sha256 if isinstance(error, Quarantined) else None,
        refused_bytes=error.size if isinstance(error, Quarantined) else None,
        unknown_fields=tuple(unknown_fields)
        if succeeded
        else (before.unknown_fields if before else ()),
        requests=requests if attempted else (before.requests if before else None),
    )


def _entry(status: DatasetStatus) -> dict[str, Any]:
    return {
        "source": status.source,
        "dataset": status.dataset,
        "last_attempt": status.last_attempt and stamp(status.last_attempt),
        "last_success": status.last_success and stamp(status.last_success),
        "data_through": status.data_through and status.data_through.isoformat(),
        "error": status.error,
        "needs_key": status.needs_key,
        "refused_sha256": status.refused_sha256,
        "refused_bytes": status.refused_bytes,
        "unknown_fields": list(status.unknown_fields),
        "requests": status.requests,
    }


def _timeless(
    statuses: Mapping[tuple[str, str], DatasetStatus],
) -> dict[tuple[str, str], DatasetStatus]:
    return {
        key: dataclasses.replace(status, last_attempt=None, last_success=None, requests=None)
        for key, status in statuses.items()
    }


def _newest_day(statuses: Mapping[tuple[str, str], DatasetStatus]) -> dt.date | None:
    days = [s.last_attempt.date() for s in statuses.values() if s.last_attempt is not None]
    return max(days, default=None)
