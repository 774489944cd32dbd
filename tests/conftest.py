"""Fixtures that many tests share."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from leaderboard.simulator import Simulator
from tests.browser import address, browser, small_site  # noqa: F401 — fixtures
from tests.fetching import TODAY

SLOWEST = (
    "test_publication.py",
    "test_whole_site.py",
    "test_trust_crash.py",
    "test_trust_hostile.py",
    "test_trust_render.py",
    "test_build.py",
    "test_living_chart.py",
)
"""The files that take longest: begun first, so that no core waits for the last of them."""

# A run tells of the change it tests, not of the machine's haste or of chance: the same examples
# each time, without a limit of time. make torture looks for others.
settings.register_profile(
    "leaderboard",
    deadline=None,
    derandomize="TORTURE" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("leaderboard")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the slowest files to the front; the order within a file and of the rest stays."""
    place = {name: n for n, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


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
