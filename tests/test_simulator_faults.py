"""The simulator's faults: each damages what it says, and each ends by itself."""

import datetime as dt
import gzip
import http.client
import json
import socket
import time
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from leaderboard.simulator import FAULTS, Fault, Simulator, damage, mutated

TODAY = dt.date(2026, 11, 20)
LABS = "/vercel/api/ai/leaderboard-export?dataset=labs&from=2026-11-18&to=2026-11-19"
OTHER = "/vercel/v1/models"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(today=TODAY) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    yield running
    running.clear()


def fetch(simulator: Simulator, target: str = LABS, **headers: str) -> httpx.Response:
    return httpx.get(
        simulator.base_url + target,
        headers=headers,
        timeout=30,
        trust_env=False,
        verify=False,  # loopback has no TLS; spares loading certificates on every call
    )


def raw(simulator: Simulator, target: str = LABS) -> tuple[http.client.HTTPResponse, bytes]:
    host = simulator.base_url.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", target)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_there_are_at_least_35_named_faults() -> None:
    assert len(FAULTS) >= 35
    assert len(set(map(repr, FAULTS.values()))) == len(FAULTS)


@pytest.mark.parametrize("name", [n for n in FAULTS if n.startswith(("status-", "retry-after-"))])
def test_statuses_carry_the_gateways_own_error(simulator: Simulator, name: str) -> None:
    fault = FAULTS[name]
    for path in ("/openrouter/api/v1/models", "/zenmux/api/v1/models"):
        simulator.fail(path, fault)
        response = fetch(simulator, path)
        assert response.status_code == fault.status
        code = response.json()["error"]["code"]
        assert code == (fault.status if "openrouter" in path else str(fault.status))
        assert ("retry-after" in response.headers) == name.startswith("retry-after")


def test_a_fault_strikes_its_prefix_only_as_often_as_asked(simulator: Simulator) -> None:
    simulator.fail(LABS[:50], FAULTS["status-503"], times=2)
    assert [fetch(simulator).status_code for _ in range(3)] == [503, 503, 200]
    simulator.fail(LABS, FAULTS["status-500"])
    assert fetch(simulator, OTHER).status_code == 200
    assert [fetch(simulator).status_code for _ in range(3)] == [500] * 3
    simulator.clear()
    assert fetch(simulator).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "html-as-json",
        "empty-body",
        "bom",
        "utf-16",
        "bad-utf-8",
        "nan",
        "infinity",
        "huge-float",
        "huge-integer",
        "deep-nesting",
        "duplicate-keys",
        "lone-surrogate",
    ],
)
def test_bodies_are_no_strict_json(simulator: Simulator, name: str) -> None:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key comes twice")
        return dict(pairs)

    def finite(text: str) -> float:
        if float(text) in (float("inf"), float("-inf")):
            raise ValueError("not finite")
        return float(text)

    def refuse(text: str) -> None:
        raise ValueError(text)

    simulator.fail(LABS, FAULTS[name])
    body = fetch(simulator).content
    with pytest.raises((ValueError, RecursionError)):
        json.dumps(
            json.loads(
                body.decode(), object_pairs_hook=once, parse_float=finite, parse_constant=refuse
            ),
            ensure_ascii=False,
        ).encode()


def test_rows_can_be_changed_at_will(simulator: Simulator) -> None:
    good = fetch(simulator).json()["rows"]

    def rows(change: Any) -> Any:
        simulator.fail(LABS, mutated(change), times=1)
        return fetch(simulator).json()["rows"]

    assert "share_percent" not in rows(damage.drop_field)[0]
    assert "name" not in rows(lambda body: damage.drop_field(body, "name"))[0]
    assert rows(damage.negative_total)[0]["share_percent"] < 0
    assert rows(damage.duplicate_row) == [good[0], *good]
    assert rows(damage.foreign_date)[0]["date"] == "2019-01-01"
    assert rows(damage.excessive_share)[0]["share_percent"] == 250
    assert rows(damage.no_rows) == []
    assert rows(damage.extra_field)[0]["added_later"]
    assert rows(damage.text_total)[0]["share_percent"] == "many"
    crowded = rows(damage.excessive_day)
    assert sum(r["share_percent"] for r in crowded if r["metric"] == crowded[0]["metric"]) > 200
    assert rows(lambda body: {**body, "rows": good[:1]}) == good[:1]


