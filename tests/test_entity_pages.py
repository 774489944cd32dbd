"""The pages about one model, lab or app: who has one, what stands on it, and its downloads."""

import csv
import dataclasses
import datetime as dt
import html
import io
import json
import posixpath
import re
import time
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import example, given
from hypothesis import strategies as st

from leaderboard import boards, words
from leaderboard.charts import drawing, multiples
from leaderboard.charts.multiples import Layer, Panel
from leaderboard.pages import entity_paths
from leaderboard.pages.entities.register import Register, register
from leaderboard.records import OTHERS
from tests import browser as browsing
from tests import entity_world as world

browser = browsing.browser

IDS = st.one_of(
    st.from_regex(r"[a-z0-9]{1,6}([.-][a-z0-9]{1,5}){0,4}", fullmatch=True),
    st.from_regex(r"[a-c][0-9]?([.-][0-9]{1,3}[btx]?){1,3}", fullmatch=True),
    st.text(max_size=90),
)
PERCENT = re.compile(r"(?<![\d.])(?:<|≥ |> )?\d+(?:\.\d+)? %")


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("entities") / "site"
    summary = world.render(out)
    assert summary.failed_charts == ()
    return out


@pytest.fixture(scope="module")
def entered() -> Register:
    who = world.identity()
    return register(world.readings(who), world.sent(), who)


def page(root: Path, path: str) -> str:
    return (root / path / "index.html").read_text("utf-8")


def text_of(markup: str) -> str:
    main = markup.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"<text[^>]*>[\d.]+ %</text>", "", main)  # the scale: its space may break
    shown = re.sub(r"<[^>]+>", " ", main)
    return re.sub(r"\s+", " ", html.unescape(shown).replace(words.NBSP, " "))


def data(root: Path, path: str) -> dict:
    return json.loads((root / f"api/v1/{path}.json").read_bytes())


def model(name: str) -> str:
    return entity_paths.model_path(name)


@given(st.lists(IDS, min_size=2, max_size=12, unique=True))
@example(["claude-opus-4.8", "claude-opus-4-8", "claude-opus.4.8", "Claude-Opus-4.8"])
@example(["x-1.2.3", "x-1-2.3", "x-1.2-3", "x-1-2-3"])
@example(["qwen3-30b", "qwen3.30b", "a", "A", "", "con"])
def test_no_two_identifiers_share_an_address(identifiers):
    written = [entity_paths.segment(one) for one in identifiers]
    folded = {unicodedata.normalize("NFC", one).casefold() for one in written}
    assert len(folded) == len(identifiers)
    for one in written:
        assert re.fullmatch(r"[a-z0-9-]{1,80}", one)
        assert one not in {"con", "nul", "aux", "prn", "index"}


def test_usual_identifiers_are_read_in_their_addresses():
    assert model("anthropic/claude-opus-4.8") == "models/anthropic/claude-opus-4-8"
    assert model("qwen/qwen3-30b-a3b-2507") == "models/qwen/qwen3-30b-a3b-2507"
    assert entity_paths.app_path("openrouter", "3067167") == "apps/openrouter/3067167"
    assert entity_paths.lab_path("z-ai") == "labs/z-ai"


def test_whoever_was_ever_ranked_has_exactly_one_page(entered):
    held = Counter(dossier.path for dossier in entered.all)
    assert set(held.values()) == {1}
    for reading in world.readings(world.identity()):
        for board in reading.boards:
            listed = {value.entity for day in board.days for value in day.values}
            listed |= {entry.entity for ranked in board.lists for entry in ranked.entries}
            for key in listed - {OTHERS}:
                path = entered.places.at(board.source, board.kind, key)
                assert held[path] == 1, (board.path, key)
                dossier = next(one for one in entered.all if one.path == path)
                assert (board.path, key) in {
                    (course.board.path, course.entity.key) for course in dossier.courses
                }


def test_a_model_of_the_catalogues_that_was_never_ranked_has_none(entered):
    assert "deepseek/deepseek-v4-flash" in world.identity().models
    assert entered.places.at("vercel", "model", "GPT-5") is None
    assert {dossier.id for dossier in entered.models} == {
        world.OPUS,
        world.FLASH,
        world.FLASH_0731,
        world.GPT,
        world.GLM,
        world.GONE,
        None,
    }


