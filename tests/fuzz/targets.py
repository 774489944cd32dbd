"""What is fuzzed: each parser of bytes from elsewhere, with the only errors it may raise.

A target takes any bytes and tells whether they were taken: they may be refused with one of the
project's own errors. Whatever else escapes it is a finding.
"""

import atexit
import datetime as dt
import functools
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from leaderboard import catalog, http, plausibility, status
from leaderboard.catalog import reviewed
from leaderboard.http import Answer, GatewayError, RequestRefused
from leaderboard.pages.paths import safe_url, slug
from leaderboard.site import verify
from leaderboard.snapshots import DamagedFile, Store, sweep
from leaderboard.sources import SOURCES, Asked, Source
from leaderboard.strict_json import NotStrictJson, parse_json

Target = Callable[[bytes], bool]

NOW: Final = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
TODAY: Final = dt.date(2026, 11, 20)
DAY: Final = dt.date(2026, 11, 19)
KEYS: Final = {"OPENROUTER_API_KEY": "sk-or-v1-fuzz", "ZENMUX_MANAGEMENT_API_KEY": "sk-mg-fuzz"}
SHARED_MEMORY: Final = Path("/dev/shm")


@functools.cache
def folder() -> Path:
    """Return a folder of this process, in memory where there is such a place."""
    place = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    made = Path(tempfile.mkdtemp(prefix="leaderboard-fuzz-", dir=place))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def refusing(*errors: type[Exception]) -> Callable[[Callable[[bytes], object]], Target]:
    """Make a target of what may refuse bytes with one of *errors*, and with no other."""

    def made(read: Callable[[bytes], object]) -> Target:
        @functools.wraps(read)
        def target(body: bytes) -> bool:
            try:
                read(body)
            except errors:
                return False
            return True

        return target

    return made


@refusing(NotStrictJson)
def strict_json(body: bytes) -> None:
    """Take only what Python's own parser reads, and read the same."""
    parsed = parse_json(body)
    assert parsed == json.loads(body)
    json.dumps(parsed, allow_nan=False, ensure_ascii=False).encode()


class _Gateway:
    """Answers requests with the same body, all but the second, which it refuses.

    So a source that asks for two windows is not held to find the one in the other's answer.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._asked = 0
        self._answer = Answer(body=body, url="https://gateway.example/x", retrieved_at=NOW)

    async def get_json(self, *_: object) -> tuple[Any, Answer]:
        self._asked += 1
        if self._asked == 2:
            raise RequestRefused("there is no such window")
        try:
            return parse_json(self._body), self._answer
        except NotStrictJson as error:
            raise GatewayError(f"the answer {error}") from None

    async def get_bytes(self, *_: object) -> Answer:
        return self._answer


class _Export(_Gateway):
    """Answers with a manifest that fits the body, then with the body."""

    async def get_json(self, *_: object) -> tuple[Any, Answer]:
        manifest = {
            "dataset": "rankings-daily",
            "snapshot_date": str(DAY),
            "retrieved_at": "2026-11-20T01:00:00Z",
            "attribution": "OpenRouter",
            "files": {
                "csv": {
                    "bytes": len(self._body),
                    "sha256": hashlib.sha256(self._body).hexdigest(),
                }
            },
        }
        return manifest, self._answer


class _Session:
    def __init__(self, gateway: _Gateway) -> None:
        self._gateway = gateway

    def gateway(self, **_: object) -> _Gateway:
        return self._gateway


def fetched(source: Source, number: int, gateway: _Gateway, environ: Mapping[str, str]) -> None:
    """Take a body as the answer to a source's *number*-th job: judge it, keep it, read it."""
    jobs = list(source.fetch(_Session(gateway), Asked(now=NOW, environ=environ)))  # type: ignore[arg-type]
    job = jobs[number % len(jobs)]
    if job.run is None:
        raise GatewayError("it needs a key")
    found = _run(job.run())
    store = Store(folder())
    try:
        for seen in found.observations[:2]:
            store.save(seen)
        held = store.load(source.ID, job.dataset)
        with suppress(plausibility.Quarantined):
            plausibility.require_plausible(found.observations, held)
        catalog.accumulate(catalog.Catalogue(source=source.ID), found.catalogue, TODAY)
        source.read(Store(folder()))
    finally:
        shutil.rmtree(folder() / source.ID, ignore_errors=True)


