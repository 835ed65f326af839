"""Tells callers to come again, without reading what they ask, while many requests are in progress.

Turning away a request that was read costs about a fifth of answering one. If ten times as many callers come as can be
answered, that alone fills the processor. An answer that is the same bytes for everybody costs next to nothing.
"""

from collections.abc import Mapping
from typing import cast

import msgspec

from service.api.metrics import Metrics
from service.api.problem_details import PROBLEM_MEDIA_TYPE, Problem
from service.api.server.middleware import PROBES, SECURITY_HEADERS, TURNED_AWAY
from service.api.server.one_write import OneWriteProtocol

MOST_READ = 1_000
"""Number of requests in progress beyond which no other is read. Streams of alerts are among them: 500 at most."""

_PROBE_STARTS = tuple(f"{method} {path}".encode() for method in ("GET", "HEAD") for path in sorted(PROBES))


def bounded_protocol(metrics: Metrics, most: int = MOST_READ) -> type[OneWriteProtocol]:
    """Return the class of connections that read no further request beyond `most`. Probes are always read."""
    come_again = _come_again()

    class BoundedProtocol(OneWriteProtocol):
        """Reads a request, or answers its first bytes and closes the connection."""

        _is_within_request = False

        def data_received(self, data: bytes) -> None:
            if self._is_within_request or len(self.tasks) < most or data.startswith(_PROBE_STARTS):
                super().data_received(data)
                return
            metrics.observe_response("other", TURNED_AWAY, 503, 0)
            self.transport.write(come_again)
            self.transport.close()

        def on_message_begin(self) -> None:
            self._is_within_request = True
            super().on_message_begin()

        def on_message_complete(self) -> None:
            self._is_within_request = False
            super().on_message_complete()

    return BoundedProtocol


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
