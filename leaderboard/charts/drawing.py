"""Draw figures with vl-convert, in processes of their own, and keep what was drawn.

A `Studio` takes figures and draws them while its caller goes on: each renderer always has the
next charts waiting, and what was drawn is asked for when a page needs it. A renderer that
hangs or dies costs one chart: its process is ended, the reason is handed back, and the next
chart gets a new process. A drawing is kept under the hash of all that it is made from, so the
same figure is never drawn twice, and a damaged copy is drawn again.
"""

import functools
import json
import queue
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

from leaderboard import keeping
from leaderboard.charts import Figure, theme
from leaderboard.charts.forms import Spec
from leaderboard.charts.process import Died, Process
from leaderboard.keeping import Keep

TIMEOUT_S: Final = 30.0
AHEAD: Final = 6
"""How many charts wait at a renderer, so that it never waits for us."""
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure's two SVG elements, to stand in a page as they are."""

    wide: str
    narrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undrawn:
    """Why there is no drawing."""

    reason: str

    def __str__(self) -> str:
        """Give the reason, as a message has it."""
        return self.reason


Drawn = Future[bytes | Undrawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """A figure that is being drawn, or was drawn earlier."""

    wide: Drawn
    narrow: Drawn

    def drawing(self) -> Drawing | Undrawn:
        """Give the drawing, waiting for it where need be."""
        wide, narrow = self.wide.result(), self.narrow.result()
        if isinstance(wide, Undrawn):
            return wide
        if isinstance(narrow, Undrawn):
            return narrow
        return Drawing(wide=wide.decode(), narrow=narrow.decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A chart for a renderer: what it is told, the chart's spec, and where the result goes."""

    head: bytes
    spec: bytes
    drawn: Drawn = field(default_factory=Future)


class Studio:
    """Renderers at work in the background; a context manager.

    *processes* renderers draw side by side; none is started before there is something to draw
    that *cache*, a folder that may be deleted at any time, does not hold. The same figures
    give the same bytes, whatever the number of processes.
    """

    def __init__(
        self, *, processes: int, cache: Path | None = None, timeout_s: float = TIMEOUT_S
    ) -> None:
        self.drawn = 0
        """How many charts had to be drawn."""
        self._keep = Keep(cache)
        self._processes = processes
        self._timeout_s = timeout_s
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._asked: weakref.WeakValueDictionary[str, Drawn] = weakref.WeakValueDictionary()
        self._threads: list[threading.Thread] = []

    def figure(self, figure: Figure) -> Commission:
        """Have a figure drawn as SVG, in both its layouts."""
        return Commission(
            wide=self._have("svg", figure.wide, marks=figure.wide_marks),
            narrow=self._have("svg", figure.narrow, marks=figure.narrow_marks),
        )

    def png(self, spec: Spec, *, scale: float = 1.0) -> Drawn:
        """Have a spec drawn as PNG image, with *scale* pixels to each of its own."""
        return self._have("png", spec | {"background": theme.PAPER}, scale=scale)

    def _have(
        self,
        form: Literal["svg", "png"],
        spec: Spec,
        *,
        marks: int | None = None,
        scale: float = 1.0,
    ) -> Drawn:
        body = _json(spec)
        name = keeping.name(_edition(), _json([form, marks, scale]), body)
        if (asked := self._asked.get(name)) is not None:
            return asked
        kept = self._keep.load(name)
        if kept is not None or not self._processes:
            done: Drawn = Future()
            done.set_result(Undrawn(reason="no renderer may be started") if kept is None else kept)
            return done
        head = {"form": form, "marks": marks, "scale": scale, "name": name, "bytes": len(body)}
        job = _Job(head=_json(head) + b"\n", spec=body)
        self._asked[name] = job.drawn
        self._jobs.put(job)
        self.drawn += 1
        if len(self._threads) < self._processes:
            self._threads.append(threading.Thread(target=self._work, name="renderer"))
            self._threads[-1].start()
        return job.drawn

    def _work(self) -> None:
        """Keep one renderer busy until there is nothing more to come."""
        waiting: deque[_Job] = deque()  # to be sent again: the renderer before died with them
        is_last = False
        with Process(self._keep.folder, self._timeout_s) as process:
            sent: deque[_Job] = deque()
            while True:
                while len(sent) < AHEAD and (waiting or not is_last):
                    try:
                        job = waiting.popleft() if waiting else self._jobs.get(block=not sent)
                    except queue.Empty:
                        break
                    if job is None:
                        is_last = True
                        continue
                    process.send(job.head, job.spec)
                    sent.append(job)
                if not sent:
                    return
                try:
                    answer = process.receive()
                    job = sent.popleft()
                except Died as reason:
                    job, answer = sent.popleft(), str(reason)
                    waiting.extend(sent)
                    sent.clear()
                job.drawn.set_result(Undrawn(reason=answer) if isinstance(answer, str) else answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the renderers finish what they have; after an error, what they have begun."""
        while error is not None and not self._jobs.empty():
            if (job := self._jobs.get()) is not None:
                job.drawn.set_result(Undrawn(reason="the build was given up"))
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        if self.drawn:
            self._keep.forget()


def draw(
    figures: Sequence[Figure | None],
    *,
    processes: int = 2,
    cache: Path | None = None,
    timeout_s: float = TIMEOUT_S,
) -> list[Drawing | Undrawn]:
    """Draw figures as SVG, in their order; a figure that is None stays undrawn."""
    with Studio(processes=processes, cache=cache, timeout_s=timeout_s) as studio:
        asked = [None if figure is None else studio.figure(figure) for figure in figures]
        return [
            Undrawn(reason="there are no figures to draw") if one is None else one.drawing()
            for one in asked
        ]


def draw_png(
    specs: Sequence[Spec],
    *,
    scale: float = 1.0,
    processes: int = 2,
    cache: Path | None = None,
    timeout_s: float = TIMEOUT_S,
) -> list[bytes | Undrawn]:
    """Draw specs as PNG images, with *scale* pixels to each of theirs."""
    with Studio(processes=processes, cache=cache, timeout_s=timeout_s) as studio:
        asked = [studio.png(spec, scale=scale) for spec in specs]
        return [one.result() for one in asked]


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


@functools.cache
def _edition() -> bytes:
    """Name what a drawing is made by: the renderer's version, our code around it, the fonts."""
    code = [(_HERE / name).read_bytes() for name in ("renderer.py", "svg.py", "indexed.py")]
    fonts = "\n".join(keeping.fonts()).encode()
    made_by = [version(name).encode() for name in ("vl-convert-python", "pillow")]
    return keeping.name(*made_by, *code, fonts).encode()
