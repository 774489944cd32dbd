"""Small multiples: one panel a gateway, all on one scale of shares and one of days."""

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel.dates import format_date

from leaderboard.charts import Figure, forms, layouts, lettering, stacking, theme
from leaderboard.charts.forms import Spec
from leaderboard.charts.stacking import Series
from leaderboard.records import Citation

_SPANS: Final = (1, 7, 28)
_MEANS: Final = {7: "weekly means", 28: "means of 28 days"}
_STEPS: Final = (1, 1.6, 2, 3, 4, 5, 6, 8, 10)
_WIDE: Final = 980
_AXIS: Final = 46
_GAP: Final = 30
_TOP: Final = 44
_BOTTOM: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One band of a panel: whose it is, its colour, and its share on the days it was listed."""

    key: str
    name: str
    colour: str
    shares: Mapping[dt.date, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One gateway's part: bands from below upwards, and what is written above them.

    *held* are the days the gateway published. *value* stands at the right above the plot,
    *caption* and *head* below it; *notes* stand in the plot where there is nothing to draw.
    """

    title: str
    value: str
    caption: str
    head: str
    layers: tuple[Layer, ...]
    held: Collection[dt.date]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where one panel stands: its plot's left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float


def figure(
    panels: Sequence[Panel], start: dt.date, end: dt.date, *, alt: str, citation: Citation
) -> Figure:
    """Draw the panels over the days from *start* to *end*.

    A band breaks where nobody of its panel was listed: what it had there is not known. More
    days than a panel can show are averaged, a day outside the list adding nothing.
    """
    span = span_of(start, end)
    courses = [_course(panel, start, end, span) for panel in panels]
    heights = [sum(point) for course in courses for point in course if point is not None]
    most = _nice(max(heights, default=0.0))
    wide, narrow = (
        _spec(panels, courses, most, (start, end), is_wide=is_wide) for is_wide in (True, False)
    )
    return Figure(
        form="small-multiples",
        wide=wide,
        narrow=narrow,
        wide_marks=stacking.bands(wide["datasets"]["points"]) + forms.marks(wide),
        narrow_marks=stacking.bands(narrow["datasets"]["points"]) + forms.marks(narrow),
        series=tuple(
            {
                layer.key: Series(key=layer.key, name=layer.name, colour=layer.colour)
                for panel in panels
                for layer in panel.layers
            }.values()
        ),
        alt=alt,
        note=None
        if span == 1
        else f"The chart shows {_MEANS[span]}; the exact days are in the download.",
        citation=citation,
    )


def span_of(start: dt.date, end: dt.date) -> int:
    """Choose how many days a point stands for, so that a panel has no more than it can show."""
    days = (end - start).days + 1
    return next((span for span in _SPANS if days <= span * stacking.MOST_POINTS), _SPANS[-1])


def newest(panel: Panel, end: dt.date, span: int) -> float | None:
    """Give the whole of a panel's bands in the newest span; None where nobody was listed."""
    point = _point(panel, [end - dt.timedelta(days=i) for i in range(span)])
    return None if point is None else math.fsum(point)


def _course(
    panel: Panel, start: dt.date, end: dt.date, span: int
) -> list[tuple[float, ...] | None]:
    """Count full spans back from the newest day; a remainder at the start is not drawn."""
    days = [start + dt.timedelta(days=i) for i in range((end - start).days + 1)]
    first = len(days) % span if len(days) > span else 0
    return [_point(panel, days[i : i + span]) for i in range(first, len(days), span)]


def _point(panel: Panel, days: Sequence[dt.date]) -> tuple[float, ...] | None:
    listed = {day for layer in panel.layers for day in days if day in layer.shares}
    if not listed:
        return None
    # A variant's board may hold a day that the panel's main board does not.
    held = sum(day in panel.held or day in listed for day in days)
    return tuple(
        math.fsum(layer.shares.get(day, 0.0) for day in days) / held for layer in panel.layers
    )


def _nice(share_pct: float) -> float:
    """Round a scale's end up to a number that halves well."""
    if share_pct <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(share_pct))
    return float(next(step for step in _STEPS if step * power >= share_pct * 0.9999) * power)


def _spec(
    panels: Sequence[Panel],
    courses: Sequence[Sequence[tuple[float, ...] | None]],
    most: float,
    days: tuple[dt.date, dt.date],
    *,
    is_wide: bool,
) -> Spec:
    frames, total, height = _frames(len(panels), is_wide=is_wide)
    size = 13 if is_wide else 12
    datasets: dict[str, list[dict[str, object]]] = {name: [] for name in forms.MULTIPLES}
    for number, (panel, course, frame) in enumerate(zip(panels, courses, frames, strict=True)):
        _write(datasets, panel, frame, days, size)
        is_first = frame.x == frames[0].x
        for part in (1.0,) if panel.notes else (0.5, 1.0):
            y = frame.y + frame.height * (1 - part)
            datasets["grid"].append(_box(frame.x, y, frame.width, 1, theme.REST))
        if is_first:
            for part in (0.0, 0.5, 1.0):
                y = frame.y + frame.height * (1 - part)
                text = f"{most * part:.6g}{' %' if part == 1 else ''}"
                datasets["ranks"].append(_text(frame.x - 7, y, text, theme.SOFT))
        datasets["points"] += _points(panel, course, frame, most, number)
    return forms.filled(
        "small-multiples",
        width=total,
        height=height,
        padding={"left": 0, "right": 0, "top": 0, "bottom": 0},
        datasets=datasets,
        size=size,
    )


