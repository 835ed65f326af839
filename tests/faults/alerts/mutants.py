"""Senders with one guard taken out: the fault test must tell each of them from the real one."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from domain.actor import THE_SERVICE
from domain.alerts import delivery as deliveries
from domain.alerts.delivery import Delivery
from projections import outbox
from projections.outbox import Recipient
from service.alerts.contacts import Contacts
from service.alerts.sending import MOST_MESSAGES, Outcome, Sender
from service.event_store.group_commit import VersionConflict


class RecordsBeforeItSends(Sender):
    """Who dies in between has recorded what nobody has received."""

    async def _deliver(self, message_id: UUID, known: Contacts, ended: Counter[str]) -> bool:
        delivery = deliveries.fold(await self._office.histories.history(message_id))
        now, today = await self._now()
        if delivery is None or not delivery.is_due(now):
            return True
        try:
            await self._record(delivery, deliveries.sent(delivery, today, delivery.composed.channel))
        except VersionConflict:
            return False
        await self._attempt(delivery, known, now)
        ended["MessageSent"] += 1
        return True


class TakesNoLock(Sender):
    """Two are at the same message."""

    async def _serve(self, recipient: Recipient, known: Contacts, ended: Counter[str]) -> None:
        async with self._office.pool.connection() as connection:
            messages = await outbox.waiting(connection, recipient, limit=MOST_MESSAGES)
        for message_id in messages:
            if not await self._deliver(message_id, known, ended):
                return


class TakesNoLockAndChecksNoVersion(TakesNoLock):
    """Two are at the same message, and both say that they sent it."""

    async def _record(self, delivery: Delivery, fact: Outcome) -> None:
        message_id = delivery.composed.message_id
        while True:
            version = len(await self._office.histories.history(message_id))
            try:
                await self._office.record(
                    message_id, [fact], THE_SERVICE, after=version, command_id=uuid4(), digest=b""
                )
            except VersionConflict:
                await asyncio.sleep(0)
            else:
                return


class TrustsTheView(Sender):
    """What the view says is waiting is sent, though the history says that it was."""

    async def _deliver(self, message_id: UUID, known: Contacts, ended: Counter[str]) -> bool:
        delivery = deliveries.fold((await self._office.histories.history(message_id))[:1])
        assert delivery is not None
        now, today = await self._now()
        await self._attempt(delivery, known, now)
        try:
            await self._record(delivery, deliveries.sent(delivery, today, delivery.composed.channel))
        except VersionConflict:
            return True
        ended["MessageSent"] += 1
        return True


class GivesEachAttemptAnIdOfItsOwn(Sender):
    """The receiver cannot know that it has the message already."""

    async def _attempt(self, delivery: Delivery, known: Contacts, now: datetime) -> Outcome:
        composed = delivery.composed.model_copy(update={"message_id": uuid4()})
        fact = await super()._attempt(replace(delivery, composed=composed), known, now)
        return fact.model_copy(update={"message_id": delivery.composed.message_id})


SENDERS: dict[str, type[Sender]] = {
    "": Sender,
    "records-before-it-sends": RecordsBeforeItSends,
    "takes-no-lock": TakesNoLock,
    "takes-no-lock-and-checks-no-version": TakesNoLockAndChecksNoVersion,
    "trusts-the-view": TrustsTheView,
    "gives-each-attempt-an-id-of-its-own": GivesEachAttemptAnIdOfItsOwn,
}
