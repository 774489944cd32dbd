"""The images to share: their words, their size, their colours, and how seldom they are drawn."""

import dataclasses
import datetime as dt
import io
import json
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from leaderboard import boards, charts, site, words
from leaderboard.charts import drawing, images, indexed, lettering, theme
from leaderboard.charts.images import SIZES, Wording
from leaderboard.pages import downloads, sharing
from leaderboard.pages.cards import Build
from leaderboard.records import OTHERS, Board, Reading, View
from tests import specimens

HOSTILE = [
    "</text><script>alert(1)</script>",
    "a\x00\x07\ud800\u202e\u2028z",
    "👩‍👩‍👧‍👦 🇩🇪 " * 20,
    "x" * 300,
    " ",
]
LONG = dataclasses.replace(
    specimens.OPEN, notice=specimens.OPEN.text + " " + "Whoever reads this may use it. " * 12
)


def daily_board(days: int = 40, end: dt.date = specimens.LAST_DAY) -> Board:
    figures = [
        {**{f"lab{n}/model-{n}": 900 - 60 * n + day for n in range(12)}, OTHERS: 400}
        for day in range(days)
    ]
    return specimens.models_board(figures, end=end)


def shown(board: Board | None = None, at: int = 0) -> tuple[Reading, View]:
    reading = specimens.readings(board or daily_board())[0]
    return reading, boards.views(reading.boards[at])[0]


def spec_of(
    ratio: images.Ratio, board: Board | None = None, at: int = 0, **edition: object
) -> dict[str, Any]:
    reading, view = shown(board, at)
    chart = sharing.contents(view)
    assert chart is not None
    texts = sharing.texts(specimens.edition(**edition), reading, view)
    texts.pop("gateway")
    return images.image(chart, Wording(**texts), ratio)  # type: ignore[arg-type]


def said(spec: dict[str, Any]) -> str:
    """Join an image's texts, line by line as they stand."""
    rows = [row for rows in spec["datasets"].values() for row in rows if "text" in row]
    rows.sort(key=lambda row: row["y"])
    return " ".join(row["text"] for row in rows).replace(words.NBSP, " ")


def boxes(spec: dict[str, Any]) -> Iterator[tuple[float, float, float, float]]:
    """Give where each text and box stands in the whole image: left, top, right, bottom."""
    left, top = spec["padding"]["left"], spec["padding"]["top"]
    sizes = {"bold": True, "plain": False, "names": False, "amounts": True, "captions": False}
    for name, is_bold in sizes.items():
        for row in spec["datasets"].get(name, ()):
            size = row.get("size", spec["config"]["text"]["fontSize"])
            width = lettering.width(row["text"], size, is_bold=is_bold)
            x, y = row["x"] + left, row["y"] + top
            yield x, y - size / 2, x + width, y + size / 2
    for name in ("frames", "bars"):
        for row in spec["datasets"].get(name, ()):
            yield row["x"] + left, row["y"] + top, row["x2"] + left, row["y2"] + top


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("at", [0, 1], ids=["area", "bars"])
def test_every_ratio_is_drawn_to_the_pixel_and_small(at):
    specs = [spec_of(ratio, at=at, simulated=True) for ratio in SIZES]
    for png, size in zip(drawing.draw_png(specs), SIZES.values(), strict=True):
        assert isinstance(png, bytes), str(png)
        assert size_of(png) == size
        assert len(png) < 64_000


@pytest.mark.parametrize("ratio", SIZES)
@pytest.mark.parametrize("at", [0, 1], ids=["area", "bars"])
def test_an_image_says_all_that_it_may_not_be_shown_without(ratio, at):
    reading, view = shown(at=at)
    text = said(spec_of(ratio, at=at, simulated=True, base_url="https://a.example/repo"))
    spoken = " ".join(text.split())
    for part in (specimens.OPEN.notice, "1–30 June 2026, UTC" if at == 0 else "June 2026, UTC"):
        for word in part.split():
            assert word in spoken
    assert "LLM Gateway Leaderboard" in spoken
    assert "a.example/repo" in spoken
    assert downloads.SIMULATED in spoken
    assert words.named(view.rows[0].entity.name, view.rows[0].entity.key) in spoken
    assert reading.name.split()[0] in spoken


def test_an_edition_of_real_data_does_not_say_that_it_is_simulated():
    assert "Simulated" not in said(spec_of("landscape"))


@pytest.mark.parametrize("missing", ["headline", "when", "measure", "credit", "site"])
def test_no_image_exists_without_its_words(missing):
    parts = dict.fromkeys(("headline", "when", "measure", "credit", "site"), "a")
    with pytest.raises(ValueError, match=missing):
        Wording(**(parts | {missing: " "}))  # type: ignore[arg-type]


