"""The tables of the comparison as they are printed, each row with its drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from leaderboard import words
from leaderboard.charts import agreement, theme
from leaderboard.charts.agreement import Mark, Scale
from leaderboard.comparison import Bounds, Comparison, RankRange, weighted
from leaderboard.comparison.gathering import Compared, Contrast, listed_ranks
from leaderboard.comparison.wording import at_least, at_most
from leaderboard.pages import paths

SHOWN: Final = 12
FIRST: Final = 10
IN_PAIR: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one gateway says of one entity; *title* is exact, *rank* is among the listed."""

    text: str
    title: str
    rank: str
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entity: *drawing* is its row of marks; *ranks* over all weights, then with bounds."""

    anchor: str
    id: str
    name: str
    lab: str
    page: str | None
    swatch: str
    drawing: str
    cells: tuple[Cell, ...]
    ranks: str
    ranks_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One weighting by name."""

    id: str
    label: str
    weights: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetLine:
    """One entity's rank under each preset, and over all weights."""

    id: str
    name: str
    swatch: str
    ranks: tuple[str, ...]
    over_all: str
    over_all_title: str


def lines(found: Compared, pages: Mapping[str, str]) -> tuple[Line, ...]:
    """Print every entity in the order shown; *pages* are those entities' own, by id."""
    comparison = found.comparison
    assert isinstance(comparison, Comparison)
    axis = scale(comparison)
    ranks = {source: ranked(side) for source, side in comparison.shares.items()}
    ranges = found.ranges.ranges if found.ranges else {}
    return tuple(
        Line(
            anchor=paths.slug(one),
            id=one,
            name=found.names[one],
            lab=_lab(found, one),
            page=pages.get(one),
            swatch=theme.swatch(theme.colour(found.labs[one])),
            drawing=agreement.row(
                [mark(side[one]) for side in comparison.shares.values()],
                axis,
            ),
            cells=tuple(
                cell(side[one], ranks[source].get(one))
                for source, side in comparison.shares.items()
            ),
            ranks=_ranks(ranges.get(one)),
            ranks_title=_ranks_title(ranges.get(one), len(ranges)),
        )
        for one in found.order
    )


def scale(comparison: Comparison) -> Scale:
    """Make the axis that holds every listed share."""
    return agreement.scale(
        [b.low_pct for side in comparison.shares.values() for b in side.values() if b is not None]
    )


def mark(bounds: Bounds | None) -> Mark | None:
    """Turn bounds into what is drawn; None where there is nothing to draw."""
    if bounds is None or bounds.high_pct == 0:
        return None
    return Mark(low_pct=bounds.low_pct or None, high_pct=bounds.high_pct)


def ranked(side: Mapping[str, Bounds | None]) -> dict[str, int]:
    """Rank a gateway's listed shares."""
    return listed_ranks({one: b.low_pct for one, b in side.items() if b is not None})


def cell(bounds: Bounds | None, rank: int | None) -> Cell:
    """Print bounds: what was listed, or how much there can be outside the list."""
    if bounds is None:
        return Cell(text="–", title="not in its catalogue", rank="not offered", is_listed=False)
    exact = f"{bounds.low_pct:.4f}{words.NBSP}%"
    high = f"{bounds.high_pct:.4f}{words.NBSP}%"
    if bounds.high_pct == 0:
        return Cell(text="none", title="its list is complete without it", rank="", is_listed=False)
    if bounds.low_pct == 0:
        return Cell(
            text=f"≤{words.NBSP}{at_most(bounds.high_pct, 1)}{words.NBSP}%",
            title=f"not listed: between 0 and {high}",
            rank="not listed",
            is_listed=False,
        )
    is_bound = bounds.high_pct > bounds.low_pct
    return Cell(
        text=_at_least(bounds.low_pct) if is_bound else words.percent(bounds.low_pct),
        title=f"between {exact} and {high}" if is_bound else exact,
        rank="" if rank is None else str(rank),
        is_listed=True,
    )


def presets(found: Compared) -> tuple[Preset, ...]:
    """Give the weightings to begin with: all alike, one alone, one left out."""
    sides = found.sides
    alike = Preset(
        id="equal", label="All alike", weights=dict.fromkeys(sides, Fraction(1, len(sides)))
    )
    alone = [
        Preset(
            id=f"only-{source}",
            label=f"{side.reading.name} alone",
            weights={other: Fraction(other == source) for other in sides},
        )
        for source, side in sides.items()
    ]
    without = [
        Preset(
            id=f"without-{source}",
            label=f"Without {side.reading.name}",
            weights={other: Fraction(other != source, len(sides) - 1) for other in sides},
        )
        for source, side in sides.items()
        if len(sides) > 2
    ]
    return (alike, *alone, *without)


