"""Images to share on their way into the site: drawn in the background, while pages are printed."""

from collections.abc import Iterator, Mapping, Sequence

from leaderboard.charts.drawing import Drawn, Studio, Undrawn
from leaderboard.pages.sharing import Shot


class Images(Mapping[str, bytes]):
    """Images by their addresses, each handed to *studio* at once.

    An image counts as there until it turns out that it cannot be drawn: pages that name it
    need not wait. *failed* says what turned out; pages printed before then are printed again.
    Looking an image up waits for it.
    """

    def __init__(self, studio: Studio, shots: Sequence[Shot]) -> None:
        self.failed: dict[str, str] = {}
        self._asked: dict[str, Drawn] = {shot.path: studio.png(shot.spec) for shot in shots}

    def __getitem__(self, path: str) -> bytes:
        if path in self.failed:
            raise KeyError(path)
        drawn = self._asked[path].result()
        if isinstance(drawn, Undrawn):
            self.failed[path] = str(drawn)
            raise KeyError(path)
        return drawn

    def __contains__(self, path: object) -> bool:
        return path in self._asked and path not in self.failed

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._asked if path not in self.failed)

    def __len__(self) -> int:
        return len(self._asked) - len(self.failed)