def _run(work: Any) -> Any:
    """Run a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waited")


def _source(source: Source) -> Target:
    @refusing(GatewayError)
    def target(body: bytes) -> None:
        fetched(source, body[0] if body else 0, _Gateway(body[1:]), KEYS)

    return target


@refusing(GatewayError)
def export(body: bytes) -> None:
    """Take OpenRouter's daily export, which is CSV."""
    fetched(SOURCES[0], 0, _Export(body), {})


SNAPSHOTS: Final = (
    ("openrouter", "rankings-daily"),
    ("openrouter", "apps-popular-30d"),
    ("vercel", "models-text"),
    ("vercel", "apps"),
    ("zenmux", "timeseries-tokens"),
    ("zenmux", "leaderboard-tokens-30d"),
)


@refusing(DamagedFile)
def snapshot(body: bytes) -> None:
    """Take a file of ``data/``, as it is and as it was known earlier, for what it means."""
    source, dataset = SNAPSHOTS[(body[0] if body else 0) % len(SNAPSHOTS)]
    place = folder() / source / dataset / f"{DAY}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(body[1:])
    reader = next(one for one in SOURCES if source == one.ID)
    try:
        for known_at in (None, NOW + dt.timedelta(hours=12)):
            store = Store(folder(), known_at=known_at)
            for held in store.load(source, dataset).values():
                assert held.day == DAY
                assert held.published.retrieved_at
            reader.read(store)
    finally:
        place.unlink()


def _file(name: str, read: Callable[[Path], object], error: type[Exception]) -> Target:
    @refusing(error)
    def target(body: bytes) -> None:
        place = folder() / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
        try:
            read(place)
        finally:
            place.unlink()

    return target


def _saved_again(place: Path) -> None:
    """Read the status and write it again."""
    status.save(place.parent, status.load(place.parent).values())
    sweep(place.parent)


@refusing()
def retry_after(body: bytes) -> None:
    """Take a header that asks for patience."""
    wait_s = http._retry_after(httpx.Headers([(b"Retry-After", body)]), NOW)
    assert wait_s is None or wait_s >= 0


@refusing(GatewayError, http._Passing)
def gzip(body: bytes) -> None:
    """Take an answer that says it is gzip."""

    async def pieces() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        yield body[len(body) // 2 :]

    async def unzip() -> None:
        async for piece in http._unzipped(pieces()):
            assert len(piece) <= http._PIECE

    _run(unzip())


@refusing()
def addresses(body: bytes) -> None:
    """Take a text as an address and as a file name."""
    text = body.decode("utf-8", "surrogateescape")
    passed = safe_url(text)
    assert passed in (None, text)
    if passed is not None:
        assert httpx.URL(passed).scheme in ("http", "https")
        assert "@" not in urlsplit(passed).netloc
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", slug(text))
    assert len(slug(text)) <= 80


LABS: Final = catalog.load(Path(__file__).parents[2] / "data").labs

TARGETS: Final[dict[str, Target]] = {
    "strict-json": strict_json,
    **{source.ID: _source(source) for source in SOURCES},
    "export": export,
    "snapshot": snapshot,
    "status": _file("status.json", _saved_again, DamagedFile),
    "catalogue": _file(
        "catalog/openrouter.json",
        lambda place: catalog.load_catalogue(place.parents[1], "openrouter"),
        DamagedFile,
    ),
    "accepted": _file("accepted.toml", lambda p: plausibility.accepted(p.parent), DamagedFile),
    "labs": _file("labs.toml", reviewed.load_labs, DamagedFile),
    "aliases": _file("aliases.toml", lambda p: reviewed.load_aliases(p, LABS), DamagedFile),
    "manifest": _file(
        "published/manifest.json", lambda p: verify.problems(p.parent), verify.NoManifest
    ),
    "retry-after": retry_after,
    "gzip": gzip,
    "addresses": addresses,
}
"""Every parser by the name ``make fuzz`` calls it."""