def preset_lines(found: Compared, chosen: Sequence[Preset]) -> tuple[PresetLine, ...]:
    """Print the ranks of whoever is among the first under some preset."""
    comparison = found.comparison
    assert isinstance(comparison, Comparison)
    assert found.ranges is not None
    rankings = [
        {line.entity: line.rank for line in weighted(comparison.shares, preset.weights)}
        for preset in chosen
    ]
    shown = [one for one in found.order if one in found.ranges.ranges]
    first = [one for one in shown if min(ranks[one] for ranks in rankings) <= FIRST][: FIRST + 5]
    return tuple(
        PresetLine(
            id=one,
            name=found.names[one],
            swatch=theme.swatch(theme.colour(found.labs[one])),
            ranks=tuple(str(ranks[one]) for ranks in rankings),
            over_all=_ranks(found.ranges.ranges[one]),
            over_all_title=_ranks_title(found.ranges.ranges[one], len(found.ranges.ranges)),
        )
        for one in sorted(first, key=lambda one: (rankings[0][one], one))
    )


def contrast_lines(
    found: Compared, contrast: Contrast, pages: Mapping[str, str]
) -> tuple[tuple[Line, ...], Scale]:
    """Print token share against spend share at one gateway, the largest of either first."""
    comparison = contrast.comparison
    assert isinstance(comparison, Comparison)
    tokens, spend = comparison.shares["tokens"], comparison.shares["spend"]
    everybody = sorted({*tokens, *spend})

    def most(one: str) -> float:
        return max(b.low_pct for side in (tokens, spend) if (b := side.get(one)) is not None)

    order = sorted(everybody, key=lambda one: (-most(one), one))
    axis = agreement.scale([most(one) for one in order])
    return (
        tuple(
            Line(
                anchor=f"{contrast.tokens.reading.source}-{paths.slug(one)}",
                id=one,
                name=found.names.get(one, one),
                lab="",
                page=pages.get(one),
                swatch=theme.swatch(theme.colour(found.labs.get(one))),
                drawing=agreement.row([mark(tokens[one]), mark(spend[one])], axis),
                cells=(cell(tokens[one], None), cell(spend[one], None)),
                ranks="",
                ranks_title="",
            )
            for one in order[:IN_PAIR]
        ),
        axis,
    )


def overlaps(found: Compared) -> list[dict[str, object]]:
    """Print each pair of gateways' agreement."""
    return [
        {
            "pair": words.listing([found.sides[s].reading.name for s in (one.first, one.second)]),
            "estimate": "" if one.overlap is None else f"{one.overlap.extrapolated:.2f}",
            "least": "" if one.overlap is None else at_least(one.overlap.minimum, 2),
            "most": ""
            if one.overlap is None
            else at_most(one.overlap.minimum + one.overlap.residual, 2),
            "width": "" if one.overlap is None else f"{100 * one.overlap.minimum:.2f}",
            "reach": ""
            if one.overlap is None
            else f"{100 * (one.overlap.minimum + one.overlap.residual):.2f}",
            "reason": None if one.not_computed is None else one.not_computed.reason,
        }
        for one in found.agreements
    ]


def _at_least(low_pct: float) -> str:
    """Write a lower bound, rounded down so that it stays one."""
    for decimals in (1, 2):
        text = at_least(low_pct, decimals)
        if float(text) > 0:
            return f"≥{words.NBSP}{text}{words.NBSP}%"
    return f">{words.NBSP}0{words.NBSP}%"


def _lab(found: Compared, one: str) -> str:
    return "" if found.what == "labs" else found.lab_names.get(found.labs[one], found.labs[one])


def _ranks(found: RankRange | None) -> str:
    if found is None:
        return "–"
    return _span(found.listed_best, found.listed_worst)


def _ranks_title(found: RankRange | None, of: int) -> str:
    if found is None:
        return "not ranked: not every gateway offers it"
    return (
        f"as listed {_span(found.listed_best, found.listed_worst)}, with what may be outside the "
        f"lists {_span(found.best, found.worst)}, of {of}"
    )


def _span(best: int, worst: int) -> str:
    return str(best) if best == worst else f"{best}–{worst}"
