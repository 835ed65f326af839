"""Makes up conferences and reception days at which heads answer citizens, and the petitions raised there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
from domain.refusals.doubts import Doubt
from domain.vocabulary import Channel, MeetingId, PetitionKind
from service.demo.assigning import assign_by_notice
from service.demo.life import Life
from service.demo.matters import MATTER_FIELDS, MatterField, make_petitioner
from service.demo.papers import Paper
from service.demo.proposals import work_on_proposal
from service.demo.province import BUREAUS, COMMUNE_BUREAUS, DISTRICT_BUREAUS, GOVERNMENT, Bureau, present_bureau

PROVINCE_DIALOGUES, DISTRICT_DIALOGUES, COMMUNE_DIALOGUES = 2, 26, 259
"""Conferences of the first nine months of 2022, by level."""

_AT = {
    MeetingKind.DIALOGUE_CONFERENCE: "tại hội nghị đối thoại",
    MeetingKind.RECEPTION_DAY: "tại buổi tiếp công dân",
}

FIRST_DIALOGUE_ON, LAST_DIALOGUE_ON = date(2022, 1, 4), date(2022, 9, 30)


@dataclass(frozen=True, slots=True)
class DemoMeeting:
    """Holds a meeting, its bureau, and the number of petitions raised there. Names of lives begin with its name."""

    name: str
    command: RecordMeeting
    bureau: Bureau
    petition_count: int

    @property
    def by(self) -> Credentials:
        return self.bureau.desk


def dialogues_of_nine_months(chance: Random, calendar: Calendar) -> list[DemoMeeting]:
    """Return the conferences of January to September 2022 in the order of their days.

    Each district holds two; of the communes, half hold three and half hold four.
    """
    organisers = [
        *[(GOVERNMENT, 25)] * PROVINCE_DIALOGUES,
        *[(DISTRICT_BUREAUS[n % len(DISTRICT_BUREAUS)], 9) for n in range(DISTRICT_DIALOGUES)],
        *[(COMMUNE_BUREAUS[n % len(COMMUNE_BUREAUS)], 5) for n in range(COMMUNE_DIALOGUES)],
    ]
    span = (LAST_DIALOGUE_ON - FIRST_DIALOGUE_ON).days
    days = [
        calendar.add_working_days(FIRST_DIALOGUE_ON + timedelta(days=chance.randint(1, span)), -1) for _ in organisers
    ]
    meetings = [
        _make_dialogue(chance, f"2022/{n}", bureau, day, max(1, raised + chance.randint(-2, 2)))
        for n, ((bureau, raised), day) in enumerate(zip(organisers, days, strict=True), start=1)
    ]
    return sorted(meetings, key=lambda meeting: meeting.command.occurred_on)


def meetings_of_recent_weeks(chance: Random, calendar: Calendar, today: date) -> list[DemoMeeting]:
    """Return dialogues of communes, and reception days of the province and of some communes, in order of days."""
    meetings = []
    for n, bureau in enumerate(COMMUNE_BUREAUS[:12]):
        day = calendar.add_working_days(today - timedelta(days=4 * n), -1)
        meetings.append(_make_dialogue(chance, f"recent/{n}", bureau, day, chance.randint(3, 6)))
    for n, bureau in enumerate([GOVERNMENT, *COMMUNE_BUREAUS[12:20]]):
        for month in range(1, 4):
            day = calendar.add_working_days(today - timedelta(days=28 * month - n), -1)
            meetings.append(_make_reception_day(chance, f"reception/{n}/{month}", bureau, day))
    return sorted(meetings, key=lambda meeting: meeting.command.occurred_on)


def _make_dialogue(chance: Random, name: str, bureau: Bureau, day: date, raised: int) -> DemoMeeting:
    command = RecordMeeting(
        occurred_on=day,
        meeting_id=MeetingId(UUID(int=chance.getrandbits(128), version=4)),
        level=bureau.level,
        organiser=bureau.unit,
        chair=bureau.head.officer,
        chair_position=bureau.head.position,
        title=f"Đối thoại giữa người đứng đầu với Nhân dân, {bureau.name}",
        place=f"Hội trường {bureau.name}",
        attendance=chance.randint(60, 250),
        minutes_no=f"{chance.randint(1, 99)}/{Paper.MINUTES}-{bureau.symbol}",
    )
    return DemoMeeting(name, command, bureau, raised)


def _make_reception_day(chance: Random, name: str, bureau: Bureau, day: date) -> DemoMeeting:
    conference = _make_dialogue(chance, name, bureau, day, chance.randint(0, 2)).command
    command = conference.model_copy(
        update={
            "kind": MeetingKind.RECEPTION_DAY,
            "title": f"Tiếp công dân định kỳ, {bureau.name}",
            "place": f"Phòng tiếp công dân {bureau.name}",
            "attendance": chance.randint(1, 12),
        }
    )
    return DemoMeeting(name, command, bureau, chance.randint(0, 2))


def petition_names(meeting: DemoMeeting) -> Iterator[str]:
    """Yield the names of the petitions raised at the meeting."""
    for n in range(1, meeting.petition_count + 1):
        yield f"{meeting.name}/{n}"


def raise_at_meeting(life: Life, meeting: DemoMeeting) -> None:
    """Raise one petition at the meeting.

    Most are answered there; a complex one is assigned by a notice and answered in writing.
    """
    command, bureau = meeting.command, meeting.bureau
    field = life.chance.choice(MATTER_FIELDS)
    village = f"Thôn Ví Dụ {life.chance.randint(1, 9)}"
    is_dialogue = command.kind is MeetingKind.DIALOGUE_CONFERENCE
    life.add_step(
        bureau.desk,
        ReceivePetition(
            occurred_on=life.day,
            channel=Channel.DIALOGUE if is_dialogue else Channel.RECEPTION_DAY,
            kind=PetitionKind.PROPOSAL_FEEDBACK,
            summary=f"{life.chance.choice(field.matters)} ({village})",
            petitioners=(make_petitioner(life.chance),),
            person_count=life.chance.choice((1, 1, 1, 1, 2, 3, 8)),
            place=village,
            meeting_id=command.meeting_id,
        ),
    )
    life.add_step(
        bureau.desk,
        ClassifyPetition(occurred_on=life.day, kind=PetitionKind.PROPOSAL_FEEDBACK, topic=field.topic),
    )
    if life.happens(84):
        _answer_at_meeting(life, meeting)
    else:
        _assign_after_meeting(life, meeting, field)


def _answer_at_meeting(life: Life, meeting: DemoMeeting) -> None:
    bureau, page = meeting.bureau, str(life.chance.randint(2, 14))
    life.add_step(
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
    life.add_step(
        bureau.desk,
        NotifyCitizen(
            occurred_on=life.day,
            how="trả lời trực tiếp",
            evidence=f"Biên bản số {meeting.command.minutes_no}, trang {page}",
        ),
    )
    life.advance_days(2, 10)
    life.add_step(
        bureau.desk, ClosePetition(occurred_on=life.day, reason=f"Công dân đã được trả lời {_AT[meeting.command.kind]}")
    )


def _assign_after_meeting(life: Life, meeting: DemoMeeting, field: MatterField) -> None:
    bureau = meeting.bureau
    life.advance_days(2, 8)
    stays = bureau is not GOVERNMENT and life.happens(45)
    lead = bureau if stays else present_bureau(BUREAUS[field.department], life.day)
    giver = bureau if stays else GOVERNMENT
    due_on = life.calendar.next_working_day(life.day + timedelta(days=life.chance.choice((15, 20, 30))))
    coordinating = bureau if bureau is not GOVERNMENT else None
    assign_by_notice(life, giver, lead, due_on, coordinating=coordinating)
    work_on_proposal(life, giver, lead, due_on, coordinating=coordinating)


def meant_when_repeated(meetings: Iterable[DemoMeeting]) -> Iterator[DemoMeeting]:
    """Yield the meetings in order. The second one of a chair on a day says that it is meant, as an officer would."""
    held = set()
    for meeting in meetings:
        command = meeting.command
        occasion = command.organiser, command.chair, command.occurred_on
        if occasion in held:
            command = command.model_copy(update={"confirm": (Doubt.SAME_MEETING_THAT_DAY.code,)})
        held.add(occasion)
        yield replace(meeting, command=command)
