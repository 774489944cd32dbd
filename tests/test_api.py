import dataclasses
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from leaderboard.pages import api
from leaderboard.pages.schemas import SCHEMAS
from leaderboard.records import Query
from leaderboard.sources import SOURCES
from tests import specimens
from tests.test_site import Parsed, render

FEED = "https://jsonfeed.org/version/1.1"
QUERIES = (
    Query(
        endpoint="GET /daily",
        params="from=…&to=…",
        part="any days",
        board="north/models/tokens",
        files=("7d", "30d", "90d", "day"),
    ),
    Query(
        endpoint="GET /daily",
        params="by=cost",
        part="cost",
        board="north/models/cost",
        files=("7d",),
    ),
    Query(endpoint="GET /other", params="any", part="Not fetched."),
)
Loose = dict[str, Any]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("api") / "site"
    north, south = specimens.readings()
    render(out, readings=(dataclasses.replace(north, queries=QUERIES), south))
    return out


def documents(site: Path) -> dict[str, Loose]:
    """Give every JSON document but what charts are drawn from, which is Vega-Lite's own."""
    return {
        path.relative_to(site).as_posix(): json.loads(path.read_bytes())
        for path in sorted(site.rglob("*.json"))
        if path.relative_to(site).parts[0] not in {"assets", "charts"}
    }


def kind_of(document: Loose) -> str | None:
    return "feed" if document.get("version") == FEED else document.get("kind")


def closed(schema: Any) -> Any:
    """Forbid what a schema does not name, so that a field without a description is found."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(part) for name, part in schema.items()}
    if isinstance(made.get("properties"), dict) and "required" in made:
        made.setdefault("additionalProperties", False)
    return made


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(closed(SCHEMAS[kind]))


def problems(site: Path) -> list[str]:
    found = []
    for path, document in documents(site).items():
        kind = kind_of(document)
        if kind is None:
            if not path.startswith("api/v1/schemas/") and path != api.OPENAPI:
                found.append(f"{path}: of no kind")
        elif kind not in SCHEMAS:
            found.append(f"{path}: {kind} has no schema")
        else:
            found += [
                f"{path}: {error.json_path}: {error.message[:200]}"
                for error in validator(kind).iter_errors(document)
            ]
    return found


def test_every_schema_is_a_schema():
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_published_document_has_a_schema_and_obeys_it(published):
    assert problems(published) == []
    kinds = {kind_of(document) for document in documents(published).values()}
    assert kinds >= {"view", "index", "manifest", "search", "feed"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"data_through": "yesterday"}, "data_through"),
        ({"unheard_of": 1}, "unheard_of"),
        ({"measure": "guess"}, "measure"),
        ({"total": 12}, "total"),
        ({"rows": [{}]}, "rows"),
    ],
)
def test_a_document_that_differs_is_found(published, change, place):
    view = json.loads((published / "api/v1/north/models/tokens.json").read_bytes())
    errors = list(validator("view").iter_errors(view | change))
    assert errors
    assert any(place in f"{error.json_path} {error.message}" for error in errors)


def test_published_schemas_allow_what_a_later_version_adds(published):
    schema = json.loads((published / "api/v1/schemas/view.json").read_bytes())
    assert schema["$id"] == "https://leaderboard.example/repo/api/v1/schemas/view.json"
    view = json.loads((published / "api/v1/north/models/tokens.json").read_bytes())
    jsonschema.validate(view | {"a_later_field": 1}, schema)


def test_the_index_leads_to_the_schemas_and_the_description(published):
    index = json.loads((published / "api/v1/index.json").read_bytes())
    assert index["schemas"].keys() == SCHEMAS.keys()
    for path in (*index["schemas"].values(), index["openapi"]):
        assert (published / path).is_file()


def test_the_description_names_every_data_file_and_no_other(published):
    content = json.loads((published / api.OPENAPI).read_bytes())
    described = {path.removeprefix("/") for path in content["paths"]}
    held = {
        path.relative_to(published).as_posix()
        for path in published.rglob("*")
        if path.is_file()
        and (
            path.is_relative_to(published / "api")
            or path.name in {"manifest.json", "feed.json", "feed.xml"}
        )
    }
    assert described == held


def test_the_description_is_openapi(published):
    content = json.loads((published / api.OPENAPI).read_bytes())
    assert content["openapi"] == "3.1.0"
    assert {"title", "version"} <= content["info"].keys()
    assert content["servers"] == [{"url": "https://leaderboard.example/repo"}]
    responses = content["components"]["responses"]
    operations = [item["get"] for item in content["paths"].values()]
    assert all(item.keys() == {"get"} for item in content["paths"].values())
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))
    for operation in operations:
        assert operation["summary"]
        reference = operation["responses"]["200"]["$ref"]
        assert reference.removeprefix("#/components/responses/") in responses
    for name, response in responses.items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        assert response["description"]
        (media,) = response["content"].values()
        reference = media["schema"].get("$ref")
        assert reference is None or (published / "api/v1" / reference).is_file()
    assert set(responses) >= {"view", "index", "manifest", "search", "csv"}


def test_the_page_gives_for_each_request_the_files_that_answer_it(published):
    text = (published / "data/api/index.html").read_text()
    page = Parsed(text)
    links = {a["href"] for a in page.every("a")}
    base = "../../api/v1/north/models/tokens"
    assert {f"{base}/7d.json", f"{base}/7d.csv", f"{base}.json", f"{base}/daily.csv"} <= links
    assert f"{base}/90d.json" not in links
    assert "GET /daily" in page.text
    assert "Nothing held at present for 1 combination" in page.text
    assert "GET /other: Not fetched." in page.text


def test_every_source_says_what_it_can_be_asked_and_each_answer_is_one_of_its_boards():
    for source in SOURCES:
        queries = __import__(f"{source.__name__}.queries", fromlist=["queries"]).queries()
        for query in queries:
            assert query.endpoint.startswith("GET /"), query
            assert query.part, query
            if query.board is None:
                assert not query.files, query
            else:
                assert query.files, query
                assert query.board.startswith(f"{source.ID}/"), query


def test_the_list_of_versions_begins_with_the_present_one(published):
    text = (published / api.CHANGELOG).read_text()
    assert re.findall(r"^## ([0-9.]+),", text, re.MULTILINE)[0] == api.VERSION
    page = Parsed((published / "data/api/index.html").read_text())
    for version in api.VERSIONS:
        for change in version.changes:
            assert change in page.text
            assert change in text
