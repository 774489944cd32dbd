"""What is kept between builds: never trusted further than it goes, never made twice."""

import dataclasses
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard import charts, keeping, site, standing
from leaderboard.boards import views
from leaderboard.charts import Figure, drawing
from leaderboard.charts.drawing import Drawing, Studio
from leaderboard.keeping import Keep
from leaderboard.records import Edition, Reading
from leaderboard.snapshots import Observation, Store
from tests import specimens

ROOT = Path(__file__).resolve().parent.parent
NAME = keeping.name(b"a chart")
HEAVY = {"altair", "asyncio", "babel", "httpx", "jinja2", "pydantic", "rich", "stamina"}


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    return Keep(tmp_path / "cache")


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("??/*") if path.is_file())


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_two_things_share_a_name_only_if_made_from_the_same(a: list[bytes], b: list[bytes]) -> None:
    assert (keeping.name(*a) == keeping.name(*b)) == (a == b)


def test_what_is_kept_comes_back(keep: Keep) -> None:
    keep.save(NAME, b"drawn")
    assert keep.load(NAME) == b"drawn"
    assert keep.load(keeping.name(b"another")) is None


@pytest.mark.parametrize("damage", ["cut", "empty", "changed", "longer", "deleted", "a folder"])
def test_what_is_not_whole_is_not_there(keep: Keep, damage: str) -> None:
    keep.save(NAME, b"drawn at some length")
    assert keep.folder is not None
    (entry,) = entries(keep.folder)
    content = entry.read_bytes()
    entry.unlink()
    if damage == "a folder":
        entry.mkdir()
    elif damage != "deleted":
        entry.write_bytes(
            {
                "cut": content[:-1],
                "empty": b"",
                "changed": content.replace(b"some", b"more"),
                "longer": content + b"!",
            }[damage]
        )
    assert keep.load(NAME) is None


def test_a_whole_entry_under_anothers_name_is_not_taken_for_it(keep: Keep) -> None:
    keep.save(NAME, b"drawn")
    assert keep.folder is not None
    (entry,) = entries(keep.folder)
    foreign = keeping.name(b"another")
    place = keep.folder / foreign[:2] / foreign[2:]
    place.parent.mkdir(exist_ok=True)
    shutil.copy(entry, place)
    assert keep.load(foreign) is None


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for keep in (Keep(tmp_path / "file"), Keep(None)):
        keep.save(NAME, b"drawn")
        assert keep.load(NAME) is None
        keep.forget()


def test_only_what_nobody_asks_for_is_forgotten(keep: Keep) -> None:
    for part in (b"asked for", b"left alone", b"new"):
        keep.save(keeping.name(part), part)
    assert keep.folder is not None
    long_ago = time.time() - (keeping.KEPT_DAYS + 1) * 86_400
    for entry in entries(keep.folder):
        if not entry.read_bytes().endswith(b"new"):
            os.utime(entry, (long_ago, long_ago))
    assert keep.load(keeping.name(b"asked for")) == b"asked for"
    keep.forget()
    assert keep.load(keeping.name(b"left alone")) is None
    assert keep.load(keeping.name(b"asked for")) == b"asked for"
    assert keep.load(keeping.name(b"new")) == b"new"


def figures(*readings: Reading) -> list[Figure]:
    return [
        figure
        for reading in readings
        for board in reading.boards
        for view in views(board)
        if (figure := charts.figure(view)) is not None
    ]


def test_a_figure_asked_for_twice_is_drawn_once(tmp_path: Path) -> None:
    figure = figures(*specimens.readings())[0]
    with Studio(processes=2, cache=tmp_path) as studio:
        twice = [studio.figure(figure).drawing(), studio.figure(figure).drawing()]
        assert studio.drawn == 2  # one drawing for each layout
    assert isinstance(twice[0], Drawing)
    assert twice[0] == twice[1]


def test_a_chart_of_another_renderer_code_or_fonts_is_another(tmp_path: Path) -> None:
    """The key holds all that a drawing is made from; with another key nothing is found."""
    figure = figures(*specimens.readings())[0]
    with Studio(processes=1, cache=tmp_path) as studio:
        studio.figure(figure).drawing()
    recoloured = dataclasses.replace(figure, wide=figure.wide | {"background": "#000000"})
    with Studio(processes=0, cache=tmp_path) as studio:
        assert isinstance(studio.figure(figure).drawing(), Drawing)
        assert isinstance(studio.figure(recoloured).drawing(), drawing.Undrawn)


def test_a_build_given_up_leaves_no_renderer_behind(tmp_path: Path) -> None:
    wanted = figures(*specimens.readings())

    def give_up() -> None:
        with Studio(processes=2, cache=tmp_path) as studio:
            for figure in wanted:
                studio.figure(figure)
            raise KeyboardInterrupt

    before = len(children())
    with pytest.raises(KeyboardInterrupt):
        give_up()
    assert len(children()) == before


