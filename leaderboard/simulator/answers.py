"""What goes in and out of the simulated gateways: requests, answers, refusals."""

import datetime as dt
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Gateway = Literal["vercel", "openrouter", "zenmux"]
PREFIXES: Final[Mapping[str, Gateway]] = {
    "/vercel/": "vercel",
    "/openrouter/": "openrouter",
    "/zenmux/": "zenmux",
}

_OPENROUTER_MESSAGES: Final = {
    400: "Invalid request parameters",
    401: "Missing Authentication header",
    403: "Forbidden",
    404: "Not Found",
    422: "Unprocessable Entity",
    429: "Rate limit exceeded",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_ZENMUX_ERRORS: Final = {
    400: ("invalid_params", "Invalid request parameters"),
    401: ("unauthorized", "Missing or invalid API key"),
    403: ("access_denied", "You have no permission to access this resource"),
    404: ("not_found", "Resource not found"),
    422: ("rate_limit", "Rate limit exceeded"),
    429: ("rate_limit", "Rate limit exceeded"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came; header names are in lower case."""

    method: str
    target: str  # path and query as sent
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def base_url(self) -> str:
        """Give the server's address as this client wrote it."""
        return f"http://{self.headers.get('host', '127.0.0.1')}"

    @property
    def gateway(self) -> Gateway | None:
        """Say which gateway is meant."""
        return next((name for start, name in PREFIXES.items() if self.path.startswith(start)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer, whole."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that the contract refuses; *message* replaces the gateway's usual words."""

    def __init__(self, status: int, message: str | None = None) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


def json_answer(value: Any, *, headers: Mapping[str, str] | None = None) -> Answer:
    """Wrap *value* as a JSON answer, as tight as the gateways write it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Answer(body=text.encode(), headers=headers or {})


def refusal(gateway: Gateway | None, status: int, message: str | None = None) -> Answer:
    """Put a refusal in the words and the form of *gateway*."""
    if gateway == "openrouter":
        words = message or _OPENROUTER_MESSAGES.get(status, "Error")
        form: Any = {"error": {"code": status, "message": words}}
    elif gateway == "zenmux":
        kind, words = _ZENMUX_ERRORS.get(status, ("internal_server_error", "Internal server error"))
        form = {"error": {"code": str(status), "type": kind, "message": message or words}}
    else:
        words = message or _OPENROUTER_MESSAGES.get(status, "Error")
        return Answer(status=status, body=words.encode(), content_type="text/plain; charset=utf-8")
    answer = json_answer(form)
    return Answer(status=status, body=answer.body)


def day(text: str) -> dt.date:
    """Read ``YYYY-MM-DD``; anything else, and days that never were, are refused."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Refused(400)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(400) from None


def whole(text: str, low: int, high: int) -> int:
    """Read a whole number from *low* to *high*."""
    if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
        raise Refused(400)
    return int(text)


def choice(text: str, allowed: Collection[str]) -> str:
    """Read one of the *allowed* words."""
    if text not in allowed:
        raise Refused(400)
    return text


def days(start: dt.date, end: dt.date) -> list[dt.date]:
    """List the days from *start* to *end*, both included."""
    return [start + dt.timedelta(days=index) for index in range((end - start).days + 1)]
