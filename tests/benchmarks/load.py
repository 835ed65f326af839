"""Many clients at once, lean enough not to be what is measured: requests are bytes before the clock starts.

Each client keeps one connection, sends the next request when the last is answered, and reads no more of an answer than
its status and length. One request costs this process about a tenth of what it costs the service.
"""

import asyncio
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

import msgspec

from service.security import tokens
from tests.benchmarks.environment import OFFICER, TOKEN_KEY

_TOKEN = tokens.issue_token(OFFICER, TOKEN_KEY, hours=2)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of the requests: `answers` are their bodies, in the order of the requests, as the times in ms are."""

    seconds: float
    milliseconds: Sequence[float]
    answers: Sequence[bytes]
    clients_took: float
    """Share of one processor that the clients needed."""

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def json(self) -> list[Any]:
        return [msgspec.json.decode(answer) for answer in self.answers]


def post(path: str, body: bytes, *, version: int | None = None) -> bytes:
    """A request under a key of its own."""
    headers = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {_TOKEN}",
        f"Idempotency-Key: {uuid4().hex}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *([] if version is None else [f'If-Match: "{version}"']),
    ]
    return "\r\n".join([*headers, "", ""]).encode() + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {_TOKEN}\r\n\r\n".encode()


async def send(port: int, requests: Sequence[bytes], *, clients: int) -> Load:
    """Sends all of them, so many at once. RuntimeError as soon as one is not answered with 2xx."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    times, answers = [0.0] * len(requests), [b""] * len(requests)
    waiting = iter(enumerate(requests))
    connections = [_Client(waiting, times, answers, ended) for _ in range(clients)]
    for connection in connections:
        await loop.create_connection(lambda connection=connection: connection, "127.0.0.1", port)  # type: ignore[misc]
    began, worked = time.perf_counter(), _worked()
    for connection in connections:
        connection.send_next()
    await ended
    seconds, worked = time.perf_counter() - began, _worked() - worked
    for connection in connections:
        connection.leave()
    return Load(seconds, times, answers, worked / seconds)


class _Client(asyncio.Protocol):
    def __init__(
        self,
        waiting: Iterator[tuple[int, bytes]],
        times: list[float],
        answers: list[bytes],
        ended: asyncio.Future[None],
    ) -> None:
        self._waiting, self._times, self._answers, self._ended = waiting, times, answers, ended
        self._received, self._wanted, self._head = b"", 0, 0
        self._number, self._sent_at = -1, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is of another class

    def send_next(self) -> None:
        """The run has ended when all clients found nothing left to send."""
        self._number, request = next(self._waiting, (-1, b""))
        if request:
            self._sent_at = time.perf_counter()
            self._transport.write(request)
        elif all(self._times) and not self._ended.done():
            self._ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        if not self._wanted:
            self._head = self._received.find(b"\r\n\r\n") + 4
            if self._head < 4:
                return
            head = self._received[: self._head].lower()
            self._wanted = self._head + int(head.partition(b"content-length: ")[2].partition(b"\r")[0])
        if len(self._received) < self._wanted:
            return
        self._times[self._number] = (time.perf_counter() - self._sent_at) * 1000
        if not self._received.startswith(b"HTTP/1.1 2"):
            self._fail(RuntimeError(f"answered {self._received[:600]!r}"))
            return
        self._answers[self._number] = self._received[self._head : self._wanted]
        self._received, self._wanted = b"", 0
        self.send_next()

    def connection_lost(self, error: Exception | None) -> None:
        if self._number >= 0:
            self._fail(error or RuntimeError("the server closed a connection that waited for an answer"))

    def leave(self) -> None:
        self._transport.close()

    def _fail(self, error: Exception) -> None:
        if not self._ended.done():
            self._ended.set_exception(error)


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
