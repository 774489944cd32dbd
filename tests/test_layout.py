"""What only a browser can tell: nothing sticks out or is fetched elsewhere, all can be used."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from leaderboard import site
from tests import specimens
from tests.browser import served

PAGES = [
    "",
    "north/",
    "north/models/tokens/",
    "north/models/tokens/7d/",
    "north/labs/tokens/",
    "north/apps/popular/",
    "south/models/cost/",
    "data/",
    "method/",
    "status/",
    "404.html",
]
LONG_NAMES = ["W" * 90, "An app with a name of many quite ordinary words, one after the other", "x"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("layout") / "site"
    readings = specimens.readings(app_names=LONG_NAMES)
    site.render(
        specimens.edition(base_url="", simulated=True),
        readings,
        specimens.statuses(error="503: Service Unavailable"),
        out,
        processes=1,
        cache=None,
    )
    with served(out, "/repo") as found:
        yield found


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_scrolls_sideways_complains_or_asks_anyone_else(browser, address, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "requestfailed",  # one given up because the test walked on is no failure
        lambda r: None if r.failure == "net::ERR_ABORTED" else said.append(f"{r.url} {r.failure}"),
    )
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(f"{address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()
    assert said == []
    assert asked
    assert all(url.startswith(f"{address}") for url in asked)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_breaks_a_rule_of_accessibility(browser, address, scheme, width):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in PAGES:
        page.goto(f"{address}{path}")
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], path
    page.close()


def test_the_narrow_chart_is_for_phones_and_the_wide_one_for_the_rest(browser, address):
    for width, seen, hidden in ((390, "narrow", "wide"), (1440, "wide", "narrow")):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{address}north/models/tokens/")
        assert page.locator(f".chart .{seen}").is_visible()
        assert not page.locator(f".chart .{hidden}").is_visible()
        page.close()


def test_the_keyboard_reaches_the_content_first(browser, address):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}north/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_the_theme_can_be_set_against_the_systems(browser, address):
    page = browser.new_page(color_scheme="light")
    page.goto(f"{address}north/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == dark != light
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert page.evaluate(ground) == light
    page.close()
