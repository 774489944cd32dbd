"""Snapshots: idempotent, canonical, with nothing ever lost."""

import datetime as dt
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.records import Citation, Published
from leaderboard.snapshots import (
    DamagedFile,
    Observation,
    Store,
    canonical,
    stamp,
    write_atomically,
)

DAY = dt.date(2026, 11, 19)
MORNING = dt.datetime(2026, 11, 20, 2, 37, tzinfo=dt.UTC)


def seen(
    rows: dict[str, int],
    *,
    hours: int = 0,
    date: dt.date = DAY,
    residual: tuple[str, str] | None = None,
) -> Observation:
    moment = MORNING + dt.timedelta(hours=hours)
    as_of = moment.isoformat()
    return Observation(
        source="openrouter",
        dataset="rankings-daily",
        date=date,
        citation=Citation(
            text=f"Source: Somewhere, as of {as_of}.",
            notice=f"Source: Somewhere, as of {as_of}. Licensed.",
            url="https://example.org/",
            license="CC-BY-4.0",
            license_url="https://example.org/by",
        ),
        url="https://example.org/api",
        published=Published(retrieved_at=moment, as_of=as_of),
        window=None,
        key=("name",),
        figures=("tokens",),
        residual=residual,
        rows=[{"name": name, "tokens": str(tokens)} for name, tokens in rows.items()],
    )


def rows_of(store: Store, date: dt.date = DAY) -> dict[str, int]:
    return {
        row["name"]: int(row["tokens"])
        for row in store.load("openrouter", "rankings-daily")[date].rows
    }


def test_rows_are_kept_as_sent(tmp_path: Path) -> None:
    total = 2**53 + 1
    Store(tmp_path).save(seen({"b": total, "a": 1}))
    text = (tmp_path / "openrouter/rankings-daily/2026-11-19.json").read_text()
    assert [row["name"] for row in json.loads(text)["rows"]] == ["b", "a"]
    assert f'"tokens": "{total}"' in text


def test_the_same_rows_write_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.save(seen({"a": 1, "b": 2})) == "new"
    path = tmp_path / "openrouter/rankings-daily/2026-11-19.json"
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert Store(tmp_path).save(seen({"b": 2, "a": 1}, hours=5)) == "unchanged"
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_days_saved_newest_first_are_held_oldest_first_as_on_disk(tmp_path: Path) -> None:
    store = Store(tmp_path)
    days = [DAY - dt.timedelta(days=back) for back in (1, 0, 3, 2)]
    for day in days:
        store.save(seen({"a": 1}, date=day))
    assert list(store.load("openrouter", "rankings-daily")) == sorted(days)
    store.save(seen({"a": 2}, date=days[2], hours=1))
    assert list(store.load("openrouter", "rankings-daily")) == sorted(days)


