"""Ready-made faults by name, none of which an honest reader may take for data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from leaderboard.simulator import damage
from leaderboard.simulator.faults import Fault

_HTML: Final = (
    b"<!doctype html><html><head><title>Just a moment\xe2\x80\xa6</title></head>"
    b"<body><h1>Checking your connection</h1></body></html>"
)
_STATUSES: Final = (400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504)
_RETRY_AFTER: Final = {
    "seconds": "1",
    "date": "{soon}",
    "junk": "soon, perhaps",
    "negative": "-5",
    "day": "86400",
}
_REDIRECTS: Final = {
    "same-host": "{base}/elsewhere",
    "other-host": "http://127.0.0.2:{port}/elsewhere",
    "other-scheme": "https://127.0.0.1:{port}/elsewhere",
    "with-user": "http://user:password@127.0.0.1:{port}/elsewhere",
    "file": "file:///etc/hostname",
    "loop": "{base}{target}",
}


def _damaged(change: damage.Change) -> Fault:
    return Fault(kind="damage", damage=damage.parsed(change))


def _token(text: str, *, in_name: bool = False) -> Fault:
    return Fault(kind="damage", damage=damage.token(text, in_name=in_name))


FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        **{f"status-{status}": Fault(status=status) for status in _STATUSES},
        **{
            f"retry-after-{name}": Fault(status=429, headers=(("Retry-After", value),))
            for name, value in _RETRY_AFTER.items()
        },
        "retry-after-503": Fault(status=503, headers=(("Retry-After", "1"),)),
        "echoing-401": Fault(kind="echo", status=401),
        **{
            f"redirect-{name}": Fault(status=302, headers=(("Location", place),), body=b"")
            for name, place in _REDIRECTS.items()
        },
        "delay": Fault(kind="delay"),
        "slow-headers": Fault(kind="slow-headers"),
        "slow-body": Fault(kind="slow-body"),
        "endless-103": Fault(kind="endless-103"),
        "endless-body": Fault(kind="endless-body"),
        "gzip-bomb": Fault(kind="gzip-bomb"),
        "truncated-length": Fault(kind="short-length"),
        "truncated-chunks": Fault(kind="short-chunks"),
        "truncated-close": Fault(kind="short-close"),
        "truncated-gzip": Fault(kind="short-gzip"),
        "not-gzip": Fault(kind="not-gzip"),
        "reset": Fault(kind="reset"),
        "reset-in-body": Fault(kind="reset-in-body"),
        "wrong-content-type": Fault(content_type="application/octet-stream"),
        "html": Fault(content_type="text/html; charset=utf-8", body=_HTML),
        "html-as-json": Fault(content_type="application/json", body=_HTML),
        "no-content": Fault(status=204),
        "empty-body": Fault(body=b""),
        "null": Fault(body=b"null"),
        "list": Fault(kind="damage", damage=lambda body: b"[" + body + b"]"),
        "deep-nesting": Fault(body=b"[" * 100_000 + b"]" * 100_000),
        "nan": _token("NaN"),
        "infinity": _token("Infinity"),
        "huge-float": _token("1e400"),
        "huge-integer": _token("9" * 10_000),
        "lone-surrogate": _token('"\\ud800"', in_name=True),
        "duplicate-keys": Fault(kind="damage", damage=damage.twice_a_key),
        "bom": Fault(kind="damage", damage=lambda body: b"\xef\xbb\xbf" + body),
        "utf-16": Fault(kind="damage", damage=lambda body: body.decode().encode("utf-16")),
        "bad-utf-8": Fault(kind="damage", damage=lambda body: body.replace(b'"', b'"\xff', 1)),
        "empty-rows": _damaged(damage.no_rows),
        "missing-field": _damaged(damage.drop_field),
        "renamed-field": _damaged(damage.renamed_field),
        "text-for-a-number": _damaged(damage.text_total),
    }
)
