"""The chart alive, driven as readers do: by mouse, finger and keyboard, on phones and desks."""

import base64
import contextlib
import datetime as dt
import hashlib
import json
import random
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from leaderboard import boards, words
from leaderboard.charts import bundle
from leaderboard.records import Row, View
from tests import specimens
from tests.browser import DESKTOP, GAP, PHONE, long_board, served, until, visit

pytestmark = pytest.mark.browser

BOARD = "north/models/tokens/"
APPS = "north/apps/popular/"
FLOORS = {
    "vega": (6, 4, 0),
    "vega-functions": (6, 1, 1),
    "vega-selections": (6, 1, 2),
    "vega-interpreter": (2, 2, 1),
    "vega-expression": (6, 1, 0),
}
SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) {
      window.shifts.push([value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80))]);
    }
  }).observe({ type: "layout-shift" });
}"""
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def shown() -> dict[str | None, View]:
    """The board's views as built, to hold the page against."""
    north, _ = specimens.readings(long_board())
    return {view.window: view for view in boards.views(north.boards[0])}


def wake(page: Page) -> None:
    page.locator(".surface").focus()
    page.wait_for_selector(".chart[data-alive]")
    # Once alive, the page may still be carrying out what woke it.
    until(page, "document.querySelector('.surface').ariaValueMax !== '0'")


def plot(page: Page) -> dict[str, float]:
    """Give where the plot stands on the screen, from the published layout."""
    box = page.locator(".chart .live svg").bounding_box()
    assert box is not None
    spec = page.evaluate(
        """async () => {
          const {dataset} = document.querySelector("figure[data-renderer]");
          const narrow = matchMedia("(max-width: 48rem)").matches;
          return (await fetch(narrow ? dataset.specNarrow : dataset.specWide)).json();
        }"""
    )
    pad, total = spec["padding"], spec["width"] + spec["padding"]["left"] + spec["padding"]["right"]
    scale = box["width"] / total
    return {
        "x": box["x"] + pad["left"] * scale,
        "y": box["y"] + pad["top"] * scale,
        "width": spec["width"] * scale,
        "height": spec["height"] * scale,
        "scale": scale,
    }


def spot(page: Page, day: int, of: int, height: float = 0.5) -> tuple[float, float]:
    """Give where one of *of* days stands on the screen, at a height of the plot."""
    where = plot(page)
    return (
        where["x"] + where["width"] * day / (of - 1),
        where["y"] + where["height"] * height,
    )


def figures(page: Page) -> dict[str, str]:
    """Give the table's column of the day, by entity."""
    cells = page.locator("table.ranked tbody tr[data-key]").evaluate_all(
        "lines => lines.map(l => [l.dataset.key, l.querySelector('.newest').textContent])"
    )
    return dict(cells)


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.evaluate("location.href")).query)


def expect_query(page: Page, **expected: list[str]) -> None:
    """Wait until the address holds these parameters alone: it follows after a moment."""
    with contextlib.suppress(TimeoutError):
        until(page, lambda: query(page) == expected)
    assert query(page) == expected


def the_held(page: Page, held: list[Route]) -> Route:
    """Wait until the one request that is held back has been made."""
    until(page, lambda: held)
    (route,) = held
    return route


def of_day(view: View, position: int) -> dict[str, str]:
    """Print each row's share of a day, as the page must."""
    rows: list[Row] = [*view.rows, *([view.others] if view.others else [])]
    return {row.entity.key: words.percent(row.history[position]) for row in rows}


def placed(element: Locator) -> list[float]:
    """Give where an element stands in the document, however far that is scrolled."""
    box: list[float] = element.evaluate(
        """e => {
          const box = e.getBoundingClientRect();
          return [box.x, box.y + scrollY, box.width, box.height];
        }"""
    )
    return box


def texts(page: Page) -> list[str]:
    return page.locator(".chart .live text").all_text_contents()


def order(page: Page) -> list[str]:
    return page.locator("table.ranked tbody tr[data-key]:visible:not(.others)").evaluate_all(
        "lines => lines.map(l => l.dataset.key)"
    )


# What is served


def test_the_script_served_is_of_releases_without_known_holes() -> None:
    import vl_convert  # type: ignore[import-untyped]

    script = bundle.script().decode()
    assert f'"{vl_convert.get_vega_version()}"' in script
    (library,) = Path(vl_convert.__file__).parent.glob("vl_convert*.so")
    bundled: dict[str, set[tuple[int, ...]]] = {name: set() for name in FLOORS}
    for name, version in re.findall(
        rb"Original file: /npm/(vega[a-z-]*)@(\d+\.\d+\.\d+)", library.read_bytes()
    ):
        if name.decode() in bundled:
            bundled[name.decode()].add(tuple(map(int, version.split(b"."))))
    bundled["vega"].add(tuple(map(int, vl_convert.get_vega_version().split("."))))
    for name, floor in FLOORS.items():
        assert bundled[name], name
        assert min(bundled[name]) >= floor, name


