"""Names that strangers choose, through every field, into a whole site, into a real browser."""

import base64
import csv
import hashlib
import html
import io
import itertools
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import jinja2
import pytest
from playwright.sync_api import Browser

from leaderboard.pages.downloads import FORMULA_STARTS
from leaderboard.pages.paths import safe_url
from tests.browser import served
from tests.hostile import CAN_BE_SENT, ESCAPES, NAUGHTY, OURS, RUNS, STRINGS
from tests.hostile_site import FIELDS, ROOT, build, plain, texts

ROTATIONS = range(len(FIELDS)) if os.environ.get("TORTURE") else range(1)
"""Each rotation puts another part of the corpus into each field; all of them, all into all."""
MOST_VISITED = 10_000 if os.environ.get("TORTURE") else 150
AT_ONCE = 25
ENOUGH = 12
"""Plain names in each field that give every form a page can take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The same site twice: with the corpus in it, and with some plain names."""

    rotation: int
    hostile: Path
    benign: Path


@pytest.fixture(scope="module", params=ROTATIONS)
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    folder = tmp_path_factory.mktemp("hostile")
    return Sites(
        rotation=request.param,
        hostile=build(folder / "hostile", request.param, str),
        benign=build(folder / "benign", request.param, plain, ENOUGH),
    )


WATCH = """
(() => {
  if (window === top && !window.watched) {
    window.watched = {fired: [], violations: []};
  }
  const watched = () => { try { return top.watched; } catch { return null; } };
  for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (...said) => { watched()?.fired.push(`${name} ${said} ${location.pathname}`); };
  }
  document.addEventListener("securitypolicyviolation", (event) => {
    watched()?.violations.push(`${event.violatedDirective} ${event.blockedURI} ${location}`);
  });
})();
"""

FRAMES = """
async (addresses) => {
  document.querySelectorAll("iframe").forEach((frame) => frame.remove());
  const frames = addresses.map((address) => {
    const frame = document.createElement("iframe");
    frame.width = 1000; frame.height = 800;
    frame.src = address;
    document.body.append(frame);
    return frame;
  });
  const isShown = ({contentDocument: page}) =>
    page?.URL !== "about:blank" && page?.readyState === "complete";
  const settle = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let tries = 0; tries < 600 && !frames.every(isShown); tries += 1) await settle(50);
  for (const frame of frames) {  // point at what answers to pointing
    for (const one of frame.contentDocument.querySelectorAll(".chart, figure, [data-view], th")) {
      for (const kind of ["pointerover", "pointerenter", "pointermove", "mouseover", "focusin"]) {
        one.dispatchEvent(new Event(kind, {bubbles: true}));
      }
    }
  }
  await settle(250);
  return frames.map((frame) => {
    const page = frame.contentDocument;
    const found = {shown: page.URL !== "about:blank", words: new Set(), links: new Set()};
    for (const one of page.querySelectorAll("*")) {
      found.words.add(`<${one.localName}>`);
      for (const name of one.getAttributeNames()) found.words.add(name);
      for (const name of ["href", "src", "action", "xlink:href", "data", "srcset", "poster"]) {
        if (one.hasAttribute(name)) found.links.add(`${one.localName} ${one.getAttribute(name)}`);
      }
    }
    return {...found, words: [...found.words], links: [...found.links], address: page.URL};
  });
}
"""

