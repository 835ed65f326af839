"""Starts servers on this machine that receive messages and behave as a test wants."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_network
from typing import Any, cast

import h11
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOCAL_NETWORKS = (ip_network("127.0.0.0/8"),)
"""The networks that webhooks may call in a test."""

Writer = asyncio.StreamWriter


@dataclass(frozen=True)
class PostedRequest:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = Callable[[PostedRequest, Writer], Awaitable[None]]


def answer_with(status: int, *lines: str) -> Answer:
    """Return an answer with the status and header lines, and with an empty body."""

    async def answer(_: PostedRequest, writer: Writer) -> None:
        head = [f"HTTP/1.1 {status} So", *lines, "Content-Length: 0", "", ""]
        writer.write("\r\n".join(head).encode())
        await writer.drain()

    return answer


@asynccontextmanager
async def web_server(
    answer: Answer, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[tuple[int, list[PostedRequest]]]:
    """Run a web server; yield its port and the list of requests that it receives."""
    posted: list[PostedRequest] = []
    under_way: set[asyncio.Task[Any] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
        under_way.add(asyncio.current_task())
        with suppress(ConnectionError):
            if (one := await read_request(reader)) is not None:
                posted.append(one)
                await answer(one, writer)
        writer.close()

    server = await asyncio.start_server(serve, host, 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1], posted
        await asyncio.gather(*filter(None, under_way))


async def read_request(reader: asyncio.StreamReader) -> PostedRequest | None:
    protocol, body, head = h11.Connection(h11.SERVER), b"", None
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            protocol.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode(): value.decode() for name, value in head.headers}
            return PostedRequest(head.target.decode(), headers, body)
        else:
            return None


@dataclass
class Mailbox:
    """Handles the mail of a mail server.

    `refuses` holds the reply for each refused recipient. `drops` is the number of connections to cut after a message
    was taken.
    """

    refuses: dict[str, str] = field(default_factory=dict)
    drops: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 so"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        email = message_from_bytes(envelope.original_content or b"", policy=default)
        self.taken.append((envelope.rcpt_tos[0], email))
        if self.drops:
            self.drops -= 1
            cast("asyncio.Transport", server.transport).abort()
        return "250 taken"


@asynccontextmanager
async def mail_server(mailbox: Mailbox, **given: Any) -> AsyncIterator[int]:
    """Run a mail server; yield its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="mail.example", **given), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def accept_login(user: str, password: str) -> Callable[..., AuthResult]:
    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, told: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=(told.login, told.password) == (user.encode(), password.encode()))

    return authenticate
