import dataclasses
import datetime as dt
import itertools
import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard import boards, charts
from leaderboard.charts import Figure, lettering, stacking, theme
from leaderboard.records import OTHERS, Board, View
from tests.sample_boards import a_board, a_day, a_list, at, derived, view

DAY_MS = 86_400_000


def a_view(days: int = 30, names: int = 12, gaps: tuple[int, ...] = (), **more: Any) -> View:
    board = a_board(
        *(
            a_day(i, {f"m{n}": 1000 - 50 * n + (i * n) % 7 for n in range(names)}, others=900)
            for i in range(days)
            if i not in gaps
        ),
        **more,
    )
    return view(
        board, "all" if days > 365 else "1y" if days > 90 else "90d" if days > 30 else "30d"
    )


def drawn(shown: View) -> Figure:
    figure = charts.figure(shown)
    assert figure is not None
    return figure


def rows(figure: Figure, dataset: str = "points", layout: str = "wide") -> list[dict[str, Any]]:
    spec = figure.wide if layout == "wide" else figure.narrow
    found: list[dict[str, Any]] = spec["datasets"][dataset]
    return found


def renamed(shown: View, names: dict[str, str]) -> View:
    def change(key: str) -> Any:
        return dataclasses.replace(shown.board.entities[key], name=names[key])

    entries = tuple(
        dataclasses.replace(r, entity=change(r.entity.key)) if r.entity.key in names else r
        for r in shown.rows
    )
    return dataclasses.replace(shown, rows=entries)


def leaves(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)


def test_a_figure_without_its_credit_cannot_be():
    figure = drawn(a_view())
    uncited = dataclasses.replace(figure.citation, text=" ")
    with pytest.raises(ValueError, match="citation"):
        dataclasses.replace(figure, citation=uncited)
    with pytest.raises(ValueError, match="words"):
        dataclasses.replace(figure, alt="")


def test_the_largest_is_at_the_bottom_and_others_on_top():
    figure = drawn(a_view())
    assert [s.key for s in figure.series] == [f"m{n}" for n in range(8)] + [OTHERS]
    assert figure.series[-1].colour == theme.REST


def test_the_tail_is_folded_into_others():
    shown = a_view(names=12)
    newest = [r for r in rows(drawn(shown)) if r["day"] == shown.end.isoformat()]
    tail = [r.newest_share_pct or 0 for r in shown.rows[8:]]
    assert shown.others is not None
    expected = math.fsum([*tail, shown.others.newest_share_pct or 0])
    assert newest[-1]["share"] == pytest.approx(expected, abs=1e-4)


def test_one_entity_is_no_tail():
    shown = view(a_board(*(a_day(i, {f"m{n}": 9 for n in range(9)}) for i in range(5))))
    assert [s.key for s in drawn(shown).series] == [f"m{n}" for n in range(9)]


@st.composite
def views_with_holes(draw: st.DrawFn) -> View:
    days = draw(st.lists(st.integers(0, 80), min_size=3, max_size=40, unique=True))
    board = a_board(
        *(
            a_day(
                day,
                draw(
                    st.dictionaries(
                        st.sampled_from([f"m{n}" for n in range(12)]),
                        st.integers(1, 10**12),
                        min_size=1,
                    )
                ),
                others=draw(st.none() | st.integers(1, 10**12)),
            )
            for day in sorted(days)
        )
    )
    return draw(st.sampled_from(boards.views(derived(board))))


@given(views_with_holes())
def test_every_drawn_day_adds_up_to_a_hundred(shown: View):
    stack = stacking.stack(shown)
    totals: dict[int, float] = {}
    for point in stacking.points(stack):
        time = point["time"]
        totals[time] = totals.get(time, 0) + (point["share"] or 0)  # type: ignore[index,call-overload,operator]
    assert totals
    assert all(total == pytest.approx(100, abs=0.01) for total in totals.values())


@given(views_with_holes())
def test_bands_break_where_a_day_is_missing(shown: View):
    missing = {date.isoformat() for date in shown.missing}
    stack = stacking.stack(shown)
    points = stacking.points(stack)
    assert not missing & {str(point["day"]) for point in points}
    for _, run in itertools.groupby(points, lambda p: (p["series"], p["run"])):
        days = sorted({dt.date.fromisoformat(str(p["day"])) for p in run})
        assert (days[-1] - days[0]).days == len(days) - 1


@given(views_with_holes())
def test_what_is_not_listed_is_never_drawn_as_zero(shown: View):
    by_key = {r.entity.key: r for r in shown.rows}
    stack = stacking.stack(shown)
    for point in stacking.points(stack):
        key = stack.series[point["series"]].key  # type: ignore[call-overload]
        if key == OTHERS:
            continue
        day = shown.dates.index(dt.date.fromisoformat(str(point["day"])))
        share = by_key[key].history[day]
        assert point["share"] == (None if share is None else round(share, 4))


def test_a_day_alone_between_gaps_can_be_seen():
    figure = drawn(a_view(days=10, gaps=(3, 5)))
    times = {r["time"] for r in rows(figure) if r["day"] == at(4).isoformat()}
    middle = (at(4) - dt.date(1970, 1, 1)).days * DAY_MS
    assert sorted(times) == [middle - 0.4 * DAY_MS, middle + 0.4 * DAY_MS]


def test_long_histories_are_drawn_as_weekly_means():
    shown = a_view(days=200)
    figure = drawn(shown)
    points = [r for r in rows(figure) if r["series"] == 0]
    assert len(points) == 200 // 7
    assert points[-1]["day"] == shown.end.isoformat()
    last_week = shown.rows[0].history[-7:]
    assert points[-1]["share"] == pytest.approx(sum(s or 0 for s in last_week) / 7, abs=1e-4)
    assert figure.note is not None
    assert "weekly means" in figure.note
    assert "weekly means" in rows(figure, "captions")[0]["text"]
    assert drawn(a_view(days=180)).note is None


def test_no_history_makes_more_points_than_a_picture_can_show():
    for days in (180, 181, 365, 1260, 1261, 3000):
        figure = drawn(a_view(days=days, names=3))
        assert len(rows(figure)) <= 180 * len(figure.series)


def test_two_days_are_bars_and_ranks_alone_are_no_picture():
    assert drawn(a_view(days=2)).form == "ranked-bars"
    assert drawn(a_view(days=3)).form == "share-area"
    ranked = a_list(6, {"b": None, "a": None}, window=None, days=None)
    (shown,) = boards.views(derived(a_board(lists=(ranked,), kind="provider")))
    assert charts.figure(shown) is None


def test_bars_keep_the_order_ranked_and_show_the_first_twenty():
    entries = {f"app{n}": 1000 - 30 * ((n * 7) % 30) for n in range(30)}
    shown = view(a_board(lists=(a_list(6, dict(entries)),), kind="app", order="trending"), "7d")
    figure = drawn(shown)
    assert [r["text"] for r in rows(figure, "names")] == [f"APP{n}" for n in range(20)]
    assert [r["text"] for r in rows(figure, "ranks")] == [str(n) for n in range(1, 21)]
    assert len(rows(figure, "bars", "narrow")) == 10
    lengths = [r["x2"] - r["x"] for r in rows(figure, "bars")]
    unit = max(lengths) / max(list(entries.values())[:20])
    expected = [value * unit for value in list(entries.values())[:20]]
    assert lengths == pytest.approx(expected, abs=0.2)
    assert "trending" in rows(figure, "captions")[0]["text"]


def test_a_lower_bound_is_written_as_one():
    figure = drawn(a_view(kind="lab", is_lower_bound=True))
    values = [r["text"] for r in rows(figure, "values")]
    assert all(value.startswith("≥") for value in values[:-1])
    assert not values[-1].startswith("≥")


def test_what_left_the_list_has_a_label_without_a_figure():
    days = [a_day(i, {"a": 70, "b": 20}, others=10) for i in range(9)]
    shown = view(a_board(*days, a_day(9, {"a": 70}, others=30)))
    figure = drawn(shown)
    assert [r["text"] for r in rows(figure, "names")] == ["A", "B", "All others"]
    assert rows(figure, "values")[1]["text"] == "–"
    assert {r["series"] for r in rows(figure, "leaders")} == {0, 2}


def test_words_say_what_the_picture_shows():
    figure = charts.figure(a_view(days=10, gaps=(3,)), gateway="Gate")
    assert figure is not None
    assert figure.alt.startswith(
        "Stacked areas: daily share of tokens at Gate, 1–10 January 2026, UTC. "
        "On 10 January 2026: M0 "
    )
    assert "; all others" in figure.alt
    assert "1 day without data left blank" in figure.alt
    assert re.search(r"M0 \d+\.\d %, M1 \d+\.\d % and M2 \d+\.\d %", figure.alt)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "datum.value; alert(1)",
    "{{7*7}}",
    "constructor",
    "__proto__",
    "a\x00b\x1bc\u202ed\ud800e\u2028f",
    "👩‍👩‍👧‍👦🇩🇪👍🏽 " * 9,
    "النص العربي",
    "x" * 4000,
    "\n\t ",
]


