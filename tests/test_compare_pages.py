"""The comparison pages: what stands there is what was computed, and all of it can be taken."""

import csv
import dataclasses
import datetime as dt
import doctest
import io
import json
import re
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import pytest

from leaderboard import site
from leaderboard.charts import agreement
from leaderboard.charts.agreement import Course, Mark
from leaderboard.comparison import Comparison, NotComputed, crossover, weighted
from leaderboard.comparison.gathering import compared
from leaderboard.comparison.offers import not_offered
from leaderboard.pages import compare_paths, compare_tables, compare_words
from leaderboard.records import OTHERS
from tests import crossing, specimens
from tests.catalogues import TABLES
from tests.crossing import CHAT, DAYS, GLM, LAST, OPUS, SHADOW
from tests.test_comparison_on_real_data import (
    OPENROUTER,
    ZENMUX,
    expected_bounds,
    expected_ranges,
)

NUMBER = re.compile(r"\d+\.\d+")


class Text(HTMLParser):
    """A page's readable text and the titles of its cells, without drawings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.depth += tag in ("svg", "script")
        self.parts += [value for name, value in attrs if name == "title" and value]

    def handle_endtag(self, tag):
        self.depth -= tag in ("svg", "script")

    def handle_data(self, data):
        if not self.depth:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


def render(out: Path, as_sent, **edition) -> None:
    who = crossing.identity()
    site.render(
        specimens.edition(**({"base_url": ""} | edition)),
        crossing.derived(as_sent, who),
        (),
        out,
        processes=2,
        cache=None,
        identity=who,
        sent=as_sent,
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("crossing") / "site"
    render(out, crossing.sent())
    return out


def html(root: Path, what: str) -> str:
    return (root / compare_paths.page_path(what) / "index.html").read_text()


def page(root: Path, what: str) -> str:
    return Text(html(root, what)).text


def loaded(root: Path, path: str):
    return json.loads((root / path).read_text())


def rows(root: Path, what: str) -> list[dict[str, str]]:
    path = root / compare_paths.file_paths(what)[0]
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# What is compared


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(agreement).failed == 0


def test_labs_of_a_truncated_list_have_room_for_all_that_no_lab_is_known_of():
    labs, _ = crossing.world()
    found = labs.comparison.shares["openrouter"]["deepseek"]
    # 50 listed; 15 outside the list and 5 undisclosed may be anybody's
    assert (found.low_pct, found.high_pct) == (50, 70)
    assert labs.comparison.unmatched_pct["openrouter"] == 5
    assert "Models whose lab is not disclosed may be any lab's." in labs.claims[0].caveats
    assert not any("stealth" in side for side in labs.comparison.shares.values())


def test_spellings_of_one_lab_are_one_line():
    labs, _ = crossing.world()
    assert labs.comparison.shares["vercel"]["z-ai"].low_pct == 20  # sent as zai
    assert labs.names["z-ai"] == "Z.ai"


def test_a_model_outside_a_list_that_is_cut_by_request_may_have_all_others():
    _, models = crossing.world()
    found = models.comparison.shares["vercel"][GLM]
    assert (found.low_pct, found.high_pct) == (0, 30)  # the last listed has 20


def test_a_model_that_is_in_no_catalogue_there_is_not_offered_and_not_ranked():
    _, models = crossing.world()
    assert models.comparison.shares["zenmux"][SHADOW] is None
    assert SHADOW not in models.ranges.ranges


def test_what_left_before_the_catalogue_was_first_seen_is_not_known_to_be_absent():
    who = crossing.identity(first_seen=LAST)
    assert not_offered(who, "zenmux", [SHADOW], LAST) == {SHADOW}
    assert not_offered(who, "zenmux", [SHADOW], DAYS[-2]) == frozenset()
    assert not_offered(who, "vercel", [SHADOW], LAST) == frozenset()
    _, models = crossing.world(who=who)
    assert models.comparison.shares["zenmux"][SHADOW].low_pct == 0


def test_an_unmatched_name_in_a_catalogue_leaves_its_labs_models_in_doubt():
    who = crossing.identity()
    rows = [{"id": "stealth/what-is-this", "display_name": "Something Else Entirely: 7:free"}]
    catalogues = dict(who.catalogues)
    catalogues["zenmux"] = crossing.accumulate(catalogues["zenmux"], rows, LAST)
    doubting = dataclasses.replace(who, catalogues=catalogues)
    if doubting.match("zenmux", rows[0]["id"], rows[0]["display_name"], LAST).model is None:
        assert not_offered(doubting, "zenmux", [SHADOW], DAYS[0]) == frozenset()
    assert not_offered(who, "zenmux", [SHADOW], DAYS[0]) == {SHADOW}


def test_the_window_ends_on_the_earliest_last_day():
    as_sent = crossing.sent()
    late = as_sent[2]
    shorter = tuple(dataclasses.replace(b, days=b.days[:-2]) for b in late.boards)
    as_sent[2] = dataclasses.replace(late, boards=shorter)
    labs, models = crossing.world(as_sent)
    for found in (labs, models):
        assert found.comparison.window.end == LAST - dt.timedelta(days=2)
        assert len(found.comparison.window.days) == 30


def test_a_slug_that_changed_hands_gives_each_model_its_own_days():
    turn = DAYS[20]
    who = crossing.identity()
    rows_before = [{"id": CHAT, "display_name": "DeepSeek V9"}]
    rows_after = [{"id": CHAT, "display_name": "DeepSeek V9 0615"}]
    catalogue = crossing.Catalogue(source="zenmux")
    for date, rows_ in ((DAYS[0], rows_before), (turn, rows_before), (LAST, rows_after)):
        catalogue = crossing.accumulate(catalogue, rows_, date)
    changed = dataclasses.replace(who, catalogues={**who.catalogues, "zenmux": catalogue})
    before = changed.match("zenmux", CHAT, "DeepSeek V9", turn - dt.timedelta(days=1)).model
    after = changed.match("zenmux", CHAT, "DeepSeek V9 0615", LAST).model
    assert before == CHAT
    assert after != CHAT
    _, models = crossing.world(who=changed)
    held = models.by_window["90d"].shares["zenmux"][CHAT]
    days = sum(changed.match("zenmux", CHAT, "DeepSeek V9", date).model == CHAT for date in DAYS)
    assert 0 < days < len(DAYS)
    assert held.low_pct == pytest.approx(40 * days / len(DAYS))


def test_spend_and_cost_are_never_compared_across_gateways():
    for found in crossing.world():
        assert {side.board.metric for side in found.sides.values()} == {"tokens"}
        assert [one.tokens.reading.source for one in found.contrasts] == ["vercel", "zenmux"]
        for one in found.contrasts:
            assert one.tokens.reading.source == one.spend.reading.source


def test_one_gateway_alone_is_not_compared():
    labs, models = crossing.world(crossing.sent()[2:])
    for found in (labs, models):
        assert isinstance(found.comparison, NotComputed)
        assert "fewer than two gateways" in found.comparison.reason
        assert found.claims == ()
        assert len(found.contrasts) == 1


# What is said


def test_the_headline_says_who_leads_where():
    labs, models = crossing.world()
    assert compare_words.headline(labs) == (
        "No lab leads everywhere: DeepSeek leads OpenRouter; "
        "Anthropic leads Vercel AI Gateway and ZenMux"
    )
    assert compare_words.headline(models).endswith("Claude Opus 9 and DeepSeek V9 lead ZenMux")


def test_a_leader_everywhere_is_said_to_be_one():
    as_sent = crossing.sent()[1:]
    labs, _ = crossing.world(as_sent)
    assert compare_words.headline(labs) == (
        "Anthropic leads Vercel AI Gateway and ZenMux in share of tokens"
    )


def test_the_sum_of_what_is_certain_names_exactly_whom_the_claims_do():
    for found in crossing.world():
        sure = {
            tuple(claim.text.partition(" in share")[0].split(" is ahead of "))
            for claim in found.claims
            if claim.kind == "certain"
        }
        summed = set()
        for one in compare_words.sure(found):
            ahead, _, behind = one.text.removesuffix(".").partition(" is ahead of ")
            summed |= {(ahead, name) for name in re.split(", | and ", behind)}
        assert summed == sure != set()


def test_statements_keep_every_word_of_their_claim():
    for found in crossing.world():
        for claim in found.claims:
            made = compare_words.statement(claim)
            words = set(re.findall(r"[\w.%’'/-]+", claim.text.lower()))
            kept = set(re.findall(r"[\w.%’'/-]+", f"{made.text} {made.proof}".lower()))
            assert {w.strip(".:") for w in words} <= {w.strip(".:") for w in kept} | {""}


@pytest.mark.parametrize("what", ["labs", "models"])
def test_page_and_claims_file_carry_the_same_statements(root, what):
    text = page(root, what)
    claims = [
        claim
        for claim in loaded(root, compare_paths.CLAIMS)["claims"]
        if claim["id"].startswith(f"{what}/")
    ]
    assert len(claims) > 8
    source = html(root, what)
    for claim in claims:
        if claim["kind"] != "first":
            assert claim["text"] in text
        else:
            assert claim["text"].partition(";")[0].rstrip(".") in text
        anchor = claim["page"].partition("#")[2]
        assert source.count(f'id="{anchor}"') == 1
        for one in claim["sources"]:
            assert one["citation"] in text
        assert claim["start"] == "2026-06-01"
        assert claim["data_through"] == "2026-06-30"
        assert claim["values"]
    whole = [claim for claim in claims if len(claim["gateways"]) == 3]
    for claim in whole:
        for sentence in re.split(r"(?<=\.) (?=[A-Z])", claim["caveat"]):
            assert sentence in text


def test_a_claims_licences_are_the_sources_own(root):
    for claim in loaded(root, compare_paths.CLAIMS)["claims"]:
        for gateway, one in zip(claim["gateways"], claim["sources"], strict=True):
            assert one["license"] == (None if gateway == "zenmux" else "CC-BY-4.0")


# What is drawn and printed


def test_what_is_not_listed_is_an_open_interval_and_never_a_mark():
    axis = agreement.scale([50])
    drawn = agreement.row([Mark(low_pct=None, high_pct=30), None], axis)
    assert 'class="outside"' in drawn
    assert 'class="at"' not in drawn
    assert 'class="span"' not in drawn
    both = agreement.row([Mark(low_pct=10, high_pct=10), Mark(low_pct=40, high_pct=45)], axis)
    assert both.count('class="at"') == 2
    assert both.count('class="room"') == 1
    assert f'x="{axis.at(10):.2f}%"' in both


def test_an_interval_that_leaves_the_axis_shows_no_end():
    axis = agreement.scale([10])
    assert f'width="{agreement.REACH:.2f}%"' in agreement.row(
        [Mark(low_pct=None, high_pct=90)], axis
    )


def test_each_gateway_has_a_shape_of_its_own():
    assert len({agreement.shape(at) for at in range(5)}) == 5


def test_lines_leave_gaps_and_draw_lone_days():
    dates = DAYS[:5]
    course = Course(name="A", colour="#111111", shares=(1.0, None, 2.0, 3.0, None))
    drawn = agreement.lines([course], dates, agreement.scale([3.0]), "alt & more")
    path = re.search(r'class="line" d="([^"]*)"', drawn)[1]
    assert path.count("M") == 2
    assert path.count("h0") == 1
    assert path.count("L") == 1
    assert 'aria-label="alt &amp; more"' in drawn


def test_bounds_are_rounded_so_that_they_hold():
    labs, models = crossing.world()
    listed = compare_tables.cell(
        dataclasses.replace(labs.comparison.shares["openrouter"]["deepseek"], low_pct=13.79), 1
    )
    assert listed.text.replace("\u00a0", " ") == "≥ 13.7 %"
    outside = compare_tables.cell(
        dataclasses.replace(models.comparison.shares["vercel"][GLM], high_pct=30.01), None
    )
    assert outside.text.replace("\u00a0", " ") == "≤ 30.1 %"
    assert not outside.is_listed


def test_lines_stand_in_the_order_of_the_mean_and_name_ranks_over_all_weights():
    labs, _ = crossing.world()
    lines = compare_tables.lines(labs, {"z-ai": "labs/z-ai"})
    assert [line.name for line in lines] == ["DeepSeek", "Anthropic", "Z.ai"]
    assert [line.ranks for line in lines] == ["1–2", "1–2", "3"]
    assert [cell.rank for cell in lines[1].cells] == ["2", "1", "1"]
    assert lines[2].page == "labs/z-ai"


def test_presets_are_equal_each_alone_and_each_left_out():
    labs, _ = crossing.world()
    chosen = compare_tables.presets(labs)
    assert len(chosen) == 7
    assert all(sum(one.weights.values()) == 1 for one in chosen)
    for at, one in enumerate(chosen):
        ranked = weighted(labs.comparison.shares, one.weights)
        ranking = {line.entity: str(line.rank) for line in ranked}
        for line in compare_tables.preset_lines(labs, chosen):
            assert line.ranks[at] == ranking[line.id]
    two, _ = crossing.world(crossing.sent()[1:])
    assert len(compare_tables.presets(two)) == 3


@pytest.mark.parametrize("what", ["labs", "models"])
def test_every_gateways_line_and_licence_is_on_the_page_and_in_its_files(root, what):
    text = page(root, what)
    table = (root / compare_paths.file_paths(what)[0]).read_text()
    for path in compare_paths.file_paths(what)[1:]:
        notices = [one["notice"] for one in loaded(root, path)["sources"]]
        assert notices == [one.notice for one in crossing.CREDITS.values()]
    for credit in crossing.CREDITS.values():
        assert credit.notice in text
        assert credit.notice in table
    assert "no open licence" in text
    last = [row["table"] for row in rows(root, what)[-3:]]
    assert last == [credit.notice for credit in crossing.CREDITS.values()]


@pytest.mark.parametrize("what", ["labs", "models"])
def test_nothing_of_a_gateway_without_licence_is_labelled_open(root, what):
    for row in rows(root, what)[:-3]:
        expected = "no open licence" if row["gateway"] == "zenmux" else "CC-BY-4.0"
        assert row["license"] == expected
    manifest = {one["path"]: one for one in loaded(root, "manifest.json")["files"]}
    for path in (*compare_paths.file_paths(what), compare_paths.CLAIMS):
        assert manifest[path]["license"] is None
        for credit in crossing.CREDITS.values():
            assert credit.text in manifest[path]["citation"]


@pytest.mark.parametrize("what", ["labs", "models"])
def test_every_number_on_the_page_is_in_a_download_of_it(root, what):
    csv_path, json_path, daily_path = compare_paths.file_paths(what)
    held = {
        float(number)
        for path in (csv_path, json_path, daily_path, compare_paths.CLAIMS)
        for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", (root / path).read_text())
    }
    held |= {100 - number for number in held}
    text = re.sub(r"Source: .*?(?=Source|$)|CC BY 4\.0", " ", page(root, what))
    shown = set(NUMBER.findall(text))
    assert len(shown) > 10
    for number in shown:
        step = 10 ** -len(number.partition(".")[2])
        assert any(abs(float(number) - value) < step for value in held), number


@pytest.mark.parametrize("what", ["labs", "models"])
def test_the_files_numbers_are_those_computed(root, what):
    labs, models = crossing.world()
    found = labs if what == "labs" else models
    content = loaded(root, compare_paths.file_paths(what)[1])
    for one in content["entities"]:
        for source, side in found.comparison.shares.items():
            bounds, share = side[one["id"]], one["shares"][source]
            assert (share is None) == (bounds is None)
            if bounds is not None:
                assert (share["low_pct"], share["high_pct"]) == (bounds.low_pct, bounds.high_pct)
    daily = loaded(root, compare_paths.file_paths(what)[2])
    assert daily["dates"][0] == DAYS[0].isoformat()
    assert list(daily["windows"]) == ["7d", "30d", "90d"]
    held = daily["shares"]["openrouter"]["deepseek" if what == "labs" else CHAT]
    assert held == {"from": 0, "values": [50.0] * len(DAYS)}
    for row in rows(root, what)[:-3]:
        if row["table"] == "agreement" and row["is_offered"] == "true":
            bounds = found.comparison.shares[row["gateway"]][row["id"]]
            assert float(row["share_low_pct"]) == bounds.low_pct


def test_tokens_and_spend_stand_in_the_same_files(root):
    spend = {
        (row["gateway"], row["metric"], row["id"]): float(row["share_low_pct"])
        for row in rows(root, "labs")[:-3]
        if row["table"] == "tokens-and-spend"
    }
    assert spend["vercel", "spend", "anthropic"] == 70
    assert spend["zenmux", "cost", "anthropic"] == 80
    assert not any(gateway == "openrouter" for gateway, _, _ in spend)


def test_the_page_never_says_market_share_nor_calls_missing_zero(root):
    for what in ("labs", "models"):
        text = page(root, what)
        assert "market " + "share" not in text.lower()
        assert not re.search(r"(?<![\d.])0\.0\s%", text)
    assert "not listed" in page(root, "models")
    assert "not offered" in page(root, "models")


def test_every_page_leads_there_and_the_home_page_says_the_first_thing(root):
    home = (root / "index.html").read_text()
    assert 'href="compare/"' in home
    assert "the first of 3 labs by share of tokens is, as listed, DeepSeek or Anthropic" in home
    assert 'aria-current="page">Compare' in html(root, "labs")
    index = loaded(root, "api/v1/index.json")
    for entry in index["comparisons"]:
        for kind in ("csv", "json", "daily"):
            assert (root / entry[kind]).exists()
    assert (root / index["claims"]).exists()


def test_a_page_that_cannot_compare_says_why_and_keeps_the_rest(tmp_path):
    render(tmp_path / "site", crossing.sent()[2:], simulated=True)
    text = page(tmp_path / "site", "labs")
    assert "Not computed" in text
    assert "fewer than two gateways have complete days" in text
    assert "Tokens against spend" in text
    content = loaded(tmp_path / "site", compare_paths.file_paths("labs")[1])
    assert "fewer than two gateways" in content["not_computed"]
    claims = loaded(tmp_path / "site", compare_paths.CLAIMS)
    assert [one["what"] for one in claims["not_computed"]] == ["labs", "models"]
    assert claims["claims"] == []
    body = (tmp_path / "site" / compare_paths.file_paths("labs")[0]).read_text()
    assert "Simulated data" in list(csv.reader(io.StringIO(body)))[-2][0]


def test_a_gateway_that_went_quiet_is_marked_and_holds_the_window_back(tmp_path):
    as_sent = crossing.sent()
    late = as_sent[2]
    shorter = tuple(dataclasses.replace(b, days=b.days[:-5]) for b in late.boards)
    as_sent[2] = dataclasses.replace(late, boards=shorter)
    render(tmp_path / "site", as_sent)
    source = html(tmp_path / "site", "labs")
    marks = re.findall(r'<p class="mark"[^>]*?( hidden)?>\s*<span><strong>(.*?)</strong>', source)
    assert [(name, bool(hidden)) for hidden, name in marks] == [
        ("OpenRouter is out of date.", True),
        ("Vercel AI Gateway is out of date.", True),
        ("ZenMux is out of date.", False),
    ]
    assert "27 May – 25 June 2026" in page(tmp_path / "site", "labs")


# June 2026 as it was


def june():
    """Turn the recorded bodies into readings; ZenMux's one window stands for each of its days."""
    openrouter, zenmux = (json.loads(path.read_text()) for path in (OPENROUTER, ZENMUX))
    by_date = defaultdict(dict)
    for row in openrouter["data"]:
        key = OTHERS if row["model_permaslug"] == "other" else row["model_permaslug"]
        by_date[dt.date.fromisoformat(row["date"])][key] = int(row["total_tokens"])
    window = {
        OTHERS if row["model"] == "__others__" else row["model"]: row["value"]
        for row in zenmux["data"]["entries"]
    }
    days = sorted(by_date)

    def of(source, figures):
        everyone = {key: 0 for day in figures.values() for key in day}
        empty = crossing.board(source, "model", "tokens", everyone, dates=days)
        made = [
            crossing.board(source, "model", "tokens", figures[date], dates=[date]).days[0]
            for date in days
        ]
        return crossing.reading(source, dataclasses.replace(empty, days=tuple(made)))

    return [of("openrouter", by_date), of("zenmux", dict.fromkeys(days, window))]


