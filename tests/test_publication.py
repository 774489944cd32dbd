"""A publication rehearsed: the workflow's own scripts, a bare repository, simulated gateways.

Everything between the scripts that GitHub does is done here in its place: machines are folders
that know nothing of each other, artifacts are copies without hidden files, and a branch is
checked out by its tip alone.
"""

import datetime as dt
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from leaderboard.simulator import Simulator

ROOT = Path(__file__).parents[1]
JOBS = YAML(typ="safe", pure=True).load(ROOT / ".github" / "workflows" / "publish.yml")["jobs"]
TOKEN = secrets.token_hex(20)
ADDRESS = "https://owner.github.io/leaderboard"
NOWHERE = "http://127.0.0.1:9"
GATEWAYS = (
    "VERCEL_LEADERBOARD_URL",
    "VERCEL_CATALOG_URL",
    "OPENROUTER_API_URL",
    "ZENMUX_API_URL",
)
OURS = ("GIT", "PYTHON", "OPENROUTER", "VERCEL", "ZENMUX")
PLAIN = {
    **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=A person", "-c", "user.email=person@example.invalid", *arguments],
        cwd=folder,
        env=PLAIN,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@dataclass(kw_only=True)
class Publication:
    """One run of the workflow: what its jobs printed, gave on and left."""

    folder: Path
    origin: Path
    gateways: dict[str, str]
    context: dict[str, str]
    results: dict[str, str] = field(default_factory=dict)
    log: str = ""
    site: Path | None = None

    def run(self) -> None:
        for name, job in JOBS.items():
            wanted = job.get("needs", [])
            wanted = [wanted] if isinstance(wanted, str) else wanted
            if any(self.results[earlier] != "success" for earlier in wanted):
                self.results[name] = "skipped"
                continue
            self.results[name] = "success" if self._job(name, job) else "failure"

    def _job(self, name: str, job: dict[str, Any]) -> bool:
        machine = self.folder / name
        machine.mkdir(parents=True)
        workspace = machine / "workspace"
        workspace.mkdir()
        (machine / "temp").mkdir()
        self.context["runner.temp"] = str(machine / "temp")
        environment = {
            **PLAIN,
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(machine),
            "RUNNER_TEMP": str(machine / "temp"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_REF_NAME": "main",
            "GITHUB_STEP_SUMMARY": str(machine / "summary"),
            # Only the fetching job may reach a gateway.
            **dict.fromkeys(GATEWAYS, NOWHERE),
            **(self.gateways if name == "fetch" else {}),
        }
        for number, step in enumerate(job["steps"]):
            output = machine / f"output-{number}"
            output.touch()
            environment["GITHUB_OUTPUT"] = str(output)
            if "run" in step:
                variables = {key: self._filled(value) for key, value in step.get("env", {}).items()}
                done = subprocess.run(
                    ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                    cwd=workspace,
                    env={**environment, **variables},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                self.log += done.stdout
                if done.returncode != 0:
                    return False
            else:
                inputs = {key: self._filled(value) for key, value in step.get("with", {}).items()}
                self._action(step["uses"], inputs, workspace, environment, output)
            for line in output.read_text().splitlines():
                key, _, value = line.partition("=")
                self.context[f"steps.{step['id']}.outputs.{key}"] = value
        for key, value in job.get("outputs", {}).items():
            self.context[f"needs.{name}.outputs.{key}"] = self._filled(value)
        return True

    def _filled(self, value: object) -> str:
        return re.sub(
            r"\$\{\{ ([\w.-]+) \}\}", lambda found: self.context[found.group(1)], str(value)
        )

    def _action(
        self,
        uses: str,
        inputs: dict[str, str],
        workspace: Path,
        environment: dict[str, str],
        output: Path,
    ) -> None:
        artifacts = self.folder / "artifacts"
        match uses.partition("@")[0].removeprefix("actions/"):
            case "checkout":
                git(workspace, "init", "--quiet")
                git(workspace, "remote", "add", "origin", f"file://{self.origin}")
                git(workspace, "fetch", "--quiet", "--depth=1", "origin", inputs["ref"])
                git(workspace, "checkout", "--quiet", "--detach", "FETCH_HEAD")
            case "setup-python":
                environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
                # The locked versions must be here already: nothing is installed from anywhere.
                environment |= {"PIP_NO_INDEX": "1", "PIP_DRY_RUN": "1"}
            case "upload-artifact":
                ignore = shutil.ignore_patterns(".*")
                shutil.copytree(
                    workspace / inputs["path"], artifacts / inputs["name"], ignore=ignore
                )
            case "download-artifact":
                shutil.copytree(artifacts / inputs["name"], workspace / inputs["path"])
            case "configure-pages":
                output.write_text(f"base_url={ADDRESS}\n")
            case "upload-pages-artifact":
                shutil.copytree(workspace / inputs["path"], artifacts / "github-pages")
            case "deploy-pages":
                self.site = artifacts / "github-pages"
                output.write_text(f"page_url={ADDRESS}/\n")
            case "cache":
                pass  # The cache of a first run is empty.
            case other:
                raise AssertionError(f"no stand-in for {other}")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository of the project as it is here, before its first fetch."""
    folder = tmp_path_factory.mktemp("origin")
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]
    shutil.copytree(ROOT, folder / "seed", ignore=shutil.ignore_patterns(".git", *ignored))
    for fetched in (folder / "seed" / "data").rglob("*.json"):
        fetched.unlink()
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    git(folder / "seed", "init", "--quiet", "--initial-branch=main")
    git(folder / "seed", "add", ".")
    git(folder / "seed", "commit", "--quiet", "-m", "The project")
    git(folder / "seed", "push", "--quiet", str(folder / "origin.git"), "main")
    return folder / "origin.git"


@pytest.fixture(scope="module")
def publications(
    origin: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Publication]]:
    """Publish twice: with every gateway up, then with one of them gone."""
    folder = tmp_path_factory.mktemp("publications")
    with Simulator(today=dt.datetime.now(dt.UTC).date()) as simulator:
        gateways = {name: simulator.environment[name] for name in GATEWAYS}
        down = {"VERCEL_LEADERBOARD_URL": NOWHERE, "VERCEL_CATALOG_URL": NOWHERE}
        runs = [
            Publication(
                folder=folder / name,
                origin=origin,
                gateways=gateways | changed,
                context={
                    "github.ref": "refs/heads/main",
                    "github.token": TOKEN,
                    "github.run_id": "1",
                    "runner.os": "Linux",
                    # Not set is empty on GitHub. OpenRouter without a key asks little, and its
                    # rate limit stands in nobody's way here.
                    "secrets.OPENROUTER_API_KEY": "",
                    "secrets.ZENMUX_MANAGEMENT_API_KEY": simulator.environment[
                        "ZENMUX_MANAGEMENT_API_KEY"
                    ],
                    "inputs.backfill": "",
                },
            )
            for name, changed in (("up", {}), ("down", down))
        ]
        for publication in runs:
            publication.run()
        yield runs


def test_a_publication_goes_from_fetch_to_site(publications: list[Publication]) -> None:
    run = publications[0]
    assert run.results == dict.fromkeys(JOBS, "success"), run.log
    assert run.site is not None
    assert (run.site / "index.html").is_file()
    assert ADDRESS in (run.site / "sitemap.xml").read_text()


def test_the_site_is_rendered_from_what_was_committed(
    origin: Path, publications: list[Publication]
) -> None:
    run = publications[0]
    commits = git(origin, "log", "--reverse", "--format=%H %s", "main").splitlines()
    assert commits[1].partition(" ")[0] == run.context["needs.commit.outputs.sha"]
    assert re.fullmatch(r"\w+ data: snapshots for \d{4}-\d\d-\d\d", commits[1])
    committed = git(origin, "ls-tree", "-r", "--name-only", commits[1].split()[0], "data")
    fetched = run.folder / "artifacts" / "data"
    names = {f"data/{path.relative_to(fetched)}" for path in fetched.rglob("*") if path.is_file()}
    assert names == set(committed.splitlines())
    assert {name.split("/")[1] for name in names} >= {"openrouter", "vercel", "zenmux"}


def test_a_failed_source_is_published_stale_and_the_run_ends_red(
    publications: list[Publication],
) -> None:
    run = publications[1]
    expected = dict.fromkeys(JOBS, "success") | {"verdict": "failure"}
    assert run.results == expected, run.log
    assert run.context["needs.fetch.outputs.status"] == "1"
    assert "::error::A source failed" in run.log
    assert run.site is not None
    assert any((run.site / "vercel").rglob("index.html"))


def test_unchanged_answers_leave_no_trace_but_the_failure(
    origin: Path, publications: list[Publication]
) -> None:
    changed = git(origin, "diff", "--name-only", "main~1", "main").split()
    assert changed == ["data/status.json"]


def test_the_token_stays_where_it_is_needed(publications: list[Publication]) -> None:
    for run in publications:
        assert TOKEN not in run.log
        for path in run.folder.rglob("*"):
            if path.is_file():
                assert TOKEN.encode() not in path.read_bytes(), path
