"""A view's ranked table as it is printed: every cell's text, and its exact figure beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.charts import theme
from leaderboard.pages import paths
from leaderboard.pages.entity_paths import Places
from leaderboard.records import OTHERS, Row, View

OUTSIDE: Final = "Others, outside the list"
"""A chart's others hold its own tail too, so the table's must not be called the same."""

Sparkline = Callable[[tuple[float | None, ...]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference as printed; *direction* is up, down, same, new or unknown."""

    direction: str
    text: str
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line; *bar* and *bar_high* are widths of 100.

    *path* is the entity's own page here (None: it has none), *url* its page elsewhere.
    """

    anchor: str
    key: str
    rank: str
    move: Change
    name: str
    url: str | None
    description: str
    lab: str
    swatch: str | None
    share: str
    share_title: str
    share_value: str
    bar: str
    bar_high: str | None
    change: Change
    change_value: str
    newest: str
    newest_title: str
    amount: str
    amount_title: str
    amount_value: str
    requests: str
    requests_title: str
    requests_value: str
    tokens: str
    tokens_title: str
    tokens_value: str
    per_request: str
    per_request_title: str
    per_request_value: str
    spark: str
    is_new: bool
    is_others: bool
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The lines of a view and which columns have anything to say."""

    lines: tuple[Line, ...]
    has_move: bool
    has_lab: bool
    has_share: bool
    has_change: bool
    has_newest: bool
    has_amount: bool
    has_requests: bool
    has_tokens: bool
    has_per_request: bool
    has_spark: bool


def table(
    view: View,
    sparkline: Sparkline,
    colours: Mapping[str, str],
    limit: int | None = None,
    places: Places | None = None,
) -> Table:
    """Print a view's rows, others last; *limit* keeps the first few and drops others.

    *colours* are the chart's, by entity; whoever is not in the chart has its lab's. *places*
    say where the pages of the entities are.
    """
    rows = view.rows if limit is None else view.rows[:limit]
    if limit is None and view.others is not None:
        rows = (*rows, view.others)
    longest = _longest(view)
    lines = tuple(_line(view, row, longest, sparkline, colours, places) for row in rows)
    ranked = view.rows
    return Table(
        lines=lines,
        has_move=any(row.previous_rank is not None for row in ranked),
        has_lab=view.board.kind == "model" and any(row.entity.lab for row in ranked),
        has_share=any(row.share_pct is not None for row in ranked),
        has_change=any(row.share_change_pp is not None for row in ranked),
        has_newest=len(view.dates) > 1 and any(r.newest_share_pct is not None for r in ranked),
        has_amount=any(row.value is not None for row in ranked),
        has_requests=any(row.requests is not None for row in ranked),
        has_tokens=any(row.tokens is not None for row in ranked),
        has_per_request=any(row.tokens_per_request is not None for row in ranked),
        has_spark=sum(1 for row in ranked for share in row.history if share is not None) > 1
        and len(view.dates) > 1,
    )


def move(row: Row, *, can_move: bool = True) -> Change:
    """Print a change of rank against the previous window."""
    if row.is_new:
        return Change(direction="new", text="new", spoken="new in the list")
    if row.previous_rank is None or not can_move:
        return Change(direction="unknown", text="–", spoken=words.NOT_KNOWN)
    step = row.previous_rank - row.rank
    if step == 0:
        return Change(direction="same", text="=", spoken="unchanged")
    places = words.count(abs(step), "place")
    if step > 0:
        return Change(direction="up", text=f"▲{words.NBSP}{step}", spoken=f"up {places}")
    return Change(direction="down", text=f"▼{words.NBSP}{-step}", spoken=f"down {places}")


def change(row: Row) -> Change:
    """Print a row's change of share."""
    if row.share_change_pp is None and row.is_new:
        return Change(direction="new", text="new", spoken="new in the list")
    return difference(row.share_change_pp)


def difference(change_pp: float | None) -> Change:
    """Print a change in percentage points."""
    text = words.points(change_pp)
    if change_pp is None:
        return Change(direction="unknown", text=text, spoken=text)
    direction = "same" if text == "0.0" else ("up" if change_pp > 0 else "down")
    return Change(direction=direction, text=text, spoken=f"{text} percentage points")


