"""Finds problems for the operator before they stop alerts: ending calendars or rules, lagging views, stuck messages."""

from datetime import date, datetime, timedelta

from domain.alerts.events import OperatorAlertRaised
from domain.alerts.vocabulary import OperatorSubject
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from projections.projection import Connection
from service.config.law_files import longest_limit_days
from service.projector.set_aside import select_set_aside

POLICY_END_WARNING = timedelta(days=30)
"""The time before the end of a rule without a successor at which the operator is warned."""

STUCK_AFTER = timedelta(days=1)
"""The time after which the operator is informed of a waiting message; a receiver may be unavailable for some hours."""

MAX_VIEW_LAG_EVENTS = 10_000
"""The number of events by which a view may lag behind the log: a few seconds of work, if a process updates the view."""

_LAGGING_VIEWS = """
    SELECT p.view, h.position - p.position FROM kiennghi_views.positions AS p, kiennghi.log_head AS h
    WHERE h.position - p.position > %s ORDER BY p.view
"""
_STUCK_MESSAGES = """
    SELECT channel, count(*) FROM alerts_messages WHERE state = 'dead' AND changed_at > %(now)s::timestamptz - %(stuck)s
       OR state = 'waiting' AND composed_on < (%(today)s::date - %(stuck)s)::date
    GROUP BY channel ORDER BY channel
"""


def find_ending_rules(law: Law, today: date) -> list[OperatorAlertRaised]:
    """Return one alert for each calendar or rule that ends soon.

    Its day is the Monday of the week, so it is raised once a week. The operator needs time: a new calendar first needs
    a notice from the government.
    """
    monday = today - timedelta(days=today.weekday())
    found = []
    if today + timedelta(days=longest_limit_days(law, today)) > law.calendar.last:
        found.append(
            OperatorAlertRaised(
                occurred_on=monday,
                subject=OperatorSubject.CALENDAR_ENDS,
                about=law.calendar.version,
                until=law.calendar.last,
            )
        )
    found += [
        OperatorAlertRaised(
            occurred_on=monday,
            subject=OperatorSubject.POLICY_ENDS,
            about=row.reference,
            until=row.in_force_to,
        )
        for row in law.policies.every_row
        if row.in_force_to is not None
        and today <= row.in_force_to <= today + POLICY_END_WARNING
        and not _has_successor(row, law)
    ]
    return found


def _has_successor(row: PolicyRow, law: Law) -> bool:
    """Return True if another row for the stage and kind is in force on the day after the row ends."""
    assert row.in_force_to is not None
    day_after = row.in_force_to + timedelta(days=1)
    return any(
        other.stage is row.stage and other.kind in (row.kind, "any") and other.is_in_force(day_after)
        for other in law.policies.every_row
    )


async def find_lagging_views(connection: Connection, today: date) -> list[OperatorAlertRaised]:
    """Return the alerts of the views that are far behind the log, one a day for each view."""
    cursor = await connection.execute(_LAGGING_VIEWS, [MAX_VIEW_LAG_EVENTS])
    return [
        OperatorAlertRaised(occurred_on=today, subject=OperatorSubject.VIEW_LAGS, about=view, count=lag)
        for view, lag in await cursor.fetchall()
    ]


async def find_set_aside(connection: Connection, today: date) -> list[OperatorAlertRaised]:
    """Return one alert a day if events cannot be read; it is about the first of them, and counts their streams."""
    found = await select_set_aside(connection)
    if not found:
        return []
    about = f"position {found[0][0]}"
    subject = OperatorSubject.EVENT_SET_ASIDE
    return [OperatorAlertRaised(occurred_on=today, subject=subject, about=about, count=len(found))]


async def find_stuck_messages(connection: Connection, now: datetime, today: date) -> list[OperatorAlertRaised]:
    """Return one alert a day for each channel with stuck messages.

    A message is stuck if it was given up in the last day, or has waited for over a day.
    """
    cursor = await connection.execute(_STUCK_MESSAGES, {"now": now, "today": today, "stuck": STUCK_AFTER})
    return [
        OperatorAlertRaised(occurred_on=today, subject=OperatorSubject.OUTBOX_STUCK, about=channel, count=count)
        for channel, count in await cursor.fetchall()
    ]
