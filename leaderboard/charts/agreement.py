"""Where the gateways agree, drawn straight as SVG: rows of marks on one axis, and small lines.

A row stretches with the table it stands in: places along the axis are percentages, and only
shapes have a size. Colours are the page's own, by class, so that one drawing serves light and
dark; gateways differ in shape, so nothing is told by colour alone. `static/compare-lines.js`
draws the same lines in a reader's browser; a test holds the two equal.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.sax.saxutils import escape, quoteattr

from leaderboard import words
from leaderboard.charts import theme

LANE: Final = 11
EDGE: Final = 4
REACH: Final = 104
"""Where an interval goes that leaves the axis: past its end, so that it shows no end."""

SHAPES: Final = (
    "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",  # disc
    "M0-5.2L5 4.2H-5z",  # triangle
    "M-4-4h8v8h-8z",  # square
    "M0-5.6L5.6 0L0 5.6L-5.6 0z",  # diamond
    "M-5-1.6h3.4v-3.4h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4z",  # cross
)
DASHES: Final = ("", "6 3", "2 2.5", "9 3 2 3", "1 4")
"""How the lines of one small multiple differ beside their colours."""

WIDTH: Final = 360
HEIGHT: Final = 210
LEFT: Final = 34
RIGHT: Final = 12
TOP: Final = 12
BOTTOM: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one gateway says: a share, perhaps with room above it, or only the room.

    *low_pct* is None where it is only known that the share is at most *high_pct*.
    """

    low_pct: float | None
    high_pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis from zero to *most* percent with its *ticks*."""

    most: float
    ticks: tuple[float, ...]

    def at(self, share_pct: float) -> float:
        """Give the place of a share along the axis, in percent of its length."""
        return 100 * share_pct / self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One line of a small multiple: a share on each date, None where it is not known."""

    name: str
    colour: str
    shares: tuple[float | None, ...]


def scale(shares: Sequence[float], steps: int = 5) -> Scale:
    """Make an axis that holds all *shares*, in round steps.

    >>> scale([41.5]).ticks, scale([0.4]).ticks
    ((0, 10, 20, 30, 40), (0, 0.1, 0.2, 0.3, 0.4))
    """
    most = max(shares, default=0) or 1.0
    rough = most / steps
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * round_ for round_ in (1, 2, 5, 10) if power * round_ >= rough * 0.999)
    count = math.floor(most / step * 1.001)
    ticks = tuple(float(f"{step * i:.6g}") for i in range(count + 1))
    return Scale(most=most * 1.04, ticks=tuple(int(t) if t == int(t) else t for t in ticks))


def shape(at: int) -> str:
    """Draw the mark of the gateway in place *at*, for a legend or a heading."""
    return (
        '<svg class="shape" viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true" '
        f'focusable="false"><path d="{SHAPES[at % len(SHAPES)]}"/></svg>'
    )