def test_one_name_that_changed_hands_is_parted_between_two_models(entered):
    before, after = (entered.by_model[one] for one in (world.FLASH, world.FLASH_0731))
    own = {}
    for dossier in (before, after):
        assert {course.entity.key for course in dossier.courses} == {"deepseek/deepseek-v4-flash"}
        own[dossier.id] = {point.date for course in dossier.courses for point in course.points}
    assert own[world.FLASH] | own[world.FLASH_0731] < set(world.days())
    assert max(own[world.FLASH]) < dt.date(2026, 7, 28)
    assert min(own[world.FLASH_0731]) > dt.date(2026, 8, 3)
    assert entered.places.at("zenmux", "model", "deepseek/deepseek-v4-flash") == after.path


def test_a_window_that_mixes_two_models_is_no_models_figure(published):
    # In the 30 days to 20 August the slug stood for both releases, and for neither.
    for one in (world.FLASH, world.FLASH_0731):
        standings = data(published, model(one))["standings"]
        assert {(s["board"], s["rank"], s["share_pct"]) for s in standings} == {
            ("zenmux/models/tokens", None, None),
            ("zenmux/models/cost", None, None),
        }


def test_the_figures_are_those_of_the_boards(published):
    who = world.identity()
    rows = {}
    for reading in world.readings(who):
        for board in reading.boards:
            shown = next(iter(boards.views(board)))
            for row in shown.rows:
                rows[board.path, row.entity.key] = row
    found = 0
    for file in sorted((published / "api/v1").rglob("*.json")):
        content = json.loads(file.read_bytes())
        if content.get("kind") != "entity":
            continue
        for standing in content["standings"]:
            if standing["rank"] is None:
                continue
            row = rows[standing["board"], standing["key"]]
            found += 1
            assert (standing["rank"], standing["share_pct"], standing["share_high_pct"]) == (
                row.rank,
                row.share_pct,
                row.share_high_pct,
            )
            assert standing["value"] == (None if row.value is None else str(row.value))
    assert found > 20


def test_the_best_rank_and_the_days_listed_are_those_of_all_days(published):
    gone = data(published, model(world.GONE))["standings"]
    assert [(one["best_rank"], one["best_rank_on"]) for one in gone] == [(1, str(world.FIRST))]
    assert (gone[0]["first_listed"], gone[0]["last_listed"]) == (
        str(world.FIRST),
        str(world.FIRST + dt.timedelta(days=4)),
    )
    opus = data(published, model(world.OPUS))["standings"][0]
    assert (opus["best_rank"], opus["best_rank_on"]) == (1, str(world.FIRST + dt.timedelta(days=5)))


def test_the_series_are_every_day_listed(published):
    content = data(published, model(world.GLM))
    days = world.days()
    free = next(one for one in content["series"] if one["key"].endswith(":free"))
    assert free["dates"] == [str(day) for number, day in enumerate(days) if number % 2]
    assert set(map(Decimal, free["value"])) == {Decimal(60)}
    lines = list(
        csv.DictReader(io.StringIO((published / f"api/v1/{model(world.GLM)}.csv").read_text()))
    )
    of_free = [line for line in lines if line["key"] == "z-ai/glm-4.6:free"]
    assert [line["date"] for line in of_free] == free["dates"]
    assert [float(line["share_pct"]) for line in of_free] == free["share_pct"]


def test_every_share_on_a_page_is_in_its_download(published):
    seen = 0
    for file in sorted((published / "api/v1").rglob("*.json")):
        content = json.loads(file.read_bytes())
        if content.get("kind") != "entity":
            continue
        known = {
            words.percent(number, is_lower_bound=is_bound).replace(words.NBSP, " ")
            for number in numbers(content)
            for is_bound in (False, True)
        }
        shown = set(PERCENT.findall(text_of(page(published, content["links"]["page"]))))
        seen += len(shown)
        assert shown <= known, (content["links"]["page"], shown - known)
    assert seen > 60


def numbers(content: object):
    if isinstance(content, dict):
        for value in content.values():
            yield from numbers(value)
    elif isinstance(content, list):
        for value in content:
            yield from numbers(value)
    elif isinstance(content, float):
        yield content


