"""Sends the messages that wait in the outbox, in order for each recipient, until each has arrived or is given up.

The message's own history, read from the log under a lock, decides what is sent; the view only gives the candidates. If
a process dies after the sending and before the record, the next worker sends the message again under the same id.
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

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts import delivery as deliveries
from domain.alerts.delivery import RETRY_PAUSES, Delivery
from domain.alerts.events import MessageComposed, MessageFailed, MessageGivenUp, MessageSent, OperatorAlertRaised
from domain.alerts.vocabulary import AlertChannel, FailureReason, OperatorSubject
from domain.value import known
from projections import alerts, outbox
from projections.outbox import MessageRecipient
from service.alerts.compose_messages import raise_operator_alerts
from service.alerts.contacts import Contacts, load_contacts
from service.alerts.delivery_error import DeliveryFailed
from service.alerts.message_format import render_cloud_event, render_email
from service.alerts.recording import record_delivery_event
from service.alerts.smtp import MailServer
from service.alerts.webhooks import WebhookClient
from service.commands.office import ApplicationService
from service.event_store.errors import VersionConflict
from service.postgres.pools import async_pool

RECIPIENTS_AT_ONCE = 16
"""The number of recipients that are served at the same time."""

MAX_RECIPIENTS_A_LOOK, MAX_MESSAGES_A_RECIPIENT = 1_000, 50
"""The largest number of recipients in one round, and of messages to each of them."""

log = structlog.get_logger("kiennghi.alerts")


class DeliveryChannel(Protocol):
    """Delivers messages by one kind of transport."""

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        """Deliver the message to the address; return once the receiver has taken it. Raise DeliveryFailed otherwise."""


class EmailChannel:
    """Delivers messages by e-mail."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:  # noqa: ARG002 - of the protocol
        await self._server.send(address, render_email(delivery, address, self._server.sender))


class WebhookChannel:
    """Delivers messages by webhook."""

    def __init__(self, webhooks: WebhookClient) -> None:
        self._webhooks = webhooks

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        message_id = str(delivery.composed.message_id)
        await self._webhooks.send(address, message_id, render_cloud_event(delivery), int(now.timestamp()))


DeliveryChannels = Mapping[AlertChannel, DeliveryChannel]
AttemptEvent = MessageSent | MessageFailed | MessageGivenUp


def open_channels(office: ApplicationService) -> DeliveryChannels:
    """Return the channels that the settings allow.

    If the settings name no mail server, there is no e-mail channel, and messages for it wait.
    """
    networks = office.settings.private_networks
    found: dict[AlertChannel, DeliveryChannel] = {
        AlertChannel.WEBHOOK: WebhookChannel(WebhookClient(office.vault_key, networks))
    }
    if (server := MailServer.of(office.settings)) is not None:
        found[AlertChannel.EMAIL] = EmailChannel(server)
    return found


