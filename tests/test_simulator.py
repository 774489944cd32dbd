"""The simulated gateways keep the documented contracts."""

import csv
import datetime as dt
import hashlib
import io
import itertools
import json
import math
import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openrouter
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openrouter.errors import BadRequestResponseError, UnauthorizedResponseError

from leaderboard.simulator import Simulator, growth, tables
from leaderboard.simulator.routing import OPENROUTER_KEY, ZENMUX_KEY

TODAY = dt.date(2026, 11, 20)
NEWEST = TODAY - dt.timedelta(days=1)
LEADERBOARD = "/vercel/api/ai/leaderboard-export"
RANKINGS = "/openrouter/api/v1/datasets/rankings-daily"
APPS = "/openrouter/api/v1/datasets/app-rankings"
EXPORTS = "/openrouter/api/v1/datasets/exports/"
STATISTICS = "/zenmux/api/v1/management/statistics/"


class Client:
    """Asks one simulator, with its keys."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self._http = httpx.Client(base_url=simulator.base_url, trust_env=False)

    def ask(self, path: str, *, key: str | None = None, **query: Any) -> httpx.Response:
        if key is None:
            key = ZENMUX_KEY if path.startswith("/zenmux/") else OPENROUTER_KEY
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        params = {name.rstrip("_"): str(value) for name, value in query.items()}
        return self._http.get(path, params=params, headers=headers)

    def json(self, path: str, **query: Any) -> Any:
        response = self.ask(path, **query)
        assert response.status_code == 200, response.text
        return response.json()

    def close(self) -> None:
        self._http.close()


def client_of(**settings: Any) -> Iterator[Client]:
    with Simulator(**{"today": TODAY} | settings) as simulator:
        client = Client(simulator)
        yield client
        client.close()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    yield from client_of()


@pytest.fixture(scope="module")
def tomorrow() -> Iterator[Client]:
    yield from client_of(today=TODAY + dt.timedelta(days=1))


def by_day(rows: list[dict[str, Any]]) -> dict[str, list[tuple[str, int]]]:
    days: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        days[row["date"]].append((row["model_permaslug"], int(row["total_tokens"])))
    return days


# OpenRouter


def test_openrouters_own_sdk_reads_the_answers(client: Client) -> None:
    address = client.simulator.environment["OPENROUTER_API_URL"]
    with openrouter.OpenRouter(api_key=OPENROUTER_KEY, server_url=address) as sdk:
        rankings = sdk.datasets.get_rankings_daily(start_date="2026-11-01")
        assert rankings.meta.start_date == "2026-11-01"
        assert rankings.meta.end_date == NEWEST.isoformat()
        assert len(rankings.data) == 19 * 51
        apps = sdk.datasets.get_app_rankings(sort="trending", limit=100, offset=None)
        assert apps is not None
        assert apps.result.data[0].rank == 1
        models = sdk.models.list()
        assert models is not None
        assert len(models.result.data) == models.result.total_count > 100
        with pytest.raises(BadRequestResponseError, match="Invalid request parameters"):
            sdk.datasets.get_rankings_daily(start_date="2026-02-30")
    with (
        openrouter.OpenRouter(api_key="sk-or-v1-another", server_url=address) as sdk,
        pytest.raises(UnauthorizedResponseError),
    ):
        sdk.datasets.get_rankings_daily()


def test_rankings_list_the_top_fifty_and_close_with_the_others(client: Client) -> None:
    rows = client.json(RANKINGS, start_date="2025-11-20", end_date=NEWEST)["data"]
    days = by_day(rows)
    assert list(days) == sorted(days)
    assert len(days) == 365
    for listed in days.values():
        assert len(listed) <= 51
        named = [entry for entry in listed if entry[0] != "other"]
        assert named == sorted(named, key=lambda entry: (-entry[1], entry[0]))
        assert all(tokens > 0 for _, tokens in listed)
        assert ("other" in dict(listed)) == (len(listed) == 51)
        assert listed[-1][0] == "other" or "other" not in dict(listed)
    newest = dict(days[NEWEST.isoformat()])
    assert 10e12 < sum(newest.values()) < 60e12
    assert 0.03 < newest["other"] / sum(newest.values()) < 0.25
    june = [sum(tokens for _, tokens in days[f"2026-06-{day:02d}"]) for day in range(1, 31)]
    assert 4e12 < min(june) <= max(june) < 9e12


def test_early_days_with_few_models_have_no_others(client: Client) -> None:
    rows = client.json(RANKINGS, start_date="2025-01-01", end_date="2025-01-31")["data"]
    assert rows
    assert all(row["model_permaslug"] != "other" for row in rows)


def test_totals_are_decimal_strings_and_the_answer_says_when_it_was_made(client: Client) -> None:
    body = client.json(RANKINGS)
    assert all(row["total_tokens"].isdecimal() for row in body["data"])
    assert body["meta"] == {
        "as_of": "2026-11-20T02:47:31.204Z",
        "version": "v1",
        "start_date": "2026-10-21",
        "end_date": "2026-11-19",
    }


def test_a_start_before_the_floor_is_moved_to_it(client: Client) -> None:
    meta = client.json(RANKINGS, start_date="2024-06-01", end_date="2025-01-05")["meta"]
    assert meta["start_date"] == "2025-01-01"


def test_the_running_day_is_partial(client: Client) -> None:
    days = by_day(client.json(RANKINGS, start_date=NEWEST, end_date="2031-01-01")["data"])
    assert set(days) == {NEWEST.isoformat(), TODAY.isoformat()}
    totals = {day: sum(tokens for _, tokens in listed) for day, listed in days.items()}
    assert totals[TODAY.isoformat()] < totals[NEWEST.isoformat()] / 5


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-02-30"},
        {"start_date": "20261101"},
        {"end_date": "2024-12-31"},
        {"start_date": "2026-11-10", "end_date": "2026-11-01"},
        {"start_date": "2025-11-18", "end_date": "2026-11-19"},
        {"period": "hour"},
        {"category": "gardening"},
        {"category": "legal", "modality": "text"},
        {"category": "legal", "language_type": "natural"},
        {"language_type": "natural", "period": "day"},
    ],
)
def test_rankings_refuse_what_the_contract_refuses(client: Client, query: dict[str, str]) -> None:
    response = client.ask(RANKINGS, **query)
    assert response.status_code == 400
    assert response.json() == {"error": {"code": 400, "message": "Invalid request parameters"}}


def test_a_span_of_366_days_is_allowed(client: Client) -> None:
    assert client.json(RANKINGS, start_date="2025-11-19", end_date="2026-11-19")["data"]


def test_datasets_need_the_key_and_the_catalogue_does_not(client: Client) -> None:
    for path in (RANKINGS, APPS):
        response = client.ask(path, key="")
        assert response.status_code == 401
        assert response.json() == {
            "error": {"code": 401, "message": "Missing Authentication header"}
        }
        assert client.ask(path, key="sk-or-v1-another").status_code == 401
    assert client.ask("/openrouter/api/v1/models", key="").status_code == 200


def test_weeks_and_filters_are_answered(client: Client) -> None:
    window = {"start_date": "2026-10-05", "end_date": "2026-10-18"}
    whole = by_day(client.json(RANKINGS, **window)["data"])
    weeks = by_day(client.json(RANKINGS, **window, period="week")["data"])
    assert list(weeks) == ["2026-10-05", "2026-10-12"]
    total = sum(tokens for listed in whole.values() for _, tokens in listed)
    assert sum(tokens for listed in weeks.values() for _, tokens in listed) == total
    buckets = ("1K", "10K", "100K", "1M", "10M")
    parts = [
        sum(int(row["total_tokens"]) for row in body["data"])
        for bucket in buckets
        if (body := client.json(RANKINGS, **window, context_bucket=bucket))
    ]
    assert math.isclose(sum(parts), total, rel_tol=1e-6)
    sampled = by_day(client.json(RANKINGS, **window, category="programming")["data"])
    assert list(sampled) == ["2026-10-05", "2026-10-12"]
    images = client.json(RANKINGS, **window, modality="image_output")["data"]
    assert 0 < len(images) < 14 * 10


def test_every_listed_permaslug_of_the_month_is_in_the_catalogue(client: Client) -> None:
    models = client.json("/openrouter/api/v1/models", output_modalities="all")["data"]
    known = {model["canonical_slug"] for model in models}
    listed = {row["model_permaslug"] for row in client.json(RANKINGS)["data"]} - {"other"}
    assert {slug.partition(":")[0] for slug in listed} <= known


def test_the_catalogue_writes_what_the_gateway_writes(client: Client) -> None:
    models = {m["id"]: m for m in client.json("/openrouter/api/v1/models")["data"]}
    opus = models["anthropic/claude-opus-4.8"]
    assert opus["name"] == "Anthropic: Claude Opus 4.8"
    assert opus["canonical_slug"] == "anthropic/claude-4.8-opus-20260528"
    assert opus["pricing"] == {"prompt": "0.000005", "completion": "0.000025"}
    assert models["anthropic/claude-opus-5"]["name"] == "Claude Opus 5"
    free = models["nvidia/nemotron-3-ultra-550b-a55b:free"]
    paid = models["nvidia/nemotron-3-ultra-550b-a55b"]
    assert free["canonical_slug"] == paid["canonical_slug"]
    assert models["~anthropic/claude-opus-latest"]["alias_target"]["slug"] == (
        "anthropic/claude-opus-5.5"
    )
    assert "openrouter/owl-alpha" not in models
    everything = client.json("/openrouter/api/v1/models", output_modalities="all")["data"]
    assert len(everything) > len(models)
    page = client.json("/openrouter/api/v1/models", limit=10, offset=5)
    assert len(page["data"]) == 10
    assert client.ask("/openrouter/api/v1/models", limit=0).status_code == 400


def test_app_ranks_run_on_over_both_pages(client: Client) -> None:
    pages = [client.json(APPS, limit=100, offset=offset)["data"] for offset in (0, 100)]
    rows = pages[0] + pages[1]
    assert [row["rank"] for row in rows] == list(range(1, 201))
    tokens = [int(row["total_tokens"]) for row in rows]
    assert tokens == sorted(tokens, reverse=True)
    assert len({row["app_id"] for row in rows}) == 200
    names = {row["app_name"] for row in rows}
    assert {"<b>Bold Writer</b>", "🦊🔥", "=cmd|'/C calc'!A0"} <= names
    assert max(map(len, names)) > 200
    assert max(Counter(row["app_name"] for row in rows).values()) > 1  # names are not keys


def test_categories_are_renumbered_and_hold_their_subcategories(client: Client) -> None:
    for category, subcategories in tables.CATEGORIES.items():
        pages = [
            client.json(APPS, category=category, limit=100, offset=offset)["data"]
            for offset in (0, 100)
        ]
        whole = pages[0] + pages[1]
        assert [row["rank"] for row in whole] == list(range(1, len(whole) + 1))
        members = {row["app_id"] for row in whole}
        for name in subcategories:
            rows = client.json(APPS, category=category, subcategory=name, limit=100)["data"]
            assert rows
            assert rows == client.json(APPS, subcategory=name, limit=100)["data"]
            assert {row["app_id"] for row in rows} <= members


def test_trending_is_the_excess_over_three_windows_before(client: Client) -> None:
    volumes: list[dict[int, int]] = []
    for back in range(4):
        end = NEWEST - dt.timedelta(days=7 * back)
        window = {"start_date": end - dt.timedelta(days=6), "end_date": end}
        rows = [
            row
            for offset in (0, 100)
            for row in client.json(APPS, **window, limit=100, offset=offset)["data"]
        ]
        volumes.append({row["app_id"]: int(row["total_tokens"]) for row in rows})
    window = {"start_date": NEWEST - dt.timedelta(days=6), "end_date": NEWEST}
    trending = client.json(APPS, **window, sort="trending", limit=30)["data"]
    assert [row["rank"] for row in trending] == list(range(1, 31))
    excess = [
        volumes[0][row["app_id"]]
        - sum(volumes[back].get(row["app_id"], 0) for back in (1, 2, 3)) / 3
        for row in trending
    ]
    assert excess == sorted(excess, reverse=True)
    assert all(value > 0 for value in excess)
    for row in trending:
        assert int(row["total_tokens"]) == volumes[0][row["app_id"]]


@pytest.mark.parametrize(
    "query",
    [
        {"category": "coding", "subcategory": "roleplay"},
        {"category": "cooking"},
        {"subcategory": "cooking"},
        {"sort": "new"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "ten"},
        {"offset": "101"},
        {"offset": "-1"},
        {"start_date": "2026-13-01"},
    ],
)
def test_apps_refuse_what_the_contract_refuses(client: Client, query: dict[str, str]) -> None:
    assert client.ask(APPS, **query).status_code == 400


def test_the_export_matches_its_manifest_and_the_api(client: Client) -> None:
    index = client.json(f"{EXPORTS}index.json", key="")
    (dataset,) = index["datasets"]
    manifest = httpx.get(dataset["latest_manifest_url"], trust_env=False).json()
    assert manifest["snapshot_date"] == TODAY.isoformat()
    for form in ("csv", "json"):
        file = manifest["files"][form]
        body = httpx.get(file["url"], trust_env=False).content
        assert len(body) == file["bytes"]
        assert hashlib.sha256(body).hexdigest() == file["sha256"]
        assert body == client.ask(f"{EXPORTS}rankings-daily/latest.{form}", key="").content
    text = client.ask(f"{EXPORTS}rankings-daily/{TODAY}.csv", key="").text
    assert text.startswith("date,model_permaslug,rank,total_tokens,share_of_daily_tokens\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == manifest["row_count"] == 30 * 51
    fields = ("date", "model_permaslug", "total_tokens")
    assert [{field: row[field] for field in fields} for row in rows] == client.json(RANKINGS)[
        "data"
    ]
    newest = [row for row in rows if row["date"] == NEWEST.isoformat()]
    assert [row["rank"] for row in newest] == [*map(str, range(1, 51)), ""]
    shares = [float(row["share_of_daily_tokens"]) for row in newest]
    assert math.isclose(math.fsum(shares), 1)


def test_a_missing_export_says_so(client: Client) -> None:
    for name in ("rankings-daily/2019-01-01.csv", "rankings-daily/2026-11-21.json", "other.json"):
        response = client.ask(EXPORTS + name, key="")
        assert response.status_code == 404
        assert response.json() == {"error": {"message": "Export not found", "code": 404}}


def test_openrouter_restates_its_last_days_a_little(client: Client, tomorrow: Client) -> None:
    window = {"start_date": "2026-10-01", "end_date": NEWEST}
    first = by_day(client.json(RANKINGS, **window)["data"])
    second = by_day(tomorrow.json(RANKINGS, **window)["data"])
    changed = {day for day in first if dict(first[day]) != dict(second[day])}
    assert NEWEST.isoformat() in changed
    assert len(changed) < 8
    for day in changed:
        after = dict(second[day])
        for slug, tokens in first[day]:
            if slug in after and slug != "other":
                assert abs(after[slug] / tokens - 1) <= 4e-4


def test_past_days_do_not_depend_on_the_day_they_are_asked(
    client: Client, tomorrow: Client
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        (RANKINGS, {"start_date": "2026-09-01", "end_date": "2026-10-31"}),
        (APPS, {"start_date": "2026-09-01", "end_date": "2026-10-31", "limit": 100}),
        (LEADERBOARD, {"from_": "2026-10-01", "to": "2026-11-17", "modality": "all"}),
        (
            STATISTICS + "timeseries",
            {
                "metric": "cost",
                "bucket_width": "1d",
                "starting_at": "2026-10-01",
                "ending_at": NEWEST,
                "limit": 50,
            },
        ),
    ]
    for path, query in asked:
        ours, theirs = client.json(path, **query), tomorrow.json(path, **query)
        ours.pop("meta", None)
        theirs.pop("meta", None)
        assert ours == theirs


def test_another_seed_is_another_world(client: Client) -> None:
    for other in client_of(seed=2):
        assert other.json(RANKINGS)["data"] != client.json(RANKINGS)["data"]
    for same in client_of(seed=1):
        assert same.ask(RANKINGS).content == client.ask(RANKINGS).content


# Vercel


def test_vercel_shares_add_up_to_the_fourth_decimal(client: Client) -> None:
    for dataset, modality in itertools.product(
        ("models", "labs"), ("all", "text", "image", "video")
    ):
        body = client.json(
            LEADERBOARD, dataset=dataset, modality=modality, from_="2026-10-01", to="2026-10-31"
        )
        units: Counter[tuple[str, str]] = Counter()
        for row in body["rows"]:
            assert row["modality"] == modality
            assert row["group"] == dataset.removesuffix("s")
            assert 0 <= row["share_percent"] <= 100
            units[row["date"], row["metric"]] += round(row["share_percent"] * 10_000)
        assert set(units.values()) == {1_000_000}
        assert len({date for date, _ in units}) == 31
        metrics = {metric for _, metric in units}
        assert metrics == {
            "image": {"imageCount", "requests", "spend"},
            "video": {"requests", "spend", "videoCount"},
        }.get(modality, {"requests", "spend", "tokens"})


def test_vercel_echoes_a_range_and_only_then(client: Client) -> None:
    ranged = client.json(LEADERBOARD, dataset="labs", from_="2026-11-01", to="2027-01-01")
    rows = ranged.pop("rows")
    assert ranged == {
        "dataset": "labs",
        "modality": "all",
        "from": "2026-11-01",
        "to": TODAY.isoformat(),
        "earliest_available_date": "2025-10-01",
        "license": "CC-BY-4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert rows[-1]["date"] == TODAY.isoformat()  # the running day is returned
    plain = client.json(LEADERBOARD)
    assert "from" not in plain
    assert len({row["date"] for row in plain["rows"]}) == 61


def test_vercel_orders_rows_by_day_metric_and_share(client: Client) -> None:
    rows = client.json(LEADERBOARD, modality="text", from_="2026-03-01", to="2026-03-31")["rows"]
    order = [(row["date"], row["metric"], -row["share_percent"], row["name"]) for row in rows]
    assert order == sorted(order)
    firsts = {
        next(group)["name"]
        for _, group in itertools.groupby(rows, lambda r: (r["date"], r["metric"]))
    }
    assert "Other" in firsts  # sorted by its share like any other row


def test_vercels_models_are_the_top_of_the_asked_window(client: Client) -> None:
    def shares(start: str, end: str) -> dict[tuple[str, str, str], float]:
        rows = client.json(LEADERBOARD, modality="text", from_=start, to=end)["rows"]
        return {(row["date"], row["metric"], row["name"]): row["share_percent"] for row in rows}

    month, year = shares("2026-09-01", "2026-09-30"), shares("2025-11-01", "2026-10-31")
    for metric in ("requests", "spend", "tokens"):
        names = {name for _, each, name in month if each == metric}
        assert len(names - {"Other"}) <= 9
        assert names != {name for date, each, name in year if each == metric}
    common = [key for key in month if key in year and key[2] != "Other"]
    assert common
    assert all(month[key] == year[key] for key in common)


def test_vercels_lists_rank_by_two_measures(client: Client) -> None:
    for dataset in ("apps", "providers"):
        rows = client.json(LEADERBOARD, dataset=dataset)["rows"]
        lists = {
            ranked_by: [row for row in rows if row["ranked_by"] == ranked_by]
            for ranked_by in ("Token Volume", "Spend")
        }
        for entries in lists.values():
            assert [row["rank"] for row in entries] == list(range(1, len(entries) + 1))
        volume, spend = ([row["name"] for row in entries] for entries in lists.values())
        assert sorted(volume) == sorted(spend)
        assert volume != spend
        assert all(set(row) == {"rank", "name", "ranked_by", "url", "description"} for row in rows)


def test_vercels_csv_ends_with_the_notice(client: Client) -> None:
    response = client.ask(LEADERBOARD, dataset="labs", format="csv", from_="2026-11-01")
    assert response.headers["content-type"].startswith("text/csv")
    assert "\r" not in response.text
    lines = list(csv.reader(io.StringIO(response.text)))
    assert lines[0] == ["date", "group", "name", "metric", "modality", "share_percent"]
    assert lines[-1][0].startswith('© 2026 Vercel. "AI Gateway Leaderboard Data" is licensed')
    rows = client.json(LEADERBOARD, dataset="labs", from_="2026-11-01")["rows"]
    assert lines[1:-1] == [[str(value) for value in row.values()] for row in rows]


@pytest.mark.parametrize(
    "query",
    [
        {"from_": "2025-09-30"},
        {"to": "2026-11-01"},
        {"from_": "2026-11-02", "to": "2026-11-01"},
        {"from_": "2026-02-30"},
        {"from_": "2027-01-01"},
        {"dataset": "apps", "from_": "2026-11-01"},
        {"dataset": "providers", "to": "2026-11-01"},
        {"dataset": "routers"},
        {"modality": "audio"},
        {"format": "xml"},
    ],
)
def test_vercel_refuses_with_plain_words(client: Client, query: dict[str, str]) -> None:
    response = client.ask(LEADERBOARD, **query)
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text


def test_a_vercel_day_still_moves_until_two_days_later(client: Client, tomorrow: Client) -> None:
    def shares(asked: Client, day: dt.date) -> Any:
        return asked.json(LEADERBOARD, dataset="labs", from_=day, to=day)["rows"]

    assert shares(client, NEWEST) != shares(tomorrow, NEWEST)
    final = NEWEST - dt.timedelta(days=1)
    assert shares(client, final) == shares(tomorrow, final)


def test_vercel_names_join_its_catalogue_unless_retired(client: Client) -> None:
    catalogue = client.json("/vercel/v1/models", key="")["data"]
    names = {model["name"] for model in catalogue}
    listed = set()
    for month in ("2025-10", "2026-01", "2026-03", "2026-06", "2026-09", "2026-11"):
        for modality in ("text", "all"):
            window = {"from_": f"{month}-01", "to": f"{month}-28"}
            rows = client.json(LEADERBOARD, modality=modality, **window)["rows"]
            listed |= {row["name"] for row in rows} - {"Other"}
    retired = {name for name in listed if "/" in name}
    assert {"anthropic/claude-3.7-sonnet", "google/gemini-3-pro-preview"} <= retired
    assert listed - retired <= names
    assert not retired & names
    assert {"Grok 4.1 Fast Non-Reasoning", "Claude Opus 4.8", "Gemini 3 Flash"} <= listed


# ZenMux


def test_zenmux_closes_the_list_with_the_others(client: Client) -> None:
    window = {"starting_at": "2026-06-01", "ending_at": "2026-06-30"}
    for metric, kind in (("tokens", int), ("cost", float)):
        body = client.json(STATISTICS + "leaderboard", metric=metric, limit=50, **window)
        assert body["success"] is True
        data = body["data"]
        entries = data.pop("entries")
        assert data == {"metric": metric, **window}
        assert [entry["rank"] for entry in entries] == list(range(1, 52))
        assert entries[-1]["model"] == "__others__"
        assert (entries[-1]["author"], entries[-1]["author_label"]) == ("", "")
        values = [entry["value"] for entry in entries]
        assert all(type(value) is kind for value in values)
        assert values[:-1] == sorted(values[:-1], reverse=True)
        ten = client.json(STATISTICS + "leaderboard", metric=metric, **window)["data"]["entries"]
        assert ten[:10] == entries[:10]
        assert ten[10]["rank"] == 11
        assert math.isclose(sum(e["value"] for e in ten), sum(values), rel_tol=1e-9)


def test_zenmux_days_add_up_to_its_leaderboard(client: Client) -> None:
    window = {"starting_at": "2026-09-21", "ending_at": NEWEST, "metric": "tokens", "limit": 50}
    total = sum(
        entry["value"]
        for entry in client.json(STATISTICS + "leaderboard", **window)["data"]["entries"]
    )
    for path, key in (("timeseries", "models"), ("market_share", "authors")):
        data = client.json(STATISTICS + path, bucket_width="1d", **window)["data"]
        assert data["total_buckets"] == len(data["series"]) == 60
        assert data["series"][0]["period"] == "20260921"
        values = [entry["value"] for point in data["series"] for entry in point[key]]
        assert sum(values) == total
    labs = client.json(STATISTICS + "market_share", bucket_width="1d", **window)["data"]["series"]
    assert labs[-1]["authors"][0].keys() == {"author", "label", "value"}


def test_zenmux_weeks_begin_on_mondays(client: Client) -> None:
    data = client.json(
        STATISTICS + "timeseries",
        metric="tokens",
        bucket_width="1w",
        starting_at="2025-12-31",
        ending_at="2026-01-15",
    )["data"]
    assert (data["starting_at"], data["ending_at"]) == ("2025-12-29", "2026-01-12")
    assert [point["period"] for point in data["series"]] == ["202601", "202602", "202603"]


def test_zenmux_has_no_running_day(client: Client) -> None:
    data = client.json(STATISTICS + "timeseries", metric="tokens", bucket_width="1d")["data"]
    assert data["ending_at"] == TODAY.isoformat()
    assert data["starting_at"] == "2026-10-24"
    assert data["series"][-1]["date"] == NEWEST.isoformat()


def test_zenmux_gave_one_slug_to_another_model(client: Client) -> None:
    def labels(start: str, end: str) -> list[str]:
        data = client.json(
            STATISTICS + "timeseries",
            metric="tokens",
            bucket_width="1d",
            starting_at=start,
            ending_at=end,
            limit=50,
        )["data"]
        return [
            entry["label"]
            for point in data["series"]
            for entry in point["models"]
            if entry["model"] == "deepseek/deepseek-v4-flash"
        ]

    assert set(labels("2026-07-01", "2026-07-30")) == {"DeepSeek V4 Flash"}
    assert set(labels("2026-07-31", "2026-08-20")) == {"DeepSeek V4 Flash 0731"}
    catalogue = client.json("/zenmux/api/v1/models", key="")["data"]
    names = {model["id"]: model["display_name"] for model in catalogue}
    assert names["deepseek/deepseek-v4-flash"] == "DeepSeek: DeepSeek V4 Flash 0731"
    assert names["z-ai/glm-5.2"] == "Z.AI: GLM 5.2"
    assert "deepseek/deepseek-chat" not in names
    assert len(names) == len(catalogue)


def test_zenmux_tells_one_models_days(client: Client) -> None:
    window = {"starting_at": "2026-11-01", "ending_at": "2026-11-10", "metric": "tokens"}
    data = client.json(STATISTICS + "model_usage", model="z-ai/glm-5.2", **window)["data"]
    assert data["label"] == "GLM 5.2"
    assert len(data["series"]) == 10
    assert data["value"] == sum(point["value"] for point in data["series"])


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("leaderboard", {}),
        ("leaderboard", {"metric": "requests"}),
        ("leaderboard", {"metric": "tokens", "limit": "51"}),
        ("leaderboard", {"metric": "tokens", "starting_at": "2026-06-31"}),
        (
            "leaderboard",
            {"metric": "tokens", "starting_at": "2026-06-02", "ending_at": "2026-06-01"},
        ),
        ("timeseries", {"metric": "tokens"}),
        ("timeseries", {"metric": "tokens", "bucket_width": "1m"}),
        (
            "timeseries",
            {
                "metric": "tokens",
                "bucket_width": "1d",
                "starting_at": "2026-09-20",
                "ending_at": "2026-11-19",
            },
        ),
        ("market_share", {"metric": "cost", "bucket_width": "1d", "ending_at": "2025-01-01"}),
        ("model_usage", {"metric": "tokens", "model": "z-ai/glm-5.2"}),
        (
            "model_usage",
            {
                "metric": "tokens",
                "model": "z-ai/glm-5.2",
                "starting_at": "2026-10-01",
                "ending_at": "2026-11-01",
            },
        ),
    ],
)
def test_zenmux_refuses_what_the_contract_refuses(
    client: Client, path: str, query: dict[str, str]
) -> None:
    response = client.ask(STATISTICS + path, **query)
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["code"], error["type"]) == ("400", "invalid_params")


def test_zenmux_wants_its_management_key(client: Client) -> None:
    assert client.ask(STATISTICS + "leaderboard", key="", metric="tokens").status_code == 401
    response = client.ask(STATISTICS + "leaderboard", key="sk-ai-v1-standard", metric="tokens")
    assert response.status_code == 403
    assert response.json() == {
        "error": {
            "code": "403",
            "type": "access_denied",
            "message": "You have no permission to access this resource",
        }
    }


# The server


def test_limits_are_kept_where_they_are_set() -> None:
    for client in client_of(limits={"zenmux": 2, "openrouter": 3}):
        asked = [client.ask(STATISTICS + "leaderboard", metric="tokens") for _ in range(3)]
        assert [response.status_code for response in asked] == [200, 200, 422]
        assert asked[-1].json()["error"]["type"] == "rate_limit"
        other = client.ask(STATISTICS + "timeseries", metric="tokens", bucket_width="1d")
        assert other.status_code == 200  # each endpoint has a counter of its own
        statuses = [client.ask(path).status_code for path in (APPS, RANKINGS, APPS, RANKINGS)]
        assert statuses == [200, 200, 200, 429]
        client.simulator.clear()
        assert client.ask(RANKINGS).status_code == 200


def test_unknown_paths_and_methods_are_refused(client: Client) -> None:
    for path in ("/", "/openrouter/api/v1/chat", "/zenmux/api/v1/models/x", "/vercel/v1"):
        assert client.ask(path).status_code == 404
    assert (
        httpx.post(client.simulator.base_url + RANKINGS, trust_env=False, json={}).status_code
        == 405
    )


def test_requests_are_logged_with_their_headers() -> None:
    for client in client_of():
        client.ask(RANKINGS, start_date="2026-11-01")
        (request,) = client.simulator.requests
        assert (request.method, request.path) == ("GET", RANKINGS)
        assert request.query == {"start_date": "2026-11-01"}
        assert request.headers["authorization"] == f"Bearer {OPENROUTER_KEY}"


def test_the_simulator_must_be_entered_before_use() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = Simulator(today=TODAY).base_url
    with pytest.raises(ValueError, match="begins on 2025-01-01"):
        Simulator(today=dt.date(2024, 1, 1))


def test_the_command_prints_the_environment_and_serves_until_interrupted() -> None:
    command = [sys.executable, "-m", "leaderboard.simulator", "--today", "2026-11-20"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(6)]
        variables = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        address = variables["OPENROUTER_API_URL"]
        assert httpx.get(f"{address}/models", trust_env=False).status_code == 200
        os.kill(process.pid, signal.SIGINT)
        try:
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()
    assert set(variables) == {
        "VERCEL_LEADERBOARD_URL",
        "VERCEL_CATALOG_URL",
        "OPENROUTER_API_URL",
        "OPENROUTER_API_KEY",
        "ZENMUX_API_URL",
        "ZENMUX_MANAGEMENT_API_KEY",
    }


@given(st.lists(st.floats(min_value=0, max_value=1e12), min_size=1, max_size=60))
@settings(max_examples=60)
def test_rounded_parts_add_up(weights: list[float]) -> None:
    parts = growth.parts(weights, 1_000_000)
    total = math.fsum(weights)
    assert sum(parts) == (1_000_000 if total else 0)
    for weight, part in zip(weights, parts, strict=True):
        assert not total or abs(part - weight / total * 1_000_000) <= 1 + 1e-6


def test_the_tables_hold_together() -> None:
    models = tables.models()
    assert len(models) > 130
    assert len({model.lab.author for model in models}) > 30
    slugs = [model.openrouter for model in models if model.openrouter]
    assert len(slugs) == len(set(slugs))
    permaslugs = [model.permaslug for model in models if model.openrouter]
    assert len(permaslugs) == len(set(permaslugs))
    names = [model.vercel for model in models if model.vercel]
    assert len(names) == len(set(names))
    assert len({app.app_id for app in tables.apps()}) == len(tables.apps()) > 220
    assert json.dumps([app.name for app in tables.apps()])
