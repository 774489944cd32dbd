"""Names that strangers choose, through every field, into a whole site, into a real browser."""

import base64
import csv
import datetime as dt
import hashlib
import html
import io
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import jinja2
import pytest
from playwright.sync_api import Browser

from leaderboard import catalog, status
from leaderboard.pages.downloads import FORMULA_STARTS
from leaderboard.pages.paths import safe_url
from leaderboard.records import Citation, DatasetStatus, Published
from leaderboard.snapshots import Observation, Row, Store
from tests.browser import served
from tests.hostile import CAN_BE_SENT, ESCAPES, RUNS, STRINGS

ROOT = Path(__file__).resolve().parents[1]
TODAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DAYS = tuple(TODAY - dt.timedelta(days=n) for n in (3, 2, 1))
FIELDS = (
    "openrouter model_permaslug",
    "openrouter app_name",
    "openrouter catalogue name",
    "vercel model",
    "vercel lab",
    "vercel app",
    "vercel url",
    "vercel description",
    "vercel provider",
    "zenmux model",
    "zenmux label",
    "zenmux author",
    "error message",
)
ROTATIONS = range(len(FIELDS)) if os.environ.get("TORTURE") else range(1)
"""Each rotation puts another part of the corpus into each field; all of them, all into all."""
MOST_VISITED = 10_000 if os.environ.get("TORTURE") else 150
AT_ONCE = 25

Spell = Callable[[str], str]


def texts(field: str, rotation: int) -> list[str]:
    """Give the part of the corpus that goes into a field."""
    place = (FIELDS.index(field) + rotation) % len(FIELDS)
    return [text for text in CAN_BE_SENT[place :: len(FIELDS)] if text.strip()]


def observation(source: str, dataset: str, date: dt.date, key: str, rows: list[Row]) -> Observation:
    words = f"Source: {source} ({source}.example), as of 2026-11-20T12:00:00Z."
    return Observation(
        source=source,
        dataset=dataset,
        date=date,
        citation=Citation(
            text=words,
            notice=f"{words} Licensed.",
            url=f"https://{source}.example/",
            license="CC-BY-4.0",
            license_url="https://creativecommons.org/licenses/by/4.0/",
        ),
        url=f"https://{source}.example/api",
        published=Published(retrieved_at=NOON, as_of="2026-11-20T12:00:00Z"),
        window={"start_date": "2026-10-21", "end_date": "2026-11-19"}
        if source == "openrouter" and dataset != "rankings-daily"
        else {"starting_at": "2026-10-21", "ending_at": "2026-11-19"}
        if dataset.startswith("leaderboard")
        else None,
        key=tuple(key.split()),
        rows=rows,
    )


def observations(rotation: int, spell: Spell) -> Iterator[Observation]:
    """Give snapshots in which every name that a stranger chooses is one of the corpus."""

    def named(field: str) -> list[tuple[int, str]]:
        return [(n, spell(text)) for n, text in enumerate(texts(field, rotation))]

    listed = [(f"lab-{n}/model-{n}", 10**6 - n) for n, _ in named("openrouter catalogue name")]
    slugs = [(slug, 10**7 - n) for n, slug in named("openrouter model_permaslug")] + listed
    for date in DAYS:
        rows = [
            {"date": str(date), "model_permaslug": slug, "total_tokens": str(tokens)}
            for slug, tokens in slugs
        ]
        yield observation("openrouter", "rankings-daily", date, "model_permaslug", rows)
    apps = [
        {
            "rank": n + 1,
            "app_id": n,
            "app_name": name,
            "total_tokens": str(10**7 - n),
            "total_requests": 9,
        }
        for n, name in named("openrouter app_name")
    ]
    for dataset in ("apps-popular-30d", "apps-coding--cli-agent-30d"):
        yield observation("openrouter", dataset, DAYS[-1], "app_id", apps)

    for dataset, group in (("models-text", "model"), ("labs-text", "lab")):
        names = named(f"vercel {group}")
        for date in DAYS:
            shares = [
                {
                    "date": str(date),
                    "group": group,
                    "name": name,
                    "metric": "tokens",
                    "modality": "text",
                    "share_percent": round(90 / 2 ** min(n + 1, 12), 4),
                }
                for n, name in names
            ]
            yield observation("vercel", dataset, date, "metric name", shares)
    addresses = [address for _, address in named("vercel url")]
    abouts = [about for _, about in named("vercel description")]
    for dataset, field in (("apps", "vercel app"), ("providers", "vercel provider")):
        ranked = [
            {
                "rank": n + 1,
                "name": name,
                "ranked_by": "Token Volume",
                "url": addresses[n % len(addresses)],
                "description": abouts[n % len(abouts)],
            }
            for n, name in named(field)
        ]
        yield observation("vercel", dataset, TODAY, "ranked_by name", ranked)

    labels = [label for _, label in named("zenmux label")]
    authors = [author for _, author in named("zenmux author")]
    models = [
        {
            "rank": n + 1,
            "model": slug,
            "label": labels[n % len(labels)],
            "author": authors[n % len(authors)],
            "author_label": labels[-1 - n % len(labels)],
            "value": 10**7 - n,
        }
        for n, slug in named("zenmux model")
    ]
    yield observation("zenmux", "leaderboard-tokens-30d", DAYS[-1], "model", models)
    for date in DAYS:
        daily = [{key: row[key] for key in ("model", "label", "value")} for row in models]
        yield observation("zenmux", "timeseries-tokens", date, "model", daily)
        labs = [
            {"author": author, "label": labels[-1 - n % len(labels)], "value": 10**7 - n}
            for n, author in enumerate(authors)
        ]
        yield observation("zenmux", "market-share-tokens", date, "author", labs)


