"""Whose figures a page of several gateways shows: each source's own line, never one for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leaderboard import words
from leaderboard.pages import cards, downloads
from leaderboard.pages.cards import Build
from leaderboard.pages.downloads import iso_text
from leaderboard.pages.freshness import Freshness
from leaderboard.records import Citation, Reading, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One source's credit as of the newest *view* shown that carries it."""

    reading: Reading
    view: View
    fresh: Freshness

    @property
    def citation(self) -> Citation:
        """The credit in the source's words."""
        return self.view.citation


def credits(build: Build, views: Iterable[View]) -> tuple[Credit, ...]:
    """Give one credit for each that the sources of *views* ask for, by gateway."""
    newest: dict[tuple[str, str], View] = {}
    for view in views:
        key = (view.board.source, view.citation.url)
        held = newest.get(key)
        if held is None or view.published.retrieved_at > held.published.retrieved_at:
            newest[key] = view
    return tuple(
        Credit(reading=reading, view=view, fresh=cards.fresh(build, reading, view))
        for reading in build.readings
        for (source, _), view in newest.items()
        if source == reading.source
    )


def joined(citations: Sequence[Citation]) -> Citation | None:
    """Put several credits together; a licence is kept only where it is the same for all."""
    if not citations:
        return None
    licences = {(one.license, one.license_url) for one in citations}
    kept, kept_url = licences.pop() if len(licences) == 1 else (None, None)
    return Citation(
        text=" ".join(dict.fromkeys(one.text for one in citations)),
        notice=" ".join(dict.fromkeys(one.notice for one in citations)),
        url=citations[0].url,
        license=kept,
        license_url=kept_url,
    )


def entries(given: Iterable[Credit]) -> list[dict[str, object]]:
    """Write credits for a download."""
    return [
        {
            "source": one.reading.source,
            "source_name": one.reading.name,
            "data_through": iso_text(one.view.end),
            "as_of": one.view.published.as_of,
            "retrieved_at": words.stamp(one.view.published.retrieved_at),
            "license": one.citation.license,
            "license_url": one.citation.license_url,
            "citation": one.citation.text,
            "notice": one.citation.notice,
            "citation_url": one.citation.url,
        }
        for one in given
    ]


def caveats(given: Iterable[Credit], views: Iterable[View]) -> tuple[tuple[str, str], ...]:
    """Join the caveats of the boards shown, each once for its gateway, with the gateway's name."""
    shown = list(views)
    return tuple(
        dict.fromkeys(
            (one.reading.name, caveat)
            for one in given
            for view in shown
            if view.board.source == one.reading.source
            for caveat in downloads.caveats(one.reading, view.board)
        )
    )