def _line(
    view: View,
    row: Row,
    longest: float,
    sparkline: Sparkline,
    colours: Mapping[str, str],
    places: Places | None,
) -> Line:
    board, entity = view.board, row.entity
    is_others = row.rank == 0
    is_bound = row.is_lower_bound or (board.is_lower_bound and not is_others)
    size, high = _size(row)
    amount = words.amount(row.value, board.metric)
    return Line(
        anchor="others" if entity.key == OTHERS or is_others else paths.slug(entity.key),
        key=entity.key,
        rank="" if is_others else str(row.rank),
        move=move(row, can_move=not is_others),
        name=OUTSIDE if is_others else words.named(entity.name, entity.key),
        url=paths.safe_url(entity.url),
        description=words.printable(entity.description or "", 160),
        lab=words.named(entity.lab_name or entity.lab or words.NOT_KNOWN, words.NOT_KNOWN)
        if not is_others
        else "",
        swatch=_swatch(row, colours),
        share=words.percent(row.share_pct, is_lower_bound=is_bound),
        share_title=_share_title(row, is_bound=is_bound),
        share_value=_number(row.share_pct),
        bar=_width(size, longest),
        bar_high=_width(high, longest) if high is not None and high > size else None,
        change=change(row),
        change_value=_number(row.share_change_pp),
        newest=words.percent(row.newest_share_pct),
        newest_title=_exact_share(row.newest_share_pct),
        amount=f"≥{words.NBSP}{amount}" if is_bound and row.value else amount,
        amount_title=words.exactly(row.value, board.metric),
        amount_value="" if row.value is None else str(row.value),
        requests=words.amount(row.requests, "requests"),
        requests_title=words.exactly(row.requests, "requests"),
        requests_value="" if row.requests is None else str(row.requests),
        tokens=words.amount(row.tokens, "tokens"),
        tokens_title=words.exactly(row.tokens, "tokens"),
        tokens_value="" if row.tokens is None else str(row.tokens),
        per_request=words.ratio(row.tokens_per_request),
        per_request_title=_exact_ratio(row.tokens_per_request),
        per_request_value=_number(row.tokens_per_request),
        spark=sparkline(row.history) if any(s is not None for s in row.history) else "",
        is_new=row.is_new,
        is_others=is_others,
        path=None if places is None else places.of(board.source, entity),
    )


def _swatch(row: Row, colours: Mapping[str, str]) -> str | None:
    """Name the class of a row's colour; apps and providers have none, for they have no lab."""
    entity = row.entity
    if entity.kind not in {"model", "lab"}:
        return None
    if row.rank == 0:
        return theme.swatch(theme.REST)
    lab = entity.lab or (entity.key if entity.kind == "lab" else None)
    return theme.swatch(colours.get(entity.key) or theme.colour(lab))


def _size(row: Row) -> tuple[float, float | None]:
    """Give what a bar measures: the share, or the figure where a list has no shares."""
    if row.share_pct is not None:
        return row.share_pct, row.share_high_pct
    return float(row.value or 0), None


def _longest(view: View) -> float:
    """Scale bars to the longest ranked line, so that others never dwarf what is ranked."""
    sizes = [max(size, high or 0) for size, high in map(_size, view.rows)]
    return max(sizes, default=0) or 1.0


def _width(size: float, longest: float) -> str:
    return f"{min(100 * size / longest, 100):.2f}".rstrip("0").rstrip(".")


def _exact_share(share_pct: float | None) -> str:
    return words.NOT_KNOWN if share_pct is None else f"{share_pct:.4f}{words.NBSP}%"


def _exact_ratio(ratio: float | None) -> str:
    return words.NOT_KNOWN if ratio is None else f"{ratio:,.4f} tokens per request"


def _share_title(row: Row, *, is_bound: bool) -> str:
    exact = _exact_share(row.share_pct)
    if not is_bound or row.share_pct is None:
        return exact
    if row.share_high_pct is None:
        return f"at least {exact}"
    return f"between {exact} and {_exact_share(row.share_high_pct)}"


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
