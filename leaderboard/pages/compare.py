"""The pages across gateways: how far they agree, and what holds however they are weighted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.charts import agreement, theme
from leaderboard.charts.agreement import Course
from leaderboard.comparison import Comparison
from leaderboard.comparison.gathering import WINDOWS, Compared, Contrast
from leaderboard.comparison.sides import Side
from leaderboard.comparison.weights import EQUAL_WEIGHT_LABEL
from leaderboard.pages import cards, compare_paths, compare_tables, compare_words
from leaderboard.pages.cards import Build
from leaderboard.pages.freshness import Freshness
from leaderboard.pages.page import Alternate, Page
from leaderboard.pages.switches import Choice, Switch

PICKED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One gateway on the page: its mark, its credit, how fresh it is."""

    side: Side
    shape: str
    fresh: Freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One gateway's lines in the picture of those picked, and the figures beside them."""

    side: Side
    drawing: str
    cells: tuple[compare_tables.Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Those picked before a reader picks: the first few."""

    names: tuple[str, ...]
    keys: tuple[str, ...]
    panels: tuple[Panel, ...]
    options: tuple[tuple[str, str], ...]
    windows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Token share against spend share at one gateway."""

    credit: Credit
    metric: str
    lines: tuple[compare_tables.Line, ...]
    axis: str
    when: str
    caveats: tuple[str, ...]


def pages(build: Build) -> Iterator[Page]:
    """Give the comparison of labs and that of models."""
    for found in build.compared:
        yield _page(build, found)


def teaser(build: Build) -> str | None:
    """Give the sentence about labs that the home page shows; None where there is none."""
    return next(
        (text for found in build.compared if (text := compare_words.teaser(found)) is not None),
        None,
    )


def _page(build: Build, found: Compared) -> Page:
    csv_path, json_path, daily_path = compare_paths.file_paths(found.what)
    path = compare_paths.page_path(found.what)
    headline = compare_words.headline(found)
    comparison = found.comparison
    own = _own_pages(build, found)
    credits_ = tuple(_credit(build, side, at) for at, side in enumerate(found.sides.values()))
    context: dict[str, object] = {
        "found": found,
        "what": found.what,
        "one": found.what[:-1],
        "headline": headline,
        "switch": _switch(build, found),
        "credits": credits_,
        "csv_path": csv_path,
        "json_path": json_path,
        "daily_path": daily_path,
        "claims_path": compare_paths.CLAIMS,
        "pairs": tuple(
            pair for one in found.contrasts if (pair := _pair(build, found, one, own)) is not None
        ),
        "token_shape": agreement.shape(0),
        "spend_shape": agreement.shape(1),
        "computed": isinstance(comparison, Comparison),
        "gateways": tuple((reading.name, reading.source) for reading in build.readings),
    }
    description = headline
    if isinstance(comparison, Comparison):
        context |= _compared(found, comparison, own)
        description = f"{headline}, {compare_words.when(comparison)}. How far they agree."
    return Page(
        path=path,
        template="compare.html",
        title=f"{found.what.capitalize()} across gateways: {headline}",
        description=description,
        context=context,
        modified=comparison.window.end if isinstance(comparison, Comparison) else None,
        alternates=(
            Alternate(path=json_path, media_type="application/json", title="This page as JSON"),
            Alternate(path=csv_path, media_type="text/csv", title="This page's tables as CSV"),
        ),
    )


def _compared(found: Compared, comparison: Comparison, own: Mapping[str, str]) -> dict[str, object]:
    lines = compare_tables.lines(found, own)
    first = next((claim for claim in found.claims if claim.kind == "first"), None)
    presets = compare_tables.presets(found) if found.ranges else ()
    return {
        "when": compare_words.when(comparison),
        "window": comparison.window,
        "gaps": compare_words.gaps(comparison),
        "left_out": dict(comparison.left_out),
        "lines": lines[: compare_tables.SHOWN],
        "more_lines": lines[compare_tables.SHOWN :],
        "axis": agreement.axis(compare_tables.scale(comparison)),
        "overlaps": compare_tables.overlaps(found),
        "first": compare_words.statement(first) if first else None,
        "sure": compare_words.sure(found) if found.claims else (),
        "duels": compare_words.duels(found) if found.claims else (),
        "groups": compare_words.groups(found),
        "number_of_claims": len(found.claims),
        "caveats": compare_words.caveats(found.claims),
        "method": found.ranges.method if found.ranges else None,
        "ranked": len(found.ranges.ranges) if found.ranges else 0,
        "presets": presets,
        "preset_lines": compare_tables.preset_lines(found, presets) if presets else (),
        "convention": EQUAL_WEIGHT_LABEL,
        "pick": _pick(found, comparison),
    }


def _credit(build: Build, side: Side, at: int) -> Credit:
    view = build.views[side.board.path][0]
    return Credit(
        side=side, shape=agreement.shape(at), fresh=cards.fresh(build, side.reading, view)
    )


def _switch(build: Build, found: Compared) -> Switch:
    return Switch(
        label="Compare",
        choices=tuple(
            Choice(
                label=other.what.capitalize(),
                path=compare_paths.page_path(other.what),
                is_current=other is found,
            )
            for other in build.compared
        ),
    )


def _own_pages(build: Build, found: Compared) -> dict[str, str]:
    dossiers = build.register.labs if found.what == "labs" else build.register.models
    return {dossier.id: dossier.path for dossier in dossiers if dossier.id is not None}


def _pick(found: Compared, comparison: Comparison) -> Pick:
    """Draw the first few, each gateway by itself on one scale."""
    chosen = found.order[:PICKED]
    dates = compare_words.calendar(comparison.window)
    histories = {source: side.history(dates) for source, side in found.sides.items()}
    colours = theme.colours([found.labs[one] for one in chosen])
    unknown = (None,) * len(dates)
    courses = {
        source: [
            Course(name=found.names[one], colour=colour, shares=history.get(one, unknown))
            for one, colour in zip(chosen, colours, strict=True)
        ]
        for source, history in histories.items()
    }
    axis = agreement.scale(
        [s for side in courses.values() for c in side for s in c.shares if s is not None]
    )
    return Pick(
        names=tuple(found.names[one] for one in chosen),
        keys=tuple(
            agreement.key(course, at) for at, course in enumerate(next(iter(courses.values()), []))
        ),
        panels=tuple(
            Panel(
                side=side,
                drawing=agreement.lines(
                    courses[source], dates, axis, _alt(found, side, chosen, comparison)
                ),
                cells=tuple(
                    compare_tables.cell(comparison.shares[source][one], None) for one in chosen
                ),
            )
            for source, side in found.sides.items()
        ),
        options=tuple((one, found.names[one]) for one in compare_words.everybody(found)),
        windows=tuple(
            (window, words.WINDOW_NAMES[window]) for window in WINDOWS if window in found.by_window
        ),
    )


def _alt(found: Compared, side: Side, chosen: tuple[str, ...], comparison: Comparison) -> str:
    shares = comparison.shares[side.reading.source]
    said = [f"{found.names[one]} {compare_tables.cell(shares[one], None).text}" for one in chosen]
    text = (
        f"Lines: daily share of tokens at {side.reading.name}, {compare_words.when(comparison)}. "
        f"Means: {words.listing(said)}."
    )
    return words.printable(text.replace(words.NBSP, " "))


def _pair(build: Build, found: Compared, contrast: Contrast, own: Mapping[str, str]) -> Pair | None:
    comparison = contrast.comparison
    if not isinstance(comparison, Comparison):
        return None
    lines, axis = compare_tables.contrast_lines(found, contrast, own)
    spend = contrast.spend
    return Pair(
        credit=_credit(build, spend, 0),
        metric=words.METRIC_NAMES[spend.board.metric],
        lines=lines,
        axis=agreement.axis(axis),
        when=compare_words.when(comparison),
        caveats=tuple(dict.fromkeys((*spend.board.caveats, *spend.reading.caveats))),
    )
