"""Requests to the gateways: one client, one retry policy, one rate limiter per gateway.

httpx's timeouts are per operation and never fire on a body that drips, so every attempt has
a deadline of its own; bodies are read raw, capped and decompressed within bounds, because a
small compressed answer can unfold to gigabytes. Redirects are failures: no key can follow one.
"""

import asyncio
import collections
import datetime as dt
import logging
import re
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, NoReturn, Self

import httpx
import stamina

from leaderboard.discretion import Discretion
from leaderboard.strict_json import NotStrictJson, parse_json

_PIECE: Final = 64 * 1024
KEY_PATTERN: Final = re.compile(r"[\x21-\x7e]{8,512}")


class GatewayError(Exception):
    """A dataset could not be had; the message is one line for a person."""


class SourceStopped(GatewayError):
    """Nothing more can be had from this source in this run."""


class RequestRefused(GatewayError):
    """The gateway refused the request's parameters (400)."""


class MalformedKey(Exception):
    """A key that no request may carry; the message never shows it."""


class _Passing(Exception):
    """A failure that may pass: worth another attempt."""

    def __init__(self, problem: str, wait_s: float | None = None) -> None:
        super().__init__(problem)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patient to be with a gateway. Times in seconds, sizes in bytes.

    *source_s* bounds the run's time with one gateway, waiting for our own limiter not
    counted. *passing* are the statuses that may pass; *per_minute* bounds the requests in any
    60 seconds (None: unbounded), *budget* those of the whole run, retries included.
    """

    attempts: int = 4
    attempt_s: float = 20.0
    total_s: float = 100.0
    source_s: float = 120.0
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    max_bytes: int = 16 * 1024 * 1024
    passing: frozenset[int] = frozenset({408, 429, 500, 502, 503, 504})
    per_minute: int | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole, successful answer: its *body*, the *url* asked (never with a key), when it came."""

    body: bytes
    url: str
    retrieved_at: dt.datetime


@dataclass(slots=True)
class _Patience:
    """What a run has spent on one gateway: seconds, and datasets lost in a row."""

    spent_s: float = 0.0
    gave_up: int = 0


