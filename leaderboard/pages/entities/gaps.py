"""What is not known of somebody, as bounds: outside a list, not offered, not told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leaderboard import words
from leaderboard.pages.entities.register import Dossier
from leaderboard.pages.entities.standing import Desk, Standing, listed_days
from leaderboard.records import Reading, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing not known, in words; the share is between *low_pct* and *high_pct*.

    *days_outside* counts the window's days outside the list of who was in it on others.
    """

    source: str | None
    name: str
    text: str
    view: View | None = None
    low_pct: float | None = None
    high_pct: float | None = None
    days_outside: int | None = None


def gaps(
    desk: Desk, dossier: Dossier, chief: Sequence[tuple[Reading, Sequence[Standing]]]
) -> tuple[Gap, ...]:
    """Say for each gateway what its list leaves open; *chief* are the standings there."""
    if dossier.kind == "app":
        return tuple(_of_app(chief))
    found = [gap for reading, group in chief for gap in _at(desk, dossier, reading, group)]
    if dossier.kind == "model":
        found.append(Gap(source=None, name="Apps", text="Which apps use it, no gateway publishes."))
    return tuple(found)


def _at(desk: Desk, dossier: Dossier, reading: Reading, group: Sequence[Standing]) -> Iterator[Gap]:
    if dossier.kind == "model" and dossier.id is None and not group:
        yield Gap(
            source=reading.source,
            name=reading.name,
            text="Not known: no rule says which model this name means there.",
        )
        return
    view = group[0].view if group else _default(desk, dossier, reading)
    if view is None:
        return
    listed = [standing for standing in group if standing.row is not None]
    if listed:
        yield from _partly(reading, view, listed)
        return
    room = desk.room_pct(view)
    days = listed_days(standing.course for standing in group)
    said = [
        f"In the list last on {words.day(max(days))}, and not in that of {_span(view)}."
        if days
        else f"Never in the published list, up to {words.day(view.end)}."
    ]
    if dossier.kind == "model":
        said.append(_offer(desk, dossier, reading))
    if room is not None:
        said.append(f"Its share there is between 0 and {words.percent(room)}.")
    yield Gap(
        source=reading.source,
        name=reading.name,
        text=" ".join(one for one in said if one),
        view=view,
        low_pct=None if room is None else 0.0,
        high_pct=room,
    )


def _partly(reading: Reading, view: View, listed: Sequence[Standing]) -> Iterator[Gap]:
    """Tell of what lies outside the list of who is in it: days, or models of a lab."""
    for standing in listed:
        row = standing.row
        if row is None or not row.is_lower_bound or row.share_high_pct is None:
            continue
        held = len(view.dates) - len(view.missing)
        outside = held - sum(share is not None for share in row.history)
        name = words.named(row.entity.name, row.entity.key)
        who = f"{name}: " if len(listed) > 1 else ""
        why = (
            f"outside the list on {outside} of {words.count(held, 'day')}"
            if not view.board.is_lower_bound
            else "added up from a list that is cut off, and what it has below the cut is not known"
        )
        text = (
            f"{who}{why}; its share is between {words.percent(row.share_pct)} and "
            f"{words.percent(row.share_high_pct)}."
        )
        yield Gap(
            source=reading.source,
            name=reading.name,
            text=text[:1].upper() + text[1:],
            view=view,
            low_pct=row.share_pct,
            high_pct=row.share_high_pct,
            days_outside=outside,
        )


def _offer(desk: Desk, dossier: Dossier, reading: Reading) -> str:
    """Say whether the gateway offers the model, as far as its catalogue was seen."""
    newest = desk.build.register.catalogued.get(reading.source)
    if newest is None:
        return "Whether it is offered there is not known."
    seen = dossier.offers.get(reading.source)
    if seen is None:
        return (
            f"It is not in the gateway’s catalogue, as seen to {words.day(newest)}: as far as is "
            "known, not offered there."
        )
    if seen.last < newest:
        return f"It left the gateway’s catalogue after {words.day(seen.last)}."
    return f"It is offered there: the gateway’s catalogue has it, as seen on {words.day(newest)}."


def _of_app(chief: Sequence[tuple[Reading, Sequence[Standing]]]) -> Iterator[Gap]:
    for reading, group in chief:
        gone = [standing for standing in group if standing.row is None]
        if gone and len(gone) == len(group):
            last = max(standing.course.last.date for standing in gone)
            yield Gap(
                source=reading.source,
                name=reading.name,
                text=f"In the list last on {words.day(last)}. What it has had since is not known.",
                view=gone[0].view,
            )
    yield Gap(
        source=None,
        name="Models",
        text="Which models it uses, no gateway publishes.",
    )


def _default(desk: Desk, dossier: Dossier, reading: Reading) -> View | None:
    board = desk.main(reading, dossier.kind)
    return desk.view(board) if board else None


def _span(view: View) -> str:
    return words.span(view.start, view.end)
