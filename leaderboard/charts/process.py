"""A renderer's process: started when there is something to draw, ended when it hangs."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_ROOT: Final = Path(__file__).resolve().parents[2]


class Died(Exception):
    """The renderer ended, or had to be ended, over the chart it was drawing."""


class Process:
    """One renderer; after it died the next chart gets a new one. A context manager.

    Charts may be sent ahead; answers come in their order. Each has *timeout_s* from when the
    one before it was answered.
    """

    def __init__(self, cache: Path | None, timeout_s: float) -> None:
        self._cache = cache
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = 0.0
        self._is_late = False
        self._done = threading.Event()
        self._clock: threading.Thread | None = None

    def send(self, head: bytes, spec: bytes) -> None:
        """Send a chart; whether the renderer could still read it shows when it is received."""
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(head + spec)
            process.stdin.flush()

    def receive(self) -> bytes | str:
        """Return the oldest chart's drawing, or in words why there is none; raises `Died`."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        self._deadline = time.monotonic() + self._timeout_s
        line = process.stdout.readline()
        answer = json.loads(line) if line else {}
        body = process.stdout.read(answer["bytes"]) if "bytes" in answer else None
        self._deadline = 0.0
        if not line or (body is not None and len(body) < answer["bytes"]):
            self._process = None
            code = _ended(process)
            if self._is_late:
                raise Died(f"the renderer gave no answer within {self._timeout_s:g} s")
            raise Died(f"the renderer died (exit status {code})")
        return str(answer["problem"]) if body is None else body

    def _started(self) -> subprocess.Popen[bytes]:
        """Start a renderer afresh, never by forking: vl-convert does not survive that."""
        self._is_late = False
        if self._clock is None:
            self._clock = threading.Thread(target=self._watch, daemon=True)
            self._clock.start()
        path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        folder = [str(self._cache.absolute())] if self._cache else []
        return subprocess.Popen(  # noqa: S603 — our own module
            [sys.executable, "-m", "leaderboard.charts.renderer", *folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        )

    def _watch(self) -> None:
        """End the renderer when an answer is overdue."""
        while not self._done.wait(min(self._timeout_s / 20, 1.0)):
            if self._deadline and time.monotonic() > self._deadline and self._process is not None:
                self._is_late = True
                self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._process is not None:
            _ended(self._process)


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Close both pipes and wait for the end."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):  # it may have died with a chart half read
        process.stdin.close()
    process.stdout.close()
    return process.wait()