@pytest.mark.parametrize("ratio", SIZES)
@pytest.mark.parametrize("at", [0, 1], ids=["area", "bars"])
@pytest.mark.parametrize("credit", [specimens.OPEN, LONG], ids=["short", "long"])
def test_nothing_stands_outside_the_image_and_the_credit_is_never_cut(ratio, at, credit):
    reading, view = shown(at=at)
    view = dataclasses.replace(view, citation=credit)
    chart = sharing.contents(view)
    texts = sharing.texts(specimens.edition(simulated=True), reading, view)
    texts.pop("gateway")
    spec = images.image(chart, Wording(**texts), ratio)
    width, height = SIZES[ratio]
    for left, top, right, bottom in boxes(spec):
        assert left >= 0
        assert top >= 0
        assert right <= width + 1
        assert bottom <= height
    lines = [row["text"] for row in spec["datasets"]["plain"] if row["size"] == 17]
    assert " ".join(lines).startswith(" ".join(credit.notice.split()))
    assert spec["height"] > 60


@pytest.mark.parametrize("ratio", SIZES)
def test_hostile_names_cost_no_image(ratio):
    days = [{f"{name}/m": 100 - i for i, name in enumerate("abcde")} for _ in range(30)]
    names = dict(zip((f"{k}/m" for k in "abcde"), HOSTILE, strict=True))
    board = specimens.models_board(days, names=names)
    spec = spec_of(ratio, board)
    (png,) = drawing.draw_png([spec])
    assert isinstance(png, bytes), str(png)
    assert not any(
        "\u202e" in row.get("text", "") for rows in spec["datasets"].values() for row in rows
    )


def test_a_sign_of_a_lower_bound_is_explained_where_it_stands():
    board = dataclasses.replace(daily_board(), is_lower_bound=True)
    text = said(spec_of("og", board))
    assert "≥" in text
    assert "≥ marks a lower bound" in text
    assert "≥" not in said(spec_of("og"))


def test_the_same_view_gives_the_same_bytes_and_is_drawn_once(tmp_path):
    specs = [spec_of(ratio) for ratio in SIZES]
    with drawing.Studio(processes=2, cache=tmp_path) as studio:
        first = [one.result() for one in [studio.png(spec) for spec in specs]]
    assert studio.drawn == len(specs)
    with drawing.Studio(processes=1, cache=tmp_path) as studio:
        second = [one.result() for one in [studio.png(spec) for spec in specs]]
    assert studio.drawn == 0
    assert first == second == drawing.draw_png(specs)


def test_indexed_colours_keep_every_colour_that_a_chart_names():
    spec = spec_of("landscape", simulated=True)
    (png,) = drawing.draw_png([spec])
    with Image.open(io.BytesIO(png)) as image:
        assert image.mode == "P"
        found = {colour for _, colour in image.convert("RGB").getcolors(1 << 16)}
    named = {row["colour"] for row in spec["datasets"]["points"]} | {theme.PAPER, theme.INK}
    assert {tuple(bytes.fromhex(colour[1:])) for colour in named} <= found


def test_no_two_of_the_charts_colours_become_one():
    labs = [theme.colour(lab, step) for lab in theme.LABS for step in range(5)]
    named = [*theme.NEUTRALS, images.WARN, images.WARN_TINT, images.ACCENT, *labs]
    image = Image.new("RGB", (len(named), 4))
    for x, colour in enumerate(named):
        image.paste(colour, (x, 0, x + 1, 4))
    body = io.BytesIO()
    image.save(body, "PNG")
    with Image.open(io.BytesIO(indexed.png(body.getvalue(), named))) as made:
        pixels = made.convert("RGB")
        found = [pixels.getpixel((x, 0)) for x in range(len(named))]
    assert found == [tuple(bytes.fromhex(colour[1:])) for colour in named]


def test_dated_images_are_of_the_newest_days_and_every_months_last():
    dates = sharing.frozen_dates(daily_board(200))
    week = [specimens.LAST_DAY - dt.timedelta(days=n) for n in range(7)]
    assert dates[:7] == tuple(week)
    assert dates[7:] == tuple(
        dt.date(2026, month, day) for month, day in ((5, 31), (4, 30), (3, 31), (2, 28), (1, 31))
    )
    assert sharing.frozen_dates(daily_board(29)) == ()
    years = sharing.frozen_dates(daily_board(800))
    assert len(years) == sharing.FROZEN_DAYS - 1 + sharing.FROZEN_MONTHS
    assert years[-1] == dt.date(2025, 7, 31)