def test_the_script_is_made_once_for_a_cache(tmp_path: Path) -> None:
    made = bundle.script(tmp_path)
    assert made.startswith(b"/* Vega ")
    (kept,) = tmp_path.iterdir()
    stamp = kept.stat().st_mtime_ns
    assert bundle.script(tmp_path) == made
    assert kept.stat().st_mtime_ns == stamp
    kept.write_bytes(kept.read_bytes()[:-1])
    assert bundle.script(tmp_path) == made
    assert kept.stat().st_mtime_ns != stamp


def test_the_living_spec_is_the_one_drawn_with_its_credit(small_site: Path) -> None:
    for layout in ("wide", "narrow"):
        spec = json.loads((small_site / f"charts/{BOARD[:-1]}.{layout}.json").read_bytes())
        (credit,) = spec["datasets"]["credit"]
        assert credit["citation"] == specimens.OPEN.text
        assert len(spec["datasets"]["series"]) == 30
        page = (small_site / BOARD / "index.html").read_text()
        for name in spec["datasets"]["names"]:
            assert f">{name['text']}</text>" in page


def test_every_chart_page_names_the_script_and_its_hash(small_site: Path) -> None:
    page = (small_site / BOARD / "index.html").read_text()
    (path,) = re.findall(r'data-renderer="[./]*(assets/vega-[0-9a-f]+\.js)"', page)
    (integrity,) = re.findall(r'data-renderer-integrity="([^"]+)"', page)
    digest = hashlib.sha384((small_site / path).read_bytes()).digest()
    assert integrity == f"sha384-{base64.b64encode(digest).decode()}"


def test_every_script_it_runs_is_checked_against_its_hash(browser: Browser, address: str) -> None:
    with visit(browser, address + BOARD, **DESKTOP) as page:
        wake(page)
        page.keyboard.press("ArrowLeft")
        expect(page.locator("th.newest")).to_have_text("29 Jun")
        named = page.evaluate(
            """() => [...document.querySelectorAll("[integrity]")]
              .map((e) => [e.src || e.href, e.integrity])"""
        )
        loaded = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
        scripts = {name for name in loaded if name.endswith(".js")}
        assert {re.sub("-.*", "", name.rpartition("/")[2]) for name in scripts} == {
            "early",
            "site",
            "chart",
            "vega",
        }
        assert scripts <= {address for address, _ in named}
        for source, integrity in named:
            body = page.request.get(source).body()
            digest = base64.b64encode(hashlib.sha384(body).digest()).decode()
            assert integrity == f"sha384-{digest}", source


# Coming alive


@SIZES
def test_nothing_of_it_is_loaded_before_it_is_needed(
    browser: Browser, address: str, size: dict[str, object]
) -> None:
    with visit(browser, address + BOARD, **size) as page:
        page.wait_for_timeout(300)
        loaded = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
        assert not any(
            part in name
            for name in loaded
            for part in ("vega-", "chart-", "tokens.json", "charts/")
        )
        assert page.locator(".chart svg:visible").count() == 1


@SIZES
def test_it_takes_the_still_charts_place_without_moving_anything(
    browser: Browser, address: str, size: dict[str, object]
) -> None:
    with visit(browser, address + BOARD, **size) as page:
        page.evaluate(SHIFTS)
        layout = ".narrow" if size is PHONE else ".wide"
        still = page.locator(f".chart {layout} svg")
        before, words_before = placed(still), set(still.locator("text").all_text_contents())
        wake(page)
        after = page.locator(f".chart {layout} .live svg")
        assert placed(after) == pytest.approx(before, abs=0.5)
        assert set(after.locator("text").all_text_contents()) == words_before
        assert page.locator(f".chart {layout} svg").count() == 1
        assert page.evaluate("window.shifts") == []


