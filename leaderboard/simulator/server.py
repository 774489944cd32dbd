"""The simulator: the gateways on a loopback port, with a log and with faults on request."""

import datetime as dt
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from leaderboard.simulator import faults, wire
from leaderboard.simulator.answers import Answer, Gateway, Request
from leaderboard.simulator.faults import Fault
from leaderboard.simulator.routing import OPENROUTER_KEY, ZENMUX_KEY, Gateways


class Simulator:
    """The three gateways on one loopback port, as a context manager.

    *today* is the simulated running UTC day; the newest complete one is the day before.
    *replay* is a folder of recorded answers to serve instead of the seeded world. *limits*
    gives requests a minute: at OpenRouter for the key, at ZenMux for each endpoint.
    """

    def __init__(
        self,
        *,
        today: dt.date,
        seed: int = 1,
        replay: Path | None = None,
        port: int = 0,
        limits: Mapping[Gateway, int] | None = None,
    ) -> None:
        self.today = today
        self.requests: list[Request] = []
        self._port = port
        self._faults: list[_Injected] = []
        self._lock = threading.Lock()
        self._gateways = Gateways(today=today, seed=seed, recorded=replay, limits=limits or {})
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self._port), self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="simulator"
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = self._thread = None

    @property
    def base_url(self) -> str:
        """Give the server's address, without a slash at its end."""
        if self._server is None:
            raise RuntimeError("the simulator is not running; enter it with `with`")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> Mapping[str, str]:
        """Give the environment variables that point a build at this server."""
        return MappingProxyType(
            {
                "VERCEL_LEADERBOARD_URL": f"{self.base_url}/vercel/api/ai/leaderboard-export",
                "VERCEL_CATALOG_URL": f"{self.base_url}/vercel/v1/models",
                "OPENROUTER_API_URL": f"{self.base_url}/openrouter/api/v1",
                "OPENROUTER_API_KEY": OPENROUTER_KEY,
                "ZENMUX_API_URL": f"{self.base_url}/zenmux/api/v1",
                "ZENMUX_MANAGEMENT_API_KEY": ZENMUX_KEY,
            }
        )

    def fail(self, path_prefix: str, fault: Fault, *, times: int | None = None) -> None:
        """Spoil the answers to targets that begin with *path_prefix*, *times* times.

        The target is the path with its query as sent. None: until `clear`. Where several
        faults fit, the one injected last is used.
        """
        with self._lock:
            self._faults.insert(0, _Injected(path_prefix, fault, times))

    def clear(self) -> None:
        """Answer as documented again, with all counters at zero."""
        with self._lock:
            self._faults.clear()
        self._gateways.forget()

    def answer(self, request: Request) -> Answer:
        """Answer *request* by the contract, without any fault."""
        return self._gateways.answer(request)

    def received(self, request: Request) -> Fault | None:
        """Log *request* and say which fault its answer is to suffer."""
        with self._lock:
            self.requests.append(request)
            for injected in self._faults:
                if injected.left != 0 and request.target.startswith(injected.prefix):
                    if injected.left is not None:
                        injected.left -= 1
                    return injected.fault
        return None


class _Injected:
    """A fault waiting for its requests; *left* is None where there is no end to it."""

    def __init__(self, prefix: str, fault: Fault, left: int | None) -> None:
        self.prefix = prefix
        self.fault = fault
        self.left = left


class _Server(ThreadingHTTPServer):
    """The listening socket; stopping it ends every open connection and fault."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], simulator: Simulator) -> None:
        self.simulator = simulator
        self.closing = threading.Event()
        self._connections: set[Any] = set()
        self._connections_lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a client that went away go; anything else is a fault of the simulator's own."""
        if not self.closing.is_set() and not wire.is_disconnection():
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """End all connections, wait for their threads, close the socket."""
        self.closing.set()
        self.shutdown()
        with self._connections_lock:
            open_now = list(self._connections)
        for connection in open_now:
            wire.hang_up(connection)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection: requests in, answers out, as documented or spoilt."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal for the build; the simulator logs in `Simulator.requests`."""

    def do_GET(self) -> None:
        """Answer."""
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            target=self.path,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
        )
        simulator = self.server.simulator
        fault = simulator.received(request)
        answer = simulator.answer(request)
        if fault is None:
            # a body that was sent along is not read, so the connection cannot go on
            self.close_connection = self.close_connection or self.command != "GET"
            self.wfile.write(wire.written(answer, close=self.close_connection))
            return
        self.close_connection = True
        line = wire.Wire(self.connection, self.rfile, self.server.closing)
        faults.misbehave(line, fault, request, answer)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET
