"""What a file under data/ must be to be read, one fault at a time."""

import copy
import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leaderboard.envelope import DamagedFile, Snapshot, load, moment
from leaderboard.records import Citation, Published
from leaderboard.snapshots import Observation, Store, canonical, sweep
from leaderboard.strict_json import NotStrictJson, parse_json
from tests.fuzz.seeds import SEEDS

WHOLE: dict[str, Any] = json.loads(SEEDS["snapshot"][1][1:])
Change = Callable[[dict[str, Any]], object]


def written(folder: Path, change: Change) -> Path:
    document = copy.deepcopy(WHOLE)
    change(document)
    path = folder / "2026-11-19.json"
    path.write_text(json.dumps(document))
    return path


FAULTS: dict[str, tuple[Change, str]] = {
    "another schema": (lambda d: d.update(schema=2), "has the schema 2; known is 1"),
    "no schema": (lambda d: d.pop("schema"), "has the schema None; known is 1"),
    "a field too many": (lambda d: d.update(extra=1), "is damaged: extra: Extra inputs"),
    "no such day": (lambda d: d.update(date="2026-02-30"), "is damaged: date: Value error, day is"),
    "a week": (lambda d: d.update(date="2026-W47-4"), "date: Value error, 2026-W47-4 is no day"),
    "another zone": (
        lambda d: d["latest"].update(retrieved_at="2026-11-21T01:00:00+01:00"),
        "latest.retrieved_at: Value error, 2026-11-21T01:00:00+01:00 is no time in UTC",
    ),
    "no zone": (
        lambda d: d["first"].update(retrieved_at="2026-11-21T01:00:00"),
        "first.retrieved_at: Value error, 2026-11-21T01:00:00 is no time in UTC",
    ),
    "no time": (
        lambda d: d["revisions"][0].update(as_of="soon"),
        "revisions.0.as_of: Value error, Invalid isoformat string: 'soon'",
    ),
    "no key": (lambda d: d.update(key=[]), "key: List should have at least 1 item"),
    "a row without its key": (
        lambda d: d["rows"][1].pop("model_permaslug"),
        "is damaged: : Value error, a row without its model_permaslug",
    ),
    "a key that is no text": (
        lambda d: d["rows"][1].update(model_permaslug=None),
        "a row without its model_permaslug",
    ),
    "an earlier row without its key": (
        lambda d: d["revisions"][0]["rows"][0].pop("model_permaslug"),
        "a row without its model_permaslug",
    ),
    "half a key": (
        lambda d: d.update(key=["model_permaslug", "metric"]),
        "a row without its model_permaslug and metric",
    ),
    "a row twice": (
        lambda d: d["rows"].append(d["rows"][0]),
        "two rows of one model_permaslug",
    ),
    "an earlier row twice": (
        lambda d: d["relistings"][0]["rows"].append(d["relistings"][0]["rows"][0]),
        "two rows of one model_permaslug",
    ),
    "a row twice by two keys": (
        lambda d: (d.update(key=["date", "model_permaslug"]), d["rows"].append(d["rows"][0])),
        "two rows of one date and model_permaslug",
    ),
    "an added key of two parts": (
        lambda d: d["relistings"][0]["added"].append(["a", "b"]),
        "an added key that is no model_permaslug",
    ),
    "an added key of half": (
        lambda d: (
            d.update(key=["date", "model_permaslug"]),
            d["revisions"][0]["added"].append(["a"]),
        ),
        "an added key that is no date and model_permaslug",
    ),
}


def test_the_whole_file_is_read(tmp_path: Path) -> None:
    snapshot = load(written(tmp_path, lambda d: None))
    assert snapshot.day == dt.date(2026, 11, 19)
    assert snapshot.published.retrieved_at == dt.datetime(2026, 11, 21, 1, tzinfo=dt.UTC)
    assert snapshot.published.as_of == "2026-11-21T00:00:00Z"
    assert snapshot.credit.url == "https://x.example"


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_names_the_file_and_itself(tmp_path: Path, fault: str) -> None:
    change, told = FAULTS[fault]
    path = written(tmp_path, change)
    with pytest.raises(DamagedFile, match=re.escape(told)) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path} ")