@SIZES
@pytest.mark.parametrize("path", [BOARD, APPS, ""])
def test_scripts_that_come_late_move_nothing(
    browser: Browser, address: str, size: dict[str, object], path: str
) -> None:
    """Nor do the marks of stale data, which this site's is by now."""
    with visit(browser, f"{address}404.html", **size) as page:
        held: list[Route] = []
        page.route("**/assets/site-*.js", lambda route: held.append(route))
        page.add_init_script(f"({SHIFTS})()")
        page.goto(address + path, wait_until="commit")
        page.wait_for_selector("footer")
        script = the_held(page, held)
        expect(page.locator("[data-stale-mark]").first).to_be_visible()
        assert not page.locator(".pick").count()
        script.continue_()
        if path:
            page.wait_for_selector(".pick")
        page.wait_for_load_state("load")
        page.wait_for_timeout(300)
        assert page.evaluate("window.shifts") == []


@SIZES
@pytest.mark.parametrize("path", [BOARD, ""])
def test_a_page_that_comes_in_pieces_moves_nothing(
    browser: Browser, small_site: Path, size: dict[str, object], path: str
) -> None:
    with (
        served(small_site, in_pieces=True) as address,
        visit(browser, f"{address}404.html", **size) as page,
    ):
        page.add_init_script(f"({SHIFTS})()")
        page.goto(address + path)
        assert page.evaluate("window.shifts") == []


def test_pointing_is_answered_while_the_renderer_is_on_its_way(
    browser: Browser, address: str, shown: dict[str | None, View]
) -> None:
    with visit(browser, address + BOARD, **DESKTOP) as page:
        held: list[Route] = []
        page.route("**/vega-*.js", lambda route: held.append(route))
        still = page.locator(".chart .wide svg").bounding_box()
        assert still is not None
        page.mouse.move(still["x"] + 300, still["y"] + 150)
        expect(page.locator("table[data-reading]")).to_be_visible()
        date = dt.date.fromisoformat(page.locator("th.newest").get_attribute("data-day") or "")
        position = shown["30d"].dates.index(date)
        assert figures(page) == of_day(shown["30d"], position)
        early = page.locator(".chart .rule").bounding_box()
        assert early is not None
        assert early["height"] > 100
        assert not page.locator(".live").count()
        the_held(page, held).continue_()
        page.wait_for_selector(".chart[data-alive]")
        rules = [line.bounding_box() for line in page.locator(".live .mark-rule line").all()]
        assert any(
            (rule["x"], rule["y"], rule["height"])
            == pytest.approx((early["x"], early["y"], early["height"]), abs=2)
            for rule in rules
            if rule
        )
        expect(page.locator(".chart .rule")).to_have_count(0)
        assert figures(page) == of_day(shown["30d"], position)


def test_alive_it_looks_as_it_did_still(browser: Browser, address: str) -> None:
    for scheme in ("light", "dark"):
        with visit(browser, address + BOARD, color_scheme=scheme, **DESKTOP) as page:
            fills = "paths => paths.map(p => getComputedStyle(p).fill).filter(f => f !== 'none')"
            still = page.locator(".chart .wide path[fill]").evaluate_all(fills)
            wake(page)
            alive = page.locator(".chart .live .mark-area path").evaluate_all(fills)
            assert alive == still[: len(alive)]
            page.evaluate("document.documentElement.dataset.theme = 'dark'")
            ink = page.locator(".chart .live .mark-text text").last
            assert ink.evaluate("e => getComputedStyle(e).fill") != "rgb(26, 29, 33)"


def test_without_script_the_page_is_whole(browser: Browser, address: str) -> None:
    with visit(browser, address + BOARD, java_script_enabled=False, **DESKTOP) as page:
        assert page.locator("table.ranked tbody tr").count() == 31
        assert page.locator("table.ranked tbody tr:visible").count() == 31
        assert page.locator(".chart .wide svg").is_visible()
        for gone in (".chart-tools", ".table-tools"):
            assert page.locator(gone).bounding_box() in (None, {"x": 0, "y": 0})
        assert page.locator("main button:visible, main input:visible").count() == 0


@pytest.mark.parametrize(
    "lost", ["**/vega-*.js", "**/chart-*.js", "**/tokens.json", "**/*.wide.json"]
)
def test_the_still_chart_stays_where_anything_cannot_be_loaded(
    browser: Browser, address: str, lost: str
) -> None:
    with visit(browser, address, expected=("failed", "ERR_FAILED"), **DESKTOP) as page:
        page.route(lost, lambda route: route.abort())
        page.goto(address + BOARD)
        page.locator(".surface").hover()
        expect(page.get_by_text("could not be loaded")).to_be_visible()
        assert page.locator(".chart .wide svg text").count() > 20
        assert not page.locator(".live").count()
        page.get_by_role("button", name="Rank").click()
        page.unroute(lost)
        page.mouse.move(1, 1)
        page.locator(".surface").hover()
        page.wait_for_selector(".chart[data-alive]")
        expect(page.get_by_text("could not be loaded")).to_be_hidden()


