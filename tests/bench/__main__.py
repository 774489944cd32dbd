"""Run the bench: ``python -m tests.bench [--quick] [--only PART …] [--out FILE]``."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import builds, histories, lighthouse, loads, peers
from tests.bench.measuring import ROOT, Measure, skipped, table, write

PARTS = ("start", "full", "daily", "growth", "fetch", "peers", "pages", "lighthouse")


def main() -> int:
    """Measure, print one table, write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each once, one and two years")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; repeatable")
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json")
    options = parser.parse_args()
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        work = Path(folder)
        data = histories.simulated(work / "data")
        parts: dict[str, Callable[[], Iterator[Measure]]] = {
            "start": builds.start,
            "full": lambda: builds.full(data, work, 1 if options.quick else 2),
            "daily": lambda: builds.daily(work),
            "growth": lambda: builds.growth(data, work, (1, 2) if options.quick else (1, 2, 5)),
            "fetch": lambda: builds.fetching(work, is_quick=options.quick),
            "peers": lambda: peers.measures(data, work, is_quick=options.quick),
            "pages": lambda: loads.measures(data, work, 3 if options.quick else 5),
            "lighthouse": lambda: lighthouse.measures(data, work, 1 if options.quick else 3),
        }
        for name in options.only or PARTS:
            try:
                measures.extend(parts[name]())
            except Exception as error:  # one part that cannot be measured leaves the others
                print(f"{name}: {error!r}", file=sys.stderr)
                measures.append(skipped(name, str(error).splitlines()[0][:100]))
            write(measures, options.out)
    print(table(measures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
