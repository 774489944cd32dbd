"""The command, from gateways to a published site, as a person or a workflow runs it."""

import csv
import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from leaderboard.simulator import FAULTS, Simulator
from tests.fetching import TODAY

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared/real"
NOW = f"{TODAY}T03:00:00Z"


def build(
    *options: str, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, with no settings but *environ*."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "build.py"), *options],
        env={**kept, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def gateways() -> object:
    with Simulator(today=TODAY) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def keyless(gateways: Simulator) -> dict[str, str]:
    """Settings of a workflow without keys: no key, and no rate limit to wait for."""
    addresses = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
    return {**addresses, "GITHUB_REPOSITORY": "team/board"}


@pytest.fixture(scope="module")
def first(
    gateways: Simulator, keyless: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with the data and the site of a first run without keys."""
    folder = tmp_path_factory.mktemp("first")
    done = build(
        "--data", f"{folder}/data", "--out", f"{folder}/site", "--now", NOW, environ=keyless
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copy(first: Path, tmp_path: Path) -> Path:
    """A copy of the first run's folder, to go on from."""
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_without_any_key_there_is_a_real_site(first: Path) -> None:
    assert (first / "site/vercel/models/text/tokens/index.html").exists()
    assert (first / "site/openrouter/models/tokens/index.html").exists()
    assert not (first / "data/zenmux").exists()
    status = (first / "site/status/index.html").read_text()
    assert "OPENROUTER_API_KEY" in status
    assert "ZENMUX_MANAGEMENT_API_KEY" in status


def test_a_second_run_on_unchanged_answers_changes_no_byte(
    copy: Path, keyless: Mapping[str, str]
) -> None:
    before = bytes_of(copy)
    done = build("--data", f"{copy}/data", "--out", f"{copy}/site", "--now", NOW, environ=keyless)
    assert done.returncode == 0, done.stderr
    assert bytes_of(copy) == before


def test_hours_later_only_the_stated_time_of_building_changes(
    copy: Path, keyless: Mapping[str, str]
) -> None:
    data, site = bytes_of(copy / "data"), copy / "site"
    kept = copy / "earlier"
    shutil.copytree(site, kept)
    later = NOW.replace("T03:00:00Z", "T09:30:00Z")
    done = build("--data", f"{copy}/data", "--out", str(site), "--now", later, environ=keyless)
    assert done.returncode == 0, done.stderr
    assert bytes_of(copy / "data") == data
    for path in kept.rglob("*"):
        if path.suffix in (".html", ".csv", ".svg", ".css"):
            ours = (site / path.relative_to(kept)).read_text()
            moved = ours.replace("09:30", "03:00").replace("09:30:00Z", "03:00:00Z")
            assert moved == path.read_text(), path


def test_a_deleted_day_comes_back(copy: Path, keyless: Mapping[str, str]) -> None:
    day = copy / "data/openrouter/rankings-daily/2026-11-12.json"
    before = day.read_bytes()
    day.unlink()
    done = build("--data", f"{copy}/data", "--fetch-only", "--now", NOW, environ=keyless)
    assert done.returncode == 0, done.stderr
    assert day.read_bytes() == before


def test_with_one_gateway_down_the_rest_is_published_and_the_rest_marked(
    copy: Path, gateways: Simulator, keyless: Mapping[str, str]
) -> None:
    gateways.fail("/vercel/", FAULTS["status-404"])
    kept = bytes_of(copy / "data/vercel")
    later = NOW.replace("11-20", "11-21")
    try:
        done = build(
            "--data", f"{copy}/data", "--out", f"{copy}/site", "--now", later, environ=keyless
        )
    finally:
        gateways.clear()
    assert done.returncode == 1
    assert "Vercel AI Gateway models-text failed (answered 404" in done.stderr
    assert "its last snapshot, 2026-11-19, stays on the site" in done.stderr
    assert bytes_of(copy / "data/vercel") == kept
    page = (copy / "site/vercel/models/text/tokens/index.html").read_text()
    marked = re.compile(r'data-stale-after="[^"]*">\s*<p><strong>Last fetch failed\.')
    assert marked.search(page)
    page = (copy / "site/openrouter/models/tokens/index.html").read_text()
    assert not marked.search(page)


def test_a_refused_key_is_told_as_such(copy: Path, keyless: Mapping[str, str]) -> None:
    environ = {**keyless, "OPENROUTER_API_KEY": "sk-or-v1-refused-by-the-gateway"}
    done = build("--data", f"{copy}/data", "--fetch-only", "--now", NOW, environ=environ)
    assert done.returncode == 1
    assert "OpenRouter refused the key (401: " in done.stderr
    assert "refused-by-the-gateway" not in done.stdout + done.stderr


def test_a_malformed_key_stops_the_run_before_any_request(
    copy: Path, gateways: Simulator, keyless: Mapping[str, str]
) -> None:
    gateways.requests.clear()
    environ = {**keyless, "ZENMUX_MANAGEMENT_API_KEY": "sk-with-a-newline\n"}
    done = build("--data", f"{copy}/data", "--now", NOW, environ=environ)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "sk-with" not in done.stdout + done.stderr
    assert not gateways.requests


def test_nothing_to_render_says_what_to_run(tmp_path: Path) -> None:
    done = build("--no-fetch", "--data", f"{tmp_path}/data", "--out", f"{tmp_path}/site")
    assert done.returncode == 2
    assert "python build.py" in done.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    "damaged", ["vercel/labs-all/2026-11-10.json", "catalog/openrouter.json", "status.json"]
)
def test_a_damaged_file_stops_the_run_before_it_writes(
    copy: Path, keyless: Mapping[str, str], damaged: str
) -> None:
    path = copy / "data" / damaged
    path.write_text(path.read_text()[:-40])
    before = bytes_of(copy)
    later = NOW.replace("11-20", "11-21")
    done = build("--data", f"{copy}/data", "--out", f"{copy}/site", "--now", later, environ=keyless)
    assert done.returncode == 2
    assert damaged in done.stderr
    assert bytes_of(copy) == before


def test_what_the_disk_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/accepted.toml").symlink_to("accepted.toml")  # leads to itself
    done = build("--no-fetch", "--data", f"{tmp_path}/data", "--out", f"{tmp_path}/site")
    assert done.returncode == 2
    assert done.stderr.startswith("build.py: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--wrong"], "unrecognized arguments: --wrong"),
        (["--as-of", "2026-02-30"], "'2026-02-30' is no date"),
        (["--as-of", "2026-12-24", "--now", NOW], "has not come yet"),
        (["--now", "noon"], "'noon' is no time"),
        (["--source", "elsewhere"], "'elsewhere' is none of openrouter, vercel, zenmux"),
        (["--base-url", "example"], "'example' is no web address"),
        (["--no-fetch", "--fetch-only"], "not allowed with"),
    ],
)
def test_a_wrong_option_is_refused_in_one_line(options: list[str], told: str) -> None:
    done = build(*options)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr


def test_as_of_leaves_later_days_out(first: Path, tmp_path: Path) -> None:
    done = build(
        "--as-of",
        "2026-11-10",
        "--data",
        f"{first}/data",
        "--out",
        f"{tmp_path}/site",
        "--now",
        NOW,
    )
    assert done.returncode == 0, done.stderr
    view = json.loads((tmp_path / "site/api/v1/openrouter/models/tokens.json").read_text())
    assert view["data_through"] == "2026-11-09"


def test_in_github_actions_problems_are_annotations_and_a_summary(
    copy: Path, gateways: Simulator, keyless: Mapping[str, str]
) -> None:
    summary = copy / "summary.md"
    environ = {**keyless, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    gateways.fail("/vercel/api/ai/leaderboard-export?dataset=apps", FAULTS["html"])
    try:
        done = build("--data", f"{copy}/data", "--fetch-only", "--now", NOW, environ=environ)
    finally:
        gateways.clear()
    assert done.returncode == 1
    warnings = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert len(warnings) == 1
    assert warnings[0].startswith("::warning::Vercel AI Gateway apps failed (answered text/html")
    assert "| OpenRouter |" in summary.read_text()


def test_only_the_source_asked_for_is_fetched(
    tmp_path: Path, gateways: Simulator, keyless: Mapping[str, str]
) -> None:
    gateways.requests.clear()
    done = build(
        "--source", "vercel", "--fetch-only", "--data", str(tmp_path), "--now", NOW, environ=keyless
    )
    assert done.returncode == 0, done.stderr
    assert {request.path.split("/")[1] for request in gateways.requests} == {"vercel"}


def test_requests_and_pages_name_the_repository_that_makes_them(
    gateways: Simulator, first: Path
) -> None:
    repository = "https://github.com/team/board"
    agents = {request.headers.get("user-agent", "") for request in gateways.requests}
    assert agents == {f"llm-gateway-leaderboard (+{repository}; {repository}/issues)"}
    page = (first / "site/index.html").read_text()
    assert f'<a href="{repository}" rel="noopener">Source code</a>' in page
    assert f'<a href="{repository}/issues" rel="noopener">Contact</a>' in page


def test_outside_of_a_repository_none_is_named(gateways: Simulator, tmp_path: Path) -> None:
    gateways.requests.clear()
    only = ("--data", f"{tmp_path}/data", "--out", f"{tmp_path}/site", "--now", NOW)
    done = build(*only, "--source", "zenmux", environ=gateways.environment)
    assert done.returncode == 0, done.stderr
    agents = {request.headers.get("user-agent", "") for request in gateways.requests}
    assert agents == {"llm-gateway-leaderboard"}
    assert "Source code" not in (tmp_path / "site/index.html").read_text()


# What was really served, where it lies beside the project.


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site built from recorded answers: the apps' day first, then the end of June."""
    if not REAL.exists():
        pytest.skip("no recorded data beside the project")
    folder = tmp_path_factory.mktemp("replayed")
    for now in ("2026-06-29T23:30:00Z", "2026-07-01T03:00:00Z"):
        with Simulator(today=dt.date.fromisoformat(now[:10]), replay=REAL) as s:
            done = build(
                "--data",
                f"{folder}/data",
                "--out",
                f"{folder}/site",
                "--now",
                now,
                environ={**s.environment},
            )
            assert done.returncode == 1, done.stderr  # much was not recorded
    return folder / "site"


def test_the_first_board_shows_what_an_independent_count_gives(replayed: Path) -> None:
    body = json.loads((REAL / "openrouter/rankings-daily_2026-06-01_2026-06-30.json").read_text())
    day = {
        row["model_permaslug"]: int(row["total_tokens"])
        for row in body["data"]
        if row["date"] == "2026-06-30"
    }
    total = sum(day.values())
    ranked = sorted((slug for slug in day if slug != "other"), key=lambda slug: -day[slug])

    shown = daily(replayed / "api/v1/openrouter/models/tokens/daily.csv", "2026-06-30")
    assert {key: int(row["value"]) for key, row in shown.items() if row["value"]} == {
        ("__others__" if slug == "other" else slug): tokens for slug, tokens in day.items()
    }
    for slug, tokens in day.items():
        key = "__others__" if slug == "other" else slug
        assert abs(float(shown[key]["share_pct"]) - 100 * tokens / total) < 1e-9
    assert [slug for slug in shown if slug != "__others__"] == ranked

    view = json.loads((replayed / "api/v1/openrouter/models/tokens.json").read_text())
    assert view["data_through"] == "2026-06-30"
    assert view["as_of"] == body["meta"]["as_of"]
    month: dict[str, int] = {}
    for row in body["data"]:
        month[row["model_permaslug"]] = month.get(row["model_permaslug"], 0) + int(
            row["total_tokens"]
        )
    assert {row["key"]: int(row["value"]) for row in view["rows"]} == {
        slug: tokens for slug, tokens in month.items() if slug != "other"
    }
    newest = {row["key"]: row["newest_share_pct"] for row in view["rows"]}
    for slug in ranked:
        assert abs(newest[slug] - 100 * day[slug] / total) < 1e-9


def test_zenmux_leaderboard_is_shown_as_served(replayed: Path) -> None:
    path = REAL / "zenmux/leaderboard_tokens_2026-06_limit50.json"
    entries = json.loads(path.read_text())["data"]["entries"]
    view = json.loads((replayed / "api/v1/zenmux/models/tokens.json").read_text())
    assert [(row["rank"], row["key"], int(row["value"])) for row in view["rows"]] == [
        (entry["rank"], entry["model"], entry["value"])
        for entry in entries
        if entry["model"] != "__others__"
    ]
    assert view["license"] is None


def test_apps_and_vercel_days_are_shown_as_served(replayed: Path) -> None:
    recorded = json.loads((REAL / "openrouter/app-rankings_popular_2026-06-28.json").read_text())
    view = json.loads((replayed / "api/v1/openrouter/apps/popular.json").read_text())
    assert [(row["rank"], row["name"], int(row["value"])) for row in view["rows"]] == [
        (row["rank"], row["app_name"], int(row["total_tokens"])) for row in recorded["data"]
    ]
    served = json.loads((REAL / "vercel/models_text_2026-03-15.json").read_text())["rows"]
    shown = daily(replayed / "api/v1/vercel/models/text/tokens/daily.csv", "2026-03-15")
    assert {key: float(row["share_pct"]) for key, row in shown.items()} == {
        ("__others__" if row["name"] == "Other" else row["name"]): row["share_percent"]
        for row in served
        if row["metric"] == "tokens"
    }


def daily(path: Path, date: str) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["key"]: row for row in csv.DictReader(file) if row["date"] == date}


