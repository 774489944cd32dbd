"""The figures of the README's section on reliability are those that the tests count."""

import re

from leaderboard.simulator import FAULTS
from leaderboard.sources import SOURCES
from tests import mutants, test_trust_addresses, test_trust_fetching
from tests.fuzz.targets import TARGETS
from tests.hostile import STRINGS
from tests.test_readme import README, table


def stated() -> dict[str, tuple[int, str]]:
    """Give each row's cases and outcome by the first words of what was tried."""
    return {
        " ".join(tried.split()[:2]): (int(cases.replace(",", "")), outcome)
        for tried, cases, outcome in table("tried")
    }


def test_the_readme_states_what_the_tests_count() -> None:
    counted = {
        "faults of": len(FAULTS) * len(SOURCES),
        "names from": len(STRINGS),
        "texts made": test_trust_addresses.SLUGS_EACH_TIME,
        "addresses from": test_trust_addresses.GENERATED_EACH_TIME,
        "forms of": len(test_trust_fetching.encoded("a key of some length")),
        "parsers fuzzed,": len(TARGETS),
    }
    assert {row: cases for row, (cases, _) in stated().items() if row in counted} == counted


def test_the_readme_states_that_enough_mutants_were_killed() -> None:
    made, outcome = stated()["mutants of"]
    killed = re.match(r"([\d,]+) killed", outcome)
    assert killed
    survived = made - int(killed[1].replace(",", ""))
    assert survived >= len(set(mutants.listed()))
    assert survived <= made * (1 - mutants.ENOUGH_PCT / 100)


def test_the_write_points_of_the_readme_are_no_fewer_than_are_asked_for() -> None:
    points, _ = stated()["write points"]
    assert points >= 150


def test_every_row_is_held_to_something() -> None:
    assert len(stated()) == 8
    assert "make torture" in README