def test_nothing_a_source_sent_leaves_the_rows_of_a_spec():
    plain = a_view()
    keys = [r.entity.key for r in plain.rows]
    hostile = renamed(plain, dict(zip(keys, HOSTILE, strict=False)))
    ours, theirs = drawn(plain), drawn(hostile)
    for one, other in ((ours.wide, theirs.wide), (ours.narrow, theirs.narrow)):
        for spec in (one, other):
            del spec["datasets"], spec["width"], spec["height"], spec["padding"]
            # Where names are long the type is smaller and fewer days are named.
            spec["config"] = spec["layer"][0]["encoding"]["x"]["axis"] = None
        assert one == other
    bars = view(a_board(lists=(a_list(6, dict.fromkeys(HOSTILE, 9)),), kind="app"), "7d")
    spec = drawn(bars).wide
    outside = json.dumps({key: value for key, value in spec.items() if key != "datasets"})
    assert not any(name[:12] in outside for name in HOSTILE[:5])


def test_specs_have_no_channel_that_links_or_loads():
    shown = a_view()
    app = view(a_board(lists=(a_list(6, {"a": 2, "b": 1}),), kind="app"), "7d")
    for figure in (drawn(shown), drawn(app)):
        for spec in (figure.wide, figure.narrow):
            keys = {key for key, _ in leaves(spec)}
            assert not keys & {"href", "url", "image", "usermeta", "title_", "params"}
            marks = [layer["mark"]["type"] for layer in spec["layer"]]
            assert set(marks) <= {"area", "rect", "line", "text"}
            assert all("name" in layer["data"] for layer in spec["layer"])
            json.dumps(spec, allow_nan=False)


