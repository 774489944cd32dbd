"""Fixtures that many tests share."""

from collections.abc import Iterator

import pytest

from leaderboard.simulator import Simulator
from tests.browser import address, browser, small_site  # noqa: F401 — fixtures
from tests.fetching import TODAY


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