def children() -> list[str]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [child for task in tasks for child in task.read_text().split()]


def render(out: Path, cache: Path | None, *readings: Reading, **edition: object) -> site.Summary:
    return site.render(
        specimens.edition(**edition),
        list(readings) or specimens.readings(),
        specimens.statuses(),
        out,
        processes=2,
        cache=cache,
    )


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, site.Summary]:
    """A folder with a site and the cache it was built with."""
    folder = tmp_path_factory.mktemp("first")
    return folder, render(folder / "site", folder / "cache")


@pytest.fixture
def copy(first: tuple[Path, site.Summary], tmp_path: Path) -> Path:
    shutil.copytree(first[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_second_build_draws_nothing_and_is_the_same(copy: Path) -> None:
    before = files(copy / "site")
    assert render(copy / "site", copy / "cache").drawn == 0
    assert files(copy / "site") == before


def test_without_its_cache_a_build_draws_all_again_to_the_same_bytes(
    copy: Path, first: tuple[Path, site.Summary]
) -> None:
    before = files(copy / "site")
    shutil.rmtree(copy / "cache")
    assert render(copy / "site", copy / "cache").drawn == first[1].drawn > 0
    assert files(copy / "site") == before


def test_damaged_and_foreign_entries_are_drawn_again(copy: Path) -> None:
    before = files(copy / "site")
    kept = entries(copy / "cache")
    kept[0].write_bytes(kept[1].read_bytes())
    kept[2].write_bytes(kept[2].read_bytes()[:-20])
    kept[3].write_bytes(b"<svg onload=alert(1)>")
    (copy / "cache/ff").mkdir(exist_ok=True)
    (copy / "cache/ff/not-a-name").write_text("left by somebody")
    assert 0 < render(copy / "site", copy / "cache").drawn <= 4
    assert files(copy / "site") == before


def a_later_day() -> list[Reading]:
    """Change one figure of one day at one gateway."""
    north, *others = specimens.readings()
    daily = next(board for board in north.boards if board.days)
    *earlier, newest = daily.days
    value, *more = newest.values
    doubled = dataclasses.replace(value, value=(value.value or 0) * 2, share_pct=None)
    newest = dataclasses.replace(newest, values=(doubled, *more))
    board = dataclasses.replace(daily, days=(*earlier, newest))
    boards = tuple(board if one is daily else one for one in north.boards)
    return [dataclasses.replace(north, boards=boards), *others]


def test_one_changed_day_draws_again_only_what_shows_it(
    copy: Path, first: tuple[Path, site.Summary]
) -> None:
    before = files(copy / "site")
    drawn = render(copy / "site", copy / "cache", *a_later_day()).drawn
    assert 0 < drawn < first[1].drawn
    after = files(copy / "site")
    of_south = {n for n in before if n.startswith(("images/south/", "charts/south/"))}
    assert of_south
    assert all(after[name] == before[name] for name in of_south)


def test_branches_that_share_a_cache_do_not_disturb_each_other(copy: Path) -> None:
    before = files(copy / "site")
    render(copy / "branch", copy / "cache", *a_later_day())
    assert render(copy / "site", copy / "cache").drawn == 0
    assert files(copy / "site") == before


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of data and code of which nothing but its bytes matters."""
    root = tmp_path / "root"
    for name in ("data/north/daily/2026-06-30.json", "leaderboard/words.py", "templates/a.html"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{name}\n")
    return root / "data"


def fingerprint(data: Path, **edition: object) -> str:
    return standing.fingerprint(specimens.edition(**edition), data, data.parent)


def at(hour: int, day: int = 1) -> dt.datetime:
    return dt.datetime(2026, 7, day, hour, tzinfo=dt.UTC)


def test_the_hour_changes_nothing_and_midnight_does(data: Path) -> None:
    assert fingerprint(data, built_at=at(2)) == fingerprint(data, built_at=at(23))
    assert fingerprint(data, built_at=at(2)) != fingerprint(data, built_at=at(2, day=2))


@pytest.mark.parametrize(
    "setting",
    [{"title": "Other"}, {"base_url": ""}, {"simulated": True}, {"known_at": dt.date(2026, 6, 1)}],
)
def test_another_setting_is_another_site(data: Path, setting: dict[str, object]) -> None:
    assert fingerprint(data) != fingerprint(data, **setting)


def test_another_byte_of_data_or_code_is_another_site(data: Path) -> None:
    root, seen = data.parent, {fingerprint(data)}
    for name in ("data/north/daily/2026-06-30.json", "leaderboard/words.py", "templates/a.html"):
        (root / name).write_text("changed")
        seen.add(fingerprint(data))
    (data / "north/daily/2026-06-29.json").write_text("new")
    seen.add(fingerprint(data))
    (data / "north/daily/2026-06-29.json").rename(data / "north/daily/2026-06-28.json")
    seen.add(fingerprint(data))
    assert len(seen) == 6


def test_what_a_killed_run_or_python_left_is_no_change(data: Path) -> None:
    before = fingerprint(data)
    (data / "north/daily/.half.part").write_text("half")
    (data.parent / "leaderboard/__pycache__").mkdir()
    (data.parent / "leaderboard/__pycache__/words.pyc").write_text("compiled")
    assert fingerprint(data) == before


@pytest.fixture
def stood(copy: Path) -> tuple[Path, Keep, Edition]:
    keep, edition = Keep(copy / "cache"), specimens.edition()
    standing.remember(copy / "site", "inputs", edition, keep)
    return copy / "site", keep, edition


def test_an_untouched_site_stands_and_says_when_it_was_built(
    stood: tuple[Path, Keep, Edition],
) -> None:
    out, keep, edition = stood
    assert standing.built_at(out, "inputs", keep) == edition.built_at
    assert standing.built_at(out, "other inputs", keep) is None


@pytest.mark.parametrize("touch", ["changed", "deleted", "added", "manifest", "all gone"])
def test_a_touched_site_does_not_stand(stood: tuple[Path, Keep, Edition], touch: str) -> None:
    out, keep, _ = stood
    page = out / "status/index.html"
    if touch == "changed":
        page.write_bytes(page.read_bytes().replace(b"e", b"3", 1))
    elif touch == "deleted":
        page.unlink()
    elif touch == "added":
        (out / "status/note.txt").write_text("mine")
    elif touch == "manifest":
        (out / "manifest.json").write_text("{}")
    else:
        shutil.rmtree(out)
    assert standing.built_at(out, "inputs", keep) is None


def test_a_site_stands_only_by_a_whole_memory_of_it(stood: tuple[Path, Keep, Edition]) -> None:
    out, keep, _ = stood
    assert keep.folder is not None
    for entry in entries(keep.folder):
        if b'"manifest"' in entry.read_bytes():
            entry.write_bytes(entry.read_bytes().replace(b'"manifest"', b'"manifesto"'))
    assert standing.built_at(out, "inputs", keep) is None


def modules_after(*options: str) -> set[str]:
    """Name the modules that the command has imported when it ends."""
    script = (
        "import json, runpy, sys\n"
        "try: runpy.run_path(sys.argv.pop(1), run_name='__main__')\n"
        "except SystemExit as end: print(json.dumps([end.code or 0, *sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(ROOT / "build.py"), *options],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    status, *modules = json.loads(done.stdout.splitlines()[-1])
    assert status == 0, done.stderr
    return set(modules)


def test_help_imports_nothing_it_does_not_need() -> None:
    modules = modules_after("--help")
    assert not modules & (HEAVY | {"tomllib", "shutil"})
    assert not any(name.startswith("leaderboard") for name in modules)


@pytest.fixture
def snapshots(tmp_path: Path) -> Path:
    """Three days of one gateway, as a fetch would have saved them."""
    store = Store(tmp_path / "data")
    for day in (27, 28, 29):
        date = dt.date(2026, 6, day)
        tokens = {"alpha/large": 500 + day, "beta/small": 300, "other": 90}
        store.save(
            Observation(
                source="openrouter",
                dataset="rankings-daily",
                date=date,
                citation=specimens.OPEN,
                url="https://north.example/rankings",
                published=specimens.PUBLISHED,
                window=None,
                key=("model_permaslug",),
                rows=[
                    {"date": str(date), "model_permaslug": name, "total_tokens": str(total)}
                    for name, total in tokens.items()
                ],
            )
        )
    return tmp_path / "data"


def test_an_unchanged_build_touches_no_file_and_needs_no_renderer_parser_or_client(
    snapshots: Path, tmp_path: Path
) -> None:
    options = ["--no-fetch"]
    for name in ("data", "out", "cache"):
        options += [f"--{name}", f"{tmp_path}/{name}"]
    modules_after(*options, "--now", "2026-06-30T03:00:00Z")
    before = [(path, path.stat()) for path in sorted((tmp_path / "out").rglob("*"))]
    assert before
    modules = modules_after(*options, "--now", "2026-06-30T16:00:00Z")
    assert not modules & HEAVY
    after = [(path, path.stat()) for path in sorted((tmp_path / "out").rglob("*"))]
    assert [(p, s.st_ino, s.st_mtime_ns) for p, s in after] == [
        (p, s.st_ino, s.st_mtime_ns) for p, s in before
    ]
    page = (tmp_path / "out/index.html").read_text()
    assert "03:00 UTC" in page
    modules_after(*options, "--now", "2026-07-01T03:00:00Z")
    assert (tmp_path / "out/index.html").read_text() != page
