"""What each source asks, and what it refuses to take for data."""

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leaderboard.http import GatewayError, SourceStopped
from leaderboard.plausibility import require_plausible
from leaderboard.records import OTHERS
from leaderboard.simulator import Simulator, damage, mutated
from leaderboard.snapshots import Store
from leaderboard.sources import openrouter, vercel, zenmux
from tests.fetching import NOW, TODAY, fetch_dataset

Change = Callable[[Any], Any]


def on_row(number: int, **fields: Any) -> Change:
    """Put *fields* into a row of the answer."""

    def change(body: Any) -> None:
        damage.rows(body)[number].update(fields)

    return change


def doubled(body: Any) -> None:
    rows = damage.rows(body)
    rows.append(dict(rows[0]))


def whole_day_too_large(body: Any) -> None:
    rows = damage.rows(body)
    sent = [r for r in rows if (r["date"], r["metric"]) == (rows[0]["date"], rows[0]["metric"])]
    sent[-1]["share_percent"] += 0.6


REFUSED = [
    ("openrouter", "rankings-daily", on_row(4, total_tokens="-5"), "data.4.total_tokens: "),
    ("openrouter", "rankings-daily", on_row(4, total_tokens="1e9"), "data.4.total_tokens: "),
    ("openrouter", "rankings-daily", on_row(4, total_tokens=5), "data.4.total_tokens: "),
    ("openrouter", "rankings-daily", on_row(4, model_permaslug=""), "data.4.model_permaslug: "),
    ("openrouter", "rankings-daily", on_row(0, date="2026-02-30"), "'2026-02-30' is no date"),
    ("openrouter", "rankings-daily", on_row(0, date="2026-01-01"), "outside the asked window"),
    ("openrouter", "rankings-daily", doubled, "stands there twice"),
    ("openrouter", "apps-popular-7d", on_row(2, rank=9), "rank 9 where 3 is due"),
    ("openrouter", "apps-popular-7d", on_row(2, total_requests=-1), "data.2.total_requests"),
    ("openrouter", "apps-popular-7d", doubled, "stands there twice"),
    ("vercel", "models-text", on_row(1, share_percent=100.01), "rows.1.share_percent: "),
    ("vercel", "models-text", on_row(1, share_percent=-0.01), "rows.1.share_percent: "),
    ("vercel", "models-text", on_row(1, share_percent="12"), "rows.1.share_percent: "),
    ("vercel", "models-text", whole_day_too_large, "add up to 100.6"),
    ("vercel", "models-text", on_row(0, date="2025-10-01"), "outside the asked window"),
    ("vercel", "models-text", on_row(0, modality="image"), "rows.0: model image"),
    ("vercel", "labs-all", doubled, "stands there twice"),
    ("vercel", "apps", on_row(0, rank=2), "rank 2 where 1 is due"),
    ("zenmux", "timeseries-tokens", on_row(0, value=-1), "value: "),
    ("zenmux", "timeseries-tokens", on_row(0, value=1.5), "tokens sent as 1.5"),
    ("zenmux", "timeseries-tokens", doubled, "stands there twice"),
    ("zenmux", "leaderboard-cost-7d", on_row(0, value="12"), "entries.0.value"),
    ("zenmux", "leaderboard-cost-7d", on_row(0, rank=3), "rank 3 where 1 is due"),
]


@pytest.mark.parametrize(("source", "dataset", "change", "told"), REFUSED)
def test_what_cannot_be_is_refused_with_row_field_and_value(
    gateways: Simulator, source: str, dataset: str, change: Change, told: str
) -> None:
    gateways.fail(f"/{source}/", mutated(change))
    with pytest.raises(GatewayError) as caught:
        fetch_dataset(gateways.environment, source, dataset)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("source", "dataset"),
    [
        ("openrouter", "rankings-daily"),
        ("openrouter", "apps-popular-30d"),
        ("vercel", "models-text"),
        ("vercel", "providers"),
        ("zenmux", "timeseries-cost"),
        ("zenmux", "leaderboard-tokens-all"),
    ],
)
def test_additions_to_the_contract_are_let_through_and_kept(
    gateways: Simulator, source: str, dataset: str
) -> None:
    gateways.fail(f"/{source}/", mutated(on_row(0, added_later={"yes": True})))
    fetched = fetch_dataset(gateways.environment, source, dataset)
    assert any("added_later" in row for seen in fetched.observations for row in seen.rows)


