"""A real Chromium, a static server, and visits that miss no error of a page."""

import datetime as dt
import functools
import http.server
import math
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from leaderboard import site
from leaderboard.records import OTHERS, Board
from tests import specimens

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
TABLET = {"viewport": {"width": 768, "height": 1024}}
PREFIXES = ("", "/repo")
"""Where a site may stand: at its host's root and under a project's path."""

expect.set_options(timeout=20_000)  # five seconds are little on a busy machine of two cores

_LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder under a prefix, quietly; what is not there gets the site's 404 page."""

    prefix = ""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if not path.startswith(f"{self.prefix}/"):
            self.send_error(404)
            return
        self.path = self.path.removeprefix(self.prefix)
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


_ELEMENT = re.compile(rb"<(?:nav|div|li|article|section|figure|h[1-3]|p|table|tr|footer)\b")
_HEADER_PIECES = 20


class _Dripping(_Handler):
    """Sends pages in pieces, as a slow line does: cut before the elements of the header and
    before others down the page, with time between them to be painted.
    """

    def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:  # type: ignore[override]
        if not self.path.endswith("/"):
            super().copyfile(source, outputfile)
            return
        body = source.read()
        places = [found.start() for found in _ELEMENT.finditer(body)]
        after = 0
        for place in [*places[:_HEADER_PIECES], *places[_HEADER_PIECES :: len(places) // 20 + 1]]:
            outputfile.write(body[after:place])
            time.sleep(0.04)
            after = place
        outputfile.write(body[after:])


class _Server(http.server.ThreadingHTTPServer):
    """Does not report that a browser left before it had everything."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def served(folder: Path, prefix: str = "", *, in_pieces: bool = False) -> Iterator[str]:
    """Serve a folder on loopback; give its address, with a slash at the end."""
    handler = type("Handler", (_Dripping if in_pieces else _Handler,), {"prefix": prefix})
    bound = functools.partial(handler, directory=str(folder))
    server = _Server(("127.0.0.1", 0), bound)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def visit(
    browser: Browser, address: str, *, expected: tuple[str, ...] = (), **options: object
) -> Iterator[Page]:
    """Open a page as a new visitor does; leaving it fails where anything went wrong on it.

    Wrong are console errors and warnings, uncaught errors, violations of the policy, failed
    requests, answers of 400 and above, and requests to another origin. A problem that holds
    one of the *expected* words is none. What fails before that tells of them too.
    """
    context = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    problems: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            problems.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{origin}/", "data:", "blob:")):
            problems.append(f"another origin: {request.url}")

    def failed(request: Request) -> None:
        # What a reload or the leaving of a page cuts off has not failed by itself.
        if request.failure == "net::ERR_ABORTED" and request.resource_type != "script":
            return
        # Where script is off, the browser drops the scripts that a page names for it early.
        if options.get("java_script_enabled", True) or request.resource_type != "script":
            problems.append(f"failed: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            problems.append(f"{response.status}: {response.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("response", answered)
    try:
        page.goto(address)
        yield page
    except BaseException as error:
        # Without the whole page as text, which Playwright adds and a log cuts off.
        error.args = (str(error).partition("Aria snapshot:")[0], *error.args[1:])
        for problem in problems:
            error.add_note(problem)
        raise
    finally:
        context.close()
    unexpected = [p for p in problems if not any(word in p for word in expected)]
    if unexpected:
        pytest.fail("\n".join(unexpected))


def until(
    page: Page,
    condition: str | Callable[[], object],
    argument: object = None,
    *,
    timeout_s: float = 20,
) -> None:
    """Wait until an expression or a function of the page is true, or a function of the test.

    `Page.wait_for_function` asks again by ``eval``, which the pages' own policy forbids.
    Raises `TimeoutError` where it stays false.
    """
    deadline = time.monotonic() + timeout_s
    while not (page.evaluate(condition, argument) if isinstance(condition, str) else condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"still false after {timeout_s:g} s: {condition}")
        page.wait_for_timeout(20)


# Not for the whole session: while Playwright runs, no test of the same thread can run asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run Chromium: the one that CHROMIUM names, else the system's."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=_LAUNCH
        )
        yield chromium
        chromium.close()


LAUNCHED = specimens.LAST_DAY - dt.timedelta(days=20)
"""The first day of the newest model on the small site."""
GAP = specimens.LAST_DAY - dt.timedelta(days=6)
"""The day without data."""


def long_board() -> Board:
    """Make 400 days of 30 models of 10 labs: a launch, a gap, weekends, others."""
    labs = (
        "openai",
        "anthropic",
        "google",
        "deepseek",
        "x-ai",
        "qwen",
        "z-ai",
        "minimax",
        "g",
        "d",
    )
    figures = []
    for day in range(400):
        date = specimens.LAST_DAY - dt.timedelta(days=399 - day)
        weekly = 1.0 if date.weekday() < 5 else 0.8
        listed = {
            f"{labs[n % 10]}/model-{n}": int(
                240 * 0.86**n * 10**9 * (1 + 0.3 * math.sin(day / (20 + 3 * n) + n)) * weekly
            )
            for n in range(29)
        }
        if date >= LAUNCHED:
            listed["openai/model-29"] = 4 * 10**9 * (day - 378)
        figures.append({} if date == GAP else {**listed, OTHERS: 150 * 10**9})
    return specimens.models_board(figures)


@pytest.fixture(scope="session")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site of a long daily board, of lists, and of a source without licence."""
    out = tmp_path_factory.mktemp("small") / "site"
    names = [f"App {n}" for n in range(1, 31)]
    summary = site.render(
        specimens.edition(base_url=""),
        specimens.readings(long_board(), names),
        specimens.statuses(),
        out,
        processes=2,
        cache=None,
    )
    assert summary.failed_charts == ()
    return out


@pytest.fixture(scope="session", params=PREFIXES, ids=["root", "repo"])
def address(request: pytest.FixtureRequest, small_site: Path) -> Iterator[str]:
    """Serve the small site at a root and under ``/repo/``."""
    with served(small_site, request.param) as found:
        yield found
