"""Receives alerts with a web server and a mail server in one process, which dies too.

The receiver writes down what it was sent, and takes the same message once, by its id: `webhook-id`, or Message-ID.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.policy import default
from random import Random

import h11
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.history import History

RECEIVED, TAKEN = "received", "taken"
"""Crash points of a receiver: before it has noted a message, or after that and before it answers."""


class Receiver:
    """Takes messages; `pass_point` is called at each crash point, and may end the process there."""

    def __init__(
        self, history: History, pass_point: Callable[[str], None], seed: int = 0, refusals: float = 0.0
    ) -> None:
        self._history = history
        self._seen = {line["id"] for line in history.lines() if line["is_new"]}
        self._pass_point = pass_point
        self._random = Random(seed)
        self._refusals = refusals

    def take(self, message_id: str, way: str, content: str) -> bool:
        """Note a message; return False for "not now", which the sender also hears of some messages that were noted."""
        self._pass_point(RECEIVED)
        is_refused, refuses_first = self._random.random() < self._refusals, self._random.random() < 0.5
        if is_refused and refuses_first:
            return False
        self._history.add(id=message_id, way=way, is_new=message_id not in self._seen, content=content)
        self._seen.add(message_id)
        self._pass_point(TAKEN)
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
