"""Everything can be found: from the index, from the page that lists it, from the keyboard."""

import dataclasses
import gzip
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.pages import search
from tests import specimens
from tests.browser import DESKTOP, PHONE, visit
from tests.test_pages import build
from tests.test_site import Parsed, render

MOST_BYTES = 60 * 1024


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "site"
    render(out)
    return out


def index_of(site: Path) -> dict[str, list[list[object]]]:
    content: dict[str, list[list[object]]] = json.loads((site / search.INDEX).read_bytes())
    return content


def misplaced(site: Path) -> list[list[object]]:
    """Give the entries that lead to no page, or to no place on it."""
    index = index_of(site)
    anchors = {
        number: {attributes.get("id") for _, attributes in Parsed(file.read_text()).tags}
        for number, page in enumerate(index["pages"])
        if (file := site / f"{page}index.html").is_file()
    }
    return [
        entry
        for entry in index["entries"]
        if entry[2] not in anchors or (len(entry) > 3 and entry[3] not in anchors[entry[2]])
    ]


def test_every_entry_leads_to_its_place(published):
    assert misplaced(published) == []


def test_an_entry_that_leads_nowhere_is_found(published, tmp_path):
    site = tmp_path / "site"
    render(site)
    index = index_of(site)
    index["entries"].append(["Nobody", "Model", 0, "not-there"])
    (site / search.INDEX).write_text(json.dumps(index))
    assert misplaced(site) == [["Nobody", "Model", 0, "not-there"]]


def test_every_board_and_every_entity_can_be_found(published):
    names = {entry[0] for entry in index_of(published)["entries"]}
    assert {"North Gate", "Models by tokens", "Labs by tokens", "Popular apps"} <= names
    assert {"Popular apps by requests", "First App", "Third App"} <= names
    for reading in specimens.readings():
        for board in reading.boards:
            assert {entity.name for entity in board.entities.values()} <= names


def test_boards_come_before_entities_and_leaders_before_the_rest(published):
    entries = index_of(published)["entries"]
    notes = [str(entry[1]) for entry in entries]
    first = next(n for n, note in enumerate(notes) if not note.startswith(("Gateway", "Board")))
    assert not any(note.startswith(("Gateway", "Board")) for note in notes[first:])
    names = [entry[0] for entry in entries]
    assert names.index("First App") < names.index("Third App")


def test_whoever_left_every_list_shown_first_is_found_in_a_longer_window():
    figures = [{"alpha/large": 100, "gamma/old": 50}] * 40 + [{"alpha/large": 100}] * 31
    north, south = specimens.readings(specimens.models_board(figures))
    found = search.entities(build((north, south)))
    assert "Old" in {one.name for one in found}


def test_the_list_of_all_names_has_each_once_under_its_letter(published):
    page = Parsed((published / "browse/index.html").read_text())
    assert "First App" in page.text
    links = [a["href"] for a in page.every("a")]
    for entry in index_of(published)["entries"]:
        target = f"../{index_of(published)['pages'][entry[2]]}"
        if len(entry) > 3:
            target += f"#{entry[3]}"
        assert target in links


def test_a_hostile_name_stays_text_in_the_index(tmp_path):
    name = '<img src=x onerror="alert(1)">'
    render(tmp_path / "site", readings=specimens.readings(app_names=[name]))
    assert name in {entry[0] for entry in index_of(tmp_path / "site")["entries"]}


def test_the_index_is_small(small_site):
    assert len(gzip.compress((small_site / search.INDEX).read_bytes())) <= MOST_BYTES


def test_a_site_without_data_has_an_empty_list(tmp_path):
    empty = tuple(dataclasses.replace(r, boards=()) for r in specimens.readings())
    render(tmp_path / "site", readings=empty, statuses=())
    assert "No source has any data yet." in (tmp_path / "site/browse/index.html").read_text()


def ask(page: Page, question: str) -> None:
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search").fill(question)


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "north/models/tokens/90d/", "status/", "404.html"])
def test_a_slash_and_a_name_and_enter_lead_there_from_any_page(browser: Browser, address, path):
    with visit(browser, f"{address}{path}", **DESKTOP) as page:
        ask(page, "south")
        options = page.get_by_role("option")
        expect(options.first).to_contain_text("South Gate")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}south/")


