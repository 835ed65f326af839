"""Conferences of these weeks, as communes plan them: to come, held, moved, cancelled, and one that nobody tells of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from domain.actor import Credentials
from domain.deadlines.calendar import Calendar
from domain.meetings.commands import (
    AnnounceMeeting,
    CancelMeeting,
    CompleteConclusionTask,
    HoldMeeting,
    IssueConclusionNotice,
    MeetingCommand,
    MoveMeeting,
    PlanMeeting,
    PublishConclusionNotice,
    TaskOfConclusion,
)
from domain.meetings.words import Audience, HeadOf
from domain.vocabulary import MeetingId
from service.demo.matters import FIELDS
from service.demo.province import OF_COMMUNES, Bureau

AUDIENCES = (Audience.PEOPLE, Audience.YOUTH, Audience.WOMEN, Audience.FARMERS, Audience.ENTERPRISES)


@dataclass
class Conference:
    """The life of one conference: who asked for what, in order."""

    meeting_id: MeetingId
    bureau: Bureau
    day: date
    steps: list[tuple[Credentials, MeetingCommand]] = field(default_factory=list)

    def names(self) -> Iterator[str]:
        """That the commands have their ids from."""
        for n, _ in enumerate(self.steps, start=1):
            yield f"conference/{self.meeting_id}/{n}"


def of_these_weeks(chance: Random, calendar: Calendar, today: date) -> list[Conference]:
    told = []
    fates = (_to_come, _to_come, _to_come_unannounced, _concluded, _concluded, _moved, _cancelled, _not_told)
    for bureau, fate in zip(OF_COMMUNES[24:], fates, strict=False):
        meeting_id = MeetingId(UUID(int=chance.getrandbits(128), version=4))
        ahead = {_to_come: chance.randint(10, 20), _to_come_unannounced: 4}.get(fate, -chance.randint(30, 40))
        day = calendar.next_working_day(today + timedelta(days=ahead))
        conference = Conference(meeting_id, bureau, day)
        planned_on = min(day, today) - timedelta(days=25)
        plan = PlanMeeting(
            occurred_on=planned_on,
            meeting_id=meeting_id,
            planned_for=day,
            level=bureau.level,
            organiser=bureau.unit,
            chair=bureau.head.officer,
            chair_position=bureau.head.position,
            chair_office="chair",
            title=f"Hội nghị trao đổi, đối thoại với Nhân dân, {bureau.name}",
            place=f"Hội trường {bureau.name}",
            head_of=HeadOf.PEOPLES_COMMITTEE,
            audience=chance.choice(AUDIENCES),
            topics=(chance.choice(FIELDS).topic,),
        )
        conference.steps.append((bureau.desk, plan))
        fate(conference, planned_on)
        told.append(conference)
    return told


def _to_come(conference: Conference, planned_on: date) -> None:
    _announced(conference, planned_on + timedelta(days=10))


def _to_come_unannounced(_conference: Conference, _planned_on: date) -> None:
    """Seven days before it the commune was to announce it."""


def _not_told(conference: Conference, planned_on: date) -> None:
    """Its day has passed, and nobody says what became of it."""
    _announced(conference, planned_on + timedelta(days=10))


def _concluded(conference: Conference, planned_on: date) -> None:
    bureau, day = conference.bureau, conference.day
    _announced(conference, planned_on + timedelta(days=20))  # five days before: late
    hold = HoldMeeting(occurred_on=day, attendance=80 + day.day, minutes_no=f"{day.day}/BB-ĐT")
    notice = IssueConclusionNotice(
        occurred_on=day + timedelta(days=4),
        document_no=f"{day.day}/TB-UBND",
        signed_by=bureau.head.officer,
        signer_position=bureau.head.position,
        tasks=(
            TaskOfConclusion(unit=bureau.unit, task="Sửa đoạn đường liên thôn", due_on=day + timedelta(days=14)),
            TaskOfConclusion(unit="so-nnmt", task="Cấp giấy chứng nhận còn tồn đọng", due_on=day + timedelta(days=16)),
        ),
    )
    publish = PublishConclusionNotice(occurred_on=day + timedelta(days=8), how="niêm yết tại trụ sở, gửi trưởng thôn")
    done = CompleteConclusionTask(occurred_on=day + timedelta(days=13), number=1, result="Đã sửa xong đoạn đường")
    conference.steps += [
        (bureau.desk, hold),
        (bureau.head, notice),
        (bureau.desk, publish),
        (bureau.specialist, done),
    ]


def _moved(conference: Conference, planned_on: date) -> None:
    """And chaired by the deputy."""
    bureau, day = conference.bureau, conference.day
    _announced(conference, planned_on + timedelta(days=5))
    to = day + timedelta(days=7)
    move = MoveMeeting(occurred_on=day - timedelta(days=9), planned_for=to, reason="Trùng kỳ họp Hội đồng nhân dân")
    again = AnnounceMeeting(occurred_on=day - timedelta(days=8), how="đài truyền thanh, niêm yết tại trụ sở")
    hold = HoldMeeting(
        occurred_on=to,
        chair=bureau.deputy.officer,
        chair_position=bureau.deputy.position,
        delegation_no=f"{to.day}/UQ-UBND",
        attendance=60,
    )
    conference.steps += [(bureau.head, move), (bureau.desk, again), (bureau.desk, hold)]


def _cancelled(conference: Conference, planned_on: date) -> None:
    _announced(conference, planned_on + timedelta(days=5))
    cancel = CancelMeeting(occurred_on=conference.day - timedelta(days=2), reason="Mưa lũ, người dân không đi lại được")
    conference.steps.append((conference.bureau.head, cancel))


def _announced(conference: Conference, on: date) -> None:
    announce = AnnounceMeeting(occurred_on=on, how="đài truyền thanh, niêm yết tại trụ sở")
    conference.steps.append((conference.bureau.desk, announce))
