"""Fitting text into drawings: how wide it is, where it may be cut, how labels keep apart."""

import functools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from leaderboard import words

ELLIPSIS: Final = "…"

# Advance widths of Liberation Sans in thousandths of the type size.
ADVANCES: Final[Mapping[str, int]] = {
    char: advance
    for chars, advance in (
        ("'", 191),
        ("ijl", 222),
        ("|", 260),
        (" \u00a0!,./:;I[\\]ft", 278),
        ("()-`r·{}", 333),
        ('"', 355),
        ("*", 389),
        ("^", 469),
        ("Jcksvxyz", 500),
        ("#$0123456789?L_abdeghnopqu–", 556),
        ("+<=>~≥", 584),
        ("FTZ", 611),
        ("&ABEKPSVXY", 667),
        ("CDHNRUw", 722),
        ("GOQ", 778),
        ("Mm", 833),
        ("%", 889),
        ("W", 944),
        ("…—", 1000),
        ("@", 1015),
    )
    for char in chars
}
_BOLD: Final = 1.08
_WIDER: Final = 1.13
"""Verdana's kin run some 13 % wider than Arial's, and the reader's system chooses."""
_ZWJ: Final = "\u200d"


def width(text: str, size: float, *, is_bold: bool = False) -> float:
    """Measure text in pixels, with room for a page's type that runs wider."""
    return _thousandths(text) * size / 1000 * (_BOLD if is_bold else 1) * _WIDER


@functools.lru_cache(maxsize=1 << 14)
def _thousandths(text: str) -> int:
    return sum(_advance(cluster[0]) for cluster in graphemes(text))


def _advance(char: str) -> int:
    if char in ADVANCES:
        return ADVANCES[char]
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.category(char) in {"So", "Sk"}:
        return 1300
    return 1000 if unicodedata.east_asian_width(char) in {"W", "F"} else 640


def fit(text: str, room: float, size: float) -> str:
    """Cut text that does not fit between two characters as people see them.

    A family of joined emoji, an accent put on afterwards or a flag is never cut through.
    """
    clean = words.printable(" ".join(text.split()))
    if width(clean, size) <= room:
        return clean
    kept = ""
    for cluster in graphemes(clean):
        if width(kept + cluster + ELLIPSIS, size) > room:
            break
        kept += cluster
    return kept.rstrip() + ELLIPSIS


def graphemes(text: str) -> Iterator[str]:
    """Part text where people see one character end: the common cases of Unicode's rules."""
    cluster = ""
    for char in text:
        if cluster and not _continues(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _continues(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if unicodedata.category(char) in {"Mn", "Me", "Mc"} or char == _ZWJ:
        return True
    if last == _ZWJ or "\U0001f3fb" <= char <= "\U0001f3ff":
        return True
    if "\U000e0020" <= char <= "\U000e007f":
        return True
    if _is_regional(last) and _is_regional(char):
        return sum(map(_is_regional, cluster)) % 2 == 1
    return _is_jamo(last) and _is_jamo(char)


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_jamo(char: str) -> bool:
    return "\u1100" <= char <= "\u11ff"


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart as little as possible: *gap* between neighbours, all within bounds.

    Labels keep the order they came in, which is ascending. Where the room is too small for
    the gap the labels share it evenly.

    >>> spread([10, 12, 50], 6, 0, 100)
    [8.0, 14.0, 50]
    """
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    groups: list[tuple[float, int]] = []  # where the first of a group wants to be, and how many
    for position in wanted:
        start, count = position, 1
        while groups and groups[-1][0] + groups[-1][1] * gap > start:
            before, more = groups.pop()
            start = (before * more + (start - more * gap) * count) / (more + count)
            count += more
        groups.append((start, count))
    placed = [start + i * gap for start, count in groups for i in range(count)]
    for i, position in enumerate(placed):
        placed[i] = max(position, low + i * gap)
    for i, position in enumerate(reversed(placed)):
        placed[-1 - i] = min(position, high - i * gap)
    return placed
