"""JSON as RFC 8259 has it, and nothing that lenient parsers let through."""

import collections
import json
import math
from typing import Any, Final, NoReturn

MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 40
_CONTAINERS: Final = frozenset({dict, list})


class NotStrictJson(ValueError):
    """The bytes are no strict JSON; the message continues "the answer …" or "the file …"."""


def parse_json(body: bytes) -> Any:
    """Return *body* parsed as strict JSON (RFC 8259, and no more).

    Raises `NotStrictJson` on what lenient parsers let through: NaN and infinities, duplicate
    keys, a byte-order mark, lone surrogates, nesting beyond 64 levels, integers beyond 40 digits.
    """
    try:
        text = body.decode("utf-8")
        if not text.strip():
            raise NotStrictJson("is empty")
        parsed = json.loads(
            text,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_bounded_int,
            object_pairs_hook=_unique,
        )
    except UnicodeDecodeError:
        raise NotStrictJson("is not UTF-8") from None
    except RecursionError:
        raise NotStrictJson(f"is nested deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise NotStrictJson(f"is not whole JSON (at character {error.pos})") from None
    _check_values(parsed, has_escapes="\\u" in text)
    return parsed


def _check_values(parsed: Any, *, has_escapes: bool) -> None:
    if has_escapes:
        _check_texts(parsed)
    level, depth = [parsed] if type(parsed) in _CONTAINERS else [], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise NotStrictJson(f"is nested deeper than {MAX_DEPTH} levels")
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) in _CONTAINERS
        ]


def _check_texts(parsed: Any) -> None:
    """Look at every text, keys included: only an escape can write half a character."""
    waiting = [parsed]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            _no_lone_surrogate(value)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _no_lone_surrogate(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise NotStrictJson("holds half a character (a lone surrogate)") from None


def _no_constant(name: str) -> NoReturn:
    raise NotStrictJson(f"holds {name}, which is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise NotStrictJson(f"holds {text[:20]}, which no number can hold")
    return value


def _bounded_int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise NotStrictJson(f"holds an integer of {len(text)} digits")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        twice = next(k for k, n in collections.Counter(k for k, _ in pairs).items() if n > 1)
        raise NotStrictJson(f"holds the key {ascii(twice)[:60]} twice")
    return unique
