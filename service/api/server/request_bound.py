"""Tells callers to come again, without reading what they ask, while so much is in progress that nobody is let in.

Turning away a request that was read costs about a fifth of answering one, and so does a connection that is made for it.
If ten times as many callers come as can be answered, that alone fills the processor. So while the service is full the
first bytes of a request are answered with the same bytes for everybody, mostly before a connection is made for them.
"""

import asyncio
import socket
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import msgspec
from uvicorn.server import ServerState

from service.api.admission import READS, RequestAdmission
from service.api.metrics import Metrics
from service.api.problem_details import PROBLEM_MEDIA_TYPE, Problem
from service.api.server.middleware import PROBES, SECURITY_HEADERS, TURNED_AWAY
from service.api.server.one_write import OneWriteProtocol

MOST_READ = 1_000
"""Number of requests in progress beyond which no other is read. Streams of alerts are among them: 500 at most."""

_PROBE_STARTS = tuple(f"{method} {path}".encode() for method in ("GET", "HEAD") for path in sorted(PROBES))
_READ_STARTS = tuple(f"{method} ".encode() for method in sorted(READS))
_LOOKED_AT_BYTES, _DRAINED_BYTES = 32, 65_536


class RequestBound:
    """Says whether a request is read, and makes the connections that ask. Probes are always read."""

    def __init__(self, metrics: Metrics, admission: RequestAdmission, most: int = MOST_READ) -> None:
        self._metrics, self._admission, self._most = metrics, admission, most
        self._come_again = _come_again()

    def is_turned_away(self, data: bytes, state: ServerState) -> bool:
        """Return whether a request that begins with these bytes is turned away now."""
        if data.startswith(_PROBE_STARTS):
            return False
        if len(state.tasks) >= self._most:
            return True
        return (self._admission.reads if data.startswith(_READ_STARTS) else self._admission.changes).is_full

    def may_turn_away(self, state: ServerState) -> bool:
        """Return whether some requests are turned away now."""
        return self._admission.changes.is_full or self._admission.reads.is_full or len(state.tasks) >= self._most

    def turn_away(self, transport: asyncio.Transport) -> None:
        """Answer, and close the connection."""
        self._metrics.observe_response("other", TURNED_AWAY, 503, 0)
        transport.write(self._come_again)
        transport.close()

    def turns_away_at_once(self, accepted: socket.socket, state: ServerState) -> bool:
        """Answer and close an accepted socket whose request is here and turned away. Return whether it was."""
        if not self.may_turn_away(state):
            return False
        try:
            if not self.is_turned_away(accepted.recv(_LOOKED_AT_BYTES, socket.MSG_PEEK), state):
                return False
            accepted.recv(_DRAINED_BYTES)  # what is left unread would break off the connection, and with it the answer
            accepted.send(self._come_again)
        except BlockingIOError:
            return False  # it has sent nothing yet
        except OSError:
            pass  # the caller has left
        self._metrics.observe_response("other", TURNED_AWAY, 503, 0)
        accepted.close()
        return True

    @property
    def connection_class(self) -> type[asyncio.Protocol]:
        """Return what uvicorn takes for the class of its connections: it only calls it."""
        return cast("type[asyncio.Protocol]", self._make_connection)

    def _make_connection(self, server_state: ServerState, **made_with: Any) -> asyncio.Protocol:
        make = partial(BoundedProtocol, server_state=server_state, bound=self, **made_with)
        return _Doorway(self, server_state, make) if self.may_turn_away(server_state) else make()


class BoundedProtocol(OneWriteProtocol):
    """Reads a request, or answers its first bytes and closes the connection."""

    def __init__(self, *, bound: RequestBound, **made_with: Any) -> None:
        super().__init__(**made_with)
        self._bound = bound
        self._is_within_request = False

    def data_received(self, data: bytes) -> None:
        """Read on, or turn away what begins with these bytes."""
        if self._is_within_request or not self._bound.is_turned_away(data, self.server_state):
            super().data_received(data)
        else:
            self._bound.turn_away(self.transport)

    def on_message_begin(self) -> None:
        """Note that what comes next belongs to a request that is read."""
        self._is_within_request = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Note that what comes next is another request."""
        self._is_within_request = False
        super().on_message_complete()


class _Doorway(asyncio.Protocol):
    """Waits for the first bytes of a connection that was made while the service was full."""

    def __init__(self, bound: RequestBound, state: ServerState, make: Callable[[], BoundedProtocol]) -> None:
        self._bound, self._state, self._make = bound, state, make

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._state.connections.add(self)  # type: ignore[arg-type]  # which calls `shutdown` alone

    def connection_lost(self, _: Exception | None) -> None:
        self._state.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        if self._bound.is_turned_away(data, self._state):
            self._bound.turn_away(self._transport)
            return
        self._state.connections.discard(self)
        protocol = self._make()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(data)

    def shutdown(self) -> None:
        self._transport.close()  # nothing was read


def _come_again() -> bytes:
    """Return the whole answer. It names no request, since none was read."""
    problem = Problem("busy", "nothing was read or recorded; send the same request again shortly")
    body = msgspec.json.encode({k: v for k, v in problem.content("").items() if k != "instance"})
    headers: Mapping[str, str] = {
        "content-type": PROBLEM_MEDIA_TYPE,
        "content-length": str(len(body)),
        "connection": "close",
        **problem.headers,
        **{name.decode(): value.decode() for name, value in cast("Mapping[bytes, bytes]", SECURITY_HEADERS).items()},
    }
    head = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 503 Service Unavailable\r\n{head}\r\n".encode() + body
