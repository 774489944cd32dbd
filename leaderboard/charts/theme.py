"""How charts look: labs' colours, the few others, and the style sheet that carries them.

A chart names its colours by value, from a fixed set, as presentation attributes. The style
sheet turns the neutral ones into custom properties, so that one drawing serves light and
dark. Labs keep one colour in both: each is at least 3:1 against either ground.
"""

import functools
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

FONT: Final = "Liberation Sans"
"""Bundled with the renderer, and as wide as Arial: what layouts are measured in."""

PAPER: Final = "#ffffff"
INK: Final = "#1a1d21"
SOFT: Final = "#5a606a"
RULE: Final = "#8c929c"
REST: Final = "#dfe2e7"
PLAIN: Final = "#5d7590"

NEUTRALS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    # colour in a drawing: its custom property, the page's own one, light, dark
    PAPER: ("--chart-paper", "--panel", "#ffffff", "#1a1c1f"),
    INK: ("--chart-ink", "--ink", "#1a1d21", "#edebe6"),
    SOFT: ("--chart-soft", "--soft", "#5a606a", "#a5a8ae"),
    RULE: ("--chart-rule", "--edge", "#8c929c", "#777b82"),
    REST: ("--chart-rest", "--rest", "#dfe2e7", "#343a41"),
    PLAIN: ("--chart-plain", "--plain", "#5d7590", "#7d97b5"),
}

# Found by search: hues near the labs' own, luminance within what 3:1 on both grounds allows,
# and the least distance between any two as large as could be had, in normal vision and with
# protanopia, deuteranopia and tritanopia; larger among the first eight.
LABS: Final[Mapping[str, str]] = {
    "anthropic": "#b8401c",
    "openai": "#289c70",
    "google": "#4a72d9",
    "deepseek": "#8584f4",
    "x-ai": "#738091",
    "qwen": "#b876be",
    "z-ai": "#1e746f",
    "moonshotai": "#8f529e",
    "minimax": "#db7075",
    "xiaomi": "#b76615",
    "tencent": "#1398d2",
    "nvidia": "#646f3f",
    "meta": "#6c5dbb",
    "mistralai": "#927a49",
    "stepfun": "#ab4b69",
    "amazon": "#989217",
}
# For every other lab: dustier, so that they do not pass for one of the above.
UNLISTED: Final = (
    "#9d737f",
    "#957b5c",
    "#6d896c",
    "#598995",
    "#7e7ba0",
    "#8c6260",
    "#796e49",
    "#4f7967",
    "#50748b",
    "#796687",
)

Colour = tuple[float, float, float]
_RGB_TO_LMS: Final = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LMS_TO_LAB: Final = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_LAB_TO_LMS: Final = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_LMS_TO_RGB: Final = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)

_LUMINANCES: Final = (0.139, 0.165, 0.195, 0.235, 0.282)
"""Steps that look about even, from the darkest to the lightest that stand out on both grounds."""


def colour(lab: str | None, step: int = 0) -> str:
    """Give a lab's colour, or for its further models on one chart a step of it.

    An unknown lab always gets the same one of a few dusty colours; no lab gets the plain one.
    """
    if lab is None:
        return PLAIN
    return _steps(_base(lab))[step % len(_LUMINANCES)]


def colours(labs: Iterable[str | None]) -> tuple[str, ...]:
    """Colour the entities of one chart in their order, telling a lab's models apart."""
    used: Counter[str | None] = Counter()
    chosen = []
    for lab in labs:
        chosen.append(colour(lab, used[lab]))
        used[lab] += lab is not None
    return tuple(chosen)


def swatch(value: str) -> str:
    """Name the class that fills a swatch on a page with a chart's colour."""
    return f"ink-{value.removeprefix('#')}"


def css() -> str:
    """Write the style sheet that drawings and swatches rely on."""
    properties = "".join(
        f"{own}:var({page},light-dark({light},{dark}));"
        for own, page, light, dark in NEUTRALS.values()
    )
    rules = [
        f":root{{{properties}}}",
        ".chart svg{font-family:inherit;font-variant-numeric:tabular-nums}",
        ".chart .narrow svg{max-width:32rem;margin-inline:auto}",
    ]
    for value, (own, *_) in NEUTRALS.items():
        rules += [f'.chart [{part}="{value}"]{{{part}:var({own})}}' for part in ("fill", "stroke")]
        rules.append(f".swatch .{swatch(value)}{{fill:var({own})}}")
    rules += [
        f".swatch .{swatch(shade)}{{fill:{shade}}}"
        for shade in dict.fromkeys(s for base in (*LABS.values(), *UNLISTED) for s in _steps(base))
    ]
    return "\n".join(rules) + "\n"


def luminance(value: str) -> float:
    """Give a colour's relative luminance, as WCAG defines it."""
    return _luminance(_linear(value))


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, as WCAG defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _base(lab: str) -> str:
    return LABS.get(lab) or UNLISTED[zlib.crc32(lab.encode()) % len(UNLISTED)]


@functools.cache
def _steps(base: str) -> tuple[str, ...]:
    """Order a colour and its shades so that each is as far as can be from those before it."""
    steps = [luminance(base)]
    left = list(_LUMINANCES)
    left.remove(min(left, key=lambda y: abs(y - steps[0])))
    while left:
        farthest = max(left, key=lambda y: min(abs(_lightness(y) - _lightness(s)) for s in steps))
        left.remove(farthest)
        steps.append(farthest)
    return (base, *(_shade(base, luminance) for luminance in steps[1:]))


def _lightness(luminance: float) -> float:
    return float(luminance ** (1 / 3))


def _shade(base: str, target: float) -> str:
    """Darken or lighten a colour to the luminance wanted, keeping its hue and most of its chroma.

    The mixing is done in OKLab: https://bottosson.github.io/posts/oklab/.
    """
    _, a, b = _oklab(_linear(base))
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        if _luminance(_rgb(middle, a, b)) < target:
            low = middle
        else:
            high = middle
    return "#" + "".join(f"{round(_encoded(c) * 255):02x}" for c in _rgb(low, a, b))


def _oklab(rgb: Colour) -> Colour:
    long, medium, short = (x ** (1 / 3) for x in _product(_RGB_TO_LMS, rgb))
    return _product(_LMS_TO_LAB, (long, medium, short))


def _rgb(lightness: float, a: float, b: float) -> Colour:
    """Give linear RGB, cut to what a screen shows."""
    roots = _product(_LAB_TO_LMS, (lightness, a, b))
    red, green, blue = _product(_LMS_TO_RGB, (roots[0] ** 3, roots[1] ** 3, roots[2] ** 3))
    return min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1)


def _product(matrix: tuple[Colour, Colour, Colour], vector: Colour) -> Colour:
    x, y, z = (sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def _luminance(rgb: Colour) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def _linear(value: str) -> Colour:
    red, green, blue = (_decoded(int(value[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return red, green, blue


def _decoded(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _encoded(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
