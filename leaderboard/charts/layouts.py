"""Where everything stands in a drawing, in pixels: for pages from 700 wide, and for phones.

Places are counted from the plot's upper left corner, so what stands around it is negative.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard.charts import forms, lettering, stacking, theme
from leaderboard.charts.forms import Spec
from leaderboard.charts.stacking import Stack

WIDE: Final = 760
NARROW: Final = 358
_WIDE_TYPE: Final = 13
_NARROW_TYPE: Final = 12
_CAPTION_Y: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The words beside a band or bar. *share* is the band's height at the right edge."""

    name: str
    value: str
    colour: str
    ink: str = theme.INK
    share: float | None = None
    below: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A stacked area before it is laid out; *caption* and *head* stand above it."""

    stack: Stack
    points: Sequence[Mapping[str, object]]
    labels: Sequence[Label]
    caption: str
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Ranked bars before they are laid out; *sizes* and *ranks* go with the labels."""

    labels: Sequence[Label]
    ranks: Sequence[int]
    sizes: Sequence[float]
    caption: str
    head: str


def wide_area(area: Area) -> Spec:
    """Label each band where it ends, at the right edge."""
    return _labelled_area(area, WIDE, 430, left=48, size=_WIDE_TYPE, most_name=180, most_ticks=9)


def narrow_area(area: Area) -> Spec:
    """Label the bands on a phone too where names are short; else put a key above."""
    longest = max(lettering.width(label.name, _NARROW_TYPE) for label in area.labels)
    if longest > 78:
        return _keyed_area(area)
    return _labelled_area(area, NARROW, 340, left=44, size=_NARROW_TYPE, most_name=78, most_ticks=4)


def _labelled_area(
    area: Area, total: int, tall: int, *, left: int, size: int, most_name: int, most_ticks: int
) -> Spec:
    top, bottom, line = 34, 30, size + 5
    names = [lettering.fit(label.name, most_name, size) for label in area.labels]
    values = _value_width(area.labels, size)
    gutter = 22 + values + 7 + max(lettering.width(name, size) for name in names) + 4
    width, height = math.floor(total - left - gutter), tall - top - bottom
    middles = [height * (1 - (label.below + (label.share or 0) / 2) / 100) for label in area.labels]
    # The first label belongs to the lowest band; places are found from the top down.
    placed = lettering.spread(middles[::-1], line, size / 2 + 1, height - size / 2)[::-1]
    x = round(width + 22 + values, 1)
    leaders = [
        {"series": i, "x": width + dx, "y": round(y, 1), "colour": label.colour}
        for i, (label, start, end) in enumerate(zip(area.labels, middles, placed, strict=True))
        for dx, y in ((3, start), (7, start), (14, end), (18, end))
        if label.share is not None
    ]
    lines = list(zip(area.labels, names, placed, strict=True))
    datasets: dict[str, forms.Rows] = {
        "points": area.points,
        "captions": [_text(-left, _CAPTION_Y - top, area.caption, theme.SOFT)],
        "heads": [_text(x, _CAPTION_Y - top, area.head, theme.SOFT)],
        "leaders": leaders,
        "values": [_text(x, y, label.value, label.ink) for label, _, y in lines],
        "names": [_text(x + 7, y, name, label.ink) for label, name, y in lines],
    }
    padding = {"left": left, "right": total - left - width, "top": top, "bottom": bottom}
    return _area_spec(area.stack, datasets, width, height, padding, size, most_ticks)


