"""Meetings of heads with the people: planned, moved, held, cancelled, and what became of what was raised there.

The questions are asked in `projections.meeting_counts`, `meeting_lists` and `meeting_follow_up`.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from projections.case_state import Case
from projections.meeting_state import MeetingLife
from projections.projection import Connection, Projection, Row, Table

MEETINGS = Table(
    "meetings",
    ("meeting_id", "nth"),
    (
        *("fate", "day", "was_planned", "kind", "reception", "mode", "level", "head_of", "organiser", "audience"),
        *("topics", "title", "place", "chair", "chair_position", "chair_office", "instead_of", "attendance"),
        *("minutes_no", "planned_on", "moved_to", "reason", "announce_by", "announced_on", "conclude_by"),
        *("notice_no", "notice_on", "publish_by", "published_on"),
    ),
)
TASKS = Table(
    "meetings_tasks",
    ("meeting_id", "number"),
    ("unit", "organiser", "notice_no", "given_on", "task", "due_on", "done_on"),
)
PETITIONS = Table(
    "meetings_petitions",
    ("petition_id", "meeting_id"),
    (
        *("is_raised", "is_letter", "is_case", "is_prepared", "is_answered_there", "outcome", "reference", "kind"),
        *("topic", "place", "summary", "identity_protected", "stage", "unit", "received_on", "due_on", "settled_on"),
        *("was_due_on", "notice_no", "notice_on"),
    ),
)
OUTCOMES = (
    *("settled_there", "settled_at_another", "in_writing_on_time", "in_writing_late", "in_writing_without_limit"),
    *("settled_otherwise", "outstanding"),
)
"""Every petition of a meeting has one of them."""


class Meetings(Projection):
    """The projection."""

    name: ClassVar = "meetings"
    version: ClassVar = 3
    tables: ClassVar = (MEETINGS, TASKS, PETITIONS)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if isinstance(state, Case):
            return _of_petition(state)
        return _of_meeting(state) if isinstance(state, MeetingLife) else ()


def _of_meeting(life: MeetingLife) -> Iterable[tuple[Table, Row]]:
    notice = life.notice
    for nth, day in enumerate(life.days, start=1):
        is_held = day.fate == "held"
        yield (
            MEETINGS,
            (
                *(life.meeting_id, nth, day.fate, day.day, day.was_planned, life.kind, life.reception, life.mode),
                *(life.level, life.head_of, life.organiser, life.audience, list(life.topics), life.title, life.place),
                *(life.chair, life.chair_position, life.chair_office, life.instead_of),
                *((life.attendance, life.minutes_no) if is_held else (0, "")),
                *(life.planned_on, day.moved_to, day.reason, day.announce_by, life.announced.get(day.day)),
                life.conclude_by if is_held else None,
                *((None, None) if notice is None or not is_held else (notice.document_no, notice.occurred_on)),
                *((life.publish_by, life.published_on) if is_held else (None, None)),
            ),
        )
    if notice is not None:
        for task in notice.tasks:
            yield (
                TASKS,
                (
                    *(life.meeting_id, task.number, task.unit, life.organiser, notice.document_no),
                    *(notice.occurred_on, task.task, task.due_on, life.done.get(task.number)),
                ),
            )


def _of_petition(case: Case) -> Iterable[tuple[Table, Row]]:
    """One row a meeting that the petition has to do with; most petitions have none."""
    if case.heard_at is None and not case.prepared_for and not case.answered_at:
        return
    standing, notice = case.standing, case.notice
    heard_at = () if case.heard_at is None else (case.heard_at,)
    for meeting_id in dict.fromkeys((*heard_at, *case.prepared_for, *case.answered_at)):
        yield (
            PETITIONS,
            (
                *(case.petition_id, meeting_id, meeting_id == case.heard_at, case.is_letter, case.is_case),
                *(meeting_id in case.prepared_for, meeting_id in case.answered_at, _outcome(case, meeting_id)),
                *(case.reference, standing.kind, case.topic, case.place, case.summary, case.identity_protected),
                *(standing.stage, standing.unit, standing.received_on, standing.due_on, standing.settled_on),
                standing.due_when_settled,
                *((None, None) if notice is None else (notice.number, notice.on)),
            ),
        )


def _outcome(case: Case, meeting_id: UUID) -> str:
    standing = case.standing
    if standing.settled_on is None:
        return "outstanding"
    if not case.answers or case.answers[-1].round != standing.round:
        return "settled_otherwise"
    if case.answers[-1].figure == "answered_at_meeting":
        return "settled_there" if case.answered_at[-1] == meeting_id else "settled_at_another"
    if standing.due_when_settled is None:
        return "in_writing_without_limit"
    return "in_writing_late" if standing.settled_on > standing.due_when_settled else "in_writing_on_time"


async def count_by_level(connection: Connection, first: date, last: date) -> dict[str, int]:
    """How many meetings each level held, both days inclusive."""
    cursor = await connection.execute(
        "SELECT level, count(*) FROM meetings WHERE fate = 'held' AND day BETWEEN %s AND %s"
        " GROUP BY level ORDER BY level",
        [first, last],
    )
    return {level: int(count) for level, count in await cursor.fetchall()}