def test_every_gateways_rows_are_found(simulator: Simulator) -> None:
    statistics = "/zenmux/api/v1/management/statistics/"
    for target, key in (
        ("/openrouter/api/v1/datasets/rankings-daily", "OPENROUTER_API_KEY"),
        ("/openrouter/api/v1/datasets/app-rankings", "OPENROUTER_API_KEY"),
        (f"{statistics}leaderboard?metric=tokens", "ZENMUX_MANAGEMENT_API_KEY"),
        (f"{statistics}timeseries?metric=cost&bucket_width=1d", "ZENMUX_MANAGEMENT_API_KEY"),
        (f"{statistics}market_share?metric=cost&bucket_width=1d", "ZENMUX_MANAGEMENT_API_KEY"),
    ):
        headers = {"Authorization": f"Bearer {simulator.environment[key]}"}
        good = damage.rows(fetch(simulator, target, **headers).json())
        simulator.fail(target, mutated(damage.negative_total), times=1)
        bad = damage.rows(fetch(simulator, target, **headers).json())
        changed = {field for field in good[0] if good[0][field] != bad[0][field]}
        assert len(good) == len(bad) > 1
        assert changed <= {"total_tokens", "value"}
        assert changed


def test_an_error_can_echo_the_key(simulator: Simulator) -> None:
    simulator.fail(OTHER, FAULTS["echoing-401"])
    response = fetch(simulator, OTHER, Authorization="Bearer canary-key")
    assert response.status_code == 401
    assert "canary-key" in response.text


def test_redirects_point_where_they_say(simulator: Simulator) -> None:
    places = {}
    for name in FAULTS:
        if name.startswith("redirect-"):
            simulator.fail(LABS, FAULTS[name], times=1)
            response = fetch(simulator)
            assert response.status_code == 302
            places[name] = response.headers["location"]
    assert places["redirect-loop"] == simulator.base_url + LABS
    assert places["redirect-same-host"].startswith(simulator.base_url)
    assert places["redirect-file"].startswith("file:")


def test_truncated_answers_are_short(simulator: Simulator) -> None:
    whole = fetch(simulator).content
    simulator.fail(LABS, FAULTS["truncated-length"], times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        fetch(simulator)
    simulator.fail(LABS, FAULTS["truncated-chunks"], times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        fetch(simulator)
    simulator.fail(LABS, FAULTS["truncated-close"], times=1)
    assert fetch(simulator).content == whole[: len(whole) // 2]
    simulator.fail(LABS, FAULTS["truncated-gzip"], times=1)
    _, packed = raw(simulator)
    with pytest.raises(EOFError):
        gzip.decompress(packed)
    simulator.fail(LABS, FAULTS["not-gzip"], times=1)
    response, body = raw(simulator)
    assert response.headers["content-encoding"] == "gzip"
    assert body == whole


def test_resets_break_the_connection(simulator: Simulator) -> None:
    simulator.fail(LABS, FAULTS["reset"], times=1)
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        raw(simulator)
    simulator.fail(LABS, FAULTS["reset-in-body"], times=1)
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        raw(simulator)
    assert fetch(simulator).status_code == 200


def test_the_bomb_is_small_on_the_wire_and_huge_when_opened(simulator: Simulator) -> None:
    simulator.fail(LABS, FAULTS["gzip-bomb"], times=1)
    response, packed = raw(simulator)
    assert response.headers["content-encoding"] == "gzip"
    assert len(packed) < 2 * 2**20
    opener = zlib.decompressobj(31)
    opened = opener.decompress(packed, 64 * 2**20)
    assert len(opened) == 64 * 2**20
    assert not opener.eof


@pytest.mark.parametrize(
    "kind", ["delay", "slow-headers", "slow-body", "endless-103", "endless-body"]
)
def test_what_seems_endless_ends(simulator: Simulator, kind: Any) -> None:
    simulator.fail(LABS, Fault(kind=kind, seconds=0.3), times=1)
    host, port = simulator.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        before = time.monotonic()
        connection.sendall(f"GET {LABS} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        received = sum(len(piece) for piece in iter(lambda: connection.recv(2**16), b""))
    assert received > 0
    assert 0.25 < time.monotonic() - before < 8


def test_a_stopped_server_ends_its_faults() -> None:
    with Simulator(today=TODAY) as simulator:
        simulator.fail("/", FAULTS["slow-body"])
        with (
            pytest.raises(httpx.ReadTimeout),
            httpx.stream("GET", simulator.base_url + LABS, timeout=0.1, trust_env=False) as answer,
        ):
            answer.read()
        simulator.fail("/", FAULTS["delay"])
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(simulator.base_url + LABS, timeout=0.1, trust_env=False)
        before = time.monotonic()
    assert time.monotonic() - before < 8