@pytest.mark.parametrize("changed", ["**/vega-*.js", "**/chart-*.js"])
def test_a_script_that_is_not_the_one_named_is_not_run(
    browser: Browser, address: str, changed: str
) -> None:
    with visit(browser, address, expected=("integrity", "failed"), **DESKTOP) as page:
        page.route(
            changed,
            lambda route: route.fulfill(
                body="document.title = 'taken'", content_type="text/javascript"
            ),
        )
        page.goto(address + BOARD)
        page.locator(".surface").hover()
        expect(page.get_by_text("could not be loaded")).to_be_visible()
        assert page.title() != "taken"


# Reading days


def test_pointing_at_a_day_turns_the_figures_into_that_days(
    browser: Browser, address: str, shown: dict[str | None, View]
) -> None:
    view = shown["30d"]
    with visit(browser, address + BOARD, **DESKTOP) as page:
        newest = figures(page)
        assert newest == of_day(view, 29)
        wake(page)
        for day in (0, 11, 28):
            page.mouse.move(*spot(page, day, 30))
            head = page.locator("th.newest")
            expect(head).to_have_text(words.short_day(view.dates[day]))
            assert head.get_attribute("data-day") == view.dates[day].isoformat()
            assert figures(page) == of_day(view, day)
            assert page.locator(".chart .live .mark-rule line").count() > 0
            written = texts(page)
            assert words.short_day(view.dates[day]) in written
            assert words.percent(view.rows[0].history[day]) in written
        page.mouse.move(5, 5)
        expect(page.locator("th.newest")).to_have_text("30 Jun")
        assert figures(page) == newest
        assert words.percent(view.rows[0].history[29]) in texts(page)


def test_a_day_without_data_says_so(browser: Browser, address: str) -> None:
    with visit(browser, address + BOARD, **DESKTOP) as page:
        wake(page)
        page.mouse.move(*spot(page, 23, 30))
        expect(page.locator("th.newest")).to_have_text(words.short_day(GAP))
        assert set(figures(page).values()) == {words.NOT_KNOWN}
        assert f"{words.short_day(GAP)}: no data" in texts(page)
        expect(page.locator("figure > p[role=status]")).to_have_text("24 June 2026: no data.")


@SIZES
def test_arrows_step_through_the_days_and_escape_returns(
    browser: Browser, address: str, shown: dict[str | None, View], size: dict[str, object]
) -> None:
    view = shown["30d"]
    with visit(browser, address + BOARD, **size) as page:
        wake(page)
        slider = page.get_by_role("slider", name="Day shown")
        for key in ("ArrowLeft", "ArrowLeft", "PageDown", "ArrowRight"):
            page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", words.day(view.dates[21]))
        expect(page.locator("th.newest")).to_have_text(words.short_day(view.dates[21]))
        assert figures(page) == of_day(view, 21)
        assert page.locator("td.newest").first.is_visible()
        expect_query(page, day=[view.dates[21].isoformat()])
        spoken = page.locator("figure > p[role=status]")
        expect(spoken).to_contain_text(f"{words.day(view.dates[21])}: Model-0")
        assert words.percent(view.rows[0].history[21]) in spoken.inner_text()
        page.keyboard.press("Home")
        expect(slider).to_have_attribute("aria-valuenow", "0")
        page.keyboard.press("Escape")
        expect(page.locator("th.newest")).to_have_text("30 Jun")
        assert figures(page) == of_day(view, 29)
        expect_query(page)


def test_keys_pressed_before_it_is_alive_count(browser: Browser, address: str) -> None:
    with visit(browser, address + BOARD, **DESKTOP) as page:
        page.locator(".surface").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(page.locator("th.newest")).to_have_text("28 Jun")


def test_a_tap_shows_the_day_and_a_swipe_scrolls_the_page(
    browser: Browser, address: str, shown: dict[str | None, View]
) -> None:
    view = shown["30d"]
    with visit(browser, address + BOARD, **PHONE) as page:
        page.locator(".chart").scroll_into_view_if_needed()
        page.locator(".surface").tap()
        page.wait_for_selector(".chart[data-alive]")
        expect(page.locator("th.newest")).not_to_have_text("30 Jun")
        page.touchscreen.tap(*spot(page, 9, 30))
        expect(page.locator("th.newest")).to_have_text(words.short_day(view.dates[9]))
        assert figures(page) == of_day(view, 9)
        page.touchscreen.tap(*spot(page, 9, 30))
        expect(page.locator("th.newest")).to_have_text("30 Jun")
        assert page.locator(".surface").evaluate("e => getComputedStyle(e).touchAction") == (
            "pan-y pinch-zoom"
        )
        before = page.evaluate("scrollY")
        x, y = spot(page, 15, 30)
        finger = page.context.new_cdp_session(page)
        for kind, at in [
            ("touchStart", [y]),
            *(("touchMove", [y - 20 * step]) for step in range(1, 12)),
            ("touchEnd", []),
        ]:
            points = [{"x": x, "y": height} for height in at]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        until(page, "(y) => scrollY > y", before + 100)


