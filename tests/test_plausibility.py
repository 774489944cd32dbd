"""Quarantine: each threshold at its edge, and real data let through."""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from leaderboard.plausibility import Quarantined, accepted, require_plausible
from leaderboard.records import Citation, Published
from leaderboard.snapshots import DamagedFile, Observation, Snapshot, Store

REAL = Path(__file__).parents[2] / "shared/real/openrouter"
FIRST = dt.date(2026, 11, 1)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def observed(
    number: int, rows: Mapping[str, int], *, as_of: str = "2026-11-20T12:00:00Z"
) -> Observation:
    return Observation(
        source="openrouter",
        dataset="rankings-daily",
        date=FIRST + dt.timedelta(days=number),
        citation=Citation(
            text=f"as of {as_of}", notice="n", url="u", license=None, license_url=None
        ),
        url="https://example.org/",
        published=Published(retrieved_at=NOON, as_of=as_of),
        window=None,
        key=("name",),
        figures=("tokens",),
        measure="tokens",
        is_absolute=True,
        rows=[{"name": name, "tokens": str(value)} for name, value in rows.items()],
    )


def usual(factor: int = 100) -> dict[str, int]:
    return {f"m{n:02}": (40 - n) * factor for n in range(20)}


def held(tmp_path: Path, days: Sequence[Observation]) -> Mapping[dt.date, Snapshot]:
    store = Store(tmp_path)
    for seen in days:
        store.save(seen)
    return store.load("openrouter", "rankings-daily")


@pytest.fixture
def week(tmp_path: Path) -> Mapping[dt.date, Snapshot]:
    return held(tmp_path, [observed(n, usual()) for n in range(7)])


@pytest.mark.parametrize("factor", [300, 34])
def test_a_day_of_three_times_the_usual_total_passes(
    week: Mapping[dt.date, Snapshot], factor: int
) -> None:
    require_plausible([observed(7, usual(factor))], week)


@pytest.mark.parametrize("rows", [usual(300) | {"m19": 21 * 300 + 1}, usual(33)])
def test_a_day_beyond_three_times_the_usual_total_is_quarantined(
    week: Mapping[dt.date, Snapshot], rows: dict[str, int]
) -> None:
    with pytest.raises(Quarantined, match="is usual"):
        require_plausible([observed(7, rows)], week)


def test_a_held_day_is_judged_against_its_own_version(tmp_path: Path) -> None:
    days = [observed(n, usual()) for n in range(7)] + [observed(7, usual(1000))]
    history = held(tmp_path, days)
    require_plausible([observed(7, usual(1001))], history)
    with pytest.raises(Quarantined):
        require_plausible([observed(7, usual())], history)


@pytest.mark.parametrize(("rows", "passes"), [(19, True), (18, False)])
def test_nine_rows_in_ten_are_too_few(
    week: Mapping[dt.date, Snapshot], rows: int, passes: bool
) -> None:
    shorter = dict(list(usual().items())[:rows])
    for number in (3, 7):  # a day held, and a new one
        if passes:
            require_plausible([observed(number, shorter)], week)
        else:
            with pytest.raises(Quarantined, match=f"{rows} rows where"):
                require_plausible([observed(number, shorter)], week)


def test_a_held_day_that_vanished_from_the_answer_counts_as_lost_rows(
    week: Mapping[dt.date, Snapshot],
) -> None:
    with pytest.raises(Quarantined, match="120 rows where there were 140"):
        require_plausible([observed(n, usual()) for n in range(7) if n != 3], week)


def test_lists_asked_for_one_by_one_need_not_be_of_the_same_days(tmp_path: Path) -> None:
    def listed(number: int) -> Observation:
        seen = observed(number, usual())
        return dataclasses.replace(seen, window={"end_date": seen.date.isoformat()})

    history = held(tmp_path, [listed(0), listed(10), listed(20)])
    require_plausible([listed(1), listed(11), listed(21)], history)
    with pytest.raises(Quarantined, match="20 rows where there were 40"):
        require_plausible(
            [listed(1), dataclasses.replace(listed(10), rows=[]), listed(20), listed(21)], history
        )


