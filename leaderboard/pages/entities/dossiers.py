"""Everything the page about one model, lab or app says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from leaderboard import words
from leaderboard.charts import theme
from leaderboard.pages import headlines
from leaderboard.pages.entities import credits
from leaderboard.pages.entities.credits import Credit
from leaderboard.pages.entities.figures import Drawn, Newest
from leaderboard.pages.entities.gaps import Gap, gaps
from leaderboard.pages.entities.register import Dossier
from leaderboard.pages.entities.standing import (
    Desk,
    Neighbours,
    Standing,
    measured,
    money_board,
    together,
)
from leaderboard.pages.tables import Line
from leaderboard.records import OTHERS, Reading, View

NO_LICENCE: Final = "no open licence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One band of the figure: its name, its colour, its page."""

    name: str
    swatch: str
    path: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Somebody's share of tokens and of money at one gateway, in one window."""

    reading: Reading
    view: View
    tokens: Line
    money: Line
    money_view: View


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one page prints and its downloads hold."""

    dossier: Dossier
    summary: str
    standings: tuple[Standing, ...]
    neighbours: tuple[Neighbours, ...]
    gaps: tuple[Gap, ...]
    money: tuple[Money, ...]
    credits: tuple[Credit, ...]
    caveats: tuple[tuple[str, str], ...]
    keys: tuple[Key, ...] = ()
    newest: tuple[Newest, ...] = ()
    models: tuple["Profile", ...] = ()
    licences: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_retired(self) -> bool:
        """Tell whether it is in no list now."""
        return all(standing.row is None for standing in self.standings)


def profile(
    desk: Desk, dossier: Dossier, drawn: Drawn | None, models: Sequence[Profile] = ()
) -> Profile:
    """Gather what the page about *dossier* says; *models* are a lab's."""
    standings = desk.standings(dossier.courses)
    chief = tuple(_chief(desk, dossier, standings))
    views = [standing.view for standing in standings]
    if dossier.kind == "lab":
        views += [standing.view for model in models for standing in model.standings]
    found = gaps(desk, dossier, chief)
    views += [gap.view for gap in found if gap.view is not None]
    given = credits.credits(desk.build, views)
    main = [group[0].view for _, group in chief if group]
    return Profile(
        dossier=dossier,
        summary=_summary(dossier, standings, chief),
        standings=standings,
        neighbours=tuple(
            near
            for _, group in chief
            if group and (near := desk.neighbours(_best(group))) is not None
        ),
        gaps=found,
        money=tuple(_money(desk, chief)),
        credits=given,
        caveats=credits.caveats(given, main),
        keys=_keys(drawn, dossier, models),
        newest=drawn.newest if drawn else (),
        models=tuple(models),
        licences={one.reading.source: one.citation.license or NO_LICENCE for one in given},
    )


def _chief(
    desk: Desk, dossier: Dossier, standings: Sequence[Standing]
) -> Iterator[tuple[Reading, list[Standing]]]:
    """Give for each gateway somebody's standings on the board that measures it there."""
    for reading in desk.build.readings:
        board = desk.main(reading, dossier.kind, dossier.at(reading.source))
        if board is None:
            continue
        own = [one for one in standings if one.course.board.path == board.path]
        yield reading, sorted(own, key=_place)


def _place(standing: Standing) -> tuple[bool, int, str]:
    row = standing.row
    return row is None, row.rank if row else 0, standing.course.entity.key


def _best(group: Sequence[Standing]) -> Standing:
    return min(group, key=_place)


def _summary(
    dossier: Dossier,
    standings: Sequence[Standing],
    chief: Sequence[tuple[Reading, Sequence[Standing]]],
) -> str:
    """Say in a sentence or two where it stands now, or when it was last seen."""
    listed = [(reading, group) for reading, group in chief if group and _best(group).row]
    if not listed and (other := next((one for one in standings if one.row), None)) is not None:
        listed = [(other.course.reading, [other])]
    if not listed:
        latest = max(standings, key=lambda one: one.course.last.date, default=None)
        if latest is None:
            return f"Last listed on {words.day(dossier.last)}."
        last = latest.course.last
        return (
            f"In no list now. Last listed at {latest.course.reading.name} on "
            f"{words.day(last.date)}, at rank {last.rank}."
        )
    spans = {_when(_best(group)) for _, group in listed}
    is_one = len(spans) == 1
    said = [_ranked(reading, group, with_span=not is_one) for reading, group in listed]
    end = f" {next(iter(spans))}." if is_one else ""
    text = words.listing(said)
    return f"{text[:1].upper()}{text[1:]}.{end}"


def _when(standing: Standing) -> str:
    text = headlines.when(standing.view)
    return text[:1].upper() + text[1:]


def _ranked(reading: Reading, group: Sequence[Standing], *, with_span: bool) -> str:
    best = _best(group)
    row, board, line = best.row, best.course.board, best.line
    assert row is not None
    assert line is not None
    metric = measured(board)
    listed = [one for one in group if one.row]
    if row.share_pct is not None:
        is_bound = any(one.is_lower_bound for one in listed)
        share = words.percent(together(listed), is_lower_bound=is_bound)
        names = f", {len(listed)} names together" if len(listed) > 1 else ""
        figure = f" ({share} of {metric}{names})"
    elif row.value is not None:
        figure = f" ({line.amount} {metric})"
    else:
        figure = f" by {metric}"
    where = reading.name
    if board.kind == "app" and board.scope:
        where = f"{reading.name}’s {headlines.scope_name(board.scope).lower()} apps"
    span = f", {headlines.when(best.view)}" if with_span else ""
    return (
        f"rank {row.rank} at {where}{figure}{span}"
        if board.kind != "app"
        else (f"rank {row.rank} of {where}{figure}{span}")
    )


def _money(desk: Desk, chief: Sequence[tuple[Reading, Sequence[Standing]]]) -> Iterator[Money]:
    """Give shares of tokens beside shares of money where one gateway publishes both."""
    for reading, group in chief:
        best = _best(group) if group else None
        if best is None or best.line is None or best.course.board.metric != "tokens":
            continue
        board = money_board(reading, best.course.board)
        view = desk.view(board) if board else None
        if view is None or (view.start, view.end) != (best.view.start, best.view.end):
            continue
        key = best.course.entity.key
        money = next((one for one in desk.lines(view) if one.key == key), None)
        if money is not None and best.line.share_value and money.share_value:
            yield Money(
                reading=reading, view=best.view, tokens=best.line, money=money, money_view=view
            )


def _keys(drawn: Drawn | None, dossier: Dossier, models: Sequence[Profile]) -> tuple[Key, ...]:
    """Name the bands of the figure where any gateway has more than one."""
    if drawn is None or (dossier.kind == "model" and drawn.most_bands < 2):
        return ()
    known = {model.dossier.path for model in models}
    ordered = sorted(drawn.figure.series, key=lambda one: one.key == OTHERS)
    keys = (
        Key(
            name=one.name,
            swatch=theme.swatch(one.colour),
            path=one.key if one.key in known else None,
        )
        for one in ordered
    )
    return tuple(dict.fromkeys(keys))
