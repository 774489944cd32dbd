"""Bytes to begin from: small answers and files that each target takes, and what once broke one."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from leaderboard.sources import SOURCES, Asked
from tests.fuzz.targets import DAY, KEYS, NOW, SNAPSHOTS, _Gateway, _Session

DATA: Final = Path(__file__).parents[2] / "data"
STAMP: Final = "2026-11-20T01:00:00Z"
THOUSAND_DAYS: Final = "2026-10-21"


def _dump(value: Any) -> bytes:
    return json.dumps(value).encode()


def _openrouter(dataset: str) -> Any:
    if dataset == "models":
        row = {"id": "a/b", "canonical_slug": "a/b-1", "name": "A: B"}
        return {"data": [row, {**row, "id": "a/c"}]}
    meta = {"as_of": STAMP, "version": "v1", "start_date": str(DAY), "end_date": str(DAY)}
    if dataset == "rankings-daily":
        rows = [
            {"date": str(DAY), "model_permaslug": slug, "total_tokens": tokens}
            for slug, tokens in (("a/b", "12"), ("c/d", "9"), ("other", "3"))
        ]
        return {"data": rows, "meta": meta}
    days = int(dataset.rpartition("-")[2].removesuffix("d"))
    start = DAY.fromordinal(DAY.toordinal() - days + 1)
    apps = [
        {"rank": n, "app_id": n, "app_name": f"App {n}", "total_tokens": "9", "total_requests": 1}
        for n in (1, 2)
    ]
    return {"data": apps, "meta": {**meta, "start_date": str(start)}}


def _vercel(dataset: str) -> Any:
    if dataset == "catalog":
        return {"data": [{"id": "a/b", "name": "B"}]}
    licence = {
        "license": "CC-BY-4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
    }
    if dataset in ("apps", "providers"):
        rows = [
            {
                "rank": 1,
                "name": "One",
                "ranked_by": ranked_by,
                "url": "https://one.example",
                "description": "",
            }
            for ranked_by in ("Token Volume", "Spend")
        ]
        return {"dataset": dataset, **licence, "rows": rows}
    kind, modality = dataset.split("-")
    rows = [
        {
            "date": str(DAY),
            "group": kind.removesuffix("s"),
            "name": name,
            "metric": "requests",
            "modality": modality,
            "share_percent": share,
        }
        for name, share in (("One", 60.5), ("Other", 39))
    ]
    return {"dataset": kind, "modality": modality, **licence, "rows": rows}


def _zenmux(dataset: str) -> Any:
    if dataset == "models":
        return {"success": True, "data": [{"id": "a/b", "display_name": "A: B"}]}
    form, metric, *window = (
        dataset.rsplit("-", 2) if "leaderboard" in dataset else (*dataset.rsplit("-", 1),)
    )
    value = 12 if metric == "tokens" else 1.5
    if form == "leaderboard":
        days = {"7d": 7, "30d": 30, "90d": 90, "1y": 365}.get(window[0])
        start = "2025-09-29" if days is None else DAY.fromordinal(DAY.toordinal() - days + 1)
        entry = {"rank": 1, "model": "a/b", "label": "B", "author": "a", "author_label": "A"}
        data = {
            "starting_at": str(start),
            "ending_at": str(DAY),
            "entries": [entry | {"value": value}],
        }
    elif form == "timeseries":
        day = {"date": str(DAY), "models": [{"model": "a/b", "label": "B", "value": value}]}
        data = {"series": [day]}
    else:
        day = {"date": str(DAY), "authors": [{"author": "a", "label": "A", "value": value}]}
        data = {"series": [day]}
    return {"success": True, "data": {"metric": metric, **data}}


ANSWERS: Final = {"openrouter": _openrouter, "vercel": _vercel, "zenmux": _zenmux}


def _answers(name: str) -> list[bytes]:
    (source,) = (one for one in SOURCES if name == one.ID)
    jobs = source.fetch(_Session(_Gateway(b"")), Asked(now=NOW, environ=KEYS))  # type: ignore[arg-type]
    return [bytes([n]) + _dump(ANSWERS[name](job.dataset)) for n, job in enumerate(jobs)]


def _snapshots() -> list[bytes]:
    rows: dict[str, tuple[list[str], Any, Any]] = {
        "rankings-daily": (["model_permaslug"], _openrouter("rankings-daily")["data"], None),
        "apps-popular-30d": (
            ["app_id"],
            _openrouter("apps-popular-30d")["data"],
            {"start_date": THOUSAND_DAYS, "end_date": str(DAY)},
        ),
        "models-text": (["metric", "name"], _vercel("models-text")["rows"], None),
        "apps": (["ranked_by", "name"], _vercel("apps")["rows"], None),
        "timeseries-tokens": (
            ["model"],
            _zenmux("timeseries-tokens")["data"]["series"][0]["models"],
            None,
        ),
        "leaderboard-tokens-30d": (
            ["model"],
            _zenmux("leaderboard-tokens-30d")["data"]["entries"],
            {"starting_at": THOUSAND_DAYS, "ending_at": str(DAY)},
        ),
    }
    found = []
    for number, (source, dataset) in enumerate(SNAPSHOTS):
        key, held, window = rows[dataset]
        later = {"retrieved_at": "2026-11-21T01:00:00Z", "as_of": "2026-11-21T00:00:00Z"}
        change = {**later, "rows": held[:1], "added": [[row[k] for k in key] for row in held[1:2]]}
        document = {
            "schema": 1,
            "source": source,
            "dataset": dataset,
            "date": str(DAY),
            "citation": {
                "text": f"Source: x, {later['as_of']}",
                "url": "https://x.example",
                "license": "CC-BY-4.0",
                "license_url": None,
                "notice": "x",
            },
            "url": "https://x.example",
            "first": {"retrieved_at": "2026-11-20T01:00:00Z", "as_of": STAMP},
            "latest": later,
            "window": window,
            "key": key,
            "rows": held,
        }
        found += [
            bytes([number]) + _dump({**document, "revisions": [], "relistings": []}),
            bytes([number]) + _dump({**document, "revisions": [change], "relistings": [change]}),
        ]
    return found


def _statuses() -> list[bytes]:
    entry = {
        "source": "openrouter",
        "dataset": "rankings-daily",
        "last_attempt": STAMP,
        "last_success": None,
        "data_through": str(DAY),
        "error": None,
        "needs_key": None,
        "refused_sha256": None,
        "refused_bytes": None,
        "unknown_fields": ["x"],
        "requests": 3,
    }
    return [_dump({"schema": 1, "datasets": [entry, {**entry, "dataset": "models"}]})]


def _catalogues() -> list[bytes]:
    label = {
        "name": "A: B",
        "canonical_slug": "a/b-1",
        "first_seen": str(DAY),
        "last_seen": str(DAY),
    }
    row = {"id": "a/b", **label, "labels": [label]}
    return [_dump({"schema": 1, "source": "openrouter", "models": [row]})]


def _manifests() -> list[bytes]:
    entry = {
        "path": "index.html",
        "bytes": 2,
        "sha256": hashlib.sha256(b"{}").hexdigest(),
        "source": None,
        "as_of": None,
        "license": None,
        "citation": None,
    }
    document = {"kind": "manifest", "version": 1, "built_at": STAMP, "simulated": True}
    return [_dump({**document, "files": [entry]})]


ACCEPTED: Final = """[[accepted]]
source = "openrouter"
dataset = "rankings-daily"
sha256 = "aa"
reason = "Looked at it."
"""
LABS: Final = """[openai]
name = "OpenAI"
openrouter = ["openai"]
[zai]
name = "Z.ai"
zenmux = ["z-ai"]
"""
ALIASES: Final = """[[alias]]
gateway = "vercel"
name = "GPT Five"
label = "GPT"
model = "openai/gpt-5"
from = 2026-01-01
to = 2026-02-01
reason = "The lab says so."
[[withheld]]
gateway = "zenmux"
name = "openai/gpt-5"
reason = "Two at once."
"""
EXPORT: Final = (
    "date,model_permaslug,total_tokens,rank\n2026-11-19,a/b,12,1\n2026-11-19,other,3,2\n"
)

SEEDS: Final[dict[str, list[bytes]]] = {
    "strict-json": [b'{"a": [1, 2.5e3, "\\ud83d\\ude00", null, true], "b": {}}', b"[]", b'"x"'],
    "openrouter": _answers("openrouter"),
    "vercel": _answers("vercel"),
    "zenmux": _answers("zenmux"),
    "export": [EXPORT.encode(), EXPORT.replace("a/b", '"a,""b"""').encode()],
    "snapshot": _snapshots(),
    "status": _statuses(),
    "catalogue": _catalogues(),
    "accepted": [ACCEPTED.encode(), b""],
    "labs": [LABS.encode()],
    "aliases": [ALIASES.encode(), b""],
    "manifest": _manifests(),
    "retry-after": [b"120", b"Fri, 20 Nov 2026 03:00:10 GMT", b"-1", b"soon"],
    "gzip": [gzip.compress(b"{}" * 50, mtime=0), gzip.compress(b"\0" * 10**6, mtime=0)],
    "addresses": [b"https://good.example/path?x=1#y", b"https://xn--bcher-kva.example/", b"GPT 4o"],
}
"""What each target takes."""


