"""How to cite a view: a sentence, and an entry for a reference manager."""

import re
from typing import Final

from leaderboard import words
from leaderboard.pages import headlines, paths
from leaderboard.records import Edition, Reading, View

_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    words.NBSP: "~",
}


def plain(edition: Edition, reading: Reading, view: View) -> str:
    """Give one sentence with the finding, its days, the site, and the source's own line."""
    finding = headlines.finding(reading, view).replace(words.NBSP, " ")
    site = edition.title + (" (simulated data)" if edition.simulated else "")
    address = page_url(edition, view)
    return (
        f"“{finding}, {headlines.when(view)}.” {site}, {words.day(edition.built_at.date())}"
        f"{f', {address}' if address else ''}. {view.citation.text}"
    )


def bibtex(edition: Edition, reading: Reading, view: View) -> str:
    """Give a BibTeX entry of the same content."""
    key = re.sub(r"[^a-z0-9]+", "-", f"{view.path}-{view.end}".lower())
    address = page_url(edition, view)
    simulated = "Simulated data. " if edition.simulated else ""
    fields = {
        "title": _tex(f"{headlines.finding(reading, view)}, {headlines.when(view)}"),
        "author": f"{{{_tex(edition.title)}}}",
        "year": str(edition.built_at.year),
        "month": f"{edition.built_at:%b}".lower(),
        "note": _tex(f"{simulated}{view.citation.text}"),
    }
    if address:
        fields["url"] = address
    lines = [
        f"  {name} = {value}," if name == "month" else f"  {name} = {{{value}}},"
        for name, value in fields.items()
    ]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def page_url(edition: Edition, view: View) -> str:
    """Give a view's absolute address, empty where the site has no configured one."""
    return f"{edition.base_url}/{paths.address_of(view.path)}" if edition.base_url else ""


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)