def _keyed_area(area: Area) -> Spec:
    """Put a key above: in two columns where no name need be cut for it, else in one."""
    left, line = 44, 19
    labels = area.labels
    lines, second, size = _key_columns(labels)
    top = 40 + lines * line
    width, height = NARROW - left - 2, 250
    values = _value_width(labels, size)
    room = NARROW - (22 + values)
    swatches, numbers, names = [], [], []
    for i, label in enumerate(labels):
        x = (i // lines) * second - left
        y = 34 + (i % lines) * line - top
        swatches.append(_box(x, y - 5, 10, 10, label.colour))
        numbers.append(_text(x + 16 + values, y, label.value, label.ink))
        name = lettering.fit(label.name, room, size)
        names.append(_text(x + 22 + values, y, name, label.ink))
    datasets: dict[str, forms.Rows] = {
        "points": area.points,
        "captions": [_text(-left, _CAPTION_Y - top, area.caption, theme.SOFT)],
        "heads": [_text(width, _CAPTION_Y - top, f"key: {area.head}", theme.SOFT)],
        "swatches": swatches,
        "values": numbers,
        "names": names,
    }
    padding = {"left": left, "right": 2, "top": top, "bottom": 28}
    return _area_spec(area.stack, datasets, width, height, padding, size, 5)


def _key_columns(labels: Sequence[Label]) -> tuple[int, float, int]:
    """Choose a key's lines, where its second column begins, and its type size."""
    lines = math.ceil(len(labels) / 2)
    for size in (_NARROW_TYPE, _NARROW_TYPE - 1):
        fixed = 22 + _value_width(labels, size)
        first, second = (
            fixed + max((lettering.width(label.name, size) for label in half), default=0)
            for half in (labels[:lines], labels[lines:])
        )
        if first + 8 + second <= NARROW:
            return lines, max(first + 8, min(NARROW / 2, NARROW - second)), size
    return len(labels), 0, _NARROW_TYPE


def _value_width(labels: Sequence[Label], size: int) -> float:
    return max(lettering.width(label.value, size, is_bold=True) for label in labels)


def _area_spec(
    stack: Stack,
    datasets: Mapping[str, forms.Rows],
    width: int,
    height: int,
    padding: Mapping[str, float],
    size: int,
    most_ticks: int,
) -> Spec:
    ticks, are_months = stacking.ticks(stack.dates[0], stack.dates[-1], most_ticks)
    return forms.filled(
        "share-area",
        width=width,
        height=height,
        padding=padding,
        datasets=datasets,
        ticks=ticks,
        tick_format=forms.MONTHS if are_months else forms.DAYS,
        size=size,
    )


def wide_bars(bars: Bars) -> Spec:
    """Name each bar on its left and put its figure at its end."""
    size, line, top = _WIDE_TYPE, 25, 34
    names = [lettering.fit(label.name, 230, size) for label in bars.labels]
    start = 30 + max(lettering.width(name, size) for name in names) + 14
    values = _value_width(bars.labels, size)
    unit = (WIDE - start - values - 14) / max(bars.sizes)
    datasets = _bars_datasets(bars, top, WIDE)
    height = len(bars.labels) * line
    datasets["swatches"] = [_box(start - 1, 0, 1, height, theme.RULE)]
    for i, (label, name, amount) in enumerate(zip(bars.labels, names, bars.sizes, strict=True)):
        y = (i + 0.5) * line
        length = max(amount * unit, 0.5)
        datasets["bars"].append(_box(start, y - 8, length, 16, label.colour))
        datasets["ranks"].append(_text(18, y, str(bars.ranks[i]), theme.SOFT))
        datasets["names"].append(_text(30, y, name, label.ink))
        datasets["amounts"].append(_text(start + length + 7, y, label.value, label.ink))
    return _bars_spec(datasets, WIDE, height, top, size)


def narrow_bars(bars: Bars) -> Spec:
    """Put name and figure above each bar, so that bars have the phone's whole width."""
    size, line, top = _NARROW_TYPE, 36, 34
    unit = (NARROW - 24) / max(bars.sizes)
    datasets = _bars_datasets(bars, top, NARROW)
    for i, (label, amount) in enumerate(zip(bars.labels, bars.sizes, strict=True)):
        y = i * line
        value = lettering.width(label.value, size, is_bold=True)
        name = lettering.fit(label.name, NARROW - 24 - value - 12, size)
        datasets["bars"].append(_box(24, y + 17, max(amount * unit, 0.5), 9, label.colour))
        datasets["ranks"].append(_text(15, y + 8, str(bars.ranks[i]), theme.SOFT))
        datasets["names"].append(_text(24, y + 8, name, label.ink))
        datasets["values"].append(_text(NARROW, y + 8, label.value, label.ink))
    return _bars_spec(datasets, NARROW, len(bars.labels) * line - 4, top, size)


def _bars_datasets(bars: Bars, top: int, total: int) -> dict[str, list[dict[str, object]]]:
    return {
        "captions": [_text(0, _CAPTION_Y - top, bars.caption, theme.SOFT)],
        "heads": [_text(total, _CAPTION_Y - top, bars.head, theme.SOFT)],
        "bars": [],
        "ranks": [],
        "names": [],
        "values": [],
        "amounts": [],
    }


def _bars_spec(
    datasets: Mapping[str, forms.Rows], width: int, height: int, top: int, size: int
) -> Spec:
    padding = {"left": 0, "right": 0, "top": top, "bottom": 4}
    return forms.filled(
        "ranked-bars", width=width, height=height, padding=padding, datasets=datasets, size=size
    )


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