@pytest.mark.browser
def test_the_index_is_fetched_when_search_is_first_opened_and_once(browser: Browser, address):
    asked = []
    with visit(browser, address, **DESKTOP) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.mouse.move(5, 5)
        assert not any("search.json" in url for url in asked)
        for _ in range(2):
            ask(page, "app")
            expect(page.get_by_role("option").first).to_be_visible()
            page.keyboard.press("Escape")
            # A key pressed before it has closed would go into it.
            expect(page.get_by_role("combobox")).to_be_hidden()
    assert sum("search.json" in url for url in asked) == 1


@pytest.mark.browser
def test_arrows_choose_and_the_choice_is_told(browser: Browser, address):
    with visit(browser, address, **DESKTOP) as page:
        ask(page, "app 1")
        box = page.get_by_role("combobox")
        options = page.get_by_role("option")
        expect(options.first).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        expect(options.first).to_have_attribute("aria-selected", "false")
        chosen = options.nth(1).get_attribute("id")
        assert box.get_attribute("aria-activedescendant") == chosen
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(options.last).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("status").filter(has_text="found")).to_be_visible()
        assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"


@pytest.mark.browser
def test_results_are_links_that_can_be_opened_apart(browser: Browser, address):
    with visit(browser, f"{address}north/", **DESKTOP) as page:
        ask(page, "popular apps by req")
        option = page.get_by_role("option").first
        expect(option).to_contain_text("Popular apps by requests")
        assert option.evaluate("one => one.tagName + one.href") == (
            f"A{address}north/apps/popular/requests/"
        )
        option.click()
        page.wait_for_url(f"{address}north/apps/popular/requests/")


@pytest.mark.browser
@pytest.mark.parametrize("question", ["Model-28", "model28", "MODEL 28", "28 mod"])
def test_spelling_does_not_matter(browser: Browser, address, question):
    with visit(browser, address, **DESKTOP) as page:
        ask(page, question)
        expect(page.get_by_role("option").first).to_contain_text("Model-28")


@pytest.mark.browser
def test_a_lab_finds_its_models(browser: Browser, address):
    with visit(browser, address, **DESKTOP) as page:
        ask(page, "deepseek model")
        expect(page.get_by_role("option").first).to_contain_text("Model-")


@pytest.mark.browser
def test_escape_closes_and_focus_returns(browser: Browser, address):
    with visit(browser, address, **DESKTOP) as page:
        opener = page.get_by_role("button", name="Search")
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(opener).to_be_focused()


@pytest.mark.browser
def test_what_is_not_there_is_said_to_be_not_there(browser: Browser, address):
    with visit(browser, address, **DESKTOP) as page:
        ask(page, "qwxyz")
        expect(page.get_by_text("Nothing is called “qwxyz” here.")).to_be_visible()
        expect(page.get_by_role("listbox")).to_have_count(0)
        expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")


@pytest.mark.browser
def test_a_slash_in_a_field_is_a_slash(browser: Browser, address):
    with visit(browser, f"{address}north/models/tokens/", **DESKTOP) as page:
        page.evaluate("document.querySelector('main').append(document.createElement('input'))")
        page.locator("main > input").focus()
        page.keyboard.press("/")
        assert page.locator("main > input").input_value() == "/"
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.browser
def test_it_works_under_a_thumb(browser: Browser, address):
    with visit(browser, f"{address}north/models/tokens/", **PHONE) as page:
        page.get_by_role("button", name="Search").tap()
        page.get_by_role("combobox").fill("app 3")
        option = page.get_by_role("option").first
        expect(option).to_be_visible()
        box = option.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        option.tap()
        page.wait_for_url(f"{address}apps/north/103/")


@pytest.mark.browser
def test_where_the_index_fails_the_list_is_offered(browser: Browser, address):
    with visit(browser, address, expected=("search.json", "404"), **DESKTOP) as page:
        page.route("**/search.json", lambda route: route.fulfill(status=404))
        page.keyboard.press("/")
        expect(page.get_by_text("The index could not be loaded.")).to_be_visible()
        page.get_by_role("dialog").get_by_role("link", name="All boards and names").click()
        page.wait_for_url(f"{address}browse/")


@pytest.mark.browser
def test_without_script_the_header_leads_to_the_list(browser: Browser, address):
    with visit(browser, address, java_script_enabled=False, **DESKTOP) as page:
        page.get_by_role("banner").get_by_role("link", name="Search").click()
        page.wait_for_url(f"{address}browse/")
        expect(page.get_by_role("link", name="Popular apps", exact=True)).to_be_visible()
