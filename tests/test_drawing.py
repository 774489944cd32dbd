import dataclasses
import gzip
import os
import re
import signal
import struct
import threading
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, sync_playwright

from leaderboard import charts, words
from leaderboard.charts import Figure, drawing, lettering, svg, theme
from leaderboard.charts.drawing import Drawing, Undrawn
from leaderboard.records import View
from tests.sample_boards import a_board, a_day, a_list, view

CHROMIUM = Path("/usr/bin/chromium")
ALLOWED = {
    "svg": {"viewBox", "font-family", "font-size", "fill", "aria-hidden", "focusable"},
    "path": {"d", "fill", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin"},
    "text": {"x", "y", "fill", "font-weight", "font-size", "text-anchor"},
}
NAMES = [
    "constructor",
    "__proto__",
    "</text><script>alert(1)</script>",
    '" onload="alert(1)',
    "a\x00\x07\x1b\ud800\ufffe\u202e\u2028z",
    "👩‍👩‍👧‍👦 🇩🇪 👍🏽 𝕬𝖓𝖆𝖑𝖞𝖘𝖎𝖘 " * 3,
    "تطبيق عربي",
    "中文名称的应用程序",
    "&amp;&lt;&#0;]]>",
    "Z̷̡͖a̵̧l̸g̷o",
    "x" * 300,
    "-",
]


def area_view(days: int = 30, gaps: tuple[int, ...] = ()) -> View:
    values = [
        a_day(i, {f"m{n}": 1000 - 60 * n + (i * n) % 90 for n in range(12)}, others=700)
        for i in range(days)
        if i not in gaps
    ]
    shown = view(a_board(*values, labs={f"m{n}": lab for n, lab in enumerate(theme.LABS)}))
    names = iter(["Claude Opus 4.8", "GPT-5.6 Luna", "Gemini 3 Flash", "DeepSeek V4 Flash"] * 3)
    return dataclasses.replace(
        shown,
        rows=tuple(
            dataclasses.replace(r, entity=dataclasses.replace(r.entity, name=next(names)))
            for r in shown.rows
        ),
    )


def bars_view(names: list[str]) -> View:
    return view(
        a_board(lists=(a_list(6, {n: 90 - i for i, n in enumerate(names)}),), kind="app"), "7d"
    )


def figure_of(shown: View) -> Figure:
    figure = charts.figure(shown)
    assert figure is not None
    return figure


def drawn(*figures: Figure, **more: Any) -> list[Drawing]:
    results = drawing.draw(figures, **more)
    assert all(isinstance(result, Drawing) for result in results), [str(r) for r in results]
    return [result for result in results if isinstance(result, Drawing)]


@pytest.fixture(scope="module")
def area() -> Drawing:
    return drawn(figure_of(area_view(gaps=(9, 10, 12))))[0]


def hanging(figure: Figure) -> Figure:
    """Give a figure that keeps its renderer busy for ages, by a regular expression."""
    ages = f"test(regexp('^(a+)+$'), '{'a' * 40}b')"
    endless = {
        "data": {"values": [{}]},
        "transform": [{"calculate": ages, "as": "x"}],
        "mark": "point",
        "encoding": {"x": {"field": "x"}},
    }
    return dataclasses.replace(figure, wide=endless)


def test_a_drawing_is_shapes_and_text_and_nothing_else(area: Drawing):
    for text in (area.wide, area.narrow):
        for element in ElementTree.fromstring(text).iter():
            name = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
            assert set(element.attrib) <= ALLOWED[name]
        assert not re.search(r"style|<script|href|url\(|\bid=", text)


def test_a_drawing_uses_only_colours_the_style_sheet_knows(area: Drawing):
    known = {*theme.NEUTRALS, "none"}
    known |= {theme.colour(lab, step) for lab in theme.LABS for step in range(5)}
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', area.wide + area.narrow)) <= known


def test_a_month_weighs_little(area: Drawing):
    assert len(gzip.compress(area.wide.encode())) < 4_000
    assert len(gzip.compress(area.narrow.encode())) < 4_000


def test_coordinates_are_rounded_to_a_tenth(area: Drawing):
    assert not re.search(r"\d\.\d\d", re.sub(r'stroke-(opacity|width)="[^"]*"', "", area.wide))


def test_the_same_figures_give_the_same_bytes_in_any_number_of_processes():
    figures = [figure_of(area_view()), figure_of(bars_view(["a", "b"])), figure_of(area_view(9))]
    assert drawn(*figures, processes=1) == drawn(*figures, processes=3)


def test_a_place_and_its_time_zone_change_nothing(monkeypatch: pytest.MonkeyPatch):
    figure = figure_of(area_view())
    here = drawn(figure)
    for zone in ("Pacific/Kiritimati", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
        assert drawn(figure) == here


def test_any_name_is_drawn_as_text():
    names = NAMES[:]
    (result,) = drawn(figure_of(bars_view(names)))
    root = ElementTree.fromstring(result.wide)
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    for name in names:
        assert lettering.fit(words.named(name.upper(), name), 230, 13) in texts


def test_a_chart_with_marks_missing_is_refused():
    figure = dataclasses.replace(figure_of(area_view()), wide_marks=99)
    (result,) = drawing.draw([figure])
    assert isinstance(result, Undrawn)
    assert re.fullmatch(r"\d+ marks were drawn where the data has 99", str(result))


def test_a_broken_chart_costs_only_itself():
    good = figure_of(area_view())
    broken = dataclasses.replace(good, narrow={"mark": "nonsense"})
    results = drawing.draw([good, broken, None, good], processes=1)
    assert [type(result) for result in results] == [Drawing, Undrawn, Undrawn, Drawing]
    assert results[0] == results[3]


def test_a_chart_that_hangs_costs_only_itself():
    good = figure_of(area_view())
    # Only the hanging chart may be late: the others have the whole time to start a process.
    began = time.monotonic()
    results = drawing.draw([hanging(good), good], processes=1, timeout_s=6)
    assert time.monotonic() - began < 60
    assert isinstance(results[0], Undrawn)
    assert "no answer within 6 s" in str(results[0])
    assert isinstance(results[1], Drawing)


def children() -> list[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def test_a_renderer_that_dies_costs_only_its_chart():
    good = figure_of(area_view())
    before = set(children())
    results: list[Drawing | Undrawn] = []
    work = threading.Thread(
        target=lambda: results.extend(drawing.draw([hanging(good), good], processes=1))
    )
    work.start()
    while not (renderers := [c for c in children() if c not in before and is_renderer(c)]):
        time.sleep(0.02)
    os.kill(renderers[0], signal.SIGKILL)
    work.join()
    assert str(results[0]) == "the renderer died (exit status -9)"
    assert isinstance(results[1], Drawing)


def is_renderer(process: int) -> bool:
    try:
        return b"leaderboard.charts.renderer" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has ended since it was listed
        return False


def test_what_was_drawn_is_not_drawn_again(tmp_path: Path):
    figure = figure_of(area_view())
    first = drawn(figure, cache=tmp_path)
    assert drawn(figure, cache=tmp_path, processes=0) == first  # no renderer, no drawing


def test_a_damaged_copy_is_drawn_again(tmp_path: Path):
    figure = figure_of(area_view())
    first = drawn(figure, cache=tmp_path)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(kept) == 2
    kept[0].write_bytes(kept[0].read_bytes()[:-9])
    kept[1].write_bytes(b"")
    assert drawn(figure, cache=tmp_path) == first
    assert drawn(figure, cache=tmp_path, processes=0) == first


def test_another_figure_is_another_drawing(tmp_path: Path):
    drawn(figure_of(area_view()), cache=tmp_path)
    drawn(figure_of(area_view(29)), cache=tmp_path)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 4


def test_refusals_are_not_kept(tmp_path: Path):
    figure = dataclasses.replace(figure_of(area_view()), wide_marks=99)
    drawing.draw([figure], cache=tmp_path)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_an_image_has_the_size_of_its_spec():
    figure = figure_of(area_view())
    (once, twice), (same, _) = (
        drawing.draw_png([figure.wide, figure.narrow], scale=scale) for scale in (1, 1)
    )
    assert once == same
    assert isinstance(once, bytes)
    assert isinstance(twice, bytes)
    assert once[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", once[16:24]) == (760, 430)
    assert struct.unpack(">I", twice[16:20]) == (358,)
    (double,) = drawing.draw_png([figure.wide], scale=2)
    assert isinstance(double, bytes)
    assert struct.unpack(">II", double[16:24]) == (1520, 860)


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=30),
    st.tuples(st.integers(-50, 50), st.integers(-50, 50)),
)
def test_slimming_moves_no_point_by_more_than_rounding(
    points: list[tuple[float, float]], offset: tuple[int, int]
):
    points = [(round(x, 3), round(y, 3)) for x, y in points]
    path = "M" + "L".join(f"{x:.3f},{y:.3f}" for x, y in points)
    drawing_of_it = svg.slim(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g transform='
        f'"translate({offset[0]},{offset[1]})"><path d="{path}" stroke="#000000"/></g></svg>',
        "Any",
    )
    (slimmed,) = re.findall(r' d="([^"]+)"', drawing_of_it)
    wanted = [(x + offset[0], y + offset[1]) for x, y in points]
    for x, y in walked(slimmed):
        assert any(abs(x - a) <= 0.051 and abs(y - b) <= 0.051 for a, b in wanted)
    ends = walked(slimmed)[-1]
    assert ends == pytest.approx(wanted[-1], abs=0.051)


def walked(path: str) -> list[tuple[float, float]]:
    """Walk a path as a browser does."""
    tokens = re.findall(r"[A-Za-z]|-?(?:\d+\.\d|\d+|\.\d)", path)
    places, x, y, command, i = [], 0.0, 0.0, "", 0
    while i < len(tokens):
        if tokens[i].isalpha():
            command, i = tokens[i], i + 1
            continue
        number = float(tokens[i])
        if command == "h":
            x += number
        elif command == "v":
            y += number
        else:
            x, y = (
                (number if command == "M" else x + number),
                float(tokens[i + 1]) + (0 if command == "M" else y),
            )
            i += 1
        i += 1
        places.append((x, y))
    return places


@pytest.mark.parametrize(
    "odd",
    [
        '<image width="1" height="1"/>',
        '<path d="M0,0L1,1" fill="#000000" style="color:red"/>',
        '<path d="M0,0C1,1 2,2 3,3" fill="#000000"/>',
        '<path d="M0,0L1,1" fill="#000000" transform="rotate(9)"/>',
        '<a href="x"><text fill="#000000">a</text></a>',
    ],
)
def test_what_slimming_does_not_know_it_refuses(odd: str):
    with pytest.raises(svg.DrawingError, match="unexpected"):
        svg.slim(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{odd}</svg>', "Any")


@pytest.fixture(scope="module")
def browser() -> Any:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


OVERLAPS = """svg => {
  const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()]);
  const [, , w, h] = svg.getAttribute('viewBox').split(' ').map(Number);
  const found = boxes.filter(([, b]) => b.x < -1 || b.y < -1 || b.x + b.width > w + 1
                                      || b.y + b.height > h + 1).map(([t]) => t + ' sticks out');
  for (const [i, [s, a]] of boxes.entries())
    for (const [t, b] of boxes.slice(i + 1))
      if (a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1
          && a.y + 3 < b.y + b.height - 3 && b.y + 3 < a.y + a.height - 3)
        found.push(s + ' over ' + t);
  return found;
}"""


@pytest.mark.browser
@pytest.mark.parametrize("font", ["Liberation Sans", "DejaVu Sans"])
def test_no_words_overlap_or_stick_out(browser: Browser, font: str):
    """Also in a wide type: the page's, not ours, is what readers see."""
    figures = [
        figure_of(area_view()),
        figure_of(area_view(7)),
        figure_of(bars_view([f"An app of some name {n}" for n in range(30)])),
    ]
    drawings = [text for d in drawn(*figures) for text in (d.wide, d.narrow)]
    page = browser.new_page()
    page.set_content(
        f"<style>body{{font-family:'{font}'}}{theme.css()}</style>"
        f"<div class=chart>{''.join(drawings)}</div>"
    )
    for element in page.query_selector_all("svg"):
        assert element.evaluate(OVERLAPS) == []
    page.close()


@pytest.mark.browser
def test_one_drawing_serves_light_and_dark(browser: Browser, area: Drawing):
    page = browser.new_page()
    page.set_content(
        f"<style>:root{{color-scheme:light dark}}{theme.css()}</style>"
        f"<div class=chart>{area.wide}</div>"
    )
    fill = f"() => getComputedStyle(document.querySelector('text[fill=\"{theme.INK}\"]')).fill"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(fill) == "rgb(26, 29, 33)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(fill) == "rgb(237, 235, 230)"
    page.close()
