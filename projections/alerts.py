"""What the ladder looks at and what it raised, of open petitions alone; and what was told to whom, in which message.

What a worker asks of these tables is in `projections.pending_notifications`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from psycopg.rows import class_row

from domain.alerts.delivery import Delivery
from domain.alerts.events import OperatorAlertRaised
from domain.alerts.keys import StepKey, operator_stream
from domain.alerts.ladder import Segment
from domain.alerts.raising import watched
from domain.alerts.vocabulary import WatchedClock
from projections.case_alerts import Raised, Telling
from projections.case_state import Case
from projections.projection import Connection, Projection, Row, Table
from projections.state import Composed

OPERATOR = "operator"
"""In the place of a role, of what is told to whoever runs the service."""

_WATCHED = Table("alerts_watched", ("petition_id", "clock"), ("round", "counts_from", "kind", "unit", "raised"))
_ALERTS = Table(
    "alerts",
    ("petition_id", "key"),
    (
        *("reference", "clock", "round", "due_on", "step", "fell_due_on", "roles", "channels", "does", "escalation"),
        *("rule", "kind", "unit", "officer", "is_live", "acknowledged_on"),
    ),
)
_TOLD = Table("alerts_told", ("message_id", "place"), ("of_id", "key", "role"))
_MESSAGES = Table(
    "alerts_messages",
    ("message_id",),
    ("addressee", "channel", "ordinal", "composed_on", "has_alerts", "state", "changed_at", "attempts"),
)
_COMPOSED = Table("alerts_composed", ("stream",), ("version",))
_NOTICES = Table("alerts_notices", ("notice_id",), ("subject", "about", "raised_on", "until_on", "amount"))


class Alerts(Projection):
    """The projection."""

    name: ClassVar = "alerts"
    version: ClassVar = 1
    tables: ClassVar = (_WATCHED, _ALERTS, _TOLD, _MESSAGES, _COMPOSED, _NOTICES)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if isinstance(state, Case):
            return _of_petition(state) if state.standing.stage.is_open else ()
        if isinstance(state, Delivery):
            return _of_message(state)
        if isinstance(state, Composed):
            return ((_COMPOSED, (state.stream, state.version)),)
        if isinstance(state, OperatorAlertRaised):
            said = (state.subject, state.about, state.occurred_on, state.until, state.count)
            return ((_NOTICES, (operator_stream(state), *said)),)
        return ()


def _of_petition(case: Case) -> Iterable[tuple[Table, Row]]:
    standing, petition_id = case.standing, case.petition_id
    segments = list(watched(standing))
    for segment in segments:
        raised = [one.key.text for one in case.alerts if one.key.clock is segment.clock]
        yield (
            _WATCHED,
            (petition_id, segment.clock, segment.round, segment.due_on, standing.kind, standing.unit, raised),
        )
    for one in case.alerts:
        key = one.key
        yield (
            _ALERTS,
            (
                petition_id,
                key.text,
                case.reference,
                key.clock,
                key.round,
                key.due_on,
                key.step,
                one.fell_due_on,
                [str(role) for role in one.to],
                [str(channel) for channel in one.by],
                one.does,
                one.escalation,
                one.rule,
                standing.kind,
                standing.unit or one.unit,
                standing.officer,
                any(_is_of(one, segment) for segment in segments),
                one.acknowledged_on,
            ),
        )


def _is_of(raised: Raised, segment: Segment) -> bool:
    key = raised.key
    if key.clock is not segment.clock or key.round != segment.round:
        return False
    return key.clock is WatchedClock.HANDLING or key.due_on == segment.due_on


def _of_message(delivery: Delivery) -> Iterable[tuple[Table, Row]]:
    message = delivery.composed
    told = [
        (line.petition_id, StepKey(line.clock, line.round, line.due_on, step).text, role)
        for line in message.alerts
        for step in (*line.folded, line.step)
        for role in line.roles
    ]
    told_operator = [(operator_stream(line), "", OPERATOR) for line in message.notices]
    for place, what in enumerate((*told, *told_operator)):
        yield _TOLD, (message.message_id, place, *what)
    yield (
        _MESSAGES,
        (
            message.message_id,
            message.addressee,
            message.channel,
            message.ordinal,
            message.occurred_on,
            bool(message.alerts),
            delivery.state,
            delivery.changed_at,
            delivery.attempts,
        ),
    )


# -- queries


@dataclass(frozen=True, slots=True)
class AlertItem:
    """An alert of an open petition; `told` are the addressees whom a message has told of it."""

    petition_id: UUID
    key: str
    reference: str | None
    unit: str
    officer: str | None
    kind: str | None
    clock: str
    due_on: date
    step: str
    round: int
    fell_due_on: date
    roles: list[str]
    channels: list[str]
    does: str
    escalation: str | None
    is_live: bool
    told: list[str]
    acknowledged_on: date | None


async def listed(
    connection: Connection,
    *,
    unit: str | None = None,
    unacknowledged: bool = False,
    limit: int = 50,
    after: tuple[date, UUID, str] | None = None,
) -> list[AlertItem]:
    """The newest first; those of one unit, and those that nobody took note of, if so asked."""
    condition = "TRUE"
    if unit is not None:
        condition += " AND unit = %(unit)s"
    if unacknowledged:
        condition += " AND acknowledged_on IS NULL"
    asked: dict[str, object] = {"unit": unit, "limit": limit}
    if after is not None:
        condition += " AND (a.fell_due_on, a.petition_id, a.key) < (%(day)s, %(petition)s, %(key)s)"
        asked |= {"day": after[0], "petition": after[1], "key": after[2]}
    async with connection.cursor(row_factory=class_row(AlertItem)) as cursor:
        await cursor.execute(
            "SELECT a.petition_id, a.key, a.reference, a.unit, a.officer, a.kind, a.clock, a.due_on, a.step, a.round,"  # noqa: S608
            " a.fell_due_on, a.roles, a.channels, a.does, a.escalation, a.is_live, a.acknowledged_on,"
            " ARRAY(SELECT DISTINCT m.addressee FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
            "  WHERE t.of_id = a.petition_id AND t.key = a.key ORDER BY m.addressee) AS told"
            f" FROM alerts AS a WHERE {condition}"
            " ORDER BY a.fell_due_on DESC, a.petition_id DESC, a.key DESC LIMIT %(limit)s",
            asked,
        )
        return await cursor.fetchall()


async def is_told_by(connection: Connection, message_id: UUID, channel: str) -> bool:
    """Whether all that the message tells its addressee is told by messages of the other channel too."""
    cursor = await connection.execute(
        "SELECT NOT EXISTS (SELECT FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
        " WHERE t.message_id = %s AND NOT EXISTS ("
        "  SELECT FROM alerts_told AS also JOIN alerts_messages AS other USING (message_id)"
        "  WHERE also.of_id = t.of_id AND also.key = t.key AND other.addressee = m.addressee AND other.channel = %s))",
        [message_id, channel],
    )
    return await cursor.fetchone() == (True,)


async def tellings(connection: Connection, petition_id: UUID) -> list[Telling]:
    """Of one petition, open or not, in the order of their composing."""
    async with connection.cursor(row_factory=class_row(Telling)) as cursor:
        await cursor.execute(
            "SELECT t.key, t.role, m.addressee, m.channel, m.composed_on, m.state, m.changed_at, m.attempts"
            " FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id) WHERE t.of_id = %s"
            " ORDER BY m.composed_on, m.addressee, m.channel, m.ordinal, t.place",
            [petition_id],
        )
        return await cursor.fetchall()
