"""The workflows: valid, pinned, on time, and each job trusted with as little as it needs."""

import datetime as dt
import itertools
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DEPENDABOT = ROOT / ".github" / "dependabot.yml"


def load(path: Path) -> dict[str, Any]:
    return YAML(typ="safe", pure=True).load(path)


WORKFLOWS = {path.name: load(path) for path in FILES}
PUBLISH = WORKFLOWS["publish.yml"]
JOBS = [
    pytest.param(job, id=f"{name}-{job_id}")
    for name, workflow in WORKFLOWS.items()
    for job_id, job in workflow["jobs"].items()
]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
each_job = pytest.mark.parametrize("job", JOBS)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sysconfig.get_path("scripts")) / "zizmor"
    options = ("--offline", "--no-progress", "--strict-collection", "--persona=auditor")
    return run(program, *options, folder)


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def needs(job: dict[str, Any]) -> list[str]:
    wanted = job.get("needs", [])
    return [wanted] if isinstance(wanted, str) else wanted


def texts(part: Any) -> Iterator[str]:
    """Yield every value written anywhere in *part*."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from texts(each)
    else:
        yield str(part)


def secrets(part: Any) -> set[str]:
    return {name for text in texts(part) for name in re.findall(r"secrets\b[.\[]?\s*'?(\w*)", text)}


def test_the_schemas_of_github_accept_every_file() -> None:
    check = (sys.executable, "-m", "check_jsonschema", "--builtin-schema")
    workflows = run(*check, "vendor.github-workflows", *FILES)
    assert workflows.returncode == 0, workflows.stdout
    dependabot = run(*check, "vendor.dependabot", DEPENDABOT)
    assert dependabot.returncode == 0, dependabot.stdout


def test_a_strict_audit_finds_nothing() -> None:
    audit = zizmor(ROOT / ".github")
    assert audit.returncode == 0, audit.stdout + audit.stderr
    for path in [*FILES, DEPENDABOT]:
        assert f"completed {path}" in audit.stderr


def test_the_audit_does_find_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    (folder / "ci.yml").write_text(text.replace("persist-credentials: false", "fetch-depth: 1"))
    assert "artipacked" in zizmor(tmp_path).stdout


@each_file
def test_actions_are_pinned_by_commit_and_say_which_version(path: Path) -> None:
    used = re.findall(r"^\s*(?:- )?uses: *(.*)$", path.read_text(), re.MULTILINE)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_an_action_is_pinned_to_the_same_commit_everywhere() -> None:
    used = {step["uses"] for flow in WORKFLOWS.values() for step in steps(flow) if "uses" in step}
    assert len(used) == len({action.partition("@")[0] for action in used})


@each_file
def test_a_workflow_grants_nothing_that_a_job_does_not_ask_for(path: Path) -> None:
    assert WORKFLOWS[path.name]["permissions"] == {}


@each_job
def test_a_job_names_its_permissions_and_its_time_limit(job: dict[str, Any]) -> None:
    assert isinstance(job["permissions"], dict)
    # Only what runs at night, and nobody waits for, may take three hours.
    at_night = job in WORKFLOWS["nightly.yml"]["jobs"].values()
    assert 1 <= job["timeout-minutes"] <= (180 if at_night else 60)


@each_job
def test_no_job_has_keys_and_may_write(job: dict[str, Any]) -> None:
    may_write = {scope for scope, right in job["permissions"].items() if right == "write"}
    assert not (secrets(job) and may_write)


def test_rights_are_split_between_the_jobs_of_a_publication() -> None:
    jobs = PUBLISH["jobs"]
    keys = {"OPENROUTER_API_KEY", "ZENMUX_MANAGEMENT_API_KEY"}
    assert {name: secrets(job) for name, job in jobs.items() if secrets(job)} == {"fetch": keys}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "fetch": {"contents": "read"},
        "commit": {"contents": "write"},
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
        "verdict": {},
    }


def test_the_job_that_may_push_runs_nothing_but_git() -> None:
    commit = PUBLISH["jobs"]["commit"]
    used = [step["uses"].partition("@")[0] for step in commit["steps"] if "uses" in step]
    assert used == ["actions/checkout", "actions/download-artifact"]
    scripts = "".join(step.get("run", "") for step in commit["steps"])
    scripts += (ROOT / ".ci" / "commit-data").read_text()
    assert not re.search(r"\b(python3?|pip|uv|make|npm|npx|node|curl|wget)\b", scripts)


def test_a_publication_is_one_run_in_order() -> None:
    jobs = PUBLISH["jobs"]
    order = ["fetch", "commit", "build", "deploy", "verdict"]
    assert list(jobs) == order
    for before, after in itertools.pairwise(order):
        assert before in needs(jobs[after])
    assert set(PUBLISH["on"]) == {"schedule", "workflow_dispatch"}


@each_file
def test_scripts_read_variables_and_interpolate_nothing(path: Path) -> None:
    for step in steps(WORKFLOWS[path.name]):
        assert "${{" not in step.get("run", "")


@each_file
def test_no_checkout_leaves_a_token_behind(path: Path) -> None:
    checkouts = [
        step
        for step in steps(WORKFLOWS[path.name])
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@each_file
def test_no_trigger_runs_a_strangers_code_with_our_rights(path: Path) -> None:
    assert set(WORKFLOWS[path.name]["on"]).isdisjoint({"pull_request_target", "workflow_run"})


def test_publications_never_overlap_and_are_never_cut_short() -> None:
    assert PUBLISH["concurrency"] == {"group": "publish", "cancel-in-progress": False}


def test_the_schedule_avoids_full_hours_and_leaves_time_between_runs() -> None:
    times = []
    for entry in PUBLISH["on"]["schedule"]:
        minute, hour, *rest = entry["cron"].split()
        assert rest == ["*", "*", "*"]
        times.append(dt.timedelta(hours=int(hour), minutes=int(minute)))
        assert int(minute) % 2 == 1
    assert len(times) >= 3
    assert times == sorted(times)
    assert times[0] >= dt.timedelta(hours=2, minutes=30)
    following = [*times[1:], times[0] + dt.timedelta(days=1)]
    for time, after in zip(times, following, strict=True):
        assert after - time >= dt.timedelta(hours=5)


def test_the_long_checks_run_every_night_at_an_odd_minute() -> None:
    nightly = WORKFLOWS["nightly.yml"]
    (entry,) = nightly["on"]["schedule"]
    assert re.fullmatch(r"\d?[13579] \d+ \* \* \*", entry["cron"])
    assert "workflow_dispatch" in nightly["on"]
    told = {step.get("run") for step in steps(nightly)}
    assert {"make torture", "make mutants", "make fuzz"} <= told


def test_updates_wait_a_week_and_come_together() -> None:
    updates = load(DEPENDABOT)["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "pip"}
    for update in updates:
        assert update["schedule"] == {"interval": "weekly"}
        assert update["cooldown"]["default-days"] >= 7
        assert [group["patterns"] for group in update["groups"].values()] == [["*"]]
