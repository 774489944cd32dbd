"""The rules of RFC 4287 (Atom) and of JSON Feed 1.1, as far as a feed of entries can break them.

Each function gives the rules that a document breaks, in words; a valid one gives none.
"""

import datetime as dt
import json
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# RFC 4151: an authority of lower-case labels, a date, and characters a URI may have.
TAG = re.compile(
    r"tag:[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
    r",\d{4}(-\d\d(-\d\d)?)?:([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*"
)
REFERENCE = re.compile(r"([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
FEED_ONE = {"id", "title", "updated"}
FEED_AT_MOST_ONE = {"generator", "icon", "logo", "rights", "subtitle"}
FEED_MANY = {"author", "category", "contributor", "link", "entry"}
ENTRY_ONE = {"id", "title", "updated"}
ENTRY_AT_MOST_ONE = {"content", "published", "rights", "source", "summary"}
ENTRY_MANY = {"author", "category", "contributor", "link"}
TEXTS = {"title", "subtitle", "rights", "summary"}


def is_rfc_3339(text: str | None) -> bool:
    if text is None or RFC_3339.fullmatch(text) is None:
        return False
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def is_absolute(text: object) -> bool:
    if not isinstance(text, str) or REFERENCE.fullmatch(text) is None:
        return False
    parts = urllib.parse.urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def is_reference(text: str | None) -> bool:
    return text is not None and REFERENCE.fullmatch(text) is not None


def broken_atom(body: bytes) -> list[str]:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as problem:
        return [f"not well-formed: {problem}"]
    if root.tag != f"{ATOM}feed":
        return [f"the root is {root.tag}"]
    found = [
        *_counted("feed", root, FEED_ONE, FEED_AT_MOST_ONE, FEED_MANY),
        *_common("feed", root),
    ]
    has_author = bool(_own(root, "author"))
    seen: Counter[tuple[str | None, str | None]] = Counter()
    for number, entry in enumerate(_own(root, "entry")):
        name = f"entry {number}"
        found += _counted(name, entry, ENTRY_ONE, ENTRY_AT_MOST_ONE, ENTRY_MANY)
        found += _common(name, entry)
        if not has_author and not _own(entry, "author"):
            found.append(f"{name}: neither it nor the feed has an author")
        alternates = [link for link in _own(entry, "link") if _rel(link) == "alternate"]
        if not _own(entry, "content") and not alternates:
            found.append(f"{name}: neither content nor an alternate link")
        for content in _own(entry, "content"):
            found += _content(name, content)
        seen[entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")] += 1
    found += [f"{one} stands there twice" for one, times in seen.items() if times > 1]
    return found


def _own(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return element.findall(f"{ATOM}{name}")


def _rel(link: ElementTree.Element) -> str:
    return link.get("rel", "alternate")


def _counted(
    name: str, element: ElementTree.Element, one: set[str], most_one: set[str], many: set[str]
) -> Iterator[str]:
    counts = Counter(child.tag for child in element)
    for tag, times in counts.items():
        if tag.startswith(ATOM) and tag.removeprefix(ATOM) not in one | most_one | many:
            yield f"{name}: {tag} does not belong there"
        if tag.removeprefix(ATOM) in most_one and times > 1:
            yield f"{name}: {times} of {tag}"
    for tag in one:
        if counts[f"{ATOM}{tag}"] != 1:
            yield f"{name}: {counts[f'{ATOM}{tag}']} of {tag}"
    if element.text and element.text.strip():
        yield f"{name}: has text of its own"


def _common(name: str, element: ElementTree.Element) -> Iterator[str]:
    for tag in ("updated", "published"):
        for date in _own(element, tag):
            if not is_rfc_3339(date.text):
                yield f"{name}: {tag} {date.text!r} is no date of RFC 3339"
    for one in _own(element, "id"):
        if TAG.fullmatch(one.text or "") is None:
            yield f"{name}: id {one.text!r} is no tag URI"
    for tag in TEXTS:
        for text in _own(element, tag):
            if text.get("type", "text") != "text" or len(text):
                yield f"{name}: {tag} is not plain text"
            if tag == "title" and not (text.text or "").strip():
                yield f"{name}: its title is empty"
    for author in _own(element, "author"):
        names = [child.tag for child in author]
        if names.count(f"{ATOM}name") != 1 or not author.findtext(f"{ATOM}name"):
            yield f"{name}: an author without one name"
        if any(not is_absolute(child.text) for child in author if child.tag == f"{ATOM}uri"):
            yield f"{name}: an author's uri is no address"
    for category in _own(element, "category"):
        if not category.get("term"):
            yield f"{name}: a category without a term"
    kinds: Counter[tuple[str | None, str | None]] = Counter()
    for link in _own(element, "link"):
        if not is_reference(link.get("href")):
            yield f"{name}: a link to {link.get('href')!r}"
        if _rel(link) == "self" and not is_absolute(link.get("href")):
            yield f"{name}: it calls itself {link.get('href')!r}"
        if _rel(link) == "alternate":
            kinds[link.get("type"), link.get("hreflang")] += 1
    yield from (
        f"{name}: {times} alternates of {kind}" for kind, times in kinds.items() if times > 1
    )


def _content(name: str, content: ElementTree.Element) -> Iterator[str]:
    if content.get("type") != "html":
        yield f"{name}: content of type {content.get('type')!r}"
    elif len(content):
        yield f"{name}: its HTML is not escaped"
    else:
        yield from (f"{name}: {problem}" for problem in _broken_html(content.text or ""))


class _Markup(HTMLParser):
    """Notes what an entry's HTML must not be: unclosed, nested wrongly, or active."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.problems += [f"{tag} is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag not in {"p", "a", "ul", "li", "em", "strong", "time"}:
            self.problems.append(f"a {tag} in it")
        self.problems += [f"an attribute {name}" for name, _ in attrs if name != "href"]

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.problems.append(f"{tag} is closed and was not open")

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _broken_html(text: str) -> list[str]:
    markup = _Markup(text)
    return [*markup.problems, *([] if "".join(markup.said).strip() else ["it says nothing"])]


FEED_MEMBERS = {
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
}
ITEM_MEMBERS = {
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "language",
    "attachments",
}


def broken_json_feed(body: bytes) -> list[str]:
    try:
        feed = json.loads(body)
    except ValueError as problem:
        return [f"no JSON: {problem}"]
    found = [*_members("feed", feed, FEED_MEMBERS), *_addresses("feed", feed)]
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        found.append(f"version {feed.get('version')!r}")
    if not feed.get("title") or not isinstance(feed["title"], str):
        found.append("no title")
    if not isinstance(feed.get("items"), list):
        return [*found, "no items"]
    for author in feed.get("authors", ()):
        if not set(author) & {"name", "url", "avatar"}:
            found.append("an author who is nobody")
        found += _addresses("author", author)
    ids = Counter(item.get("id") for item in feed["items"])
    found += [f"{one} stands there twice" for one, times in ids.items() if times > 1]
    for number, item in enumerate(feed["items"]):
        found += _item(f"item {number}", item)
    return found


def _item(name: str, item: dict[str, Any]) -> Iterator[str]:
    yield from _members(name, item, ITEM_MEMBERS)
    yield from _addresses(name, item)
    if not isinstance(item.get("id"), str) or TAG.fullmatch(item["id"]) is None:
        yield f"{name}: id {item.get('id')!r} is no tag URI"
    if not (item.get("content_html") or item.get("content_text")):
        yield f"{name}: no content"
    if "content_html" in item:
        yield from (f"{name}: {problem}" for problem in _broken_html(item["content_html"]))
    for date in ("date_published", "date_modified"):
        if date in item and not is_rfc_3339(item[date]):
            yield f"{name}: {date} {item[date]!r}"
    tags = item.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield f"{name}: tags are no list of texts"


def _members(name: str, held: dict[str, Any], known: set[str]) -> Iterator[str]:
    for member, value in held.items():
        if member.startswith("_"):
            if re.fullmatch(r"_[A-Za-z][A-Za-z0-9]*", member) is None or not isinstance(
                value, dict
            ):
                yield f"{name}: extension {member} is no object of such a name"
        elif member not in known:
            yield f"{name}: {member} is unknown"


def _addresses(name: str, held: dict[str, Any]) -> Iterator[str]:
    for member, value in held.items():
        if (member == "url" or member.endswith("_url")) and not is_absolute(value):
            yield f"{name}: {member} {value!r} is no address"
