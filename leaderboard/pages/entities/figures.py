"""One figure for each model and lab: its share at every gateway, on one scale."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.charts import Figure, multiples, theme
from leaderboard.charts.multiples import Layer, Panel
from leaderboard.pages.entities.register import Course, Dossier
from leaderboard.pages.entities.standing import Desk, listed_days, measured, shares
from leaderboard.records import OTHERS, Board, Citation, Reading, View

MOST_MODELS: Final = 5
"""As many of a lab's models can be told apart by the shades of one colour."""
REST: Final = "Its other models"
MOST_LATE: Final = 3
RECENT_DAYS: Final = 90
"""Three of them are the largest of so many newest days, the others the largest of all time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The figure printed above a panel: the mean share of the newest *days* to *end*."""

    reading: Reading
    board: Board
    days: int
    end: dt.date
    share_pct: float | None
    is_lower_bound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure, the numbers printed in it, and how many bands its fullest panel has."""

    figure: Figure
    newest: tuple[Newest, ...]
    most_bands: int


def drawn(desk: Desk) -> dict[str, Drawn]:
    """Make the figure of every model and lab that has days to draw, by page."""
    register = desk.build.register
    by_lab: dict[str, list[Dossier]] = {}
    for model in register.models:
        if model.lab is not None:
            by_lab.setdefault(model.lab, []).append(model)
    made: dict[str, Drawn] = {}
    for dossier in (*register.models, *register.labs):
        found = _drawn(desk, dossier, by_lab.get(dossier.id or "", []))
        if found is not None:
            made[dossier.path] = found
    return made


@dataclass(frozen=True, slots=True)
class _Part:
    """One gateway's side before the span of days is known."""

    reading: Reading
    board: Board
    view: View
    courses: tuple[Course, ...]
    layers: tuple[Layer, ...]


def _drawn(desk: Desk, dossier: Dossier, models: Sequence[Dossier]) -> Drawn | None:
    parts = list(_parts(desk, dossier, models))
    days = sorted({day for part in parts for day in listed_days(part.courses) if part.board.days})
    if not days:
        return None
    start, end = days[0], max(part.view.end for part in parts if part.board.days)
    span = multiples.span_of(start, end)
    panels, newest = [], []
    for part in parts:
        panel, figure = _panel(desk, dossier, part, end, span)
        panels.append(panel)
        newest.append(figure)
    return Drawn(
        figure=multiples.figure(
            panels,
            start,
            end,
            alt=_alt(dossier, panels, start, end),
            citation=_joined([part.view.citation for part in parts]),
        ),
        newest=tuple(newest),
        most_bands=max(len(panel.layers) for panel in panels),
    )


def _parts(desk: Desk, dossier: Dossier, models: Sequence[Dossier]) -> list[_Part]:
    parts = []
    for reading in desk.build.readings:
        own = dossier.at(reading.source)
        board = desk.main(reading, dossier.kind, own)
        view = desk.view(board) if board else None
        if board is None or view is None:
            continue
        courses = tuple(course for course in own if course.board.path == board.path)
        parts.append(_Part(reading, board, view, courses, ()))
    if dossier.kind == "model":
        return [_with_variants(part, dossier) for part in parts]
    return _with_models(parts, dossier, models)


def _with_variants(part: _Part, dossier: Dossier) -> _Part:
    """Stack a model's names at one gateway: its variants, the largest below."""
    ordered = sorted(part.courses, key=lambda course: -math.fsum(shares(course).values()))
    layers = tuple(
        Layer(
            key=course.entity.key,
            name=words.named(course.entity.name, course.entity.key),
            colour=theme.colour(dossier.lab, step),
            shares=shares(course),
        )
        for step, course in enumerate(ordered)
    )
    return _Part(part.reading, part.board, part.view, part.courses, layers)


def _with_models(
    parts: Sequence[_Part], dossier: Dossier, models: Sequence[Dossier]
) -> list[_Part]:
    """Stack a lab's largest models at each gateway, and what the lab has beyond them."""
    found = [{model.path: _summed(_beside(part, model)) for model in models} for part in parts]
    size = {
        model.path: (
            max(_recent(part, one[model.path]) for part, one in zip(parts, found, strict=True)),
            max(math.fsum(one[model.path].values()) for one in found),
        )
        for model in models
    }
    chosen = _largest(size)
    told = [model for path in chosen for model in models if model.path == path]
    stacked = []
    for part, one in zip(parts, found, strict=True):
        whole = _summed(part.courses)
        layers = [
            Layer(
                key=model.path,
                name=model.name,
                colour=theme.colour(dossier.id, step),
                shares={d: min(v, whole[d]) for d, v in one[model.path].items() if d in whole},
            )
            for step, model in enumerate(told)
        ]
        rest = {
            day: max(share - math.fsum(layer.shares.get(day, 0.0) for layer in layers), 0.0)
            for day, share in whole.items()
        }
        if any(share > 0.005 for share in rest.values()):
            layers.append(Layer(key=OTHERS, name=REST, colour=theme.REST, shares=rest))
        kept = tuple(layer for layer in layers if layer.shares)
        stacked.append(_Part(part.reading, part.board, part.view, part.courses, kept))
    return stacked


