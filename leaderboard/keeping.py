"""Things made once and kept: a folder of bytes, each under the hash of all it was made from.

The folder may be deleted at any time, damaged, or shared between branches. What is not whole
under its own name counts as not there, so that at worst a thing is made again.
"""

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import Final

KEPT_DAYS: Final = 30
"""What no run has asked for in this long is forgotten."""
_DAY_S: Final = 86_400
_DIGEST: Final = hashlib.sha256().digest_size
_FONTS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "~/.fonts",
    "~/.local/share/fonts",
)


def name(*parts: bytes) -> str:
    """Name a thing by all that it is made from; parts do not run into each other.

    >>> name(b"ab", b"c") == name(b"a", b"bc")
    False
    """
    summed = hashlib.sha256()
    for part in parts:
        summed.update(len(part).to_bytes(8, "big"))
        summed.update(part)
    return summed.hexdigest()


def fonts() -> list[str]:
    """List the system's fonts: whatever text is drawn may be drawn with them."""
    return sorted(
        f"{name} {os.stat(os.path.join(folder, name)).st_size}"
        for root in _FONTS
        for folder, _, names in os.walk(os.path.expanduser(root))
        for name in names
        if name.lower().endswith((".ttf", ".otf", ".ttc"))
    )


class Keep:
    """A folder of kept things; without a folder nothing is kept.

    An entry carries the hash of its name and its content: neither a torn copy nor a whole one
    under another's name is taken for what it is not.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def load(self, name: str) -> bytes | None:
        """Return what is kept under *name*; None where nothing is, or nothing whole."""
        if self.folder is None:
            return None
        place = self._place(self.folder, name)
        try:
            content = place.read_bytes()
            if time.time() - place.stat().st_mtime > _DAY_S:
                os.utime(place)  # asked for: not to be forgotten
        except OSError:
            return None
        kept = content[_DIGEST:]
        return kept if _digest(name, kept) == content[:_DIGEST] else None

    def save(self, name: str, content: bytes) -> None:
        """Keep *content* under *name*; where that cannot be, it is not kept."""
        if self.folder is None:
            return
        place = self._place(self.folder, name)
        # A full disk or a folder that cannot be written costs the next run time, not this one.
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
                file.write(_digest(name, content) + content)
            os.replace(file.name, place)

    def forget(self) -> None:
        """Delete what has not been asked for in a long time."""
        if self.folder is None:
            return
        oldest = time.time() - KEPT_DAYS * _DAY_S
        for place in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):  # another run may have been faster
                if place.stat().st_mtime < oldest:
                    place.unlink()

    @staticmethod
    def _place(folder: Path, name: str) -> Path:
        return folder / name[:2] / name[2:]


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).digest()
