import dataclasses
import gzip
import json
import re
import urllib.parse
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from leaderboard import site
from leaderboard.pages import changes, entities, feed_formats, feeds
from leaderboard.pages.downloads import SIMULATED
from leaderboard.pages.page import Alternate, Page
from tests import newsworthy, specimens
from tests.feed_rules import ATOM, broken_atom, broken_json_feed, is_absolute

BASE = "https://leaderboard.example/repo"
ELSEWHERE = "https://other.example"
HOSTILE = [
    "</title><script>alert(1)</script>",
    "]]><!-- & &amp; --> <b>",
    "\u202eevil\u2066 \x00\x0b\ud800\ufffe",
    "\"><img src=x onerror='alert(1)'>",
]


@pytest.fixture(scope="module")
def built():
    return newsworthy.build()


@pytest.fixture(scope="module")
def files(built):
    return {document.path: document for document in feeds.documents(built)}


def written(**edition):
    build = newsworthy.build(**edition)
    return {document.path: document.body for document in feeds.documents(build)}


def entries(body):
    return ElementTree.fromstring(body).findall(f"{ATOM}entry")


def items(body):
    return json.loads(body)["items"]


class Words(HTMLParser):
    """The text of an entry."""

    def __init__(self, text):
        super().__init__()
        self.said = []
        self.feed(text)

    def handle_data(self, data):
        self.said.append(data)


def text_of(html):
    return " ".join(Words(html).said)


@pytest.mark.parametrize("base_url", [BASE, ""])
@pytest.mark.parametrize("simulated", [False, True])
def test_every_feed_is_valid(base_url, simulated):
    made = written(base_url=base_url, simulated=simulated)
    assert len(made) > 20
    for path, body in made.items():
        broken = broken_atom(body) if path.endswith(".xml") else broken_json_feed(body)
        assert broken == [], path


def test_a_feed_of_hostile_names_is_valid_and_runs_nothing():
    names = dict(zip(newsworthy.figures()[-1], HOSTILE, strict=False))
    build = newsworthy.build(newsworthy.readings(names=names))
    assert any("script" in one.headline for one in build.news)
    for document in feeds.documents(build):
        check = broken_atom if document.path.endswith(".xml") else broken_json_feed
        assert check(document.body) == [], document.path


def test_a_feed_in_which_nothing_happened_is_valid(tmp_path):
    quiet = (newsworthy.readings(5)[0],)
    made = {d.path: d.body for d in feeds.documents(newsworthy.build(quiet))}
    assert set(made) == {
        "changes/feed.xml",
        "changes/feed.json",
        "changes/north/feed.xml",
        "changes/north/feed.json",
    }
    for path, body in made.items():
        assert (broken_atom if path.endswith(".xml") else broken_json_feed)(body) == []
    nothing = newsworthy.build(tuple(dataclasses.replace(r, boards=()) for r in quiet))
    assert broken_atom(next(iter(feeds.documents(nothing))).body) == []