@pytest.mark.parametrize(("replaced", "passes"), [(5, True), (6, False)])
def test_more_than_half_of_the_top_ten_replaced_is_quarantined(
    week: Mapping[dt.date, Snapshot], replaced: int, passes: bool
) -> None:
    rows = {
        f"new{name}" if n < replaced else name: v for n, (name, v) in enumerate(usual().items())
    }
    if passes:
        require_plausible([observed(7, rows)], week)
    else:
        with pytest.raises(Quarantined, match="6 of the top 10"):
            require_plausible([observed(7, rows)], week)


def test_as_of_never_goes_back(week: Mapping[dt.date, Snapshot]) -> None:
    require_plausible([observed(7, usual(), as_of="2026-11-20T12:00:00Z")], week)
    with pytest.raises(Quarantined, match="as_of went back"):
        require_plausible([observed(7, usual(), as_of="2026-11-20T11:59:59Z")], week)


def test_a_column_that_turned_empty_is_quarantined(week: Mapping[dt.date, Snapshot]) -> None:
    seen = observed(7, usual())
    blank = dataclasses.replace(seen, rows=[{**row, "name": ""} for row in seen.rows])
    with pytest.raises(Quarantined, match="name is empty"):
        require_plausible([blank], week)


def test_a_list_without_an_expected_length_may_be_short(week: Mapping[dt.date, Snapshot]) -> None:
    short = dataclasses.replace(
        observed(6, dict(list(usual().items())[:10])), may_be_short=True, is_absolute=False
    )
    require_plausible([short], week)


def test_nothing_is_held_against_a_first_fetch_or_older_days(
    week: Mapping[dt.date, Snapshot],
) -> None:
    require_plausible([observed(0, usual())], {})
    require_plausible([observed(-30, usual(1))], week)


def test_what_a_person_accepted_passes_and_nothing_else(
    week: Mapping[dt.date, Snapshot], tmp_path: Path
) -> None:
    jump, other = observed(7, usual(1000)), observed(7, usual(1001))
    with pytest.raises(Quarantined) as caught:
        require_plausible([jump], week)
    (tmp_path / "accepted.toml").write_text(
        "[[accepted]]\n"
        'source = "openrouter"\ndataset = "rankings-daily"\n'
        f'sha256 = "{caught.value.sha256}"\nreason = "a free model was launched"\n'
    )
    require_plausible([jump], week, accepted(tmp_path))
    with pytest.raises(Quarantined):
        require_plausible([other], week, accepted(tmp_path))


def test_a_damaged_acceptance_is_named(tmp_path: Path) -> None:
    (tmp_path / "accepted.toml").write_text("[[accepted]]\nsource = 1\n")
    with pytest.raises(DamagedFile, match=r"accepted\.toml"):
        accepted(tmp_path)


def test_a_month_of_real_days_produces_no_quarantine(tmp_path: Path) -> None:
    bodies = sorted(REAL.glob("rankings-daily_*.json"))
    rows = [row for body in bodies for row in json.loads(body.read_text())["data"]]
    if not rows:
        pytest.skip("no recorded data beside the project")
    store = Store(tmp_path)
    dates = sorted({row["date"] for row in rows})
    for date in dates:
        seen = dataclasses.replace(
            observed(0, {}),
            date=dt.date.fromisoformat(date),
            key=("model_permaslug",),
            figures=("total_tokens",),
            measure="total_tokens",
            rows=[row for row in rows if row["date"] == date],
        )
        require_plausible([seen], store.load("openrouter", "rankings-daily"))
        store.save(seen)
    assert len(store.load("openrouter", "rankings-daily")) == len(dates)