def test_lower_bounds_are_marked(published):
    lab = page(published, "labs/anthropic")
    assert "≥ " in text_of(lab)
    openrouter = re.search(r'href="[^"]*openrouter/labs/tokens/#.*?</tr>', lab, re.DOTALL)[0]
    assert "≥" in openrouter
    vercel = data(published, "labs/anthropic")["standings"]
    assert {one["board"]: one["is_lower_bound"] for one in vercel}["openrouter/labs/tokens"] is True
    glm = data(published, model(world.GLM))
    free = next(one for one in glm["standings"] if one["key"].endswith(":free"))
    assert free["is_lower_bound"] is True
    assert free["share_high_pct"] > free["share_pct"]
    assert "outside the list on 15 of 30 days" in text_of(page(published, model(world.GLM)))


def test_what_is_outside_a_list_is_a_bound_and_not_zero(published):
    content = data(published, model(world.GONE))
    gaps = {gap["source"]: gap for gap in content["unknown"]}
    assert gaps["openrouter"]["share_low_pct"] == 0.0
    assert 0 < gaps["openrouter"]["share_high_pct"] < 100
    text = text_of(page(published, model(world.GONE)))
    assert "In no list now. Last listed at OpenRouter on 26 June 2026, at rank 1." in text
    assert "Its share there is between 0 and" in text
    assert "not offered there" in text


def test_a_model_that_is_offered_but_not_listed_is_said_to_be(published):
    text = text_of(page(published, model(world.GPT)))
    assert "It is offered there: the gateway’s catalogue has it" in text
    assert "Never in the published list" in text
    offers = {one["source"] for one in data(published, model(world.GPT))["offers"]}
    assert offers == {"openrouter", "vercel"}


def test_a_name_without_a_model_has_a_page_that_says_so(published, entered):
    path = entered.places.at("vercel", "model", "Nano Banana Pro")
    assert path.startswith("models/unknown/")
    text = text_of(page(published, path))
    assert "No rule says which model Vercel AI Gateway means by Nano Banana Pro" in text
    assert "A nickname of Gemini 3 Pro Image" in text
    assert data(published, path)["entity"]["id"] is None


def test_who_left_one_board_and_is_on_another_is_measured_where_it_is(published, entered):
    path = entered.places.at("vercel", "model", "Seedance 2.0")
    text = text_of(page(published, path))
    assert "Rank 1 at Vercel AI Gateway (70.0 % of images)." in text
    assert "In no list now" not in text
    standings = {one["board"]: one["rank"] for one in data(published, path)["standings"]}
    assert standings == {"vercel/models/image/images": 1, "vercel/models/all/spend": None}


def test_token_share_stands_beside_money_share_of_the_same_gateway_and_days(published):
    text = text_of(page(published, model(world.OPUS)))
    assert "Share of tokens beside share of money" in text
    standings = {one["board"]: one for one in data(published, model(world.OPUS))["standings"]}
    assert standings["zenmux/models/tokens"]["share_pct"] is not None
    assert standings["zenmux/models/cost"]["share_pct"] is not None
    assert "beside share of money" not in text_of(page(published, model(world.GPT)))


def test_every_source_has_its_own_line_and_its_own_licence(published):
    for path in (model(world.OPUS), "labs/anthropic", "models", "labs"):
        text = text_of(page(published, path))
        for credit in world.CREDITS.values():
            assert credit.text in text, path
    assert text_of(page(published, model(world.OPUS))).count("no open licence") == 1
    zenmux = text_of(page(published, model(world.FLASH)))
    assert "no open licence" in zenmux
    content = data(published, model(world.OPUS))
    assert {one["source"]: one["license"] for one in content["sources"]} == {
        "openrouter": "CC-BY-4.0",
        "vercel": "CC-BY-4.0",
        "zenmux": None,
    }
    rows = list(
        csv.reader(io.StringIO((published / f"api/v1/{model(world.OPUS)}.csv").read_text()))
    )
    assert [row[0] for row in rows[-3:]] == [credit.notice for credit in world.CREDITS.values()]
    licence = rows[0].index("license")
    for row in rows[1:-3]:
        assert row[licence] == ("no open licence" if row[0].startswith("zenmux/") else "CC-BY-4.0")
    listed = {
        one["path"]: one for one in json.loads((published / "manifest.json").read_bytes())["files"]
    }
    assert listed[f"api/v1/{model(world.OPUS)}.csv"]["license"] is None


def test_names_that_users_chose_stay_words(published, entered):
    path = entered.places.at("openrouter", "app", "102")
    markup = page(published, path)
    assert "<script>alert" not in markup
    assert f"<h1><bdi>{html.escape(world.HOSTILE)}</bdi>" in markup
    assert data(published, path)["entity"]["name"] == world.HOSTILE
    formula = (
        published / f"api/v1/{entered.places.at('openrouter', 'app', '103')}.csv"
    ).read_text()
    for row in csv.reader(io.StringIO(formula)):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    evil = page(published, entered.places.at("openrouter", "app", "104"))
    assert "\u202e" not in evil