def test_a_restated_figure_keeps_its_first_and_every_earlier_version(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(seen({"a": 1, "gone": 7}))
    assert store.save(seen({"a": 2, "came": 3}, hours=1)) == "revised"
    assert store.save(seen({"a": 4, "came": 3}, hours=2)) == "revised"
    snapshot = Store(tmp_path).load("openrouter", "rankings-daily")[DAY]
    assert snapshot.first.retrieved_at == "2026-11-20T02:37:00Z"
    assert snapshot.latest.retrieved_at == "2026-11-20T04:37:00Z"
    assert [change.added for change in snapshot.revisions] == [[["came"]], []]
    assert not snapshot.relistings
    for hours, known in (
        (0, {"a": 1, "gone": 7}),
        (1, {"a": 2, "came": 3}),
        (2, {"a": 4, "came": 3}),
    ):
        at = MORNING + dt.timedelta(hours=hours, minutes=30)
        assert rows_of(Store(tmp_path, known_at=at)) == known


def test_the_citation_follows_the_version_shown(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(seen({"a": 1}))
    store.save(seen({"a": 2}, hours=1))
    store.save(seen({"a": 3}, hours=2))
    for hours in (0, 1, 2):
        known_at = MORNING + dt.timedelta(hours=hours)
        known = Store(tmp_path, known_at=known_at).load("openrouter", "rankings-daily")[DAY]
        assert known.credit.text == f"Source: Somewhere, as of {known_at.isoformat()}."
        assert known.published.as_of == known_at.isoformat()


def test_without_named_figures_every_field_counts(tmp_path: Path) -> None:
    store = Store(tmp_path)
    outcomes = [store.save(replace(seen({"a": n}), figures=())) for n in (1, 1, 2)]
    assert outcomes == ["new", "unchanged", "revised"]


def test_a_name_that_moved_into_other_is_no_revision_and_yet_not_lost(tmp_path: Path) -> None:
    store = Store(tmp_path)
    residual = ("name", "Other")
    store.save(seen({"a": 60, "b": 10, "Other": 30}, residual=residual))
    assert store.save(seen({"a": 60, "Other": 40}, hours=1, residual=residual)) == "relisted"
    snapshot = store.load("openrouter", "rankings-daily")[DAY]
    assert not snapshot.revisions
    assert {row["name"] for row in snapshot.relistings[0].rows} == {"b", "Other"}
    assert rows_of(Store(tmp_path, known_at=MORNING)) == {"a": 60, "b": 10, "Other": 30}


def test_a_named_figure_that_changed_is_a_revision_even_when_others_moved(tmp_path: Path) -> None:
    store = Store(tmp_path)
    residual = ("name", "Other")
    store.save(seen({"a": 60, "b": 10, "Other": 30}, residual=residual))
    assert store.save(seen({"a": 61, "Other": 39}, hours=1, residual=residual)) == "revised"


def test_a_day_that_was_not_over_is_not_known(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save(seen({"a": 1}))
    store.save(seen({"a": 1}, date=DAY - dt.timedelta(days=5)))
    evening = dt.datetime.combine(DAY, dt.time.max, dt.UTC)
    known = Store(tmp_path, known_at=evening).load("openrouter", "rankings-daily")
    assert list(known) == [DAY - dt.timedelta(days=5)]


def test_what_came_at_a_moment_of_its_own_day_is_known_at_that_moment(tmp_path: Path) -> None:
    Store(tmp_path).save(seen({"a": 1}, date=MORNING.date()))
    for second, known in ((-1, []), (0, [MORNING.date()])):
        store = Store(tmp_path, known_at=MORNING + dt.timedelta(seconds=second))
        assert list(store.load("openrouter", "rankings-daily")) == known


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 5), min_size=1),
        min_size=1,
        max_size=8,
    )
)
def test_every_version_can_be_had_again(
    tmp_path_factory: pytest.TempPathFactory, versions: list[dict[str, int]]
) -> None:
    root = tmp_path_factory.mktemp("data")
    store = Store(root)
    for hours, version in enumerate(versions):
        store.save(seen(version, hours=hours))
    for hours, version in enumerate(versions):
        at = MORNING + dt.timedelta(hours=hours, minutes=1)
        assert rows_of(Store(root, known_at=at)) == version


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda text: text[: len(text) // 2], "not whole JSON"),
        (lambda _: "", "is empty"),
        (lambda text: text.replace('"schema": 1', '"schema": 9'), "schema 9"),
        (lambda text: text.replace('"rows"', '"lines"'), "rows"),
        (lambda text: text.replace("2026-11-19", "2026-11-18"), "another snapshot"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, damage, told: str) -> None:  # type: ignore[no-untyped-def]
    Store(tmp_path).save(seen({"a": 1}))
    path = tmp_path / "openrouter/rankings-daily/2026-11-19.json"
    path.write_text(damage(path.read_text()))
    with pytest.raises(DamagedFile, match=r"2026-11-19\.json") as caught:
        Store(tmp_path).load("openrouter", "rankings-daily")
    assert told in str(caught.value)


def test_one_row_stands_on_one_line() -> None:
    document = {"schema": 1, "rows": [{"b": "ü", "a": 1}, {"a": 2}], "window": None}
    assert canonical(document).splitlines() == [
        "{",
        ' "schema": 1,',
        ' "rows": [',
        '  {"a": 1, "b": "ü"},',
        '  {"a": 2}',
        " ],",
        ' "window": null',
        "}",
    ]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_for_everybody_to_read_and_for_its_owner_to_write(tmp_path: Path) -> None:
    write_atomically(tmp_path / "file.json", "{}")
    assert f"{(tmp_path / 'file.json').stat().st_mode & 0o777:o}" == "644"


def test_what_no_json_can_hold_is_not_written() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"share": float("nan")})


def test_a_moment_is_stamped_in_utc_wherever_the_machine_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("TZ", "Pacific/Kiritimati")
            time.tzset()
            assert stamp(MORNING) == "2026-11-20T02:37:00Z"
    finally:
        time.tzset()