def test_what_is_no_json_or_no_object_is_named(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-19.json"
    for body, told in (("{", "it is not whole JSON (at character 1)"), ("[]", "valid dictionary")):
        path.write_text(body)
        with pytest.raises(DamagedFile, match=re.escape(told)) as caught:
            load(path)
        assert str(caught.value).startswith(f"{path} is damaged: ")


def test_a_time_without_a_zone_is_taken_as_utc() -> None:
    noon = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    for text in ("2026-11-20T12:00:00Z", "2026-11-20T12:00:00", "2026-11-20T13:00:00+01:00"):
        assert moment(text) == noon


def at(hour: int, day: int = 20) -> str:
    return f"2026-11-{day}T{hour:02}:00:00Z"


def restated() -> Snapshot:
    """Three versions of a day: 12 with c/d; at 2 o'clock 15, no c/d; at 5 o'clock 18 and e/f."""

    def row(slug: str, tokens: int) -> dict[str, str]:
        return {"date": "2026-11-19", "model_permaslug": slug, "total_tokens": str(tokens)}

    document = copy.deepcopy(WHOLE)
    document |= {
        "first": {"retrieved_at": at(1), "as_of": at(0)},
        "latest": {"retrieved_at": at(5), "as_of": at(4)},
        "rows": [row("a/b", 18), row("e/f", 1)],
        "revisions": [
            {
                "retrieved_at": at(2),
                "as_of": at(1),
                "rows": [row("a/b", 12), row("c/d", 3)],
                "added": [],
            }
        ],
        "relistings": [
            {"retrieved_at": at(5), "as_of": at(4), "rows": [row("a/b", 15)], "added": [["e/f"]]}
        ],
    }
    document["citation"] |= {"text": f"as of {at(4)}", "license": None}
    return Snapshot.model_validate(document)


@pytest.mark.parametrize(
    ("hour", "rows", "retrieved", "revisions", "relistings"),
    [
        (6, {"a/b": "18", "e/f": "1"}, 5, 1, 1),
        (5, {"a/b": "18", "e/f": "1"}, 5, 1, 1),
        (4, {"a/b": "15"}, 2, 1, 0),
        (2, {"a/b": "15"}, 2, 1, 0),
        (1, {"a/b": "12", "c/d": "3"}, 1, 0, 0),
        (0, {"a/b": "12", "c/d": "3"}, 1, 0, 0),
    ],
)
def test_each_version_is_had_again_with_its_time_and_its_credit(
    hour: int, rows: dict[str, str], retrieved: int, revisions: int, relistings: int
) -> None:
    known = restated().as_known(dt.datetime(2026, 11, 20, hour, tzinfo=dt.UTC))
    assert known is not None
    assert {row["model_permaslug"]: row["total_tokens"] for row in known.rows} == rows
    assert known.latest.retrieved_at == at(retrieved)
    assert known.latest.as_of == at(retrieved - 1)
    assert known.citation.text == f"as of {at(retrieved - 1)}"
    assert known.citation.license is None
    assert (len(known.revisions), len(known.relistings)) == (revisions, relistings)


def test_a_day_that_was_not_over_was_not_known() -> None:
    assert restated().as_known(dt.datetime(2026, 11, 19, 23, 59, tzinfo=dt.UTC)) is None
    assert restated().as_known(dt.datetime(2026, 11, 20, tzinfo=dt.UTC)) is not None


def test_a_credit_without_a_stated_time_stays_as_it_is() -> None:
    snapshot = restated()
    for latest, first in ((None, at(0)), (at(4), None)):
        silent = snapshot.model_copy(
            update={
                "latest": snapshot.latest.model_copy(update={"as_of": latest}),
                "first": snapshot.first.model_copy(update={"as_of": first}),
            }
        )
        known = silent.as_known(dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC))
        assert known is not None
        assert known.citation.text == f"as of {at(4)}"
        assert known.latest.as_of == first


def observed(**changes: Any) -> Observation:
    fields: dict[str, Any] = {
        "source": "openrouter",
        "dataset": "rankings-daily",
        "date": dt.date(2026, 11, 19),
        "citation": Citation(text="t", notice="n", url="u", license=None, license_url=None),
        "url": "u",
        "published": Published(retrieved_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC), as_of=None),
        "window": None,
        "key": ("name",),
        "figures": ("tokens",),
        "rows": [{"name": "a", "tokens": "1", "note": "x"}],
    }
    return Observation(**(fields | changes))