def test_the_last_complete_day_is_the_newest_asked(gateways: Simulator) -> None:
    for source, dataset in (
        ("openrouter", "rankings-daily"),
        ("vercel", "labs-all"),
        ("zenmux", "market-share-tokens"),
    ):
        fetched = fetch_dataset(gateways.environment, source, dataset)
        assert max(seen.date for seen in fetched.observations) == TODAY - dt.timedelta(days=1)


def test_vercel_is_asked_a_calendar_month_at_a_time(gateways: Simulator) -> None:
    fetched = fetch_dataset(gateways.environment, "vercel", "models-text")
    asked = [(r.query["from"], r.query["to"]) for r in gateways.requests]
    assert asked == [("2026-11-01", "2026-11-19"), ("2026-10-01", "2026-10-31")]
    assert {tuple((s.window or {}).values()) for s in fetched.observations} == set(asked)


def test_where_vercel_refuses_a_range_the_plain_request_serves(gateways: Simulator) -> None:
    from leaderboard.simulator import FAULTS

    gateways.fail(
        "/vercel/api/ai/leaderboard-export?dataset=models&modality=text&from", FAULTS["status-400"]
    )
    fetched = fetch_dataset(gateways.environment, "vercel", "models-text")
    assert max(seen.date for seen in fetched.observations) == TODAY - dt.timedelta(days=1)
    assert {seen.window for seen in fetched.observations} == {None}


def test_another_licence_stops_vercel(gateways: Simulator) -> None:
    gateways.fail("/vercel/", mutated(lambda body: {**body, "license": "CC-BY-NC-4.0"}))
    with pytest.raises(SourceStopped, match=r"'CC-BY-NC-4\.0' where CC-BY-4\.0 is relied on"):
        fetch_dataset(gateways.environment, "vercel", "models-text")


def test_an_app_list_has_both_its_pages(gateways: Simulator) -> None:
    (seen, *_) = fetch_dataset(gateways.environment, "openrouter", "apps-popular-30d").observations
    assert [row["rank"] for row in seen.rows] == list(range(1, 201))


@pytest.mark.parametrize("dataset", ["apps-popular-1d", "apps-popular-7d", "apps-popular-30d"])
def test_all_history_can_be_asked_for_on_any_day(tmp_path: Path, dataset: str) -> None:
    """Its windows end on other days then, or on days already held whole."""
    store = Store(tmp_path)
    with Simulator(today=TODAY + dt.timedelta(days=2)) as gateways:
        for later, backfill in ((0, True), (1, False), (2, True)):
            seen = fetch_dataset(
                gateways.environment,
                "openrouter",
                dataset,
                now=NOW + dt.timedelta(days=later),
                backfill=backfill,
            ).observations
            require_plausible(seen, store.load("openrouter", dataset))
            for observation in seen:
                store.save(observation)
    held = store.load("openrouter", dataset)
    assert len(held) > 12
    assert min(len(snapshot.rows) for snapshot in held.values()) > 150


def test_an_answer_for_another_window_is_refused(gateways: Simulator) -> None:
    def moved(body: Any) -> None:
        body["meta"]["start_date"] = "2026-01-01"

    gateways.fail("/openrouter/", mutated(moved))
    with pytest.raises(GatewayError, match="answered for 2026-01-01"):
        fetch_dataset(gateways.environment, "openrouter", "apps-popular-7d")


def test_a_list_restated_between_its_pages_is_asked_again(gateways: Simulator) -> None:
    def shifted(body: Any) -> None:
        body["data"][0]["app_id"] = body["data"][1]["app_id"]

    gateways.fail("/openrouter/api/v1/datasets/app-rankings", mutated(shifted), times=1)
    (seen, *_) = fetch_dataset(gateways.environment, "openrouter", "apps-popular-30d").observations
    assert len({row["app_id"] for row in seen.rows}) == 200
    assert len(gateways.requests) == 4


