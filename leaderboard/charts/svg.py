"""A renderer's SVG made fit for a page: small, without styles, scripts, ids or links.

What is left are shapes and text with presentation attributes, which the page's style sheet
can recolour, under a policy that forbids inline style.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
_SHAPES: Final = frozenset({"path", "line", "text"})
_PAINT: Final = frozenset(
    {
        "fill",
        "fill-opacity",
        "font-size",
        "font-weight",
        "opacity",
        "stroke",
        "stroke-linejoin",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
    }
)
_DEFAULTS: Final = {
    "fill-opacity": "1",
    "font-weight": "normal",
    "opacity": "1",
    "stroke-opacity": "1",
    "stroke-width": "1",
    "text-anchor": "start",
}
_IGNORED: Final = frozenset(
    {"class", "role", "aria-roledescription", "aria-hidden", "aria-label", "pointer-events"}
    | {"transform", "display", "d", "x1", "y1", "x2", "y2", "x", "y", "font-family"}
    | {"stroke-miterlimit", "fill", "font-style"}
)
_TRANSLATE: Final = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_PATH: Final = re.compile(r"[A-Za-z]|-?\d*\.?\d+(?:e-?\d+)?")


class DrawingError(ValueError):
    """A drawing is not what was asked for."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """One visible element, placed where it stands in the whole drawing."""

    name: str
    place: str
    paint: tuple[tuple[str, str], ...]
    text: str


def slim(drawn: str, font: str) -> str:
    """Keep of a renderer's SVG what can be seen, with coordinates to a tenth of a pixel."""
    return slimmed(drawn, font)[0]


def slimmed(drawn: str, font: str) -> tuple[str, int]:
    """Slim a drawing, and count its data marks: axes and frames are none."""
    root = _parsed(drawn)
    shapes = list(_shapes(root, 0.0, 0.0))
    sizes = Counter(value for s in shapes for name, value in s.paint if name == "font-size")
    size = sizes.most_common(1)[0][0] if sizes else "12px"
    box = f"0 0 {_number(float(root.get('width', '0')))} {_number(float(root.get('height', '0')))}"
    text = "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" ',
            f'font-family={quoteattr(font)} font-size="{size}" fill="none" ',
            'aria-hidden="true" focusable="false">',
            *(_written(shape, size) for shape in shapes),
            "</svg>",
        ]
    )
    return text, _marks(root)


def _marks(root: ElementTree.Element) -> int:
    return sum(
        len(group)
        for group in root.iter(f"{_NAMESPACE}g")
        if "role-mark" in group.get("class", "").split()
    )


def _parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314 - our own renderer's output


def _shapes(element: ElementTree.Element, x: float, y: float) -> Iterator[_Shape]:
    if element.get("display") == "none":
        return
    dx, dy = _translation(element)
    x, y = x + dx, y + dy
    name = element.tag.removeprefix(_NAMESPACE)
    if name in {"svg", "g"}:
        for child in element:
            yield from _shapes(child, x, y)
        return
    if name not in _SHAPES or set(element.attrib) - _PAINT - _IGNORED:
        raise DrawingError(f"unexpected <{name} {' '.join(element.attrib)}> in a drawing")
    paint = tuple(
        (key, value)
        for key, value in element.attrib.items()
        if key in _PAINT and _DEFAULTS.get(key) != value
    )
    if not {"fill", "stroke"} & {key for key, _ in paint}:
        return
    yield _Shape(name, _place(name, element, x, y), paint, element.text or "")


def _translation(element: ElementTree.Element) -> tuple[float, float]:
    transform = element.get("transform")
    if transform is None:
        return 0.0, 0.0
    match = _TRANSLATE.fullmatch(transform)
    if match is None:
        raise DrawingError(f"unexpected transform {transform!r} in a drawing")
    return float(match[1]), float(match[2])


def _place(name: str, element: ElementTree.Element, x: float, y: float) -> str:
    if name == "path":
        return f'd="{_path(element.get("d", ""), x, y)}"'
    if name == "text":
        return f'x="{_number(x)}" y="{_number(y)}"'
    ends = [float(element.get(key, "0")) for key in ("x1", "y1", "x2", "y2")]
    x1, y1, x2, y2 = (_number(end + offset) for end, offset in zip(ends, (x, y, x, y), strict=True))
    return f'd="M{x1} {y1}' + (f'H{x2}"' if y1 == y2 else f'V{y2}"' if x1 == x2 else f'L{x2} {y2}"')


def _path(path: str, x: float, y: float) -> str:
    """Move a path, round it, and write it in steps from one rounded point to the next."""
    tokens = _PATH.findall(path)
    written: list[str] = []
    at = [0.0, 0.0]  # where the renderer's pen is
    pen = (0, 0)  # where ours is, in tenths
    i, command = 0, ""
    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i]
            i += 1
            if command in "Zz":
                written.append("Z")
                command = ""
                continue
        if command in {"M", "L"}:
            at = [float(tokens[i]), float(tokens[i + 1])]
            i += 2
        elif command == "h":
            at = [at[0] + float(tokens[i]), at[1]]
            i += 1
        elif command == "v":
            at = [at[0], at[1] + float(tokens[i])]
            i += 1
        else:
            raise DrawingError(f"unexpected path command {command!r} in a drawing")
        new = (round((at[0] + x) * 10), round((at[1] + y) * 10))
        if command == "M":
            written.append(f"M{_tenths(new[0])} {_tenths(new[1])}")
        else:
            written.append(_step(new[0] - pen[0], new[1] - pen[1]))
        pen = new
        if command == "M":
            command = "L"
    return re.sub(r"l([^a-zA-Z]*)(?:l([^a-zA-Z]*))+", _joined, "".join(written))


def _joined(match: re.Match[str]) -> str:
    """Write the letter of a run of steps once; a minus parts numbers by itself."""
    return "l" + match[0].replace("l", " ").strip().replace(" -", "-")


def _step(dx: int, dy: int) -> str:
    if dx == 0 and dy == 0:
        return ""
    if dy == 0:
        return f"h{_tenths(dx)}"
    if dx == 0:
        return f"v{_tenths(dy)}"
    return f"l{_tenths(dx)} {_tenths(dy)}"


def _number(value: float) -> str:
    return _tenths(round(value * 10))


def _tenths(value: int) -> str:
    sign = "-" if value < 0 else ""
    whole, tenth = divmod(abs(value), 10)
    return f"{sign}{whole}" if tenth == 0 else f"{sign}{whole or ''}.{tenth}"


def _written(shape: _Shape, size: str) -> str:
    paint = "".join(
        f" {key}={quoteattr(value)}"
        for key, value in shape.paint
        if not (key == "font-size" and value == size)
    )
    if shape.name == "text":
        return f"<text {shape.place}{paint}>{escape(shape.text)}</text>"
    return f"<path {shape.place}{paint}/>"