class Gateway:
    """One gateway's base URL with its key, limits and request count."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        name: str,
        base_url: str,
        key: str | None,
        policy: Policy,
        patience: _Patience,
        discretion: Discretion,
        clock: Callable[[], dt.datetime],
    ) -> None:
        if key is not None and not KEY_PATTERN.fullmatch(key):
            raise MalformedKey(
                f"The key for {name} holds a character no key has, or is too short or too long."
            )
        if key is not None:
            discretion.keep(key)
        self.name = name
        self.base_url = base_url.rstrip("/")
        self.requests = 0
        self._client = client
        self._key = key
        self._policy = policy
        self._patience = patience
        self._discretion = discretion
        self._clock = clock
        self._recent: collections.deque[float] = collections.deque()

    async def get_json(
        self, path: str = "", params: Mapping[str, str] | None = None
    ) -> tuple[Any, Answer]:
        """Return the parsed body of *path* and the answer it came in.

        Raises `RequestRefused` on 400, `SourceStopped` on a refused key or where the gateway
        is out of reach, `GatewayError` on anything else that is no whole JSON answer.
        """
        answer = await self._get(path, params or {}, accept="application/json")
        try:
            return parse_json(answer.body), answer
        except NotStrictJson as error:
            raise GatewayError(f"the answer {error}") from None

    async def get_bytes(self, path: str) -> Answer:
        """Return the body of *path* as it came; raises as `get_json` does."""
        return await self._get(path, {}, accept="text/csv")

    async def _get(self, path: str, params: Mapping[str, str], *, accept: str) -> Answer:
        policy, patience, loop = self._policy, self._patience, asyncio.get_running_loop()
        left_s = policy.source_s - patience.spent_s
        if left_s <= 0:
            raise SourceStopped(f"the run's {policy.source_s:g} s for {self.name} are used up")
        began, paced_s = loop.time(), 0.0
        try:
            async with asyncio.timeout(min(policy.total_s, left_s)) as deadline:
                async for attempt in stamina.retry_context(
                    on=_wait_before_retry(policy.longest_wait_s),
                    attempts=policy.attempts,
                    timeout=None,
                    wait_initial=policy.first_wait_s,
                    wait_max=policy.longest_wait_s,
                    wait_jitter=policy.first_wait_s,
                ):
                    with attempt:
                        waited = await self._take_turn()
                        paced_s += waited
                        if (when := deadline.when()) is not None:
                            # Waiting for our own limiter is not the gateway's slowness.
                            deadline.reschedule(max(when + waited, loop.time()))
                        return await self._attempt(path, params, accept)
        except (_Passing, TimeoutError) as error:
            problem = str(error) or f"no whole answer within {min(policy.total_s, left_s):.3g} s"
            patience.gave_up += 1
            # Two datasets in a row with every attempt lost: the gateway is down, not a dataset.
            kind = SourceStopped if patience.gave_up >= 2 else GatewayError
            raise kind(problem) from None
        finally:
            patience.spent_s += loop.time() - began - paced_s
        raise AssertionError("the last attempt returns or raises")

    async def _take_turn(self) -> float:
        """Wait until the limits allow one more request; return the seconds waited."""
        policy, loop = self._policy, asyncio.get_running_loop()
        began = loop.time()
        if policy.budget is not None and self.requests >= policy.budget:
            raise SourceStopped(f"the run's budget of {policy.budget} requests is used up")
        if policy.per_minute is not None:
            while len(self._recent) >= policy.per_minute:
                passed = loop.time() - self._recent[0]
                if passed >= 60:
                    self._recent.popleft()
                else:
                    await asyncio.sleep(60 - passed)
            self._recent.append(loop.time())
        self.requests += 1
        return loop.time() - began

    async def _attempt(self, path: str, params: Mapping[str, str], accept: str) -> Answer:
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        url = httpx.URL(f"{self.base_url}{path}", params=params or None)
        try:
            async with (
                asyncio.timeout(self._policy.attempt_s),
                self._client.stream("GET", url, headers=headers) as response,
            ):
                body = await self._whole_body(response)
        except TimeoutError:
            raise _Passing(f"no whole answer within {self._policy.attempt_s:g} s") from None
        except httpx.TransportError as error:
            raise _Passing(f"connection failed ({type(error).__name__})") from None
        if response.status_code != 200:
            self._refuse(response, body)
        content_type = response.headers.get("Content-Type", accept)
        if "html" in content_type or (accept.endswith("json") and "json" not in content_type):
            sent = self._discretion.quoted(content_type) or "another type"
            raise GatewayError(f"answered {sent} where {accept} was expected")
        if self._discretion.is_broken_by(body):
            raise GatewayError("the answer repeats the key, so nothing of it is kept")
        self._patience.gave_up = 0
        return Answer(body=body, url=str(url), retrieved_at=self._clock())

    async def _whole_body(self, response: httpx.Response) -> bytes:
        max_bytes = self._policy.max_bytes
        encoding = response.headers.get("Content-Encoding", "identity").strip()
        if encoding.lower() not in ("identity", "", "gzip"):
            sent = self._discretion.quoted(encoding) or "another"
            raise GatewayError(f"answered in an encoding that was not asked for ({sent})")
        pieces = response.aiter_raw()
        if encoding.lower() == "gzip":
            pieces = _unzipped(pieces)
        body = bytearray()
        async for piece in pieces:
            body += piece
            if len(body) > max_bytes:
                body.clear()  # else the error's traceback would hold on to it
                raise GatewayError(f"the answer is larger than {max_bytes // 1024**2} MiB")
        return bytes(body)

    def _refuse(self, response: httpx.Response, body: bytes) -> NoReturn:
        status = response.status_code
        told = self._told(body)
        said = f"{status}: {told}" if told else f"{status}"
        if status in self._policy.passing:
            raise _Passing(f"answered {said}", _retry_after(response.headers, self._clock()))
        self._patience.gave_up = 0
        if status in (401, 403):
            raise SourceStopped(f"{self.name} refused the key ({said})")
        if status == 400:
            raise RequestRefused(f"the request was refused ({said})")
        if 300 <= status < 400:
            raise GatewayError(f"answered a redirect ({status}), which is never followed")
        raise GatewayError(f"answered {said}")

    def _told(self, body: bytes) -> str:
        """Return the message of an error body, cut short; nothing that could hold the key."""
        try:
            error = parse_json(body)
            message = error["error"]["message"] if "error" in error else error["message"]
        except (NotStrictJson, KeyError, TypeError):
            return ""
        return self._discretion.quoted(message) if isinstance(message, str) else ""


class Session:
    """The client shared by all gateways of a run; an async context manager.

    *paced* false leaves the rate limits out: for the simulated gateways only.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Callable[[], dt.datetime],
        paced: bool = True,
        policy: Policy | None = None,
    ) -> None:
        # Their debug lines show headers, where a gateway may repeat the key.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._gateways: list[Gateway] = []
        self._patience: dict[str, _Patience] = {}
        self._discretion = Discretion()
        self._clock = clock
        self._paced = paced
        self._policy = policy or Policy()
        self._client = httpx.AsyncClient(
            headers={"User-Agent": user_agent},
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(self._policy.attempt_s),
        )

    def gateway(
        self,
        *,
        name: str,
        base_url: str,
        key: str | None = None,
        also_passing: frozenset[int] = frozenset(),
        per_minute: int | None = None,
        budget: int | None = None,
    ) -> Gateway:
        """Return a gateway under this session's patience and its own limits."""
        base = self._policy
        policy = Policy(
            attempts=base.attempts,
            attempt_s=base.attempt_s,
            total_s=base.total_s,
            source_s=base.source_s,
            first_wait_s=base.first_wait_s,
            longest_wait_s=base.longest_wait_s,
            max_bytes=base.max_bytes,
            passing=base.passing | also_passing,
            per_minute=per_minute if self._paced else None,
            budget=budget,
        )
        gateway = Gateway(
            self._client,
            name=name,
            base_url=base_url,
            key=key,
            policy=policy,
            patience=self._patience.setdefault(name, _Patience()),
            discretion=self._discretion,
            clock=self._clock,
        )
        self._gateways.append(gateway)
        return gateway

    def requests(self, name: str) -> int:
        """Return how many requests were made so far of the gateways of that name."""
        return sum(gateway.requests for gateway in self._gateways if gateway.name == name)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.aclose()


async def _unzipped(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Unfold gzip in pieces of bounded size, however much a piece unfolds to."""
    unzip = zlib.decompressobj(31)
    try:
        async for piece in pieces:
            while piece:
                yield unzip.decompress(piece, _PIECE)
                piece = unzip.unconsumed_tail
        yield unzip.flush()
    except zlib.error:
        raise GatewayError("the answer is labelled gzip and is not") from None
    if not unzip.eof or unzip.unused_data:
        raise _Passing("the answer's gzip stream is cut short")


def _wait_before_retry(longest_s: float) -> Callable[[Exception], bool | float]:
    def wait(error: Exception) -> bool | float:
        if not isinstance(error, _Passing):
            return False
        if error.wait_s is None:
            return True
        # A gateway that asks for hours gets its wish in the next run, not in this one.
        return error.wait_s if error.wait_s <= longest_s else False

    return wait


def _retry_after(headers: httpx.Headers, now: dt.datetime) -> float | None:
    """Return the seconds a Retry-After header asks for; None where it asks for nothing sane.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # no date, or a year of a hundred digits
        return None
    if when.tzinfo is None:
        return None
    return max(0.0, (when - now).total_seconds())
