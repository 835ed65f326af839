"""Stands between the service and PostgreSQL as a proxy that forwards, delays, holds, or is cut at a chosen message."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import cast

from psycopg.conninfo import conninfo_to_dict, make_conninfo


class Cut(Enum):
    """Says where the connection is cut: the request never arrives, arrives by half, or nobody gets the answer."""

    REQUEST = "request"
    HALF_A_REQUEST = "half a request"
    ANSWER = "answer"


@dataclass
class TcpProxy:
    """Forwards requests and answers; each answer is `delay` seconds late."""

    delay: float = 0.0
    cuts: int = 0
    _wanted: tuple[Cut, bytes] | None = None
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._flowing.set()

    def cut_next(self, where: Cut, text: bytes = b"") -> None:
        """Cut the connection at the next request that contains the text."""
        self._wanted = where, text

    @property
    def is_cut(self) -> bool:
        """Return whether the cut that was wanted has been made."""
        return self._wanted is None

    def hold(self) -> None:
        """Keep answers back, as a disk does that hangs."""
        self._flowing.clear()

    def release(self) -> None:
        self._flowing.set()

    async def forward(
        self,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
    ) -> None:
        """Forward until either side is gone or the connection is cut."""
        answer_is_cut = asyncio.Event()

        async def requests() -> None:
            while request := await client.read(1 << 20):
                where, text = self._wanted or (None, b"")
                if where is not None and text in request:
                    self._wanted = None
                    self.cuts += 1
                    if where is Cut.REQUEST:
                        return
                    if where is Cut.HALF_A_REQUEST:
                        to_server.write(request[: len(request) // 2])
                        await to_server.drain()
                        return
                    answer_is_cut.set()
                to_server.write(request)

        async def answers() -> None:
            while answer := await server.read(1 << 20):
                await self._flowing.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                if answer_is_cut.is_set():
                    return
                to_client.write(answer)

        directions = [asyncio.create_task(requests()), asyncio.create_task(answers())]
        _, still = await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        for direction in still:
            direction.cancel()
        await asyncio.gather(*directions, return_exceptions=True)


@asynccontextmanager
async def open_proxy(dsn: str, folder: Path) -> AsyncIterator[tuple[str, TcpProxy]]:
    """Provide a DSN that leads through the proxy, and the proxy; `folder` is for its socket."""
    proxy = TcpProxy()
    server = conninfo_to_dict(dsn)
    at = f"{server['host']}/.s.PGSQL.{server.get('port') or 5432}"
    connections: set[asyncio.Task[None]] = set()

    async def connect(client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        connections.add(cast("asyncio.Task[None]", asyncio.current_task()))
        upstream, to_upstream = await asyncio.open_unix_connection(at)
        await proxy.forward(client, to_client, upstream, to_upstream)
        for writer in (to_client, to_upstream):
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    listening = await asyncio.start_unix_server(connect, folder / ".s.PGSQL.5432")
    try:
        yield make_conninfo(dsn, host=str(folder), port=5432), proxy
    finally:
        listening.close()
        proxy.release()
        await asyncio.gather(*connections)
