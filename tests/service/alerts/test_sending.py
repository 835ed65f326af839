"""Checks the sending of messages: in order, retried, given up, by another channel, and never because a view was
rebuilt.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from domain.alerts.commands import RetryMessage
from domain.alerts.delivery import MessageState
from domain.alerts.vocabulary import AlertChannel, FailureReason
from domain.errors import Refused
from projections import outbox
from projections.outbox import Outbox
from service.alerts.contacts import Contact
from service.alerts.retry import retry_message
from service.alerts.sending import MessageSender
from service.projector.rebuild import rebuild_views
from tests.service.alerts.certificates import make_certificate
from tests.service.alerts.post import SHORT_PAUSES, TODAY, alert_line, open_post
from tests.service.alerts.servers import (
    Mailbox,
    PostedRequest,
    Writer,
    accept_login,
    answer_with,
    mail_server,
    web_server,
)
from tests.service.office_fixtures import CLERK, as_projector

pytestmark = pytest.mark.anyio

EMAIL, WEBHOOK = AlertChannel.EMAIL, AlertChannel.WEBHOOK


def webhook_contact(officer: str, port: int) -> Contact:
    return Contact("officer", officer, WEBHOOK, f"http://127.0.0.1:{port}/{officer}")


def email_contact(officer: str) -> Contact:
    return Contact("officer", officer, EMAIL, f"{officer}@tinh.example")


async def test_what_waits_is_sent_once_in_order_and_recorded(database: str) -> None:
    async with web_server(answer_with(204)) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port))
        messages = [await post.compose("an", WEBHOOK, n) for n in (1, 2, 3)]
        assert await post.deliver() == {"MessageSent": 3}
        assert await post.deliver() == {}
        assert [one.headers["webhook-id"] for one in posted] == [str(message) for message in messages]
        for message in messages:
            assert await post.fact_names(message) == ["MessageComposed", "MessageSent"]


async def test_the_body_is_a_cloud_event_that_names_petitions_and_no_person(database: str) -> None:
    async with web_server(answer_with(204)) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port))
        message = await post.compose("an", WEBHOOK, lines=[alert_line(1), alert_line(2)])
        await post.deliver()
    (one,) = posted
    event = one.json
    assert {name: event[name] for name in ("specversion", "id", "source", "type")} == {
        "specversion": "1.0",
        "id": str(message),
        "source": "urn:kiennghi:alerts",
        "type": "kiennghi.alerts.message.v1",
    }
    assert event["time"].endswith("Z")
    assert event["data"]["subject"]["vi"] == "Nhắc việc: 2 đơn cần xử lý"
    assert [told["reference"] for told in event["data"]["alerts"]] == ["TD-2026-000001", "TD-2026-000002"]
    assert event["data"]["alerts"][0]["says"]["vi"] == "hôm nay là ngày hết thời hạn"


async def test_an_email_is_told_in_vietnamese_first_and_bears_the_id_of_the_message(database: str) -> None:
    box = Mailbox()
    async with mail_server(box) as port, open_post(database, smtp_port=port) as post:
        await post.save_contacts(email_contact("an"))
        message = await post.compose("an", EMAIL)
        assert await post.deliver() == {"MessageSent": 1}
    ((recipient, email),) = box.taken
    assert (recipient, email["To"], email["From"]) == ("an@tinh.example", "an@tinh.example", "kiennghi@tinh.example")
    assert email["Message-ID"] == f"<{message}@tinh.example>"
    assert email["Subject"] == "Nhắc việc: đơn TD-2026-000001"
    assert (email.get_content_type(), email.get_content_charset()) == ("text/plain", "utf-8")
    assert email.get_content().splitlines()[:4] == [
        "Nhắc việc: đơn TD-2026-000001",
        "",
        "1. TD-2026-000001 · thời hạn giải quyết · hạn 03/08/2026 · đơn vị so-mau",
        "   hôm nay là ngày hết thời hạn",
    ]
    assert "   the limit ends today" in email.get_content()


async def test_a_mail_server_that_takes_the_message_and_drops_the_line_gets_it_again_under_the_same_id(
    database: str,
) -> None:
    box = Mailbox(drops=2)
    async with mail_server(box) as port, open_post(database, smtp_port=port) as post:
        await post.save_contacts(email_contact("an"))
        message = await post.compose("an", EMAIL)
        await post.deliver_all()
        assert await post.fact_names(message) == ["MessageComposed", "MessageFailed", "MessageFailed", "MessageSent"]
        assert len(box.taken) == 3
        assert len({email["Message-ID"] for _, email in box.taken}) == 1
        assert len({email.as_string() for _, email in box.taken}) == 1


async def test_a_recipient_that_is_refused_for_ever_is_a_dead_letter_and_holds_nobody_up(database: str) -> None:
    box = Mailbox(refuses={"an@tinh.example": "550 5.1.1 no such user"})
    async with mail_server(box) as port, open_post(database, smtp_port=port) as post:
        await post.save_contacts(email_contact("an"), email_contact("binh"))
        dead, other = await post.compose("an", EMAIL), await post.compose("binh", EMAIL)
        assert await post.deliver() == {"MessageGivenUp": 1, "MessageSent": 1}
        delivery = await post.delivery_of(dead)
        assert (delivery.state, delivery.reason) == (MessageState.DEAD, FailureReason.REFUSED)
        assert await post.fact_names(other) == ["MessageComposed", "MessageSent"]
        assert await post.views.wait_until_current(20)
        async with post.office.pool.connection() as connection:
            (listed,) = await outbox.read_messages(connection, state=MessageState.DEAD)
            assert await outbox.count_messages_by_state(connection) == {MessageState.DEAD: 1, MessageState.SENT: 1}
        assert (listed.message_id, listed.addressee, listed.reason) == (dead, "an", "refused")


async def test_a_recipient_that_is_refused_for_now_is_tried_again(database: str) -> None:
    box = Mailbox(refuses={"an@tinh.example": "451 4.7.1 greylisted"})
    async with mail_server(box) as port, open_post(database, smtp_port=port) as post:
        await post.save_contacts(email_contact("an"))
        message = await post.compose("an", EMAIL)
        assert await post.deliver() == {"MessageFailed": 1}
        box.refuses.clear()
        await post.deliver_all()
        assert await post.fact_names(message) == ["MessageComposed", "MessageFailed", "MessageSent"]


@pytest.mark.parametrize("given", [{"security": "starttls"}, {"user": "kiennghi", "password": "secret"}])
async def test_a_mail_server_that_offers_no_encryption_or_no_login_is_told_nothing_and_the_log_why(
    database: str, given: dict[str, Any]
) -> None:
    box = Mailbox()
    async with mail_server(box) as port, open_post(database, smtp_port=port, **given) as post:
        await post.save_contacts(email_contact("an"))
        message = await post.compose("an", EMAIL)
        with capture_logs() as lines:
            assert await post.deliver() == {"MessageFailed": 1}
        assert (await post.delivery_of(message)).reason is FailureReason.NOT_NOW
        assert [line["error"] for line in lines if line["event"] == "mail_not_handed_over"] == ["SMTPException"]
    assert box.taken == []


@pytest.mark.parametrize(("password", "outcome"), [("right", "MessageSent"), ("wrong", "MessageFailed")])
async def test_an_email_goes_encrypted_and_under_the_name_that_the_server_knows(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, outcome: str
) -> None:
    tls, box = make_certificate("mail.example", tmp_path), Mailbox()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    server = mail_server(
        box, tls_context=tls, require_starttls=True, auth_required=True, authenticator=accept_login("kiennghi", "right")
    )
    given: dict[str, Any] = {"security": "starttls", "user": "kiennghi", "password": password}
    async with server as port, open_post(database, smtp_port=port, **given) as post:
        await post.save_contacts(email_contact("an"))
        await post.compose("an", EMAIL)
        assert await post.deliver() == {outcome: 1}
    assert len(box.taken) == (outcome == "MessageSent")


async def test_a_message_that_is_taken_up_again_goes_out_with_a_life_of_its_own(database: str) -> None:
    box = Mailbox(refuses={"an@tinh.example": "550 5.1.1 no such user"})
    async with mail_server(box) as port, open_post(database, smtp_port=port) as post:
        await post.save_contacts(email_contact("an"))
        message = await post.compose("an", EMAIL)
        assert await post.deliver() == {"MessageGivenUp": 1}
        command = RetryMessage(occurred_on=post.office.today, message_id=message)
        assert (await retry_message(post.office, command, CLERK)).state is MessageState.WAITING
        with pytest.raises(Refused, match="this message is not given up: it is waiting"):
            await retry_message(post.office, command, CLERK)
        with pytest.raises(Refused, match="there is no such message"):
            await retry_message(post.office, RetryMessage(occurred_on=TODAY, message_id=uuid4()), CLERK)
        box.refuses["an@tinh.example"] = "451 4.7.1 later"
        for _ in range(3):
            assert await post.deliver() == {"MessageFailed": 1}
        box.refuses.clear()
        assert await post.deliver() == {"MessageSent": 1}
        assert (await post.delivery_of(message)).attempts == 5


async def test_newer_messages_wait_for_the_oldest_and_other_recipients_do_not(database: str) -> None:
    async def not_for_an(one: PostedRequest, writer: Writer) -> None:
        await answer_with(500 if one.path == "/an" else 204)(one, writer)

    async with web_server(not_for_an) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port), webhook_contact("binh", port))
        oldest, newer = await post.compose("an", WEBHOOK, 1), await post.compose("an", WEBHOOK, 2)
        await post.compose("binh", WEBHOOK, 1)
        an_hour = (timedelta(hours=1),)
        assert await post.deliver(an_hour) == {"MessageFailed": 1, "MessageSent": 1}
        assert await post.deliver(an_hour) == {}
        assert await post.fact_names(newer) == ["MessageComposed"]
        assert str(newer) not in {one.headers["webhook-id"] for one in posted}
        failed = await post.delivery_of(oldest)
        assert failed.next_at is not None
        assert failed.changed_at is not None
        assert timedelta(minutes=59) < failed.next_at - failed.changed_at < timedelta(minutes=61)


async def test_after_its_last_attempt_a_message_is_given_up_and_the_next_one_goes(database: str) -> None:
    async with web_server(answer_with(500)) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port))
        dead = await post.compose("an", WEBHOOK, 1)
        for _ in range(3):
            assert await post.deliver() == {"MessageFailed": 1}
        await post.compose("an", WEBHOOK, 2)
        assert await post.deliver() == {"MessageGivenUp": 1, "MessageFailed": 1}
        assert (await post.delivery_of(dead)).attempts == 4
    assert len(posted) == 5


async def test_an_addressee_without_an_address_is_reached_by_the_next_channel(database: str) -> None:
    box = Mailbox()
    async with mail_server(box) as port, open_post(database, smtp_port=port) as post:
        await post.save_contacts(email_contact("an"))
        message = await post.compose("an", WEBHOOK)
        assert await post.deliver() == {"MessageSent": 1}
        assert box.taken[0][1]["Message-ID"] == f"<{message}@tinh.example>"


async def test_what_the_next_channel_has_told_already_is_not_told_twice(database: str) -> None:
    box = Mailbox()
    async with mail_server(box) as port, open_post(database, smtp_port=port) as post:
        await post.save_contacts(email_contact("an"))
        told, untold = await post.compose("an", EMAIL), await post.compose("an", WEBHOOK)
        more = await post.compose("an", WEBHOOK, 2, lines=[alert_line(1), alert_line(2)])
        await post.deliver_all()
        assert (await post.delivery_of(told)).state is MessageState.SENT
        assert (await post.delivery_of(untold)).reason is FailureReason.NO_ADDRESS
        assert (await post.delivery_of(more)).state is MessageState.SENT
    assert len(box.taken) == 2


async def test_of_an_addressee_whom_nothing_reaches_the_operator_hears_once_a_day(database: str) -> None:
    async with open_post(database) as post:
        message = await post.compose("an", WEBHOOK)
        assert await post.deliver() == {"MessageFailed": 1}
        assert await post.deliver() == {"MessageFailed": 1}
        assert (await post.delivery_of(message)).reason is FailureReason.NO_ADDRESS
        assert await post.views.wait_until_current(20)
        async with post.office.pool.connection() as connection:
            cursor = await connection.execute("SELECT subject, about FROM alerts_notices")
            assert await cursor.fetchall() == [("no_address", "an")]


async def test_an_officer_without_an_address_is_reached_at_the_units(database: str) -> None:
    async with web_server(answer_with(204)) as (port, posted), open_post(database) as post:
        await post.save_contacts(Contact("unit", "so-mau", WEBHOOK, f"http://127.0.0.1:{port}/so-mau"))
        await post.compose("an", WEBHOOK)
        assert await post.deliver() == {"MessageSent": 1}
    assert posted[0].path == "/so-mau"


async def test_two_senders_send_nothing_twice(database: str) -> None:
    async def slowly(one: PostedRequest, writer: Writer) -> None:
        await asyncio.sleep(0)
        await answer_with(204)(one, writer)

    async with web_server(slowly) as (port, posted), open_post(database) as post:
        officers = [f"can-bo-{n}" for n in range(10)]
        await post.save_contacts(*(webhook_contact(officer, port) for officer in officers))
        for officer in officers:
            for n in (1, 2, 3):
                await post.compose(officer, WEBHOOK, n)
        assert await post.views.wait_until_current(20)
        async with (
            MessageSender.open(post.office, post.channels) as one,
            MessageSender.open(post.office, post.channels) as other,
        ):
            done = await asyncio.gather(*(sender.deliver_due() for sender in (one, other)))
        assert sum((ended.total() for ended in done), 0) == 30
    assert len({one.headers["webhook-id"] for one in posted}) == len(posted) == 30


async def test_a_sender_whose_session_is_cut_while_it_sends_records_nothing_and_the_same_message_comes_again(
    database: str,
) -> None:
    async def cuts_it_once(one: PostedRequest, writer: Writer) -> None:
        if len(posted) == 1:
            async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database"
                    " WHERE locktype = 'advisory' AND datname = current_database()"
                )
        await answer_with(204)(one, writer)

    async with web_server(cuts_it_once) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port))
        message = await post.compose("an", WEBHOOK)
        with pytest.raises(psycopg.OperationalError):
            await post.deliver()
        assert await post.fact_names(message) == ["MessageComposed"]
        assert await post.deliver() == {"MessageSent": 1}
    assert [one.headers["webhook-id"] for one in posted] == [str(message)] * 2
    assert len({one.body for one in posted}) == 1


async def test_a_view_that_is_built_anew_sends_nothing(database: str) -> None:
    async with web_server(answer_with(204)) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port))
        await post.compose("an", WEBHOOK)
        await post.deliver()
        await rebuild_views(post.office.pool, post.office.histories, post.office.vault, Outbox())
        assert await post.deliver() == {}
    assert len(posted) == 1


async def test_a_view_that_is_behind_sends_nothing_twice(database: str) -> None:
    async with web_server(answer_with(204)) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port))
        await post.compose("an", WEBHOOK)
        await post.deliver()
        assert await post.views.wait_until_current(20)
        async with as_projector(post.office) as connection:
            await connection.execute("UPDATE outbox SET state = 'waiting', attempts = 0")
        async with MessageSender.open(post.office, post.channels) as sender:
            assert await sender.deliver_due() == {}
    assert len(posted) == 1


async def test_a_date_that_a_wrong_clock_set_is_not_waited_for(database: str) -> None:
    async with web_server(answer_with(500)) as (port, posted), open_post(database) as post:
        await post.save_contacts(webhook_contact("an", port))
        await post.compose("an", WEBHOOK)
        assert await post.deliver((timedelta(days=400),)) == {"MessageFailed": 1}
        assert await post.deliver(SHORT_PAUSES) == {"MessageFailed": 1}
    assert len(posted) == 2


async def test_without_a_mail_server_an_email_waits(database: str) -> None:
    async with open_post(database) as post:
        await post.save_contacts(email_contact("an"))
        message = await post.compose("an", EMAIL)
        assert await post.deliver() == {"MessageFailed": 1}
        assert (await post.delivery_of(message)).reason is FailureReason.UNREACHABLE
