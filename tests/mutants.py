"""Break the code in thousands of ways and count the ways no test notices: ``make mutants``.

mutmut changes one thing at a time in what decides which figures are let in, kept and named,
and runs the tests that reach it. At least nine in ten changes must be noticed, and each that
is not stands in ``mutants.toml`` with the reason; one that does not stand there fails the run.
All of it happens in a copy, so the work tree stays as it is.
"""

import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
LISTED = Path(__file__).with_suffix(".toml")
MUTATED = (
    "leaderboard/plausibility.py",
    "leaderboard/snapshots.py",
    "leaderboard/envelope.py",
    "leaderboard/strict_json.py",
    "leaderboard/catalog/*.py",
    "leaderboard/pages/paths.py",
    "leaderboard/pages/citing.py",
)
TESTS = (
    "tests/test_plausibility.py",
    "tests/test_plausibility_rules.py",
    "tests/test_snapshots.py",
    "tests/test_envelope.py",
    "tests/test_catalog.py",
    "tests/test_catalog_details.py",
    "tests/test_catalog_rules.py",
    "tests/test_identity.py",
    "tests/test_identity_laws.py",
    "tests/test_identity_report.py",
    "tests/test_crosswalk.py",
    "tests/test_paths.py",
    "tests/test_citing.py",
    "tests/test_http.py::test_only_strict_json_is_json",
    "tests/test_http.py::test_what_is_no_strict_json_is_told_in_a_short_line",
    "tests/test_http.py::test_strict_json_at_its_edges_is_read",
    "tests/test_http.py::test_strict_json_reads_what_json_writes",
    "tests/test_fuzz.py",
)
NEEDED = ("data", "templates", "static", "README.md", "Makefile", "requirements.lock", "build.py")
ENOUGH_PCT = 90.0
SURVIVED = 0
UNREACHED = 33


@dataclass(frozen=True, slots=True, order=True)
class Survivor:
    """A change that no test noticed: where, and which line was which before."""

    function: str
    was: str
    now: str


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copied(Path(folder))
        command = [sys.executable, "-m", "mutmut", "run"]
        # Silent, because it writes a line for every mutant.
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        exits, found = results(Path(folder) / "mutants")
    if not exits or exits[None]:
        print(f"mutmut ended with {done.returncode} and {exits[None]:,} not run", file=sys.stderr)
        return 2
    survived = exits[SURVIVED] + exits[UNREACHED]
    killed_pct = 100 * (1 - survived / exits.total())
    print(f"{exits.total() - survived:,} of {exits.total():,} mutants killed: {killed_pct:.1f} %")
    unlisted = sorted(set(found) - set(listed()))
    if unlisted:
        print(f"{len(unlisted)} survived that {LISTED.name} does not list:", file=sys.stderr)
        print("\n".join(entry(one) for one in unlisted))
    for one in sorted(set(listed()) - set(found)):
        print(f"listed in {LISTED.name}, and killed now: {one.function}: {one.now}")
    return 1 if unlisted or killed_pct < ENOUGH_PCT else 0


def copied(folder: Path) -> None:
    """Copy what the tests need, and say there what is to be mutated."""
    for name in ("leaderboard", "tests", *NEEDED):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    settings = {
        "source_paths": ["leaderboard"],
        "only_mutate": list(MUTATED),
        "also_copy": list(NEEDED),
        # The profile takes the same examples every time, and as long as they need.
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "--hypothesis-profile=ci"],
        "pytest_add_cli_args_test_selection": list(TESTS),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    project = (ROOT / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text("\n".join([project, "[tool.mutmut]", *lines, ""]))


def results(folder: Path) -> tuple[Counter[int | None], list[Survivor]]:
    """Count the mutants by how their tests ended (None: not run); describe the survivors."""
    exits: Counter[int | None] = Counter()
    found: list[Survivor] = []
    for meta in sorted(folder.rglob("*.py.meta")):
        outcomes = json.loads(meta.read_text())["exit_code_by_key"]
        exits.update(outcomes.values())
        source = meta.with_suffix("").read_text().splitlines()
        for key, code in outcomes.items():
            if code in (SURVIVED, UNREACHED):
                found.append(survivor(key, source))
    return exits, found


def survivor(key: str, source: list[str]) -> Survivor:
    """Say what a mutant changed, from mutmut's *source*, where all of them stand together."""
    name = re.sub(r"^.*\.(?=x)", "", key)
    function, _, _ = name.rpartition("__mutmut_")
    changes = difflib.ndiff(body(source, f"{function}__mutmut_orig"), body(source, name))
    sides: dict[str, list[str]] = {"- ": [], "+ ": []}
    for line in changes:
        if line[:2] in sides:
            sides[line[:2]].append(line[2:].strip())
    module = key.removesuffix(f".{name}")
    plain = re.sub(r"^x_?", "", function).strip("ǁ").replace("ǁ", ".")
    return Survivor(f"{module}.{plain}", " ".join(sides["- "]), " ".join(sides["+ "]))


def body(source: list[str], name: str) -> list[str]:
    """Give the lines of a function without the line that names it."""
    start = next(n for n, line in enumerate(source) if re.match(rf"\s*(async )?def {name}\(", line))
    indent = len(source[start]) - len(source[start].lstrip())
    lines: list[str] = []
    is_signature = not source[start].rstrip().endswith(":")
    for line in source[start + 1 :]:
        if is_signature:
            is_signature = not re.match(r"\s*\).*:$", line)
            continue
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        lines.append(line)
    return lines


def entry(one: Survivor) -> str:
    """Write a survivor as the file lists it, but for the reason."""
    lines = [f"{field} = {json.dumps(getattr(one, field))}" for field in ("function", "was", "now")]
    return "\n".join(["", "[[survivor]]", *lines, 'reason = ""'])


def listed() -> Iterator[Survivor]:
    """Give the survivors that are accepted, each with its reason in the file."""
    for told in tomllib.loads(LISTED.read_text())["survivor"]:
        assert told["reason"].strip(), told
        yield Survivor(told["function"], told["was"], told["now"])


if __name__ == "__main__":
    sys.exit(main())