def test_an_app_has_its_course_of_ranks_tokens_and_requests(published, entered):
    markup = page(published, entered.places.at("openrouter", "app", "101"))
    labels = re.findall(r'<p class="course-label"><span>(\w+)</span>', markup)
    assert labels == ["Rank", "Tokens", "Requests"]
    series = data(published, entered.places.at("openrouter", "app", "101"))["series"][0]
    assert series["ranks"] == [1] * 10
    assert len(series["requests"]) == 10
    gone = text_of(page(published, entered.places.at("openrouter", "app", "104")))
    assert "In no list now" in gone
    assert "last listed 13 August 2026" in gone


def test_the_neighbours_are_the_lines_around_it(published):
    near = data(published, model(world.GPT))["neighbours"][0]
    assert [row["rank"] for row in near["rows"]] == [1, 2, 3, 4]
    assert near["rows"][1]["key"] == "openai/gpt-5-2025-08-07"


def test_the_indexes_list_everybody_and_link_to_them(published, entered):
    for kind, held in (("models", entered.models), ("labs", entered.labs), ("apps", entered.apps)):
        markup = page(published, kind)
        links = {
            posixpath.normpath(posixpath.join(kind, link))
            for link in re.findall(r'<th scope="row" class="name"[^>]*>.*?href="([^"]+)"', markup)
        }
        assert links == {dossier.path for dossier in held}
        shares = re.findall(r'<td class="at" data-value="([^"]*)"', markup)
        assert kind == "apps" or any(shares)


def test_boards_cards_and_the_home_page_link_to_the_pages(published):
    for path in ("", "openrouter", "openrouter/models/tokens", "openrouter/labs/tokens"):
        markup = page(published, path)
        assert re.search(
            r'href="[./]*(models/anthropic/claude-opus-4-8|labs/anthropic)/"', markup
        ), path


def test_every_share_of_an_index_is_in_its_download(published):
    for kind in ("models", "labs"):
        content = json.loads((published / f"api/v1/{kind}.json").read_bytes())
        given = set(numbers(content))
        shown = re.findall(r'<td class="at" data-value="([\d.e-]+)"', page(published, kind))
        assert shown
        assert set(map(float, shown)) <= given
        lines = list(csv.DictReader(io.StringIO((published / f"api/v1/{kind}.csv").read_text())))
        assert {float(line["share_pct"]) for line in lines if line["share_pct"]} == given


def test_a_page_once_published_is_found_when_more_is_known(tmp_path, published):
    earlier = tmp_path / "site"
    world.render(earlier, world.identity(is_known=False))
    once = {
        found.parent.relative_to(earlier)
        for kind in ("models", "labs", "apps")
        for found in (earlier / kind).rglob("index.html")
    }
    assert len(once) > 15
    moved = 0
    for path in once:
        markup = (published / path / "index.html").read_text()
        to = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', markup)
        if to:
            moved += 1
            assert 'content="noindex"' in markup
            assert (published / path / to[1] / "index.html").is_file()
    assert moved >= 4
    opus = entity_paths.unmatched_path("vercel", "Claude Opus 4.8", None)
    assert Path(opus) in once
    assert "models/anthropic/claude-opus-4-8/" in page(published, opus)


def test_moved_addresses_are_not_in_the_sitemap(published):
    listed = (published / "sitemap.xml").read_text()
    assert "models/anthropic/claude-opus-4-8/" in listed
    assert "at-openrouter" not in listed


def test_a_day_outside_every_list_is_a_gap_in_the_figure():
    start = dt.date(2026, 1, 1)
    held = [start + dt.timedelta(days=i) for i in range(20)]
    shares = {day: 5.0 for day in held if day.day not in {8, 9}}
    panel = Panel(
        title="Gate",
        value="5.0 %",
        caption="Share of tokens",
        head="",
        layers=(Layer(key="a", name="A", colour="#b8401c", shares=shares),),
        held=set(held),
    )
    credit = world.CREDITS["zenmux"]
    figure = multiples.figure([panel], start, held[-1], alt="A at Gate", citation=credit)
    points = figure.wide["datasets"]["points"]
    assert Counter(point["run"] for point in points) == Counter({0: 7, 2: 11})
    assert len({point["y"] for point in points}) == 1
    drawn = drawing.draw([figure], processes=1)[0]
    assert isinstance(drawn, drawing.Drawing), drawn