SKELETONS = """
async (addresses) => {
  const all = new Set();
  for (const address of addresses) {
    const text = await (await fetch(address)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const one of page.querySelectorAll("*")) {
      all.add(`${one.localName} ${one.getAttributeNames().sort()}`);
    }
  }
  return [...all];
}
"""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What a browser made of some pages."""

    fired: list[str]
    violations: list[str]
    elsewhere: list[str]
    dialogs: list[str]
    pages: list[Mapping[str, object]]
    skeleton: frozenset[str]

    @property
    def words(self) -> set[str]:
        """Every tag and every attribute of the living pages."""
        return {word for page in self.pages for word in page["words"]}  # type: ignore[attr-defined]


def visited(browser: Browser, folder: Path, names: Sequence[str]) -> Seen:
    """Open pages in a real browser, some side by side, and note all that must not happen."""
    seen = Seen(fired=[], violations=[], elsewhere=[], dialogs=[], pages=[], skeleton=frozenset())
    (folder / "frames.html").write_text("<!doctype html><title>frames</title><body>")
    with served(folder) as address:
        context = browser.new_context()
        context.add_init_script(WATCH)
        context.route(
            lambda url: url.startswith("http") and not url.startswith(address),
            lambda route: route.abort(),
        )
        page = context.new_page()
        page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:", "blob:", "about:"))
                else seen.elsewhere.append(request.url)
            ),
        )
        page.goto(f"{address}frames.html")
        for start in range(0, len(names), AT_ONCE):
            batch = [f"{address}{name}" for name in names[start : start + AT_ONCE]]
            seen.pages += page.evaluate(FRAMES, batch)
        watched = page.evaluate("window.watched")
        everywhere = [f"{address}{path.relative_to(folder)}" for path in folder.rglob("*.html")]
        seen.skeleton = frozenset(page.evaluate(SKELETONS, everywhere))
        context.close()
    (folder / "frames.html").unlink()
    seen.fired, seen.violations = watched["fired"], watched["violations"]
    return seen


def in_templates() -> set[str]:
    """Give the tags without attributes that the templates themselves hold."""
    every = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    return {f"{tag} " for tag in re.findall(r"<([a-z0-9]+)>", every)}


def pages_of(folder: Path) -> list[str]:
    """Name pages to visit: all that hold many names, and of those of one name as many as fit."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    of_one = [name for name in names if name.startswith(("models/", "labs/", "apps/"))]
    of_many = [name for name in names if name not in set(of_one)]
    step = max(1, -(-len(of_one) // max(1, MOST_VISITED - len(of_many))))
    return of_many + of_one[::step]


def body_of(folder: Path, ending: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob(f"*{ending}")):
        yield path.relative_to(folder).as_posix(), path.read_bytes().decode("utf-8")


def test_there_are_more_strings_than_were_ever_thrown_before() -> None:
    assert len(NAUGHTY) == 515
    assert len(OURS) >= 200
    assert len(STRINGS) >= 1323
    spread = {text for field in FIELDS for text in texts(field, 0)}
    assert spread == {text for text in CAN_BE_SENT if text.strip()}


@pytest.fixture(scope="module")
def hostile(sites: Sites, browser: Browser) -> Seen:
    return visited(browser, sites.hostile, pages_of(sites.hostile))


@pytest.mark.browser
def test_no_name_runs_asks_elsewhere_or_adds_a_tag(
    sites: Sites, hostile: Seen, browser: Browser
) -> None:
    benign = visited(browser, sites.benign, pages_of(sites.benign))
    known = benign.skeleton | in_templates()
    for seen in (hostile, benign):
        assert seen.fired == []
        assert seen.dialogs == []
        assert seen.elsewhere == []
        assert seen.violations == []
        assert all(page["shown"] for page in seen.pages)
    assert hostile.skeleton - known == set()
    assert hostile.words - benign.words == set()


@pytest.mark.browser
def test_every_address_on_a_page_is_our_own_or_a_safe_one(hostile: Seen) -> None:
    for page in hostile.pages:
        for link in page["links"]:  # type: ignore[attr-defined]
            tag, _, target = link.partition(" ")
            if urlsplit(target).scheme or target.startswith(("//", "\\")):
                assert tag in {"a", "link"}, link
                assert safe_url(target) == target, link


@pytest.mark.browser
def test_without_escaping_the_same_strings_run(browser: Browser, tmp_path: Path) -> None:
    """The control: the macro that every name goes through, with escaping on and off."""
    source = (ROOT / "templates/_macros.html").read_text()
    found = re.findall(r"{% macro upstream\(text, url\) %}.*?{% endmacro %}", source, re.DOTALL)
    assert len(found) == 1
    strings = [f"{escape}{markup}" for escape, markup in itertools.product(ESCAPES, RUNS)]
    fired = {}
    for escapes in (True, False):
        macros = jinja2.Environment(autoescape=escapes).from_string(found[0])
        folder = tmp_path / str(escapes)
        folder.mkdir()
        for n, text in enumerate(strings):
            cell = macros.module.upstream(text, None)  # type: ignore[attr-defined]
            page = f"<!doctype html><title>x</title><main class=x><p>{cell}</main>"
            (folder / f"{n}.html").write_text(page)
        seen = visited(browser, folder, [f"{n}.html" for n in range(len(strings))])
        fired[escapes] = len(seen.fired)
    assert fired[True] == 0
    assert fired[False] >= 100


def test_every_page_has_the_policy_first_and_whole_scripts_only(sites: Sites) -> None:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "object-src 'none'"
    )
    for name, text in body_of(sites.hostile, ".html"):
        metas = re.findall(r"<(?:meta|script|link|title|style)\b[^>]*>", text)
        assert metas[0] == '<meta charset="utf-8">', name
        given = html.unescape(metas[1])
        assert given == f'<meta http-equiv="Content-Security-Policy" content="{policy}">', name
        loaded = re.findall(r'<script\b[^>]*\bsrc=[^>]*>|<link rel="stylesheet"[^>]*>', text)
        assert loaded, name
        for tag in loaded:
            address, integrity = (
                re.search(r'(?:src|href)="([^"]+)"', tag),
                re.search(r'integrity="(sha384-[^"]+)"', tag),
            )
            assert address, tag
            assert integrity, tag
            path = (sites.hostile / name).parent / address[1]
            if name == "404.html":  # it answers at any depth, so its links start at the root
                path = sites.hostile / address[1].removeprefix("/repo/")
            digest = base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
            assert integrity[1] == f"sha384-{digest}", (name, tag)


def test_each_name_is_in_the_downloads_exactly_as_sent(sites: Sites) -> None:
    held: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, str):
            held.add(value)
        elif isinstance(value, dict):
            for one in value.values():
                collect(one)
        elif isinstance(value, list):
            for one in value:
                collect(one)

    for _, text in body_of(sites.hostile / "api", ".json"):
        collect(json.loads(text))
    for field in FIELDS:
        if field not in ("vercel url", "error message") and "catalogue" not in field:
            missing = set(texts(field, sites.rotation)) - held - {"other", "Other", "__others__"}
            assert not missing, field


