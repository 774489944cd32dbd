"""What the source modules share: what they are asked, what they give, how they refuse."""

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, TypeVar

import pydantic

from leaderboard.envelope import moment
from leaderboard.http import GatewayError
from leaderboard.snapshots import DamagedFile, Observation, Row, Snapshot

T = TypeVar("T", bound=pydantic.BaseModel)

Name = Annotated[str, pydantic.Field(min_length=1)]
IsoDate = Annotated[str, pydantic.Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


MOST_UNKNOWN: Final = 20


class Wire(pydantic.BaseModel):
    """A documented answer: required fields are required; additions are let through.

    *documented* are fields that the contract has and nothing here needs: what is in neither
    is an addition, which `unknown_fields` finds.
    """

    model_config = pydantic.ConfigDict(
        strict=True, extra="allow", frozen=True, protected_namespaces=()
    )
    documented: ClassVar[frozenset[str]] = frozenset()


class Excerpt(Wire):
    """The few fields needed of a long answer; nothing is said of its others."""

    model_config = pydantic.ConfigDict(extra="ignore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a run asks of a source: *now* is the run's only clock, *environ* its settings."""

    now: dt.datetime
    environ: Mapping[str, str]
    backfill: bool = False

    @property
    def today(self) -> dt.date:
        """The running UTC day, which no one may count yet."""
        return self.now.astimezone(dt.UTC).date()

    @property
    def through(self) -> dt.date:
        """The last complete UTC day."""
        return self.today - dt.timedelta(days=1)

    def setting(self, variable: str, default: str = "") -> str:
        """Return an environment variable; set to nothing counts as not set."""
        return self.environ.get(variable) or default


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one dataset's requests brought: days to save, or entries for the catalogue.

    *unknown_fields* are those the answers had beyond their contract.
    """

    observations: Sequence[Observation] = ()
    catalogue: Sequence[Row] = ()
    unknown_fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One dataset to fetch.

    *run* raises `GatewayError`, and then the whole dataset has failed. *needs_key* names the
    variable for want of which the dataset is left alone (*run* is then None).
    """

    dataset: str
    run: Callable[[], Awaitable[Fetched]] | None
    needs_key: str | None = None


def validated(model: type[T], body: Any) -> T:
    """Return *body* as *model*, or raise `GatewayError` naming row, field and value."""
    try:
        return model.model_validate(body)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the answer"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        problem = first["msg"][0].lower() + first["msg"][1:]
        raise GatewayError(f"{place}: {problem}; sent {cut(first['input'])}{more}") from None


def unknown_fields(*answers: Wire) -> tuple[str, ...]:
    """Name the fields that no contract knows, each once: ``data[].added_later``.

    They are let through, because contracts may grow, and told, because they may also move.
    """
    return tuple(sorted({name for sent in answers for name in _unknown(sent, "")}))[:MOST_UNKNOWN]


def _unknown(sent: Wire, place: str) -> Iterator[str]:
    for name in (sent.model_extra or {}).keys() - sent.documented:
        yield f"{place}{cut(name)[1:-1]}"
    for name in type(sent).model_fields:
        value = getattr(sent, name)
        if isinstance(value, Wire):
            yield from _unknown(value, f"{place}{name}.")
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Wire):
                    yield from _unknown(item, f"{place}{name}[].")


def cut(value: object) -> str:
    """Return *value* as printable ASCII, cut short."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def day(text: str, place: str) -> dt.date:
    """Return *text* as a date; raises `GatewayError` for one that no calendar has."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise GatewayError(f"{place}: {cut(text)} is no date") from None


def require_within(date: dt.date, start: dt.date, end: dt.date, place: str) -> None:
    """Raise `GatewayError` unless *date* is within the asked window, both ends included."""
    if not start <= date <= end:
        raise GatewayError(f"{place}: date {date} is outside the asked window {start} to {end}")


def require_unique(keys: Iterable[tuple[object, ...]], place: str) -> None:
    """Raise `GatewayError` where a key comes twice."""
    seen: set[tuple[object, ...]] = set()
    for number, key in enumerate(keys):
        if key in seen:
            raise GatewayError(f"{place}.{number}: {cut(key)} stands there twice")
        seen.add(key)


def require_ranks(ranks: Iterable[int], place: str) -> None:
    """Raise `GatewayError` unless *ranks* count 1, 2, 3, …"""
    for number, rank in enumerate(ranks):
        if rank != number + 1:
            raise GatewayError(f"{place}.{number}: rank {rank} where {number + 1} is due")


def require_rows(rows: Sequence[object], place: str) -> None:
    """Raise `GatewayError` where there are none: a gateway without traffic is not plausible."""
    if not rows:
        raise GatewayError(f"{place}: no rows")


def by_day(rows: Iterable[Row], field: str = "date") -> Iterator[tuple[dt.date, list[Row]]]:
    """Group *rows* as sent by their day, in order of the days."""
    days: dict[str, list[Row]] = {}
    for row in rows:
        days.setdefault(row[field], []).append(row)
    for text in sorted(days):
        yield dt.date.fromisoformat(text), days[text]


def spans(start: dt.date, end: dt.date, days: int) -> Iterator[tuple[dt.date, dt.date]]:
    """Cut *start*–*end* into spans of at most *days* days, newest first."""
    while end >= start:
        first = max(start, end - dt.timedelta(days=days - 1))
        yield first, end
        end = first - dt.timedelta(days=1)


def months(start: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Return the calendar months that *start*–*end* touches, newest first, cut off at *end*."""
    while end >= start:
        first = end.replace(day=1)
        yield first, end
        end = first - dt.timedelta(days=1)


_PERMITTED_AS_OF = re.compile(r"\d{4}-\d{2}-\d{2}[T ]?[0-9:.]*(Z|[+-]\d{2}:?\d{2})?")


def as_of(text: str) -> str:
    """Return a sent timestamp as sent; raises `GatewayError` where it is none."""
    try:
        if _PERMITTED_AS_OF.fullmatch(text):
            moment(text)
            return text
    except ValueError:
        pass
    raise GatewayError(f"meta.as_of: {cut(text)} is no timestamp")


def validated_rows(model: type[T], snapshot: Snapshot) -> list[T]:
    """Return a snapshot's rows as *model*; raises `DamagedFile` where one is not."""
    try:
        return [model.model_validate(row) for row in snapshot.rows]
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DamagedFile(
            f"{snapshot.source}/{snapshot.dataset}/{snapshot.date}.json is damaged: "
            f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        ) from None


def asked_window(snapshot: Snapshot, first: str, last: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a snapshot's window; raises `DamagedFile` without one."""
    try:
        window = snapshot.window or {}
        return dt.date.fromisoformat(window[first]), dt.date.fromisoformat(window[last])
    except (KeyError, ValueError):
        raise DamagedFile(
            f"{snapshot.source}/{snapshot.dataset}/{snapshot.date}.json is damaged: no window"
        ) from None
