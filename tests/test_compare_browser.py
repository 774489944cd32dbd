"""The comparison in a reader's browser: weights, choices, what is taken away, and the keyboard."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from leaderboard.comparison import weighted
from tests import crossing
from tests.browser import DESKTOP, PHONE, PREFIXES, served, until, visit
from tests.crossing import CHAT, GLM, OPUS
from tests.test_compare_pages import render

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATHS = ("compare/", "compare/models/")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("crossing") / "site"
    render(out, crossing.sent(), simulated=True)
    return out


@pytest.fixture(scope="module", params=PREFIXES, ids=["root", "repo"])
def site(request, root) -> Iterator[str]:
    with served(root, request.param) as address:
        yield address


@pytest.fixture(scope="module")
def one(root) -> Iterator[str]:
    with served(root) as address:
        yield address


def ranking(page):
    lines = page.locator(".weighed tbody tr")
    return [
        (line.locator(".rank").inner_text(), line.locator(".who bdi").inner_text())
        for line in lines.all()
    ]


def expected(weights):
    labs, _ = crossing.world()
    found = weighted(labs.comparison.shares, weights)
    return [(str(line.rank), labs.names[line.entity]) for line in found]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_goes_wrong_or_sticks_out(browser, site, path):
    for width in (320, 390, 768, 1440):
        options = {"viewport": {"width": width, "height": 900}}
        with visit(browser, f"{site}{path}?window=90d", **options) as page:
            page.locator(".weighed tbody tr").first.wait_for()
            page.locator(".multiple svg").first.wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_rule_of_accessibility_is_broken(browser, one, scheme, options):
    for path in PATHS:
        with visit(browser, one + path, color_scheme=scheme, **options) as page:
            page.locator(".weighed tbody tr").first.wait_for()
            page.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_weights_move_together_by_the_keyboard_and_stand_in_the_address(browser, one):
    with visit(browser, f"{one}compare/", **DESKTOP) as page:
        page.locator(".weighed tbody tr").first.wait_for()
        slider = page.locator("#weight-openrouter")
        slider.focus()
        page.keyboard.press("End")
        assert slider.get_attribute("aria-valuetext") == "OpenRouter: 100 percent of the weight"
        assert ranking(page) == expected({"openrouter": 1})
        page.keyboard.press("Home")
        values = [int(one_.input_value()) for one_ in page.locator("input[type=range]").all()]
        assert values == [0, 50, 50]
        assert ranking(page) == expected({"vercel": 1, "zenmux": 1})
        page.keyboard.press("ArrowRight")
        values = [int(one_.input_value()) for one_ in page.locator("input[type=range]").all()]
        assert sum(values) == 100
        assert values[0] == 1
        until(page, "location.search.includes('openrouter=1&')")
        assert page.locator("[data-said]").inner_text() == "First: Anthropic"


def test_a_slider_that_is_dragged_far_changes_the_address_seldom(browser, one):
    """Some browsers refuse, by an error, more than a hundred changes in half a minute."""
    with visit(browser, f"{one}compare/", **DESKTOP) as page:
        page.locator(".weighed tbody tr").first.wait_for()
        page.evaluate(
            """() => {
              window.changes = 0;
              const {replaceState} = history;
              history.replaceState = (...all) => {
                window.changes += 1;
                replaceState.apply(history, all);
              };
              const slider = document.querySelector("#weight-openrouter");
              for (let n = 0; n < 300; n += 1) {
                slider.value = n % 100;
                slider.dispatchEvent(new Event("input", {bubbles: true}));
              }
            }"""
        )
        until(page, "location.search.includes('openrouter=99')")
        assert page.evaluate("window.changes") == 1


def test_the_range_over_all_weights_stands_beside_every_result(browser, one):
    labs, _ = crossing.world()
    with visit(browser, f"{one}compare/?vercel=3&zenmux=1", **DESKTOP) as page:
        page.locator(".weighed tbody tr").first.wait_for()
        assert ranking(page) == expected({"vercel": 3, "zenmux": 1})
        for line in page.locator(".weighed tbody tr").all():
            name = line.locator(".who bdi").inner_text()
            found = next(r for e, r in labs.ranges.ranges.items() if labs.names[e] == name)
            best, worst = found.listed_best, found.listed_worst
            shown = line.locator(".figure").inner_text()
            assert shown == (str(best) if best == worst else f"{best}–{worst}")


def test_a_preset_sets_the_weights_and_a_reload_keeps_them(browser, one):
    with visit(browser, f"{one}compare/", **DESKTOP) as page:
        page.locator(".weighed tbody tr").first.wait_for()
        assert page.get_by_role("button", name="All alike").get_attribute("aria-pressed") == "true"
        page.get_by_role("button", name="Without ZenMux").click()
        assert ranking(page) == expected({"openrouter": 1, "vercel": 1})
        until(page, "location.search.includes('zenmux=0')")
        page.reload()
        page.locator(".weighed tbody tr").first.wait_for()
        assert ranking(page) == expected({"openrouter": 1, "vercel": 1})
        pressed = page.locator(".presets [aria-pressed=true]")
        assert pressed.all_inner_texts() == ["Without ZenMux"]


def test_weights_that_are_none_are_passed_over(browser, one):
    for query in ("?openrouter=-1&vercel=2", "?openrouter=x", "?openrouter=0&vercel=0&zenmux=0"):
        with visit(browser, f"{one}compare/{query}", **DESKTOP) as page:
            page.locator(".weighed tbody tr").first.wait_for()
            assert ranking(page) == expected(dict.fromkeys(crossing.NAMES, 1))


def test_the_browser_draws_what_the_build_drew(browser, one):
    drawn = "all => all.map((one) => one.outerHTML.replaceAll(/><\\/path>/g, '/>'))"
    for path in PATHS:
        with visit(browser, one + path, **DESKTOP) as page:
            before = page.locator(".multiple svg").evaluate_all(drawn)
            keys = page.locator(".picked .legend svg").evaluate_all(drawn)
            cells = page.locator(".means td").all_inner_texts()
            titles = page.locator(".means td").evaluate_all("all => all.map((td) => td.title)")
            assert len(before) == 3
            was = page.locator(".multiple").first.element_handle()
            page.locator("[data-window]").dispatch_event("change")
            until(page, "(was) => document.querySelector('.multiple') !== was", was)
            until(page, "location.search.includes('pick=')")
            assert page.locator(".multiple svg").evaluate_all(drawn) == before
            assert page.locator(".picked .legend svg").evaluate_all(drawn) == keys
            assert page.locator(".means td").all_inner_texts() == cells
            after = page.locator(".means td").evaluate_all("all => all.map((td) => td.title)")
            assert after == titles


def test_an_address_picks_and_a_choice_makes_an_address(browser, one):
    address = f"{one}compare/models/?pick={GLM},{OPUS},no/such&at=vercel&window=7d"
    with visit(browser, address, **DESKTOP) as page:
        until(page, "document.querySelectorAll('.multiple').length === 1")
        assert page.locator(".multiple h3").all_inner_texts() == ["Vercel AI Gateway"]
        assert page.locator(".means tbody bdi").all_inner_texts() == ["GLM 9", "Claude Opus 9"]
        texts = [
            text.replace("\u00a0", " ") for text in page.locator(".means td").all_inner_texts()
        ]
        assert texts == ["≤ 30.0 %", "50.0 %"]
        assert page.locator(".multiple path.line").count() == 1  # what is not listed has no line
        assert crossing.CREDITS["vercel"].notice in page.locator(".multiple").inner_text()
        page.locator("[data-place='0']").select_option(CHAT)
        page.locator("select[data-gateway]").select_option("")
        until(page, "document.querySelectorAll('.multiple').length === 3")
        until(page, "!location.search.includes('at=')")
        kept = page.evaluate("location.href")
    with visit(browser, kept, **PHONE) as page:
        until(page, "document.querySelectorAll('.means tbody tr').length === 2")
        names = page.locator(".means tbody bdi").all_inner_texts()
        assert names == ["DeepSeek V9", "Claude Opus 9"]


def test_a_choice_is_taken_as_csv_with_every_credit(browser, one):
    with visit(browser, f"{one}compare/?pick=deepseek&window=7d", **DESKTOP) as page:
        until(page, "document.querySelectorAll('.means tbody tr').length === 1")
        with page.expect_download() as download:
            page.get_by_role("button", name="CSV of this").click()
        body = Path(download.value.path()).read_bytes().decode()
    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert body.endswith("\r\n")
    assert {len(row) for row in rows} == {10}
    notices = [credit.notice for credit in crossing.CREDITS.values()]
    assert [row[0] for row in rows[-3:]] == notices
    assert rows[-4][0].startswith("Simulated data")
    data = [dict(zip(rows[0], row, strict=True)) for row in rows[1:-4]]
    assert len(data) == 3 * 7
    assert {(row["gateway"], row["share_pct"], row["license"]) for row in data} == {
        ("openrouter", "50", "CC-BY-4.0"),
        ("vercel", "30", "CC-BY-4.0"),
        ("zenmux", "40", "no open licence"),
    }
    assert {row["mean_high_pct"] for row in data if row["gateway"] == "openrouter"} == {"70"}


def test_a_choice_is_taken_as_an_image(browser, one):
    with visit(browser, f"{one}compare/?window=7d", **DESKTOP) as page:
        until(page, "document.querySelectorAll('.multiple').length === 3")
        with page.expect_download() as download:
            page.get_by_role("button", name="PNG of this").click()
        assert re.fullmatch(r"labs-[\d-]+-to-[\d-]+\.png", download.value.suggested_filename)
        body = Path(download.value.path()).read_bytes()
    assert body.startswith(b"\x89PNG")
    assert int.from_bytes(body[16:20]) == 2400
    assert len(body) > 30_000


def test_without_script_plain_weightings_and_a_picture_stand_there(browser, one):
    with visit(browser, f"{one}compare/", java_script_enabled=False, **PHONE) as page:
        assert not page.locator("form.weigher").is_visible()
        assert not page.locator("form.picker").is_visible()
        assert page.locator(".presets-table").is_visible()
        assert page.locator(".multiple svg").count() == 3


def test_files_that_do_not_come_leave_what_was_there(browser, one):
    with visit(browser, f"{one}compare/", expected=("labs", "ERR_FAILED"), **DESKTOP) as page:
        page.locator(".weighed tbody tr").first.wait_for()
        page.route("**/labs-daily.json", lambda route: route.abort())
        page.route("**/compare/labs.json", lambda route: route.abort())
        page.locator("[data-window]").dispatch_event("change")
        page.locator(".picked .chart-missing").wait_for()
        page.reload()
        until(page, "document.querySelector('form.weigher').hidden")
        assert page.locator(".presets-table").is_visible()


def test_the_site_of_the_comparison_is_labelled_simulated(root):
    content = json.loads((root / "api/v1/compare/labs.json").read_text())
    assert content["simulated"] is True
    claims = json.loads((root / "api/v1/claims.json").read_text())
    assert all(claim["caveat"].startswith("Simulated data") for claim in claims["claims"])
