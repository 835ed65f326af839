"""Sends the head of an answer together with the first part of its body: one system call instead of two."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_STATES_LENGTH = b"\r\ncontent-length: "


class AnswerTransport:
    """Stands in for the transport of one answer, and holds the head of an answer until its body comes.

    An answer that does not state its length is a stream: its head leaves at once.
    """

    __slots__ = ("_held", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""

    def write(self, data: bytes) -> None:
        """Send the data after what is held, unless it is the head of an answer whose body follows."""
        if self._held:
            data, self._held = self._held + data, b""
        elif _STATES_LENGTH in data and data.startswith(b"HTTP/") and data.endswith(b"\r\n\r\n"):
            self._held = data
            return
        self._transport.write(data)

    def close(self) -> None:
        """Send what is held, and close the connection."""
        if self._held:
            self.write(b"")
        self._transport.close()

    def is_closing(self) -> bool:
        """Return True when the connection is closed or about to be."""
        return self._transport.is_closing()


class OneWriteProtocol(HttpToolsProtocol):
    """Answers each request through a transport of its own, so that requests of one connection do not mix."""

    def on_headers_complete(self) -> None:
        before: Any = self.cycle
        super().on_headers_complete()
        # An answer to HEAD has no body, which would release its head.
        if self.cycle is not before and self.scope["method"] != "HEAD":
            self.cycle.transport = AnswerTransport(self.transport)  # type: ignore[assignment]