def test_long_charts_snap_to_their_means_and_say_so(
    browser: Browser, address: str, shown: dict[str | None, View]
) -> None:
    view = shown["1y"]
    with visit(browser, f"{address}{BOARD}1y/", **DESKTOP) as page:
        wake(page)
        assert figures(page) == of_day(view, len(view.dates) - 1)
        page.keyboard.press("ArrowLeft")
        expect(page.locator("th.newest")).to_have_text("7 days to 23 Jun")
        week = [view.rows[0].history[i] for i in range(-14, -7)]
        mean = sum(share or 0 for share in week) / 7
        assert figures(page)[view.rows[0].entity.key] == words.percent(mean)
        assert "to 23 Jun" in texts(page)
        assert page.get_by_text("The chart shows weekly means").is_visible()


def test_the_first_hover_answers_at_once(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}{BOARD}1y/", **DESKTOP) as page:
        wake(page)
        x, y = spot(page, 30, 52)
        # Before the event is over, without a timer or a request: make bench says how soon.
        told = page.evaluate(
            """([x, y]) => {
              const at = {clientX: x, clientY: y, pointerType: "mouse"};
              document.querySelector(".surface").dispatchEvent(new PointerEvent("pointermove", at));
              return document.querySelector("th.newest").textContent;
            }""",
            [x, y],
        )
        assert told.startswith("7 days to ")


# Picking


def opacities(page: Page) -> list[float]:
    paths = page.locator(".chart .live .mark-area path, .chart .live .layer_0_pathgroup path")
    return paths.evaluate_all(
        "paths => paths.filter(p => p.getAttribute('opacity') !== null"
        " && p.getAttribute('fill') !== 'none' && p.getAttribute('d'))"
        ".map(p => Number(p.getAttribute('opacity')))"
    )


@SIZES
def test_rows_labels_and_swatches_pick_entities(
    browser: Browser, address: str, size: dict[str, object]
) -> None:
    with visit(browser, address + BOARD, **size) as page:
        row = page.locator('tr[data-key="google/model-2"]')
        row.locator("td.share").click()
        page.wait_for_selector(".chart[data-alive]")
        expect(row).to_have_class(re.compile("picked"))
        expect_query(page, pick=["google/model-2"])
        button = page.get_by_role("button", name="Highlight Model-29 in the chart")
        assert button.get_attribute("aria-pressed") == "false"
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        # A model from the tail joins the chart when it is picked.
        expect(page.locator(".chart .live text", has_text="Model-29")).to_have_count(1)
        page.locator(".chart").scroll_into_view_if_needed()
        label = page.locator(".chart .live text", has_text=re.compile("^Model-4$"))
        box = label.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 8, box["y"] + box["height"] / 2)
        expect_query(page, pick=["google/model-2", "openai/model-29", "x-ai/model-4"])
        expect(page.locator("tr.picked")).to_have_count(3)
        row.locator("td.share").click()
        expect(page.locator("tr.picked")).to_have_count(2)


def test_the_picked_stand_out_and_stand_alone(browser: Browser, address: str) -> None:
    address = f"{address}{BOARD}?pick=google/model-2&pick=qwen/model-5"
    with visit(browser, address, **DESKTOP) as page:
        page.wait_for_selector(".chart[data-alive]")
        lit = set(opacities(page))
        assert lit == {1, 0.22}
        assert "100 %" in texts(page)
        page.get_by_role("button", name="Show only these 2").click()
        expect(page.locator(".chart .live text", has_text="Model-0")).to_have_count(0)
        assert "100 %" not in texts(page)
        assert "20 %" in texts(page)
        assert set(opacities(page)) <= {1}
        expect_query(page, pick=["google/model-2", "qwen/model-5"], only=["1"])
        page.get_by_role("button", name="Reset").click()
        expect(page.locator(".chart .live text", has_text="All others")).to_have_count(1)
        expect_query(page)


def test_a_link_in_a_row_is_a_link(browser: Browser, address: str) -> None:
    with visit(browser, address + BOARD, **DESKTOP) as page:
        link = page.locator("table.ranked tbody th a").first
        if link.count() == 0:
            return
        link.click()
        page.wait_for_load_state()
        assert BOARD not in page.url


