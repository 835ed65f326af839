"""Sends what waits in the outbox: each message until it has arrived or was given up, those to one recipient in order.

What is sent is what the message's own history says, read afresh under a lock; the view only says where to look. Dying
between the sending and its record means that the message is sent again, under the same id, by whoever comes next.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from psycopg import AsyncConnection

from domain.actor import THE_SERVICE
from domain.alerts import delivery as deliveries
from domain.alerts.delivery import PAUSES, Delivery
from domain.alerts.events import MessageComposed, MessageFailed, MessageGivenUp, MessageSent, OperatorAlertRaised
from domain.alerts.vocabulary import AlertChannel, FailureReason, OperatorSubject
from projections import alerts, outbox
from projections.outbox import Recipient
from service.alerts.compose_messages import raise_for_operator
from service.alerts.contacts import Contacts, contacts
from service.alerts.delivery_error import NotTaken
from service.alerts.message_format import cloud_event, email
from service.alerts.recording import record_after
from service.alerts.smtp import MailServer
from service.alerts.webhooks import Webhooks
from service.commands.office import Office
from service.event_store.group_commit import VersionConflict
from service.postgres.pools import async_pool

AT_ONCE = 16
"""Recipients that are sent to at the same time."""

MOST_RECIPIENTS, MOST_MESSAGES = 1_000, 50
"""Looked at in one go: recipients, and messages to each of them."""

log = structlog.get_logger("kiennghi.alerts")


class Channel(Protocol):
    """A way out."""

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Returns once the receiver has taken the message; NotTaken otherwise."""


class EmailChannel:
    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:  # noqa: ARG002 - of the protocol
        await self._server.send(address, email(delivery, address, self._server.sender))


class WebhookChannel:
    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        message_id = str(delivery.composed.message_id)
        await self._webhooks.send(address, message_id, cloud_event(delivery), int(now.timestamp()))


Channels = Mapping[AlertChannel, Channel]
Outcome = MessageSent | MessageFailed | MessageGivenUp


def channels_of(office: Office) -> Channels:
    """Those that the settings open: without a mail server nothing goes by e-mail, and waits."""
    networks = office.settings.private_networks
    found: dict[AlertChannel, Channel] = {AlertChannel.WEBHOOK: WebhookChannel(Webhooks(office.vault_key, networks))}
    if (server := MailServer.of(office.settings)) is not None:
        found[AlertChannel.EMAIL] = EmailChannel(server)
    return found


