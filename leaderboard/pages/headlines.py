"""What a view says in words: its name, its finding, its measure, how its bounds are meant."""

from typing import Final

from leaderboard import words
from leaderboard.records import Board, Kind, Metric, Quantity, Reading, View

KIND_NAMES: Final[dict[Kind, str]] = {
    "model": "models",
    "lab": "labs",
    "app": "apps",
    "provider": "providers",
}
_ACRONYMS: Final = {"cli": "CLI", "ide": "IDE"}
_WHOLE_SCOPES: Final = frozenset({None, "all"})


def scope_name(scope: str | None) -> str:
    """Name a modality or an app list as a person would.

    >>> scope_name("coding/cli-agent"), scope_name("popular"), scope_name("all")
    ('CLI agent', 'Popular', 'All modalities')
    """
    if scope is None:
        return "All"
    if scope == "all":
        return "All modalities"
    terms = [_ACRONYMS.get(term, term) for term in scope.rpartition("/")[2].split("-")]
    text = " ".join(terms)
    return text[:1].upper() + text[1:]


def board_name(board: Board) -> str:
    """Name a board without its gateway: "Models by tokens, text", "Apps: coding, CLI agent"."""
    kind = KIND_NAMES[board.kind].capitalize()
    by = f"{kind} by {words.METRIC_NAMES[board.metric]}"
    if board.scope in _WHOLE_SCOPES:
        return by
    if board.kind in {"model", "lab"}:
        return f"{by}, {board.scope}"
    parent, _, child = (board.scope or "").rpartition("/")
    label = f"{scope_name(parent)}, {scope_name(child)}" if parent else scope_name(child)
    name = f"{label} {kind.lower()}" if not parent else f"{kind}: {label[:1].lower()}{label[1:]}"
    if not board.is_reranked:
        return name
    return f"{name}{',' if parent else ''} by {words.METRIC_NAMES[board.metric]}"


def finding(reading: Reading, view: View) -> str:
    """State what the view shows: who leads which gateway, with how much of what."""
    board = view.board
    if not view.rows:
        return f"No {KIND_NAMES[board.kind]} were listed at {reading.name}"
    leader = view.rows[0]
    name = words.named(leader.entity.name, leader.entity.key)
    field = _field(reading, board)
    if board.order is not None:
        return f"{name} is first of {field}"
    if leader.share_pct is not None:
        share = words.percent(leader.share_pct)
        is_bound = leader.is_lower_bound or board.is_lower_bound
        return f"{name} leads {field} with {'at least ' if is_bound else ''}{share} of {_of(board)}"
    if leader.value is not None:
        return f"{name} leads {field} with {_volume(leader.value, board.metric)}"
    return f"{name} ranks first among {field} by {words.METRIC_NAMES[board.metric]}"


def story(leaders: list[tuple[str, str]]) -> str:
    """Say in one sentence who leads where, from pairs of leader and gateway."""
    return ", ".join(f"{name} leads {gateway}" for name, gateway in leaders)


def when(view: View) -> str:
    """Say which days a view covers, or on which day a list without days was seen."""
    if view.start is None:
        if view.window == "all" and view.board.days:
            return f"to {words.day(view.end)}, UTC"
        return f"as seen on {words.day(view.end)}, UTC"
    return f"{words.span(view.start, view.end)}, UTC"


def window_name(view: View) -> str:
    """Name a view's window as a person would."""
    return words.WINDOW_NAMES[view.window] if view.window else "As published"


def measure(reading: Reading, view: View) -> str:
    """Say in a sentence how the figures were made."""
    board = view.board
    of = _of(board)
    held = len(view.dates) - len(view.missing)
    if view.measure == "mean of daily shares":
        made = "on the one day held" if held == 1 else f"the unweighted mean of {held} daily shares"
        return f"Share of {of} at {reading.name}, {made}. No volumes are published."
    if view.measure == "share of the window's total":
        added = (
            f"added up over {words.count(held, 'day')}" if view.dates else "over the whole window"
        )
        whole = "" if view.total is None else f", {_volume(view.total, board.metric)} in all"
        return f"Share of {of} at {reading.name}, {added}{whole}."
    if any(row.value is not None for row in view.rows):
        ours = (
            f" {reading.name} ranks the same list by tokens; the order here is ours."
            if board.is_reranked
            else ""
        )
        theirs = (
            f" The order is {reading.name}'s own “{board.order}”, not that of the figures."
            if board.order is not None
            else ""
        )
        return (
            f"{metric_label(board.metric)} of {_field(reading, board)} in the window."
            f"{ours}{theirs} The list has no total, so there are no shares."
        )
    return f"The order {reading.name} publishes; it gives ranks without figures."


def bounds(view: View) -> str | None:
    """Explain the sign ≥ where a view needs it."""
    kind = view.board.kind
    if view.board.is_lower_bound:
        return (
            f"≥ marks a lower bound: these {KIND_NAMES[kind]} are added up from a list that is "
            "cut off, and what lies below the cut belongs to them too, by an unknown amount."
        )
    if any(row.is_lower_bound for row in view.rows):
        return (
            f"≥ marks a lower bound: on days a {kind} is outside the published list its figure "
            "is not known. It counts as nothing here and was at most the last figure listed; "
            "the paler bar shows how far that could reach."
        )
    return None


def gaps(view: View) -> str | None:
    """State the missing days; a missing day is a gap, never a zero."""
    if not view.missing:
        return None
    days = [words.day(date) for date in view.missing[:7]]
    more = len(view.missing) - len(days)
    if more:
        days.append(f"{more} more")
    verb = "has" if len(view.missing) == 1 else "have"
    return (
        f"{words.count(len(view.missing), 'day')} of {len(view.dates)} {verb} no data and "
        f"{'is' if len(view.missing) == 1 else 'are'} left out: {words.listing(days)}."
    )


def compared_with(view: View) -> str | None:
    """Say what changes are measured against, or that they cannot be."""
    if view.compared_to is not None:
        start, end = view.compared_to
        before = words.span(start, end)
        return f"Moves and changes are against {before}{'' if start else ', the list seen before'}."
    if view.window in {None, "all"}:
        return None
    return "Moves and changes are not known: too little of the window before is held."


def _of(board: Board) -> str:
    metric = words.METRIC_NAMES[board.metric]
    if board.kind not in {"model", "lab"} or board.scope in _WHOLE_SCOPES:
        return metric
    return f"{board.scope} {metric}"


def _field(reading: Reading, board: Board) -> str:
    """Name what is led: the gateway, or the list of its apps or providers."""
    if board.kind in {"model", "lab"}:
        return reading.name
    kind = KIND_NAMES[board.kind]
    if board.scope in _WHOLE_SCOPES:
        return f"{reading.name}'s {kind}"
    label = scope_name(board.scope)
    if label.partition(" ")[0] not in _ACRONYMS.values():
        label = label.lower()
    return f"{reading.name}'s {label} {kind}"


def _volume(value: Quantity, metric: Metric) -> str:
    unit = "" if metric in words.MONEY else f" {words.METRIC_NAMES[metric]}"
    return f"{words.amount(value, metric)}{unit}"


def metric_label(metric: Metric) -> str:
    """Name a metric where it stands alone."""
    return words.METRIC_NAMES[metric].capitalize()