def test_all_panels_have_one_scale():
    start = dt.date(2026, 1, 1)
    held = [start + dt.timedelta(days=i) for i in range(10)]

    def panel(share: float) -> Panel:
        layer = Layer(key="a", name="A", colour="#b8401c", shares=dict.fromkeys(held, share))
        return Panel(title="G", value="", caption="", head="", layers=(layer,), held=set(held))

    credit = world.CREDITS["zenmux"]
    figure = multiples.figure([panel(40), panel(10)], start, held[-1], alt="A", citation=credit)
    heights = {}
    for point in figure.wide["datasets"]["points"]:
        heights[point["series"]] = point["y2"] - point["y"]
    assert heights["0.0"] == pytest.approx(4 * heights["1.0"], abs=0.3)


def test_two_years_of_three_gateways_stay_a_small_drawing():
    start = dt.date(2025, 1, 1)
    held = [start + dt.timedelta(days=i) for i in range(690)]

    def panel(number: int) -> Panel:
        layers = tuple(
            Layer(
                key=str(i),
                name=str(i),
                colour=f"#b8401{i}",
                shares={day: 5 + (i * 37 + day.toordinal() * (number + 3)) % 11 for day in held},
            )
            for i in range(6)
        )
        return Panel(title="G", value="9 %", caption="c", head="h", layers=layers, held=set(held))

    credit = world.CREDITS["zenmux"]
    three = [panel(number) for number in range(3)]
    figure = multiples.figure(three, start, held[-1], alt="A", citation=credit)
    drawn = drawing.draw([figure], processes=1)[0]
    assert isinstance(drawn, drawing.Drawing), drawn
    assert max(len(drawn.wide), len(drawn.narrow)) < 30_000
    assert figure.note == "The chart shows weekly means; the exact days are in the download."


def test_entering_everybody_takes_little_time():
    who = world.identity()
    readings, sent = world.readings(who), world.sent()
    started = time.process_time()
    register(readings, sent, who)
    assert time.process_time() - started < 2


def test_without_identity_every_name_is_its_gateways_own():
    readings = tuple(dataclasses.replace(reading) for reading in world.sent())
    who = world.identity(is_known=False)
    found = register(readings, readings, who)
    unmatched = [dossier for dossier in found.models if dossier.id is None]
    assert {course.reading.source for one in unmatched for course in one.courses} == {
        "vercel",
        "zenmux",
    }
    assert len({dossier.path for dossier in found.all}) == len(found.all)


PAGES = [
    "models/",
    "labs/",
    "apps/",
    "data/crosswalk/",
    "models/anthropic/claude-opus-4-8/",
    "models/stealth/mystery-alpha/",
    "labs/anthropic/",
    "apps/openrouter/101/",
    "apps/openrouter/102/",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_sticks_out_at_any_width(browser, published, width):
    with browsing.served(published) as address:
        for path in PAGES:
            with browsing.visit(
                browser, f"{address}{path}", viewport={"width": width, "height": 900}
            ) as seen:
                assert seen.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_break_no_rule_of_accessibility(browser, published, scheme):
    with browsing.served(published) as address:
        for path in PAGES:
            with browsing.visit(browser, f"{address}{path}", color_scheme=scheme) as seen:
                found = Axe().run(seen, options={"runOnly": RULES}).response["violations"]
                told = [(rule["id"], rule["nodes"][0]["html"]) for rule in found]
                assert told == [], path


@pytest.mark.browser
def test_an_index_can_be_filtered_and_sorted(browser, published):
    with (
        browsing.served(published) as address,
        browsing.visit(browser, f"{address}models/", **browsing.DESKTOP) as seen,
    ):
        rows = seen.locator("table.ranked tbody tr:visible")
        everybody = rows.count()
        seen.locator(".filter input").fill("claude")
        assert 0 < rows.count() < everybody
        seen.locator(".filter input").fill("")
        seen.get_by_role("button", name="OpenRouter", exact=True).click()
        values = [
            float(one.get_attribute("data-value") or "nan")
            for one in seen.locator("tbody td.at:nth-child(4)").all()
        ]
        known = [value for value in values if value == value]
        assert known == sorted(known, reverse=True)
        assert len(known) > 2
