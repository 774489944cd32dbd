"""However windows are asked for, overlapping, with gaps, again, the same history is kept."""

import datetime as dt
import hashlib
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.snapshots import Store
from tests.test_snapshots import DAY, MORNING, rows_of, seen

MOST_DAYS = 8
EXAMPLES = 2_000 if os.environ.get("TORTURE") else 50


@st.composite
def runs(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Give runs in order: the first and last day asked, and how often figures were restated."""
    restated = 0
    made = []
    for _ in range(draw(st.integers(1, 6))):
        restated += draw(st.integers(0, 1))
        first = draw(st.integers(0, MOST_DAYS - 1))
        made.append((first, draw(st.integers(first, MOST_DAYS - 1)), restated))
    return made


def figures(day: int, restated: int) -> dict[str, int]:
    """Say what a source says of a day after so many restatements; some change, some do not."""
    chance = random.Random(f"{day} {restated // (1 + day % 3)}")
    return {name: chance.randint(1, 3) for name in chance.sample("abcdef", 3)}


def kept(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "openrouter/rankings-daily").glob("*.json"))
    }


def fetched(root: Path, hour: int, days: Sequence[int], restated: int) -> set[str]:
    store = Store(root)  # each run begins with what the files say
    return {
        store.save(seen(figures(day, restated), date=DAY - dt.timedelta(days=day), hours=hour))
        for day in days
    }


@settings(max_examples=EXAMPLES)
@given(runs(), st.randoms(use_true_random=False))
def test_any_windows_in_any_order_of_days_keep_the_same_history(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[tuple[int, int, int]],
    chance: random.Random,
) -> None:
    straight, mixed = (tmp_path_factory.mktemp(name) for name in ("straight", "mixed"))
    known: dict[tuple[int, int], dict[str, int]] = {}
    for hour, (first, last, restated) in enumerate(made):
        days = list(range(first, last + 1))
        fetched(straight, hour, days, restated)
        shuffled = chance.sample(days, len(days)) + chance.sample(
            days, chance.randint(0, len(days))
        )
        fetched(mixed, hour, shuffled, restated)  # in another order, and some of them twice
        before = kept(straight)
        assert fetched(straight, hour, days, restated) == {"unchanged"}
        assert kept(straight) == before
        known |= {(hour, day): figures(day, restated) for day in days}
    assert kept(straight) == kept(mixed)
    for (hour, day), then in known.items():
        then_known = MORNING + dt.timedelta(hours=hour, minutes=1)
        store = Store(mixed, known_at=then_known)
        assert rows_of(store, DAY - dt.timedelta(days=day)) == then