def without_key(gateways: Simulator) -> dict[str, str]:
    return {**gateways.environment, "OPENROUTER_API_KEY": "", "ZENMUX_MANAGEMENT_API_KEY": ""}


def test_without_a_key_the_export_gives_the_same_totals(gateways: Simulator) -> None:
    keyed = fetch_dataset(gateways.environment, "openrouter", "rankings-daily").observations
    exported = fetch_dataset(without_key(gateways), "openrouter", "rankings-daily").observations

    def totals(seen: Any) -> dict[tuple[dt.date, str], str]:
        return {(s.date, r["model_permaslug"]): r["total_tokens"] for s in seen for r in s.rows}

    common = totals(keyed).keys() & totals(exported).keys()
    assert len(common) > 29 * 51
    assert all(
        abs(int(totals(keyed)[key]) - int(totals(exported)[key])) <= int(totals(keyed)[key]) // 100
        for key in common
    )
    assert exported[0].citation.text.startswith("Source: OpenRouter (openrouter.ai), licensed")


def test_an_export_that_misses_its_checksum_is_refused(gateways: Simulator) -> None:
    from leaderboard.simulator import Fault

    gateways.fail(
        "/openrouter/api/v1/datasets/exports/rankings-daily/2026-11-20.csv",
        Fault(kind="damage", damage=lambda body: body.replace(b"1", b"2", 1)),
    )
    with pytest.raises(GatewayError, match="does not match its manifest's sha256"):
        fetch_dataset(without_key(gateways), "openrouter", "rankings-daily")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            b"date,model_permaslug,rank,total_tokens\r\n2026-11-19,a/b,1\r\n",
            "line 2: another number",
        ),
        (
            b"date,model_permaslug,rank,total_tokens\r\n2026-11-19,a/b,1,x\r\n",
            "line 2: total_tokens",
        ),
        (b"date,model_permaslug,rank,total_tokens\r\n", "no rows"),
        (b"\xff\xfe", "no CSV in UTF-8"),
    ],
)
def test_an_export_that_is_no_table_is_refused(gateways: Simulator, body: bytes, told: str) -> None:
    from leaderboard.simulator import Fault

    exports = "/openrouter/api/v1/datasets/exports/rankings-daily"
    digest = hashlib.sha256(body).hexdigest()

    def signed(manifest: Any) -> None:
        manifest["files"]["csv"]["sha256"] = digest

    gateways.fail(f"{exports}/2026-11-20.csv", Fault(content_type="text/csv", body=body))
    gateways.fail(f"{exports}/latest.manifest.json", mutated(signed))
    with pytest.raises(GatewayError) as caught:
        fetch_dataset(without_key(gateways), "openrouter", "rankings-daily")
    assert told in str(caught.value)


@pytest.mark.parametrize("source", [openrouter, vercel, zenmux])
def test_what_is_read_is_what_was_sent(gateways: Simulator, source: Any, tmp_path: Any) -> None:
    store = Store(tmp_path)
    for dataset in ("rankings-daily", "labs-all", "timeseries-tokens", "market-share-tokens"):
        try:
            fetched = fetch_dataset(gateways.environment, source.ID, dataset)
        except ValueError:  # not this source's
            continue
        for seen in fetched.observations:
            store.save(seen)
    reading = source.read(Store(tmp_path))
    assert reading.name == source.NAME
    for board in reading.boards:
        for day in board.days:
            sent = store.load(source.ID, day_dataset(source.ID, board.kind)).get(day.date)
            assert sent is not None
            named = [value for value in day.values if value.entity != OTHERS]
            assert {value.entity for value in named} <= set(board.entities)
            assert day.others is not None or source.ID == "vercel" or board.kind == "lab"


def day_dataset(source: str, kind: str) -> str:
    names = {
        ("openrouter", "model"): "rankings-daily",
        ("vercel", "lab"): "labs-all",
        ("zenmux", "model"): "timeseries-tokens",
        ("zenmux", "lab"): "market-share-tokens",
    }
    return names[source, kind]
