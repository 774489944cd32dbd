"""The crosswalk as a page and as files: every name, by which rule, and how much is matched."""

import csv
import html
import io
import json
import posixpath
import re
from pathlib import Path

import pytest

from leaderboard import words
from leaderboard.catalog import RULES, crosswalk
from leaderboard.pages.crosswalk import COLUMNS, EXPLAINED
from tests import entity_world as world


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("crosswalk") / "site"
    world.render(out)
    return out


@pytest.fixture(scope="module")
def walked():
    return crosswalk(world.identity(), world.sent())


def markup(root: Path) -> str:
    return (root / "data/crosswalk/index.html").read_text("utf-8")


def text(root: Path) -> str:
    shown = html.unescape(re.sub(r"<[^>]+>", " ", markup(root)))
    return re.sub(r"\s+", " ", shown.replace(words.NBSP, " "))


def section(root: Path, name: str) -> str:
    return re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', markup(root), re.S)[0]


def test_the_files_hold_every_name_and_match(published, walked):
    content = json.loads((published / "api/v1/crosswalk.json").read_bytes())
    assert [
        (row["source"], row["name"], row["model"], row["rule"], row["share_pct"])
        for row in content["rows"]
    ] == [(row.source, row.name, row.model, row.rule, row.share_pct) for row in walked.rows]
    lines = list(csv.reader(io.StringIO((published / "api/v1/crosswalk.csv").read_text())))
    assert tuple(lines[0]) == COLUMNS
    rows = lines[1 : 1 + len(walked.rows)]
    assert [(row[0], row[1], row[3]) for row in rows] == [
        (row.source, row.name, row.model or "") for row in walked.rows
    ]
    assert [line[0] for line in lines[1 + len(rows) :]] == [
        credit.notice for credit in world.CREDITS.values()
    ]


def test_validity_and_the_reason_are_given(published):
    rows = json.loads((published / "api/v1/crosswalk.json").read_bytes())["rows"]
    flash = [row for row in rows if row["name"] == "deepseek/deepseek-v4-flash"]
    dated = {row["model"]: (row["valid_from"], row["valid_to"]) for row in flash if row["model"]}
    assert dated[world.FLASH][1] == "2026-07-27"
    assert dated[world.FLASH_0731][0] == "2026-08-04"
    assert any(row["model"] is None and "re-pointed" in (row["reason"] or "") for row in flash)


def test_nothing_of_zenmux_is_labelled_with_a_licence(published):
    lines = csv.DictReader(io.StringIO((published / "api/v1/crosswalk.csv").read_text()))
    licences = {}
    for line in lines:
        if line["source"] in world.CREDITS:
            licences.setdefault(line["source"], set()).add(line["license"])
    assert licences == {
        "openrouter": {"CC-BY-4.0"},
        "vercel": {"CC-BY-4.0"},
        "zenmux": {"no open licence"},
    }
    content = json.loads((published / "api/v1/crosswalk.json").read_bytes())
    assert {one["source"]: one["license"] for one in content["sources"]}["zenmux"] is None


def test_the_coverage_adds_up_to_everything(published, walked):
    coverage = json.loads((published / "api/v1/crosswalk.json").read_bytes())["coverage"]
    assert [one["source"] for one in coverage] == list(world.NAMES)
    for one, known in zip(coverage, walked.coverage, strict=True):
        parts = one["matched_pct"] + one["unmatched_pct"] + one["outside_pct"]
        assert parts == pytest.approx(100)
        assert one["matched_pct"] == known.matched_pct
        shown = words.percent(known.of_listed_pct).replace(words.NBSP, " ")
        assert shown in text(published)


def test_the_unmatched_are_listed_by_size(published, walked):
    shown = re.findall(
        r'<th scope="row">.*?<bdi>(.*?)</bdi>', section(published, "unmatched"), re.S
    )
    unmatched = sorted(walked.unmatched, key=lambda row: -row.share_pct)
    assert shown[0] == unmatched[0].name
    assert sorted(shown) == sorted(row.name for row in unmatched)
    titles = re.findall(r'class="figure" title="([\d.]+)', section(published, "unmatched"))
    assert list(map(float, titles)) == sorted(map(float, titles), reverse=True)


def test_every_rule_is_explained_in_a_line(published):
    assert set(EXPLAINED) == set(RULES)
    rules = html.unescape(section(published, "rules"))
    places = [rules.index(f'<th scope="row">{rule}</th>') for rule in RULES]
    assert places == sorted(places)
    assert all(explained in rules for explained in EXPLAINED.values())


def test_every_name_links_to_the_page_of_what_it_stands_for(published, walked):
    body = section(published, "all")
    assert body.count("<tr data-key=") == len(walked.rows)
    links = set(re.findall(r'<td class="lab"><a href="([^"]+)"', body))
    for link in links:
        target = posixpath.normpath(posixpath.join("data/crosswalk", link))
        assert (published / target / "index.html").is_file(), link
    assert any(link.endswith("models/anthropic/claude-opus-4-8/") for link in links)


def test_each_source_is_credited_in_its_own_words(published):
    for credit in world.CREDITS.values():
        assert credit.text in text(published)
