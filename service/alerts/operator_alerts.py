"""What the operator must hear of before it stops alerts: days and rules that run out, messages that do not go out."""

from datetime import date, datetime, timedelta

from domain.alerts.events import OperatorAlertRaised
from domain.alerts.vocabulary import OperatorSubject
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from projections.projection import Connection
from service.config.law_files import longest_limit

SOON = timedelta(days=30)
"""Before a rule ends that no other one follows."""

STUCK = timedelta(days=1)
"""After which a message that waits is told of: a receiver that is away for an hour is nobody's concern."""

MOST_LAG = 10_000
"""Events by which a view may be behind: seconds, while it is followed at all."""

_BEHIND = """
    SELECT p.view, h.position - p.position FROM kiennghi_views.positions AS p, kiennghi.log_head AS h
    WHERE h.position - p.position > %s ORDER BY p.view
"""
_STUCK = """
    SELECT channel, count(*) FROM alerts_messages WHERE state = 'dead' AND changed_at > %(now)s::timestamptz - %(stuck)s
       OR state = 'waiting' AND composed_on < (%(today)s::date - %(stuck)s)::date
    GROUP BY channel ORDER BY channel
"""


def of_the_law(law: Law, today: date) -> list[OperatorAlertRaised]:
    """Once a week: whoever loads a calendar needs a notice from the government first."""
    monday = today - timedelta(days=today.weekday())
    found = []
    if today + timedelta(days=longest_limit(law, today)) > law.calendar.last:
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
            occurred_on=monday, subject=OperatorSubject.POLICY_ENDS, about=row.reference, until=row.in_force_to
        )
        for row in law.policies.every_row
        if row.in_force_to is not None and today <= row.in_force_to <= today + SOON and not _is_followed(row, law)
    ]
    return found


def _is_followed(row: PolicyRow, law: Law) -> bool:
    assert row.in_force_to is not None
    day_after = row.in_force_to + timedelta(days=1)
    return any(
        other.stage is row.stage and other.kind in (row.kind, "any") and other.is_in_force(day_after)
        for other in law.policies.every_row
    )


async def of_the_views(connection: Connection, today: date) -> list[OperatorAlertRaised]:
    """Once a day, by view: those that are far behind the log."""
    cursor = await connection.execute(_BEHIND, [MOST_LAG])
    return [
        OperatorAlertRaised(occurred_on=today, subject=OperatorSubject.VIEW_LAGS, about=view, count=lag)
        for view, lag in await cursor.fetchall()
    ]


async def of_the_outbox(connection: Connection, now: datetime, today: date) -> list[OperatorAlertRaised]:
    """Once a day, by channel: messages that were given up since yesterday, or wait since before."""
    cursor = await connection.execute(_STUCK, {"now": now, "today": today, "stuck": STUCK})
    return [
        OperatorAlertRaised(occurred_on=today, subject=OperatorSubject.OUTBOX_STUCK, about=channel, count=count)
        for channel, count in await cursor.fetchall()
    ]
