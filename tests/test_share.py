"""The dialog, the downloads of what is shown, and the composed picture, in a real browser."""

import csv
import functools
import io
import json
import struct
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

from leaderboard import boards
from leaderboard.charts import images
from leaderboard.pages import downloads, sharing
from leaderboard.records import Reading, View
from tests import specimens
from tests.browser import DESKTOP, PHONE, long_board, visit

pytestmark = pytest.mark.browser

AREA = "north/models/tokens/"
BARS = "north/apps/popular/"
COSTS = "south/models/cost/"
SIZES = {ratio: images.SIZES[ratio] for ratio in images.RATIOS}


def asset(site: Path, name: str) -> str:
    stem, _, ending = name.rpartition(".")
    (found,) = (site / "assets").glob(f"{stem}-*.{ending}")
    return f"assets/{found.name}"


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def opened(page: Page) -> None:
    page.get_by_role("button", name="Share this view").click()
    expect(page.locator("dialog.sharing canvas")).to_be_visible()


def dialog_png(page: Page) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("button", name="Download PNG").click()
    return Path(found.value.path()).read_bytes()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("where", [AREA, BARS], ids=["area", "bars"])
def test_the_picture_comes_in_every_size_to_the_pixel(browser, address, device, where):
    with visit(browser, address + where, **device) as page:
        opened(page)
        for ratio, size in SIZES.items():
            page.get_by_label(sharing.RATIO_NAMES[ratio]).check(force=True)
            expect(page.locator(f".preview.{ratio} canvas")).to_be_visible()
            expect(page.get_by_role("button", name="Download PNG")).to_be_enabled()
            assert size_of(dialog_png(page)) == size
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@functools.cache
def views() -> dict[str, tuple[Reading, View]]:
    """Give the small site's views by their addresses, as the site was made from them."""
    readings = specimens.readings(long_board(), [f"App {n}" for n in range(1, 31)])
    return {
        f"{view.path}/": (reading, view)
        for reading in readings
        for board in reading.boards
        for view in boards.views(board)
    }


COMPOSE = """async ([composing, kit, ratio, chosen]) => {
  const { compose, sane } = (await import(composing)).$composing;
  const get = async (path) => (await fetch(path)).json();
  const figure = document.querySelector("figure[data-renderer]");
  const words = JSON.parse(document.querySelector("section.share").dataset.words);
  const view = await get(figure.dataset.view);
  const usual = {
    pick: [], only: false, day: "", from: "", to: "", scale: "linear", measure: "share",
  };
  const state = sane({ ...usual, ...chosen }, view, figure.dataset.form === "share-area");
  return compose(await get(kit), await get(figure.dataset.specWide), view, state, words, ratio);
}"""

EXPORT = """async ([exporting, kit, chosen]) => {
  const { csv, json } = await import(exporting);
  const get = async (path) => (await fetch(path)).json();
  const view = await get(document.querySelector("figure[data-view]").dataset.view);
  return [csv(await get(kit), view, chosen), json(view, chosen)];
}"""


def composed(
    page: Page, site: Path, root: str, ratio: str = "landscape", **chosen: object
) -> dict[str, dict[str, list[dict[str, object]]]]:
    """Compose the picture's spec on a page, as the dialog does."""
    scripts = [root + asset(site, "dialog.js"), root + asset(site, "share.json")]
    spec: dict[str, dict[str, list[dict[str, object]]]] = page.evaluate(
        COMPOSE, [*scripts, ratio, chosen]
    )
    return spec


def exported(page: Page, site: Path, root: str, **chosen: object) -> tuple[bytes, bytes]:
    scripts = [root + asset(site, "exporting.js"), root + asset(site, "share.json")]
    made = page.evaluate(EXPORT, [*scripts, chosen])
    return made[0].encode(), made[1].encode()


def texts(spec: dict[str, dict[str, list[dict[str, object]]]]) -> str:
    rows = [row for rows in spec["datasets"].values() for row in rows]
    return " ".join(str(row["text"]) for row in rows if "text" in row).replace("\u00a0", " ")


def assert_alike(one: object, other: object, at: str = "spec") -> None:
    """Compare two specs: places to a fifth of a pixel, all else exactly."""
    if isinstance(one, dict):
        assert isinstance(other, dict), at
        assert set(one) == set(other), at
        for key in one:
            assert_alike(one[key], other[key], f"{at}.{key}")
    elif isinstance(one, list):
        assert isinstance(other, list), at
        assert len(one) == len(other), at
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_alike(a, b, f"{at}[{i}]")
    elif isinstance(one, int | float) and not isinstance(one, bool):
        assert one == pytest.approx(other, abs=0.2), at
    else:
        assert one == other, at


@pytest.mark.parametrize("where", [AREA, AREA + "7d/", AREA + "all/", BARS, COSTS])
def test_with_nothing_chosen_the_picture_is_the_one_made_at_build_time(
    browser, small_site, address, where
):
    reading, view = views()[where]
    chart = sharing.contents(view)
    assert chart is not None
    words = sharing.texts(specimens.edition(base_url=""), reading, view)
    words.pop("gateway")
    with visit(browser, address + where) as page:
        for ratio in images.SIZES:
            made = images.image(chart, images.Wording(**words), ratio)  # type: ignore[arg-type]
            found = composed(page, small_site, address, ratio)
            assert_alike(json.loads(json.dumps(made)), found)


