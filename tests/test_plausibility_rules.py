"""The jump rules in detail: which days count, in which order, within which ranking."""

import dataclasses
import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from leaderboard.plausibility import Quarantined, accepted, require_plausible
from leaderboard.snapshots import DamagedFile, Observation, Snapshot
from tests.test_plausibility import held, observed, usual


@pytest.fixture
def week(tmp_path: Path) -> Mapping[dt.date, Snapshot]:
    return held(tmp_path, [observed(n, usual()) for n in range(7)])


def reason(seen: Sequence[Observation], history: Mapping[dt.date, Snapshot]) -> str:
    with pytest.raises(Quarantined) as caught:
        require_plausible(seen, history)
    return caught.value.reason


def total(number: int, tokens: int) -> Observation:
    return observed(number, {"only": tokens})


def replaced(rows: Mapping[str, int], names: int, by: str = "new") -> dict[str, int]:
    return {f"{by}{name}" if n < names else name: v for n, (name, v) in enumerate(rows.items())}


def test_what_was_refused_is_told_by_reason_size_and_sum(
    week: Mapping[dt.date, Snapshot],
) -> None:
    seen = observed(7, {"größer": 10**6, **usual()})
    seen = dataclasses.replace(seen, rows=[dict(reversed(row.items())) for row in seen.rows])
    rows = [{"name": row["name"], "tokens": row["tokens"]} for row in seen.rows]
    text = json.dumps([["2026-11-08", rows]], ensure_ascii=False).encode()
    with pytest.raises(Quarantined) as caught:
        require_plausible([seen], week)
    found = caught.value
    assert found.reason == "2026-11-08: a total of 1,061,000 where 61,000 is usual"
    assert found.sha256 == hashlib.sha256(text).hexdigest()
    assert found.size == len(text)
    assert str(found) == (
        f"quarantined: {found.reason}; refused were {len(text):,} bytes, sha256 {found.sha256}"
    )
    require_plausible([seen], week, frozenset({found.sha256}))


def test_a_held_day_s_jump_and_replacement_name_the_day(week: Mapping[dt.date, Snapshot]) -> None:
    assert reason([observed(2, usual(1000))], week) == (
        "2026-11-03: a total of 610,000 where 61,000 is usual"
    )
    assert reason([observed(2, replaced(usual(), 6))], week) == (
        "2026-11-03: 6 of the top 10 were replaced at once"
    )
    require_plausible([observed(2, replaced(usual(), 5))], week)


def test_the_usual_is_the_median_of_the_seven_days_before(tmp_path: Path) -> None:
    # The eighth day before, or the day before left out, would make 550 of these 100.
    history = held(
        tmp_path, [total(n, t) for n, t in enumerate([1000, 1000, 1000, 1000, 100, 100, 100, 100])]
    )
    assert reason([total(8, 301)], history) == "2026-11-09: a total of 301 where 100 is usual"
    require_plausible([total(8, 300)], history)
    history = held(
        tmp_path / "all seven",
        [total(n, t) for n, t in enumerate([100, 100, 1000, 1000, 1000, 100, 100])],
    )
    assert reason([total(7, 350)], history) == "2026-11-08: a total of 350 where 100 is usual"


def test_exactly_a_third_and_exactly_three_times_the_usual_pass(tmp_path: Path) -> None:
    history = held(tmp_path, [total(n, 300) for n in range(3)])
    for tokens in (100, 900):
        require_plausible([total(3, tokens)], history)
    for tokens in (99, 901):
        assert "is usual" in reason([total(3, tokens)], history)


def test_shares_have_no_total_that_could_jump(tmp_path: Path) -> None:
    def shares(number: int, share: int) -> Observation:
        return dataclasses.replace(total(number, share), is_absolute=False)

    history = held(tmp_path, [shares(n, 10) for n in range(7)])
    require_plausible([shares(7, 90)], history)


@pytest.mark.parametrize(("days", "is_judged"), [(2, False), (3, True)])
def test_three_known_days_are_enough_to_judge_by(
    tmp_path: Path, days: int, is_judged: bool
) -> None:
    history = held(tmp_path, [total(n, 100) for n in range(days)])
    if is_judged:
        assert "is usual" in reason([total(days, 1000)], history)
    else:
        require_plausible([total(days, 1000)], history)


def test_days_without_traffic_tell_nothing_of_what_is_usual(tmp_path: Path) -> None:
    history = held(tmp_path, [total(n, 0 if n < 5 else 100) for n in range(7)])
    require_plausible([total(7, 1000)], history)