def row(marks: Sequence[Mark | None], axis: Scale) -> str:
    """Draw one entity: a lane for each gateway, and behind them all the range they span.

    A share with room above it has a thin line to where it may reach. What is outside a list is
    an open interval from zero, never a mark: nobody knows where in it the share is.
    """
    height = 2 * EDGE + LANE * len(marks)
    parts = [_grid(axis, height)]
    known = [mark.low_pct for mark in marks if mark is not None and mark.low_pct is not None]
    if len(known) > 1:
        low, high = axis.at(min(known)), axis.at(max(known))
        parts.append(
            f'<rect class="span" x="{low:.2f}%" width="{max(high - low, 0):.2f}%" '
            f'y="1" height="{height - 2}"/>'
        )
    for lane, mark in enumerate(marks):
        y = EDGE + LANE * (lane + 0.5)
        if mark is None:
            continue
        end = min(axis.at(mark.high_pct), REACH)
        if mark.low_pct is None:
            parts.append(
                f'<rect class="outside" x="0" width="{end:.2f}%" y="{y - 2.5:g}" height="5" '
                'rx="1"/>'
            )
            continue
        x = axis.at(mark.low_pct)
        if mark.high_pct > mark.low_pct:
            parts.append(
                f'<line class="room" x1="{x:.2f}%" x2="{end:.2f}%" y1="{y:g}" y2="{y:g}"/>'
            )
        parts.append(
            f'<svg class="at" x="{x:.2f}%" y="{y:g}" width="1" height="1" overflow="visible">'
            f'<path d="{SHAPES[lane % len(SHAPES)]}"/></svg>'
        )
    return (
        f'<svg class="dots" width="100%" height="{height}" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def axis(scale_: Scale) -> str:
    """Draw the axis that a column of rows shares: its ticks in percent."""
    texts = []
    for tick in scale_.ticks:
        place: Literal["start", "middle"] = "start" if tick == 0 else "middle"
        unit = f"{words.NBSP}%" if tick == scale_.ticks[-1] else ""
        texts.append(
            f'<text x="{scale_.at(tick):.2f}%" y="12" text-anchor="{place}">{tick:g}{unit}</text>'
        )
    return (
        '<svg class="axis" width="100%" height="16" aria-hidden="true" focusable="false">'
        f"{''.join(texts)}</svg>"
    )


def lines(courses: Sequence[Course], dates: Sequence[dt.date], axis_: Scale, alt: str) -> str:
    """Draw daily shares as lines; a day that is not known breaks a line.

    A day alone is a dot, because lines end round.
    """
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = wide / max(len(dates) - 1, 1)

    def up(share: float) -> float:
        return TOP + tall * (1 - share / axis_.most)

    parts = []
    for tick in axis_.ticks:
        y = up(tick)
        unit = "%" if tick == axis_.ticks[-1] else ""
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}{unit}</text>'
        )
    for date, x, place in (
        (dates[0], LEFT, "start"),
        (dates[-1], WIDTH - RIGHT, "end"),
    ):
        parts.append(
            f'<text x="{x}" y="{HEIGHT - 6}" text-anchor="{place}">'
            f"{escape(_day(date, dates))}</text>"
        )
    for at, course in enumerate(courses):
        path, is_drawing = "", False
        for i, share in enumerate(course.shares):
            if share is not None:
                path += f"{'L' if is_drawing else 'M'}{LEFT + i * step:.1f} {up(share):.1f}"
                if not is_drawing and (i + 1 == len(course.shares) or course.shares[i + 1] is None):
                    path += "h0"
            is_drawing = share is not None
        if path:
            dash = DASHES[at % len(DASHES)]
            dashed = f' stroke-dasharray="{dash}"' if dash else ""
            parts.append(f'<path class="line" d="{path}" stroke="{course.colour}"{dashed}/>')
    return (
        f'<svg class="lines" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label={quoteattr(alt)}>'
        f"{''.join(parts)}</svg>"
    )


def key(course: Course, at: int) -> str:
    """Draw the piece of line that stands beside a name in a legend."""
    dash = DASHES[at % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        '<svg class="key" viewBox="0 0 28 8" width="28" height="8" aria-hidden="true" '
        f'focusable="false"><path class="line" d="M1 4H27" stroke="{course.colour}"{dashed}/></svg>'
    )


def colours(labs: Sequence[str | None]) -> tuple[str, ...]:
    """Colour the lines of one picture by lab, telling a lab's models apart."""
    return theme.colours(labs)


def _day(date: dt.date, dates: Sequence[dt.date]) -> str:
    """Write a day, with its year where the picture spans more than one."""
    spans_years = dates[0].year != dates[-1].year
    return f"{words.short_day(date)} {date.year}" if spans_years else words.short_day(date)


def _grid(axis_: Scale, height: float) -> str:
    return "".join(
        f'<line class="grid" x1="{axis_.at(tick):.2f}%" x2="{axis_.at(tick):.2f}%" y1="0" '
        f'y2="{height:g}"/>'
        for tick in axis_.ticks
    )
