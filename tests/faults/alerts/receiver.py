"""Who is alerted: a web server and a mail server in one process, which dies too.

It keeps a journal of what it was sent, and takes the same message once, by its id: `webhook-id`, or Message-ID.
"""

import asyncio
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from random import Random
from typing import Any

import h11
from aiosmtpd.smtp import SMTP, Envelope, Session

RECEIVED, TAKEN = "received", "taken"
"""A receiver dies before it has noted a message, or after that and before it says so."""


class Journal:
    """Lines that several processes add to one file; a line is written whole, and stays when its writer is killed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def add(self, **line: Any) -> None:
        os.write(self._file, json.dumps(line).encode() + b"\n")

    def lines(self) -> Iterator[dict[str, Any]]:
        for line in self._path.read_text().splitlines():
            yield json.loads(line)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


class Receiver:
    """`reached` is told each point that a message passes, and may end the process there."""

    def __init__(self, journal: Journal, reached: Callable[[str], None], seed: int = 0, refusals: float = 0.0) -> None:
        self._journal = journal
        self._seen = {line["id"] for line in journal.lines() if line["is_new"]}
        self._reached = reached
        self._random = Random(seed)
        self._refusals = refusals

    def take(self, message_id: str, way: str, content: str) -> bool:
        """False for not now; some of these have taken the message all the same."""
        self._reached(RECEIVED)
        is_refused, refuses_first = self._random.random() < self._refusals, self._random.random() < 0.5
        if is_refused and refuses_first:
            return False
        self._journal.add(id=message_id, way=way, is_new=message_id not in self._seen, content=content)
        self._seen.add(message_id)
        self._reached(TAKEN)
        return not is_refused

    async def serve(self, http_port: int, smtp_port: int) -> None:
        loop = asyncio.get_running_loop()
        web = await asyncio.start_server(self._answer, "127.0.0.1", http_port, reuse_address=True)
        mail = await loop.create_server(
            lambda: SMTP(self, hostname="receiver.example"), "127.0.0.1", smtp_port, reuse_address=True
        )
        async with web, mail:
            await asyncio.gather(web.serve_forever(), mail.serve_forever())

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        email = message_from_bytes(envelope.original_content or b"", policy=default)
        message_id = str(email["Message-ID"]).strip("<>").partition("@")[0]
        taken = self.take(message_id, f"email {envelope.rcpt_tos[0]}", email.get_content())
        return "250 taken" if taken else "451 not now"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol, body, head = h11.Connection(h11.SERVER), b"", None
        with suppress(ConnectionError, h11.RemoteProtocolError):
            while True:
                event = protocol.next_event()
                if event is h11.NEED_DATA:
                    protocol.receive_data(await reader.read(65_536))
                elif isinstance(event, h11.Request):
                    head = event
                elif isinstance(event, h11.Data):
                    body += bytes(event.data)
                else:
                    break
            if head is None or not isinstance(event, h11.EndOfMessage):
                return
            headers = {name.decode(): value.decode() for name, value in head.headers}
            taken = self.take(headers["webhook-id"], f"webhook {head.target.decode()}", body.decode())
            answer = h11.Response(status_code=204 if taken else 503, headers=[("content-length", "0")])
            writer.write((protocol.send(answer) or b"") + (protocol.send(h11.EndOfMessage()) or b""))
            await writer.drain()
        writer.close()