def _with_stamp(answer: bytes, stamp: str) -> bytes:
    return answer.replace(STAMP.encode(), stamp.encode())


def _edited(answer: bytes, **fields: Any) -> bytes:
    return answer[:1] + _dump({**json.loads(answer[1:]), **fields})


FOUND: Final[dict[str, list[bytes]]] = {
    # A year beyond any number of the machine ended the whole run.
    "retry-after": [b"Fri 20 Nov 2" + b"8" * 60 + b" 03:00:00 GMT"],
    # An as_of that looks like a time and is none ended the whole run, in the jump rules.
    "openrouter": [_with_stamp(SEEDS["openrouter"][0], "2026-02-30T25:00:00Z")],
    # A file of data/ with a row that no key tells from the others, or without a time that
    # can be read, ended a build with a traceback instead of the file's name.
    "snapshot": [
        _edited(SEEDS["snapshot"][1], key=["nowhere"]),
        _edited(SEEDS["snapshot"][1], key=[]),
        _with_stamp(SEEDS["snapshot"][1], "yesterday"),
        SEEDS["snapshot"][1].replace(b"2026-11-21T01:00:00Z", b"2026-11-21T01:00:00"),
    ],
    # A table of accepted sums that is no UTF-8; tables nested without end.
    "accepted": [b"\xc4", b"a = " + b"[" * 5000],
    # A list where a table is due was indexed by its own items.
    "labs": [b"t = [3]", b"a = " + b"[" * 5000],
    "aliases": [b"a = " + b"[" * 5000],
}
"""What once broke a target; none of it may again."""
