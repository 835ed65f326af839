"""Checks webhooks against real servers: signed, bounded in time and size, and sent only to allowed addresses."""

import asyncio
import hashlib
import hmac
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.alerts.vocabulary import FailureReason
from service.alerts.delivery_error import DeliveryFailed
from service.alerts.webhooks import MAX_RESPONSE_HEAD_BYTES, HostResolver, WebhookClient, sign_webhook, webhook_secret
from tests.service.alerts.certificates import make_certificate
from tests.service.alerts.servers import LOCAL_NETWORKS, PostedRequest, Writer, answer_with, web_server

pytestmark = pytest.mark.anyio

KEY = b"k" * 32
BODY = '{"specversion":"1.0","data":"đơn"}'.encode()
ID = "6b1c52a4-0003-5f0b-9d53-5e0d3b5e6f0e"


def webhooks(seconds: float = 5.0, resolve: HostResolver | None = None) -> WebhookClient:
    return (
        WebhookClient(KEY, LOCAL_NETWORKS, seconds)
        if resolve is None
        else WebhookClient(KEY, LOCAL_NETWORKS, seconds, resolve)
    )


def resolve_to(*addresses: str) -> HostResolver:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


async def fail_to_send(sending: WebhookClient, url: str) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as no:
        await sending.send(url, ID, BODY, 1_790_000_000)
    return no.value


def test_a_signature_is_that_of_the_standards_own_example() -> None:
    made = sign_webhook(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_message_arrives_signed_with_the_secret_of_its_url() -> None:
    async with web_server(answer_with(204)) as (port, posted):
        url = f"http://127.0.0.1:{port}/alerts?of=so-mau"
        await webhooks().send(url, ID, BODY, 1_790_000_000)
    (one,) = posted
    assert (one.path, one.body) == ("/alerts?of=so-mau", BODY)
    assert one.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    signed = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.".encode() + one.body
    key = b64decode(webhook_secret(url, KEY).removeprefix("whsec_"))
    version, _, given = one.headers["webhook-signature"].partition(",")
    assert (version, b64decode(given)) == ("v1", hmac.digest(key, signed, hashlib.sha256))
    assert (one.headers["webhook-id"], one.headers["webhook-timestamp"]) == (ID, "1790000000")


def test_another_url_and_another_key_have_another_secret() -> None:
    secrets = {
        webhook_secret(url, key) for url in ("https://a.example/", "https://a.example/x") for key in (KEY, b"x" * 32)
    }
    assert len(secrets) == 4


@pytest.mark.parametrize(
    ("status", "reason", "for_good"),
    [
        (500, FailureReason.NOT_NOW, False),
        (503, FailureReason.NOT_NOW, False),
        (404, FailureReason.NOT_NOW, False),
        (410, FailureReason.REFUSED, True),
    ],
)
async def test_an_answer_that_is_no_yes_is_a_reason_to_come_again_unless_it_says_gone(
    status: int, reason: FailureReason, for_good: bool
) -> None:
    async with web_server(answer_with(status)) as (port, _):
        no = await fail_to_send(webhooks(), f"http://127.0.0.1:{port}/")
    assert (no.reason, no.for_good) == (reason, for_good)


async def test_no_redirect_is_followed() -> None:
    async with web_server(answer_with(204)) as (inside, reached):
        location = f"Location: http://127.0.0.1:{inside}/latest/meta-data"
        for status in (301, 302, 303, 307, 308):
            async with web_server(answer_with(status, location)) as (port, _):
                assert (await fail_to_send(webhooks(), f"http://127.0.0.1:{port}/")).reason is FailureReason.NOT_ALLOWED
        assert reached == []


async def test_a_receiver_that_hangs_is_left_after_the_time_that_it_has() -> None:
    left = asyncio.Event()

    async def hang(_posted: PostedRequest, _writer: Writer) -> None:
        await left.wait()

    async with web_server(hang) as (port, _):
        assert (
            await fail_to_send(webhooks(seconds=0.2), f"http://127.0.0.1:{port}/")
        ).reason is FailureReason.TIMED_OUT
        left.set()


async def test_of_a_gigabyte_in_answer_nothing_but_the_head_is_taken() -> None:
    sent = 0

    async def flood(_: PostedRequest, writer: Writer) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
        for _mebibyte in range(1024):
            writer.write(b"x" * 2**20)
            await writer.drain()
            sent += 2**20

    async with web_server(flood) as (port, posted):
        await webhooks().send(f"http://127.0.0.1:{port}/", ID, BODY, 1_790_000_000)
    assert len(posted) == 1
    assert sent < 2**26  # what fits into the buffers on the way


async def test_a_head_without_an_end_is_too_large() -> None:
    async def endless(_: PostedRequest, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(MAX_RESPONSE_HEAD_BYTES):
            writer.write(b"X-%d: x\r\n" % n)
            await writer.drain()

    async with web_server(endless) as (port, _):
        assert (await fail_to_send(webhooks(), f"http://127.0.0.1:{port}/")).reason is FailureReason.TOO_LARGE


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\n", b"220 mail.example ESMTP\r\n", b"\xff" * 100])
async def test_who_breaks_off_or_speaks_something_else_has_not_taken_it(said: bytes) -> None:
    async def mumble(_: PostedRequest, writer: Writer) -> None:
        writer.write(said)
        await writer.drain()

    async with web_server(mumble) as (port, _):
        assert (await fail_to_send(webhooks(), f"http://127.0.0.1:{port}/")).reason is FailureReason.BROKEN_OFF


async def test_where_nobody_listens_nobody_is_reached() -> None:
    async with web_server(answer_with(204)) as (port, _):
        pass
    assert (await fail_to_send(webhooks(), f"http://127.0.0.1:{port}/")).reason is FailureReason.UNREACHABLE
    nowhere = webhooks(resolve=resolve_to())
    assert (await fail_to_send(nowhere, "https://receiver.example/")).reason is FailureReason.UNREACHABLE


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://0/",
        "http://localhost:8000/petitions",
    ],
)
async def test_the_machine_itself_is_not_called_whatever_its_name_is_written_like(url: str) -> None:
    assert (await fail_to_send(WebhookClient(KEY), url)).reason is FailureReason.NOT_ALLOWED


