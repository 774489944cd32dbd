"""The vocabulary: what each room of the corridor hands to the next.

Units: shares are percent of their own source's total, 0–100 (``share_pct``); tokens and
requests are exact integers; money is US dollars as `decimal.Decimal`. Days are UTC.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

Kind = Literal["model", "lab", "app", "provider"]
Metric = Literal["tokens", "requests", "spend", "cost", "images", "videos"]
Window = Literal["1d", "7d", "30d", "90d", "1y", "all"]
Quantity = int | Decimal

OTHERS: Final = "__others__"
"""The key of everything outside a top list, whatever the source calls it."""

WINDOW_DAYS: Final[Mapping[Window, int | None]] = {
    "1d": 1,
    "7d": 7,
    "30d": 30,
    "90d": 90,
    "1y": 365,
    "all": None,
}
DEFAULT_WINDOW: Final[Window] = "30d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The credit a source asks for, in its own words.

    *text* is the line beside a figure, with the source's ``as_of`` filled in; *notice* the
    longer line that goes with the data itself (a download's last row). *license* is None
    where the source grants none.
    """

    text: str
    notice: str
    url: str
    license: str | None
    license_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When rows were published: *as_of* as the source sent it (None: it sends none)."""

    retrieved_at: dt.datetime
    as_of: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A model, lab, app or provider at one source.

    *key* is the source's own identifier exactly as sent; *name* is what a person reads.
    *lab* is the lab's id at that source until the catalogue turns it into the site's own
    (None: unknown); *lab_name* is what a person reads.
    """

    kind: Kind
    key: str
    name: str
    lab: str | None = None
    lab_name: str | None = None
    url: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyValue:
    """One entity's figure on one complete day.

    *value* is None where a source publishes only shares; *share_pct* is None until it has
    been derived where a source publishes only absolutes.
    """

    date: dt.date
    entity: str
    value: Quantity | None
    share_pct: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One complete day of a board, as published.

    *values* are the listed entities in descending order; *others* is everything outside
    the list (None: the source says there is nothing outside).
    """

    date: dt.date
    values: tuple[DailyValue, ...]
    others: DailyValue | None
    published: Published
    citation: Citation
    revised: int = 0  # how often the source restated this day


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedEntry:
    """One line of a ranked list; *rank* counts from 1, others have rank 0.

    *tokens* are given where a list is ranked by another figure and yet tells them.
    """

    rank: int
    entity: str
    value: Quantity | None = None
    requests: int | None = None
    tokens: int | None = None
    share_pct: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedList:
    """A ranked list as a source publishes it for one window.

    *window* is None for a list without one (all-time, as observed on *end*); *start* is
    then None too. *others* closes the list's total where the source gives it.
    """

    window: Window | None
    start: dt.date | None
    end: dt.date
    entries: tuple[RankedEntry, ...]
    others: RankedEntry | None
    published: Published
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is ranked: source × kind × metric × scope, with its data.

    *scope* is a modality (``text``) or an app list (``popular``, ``coding/cli-agent``).
    *path* is the board's address on the site without slashes at its ends. A board has
    *days* (daily data, oldest first), *lists* (ranked lists, oldest first), or both.
    *is_lower_bound*: the figures were added up from truncated lists.
    *order* names what the source ranks by where it is not the figure shown (``trending``).
    *is_reranked*: the order is ours; the source ranks the same list by another figure.
    *datasets* are the source's datasets that feed the board.
    *cut* says whose top the listed entities are: each day's own, or that of the whole
    requested window, where a name left out of it can exceed the last one listed on a day.
    """

    source: str
    kind: Kind
    metric: Metric
    scope: str | None
    path: str
    entities: Mapping[str, Entity]
    days: tuple[Day, ...] = ()
    lists: tuple[RankedList, ...] = ()
    is_lower_bound: bool = False
    order: str | None = None
    datasets: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    cut: Literal["day", "request"] = "day"
    is_reranked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A request that a source's own API answers, and which board answers it here.

    *endpoint* and *params* are written as the source documents them; *part* says what part of
    its answer is meant. *files* are the board's views by window, its ``list`` without one, and
    its every ``day``. Where *board* is None nothing here answers, and *part* says why.
    """

    endpoint: str
    params: str
    part: str
    board: str | None = None
    files: tuple[Window | Literal["list", "day"], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything one source's snapshots say.

    *population* says in a sentence whose traffic this is; *needs_key* names the environment
    variable without which the source gives nothing, or less. *queries* are what its own API
    can be asked.
    """

    source: str
    name: str
    homepage: str
    population: str
    boards: tuple[Board, ...]
    caveats: tuple[str, ...] = ()
    needs_key: str | None = None
    queries: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a view's table, and one series of its chart.

    *share_pct* is the window's share: the mean of daily shares where only shares are
    published, else the share of the window's sum. Where the entity was outside the list on
    some of the days it is a lower bound (*is_lower_bound*) and *share_high_pct* the upper.
    *share_change_pp* is in percentage points against the previous window of equal length
    (None: not known). *history* follows the view's dates: the share of each day, None where
    the entity was not listed or the day is missing; *values* likewise in absolute units.
    *rank* is 0 for others.
    """

    rank: int
    previous_rank: int | None
    entity: Entity
    share_pct: float | None
    share_high_pct: float | None
    share_change_pp: float | None
    value: Quantity | None
    requests: int | None = None
    tokens: int | None = None
    newest_share_pct: float | None = None
    history: tuple[float | None, ...] = ()
    values: tuple[Quantity | None, ...] = ()
    is_lower_bound: bool = False
    is_new: bool = False

    @property
    def tokens_per_request(self) -> float | None:
        """Divide the window's tokens by its requests; None where either is not known."""
        tokens, requests = self.value, self.requests
        if self.tokens is not None:
            tokens, requests = self.tokens, None if self.value is None else int(self.value)
        return float(tokens / requests) if tokens is not None and requests else None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A board in a window: what one page shows.

    *dates* are all calendar days from *start* to *end*, days without data included (empty
    for a list). *end* is the last complete day (``data_through``); *total* is the window's
    total in absolute units where the source publishes them. *missing* are the days of the
    window without data. *citation* and *published* are the newest that went into the view.
    *compared_to* is the earlier window that ranks and changes are against (None: none held).
    """

    board: Board
    window: Window | None
    path: str
    start: dt.date | None
    end: dt.date
    dates: tuple[dt.date, ...]
    rows: tuple[Row, ...]
    others: Row | None
    total: Quantity | None
    measure: Literal["mean of daily shares", "share of the window's total", "rank only"]
    citation: Citation
    published: Published
    missing: tuple[dt.date, ...] = field(default=())
    compared_to: tuple[dt.date | None, dt.date] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetStatus:
    """How one dataset's fetching stands, from ``data/status.json``.

    *data_through* is the last complete day held; *error* is the last attempt's one-line
    problem (None: it succeeded); *needs_key* names the variable to set where the dataset
    was left alone for want of a key. Where an answer was quarantined, *refused_sha256* and
    *refused_bytes* identify what it held. *unknown_fields* are those that the last good answer
    had beyond its contract; *requests* is how many the last attempt took, retries included.
    """

    source: str
    dataset: str
    last_attempt: dt.datetime | None
    last_success: dt.datetime | None
    data_through: dt.date | None
    error: str | None
    needs_key: str | None = None
    refused_sha256: str | None = None
    refused_bytes: int | None = None
    unknown_fields: tuple[str, ...] = ()
    requests: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One generation of the site: its name, its address, its moment.

    *base_url* is absolute without a slash at its end, or empty where none is configured.
    *known_at* is the day whose knowledge is shown (``--as-of``; None: the newest).
    """

    title: str
    base_url: str
    repository_url: str
    contact: str
    built_at: dt.datetime
    simulated: bool
    known_at: dt.date | None = None