def test_a_dated_image_shows_what_ended_on_its_day():
    board = shown(daily_board(200))[0].boards[0]
    view = sharing.view_on(board, dt.date(2026, 5, 31))
    assert (view.start, view.end, view.window) == (dt.date(2026, 5, 2), dt.date(2026, 5, 31), "30d")
    newest = boards.views(board)[0]
    dated = sharing.view_on(board, newest.end)
    assert [(row.entity.key, row.share_pct) for row in dated.rows] == [
        (row.entity.key, row.share_pct) for row in newest.rows
    ]


def test_a_dated_image_says_how_long_it_stays():
    board = daily_board(120, end=dt.date(2026, 6, 12))
    north = specimens.readings(board)[0]
    view = boards.views(north.boards[0])[0]
    dates = sharing.frozen_dates(north.boards[0])
    build = Build(
        edition=specimens.edition(),
        readings=(north,),
        statuses=(),
        views={one.path: boards.views(one) for one in north.boards},
        pictures={},
        sparkline=charts.sparkline,
        images={sharing.image_path(view, "landscape", date): b"" for date in dates},
    )
    frozen = sharing.sharing(build, north, view).frozen
    assert frozen is not None
    assert (frozen.date, frozen.until) == (dt.date(2026, 6, 12), dt.date(2026, 6, 19))
    ends = [dt.date(2026, 5, 31), dt.date(2026, 4, 30), dt.date(2026, 3, 31)]
    assert [date for date, _ in frozen.lasting] == ends
    # On its last day it is still among those drawn; on the day after it is not.
    later = daily_board(120, end=dt.date(2026, 6, 18))
    assert frozen.date in sharing.frozen_dates(later)
    assert frozen.date not in sharing.frozen_dates(daily_board(120, end=dt.date(2026, 6, 19)))


def test_every_list_that_a_source_publishes_has_its_default_view_in_every_ratio():
    for reading in specimens.readings(daily_board()):
        for board in reading.boards:
            own = dataclasses.replace(board, is_reranked=False)
            assert set(sharing.ratios(own)) == set(SIZES), board.path
            assert sharing.ratios(dataclasses.replace(board, is_reranked=True)) == ()


def test_the_newest_days_dated_image_is_the_newest_image(tmp_path):
    out = tmp_path / "site"
    summary = site.render(
        specimens.edition(),
        specimens.readings(daily_board(80)),
        specimens.statuses(),
        out,
        processes=2,
        cache=None,
    )
    assert summary.failed_charts == ()
    folder = out / "images/north/models/tokens"
    newest = folder / "landscape.png"
    assert (folder / "2026-06-30/landscape.png").read_bytes() == newest.read_bytes()
    assert (folder / "2026-05-31/landscape.png").read_bytes() != newest.read_bytes()
    entries = {
        one["path"]: one for one in json.loads((out / "manifest.json").read_bytes())["files"]
    }
    assert entries["images/north/models/tokens/og.png"]["citation"] == specimens.OPEN.text
    page = (out / "north/models/tokens/index.html").read_text()
    assert "2026-06-30/landscape.png" in page
    assert "for a year" in page


def test_the_sites_own_image_has_every_gateway_and_every_credit_and_no_volumes(tmp_path):
    north, south = specimens.readings(daily_board())
    firsts = [(reading, boards.views(reading.boards[0])[0]) for reading in (north, south)]
    columns = [(reading.name, charts.bars(view)) for reading, view in firsts]
    wording = Wording(
        headline="Who leads",
        when="30 days",
        measure="-",
        credit="\n".join(sharing.credit(view.citation) for _, view in firsts),
        site="Site",
    )
    text = said(images.cover(columns, wording))
    assert "North Gate" in text
    assert "South Gate" in text
    out = tmp_path / "site"
    site.render(specimens.edition(), (north, south), (), out, processes=2, cache=None)
    assert size_of((out / "images/og.png").read_bytes()) == SIZES["og"]


def test_a_list_without_figures_is_an_image_of_its_names():
    board = specimens.apps_board(["First App", "Second App"])
    bare = dataclasses.replace(
        board,
        lists=tuple(
            dataclasses.replace(
                one,
                entries=tuple(
                    dataclasses.replace(e, value=None, requests=None) for e in one.entries
                ),
            )
            for one in board.lists
        ),
    )
    spec = spec_of("og", bare)
    assert spec["datasets"]["bars"] == []
    assert {"First App", "Second App"} <= {row["text"] for row in spec["datasets"]["names"]}
