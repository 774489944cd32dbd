"""Addresses: relative links, file names that cannot collide, and which foreign URLs to trust.

A *path* is an address on the site without slashes at its ends (``openrouter/models/tokens``,
empty for the home page); a page lives in its folder's ``index.html`` unless the path names a
file.
"""

import hashlib
import re
import unicodedata
from typing import Final

_HOST_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_SAFE_URL: Final = re.compile(
    rf"https?://(?P<host>(?:{_HOST_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?)"
    r"(?:[/?#][!$%&()*+,./:;=?@\[\]_~#a-z0-9-]*)?",
    re.ASCII | re.IGNORECASE,
)
_MAX_URL: Final = 2048
_MAX_HOST: Final = 253
_SLUG_LENGTH: Final = 60


def file_of(path: str) -> str:
    """Name the file that answers a path.

    >>> file_of("openrouter"), file_of(""), file_of("404.html")
    ('openrouter/index.html', 'index.html', '404.html')
    """
    if "." in path.rpartition("/")[2]:
        return path
    return f"{path}/index.html" if path else "index.html"


def address_of(path: str) -> str:
    """Write a path as an address: pages end in a slash, files do not.

    >>> address_of("openrouter"), address_of(""), address_of("404.html")
    ('openrouter/', '', '404.html')
    """
    return path if not path or "." in path.rpartition("/")[2] else f"{path}/"


def relative(page: str, target: str) -> str:
    """Link from one page to another so that the site works at a root and under any sub-path.

    >>> relative("openrouter/models/tokens", "openrouter"), relative("", "data")
    ('../../../openrouter/', 'data/')
    """
    depth = file_of(page).count("/")
    return f"{'../' * depth}{address_of(target)}" or "./"


def slug(raw: str) -> str:
    """Turn any text into a file name or anchor that no other text shares.

    The readable part says little about uniqueness (five spellings of one model collapse into
    one), so the digest of the raw text always follows. At most 73 characters.
    """
    ascii_text = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:_SLUG_LENGTH].strip("-")
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{readable}-{digest}" if readable else f"x-{digest}"


def safe_url(url: str | None) -> str | None:
    """Pass a foreign URL only where nobody can be fooled by it; otherwise give None.

    http or https, plain ASCII, a dotted host name: no address literals, ports, user names,
    backslashes or quotes, so that every parser sees the same host.
    """
    if url is None or len(url) > _MAX_URL:
        return None
    match = _SAFE_URL.fullmatch(url)
    if match is None:
        return None
    host = match["host"].lower()
    if len(host) > _MAX_HOST or not all(map(_is_plain_label, host.split("."))):
        return None
    return url


def _is_plain_label(label: str) -> bool:
    """Refuse punycode that does not decode to itself: browsers refuse the whole URL then."""
    if not label.startswith("xn--"):
        return True
    try:
        return label.encode("ascii").decode("idna").encode("idna").decode("ascii") == label
    except UnicodeError:
        return False
