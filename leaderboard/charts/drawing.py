"""Draw figures with vl-convert, in processes of their own, and keep what was drawn.

A renderer that hangs or dies costs one chart: its process is ended, the reason is handed
back, and the next chart gets a new process. A drawing is kept under the hash of all that it
is made from, so the same figure is never drawn twice, and a damaged copy is drawn again.
"""

import base64
import contextlib
import functools
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, Literal

from leaderboard.charts import Figure, theme
from leaderboard.charts.forms import Spec

TIMEOUT_S: Final = 30.0
_HERE: Final = Path(__file__).parent
_DIGEST: Final = hashlib.sha256().digest_size


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


def draw(
    figures: Sequence[Figure | None],
    *,
    processes: int = 2,
    cache: Path | None = None,
    timeout_s: float = TIMEOUT_S,
) -> list[Drawing | Undrawn]:
    """Draw figures as SVG, in their order, by *processes* renderers side by side.

    The same figures give the same bytes, whatever the number of processes. A figure that is
    None stays undrawn. *cache* is a folder that may be deleted at any time.
    """
    jobs = []
    for figure in figures:
        if figure is not None:
            jobs.append(_job("svg", figure.wide, marks=figure.wide_marks))
            jobs.append(_job("svg", figure.narrow, marks=figure.narrow_marks))
    drawn = iter(_drawn(jobs, processes, cache, timeout_s))
    return [
        Undrawn(reason="there are no figures to draw")
        if figure is None
        else _paired(next(drawn), next(drawn))
        for figure in figures
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
    jobs = [_job("png", spec | {"background": theme.PAPER}, scale=scale) for spec in specs]
    return _drawn(jobs, processes, cache, timeout_s)


def _paired(wide: bytes | Undrawn, narrow: bytes | Undrawn) -> Drawing | Undrawn:
    if isinstance(wide, Undrawn):
        return wide
    if isinstance(narrow, Undrawn):
        return narrow
    return Drawing(wide=wide.decode(), narrow=narrow.decode())


def _job(
    form: Literal["svg", "png"], spec: Spec, *, marks: int | None = None, scale: float = 1.0
) -> bytes:
    fields = {"form": form, "spec": spec, "marks": marks, "scale": scale}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _drawn(
    jobs: Sequence[bytes], processes: int, cache: Path | None, timeout_s: float
) -> list[bytes | Undrawn]:
    kept = [_place(cache, job) if cache else None for job in jobs]
    results = [_load(place) if place else None for place in kept]
    waiting: SimpleQueue[int] = SimpleQueue()
    for i, result in enumerate(results):
        if result is None:
            waiting.put(i)

    def work() -> list[tuple[int, bytes | Undrawn]]:
        done: list[tuple[int, bytes | Undrawn]] = []
        renderer = _Renderer(timeout_s)
        try:
            while True:
                try:
                    i = waiting.get_nowait()
                except Empty:
                    return done
                drawn = renderer.draw(jobs[i])
                done.append((i, drawn))
                if (place := kept[i]) is not None and isinstance(drawn, bytes):
                    _save(place, drawn)
        finally:
            renderer.close()

    filled: dict[int, bytes | Undrawn] = {}
    count = min(processes, waiting.qsize())
    if count:
        with ThreadPoolExecutor(count) as pool:
            for future in [pool.submit(work) for _ in range(count)]:
                filled.update(future.result())
    return [filled[i] if result is None else result for i, result in enumerate(results)]


class _Renderer:
    """One renderer's process, started when there is something to draw and after each failure."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, job: bytes) -> bytes | Undrawn:
        """Draw one chart; a process that does not answer in time is ended."""
        process = self._process = self._process or _started()
        assert process.stdin is not None
        assert process.stdout is not None
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            process.kill()

        clock = threading.Timer(self._timeout_s, end)
        clock.start()
        try:
            process.stdin.write(job + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            clock.cancel()
        if is_late.is_set():
            self._process = None
        if not line:
            self._process = None
            code = _ended(process)
            if is_late.is_set():
                return Undrawn(reason=f"the renderer gave no answer within {self._timeout_s:g} s")
            return Undrawn(reason=f"the renderer died (exit status {code})")
        answer = json.loads(line)
        if "drawn" in answer:
            return base64.b64decode(answer["drawn"])
        return Undrawn(reason=answer["problem"])

    def close(self) -> None:
        """Let the process end."""
        if self._process is not None:
            _ended(self._process)


def _started() -> subprocess.Popen[bytes]:
    """Start a renderer afresh, never by forking: vl-convert does not survive that."""
    path = [str(_HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "leaderboard.charts.renderer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
    )


def _ended(process: subprocess.Popen[bytes]) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it may have died with a chart half read
        process.stdin.close()
    process.stdout.close()
    return process.wait()


@functools.cache
def _edition() -> bytes:
    """Name what a drawing is made by: the renderer's version and our code around it."""
    code = [(_HERE / name).read_bytes() for name in ("renderer.py", "svg.py")]
    return b"\0".join([version("vl-convert-python").encode(), *code])


def _place(cache: Path, job: bytes) -> Path:
    name = hashlib.sha256(_edition() + b"\0" + job).hexdigest()
    return cache / name[:2] / name[2:]


def _load(place: Path) -> bytes | None:
    """Read a kept drawing; what is not whole is not there."""
    try:
        content = place.read_bytes()
    except FileNotFoundError:
        return None
    drawn = content[_DIGEST:]
    return drawn if hashlib.sha256(drawn).digest() == content[:_DIGEST] else None


def _save(place: Path, drawn: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        file.write(hashlib.sha256(drawn).digest() + drawn)
    os.replace(file.name, place)