async def test_a_name_that_leads_to_both_sides_of_the_firewall_is_not_called() -> None:
    for addresses in (("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8"), ("8.8.8.8", "::ffff:169.254.169.254")):
        sending = webhooks(resolve=resolve_to(*addresses))
        assert (await fail_to_send(sending, "https://receiver.example/")).reason is FailureReason.NOT_ALLOWED


async def test_a_name_is_looked_up_once_and_the_address_that_was_looked_at_is_the_one_that_is_called() -> None:
    asked: list[str] = []

    async def changes_its_answer(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async with web_server(answer_with(204)) as (port, posted):
        sending = webhooks(resolve=changes_its_answer)
        await sending.send(f"http://receiver.example:{port}/", ID, BODY, 1_790_000_000)
    assert asked == ["receiver.example"]
    assert posted[0].headers["host"] == f"receiver.example:{port}"


async def test_without_tls_nobody_is_called_but_in_a_network_that_is_allowed_by_name() -> None:
    public = webhooks(resolve=resolve_to("8.8.8.8"))
    assert (await fail_to_send(public, "http://receiver.example/")).reason is FailureReason.NOT_ALLOWED


async def test_with_tls_the_name_must_be_that_of_the_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = make_certificate("receiver.example", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    async with web_server(answer_with(204), tls) as (port, posted):
        sending = webhooks(resolve=resolve_to("127.0.0.1"))
        await sending.send(f"https://receiver.example:{port}/", ID, BODY, 1_790_000_000)
        with capture_logs() as lines:
            no = await fail_to_send(sending, f"https://other.example:{port}/")
    assert (len(posted), no.reason) == (1, FailureReason.UNREACHABLE)
    assert [(line["event"], line["error"]) for line in lines] == [("webhook_not_reached", "SSLCertVerificationError")]
