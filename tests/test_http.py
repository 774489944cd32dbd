"""What a gateway may do wrong, and that none of it hangs, crashes or passes for data."""

import asyncio
import base64
import dataclasses
import datetime as dt
import gzip
import resource

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.http import GatewayError, MalformedKey, Policy, Session, SourceStopped
from leaderboard.simulator import FAULTS, Fault, Simulator
from leaderboard.sources import SOURCES, Asked
from leaderboard.strict_json import NotStrictJson, parse_json
from tests.fetching import IMPATIENT, NOW, PATIENT, fetch_dataset

DATASETS = {
    "openrouter": ("rankings-daily", "/openrouter/"),
    "vercel": ("models-text", "/vercel/"),
    "zenmux": ("leaderboard-tokens-30d", "/zenmux/"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("source", DATASETS)
def test_a_faulty_answer_is_refused_in_one_clear_line(
    gateways: Simulator, source: str, fault: str
) -> None:
    dataset, prefix = DATASETS[source]
    gateways.fail(prefix, FAULTS[fault])
    with pytest.raises(GatewayError) as caught:
        fetch_dataset(gateways.environment, source, dataset, policy=IMPATIENT)
    line = str(caught.value)
    assert line
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 240
    assert gateways.environment["OPENROUTER_API_KEY"] not in line
    assert gateways.environment["ZENMUX_MANAGEMENT_API_KEY"] not in line


def test_there_are_at_least_35_faults() -> None:
    assert len(FAULTS) >= 35


def test_hostile_bodies_do_not_fill_the_memory(gateways: Simulator) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for fault in ("gzip-bomb", "endless-body"):
        gateways.clear()
        gateways.fail("/openrouter/", FAULTS[fault])
        with pytest.raises(GatewayError, match=r"larger than|no whole answer"):
            fetch_dataset(gateways.environment, "openrouter", "rankings-daily", policy=IMPATIENT)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024  # KiB


@pytest.mark.parametrize("fault", ["status-429", "status-503", "reset", "truncated-length"])
def test_what_passes_is_tried_again(gateways: Simulator, fault: str) -> None:
    gateways.fail("/openrouter/", FAULTS[fault], times=1)
    fetched = fetch_dataset(gateways.environment, "openrouter", "rankings-daily")
    assert len(fetched.observations) == 30
    assert len(gateways.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_does_not_pass_is_asked_once(gateways: Simulator, status: int) -> None:
    gateways.fail("/openrouter/", FAULTS[f"status-{status}"])
    with pytest.raises(GatewayError):
        fetch_dataset(gateways.environment, "openrouter", "rankings-daily")
    assert len(gateways.requests) == 1


def test_zenmux_says_422_when_it_means_wait(gateways: Simulator) -> None:
    gateways.fail("/zenmux/", FAULTS["status-422"], times=1)
    assert fetch_dataset(gateways.environment, "zenmux", "timeseries-tokens").observations
    gateways.clear()
    gateways.fail("/openrouter/", FAULTS["status-422"], times=1)
    with pytest.raises(GatewayError, match="422"):
        fetch_dataset(gateways.environment, "openrouter", "rankings-daily")


@pytest.mark.parametrize(
    ("asked_for", "requests"),
    [("1", 2), ("{soon}", 2), ("86400", 1), ("soon, perhaps", 2), ("-5", 2)],
)
def test_retry_after_is_obeyed_within_reason(
    gateways: Simulator, asked_for: str, requests: int
) -> None:
    policy = dataclasses.replace(PATIENT, longest_wait_s=2.5)
    fault = Fault(status=429, headers=(("Retry-After", asked_for),))
    gateways.fail("/openrouter/", fault, times=1)

    def fetch() -> None:
        # The real clock, which the header's date is about.
        now = dt.datetime.now(dt.UTC)
        fetch_dataset(gateways.environment, "openrouter", "models", policy=policy, now=now)

    if requests == 1:
        with pytest.raises(GatewayError, match="429"):
            fetch()
    else:
        fetch()
    assert len(gateways.requests) == requests


def test_a_refused_key_stops_the_source_and_says_so(gateways: Simulator) -> None:
    environ = {**gateways.environment, "OPENROUTER_API_KEY": "sk-or-v1-not-a-valid-one"}
    with pytest.raises(SourceStopped, match=r"OpenRouter refused the key \(401: .+\)"):
        fetch_dataset(environ, "openrouter", "rankings-daily")


def test_a_key_never_follows_a_redirect(gateways: Simulator) -> None:
    for name, fault in FAULTS.items():
        if name.startswith("redirect-"):
            gateways.clear()
            gateways.requests.clear()
            gateways.fail("/openrouter/api/v1/datasets", fault)
            with pytest.raises(GatewayError, match="redirect"):
                fetch_dataset(gateways.environment, "openrouter", "rankings-daily")
            assert len(gateways.requests) == 1


def test_a_gateway_that_is_down_is_given_up_after_two_datasets(gateways: Simulator) -> None:
    async def run() -> list[type[GatewayError]]:
        async with Session(
            user_agent="tests", clock=lambda: NOW, paced=False, policy=PATIENT
        ) as session:
            asked = Asked(now=NOW, environ=gateways.environment)
            kinds: list[type[GatewayError]] = []
            for job in list(SOURCES[0].fetch(session, asked))[:2]:
                assert job.run is not None
                with pytest.raises(GatewayError) as caught:
                    await job.run()
                kinds.append(type(caught.value))
            return kinds

    gateways.fail("/openrouter/", FAULTS["status-500"])
    assert asyncio.run(run()) == [GatewayError, SourceStopped]


@pytest.mark.parametrize(
    "key", ["sk-or-v1-abc\n", " sk-or-v1-abc", "sk-or-v1-é-abcdef", "tiny", "x" * 513]
)
def test_a_malformed_key_is_refused_before_any_request_and_not_shown(key: str) -> None:
    async def run() -> None:
        async with Session(user_agent="tests", clock=lambda: NOW) as session:
            session.gateway(name="OpenRouter", base_url="http://127.0.0.1:9", key=key)

    with pytest.raises(MalformedKey) as caught:
        asyncio.run(run())
    assert key.strip() not in str(caught.value)


@pytest.mark.parametrize(
    "encode",
    [
        lambda key: key,
        lambda key: key[::-1],
        lambda key: base64.b64encode(key.encode()).decode(),
        lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
        lambda key: key.encode().hex(),
        lambda key: key[5:13],
    ],
)
def test_an_echoed_key_is_never_repeated(gateways: Simulator, encode) -> None:  # type: ignore[no-untyped-def]
    key = "canary+K3y/4711=abcdefg"
    gateways.fail(
        "/openrouter/",
        Fault(
            status=401,
            content_type="application/json",
            body=b'{"error": {"code": 401, "message": "no: ' + encode(key).encode() + b'"}}',
        ),
    )
    environ = {**gateways.environment, "OPENROUTER_API_KEY": key}
    with pytest.raises(SourceStopped) as caught:
        fetch_dataset(environ, "openrouter", "rankings-daily")
    assert str(caught.value) == "OpenRouter refused the key (401)"


def test_no_more_requests_than_allowed_within_a_minute(gateways: Simulator) -> None:
    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        waited: list[float] = []
        real_sleep = asyncio.sleep

        # The limiter's own clock is the loop's: move it on instead of waiting.
        offset = 0.0
        real_time = loop.time
        loop.time = lambda: real_time() + offset  # type: ignore[method-assign]

        async def sleep(seconds: float) -> None:
            nonlocal offset
            waited.append(seconds)
            offset += seconds
            await real_sleep(0)

        asyncio.sleep = sleep  # type: ignore[assignment]
        try:
            async with Session(user_agent="tests", clock=lambda: NOW) as session:
                gateway = session.gateway(
                    name="OpenRouter",
                    base_url=gateways.environment["OPENROUTER_API_URL"],
                    per_minute=3,
                    budget=7,
                )
                for _ in range(7):
                    await gateway.get_json("/models")
                with pytest.raises(SourceStopped, match="budget of 7"):
                    await gateway.get_json("/models")
        finally:
            asyncio.sleep = real_sleep
        return waited

    waited = asyncio.run(run())
    assert len([seconds for seconds in waited if seconds > 50]) == 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e400}',
        b'{"a": 1, "a": 2}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'["\\ud800", {"a": 1}]',
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b"[" * 65 + b"]" * 65,
        b"[" * 100_000,
        b'{"a": ' + b"9" * 41 + b"}",
        b'{"a": 1} x',
        b"",
        b"  \n",
    ],
)
def test_only_strict_json_is_json(body: bytes) -> None:
    with pytest.raises(NotStrictJson):
        parse_json(body)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"[1e" + b"9" * 40 + b"]", f"holds 1e{'9' * 18}, which no number can hold"),
        (
            '{"é%s": 1, "é%s": 2}'.replace("%s", "x" * 99).encode(),
            rf"holds the key '\xe9{'x' * 55} twice",
        ),
    ],
)
def test_what_is_no_strict_json_is_told_in_a_short_line(body: bytes, told: str) -> None:
    with pytest.raises(NotStrictJson) as caught:
        parse_json(body)
    assert str(caught.value) == told