def test_a_store_names_its_datasets_in_order(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.datasets("openrouter") == ()
    for dataset in ("b", "a", "c"):
        store.save(observed(dataset=dataset))
    (tmp_path / "openrouter/no-folder").write_text("")
    assert store.datasets("openrouter") == ("a", "b", "c")
    assert store.datasets("vercel") == ()


def test_what_a_killed_run_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    Store(tmp_path).save(observed())
    kept = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    for name in (".x.part", "openrouter/rankings-daily/.2026.part"):
        (tmp_path / name).write_text("half")
    for name in ("x.part", ".hidden", ".x.PART"):
        (tmp_path / name).write_text("whole")
        kept.append(tmp_path / name)
    sweep(tmp_path)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)


def test_only_a_figure_that_changed_is_a_revision(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.save(observed()) == "new"
    assert store.save(observed(rows=[{"name": "a", "tokens": 1, "note": "y"}])) == "unchanged"
    assert store.save(observed(rows=[{"name": "a", "tokens": "2", "note": "x"}])) == "revised"
    assert store.save(observed(figures=(), rows=[{"name": "a", "tokens": 2}])) == "revised"
    assert store.save(observed(figures=(), rows=[{"name": "a", "tokens": 2}])) == "unchanged"
    (held,) = Store(tmp_path).load("openrouter", "rankings-daily").values()
    assert (len(held.revisions), len(held.relistings)) == (2, 0)


def test_a_revision_says_when_what_replaced_it_was_published(tmp_path: Path) -> None:
    later = Published(
        retrieved_at=dt.datetime(2026, 11, 21, 9, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        as_of="2026-11-21T06:00:00Z",
    )
    store = Store(tmp_path)
    store.save(observed())
    store.save(observed(published=later, rows=[{"name": "a", "tokens": "2"}, {"name": "b"}]))
    path = tmp_path / "openrouter/rankings-daily/2026-11-19.json"
    (change,) = load(path).revisions
    assert change.retrieved_at == "2026-11-21T07:00:00Z"
    assert change.as_of == "2026-11-21T06:00:00Z"
    assert change.rows == [{"name": "a", "tokens": "1", "note": "x"}]
    assert change.added == [["b"]]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_number_that_is_none_is_never_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"rows": [{"value": float("nan")}]})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff", "is not UTF-8"),
        (b"[1,]", "is not whole JSON (at character 3)"),
        (b"[" * 65 + b"]" * 65, "is nested deeper than 64 levels"),
        (b"[" * 100_000, "is nested deeper than 64 levels"),
        (b"[NaN]", "holds NaN, which is no JSON number"),
        (b"[1e400]", "holds 1e400, which no number can hold"),
        (b"1" * 41, "holds an integer of 41 digits"),
        (b"-1" + b"0" * 40, "holds an integer of 42 digits"),
        (b'{"a": 1, "b": 2, "b": 3}', "holds the key 'b' twice"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "is nested deeper than 64 levels"),
        (
            b"[1.00000000000000000000001e400]",
            "holds 1.000000000000000000, which no number can hold",
        ),
        (b'{"%b": 1, "%b": 2}' % (b"k" * 70, b"k" * 70), f"holds the key '{'k' * 59} twice"),
        (b'["\\ud800", {"a": 1}]', "holds half a character (a lone surrogate)"),
        (b'["\\ud800", ["x"]]', "holds half a character (a lone surrogate)"),
        (b'{"a": ["x"], "b": {"c": "\\udfff"}}', "holds half a character (a lone surrogate)"),
        (b'[["x"], {"\\ud800": 1}, ["y"]]', "holds half a character (a lone surrogate)"),
        (b'[{"a": "\\ud800"}, ["x"], "y"]', "holds half a character (a lone surrogate)"),
    ],
)
def test_what_is_no_strict_json_is_told_in_words(body: bytes, told: str) -> None:
    with pytest.raises(NotStrictJson, match=f"^{re.escape(told)}( hold)?$"):
        parse_json(body)


@pytest.mark.parametrize(
    "body",
    [b"[" * 64 + b"]" * 64, b"1" * 40, b'"\\ud83d\\ude00"', b"1e308", b'{"a": {"a": 1}}'],
)
def test_what_is_just_within_bounds_is_read(body: bytes) -> None:
    assert parse_json(body) == json.loads(body)