def _frames(count: int, *, is_wide: bool) -> tuple[list[_Frame], float, float]:
    """Set panels side by side, three to a row; on a phone one below the other."""
    total = _WIDE if is_wide else layouts.NARROW
    columns = min(count, 3) if is_wide else 1
    tall = 190 if is_wide else 92
    width = (total - _AXIS - _GAP * (columns - 1)) / columns
    below = tall + _TOP + _BOTTOM + (12 if is_wide else 8)
    frames = [
        _Frame(
            round(_AXIS + (i % columns) * (width + _GAP), 1),
            _TOP + (i // columns) * below,
            round(width - 1, 1),
            tall,
        )
        for i in range(count)
    ]
    return frames, total, math.ceil(count / columns) * below - (12 if is_wide else 8)


def _write(
    datasets: Mapping[str, list[dict[str, object]]],
    panel: Panel,
    frame: _Frame,
    days: tuple[dt.date, dt.date],
    size: int,
) -> None:
    right = frame.x + frame.width
    room = frame.width - lettering.width(panel.value, size, is_bold=True) - 8
    title = lettering.fit(panel.title, room / 1.08, size)
    datasets["amounts"].append(_text(frame.x, frame.y - 34, title, theme.INK))
    datasets["values"].append(_text(right, frame.y - 34, panel.value, theme.INK))
    datasets["captions"].append(_text(frame.x, frame.y - 16, panel.caption, theme.SOFT))
    datasets["heads"].append(_text(right, frame.y - 16, panel.head, theme.SOFT))
    for i, note in enumerate(panel.notes):
        fitted = lettering.fit(note, frame.width - 16, size)
        middle = frame.y + frame.height / 2
        y = middle + (i - (len(panel.notes) - 1) / 2) * (size + 6)
        datasets["names"].append(_text(frame.x + 10, y, fitted, theme.SOFT))
    bottom = frame.y + frame.height
    datasets["bars"].append(_box(frame.x, bottom, frame.width, 1, theme.RULE))
    start, end = (str(format_date(day, "d MMM y", locale="en")) for day in days)
    datasets["captions"].append(_text(frame.x, bottom + 14, start, theme.SOFT))
    if days[0] < days[1]:
        datasets["heads"].append(_text(right, bottom + 14, end, theme.SOFT))


def _points(
    panel: Panel,
    course: Sequence[tuple[float, ...] | None],
    frame: _Frame,
    most: float,
    number: int,
) -> list[dict[str, object]]:
    """Write a panel's bands as points; a new run wherever nobody was listed between."""
    step = frame.width / max(len(course) - 1, 1)
    unit = frame.height / most
    floor = frame.y + frame.height
    rows: list[dict[str, object]] = []
    for layer, band in enumerate(panel.layers):
        if not band.shares:
            continue
        run = 0
        for i, point in enumerate(course):
            if point is None or not _is_seen(course, i, layer):
                run += 1
                continue
            low = math.fsum(point[:layer]) * unit
            high = low + point[layer] * unit
            rows += [
                {
                    "series": f"{number}.{layer}",
                    "run": run,
                    "x": round(x, 1),
                    "y": round(floor - high, 1),
                    "y2": round(floor - low, 1),
                    "colour": band.colour,
                }
                for x in _places(course, i, frame.x, step)
            ]
    return rows


def _is_seen(course: Sequence[tuple[float, ...] | None], i: int, layer: int) -> bool:
    """Leave out where a band has no height, but for the points at which it begins and ends."""
    around = (course[n] for n in (i - 1, i, i + 1) if 0 <= n < len(course))
    return any(point is not None and point[layer] > 0 for point in around)


def _places(
    course: Sequence[tuple[float, ...] | None], i: int, left: float, step: float
) -> tuple[float, ...]:
    """Place a point; one that stands alone is as wide as may be seen."""
    if any(0 <= n < len(course) and course[n] is not None for n in (i - 1, i + 1)):
        return (left + i * step,)
    half = max(min(step * 0.4, 12.0), 1.0)
    right = left + step * max(len(course) - 1, 1)
    return max(left + i * step - half, left), min(left + i * step + half, right)


def _text(x: float, y: float, text: str, colour: str) -> dict[str, object]:
    return {"x": round(x, 1), "y": round(y, 1), "text": text, "colour": colour}


def _box(x: float, y: float, width: float, height: float, colour: str) -> dict[str, object]:
    return {
        "x": round(x, 1),
        "x2": round(x + width, 1),
        "y": round(y, 1),
        "y2": round(y + height, 1),
        "colour": colour,
    }
