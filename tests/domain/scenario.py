"""Tests decisions by given, when, then on a petition with a past.

A past consists of commands, which must be allowed, or of facts, which count as recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypeVar
from uuid import UUID

from domain.actor import Officer
from domain.commands import (
    AnswerInWriting,
    DeliverContribution,
    PetitionCommand,
    ProposeCorrection,
    ProposeReversal,
    RequestExtension,
    StartWork,
)
from domain.correcting.history import REWRITES_HISTORY
from domain.deadlines.calendar_file import parse_calendar
from domain.deadlines.policy import Law
from domain.deadlines.policy_file import parse_policies
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.events import Fact, PetitionEvent, official
from domain.evolve import evolve, fold
from domain.meetings.events import MeetingDetails, MeetingKind, MeetingPlanned
from domain.meetings.meeting import Meeting, evolve_meeting
from domain.petition import Petition
from domain.units.events import Level
from domain.units.unit import Unit, UnitRegister
from domain.vocabulary import MeetingId, OfficerId, PetitionId, UnitId

PETITION = PetitionId(UUID("00000000-0000-4000-8000-000000000001"))
FIRST_LETTER = PetitionId(UUID("00000000-0000-4000-8000-000000000002"))
MEETING = MeetingId(UUID("00000000-0000-4000-8000-000000000003"))

MONDAY = date(2026, 7, 6)
"""The day of receipt and of the meeting. 10 working days end on Monday 20 July, 7 on Wednesday 15 July."""
TODAY = date(2026, 10, 30)

HEAD = Officer(officer=OfficerId("chu-tich"), unit=UnitId("ubnd-tinh"), position="Chủ tịch")
DEPUTY = Officer(
    officer=OfficerId("pho-chu-tich"),
    unit=UnitId("ubnd-tinh"),
    position="Phó Chủ tịch",
    acting_for=HEAD.officer,
)
WORKER = Officer(officer=OfficerId("chuyen-vien"), unit=UnitId("so-mau"), position="Chuyên viên")
COORDINATOR = Officer(officer=OfficerId("phoi-hop"), unit=UnitId("so-khac"), position="Chuyên viên")
CLERK = Officer(officer=OfficerId("van-thu"), unit=UnitId("ban-tcd"), position="Văn thư")

UNITS = UnitRegister.of(
    [
        Unit(unit=UnitId("ubnd-tinh"), name="UBND tỉnh Ví Dụ", level=Level.PROVINCE, opened_on=date(2010, 1, 1)),
        Unit(unit=UnitId("so-mau"), name="Sở Mẫu", level=Level.PROVINCE, opened_on=date(2010, 1, 1)),
        Unit(unit=UnitId("so-khac"), name="Sở Khác", level=Level.PROVINCE, opened_on=date(2010, 1, 1)),
        Unit(unit=UnitId("bo-mau"), name="Bộ Mẫu", level=Level.CENTRAL, opened_on=date(2010, 1, 1)),
        Unit(
            unit=UnitId("huyen-cu"),
            name="Huyện Cũ",
            level=Level.DISTRICT,
            opened_on=date(2010, 1, 1),
            closed_on=date(2025, 6, 30),
        ),
        Unit(unit=UnitId("xa-moi"), name="Xã Mới", level=Level.COMMUNE, opened_on=date(2027, 1, 1)),
    ]
)

F = TypeVar("F", bound=Fact)


@cache
def national_law() -> Law:
    folder = files("domain.policy")
    return Law(
        parse_policies(folder.joinpath("deadlines.toml").read_text("utf-8"), "deadlines.toml"),
        parse_calendar(folder.joinpath("calendar-vn.toml").read_text("utf-8"), "calendar-vn.toml"),
    )


@dataclass(frozen=True)
class Act:
    """Holds a command by another officer than the usual one."""

    command: PetitionCommand
    by: Officer


def fold_next(
    petition: Petition | None,
    envelope: EventEnvelope[PetitionEvent],
    history: Sequence[EventEnvelope[PetitionEvent]],
) -> Petition:
    """Return the petition after one more event, which may put right what stood in the history before it."""
    if type(envelope.fact) not in REWRITES_HISTORY:
        return evolve(petition, envelope)
    after = fold((*history, envelope))
    assert after is not None
    return after


def planned_meeting(planned_for: date, planned_on: date = MONDAY) -> Meeting:
    plan = MeetingPlanned(
        occurred_on=planned_on,
        meeting_id=MEETING,
        planned_for=planned_for,
        details=MeetingDetails(
            kind=MeetingKind.DIALOGUE_CONFERENCE,
            level=Level.PROVINCE,
            organiser=UnitId("ubnd-tinh"),
            chair=official(HEAD.officer, HEAD.position),
            title="Đối thoại với nhân dân",
        ),
    )
    return evolve_meeting(None, EventEnvelope(MEETING, 1, plan, HEAD))


GivenPast = Sequence[PetitionCommand | PetitionEvent | Act]


def usual_officer(command: PetitionCommand) -> Officer:
    match command:
        case StartWork() | AnswerInWriting() | RequestExtension():
            return WORKER
        case ProposeCorrection() | ProposeReversal():
            return CLERK
        case DeliverContribution():
            return COORDINATOR
        case _:
            return HEAD


def decision_context(
    by: Officer,
    *,
    today: date = TODAY,
    meeting_on: date | None = MONDAY,
    planned_for: date | None = None,
    other: Petition | None = None,
) -> DecisionContext:
    """Return a context with the test law and units. The meeting was held, or is planned for a later day."""
    meeting = None
    if planned_for is not None:
        meeting = planned_meeting(planned_for)
    elif meeting_on is not None:
        meeting = Meeting(
            meeting_id=MEETING,
            organiser=UnitId("ubnd-tinh"),
            level=Level.PROVINCE,
            held_on=meeting_on,
            version=1,
            chair=HEAD.officer,
        )
    return DecisionContext(
        today=today,
        by=by,
        law=national_law(),
        units=UNITS,
        petition_id=PETITION,
        meeting=meeting,
        other=other,
    )


def history_of(past: GivenPast, *, other: Petition | None = None) -> list[EventEnvelope[PetitionEvent]]:
    """Return the history of a life whose acts were entered on their own days."""
    history: list[EventEnvelope[PetitionEvent]] = []
    petition: Petition | None = None
    for item in past:
        if isinstance(item, Fact):
            by, facts = HEAD, [item]
        else:
            act = item if isinstance(item, Act) else Act(item, usual_officer(item))
            in_time = decision_context(act.by, today=act.command.occurred_on, other=other)
            by, facts = act.by, decide(act.command, petition, in_time._replace(history=tuple(history))).facts
        for fact in facts:
            envelope = EventEnvelope(PETITION, len(history) + 1, fact, by, reference="TD-2026-000001")
            petition = fold_next(petition, envelope, history)
            history.append(envelope)
    return history


def petition_after(past: GivenPast, *, other: Petition | None = None) -> Petition:
    petition = fold(history_of(past, other=other))
    assert petition is not None
    return petition


def outcome(
    *,
    given: GivenPast,
    when: PetitionCommand,
    by: Officer | None = None,
    today: date | None = None,
    meeting_on: date | None = MONDAY,
    other: Petition | None = None,
) -> list[PetitionEvent]:
    """Return the facts that follow from the command, entered on its own day. Raise Refused as the office would."""
    history = history_of(given)
    around = decision_context(
        by or usual_officer(when), today=today or when.occurred_on, meeting_on=meeting_on, other=other
    )
    return decide(when, fold(history), around._replace(history=history)).facts


def only_fact(kind: type[F], facts: Sequence[PetitionEvent]) -> F:
    """Return the only fact, which must be of that kind."""
    (fact,) = facts
    assert isinstance(fact, kind)
    return fact
