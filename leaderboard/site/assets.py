"""Stylesheet, scripts and icons under names that change with their content.

A page and the assets it names are one generation: a cached page finds its own assets or none,
never another's. The modules of ``static/`` are joined into scripts (see `scripts`), which import
each other by these names.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from leaderboard.site import scripts

_IMPORT: Final = re.compile(r"""(?P<quote>["'])\./(?P<name>[a-z0-9-]+\.js)(?P=quote)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file to publish at *path*; *integrity* is its subresource-integrity hash."""

    path: str
    body: bytes
    integrity: str


def assets(static: Path, made: Mapping[str, bytes]) -> dict[str, Asset]:
    """Name the files of *static*, and those *made* at build time, by their content.

    The result is keyed by plain name (``site.js``); modules are joined into the scripts that
    pages load. A made file takes the place of a static one of its name. Raises `ValueError`
    where scripts import each other in a circle or import what is not there.
    """
    bodies = {path.name: path.read_bytes() for path in sorted(static.iterdir()) if path.is_file()}
    texts = {name: body.decode("utf-8") for name, body in bodies.items() if name.endswith(".js")}
    entries = tuple(name for name in scripts.ENTRIES if name in texts)
    found = scripts.modules(texts, entries)
    for name in {module for script in found.values() for module in script}:
        del bodies[name]
    bodies |= {name: scripts.joined(name, found, texts).encode("utf-8") for name in entries}
    bodies |= made
    named: dict[str, Asset] = {}
    for name in sorted(bodies):
        _name(name, bodies, made, named, ())
    return named


def _name(
    name: str,
    bodies: Mapping[str, bytes],
    made: Mapping[str, bytes],
    named: dict[str, Asset],
    importers: tuple[str, ...],
) -> Asset:
    if name in named:
        return named[name]
    if name in importers or name not in bodies:
        raise ValueError(f"{' -> '.join((*importers, name))}: a circle, or no such script")
    body = bodies[name]
    if name.endswith(".js") and name not in made:
        text = body.decode("utf-8")
        for match in {m["name"]: m for m in _IMPORT.finditer(text)}.values():
            imported = _name(match["name"], bodies, made, named, (*importers, name))
            plain = f"{match['quote']}./{match['name']}{match['quote']}"
            replaced = f"{match['quote']}./{Path(imported.path).name}{match['quote']}"
            text = text.replace(plain, replaced)
        body = text.encode("utf-8")
    stem, _, ending = name.rpartition(".")
    digest = base64.b64encode(hashlib.sha384(body).digest()).decode()
    named[name] = Asset(
        path=f"assets/{stem}-{hashlib.sha256(body).hexdigest()[:12]}.{ending}",
        body=body,
        integrity=f"sha384-{digest}",
    )
    return named[name]
