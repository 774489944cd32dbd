"""Every page and file of a whole simulated site: valid, whole, light, usable by everyone."""

import gzip
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from leaderboard.pages import search
from tests.browser import DESKTOP, PHONE, served, visit
from tests.fetching import TODAY
from tests.test_api import problems
from tests.test_search import MOST_BYTES

ROOT = Path(__file__).resolve().parent.parent
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LINKS = {"href", "src", "data-view", "data-index", "data-spec-wide", "data-spec-narrow"}
MOST_VIEW_BYTES = 60 * 1024
TABBABLE = """[...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])"
)].filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility(
  { checkVisibilityCSS: true, contentVisibilityAuto: true }
))"""


class Outline(HTMLParser):
    """Keeps what the walk asks of a page: its links, its anchors, the kind it is of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {"", "top"}
        self.kind = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.links += [value for name, value in attrs if name in LINKS and value is not None]
        if named.get("id"):
            self.anchors.add(str(named["id"]))
        if tag == "main":
            self.kind = (named.get("class") or "").removeprefix("wrap").strip()

    handle_startendtag = handle_starttag


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the whole site from the simulated gateways, as the demo does.

    WHOLE_SITE names one that is built already, for whoever works on a page.
    """
    if "WHOLE_SITE" in os.environ:
        return Path(os.environ["WHOLE_SITE"])
    folder = tmp_path_factory.mktemp("whole")
    command = [sys.executable, str(ROOT / "build.py"), "--demo", "--now", f"{TODAY}T03:00:00Z"]
    done = subprocess.run(
        [*command, "--data", f"{folder}/data", "--out", f"{folder}/site"],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def pages(whole: Path) -> dict[str, Outline]:
    return {
        path.relative_to(whole).as_posix(): Outline(path.read_text(encoding="utf-8"))
        for path in sorted(whole.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def root(whole: Path) -> Iterator[str]:
    with served(whole) as address:
        yield address


def test_all_history_packs_small_and_few_files_are_deployed(whole: Path, tmp_path: Path) -> None:
    """Nearly two years of three gateways stay within what one year may take."""
    data = tmp_path / "data"
    shutil.copytree(whole.parent / "data", data)
    assert len(list(data.rglob("20*.json"))) > 1000
    assert sum(path.stat().st_size for path in data.rglob("*.json")) < 60e6
    git = ["git", "-C", str(data), "-c", "user.name=test", "-c", "user.email=test@example.org"]
    # Else a commit of so many files begins to pack them in the background.
    git += ["-c", "gc.auto=0", "-c", "maintenance.auto=false"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "All of it"], ["gc", "-q"]):
        subprocess.run([*git, *command], check=True, timeout=120)
    (pack,) = (data / ".git/objects/pack").glob("*.pack")
    assert pack.stat().st_size < 15e6
    assert sum(path.is_file() for path in whole.rglob("*")) <= 5000


def parse_errors(text: str) -> list[str]:
    """Give what an HTML parser that follows the standard has to repair."""
    parser = html5lib.HTMLParser()
    parser.parse(text)
    return [f"{place}: {code}" for place, code, _ in parser.errors]


def broken(whole: Path, pages: dict[str, Outline]) -> list[str]:
    """Give every link of the site's own that leads to no file, or to no place in it."""
    held = {path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file()}
    found = []
    for name, page in pages.items():
        for link in page.links:
            url = urllib.parse.urlsplit(link)
            if url.scheme or url.netloc:
                continue
            path = urllib.parse.unquote(url.path)
            target = name
            if path:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
                if path.endswith("/"):
                    target = posixpath.normpath(f"{target}/index.html")
            places = pages[target].anchors if target in pages else {url.fragment}
            if target not in held or url.fragment not in {"", *places}:
                found.append(f"{name}: {link}")
    return found


def one_of_each_kind(pages: dict[str, Outline]) -> dict[str, str]:
    """Pick the longest page of each kind: what can be wrong is likeliest there."""
    picked: dict[str, str] = {}
    for name, page in pages.items():
        kind = page.kind or posixpath.dirname(name).partition("/")[0]
        held = picked.get(kind)
        if held is None or len(page.links) > len(pages[held].links):
            picked[kind] = name
    return picked


def test_every_page_is_valid_html(whole: Path, pages: dict[str, Outline]) -> None:
    wrong = {
        name: errors
        for name in pages
        if (errors := parse_errors((whole / name).read_text(encoding="utf-8")))
    }
    assert wrong == {}
    assert len(pages) > 150


@pytest.mark.parametrize(
    "text",
    [
        "<!doctype html><title>t</title><p><div>a</p>",
        "<!doctype html><title>t</title><p id=a id=b>a",
        "<!doctype html><title>t</title><table><p>a</table>",
        "<!doctype html><title>t</title><a href='x'>a<a href='y'>b</a>",
        "<!doctype html><title>t</title>a &nosuch; b",
        "<p>no doctype",
    ],
)
def test_invalid_html_is_found(text: str) -> None:
    assert parse_errors(text)


def test_the_nu_checker_finds_nothing(whole: Path) -> None:
    """VNU_JAR names the jar that npm's vnu-jar brings."""
    jar = os.environ.get("VNU_JAR", "")
    if not Path(jar).is_file() or shutil.which("java") is None:
        pytest.skip("needs Java, and VNU_JAR to name the Nu checker's jar")
    command = ["java", "-Xss4m", "-jar", jar, "--skip-non-html"]
    # Read from a disk, a page has no origin of its own: its policy then forbids its own assets.
    done = subprocess.run(
        [*command, "--filterpattern", ".*Content Security Policy.*", str(whole)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_no_link_and_no_fragment_leads_nowhere(whole: Path, pages: dict[str, Outline]) -> None:
    assert broken(whole, pages) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    text = '<main class="wrap x"><p id="here"><a href="{}">'
    good, bad = ["", "./", "#here", "../a/#here"], ["../b/", "#there", "../a/#there", "x.csv"]
    for link in (*good, *bad):
        (tmp_path / "a/index.html").write_text(text.format(link))
        outlines = {"a/index.html": Outline(text.format(link))}
        assert bool(broken(tmp_path, outlines)) == (link in bad), link


def test_every_json_document_obeys_its_schema(whole: Path) -> None:
    assert problems(whole) == []


def test_every_entry_of_the_search_index_leads_to_its_place(
    whole: Path, pages: dict[str, Outline]
) -> None:
    body = (whole / search.INDEX).read_bytes()
    assert len(gzip.compress(body)) <= MOST_BYTES
    index = json.loads(body)
    assert len(index["entries"]) > 200
    for _, _, place, *anchor in index["entries"]:
        page = pages[f"{index['pages'][place]}index.html"]
        assert not anchor or anchor[0] in page.anchors


def test_every_page_has_a_title_and_a_description_of_its_own(whole: Path) -> None:
    titles: dict[str, str] = {}
    for path in whole.rglob("index.html"):
        name = path.relative_to(whole).as_posix()
        head = path.read_text(encoding="utf-8").partition("</head>")[0]
        title = re.search(r"<title>(.+?)</title>", head)
        assert title, name
        if "Moved:" in title[1] or name.startswith("apps/"):
            continue  # where somebody's page is now; and two apps may bear one name
        if '<meta name="description"' not in head:
            assert name.endswith("/embed/index.html"), name
            continue
        assert titles.setdefault(title[1], name) == name, title[1]


def sizes() -> list[object]:
    """Give each size and each theme once; every size in every theme in the long run."""
    every = [
        pytest.param(options, theme, id=f"{name}-{theme}")
        for name, options in (("phone", PHONE), ("desktop", DESKTOP))
        for theme in ("light", "dark")
    ]
    return every if os.environ.get("TORTURE") else every[::3]


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for one in found.response["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.mark.browser
@pytest.mark.parametrize(("size", "theme"), sizes())
def test_axe_finds_nothing_on_a_page_of_each_kind(
    browser: Browser, root: str, pages: dict[str, Outline], size: dict[str, object], theme: str
) -> None:
    kinds = one_of_each_kind(pages)
    assert {"home", "gateway", "view", "data", "browse", "status"} <= kinds.keys()
    wrong = {}
    for kind, name in kinds.items():
        with visit(browser, f"{root}{name}", color_scheme=theme, **size) as page:
            found = violations(page)
            if found:
                wrong[kind, name] = found
    assert wrong == {}


@pytest.mark.browser
@pytest.mark.parametrize(("size", "theme"), sizes())
def test_axe_finds_nothing_while_searching(
    browser: Browser, root: str, size: dict[str, object], theme: str
) -> None:
    with visit(browser, root, color_scheme=theme, **size) as page:
        page.keyboard.press("/")
        page.get_by_role("combobox").fill("gpt")
        expect(page.get_by_role("option").first).to_be_visible()
        assert violations(page) == []
        page.get_by_role("combobox").fill("nothing is called so")
        expect(page.get_by_text("Nothing is called")).to_be_visible()
        assert violations(page) == []


@pytest.mark.browser
def test_axe_would_find_something(browser: Browser, root: str) -> None:
    with visit(browser, root, **DESKTOP) as page:
        page.evaluate("document.querySelector('main').append(document.createElement('input'))")
        assert any(found.startswith("label:") for found in violations(page))


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_of_any_kind_is_wider_than_its_screen(
    browser: Browser, root: str, pages: dict[str, Outline], width: int
) -> None:
    wide = {}
    for kind, name in one_of_each_kind(pages).items():
        screen = {"width": width, "height": 800}
        with visit(browser, f"{root}{name}", viewport=screen) as page:
            reach = page.evaluate("document.documentElement.scrollWidth")
            if reach > width:
                wide[kind, name] = reach
    assert wide == {}


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(
    browser: Browser, root: str, size: dict[str, object]
) -> None:
    view = f"{root}zenmux/models/tokens/"
    with visit(browser, view, reduced_motion="reduce", **size) as page:
        count = page.evaluate(
            f"window.stops = {TABBABLE}; stops.forEach((one, n) => one.dataset.stop = n);"
            "stops.length"
        )
        reached = []
        for _ in range(count + 40):
            page.keyboard.press("Tab")
            at = page.evaluate(
                """(() => {
                  const one = document.activeElement;
                  if (!one || one === document.body) return null;
                  const style = getComputedStyle(one);
                  const box = one.getBoundingClientRect();
                  return { stop: one.dataset.stop ?? null, name: one.tagName + "." + one.className,
                    // Of a date's parts the browser marks the one that is reached.
                    marked: one.type === "date"
                      || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
                    seen: box.bottom > 0 && box.top < innerHeight && box.width > 0 };
                })()"""
            )
            if at is None:
                break
            reached.append(at)
        assert reached[0]["name"] == "A.skip"
        stops = {at["stop"] for at in reached}
        assert {str(n) for n in range(count)} <= stops
        assert [at["name"] for at in reached if not at["marked"]] == []
        assert [at["name"] for at in reached if not at["seen"]] == []


@pytest.mark.browser
def test_the_skip_link_leads_past_the_header(browser: Browser, root: str) -> None:
    with visit(browser, root, **DESKTOP) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def weights(browser: Browser, root: str, path: str, whole: Path) -> dict[str, int]:
    """Load a page as a visitor does, touch nothing, and weigh what came, compressed."""
    loaded: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: loaded.append(request.url))
        page.goto(f"{root}{path}", wait_until="networkidle")
    assert all(url.startswith(root) for url in loaded), loaded
    names = [urllib.parse.urlsplit(url).path.lstrip("/") for url in loaded]
    files = [f"{name}index.html" if name.endswith("/") or not name else name for name in names]
    return {
        file: len(gzip.compress((whole / file).read_bytes()))
        for file in files
        if (whole / file).is_file()
    }


@pytest.mark.browser
def test_a_view_weighs_little_before_it_is_touched(
    browser: Browser, root: str, whole: Path, pages: dict[str, Outline]
) -> None:
    views = [name for name, page in pages.items() if page.kind == "view"]
    heaviest = max(views, key=lambda name: len(gzip.compress((whole / name).read_bytes())))
    for name in ("openrouter/models/tokens/index.html", heaviest):
        weighed = weights(browser, root, name.removesuffix("index.html"), whole)
        assert name in weighed
        assert sum(weighed.values()) <= MOST_VIEW_BYTES, (name, weighed)
