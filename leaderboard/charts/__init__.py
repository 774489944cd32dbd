"""Charts of views: one function for each form, giving a figure that carries its credit."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from babel.dates import format_date

from leaderboard import words
from leaderboard.charts import forms, layouts, stacking, theme
from leaderboard.charts.forms import Spec
from leaderboard.charts.layouts import Area, Bars, Label
from leaderboard.charts.stacking import Series, Stack
from leaderboard.records import OTHERS, Citation, Row, View

FEWEST_DAYS: Final = 3
"""An area of fewer days than this shows no course: bars say it better."""
WIDE_BARS: Final = 20
NARROW_BARS: Final = 10

SPARK_WIDTH: Final = 96
SPARK_HEIGHT: Final = 24
SPARK_POINTS: Final = 32
"""More would be finer than the eye, and a page of long courses is mostly sparklines."""
_SPARK_EDGE: Final = 2

_MEANS: Final = {7: "weekly means", 28: "means of 28 days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart ready to be drawn, in two layouts, with all it may not be shown without.

    *wide* is laid out for 700 pixels and more, *narrow* for phones; *wide_marks* and
    *narrow_marks* say how many marks a drawing of each must have. *series* are in the order
    drawn, with their colours. *note* says what was done to the data for the picture's sake
    (None: nothing).
    """

    form: forms.Form
    wide: Spec
    narrow: Spec
    wide_marks: int
    narrow_marks: int
    series: tuple[Series, ...]
    alt: str
    note: str | None
    citation: Citation

    def __post_init__(self) -> None:
        """Refuse a figure without its credit or its words."""
        if not self.citation.text.strip():
            raise ValueError("a figure needs its source's citation")
        if not self.alt.strip():
            raise ValueError("a figure needs words that say what it shows")


def figure(view: View, *, gateway: str | None = None) -> Figure | None:
    """Draw a view in the form that suits it; None where it has ranks but no figures to draw.

    *gateway* is the source's name as people read it, for the text alternative.
    """
    match form_of(view):
        case "share-area":
            return share_area(view, gateway=gateway)
        case "ranked-bars":
            return ranked_bars(view, gateway=gateway)
        case None:
            return None


def form_of(view: View) -> Literal["share-area", "ranked-bars"] | None:
    """Choose the form that suits a view; None where there are no figures to draw."""
    if not any((row.share_pct or 0) > 0 or (row.value or 0) > 0 for row in view.rows):
        return None
    if len(view.dates) - len(view.missing) < FEWEST_DAYS:
        return "ranked-bars"
    return "share-area"


def area(view: View) -> Area:
    """Give what a stacked area shows, before it is laid out."""
    stack = stacking.stack(view)
    return Area(
        stack=stack,
        points=stacking.points(stack),
        labels=_labels(view, stack),
        caption=_caption(view, stack),
        head=_short(stack.dates[-1]) if stack.span == 1 else f"to {_short(stack.dates[-1])}",
    )


def bars(view: View, most: int = WIDE_BARS) -> Bars:
    """Give what ranked bars show, before they are laid out."""
    rows = view.rows[:most]
    by_share = all(row.share_pct is not None for row in view.rows[:WIDE_BARS])
    colours = theme.colours(stacking.lab_of(row.entity) for row in rows)
    return Bars(
        labels=[
            Label(
                name=words.named(row.entity.name, row.entity.key),
                value=_bar_value(view, row),
                colour=colour,
            )
            for row, colour in zip(rows, colours, strict=True)
        ],
        ranks=[row.rank for row in rows],
        sizes=[(row.share_pct if by_share else float(row.value or 0)) or 0 for row in rows],
        caption=_bars_caption(view, by_share),
        head=words.span(view.start, view.end),
    )


def share_area(view: View, *, gateway: str | None = None) -> Figure:
    """Stack the daily shares of the leading entities and of all others, up to 100 %."""
    shown = area(view)
    stack = shown.stack
    bands = stacking.bands(shown.points)
    wide, narrow = layouts.wide_area(shown), layouts.narrow_area(shown)
    return Figure(
        form="share-area",
        wide=wide,
        narrow=narrow,
        wide_marks=bands + forms.marks(wide),
        narrow_marks=bands + forms.marks(narrow),
        series=stack.series,
        alt=_area_alt(view, shown, gateway),
        note=_note(stack),
        citation=view.citation,
    )


def ranked_bars(view: View, *, gateway: str | None = None) -> Figure:
    """Draw a bar for each of the first twenty, in the order ranked; ten on a phone."""
    shown = bars(view)
    wide, narrow = layouts.wide_bars(shown), layouts.narrow_bars(bars(view, NARROW_BARS))
    return Figure(
        form="ranked-bars",
        wide=wide,
        narrow=narrow,
        wide_marks=forms.marks(wide),
        narrow_marks=forms.marks(narrow),
        series=tuple(
            Series(key=row.entity.key, name=row.entity.name, colour=label.colour)
            for row, label in zip(view.rows[:WIDE_BARS], shown.labels, strict=True)
        ),
        alt=_bars_alt(view, shown.labels, gateway),
        note=None,
        citation=view.citation,
    )