def _beside(part: _Part, model: Dossier) -> list[Course]:
    """Find a model's courses on the board of models that measures as the lab's board does."""
    return [
        course
        for course in model.at(part.reading.source)
        if (course.board.metric, course.board.scope) == (part.board.metric, part.board.scope)
    ]


def _summed(courses: Sequence[Course]) -> dict[dt.date, float]:
    summed: dict[dt.date, float] = {}
    for course in courses:
        for day, share in shares(course).items():
            summed[day] = summed.get(day, 0.0) + share
    return summed


def _recent(part: _Part, summed: Mapping[dt.date, float]) -> float:
    since = part.view.end - dt.timedelta(days=RECENT_DAYS)
    return math.fsum(share for day, share in summed.items() if day > since)


def _largest(size: Mapping[str, tuple[float, float]]) -> list[str]:
    """Choose a lab's models: the largest of late, and the largest of all time beside them."""
    late = sorted((path for path in size if size[path][0] > 0), key=lambda p: (-size[p][0], p))
    ever = sorted((path for path in size if size[path][1] > 0), key=lambda p: (-size[p][1], p))
    return list(dict.fromkeys([*late[:MOST_LATE], *ever, *late]))[:MOST_MODELS]


def _panel(
    desk: Desk, dossier: Dossier, part: _Part, end: dt.date, span: int
) -> tuple[Panel, Newest]:
    board = part.board
    held = {day.date for day in board.days if day.values}
    listed = listed_days(part.courses)
    blank = Panel(
        title=part.reading.name,
        value="",
        caption=f"Share of {measured(board)}",
        head="",
        layers=part.layers,
        held=held,
    )
    last = min(end, part.view.end)
    share = multiples.newest(blank, last, span) if held else None
    days = [last - dt.timedelta(days=i) for i in range(span)]
    is_bound = board.is_lower_bound or any(day in held and day not in listed for day in days)
    value, head = "", ""
    if share is not None:
        value = words.percent(share, is_lower_bound=is_bound)
        head = {1: "on ", 7: "week to "}.get(span, "to ") + words.short_day(last)
    elif listed:
        head = f"last {words.short_day(max(listed))} {max(listed).year}"
    return Panel(
        title=blank.title,
        value=value,
        caption=blank.caption,
        head=head,
        layers=part.layers,
        held=held,
        notes=() if listed and held else _absence(desk, dossier, part),
    ), Newest(
        reading=part.reading,
        board=board,
        days=span,
        end=last,
        share_pct=share,
        is_lower_bound=is_bound,
    )


def _absence(desk: Desk, dossier: Dossier, part: _Part) -> tuple[str, ...]:
    if not part.board.days:
        return ("No daily figures are published",)
    if dossier.kind == "model" and dossier.id is None:
        return ("Not known: the name is", "matched to no model")
    room = desk.room_pct(part.view)
    bound = () if room is None else (f"at most {words.percent(room)}",)
    return ("Not in the published list,", *bound) if bound else ("Not in the published list",)


def _alt(dossier: Dossier, panels: Sequence[Panel], start: dt.date, end: dt.date) -> str:
    said = [
        f"{panel.title}: {panel.value} {panel.head}"
        if panel.value
        else f"{panel.title}: {panel.head or ' '.join(panel.notes)}"
        for panel in panels
    ]
    text = (
        f"One area for each gateway, on one scale: daily share of {dossier.name}, "
        f"{words.span(start, end)}, UTC. {'; '.join(said)}."
    )
    return text.replace(words.NBSP, " ")


def _joined(citations: Sequence[Citation]) -> Citation:
    """Put the credits of several sources together; a licence of one is none of them all."""
    texts = dict.fromkeys(citation.text for citation in citations)
    notices = dict.fromkeys(citation.notice for citation in citations)
    return Citation(
        text=" ".join(texts),
        notice=" ".join(notices),
        url=citations[0].url,
        license=None,
        license_url=None,
    )