ATOM_FAULTS = {
    "a second title": (b"<title>", b"<title>More</title><title>"),
    "no date": (b"<updated>2026-06-17T00:00:00Z</updated>", b""),
    "a date without zone": (b"00:00:00Z</updated>", b"00:00:00</updated>"),
    "a day no calendar has": (b"<updated>2026-06-", b"<updated>2026-13-"),
    "an id that is no tag": (b"<id>tag:owner", b"<id>Tag:Owner"),
    "an element of nobody's": (b"<subtitle>", b"<description>x</description><subtitle>"),
    "an author without a name": (b"<name>LLM Gateway Leaderboard</name>", b""),
    "a link with a space": (b'href="https://leaderboard.example', b'href="https://leader board'),
    "markup that is not escaped": (b"&lt;p&gt;", b"<p/>"),
    "HTML that is not closed": (b"&lt;/p&gt;", b""),
    "a script": (b"&lt;p&gt;", b"&lt;script&gt;&lt;/script&gt;&lt;p&gt;"),
    "not well-formed": (b"</entry>", b""),
    "content of no type": (b'<content type="html">', b"<content>"),
    "another root": (b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#"),
}


@pytest.mark.parametrize("fault", ATOM_FAULTS)
def test_the_rules_of_atom_find_what_breaks_them(files, fault):
    body = files["changes/feed.xml"].body
    before, after = ATOM_FAULTS[fault]
    assert before in body
    assert broken_atom(body.replace(before, after, 1)) != []


def test_the_rules_of_atom_find_an_entry_told_twice(files):
    body = files["changes/feed.xml"].body
    entry = re.search(rb"<entry>.*?</entry>", body)[0]
    assert broken_atom(body.replace(entry, entry + entry)) != []


JSON_FAULTS = {
    "another version": {"version": "https://jsonfeed.org/version/1"},
    "no title": {"title": ""},
    "an unknown member": {"updated": "2026-06-17T00:00:00Z"},
    "a relative address": {"feed_url": "feed.json"},
    "no items": {"items": None},
    "an author who is nobody": {"authors": [{}]},
    "an item without content": {"items": [{"id": "tag:a.b,2026:x"}]},
    "an item with a number for an id": {"items": [{"id": 1, "content_text": "x"}]},
    "an item told twice": {"items": [{"id": "tag:a.b,2026:x", "content_text": "x"}] * 2},
    "an item on no day": {
        "items": [{"id": "tag:a.b,2026:x", "content_text": "x", "date_published": "2026-06-17"}]
    },
    "an extension that is no object": {"_event": 1},
}


@pytest.mark.parametrize("fault", JSON_FAULTS)
def test_the_rules_of_json_feed_find_what_breaks_them(files, fault):
    feed = json.loads(files["changes/feed.json"].body)
    assert broken_json_feed(json.dumps(feed | JSON_FAULTS[fault]).encode()) != []


def test_both_forms_tell_the_same(files):
    for path, document in files.items():
        if path.endswith(".xml"):
            atom = entries(document.body)
            other = items(files[path.replace(".xml", ".json")].body)
            assert [e.findtext(f"{ATOM}id") for e in atom] == [item["id"] for item in other]
            assert [e.findtext(f"{ATOM}title") for e in atom] == [item["title"] for item in other]
            assert [e.findtext(f"{ATOM}content") for e in atom] == [
                item["content_html"] for item in other
            ]


def test_ids_stay_when_the_site_moves_and_addresses_follow_it():
    here, there, nowhere = (written(base_url=url) for url in (BASE, ELSEWHERE, ""))
    for path in here:
        if path.endswith(".json"):
            ids = [[item["id"] for item in items(side[path])] for side in (here, there, nowhere)]
            assert ids[0] == ids[1] == ids[2]
            assert not any("example" in one for one in ids[0])
            assert all(item["url"].startswith(f"{ELSEWHERE}/") for item in items(there[path]))
            assert not any("url" in item for item in items(nowhere[path]))


def test_ids_are_the_repositorys_and_simulated_ones_are_named_apart():
    edition = specimens.edition()
    assert feed_formats.tag(edition, "x/a b:é%") == (
        "tag:owner.github.io,2026:repository/x/a%20b:%C3%A9%25"
    )
    simulated = specimens.edition(simulated=True)
    assert feed_formats.tag(simulated, "x") == "tag:owner.github.io,2026:repository/simulated/x"
    own = specimens.edition(repository_url="https://git.example/team/site")
    assert feed_formats.tag(own, "x") == "tag:git.example,2026:team/site/x"
    assert feed_formats.tag(specimens.edition(repository_url=""), "x") == "tag:localhost,2026:x"


def test_entries_link_to_their_place_on_a_page_that_has_it(built, files):
    anchors = {
        (page.path, told.happening.anchor)
        for page in changes.changes(built)
        for _, group in page.context["days"]
        for told in group
    }
    for path, document in files.items():
        if path.endswith(".json"):
            for item in items(document.body):
                url = urllib.parse.urlsplit(item["url"])
                place = url.path.removeprefix("/repo/").rstrip("/")
                assert (place, url.fragment) in anchors


def test_without_a_configured_address_atom_links_relatively_to_the_same(built):
    here, nowhere = written(base_url=BASE), written(base_url="")
    for path, body in nowhere.items():
        if path.endswith(".xml"):
            there = f"{BASE}/{path}"
            for ours, theirs in zip(entries(body), entries(here[path]), strict=True):
                ours, theirs = (e.find(f"{ATOM}link").get("href") for e in (ours, theirs))
                assert not is_absolute(ours)
                assert urllib.parse.urljoin(there, ours) == theirs
            root = ElementTree.fromstring(body)
            (page,) = root.findall(f"{ATOM}link")
            assert page.get("rel") == "alternate"
            assert urllib.parse.urljoin(there, page.get("href")) == there.removesuffix("feed.xml")


def test_a_feed_tells_the_newest_fifty_newest_first(built):
    many = tuple(
        dataclasses.replace(
            one, event=dataclasses.replace(one.event, id=f"{one.event.id}/{number}")
        )
        for one in built.news
        for number in range(20)
    )
    busy = dataclasses.replace(built, news=many)
    for document in feeds.documents(busy):
        if document.path.endswith(".json") and not document.path.startswith("changes/"):
            assert len(items(document.body)) <= feeds.ENTITY_ENTRIES
        if document.path == "changes/feed.json":
            told = items(document.body)
            assert len(told) == feeds.ENTRIES
            assert [item["id"] for item in told] == [
                feed_formats.tag(busy.edition, one.event.id) for one in many[: feeds.ENTRIES]
            ]
    for document in feeds.documents(built):
        if document.path.endswith(".json"):
            dates = [item["date_published"] for item in items(document.body)]
            assert dates == sorted(dates, reverse=True)


def test_a_feed_is_as_new_as_its_newest_entry_and_not_as_the_build(files):
    later = specimens.edition().built_at.replace(hour=9)
    assert written(built_at=later) == {path: one.body for path, one in files.items()}
    root = ElementTree.fromstring(files["changes/feed.xml"].body)
    assert root.findtext(f"{ATOM}updated") == "2026-06-17T00:00:00Z"


def test_each_entry_carries_its_sources_line_and_licence(built, files):
    by_id = {feed_formats.tag(built.edition, one.event.id): one for one in built.news}
    for path, document in files.items():
        if path.endswith(".xml"):
            for entry in entries(document.body):
                one = by_id[entry.findtext(f"{ATOM}id")]
                content = text_of(entry.findtext(f"{ATOM}content"))
                assert one.citation.notice in content
                assert one.detail in content
                assert all(note in content for note in one.notes)
                rights = entry.findtext(f"{ATOM}rights")
                if one.event.source == "south":
                    assert rights == "No open licence."
                    assert "No open licence." in content
                    assert "CC BY" not in content
                else:
                    assert "CC BY 4.0" in rights


def test_a_feed_of_one_gateway_is_credited_as_such_and_a_mixed_one_as_nobodys(files):
    assert files["changes/north/feed.xml"].citation == specimens.OPEN
    assert files["changes/south/feed.json"].citation == specimens.CLOSED
    assert files["changes/feed.xml"].citation is None
    assert files["changes/feed.xml"].source is None


def test_the_exact_figures_are_in_the_json(built, files):
    told = items(files["changes/feed.json"].body)
    for item, one in zip(told, built.news, strict=False):
        assert {name: item["_event"][name] for name in one.event.numbers} == one.event.numbers
        assert item["_event"]["is_lower_bound"] == one.event.is_lower_bound


def test_simulated_news_is_marked_in_each_feed_and_entry():
    for path, body in written(simulated=True).items():
        text = body.decode()
        assert "[Simulated] What changed" in text, path
        if path.endswith(".json"):
            for item in items(body):
                assert SIMULATED in text_of(item["content_html"])
                assert item["title"].startswith("[Simulated] ")


def test_models_and_labs_with_news_have_a_feed_and_others_none(built, files):
    paths = {dossier.path: dossier for dossier in built.register.all}
    made = {path.removesuffix("/feed.xml") for path in files if path.endswith("/feed.xml")}
    own = made - {"changes", "changes/north", "changes/south"}
    assert own <= paths.keys()
    quiet = {paths[path].name for path in paths.keys() - own if paths[path].kind == "model"}
    assert quiet == {"Other"}  # beta's second model, of which there is no news
    told = items(files["labs/gamma/feed.json"].body)
    assert {item["_event"]["event"] for item in told} == {"left"}
    assert {item["_event"]["source"] for item in told} == {"north", "south"}


def test_a_labs_feed_tells_its_models_news_too(files):
    boards = {item["_event"]["board"] for item in items(files["labs/delta/feed.json"].body)}
    assert boards == {
        "north/models/tokens",
        "north/labs/tokens",
        "south/models/tokens",
        "south/labs/tokens",
    }


def test_who_was_overtaken_hears_of_it(built, files):
    place = built.register.places.of(
        "north", next(o.other for o in built.news if o.event.kind == "overtook" and o.other)
    )
    told = items(files[f"{place}/feed.json"].body)
    assert "overtook" in {item["_event"]["event"] for item in told}


def test_pages_announce_the_feeds_of_what_they_show(built, files):
    expected = {
        "": "changes",
        "changes": "changes",
        "changes/2026-06": "changes",
        "changes/north": "changes/north",
        "changes/north/2026-06": "changes/north",
        "north": "changes/north",
        "north/models/tokens/7d": "changes/north",
        "labs/delta": "labs/delta",
        "labs": None,
        "method": None,
    }
    made = [Page(path=path, template="", title="", description="") for path in expected]
    for page in feeds.announced(built, made):
        feed = expected[page.path]
        own = [f"{feed}/feed.xml", f"{feed}/feed.json"] if feed else []
        assert [one.path for one in page.alternates] == own, page.path
        assert set(own) <= files.keys()


def test_other_forms_that_a_page_has_stay_announced(built):
    own = Alternate(path="x.csv", media_type="text/csv", title="x")
    page = Page(path="north", template="", title="", description="", alternates=(own,))
    (told,) = feeds.announced(built, [page])
    assert told.alternates[0] == own
    assert len(told.alternates) == 3


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A whole site without charts, with names as hostile as they come: its texts by path."""
    names = dict(zip(newsworthy.figures()[-1], HOSTILE, strict=False))
    build = newsworthy.build(newsworthy.readings(names=names))
    build = dataclasses.replace(build, profiles=entities.profiles(build, {}))
    return {one.path: one.body.decode() for one in site.documents(build, b"")}


def test_every_feed_is_announced_by_the_page_beside_it(published):
    made = [path.removesuffix("/feed.xml") for path in published if path.endswith("/feed.xml")]
    assert len(made) > 10
    for folder in made:
        page = published[f"{folder}/index.html"]
        up = "../" * (folder.count("/") + 1)
        for name, media_type in (
            ("feed.xml", "application/atom+xml"),
            ("feed.json", "application/feed+json"),
        ):
            link = f'<link rel="alternate" type="{media_type}" href="{up}{folder}/{name}"'
            assert link in page, folder
            assert f"{folder}/{name}" in published


def test_what_entries_link_to_is_on_the_published_page(published):
    for item in items(published["changes/feed.json"]):
        address, _, anchor = item["url"].removeprefix(f"{BASE}/").partition("#")
        assert f'<li id="{anchor}">' in published[f"{address}index.html"]


def test_a_page_of_changes_is_light_and_its_names_stay_text(published):
    made = [path for path in published if re.match(r"changes/.*\.html", path)]
    assert len(made) > 6
    for path in made:
        text = published[path]
        assert len(gzip.compress(text.encode())) < 30 * 1024
        assert "alert(1)</script>" not in text
        assert "<img src=x" not in text
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
    assert "&lt;/title&gt;&lt;script&gt;" in published["changes/2026-05/index.html"]


def test_a_board_says_on_its_page_what_moved_or_that_nothing_did(published):
    page = published["north/models/tokens/index.html"]
    section = page.partition('<section class="moved"')[2].partition("</section>")[0]
    assert "Moved beyond its usual variation" in section
    assert "Mean shares of 24–30 June 2026 against 17–23 June 2026" in section
    assert 'href="../../../changes/north/"' in section
    movements = json.loads(published["api/v1/north/models/tokens.json"])["movements"]
    assert section.count('<span class="change ') == len(movements) > 0
    assert '<section class="moved"' not in published["north/apps/popular/index.html"]
