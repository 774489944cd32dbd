"""The whole of a small site as a person reads it: a change to any page shows as a few lines.

After a change that is meant: ``python -m pytest tests/test_golden.py --snapshot-update``, and
read the difference before committing it.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from leaderboard import site
from tests import specimens

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption dd details div dl dt figcaption figure "
        "footer form h1 h2 h3 h4 header html legend li main nav ol p pre section summary table "
        "tbody td template tfoot th thead title tr ul",
    )
)
_MARKS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "li": "- ", "dt": "- "}
_UNREAD = frozenset({"script", "style", "svg", "template"})


class Text(HTMLParser):
    """Writes a page's text in lines: headings, items and table rows marked, links as they read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line = ""
        self._unread = 0
        self._is_cell = False
        self.feed(page)
        self._end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in _UNREAD:
            self._unread += 1
        elif tag in ("td", "th"):
            self._line = f"{self._line.rstrip()} | " if self._line.strip() else "| "
            self._is_cell = True
        elif tag in _BLOCKS and not (self._is_cell and tag != "tr"):
            self._end()
            self._line = _MARKS.get(tag, "")
        if tag == "svg" and told.get("role") == "img":
            self.lines.append(f"[drawing: {told.get('aria-label') or 'described beside it'}]")
        if tag == "meta" and told.get("name") == "description":
            self.lines.append(f"description: {told['content']}")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread -= 1
        elif tag in ("tr", "table") or (tag in _BLOCKS and not self._is_cell):
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._line += re.sub(r"\s+", " ", data)

    def _end(self) -> None:
        line = re.sub(r"  +", " ", self._line).strip()
        if line.strip("|#- "):
            self.lines.append(line)
        self._line = ""
        self._is_cell = False


class Plain(SingleFileSnapshotExtension):
    """Keeps each page's text in a file of its own, named after the page."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("golden") / "site"
    summary = site.render(
        specimens.edition(),
        specimens.readings(),
        specimens.statuses(error="the answer is not whole JSON (at character 7)"),
        out,
        processes=1,
        cache=None,
    )
    assert summary.failed_charts == ()
    return out


def test_the_files_of_a_site_are_those_of_the_golden(
    small: Path, snapshot: SnapshotAssertion
) -> None:
    names = sorted(path.relative_to(small).as_posix() for path in small.rglob("*.*"))
    # What a name says of its content changes with every stylesheet and drawing.
    listed = sorted({re.sub(r"(?<=[.-])[0-9a-f]{8,64}(?=\.)", "…", name) for name in names})
    assert "\n".join([*listed, ""]) == snapshot(name="files", extension_class=Plain)


def test_the_pages_of_a_site_read_as_the_golden(small: Path, snapshot: SnapshotAssertion) -> None:
    pages = sorted(small.rglob("*.html"))
    assert len(pages) >= 15
    told = {}
    for path in pages:
        name = path.relative_to(small).as_posix().removesuffix("index.html").strip("/") or "home"
        told[name] = "\n".join([*Text(path.read_text("utf-8")).lines, ""])
    frame = {line for line in told["404.html"].splitlines() if line in told["home"].splitlines()}
    for name, text in told.items():
        lines = [line for line in text.splitlines() if name == "home" or line not in frame]
        assert "\n".join([*lines, ""]) == snapshot(
            name=name.replace("/", " "), extension_class=Plain
        )


def test_the_golden_shows_a_changed_number_as_one_changed_line() -> None:
    page = "<h1>Shares</h1><table><tr><th>A<td>50 %<tr><th>B<td>40 %</table>"
    before, after = Text(page).lines, Text(page.replace("40", "41")).lines
    assert before == ["# Shares", "| A | 50 %", "| B | 40 %"]
    assert [one for one in after if one not in before] == ["| B | 41 %"]
