"""Sends webhooks: one signed POST (Standard Webhooks 1.0) to exactly the address that was checked.

No HTTP client library is used: each of them adds its own handling of proxies, redirects, retries or large answers.
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
from service.alerts.delivery_error import DeliveryFailed
from service.alerts.ssrf_guard import IpNetwork, is_in_networks, is_public_address

log = structlog.get_logger("kiennghi.alerts")

WEBHOOK_TIMEOUT_SECONDS = 15.0
"""The timeout of a whole call in seconds: name resolution, connection, request and head of the answer."""

MAX_RESPONSE_HEAD_BYTES = 16_384
"""The largest head of an answer (status and headers), in bytes. The body is not read."""

MAX_ADDRESSES_TRIED = 4
"""The largest number of addresses of a name that are tried, one after the other."""

HTTP_GONE = 410
"""The status by which a receiver says that the webhook no longer exists."""
HostResolver = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host name, as the system's resolver finds them."""
    records = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in records]


def webhook_secret(url: str, vault_key: bytes) -> str:
    """Return the signing secret of a webhook, which its receiver needs.

    The secret is derived from the URL and is not stored, so each URL has a secret of its own.
    """
    key = hmac.digest(vault_key, b"kiennghi webhook\n" + url.encode(), hashlib.sha256)
    return "whsec_" + base64.b64encode(key).decode()


def sign_webhook(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the header `webhook-signature` (symmetric scheme v1).

    `timestamp` is in seconds since 1970.
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(signed).decode()


@dataclass(frozen=True)
class WebhookClient:
    """Sends webhooks. `networks` are the private networks that may be called; `seconds` is the timeout of one call."""

    vault_key: bytes = field(repr=False)
    networks: tuple[IpNetwork, ...] = ()
    seconds: float = WEBHOOK_TIMEOUT_SECONDS
    resolve: HostResolver = resolve_host

    async def send(self, url: str, message_id: str, body: bytes, timestamp: int) -> None:
        """Post the body and return once the receiver has answered 2xx. Raise DeliveryFailed otherwise.

        `timestamp` is the time of this attempt in seconds.
        """
        target = urlsplit(url)
        headers = [
            ("host", target.netloc),
            ("content-type", "application/cloudevents+json; charset=utf-8"),
            ("content-length", str(len(body))),
            ("user-agent", "kiennghi"),
            ("connection", "close"),
            ("webhook-id", message_id),
            ("webhook-timestamp", str(timestamp)),
            ("webhook-signature", sign_webhook(webhook_secret(url, self.vault_key), message_id, timestamp, body)),
        ]
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            async with asyncio.timeout(self.seconds):
                status = await self._post(target, h11.Request(method="POST", target=path, headers=headers), body)
        except TimeoutError:
            raise DeliveryFailed(FailureReason.TIMED_OUT) from None
        if 300 <= status < 400:
            raise DeliveryFailed(FailureReason.NOT_ALLOWED)  # nobody has checked the address that it leads to
        if not 200 <= status < 300:
            raise DeliveryFailed(
                FailureReason.REFUSED if status == HTTP_GONE else FailureReason.NOT_NOW, for_good=status == HTTP_GONE
            )

    async def _post(self, target: SplitResult, request: h11.Request, body: bytes) -> int:
        """Send the request to a checked address and return the status of the answer."""
        reader, writer = await self._connection(target)
        try:
            protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_RESPONSE_HEAD_BYTES)
            for event in (request, h11.Data(body), h11.EndOfMessage()):
                writer.write(protocol.send(event) or b"")
            await writer.drain()
            return await _read_status(reader, protocol)
        except (OSError, h11.RemoteProtocolError) as error:
            too_large = isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431
            raise DeliveryFailed(FailureReason.TOO_LARGE if too_large else FailureReason.BROKEN_OFF) from None
        finally:
            writer.transport.abort()  # the rest of an answer is not awaited

    async def _connection(self, target: SplitResult) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to an address that was checked. The name is not resolved a second time."""
        host, is_secret = str(target.hostname), target.scheme == "https"
        port = target.port or (443 if is_secret else 80)
        try:
            addresses = await self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            log.warning("webhook_not_reached", error=type(error).__name__)
            raise DeliveryFailed(FailureReason.UNREACHABLE) from None
        if not addresses:
            raise DeliveryFailed(FailureReason.UNREACHABLE)
        # All addresses must be allowed: a name that leads to both sides of the firewall is an attack.
        if not all(self._is_allowed(address, is_secret) for address in addresses):
            raise DeliveryFailed(FailureReason.NOT_ALLOWED)
        tls, name = (self._tls, host) if is_secret else (None, None)
        for address in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                return await asyncio.open_connection(
                    address, port, limit=MAX_RESPONSE_HEAD_BYTES, ssl=tls, server_hostname=name
                )
            except OSError as error:  # includes ssl.SSLError: only this log shows that a certificate was not trusted
                log.warning("webhook_not_reached", error=type(error).__name__)
        raise DeliveryFailed(FailureReason.UNREACHABLE)

    def _is_allowed(self, address: str, is_secret: bool) -> bool:
        """Return True if the address may be called.

        Without TLS, only addresses in the listed networks may be called.
        """
        return is_in_networks(address, self.networks) or (is_secret and is_public_address(address))

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


async def _read_status(reader: asyncio.StreamReader, protocol: h11.Connection) -> int:
    """Return the status of the final answer without reading its body."""
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            # At the end of the connection this is b"": the next event is an error, unless the answer is complete.
            protocol.receive_data(await reader.read(MAX_RESPONSE_HEAD_BYTES))
        elif isinstance(event, h11.Response):
            return event.status_code
        elif not isinstance(event, h11.InformationalResponse):
            raise h11.RemoteProtocolError("no answer")
