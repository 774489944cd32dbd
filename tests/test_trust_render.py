"""What a site is made from, and nothing else: no network, no place, no zone, no chance."""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import build
from leaderboard import standing, status
from leaderboard.http import GatewayError
from leaderboard.records import Citation, Published
from leaderboard.simulator import Simulator
from leaderboard.site import verify
from leaderboard.snapshots import Observation, Store
from leaderboard.sources import SOURCES
from tests.fetching import NOW, TODAY, fetch_dataset

ROOT = Path(__file__).resolve().parents[1]
DATASETS = {
    "openrouter": ("rankings-daily", "apps-popular-7d"),
    "vercel": ("models-text", "labs-text", "apps"),
    "zenmux": ("leaderboard-tokens-7d", "timeseries-tokens"),
}
FEW_DAYS = 9
EVERY_INSTANT = (
    "2026-03-08T06:59:59.999+00:00",  # New York's clocks go forward at seven
    "2026-03-08T07:00:00+00:00",
    "2026-11-01T05:59:59.999+00:00",  # and back at six
    "2026-11-01T06:00:00+00:00",
    "2028-02-29T00:00:00+00:00",
    "2028-02-29T23:59:59.999+00:00",
    "2028-03-01T00:00:00+00:00",
    "2026-12-31T23:59:59.999+00:00",
    "2027-01-01T00:00:00+00:00",
    "2027-01-01T00:00:01+00:00",
)
INSTANTS = EVERY_INSTANT if os.environ.get("TORTURE") else EVERY_INSTANT[2:6] + EVERY_INSTANT[8:9]
LEAP_DAY = EVERY_INSTANT[4:6]
ZONES = ("UTC", "America/New_York", "Pacific/Kiritimati")


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of a few boards and days of every source, fetched from the simulator."""
    root = tmp_path_factory.mktemp("some") / "data"
    store = Store(root)
    with Simulator(today=TODAY) as gateways:
        for source, datasets in DATASETS.items():
            for dataset in datasets:
                fetched = fetch_dataset(gateways.environment, source, dataset)
                for seen in fetched.observations[-FEW_DAYS:]:
                    store.save(seen)
    return root


# Every subset of the sources.


def held(source: str, root: Path, back: int) -> None:
    """Take away the newest days, as if the source had not answered since."""
    for dataset in (root / source).iterdir():
        newest = sorted(dataset.glob("*.json"))
        for path in newest[len(newest) - back :] if len(newest) > back else []:
            path.unlink()


@pytest.mark.parametrize("has_history", [True, False], ids=["history", "no-history"])
@pytest.mark.parametrize("up", range(1, 8))
def test_any_sources_up_and_the_others_down_make_a_whole_site(
    some: Path, tmp_path: Path, up: int, has_history: bool
) -> None:
    data, out = tmp_path / "data", tmp_path / "site"
    answering = {source.ID for bit, source in enumerate(SOURCES) if up & 1 << bit}
    statuses = []
    for source, datasets in DATASETS.items():
        is_up = source in answering
        if is_up or has_history:
            shutil.copytree(some / source, data / source)
        if not is_up and has_history:
            held(source, data, back=5)
        problem = None if is_up else GatewayError("no whole answer within 20 s")
        for dataset in datasets:
            days = Store(data).load(source, dataset)
            statuses.append(
                status.after_attempt(
                    None,
                    source=source,
                    dataset=dataset,
                    attempted=NOW,
                    error=problem,
                    needs_key=None,
                    through=max(days, default=None),
                )
            )
    status.save(data, statuses)
    options = ["--no-fetch", "--data", str(data), "--out", str(out), "--now", NOW.isoformat()]
    assert build.main(options) == 0
    assert verify.problems(out) == []
    for source in DATASETS:
        page = (out / source / "index.html").read_text()
        failed = bool(re.search(r"Last fetch failed\.|failed at the last fetch\.", page))
        assert failed == (source not in answering), source
        boards = [
            path for path in (out / source).rglob("index.html") if path.parent != out / source
        ]
        assert bool(boards) == (source in answering or has_history), source
    shown = (out / "status/index.html").read_text()
    assert shown.count("no whole answer within 20 s") == sum(
        len(datasets) for source, datasets in DATASETS.items() if source not in answering
    )


# The clock.


def clocks(folder: Path) -> None:
    """Fetch and render at every instant in every zone, in this process; print what came."""
    import time

    for instant in INSTANTS:
        now = dt.datetime.fromisoformat(instant)
        with Simulator(today=now.date()) as gateways:
            keyless = {n: v for n, v in gateways.environment.items() if not n.endswith("_KEY")}
            os.environ |= keyless
            for zone in ZONES:
                os.environ["TZ"] = zone
                time.tzset()
                where = folder / zone.replace("/", "-") / instant[:10] / instant[11:19]
                sources = ("--source", "openrouter", "--source", "vercel", "--fetch-only")
                options = ("--data", f"{where}/data", "--now", instant)
                assert build.main([*sources, *options]) == 0, (instant, zone)
                few = where / "few"
                shutil.copytree(where / "data/openrouter", few / "openrouter")
                shutil.copytree(where / "data/vercel/apps", few / "vercel/apps")
                shutil.copy(where / "data/status.json", few)
                options = ("--data", str(few), "--out", f"{where}/site", "--now", instant)
                if instant in LEAP_DAY:
                    assert build.main(["--no-fetch", *options]) == 0, (instant, zone)


def test_no_zone_and_no_instant_moves_a_day_or_a_byte(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys; from tests import test_trust_render as here\n"
        "here.clocks(pathlib.Path(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    trees = [tree(tmp_path / zone.replace("/", "-")) for zone in ZONES]
    assert trees[0] == trees[1] == trees[2]
    assert len([name for name in trees[0] if "/site/" in name]) > 40
    for instant in INSTANTS:
        today = dt.date.fromisoformat(instant[:10])
        data = tmp_path / "UTC" / instant[:10] / instant[11:19] / "data"
        for dataset in ("openrouter/rankings-daily", "vercel/models-text"):
            days = sorted(path.stem for path in (data / dataset).glob("*.json"))
            assert days[-1] == str(today - dt.timedelta(days=1)), (instant, dataset)
            assert days[0] >= "2025-01-01"


# The same bytes, and no network.


def isolated() -> list[str]:
    """Give the prefix that runs a command without any network, where the system can."""
    command = ["unshare", "-rn", "--"]
    if shutil.which("unshare") is None:
        return []
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else []


def render(data: Path, out: Path, cwd: Path, *prefix: str, **environ: str) -> str:
    done = subprocess.run(
        [
            *(*prefix, sys.executable, str(ROOT / "build.py"), "--no-fetch"),
            *("--data", str(data), "--out", str(out), "--now", NOW.isoformat()),
        ],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_neither_place_zone_locale_nor_chance_changes_a_byte(some: Path, tmp_path: Path) -> None:
    trees = []
    for n, (zone, locale, seed, umask) in enumerate(
        (
            ("UTC", "C", "0", 0o022),
            ("Pacific/Kiritimati", "de_DE.UTF-8", "1", 0o077),
            ("America/New_York", "tr_TR.UTF-8", "4242", 0o002),
        )
    ):
        place = tmp_path / ("deep/" * n) / f"place {n}"
        place.mkdir(parents=True)
        shutil.copytree(some, place / "snapshots")
        before = os.umask(umask)
        try:
            render(
                place / "snapshots",
                place / "site",
                place,
                TZ=zone,
                LC_ALL=locale,
                LANG=locale,
                PYTHONHASHSEED=seed,
                HOME=str(place),
            )
        finally:
            os.umask(before)
        trees.append(tree(place / "site"))
    assert len(trees[0]) > 100
    assert trees[0] == trees[1] == trees[2]


def test_rendering_opens_no_socket(some: Path, tmp_path: Path) -> None:
    """Without any network, and with every process of it watched for a socket to one."""
    prefix = isolated()
    log = tmp_path / "sockets"
    if shutil.which("strace"):
        watch = ["strace", "-f", "--seccomp-bpf", "-e", "trace=socket,connect", "-o", str(log)]
        prefix = [*prefix, *watch]
    if not prefix:
        pytest.skip("neither unshare -rn nor strace can be used here")
    # Another renderer than the cache's, so that charts are drawn here, too.
    site = tmp_path / "site"
    shutil.copytree(ROOT / "leaderboard", tmp_path / "fresh/leaderboard")
    for name in ("templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / "fresh" / name)
    (tmp_path / "fresh/data").mkdir()
    for name in ("build.py", "pyproject.toml", *standing.REVIEWED):
        shutil.copy(ROOT / name, tmp_path / "fresh" / name)
    done = subprocess.run(
        [
            *(*prefix, sys.executable, str(tmp_path / "fresh/build.py"), "--no-fetch"),
            *("--data", str(some), "--out", str(site), "--now", NOW.isoformat()),
        ],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "fresh/.cache").is_dir()
    if log.exists():
        families = re.findall(r"socket\((AF_[A-Z0-9]+)", log.read_text())
        assert not {"AF_INET", "AF_INET6"} & set(families)


# Every digit.

EXACT = (2**53 + 1, 10**30, 9_007_199_254_740_993_000_001)


def test_integers_of_any_size_are_exact_in_page_json_and_csv(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    words = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-11-20T02:00:00Z."
    for back in (1, 2, 3, 4):
        date = TODAY - dt.timedelta(days=back)
        store.save(
            Observation(
                source="openrouter",
                dataset="rankings-daily",
                date=date,
                citation=Citation(
                    text=words,
                    notice=words,
                    url="https://openrouter.ai",
                    license=None,
                    license_url=None,
                ),
                url="https://openrouter.ai/api",
                published=Published(retrieved_at=NOW, as_of="2026-11-20T02:00:00Z"),
                window=None,
                key=("model_permaslug",),
                rows=[
                    {"date": str(date), "model_permaslug": f"a/m{n}", "total_tokens": str(total)}
                    for n, total in enumerate(EXACT)
                ],
            )
        )
    out = tmp_path / "site"
    assert (
        build.main(
            ["--no-fetch", "--data", str(store.root), "--out", str(out), "--now", NOW.isoformat()]
        )
        == 0
    )
    api = out / "api/v1/openrouter/models/tokens"
    daily = (api / "daily.csv").read_text()
    views = sorted(
        path for path in api.parent.rglob("tokens*.json") if "models/tokens" in path.as_posix()
    )
    assert views
    for total in EXACT:
        assert f",{total}," in daily
        sums = {str(total * days) for days in (1, 2, 3, 4)}
        values = {row["value"] for row in json.loads(views[0].read_text())["rows"]}
        assert values & sums
        (shown,) = values & sums
        assert f'"{shown}"' in (out / "openrouter/models/tokens/index.html").read_text()
        assert f",{shown}," in (api.parent / "tokens.csv").read_text()
        assert all(str(v) == v for v in json.loads(views[0].read_text())["rows"][0]["values"])


def test_a_total_of_forty_digits_passes_the_door_and_one_of_forty_one_does_not() -> None:
    from leaderboard.sources.openrouter.wire import RankingsRow

    def row(total: str) -> dict[str, str]:
        return {"date": "2026-11-19", "model_permaslug": "a/b", "total_tokens": total}

    assert RankingsRow.model_validate(row("9" * 40)).total_tokens == "9" * 40
    with pytest.raises(ValueError, match="total_tokens"):
        RankingsRow.model_validate(row("9" * 41))
