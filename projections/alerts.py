"""Keeps the view of alerts: due dates and raised alerts of open petitions, and the messages about the alerts.

The queries of the alert worker are in `projections.pending_notifications`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from psycopg.rows import class_row

from domain.alerts.delivery import Delivery
from domain.alerts.events import OperatorAlertRaised
from domain.alerts.keys import StepKey, operator_alert_stream
from domain.alerts.ladder import ClockDueDate
from domain.alerts.raising import LAST_DAY_BY_LAW, unit_that_owes, watched_dates_of
from domain.alerts.vocabulary import Does, WatchedClock
from domain.deadlines.clock import ClockSubject
from domain.meetings.task_keys import ONLY_ROUND, task_subject
from domain.value import UNSET, known, said
from domain.vocabulary import Category
from projections.case_alerts import RaisedAlert, Telling
from projections.case_state import CaseState
from projections.meeting_state import MeetingState
from projections.projection import Connection, Projection, Table, TableRow
from projections.state import CompositionCount

OPERATOR_ROLE = "operator"
"""Value of the column `role` for what the operator of the service was informed of."""

_WATCHED_TABLE = Table(
    "alerts_watched",
    ("petition_id", "clock", "subject"),
    ("category", "round", "counts_from", "kind", "unit", "raised"),
)
_ALERTS_TABLE = Table(
    "alerts",
    ("petition_id", "key"),
    (
        "category",
        *(
            "reference",
            "clock",
            "subject",
            "round",
            "due_on",
            "step",
            "fell_due_on",
            "roles",
            "channels",
            "does",
            "way",
        ),
        *("rule", "kind", "unit", "officer", "is_live", "acknowledged_on"),
        "awaits_reminder",
    ),
)
_TOLD_TABLE = Table("alerts_told", ("message_id", "place"), ("of_id", "key", "role"))
_MESSAGES_TABLE = Table(
    "alerts_messages",
    ("message_id",),
    ("addressee", "channel", "ordinal", "composed_on", "has_alerts", "state", "changed_at", "attempts"),
)
_COMPOSED_TABLE = Table("alerts_composed", ("stream",), ("version",))
_NOTICES_TABLE = Table("alerts_notices", ("notice_id",), ("subject", "about", "raised_on", "until_on", "amount"))


class Alerts(Projection):
    """Keeps the tables from which alerts are raised and messages about them are composed.

    They hold the due dates that the ladder watches, the raised alerts, the messages and what each informs of, the
    number of times that messages were composed, and the alerts for the operator of the service.
    """

    name: ClassVar = "alerts"
    version: ClassVar = 6
    tables: ClassVar = (_WATCHED_TABLE, _ALERTS_TABLE, _TOLD_TABLE, _MESSAGES_TABLE, _COMPOSED_TABLE, _NOTICES_TABLE)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if isinstance(state, CaseState):
            return _petition_alert_rows(state) if state.status.stage.is_open or state.status.duties else ()
        if isinstance(state, MeetingState):
            return _task_alert_rows(state)
        if isinstance(state, Delivery):
            return _message_rows(state)
        if isinstance(state, CompositionCount):
            return ((_COMPOSED_TABLE, (state.stream, state.version)),)
        if isinstance(state, OperatorAlertRaised):
            notice = (
                state.subject,
                said(state.about, ""),
                state.occurred_on,
                known(state.until),
                known(state.count),
            )
            return ((_NOTICES_TABLE, (operator_alert_stream(state), *notice)),)
        return ()


def _petition_alert_rows(case: CaseState) -> Iterable[tuple[Table, TableRow]]:
    """Return the rows of a petition that is open or owes duties: the due dates that the ladder watches, and its alerts.

    Of a petition that is over, only the alerts about its duties are still told.
    """
    status, petition_id = case.status, case.petition_id
    due_dates = list(watched_dates_of(status))
    for due_date in due_dates:
        raised = [
            alert.key.text
            for alert in case.alerts
            if (alert.key.clock, alert.key.subject) == (due_date.clock, due_date.subject)
        ]
        yield (
            _WATCHED_TABLE,
            (
                petition_id,
                due_date.clock,
                subject_text(due_date.subject),
                Category.PETITION,
                due_date.round,
                due_date.due_on,
                status.kind,
                unit_that_owes(status, due_date),
                raised,
            ),
        )
    for alert in case.alerts:
        key = alert.key
        is_live = any(_is_alert_of_segment(alert, due_date) for due_date in due_dates)
        if not (status.stage.is_open or is_live):
            continue
        unit = unit_that_owes(status, key)
        yield (
            _ALERTS_TABLE,
            (
                petition_id,
                key.text,
                Category.PETITION,
                case.reference,
                key.clock,
                subject_text(key.subject),
                key.round,
                key.due_on,
                key.step,
                alert.fell_due_on,
                [str(role) for role in alert.to],
                [str(channel) for channel in alert.by],
                alert.does,
                alert.way,
                alert.rule,
                status.kind,
                unit or alert.unit,
                status.officer if unit == status.unit else None,
                is_live,
                alert.acknowledged_on,
                is_live and alert.does == Does.REMIND and status.reminder_proposed_on is not None,
            ),
        )


def _task_alert_rows(meeting: MeetingState) -> Iterable[tuple[Table, TableRow]]:
    """Return the rows of the tasks that are open and have a date. Those of a completed task are told no more."""
    if meeting.notice is None:
        return
    for task in said(meeting.notice.tasks, ()):
        if task.due_on is UNSET or task.number in meeting.done:
            continue
        subject = task_subject(task.number)
        alerts = [alert for alert in meeting.alerts if alert.key.subject == subject]
        raised = [alert.key.text for alert in alerts]
        clock = (WatchedClock.TASK, subject.text)
        watched = (Category.MEETING, ONLY_ROUND, task.due_on, None, task.unit, raised)
        yield _WATCHED_TABLE, (meeting.meeting_id, *clock, *watched)
        for alert in alerts:
            key = alert.key
            yield (
                _ALERTS_TABLE,
                (
                    meeting.meeting_id,
                    key.text,
                    Category.MEETING,
                    meeting.notice.document_no,
                    *clock,
                    key.round,
                    key.due_on,
                    key.step,
                    alert.fell_due_on,
                    [str(role) for role in alert.to],
                    [str(channel) for channel in alert.by],
                    alert.does,
                    alert.way,
                    alert.rule,
                    None,
                    task.unit,
                    None,
                    True,
                    alert.acknowledged_on,
                    False,
                ),
            )


def _is_alert_of_segment(raised: RaisedAlert, due_date: ClockDueDate) -> bool:
    """Return True if the alert was raised for the date that its clock has now."""
    key = raised.key
    if (key.clock, key.subject, key.round) != (due_date.clock, due_date.subject, due_date.round):
        return False
    return key.clock in LAST_DAY_BY_LAW or key.due_on == due_date.due_on


def _message_rows(delivery: Delivery) -> Iterable[tuple[Table, TableRow]]:
    """Return the row of a message, and a row for each alert and role, or operator alert, that the message contains."""
    message = delivery.composed
    told = [
        (line.about.stream, StepKey(line.clock, line.round, line.due_on, step, known(line.subject)).text, role)
        for line in said(message.alerts, ())
        for step in (*said(line.folded, ()), line.step)
        for role in line.roles
    ]
    told_operator = [(operator_alert_stream(line), "", OPERATOR_ROLE) for line in said(message.notices, ())]
    for place, row in enumerate((*told, *told_operator)):
        yield _TOLD_TABLE, (message.message_id, place, *row)
    yield (
        _MESSAGES_TABLE,
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


def subject_text(subject: ClockSubject | None) -> str:
    """Return the subject of a clock as a column has it: empty for the whole petition."""
    return "" if subject is None else subject.text


# -- queries


@dataclass(frozen=True, slots=True)
class AlertItem:
    """Describes an alert of a petition that is open or owes duties, or of a meeting's task that is open.

    `petition_id` is the id of the history that `category` names: a petition, or a meeting with its notice's number.

    `subject` is that of a duty, empty for the whole petition; `told` lists the addressees whom a message has informed
    of it. `awaits_reminder` is True while the reminder that it proposed is not issued.
    """

    petition_id: UUID
    key: str
    category: str
    reference: str | None
    unit: str
    officer: str | None
    kind: str | None
    clock: str
    subject: str
    due_on: date
    step: str
    round: int
    fell_due_on: date
    roles: list[str]
    channels: list[str]
    does: str
    way: str | None
    is_live: bool
    told: list[str]
    acknowledged_on: date | None
    awaits_reminder: bool


async def read_alerts(
    connection: Connection,
    *,
    unit: str | None = None,
    unacknowledged: bool = False,
    awaiting_reminder: bool = False,
    limit: int = 50,
    after: tuple[date, UUID, str] | None = None,
) -> list[AlertItem]:
    """Return the alerts of petitions that are open or owe duties, the newest first.

    `unit`, `unacknowledged` and `awaiting_reminder` limit the list to one unit, to alerts that nobody acknowledged, and
    to reminders that were proposed and not issued. `after` is the last alert of the previous page: `fell_due_on`,
    petition id and key.
    """
    condition = "TRUE"
    if unit is not None:
        condition += " AND unit = %(unit)s"
    if unacknowledged:
        condition += " AND acknowledged_on IS NULL"
    if awaiting_reminder:
        condition += " AND awaits_reminder"
    parameters: dict[str, object] = {"unit": unit, "limit": limit}
    if after is not None:
        condition += " AND (a.fell_due_on, a.petition_id, a.key) < (%(day)s, %(petition)s, %(key)s)"
        parameters |= {"day": after[0], "petition": after[1], "key": after[2]}
    async with connection.cursor(row_factory=class_row(AlertItem)) as cursor:
        await cursor.execute(
            "SELECT a.petition_id, a.key, a.category, a.reference, a.unit, a.officer, a.kind, a.clock, a.subject,"  # noqa: S608
            " a.due_on, a.step, a.round, a.fell_due_on, a.roles, a.channels, a.does, a.way, a.is_live,"
            " a.acknowledged_on, a.awaits_reminder,"
            " ARRAY(SELECT DISTINCT m.addressee FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
            "  WHERE t.of_id = a.petition_id AND t.key = a.key ORDER BY m.addressee) AS told"
            f" FROM alerts AS a WHERE {condition}"
            " ORDER BY a.fell_due_on DESC, a.petition_id DESC, a.key DESC LIMIT %(limit)s",
            parameters,
        )
        return await cursor.fetchall()


async def is_covered_by_channel(connection: Connection, message_id: UUID, channel: str) -> bool:
    """Return True if messages of `channel` have informed the same addressee of everything in this message."""
    cursor = await connection.execute(
        "SELECT NOT EXISTS (SELECT FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
        " WHERE t.message_id = %s AND NOT EXISTS ("
        "  SELECT FROM alerts_told AS also JOIN alerts_messages AS other USING (message_id)"
        "  WHERE also.of_id = t.of_id AND also.key = t.key AND other.addressee = m.addressee AND other.channel = %s))",
        [message_id, channel],
    )
    return await cursor.fetchone() == (True,)


async def read_alert_messages(connection: Connection, petition_id: UUID) -> list[Telling]:
    """Return the messages about alerts of one petition, open or closed, in the order in which they were composed."""
    async with connection.cursor(row_factory=class_row(Telling)) as cursor:
        await cursor.execute(
            "SELECT t.key, t.role, m.addressee, m.channel, m.composed_on, m.state, m.changed_at, m.attempts"
            " FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id) WHERE t.of_id = %s"
            " ORDER BY m.composed_on, m.addressee, m.channel, m.ordinal, t.place",
            [petition_id],
        )
        return await cursor.fetchall()
