"""A gateway that sends a run elsewhere: it does not go, and no key does."""

import asyncio
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from leaderboard.http import GatewayError, Policy, Session
from tests.fetching import NOW


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    """Takes anything, and notes what it was sent."""

    def do_GET(self) -> None:
        self.server.sent.append(dict(self.headers))  # type: ignore[attr-defined]
        target = getattr(self.server, "target", None)
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def server() -> Iterator[Any]:
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    made.sent = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


TARGETS = (
    "http://127.0.0.1:{there}/other-port",
    "http://127.0.0.1:{here}/same-host",
    "http://localhost:{there}/other-host",
    "http://user:pass@127.0.0.1:{there}/user",
    "//127.0.0.1:{there}/no-scheme",
    "/relative",
    "https://127.0.0.1:{there}/other-scheme",
    "file:///etc/passwd",
)


def test_of_eight_redirects_none_is_followed_and_no_key_leaves() -> None:
    async def ask(base_url: str) -> None:
        async with Session(
            user_agent="tests", clock=lambda: NOW, policy=Policy(attempts=2, first_wait_s=0.01)
        ) as session:
            gateway = session.gateway(name="G", base_url=base_url, key="sk-canary-0123456789")
            await gateway.get_json("/data")

    assert len(TARGETS) == 8
    with server() as here, server() as there:
        for number, target in enumerate(TARGETS):
            here.target = target.format(here=here.server_port, there=there.server_port)
            with pytest.raises(GatewayError, match="redirect"):
                asyncio.run(ask(f"http://127.0.0.1:{here.server_port}"))
            assert len(here.sent) == number + 1
            assert here.sent[-1]["Authorization"] == "Bearer sk-canary-0123456789"
        assert there.sent == []