def test_bars_come_alive_too(browser: Browser, address: str) -> None:
    with visit(browser, address + APPS, **DESKTOP) as page:
        page.locator(".surface").hover()
        page.wait_for_selector(".chart[data-alive]")
        assert page.get_by_role("slider").count() == 0
        bars = page.locator(".chart .live .mark-rect path")
        count = bars.count()
        label = page.locator(".chart .live text", has_text=re.compile("^App 3$")).bounding_box()
        assert label is not None
        page.mouse.click(label["x"] + 5, label["y"] + 6)
        expect(page.locator('tr[data-key="103"]')).to_have_class(re.compile("picked"))
        page.locator('tr[data-key="105"] td.measured').click()
        page.get_by_role("button", name="Show only these 2").click()
        expect(page.locator(".chart .live text", has_text=re.compile("^App 1$"))).to_have_count(0)
        assert bars.count() < count
        expect_query(page, pick=["103", "105"], only=["1"])


# Scales, measures, ranges


def test_scale_and_measure_change_the_chart(browser: Browser, address: str) -> None:
    with visit(browser, address + BOARD, **DESKTOP) as page:
        page.get_by_role("button", name="Log").click()
        page.wait_for_selector(".chart[data-alive]")
        expect(page.locator(".chart .live text", has_text="log scale")).to_have_count(1)
        assert page.locator(".chart .live .mark-line path").count() > 9
        page.get_by_role("group", name="Show").get_by_role("button", name="Tokens").click()
        expect(page.locator(".chart .live text", has_text="Tokens a day, log scale")).to_have_count(
            1
        )
        expect_query(page, scale=["log"], measure=["absolute"])
        page.get_by_role("button", name="Linear").click()
        expect(
            page.locator(".chart .live text", has_text=re.compile("^Tokens a day$"))
        ).to_have_count(1)
        newest = words.amount(long_board().days[-1].values[0].value, "tokens")
        assert newest in texts(page)


def test_dragging_zooms_and_a_double_click_returns(
    browser: Browser, address: str, shown: dict[str | None, View]
) -> None:
    dates = shown["30d"].dates
    with visit(browser, address + BOARD, **DESKTOP) as page:
        wake(page)
        page.mouse.move(*spot(page, 5, 30))
        page.mouse.down()
        page.mouse.move(*spot(page, 9, 30))
        expect(page.locator(".zoom")).to_be_visible()
        page.mouse.move(*spot(page, 15, 30))
        page.mouse.up()
        expect(
            page.locator(".chart .live text", has_text=words.short_day(dates[15]))
        ).to_have_count(2)
        days = {"from": [dates[5].isoformat()], "to": [dates[15].isoformat()]}
        expect_query(page, **days)
        assert page.get_by_label("From").input_value() == dates[5].isoformat()
        expect(page.locator(".zoom")).to_be_hidden()
        page.mouse.move(*spot(page, 0, 11))
        expect(page.locator("th.newest")).to_have_text(words.short_day(dates[5]))
        page.mouse.dblclick(*spot(page, 4, 11))
        expect(page.get_by_label("From")).to_have_value(dates[0].isoformat())
        expect_query(page)


def test_the_keyboard_zooms_by_dates_and_a_year_by_days(browser: Browser, address: str) -> None:
    with visit(browser, f"{address}{BOARD}1y/", **DESKTOP) as page:
        page.get_by_label("From").fill("2026-05-01")
        page.wait_for_selector(".chart[data-alive]")
        expect_query(page, **{"from": ["2026-05-01"], "to": ["2026-06-30"]})
        expect(page.locator(".chart .live text", has_text="Share of each day’s")).to_have_count(1)
        page.locator(".surface").focus()
        page.keyboard.press("ArrowLeft")
        expect(page.locator("th.newest")).to_have_text("29 Jun")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator(".chart .live text", has_text="weekly means")).to_have_count(1)


# The table