def test_a_headline_of_the_whole_window_never_stands_over_a_part_of_it(
    browser, small_site, address
):
    reading, view = views()[AREA]
    whole = sharing.texts(specimens.edition(), reading, view)["headline"]
    first, second = (row.entity for row in view.rows[:2])
    chosen: list[tuple[dict[str, object], str]] = [
        ({"from": "2026-06-10", "to": "2026-06-16"}, "North Gate: models by tokens"),
        ({"pick": [first.key]}, f"{first.name}: share of tokens at North Gate"),
        (
            {"pick": [first.key, second.key], "only": True},
            f"{first.name} and {second.name}: share of tokens at North Gate",
        ),
        ({"measure": "absolute"}, "North Gate: models by tokens"),
    ]
    with visit(browser, address + AREA) as page:
        for state, headline in chosen:
            said = texts(composed(page, small_site, address, **state))
            assert headline in said
            assert str(whole).replace("\u00a0", " ") not in said
            assert specimens.OPEN.notice in said
            assert "LLM Gateway Leaderboard" in said
        said = texts(composed(page, small_site, address, **chosen[0][0]))
        assert "10–16 June 2026, UTC" in said


def test_a_zoom_draws_only_its_days_and_a_pick_rescales(browser, small_site, address):
    key = views()[AREA][1].rows[0].entity.key
    with visit(browser, address + AREA) as page:
        zoomed = composed(page, small_site, address, **{"from": "2026-06-10", "to": "2026-06-16"})
        days = {row["day"] for row in zoomed["datasets"]["points"]}
        assert (min(days), max(days)) == ("2026-06-10", "2026-06-16")
        alone = composed(page, small_site, address, pick=[key], only=True)
        assert {row["series"] for row in alone["datasets"]["points"]} == {0}
        assert alone["layer"][0]["encoding"]["y"]["scale"]["domain"][1] < 50  # type: ignore[index,call-overload]


@pytest.mark.parametrize("where", [AREA, AREA + "7d/", AREA + "1y/", BARS, COSTS])
def test_the_whole_view_is_written_byte_for_byte_as_the_published_files(
    browser, small_site, address, where
):
    with visit(browser, address + where) as page:
        made_csv, made_json = exported(page, small_site, address)
    stem = small_site / "api/v1" / where.rstrip("/")
    assert made_csv == stem.with_name(f"{stem.name}.csv").read_bytes()
    assert made_json == stem.with_name(f"{stem.name}.json").read_bytes()


def test_a_zoomed_download_is_those_days_of_the_published_daily_file(browser, small_site, address):
    daily = (small_site / "api/v1" / AREA / "daily.csv").read_bytes().decode()
    header, *lines, notice = csv.reader(io.StringIO(daily, newline=""))
    with visit(browser, f"{address}{AREA}?from=2026-06-10&to=2026-06-16") as page:
        group = page.get_by_role("group", name="Download as shown")
        with page.expect_download() as found:
            group.get_by_role("button", name="CSV").click()
        text = Path(found.value.path()).read_bytes().decode()
        assert found.value.suggested_filename.endswith("north-models-tokens-as-shown.csv")
    shown = list(csv.reader(io.StringIO(text, newline="")))
    assert shown[0] == header
    assert shown[-1][0] == notice[0] == specimens.OPEN.notice
    assert shown[1:-1] == [line for line in lines if "2026-06-10" <= line[0] <= "2026-06-16"]


def test_a_filtered_sorted_table_downloads_as_it_stands(browser, address):
    with visit(browser, f"{address}{AREA}?filter=model-1&sort=name") as page:
        rows = page.locator("table.ranked tbody tr[data-key]:not(.others):not([hidden])")
        keys = [row.get_attribute("data-key") for row in rows.all()]
        group = page.get_by_role("group", name="Download as shown")
        with page.expect_download() as found:
            group.get_by_role("button", name="CSV").click()
        text = Path(found.value.path()).read_bytes().decode()
        with page.expect_download() as found:
            group.get_by_role("button", name="JSON").click()
        document = json.loads(Path(found.value.path()).read_bytes())
    column = downloads.VIEW_COLUMNS.index("key")
    table = list(csv.reader(io.StringIO(text, newline="")))
    assert len(keys) > 5
    assert [line[column] for line in table[1:-1]] == keys
    assert [row["key"] for row in document["rows"]] == keys
    assert document["selection"]["filter"] == "model-1"
    assert document["citation"] == specimens.OPEN.text


def test_the_whole_view_has_its_plain_links_alone(browser, address):
    with visit(browser, address + AREA) as page:
        expect(page.get_by_role("button", name="Share this view")).to_be_visible()
        expect(page.get_by_role("group", name="Download as shown")).to_be_hidden()
        page.get_by_label("Filter").fill("model-2")
        expect(page.get_by_role("group", name="Download as shown")).to_be_visible()


