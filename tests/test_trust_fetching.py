"""A whole run against gateways that misbehave: it ends, stays small, keeps secrets, and says so."""

import asyncio
import base64
import dataclasses
import datetime as dt
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from leaderboard.console import Tally, Voice
from leaderboard.http import GatewayError, Policy, Session, SourceStopped
from leaderboard.simulator import FAULTS, Fault, Simulator, damage, mutated
from leaderboard.sources import SOURCES, Asked
from leaderboard.status import load
from tests.fetching import IMPATIENT, NOW, PATIENT, TODAY, fetch_dataset
from tests.hostile import STRINGS

ROOT = Path(__file__).resolve().parents[1]
AT = f"{TODAY}T03:00:00Z"
DEAD = ("slow-headers", "slow-body", "endless-103", "endless-body", "delay", "reset", "status-500")
CANARY = "sk-canary-7Qw9+Zx8/Vb6=Nm5Lk4"


def build(*options: object, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [str(ROOT / "build.py"), *map(str, options)]
    return subprocess.run(
        [sys.executable, *command],
        env={**kept, **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def whole_run(
    environ: Mapping[str, str], policy: Policy
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Run every job of every source side by side, as a build does; give seconds and problems."""

    async def one(module: object, session: Session) -> tuple[str, float, list[str]]:
        began, problems = time.monotonic(), []
        for job in module.fetch(session, Asked(now=NOW, environ=environ)):  # type: ignore[attr-defined]
            try:
                await job.run()
            except GatewayError as problem:
                problems.append(f"{type(problem).__name__}: {problem}")
                if isinstance(problem, SourceStopped):
                    break
        return module.ID, time.monotonic() - began, problems  # type: ignore[attr-defined]

    async def run() -> list[tuple[str, float, list[str]]]:
        async with Session(
            user_agent="tests", clock=lambda: NOW, paced=False, policy=policy
        ) as session:
            return await asyncio.gather(*(one(module, session) for module in SOURCES))

    found = asyncio.run(run())
    return {n: s for n, s, _ in found}, {n: p for n, _, p in found}


# How long, how large.


def test_the_limits_in_force_keep_a_run_below_six_minutes() -> None:
    policy = Policy()
    assert policy.attempt_s <= 20
    assert policy.source_s <= 120
    assert policy.total_s <= policy.source_s
    assert policy.attempts <= 4
    # Sources are fetched side by side; a minute of waiting for our own limiter comes on top.
    assert policy.source_s + 2 * 60 <= 6 * 60


@pytest.mark.parametrize("fault", DEAD)
def test_a_run_with_every_gateway_dead_ends_in_time(gateways: Simulator, fault: str) -> None:
    gateways.fail("/", FAULTS[fault])
    limit = dataclasses.replace(IMPATIENT, attempt_s=0.2, total_s=0.8, source_s=1.2)
    seconds, problems = whole_run(gateways.environment, limit)
    for source, spent in seconds.items():
        assert spent <= limit.source_s + limit.attempt_s + 3, source
        assert problems[source][-1].startswith("SourceStopped"), source


def test_a_gateway_that_answers_slowly_for_ever_is_left_when_its_time_is_up(
    gateways: Simulator,
) -> None:
    """Each answer is good and in time; only all of them together take too long."""
    gateways.fail("/openrouter/", Fault(kind="delay", seconds=1))
    limit = dataclasses.replace(PATIENT, source_s=6)
    seconds, problems = whole_run(gateways.environment, limit)
    assert seconds["openrouter"] < 12  # of thirty, were there no end
    assert len(problems["openrouter"]) <= 2
    assert problems["openrouter"][-1].startswith("SourceStopped: ")
    assert problems["vercel"] == problems["zenmux"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from Linux's /proc")
def test_hostile_bodies_leave_a_run_below_300_mb(gateways: Simulator) -> None:
    """In a process of its own, under the limits in force."""
    for prefix, fault in (
        ("/openrouter/", "gzip-bomb"),
        ("/vercel/", "endless-body"),
        ("/zenmux/", "deep-nesting"),
    ):
        gateways.fail(prefix, FAULTS[fault])
    script = (
        "import json, re, sys\n"
        "from leaderboard.http import Policy\n"
        "from tests.test_trust_fetching import whole_run\n"
        "policy = Policy(attempts=1, attempt_s=8, source_s=20)\n"
        "seconds, problems = whole_run(json.loads(sys.argv[1]), policy)\n"
        "told = {name: found[0] for name, found in problems.items()}\n"
        # What the system says of this process alone; its parent's peak is not its own.
        "peak = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "print(json.dumps([peak, told]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps({**gateways.environment})],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    peak_kib, told = json.loads(done.stdout)
    assert set(told) == {"openrouter", "vercel", "zenmux"}
    assert "larger than 16 MiB" in told["openrouter"]
    assert "larger than 16 MiB" in told["vercel"]
    assert "nested deeper" in told["zenmux"]
    assert peak_kib < 300 * 1024


@pytest.mark.parametrize("fault", ["html-as-json", "nan", "truncated-gzip", "duplicate-keys"])
def test_no_byte_of_a_bad_answer_is_written(
    gateways: Simulator, tmp_path: Path, fault: str
) -> None:
    gateways.fail("/", FAULTS[fault])
    keyless = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
    if fault == "truncated-gzip":  # worth another attempt, and that takes its time
        gateways.clear()
        gateways.fail("/", dataclasses.replace(FAULTS["not-gzip"]))
    done = build("--fetch-only", "--data", tmp_path, "--now", AT, environ=keyless)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["status.json"]
    assert all(line.startswith("warning: ") for line in done.stderr.splitlines())


# How many requests.


def test_a_daily_run_asks_openrouter_at_most_forty_times_and_says_how_often(
    gateways: Simulator, tmp_path: Path
) -> None:
    _, problems = whole_run(gateways.environment, Policy())
    asked = sum(request.path.startswith("/openrouter/") for request in gateways.requests)
    assert problems["openrouter"] == []
    assert 25 <= asked <= 40

    keyless = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
    gateways.requests.clear()
    build("--fetch-only", "--data", tmp_path, "--now", AT, environ=keyless)
    counted: dict[str, int] = {}
    for (source, _), found in load(tmp_path).items():
        counted[source] = counted.get(source, 0) + (found.requests or 0)
    for source, requests in counted.items():
        assert requests == sum(
            request.path.startswith(f"/{source}/") for request in gateways.requests
        )


def test_retries_count_and_the_budget_of_a_daily_run_ends_it(gateways: Simulator) -> None:
    gateways.fail("/openrouter/api/v1/datasets/app-rankings", FAULTS["status-500"], times=1)
    limit = dataclasses.replace(PATIENT, attempts=60, first_wait_s=0.001, longest_wait_s=0.01)
    gateways.fail("/openrouter/", FAULTS["reset"])
    _, problems = whole_run(gateways.environment, limit)
    assert "budget of 40" in problems["openrouter"][-1]
    asked = sum(request.path.startswith("/openrouter/") for request in gateways.requests)
    assert asked == 40


# What is new in an answer.


def every(change: dict[str, object]) -> object:
    def changed(body: object) -> None:
        for row in damage.rows(body):
            row.update(change)

    return changed


@pytest.mark.parametrize(
    ("source", "dataset", "field"),
    [
        ("openrouter", "rankings-daily", "data[].added_later"),
        ("openrouter", "apps-popular-7d", "data[].added_later"),
        ("vercel", "models-text", "rows[].added_later"),
        ("vercel", "apps", "rows[].added_later"),
        ("zenmux", "leaderboard-tokens-7d", "entries[].added_later"),
        ("zenmux", "timeseries-tokens", "series[].models[].added_later"),
        ("zenmux", "market-share-cost", "series[].authors[].added_later"),
    ],
)
def test_a_field_beyond_the_contract_is_named_and_let_through(
    gateways: Simulator, source: str, dataset: str, field: str
) -> None:
    assert fetch_dataset(gateways.environment, source, dataset).unknown_fields == ()
    gateways.fail(f"/{source}/", mutated(every({"added_later": 1})))
    fetched = fetch_dataset(gateways.environment, source, dataset)
    assert fetched.unknown_fields == (field,)
    assert fetched.observations


def test_no_documented_answer_has_a_field_beyond_its_contract(gateways: Simulator) -> None:
    for module in SOURCES:
        for dataset in [
            job.dataset
            for job in module.fetch(
                Session(user_agent="tests", clock=lambda: NOW),
                Asked(now=NOW, environ=gateways.environment),
            )
        ]:
            assert fetch_dataset(gateways.environment, module.ID, dataset).unknown_fields == ()


def rendered(data: Path, folder: Path) -> Path:
    """Render the site of Vercel's apps alone, with the whole status."""
    few, out = folder / "few", folder / "site"
    shutil.rmtree(few, ignore_errors=True)
    shutil.copytree(data / "vercel/apps", few / "vercel/apps")
    shutil.copy(data / "status.json", few)
    done = build("--no-fetch", "--data", few, "--out", out, "--now", AT, environ={})
    assert done.returncode == 0, done.stderr
    return out


def test_new_fields_are_in_the_summary_the_status_file_and_on_the_status_page(
    gateways: Simulator, tmp_path: Path
) -> None:
    name = '"><script>alert(1)</script>\n::error::x'
    gateways.fail(
        "/vercel/api/ai/leaderboard-export?dataset=apps", mutated(every({name: 1, "plain": 2}))
    )
    keyless = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
    summary = tmp_path / "summary.md"
    environ = {**keyless, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    options = ("--data", tmp_path / "data", "--now", AT)
    done = build("--source", "vercel", "--fetch-only", *options, environ=environ)
    assert done.returncode == 0, done.stderr
    told = "Vercel AI Gateway apps: 2 fields beyond the contract, let through: "
    assert told in done.stdout
    assert told in summary.read_text()
    assert "rows[].plain" in load(tmp_path / "data")["vercel", "apps"].unknown_fields
    page = (rendered(tmp_path / "data", tmp_path) / "status/index.html").read_text()
    assert "2 fields beyond the contract" in page
    assert "<script>alert" not in page + summary.read_text()
    assert not [line for line in done.stdout.splitlines() if line.startswith("::")]


# What cannot be true.


def test_an_implausible_answer_is_quarantined_shown_and_accepted_by_one_reviewed_line(
    gateways: Simulator, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    keyless = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
    summary = tmp_path / "summary.md"
    environ = {**keyless, "GITHUB_STEP_SUMMARY": str(summary)}
    options = ("--source", "vercel", "--fetch-only", "--data", data, "--now", AT)
    assert build(*options, environ=environ).returncode == 0
    path = data / f"vercel/apps/{TODAY}.json"
    before = path.read_bytes()

    def halved(body: object) -> None:
        rows = damage.rows(body)
        best = [row for row in rows if row["rank"] <= 5]
        rows[:] = best

    gateways.fail("/vercel/api/ai/leaderboard-export?dataset=apps", mutated(halved))
    done = build(*options, environ=environ)
    assert done.returncode == 1
    assert path.read_bytes() == before
    refused = load(data)["vercel", "apps"]
    assert refused.refused_sha256 is not None
    assert refused.refused_bytes is not None
    assert refused.refused_bytes > 0
    out = rendered(data, tmp_path)
    for told in (done.stderr, summary.read_text(), (out / "status/index.html").read_text()):
        assert "rows where there were" in told
        assert refused.refused_sha256 in told
        assert f"{refused.refused_bytes:,} bytes" in told
    assert "Last fetch failed" in (out / "vercel/apps/tokens/index.html").read_text()

    (data / "accepted.toml").write_text(
        f'[[accepted]]\nsource = "vercel"\ndataset = "apps"\nsha256 = "{refused.refused_sha256}"\n'
        'reason = "the list was shortened on purpose"\n'
    )
    done = build(*options, environ=environ)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() != before
    accepted = load(data)["vercel", "apps"]
    assert (accepted.error, accepted.refused_sha256) == (None, None)
    out = rendered(data, tmp_path)
    assert "refused" not in (out / "status/index.html").read_text().lower()


# What must not be told.


def encoded(key: str) -> dict[str, str]:
    """Give the key as it may be repeated: plain and in six encodings."""
    return {
        "plain": key,
        "base64": base64.b64encode(key.encode()).decode(),
        "bearer base64": base64.b64encode(f"Bearer {key}".encode()).decode(),
        "hex": key.encode().hex(),
        "url": quote(key, safe=""),
        "reversed": key[::-1],
        "part": key[4:20],
    }


def error_of(text: str) -> bytes:
    message = {"code": 400, "message": f"Invalid credentials: {text}"}
    return json.dumps({"error": message, "message": text}).encode()


ECHO = " ".join(encoded(CANARY).values())
LATER = (("Retry-After", "86400"), ("X-Echo", CANARY))
MODES = {
    "echoing 401": Fault(status=401, body=error_of(ECHO), headers=(("X-Echo", CANARY),)),
    "echoing 403": Fault(status=403, body=error_of(ECHO)),
    "echoing 400": Fault(status=400, body=error_of(ECHO)),
    "echoing 404": Fault(status=404, body=f"<p>{ECHO}".encode(), content_type="text/html"),
    "echoing 429": Fault(status=429, body=error_of(ECHO), headers=LATER),
    "echoing 500": Fault(status=500, body=error_of(ECHO), headers=LATER),
    "echoing redirect": Fault(status=302, headers=(("Location", f"https://x.example/{CANARY}"),)),
    "echoing page": Fault(
        status=200, body=f"<p>{ECHO}".encode(), content_type=f"text/html; key={CANARY}"
    ),
    "echoing encoding": Fault(status=200, headers=(("Content-Encoding", CANARY),)),
    **{
        f"echoing data, {kind}": Fault(
            status=200,
            headers=(("X-Echo", CANARY),),
            content_type="application/json",
            body=json.dumps({"data": [{"id": text, "name": text, "total_tokens": text}]}).encode(),
        )
        for kind, text in encoded(CANARY).items()
        if kind != "part"
    },
}


def modes_run(folder: Path) -> None:
    """Run the command in every mode, in this process, with every library's log at its loudest."""
    import build as command

    logging.basicConfig(level=0)
    options = ("--data", f"{folder}/data", "--now", AT)
    sources = ("--source", "openrouter", "--source", "zenmux", "--fetch-only", *options)
    with Simulator(today=TODAY) as gateways:
        keyless = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
        os.environ |= {**keyless, "GITHUB_STEP_SUMMARY": f"{folder}/summary.md"}
        assert command.main(["--source", "openrouter", "--fetch-only", *options]) == 0
        os.environ |= {"OPENROUTER_API_KEY": CANARY, "ZENMUX_MANAGEMENT_API_KEY": CANARY}
        for mode, fault in MODES.items():
            gateways.clear()
            gateways.requests.clear()
            gateways.fail("/", fault)
            assert command.main(sources) == 1, mode
            asked = [request.headers.get("authorization", "") for request in gateways.requests]
            assert f"Bearer {CANARY}" in asked, mode
        for bad in (f"{CANARY}\n", f" {CANARY}", f"{CANARY}é", f"{CANARY}\t"):
            os.environ["OPENROUTER_API_KEY"] = bad
            assert command.main(sources) == 2
        os.environ["OPENROUTER_API_KEY"] = CANARY
        (folder / "blocked").write_text("no folder")
        assert command.main([*sources, "--data", f"{folder}/blocked"]) == 2
    assert command.main(["--no-fetch", *options, "--out", f"{folder}/site"]) == 0


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Give all that the command said in every mode, and the folder of all it wrote."""
    folder = tmp_path_factory.mktemp("canary")
    script = (
        "import pathlib, sys; from tests import test_trust_fetching as here\n"
        "here.modes_run(pathlib.Path(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr, folder


def test_a_key_appears_nowhere_in_any_of_its_encodings(told: tuple[str, Path]) -> None:
    said, folder = told
    assert len(MODES) >= 10
    assert "refused the key (401)" in said
    assert "the answer repeats the key" in said
    assert "redirect" in said
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert (folder / "site/status/index.html") in files
    everything = said.encode() + b"\n".join(path.read_bytes() for path in files)
    for kind, form in encoded(CANARY).items():
        for at in range(len(form) - 7):
            piece = form[at : at + 8]
            if not set(piece) <= set("sk-canary-"):
                assert piece.encode() not in everything, (kind, piece)
    assert b"sk-canary" not in everything


def test_the_search_for_the_key_would_find_it() -> None:
    """The control: each way of repeating the key does hold a piece that is searched for."""
    assert all(form in ECHO for form in encoded(CANARY).values())


# What a log may not be made to say.


def test_no_text_from_upstream_becomes_a_command_to_the_runner(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    voice = Voice({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)})
    for text in STRINGS:
        voice.say(text)
    voice.summarise([Tally(name="x", problems=[text], notes=[text]) for text in STRINGS])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2 * len(STRINGS)
    for line in lines:
        assert not line.strip().startswith("::")
        assert "##[" not in line
        assert line.isprintable()
    for text in STRINGS:
        voice.warn(text)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(STRINGS)
    for line in lines:
        assert line.startswith("::warning::")
        assert "::" not in line.removeprefix("::warning::")
        assert line.isprintable()
    written = summary.read_text().splitlines()
    assert len(written) == len(STRINGS) + 4
    assert not any("<" in line for line in written)


def test_a_gateways_message_is_one_line_of_a_run_and_no_more(
    gateways: Simulator, tmp_path: Path
) -> None:
    forged = "x\n::set-output name=y::z\r\n##[error]forged\u2028::warning::forged"
    gateways.fail("/vercel/", Fault(status=404, body=error_of(forged)))
    keyless = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
    environ = {**keyless, "GITHUB_ACTIONS": "true"}
    done = build(
        "--fetch-only", "--source", "vercel", "--data", tmp_path, "--now", AT, environ=environ
    )
    assert done.returncode == 1
    lines = done.stdout.splitlines() + done.stderr.splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert commands
    assert all(re.match(r"::warning::Vercel AI Gateway [a-z-]+ failed \(", c) for c in commands)
    assert not any("##[" in line or "::" in line[11:] for line in lines)


def test_a_damaged_file_cannot_forge_a_command_either(tmp_path: Path) -> None:
    (tmp_path / "vercel/apps").mkdir(parents=True)
    path = tmp_path / f"vercel/apps/{TODAY}.json"
    path.write_text(json.dumps({"schema": "\n##[error]forged\n::error::forged"}))
    done = build("--no-fetch", "--data", tmp_path, environ={"GITHUB_ACTIONS": "true"})
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "##[" not in done.stderr
    assert "::" not in done.stderr


def test_days_are_told_apart_by_the_run_s_clock_alone() -> None:
    moment = dt.datetime(2026, 11, 20, 1, tzinfo=dt.timezone(dt.timedelta(hours=14)))
    assert Asked(now=moment, environ={}).today == dt.date(2026, 11, 19)