def sparkline(history: Sequence[float | None]) -> str:
    """Write a share's course as an SVG path in a box of 96 × 24, from zero to its highest.

    Long histories are shown by the means of equal spans. A day that is not known breaks the
    line; a day alone is a dot where lines end round.
    """
    most = max((share for share in history if share is not None), default=0)
    if not most:
        return ""
    size = math.ceil(len(history) / SPARK_POINTS)
    thinned = [_mean(history[i : i + size]) for i in range(0, len(history), size)]
    step = (SPARK_WIDTH - 2 * _SPARK_EDGE) / max(len(thinned) - 1, 1)
    tall = SPARK_HEIGHT - 2 * _SPARK_EDGE
    path = ""
    drawn: tuple[int, int] | None = None  # in tenths, so that roundings do not add up
    for i, share in enumerate(thinned):
        if share is None:
            drawn = None
            continue
        x = round(10 * (_SPARK_EDGE + i * step))
        y = round(10 * (_SPARK_EDGE + tall - tall * share / most))
        if drawn is None:
            path += f"M{_tenths(x)} {_tenths(y)}"
            if i + 1 == len(thinned) or thinned[i + 1] is None:
                path += "h0"
        else:
            right, down = _tenths(x - drawn[0]), _tenths(y - drawn[1])
            path += f"l{right}{down}" if down.startswith("-") else f"l{right} {down}"
        drawn = x, y
    return path


def _tenths(number: int) -> str:
    """Write tenths as short as a path allows: 12, 1.5, -.3."""
    whole, rest = divmod(abs(number), 10)
    text = (str(whole) if whole else "") + (f".{rest}" if rest else "")
    return f"{'-' if number < 0 else ''}{text}" if text else "0"


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return math.fsum(known) / len(known) if known else None


def _labels(view: View, stack: Stack) -> list[Label]:
    labels = []
    below = 0.0
    for series, shares in zip(stack.series, stack.shares, strict=True):
        share = shares[-1]
        is_rest = series.key == OTHERS
        is_bound = view.board.is_lower_bound and not is_rest
        labels.append(
            Label(
                name=words.named(series.name, series.key),
                value="–" if share is None else words.percent(share, is_lower_bound=is_bound),
                colour=series.colour,
                ink=theme.SOFT if is_rest else theme.INK,
                share=share,
                below=below,
            )
        )
        below += share or 0
    return labels


def _caption(view: View, stack: Stack) -> str:
    metric = words.METRIC_NAMES[view.board.metric]
    if stack.span == 1:
        return f"Share of each day’s {metric}"
    return f"Share of {metric}, {_MEANS[stack.span]}"


def _bars_caption(view: View, by_share: bool) -> str:
    metric = words.METRIC_NAMES[view.board.metric]
    caption = f"Share of {metric}" if by_share else metric.capitalize()
    if view.board.order is not None:
        caption += f", in the order of “{view.board.order}”"
    return caption


def _bar_value(view: View, row: Row) -> str:
    parts = []
    if row.share_pct is not None:
        is_bound = row.is_lower_bound or view.board.is_lower_bound
        parts.append(words.percent(row.share_pct, is_lower_bound=is_bound))
    if row.value is not None:
        parts.append(words.amount(row.value, view.board.metric))
    return " · ".join(parts)


def _note(stack: Stack) -> str | None:
    if stack.span == 1:
        return None
    return f"The chart shows {_MEANS[stack.span]}; the exact days are in the download."


def _area_alt(view: View, area: Area, gateway: str | None) -> str:
    stack = area.stack
    listed = [label for label in area.labels if label.share is not None]
    *named, rest = listed if stack.series[-1].key == OTHERS else [*listed, None]
    leading = sorted((label for label in named if label), key=lambda a: -(a.share or 0))[:3]
    of = "daily share" if stack.span == 1 else f"share ({_MEANS[stack.span]})"
    text = (
        f"Stacked areas: {of} of {_where(view, gateway)}, {words.span(view.start, view.end)}, UTC. "
        f"{'On' if stack.span == 1 else 'In the span to'} {words.day(stack.dates[-1])}: "
        f"{words.listing([f'{label.name} {label.value}' for label in leading])}"
    )
    if rest is not None:
        text += f"; all others {rest.value}"
    text += "."
    if view.missing:
        text += f" {words.count(len(view.missing), 'day')} without data left blank."
    return text.replace(words.NBSP, " ")


def _bars_alt(view: View, labels: Sequence[Label], gateway: str | None) -> str:
    leading = words.listing([f"{label.name} {label.value}" for label in labels[:3]])
    text = (
        f"Ranked bars: {_where(view, gateway)}, {words.span(view.start, view.end)}, UTC. "
        f"The first of {len(view.rows)}: {leading}."
    )
    return text.replace(words.NBSP, " ")


def _where(view: View, gateway: str | None) -> str:
    metric = words.METRIC_NAMES[view.board.metric]
    return f"{metric} at {gateway}" if gateway else metric


def _short(date: dt.date) -> str:
    return str(format_date(date, "d MMM", locale="en"))
