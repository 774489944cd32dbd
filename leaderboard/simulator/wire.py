"""The raw connection: answers written as HTTP/1.1, whole or in pieces."""

import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from io import BufferedIOBase
from typing import Final

from leaderboard.simulator.answers import Answer

_DRIP_S: Final = 0.2


class Gone(Exception):
    """The client has gone away or the server is stopping."""


class Wire:
    """One client's connection, as raw as a fault needs it."""

    def __init__(
        self, connection: socket.socket, reader: BufferedIOBase, closing: threading.Event
    ) -> None:
        self._connection = connection
        self._reader = reader
        self._closing = closing

    def send(self, data: bytes) -> None:
        """Send *data*, or raise `Gone`."""
        if self._closing.is_set():
            raise Gone
        try:
            self._connection.sendall(data)
        except OSError:
            raise Gone from None

    def pause(self, seconds: float) -> None:
        """Wait, or raise `Gone` as soon as the server stops."""
        if self._closing.wait(seconds):
            raise Gone

    def drip(self, pieces: Iterable[bytes], *, seconds: float, every: float = _DRIP_S) -> None:
        """Send piece after piece for at most *seconds*."""
        end = time.monotonic() + seconds
        for piece in pieces:
            if time.monotonic() >= end:
                return
            self.send(piece)
            if every:
                self.pause(min(every, seconds))

    def reset(self) -> None:
        """Break the connection without a goodbye."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._reader.close()
        self._connection.close()


def hang_up(connection: socket.socket) -> None:
    """End a connection that its thread may be reading from."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # already closed by its own thread or by the client


def is_disconnection() -> bool:
    """Say whether the exception being handled means that the client went away."""
    return isinstance(sys.exception(), ConnectionError | TimeoutError)


def head(status: int, fields: Iterable[tuple[str, str]]) -> bytes:
    """Write a status line and headers."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in fields)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def written(answer: Answer, *, close: bool = False) -> bytes:
    """Write a whole answer."""
    ending = [("Connection", "close")] if close else []
    length = [("Content-Length", str(len(answer.body)))] if answer.status != 204 else []
    return head(answer.status, [*headers(answer), *length, *ending]) + answer.body


def headers(answer: Answer) -> list[tuple[str, str]]:
    """List an answer's own headers."""
    return [("Content-Type", answer.content_type), *answer.headers.items()]
