"""Makes messages of the alerts that somebody has not been told of, one a morning for each addressee.

What is untold is read from the view at one moment, and the messages made of it continue the one history of composing
from where the view has seen it: if anybody composed meanwhile, nothing is written, and the next look is on what they
wrote. So no alert comes to one addressee in two messages, however many workers there are.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid5

from domain.actor import THE_SERVICE
from domain.alerts.composing import Digests, ToTell, digests, messages, to_operator
from domain.alerts.events import MessageComposed, MessagesComposed, OperatorAlertRaised, OperatorLine
from domain.alerts.keys import COMPOSING, operator_stream
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, OperatorSubject, WatchedClock
from domain.vocabulary import EscalationKind, OfficerId, UnitId
from projections import pending_notifications as untold
from projections.pending_notifications import Addressed, Untold
from projections.projection import Connection
from service.alerts.trusted_clock import Now
from service.commands.office import Office
from service.event_store.group_commit import VersionConflict

AT_ONCE = 64
"""Messages that are written together: one unit of the log."""

_NOTICES_FOR = timedelta(days=14)
"""What the operator was not told of by then is out of date."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """The view at one moment: what is untold, what was sent to whom so far, how often messages were composed."""

    version: int
    untold: list[Untold]
    addressed: dict[tuple[str, str], Addressed]
    notices: dict[tuple[OfficerId, AlertChannel], list[OperatorLine]]


async def compose(office: Office, ladder: Ladder, now: Now, *, operator_alone: bool = False) -> int:
    """How many messages were composed: 0 also when another worker was quicker, which then has done it."""
    seen = await _look(office, ladder, now)
    made = _of_operator(seen, now)
    if not operator_alone:
        told = digests(map(_to_tell, seen.untold), await office.units(), now.today)
        await raise_for_operator(office, list(told.missing))
        made += _of_officers(office, ladder, now, seen, told)
    version = seen.version
    for first in range(0, len(made), AT_ONCE):
        try:
            await _write(office, made[first : first + AT_ONCE], version, now)
        except VersionConflict:
            return first
        version += 1
    return len(made)


async def raise_for_operator(office: Office, facts: Sequence[OperatorAlertRaised]) -> None:
    """Each once for its subject, what it is about, and its day; those that are recorded already are left alone."""
    for fact in facts:
        stream = operator_stream(fact)
        if not await office.histories.history(stream):
            try:
                await office.record(
                    stream, [fact], THE_SERVICE, after=0, command_id=uuid5(stream, "raised"), digest=stream.bytes
                )
            except VersionConflict:
                continue  # somebody else raised it at the same moment


def _of_officers(office: Office, ladder: Ladder, now: Now, seen: _Seen, told: Digests) -> list[MessageComposed]:
    """Of those who are at work and had no message of alerts today."""
    local, calendar = now.at.astimezone(office.settings.zone), office.law.calendar
    made: list[MessageComposed] = []
    for digest in told.of.values():
        sent = seen.addressed.get((digest.officer, digest.channel), Addressed(0, None))
        if sent.last_on is not None and sent.last_on >= now.today:
            continue
        if ladder.is_at_work(digest.unit, now.today, local, calendar):
            also = (digest.officer, digest.channel) in seen.notices  # the operator's own message came first
            made += messages(digest, ladder, sent.ordinal + 1 + also, now.today)
    return made


def _of_operator(seen: _Seen, now: Now) -> list[MessageComposed]:
    """At once, whatever the hour: it is rare, and others wait for what is wrong."""
    return [
        to_operator(
            notices, officer, channel, seen.addressed.get((officer, channel), Addressed(0, None)).ordinal + 1, now.today
        )
        for (officer, channel), notices in seen.notices.items()
    ]


async def _write(office: Office, some: Sequence[MessageComposed], version: int, now: Now) -> None:
    digest = hashlib.sha256(b"".join(message.model_dump_json().encode() for message in some)).digest()
    await office.record(
        COMPOSING,
        [MessagesComposed(occurred_on=now.today, messages=tuple(message.message_id for message in some))],
        THE_SERVICE,
        after=version,
        command_id=uuid5(COMPOSING, f"{version} {digest.hex()}"),
        digest=digest,
        opens=[(message.message_id, message) for message in some],
    )


async def _look(office: Office, ladder: Ladder, now: Now) -> _Seen:
    async with _one_moment(office) as connection:
        notices: dict[tuple[OfficerId, AlertChannel], list[OperatorLine]] = {}
        if ladder.operator is not None:
            for officer in ladder.operator.officer_ids:
                for channel in ladder.operator.by:
                    found = await untold.notices_untold(connection, officer, channel, since=now.today - _NOTICES_FOR)
                    if found:
                        notices[officer, channel] = [
                            OperatorLine(
                                subject=OperatorSubject(one.subject),
                                about=one.about,
                                raised_on=one.raised_on,
                                until=one.until,
                                count=one.count,
                            )
                            for one in found
                        ]
        return _Seen(
            version=await untold.times_composed(connection),
            untold=await untold.untold(connection),
            addressed=await untold.addressed(connection),
            notices=notices,
        )


@asynccontextmanager
async def _one_moment(office: Office) -> AsyncIterator[Connection]:
    async with office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


def _to_tell(one: Untold) -> ToTell:
    return ToTell(
        petition_id=one.petition_id,
        reference=one.reference or str(one.petition_id),
        clock=WatchedClock(one.clock),
        round=one.round,
        due_on=one.due_on,
        step=one.step,
        fell_due_on=one.fell_due_on,
        does=Does(one.does),
        escalation=None if one.escalation is None else EscalationKind(one.escalation),
        rule=one.rule,
        unit=UnitId(one.unit),
        officer=None if one.officer is None else OfficerId(one.officer),
        role=AlertRole(one.role),
        channel=AlertChannel(one.channel),
    )
