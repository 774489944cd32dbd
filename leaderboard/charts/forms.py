"""The forms of chart as Vega-Lite templates, each built once by Altair; data come later.

Building a chart with its rows costs a hundred times as much as building it with names for
them. So a form names its datasets, and `filled` puts rows and sizes in. Texts, colours and
places are all fields of rows: nothing a source sent ever stands anywhere else in a spec.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import altair as alt

from leaderboard.charts import theme

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, object]]
Form = Literal["share-area", "ranked-bars", "small-multiples"]

MULTIPLES: Final = (
    "points",
    "grid",
    "bars",
    "captions",
    "heads",
    "names",
    "ranks",
    "values",
    "amounts",
)
"""The datasets of small multiples."""

GRID_OPACITY: Final = 0.35
LEAST_SIZE: Final = 11
DAYS: Final = "utcFormat(datum.value, '%-d %b')"
MONTHS: Final = (
    "utcFormat(datum.value, utcmonth(datum.value) === 0 || datum.index === 0 ? '%b %Y' : '%b')"
)
"""How ticks are written, in Vega's expressions; no text from a source comes near one."""


def filled(
    form: Form,
    *,
    width: float,
    height: float,
    padding: Mapping[str, float],
    datasets: Mapping[str, Rows],
    ticks: Sequence[int] = (),
    tick_format: str = "",
    size: int = 13,
) -> Spec:
    """Put rows, sizes and ticks into a form; *size* is the type size in pixels."""
    spec: Spec = json.loads(_written(form))
    spec["config"]["text"]["fontSize"] = size
    spec["config"]["axis"]["labelFontSize"] = max(size - 1, LEAST_SIZE)
    spec |= {"width": width, "height": height, "padding": dict(padding)}
    named = [layer["data"]["name"] for layer in spec["layer"]]
    spec["datasets"] = {name: list(datasets.get(name, ())) for name in named}
    if form == "share-area":
        axis = spec["layer"][0]["encoding"]["x"]["axis"]
        axis |= {"values": list(ticks), "labelExpr": tick_format}
    return spec


def marks(spec: Spec) -> int:
    """Count the marks that a spec's rows make, its areas left out: a line for each series."""
    return sum(
        len({row["series"] for row in rows}) if name == "leaders" else len(rows)
        for name, rows in spec["datasets"].items()
        if name != "points"
    )


@functools.cache
def _written(form: Form) -> str:
    """Write a template down: reading it back is the fastest copy there is."""
    return json.dumps(_template(form))


def _template(form: Form) -> Spec:
    layers = {
        "share-area": _area_layers,
        "ranked-bars": _bar_layers,
        "small-multiples": _multiple_layers,
    }[form]()
    texts = [
        _text("captions", align="left", weight="normal"),
        _text("heads", align="right", weight="normal"),
        _text("names", align="left", weight="normal"),
        _text("ranks", align="right", weight="normal"),
        _text("values", align="right", weight="bold"),
        _text("amounts", align="left", weight="bold"),
    ]
    chart = (
        alt.layer(*layers, _boxes("swatches"), _leaders(), *texts)
        .properties(
            autosize=alt.AutoSizeParams(type="none"),
            background="transparent",
            padding={"left": 0, "right": 0, "top": 0, "bottom": 0},
        )
        .configure(
            aria=False,
            font=theme.FONT,
            view=alt.ViewConfig(stroke=None),
            text=alt.MarkConfig(fontSize=13, baseline="middle"),
            axis=alt.AxisConfig(
                labelFontSize=12,
                labelColor=theme.SOFT,
                domainColor=theme.RULE,
                tickColor=theme.RULE,
                labelLimit=0,
                title=None,
            ),
        )
    )
    spec: Spec = chart.to_dict()
    return spec


def _area_layers() -> list[alt.Chart]:
    """Stack shares by our own transform: Vega-Lite's implicit one would fill gaps with zero."""
    stacked = alt.Chart(alt.NamedData("points")).transform_stack(
        stack="share",
        groupby=["time"],
        sort=[alt.SortField("series")],
        as_=["low", "high"],
    )
    area = stacked.mark_area(stroke=theme.PAPER, strokeWidth=0.8, strokeJoin="round").encode(
        x=alt.X(
            "time:T",
            scale=alt.Scale(type="utc", nice=False),
            axis=alt.Axis(grid=False, tickSize=5, labelPadding=5, labelFlush=True, values=[0]),
        ),
        y=alt.Y(
            "low:Q",
            scale=alt.Scale(domain=[0, 100], nice=False),
            axis=alt.Axis(
                values=[0, 25, 50, 75, 100],
                labelExpr="datum.value + (datum.value === 100 ? ' %' : '')",
                labelPadding=7,
                domain=False,
                ticks=False,
                gridColor=theme.PAPER,
                gridOpacity=GRID_OPACITY,
                zindex=1,
            ),
        ),
        y2="high:Q",
        color=_colour(),
        detail=["series:N", "run:N"],
    )
    return [area]


def _bar_layers() -> list[alt.Chart]:
    return [_boxes("bars")]


def _multiple_layers() -> list[alt.Chart]:
    """Fill between points placed in pixels: several panels have no axes in common."""
    area = (
        alt.Chart(alt.NamedData("points"))
        .mark_area(stroke=theme.PAPER, strokeWidth=0.6, strokeJoin="round")
        .encode(
            x=_place("x", alt.X),
            y=alt.Y("y:Q", scale=None, axis=None, stack=None),
            y2="y2",
            color=_colour(),
            detail=["series:N", "run:N"],
        )
    )
    return [_boxes("grid"), area, _boxes("bars")]


def _boxes(dataset: str) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(dataset))
        .mark_rect()
        .encode(x=_place("x", alt.X), x2="x2", y=_place("y", alt.Y), y2="y2", color=_colour())
    )
    return chart


def _leaders() -> alt.Chart:
    """Tie labels to bands: a short stroke in the band's colour, bent where a label moved."""
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("leaders"))
        .mark_line(strokeWidth=1.6)
        .encode(
            x=_place("x", alt.X),
            y=_place("y", alt.Y),
            color=_colour(),
            detail="series:N",
            order="x:Q",
        )
    )
    return chart


def _text(
    dataset: str, *, align: Literal["left", "right"], weight: Literal["normal", "bold"]
) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(dataset))
        .mark_text(align=align, fontWeight=weight, limit=0)
        .encode(x=_place("x", alt.X), y=_place("y", alt.Y), text="text:N", color=_colour())
    )
    return chart


def _place(field: str, channel: Any) -> Any:
    """Place a mark in pixels from the plot's upper left corner."""
    return channel(f"{field}:Q", scale=None, axis=None)


def _colour() -> alt.Color:
    return alt.Color("colour:N", scale=None, legend=None)
