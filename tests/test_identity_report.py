"""A run that changes who somebody is says so."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leaderboard.catalog import Change, Match, reported
from leaderboard.simulator import Simulator
from tests.fetching import TODAY

ROOT = Path(__file__).parents[1]
DAY = dt.date(2026, 6, 30)


def change(name, before=None, after=None, source="north", date=DAY):
    return Change(
        source=source,
        name=name,
        label=None,
        date=date,
        before=Match(model=before),
        after=Match(model=after),
    )


def test_nothing_changed_is_nothing_said():
    assert reported([]) == {}


def test_each_gateway_is_told_what_it_lost_first():
    lines = reported(
        [
            change("new", after="a/new"),
            change("old", before="a/old"),
            change("other", before="a/one", after="a/two"),
            change("far", after="b/far", source="south"),
        ]
    )
    assert lines == {
        "north": (
            "identity: 1 lost: old was a/old; 1 moved: other was a/one, is a/two; "
            "1 gained: new is a/new"
        ),
        "south": "identity: 1 gained: far is b/far",
    }


def test_many_are_counted_and_few_are_named():
    line = reported([change(f"m{n}", after=f"a/m{n}") for n in range(9)])["north"]
    assert line == "identity: 9 gained: m0 is a/m0, m1 is a/m1, m2 is a/m2 and 6 more"


def test_a_name_that_changed_on_several_days_is_told_once_as_it_is_now():
    later = DAY + dt.timedelta(days=9)
    lines = reported(
        [
            change("m", before="a/m", after="a/third", date=later),
            change("m", before="a/m", after="a/second"),
        ]
    )
    assert lines == {"north": "identity: 1 moved: m was a/m, is a/third"}


def test_a_variant_is_told_apart():
    variant = Change(
        source="north",
        name="m:free",
        label=None,
        date=DAY,
        before=Match(model="a/m", flags=("free",)),
        after=Match(model="a/m"),
    )
    assert reported([variant]) == {"north": "identity: 1 moved: m:free was a/m (free), is a/m"}


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    """A way to fetch OpenRouter's data again, and the folder that holds it."""
    folder = tmp_path_factory.mktemp("fetched")
    with Simulator(today=TODAY) as simulator:
        settings = {n: v for n, v in simulator.environment.items() if not n.endswith("_KEY")}
        command = [
            *(sys.executable, "-W", "error", str(ROOT / "build.py"), "--fetch-only"),
            *("--source", "openrouter", "--data", str(folder), "--now", f"{TODAY}T03:00:00Z"),
        ]

        def fetch() -> str:
            done = subprocess.run(
                command,
                env={"PATH": os.environ["PATH"], **settings},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        yield folder, fetch


def test_a_first_run_and_an_unchanged_one_say_nothing_of_identity(fetched):
    _, fetch = fetched
    assert "identity:" not in fetch()
    assert "identity:" not in fetch()


def test_a_run_that_brings_a_model_back_says_who_it_is_again(fetched):
    folder, fetch = fetched
    fetch()
    path = folder / "catalog/openrouter.json"
    catalogue = json.loads(path.read_text(encoding="utf-8"))
    newest = json.loads(max((folder / "openrouter/rankings-daily").iterdir()).read_bytes())
    ranked = {row["model_permaslug"] for row in newest["rows"]}
    lost = next(m for m in catalogue["models"] if m["canonical_slug"] in ranked - {m["id"]})
    catalogue["models"] = [
        m for m in catalogue["models"] if m["canonical_slug"] != lost["canonical_slug"]
    ]
    path.write_text(json.dumps(catalogue), encoding="utf-8")
    said = fetch()
    assert f"openrouter: identity: 1 moved: {lost['canonical_slug']} was " in said
    assert f", is {lost['id']}" in said
    assert "identity:" not in fetch()
