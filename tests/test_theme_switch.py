"""Light and dark as the system wishes, and the switch that is remembered."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import DESKTOP, PHONE, until, visit

pytestmark = pytest.mark.browser

LIGHT, DARK = "rgb(251, 250, 247)", "rgb(19, 20, 22)"
WATCH = """
window.seen = [];
new MutationObserver(() => {
  const root = document.documentElement;
  if (root?.dataset.theme) window.seen.push([root.dataset.theme, document.body !== null]);
}).observe(document, { attributes: true, childList: true, subtree: true,
                       attributeFilter: ["data-theme"] });
"""
REFUSE = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("refused"); } });
"""


def paper(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def pressed(page: Page) -> str | None:
    return page.get_by_role("button", name="Dark colours").get_attribute("aria-pressed")


def expect_pressed(page: Page, is_dark: bool) -> None:
    """Wait for the switch to say so: a change of the system reaches the script a moment later."""
    button = page.get_by_role("button", name="Dark colours")
    expect(button).to_have_attribute("aria-pressed", str(is_dark).lower())


def press(page: Page) -> None:
    page.get_by_role("button", name="Dark colours").click()


@pytest.mark.parametrize(("system", "colour"), [("light", LIGHT), ("dark", DARK)])
def test_without_a_choice_the_system_is_followed(browser: Browser, address, system, colour):
    with visit(browser, address, color_scheme=system) as page:
        assert paper(page) == colour
        expect_pressed(page, system == "dark")
        other = "light" if system == "dark" else "dark"
        page.emulate_media(color_scheme=other)
        assert paper(page) != colour
        expect_pressed(page, other == "dark")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_choice_is_remembered_on_every_page(browser: Browser, address, size):
    with visit(browser, address, color_scheme="light", **size) as page:
        press(page)
        assert paper(page) == DARK
        page.goto(f"{address}north/models/tokens/")
        assert paper(page) == DARK
        assert pressed(page) == "true"


def test_choosing_what_the_system_wants_is_following_it_again(browser: Browser, address):
    with visit(browser, address, color_scheme="light") as page:
        press(page)
        press(page)
        assert paper(page) == LIGHT
        assert page.evaluate("localStorage.getItem('theme')") is None
        page.emulate_media(color_scheme="dark")
        assert paper(page) == DARK


def test_the_chosen_colours_are_worn_before_there_is_anything_to_paint(browser: Browser, address):
    with visit(browser, address, color_scheme="light") as page:
        press(page)
        page.add_init_script(WATCH)
        page.reload()
        seen = page.evaluate("window.seen")
        assert seen[0] == ["dark", False]
        assert {theme for theme, _ in seen} == {"dark"}


def test_another_tab_follows(browser: Browser, address):
    with visit(browser, address, color_scheme="light") as page:
        other = page.context.new_page()
        other.goto(address)
        press(page)
        until(other, "document.documentElement.dataset.theme === 'dark'")
        assert pressed(other) == "true"


def test_the_browsers_own_bars_follow_the_choice(browser: Browser, address):
    with visit(browser, address, color_scheme="light") as page:
        metas = page.locator('meta[name="theme-color"]')
        before = [meta.get_attribute("content") for meta in metas.all()]
        press(page)
        assert {meta.get_attribute("content") for meta in metas.all()} == {before[1]}
        press(page)
        assert [meta.get_attribute("content") for meta in metas.all()] == before


def test_where_storage_is_refused_the_switch_works_for_the_page(browser: Browser, address):
    with visit(browser, address, color_scheme="light") as page:
        page.add_init_script(REFUSE)
        page.reload()
        press(page)
        assert paper(page) == DARK
        page.reload()
        assert paper(page) == LIGHT


def test_without_script_the_system_is_followed_and_no_dead_switch_is_shown(
    browser: Browser, address
):
    with visit(browser, address, color_scheme="dark", java_script_enabled=False) as page:
        assert page.get_by_role("button", name="Dark colours").count() == 0
        assert paper(page) == DARK


def test_charts_take_the_chosen_colours(browser: Browser, address):
    with visit(browser, f"{address}north/models/tokens/", color_scheme="light", **DESKTOP) as page:
        ink = """getComputedStyle(document.querySelector('.chart .wide svg text')).fill"""
        before = page.evaluate(ink)
        press(page)
        assert page.evaluate(ink) != before


def test_paper_is_white_whatever_the_screen_wears(browser: Browser, address):
    with visit(browser, f"{address}north/models/tokens/", color_scheme="light") as page:
        press(page)
        page.emulate_media(media="print")
        assert paper(page) == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == (
            "rgb(0, 0, 0)"
        )
        for hidden in (".tools", "header.site nav", ".switches"):
            assert not page.locator(hidden).is_visible()
        assert page.locator(".ranked").is_visible()
        assert page.locator(".source-line").first.is_visible()


def test_who_wants_less_motion_gets_none(browser: Browser, address):
    moving = """[...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return style.animationName !== "none" || style.scrollBehavior === "smooth"
        || style.transitionDuration.split(", ").some((time) => time !== "0s");
    }).length"""
    view = f"{address}north/models/tokens/"
    with visit(browser, view, reduced_motion="reduce") as page:
        assert page.evaluate(moving) == 0
    with visit(browser, view, reduced_motion="no-preference") as page:
        assert page.evaluate(moving) > 0


@pytest.mark.parametrize("system", ["light", "dark"])
def test_who_wants_more_contrast_gets_full_ink(browser: Browser, address, system):
    quiet = "getComputedStyle(document.querySelector('.measure')).color"
    ink = "getComputedStyle(document.body).color"
    with visit(browser, f"{address}north/models/tokens/", color_scheme=system) as page:
        assert page.evaluate(quiet) != page.evaluate(ink)
        page.emulate_media(contrast="more")
        assert page.evaluate(quiet) == page.evaluate(ink)
