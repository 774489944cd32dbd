"""What no line of the project may do, found in its syntax rather than by reading."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = [ROOT / "build.py", *sorted((ROOT / "leaderboard").rglob("*.py"))]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
MOST_UNESCAPED = 3

NEVER_CALLED = {
    "to_html": "writes data into a script unescaped",
    "vegalite_to_html": "writes data into a script unescaped",
    "vega_to_html": "writes data into a script unescaped",
    "select_autoescape": "leaves .svg, .xml and .j2 unescaped",
    "eval": "runs text",
    "exec": "runs text",
    "compile_expression": "runs text",
    "from_string": "makes a template of text",
    "render_template_string": "makes a template of text",
    "system": "runs a shell",
    "popen": "runs a shell",
    "mktemp": "can be raced",
}
NEVER_IMPORTED = {"pickle", "marshal", "shelve", "requests", "urllib.request"}
NEVER_GIVEN = {
    ("verify", False): "talks to anyone",
    ("follow_redirects", True): "carries the key elsewhere",
    ("trust_env", True): "lets the environment divert requests",
    ("shell", True): "runs a shell",
    ("autoescape", False): "escapes nothing",
}


def name_of(node: ast.expr) -> str:
    """Give the last word of a name: ``to_html`` of ``chart.to_html``."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def faults(source: str) -> Iterator[str]:
    """Name what *source* does that no module may."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = name_of(node.func)
            given = {word.arg: word.value for word in node.keywords if word.arg}
            is_method = isinstance(node.func, ast.Attribute)
            if called in NEVER_CALLED and not (called == "compile" and is_method):
                yield f"{called}: {NEVER_CALLED[called]}"
            for word, value in given.items():
                constant = value.value if isinstance(value, ast.Constant) else None
                if (word, constant) in NEVER_GIVEN and isinstance(constant, bool):
                    yield f"{word}={constant}: {NEVER_GIVEN[word, constant]}"
                if word == "event_hooks":
                    yield "event_hooks: a hook that adds a key adds it anywhere"
            if called == "Environment":
                escapes = given.get("autoescape")
                if not (isinstance(escapes, ast.Constant) and escapes.value is True):
                    yield "Environment without autoescape=True"
                if name_of(given.get("undefined", ast.Name(id=""))) != "StrictUndefined":
                    yield "Environment without StrictUndefined"
            if called in ("AsyncClient", "Client"):
                for word, wanted in (("follow_redirects", False), ("trust_env", False)):
                    value = given.get(word)
                    if not (isinstance(value, ast.Constant) and value.value is wanted):
                        yield f"{called} without {word}={wanted}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or "", *(f"{node.module}.{name}" for name in modules)]
            for module in modules:
                if {module, module.partition(".")[0]} & NEVER_IMPORTED:
                    yield f"import of {module}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_does_what_none_may(path: Path) -> None:
    assert list(faults(path.read_text())) == []


@pytest.mark.parametrize(
    "line",
    [
        *(f"chart.{name}()" for name in NEVER_CALLED),
        *(f"{name}(text)" for name in ("eval", "exec", "to_html")),
        "Environment(loader=x, undefined=StrictUndefined)",
        "jinja2.Environment(autoescape=True)",
        "Environment(autoescape=select(), undefined=StrictUndefined)",
        "httpx.get(url, verify=False)",
        "httpx.get(url, follow_redirects=True)",
        "httpx.AsyncClient(trust_env=False)",
        "httpx.AsyncClient(follow_redirects=False, trust_env=False, event_hooks={})",
        "subprocess.run(line, shell=True)",
        "import pickle",
        "from urllib import request",
        "import urllib.request",
    ],
)
def test_the_search_finds_each_of_them(line: str) -> None:
    assert list(faults(line))


def test_only_the_gateways_client_speaks_http() -> None:
    users = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if re.search(
            r"^\s*(import|from) (httpx|socket|aiohttp|http\.client)\b", path.read_text(), re.M
        )
        and "simulator" not in path.parts
    ]
    assert users == ["leaderboard/http.py"]


def test_no_template_lets_anything_through_unescaped_but_our_own_drawings() -> None:
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", text), path.name
        # An unquoted attribute would end at the first space of a name.
        assert not re.search(r"<[^<>\"']*\s[a-z-]+=\{\{", re.sub(r"{%.*?%}", "", text)), path.name
    marked = [
        path.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and name_of(node.func) == "Markup"
    ]
    assert 1 <= len(marked) <= MOST_UNESCAPED


def test_no_template_holds_a_style_a_script_or_a_handler() -> None:
    for path in TEMPLATES:
        text = path.read_text()
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text), path.name
        for script in re.findall(r"<script\b[^>]*>(?!</script>)", text):
            assert 'type="application/' in script, path.name
