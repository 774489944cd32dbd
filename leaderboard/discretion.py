"""What may be told or kept of a gateway's words: no key, in any form, and one plain line.

Gateways repeat what they were sent, keys included; logs and pages are read by everyone.
"""

import base64
from urllib.parse import quote


class Discretion:
    """The keys of a run, which nothing that is told or kept may repeat, whoever repeats it."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    def keep(self, key: str) -> None:
        """Take *key* among those that are never repeated."""
        self._keys.append(key)

    def quoted(self, text: str) -> str:
        """Return foreign *text* as one short line; nothing of it where it could hold a key."""
        return "" if any(_echoes(text, key) for key in self._keys) else _printable(text)

    def is_broken_by(self, body: bytes) -> bool:
        """Tell whether *body* holds a whole key, in any usual encoding."""
        return any(form.encode() in body for key in self._keys for form in _forms(key))


def _echoes(message: str, key: str) -> bool:
    """Tell whether *message* holds eight characters of *key* in a row, in any usual encoding."""
    return any(
        form[at : at + 8] in message for form in _forms(key) for at in range(max(1, len(form) - 7))
    )


def _forms(key: str) -> tuple[str, ...]:
    """Write *key* in every usual encoding; of base64 what does not depend on what stands beside."""
    raw = key.encode()
    return (
        key,
        key[::-1],
        quote(key, safe=""),
        raw.hex(),
        raw.hex().upper(),
        *(base64.b64encode(raw[at:][: (len(raw) - at) // 3 * 3]).decode() for at in range(3)),
    )


def _printable(text: str) -> str:
    """Return *text* as one short line of printable ASCII."""
    line = "".join(c if " " <= c <= "~" else "?" for c in text)
    return line if len(line) <= 120 else f"{line[:117]}..."
