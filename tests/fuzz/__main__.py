"""Fuzz every parser of bytes from elsewhere: ``python -m tests.fuzz [--runs N] [TARGET …]``.

Needs atheris (``make fuzz`` installs it). Each target is a process of its own; one that ends
badly leaves what broke it in ``.fuzz/``, and the exit status is then 1.
"""

import argparse
import functools
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz.seeds import FOUND, SEEDS
from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / ".fuzz"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--runs", type=int, default=1_000_000)
    options = parser.parse_args()
    if unknown := set(options.targets) - TARGETS.keys():
        parser.error(f"there is no target {sorted(unknown)[0]}")
    BROKEN.mkdir(exist_ok=True)
    names = options.targets or list(TARGETS)
    with ThreadPoolExecutor(os.cpu_count()) as side_by_side:
        found = side_by_side.map(functools.partial(fuzzed, runs=options.runs), names)
        failed = [name for name, is_whole in zip(names, found, strict=True) if not is_whole]
    if failed:
        print(f"Broken: {', '.join(failed)}; what broke them is in {BROKEN}", file=sys.stderr)
    return 1 if failed else 0


def fuzzed(name: str, runs: int) -> bool:
    """Run one target and print a line of it; tell whether nothing was found."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate([*SEEDS[name], *FOUND.get(name, [])]):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.one", name, corpus),
                *(f"-runs={runs}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=1024"),
                *("-print_final_stats=1", f"-artifact_prefix={BROKEN}/{name}-"),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    ran = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stdout)
    covered = re.findall(r"\bcov: (\d+)", done.stdout)
    count = int(ran[1]) if ran else 0
    whole = done.returncode == 0 and count >= runs
    print(
        f"{name}: {count:,} runs in {time.monotonic() - begun:.0f} s, "
        f"{covered[-1] if covered else 0} places covered, {'nothing found' if whole else 'BROKEN'}",
        flush=True,
    )
    if not whole:
        print(done.stdout[-6000:], file=sys.stderr)
    return whole


if __name__ == "__main__":
    sys.exit(main())
