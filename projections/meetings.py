"""Keeps the view of meetings of heads with the people: their days, the petitions raised there, and the tasks given.

The queries are in `projections.meeting_counts`, `meeting_lists` and `meeting_follow_up`.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, NamedTuple
from uuid import UUID

from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, ReceptionType
from domain.sealed_text import plain_text
from domain.units.events import Level
from domain.value import known, said
from domain.vocabulary import PetitionKind, Stage, UnitId
from projections.case_state import CaseState
from projections.meeting_state import MeetingState
from projections.projection import Connection, Projection, Table, TableRow


class MeetingRow(NamedTuple):
    """Holds one day of a meeting.

    `nth` counts the days from 1. The columns of the follow-up are empty unless it was held then.
    """

    meeting_id: UUID
    nth: int
    fate: str
    day: date
    was_planned: bool
    kind: MeetingKind
    reception: ReceptionType | None
    mode: MeetingMode
    level: Level | None
    head_of: HeadOf | None
    organiser: UnitId
    audience: Audience | None
    topics: list[str]
    title: str
    place: str
    chair: str
    chair_position: str
    chair_office: str
    instead_of: str | None
    attendance: int
    minutes_no: str
    planned_on: date | None
    moved_to: date | None
    reason: str
    announce_by: date | None
    announced_on: date | None
    conclude_by: date | None
    notice_no: str | None
    notice_on: date | None
    publish_by: date | None
    published_on: date | None


class TaskRow(NamedTuple):
    """Holds one task of a conclusion notice."""

    meeting_id: UUID
    number: int
    unit: UnitId
    organiser: UnitId
    notice_no: str
    given_on: date
    task: str
    due_on: date | None
    done_on: date | None


class MeetingPetitionRow(NamedTuple):
    """Holds the connection between one petition and one meeting."""

    petition_id: UUID
    meeting_id: UUID
    is_raised: bool
    is_letter: bool
    is_case: bool
    is_prepared: bool
    is_answered_there: bool
    outcome: str
    reference: str | None
    kind: PetitionKind | None
    topic: str
    place: str
    summary: str
    identity_protected: bool
    stage: Stage
    unit: UnitId
    received_on: date
    due_on: date | None
    settled_on: date | None
    was_due_on: date | None
    notice_no: str | None
    notice_on: date | None


MEETINGS_TABLE = Table("meetings", MeetingRow._fields[:2], MeetingRow._fields[2:])
TASKS_TABLE = Table("meetings_tasks", TaskRow._fields[:2], TaskRow._fields[2:])
MEETING_PETITIONS_TABLE = Table(
    "meetings_petitions",
    MeetingPetitionRow._fields[:2],
    MeetingPetitionRow._fields[2:],
    sealed=("place", "summary"),
)
MEETING_OUTCOMES = (
    *("settled_there", "settled_at_another", "in_writing_on_time", "in_writing_late", "in_writing_without_limit"),
    *("settled_otherwise", "outstanding"),
)
"""Outcomes of the petitions of a meeting; each petition has exactly one of them."""


class Meetings(Projection):
    """Keeps the days of all meetings, their petitions and their tasks."""

    name: ClassVar = "meetings"
    version: ClassVar = 7
    tables: ClassVar = (MEETINGS_TABLE, TASKS_TABLE, MEETING_PETITIONS_TABLE)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if isinstance(state, CaseState):
            return _meeting_petition_rows(state)
        return _meeting_rows(state) if isinstance(state, MeetingState) else ()


def _meeting_rows(meeting: MeetingState) -> Iterable[tuple[Table, TableRow]]:
    notice = meeting.notice
    for nth, day in enumerate(meeting.days, start=1):
        is_held = day.fate == "held"
        day_notice = notice if is_held else None
        yield (
            MEETINGS_TABLE,
            MeetingRow(
                meeting_id=meeting.meeting_id,
                nth=nth,
                fate=day.fate,
                day=day.day,
                was_planned=day.was_planned,
                kind=meeting.kind,
                reception=meeting.reception,
                mode=meeting.mode,
                level=meeting.level,
                head_of=meeting.head_of,
                organiser=meeting.organiser,
                audience=meeting.audience,
                topics=list(meeting.topics),
                title=meeting.title,
                place=meeting.place,
                chair=meeting.chair,
                chair_position=meeting.chair_position,
                chair_office=meeting.chair_office,
                instead_of=meeting.instead_of,
                attendance=meeting.attendance if is_held else 0,
                minutes_no=meeting.minutes_no if is_held else "",
                planned_on=meeting.planned_on,
                moved_to=day.moved_to,
                reason=day.reason,
                announce_by=day.announce_by,
                announced_on=meeting.announced.get(day.day),
                conclude_by=meeting.conclude_by if is_held else None,
                notice_no=None if day_notice is None else day_notice.document_no,
                notice_on=None if day_notice is None else day_notice.occurred_on,
                publish_by=meeting.publish_by if is_held else None,
                published_on=meeting.published_on if is_held else None,
            ),
        )
    if notice is not None:
        for task in said(notice.tasks, ()):
            yield (
                TASKS_TABLE,
                TaskRow(
                    meeting_id=meeting.meeting_id,
                    number=task.number,
                    unit=task.unit,
                    organiser=meeting.organiser,
                    notice_no=notice.document_no,
                    given_on=notice.occurred_on,
                    task=plain_text(task.task),
                    due_on=known(task.due_on),
                    done_on=meeting.done.get(task.number),
                ),
            )


def _meeting_petition_rows(case: CaseState) -> Iterable[tuple[Table, TableRow]]:
    """Return one row for each meeting with which the petition is connected. Most petitions have none."""
    if case.heard_at is None and not case.prepared_for and not case.answered_at:
        return
    status, notice = case.status, case.notice
    heard_at = () if case.heard_at is None else (case.heard_at,)
    for meeting_id in dict.fromkeys((*heard_at, *case.prepared_for, *case.answered_at)):
        yield (
            MEETING_PETITIONS_TABLE,
            MeetingPetitionRow(
                petition_id=case.petition_id,
                meeting_id=meeting_id,
                is_raised=meeting_id == case.heard_at,
                is_letter=case.is_letter,
                is_case=case.is_case,
                is_prepared=meeting_id in case.prepared_for,
                is_answered_there=meeting_id in case.answered_at,
                outcome=_petition_outcome(case, meeting_id),
                reference=case.reference,
                kind=status.kind,
                topic=case.topic,
                place=case.place,
                summary=case.summary,
                identity_protected=case.identity_protected,
                stage=status.stage,
                unit=status.unit,
                received_on=status.received_on,
                due_on=status.due_on,
                settled_on=status.settled_on,
                was_due_on=status.due_when_settled,
                notice_no=None if notice is None else notice.number,
                notice_on=None if notice is None else notice.on,
            ),
        )


def _petition_outcome(case: CaseState, meeting_id: UUID) -> str:
    status = case.status
    if status.settled_on is None:
        return "outstanding"
    answer = case.latest_answer
    if answer is None or answer.round != status.round:
        return "settled_otherwise"
    if answer.figure == "answered_at_meeting":
        return "settled_there" if case.answered_at[-1] == meeting_id else "settled_at_another"
    if status.due_when_settled is None:
        return "in_writing_without_limit"
    return "in_writing_late" if status.settled_on > status.due_when_settled else "in_writing_on_time"


async def count_meetings_by_level(connection: Connection, first: date, last: date) -> dict[str, int]:
    """Return the number of meetings held at each level from the first to the last day, both inclusive.

    Those of which nobody said the level stand under the empty text.
    """
    cursor = await connection.execute(
        "SELECT coalesce(level, ''), count(*) FROM meetings WHERE fate = 'held' AND day BETWEEN %s AND %s"
        " GROUP BY 1 ORDER BY 1",
        [first, last],
    )
    return {level: int(count) for level, count in await cursor.fetchall()}
