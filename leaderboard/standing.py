"""Tell whether the site that stands is already the one that a build would make.

A site is made from the data, the code, the settings and the day. Its hour is nowhere in it but
in the stamps that say when it was built; whatever it says of time (fresh, stale, accessed on)
turns at midnight UTC. So while all these are the same, and no byte of the site was touched, a
build would only restamp it: the site is left alone, and goes on saying truly when it was built.
"""

import dataclasses
import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from leaderboard import keeping
from leaderboard.keeping import Keep
from leaderboard.records import Edition

MANIFEST: Final = "manifest.json"
REVIEWED: Final = ("data/aliases.toml", "data/labs.toml")
"""The reviewed tables that stand in for those that a data folder does not have."""
_CODE: Final = ("build.py", "pyproject.toml", "leaderboard", "static", "templates", *REVIEWED)


def fingerprint(edition: Edition, data: Path, root: Path) -> str:
    """Sum up all that a site is made from: *data*, the code under *root*, settings, the day."""
    settings = dataclasses.asdict(edition) | {"built_at": edition.built_at.date()}
    return keeping.name(
        json.dumps(settings, default=str, sort_keys=True).encode(),
        _surroundings(),
        *(part for name in _CODE for part in _contents(root / name)),
        *_contents(data),
    )


def built_at(out: Path, fingerprint: str, keep: Keep) -> dt.datetime | None:
    """Return when the site at *out* was built, if it is whole and made from the very same.

    What a killed run left beside it is for a build to clear: such a site does not stand.
    """
    kept = keep.load(_name(fingerprint))
    if kept is None or any(folder.exists() for folder in asides(out)):
        return None
    remembered: dict[str, Any] = json.loads(kept)
    if not _is_whole(out, remembered["manifest"]):
        return None
    return dt.datetime.fromisoformat(remembered["built_at"])


def asides(out: Path) -> tuple[Path, Path]:
    """Name the folders beside *out* where a new site is staged and where the old one waits."""
    out = out.absolute()
    return out.with_name(f".{out.name}.staged"), out.with_name(f".{out.name}.previous")


def remember(out: Path, fingerprint: str, edition: Edition, keep: Keep) -> None:
    """Keep what the site just published at *out* was made from."""
    remembered = {
        "built_at": edition.built_at.isoformat(),
        "manifest": hashlib.sha256((out / MANIFEST).read_bytes()).hexdigest(),
    }
    keep.save(_name(fingerprint), json.dumps(remembered).encode())


def _name(fingerprint: str) -> str:
    return keeping.name(b"site", fingerprint.encode())


def _is_whole(out: Path, sha256: str) -> bool:
    """Compare every file with the manifest, and find none that it does not list."""
    try:
        manifest = (out / MANIFEST).read_bytes()
        if hashlib.sha256(manifest).hexdigest() != sha256:
            return False
        listed = {file["path"]: file["sha256"] for file in json.loads(manifest)["files"]}
        return listed == {
            path: hashlib.sha256(content).hexdigest()
            for path, content in _files(out)
            if path != MANIFEST
        }
    except OSError:
        return False


def _surroundings() -> bytes:
    """Name the interpreter, all that is installed beside it, and the fonts of the system."""
    installed = sorted(
        name
        for folder in sys.path
        if os.path.isdir(folder)
        for name in os.listdir(folder)
        if name.endswith(".dist-info")
    )
    return "\n".join([sys.version, *installed, *keeping.fonts()]).encode()


def _contents(root: Path) -> Iterator[bytes]:
    yield root.name.encode()
    if root.is_file():
        yield root.read_bytes()
    for path, content in _files(root):
        yield path.encode()
        yield hashlib.sha256(content).digest()


def _files(root: Path, below: str = "") -> Iterator[tuple[str, bytes]]:
    """Read every file under a folder, in one order; what Python or a killed run left is none."""
    if not root.is_dir():
        return
    with os.scandir(root) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(root / entry.name, f"{below}{entry.name}/")
        elif not entry.name.endswith(".part"):
            with open(entry.path, "rb") as file:
                yield f"{below}{entry.name}", file.read()
