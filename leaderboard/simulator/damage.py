"""Ways to damage an answer's body: its bytes, its JSON, its rows."""

import json
from collections.abc import Callable
from typing import Any, Final

Change = Callable[[Any], Any]
Row = dict[str, Any]

_QUANTITIES: Final = ("share_percent", "total_tokens", "value", "row_count", "rank", "created")
_NAMES: Final = ("name", "model_permaslug", "app_name", "label", "display_name", "id", "dataset")
_MARK: Final = "@damaged@"


def rows(body: Any) -> list[Any]:
    """Find the list of rows in any gateway's answer; the first bucket's in a series."""
    if not isinstance(body, dict):
        return []
    data = body.get("data", body)
    if isinstance(data, list):
        return data
    for key in ("rows", "entries", "series", "datasets"):
        if isinstance(found := data.get(key), list):
            inner = found[0] if found and isinstance(found[0], dict) else {}
            nested = inner.get("models", inner.get("authors"))
            return nested if isinstance(nested, list) else found
    return []


def _first(body: Any) -> Row:
    found = rows(body)
    row = found[0] if found else body
    if not isinstance(row, dict):
        raise TypeError("the answer has no row to damage")
    return row


def _key(row: Row, wanted: tuple[str, ...]) -> str:
    return next((key for key in wanted if key in row), next(iter(row)))


def parsed(change: Change) -> Callable[[bytes], bytes]:
    """Make a change of bytes from a change of the parsed JSON; what is no JSON is cut short."""

    def damaged(body: bytes) -> bytes:
        try:
            value = json.loads(body)
        except ValueError:
            return body[: len(body) // 2]
        result = change(value)
        return json.dumps(value if result is None else result, ensure_ascii=False).encode()

    return damaged


def put(value: Any) -> Change:
    """Put *value* in place of the first row's quantity."""

    def change(body: Any) -> None:
        row = _first(body)
        row[_key(row, _QUANTITIES)] = value

    return change


def token(text: str, *, in_name: bool = False) -> Callable[[bytes], bytes]:
    """Write *text* where the first row's quantity, or name, stood: any token, JSON or not."""

    def change(body: Any) -> None:
        row = _first(body)
        row[_key(row, _NAMES if in_name else _QUANTITIES)] = _MARK

    marked = parsed(change)
    return lambda body: marked(body).replace(f'"{_MARK}"'.encode(), text.encode())


def twice_a_key(body: bytes) -> bytes:
    """Give the answer's first key twice, first with nothing in it."""
    key = body.partition(b'"')[2].partition(b'"')[0]
    return body.replace(b"{", b'{"' + key + b'":null,', 1)


def no_rows(body: Any) -> None:
    """Leave no row."""
    if found := rows(body):
        found.clear()
    elif isinstance(body, dict):
        body.clear()


def drop_field(body: Any, field: str | None = None) -> None:
    """Take *field* out of the first row; by default its quantity."""
    row = _first(body)
    row.pop(field or _key(row, _QUANTITIES), None)


def negative_total(body: Any) -> None:
    """Turn the first row's quantity negative, as the type it had."""
    row = _first(body)
    key = _key(row, _QUANTITIES)
    row[key] = f"-{row[key]}" if isinstance(row[key], str) else -abs(row[key]) - 1


def duplicate_row(body: Any) -> None:
    """Send the first row twice."""
    if found := rows(body):
        found.insert(1, dict(found[0]))


def foreign_date(body: Any, day: str = "2019-01-01") -> None:
    """Date the first row, or the first bucket of a series, outside any window."""
    data = body.get("data", body) if isinstance(body, dict) else body
    dated = data["series"][0] if isinstance(data, dict) and "series" in data else _first(body)
    dated["date"] = day


def excessive_share(body: Any) -> None:
    """Give the first row a share of 250 percent."""
    _first(body)["share_percent"] = 250


def excessive_day(body: Any) -> None:
    """Let a day's shares add up to twice the whole, each of them plausible."""
    first = _first(body)
    same = ("date", "metric", "modality")
    for row in rows(body):
        if all(row.get(key) == first.get(key) for key in same):
            row["share_percent"] = min(100, row["share_percent"] * 2)


def extra_field(body: Any) -> None:
    """Add a field that no contract knows; contracts allow that."""
    _first(body)["added_later"] = {"note": "new"}


def text_total(body: Any) -> None:
    """Put words where the first row's quantity stood."""
    put("many")(body)


def renamed_field(body: Any) -> None:
    """Give the first row's quantity another name."""
    row = _first(body)
    key = _key(row, _QUANTITIES)
    row[f"{key}_v2"] = row.pop(key)
