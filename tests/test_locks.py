"""The locks: exactly what is declared, hashed, from nowhere in particular."""

import hashlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
TORTURE = ROOT / "requirements-torture.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DECLARED = {
    RUNTIME: PROJECT["project"]["dependencies"],
    DEVELOPMENT: [
        *PROJECT["project"]["dependencies"],
        *PROJECT["dependency-groups"]["dev"],
    ],
    TORTURE: PROJECT["dependency-groups"]["torture"],
}
each = pytest.mark.parametrize("lock", DECLARED, ids=lambda lock: lock.name)
both = pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT], ids=lambda lock: lock.name)


def requirements(lock: Path) -> Iterator[tuple[Requirement, list[str]]]:
    """Yield each locked requirement with its hashes."""
    for line in lock.read_text().replace("\\\n", " ").splitlines():
        pin, *hashes = line.split(" --hash=")
        yield Requirement(pin), [digest.strip() for digest in hashes]


def pins(lock: Path) -> dict[str, str]:
    return {canonicalize_name(pin.name): str(pin.specifier) for pin, _ in requirements(lock)}


def needed(names: list[str]) -> set[str]:
    """Name everything that installing *names* brings along on this Python, as installed here."""
    found: set[str] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        wanted = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        found.add(canonicalize_name(wanted.name))
        for text in importlib.metadata.requires(wanted.name) or []:
            further = Requirement(text)
            if canonicalize_name(further.name) not in found and "extra ==" not in str(
                further.marker
            ):
                waiting.append(further)
    return found


@each
def test_every_requirement_is_one_version_with_hashes(lock: Path) -> None:
    locked = list(requirements(lock))
    assert locked
    for pin, hashes in locked:
        assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), pin
    assert len(pins(lock)) == len(locked)


@each
def test_no_package_index_is_named(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert " @ " not in text
    assert not re.search(r"^\s*(-|#)(?!-hash=)", text, re.MULTILINE)


@each
def test_no_decoder_is_locked_that_a_small_answer_could_fill_memory_with(lock: Path) -> None:
    # httpx offers these to servers as soon as they are installed.
    assert (
        pins(lock)
        .keys()
        .isdisjoint({"brotli", "brotlicffi", "zstandard", "backports-zstd", "pyzstd"})
    )


@each
def test_the_locked_versions_are_the_declared_ones(lock: Path) -> None:
    declared = {
        canonicalize_name(pin.name): str(pin.specifier) for pin in map(Requirement, DECLARED[lock])
    }
    assert declared.items() <= pins(lock).items()


def test_the_tests_run_with_what_is_published() -> None:
    assert pins(RUNTIME).items() <= pins(DEVELOPMENT).items()


def test_what_stands_in_two_locks_is_one_version() -> None:
    here, there = pins(TORTURE), pins(DEVELOPMENT)
    shared = here.keys() & there.keys()
    assert "pytest" in shared
    assert {name: here[name] for name in shared} == {name: there[name] for name in shared}


@both
def test_nothing_is_locked_that_nothing_needs(lock: Path) -> None:
    here = {
        canonicalize_name(pin.name)
        for pin, _ in requirements(lock)
        if pin.marker is None or pin.marker.evaluate()
    }
    assert here == needed(DECLARED[lock])


def test_one_flipped_hash_stops_an_installation(tmp_path: Path) -> None:
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr(
            "tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        )
        archive.writestr(
            "tiny-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()

    def install(digest: str) -> subprocess.CompletedProcess[str]:
        lock = tmp_path / "requirements.lock"
        lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{digest}\n")
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index"]
        command += ["--find-links", str(tmp_path), "--only-binary", ":all:", "--require-hashes"]
        return subprocess.run(
            [*command, "-r", str(lock)], capture_output=True, text=True, check=False
        )

    assert install(digest).returncode == 0
    flipped = ("0" if digest[0] != "0" else "1") + digest[1:]
    refused = install(flipped)
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr


@pytest.mark.parametrize(
    "file", ["Makefile", ".github/workflows/publish.yml", ".github/workflows/ci.yml", ".ci/run"]
)
def test_every_installation_asks_for_hashes_and_wheels(file: str) -> None:
    text = (ROOT / file).read_text().replace("\\\n", " ")
    for line in re.findall(r"^(?!.*echo).*\bpip install\b.*", text, re.MULTILINE):
        assert "--require-hashes" in line, line
        assert "--only-binary :all:" in line, line