def test_hostile_names_are_guarded_in_the_browsers_csv_too(browser, small_site, address):
    names = ["=1+1", "'quoted'", "@x", "a,b", 'say "hi"', "line\nbreak", "\ud800", "＝x", ""]
    with visit(browser, address + BARS) as page:
        made = page.evaluate(
            """async ([exporting, kit, names]) => {
              const { csv } = await import(exporting);
              const get = async (path) => (await fetch(path)).json();
              const view = await get(document.querySelector("figure[data-view]").dataset.view);
              view.rows = names.map((name, i) => ({ ...view.rows[i], name }));
              return csv(await get(kit), view);
            }""",
            [*(address + asset(small_site, one) for one in ("exporting.js", "share.json")), names],
        )
    column = downloads.VIEW_COLUMNS.index("name")
    found = [line[column] for line in csv.reader(io.StringIO(made, newline=""))][1 : len(names) + 1]
    assert found == [downloads.safe_cell(name).replace("\ud800", "?") for name in names]


def test_a_copied_link_opens_the_same_view_again(browser, address):
    key = views()[AREA][1].rows[2].entity.key
    query = f"?pick={key.replace('/', '%2F')}&only=1&from=2026-06-10&to=2026-06-16"
    with visit(browser, address + AREA + query + "#cite") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened(page)
        page.get_by_role("button", name="Copy link").click()
        expect(page.locator(".sharing .status")).to_contain_text("The link is copied")
        link = page.evaluate("navigator.clipboard.readText()")
        picture = page.locator("dialog.sharing canvas").get_attribute("aria-label")
    assert "#" not in link
    expected = {"pick": [key], "only": ["1"], "from": ["2026-06-10"], "to": ["2026-06-16"]}
    assert parse_qs(urlsplit(link).query) == expected
    with visit(browser, link) as page:
        opened(page)
        again = page.locator("dialog.sharing canvas").get_attribute("aria-label")
        assert again == picture
        assert "10–16 June 2026" in picture


def test_the_picture_is_copied_as_it_is_downloaded(browser, address):
    with visit(browser, address + AREA) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        opened(page)
        page.get_by_role("button", name="Copy image").click()
        expect(page.locator(".sharing .status")).to_have_text("The picture is copied.")
        size = page.evaluate(
            """async () => {
              const [item] = await navigator.clipboard.read();
              const bitmap = await createImageBitmap(await item.getType("image/png"));
              return [bitmap.width, bitmap.height];
            }"""
        )
        assert tuple(size) == images.SIZES["landscape"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("() => { delete window.ClipboardItem; }", "This browser cannot copy images"),
        (
            "() => { navigator.clipboard.write = () => Promise.reject(new Error()); }",
            "refused to copy",
        ),
    ],
)
def test_a_browser_that_cannot_copy_images_says_so(browser, address, broken, said):
    with visit(browser, address + AREA) as page:
        opened(page)
        page.evaluate(broken)
        page.get_by_role("button", name="Copy image").click()
        expect(page.locator(".sharing .status")).to_contain_text(said)
        expect(page.locator(".sharing .status")).to_contain_text("Download the PNG instead")


def test_a_browser_that_cannot_copy_at_all_selects_the_link(browser, address):
    with visit(browser, address + AREA) as page:
        opened(page)
        page.evaluate(
            "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }"
        )
        page.get_by_role("button", name="Copy link").click()
        expect(page.locator(".sharing .status")).to_contain_text("The link is selected")
        assert (
            page.evaluate("getSelection().toString() || document.activeElement.value") == page.url
        )


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_dialog_is_worked_by_keyboard_alone(browser, address, device):
    with visit(browser, address + AREA, **device) as page:
        share = page.get_by_role("button", name="Share this view")
        share.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Share this view")
        expect(dialog.locator("canvas")).to_be_visible()
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body"
                " || document.activeElement.closest('dialog') !== null"
            )
        dialog.get_by_role("radio", name="Landscape").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".preview.square canvas")).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(share).to_be_focused()


def test_where_the_picture_cannot_be_drawn_the_ready_made_ones_are_named(browser, address):
    with visit(browser, address + AREA, expected=("share-", "ERR_FAILED")) as page:
        page.route("**/share-*.json", lambda route: route.abort())
        page.get_by_role("button", name="Share this view").click()
        expect(page.locator(".sharing .status")).to_contain_text("ready made")
        expect(page.get_by_role("button", name="Download PNG")).to_be_disabled()
        expect(page.get_by_role("button", name="Copy link")).to_be_enabled()


def test_without_script_the_pictures_are_links_and_nothing_promises_more(browser, address):
    with visit(browser, address + AREA, expected=(".js",), java_script_enabled=False) as page:
        assert page.get_by_role("button", name="Share this view").count() == 0
        page.wait_for_load_state("networkidle")
        links = page.locator(".pictures a")
        assert links.count() == 4
        for link in links.all():
            png = page.request.get(urljoin(page.url, link.get_attribute("href") or ""))
            assert size_of(png.body()) in images.SIZES.values()
