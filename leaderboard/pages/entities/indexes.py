"""The indexes of models, labs and apps: everybody once, by name, with a small chart."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.charts import theme
from leaderboard.pages import cards
from leaderboard.pages.entities.dossiers import Profile
from leaderboard.pages.entities.register import Course
from leaderboard.pages.entities.standing import Standing, chief, measured, shares, together
from leaderboard.pages.tables import Sparkline
from leaderboard.records import Board, Reading

SPARK_WEEKS: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Somebody at one gateway: the figure, what it exactly is, its course, what it is of."""

    text: str
    title: str = ""
    value: str = ""
    spark: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of an index; *cells* follow the gateways shown.

    *rank* is the best of its ranks now, *where* the gateway that has it there (empty: in no
    list now).
    """

    path: str
    rank: str
    where: str
    name: str
    lab: str
    lab_path: str | None
    swatch: str | None
    cells: tuple[Cell, ...]
    requests: Cell | None
    gateway: str
    best: str
    best_title: str
    first: dt.date
    last: dt.date
    is_retired: bool
    is_partial: bool


def entry(
    profile: Profile,
    readings: Sequence[Reading],
    sparkline: Sparkline,
    lab_path: str | None,
) -> Entry:
    """Write one line; *readings* are the gateways that have a column."""
    dossier = profile.dossier
    best = min(
        (standing for standing in profile.standings if standing.course.board.order is None),
        key=lambda standing: (standing.course.best.rank, standing.course.best.date),
        default=profile.standings[0],
    )
    top = best.course.best
    is_app = dossier.kind == "app"
    now = _now(profile)
    return Entry(
        path=dossier.path,
        rank=str(now.row.rank) if now and now.row else "",
        where=now.course.reading.name if now else "",
        name=dossier.name,
        lab=dossier.lab_name or "",
        lab_path=lab_path,
        swatch=None if is_app else theme.swatch(theme.colour(dossier.lab)),
        cells=tuple(_cell(profile, reading, sparkline) for reading in readings),
        requests=_requests(profile) if is_app else None,
        gateway=dossier.courses[0].reading.name if is_app else "",
        best=str(top.rank),
        best_title=f"{best.board_name} at {best.course.reading.name}, {words.day(top.date)}",
        first=dossier.first,
        last=dossier.last,
        is_retired=profile.is_retired,
        is_partial=now is not None and bool(_note(now.course.board)),
    )


def by_rank(one: Entry) -> tuple[bool, bool, int, int, str, str]:
    """Order lines: who is in a list now by the best rank, then who was, newest first.

    A rank among images or videos only comes after all ranks among everything.
    """
    gone = 0 if one.rank else -one.last.toordinal()
    rank = int(one.rank or 0)
    return not one.rank, one.is_partial, rank, gone, one.name.casefold(), one.path


def _now(profile: Profile) -> Standing | None:
    """Find the best rank on the boards by which somebody is measured at the gateways."""
    return min(
        (one for group in chief(profile.standings).values() for one in group if one.row),
        key=lambda one: (bool(_note(one.course.board)), one.row.rank if one.row else 0),
        default=None,
    )


def _cell(profile: Profile, reading: Reading, sparkline: Sparkline) -> Cell:
    group = chief(profile.standings).get(reading.source)
    if not group:
        return Cell(text="–", title=words.NOT_KNOWN)
    listed = [one for one in group if one.row is not None]
    note = _note(group[0].course.board)
    if profile.dossier.kind == "app":
        return _amount(listed, note)
    spark = sparkline(_weeks([one.course for one in group], group[0].view.end))
    share = together(listed)
    if share is None:
        return Cell(text="–", title="not in the list now", spark=spark, note=note)
    is_bound = any(one.is_lower_bound for one in listed)
    return Cell(
        text=words.percent(share, is_lower_bound=is_bound),
        title=f"{'at least ' if is_bound else ''}{share:.4f}{words.NBSP}%",
        value=repr(share),
        spark=spark,
        note=note,
    )


def _amount(listed: Sequence[Standing], note: str) -> Cell:
    line = next((one.line for one in listed if one.line), None)
    if line is None:
        return Cell(text="–", title="not in the list now", note=note)
    if not line.amount_value:
        return Cell(text=f"rank {line.rank}", title="ranked without a figure", note=note)
    return Cell(text=line.amount, title=line.amount_title, value=line.amount_value, note=note)


def _requests(profile: Profile) -> Cell:
    line = next((one.line for one in profile.standings if one.line), None)
    if line is None or not line.requests_value:
        return Cell(text="–", title=words.NOT_KNOWN)
    return Cell(text=line.requests, title=line.requests_title, value=line.requests_value)


def _note(board: Board) -> str:
    """Say what a share is of where it is not of everything a gateway counts in tokens."""
    if board.kind == "app":
        return ""
    if board.metric == "tokens" and cards.wholeness(board) < 2:
        return ""
    return f"of {measured(board)}"


def _weeks(courses: Sequence[Course], end: dt.date) -> tuple[float | None, ...]:
    """Give the weekly means of the days listed, of half a year to *end*."""
    found: list[float | None] = []
    by_course = [shares(course) for course in courses]
    for week in range(SPARK_WEEKS - 1, -1, -1):
        days = [end - dt.timedelta(days=7 * week + day) for day in range(7)]
        known = [[one[day] for one in by_course if day in one] for day in days]
        sums = [math.fsum(of_day) for of_day in known if of_day]
        found.append(math.fsum(sums) / len(sums) if sums else None)
    return tuple(found)
