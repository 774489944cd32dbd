"""The renderer's side of drawing: a process that reads one chart a line and answers one a line.

`leaderboard.charts.drawing` runs it, with ``python -m``, and ends it where it hangs. It reads
JSON (``form``, ``spec``, ``marks``, ``scale``) and answers JSON with either ``drawn`` (base64)
or ``problem``.
"""

import base64
import json
import os
import sys
from typing import Any, Final

import vl_convert  # type: ignore[import-untyped]

from leaderboard.charts import svg, theme

FONTS: Final = f"{theme.FONT}, Arial, Helvetica, sans-serif"
_V8_TIMEOUT_S: Final = 20


def main() -> None:
    """Answer until there is nothing more to read."""
    # The renderer's own chatter must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    vl_convert.configure(
        allowed_base_urls=[],
        base_url=False,
        auto_google_fonts=False,
        max_v8_execution_time_secs=_V8_TIMEOUT_S,
    )
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")
        answers.flush()


def _answer(job: dict[str, Any]) -> dict[str, str]:
    try:
        drawn = _drawn(job)
    except ValueError as error:  # vl-convert's own kind, and ours for what it drew
        return {"problem": str(error).strip().partition("\n")[0][:300]}
    return {"drawn": base64.b64encode(drawn).decode()}


def _drawn(job: dict[str, Any]) -> bytes:
    if job["form"] == "png":
        png: bytes = vl_convert.vegalite_to_png(job["spec"], scale=job["scale"])
        return png
    drawn: str = vl_convert.vegalite_to_svg(job["spec"])
    marks = svg.marks(drawn)
    if marks != job["marks"]:
        raise svg.DrawingError(f"{marks} marks were drawn where the data has {job['marks']}")
    return svg.slim(drawn, FONTS).encode()


if __name__ == "__main__":
    main()
