"""Records the messages that are due: usually one message on each working day for each addressee and channel.

`domain.alerts.composing` decides what a message says; this module reads the unsent alerts and writes the messages. It
reads the view in one snapshot and appends to the one composition history at the version that the view has seen. If
another worker has recorded messages in the meantime, nothing is written, and the next round starts from that worker's
result. So no alert reaches one addressee in two messages, however many workers there are.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid5

import msgspec

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts.composing import (
    AlertDigests,
    UnsentAlert,
    group_into_digests,
    make_operator_message,
    split_into_messages,
)
from domain.alerts.events import MessageComposed, MessagesComposed, OperatorAlertRaised, OperatorLine
from domain.alerts.keys import COMPOSITION_STREAM, operator_alert_stream
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, OperatorSubject, WatchedClock
from domain.deadlines.clock import ClockSubject
from domain.value import as_said
from domain.vocabulary import Category, OfficerId, UnitId, WayUp
from projections import pending_notifications
from projections.pending_notifications import AddresseeHistory, PendingNotification
from projections.projection import Connection
from service.alerts.trusted_clock import ClockReading
from service.commands.office import ApplicationService
from service.event_store.errors import VersionConflict

MESSAGES_A_COMMIT = 64
"""The number of messages that one commit writes."""

_NOTICE_LIFETIME = timedelta(days=14)
"""The age after which an operator alert that was not sent yet is no longer sent."""


@dataclass(frozen=True, slots=True)
class _PendingSnapshot:
    """Holds one snapshot of the view: unsent alerts, the messages sent so far, and how often messages were composed."""

    version: int
    unsent: list[PendingNotification]
    addressed: dict[tuple[str, str], AddresseeHistory]
    notices: dict[tuple[OfficerId, AlertChannel], list[OperatorLine]]


async def compose_due_messages(
    office: ApplicationService, ladder: Ladder, now: ClockReading, *, operator_alone: bool = False
) -> int:
    """Compose and record the messages that are due; return their number.

    If another worker was quicker, it has composed the other messages, and the number is smaller or 0. With
    `operator_alone` only messages to the operator are composed.
    """
    pending = await _read_pending(office, ladder, now)
    messages = _operator_messages(pending, now)
    if not operator_alone:
        digests = group_into_digests(map(_make_unsent_alert, pending.unsent), await office.queries.units(), now.today)
        await raise_operator_alerts(office, list(digests.vacancies))
        messages += _officer_messages(office, ladder, now, pending, digests)
    version = pending.version
    for first in range(0, len(messages), MESSAGES_A_COMMIT):
        try:
            await _record_messages(office, messages[first : first + MESSAGES_A_COMMIT], version, now)
        except VersionConflict:
            return first
        version += 1
    return len(messages)


async def raise_operator_alerts(office: ApplicationService, facts: Sequence[OperatorAlertRaised]) -> None:
    """Record each operator alert once for its subject, `about` and day. Skip alerts that are already recorded."""
    for fact in facts:
        stream = operator_alert_stream(fact)
        if not await office.histories.history(stream):
            try:
                await office.writer.append_facts(
                    stream,
                    [fact],
                    SERVICE_CREDENTIALS,
                    after=0,
                    command_id=uuid5(stream, "raised"),
                    digest=hashlib.sha256(stream.bytes).digest(),
                )
            except VersionConflict:
                continue  # somebody else raised it at the same moment


def _officer_messages(
    office: ApplicationService, ladder: Ladder, now: ClockReading, pending: _PendingSnapshot, digests: AlertDigests
) -> list[MessageComposed]:
    """Return the messages of addressees whose unit is at work now and who had no message of alerts today."""
    local, calendar = now.at.astimezone(office.settings.zone), office.law.calendar
    messages: list[MessageComposed] = []
    for digest in digests.by_addressee.values():
        history = pending.addressed.get((digest.officer, digest.channel), AddresseeHistory(0, None))
        if history.last_on is not None and history.last_on >= now.today:
            continue
        if ladder.is_at_work(digest.unit, now.today, local, calendar):
            also = (digest.officer, digest.channel) in pending.notices  # the operator's own message came first
            messages += split_into_messages(digest, ladder, history.ordinal + 1 + also, now.today)
    return messages


def _operator_messages(pending: _PendingSnapshot, now: ClockReading) -> list[MessageComposed]:
    """Return the messages to the operator.

    They are sent at any hour, because they are rare and the service depends on the operator's action.
    """
    return [
        make_operator_message(
            notices,
            officer,
            channel,
            pending.addressed.get((officer, channel), AddresseeHistory(0, None)).ordinal + 1,
            now.today,
        )
        for (officer, channel), notices in pending.notices.items()
    ]


async def _record_messages(
    office: ApplicationService, messages: Sequence[MessageComposed], version: int, now: ClockReading
) -> None:
    """Append one composition event and open the history of each of the messages. Raise VersionConflict."""
    digest = hashlib.sha256(b"".join(msgspec.json.encode(message) for message in messages)).digest()
    await office.writer.append_facts(
        COMPOSITION_STREAM,
        [MessagesComposed(occurred_on=now.today, messages=tuple(message.message_id for message in messages))],
        SERVICE_CREDENTIALS,
        after=version,
        command_id=uuid5(COMPOSITION_STREAM, f"{version} {digest.hex()}"),
        digest=digest,
        opens=[(message.message_id, message) for message in messages],
    )


async def _read_pending(office: ApplicationService, ladder: Ladder, now: ClockReading) -> _PendingSnapshot:
    """Return the unsent alerts and what else is needed to compose messages, read in one snapshot of the view."""
    async with _snapshot_transaction(office) as connection:
        notices: dict[tuple[OfficerId, AlertChannel], list[OperatorLine]] = {}
        if ladder.operator is not None:
            for officer in ladder.operator.officer_ids:
                for channel in ladder.operator.by:
                    found = await pending_notifications.read_pending_notices(
                        connection, officer, channel, since=now.today - _NOTICE_LIFETIME
                    )
                    if found:
                        notices[officer, channel] = [
                            OperatorLine(
                                subject=OperatorSubject(one.subject),
                                about=as_said(one.about),
                                raised_on=one.raised_on,
                                until=as_said(one.until),
                                count=as_said(one.count),
                            )
                            for one in found
                        ]
        return _PendingSnapshot(
            version=await pending_notifications.read_composition_count(connection),
            unsent=await pending_notifications.read_pending_notifications(connection),
            addressed=await pending_notifications.read_addressee_histories(connection),
            notices=notices,
        )


@asynccontextmanager
async def _snapshot_transaction(office: ApplicationService) -> AsyncIterator[Connection]:
    """Open a read-only transaction in which all statements see the same snapshot."""
    async with office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


def _make_unsent_alert(pending: PendingNotification) -> UnsentAlert:
    """Return the domain's object for a row of the view."""
    return UnsentAlert(
        category=Category(pending.category),
        stream=pending.petition_id,
        reference=pending.reference or str(pending.petition_id),
        clock=WatchedClock(pending.clock),
        subject=ClockSubject.parse(pending.subject),
        round=pending.round,
        due_on=pending.due_on,
        step=pending.step,
        fell_due_on=pending.fell_due_on,
        does=Does(pending.does),
        way=None if pending.way is None else WayUp(pending.way),
        rule=pending.rule,
        unit=UnitId(pending.unit),
        officer=None if pending.officer is None else OfficerId(pending.officer),
        role=AlertRole(pending.role),
        channel=AlertChannel(pending.channel),
    )