def test_strict_json_at_its_edges_is_read() -> None:
    assert parse_json(b"[" * 64 + b"]" * 64)
    assert parse_json(b'{"a":' * 64 + b"1" + b"}" * 64)
    assert parse_json(b'{"a": ' + b"9" * 40 + b"}") == {"a": 10**40 - 1}
    assert parse_json('{"a": "\\ud83d\\ude00 é"}'.encode()) == {"a": "😀 é"}


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**38), 10**38)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_strict_json_reads_what_json_writes(value: object) -> None:
    import json

    assert parse_json(json.dumps(value).encode()) == value


def test_a_gzip_answer_within_bounds_is_read(gateways: Simulator) -> None:
    body = gzip.compress(b'{"data": [{"id": "a/b", "canonical_slug": "a/b-1", "name": "B"}]}')
    fault = Fault(
        content_type="application/json", body=body, headers=(("Content-Encoding", "gzip"),)
    )
    gateways.fail("/openrouter/", fault)
    assert fetch_dataset(gateways.environment, "openrouter", "models").catalogue[0]["id"] == "a/b"


def test_nothing_but_gzip_is_ever_offered_to_decode() -> None:
    # httpx would advertise and unfold these without bounds, were they installed.
    from httpx._decoders import SUPPORTED_DECODERS

    assert "br" not in SUPPORTED_DECODERS
    assert "zstd" not in SUPPORTED_DECODERS
    assert Policy().max_bytes == 16 * 1024 * 1024
    assert httpx.__version__
