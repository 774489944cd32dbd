"""How names are spelt: slugs, variants, date suffixes, and what two spellings have in common.

Nothing here decides who is who; it only says which spellings are the same words.
"""

import re
from typing import NamedTuple

_JOINT = re.compile(r"[ .-]+")
_FULL_DATE = re.compile(
    r"-(?P<year>20\d\d)(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)\Z", re.ASCII
)
_SHORT_DATE = re.compile(r"(?<!-20\d\d)-(?P<month>\d\d)-?(?P<day>\d\d)\Z", re.ASCII)
_CLAUDE_VERSION_FIRST = re.compile(
    r"claude-(?P<version>\d+(?:\.\d+)?)-(?P<family>[a-z]+)(?P<rest>-.*)?", re.ASCII | re.DOTALL
)
_CLAUDE_FAMILY_FIRST = re.compile(
    r"claude-(?P<family>[a-z]+)-(?P<version>\d+(?:\.\d+)?)(?P<rest>-.*)?", re.ASCII | re.DOTALL
)


class Dated(NamedTuple):
    """A slug's tail taken apart: its stem and the date at its end (year None: not given)."""

    stem: str
    year: int | None
    month: int
    day: int


def normalised(name: str) -> str:
    """Fold *name* for case and for spaces, hyphens and points, and for nothing else.

    Joints between two digits stay, because ``Qwen3 4B`` is not ``Qwen 34B``, and a decimal
    point stays a point, because it is not ``Qwen 3.4B`` either.

    >>> normalised("GPT OSS 20B") == normalised("gpt-oss-20b")
    True
    >>> normalised("Ministral 3 3B") == normalised("Ministral 3B")
    False
    """
    return _JOINT.sub(_joint, name.strip().casefold()).strip()


def _joint(joint: re.Match[str]) -> str:
    before, after = joint.string[: joint.start()][-1:], joint.string[joint.end() :][:1]
    if not (before.isdigit() and after.isdigit()):
        return ""
    return "." if joint[0] == "." else "-"


def parts(slug: str) -> tuple[str, str] | None:
    """Split ``author/tail``; None where *slug* is not of that form."""
    match slug.split("/"):
        case [author, tail] if author.strip() and tail.strip():
            return author, tail
    return None


def without_variant(slug: str) -> tuple[str, tuple[str, ...]]:
    """Take ``:free``, ``:thinking`` and their like off *slug* and give them as flags.

    >>> without_variant("poolside/laguna-m.1-20260312:free")
    ('poolside/laguna-m.1-20260312', ('free',))
    """
    stem, *flags = slug.split(":")
    return (stem, tuple(flag for flag in flags if flag)) if stem else (slug, ())


def without_variant_note(name: str, flags: tuple[str, ...]) -> str:
    """Take ``(free)`` off the end of *name* where *flags* say the same."""
    name = name.rstrip()
    for flag in reversed(flags):
        note = f"({flag})"
        if name.casefold().endswith(note.casefold()):
            name = name[: -len(note)].rstrip()
    return name


def without_lab(name: str) -> str:
    """Take a catalogue's ``Lab: `` off the front of *name*.

    >>> without_lab("Z.ai: GLM 5.2")
    'GLM 5.2'
    """
    _, colon, rest = name.partition(": ")
    return rest.strip() if colon and rest.strip() else name.strip()


def dated(tail: str) -> Dated | None:
    """Read the date at the end of *tail*: ``-YYYYMMDD``, ``-YYYY-MM-DD``, ``-MMDD``, ``-MM-DD``.

    >>> dated("gpt-5-nano-2025-08-07")
    Dated(stem='gpt-5-nano', year=2025, month=8, day=7)
    >>> dated("mistral-large-2512") is None  # there is no 25th month
    True
    """
    found = _FULL_DATE.search(tail) or _SHORT_DATE.search(tail)
    if not found:
        return None
    month, day = int(found["month"]), int(found["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = found.groupdict().get("year")
    return Dated(tail[: found.start()], int(year) if year else None, month, day)


def swapped(tail: str) -> str | None:
    """Give the other order of a Claude name; None where *tail* has neither order.

    >>> swapped("claude-4.8-opus-20260528")
    'claude-opus-4.8-20260528'
    >>> swapped("claude-opus-4.8-fast")
    'claude-4.8-opus-fast'
    """
    if found := _CLAUDE_VERSION_FIRST.fullmatch(tail):
        return f"claude-{found['family']}-{found['version']}{found['rest'] or ''}"
    if found := _CLAUDE_FAMILY_FIRST.fullmatch(tail):
        return f"claude-{found['version']}-{found['family']}{found['rest'] or ''}"
    return None
