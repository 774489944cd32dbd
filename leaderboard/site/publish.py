"""Publish a whole site at once: stage it beside the old one, then swap both in one step."""

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from leaderboard.standing import asides

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_UNSUPPORTED: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})
_SIGN: Final = "api/v1/index.json"


class NotASite(ValueError):
    """What stands where the site should go is something else, and is not replaced."""


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give an empty folder beside *out*; publish it as *out* when the block ends well.

    Where the block fails, *out* is untouched. A run killed at any point leaves the old site
    or the new one whole; what it left beside them is cleared by the next run. Raises
    `NotASite` where *out* holds anything but an earlier site.
    """
    out = out.absolute()
    staging, previous = asides(out)
    heal(out)
    _check(out)
    _remove(staging)
    staging.mkdir(parents=True)
    try:
        yield staging
        swap(staging, out)
    finally:
        # What cannot be removed now is the next run's to clear; the site is what it is.
        with contextlib.suppress(OSError):
            _remove(staging)
            if out.exists():
                _remove(previous)


def swap(new: Path, out: Path) -> None:
    """Put *new* in the place of *out*; what was there is afterwards at *new*, if anything.

    On Linux one system call exchanges the two. Elsewhere two renames do, and between them
    nothing is at *out*: `heal` then brings the old site back.
    """
    if not out.exists():
        os.rename(new, out)
        return
    if exchange(new, out):
        return
    _, previous = asides(out)
    _remove(previous)
    os.rename(out, previous)
    os.rename(new, out)
    os.rename(previous, new)


def heal(out: Path) -> None:
    """Bring back the site that a run killed between two renames left aside."""
    _, previous = asides(out)
    if previous.exists() and not out.exists():
        os.rename(previous, out)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; give False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def _check(out: Path) -> None:
    if not out.exists() or (out / _SIGN).is_file():
        return
    if not out.is_dir() or any(out.iterdir()):
        raise NotASite(
            f"{out} holds something other than an earlier site and is left as it is; "
            "choose another folder, or empty this one"
        )


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
