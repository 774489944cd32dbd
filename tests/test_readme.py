"""README.md is true: its commands run, its options and variables are those there are."""

import asyncio
import datetime as dt
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import build
from leaderboard.http import Session
from leaderboard.simulator import Simulator
from leaderboard.sources import SOURCES, Asked
from tests.fetching import NOW, TODAY

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
MADE = sorted(
    set(re.findall(r"\bmake [a-z]+", "".join(re.findall(r"`[^`]+`|```.*?```", README, re.S))))
)
FENCED = [line.partition("#")[0].strip() for fence in FENCES for line in fence.splitlines()]
INLINE = re.findall(
    r"`((?:make|python) [^`]+)`", re.sub(r"^```.*?^```$", "", README, flags=re.S | re.M)
)
COMMANDS = list(dict.fromkeys(filter(None, [*FENCED, *INLINE])))
SERVE = next(command for command in COMMANDS if "leaderboard.simulator" in command)
BUILD_REPLAYED = next(command for command in COMMANDS if "build.py --now" in command)


def table(heading: str) -> list[list[str]]:
    """Give the cells of the table whose first heading it is."""
    _, _, rest = README.partition(f"| {heading} |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def run(*command: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,
    )


def test_every_command_is_run_or_dry_run_below():
    known = [c for c in COMMANDS if c.startswith(("make ", "python build.py"))]
    assert [*known, SERVE] == sorted(COMMANDS, key=lambda command: command == SERVE)
    assert {"make demo", "make test", "python build.py", BUILD_REPLAYED} <= set(COMMANDS)
    assert {c for c in COMMANDS if c.startswith("make ")} <= set(MADE)


@pytest.mark.parametrize("command", MADE)
def test_each_make_target_is_there_and_told_by_make_help(command):
    done = run(*shlex.split(command), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert f"{command} " in run("make", "help").stdout


def test_make_test_runs_every_check():
    recipe = run("make", "test", "--dry-run").stdout
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest"):
        assert tool in recipe


def test_make_demo_fetches_from_all_simulated_gateways(tmp_path):
    """What it does before it renders; CI's own demo job runs it whole."""
    recipe = run("make", "demo", "--dry-run").stdout
    assert re.search(r"python build\.py --demo$", recipe, re.MULTILINE)
    done = run(
        *(sys.executable, "build.py", "--demo", "--fetch-only"),
        *("--data", str(tmp_path), "--now", NOW.isoformat()),
    )
    assert done.returncode == 0, done.stderr
    for source in SOURCES:
        assert f"source {source.NAME} · rows " in done.stdout
        assert any((tmp_path / source.ID).rglob("2026-11-19.json"))


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("python build.py")])
def test_each_build_command_has_options_that_are_taken(command):
    build.arguments().parse_args(shlex.split(command)[2:])


def test_the_table_of_options_is_that_of_the_command():
    shown = set()
    for first, *_ in table("option"):
        for option in re.findall(r"`([^`]+)`", first):
            name, _, metavar = option.partition(" ")
            shown.add((name, metavar))
    taken = re.findall(r"^  (--[a-z-]+)(?: ([A-Z]+))?", build.arguments().format_help(), re.M)
    assert shown == set(taken)


class Watched(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, held: dict[str, str]) -> None:
        super().__init__(held)
        self.asked: set[str] = set()

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)

    def __getitem__(self, name):
        self.asked.add(name)
        return super().__getitem__(name)


async def _named_jobs(environ: Watched) -> None:
    async with Session(user_agent="tests", clock=lambda: NOW, paced=False) as session:
        for source in SOURCES:
            assert list(source.fetch(session, Asked(now=NOW, environ=environ)))


@pytest.mark.parametrize("has_keys", [False, True])
def test_the_table_of_variables_is_that_of_what_is_read(has_keys):
    shown = {name for first, *_ in table("variable") for name in re.findall(r"`(\w+)`", first)}
    keys = {name: "sk-or-v1-0123456789abcdef" for name in shown if name.endswith("_KEY")}
    environ = Watched(keys if has_keys else {})
    asyncio.run(_named_jobs(environ))
    assert environ.asked == shown


def test_the_simulator_sets_the_variables_of_the_table():
    shown = {name for first, *_ in table("variable") for name in re.findall(r"`(\w+)`", first)}
    with Simulator(today=TODAY) as simulator:
        assert set(simulator.environment) == shown


@pytest.fixture
def recorded(tmp_path) -> Path:
    """Make a folder of one recorded answer: OpenRouter's rankings of June 2026."""
    first = dt.date(2026, 6, 1)
    dates = [(first + dt.timedelta(days=day)).isoformat() for day in range(30)]
    answer = {
        "data": [
            {"date": date, "model_permaslug": name, "total_tokens": str(tokens)}
            for date in dates
            for name, tokens in (("a/one", 2000), ("b/two", 1000), ("other", 500))
        ],
        "meta": {
            "as_of": "2026-07-01T02:00:00.000Z",
            "version": "v1",
            "start_date": dates[0],
            "end_date": dates[-1],
        },
    }
    folder = tmp_path / "recorded"
    (folder / "openrouter").mkdir(parents=True)
    body = json.dumps(answer)
    (folder / "openrouter/rankings-daily_2026-06.json").write_text(body, encoding="utf-8")
    return folder


@pytest.fixture
def replayed(recorded) -> Iterator[dict[str, str]]:
    """Run the README's line in a process; give the variables it prints."""
    _, *rest = shlex.split(SERVE.replace("DIR", shlex.quote(str(recorded))))
    with subprocess.Popen(
        [sys.executable, *rest], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(6)]
            yield dict(shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in lines)
        finally:
            process.terminate()


def test_recorded_answers_are_replayed_as_told(replayed, tmp_path):
    shown = {name for first, *_ in table("variable") for name in re.findall(r"`(\w+)`", first)}
    assert set(replayed) == shown
    _, *rest = shlex.split(BUILD_REPLAYED)
    done = run(
        *(sys.executable, *rest, "--data", f"{tmp_path}/data", "--out", f"{tmp_path}/site"),
        env={"PATH": "/usr/bin:/bin", **replayed},
    )
    assert done.returncode == 1, done.stderr  # what was not recorded failed, and was told
    page = (tmp_path / "site/openrouter/models/tokens/index.html").read_text()
    assert "57.1" in page


def test_what_is_linked_is_there():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target
