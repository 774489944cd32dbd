"""What can go wrong with an answer, on request: how it is damaged, and how it is sent.

Every fault ends by itself: after its *seconds*, when the client goes away, or when the
server stops.
"""

import datetime as dt
import gzip
import itertools
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from leaderboard.simulator import answers, damage, wire
from leaderboard.simulator.answers import Answer, Request
from leaderboard.simulator.wire import Gone, Wire

FaultKind = Literal[
    "answer",  # other status, headers, type or body
    "damage",  # the body, changed
    "delay",
    "slow-headers",
    "slow-body",
    "endless-103",
    "endless-body",
    "gzip-bomb",
    "short-length",
    "short-chunks",
    "short-close",
    "short-gzip",
    "not-gzip",
    "reset",
    "reset-in-body",
    "echo",  # an error message that repeats the Authorization header
]

_BOMB_MIB: Final = 1024
_ENDLESS_MIB: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to fail.

    *status*, *headers* and *content_type* replace the answer's where given; header values
    may use ``{base}`` and ``{target}`` of the request and ``{soon}``, the HTTP date two
    seconds from now. *body* replaces its body; where the status is an error and no body is
    given, the gateway's own error body is sent. *damage* changes the body's bytes.
    """

    kind: FaultKind = "answer"
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    body: bytes | None = None
    damage: Callable[[bytes], bytes] | None = None
    seconds: float = 30.0


def mutated(change: Callable[[Any], Any]) -> Fault:
    """Make the fault that sends what *change* makes of the parsed answer.

    The functions of `leaderboard.simulator.damage` can be used; a function that changes its
    argument and returns None will do as well.
    """
    return Fault(kind="damage", damage=damage.parsed(change))


def changed(fault: Fault, request: Request, answer: Answer) -> Answer:
    """Give the answer with what *fault* replaces or damages in it."""
    body = answer.body
    content_type = fault.content_type or answer.content_type
    status = fault.status or answer.status
    if fault.body is not None:
        body = fault.body
    elif fault.status is not None and fault.status >= 400:
        words = request.headers.get("authorization") if fault.kind == "echo" else None
        message = f"Invalid credentials: {words}" if words else None
        error = answers.refusal(request.gateway, fault.status, message)
        body, content_type = error.body, fault.content_type or error.content_type
    if fault.damage is not None:
        body = fault.damage(body)
    soon = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2), usegmt=True)
    places = {"base": request.base_url, "target": request.target, "soon": soon}
    places["port"] = str(urlsplit(request.base_url).port)
    headers = {name: value.format(**places) for name, value in fault.headers}
    return Answer(
        status=status,
        body=b"" if status == 204 else body,
        content_type=content_type,
        headers={**answer.headers, **headers},
    )


def misbehave(line: Wire, fault: Fault, request: Request, answer: Answer) -> None:
    """Send the answer as *fault* has it; the connection is not used again."""
    spoilt = changed(fault, request, answer)
    try:
        _transmit(line, fault, spoilt)
    except Gone:
        return


def _transmit(line: Wire, fault: Fault, answer: Answer) -> None:
    whole = wire.written(answer, close=True)
    half = answer.body[: max(1, len(answer.body) // 2)]
    unsized = [*wire.headers(answer), ("Connection", "close")]
    sized = [*unsized, ("Content-Length", str(len(answer.body)))]
    match fault.kind:
        case "delay":
            line.pause(fault.seconds)
            line.send(whole)
        case "slow-headers":
            line.drip((bytes([byte]) for byte in whole), seconds=fault.seconds)
        case "slow-body":
            line.send(wire.head(answer.status, sized))
            line.drip((bytes([byte]) for byte in answer.body), seconds=fault.seconds)
        case "endless-103":
            hint = wire.head(103, [("Link", "</hint>; rel=preload")])
            line.drip(itertools.repeat(hint), seconds=fault.seconds, every=0.05)
        case "endless-body":
            line.send(wire.head(answer.status, unsized) + answer.body[:1])
            blanks = itertools.repeat(b" " * 2**16, _ENDLESS_MIB * 16)
            line.drip(blanks, seconds=fault.seconds, every=0.001)
        case "gzip-bomb":
            line.send(_packed(answer, _bomb()))
        case "short-length":
            line.send(wire.head(answer.status, sized) + half)
        case "short-chunks":
            chunked = [*unsized, ("Transfer-Encoding", "chunked")]
            line.send(wire.head(answer.status, chunked))
            line.send(f"{len(half):x}\r\n".encode() + half + b"\r\n")
        case "short-close":
            line.send(wire.head(answer.status, unsized) + half)
        case "short-gzip":
            packed = gzip.compress(answer.body, mtime=0)
            line.send(_packed(answer, packed[: len(packed) // 2]))
        case "not-gzip":
            line.send(_packed(answer, answer.body))
        case "reset":
            line.reset()
        case "reset-in-body":
            line.send(wire.head(answer.status, sized) + half)
            line.pause(0.05)  # let the first half arrive
            line.reset()
        case "answer" | "damage" | "echo":
            line.send(whole)


def _packed(answer: Answer, body: bytes) -> bytes:
    fields = [("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))]
    ending = ("Connection", "close")
    return wire.head(answer.status, [*wire.headers(answer), *fields, ending]) + body


def _bomb() -> bytes:
    """Pack 1 GiB of white space into 1 MiB of gzip: one flushed block, over and over."""
    blank = b" " * 2**20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(blank) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(_BOMB_MIB):
        checksum = zlib.crc32(blank, checksum)
    end = b"\x03\x00" + struct.pack("<II", checksum, _BOMB_MIB * 2**20 % 2**32)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + block * _BOMB_MIB + end
