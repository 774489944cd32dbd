"""The ways from one view to its siblings: other windows, metrics, scopes and kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leaderboard import words
from leaderboard.pages import headlines
from leaderboard.records import Board, Reading, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to go, or where one is."""

    label: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A row of choices of one sort."""

    label: str
    choices: tuple[Choice, ...]


def switches(
    reading: Reading, view: View, views: Mapping[str, Sequence[View]]
) -> tuple[Switch, ...]:
    """Give the rows of choices of a view, leaving out those with nothing to choose."""
    board = view.board
    shown = [other for other in reading.boards if views[other.path]]
    rows = (
        _kinds(view, shown, views),
        _metrics(view, [b for b in shown if b.kind == board.kind], views),
        *_scopes(view, [b for b in shown if b.kind == board.kind], views),
        _windows(view, views[board.path]),
    )
    return tuple(row for row in rows if len(row.choices) > 1)


def windows(view: View, siblings: Sequence[View]) -> Switch:
    """Give the windows a board comes in."""
    return _windows(view, siblings)


def _windows(view: View, siblings: Sequence[View]) -> Switch:
    order = list(words.WINDOW_NAMES)
    known = sorted(siblings, key=lambda v: order.index(v.window) if v.window else -1)
    return Switch(
        label="Window",
        choices=tuple(
            Choice(
                label=headlines.window_name(sibling),
                path=sibling.path,
                is_current=sibling.path == view.path,
            )
            for sibling in known
        ),
    )


def _kinds(view: View, boards: Sequence[Board], views: Mapping[str, Sequence[View]]) -> Switch:
    held = {board.kind for board in boards}
    kinds = [kind for kind in headlines.KIND_NAMES if kind in held]
    nearest = [_nearest(view.board, [b for b in boards if b.kind == kind]) for kind in kinds]
    return Switch(
        label="Ranked",
        choices=tuple(
            Choice(
                label=headlines.KIND_NAMES[board.kind].capitalize(),
                path=_same_window(view, views[board.path]).path,
                is_current=board.kind == view.board.kind,
            )
            for board in nearest
        ),
    )


def _metrics(view: View, boards: Sequence[Board], views: Mapping[str, Sequence[View]]) -> Switch:
    same = [b for b in boards if (b.scope, b.order) == (view.board.scope, view.board.order)]
    return Switch(
        label="Measured in",
        choices=tuple(
            Choice(
                label=headlines.metric_label(board.metric),
                path=_same_window(view, views[board.path]).path,
                is_current=board.path == view.board.path,
            )
            for board in same
        ),
    )


def _scopes(
    view: View, boards: Sequence[Board], views: Mapping[str, Sequence[View]]
) -> tuple[Switch, ...]:
    """Give the scopes in two rows: the wide ones, and those inside the current one."""
    same = _one_of_each_scope(view.board, boards)
    current = view.board.scope or ""
    parent = current.partition("/")[0]
    is_modality = view.board.kind in {"model", "lab"}
    wide = [board for board in same if "/" not in (board.scope or "")]
    if is_modality:
        wide.sort(key=lambda board: board.scope not in {None, "all"})
    inside = [board for board in same if (board.scope or "").startswith(f"{parent}/")]
    first = Switch(
        label="Modality" if is_modality else "List",
        choices=tuple(
            Choice(
                label=headlines.scope_name(board.scope),
                path=_same_window(view, views[board.path]).path,
                is_current=(board.scope or "") == parent,
            )
            for board in wide
        ),
    )
    whole = [board for board in wide if board.scope == parent]
    second = Switch(
        label="Within",
        choices=tuple(
            Choice(
                label=f"All {headlines.scope_name(board.scope).lower()}"
                if board in whole
                else headlines.scope_name(board.scope),
                path=_same_window(view, views[board.path]).path,
                is_current=board.path == view.board.path,
            )
            for board in (*whole, *inside)
        )
        if inside
        else (),
    )
    return first, second


def _one_of_each_scope(board: Board, others: Sequence[Board]) -> list[Board]:
    """Pick for each scope the board whose metric is *board*'s, where there is one."""
    by_scope: dict[str | None, list[Board]] = {}
    for other in others:
        by_scope.setdefault(other.scope, []).append(other)
    return [
        next((b for b in rivals if b.metric == board.metric), rivals[0])
        for rivals in by_scope.values()
    ]


def _nearest(board: Board, others: Sequence[Board]) -> Board:
    """Pick the board that shares most with *board*: scope and metric, then one of them."""

    def distance(other: Board) -> tuple[bool, bool]:
        return (other.metric != board.metric, other.scope != board.scope)

    return min(others, key=distance)


def _same_window(view: View, siblings: Sequence[View]) -> View:
    return next((v for v in siblings if v.window == view.window), siblings[0])
