"""Foreign addresses and file names: what passes is what it looks like, to every parser."""

import os
import random
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from leaderboard.pages.paths import safe_url, slug
from tests.hostile import STRINGS, URLS

GENERATED_EACH_TIME, SLUGS_EACH_TIME = 30_000, 100_000
LONGER = 10 if os.environ.get("TORTURE") else 1
GENERATED, SLUGS = GENERATED_EACH_TIME * LONGER, SLUGS_EACH_TIME * LONGER

SCHEMES = ("https", "http", "HTTPS", "hTTp", "javascript", "data", "ftp", "file", "", "https ")
SEPARATORS = ("://",) * 12 + (":", ":/", ":///", "//", ":\\\\", "://\t", ":%2f%2f")
LABELS = (
    *("example", "org", "com", "a", "xn--bcher-kva", "xn--a", "xn--", "www", "openai", "co"),
    *("127", "0x7f", "1", "256", "017", "0", "e0x1f", "-a", "a-", "a_b", "a--b", "A", "B0"),
    *("ex%61mple", "exаmple", "ex\u200bample", "ｅxample", "ß", "faß", "ex\u00adample", "a" * 63),
    *("a" * 64, "", "1a", "a1", "xn--80ak6aa92e", "xn--fa-hia", "xn--zca", "xn--ls8h"),
)
BEFORE_HOST = ("",) * 14 + ("user@", "user:pw@", "good.example@", "@", "%40@")
PORTS = ("",) * 14 + (":443", ":80", ":8443", ":", ":0", ":99999", ":x", ":４４３")
PATHS = (
    *("", "/", "/a", "/a/b?c=d&e=f#g", "/%20", "/%", "/%zz", "/a b", "/\\", "/..", "/./x/../y"),
    *("/'", '/"', "/<", "/`", "/{", "/|", "/^", "/\x00", "/\t", "/\n", "/ü", "/~a_b-c.d!$", "?q"),
    *("#f", "/@x", "/:x", "/a;b,c", "/(x)*+", "\\x", "/\u202e", "//x", "/[x]", "?[x]=1", "#[x]"),
)


def generated(count: int) -> Iterator[str]:
    """Give addresses put together of parts that are right, wrong, and nearly right."""
    chance = random.Random(61)
    for _ in range(count):
        host = ".".join(chance.choice(LABELS) for _ in range(chance.choice((1, 2, 2, 2, 3, 3, 4))))
        address = "".join(
            (
                chance.choice(SCHEMES[:2] if chance.random() < 0.8 else SCHEMES),
                chance.choice(SEPARATORS),
                chance.choice(BEFORE_HOST),
                host + ("." if chance.random() < 0.05 else ""),
                chance.choice(PORTS),
                chance.choice(PATHS),
            )
        )
        if chance.random() < 0.05:
            place = chance.randrange(len(address) + 1)
            address = (
                address[:place] + chance.choice("\t\n\r\x00 \\/@:#?%.\u3002") + address[place:]
            )
        yield address


@pytest.mark.browser
def test_whatever_passes_means_the_same_to_chromium(browser: Browser) -> None:
    sent = [url for url in dict.fromkeys((*generated(GENERATED), *URLS)) if url.isprintable()]
    odd = [url for url in generated(GENERATED) if not url.isprintable()]
    assert len(sent) + len(odd) >= 5_000
    assert not any(map(safe_url, odd))
    passed = [url for url in sent if safe_url(url)]
    assert len(passed) > 500
    page = browser.new_page()
    parsed = page.evaluate(
        """(urls) => urls.map((url) => {
          const link = document.createElement("a");
          link.href = url;
          try {
            const {protocol, hostname, port, username, password} = new URL(url);
            return [protocol, hostname, port, username + password, link.hostname];
          } catch { return null; }
        })""",
        passed,
    )
    page.close()
    for url, seen in zip(passed, parsed, strict=True):
        parts = urlsplit(url)
        assert seen is not None, url
        protocol, host, port, user, linked = seen
        assert protocol == f"{parts.scheme.lower()}:", url
        assert host == linked == (parts.hostname or "").lower(), url
        assert protocol in {"http:", "https:"}, url
        assert (port, user) == ("", ""), url


@pytest.mark.browser
def test_chromium_would_have_followed_what_was_refused(browser: Browser) -> None:
    """The control: the generated addresses do hold ones that a browser takes elsewhere."""
    refused = [url for url in generated(GENERATED) if not safe_url(url)]
    page = browser.new_page()
    hosts = page.evaluate(
        """(urls) => urls.map((url) => { try { return new URL(url).hostname } catch { return "" }
        })""",
        refused,
    )
    page.close()
    differing = [
        url
        for url, host in zip(refused, hosts, strict=True)
        if host and host not in re.split(r"[/@:?#\\]", url.lower())
    ]
    assert len(differing) >= 100


def test_a_slug_is_short_plain_and_its_own_for_any_of_100_000_texts() -> None:
    chance = random.Random(69)
    pieces = [*STRINGS, "gpt-4o", "GPT 4o", "gpt_4o", "Ångström", "e\u0301", "é", "ﬃ", "İ", "ß"]
    texts = dict.fromkeys(STRINGS)
    while len(texts) < SLUGS:
        if chance.random() < 0.5:
            text = "".join(chance.choice(pieces)[:40] for _ in range(chance.randint(1, 3)))
        else:
            text = "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, 12)))
        texts[text] = None
    taken = set()
    for text in texts:
        made = slug(text)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
        assert len(made) <= 80
        assert made.partition("-")[0] != made  # the digest always follows: no reserved name
        taken.add(unicodedata.normalize("NFC", made).casefold())
    assert len(taken) == len(texts) >= SLUGS
