"""Recorded answers are served in the place of the simulated world."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from leaderboard.simulator import Simulator

REAL = Path(__file__).parents[2] / "shared" / "real"
RANKINGS = "/openrouter/api/v1/datasets/rankings-daily"
APPS = "/openrouter/api/v1/datasets/app-rankings"
EXPORTS = "/openrouter/api/v1/datasets/exports/"
LEADERBOARD = "/vercel/api/ai/leaderboard-export"
STATISTICS = "/zenmux/api/v1/management/statistics/"


def ask(simulator: Simulator, path: str, **query: Any) -> httpx.Response:
    name = "ZENMUX_MANAGEMENT_API_KEY" if path.startswith("/zenmux") else "OPENROUTER_API_KEY"
    return httpx.get(
        simulator.base_url + path,
        params={key.rstrip("_"): str(value) for key, value in query.items()},
        headers={"Authorization": f"Bearer {simulator.environment[name]}"},
        trust_env=False,
        verify=False,  # loopback has no TLS; spares loading certificates on every call
    )


def write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def ranked(date: str, tokens: int) -> dict[str, str]:
    return {"date": date, "model_permaslug": "a/b-20260101", "total_tokens": str(tokens)}


def rankings(as_of: str, *rows: dict[str, str]) -> dict[str, Any]:
    dates = [row["date"] for row in rows]
    window = {"start_date": min(dates), "end_date": max(dates)}
    return {"data": list(rows), "meta": {"as_of": as_of, "version": "v1", **window}}


def shared(date: str, name: str, modality: str, share: float) -> dict[str, Any]:
    return {
        "date": date,
        "group": "lab",
        "name": name,
        "metric": "tokens",
        "modality": modality,
        "share_percent": share,
    }


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """Make recordings whose names and days are unlike any that are known."""
    of_openrouter, of_vercel, of_zenmux = (
        tmp_path / name for name in ("openrouter", "vercel", "zenmux")
    )
    late, early = "2027-03-09T01:00:00.000Z", "2027-03-05T01:00:00.000Z"
    write(
        of_openrouter / "rankings-daily_march-again.json",
        rankings(late, ranked("2027-03-02", 22), ranked("2027-03-03", 33)),
    )
    write(
        of_openrouter / "rankings-daily_zz.json",
        rankings(early, ranked("2027-03-01", 1), ranked("2027-03-02", 2)),
    )
    window = {"version": "v1", "start_date": "2027-02-25", "end_date": "2027-03-03"}
    for name, apps in (
        ("app-rankings_popular_2027-03-03", (1, 2, 3)),
        ("app-rankings_popular_2027-03-03_page2", (101,)),
        ("app-rankings_trending_coding-cli-agent_2027-03-03", (2,)),
    ):
        rows = [
            {
                "rank": rank,
                "app_id": rank,
                "app_name": f"App {rank}",
                "total_tokens": "5",
                "total_requests": 1,
            }
            for rank in apps
        ]
        write(of_openrouter / f"{name}.json", {"data": rows, "meta": {"as_of": late, **window}})
    write(of_openrouter / "models_2027-03-01.json", {"data": [{"id": "old"}]})
    write(of_openrouter / "models_2027-03-04.json", {"data": [{"id": "new"}]})
    write(of_openrouter / "models_2028-01-01.json", {"data": [{"id": "later"}]})
    rows = [shared("2027-03-01", "zai", "all", 60), shared("2027-03-01", "openai", "text", 70)]
    write(of_vercel / "labs_2027-03-01.json", {"fetched_at": "2027-03-02", "rows": rows})
    rows = [shared("2027-03-02", "zai", "all", 61)]
    write(of_vercel / "labs_all_x.json", {"fetched_at": "2027-03-03", "rows": rows})
    write(of_vercel / "apps_2027-03-02.json", {"rows": [{"rank": 1, "name": "v0"}]})
    entries = [
        {"rank": 1, "model": "a/b", "label": "B", "author": "a", "author_label": "A", "value": 9},
        {"rank": 2, "model": "a/c", "label": "C", "author": "a", "author_label": "A", "value": 4},
        {
            "rank": 3,
            "model": "__others__",
            "label": "Others",
            "author": "",
            "author_label": "",
            "value": 1,
        },
    ]
    days = {"starting_at": "2027-02-01", "ending_at": "2027-02-28", "metric": "tokens"}
    write(
        of_zenmux / "leaderboard_tokens_feb.json",
        {"success": True, "data": {**days, "entries": entries}},
    )
    points = [
        {
            "period": f"202702{day:02d}",
            "date": f"2027-02-{day:02d}",
            "authors": [{"author": "a", "label": "A", "value": day}],
        }
        for day in (1, 2, 3)
    ]
    body = {**days, "bucket_width": "1d", "total_buckets": 3, "series": points}
    write(of_zenmux / "market_share_tokens_feb.json", {"success": True, "data": body})
    return tmp_path


@pytest.fixture
def simulator(recorded: Path) -> Iterator[Simulator]:
    with Simulator(today=dt.date(2027, 3, 4), replay=recorded) as running:
        yield running


def test_days_of_all_recordings_are_merged_and_the_later_speaks(simulator: Simulator) -> None:
    body = ask(simulator, RANKINGS, start_date="2027-02-20", end_date="2027-03-02").json()
    assert [row["total_tokens"] for row in body["data"]] == ["1", "22"]
    assert body["meta"] == {
        "as_of": "2027-03-09T01:00:00.000Z",
        "version": "v1",
        "start_date": "2027-02-20",
        "end_date": "2027-03-02",
    }
    first = ask(simulator, RANKINGS, start_date="2027-03-01", end_date="2027-03-01").json()
    assert first["meta"]["as_of"] == "2027-03-05T01:00:00.000Z"


def test_what_was_not_recorded_is_refused_as_documented(simulator: Simulator) -> None:
    response = ask(simulator, RANKINGS, start_date="2027-01-01", end_date="2027-01-31")
    assert response.status_code == 400
    assert response.json() == {"error": {"code": 400, "message": "Invalid request parameters"}}
    assert ask(simulator, RANKINGS, category="legal").status_code == 400
    assert ask(simulator, APPS, category="creative").status_code == 404
    assert ask(simulator, EXPORTS + "index.json").json()["error"]["message"] == "Export not found"
    assert ask(simulator, LEADERBOARD, dataset="providers").status_code == 400
    assert ask(simulator, "/vercel/v1/models").status_code == 404
    response = ask(simulator, STATISTICS + "leaderboard", metric="cost")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "404"
    assert ask(simulator, "/zenmux/api/v1/models").status_code == 404


def test_keys_and_parameters_are_checked_all_the_same(simulator: Simulator) -> None:
    assert httpx.get(simulator.base_url + RANKINGS, trust_env=False).status_code == 401
    assert ask(simulator, RANKINGS, start_date="2027-02-30").status_code == 400
    assert ask(simulator, LEADERBOARD, to="2027-03-01").status_code == 400


def test_app_lists_are_served_for_their_window_sort_and_tag(simulator: Simulator) -> None:
    window = {"start_date": "2027-02-25", "end_date": "2027-03-03"}

    def ranks(**query: Any) -> list[int]:
        return [row["rank"] for row in ask(simulator, APPS, **window, **query).json()["data"]]

    assert ranks(limit=100) == [1, 2, 3]
    assert ranks(limit=100, offset=100) == [101]
    assert ranks(limit=2, offset=1) == [2, 3]
    assert ranks(sort="trending", category="coding", subcategory="cli-agent") == [2]
    assert ask(simulator, APPS, **window, sort="trending").status_code == 404
    assert ask(simulator, APPS, start_date="2027-02-24", end_date="2027-03-03").status_code == 404


def test_the_newest_catalogue_known_by_then_is_served(simulator: Simulator) -> None:
    assert ask(simulator, "/openrouter/api/v1/models").json() == {"data": [{"id": "new"}]}


def test_vercel_rows_are_filed_by_their_own_days_and_modality(simulator: Simulator) -> None:
    body = ask(simulator, LEADERBOARD, dataset="labs", from_="2027-03-02").json()
    assert body["license"] == "CC-BY-4.0"
    assert [row["share_percent"] for row in body["rows"]] == [61]
    text = ask(simulator, LEADERBOARD, dataset="labs", modality="text").json()
    assert [row["name"] for row in text["rows"]] == ["openai"]
    outside = {"from_": "2027-01-01", "to": "2027-01-31"}
    assert ask(simulator, LEADERBOARD, dataset="labs", **outside).status_code == 400
    assert len(ask(simulator, LEADERBOARD, dataset="labs").json()["rows"]) == 2
    assert ask(simulator, LEADERBOARD, dataset="apps").json()["rows"] == [{"rank": 1, "name": "v0"}]


def test_zenmux_lists_are_cut_and_series_filtered(simulator: Simulator) -> None:
    window = {"metric": "tokens", "starting_at": "2027-02-01", "ending_at": "2027-02-28"}
    whole = ask(simulator, STATISTICS + "leaderboard", limit=50, **window).json()["data"]
    assert [entry["value"] for entry in whole["entries"]] == [9, 4, 1]
    one = ask(simulator, STATISTICS + "leaderboard", limit=1, **window).json()["data"]["entries"]
    assert [(entry["rank"], entry["model"], entry["value"]) for entry in one] == [
        (1, "a/b", 9),
        (2, "__others__", 5),
    ]
    days = {"metric": "tokens", "bucket_width": "1d", "starting_at": "2027-02-02"}
    series = ask(simulator, STATISTICS + "market_share", **days, ending_at="2027-02-20").json()
    assert [point["date"] for point in series["data"]["series"]] == ["2027-02-02", "2027-02-03"]
    assert ask(simulator, STATISTICS + "timeseries", **days).status_code == 404


def test_a_damaged_recording_is_named(recorded: Path) -> None:
    (recorded / "zenmux" / "leaderboard_cut.json").write_text('{"data": ')
    with pytest.raises(ValueError, match=r"leaderboard_cut\.json is no recorded JSON answer"):
        Simulator(today=dt.date(2027, 3, 4), replay=recorded)


# The real recordings, where they are at hand


@pytest.fixture(scope="module")
def real() -> Iterator[Simulator]:
    if not REAL.exists():
        pytest.skip("no real recordings beside the project")
    with Simulator(today=dt.date(2026, 7, 1), replay=REAL) as running:
        yield running


def body_of(name: str) -> Any:
    return json.loads((REAL / name).read_bytes())


def test_real_rankings_come_back_row_by_row(real: Simulator) -> None:
    asked = {"start_date": "2026-06-01", "end_date": "2026-06-30"}
    recorded = body_of("openrouter/rankings-daily_2026-06-01_2026-06-30.json")
    assert ask(real, RANKINGS, **asked).json() == recorded
    day = ask(real, RANKINGS, start_date="2026-06-30", end_date="2026-06-30").json()["data"]
    assert day == [row for row in recorded["data"] if row["date"] == "2026-06-30"]


def test_real_app_lists_come_back_for_their_window(real: Simulator) -> None:
    window = {"start_date": "2026-05-30", "end_date": "2026-06-28"}
    for sort in ("popular", "trending"):
        recorded = body_of(f"openrouter/app-rankings_{sort}_2026-06-28.json")
        assert ask(real, APPS, sort=sort, **window).json() == recorded


def test_real_vercel_days_come_back(real: Simulator) -> None:
    for day in ("2025-10-01", "2026-03-15"):
        answer = ask(real, LEADERBOARD, modality="text", from_=day, to=day).json()
        assert answer["rows"] == body_of(f"vercel/models_text_{day}.json")["rows"]
    plain = ask(real, LEADERBOARD, modality="text").json()["rows"]
    assert {row["date"] for row in plain} >= {"2025-10-01", "2026-03-15"}


def test_the_real_leaderboard_comes_back(real: Simulator) -> None:
    window = {"starting_at": "2026-06-01", "ending_at": "2026-06-30"}
    answer = ask(real, STATISTICS + "leaderboard", metric="tokens", limit=50, **window)
    assert answer.json() == body_of("zenmux/leaderboard_tokens_2026-06_limit50.json")


def test_the_real_export_points_here_and_keeps_its_checksum(real: Simulator) -> None:
    manifest = ask(real, EXPORTS + "rankings-daily/2026-10-08.manifest.json").json()
    assert ask(real, EXPORTS + "rankings-daily/latest.manifest.json").json() == manifest
    file = manifest["files"]["csv"]
    assert file["url"].startswith(real.base_url + EXPORTS)
    body = httpx.get(file["url"], trust_env=False).content
    assert body == (REAL / "openrouter/export-rankings-daily_2026-10-08_excerpt.csv").read_bytes()
    recorded = body_of("openrouter/export-rankings-daily_2026-10-08.manifest.json")
    assert file["sha256"] == recorded["files"]["csv"]["sha256"]
    assert file["sha256"] != hashlib.sha256(body).hexdigest()
    index = ask(real, EXPORTS + "index.json").json()
    assert all(
        entry["latest_manifest_url"].startswith(real.base_url) for entry in index["datasets"]
    )
    assert ask(real, EXPORTS + "rankings-daily/2026-10-08.json").status_code == 404
