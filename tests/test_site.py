import csv
import dataclasses
import gzip
import hashlib
import io
import itertools
import json
import os
import posixpath
import re
import subprocess
import sys
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from leaderboard import boards, site
from leaderboard.pages import downloads
from tests import specimens

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {"north": specimens.OPEN, "south": specimens.CLOSED}
VOID = frozenset(["meta", "link", "br", "hr", "img", "input", "path", "rect"])
HOSTILE = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "\u202eevil\u2066",
    "=cmd|' /C calc'!A0",
    "null\x00byte \ud800 surrogate",
    "constructor",
    "&lt;b&gt;&amp;",
    "]]><!--",
]


class Parsed(HTMLParser):
    """Collects what the tests ask of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.stack: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def render(out: Path, *, readings=None, statuses=None, **edition) -> site.Summary:
    return site.render(
        specimens.edition(**edition),
        readings or specimens.readings(),
        specimens.statuses() if statuses is None else statuses,
        out,
        processes=1,
        cache=None,
    )


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def documents(root: Path) -> dict[str, str]:
    return {name: body.decode() for name, body in files(root).items() if name.endswith(".html")}


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("published") / "site"
    summary = render(out)
    assert summary.failed_charts == ()
    assert summary.files == len(files(out))
    assert summary.pages == len(documents(out))
    return out


@pytest.fixture(scope="module")
def pages(published) -> dict[str, Parsed]:
    return {name: Parsed(text) for name, text in documents(published).items()}


def source_of(name: str) -> str | None:
    first = name.partition("/")[0]
    return first if first in SOURCES else None


def test_every_page_that_shows_a_source_carries_its_line(pages):
    for name, page in pages.items():
        source = source_of(name)
        shown = (
            [source]
            if source
            else ["north", "south"]
            if name in {"index.html", "data/index.html"}
            else []
        )
        for one in shown:
            assert SOURCES[one].text in page.text, name
            assert SOURCES[one].notice in page.text, name


def test_every_download_carries_its_sources_line(published):
    for name, body in files(published / "api/v1").items():
        source = source_of(name)
        if name.endswith(".csv"):
            last = list(csv.reader(io.StringIO(body.decode(), newline="")))[-1]
            asked = [SOURCES[source]] if source else SOURCES.values()
            assert last[0] in {citation.notice for citation in asked}
        elif source:
            assert json.loads(body)["citation"] == SOURCES[source].text


def test_nothing_of_a_source_without_licence_is_labelled_with_one(published, pages):
    for name, page in pages.items():
        if source_of(name) == "south":
            main = page.text
            assert "no open licence" in main, name
            assert "CC BY" not in main, name
            assert not any(a.get("rel", "").startswith("license") for a in page.every("a"))
    for entry in json.loads((published / "manifest.json").read_bytes())["files"]:
        if entry["source"] == "south":
            assert entry["license"] is None


def test_the_policy_stands_first_after_the_charset_and_allows_nothing_unsafe(published):
    for name, text in documents(published).items():
        head = text.partition("<head>")[2]
        first, second = re.findall(r"<meta [^>]*>", head)[:2]
        assert first == '<meta charset="utf-8">', name
        assert 'http-equiv="Content-Security-Policy"' in second, name
        assert "unsafe" not in text, name
        assert "default-src &#39;none&#39;" in second, name


def test_no_page_has_a_style_a_script_or_a_handler_inside(pages):
    for name, page in pages.items():
        for tag, attributes in page.tags:
            assert tag not in {"style", "iframe", "object", "base", "form"}, name
            assert tag != "script" or {"src", "integrity"} <= set(attributes), name
            assert "style" not in attributes, name
            assert not any(attribute.startswith("on") for attribute in attributes), name


def test_every_tag_is_closed_in_order(pages):
    assert not any(page.stack for page in pages.values())


def test_every_link_leads_to_a_file_of_the_site_under_any_sub_path(published, pages):
    held = set(files(published))
    for name, page in pages.items():
        anchors = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
        for tag, attributes in page.tags:
            target = attributes.get("href") or attributes.get("src") or attributes.get("data-view")
            if target is None or tag == "svg":
                continue
            url = urllib.parse.urlsplit(target)
            if url.scheme:
                assert tag in {"a", "link"}, name
                assert tag == "a" or attributes["rel"] == "canonical", name
                continue
            if not url.path:
                assert url.fragment in anchors, (name, target)
                continue
            base = "/repo/"
            if name == "404.html":
                assert url.path.startswith(base), target
                reached = url.path.removeprefix(base)
            else:
                assert not url.path.startswith("/"), (name, target)
                reached = posixpath.normpath(posixpath.join(posixpath.dirname(name), url.path))
                reached = "" if reached == "." else reached
                reached += "/" if url.path.endswith("/") and reached else ""
            file = f"{reached}index.html" if reached.endswith("/") or not reached else reached
            assert file in held, (name, target)


def test_ids_are_unique_headings_in_order_and_landmarks_there(pages):
    for name, page in pages.items():
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), name
        is_embedded = name.endswith("/embed/index.html")  # stands inside somebody's page
        for landmark in ("main", "footer") if is_embedded else ("header", "main", "footer", "nav"):
            assert page.every(landmark), name
        assert page.every("html")[0]["lang"] == "en"


def test_tables_have_captions_and_scoped_headers(published):
    for name, text in documents(published).items():
        for table in re.findall(r"<table.*?</table>", text, re.DOTALL):
            assert "<caption" in table, name
            assert all("scope=" in header for header in re.findall(r"<th\b[^>]*>", table)), name


def test_every_drawn_chart_has_a_text_alternative(pages):
    view = pages["north/models/tokens/index.html"]
    charts = [a for tag, a in view.tags if tag == "div" and a.get("role") == "img"]
    assert [chart["class"] for chart in charts] == ["wide", "narrow"]
    assert all("Large" in (chart["aria-label"] or "") for chart in charts)
    assert {"wide", "narrow"} <= {a.get("class") for a in view.every("div")}


def test_a_views_page_prints_its_three_dates_for_machines_too(pages):
    page = pages["north/models/tokens/index.html"]
    stamps = {attributes["datetime"] for attributes in page.every("time")}
    assert {"2026-06-30", specimens.AS_OF, "2026-07-01T02:41:00Z"} <= stamps
    dates = next(a for a in page.every("dl") if a.get("class") == "dates")
    assert dates["data-through"] == "2026-06-30"
    assert dates["data-stale-after"] == "2026-07-03T00:00:00Z"


def test_a_source_that_sends_no_stamp_is_said_to_send_none(pages):
    assert "not stated by the source" in pages["south/models/cost/index.html"].text


def test_every_number_of_a_table_is_in_its_downloads(published):
    for reading in specimens.readings():
        for board in reading.boards:
            for view in boards.views(board):
                page = (published / view.path / "index.html").read_text()
                content = json.loads((published / f"api/v1/{view.path}.json").read_bytes())
                rows = {
                    row["key"]: row for row in [*content["rows"], content["others"] or {"key": ""}]
                }
                lines = re.findall(r'<tr id="[^"]+" data-key="([^"]+)".*?</tr>', page, re.DOTALL)
                assert lines == [key for key in rows if key]
                for key, cells in re.findall(
                    r'<tr id="[^"]+" data-key="([^"]+)"(.*?)</tr>', page, re.DOTALL
                ):
                    values = re.findall(
                        r'<td class="(share|amount|measured)" data-value="([^"]*)"', cells
                    )
                    for column, value in values:
                        sent = rows[key]["share_pct" if column == "share" else "value"]
                        assert value == ("" if sent is None else str(sent)), (view.path, key)


def test_the_manifest_covers_every_other_file_and_finds_any_change(published):
    held = files(published)
    entries = json.loads(held.pop("manifest.json"))["files"]
    assert {entry["path"] for entry in entries} == set(held)
    for entry in entries:
        body = held[entry["path"]]
        assert entry["bytes"] == len(body)
        assert entry["sha256"] == hashlib.sha256(body).hexdigest()
    north = next(e for e in entries if e["path"] == "api/v1/north/models/tokens.csv")
    assert (north["source"], north["as_of"], north["license"]) == (
        "north",
        specimens.AS_OF,
        "CC-BY-4.0",
    )


def test_the_index_lists_files_that_are_there(published):
    index = json.loads((published / "api/v1/index.json").read_bytes())
    for board in index["boards"]:
        for view in board["views"]:
            assert (published / view["csv"]).is_file()
            assert (published / view["json"]).is_file()
            assert (published / view["page"] / "index.html").is_file()
        assert board["daily_csv"] is None or (published / board["daily_csv"]).is_file()


def test_the_sitemap_lists_every_page_that_asks_to_be_found(published):
    root = ElementTree.fromstring((published / "sitemap.xml").read_bytes())
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = {element.text for element in root.iter(f"{space}loc")}
    expected = {
        "https://leaderboard.example/repo/" + name.removesuffix("index.html")
        for name, text in documents(published).items()
        if 'content="noindex"' not in text
    }
    assert listed == expected
    assert (
        "Sitemap: https://leaderboard.example/repo/sitemap.xml"
        in (published / "robots.txt").read_text()
    )


def test_what_programs_are_told_of_first_leads_to_files_that_are_there(published):
    text = (published / "llms.txt").read_text()
    links = re.findall(r"\]\(https://leaderboard\.example/repo/([^)]*)\)", text)
    assert len(links) >= 11
    for link in links:
        place = published / link
        assert (place / "index.html" if link.endswith("/") else place).is_file(), link
    assert "Simulated" not in text


def test_a_site_without_an_address_has_no_absolute_links_to_itself(tmp_path):
    render(tmp_path / "site", base_url="")
    for name, text in documents(tmp_path / "site").items():
        assert 'rel="canonical"' not in text, name
        assert 'href="/' not in text, name


def test_a_simulated_site_says_so_on_every_page_and_in_every_download(tmp_path):
    out = tmp_path / "site"
    render(out, simulated=True)
    for name, text in documents(out).items():
        assert "Simulated data." in Parsed(text).text, name
        assert "<title>[Simulated]" in text, name
        assert 'content="noindex"' in text, name
    for name, body in files(out / "api").items():
        if name.endswith(("openapi.json", "CHANGELOG.md")) or "/schemas/" in name:
            continue  # words about the files, no figures
        if name.endswith(".json"):
            assert json.loads(body)["simulated"] is True, name
        else:
            assert downloads.SIMULATED in body.decode(), name
    assert "Disallow: /" in (out / "robots.txt").read_text()


def test_a_real_site_never_calls_itself_simulated(published):
    for name, body in files(published).items():
        if name.endswith(".csv"):
            assert b"imulated" not in body, name
        if name.endswith("index.html") and name not in {"data/index.html"}:
            assert b"imulated" not in body, name


def test_a_failed_source_is_marked_on_each_of_its_pages(tmp_path):
    out = tmp_path / "site"
    render(out, statuses=specimens.statuses(error="503: <b>Service</b> Unavailable"))
    for name, text in documents(out).items():
        page = Parsed(text)
        if source_of(name) == "north":
            assert "Last fetch failed." in page.text, name
            assert "503: <b>Service</b> Unavailable" in page.text, name
        elif source_of(name) == "south":
            assert "Last fetch failed." not in page.text, name
    assert "Last fetch failed." in Parsed((out / "index.html").read_text()).text
    assert "failed" in Parsed((out / "status/index.html").read_text()).text


def test_a_fresh_page_keeps_its_mark_hidden_for_the_readers_browser_to_show(pages):
    marks = [a for _, a in pages["north/models/tokens/index.html"].tags if "data-stale-mark" in a]
    assert len(marks) == 1
    assert "hidden" in marks[0]
    assert marks[0]["data-stale-after"] == "2026-07-03T00:00:00Z"


def test_stale_data_is_marked(tmp_path):
    out = tmp_path / "site"
    late = specimens.edition().built_at.replace(day=9)
    render(out, built_at=late)
    for name, text in documents(out).items():
        if source_of(name):
            marks = [a for _, a in Parsed(text).tags if "data-stale-mark" in a]
            assert marks, name
            assert not any("hidden" in a for a in marks), name


def skeleton(page: Parsed) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (tag, tuple(attributes))
        for tag, attributes in page.tags
        if tag not in {"path", "text"}  # a chart's marks follow the widths of its labels
    ]


def test_hostile_names_change_no_tag_and_no_attribute(tmp_path):
    for word, names in (("plain", [f"App {i}" for i in range(len(HOSTILE))]), ("hostile", HOSTILE)):
        models = specimens.models_board(
            specimens.two_weeks(), names={"alpha/large": names[0], "beta/small:free": names[1]}
        )
        render(tmp_path / word, readings=specimens.readings(models, names))
    plain, hostile = documents(tmp_path / "plain"), documents(tmp_path / "hostile")
    assert plain.keys() == hostile.keys()
    for name in plain:
        before, after = skeleton(Parsed(plain[name])), skeleton(Parsed(hostile[name]))
        if name == "browse/index.html":  # ordered by name, under headings of its own
            before, after = sorted(set(before)), sorted(set(after))
        assert before == after, name
    page = Parsed(hostile["north/apps/popular/index.html"])
    assert HOSTILE[1] in page.text
    assert "\u202e" not in page.text
    assert "\x00" not in "".join(page.texts)


def test_escaping_is_what_protects_the_pages(tmp_path):
    """The control: the same corpus through a template that does not escape must show."""
    assert skeleton(Parsed(f"<p>{HOSTILE[1]}</p>")) != skeleton(Parsed("<p>App</p>"))


def test_foreign_addresses_are_linked_only_when_safe_and_never_vouched_for(tmp_path):
    north, south = specimens.readings()
    apps = next(board for board in north.boards if board.kind == "app")
    entities = {
        key: dataclasses.replace(entity, url=url, description="<i>about</i>")
        for (key, entity), url in zip(
            apps.entities.items(),
            ["https://app.example/", "javascript:alert(1)", "https://user@evil.example/"],
            strict=True,
        )
    }
    changed = dataclasses.replace(apps, entities=entities)
    north = dataclasses.replace(
        north, boards=tuple(changed if board is apps else board for board in north.boards)
    )
    out = tmp_path / "site"
    render(out, readings=(north, south))
    page = Parsed((out / "north/apps/popular/index.html").read_text())
    foreign = [a for a in page.every("a") if "ugc" in (a.get("rel") or "")]
    assert [a["href"] for a in foreign] == ["https://app.example/"]
    assert foreign[0]["rel"] == "nofollow noopener noreferrer ugc"
    assert "<i>about</i>" in page.text


def test_the_same_input_gives_the_same_bytes_in_any_zone_locale_and_hash_seed(tmp_path):
    script = (
        "import sys; from pathlib import Path; from tests import test_site\n"
        "test_site.render(Path(sys.argv[1]))\n"
    )
    trees = []
    for word, zone, seed, locale in (
        ("one", "Pacific/Kiritimati", "1", "C"),
        ("two", "America/New_York", "2", "de_DE.UTF-8"),
    ):
        out = tmp_path / word / "site"
        out.parent.mkdir()
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale}
        subprocess.run(
            [sys.executable, "-c", script, str(out)], cwd=ROOT, env=environment, check=True
        )
        trees.append(files(out))
    assert trees[0] == trees[1]


def test_an_earlier_site_is_replaced_whole(tmp_path):
    out = tmp_path / "site"
    render(out)
    (out / "retired.html").write_text("gone")
    north, _ = specimens.readings()
    render(out, readings=(north,))
    assert not (out / "retired.html").exists()
    assert not (out / "south").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_site_of_no_data_at_all_is_whole(tmp_path):
    empty = tuple(dataclasses.replace(reading, boards=()) for reading in specimens.readings())
    render(tmp_path / "site", readings=empty, statuses=())
    assert "No figures yet" in (tmp_path / "site/index.html").read_text()
    assert "NORTH_KEY" in (tmp_path / "site/north/index.html").read_text()


def test_a_views_page_weighs_little(published):
    style = next((published / "assets").glob("site-*.css")).read_bytes()
    page = (published / "north/models/tokens/index.html").read_bytes()
    icon = next((published / "assets").glob("icon-*.svg")).read_bytes()
    weight = sum(len(gzip.compress(body)) for body in (style, page, icon))
    assert weight <= 60 * 1024


def test_the_words_for_a_whole_market_appear_nowhere(published):
    for name, body in files(published).items():
        assert b"market share" not in body.lower(), name
