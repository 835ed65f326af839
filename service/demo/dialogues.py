"""Conferences and reception days at which heads answer citizens, and what was raised there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from domain.actor import Credentials
from domain.commands import (
    AnswerAtMeeting,
    ClassifyPetition,
    ClosePetition,
    NotifyCitizen,
    ReceivePetition,
)
from domain.deadlines.calendar import Calendar
from domain.meetings.commands import RecordMeeting
from domain.meetings.events import MeetingKind
from domain.vocabulary import Channel, MeetingId, PetitionKind
from service.demo.answering import assigned, worked_on
from service.demo.life import Life
from service.demo.matters import FIELDS, Field, somebody
from service.demo.province import BUREAUS, GOVERNMENT, OF_COMMUNES, OF_DISTRICTS, Bureau

PROVINCIAL, OF_A_DISTRICT, OF_A_COMMUNE = 2, 26, 259
"""Conferences of the first nine months of 2022, by level."""

FIRST_DAY, LAST_DAY = date(2022, 1, 4), date(2022, 9, 30)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with how many petitions are raised there."""

    command: RecordMeeting
    bureau: Bureau
    raised: int

    @property
    def by(self) -> Credentials:
        return self.bureau.desk


def of_nine_months(chance: Random, calendar: Calendar) -> list[Meeting]:
    """In order of the day. Each district holds two; of the communes half hold three and half four."""
    organisers = [
        *[(GOVERNMENT, 25)] * PROVINCIAL,
        *[(OF_DISTRICTS[n % len(OF_DISTRICTS)], 9) for n in range(OF_A_DISTRICT)],
        *[(OF_COMMUNES[n % len(OF_COMMUNES)], 5) for n in range(OF_A_COMMUNE)],
    ]
    span = (LAST_DAY - FIRST_DAY).days
    days = [calendar.add_working_days(FIRST_DAY + timedelta(days=chance.randint(1, span)), -1) for _ in organisers]
    held = [
        _meeting(chance, f"2022/{n}", bureau, day, max(1, raised + chance.randint(-2, 2)))
        for n, ((bureau, raised), day) in enumerate(zip(organisers, days, strict=True), start=1)
    ]
    return sorted(held, key=lambda meeting: meeting.command.occurred_on)


def of_recent_weeks(chance: Random, calendar: Calendar, today: date) -> list[Meeting]:
    """Dialogues of communes, and the reception days of the province and of some communes."""
    held = []
    for n, bureau in enumerate(OF_COMMUNES[:12]):
        day = calendar.add_working_days(today - timedelta(days=4 * n), -1)
        held.append(_meeting(chance, f"recent/{n}", bureau, day, chance.randint(3, 6)))
    for n, bureau in enumerate([GOVERNMENT, *OF_COMMUNES[12:20]]):
        for month in range(1, 4):
            day = calendar.add_working_days(today - timedelta(days=28 * month - n), -1)
            held.append(_reception(chance, f"reception/{n}/{month}", bureau, day))
    return sorted(held, key=lambda meeting: meeting.command.occurred_on)


def _meeting(chance: Random, name: str, bureau: Bureau, day: date, raised: int) -> Meeting:
    command = RecordMeeting(
        occurred_on=day,
        meeting_id=MeetingId(UUID(int=chance.getrandbits(128), version=4)),
        level=bureau.level,
        organiser=bureau.unit,
        chair=bureau.head.officer,
        chair_position=bureau.head.position,
        title=f"Đối thoại giữa người đứng đầu với nhân dân, {bureau.name}",
        place=f"Hội trường {bureau.name}",
        attendance=chance.randint(60, 250),
        minutes_no=f"{name}/BB-ĐT",
    )
    return Meeting(command, bureau, raised)


def _reception(chance: Random, name: str, bureau: Bureau, day: date) -> Meeting:
    conference = _meeting(chance, name, bureau, day, chance.randint(0, 2)).command
    command = conference.model_copy(
        update={
            "kind": MeetingKind.RECEPTION_DAY,
            "title": f"Tiếp công dân định kỳ, {bureau.name}",
            "place": f"Phòng tiếp công dân {bureau.name}",
            "attendance": chance.randint(1, 12),
        }
    )
    return Meeting(command, bureau, chance.randint(0, 2))


def raised_at(meeting: Meeting) -> Iterator[str]:
    """The names of the petitions raised there."""
    for n in range(1, meeting.raised + 1):
        yield f"{meeting.command.minutes_no}/{n}"


def raised(life: Life, meeting: Meeting) -> None:
    """Most are answered there; what is complex is assigned by a notice and answered in writing."""
    command, bureau = meeting.command, meeting.bureau
    field = life.chance.choice(FIELDS)
    village = f"Thôn Ví Dụ {life.chance.randint(1, 9)}"
    is_dialogue = command.kind is MeetingKind.DIALOGUE_CONFERENCE
    life.does(
        bureau.desk,
        ReceivePetition(
            occurred_on=life.day,
            channel=Channel.DIALOGUE if is_dialogue else Channel.RECEPTION_DAY,
            kind=PetitionKind.PROPOSAL_FEEDBACK,
            summary=f"{life.chance.choice(field.matters)} ({village})",
            petitioners=(somebody(life.chance),),
            person_count=life.chance.choice((1, 1, 1, 1, 2, 3, 8)),
            place=village,
            meeting_id=command.meeting_id,
        ),
    )
    life.does(
        bureau.desk,
        ClassifyPetition(occurred_on=life.day, kind=PetitionKind.PROPOSAL_FEEDBACK, topic=field.topic),
    )
    if life.happens(84):
        _answered_there(life, meeting)
    else:
        _beyond_the_meeting(life, meeting, field)


def _answered_there(life: Life, meeting: Meeting) -> None:
    bureau, page = meeting.bureau, f"trang {life.chance.randint(2, 14)}"
    life.does(
        bureau.desk,
        AnswerAtMeeting(
            occurred_on=life.day,
            meeting_id=meeting.command.meeting_id,
            answered_by=bureau.head.officer,
            answered_by_position=bureau.head.position,
            answer="Người đứng đầu đã giải đáp tại chỗ và nêu thời gian thực hiện",
            minutes_page=page,
            citizen_agreed=life.happens(88),
        ),
    )
    life.does(bureau.desk, NotifyCitizen(occurred_on=life.day, how="trả lời trực tiếp", evidence=f"biên bản, {page}"))
    life.later(2, 10)
    life.does(bureau.desk, ClosePetition(occurred_on=life.day, reason="Công dân đã được trả lời tại hội nghị"))


def _beyond_the_meeting(life: Life, meeting: Meeting, field: Field) -> None:
    bureau = meeting.bureau
    lead = bureau if bureau is not GOVERNMENT and life.happens(45) else BUREAUS[field.department]
    giver = bureau if lead is bureau else GOVERNMENT
    life.later(2, 8)
    due_on = life.calendar.next_working_day(life.day + timedelta(days=life.chance.choice((15, 20, 30))))
    assigned(life, giver, lead, due_on, beside=bureau if bureau is not GOVERNMENT else None)
    worked_on(life, giver, lead, due_on)
