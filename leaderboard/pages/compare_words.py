"""What the comparison says first, and which of its statements a reader sees before the rest."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from leaderboard import words
from leaderboard.comparison import Claim, CommonWindow, Comparison, equal_weight
from leaderboard.comparison.gathering import Compared, listed_ranks
from leaderboard.pages import paths

MOST_SURE: Final = 6
MOST_OPEN: Final = 3
GROUPS: Final = (
    ("certain", "Ahead under every weighting"),
    ("crossover", "Where a lead turns"),
    ("listed", "Ahead as listed, not proved"),
    ("rank-range", "Possible ranks"),
    ("agreement", "How far the rankings agree"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement as it is printed: what it says, then on what it rests."""

    anchor: str
    text: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """Two whose order depends on the weights, and where it turns."""

    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All statements of one kind."""

    title: str
    statements: tuple[Statement, ...]


def headline(found: Compared) -> str:
    """Say who leads where, or that it cannot be said."""
    comparison = found.comparison
    if not isinstance(comparison, Comparison):
        return "The gateways cannot be compared now"
    leaders: dict[tuple[str, ...], list[str]] = {}
    for source, side in comparison.shares.items():
        ranks = listed_ranks({one: b.low_pct for one, b in side.items() if b is not None})
        first = tuple(found.names[one] for one, rank in ranks.items() if rank == 1)
        if first:
            leaders.setdefault(first, []).append(found.sides[source].reading.name)
    parts = [
        f"{words.listing([*names])} {'leads' if len(names) == 1 else 'lead'} {words.listing(where)}"
        for names, where in leaders.items()
    ]
    if len(leaders) == 1:
        return f"{parts[0]} in share of tokens"
    if not leaders:
        return f"The gateways list no {found.what} that match"
    return f"No {found.what[:-1]} leads everywhere: {'; '.join(parts)}"


def when(comparison: Comparison) -> str:
    """Say which days are compared."""
    window = comparison.window
    return f"{words.span(window.start, window.end)}, UTC"


def gaps(comparison: Comparison) -> str | None:
    """Say which days of the window are left out for want of one gateway's figures."""
    window = comparison.window
    span = (window.end - window.start).days + 1
    left_out = span - len(window.days)
    if not left_out:
        return None
    return (
        f"{words.count(left_out, 'day')} of {span} {'is' if left_out == 1 else 'are'} left out: "
        "not complete at every gateway."
    )


def calendar(window: CommonWindow) -> list[dt.date]:
    """Give every day from a window's first complete one on, those left out included."""
    first = window.days[0]
    return [first + dt.timedelta(days=at) for at in range((window.end - first).days + 1)]


def everybody(found: Compared) -> list[str]:
    """Give all that can be picked: those of the default window as ordered, then the rest."""
    others = {
        one for over in found.by_window.values() for side in over.shares.values() for one in side
    } - set(found.order)
    return [*found.order, *sorted(others, key=lambda one: (found.names[one].casefold(), one))]


def teaser(found: Compared) -> str | None:
    """Give the one sentence that says most; None where nothing is computed."""
    return next((claim.text for claim in found.claims if claim.kind == "first"), None)


def anchor(claim: Claim) -> str:
    """Name the place on the page where a statement stands."""
    return f"says-{paths.slug(claim.id)}"


def statement(claim: Claim) -> Statement:
    """Part a statement from its proof, so that the short part can be read first."""
    text, proof = claim.text, ""
    for joint in (" however the gateways are weighted: ", "; from ", "; with "):
        head, found, tail = claim.text.partition(joint)
        if found:
            text = head + joint.rstrip(": ").rstrip() if joint.endswith(": ") else head
            proof = tail if joint.endswith(": ") else f"{joint.removeprefix('; ')}{tail}"
            break
    else:
        return Statement(anchor=anchor(claim), text=text, proof="")
    return Statement(
        anchor=anchor(claim), text=f"{text.removesuffix(';')}.", proof=_sentence(proof)
    )


def sure(found: Compared) -> tuple[Statement, ...]:
    """Sum up what is certain: whom each is ahead of, with the closest of these as the proof."""
    comparison = found.comparison
    assert isinstance(comparison, Comparison)
    order = [line.entity for line in equal_weight(comparison.shares).ranking]
    by_id = {claim.id: claim for claim in found.claims}
    made = []
    for a in order:
        behind = {
            b: claim
            for b in order
            if (claim := by_id.get(f"{found.what}/tokens/certain/{a}/{b}")) is not None
        }
        if behind:
            closest = min(behind, key=lambda b: behind[b].values["margin_pp"])
            proof = statement(behind[closest]).proof
            start = "The closest" if len(behind) > 1 else "Against"
            made.append(
                Statement(
                    anchor=anchor(behind[closest]),
                    text=f"{found.names[a]} is ahead of "
                    f"{words.listing([found.names[b] for b in behind])}.",
                    proof=f"{start}{' is' if len(behind) > 1 else ''} {found.names[closest]}: "
                    f"{proof[:1].lower()}{proof[1:]}",
                )
            )
    return tuple(made[:MOST_SURE])


def duels(found: Compared) -> tuple[Duel, ...]:
    """Give the pairs of highest rank whose order depends on the weights."""
    comparison = found.comparison
    assert isinstance(comparison, Comparison)
    ranking = [line.entity for line in equal_weight(comparison.shares).ranking][:5]
    pairs = sorted(itertools.combinations(range(len(ranking)), 2), key=sum)
    made = []
    for a, b in ((ranking[i], ranking[j]) for i, j in pairs):
        start = f"{found.what}/tokens/crossover/{a}/{b}/"
        turns = [claim for claim in found.claims if claim.id.startswith(start)]
        whole = [c for c in turns if len(c.gateways) == len(comparison.shares)]
        if whole:
            made.append(
                Duel(
                    title=f"{found.names[a]} or {found.names[b]}?",
                    statements=tuple(statement(claim) for claim in whole),
                )
            )
    return tuple(made[:MOST_OPEN])


def groups(found: Compared) -> tuple[Group, ...]:
    """Give all statements by kind, but the first one, which stands alone."""
    return tuple(
        Group(title=title, statements=statements)
        for kind, title in GROUPS
        if (
            statements := tuple(
                Statement(anchor=anchor(claim), text=claim.text, proof="")
                for claim in found.claims
                if claim.kind == kind
            )
        )
    )


def caveats(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Give every sentence that some statement must not be quoted without, each once.

    Those about two gateways only say less of the same.
    """
    most = max((len(claim.gateways) for claim in claims), default=0)
    return tuple(
        dict.fromkeys(
            sentence
            for claim in claims
            if len(claim.gateways) == most
            for sentence in claim.caveats
        )
    )


def _sentence(text: str) -> str:
    text = text if text.endswith(".") else f"{text}."
    return text[:1].upper() + text[1:]