def build(folder: Path, rotation: int, spell: Spell) -> Path:
    """Save such snapshots, catalogue and status, and render them with the command."""
    store = Store(folder / "data")
    for seen in observations(rotation, spell):
        store.save(seen)
    names = [spell(text) for text in texts("openrouter catalogue name", rotation)]
    entries = [
        {"id": f"lab-{n}/model-{n}", "canonical_slug": f"lab-{n}/model-{n}", "name": name}
        for n, name in enumerate(names)
    ]
    known = catalog.load_catalogue(store.root, "openrouter")
    catalog.save_catalogue(store.root, catalog.accumulate(known, entries, TODAY))
    errors = [spell(text) for text in texts("error message", rotation)]
    status.save(
        store.root,
        [
            DatasetStatus(
                source="vercel" if n % 2 else "openrouter",
                dataset=f"dataset-{n}",
                last_attempt=NOON,
                last_success=None,
                data_through=DAYS[-1],
                error=error,
                unknown_fields=(error[:60],),
            )
            for n, error in enumerate(errors)
        ],
    )
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "build.py"),
            "--no-fetch",
            *("--data", str(store.root), "--out", str(folder / "site")),
            *("--now", "2026-11-20T15:00:00Z", "--base-url", "https://leaderboard.example/repo"),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "could not be drawn" not in done.stderr
    return folder / "site"


def plain(text: str) -> str:
    """Give a harmless name instead, another for each text; an address for an address."""
    number = STRINGS.index(text)
    return f"https://plain.example/{number}" if safe_url(text) else f"Plain name {number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The same site twice: with the corpus in it, and with plain names."""

    rotation: int
    hostile: Path
    benign: Path


@pytest.fixture(scope="module", params=ROTATIONS)
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    folder = tmp_path_factory.mktemp("hostile")
    return Sites(
        rotation=request.param,
        hostile=build(folder / "hostile", request.param, str),
        benign=build(folder / "benign", request.param, plain),
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
  const shown = await Promise.all(addresses.map((address) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.width = 1000; frame.height = 800;
    frame.addEventListener("load", () => done(frame), {once: true});
    frame.src = address;
    document.body.append(frame);
  })));
  for (const frame of shown) {  // point at what answers to pointing
    for (const one of frame.contentDocument.querySelectorAll(".chart, figure, [data-view], th")) {
      for (const kind of ["pointerover", "pointerenter", "pointermove", "mouseover", "focusin"]) {
        one.dispatchEvent(new Event(kind, {bubbles: true}));
      }
    }
  }
  await new Promise((done) => setTimeout(done, 250));
  return shown.map((frame) => {
    const page = frame.contentDocument;
    const skeleton = new Set();
    const links = new Set();
    for (const one of page.querySelectorAll("*")) {
      skeleton.add(`${one.localName} ${one.getAttributeNames().sort()}`);
      for (const name of ["href", "src", "action", "xlink:href", "data", "srcset", "poster"]) {
        if (one.hasAttribute(name)) links.add(`${one.localName} ${one.getAttribute(name)}`);
      }
    }
    return {kind: page.querySelector("main")?.className ?? "", skeleton: [...skeleton],
            links: [...links], title: page.title};
  });
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


def visited(browser: Browser, folder: Path, names: Sequence[str]) -> Seen:
    """Open pages in a real browser, some side by side, and note all that must not happen."""
    seen = Seen(fired=[], violations=[], elsewhere=[], dialogs=[], pages=[])
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
        context.close()
    (folder / "frames.html").unlink()
    seen.fired, seen.violations = watched["fired"], watched["violations"]
    return seen


def pages_of(folder: Path) -> list[str]:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    step = -(-len(names) // MOST_VISITED)
    return names[::step]


def body_of(folder: Path, ending: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob(f"*{ending}")):
        yield path.relative_to(folder).as_posix(), path.read_bytes().decode("utf-8")


def test_there_are_more_strings_than_were_ever_thrown_before() -> None:
    assert len(STRINGS) >= 722
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
    for seen in (hostile, benign):
        assert seen.fired == []
        assert seen.dialogs == []
        assert seen.elsewhere == []
        assert seen.violations == []
        assert all(page["kind"] for page in seen.pages)
    known: dict[object, set[str]] = {}
    for page in benign.pages:
        known.setdefault(page["kind"], set()).update(page["skeleton"])  # type: ignore[call-overload]
    for page in hostile.pages:
        assert set(page["skeleton"]) <= known[page["kind"]], page["title"]  # type: ignore[call-overload]


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
        if field not in ("vercel url", "error message", "openrouter catalogue name"):
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


def test_feeds_and_sitemaps_are_whole_xml(sites: Sites) -> None:
    found = 0
    for ending in (".xml", ".atom", ".rss"):
        for name, text in body_of(sites.hostile, ending):
            assert ElementTree.fromstring(text.encode()) is not None, name
            found += 1
    assert found >= 1


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
