"""The renderer's side of drawing: a process that reads charts and answers each in its turn.

`leaderboard.charts.drawing` runs it, with ``python -m``, and ends it where it hangs. A chart
is a line of JSON (``form``, ``marks``, ``scale``, ``name``, ``bytes``) and then so many bytes
of its spec. The answer is a line of JSON with either ``bytes``, and then the drawing, or
``problem``. What was drawn is kept in the folder given as the only argument, if any.
"""

import contextlib
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import vl_convert  # type: ignore[import-untyped]

from leaderboard.charts import indexed, svg, theme
from leaderboard.keeping import Keep

FONTS: Final = f"{theme.FONT}, Arial, Helvetica, sans-serif"
_ORPHANED_S: Final = 60

Job = tuple[dict[str, Any], str]


def main() -> None:
    """Answer until there is nothing more to read."""
    # The renderer's own chatter must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    keep = Keep(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    # No max_v8_execution_time_secs: its watchdog adds some 40 ms of waiting to every chart.
    # Whoever runs this process ends it where it hangs.
    vl_convert.configure(allowed_base_urls=[], base_url=False, auto_google_fonts=False)
    jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    # Reading goes on while a chart is drawn: else both sides could wait on full pipes.
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while (job := jobs.get()) is not None:
        head, spec = job
        try:
            drawn = _drawn(head, spec)
        except ValueError as error:  # vl-convert's own kind, and ours for what it drew
            _answer(answers, {"problem": str(error).strip().partition("\n")[0][:300]})
        else:
            _answer(answers, {"bytes": len(drawn)}, drawn)
            keep.save(head["name"], drawn)


def _read(source: BinaryIO, jobs: "queue.SimpleQueue[Job | None]") -> None:
    while line := source.readline():
        head = json.loads(line)
        jobs.put((head, source.read(head["bytes"]).decode()))
    jobs.put(None)
    # Whoever wanted a chart that hangs may itself be gone: nobody else would end this process.
    time.sleep(_ORPHANED_S)
    os._exit(1)


def _answer(answers: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    answers.write(json.dumps(head).encode() + b"\n" + body)
    answers.flush()


def _drawn(head: dict[str, Any], spec: str) -> bytes:
    drawn: str = vl_convert.vegalite_to_svg(spec)
    if head["form"] == "png":
        # By way of SVG: drawn straight to PNG, each image costs an eighth more and leaves 5 MB
        # of memory behind for good.
        with _hushed():
            png = vl_convert.svg_to_png(drawn, scale=head["scale"])
        return indexed.png(png, _named(json.loads(spec)))
    slimmed, marks = svg.slimmed(drawn, FONTS)
    if marks != head["marks"]:
        raise svg.DrawingError(f"{marks} marks were drawn where the data has {head['marks']}")
    return slimmed.encode()


@contextlib.contextmanager
def _hushed() -> Iterator[None]:
    """Keep from the terminal which fonts are tried for a letter that the first one lacks."""
    own, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(own, 2)
        os.close(own)
        os.close(nowhere)


def _named(spec: dict[str, Any]) -> list[str]:
    """List the colours that a spec's rows name."""
    rows = [row for rows in spec.get("datasets", {}).values() for row in rows]
    return sorted({theme.PAPER} | {row["colour"] for row in rows if "colour" in row})


if __name__ == "__main__":
    main()
