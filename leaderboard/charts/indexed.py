"""PNG images in indexed colours: flat charts and text need few, and a third of the bytes."""

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageColor

MOST_COLOURS: Final = 128
_TALLIED: Final = 1 << 17
# Pillow finds the nearest colour of a palette for cells of four steps a channel, from the
# cell's corner. Kept this far from the named ones, no other is ever nearer to that corner.
_APART: Final = 12
_BETWEEN: Final = 6

Colour = tuple[int, ...]


def png(drawn: bytes, named: Sequence[str] = ()) -> bytes:
    """Write a PNG anew with the *named* colours exactly, and for all else the nearest of a few.

    What is not kept as it was are steps between a letter or an edge and its ground.
    """
    with Image.open(io.BytesIO(drawn)) as image:
        image.load()
        pixels = image.convert("RGB")
    flat = [channel for colour in _kept(pixels, named) for channel in colour]
    palette = Image.new("P", (1, 1))
    # Unused places repeat the first colour: they must not offer one that nobody named.
    palette.putpalette(flat + flat[:3] * (256 - len(flat) // 3))
    body = io.BytesIO()
    pixels.quantize(palette=palette, dither=Image.Dither.NONE).save(body, "PNG")
    return body.getvalue()


def _kept(pixels: Image.Image, named: Sequence[str]) -> list[Colour]:
    """Choose the palette: the named colours, then the commonest that keep their distance."""
    tallied = pixels.getcolors(_TALLIED) or []
    ordered = sorted((-count, colour) for count, colour in tallied if isinstance(colour, tuple))
    own = list(dict.fromkeys(ImageColor.getrgb(name)[:3] for name in named))
    kept: list[Colour] = []
    for _, colour in ordered:
        if len(own) + len(kept) == MOST_COLOURS:
            break
        if _is_apart(colour, own, _APART) and _is_apart(colour, kept, _BETWEEN):
            kept.append(colour)
    return [*own, *kept]


def _is_apart(colour: Colour, others: Sequence[Colour], least: int) -> bool:
    red, green, blue = colour
    nearest = least * least
    for r, g, b in others:  # written out: this is asked some ten thousand times an image
        if (red - r) * (red - r) + (green - g) * (green - g) + (blue - b) * (blue - b) < nearest:
            return False
    return True
