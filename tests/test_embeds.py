"""Pages to embed, the code that embeds them, and what links to pages are shown with."""

import json
import re
import struct
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from leaderboard import boards, site
from leaderboard.pages import embeds
from tests import specimens
from tests.browser import DESKTOP, visit
from tests.test_site import Parsed

VIEW = "north/models/tokens"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("embeds") / "site"
    site.render(
        specimens.edition(simulated=True),
        specimens.readings(),
        specimens.statuses(),
        out,
        processes=2,
        cache=None,
    )
    return out


def pages(root: Path) -> dict[str, Parsed]:
    return {
        path.relative_to(root).as_posix(): Parsed(path.read_text())
        for path in sorted(root.rglob("*.html"))
    }


def metas(page: Parsed) -> dict[str, str]:
    return {
        (one.get("property") or one.get("name") or ""): one.get("content") or ""
        for one in page.every("meta")
    }


def test_every_view_has_a_page_to_embed_that_says_whose_figures_these_are(published):
    found = pages(published)
    views = [
        name for name in found if f"{name.removesuffix('index.html')}embed/index.html" in found
    ]
    assert len(views) >= 6
    for name in views:
        page = found[f"{name.removesuffix('index.html')}embed/index.html"]
        citation = specimens.OPEN if name.startswith("north") else specimens.CLOSED
        assert citation.text in page.text
        assert "Simulated data." in page.text
        assert "LLM Gateway Leaderboard" in page.text
        back = [a for a in page.every("a") if a.get("target") == "_blank"]
        assert all("noopener" in (a.get("rel") or "") for a in back)
        here = f"/{name.removesuffix('index.html')}"
        assert here in {urljoin(f"{here}embed/", a.get("href") or "") for a in back}
        assert page.every("figure") == []
        assert page.every("nav") == []


def test_pages_to_embed_are_not_for_search_engines(published):
    listed = ElementTree.parse(published / "sitemap.xml").getroot()
    assert not any("embed" in (one.text or "") for one in listed.iter())
    for name, page in pages(published).items():
        if name.endswith("embed/index.html"):
            assert metas(page)["robots"] == "noindex"
            (canonical,) = [a for a in page.every("link") if a.get("rel") == "canonical"]
            assert canonical["href"] == (
                "https://leaderboard.example/repo/" + name.removesuffix("embed/index.html")
            )


def test_the_code_to_embed_holds_the_whole_address_and_a_title(published):
    page = pages(published)[f"{VIEW}/index.html"]
    assert f'src="https://leaderboard.example/repo/{VIEW}/embed/"' in page.text
    assert f'height="{embeds.HEIGHT}"' in page.text
    assert 'title="Large leads North Gate with' in page.text


def test_a_title_cannot_end_the_code_early():
    names = {"a/x": 'Bad" onload="alert(1)" <b>'}
    board = specimens.models_board([{"a/x": 5, "b/y": 3} for _ in range(8)], names=names)
    reading = specimens.readings(board)[0]
    made = embeds.code(specimens.edition(), reading, boards.views(reading.boards[0])[0])
    assert made.count('"') == 12
    assert "<b>" not in made


def test_every_page_is_shown_with_an_image_that_is_there(published):
    for name, page in pages(published).items():
        if name.endswith("embed/index.html"):
            continue
        meta = metas(page)
        assert meta["twitter:card"] == "summary_large_image", name
        address = meta["og:image"]
        assert address.startswith("https://leaderboard.example/repo/images/"), name
        body = (published / address.removeprefix("https://leaderboard.example/repo/")).read_bytes()
        size = struct.unpack(">II", body[16:24])
        assert size == (1200, 630) == (int(meta["og:image:width"]), int(meta["og:image:height"]))
        assert meta["og:image:alt"]
        if name.startswith(VIEW):
            assert f"/images/{VIEW}/og.png" in address


def test_without_an_address_of_its_own_a_site_names_no_image(tmp_path):
    out = tmp_path / "site"
    site.render(
        specimens.edition(base_url=""), specimens.readings(), (), out, processes=2, cache=None
    )
    for name, page in pages(out).items():
        if name.endswith("embed/index.html"):
            continue
        assert "og:image" not in metas(page), name
        assert metas(page)["twitter:card"] == "summary", name


def test_the_images_are_in_the_manifest_and_few(published):
    files = json.loads((published / "manifest.json").read_bytes())["files"]
    images = [one["path"] for one in files if one["path"].endswith(".png")]
    assert "images/north/models/tokens/square.png" in images
    assert "images/north/models/tokens/7d/og.png" not in images
    assert len(images) < len([one for one in files if one["path"].endswith(".html")])


@pytest.mark.browser
@pytest.mark.parametrize(
    ("query", "scheme", "ground"),
    [
        ("", "light", "rgb(255, 255, 255)"),
        ("", "dark", "rgb(26, 28, 31)"),
        ("?theme=light", "dark", "rgb(255, 255, 255)"),
        ("?theme=dark", "light", "rgb(26, 28, 31)"),
        ("?theme=auto", "dark", "rgb(26, 28, 31)"),
        ("?theme=%22%3E%3Cscript%3E", "light", "rgb(255, 255, 255)"),
    ],
)
def test_an_embedded_page_is_light_dark_or_as_the_reader_has_it(
    browser, address, query, scheme, ground
):
    with visit(browser, f"{address}{VIEW}/embed/{query}", color_scheme=scheme) as page:
        body = page.locator("body")
        assert body.evaluate("e => getComputedStyle(e).backgroundColor") == ground


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 480, 720])
def test_an_embedded_page_fits_its_frame_and_works_without_script(browser, address, width):
    options = {"viewport": {"width": width, "height": embeds.HEIGHT}}
    with visit(browser, f"{address}{VIEW}/embed/", **options, java_script_enabled=False) as page:
        expect(page.locator(".chart svg:visible")).to_have_count(1)
        expect(page.get_by_text(specimens.OPEN.text)).to_be_visible()
        size = page.locator("html").bounding_box()
        assert size is not None
        assert size["height"] <= embeds.HEIGHT
        assert page.locator("body").evaluate("e => e.scrollWidth") <= width


@pytest.mark.browser
def test_the_code_is_completed_by_the_page_and_embeds_the_view(browser, address):
    with visit(browser, address + VIEW + "/", **DESKTOP) as page:
        code = page.locator(".embed-code code")
        expect(code).to_be_visible()
        text = code.inner_text()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy the code").click()
        expect(page.get_by_text("Copied.")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == text
    (source,) = re.findall(r'src="([^"]*)"', text)
    assert source == urljoin(address, f"{VIEW}/embed/")
    with visit(browser, source) as page:
        expect(page.get_by_role("link", name="LLM Gateway Leaderboard")).to_be_visible()
