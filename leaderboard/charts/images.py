"""Pictures to share: a view's chart with its words, its site and its credit inside the image.

One function lays out every size. `static/composing.js` lays out the same in a reader's browser,
with what the reader has chosen, into the same templates; a test holds the two equal. Places
are counted from the image's upper left corner, but for the chart's marks.
"""

import dataclasses
import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import altair as alt

from leaderboard.charts import forms, lettering, stacking, theme
from leaderboard.charts.forms import Spec
from leaderboard.charts.layouts import Area, Bars, Label

Ratio = Literal["landscape", "square", "portrait", "og"]
RATIOS: Final[tuple[Ratio, ...]] = ("landscape", "square", "portrait")

SIZES: Final[Mapping[Ratio, tuple[int, int]]] = {
    "landscape": (1200, 675),
    "square": (1080, 1080),
    "portrait": (1080, 1350),
    "og": (1200, 630),
}
"""Pixels. ``og`` is what a link to a page is shown with; the others are for people to post."""

MOST_BARS: Final = 20
MARGIN: Final = 48
TYPE: Final = 21
LEAST_TYPE: Final = 15
FOOT_TYPE: Final = 17
HEADLINES: Final = (46, 42, 38, 34)
BAND: Final = 44
"""The height of the band that says what a simulated edition is."""
WARN: Final = "#7a4b00"
WARN_TINT: Final = "#fdf1d8"
ACCENT: Final = "#2446c8"
_MARK: Final = ((0, 18), (5.25, 12), (10.5, 7))
"""The site's mark: where its three bars begin, and how long each is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an image says besides its chart.

    *credit* is the source's own line, or several sources', a line each; *address* says where
    the site stands (empty: nowhere yet); *note* explains a sign in the chart (empty: none);
    *simulated* is the warning of an edition whose data is (None: it is not).
    """

    headline: str
    when: str
    measure: str
    credit: str
    site: str
    address: str = ""
    note: str = ""
    simulated: str | None = None

    def __post_init__(self) -> None:
        """Refuse an image without its credit or its words."""
        for name in ("headline", "when", "measure", "credit", "site"):
            if not getattr(self, name).strip():
                raise ValueError(f"an image to share needs its {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What stands around a chart, laid out: its rows, and the room left between them."""

    width: int
    height: int
    top: float = 0
    bottom: float = 0
    boxes: list[dict[str, object]] = field(default_factory=list)
    bold: list[dict[str, object]] = field(default_factory=list)
    plain: list[dict[str, object]] = field(default_factory=list)


def image(chart: Area | Bars, wording: Wording, ratio: Ratio) -> Spec:
    """Lay out an image, exactly as large as its ratio says.

    A small one (``og``) leaves the measure to the chart's own caption.
    """
    frame = _frame(wording, ratio)
    if isinstance(chart, Area):
        return _area(chart, frame)
    return _bars(chart, frame) if any(chart.sizes) else _names(chart, frame)


def cover(columns: Sequence[tuple[str, Bars]], wording: Wording) -> Spec:
    """Lay out the image of the site itself: each gateway's leaders side by side."""
    frame = _frame(wording, "og")
    left, gap = MARGIN, 44
    height = math.floor(frame.bottom - 14 - frame.top)
    wide = (frame.width - 2 * MARGIN - gap * (len(columns) - 1)) / max(len(columns), 1)
    line = 40
    count = max((height - 34) // line, 1)
    names: tuple[str, ...] = ("bars", "names", "values", "ranks")
    datasets: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for i, (title, bars) in enumerate(columns):
        x = i * (wide + gap)
        place = {"x": left + x, "y": frame.top + 12}
        frame.bold.append(_line(0, 0, lettering.fit(title, wide, TYPE), TYPE, theme.INK) | place)
        labels, sizes = bars.labels[:count], bars.sizes[:count]
        values = _value_width(labels, 19)
        for n, (label, amount) in enumerate(zip(labels, sizes, strict=True)):
            y = 34 + n * line
            name = lettering.fit(label.name, wide - values - 12, 19)
            datasets["names"].append(_row(x, y + 12, name, label.ink))
            datasets["values"].append(_row(x + wide, y + 12, label.value, label.ink))
            long = wide * amount / max(max(bars.sizes), 1e-9)
            datasets["bars"].append(_box(x, y + 25, max(long, 0.5), 7, label.colour))
    return _filled(
        "ranked-bars", frame, left, frame.top, frame.width - 2 * left, height, datasets, 19
    )


@functools.cache
def _written(form: forms.Form) -> str:
    return json.dumps(template(form))


@functools.cache
def template(form: forms.Form) -> Spec:
    """Give a form's empty spec with the layers for an image's words; do not change it."""
    spec = forms.filled(form, width=0, height=0, padding={}, datasets={}, size=TYPE)
    words = alt.layer(
        _boxes("frames"),
        _text("bold", weight="bold"),
        _text("plain", weight="normal"),
    ).to_dict()
    spec["layer"] += words["layer"]
    spec["datasets"] |= {name: [] for name in ("frames", "bold", "plain")}
    spec["background"] = theme.PAPER
    return spec


def wrapped(text: str, room: float, size: float, *, is_bold: bool = False) -> list[str]:
    """Break text into lines at spaces; a word that is wider than a line stays whole."""
    lines: list[str] = []
    for word in filter(None, text.split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and lettering.width(longer, size, is_bold=is_bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(text: str, room: float, size: float, *, is_bold: bool = False) -> list[str]:
    """Break text into as few lines as it needs, and those as even as they come."""
    best = wrapped(text, room, size, is_bold=is_bold)
    while len(best) > 1:
        room -= size
        narrower = wrapped(text, room, size, is_bold=is_bold)
        if len(narrower) > len(best) or any(
            lettering.width(line, size, is_bold=is_bold) > room for line in narrower
        ):
            break
        best = narrower
    return best


def _frame(wording: Wording, ratio: Ratio) -> _Frame:
    width, height = SIZES[ratio]
    room = width - 2 * MARGIN
    frame = _Frame(width=width, height=height)
    y: float = 34
    if wording.simulated is not None:
        frame.boxes.append(_box(0, 0, width, BAND, WARN_TINT))
        size = next(
            (s for s in (20, 19, 18) if lettering.width(wording.simulated, s) <= room), FOOT_TYPE
        )
        frame.plain.append(_line(MARGIN, BAND / 2 + 1, wording.simulated, size, WARN))
        y += BAND - 8
    lines, size = _headline(wording.headline, room, 2 if width > height else 3)
    for line in lines:
        frame.bold.append(_line(MARGIN, y + size / 2, line, size, theme.INK))
        y += round(size * 1.16)
    y += 10
    when = f"{wording.when} · {wording.note}" if wording.note else wording.when
    frame.plain.append(_line(MARGIN, y + 12, when, TYPE + 1, theme.INK))
    y += 32
    if ratio != "og":
        for line in balanced(wording.measure, room, TYPE):
            frame.plain.append(_line(MARGIN, y + 11, line, TYPE, theme.SOFT))
            y += 28
    return _footed(frame, wording, y + 14)


def _headline(text: str, room: float, most: int) -> tuple[list[str], int]:
    """Set a headline as large as it fits in so many lines; what never fits is cut."""
    for size in HEADLINES:
        lines = balanced(text, room, size, is_bold=True)
        if len(lines) <= most and all(
            lettering.width(line, size, is_bold=True) <= room for line in lines
        ):
            return lines, size
    lines = wrapped(text, room, HEADLINES[-1], is_bold=True)
    # Bold type is wider than what `fit` measures.
    lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [lettering.fit(line, room / 1.08, HEADLINES[-1]) for line in lines], HEADLINES[-1]


def _footed(frame: _Frame, wording: Wording, top: float) -> _Frame:
    """Put the whole credit and the site's name below; a long credit takes more lines."""
    block = 28 + max(
        lettering.width(wording.site, 20, is_bold=True),
        lettering.width(wording.address, FOOT_TYPE),
    )
    edge = frame.width - MARGIN
    x = edge - block
    parts = wording.credit.split("\n")
    credit = [line for part in parts for line in wrapped(part, x - MARGIN - 32, FOOT_TYPE)]
    y = frame.height - 26 - max(len(credit), 2) * 23
    frame.boxes.append(_box(MARGIN, y - 16, edge - MARGIN, 1, theme.RULE))
    for i, line in enumerate(credit):
        frame.plain.append(_line(MARGIN, y + 11 + 23 * i, line, FOOT_TYPE, theme.SOFT))
    frame.bold.append(_line(x + 28, y + 11, wording.site, 20, theme.INK))
    if wording.address:
        frame.plain.append(_line(x + 28, y + 35, wording.address, FOOT_TYPE, theme.SOFT))
    for down, long in _MARK:
        frame.boxes.append(_box(x, y + 4 + down, long, 3.5, ACCENT))
    return dataclasses.replace(frame, top=top, bottom=y - 16)


def _area(area: Area, frame: _Frame) -> Spec:
    """Label each band where it ends, as the page's own wide chart does."""
    left, caption, axis = MARGIN + 58, 34, 44
    top = frame.top + caption
    height = math.floor(frame.bottom - axis - top)
    size = max(min(TYPE, height // max(len(area.labels), 1) - 5), LEAST_TYPE)
    names = [lettering.fit(label.name, 290, size) for label in area.labels]
    values = _value_width(area.labels, size)
    gutter = 26 + values + 9 + max(lettering.width(name, size) for name in names) + 2
    width = math.floor(frame.width - MARGIN - gutter - left)
    middles = [height * (1 - (label.below + (label.share or 0) / 2) / 100) for label in area.labels]
    placed = lettering.spread(middles[::-1], size + 6, size / 2 + 1, height - size / 2)[::-1]
    x = width + 26 + values
    lines = list(zip(area.labels, names, placed, strict=True))
    datasets: dict[str, forms.Rows] = {
        "points": area.points,
        "captions": [_row(MARGIN - left, 10 - caption, area.caption, theme.SOFT)],
        "heads": [_row(x, 10 - caption, area.head, theme.SOFT)],
        "leaders": [
            {"series": i, "x": width + dx, "y": round(y, 1), "colour": label.colour}
            for i, (label, start, end) in enumerate(zip(area.labels, middles, placed, strict=True))
            for dx, y in ((4, start), (8, start), (17, end), (22, end))
            if label.share is not None
        ],
        "values": [_row(x, y, label.value, label.ink) for label, _, y in lines],
        "names": [_row(x + 9, y, name, label.ink) for label, name, y in lines],
    }
    ticks, are_months = stacking.ticks(area.stack.dates[0], area.stack.dates[-1], 8)
    spec = _filled("share-area", frame, left, top, width, height, datasets, size)
    axis_x = spec["layer"][0]["encoding"]["x"]["axis"]
    axis_x |= {"values": ticks, "labelExpr": forms.MONTHS if are_months else forms.DAYS}
    return spec


def _bars(bars: Bars, frame: _Frame) -> Spec:
    """Name each bar on its left and put its figure at its end: as many as there is room for."""
    left, caption = MARGIN, 34
    top = frame.top + caption
    height = math.floor(frame.bottom - 18 - top)
    width = frame.width - 2 * MARGIN
    count = min(len(bars.labels), MOST_BARS, max(height // 33, 1))
    line = min(math.floor(height / count), 56)
    labels, sizes = bars.labels[:count], bars.sizes[:count]
    names = [lettering.fit(label.name, width * 0.4, TYPE) for label in labels]
    start = 44 + max(lettering.width(name, TYPE) for name in names) + 18
    unit = (width - start - _value_width(labels, TYPE) - 12) / max(sizes)
    thick = round(line * 0.62)
    datasets: dict[str, list[dict[str, object]]] = {
        "captions": [_row(0, 10 - caption, bars.caption, theme.SOFT)],
        "heads": [],
        "swatches": [_box(start - 1, 0, 1, line * count, theme.RULE)],
        "bars": [],
        "ranks": [],
        "names": [],
        "amounts": [],
    }
    for i, (label, name, amount) in enumerate(zip(labels, names, sizes, strict=True)):
        y = (i + 0.5) * line
        long = max(amount * unit, 0.5)
        datasets["bars"].append(_box(start, y - thick / 2, long, thick, label.colour))
        datasets["ranks"].append(_row(30, y, str(bars.ranks[i]), theme.SOFT))
        datasets["names"].append(_row(44, y, name, label.ink))
        datasets["amounts"].append(_row(start + long + 9, y, label.value, label.ink))
    return _filled("ranked-bars", frame, left, top, width, height, datasets, TYPE)


def _names(bars: Bars, frame: _Frame) -> Spec:
    """Set a list that has ranks but no figures in two columns, in larger type."""
    size, caption, line = 26, 40, 46
    top = frame.top + caption
    height = math.floor(frame.bottom - 18 - top)
    width = frame.width - 2 * MARGIN
    tall = max(height // line, 1)
    datasets: dict[str, list[dict[str, object]]] = {
        "ranks": [],
        "names": [],
    }
    frame.plain.append(_line(MARGIN, frame.top + 10, bars.caption, TYPE, theme.SOFT))
    for i, label in enumerate(bars.labels[: 2 * tall]):
        x, y = (i // tall) * width / 2, (i % tall + 0.5) * line
        datasets["ranks"].append(_row(x + 36, y, str(bars.ranks[i]), theme.SOFT))
        name = lettering.fit(label.name, width / 2 - 76, size)
        datasets["names"].append(_row(x + 52, y, name, label.ink))
    return _filled("ranked-bars", frame, MARGIN, top, width, height, datasets, size)


def _filled(
    form: forms.Form,
    frame: _Frame,
    left: float,
    top: float,
    width: int,
    height: int,
    datasets: Mapping[str, forms.Rows],
    size: int,
) -> Spec:
    """Fill a template; whatever stands around the chart moves to the chart's own corner."""
    top = round(top)
    spec: Spec = json.loads(_written(form))
    spec |= {
        "width": width,
        "height": height,
        "padding": {
            "left": left,
            "top": top,
            "right": frame.width - left - width,
            "bottom": frame.height - top - height,
        },
    }
    spec["config"]["text"]["fontSize"] = size
    spec["config"]["axis"]["labelFontSize"] = max(size - 2, LEAST_TYPE)
    around = {"frames": frame.boxes, "bold": frame.bold, "plain": frame.plain}
    moved = {name: [_moved(row, left, top) for row in rows] for name, rows in around.items()}
    spec["datasets"] = {
        name: list((moved | dict(datasets)).get(name, ())) for name in spec["datasets"]
    }
    return spec


def _moved(row: Mapping[str, object], left: float, top: float) -> dict[str, object]:
    by = {"x": left, "x2": left, "y": top, "y2": top}
    return {
        key: round(value - by[key], 1) if isinstance(value, int | float) and key in by else value
        for key, value in row.items()
    }


def _value_width(labels: Sequence[Label], size: int) -> float:
    return max(lettering.width(label.value, size, is_bold=True) for label in labels)


def _row(x: float, y: float, text: str, colour: str) -> dict[str, object]:
    return {"x": round(x, 1), "y": round(y, 1), "text": text, "colour": colour}


def _line(x: float, y: float, text: str, size: int, colour: str) -> dict[str, object]:
    return {"x": x, "y": y, "text": text, "size": size, "colour": colour}


def _box(x: float, y: float, width: float, height: float, colour: str) -> dict[str, object]:
    return {
        "x": round(x, 1),
        "x2": round(x + width, 1),
        "y": round(y, 1),
        "y2": round(y + height, 1),
        "colour": colour,
    }


def _boxes(dataset: str) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(dataset))
        .mark_rect()
        .encode(x=_place("x", alt.X), x2="x2", y=_place("y", alt.Y), y2="y2", color=_colour())
    )
    return chart


def _text(dataset: str, *, weight: Literal["normal", "bold"]) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(dataset))
        .mark_text(align="left", fontWeight=weight, baseline="middle", limit=0)
        .encode(
            x=_place("x", alt.X),
            y=_place("y", alt.Y),
            text="text:N",
            size=alt.Size("size:Q", scale=None, legend=None),
            color=_colour(),
        )
    )
    return chart


def _place(field: str, channel: Any) -> Any:
    """Place a mark in pixels from the plot's upper left corner."""
    return channel(f"{field}:Q", scale=None, axis=None)


def _colour() -> alt.Color:
    return alt.Color("colour:N", scale=None, legend=None)
