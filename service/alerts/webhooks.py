"""Webhooks: one signed POST (Standard Webhooks 1.0), to the very address that was looked at, and nowhere else.

There is no client library between: none of them leaves proxies, redirects, retries and the size of an answer alone.
"""

import asyncio
import base64
import hashlib
import hmac
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

import h11
import structlog

from domain.alerts.vocabulary import FailureReason
from service.alerts.delivery_error import NotTaken
from service.alerts.ssrf_guard import Network, is_public, is_within

log = structlog.get_logger("kiennghi.alerts")

SECONDS = 15.0
"""For everything: the name, the connection, the request, the head of the answer."""

LONGEST_HEAD = 16_384
"""Bytes of an answer that are read: its status and headers. What follows them is not."""

MOST_ADDRESSES = 4
"""Of a name, tried one after the other."""

GONE = 410
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


def secret_of(url: str, vault_key: bytes) -> str:
    """The signing secret of a webhook, as its receiver needs it. Nothing is stored: another URL has another secret."""
    key = hmac.digest(vault_key, b"kiennghi webhook\n" + url.encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(key).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`, symmetric scheme v1."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(signed).decode()


@dataclass(frozen=True)
class Webhooks:
    """`networks` are the private ones that may be called; `seconds` bound one call."""

    vault_key: bytes = field(repr=False)
    networks: tuple[Network, ...] = ()
    seconds: float = SECONDS
    resolve: Resolve = resolved

    async def send(self, url: str, message_id: str, body: bytes, timestamp: int) -> None:
        """Returns once the receiver has answered 2xx; NotTaken otherwise. `timestamp` in seconds, of this attempt."""
        target = urlsplit(url)
        headers = [
            ("host", target.netloc),
            ("content-type", "application/cloudevents+json; charset=utf-8"),
            ("content-length", str(len(body))),
            ("user-agent", "kiennghi"),
            ("connection", "close"),
            ("webhook-id", message_id),
            ("webhook-timestamp", str(timestamp)),
            ("webhook-signature", signature(secret_of(url, self.vault_key), message_id, timestamp, body)),
        ]
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            async with asyncio.timeout(self.seconds):
                status = await self._post(target, h11.Request(method="POST", target=path, headers=headers), body)
        except TimeoutError:
            raise NotTaken(FailureReason.TIMED_OUT) from None
        if 300 <= status < 400:
            raise NotTaken(FailureReason.NOT_ALLOWED)  # wherever it leads: nobody has looked at that address
        if not 200 <= status < 300:
            raise NotTaken(FailureReason.REFUSED if status == GONE else FailureReason.NOT_NOW, for_good=status == GONE)

    async def _post(self, target: SplitResult, request: h11.Request, body: bytes) -> int:
        reader, writer = await self._connection(target)
        try:
            protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
            for event in (request, h11.Data(body), h11.EndOfMessage()):
                writer.write(protocol.send(event) or b"")
            await writer.drain()
            return await _status(reader, protocol)
        except (OSError, h11.RemoteProtocolError) as error:
            too_large = isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431
            raise NotTaken(FailureReason.TOO_LARGE if too_large else FailureReason.BROKEN_OFF) from None
        finally:
            writer.transport.abort()  # a receiver that goes on answering is not waited for

    async def _connection(self, target: SplitResult) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To an address that was looked at; it is not asked for by name again."""
        host, is_secret = str(target.hostname), target.scheme == "https"
        port = target.port or (443 if is_secret else 80)
        try:
            addresses = await self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            log.warning("webhook_not_reached", error=type(error).__name__)
            raise NotTaken(FailureReason.UNREACHABLE) from None
        if not addresses:
            raise NotTaken(FailureReason.UNREACHABLE)
        # All, not the first: a name that leads to both sides of the firewall is a trick.
        if not all(self._is_allowed(address, is_secret) for address in addresses):
            raise NotTaken(FailureReason.NOT_ALLOWED)
        tls, name = (self._tls, host) if is_secret else (None, None)
        for address in addresses[:MOST_ADDRESSES]:
            try:
                return await asyncio.open_connection(address, port, limit=LONGEST_HEAD, ssl=tls, server_hostname=name)
            except OSError as error:  # ssl.SSLError is one: a certificate that is not believed is told apart here alone
                log.warning("webhook_not_reached", error=type(error).__name__)
        raise NotTaken(FailureReason.UNREACHABLE)

    def _is_allowed(self, address: str, is_secret: bool) -> bool:
        """Without TLS only in a network that is allowed by name."""
        return is_within(address, self.networks) or (is_secret and is_public(address))

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


async def _status(reader: asyncio.StreamReader, protocol: h11.Connection) -> int:
    """Of the final answer, its body unread."""
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            # b"" at the end of the connection: then the next event is an error, unless the answer is complete.
            protocol.receive_data(await reader.read(LONGEST_HEAD))
        elif isinstance(event, h11.Response):
            return event.status_code
        elif not isinstance(event, h11.InformationalResponse):
            raise h11.RemoteProtocolError("no answer")