def test_time_is_utc_and_shares_reach_from_zero_to_a_hundred():
    encoding = drawn(a_view()).wide["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["type"] == "utc"
    assert encoding["y"]["scale"]["domain"] == [0, 100]


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize(
    "names", [{}, dict(zip([f"m{n}" for n in range(8)], HOSTILE, strict=False))]
)
def test_labels_stay_apart_and_inside(layout: str, names: dict[str, str]):
    figure = drawn(renamed(a_view(), names))
    spec = figure.wide if layout == "wide" else figure.narrow
    right = spec["width"] + spec["padding"]["right"]
    size = spec["config"]["text"]["fontSize"]
    labels = rows(figure, "names", layout)
    for label in labels:
        assert label["x"] + lettering.width(label["text"], size) <= right + 0.5
        assert -spec["padding"]["top"] < label["y"] < spec["height"]
    columns = itertools.groupby(sorted(labels, key=lambda r: r["x"]), lambda r: r["x"])
    for _, column in columns:
        places = sorted(label["y"] for label in column)
        assert all(b - a >= size for a, b in itertools.pairwise(places))


def test_a_phone_never_shows_two_models_under_one_cut_name():
    names = ["DeepSeek V4 Flash 0423 Preview", "DeepSeek V4 Flash 0423 Preview (free)"]
    figure = drawn(renamed(a_view(), dict(zip(("m0", "m1"), names, strict=True))))
    assert [r["text"] for r in rows(figure, "names", "narrow")][:2] == names


@given(
    st.lists(st.floats(0, 400), min_size=1, max_size=12).map(sorted),
    st.floats(1, 40),
)
def test_labels_move_no_more_than_they_must(wanted: list[float], gap: float):
    placed = lettering.spread(wanted, gap, 0, 400)
    kept = min(gap, 400 / max(len(wanted) - 1, 1))
    assert all(b - a >= kept - 1e-6 for a, b in itertools.pairwise(placed))
    assert placed[0] >= -1e-6
    assert placed[-1] <= 400 + 1e-6
    if all(b - a >= gap for a, b in itertools.pairwise(wanted)):
        assert placed == pytest.approx(wanted)


@given(st.text(), st.floats(20, 200))
def test_text_is_cut_only_between_characters_as_seen(text: str, room: float):
    cut = lettering.fit(text, room, 12)
    whole = lettering.fit(text, 10**9, 12)
    if cut != whole:
        assert lettering.width(cut, 12) <= room or cut == "…"
        assert cut.endswith("…")
        clusters = list(lettering.graphemes(whole))
        starts = {"".join(clusters[:i]).rstrip() for i in range(len(clusters) + 1)}
        assert cut[:-1] in starts
    assert "".join(lettering.graphemes(text)) == text


@pytest.mark.parametrize("seen", ["👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0301", "한", "✈️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_a_character_as_seen_is_never_cut_through(seen: str):
    assert list(lettering.graphemes(f"a{seen}b{seen}{seen}")) == ["a", seen, "b", seen, seen]


def test_ticks_name_the_newest_day_or_months():
    days, are_months = stacking.ticks(at(0), at(29), 9)
    assert not are_months
    assert days[-1] == (at(29) - dt.date(1970, 1, 1)).days * DAY_MS
    for length in (1, 3, 7, 30, 45, 90, 180, 365, 690, 2000):
        for most in (4, 5, 9):
            days, _ = stacking.ticks(at(0), at(length - 1), most)
            assert len(days) <= most + 1


def test_a_sparkline_breaks_at_gaps_and_shows_days_alone():
    assert charts.sparkline([1.0, 2.0, None, 2.0, None, 1.0, 0.5]) == (
        "M2 12l15.3-10M48 2h0M78.7 12l15.3 5"
    )
    assert charts.sparkline([None, None]) == ""
    assert charts.sparkline([]) == ""


@given(st.lists(st.none() | st.floats(0, 100), max_size=900))
def test_a_sparkline_stays_in_its_box(history: list[float | None]):
    path = charts.sparkline(history)
    number = r"-?(?:[0-9]+(?:[.][0-9])?|[.][0-9])"
    assert re.fullmatch(rf"(M{number} {number}(h0|(l{number} ?{number})+))*", path)
    steps = re.findall(rf"([Ml])({number}) ?({number})", path)
    x = y = 0.0
    for step, right, down in steps:
        x, y = (x + float(right), y + float(down)) if step == "l" else (float(right), float(down))
        assert 1.9 <= x <= 94.1
        assert 1.9 <= y <= 22.1
    assert len(steps) <= charts.SPARK_POINTS


GROUNDS = ["#ffffff", "#fbfaf7", "#0f1115", "#131416", "#1a1c1f"]


def test_labs_stand_out_on_light_and_dark():
    for lab in [*theme.LABS, "a lab nobody knows"]:
        for step in range(5):
            assert all(theme.contrast(theme.colour(lab, step), g) >= 2.95 for g in GROUNDS)
        assert all(theme.contrast(theme.colour(lab), ground) >= 3 for ground in GROUNDS)
    for text, light, dark in (
        (theme.INK, "#ffffff", "#1a1c1f"),
        (theme.SOFT, "#fbfaf7", "#1a1c1f"),
    ):
        assert theme.contrast(text, light) >= 4.5
        assert theme.contrast(theme.NEUTRALS[text][3], dark) >= 4.5


# Machado, Oliveira and Fernandes 2009, severity 1.
DEFICIENCIES = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def seen(value: str, deficiency: str) -> tuple[float, ...]:
    """Give OKLab coordinates, times a hundred, of a colour as it is seen."""
    channels = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    matrix = DEFICIENCIES[deficiency]
    r, g, b = (
        min(max(sum(m * c for m, c in zip(row, linear, strict=True)), 0), 1) for row in matrix
    )
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        100 * (0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short),
        100 * (1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short),
        100 * (0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short),
    )


@pytest.mark.parametrize(
    ("deficiency", "least", "least_of_eight"),
    [
        ("normal", 7.0, 9.5),
        ("protanopia", 4.5, 6.0),
        ("deuteranopia", 4.5, 6.0),
        ("tritanopia", 4.5, 6.0),
    ],
)
def test_labs_can_be_told_apart(deficiency: str, least: float, least_of_eight: float):
    eyes = [seen(value, deficiency) for value in theme.LABS.values()]
    for (i, one), (j, other) in itertools.combinations(enumerate(eyes), 2):
        wanted = least_of_eight if max(i, j) < 8 else least
        assert math.dist(one, other) >= wanted, (list(theme.LABS)[i], list(theme.LABS)[j])


def test_models_of_one_lab_have_steps_of_its_colour():
    first, other, *more = theme.colours(
        ["google", "openai", "google", "google", "google", "google"]
    )
    assert (first, other) == (theme.LABS["google"], theme.LABS["openai"])
    assert len({first, *more}) == 5
    lightness = sorted(seen(value, "normal")[0] for value in (first, *more))
    assert all(b - a >= 2 for a, b in itertools.pairwise(lightness))


def test_a_lab_has_one_colour_everywhere():
    assert theme.colour("some-new-lab") == theme.colour("some-new-lab")
    assert theme.colour("some-new-lab") in theme.UNLISTED
    assert theme.colours([None, None]) == (theme.PLAIN, theme.PLAIN)


def test_the_style_sheet_knows_every_colour_a_chart_can_have():
    css = theme.css()
    for lab in [*theme.LABS, None, *(f"unknown {n}" for n in range(40))]:
        for step in range(7):
            assert f".{theme.swatch(theme.colour(lab, step))}{{" in css
    for neutral in theme.NEUTRALS:
        assert f'.chart [fill="{neutral}"]' in css
        assert f'.chart [stroke="{neutral}"]' in css


def test_every_board_kind_can_be_drawn():
    board: Board = a_board(*(a_day(i, {"x": 2, "y": 1}) for i in range(4)), kind="provider")
    assert {s.colour for s in drawn(view(board)).series} == {theme.PLAIN}