def test_june_2026_on_the_page_is_june_2026_in_the_bodies():
    if not (OPENROUTER.exists() and ZENMUX.exists()):
        pytest.skip("the recorded June 2026 bodies are not here")
    bodies = tuple(json.loads(path.read_text()) for path in (OPENROUTER, ZENMUX))
    expected = expected_bounds(bodies)
    as_sent = june()
    labs, _ = compared(crossing.derived(as_sent, TABLES), as_sent, TABLES)
    assert isinstance(labs.comparison, Comparison)
    assert (labs.comparison.window.start, labs.comparison.window.end) == (
        dt.date(2026, 6, 1),
        dt.date(2026, 6, 30),
    )
    ours = {lab: TABLES.labs.of(lab) for lab in expected["openrouter"]}
    for source, side in expected.items():
        assert set(labs.comparison.shares[source]) == set(ours.values())
        for lab, (low, high) in side.items():
            found = labs.comparison.shares[source][ours[lab]]
            assert found.low_pct == pytest.approx(float(low), rel=1e-9, abs=1e-9)
            assert found.high_pct == pytest.approx(float(high), rel=1e-9)
    ranges = expected_ranges(expected)
    for line in compare_tables.lines(labs, {}):
        lab = next(theirs for theirs, mine in ours.items() if mine == line.id)
        _, _, best, worst = ranges[lab]
        assert line.ranks == (str(best) if best == worst else f"{best}–{worst}")
    (turn,) = crossover(labs.comparison.shares, "anthropic", "deepseek").between
    assert turn.weight == pytest.approx(0.83, abs=0.005)
    assert compare_words.headline(labs) == (
        "No lab leads everywhere: DeepSeek leads OpenRouter; Anthropic leads ZenMux"
    )
    assert any("OpenRouter's weight is below 0.83" in claim.text for claim in labs.claims)
    assert OPUS not in labs.order