def test_no_page_or_picture_holds_what_xml_cannot_or_text_must_not(sites: Sites) -> None:
    forbidden = re.compile(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
        "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
    )
    for ending in (".html", ".svg", ".xml", ".txt"):
        for name, text in body_of(sites.hostile, ending):
            assert not forbidden.search(text), name
            assert not forbidden.search(html.unescape(text).replace("\xa0", " ")), name


def test_feeds_and_sitemaps_hold_no_element_of_a_name_s_own(sites: Sites) -> None:
    def elements(folder: Path) -> set[str]:
        texts = [text for ending in (".xml", ".svg") for _, text in body_of(folder, ending)]
        assert len(texts) >= 3
        return {one.tag for text in texts for one in ElementTree.fromstring(text).iter()}

    assert elements(sites.hostile) == elements(sites.benign)


def test_no_cell_of_any_table_to_download_runs(sites: Sites) -> None:
    names = set()
    for name, text in body_of(sites.hostile, ".csv"):
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        for row in rows:
            for column in ("key", "name", "lab", "lab_name"):
                cell = row.get(column) or ""
                assert not cell.startswith(FORMULA_STARTS), name
                names.add(cell.removeprefix("'"))
    for field in ("openrouter app_name", "vercel app", "zenmux model"):
        assert set(texts(field, sites.rotation)) <= names, field


def test_no_file_stands_outside_the_site_or_is_a_link(sites: Sites) -> None:
    for path in sites.hostile.rglob("*"):
        assert not path.is_symlink()
        name = path.relative_to(sites.hostile).as_posix()
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", name), name
        assert all(len(part) <= 100 for part in name.split("/"))
    assert sorted(path.name for path in sites.hostile.parent.iterdir()) == ["data", "site"]
