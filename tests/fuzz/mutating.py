"""Changes to JSON that keep it JSON, so that more than its syntax is tried."""

import json
import random
from typing import Any, Final

VALUES: Final = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**53 + 1,
    10**39,
    10**41,
    0.5,
    1e308,
    -0.0,
    "",
    " ",
    "other",
    "Other",
    "__others__",
    "NaN",
    "0",
    "00",
    "-1",
    "1" * 40,
    "1" * 41,
    "2026-11-19",
    "2026-02-30",
    "2026-13-01",
    "0001-01-01",
    "9999-12-31",
    "２０２６-１１-１９",
    "2026-11-19\n",
    "2026-11-19T25:00:00Z",
    "2026-11-19T01:00:00Z",
    "2026-11-19T01:00:00+14:00",
    "2026-11-19T01:00:00",
    "0001-01-01T00:00:00+23:59",
    "\u0000",
    "\u2028",
    "\ud83d\ude00",
    "a/b",
    "/",
    "//",
    "~a/b",
    "x" * 300,
    [],
    {},
    [[]],
    [{}],
    {"": None},
)
"""Values that have broken programs."""


def mutated(body: bytes, chance: random.Random) -> bytes | None:
    """Change a few places of a JSON text; None where it is none."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    for _ in range(chance.randint(1, 3)):
        parsed = _changed(parsed, chance)
    return json.dumps(parsed, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _changed(value: Any, chance: random.Random) -> Any:
    inside = isinstance(value, dict | list) and value
    if not inside or chance.random() < 0.05:
        return chance.choice(VALUES)
    what = chance.random()
    if isinstance(value, list):
        at = chance.randrange(len(value))
        if what < 0.1:
            return value[:at] + value[at + 1 :]
        if what < 0.25:
            return value[: at + 1] + value[at:]
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]]
    name = chance.choice(list(value))
    if what < 0.08:
        return {key: held for key, held in value.items() if key != name}
    if what < 0.12:
        return {**value, str(chance.choice(VALUES))[:20]: chance.choice(VALUES)}
    if what < 0.2:
        return {**value, name: value[chance.choice(list(value))]}
    return {**value, name: _changed(value[name], chance)}
