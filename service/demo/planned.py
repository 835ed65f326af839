"""Makes up the conferences of these weeks: ahead, held, moved, cancelled, and one that nobody reports on."""

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
from domain.units.events import Office
from domain.vocabulary import MeetingId
from service.demo.matters import MATTER_FIELDS
from service.demo.papers import Paper
from service.demo.province import COMMUNE_BUREAUS, Bureau

CONFERENCE_AUDIENCES = (Audience.PEOPLE, Audience.YOUTH, Audience.WOMEN, Audience.FARMERS, Audience.ENTERPRISES)


@dataclass
class PlannedConference:
    """Holds one conference and the commands of its officers, in order."""

    meeting_id: MeetingId
    bureau: Bureau
    day: date
    steps: list[tuple[Credentials, MeetingCommand]] = field(default_factory=list)

    def step_names(self) -> Iterator[str]:
        """Yield the names of the steps; the ids of the commands are derived from them."""
        for n, _ in enumerate(self.steps, start=1):
            yield f"conference/{self.meeting_id}/{n}"


def conferences_of_these_weeks(chance: Random, calendar: Calendar, today: date) -> list[PlannedConference]:
    """Return one conference for each fate, each of another commune."""
    conferences = []
    fates = (
        _announce_and_await,
        _announce_and_await,
        _await_unannounced,
        _hold_and_conclude,
        _hold_and_conclude,
        _move_and_hold,
        _cancel_conference,
        _leave_unreported,
    )
    for bureau, fate in zip(COMMUNE_BUREAUS[24:], fates, strict=False):
        meeting_id = MeetingId(UUID(int=chance.getrandbits(128), version=4))
        ahead = {_announce_and_await: chance.randint(10, 20), _await_unannounced: 4}.get(fate, -chance.randint(30, 40))
        day = calendar.next_working_day(today + timedelta(days=ahead))
        conference = PlannedConference(meeting_id, bureau, day)
        planned_on = min(day, today) - timedelta(days=25)
        plan = PlanMeeting(
            occurred_on=planned_on,
            meeting_id=meeting_id,
            planned_for=day,
            level=bureau.level,
            organiser=bureau.unit,
            chair=bureau.head.officer,
            chair_position=bureau.head.position,
            chair_office=Office.HEAD,
            title=f"Hội nghị trao đổi, đối thoại với Nhân dân, {bureau.name}",
            place=f"Hội trường {bureau.name}",
            head_of=HeadOf.PEOPLES_COMMITTEE,
            audience=chance.choice(CONFERENCE_AUDIENCES),
            topics=(chance.choice(MATTER_FIELDS).topic,),
        )
        conference.steps.append((bureau.desk, plan))
        fate(conference, planned_on)
        conferences.append(conference)
    return conferences


def _announce_and_await(conference: PlannedConference, planned_on: date) -> None:
    _announce_conference(conference, planned_on + timedelta(days=10))


def _await_unannounced(_conference: PlannedConference, _planned_on: date) -> None:
    """Leave the conference unannounced, though the commune had to announce it seven days before."""


def _leave_unreported(conference: PlannedConference, planned_on: date) -> None:
    """Leave the conference without a report after its day has passed."""
    _announce_conference(conference, planned_on + timedelta(days=10))


def _hold_and_conclude(conference: PlannedConference, planned_on: date) -> None:
    bureau, day = conference.bureau, conference.day
    _announce_conference(conference, planned_on + timedelta(days=20))  # five days before the conference: too late
    hold = HoldMeeting(
        occurred_on=day, attendance=80 + day.day, minutes_no=f"{day.day}/{Paper.MINUTES}-{bureau.symbol}"
    )
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


def _move_and_hold(conference: PlannedConference, planned_on: date) -> None:
    """Move the conference by seven days and hold it, chaired by the deputy."""
    bureau, day = conference.bureau, conference.day
    _announce_conference(conference, planned_on + timedelta(days=5))
    to = day + timedelta(days=7)
    move = MoveMeeting(occurred_on=day - timedelta(days=9), planned_for=to, reason="Trùng kỳ họp Hội đồng nhân dân")
    again = AnnounceMeeting(occurred_on=day - timedelta(days=8), how="đài truyền thanh, niêm yết tại trụ sở")
    hold = HoldMeeting(
        occurred_on=to,
        chair=bureau.deputy.officer,
        chair_position=bureau.deputy.position,
        delegation_no=f"{to.day}/{Paper.DELEGATION}-{bureau.symbol}",
        attendance=60,
    )
    conference.steps += [(bureau.head, move), (bureau.desk, again), (bureau.desk, hold)]


def _cancel_conference(conference: PlannedConference, planned_on: date) -> None:
    _announce_conference(conference, planned_on + timedelta(days=5))
    cancel = CancelMeeting(occurred_on=conference.day - timedelta(days=2), reason="Mưa lũ, người dân không đi lại được")
    conference.steps.append((conference.bureau.head, cancel))


def _announce_conference(conference: PlannedConference, on: date) -> None:
    announce = AnnounceMeeting(occurred_on=on, how="đài truyền thanh, niêm yết tại trụ sở")
    conference.steps.append((conference.bureau.desk, announce))