class MessageSender:
    """Sends the messages of one process; open it with `async with MessageSender.open(...)`."""

    def __init__(
        self,
        office: ApplicationService,
        session: AsyncConnection[Any],
        channels: DeliveryChannels,
        pauses: tuple[timedelta, ...],
    ) -> None:
        self._office = office
        self._session = session
        self._channels = channels
        self._pauses = pauses

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        office: ApplicationService,
        channels: DeliveryChannels | None = None,
        *,
        pauses: tuple[timedelta, ...] = RETRY_PAUSES,
    ) -> AsyncIterator["MessageSender"]:
        """Open a sender with a database session of its own, which holds its locks.

        The locks end with the session, however the process ends.
        """
        async with async_pool(str(office.pool.conninfo), min_size=1, max_size=1) as own, own.connection() as session:
            yield cls(office, session, open_channels(office) if channels is None else channels, pauses)

    async def deliver_due(self) -> Counter[str]:
        """Send the messages that are due by the database's clock.

        Return the number of attempts by the class name of their event. Raise psycopg.OperationalError if the database
        is unavailable, and the committer's errors. A message that was sent and not recorded is sent again.
        """
        async with self._office.pool.connection() as connection:
            contacts = await load_contacts(connection)
            recipients = await outbox.due_recipients(connection, limit=MAX_RECIPIENTS_A_LOOK)
        outcomes: Counter[str] = Counter()
        remaining = iter(recipients)

        async def one_after_another() -> None:
            for recipient in remaining:
                await self._send_to_recipient(recipient, contacts, outcomes)

        serving = (one_after_another() for _ in range(min(RECIPIENTS_AT_ONCE, len(recipients))))
        for error in await asyncio.gather(*serving, return_exceptions=True):
            if error is not None:
                raise error
        return outcomes

    async def _send_to_recipient(self, recipient: MessageRecipient, contacts: Contacts, outcomes: Counter[str]) -> None:
        """Send the recipient's messages in order, under the recipient's lock.

        Do nothing if another sender has the lock.
        """
        name = f"kiennghi alerts {recipient.channel} {recipient.addressee}"
        cursor = await self._session.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if await cursor.fetchone() != (True,):
            return
        try:
            async with self._office.pool.connection() as connection:
                messages = await outbox.waiting_messages(connection, recipient, limit=MAX_MESSAGES_A_RECIPIENT)
            for message_id in messages:
                if not await self._send_message(message_id, contacts, outcomes):
                    return
        finally:
            if not self._session.broken:
                await self._session.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])

    async def _send_message(self, message_id: UUID, contacts: Contacts, outcomes: Counter[str]) -> bool:
        """Make one attempt to send the message, if one is due, and record it.

        Return True if the next message may follow. The recipient's next message may follow once this one has arrived or
        was given up.
        """
        delivery = deliveries.fold_delivery(await self._office.histories.history(message_id))
        now, _ = await self._read_clock()
        if delivery is None or delivery.state is not deliveries.MessageState.WAITING:
            return True  # the view lags: the message is no longer waiting
        if not delivery.is_due(now) or not self._channels:
            return False
        fact = await self._attempt_delivery(delivery, contacts, now)
        try:
            await self._record(delivery, fact)
        except VersionConflict:
            return False  # the lock was lost with the session, and another sender has recorded more
        outcomes[type(fact).__name__] += 1
        if not isinstance(fact, MessageSent):
            log.warning("message_not_sent", message_id=str(message_id), reason=fact.reason, outcome=type(fact).__name__)
        return not isinstance(fact, MessageFailed)

    async def _attempt_delivery(self, delivery: Delivery, contacts: Contacts, now: datetime) -> AttemptEvent:
        """Deliver the message and return the event that records the outcome."""
        try:
            channel, address = await self._choose_channel(delivery.composed, contacts)
            await self._channels[channel].send(delivery, address, now)
        except DeliveryFailed as failure:
            now, today = await self._read_clock()
            return deliveries.fail_attempt(
                delivery, failure.reason, now, today, for_good=failure.for_good, pauses=self._pauses
            )
        _, today = await self._read_clock()
        return deliveries.complete_attempt(delivery, today, channel)

    async def _choose_channel(self, message: MessageComposed, contacts: Contacts) -> tuple[AlertChannel, str]:
        """Return the channel and address for the message: its own channel, otherwise the next one that has an address.

        Another channel is not used if it has already informed the addressee of all alerts of the message. If the
        addressee has no address at all, an operator alert is raised. Raise DeliveryFailed if nothing can be sent.
        """
        unit = known(message.unit)
        own_address = contacts.address(message.addressee, unit, message.channel)
        if own_address is not None:
            if message.channel not in self._channels:
                raise DeliveryFailed(FailureReason.UNREACHABLE)
            return message.channel, own_address
        for channel in self._channels:
            address = contacts.address(message.addressee, unit, channel)
            if address is not None:
                async with self._office.pool.connection() as connection:
                    if await alerts.is_covered_by_channel(connection, message.message_id, channel):
                        raise DeliveryFailed(FailureReason.NO_ADDRESS, for_good=True)
                return channel, address
        _, today = await self._read_clock()
        subject = OperatorSubject.NO_ADDRESS
        await raise_operator_alerts(
            self._office, [OperatorAlertRaised(occurred_on=today, subject=subject, about=message.addressee)]
        )
        raise DeliveryFailed(FailureReason.NO_ADDRESS)

    async def _record(self, delivery: Delivery, fact: AttemptEvent) -> None:
        await record_delivery_event(self._office, delivery, fact, SERVICE_CREDENTIALS)

    async def _read_clock(self) -> tuple[datetime, date]:
        """Return the time of the database's clock and its day in the authority's zone. Raise if the session is lost."""
        cursor = await self._session.execute("SELECT clock_timestamp()")
        row = await cursor.fetchone()
        assert row is not None
        now: datetime = row[0]
        return now, now.astimezone(self._office.settings.zone).date()


async def deliver_due_messages(office: ApplicationService) -> Counter[str]:
    """Open a sender, send what is due once, and return the counts as `MessageSender.deliver_due` does."""
    async with MessageSender.open(office) as sender:
        return await sender.deliver_due()
