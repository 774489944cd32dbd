"""Where somebody stands on each board: now, at best, first and last; and what bounds the rest."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from leaderboard import words
from leaderboard.boards.history import History
from leaderboard.pages import cards, headlines
from leaderboard.pages.cards import Build
from leaderboard.pages.entities.register import Course
from leaderboard.pages.tables import Line
from leaderboard.records import Board, Kind, Reading, Row, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One name on one board: its *row* and printed *line* in *view*, the board's default one.

    Both are None where it is not in that window's list, or stood for another model on some of
    its days. *is_one_of_several*: the board has more than one of somebody's names.
    """

    course: Course
    view: View
    board_name: str
    row: Row | None
    line: Line | None
    is_one_of_several: bool = False

    @property
    def path(self) -> str:
        """The page where it can be seen: its row, or the board."""
        return self.view.path

    @property
    def is_lower_bound(self) -> bool:
        """Tell whether its share is a lower bound in the window."""
        return self.course.board.is_lower_bound or bool(self.row and self.row.is_lower_bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The lines around somebody's in one view, its own among them."""

    reading: Reading
    view: View
    board_name: str
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What is looked up for many pages: views, printed lines and bounds of boards, once each."""

    build: Build
    _lines: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    _histories: dict[str, History] = field(default_factory=dict)

    def view(self, board: Board) -> View | None:
        """Give the view that stands for a board."""
        return next(iter(self.build.views[board.path]), None)

    def lines(self, view: View) -> tuple[Line, ...]:
        """Print a view's rows, in their order."""
        if view.path not in self._lines:
            table = cards.printed(self.build, view)
            self._lines[view.path] = tuple(line for line in table.lines if not line.is_others)
        return self._lines[view.path]

    def room_pct(self, view: View) -> float | None:
        """Say what share somebody outside a view's list can have had there at most."""
        if view.start is None:
            return None
        path = view.board.path
        if path not in self._histories:
            self._histories[path] = History(view.board)
        return self._histories[path].room_pct(view.start, view.end)

    def standings(self, courses: Iterable[Course]) -> tuple[Standing, ...]:
        """Give a standing for each course whose board is shown, by gateway and importance."""
        latest = _latest(courses)
        sources = [reading.source for reading in self.build.readings]
        ordered = sorted(
            courses,
            key=lambda course: (
                sources.index(course.reading.source),
                self._importance(course.board, latest[course.board.path]),
                course.best.rank,
            ),
        )
        names = Counter(course.board.path for course in ordered)
        return tuple(
            standing
            for course in ordered
            if (standing := self._standing(course, names[course.board.path] > 1)) is not None
        )

    def main(self, reading: Reading, kind: Kind, courses: Sequence[Course] = ()) -> Board | None:
        """Pick the board by which somebody is measured at a gateway: tokens, all of it, daily.

        Of whoever was never in a list of tokens, one it is in now. Of boards of which it was
        in none, the one that would come first.
        """
        latest = _latest(courses)
        shown = [b for b in reading.boards if b.kind == kind and self.build.views[b.path]]
        candidates = [board for board in shown if board.path in latest] or shown
        return min(
            candidates,
            key=lambda board: self._importance(board, latest.get(board.path)),
            default=None,
        )

    def neighbours(self, standing: Standing, reach: int = 2) -> Neighbours | None:
        """Give who is just above and below; None where it is not in the list."""
        if standing.row is None:
            return None
        view = standing.view
        at = view.rows.index(standing.row)
        lines = self.lines(view)
        first = max(min(at - reach, len(lines) - 2 * reach - 1), 0)
        some = slice(first, first + 2 * reach + 1)
        return Neighbours(
            reading=standing.course.reading,
            view=view,
            board_name=standing.board_name,
            lines=lines[some],
            rows=view.rows[some],
            key=standing.row.entity.key,
        )

    def _standing(self, course: Course, is_one_of_several: bool) -> Standing | None:
        view = self.view(course.board)
        if view is None:
            return None
        at = next(
            (i for i, row in enumerate(view.rows) if row.entity.key == course.entity.key), None
        )
        if at is None or not _is_whole(course, view, view.rows[at]):
            at = None
        return Standing(
            course=course,
            view=view,
            board_name=headlines.board_name(course.board),
            row=None if at is None else view.rows[at],
            line=None if at is None else self.lines(view)[at],
            is_one_of_several=is_one_of_several,
        )

    def _importance(
        self, board: Board, latest: dt.date | None
    ) -> tuple[bool, bool, int, int, bool, str]:
        """Order boards: tokens before other figures, everything before a part, long before short.

        Among boards of other figures those that somebody, listed on them at *latest*, has left
        come last.
        """
        is_derived = board.is_reranked or board.order is not None
        is_other = is_derived or board.metric != "tokens"
        view = self.view(board)
        is_left = (
            is_other
            and latest is not None
            and view is not None
            and latest < (view.start or view.end)
        )
        size = -len(board.entities) if board.kind == "app" else 0
        return is_other, is_left, cards.wholeness(board), size, is_derived, board.path


def _latest(courses: Iterable[Course]) -> dict[str, dt.date]:
    """Say when somebody was last listed on each board, under any of its names."""
    latest: dict[str, dt.date] = {}
    for course in courses:
        path = course.board.path
        latest[path] = max(course.last.date, latest.get(path, dt.date.min))
    return latest


def listed_days(courses: Iterable[Course]) -> set[dt.date]:
    """Give the days on which any of the names was listed."""
    return {point.date for course in courses for point in course.points}


def shares(course: Course) -> dict[dt.date, float]:
    """Give a daily course's shares by day."""
    return {point.date: point.share_pct for point in course.points if point.share_pct is not None}


def chief(standings: Sequence[Standing]) -> dict[str, tuple[Standing, ...]]:
    """Give, for each gateway, the standings on the board by which somebody is measured there."""
    found: dict[str, tuple[Standing, ...]] = {}
    for standing in standings:
        source, path = standing.course.reading.source, standing.course.board.path
        own = found.get(source, ())
        if not own or own[0].course.board.path == path:
            found[source] = (*own, standing)
    return found


def together(standings: Sequence[Standing]) -> float | None:
    """Add up the shares that several names have in one view; None where none is listed."""
    known = [s.row.share_pct for s in standings if s.row and s.row.share_pct is not None]
    return sum(known) if known else None


def measured(board: Board) -> str:
    """Name what a board's shares are of: tokens, video requests, images."""
    metric = words.METRIC_NAMES[board.metric]
    whole = board.kind in {"app", "provider"} or board.scope in {None, "all"}
    return metric if whole or metric == f"{board.scope}s" else f"{board.scope} {metric}"


def money_board(reading: Reading, board: Board) -> Board | None:
    """Find the board of the same kind and scope that counts money instead."""
    return next(
        (
            other
            for other in reading.boards
            if (other.kind, other.scope) == (board.kind, board.scope)
            and other.metric in {"spend", "cost"}
        ),
        None,
    )


def _is_whole(course: Course, view: View, row: Row) -> bool:
    """Tell whether all of a row's days are this course's: a name may have changed hands."""
    if not view.dates:
        return any(point.date == view.end for point in course.points)
    own = {point.date for point in course.points}
    listed = {d for d, share in zip(view.dates, row.history, strict=True) if share is not None}
    return listed <= own
