"""A board in small, and what cards and pages are made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leaderboard.catalog import Identity, Labs
from leaderboard.charts import Figure
from leaderboard.comparison.gathering import Compared
from leaderboard.pages import freshness, headlines, switches, tables
from leaderboard.pages.entities.register import NOBODY, Register
from leaderboard.pages.freshness import Freshness
from leaderboard.pages.happenings import Happening
from leaderboard.pages.tables import Sparkline, Table
from leaderboard.records import Board, DatasetStatus, Edition, Reading, View

if TYPE_CHECKING:
    from leaderboard.pages.entities.dossiers import Profile

Views = Mapping[str, Sequence[View]]
"""The views of each board, by the board's path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A view's drawn chart in two sizes, each an SVG element; *alt* says what it shows.

    *colours* are those of the entities drawn, by key. *figure* is what was drawn. Where
    drawing failed, *problem* says so and there is nothing to show.
    """

    wide: str
    narrow: str
    alt: str
    note: str | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
    figure: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What every page is made from.

    *sent* are the readings with names as the gateways send them; *register* says who has a
    page of their own, *profiles* what stands on it; *news* is what happened, newest first;
    *compared* are the comparisons across gateways. *images* are those to share, by their
    addresses.
    """

    edition: Edition
    readings: Sequence[Reading]
    statuses: Sequence[DatasetStatus]
    views: Views
    pictures: Mapping[str, Picture]
    sparkline: Sparkline
    identity: Identity = field(default_factory=lambda: Identity(labs=Labs(())))
    sent: Sequence[Reading] = ()
    register: Register = NOBODY
    profiles: Mapping[str, "Profile"] = field(default_factory=dict)
    news: Sequence[Happening] = ()
    compared: Sequence[Compared] = ()
    images: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A board in small: who leads, in which windows it comes, whether it is fresh."""

    view: View
    name: str
    finding: str
    table: Table
    windows: switches.Switch
    fresh: Freshness


def printed(build: Build, view: View, limit: int | None = None) -> Table:
    """Print a view's table in its chart's colours."""
    picture = build.pictures.get(view.path)
    colours = picture.colours if picture else {}
    places = build.register.places
    return tables.table(view, build.sparkline, colours, limit=limit, places=places)


def card(build: Build, reading: Reading, view: View, *, limit: int) -> Card:
    """Show the first *limit* lines of a view."""
    return Card(
        view=view,
        name=headlines.board_name(view.board),
        finding=headlines.finding(reading, view),
        table=printed(build, view, limit),
        windows=switches.windows(view, build.views[view.board.path]),
        fresh=fresh(build, reading, view),
    )


def fresh(build: Build, reading: Reading, view: View) -> Freshness:
    """Judge a view by its own dates and the failures of the datasets that feed it."""
    failed = freshness.problems(reading, build.statuses, build.edition, view.board.datasets)
    return freshness.freshness(view, failed, build.edition)


def first_view(build: Build, reading: Reading) -> View | None:
    """Pick what speaks first for a gateway: its models by tokens, whole rather than in part."""

    def order(view: View) -> tuple[bool, bool, int]:
        board = view.board
        return (board.kind != "model", board.metric != "tokens", wholeness(board))

    firsts = [build.views[board.path][0] for board in reading.boards if build.views[board.path]]
    return min(firsts, key=order, default=None)


def wholeness(board: Board) -> int:
    """Order boards of everything before those of a part."""
    return {None: 0, "all": 1, "text": 2}.get(board.scope, 3)


def shown_views(build: Build, reading: Reading) -> list[View]:
    """Give all of a gateway's views."""
    return [view for board in reading.boards for view in build.views[board.path]]
