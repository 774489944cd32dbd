"""An app's course: its rank and its figures in every list of the board that tells most of it."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.pages.entities.dossiers import Profile
from leaderboard.pages.entities.register import Course, Point
from leaderboard.records import Metric, Quantity, Window

WIDTH: Final = 640
HEIGHT: Final = 120
_EDGE: Final = 4
_FEWEST: Final = 2
_ONE_DAY: Final = dt.timedelta(days=1)
_SHALLOWEST: Final = 5.0
"""A scale of ranks is never shorter, so that a change of one place does not look like a fall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure's course in a box of *WIDTH* × *HEIGHT*, and the ends of its scale.

    *path* joins days that follow each other; *dots* are the days that stand alone.
    """

    label: str
    path: str
    dots: str
    top: str
    bottom: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCourse:
    """The drawings of one list's history, and the days they span."""

    caption: str
    start: dt.date
    end: dt.date
    drawings: tuple[Drawing, ...]


def course(found: Profile) -> AppCourse | None:
    """Draw the list of which most is held; None where there is one list and no course."""
    series: defaultdict[tuple[int, Window | None], list[Point]] = defaultdict(list)
    courses = [standing.course for standing in found.standings]
    for number, one in enumerate(courses):
        for point in one.points:
            series[number, point.window].append(point)
    best = max(series, key=lambda key: (len(series[key]), -key[0]), default=None)
    if best is None or len(series[best]) < _FEWEST:
        return None
    points = sorted(series[best], key=lambda point: point.date)
    chosen = courses[best[0]]
    return AppCourse(
        caption=_caption(chosen, best[1], found),
        start=points[0].date,
        end=points[-1].date,
        drawings=tuple(_drawings(chosen, points)),
    )


def _caption(course: Course, window: Window | None, found: Profile) -> str:
    name = next(one.board_name for one in found.standings if one.course is course)
    if window == "1d":
        return f"{name}, day by day"
    if window is None:
        return f"{name}, as seen"
    return f"{name}, each point {words.WINDOW_NAMES[window]}"


def _drawings(course: Course, points: list[Point]) -> list[Drawing]:
    ranks = [(point.date, float(point.rank)) for point in points]
    low, high = min(rank for _, rank in ranks), max(rank for _, rank in ranks)
    bottom = max(high, _SHALLOWEST)
    line, dots = _path(ranks, bottom, 1.0)
    drawings = [
        Drawing(
            label="Rank",
            path=line,
            dots=dots,
            top="1",
            bottom=f"{bottom:.0f}",
            alt=(
                f"Rank from {ranks[0][1]:.0f} on {words.day(ranks[0][0])} to {ranks[-1][1]:.0f} "
                f"on {words.day(ranks[-1][0])}, best {low:.0f}, last {high:.0f}."
            ),
        )
    ]
    metrics: list[tuple[Metric, list[Quantity | None]]] = [
        (course.board.metric, [point.value for point in points]),
        ("requests", [point.requests for point in points]),
        ("tokens", [point.tokens for point in points]),
    ]
    for metric, values in metrics:
        known = [(p.date, v) for p, v in zip(points, values, strict=True) if v is not None]
        if len(known) >= _FEWEST:
            drawings.append(_amounts(metric, known))
    return drawings


def _amounts(metric: Metric, known: list[tuple[dt.date, Quantity]]) -> Drawing:
    largest = max(value for _, value in known)
    name = words.METRIC_NAMES[metric].capitalize()
    line, dots = _path([(day, float(v)) for day, v in known], 0.0, float(largest) or 1.0)
    return Drawing(
        label=name,
        path=line,
        dots=dots,
        top=words.amount(largest, metric),
        bottom="0",
        alt=(
            f"{name}: at most {words.amount(largest, metric)}, "
            f"{words.amount(known[-1][1], metric)} on {words.day(known[-1][0])}."
        ),
    )


def _path(values: list[tuple[dt.date, float]], bottom: float, top: float) -> tuple[str, str]:
    """Write a line through days that follow each other, and a dot for each that stands alone."""
    start, days = values[0][0], max((values[-1][0] - values[0][0]).days, 1)
    held = {day for day, _ in values}
    wide, tall = WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE
    line, dots = "", ""
    for day, value in values:
        x = _EDGE + wide * (day - start).days / days
        y = _EDGE + tall * (1 - (value - bottom) / (top - bottom))
        place = f"{x:.1f} {y:.1f}"
        follows = day - _ONE_DAY in held
        if not follows and day + _ONE_DAY not in held:
            dots += f"M{place}h0"
        else:
            line += f"{'L' if follows else 'M'}{place}"
    return line, dots