def test_new_days_are_judged_in_order_however_they_come(week: Mapping[dt.date, Snapshot]) -> None:
    seventh = observed(7, replaced(usual(), 3))
    eighth = observed(8, replaced(usual(), 6, by="newer"))
    for seen in ([seventh, eighth], [eighth, seventh]):
        assert reason(seen, week) == "2026-11-09: 6 of the top 10 were replaced at once"


def test_after_a_gap_there_is_no_day_before(week: Mapping[dt.date, Snapshot]) -> None:
    require_plausible([observed(8, replaced(usual(), 10))], week)


def test_after_a_day_without_rows_any_may_come(tmp_path: Path) -> None:
    require_plausible([observed(1, usual())], held(tmp_path, [observed(0, {})]))


def test_ten_names_are_a_top_ten_and_nine_are_none(tmp_path: Path) -> None:
    for names in (10, 9):
        rows = dict(list(usual().items())[:names])
        history = held(tmp_path / str(names), [observed(n, rows) for n in range(3)])
        if names == 10:
            assert "6 of the top 10" in reason([observed(3, replaced(rows, 6))], history)
        else:
            require_plausible([observed(3, replaced(rows, 6))], history)


def test_the_top_is_by_size_and_then_by_name(tmp_path: Path) -> None:
    rising = {f"m{n:02}": 1000 + n for n in range(20)}
    history = held(tmp_path / "rising", [observed(n, rising) for n in range(3)])
    gone = {
        name if n < 14 else f"new{name}": value for n, (name, value) in enumerate(rising.items())
    }
    assert "6 of the top 10" in reason([observed(3, gone)], history)
    level = {f"m{n:02}": 1000 for n in range(20)}
    history = held(tmp_path / "level", [observed(n, level) for n in range(3)])
    require_plausible([observed(3, dict(reversed(level.items())))], history)


@pytest.mark.parametrize("rest", ["other", "Other", "__others__", ""])
def test_what_stands_for_all_others_is_none_of_the_top_ten(tmp_path: Path, rest: str) -> None:
    history = held(tmp_path, [observed(n, {rest: 5000} | usual()) for n in range(3)])
    require_plausible([observed(3, replaced(usual(), 5))], history)


def test_rankings_of_one_answer_are_judged_each_by_itself(tmp_path: Path) -> None:
    def grouped(number: int, tokens: Mapping[str, int], spend: Mapping[str, int]) -> Observation:
        rows = [
            {"metric": metric, "name": name, "tokens": str(value)}
            for metric, of_one in (("tokens", tokens), ("spend", spend))
            for name, value in of_one.items()
        ]
        like = observed(number, {})
        return dataclasses.replace(like, key=("metric", "name"), grouped_by="metric", rows=rows)

    others = {f"x{name}": value for name, value in usual(10_000).items()}
    history = held(tmp_path, [grouped(n, usual(), others) for n in range(7)])
    require_plausible([grouped(7, usual(), others)], history)
    # The smaller ranking's jump drowns in the sum of both.
    for number in (3, 7):
        date = f"2026-11-{number + 1:02}"
        assert reason([grouped(number, usual(1000), others)], history) == (
            f"{date}: a total of 610,000 where 61,000 is usual"
        )
        assert reason([grouped(number, replaced(usual(), 6), others)], history) == (
            f"{date}: 6 of the top 10 were replaced at once"
        )


def test_a_held_day_may_shrink_within_a_window_that_did_not(
    week: Mapping[dt.date, Snapshot],
) -> None:
    shorter = dict(list(usual().items())[:18])
    require_plausible([observed(5, usual()), observed(6, shorter)], week)


@pytest.mark.parametrize("blank", ["", None])
def test_a_column_counts_as_empty_only_where_all_of_it_is(tmp_path: Path, blank: object) -> None:
    def with_label(number: int, labels: Sequence[object]) -> Observation:
        seen = observed(number, usual())
        rows = [{**row, "label": labels[n % len(labels)]} for n, row in enumerate(seen.rows)]
        return dataclasses.replace(seen, rows=rows)

    history = held(tmp_path, [with_label(n, ["a", blank]) for n in range(3)])
    require_plausible([with_label(3, [blank, "a"])], history)
    assert reason([with_label(3, [blank])], history) == "label is empty in every row"
    never = held(tmp_path / "never", [with_label(n, [blank]) for n in range(3)])
    require_plausible([with_label(3, [blank])], never)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[accepted]]\nsource = 1\n", "4 validation errors"),
        ("no toml", "Expected '=' after a key"),
    ],
)
def test_a_damaged_acceptance_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "accepted.toml").write_text(text)
    with pytest.raises(DamagedFile, match=re.escape(told)):
        accepted(tmp_path)
