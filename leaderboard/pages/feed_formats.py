"""How a feed is written: Atom (RFC 4287) and JSON Feed 1.1.

Ids are tag URIs (RFC 4151) made of the project's repository and the event, so they stay when
the site moves. Addresses are absolute where the site's own is configured; where it is not,
Atom has relative ones, which readers resolve against the feed's, and JSON Feed leaves them out.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from markupsafe import Markup

from leaderboard import words
from leaderboard.pages import headlines, paths
from leaderboard.pages.downloads import SIMULATED, json_bytes
from leaderboard.pages.happenings import Happening
from leaderboard.pages.page import Alternate
from leaderboard.records import Citation, Edition

ATOM: Final = "http://www.w3.org/2005/Atom"
MINTED: Final = "2026"
"""The year the ids are dated with, which must never change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The news of one page: *path* is the page, *entries* are the newest first."""

    path: str
    title: str
    entries: tuple[Happening, ...]
    updated: dt.datetime

    @property
    def alternates(self) -> tuple[Alternate, Alternate]:
        """How the page announces the feed in its two forms."""
        return (
            Alternate(
                path=f"{self.path}/feed.xml",
                media_type="application/atom+xml",
                title=f"{self.title} (Atom)",
            ),
            Alternate(
                path=f"{self.path}/feed.json",
                media_type="application/feed+json",
                title=f"{self.title} (JSON Feed)",
            ),
        )


def atom(edition: Edition, feed: Feed) -> bytes:
    """Write a feed by RFC 4287."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(root, "id", tag(edition, feed.path))
    _add(root, "title", _marked(edition, feed.title))
    _add(root, "subtitle", _subtitle(edition))
    _add(root, "updated", words.stamp(feed.updated))
    author = _add(root, "author")
    _add(author, "name", words.printable(edition.title))
    if edition.base_url:
        _add(author, "uri", f"{edition.base_url}/")
        self_address = _address(edition, f"{feed.path}/feed.xml")
        _add(root, "link", rel="self", type="application/atom+xml", href=self_address)
    page = _address(edition, feed.path) or "./"  # the feed lies in its page's folder
    _add(root, "link", rel="alternate", type="text/html", href=page)
    for one in feed.entries:
        entry = _add(root, "entry")
        _add(entry, "id", tag(edition, one.event.id))
        _add(entry, "title", _marked(edition, _title(one)))
        _add(entry, "published", words.stamp(one.moment))
        _add(entry, "updated", words.stamp(one.moment))
        address = _entry_address(edition, one) or _relative_entry(feed, one)
        _add(entry, "link", rel="alternate", type="text/html", href=address)
        for term in _terms(one):
            _add(entry, "category", term=term)
        _add(entry, "rights", _rights(one.citation))
        _add(entry, "content", _content(edition, one), type="html")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def json_feed(edition: Edition, feed: Feed) -> bytes:
    """Write a feed by JSON Feed 1.1; ``_event`` has each event's exact figures."""
    content: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _marked(edition, feed.title),
        "description": _subtitle(edition),
        "language": "en",
        "authors": [{"name": words.printable(edition.title)}],
    }
    if edition.base_url:
        content["home_page_url"] = _address(edition, feed.path)
        content["feed_url"] = _address(edition, f"{feed.path}/feed.json")
        content["authors"] = [
            {"name": words.printable(edition.title), "url": f"{edition.base_url}/"}
        ]
    content["items"] = [_item(edition, one) for one in feed.entries]
    return json_bytes(content)


def tag(edition: Edition, specific: str) -> str:
    """Make a tag URI of the project's own name and *specific*.

    The authority is the repository's host, at GitHub its owner's own domain there. What is
    simulated is named apart.
    """
    parts = urlsplit(edition.repository_url.lower())
    host, path = parts.hostname or "localhost", parts.path.strip("/")
    if host == "github.com" and "/" in path:
        owner, _, path = path.partition("/")
        host = f"{owner}.github.io"
    named = "/".join(filter(None, (path, "simulated" if edition.simulated else "", specific)))
    return f"tag:{host},{MINTED}:{quote(named, safe='/:', errors='surrogatepass')}"


def _item(edition: Edition, one: Happening) -> dict[str, object]:
    event = one.event
    item: dict[str, object] = {"id": tag(edition, event.id)}
    address = _entry_address(edition, one)
    if address:
        item["url"] = address
    return item | {
        "title": _marked(edition, _title(one)),
        "content_html": _content(edition, one),
        "date_published": words.stamp(one.moment),
        "tags": list(_terms(one)),
        "_event": {
            "event": event.kind,
            "source": event.source,
            "board": event.path,
            "metric": one.board.metric,
            "day": event.day.isoformat(),
            "since": event.since.isoformat(),
            "key": event.entity,
            "other_key": event.other,
            **event.numbers,
            "is_lower_bound": event.is_lower_bound,
            "citation": one.citation.text,
            "license": one.citation.license,
        },
    }


def _content(edition: Edition, one: Happening) -> str:
    """Say it with everything that must go with it: numbers, caveats, credit, licence."""
    when = f"{one.headline}, {words.day(one.event.day)}, UTC."
    said = [when, one.detail, *one.notes, _credit(one.citation)]
    if one.citation.license is None:
        said.append(_rights(one.citation))
    if edition.simulated:
        said.insert(0, SIMULATED)
    return "".join(Markup("<p>{}</p>").format(words.printable(text)) for text in said)


def _credit(citation: Citation) -> str:
    """Give the source's own lines, without saying the same twice."""
    if citation.notice.startswith(citation.text):
        return citation.notice
    return f"{citation.text} {citation.notice}"


def _rights(citation: Citation) -> str:
    if citation.license is None:
        return "No open licence."
    name = citation.license.replace("CC-BY-", "CC BY ")
    return f"Licence: {name}{f' ({citation.license_url})' if citation.license_url else ''}."


def _title(one: Happening) -> str:
    return f"{one.headline} · {one.gateway} {headlines.KIND_NAMES[one.board.kind]}"


def _terms(one: Happening) -> tuple[str, str, str]:
    return one.event.kind, one.board.kind, one.event.source


def _subtitle(edition: Edition) -> str:
    said = (
        "What happened in the shares of each gateway's own traffic, day by day, UTC. Different "
        "populations: never added together."
    )
    return f"{SIMULATED} {said}" if edition.simulated else said


def _marked(edition: Edition, title: str) -> str:
    return words.printable(f"[Simulated] {title}" if edition.simulated else title)


def _address(edition: Edition, path: str) -> str:
    return f"{edition.base_url}/{paths.address_of(path)}" if edition.base_url else ""


def _entry_address(edition: Edition, one: Happening) -> str:
    page = _address(edition, one.page)
    return f"{page}#{one.anchor}" if page else ""


def _relative_entry(feed: Feed, one: Happening) -> str:
    return f"{paths.relative(feed.path, one.page)}#{one.anchor}"


def _add(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text or None
    return element