@SIZES
def test_the_table_folds_sorts_and_filters(
    browser: Browser, address: str, shown: dict[str | None, View], size: dict[str, object]
) -> None:
    rows = shown["30d"].rows
    keys = [row.entity.key for row in rows]
    with visit(browser, address + BOARD, **size) as page:
        expect(page.get_by_role("button", name="Show all 30")).to_be_visible()
        assert order(page) == keys[:20]
        page.get_by_role("button", name="Show all 30").click()
        assert order(page) == keys
        expect_query(page, all=["1"])
        change = page.locator("th.delta button")
        change.click()
        changes = {row.entity.key: row.share_change_pp for row in rows}
        known = [changes[key] for key in order(page) if changes[key] is not None]
        assert known == sorted(known, reverse=True)
        assert page.locator("th.delta").get_attribute("aria-sort") == "descending"
        change.click()
        assert page.locator("th.delta").get_attribute("aria-sort") == "ascending"
        assert changes[order(page)[-1]] is None
        expect_query(page, all=["1"], sort=["-delta"])
        page.locator("thead th.name button").click()
        assert page.locator("[aria-sort]").count() == 1
        assert order(page) == sorted(keys, key=lambda key: key.partition("/")[2])
        assert page.locator("tbody tr").last.get_attribute("data-key") == "__others__"
        page.get_by_label("Filter").fill("OPENAI")
        assert {key.partition("/")[0] for key in order(page)} == {"openai"}
        expect(page.locator(".table-tools [role=status]")).to_have_text("4 of 30")
        page.get_by_label("Filter").fill("no such name")
        assert order(page) == []
        expect_query(page, all=["1"], sort=["name"], filter=["no such name"])


def test_exact_figures_decide_the_order(browser: Browser, address: str) -> None:
    with visit(browser, address + BOARD + "?sort=share&all=1", **DESKTOP) as page:
        page.wait_for_selector("th.share[aria-sort=descending]")
        shares = page.locator("tbody tr:not(.others) td.share").evaluate_all(
            "cells => cells.map(c => Number(c.dataset.value))"
        )
        assert shares == sorted(shares, reverse=True)


def test_a_table_sorted_by_a_day_follows_the_day_chosen(
    browser: Browser, address: str, shown: dict[str | None, View]
) -> None:
    view = shown["30d"]
    with visit(browser, f"{address}{BOARD}?sort=newest&day=2026-06-12", **DESKTOP) as page:
        page.wait_for_selector("table[data-reading]")
        shares = {row.entity.key: row.history[11] or 0 for row in view.rows}
        assert order(page) == sorted(shares, key=lambda key: -shares[key])[:20]


def test_a_link_to_a_folded_row_unfolds_it(
    browser: Browser, small_site: Path, address: str
) -> None:
    page_text = (small_site / BOARD / "index.html").read_text()
    anchor = re.findall(r'<tr id="([^"]+)" data-key="[^_]', page_text)[27]
    with visit(browser, f"{address}{BOARD}#{anchor}", **DESKTOP) as page:
        expect(page.locator(f"tr#{anchor}")).to_be_in_viewport()


# The address


def test_a_copied_link_reopens_the_same_view(browser: Browser, address: str) -> None:
    chosen = (
        f"?pick={quote('google/model-2', safe='')}&pick=openai/model-29&only=1&from=2026-06-05"
        "&to=2026-06-22&day=2026-06-12&scale=log&measure=absolute&sort=-lab&filter=o&all=1"
    )
    with visit(browser, f"{address}{BOARD}{chosen}&utm=kept#ranking", **DESKTOP) as page:
        page.wait_for_selector(".chart[data-alive]")
        expect(page.locator("th.newest")).to_have_text("12 Jun")
        written = texts(page)
        assert "Tokens a day, log scale" in written
        assert {"Model-2", "Model-29"} <= set(written)
        assert "Model-0" not in written
        assert page.locator("th.lab").get_attribute("aria-sort") == "descending"
        assert page.get_by_label("Filter").input_value() == "o"
        page.get_by_role("button", name="Linear").click()
        changed = parse_qs(chosen[1:]) | {"utm": ["kept"]}
        expect_query(page, **{name: one for name, one in changed.items() if name != "scale"})
        assert urlsplit(page.url).fragment == "ranking"


@pytest.mark.parametrize(
    "nonsense",
    [
        "?pick=nobody&only=1&day=2026-02-31&from=2026-06-20&to=2026-06-01&scale=cubic",
        "?measure=weight&sort=constructor&filter=&all=yes&day=1999-01-01",
        "?from=1999-01-01&to=2099-01-01&sort=%27%22&pick=__proto__&pick=",
    ],
)
def test_what_is_not_understood_is_ignored(browser: Browser, address: str, nonsense: str) -> None:
    with visit(browser, address + BOARD + nonsense, **DESKTOP) as page:
        page.wait_for_timeout(400)
        usual = {"All others", "100 %", "Share of each day’s tokens", "30 Jun"}
        assert usual <= set(page.locator(".chart .wide text").all_text_contents())
        expect(page.locator("th.newest")).to_have_text("30 Jun")
        assert len(order(page)) == 20


