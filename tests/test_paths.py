import doctest
import posixpath
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.pages import paths

SEGMENTS = st.lists(st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True), max_size=5).map("/".join)


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(paths).failed == 0


@given(SEGMENTS, SEGMENTS)
def test_a_relative_link_leads_from_any_page_to_any_other(page, target):
    folder = posixpath.dirname(paths.file_of(page))
    reached = posixpath.normpath(posixpath.join("/repo", folder, paths.relative(page, target)))
    assert reached == posixpath.normpath(posixpath.join("/repo", target))


def test_links_to_files_have_no_slash_at_their_end():
    assert paths.relative("a/b", "api/v1/a/b.csv") == "../../api/v1/a/b.csv"


@pytest.mark.parametrize(
    ("raw", "made"),
    [
        ("GPT 4o", "gpt-4o-a84657e640eb"),
        ("  Å-ngström!  ", "a-ngstrom-"),
        ("X_x", "x-x-"),
        ("模型", "x-"),
        ("", "x-e3b0c44298fc"),
        ("a" * 59 + " b c", "a" * 59 + "-"),
        ("-" * 3 + "b" * 70, "b" * 60 + "-"),
    ],
)
def test_slugs_say_what_can_be_read_and_then_twelve_digits(raw, made):
    slug = paths.slug(raw)
    assert slug.startswith(made)
    assert re.fullmatch("[0-9a-f]{12}", slug.rpartition("-")[2])
    assert slug.rpartition("-")[0] == made.rpartition("-")[0]


def test_only_the_last_part_of_a_path_tells_a_file_from_a_page():
    assert paths.file_of("v1.0/models") == "v1.0/models/index.html"
    assert paths.address_of("v1.0/models") == "v1.0/models/"
    assert paths.file_of("v1/models.csv") == paths.address_of("v1/models.csv") == "v1/models.csv"


@given(st.text(max_size=300))
def test_slugs_are_short_and_plain(raw):
    slug = paths.slug(raw)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 80


@given(st.sets(st.text(max_size=40), min_size=2, max_size=40))
def test_no_two_texts_share_a_slug(texts):
    slugs = {unicodedata.normalize("NFC", paths.slug(text)).casefold() for text in texts}
    assert len(slugs) == len(texts)


def test_look_alike_names_keep_their_own_slugs():
    names = ["gpt-4o", "GPT-4o", "gpt 4o", "gpt-4o:free", "gpt-4o@free", "con", "..", "\ud800"]
    assert len({paths.slug(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    "url",
    [
        "https://openai.com",
        "http://example.org/path?query=1&b=%20#part",
        "HTTPS://Example.COM/",
        "https://xn--bcher-kva.example/",
        "https://a.b-c.co.uk/~user/(x),y;z",
        "https://host.example/" + "a" * (2048 - 21),
        "https://" + "a." * 123 + "example/",
    ],
)
def test_plain_addresses_pass(url):
    assert paths.safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//host.example",
        "https:/\\host.example",
        "https:host.example",
        "https://host",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://1.2.3.0x4/",
        "https://[::1]/",
        "https://2130706433/",
        "https://openai.com@evil.example/",
        "https://user:pass@host.example/",
        "https://host.example:8443/",
        "https://host.example\\@evil.example/",
        "https://host.example/a b",
        'https://host.example/"onmouseover=x',
        "https://host.example/'x",
        "https://host.example/<script>",
        "https://host.example/{x}|^`",
        "https://host.example/\x00",
        "https://host.example/\n",
        "https://оpenai.com/",
        "https://-host.example/",
        "https://host..example/",
        "https://host.example./",
        "https://xn--a.example/",
        "https://good.xn--a.example/",
        "https://host.example/" + "a" * (2049 - 21),
        "https://" + "a." * 123 + "examples/",
        "ftp://host.example/",
        " https://host.example/",
        "https://host.example/" + "a" * 2048,
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
    ],
)
def test_anything_that_could_fool_a_reader_or_parser_is_refused(url):
    assert paths.safe_url(url) is None
