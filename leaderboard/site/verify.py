"""Check a published site against its manifest: ``python -m leaderboard.site.verify _site``.

Exit status: 0 every file is as the manifest says and no other is there; 1 something is not,
one line each; 2 there is no manifest to check by.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

import pydantic

from leaderboard.strict_json import NotStrictJson, parse_json

MANIFEST: Final = "manifest.json"


class NoManifest(ValueError):
    """The folder cannot be checked; the message says why."""


class _Entry(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(strict=True, extra="forbid")

    path: Annotated[str, pydantic.Field(pattern=r"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$")]
    bytes: Annotated[int, pydantic.Field(ge=0)]
    sha256: Annotated[str, pydantic.Field(pattern=r"^[0-9a-f]{64}$")]
    source: str | None
    as_of: str | None
    license: str | None
    citation: str | None


class _Manifest(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(strict=True, extra="forbid")

    kind: Literal["manifest"]
    version: Literal[1]
    built_at: str
    simulated: bool
    files: list[_Entry]


def main(arguments: Sequence[str]) -> int:
    """Check the folder named on the command line; see the module for the exit status."""
    if len(arguments) != 1:
        print("usage: python -m leaderboard.site.verify FOLDER", file=sys.stderr)
        return 2
    site = Path(arguments[0])
    try:
        manifest = _load(site)
    except NoManifest as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    problems = list(_problems(site, manifest))
    for problem in problems:
        print(f"verify: {problem}", file=sys.stderr)
    if not problems:
        print(f"{len(manifest.files):,} files are as {site / MANIFEST} says, and no other is there")
    return 1 if problems else 0


def problems(site: Path) -> list[str]:
    """Say what in a site is not as its manifest says; raises `NoManifest`."""
    return list(_problems(site, _load(site)))


def _load(site: Path) -> _Manifest:
    path = site / MANIFEST
    try:
        return _Manifest.model_validate(parse_json(path.read_bytes()))
    except OSError as error:
        raise NoManifest(f"{path} cannot be read: {error.strerror}") from None
    except NotStrictJson as error:
        raise NoManifest(f"{path} is damaged: it {error}") from None
    except pydantic.ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise NoManifest(f"{path} is damaged: {where}: {error.errors()[0]['msg']}") from None


def _problems(site: Path, manifest: _Manifest) -> Iterator[str]:
    there = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*"))}
    named: set[str] = {MANIFEST}
    for entry in manifest.files:
        if entry.path in named or ".." in entry.path.split("/"):
            yield f"{entry.path}: named twice, or a place outside the site"
            continue
        named.add(entry.path)
        if entry.path in there:
            yield from _differences(there[entry.path], entry)
        else:
            yield f"{entry.path}: missing"
    for name, path in there.items():
        if name not in named and (path.is_symlink() or not path.is_dir()):
            yield f"{name}: not in the manifest"


def _differences(path: Path, entry: _Entry) -> Iterator[str]:
    if path.is_symlink() or not path.is_file():
        yield f"{entry.path}: no plain file"
        return
    body = path.read_bytes()
    if len(body) != entry.bytes:
        yield f"{entry.path}: {len(body):,} bytes where the manifest has {entry.bytes:,}"
    elif hashlib.sha256(body).hexdigest() != entry.sha256:
        yield f"{entry.path}: another content than the manifest's sha256"
    if entry.source is not None and entry.citation is None:
        yield f"{entry.path}: data of {entry.source} without its credit"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