def test_what_is_shown_can_be_asked_for(browser: Browser, address: str) -> None:
    with visit(
        browser, f"{address}{BOARD}?pick=google/model-2&from=2026-06-05&to=2026-06-20"
    ) as page:
        page.wait_for_selector(".chart[data-alive]")
        module = page.evaluate(
            """async () => {
              const loaded = performance.getEntriesByType("resource").map((e) => e.name);
              const chart = await import(loaded.find((name) => /chart-[0-9a-f]+\\.js$/.test(name)));
              return {view: chart.currentView(), spec: chart.currentSpec()};
            }"""
        )
        view, spec = module["view"], module["spec"]
        assert (view["window"], view["picks"]) == ("30d", ["google/model-2"])
        assert (view["from"], view["to"], view["scale"]) == ("2026-06-05", "2026-06-20", "linear")
        assert len(view["rows"]) == 21
        days = {row["day"] for row in spec["datasets"]["points"]}
        assert (min(days), max(days)) == ("2026-06-05", "2026-06-20")


# The same rules in both languages


def chart_script(page: Page) -> str:
    """Give the address of the script that brings the page's chart alive."""
    found: str = page.evaluate(
        """() => {
          const [path] = document.querySelector("figure[data-chart]").dataset.chart.split(" ");
          return new URL(path, location).href;
        }"""
    )
    return found


@pytest.mark.parametrize("window", ["", "7d/", "90d/", "1y/", "all/"])
def test_the_script_folds_and_averages_as_the_build_does(
    browser: Browser, small_site: Path, window: str
) -> None:
    with served(small_site) as root, visit(browser, f"{root}{BOARD}{window}") as page:
        points, drawn = page.evaluate(
            """async (address) => {
              const {stack, rows} = (await import(address)).$stacking;
              const {dataset} = document.querySelector("figure[data-renderer]");
              const [view, spec] = await Promise.all(
                [dataset.view, dataset.specWide].map(async (a) => (await fetch(a)).json()));
              const colours = new Map(spec.datasets.series.map((s) => [s.key, s.colour]));
              const usual = {pick: [], only: false, from: "", to: "", scale: "linear",
                             measure: "share"};
              return [rows(stack(view, colours, usual), {closed: true}), spec.datasets.points];
            }""",
            chart_script(page),
        )
    for point in points:
        point["share"] = None if point["share"] is None else round(point["share"], 4)
        point.pop("opacity", None)
    assert points == drawn


def test_the_script_writes_numbers_and_days_as_the_build_does(
    browser: Browser, small_site: Path
) -> None:
    chance = random.Random(7)
    shares = [0, 0.04, 0.05, 0.049999, 4.25, 4.35, 99.95, 100, None]
    shares += [round(chance.random() ** 3 * 100, chance.randrange(6)) for _ in range(2000)]
    amounts = [0, 1, 999, 1000, 999_499, 999_500, 10**12, 1_234_567_890_123, 3 * 10**15]
    amounts += [int(10 ** (chance.random() * 15.9)) for _ in range(2000)]
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(0, 900, 7)]
    with served(small_site) as root, visit(browser, root + BOARD) as page:
        written = page.evaluate(
            """async ([address, shares, amounts, days]) => {
              const w = (await import(address)).$wording;
              return {
                shares: shares.map((s) => w.percent(s)),
                bounds: shares.map((s) => w.percent(s, true)),
                tokens: amounts.map((a) => w.amount(a, "tokens")),
                costs: amounts.map((a) => w.amount(a, "cost")),
                days: days.map(w.day),
                short: days.map(w.shortDay),
              };
            }""",
            [chart_script(page), shares, amounts, [day.isoformat() for day in days]],
        )
    assert written["shares"] == [words.percent(share) for share in shares]
    assert written["bounds"] == [words.percent(share, is_lower_bound=True) for share in shares]
    assert written["tokens"] == [words.amount(amount, "tokens") for amount in amounts]
    assert written["costs"] == [words.amount(amount, "cost") for amount in amounts]
    assert written["days"] == [words.day(day) for day in days]
    assert written["short"] == [words.short_day(day) for day in days]


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_alive_and_with_choices_it_breaks_no_rule_of_accessibility(
    browser: Browser, small_site: Path, size: dict[str, object], scheme: str
) -> None:
    chosen = "?pick=google/model-2&day=2026-06-12&sort=lab&filter=model"
    with (
        served(small_site) as root,
        visit(browser, f"{root}{BOARD}{chosen}", color_scheme=scheme, **size) as page,
    ):
        page.wait_for_selector("table[data-reading]")
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = Axe().run(page, options={"runOnly": rules})
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
