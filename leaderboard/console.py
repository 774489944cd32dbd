"""What a run tells whoever started it: a terminal, a log, or GitHub Actions."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Advance = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of one source in this run; *problems* are lines for a person."""

    name: str
    rows: int = 0
    days_new: int = 0
    days_revised: int = 0
    requests: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def cells(self) -> tuple[str, ...]:
        """The summary's line for this source."""
        return (
            self.name,
            f"{self.rows:,}",
            f"{self.days_new:,}",
            f"{self.days_revised:,}",
            f"{self.requests:,}",
            f"{self.seconds:.1f}",
            "; ".join([*self.problems[:1], *self.notes])
            + (f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""),
        )


HEADINGS = ("source", "rows", "days new", "days revised", "requests", "seconds", "problem")


class Voice:
    """Speaks to a terminal with colour and bars, elsewhere in plain lines."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._in_actions = environ.get("GITHUB_ACTIONS") == "true"
        self._step_summary = environ.get("GITHUB_STEP_SUMMARY")
        self._is_terminal = self._console.is_terminal and not self._in_actions

    def say(self, line: str) -> None:
        """Print one line, whatever upstream text it holds."""
        print(one_line(line), flush=True)

    def warn(self, line: str) -> None:
        """Print a problem; in GitHub Actions as an annotation too."""
        if self._in_actions:
            text = one_line(line).replace("%", "%25")
            print(f"::warning::{text}", flush=True)
        else:
            print(f"warning: {one_line(line)}", file=sys.stderr, flush=True)

    @contextmanager
    def progress(self, totals: Mapping[str, int]) -> Iterator[Advance]:
        """Show a bar per source at a terminal; give the function that moves one on."""
        if not self._is_terminal:
            yield lambda _name: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=self._console) as bars:
            tasks = {name: bars.add_task(name, total=total) for name, total in totals.items()}
            yield lambda name: bars.advance(tasks[name])

    def summarise(self, tallies: Sequence[Tally]) -> None:
        """Print the run's table, and keep it as the step's summary in GitHub Actions."""
        if self._is_terminal:
            table = Table(*HEADINGS)
            for tally in tallies:
                table.add_row(*map(one_line, tally.cells))
            self._console.print(table)
        else:
            for tally in tallies:
                pairs = zip(HEADINGS, tally.cells, strict=True)
                self.say(" · ".join(f"{heading} {cell or 'none'}" for heading, cell in pairs))
        if self._step_summary:
            lines = [HEADINGS, ("---",) * len(HEADINGS), *(tally.cells for tally in tallies)]
            text = "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)
            with Path(self._step_summary).open("a", encoding="utf-8") as file:
                file.write(f"## Gateways\n\n{text}\n")


@contextmanager
def stopwatch(tally: Tally) -> Iterator[None]:
    """Add the block's wall time to the tally."""
    began = time.monotonic()
    try:
        yield
    finally:
        tally.seconds += time.monotonic() - began


def one_line(text: str) -> str:
    """Return *text* as one line that a workflow's runner cannot take for a command.

    It takes lines that begin with ``::``, and ``##[`` anywhere in a line.
    """
    line = "".join(c if c.isprintable() else "?" for c in text)
    return line.replace("::", ": :").replace("##[", "# #[")


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")
