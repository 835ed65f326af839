"""Defines senders with one guard taken out; the checker must find a wrong in what each of them did."""

import asyncio
from collections import Counter
from datetime import datetime
from uuid import UUID, uuid4

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts import delivery as deliveries
from domain.alerts.delivery import Delivery
from domain.value import replace
from projections import outbox
from projections.outbox import MessageRecipient
from service.alerts.contacts import Contacts
from service.alerts.sending import MAX_MESSAGES_A_RECIPIENT, AttemptEvent, MessageSender
from service.event_store.errors import VersionConflict


class RecordsBeforeItSends(MessageSender):
    """Records a message as sent, then sends it: if it dies in between, nobody receives the message."""

    async def _send_message(self, message_id: UUID, known: Contacts, ended: Counter[str]) -> bool:
        delivery = deliveries.fold_delivery(await self._office.histories.history(message_id))
        now, today = await self._read_clock()
        if delivery is None or not delivery.is_due(now):
            return True
        try:
            await self._record(delivery, deliveries.complete_attempt(delivery, today, delivery.composed.channel))
        except VersionConflict:
            return False
        await self._attempt_delivery(delivery, known, now)
        ended["MessageSent"] += 1
        return True


class TakesNoLock(MessageSender):
    """Lets two workers send the same message at the same time."""

    async def _send_to_recipient(self, recipient: MessageRecipient, known: Contacts, ended: Counter[str]) -> None:
        async with self._office.pool.connection() as connection:
            messages = await outbox.waiting_messages(connection, recipient, limit=MAX_MESSAGES_A_RECIPIENT)
        for message_id in messages:
            if not await self._send_message(message_id, known, ended):
                return


class TakesNoLockAndChecksNoVersion(TakesNoLock):
    """Lets two workers send the same message, and both record that they sent it."""

    async def _record(self, delivery: Delivery, fact: AttemptEvent) -> None:
        message_id = delivery.composed.message_id
        while True:
            version = len(await self._office.histories.history(message_id))
            try:
                await self._office.writer.append_facts(
                    message_id, [fact], SERVICE_CREDENTIALS, after=version, command_id=uuid4(), digest=b""
                )
            except VersionConflict:
                await asyncio.sleep(0)
            else:
                return


class TrustsTheView(MessageSender):
    """Sends what the view says is waiting, although the history says that it was sent."""

    async def _send_message(self, message_id: UUID, known: Contacts, ended: Counter[str]) -> bool:
        delivery = deliveries.fold_delivery((await self._office.histories.history(message_id))[:1])
        assert delivery is not None
        now, today = await self._read_clock()
        await self._attempt_delivery(delivery, known, now)
        try:
            await self._record(delivery, deliveries.complete_attempt(delivery, today, delivery.composed.channel))
        except VersionConflict:
            return True
        ended["MessageSent"] += 1
        return True


class GivesEachAttemptAnIdOfItsOwn(MessageSender):
    """Hides from the receiver that it has the message already."""

    async def _attempt_delivery(self, delivery: Delivery, known: Contacts, now: datetime) -> AttemptEvent:
        composed = replace(delivery.composed, message_id=uuid4())
        fact = await super()._attempt_delivery(replace(delivery, composed=composed), known, now)
        return replace(fact, message_id=delivery.composed.message_id)


SENDERS: dict[str, type[MessageSender]] = {
    "": MessageSender,
    "records-before-it-sends": RecordsBeforeItSends,
    "takes-no-lock": TakesNoLock,
    "takes-no-lock-and-checks-no-version": TakesNoLockAndChecksNoVersion,
    "trusts-the-view": TrustsTheView,
    "gives-each-attempt-an-id-of-its-own": GivesEachAttemptAnIdOfItsOwn,
}
"""By the name of the mutant; "" is the real sender."""
