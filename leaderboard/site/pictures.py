"""Charts on their way into pages: drawn in the background, waited for when a page shows one."""

from collections.abc import Iterable, Iterator, Mapping

from leaderboard.charts import Figure
from leaderboard.charts.drawing import Commission, Drawing, Studio
from leaderboard.pages.cards import Picture


class Pictures(Mapping[str, Picture]):
    """Figures by the path of their page, being drawn by *studio*.

    Looking one up gives its picture, and waits for it where it is not drawn yet.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._asked: dict[str, tuple[Figure, Commission]] = {}
        self._made: dict[str, Picture] = {}

    def take(self, figures: Iterable[tuple[str, Figure]]) -> None:
        """Have figures drawn, each as soon as it comes."""
        for path, figure in figures:
            self._asked[path] = (figure, self._studio.figure(figure))

    def __getitem__(self, path: str) -> Picture:
        if path not in self._made:
            self._made[path] = _picture(*self._asked.pop(path))
        return self._made[path]

    def __contains__(self, path: object) -> bool:
        return path in self._made or path in self._asked

    def __iter__(self) -> Iterator[str]:
        yield from [*self._made, *self._asked]

    def __len__(self) -> int:
        return len(self._made) + len(self._asked)


def _picture(figure: Figure, commission: Commission) -> Picture:
    """Wait for a drawing; a chart that fails costs itself only."""
    drawn = commission.drawing()
    if isinstance(drawn, Drawing):
        return Picture(
            wide=drawn.wide,
            narrow=drawn.narrow,
            alt=figure.alt,
            note=figure.note,
            colours={series.key: series.colour for series in figure.series},
            figure=figure,
        )
    return Picture(wide="", narrow="", alt=figure.alt, problem=str(drawn))
