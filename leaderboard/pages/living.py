"""The files a view's page needs to bring its chart alive: the specs it was drawn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from leaderboard.charts import live as specifying
from leaderboard.pages.cards import Build, Picture
from leaderboard.pages.downloads import Document, json_bytes
from leaderboard.records import View

FOLDER: Final = "charts"
FORMS: Final = frozenset({"share-area", "ranked-bars"})
"""The forms that the page's script knows how to bring alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A chart that can come alive: its form, and where its specs are published."""

    form: str
    wide: str
    narrow: str


def live(view: View, picture: Picture | None) -> Live | None:
    """Name the files of a view's living chart; None where no chart was drawn."""
    if picture is None or picture.figure is None or picture.figure.form not in FORMS:
        return None
    stem = f"{FOLDER}/{view.path}"
    return Live(form=picture.figure.form, wide=f"{stem}.wide.json", narrow=f"{stem}.narrow.json")


def specs(build: Build) -> Iterator[Document]:
    """Write each drawn view's two specs."""
    for reading in build.readings:
        for board in reading.boards:
            for view in build.views[board.path]:
                picture = build.pictures.get(view.path)
                names = live(view, picture)
                if names is None or picture is None or picture.figure is None:
                    continue
                made = specifying.specs(view, picture.figure, simulated=build.edition.simulated)
                for path, spec in zip((names.wide, names.narrow), made, strict=True):
                    yield Document(
                        path=path,
                        body=json_bytes(spec),
                        source=board.source,
                        as_of=view.published.as_of,
                        citation=view.citation,
                    )