class Sender:
    """One for each process; open it with `async with Sender.open(...)`."""

    def __init__(
        self, office: Office, session: AsyncConnection[Any], channels: Channels, pauses: tuple[timedelta, ...]
    ) -> None:
        self._office = office
        self._session = session
        self._channels = channels
        self._pauses = pauses

    @classmethod
    @asynccontextmanager
    async def open(
        cls, office: Office, channels: Channels | None = None, *, pauses: tuple[timedelta, ...] = PAUSES
    ) -> AsyncIterator["Sender"]:
        """Has a session of its own, in which its locks are: they go when the session does, however the process ends."""
        async with async_pool(str(office.pool.conninfo), min_size=1, max_size=1) as own, own.connection() as session:
            yield cls(office, session, channels_of(office) if channels is None else channels, pauses)

    async def deliver_due(self) -> Counter[str]:
        """Send what is due by the database's clock; how many messages were sent, have failed, were given up.

        Raises psycopg.OperationalError when the database has gone, and the committer's errors: what was sent and not
        recorded is sent again.
        """
        async with self._office.pool.connection() as connection:
            known = await contacts(connection)
            recipients = await outbox.due_recipients(connection, limit=MOST_RECIPIENTS)
        ended: Counter[str] = Counter()
        remaining = iter(recipients)

        async def one_after_another() -> None:
            for recipient in remaining:
                await self._serve(recipient, known, ended)

        serving = (one_after_another() for _ in range(min(AT_ONCE, len(recipients))))
        for error in await asyncio.gather(*serving, return_exceptions=True):
            if error is not None:
                raise error
        return ended

    async def _serve(self, recipient: Recipient, known: Contacts, ended: Counter[str]) -> None:
        """Nobody else's turn meanwhile: whoever does not get the lock leaves the recipient to who has it."""
        name = f"kiennghi alerts {recipient.channel} {recipient.addressee}"
        cursor = await self._session.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if await cursor.fetchone() != (True,):
            return
        try:
            async with self._office.pool.connection() as connection:
                messages = await outbox.waiting(connection, recipient, limit=MOST_MESSAGES)
            for message_id in messages:
                if not await self._deliver(message_id, known, ended):
                    return
        finally:
            if not self._session.broken:
                await self._session.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])

    async def _deliver(self, message_id: UUID, known: Contacts, ended: Counter[str]) -> bool:
        """Whether the next message may go: this one has arrived, or was given up."""
        delivery = deliveries.fold(await self._office.histories.history(message_id))
        now, _ = await self._now()
        if delivery is None or delivery.state is not deliveries.MessageState.WAITING:
            return True  # the view is a little behind
        if not delivery.is_due(now) or not self._channels:
            return False
        fact = await self._attempt(delivery, known, now)
        try:
            await self._record(delivery, fact)
        except VersionConflict:
            return False  # somebody else was at it, who got on further: the lock was lost with the session
        ended[type(fact).__name__] += 1
        if not isinstance(fact, MessageSent):
            log.warning("message_not_sent", message_id=str(message_id), reason=fact.reason, outcome=type(fact).__name__)
        return not isinstance(fact, MessageFailed)

    async def _attempt(self, delivery: Delivery, known: Contacts, now: datetime) -> Outcome:
        """Hand the message over; what is to be recorded of that."""
        try:
            channel, address = await self._way(delivery.composed, known)
            await self._channels[channel].send(delivery, address, now)
        except NotTaken as no:
            now, today = await self._now()
            return deliveries.not_sent(delivery, no.reason, now, today, for_good=no.for_good, pauses=self._pauses)
        _, today = await self._now()
        return deliveries.sent(delivery, today, channel)

    async def _way(self, message: MessageComposed, known: Contacts) -> tuple[AlertChannel, str]:
        """By its own channel; else by the next that the addressee is reached by, unless that has told it all.

        Of an addressee who cannot be reached at all the operator hears first.
        """
        own = known.address(message.addressee, message.unit, message.channel)
        if own is not None:
            if message.channel not in self._channels:
                raise NotTaken(FailureReason.UNREACHABLE)
            return message.channel, own
        for channel in self._channels:
            address = known.address(message.addressee, message.unit, channel)
            if address is not None:
                async with self._office.pool.connection() as connection:
                    if await alerts.is_told_by(connection, message.message_id, channel):
                        raise NotTaken(FailureReason.NO_ADDRESS, for_good=True)
                return channel, address
        _, today = await self._now()
        subject = OperatorSubject.NO_ADDRESS
        await raise_for_operator(
            self._office, [OperatorAlertRaised(occurred_on=today, subject=subject, about=message.addressee)]
        )
        raise NotTaken(FailureReason.NO_ADDRESS)

    async def _record(self, delivery: Delivery, fact: Outcome) -> None:
        await record_after(self._office, delivery, fact, THE_SERVICE)

    async def _now(self) -> tuple[datetime, date]:
        """By the database's clock, and the day that it is in the authority's zone. Fails with the session."""
        cursor = await self._session.execute("SELECT clock_timestamp()")
        row = await cursor.fetchone()
        assert row is not None
        now: datetime = row[0]
        return now, now.astimezone(self._office.settings.zone).date()


async def deliver_due(office: Office) -> Counter[str]:
    """As `Sender.deliver_due`, once."""
    async with Sender.open(office) as sender:
        return await sender.deliver_due()