def test_every_page_that_shows_a_source_carries_its_line(first: Path) -> None:
    site = first / "site"
    lines = {
        "openrouter": re.compile(
            r"Source: OpenRouter \(openrouter\.ai\), licensed under CC BY 4\.0: "
            r"reuse and republish with attribution to OpenRouter\."
        ),
        "vercel": re.compile(
            r"© 2026 Vercel\. (&#34;|\")AI Gateway Leaderboard Data(&#34;|\") is licensed under "
            r"CC BY 4\.0\. To view a copy of this license, visit "
            r"https://creativecommons\.org/licenses/by/4\.0/"
        ),
    }
    pages = list(site.rglob("*.html"))
    assert len(pages) > 80
    for page in pages:
        text = page.read_text()
        for source, line in lines.items():
            shows = str(page.relative_to(site)).startswith(f"{source}/")
            shows |= f'data-source="{source}"' in text
            if shows:
                assert line.search(text), f"{page} shows {source} without its line"


def test_right_after_a_backfill_the_site_is_that_of_what_was_stored(
    keyless: Mapping[str, str], tmp_path: Path
) -> None:
    """The days of a backfill come in any order; days held before lie between them."""
    data, fetched, stored = tmp_path / "data", tmp_path / "fetched", tmp_path / "stored"
    only = ("--data", str(data), "--now", NOW)
    done = build(*only, "--source", "vercel", "--fetch-only", environ=keyless)
    assert done.returncode == 0, done.stderr
    days = sorted((data / "vercel").rglob("20*.json"))
    assert len(days) > 20
    for path in days[: len(days) // 2 : 2]:
        path.unlink()
    done = build(*only, "--source", "vercel", "--backfill", "--out", str(fetched), environ=keyless)
    assert done.returncode == 0, done.stderr
    done = build(*only, "--no-fetch", "--out", str(stored), environ=keyless)
    assert done.returncode == 0, done.stderr
    assert bytes_of(fetched) == bytes_of(stored)
