"""Fixtures that many tests share."""

from collections.abc import Iterator

import pytest

from leaderboard.simulator import Simulator
from tests.browser import address, browser, small_site  # noqa: F401 — fixtures
from tests.fetching import TODAY


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Begin a failure's traceback at the test: native ones begin in pytest itself."""
    if call.excinfo is not None:
        call.excinfo.traceback = call.excinfo.traceback.cut(path=item.path)


@pytest.fixture(scope="session")
def _gateways() -> Iterator[Simulator]:
    with Simulator(today=TODAY) as simulator:
        yield simulator


@pytest.fixture
def gateways(_gateways: Simulator) -> Simulator:
    """The simulated gateways, without faults and with an empty log."""
    _gateways.clear()
    _gateways.requests.clear()
    return _gateways
