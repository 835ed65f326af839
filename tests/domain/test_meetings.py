"""Meetings at which heads answer citizens: from the plan to the conclusion."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from domain.deadlines.stages import LegalStage
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.meetings import commands as c
from domain.meetings.decide import decide
from domain.meetings.events import (
    ConclusionNoticeIssued,
    MeetingAnnounced,
    MeetingEvent,
    MeetingHeld,
    MeetingKind,
    MeetingMoved,
    MeetingPlanned,
)
from domain.meetings.meeting import Meeting, evolve, fold
from domain.meetings.words import HeadOf, MeetingMode, MeetingStage, ReceptionType
from domain.units.events import Branch, Level
from domain.units.unit import Unit, Units
from domain.vocabulary import UnitId
from tests.domain.samples import but, july
from tests.domain.scenario import HEAD, MEETING, MONDAY, UNITS, circumstances

COMMUNE = Unit(UnitId("xa-mau"), "Xã Mẫu", Level.COMMUNE, date(2025, 7, 1))
ENDING = Unit(UnitId("xa-cu"), "Xã Cũ", Level.COMMUNE, date(2010, 1, 1), july(10))
AROUND = circumstances(HEAD)._replace(units=Units.of([*UNITS.by_id.values(), COMMUNE, ENDING]))

RECORD = c.RecordMeeting(
    occurred_on=MONDAY,
    meeting_id=MEETING,
    level=Level.PROVINCE,
    organiser="ubnd-tinh",
    chair="chu-tich",
    chair_position="Chủ tịch",
    title="Đối thoại với thanh niên",
    attendance=120,
)
PLAN = c.PlanMeeting(
    occurred_on=july(1),
    meeting_id=MEETING,
    planned_for=july(20),
    level=Level.COMMUNE,
    organiser="xa-mau",
    chair="ct-xa",
    chair_position="Chủ tịch",
    title="Đối thoại với nhân dân",
    chair_office="chair",
)
ANNOUNCE = c.AnnounceMeeting(occurred_on=july(10), how="đài truyền thanh")
MOVE = c.MoveMeeting(occurred_on=july(14), planned_for=july(27), reason="trùng ngày họp")
HOLD = c.HoldMeeting(occurred_on=july(20), attendance=90, minutes_no="9/BB")
CANCEL = c.CancelMeeting(occurred_on=july(19), reason="mưa lũ")
MINUTES = c.EnterMinutes(occurred_on=july(21), minutes_no="9/BB", attendance=92)
CONCLUDE = c.IssueConclusionNotice(
    occurred_on=july(24),
    document_no="60/TB",
    signed_by="ct-xa",
    signer_position="Chủ tịch",
    tasks=(c.TaskOfConclusion(unit="so-mau", task="sửa đường", due_on=july(31)),),
)
PUBLISH = c.PublishConclusionNotice(occurred_on=july(29), how="niêm yết tại trụ sở")
COMPLETE = c.CompleteConclusionTask(occurred_on=july(31), number=1, result="đã sửa xong")


def told(commands: Sequence[c.MeetingCommand]) -> list[EventEnvelope[MeetingEvent]]:
    meeting: Meeting | None = None
    history: list[EventEnvelope[MeetingEvent]] = []
    for command in commands:
        for fact in decide(command, meeting, AROUND):
            recorded = EventEnvelope(MEETING, len(history) + 1, fact, HEAD)
            history.append(recorded)
            meeting = evolve(meeting, recorded)
    return history


def after(*commands: c.MeetingCommand) -> Meeting:
    meeting = fold(told(commands))
    assert meeting is not None
    return meeting


def last(*commands: c.MeetingCommand) -> MeetingEvent:
    return told(commands)[-1].fact


# -- entered as held, without a plan


def test_a_meeting_is_on_record_with_its_day_and_its_organiser() -> None:
    held = after(RECORD)
    assert (held.meeting_id, held.organiser, held.level, held.held_on, held.version) == (
        MEETING,
        "ubnd-tinh",
        Level.PROVINCE,
        MONDAY,
        1,
    )
    assert held.stage is MeetingStage.HELD


def test_a_meeting_keeps_the_position_its_chair_held_that_day() -> None:
    fact = last(RECORD)
    assert isinstance(fact, MeetingHeld)
    assert (fact.chair, fact.chair_position, fact.attendance) == ("chu-tich", "Chủ tịch", 120)


def test_what_is_entered_as_before_is_stored_as_before() -> None:
    assert last(RECORD).model_dump_json(exclude_defaults=True) == (
        '{"occurred_on":"2026-07-06","meeting_id":"00000000-0000-4000-8000-000000000003","kind":"dialogue_conference",'
        '"level":"province","organiser":"ubnd-tinh","chair":"chu-tich","chair_position":"Chủ tịch",'
        '"title":"Đối thoại với thanh niên","attendance":120}'
    )


def test_a_meeting_is_entered_once() -> None:
    for command in (RECORD, PLAN):
        with pytest.raises(Refused, match="this meeting is on record already"):
            decide(command, after(RECORD), AROUND)


def test_its_organiser_was_in_being_on_the_day_of_the_meeting() -> None:
    with pytest.raises(Refused, match="there is no unit “so-la”"):
        decide(but(RECORD, organiser="so-la"), None, AROUND)
    with pytest.raises(Refused, match="is not in being on 2026-07-06"):
        decide(but(RECORD, organiser="huyen-cu"), None, AROUND)
    (fact,) = decide(but(RECORD, organiser="huyen-cu", occurred_on=date(2024, 5, 1)), None, AROUND)
    assert isinstance(fact, MeetingHeld)
    assert fact.organiser == "huyen-cu"


def test_a_conference_is_no_kind_of_reception() -> None:
    with pytest.raises(Refused, match="a conference is none of them"):
        decide(but(RECORD, reception=ReceptionType.PERIODIC), None, AROUND)
    (fact,) = decide(but(RECORD, kind=MeetingKind.RECEPTION_DAY, reception=ReceptionType.EXTRAORDINARY), None, AROUND)
    assert isinstance(fact, MeetingHeld)
    assert fact.reception is ReceptionType.EXTRAORDINARY


def test_whose_head_it_is_follows_from_the_register_where_nobody_says_it() -> None:
    department = Unit(UnitId("so-xd"), "Sở Xây dựng", Level.PROVINCE, date(2010, 1, 1), branch=Branch.DEPARTMENT)
    around = AROUND._replace(units=Units.of([department]))
    of_department = but(RECORD, organiser="so-xd")
    (fact,) = decide(of_department, None, around)
    (planned,) = decide(but(PLAN, organiser="so-xd"), None, around)
    assert isinstance(fact, MeetingHeld)
    assert isinstance(planned, MeetingPlanned)
    assert fact.head_of is planned.head_of is HeadOf.DEPARTMENT
    (said,) = decide(but(of_department, head_of="party_committee"), None, around)
    assert isinstance(said, MeetingHeld)
    assert said.head_of is HeadOf.PARTY_COMMITTEE


def test_the_words_for_heads_are_those_for_branches() -> None:
    assert {head.value for head in HeadOf} == {branch.value for branch in Branch}


# -- planned, announced, moved, held, cancelled


def test_a_meeting_goes_from_its_plan_to_a_conclusion_that_is_carried_out() -> None:
    meeting = after(PLAN, ANNOUNCE, HOLD, CONCLUDE, PUBLISH, COMPLETE)
    assert (meeting.stage, meeting.held_on, meeting.planned_for) == (MeetingStage.HELD, july(20), july(20))
    assert meeting.announced_for == {july(20)}
    assert meeting.published_on == july(29)
    assert meeting.notice is not None
    assert meeting.tasks_done == {1}
    assert meeting.version == 6


def test_what_was_planned_is_what_is_held() -> None:
    fact = last(but(PLAN, topics=("giao thông",), audience="youth", mode=MeetingMode.ONLINE), HOLD)
    assert isinstance(fact, MeetingHeld)
    assert (fact.organiser, fact.level, fact.title, fact.topics) == (
        "xa-mau",
        Level.COMMUNE,
        "Đối thoại với nhân dân",
        ("giao thông",),
    )
    assert (fact.audience, fact.mode, fact.chair, fact.instead_of) == ("youth", "online", "ct-xa", None)


def test_a_moved_meeting_keeps_the_day_before_and_its_reason() -> None:
    fact = last(PLAN, MOVE)
    assert isinstance(fact, MeetingMoved)
    assert (fact.moved_from, fact.planned_for, fact.reason) == (july(20), july(27), "trùng ngày họp")
    assert after(PLAN, MOVE, but(HOLD, occurred_on=july(27))).held_on == july(27)


def test_a_meeting_is_held_on_the_day_it_is_planned_for() -> None:
    for way in ([PLAN, MOVE], [but(PLAN, planned_for=july(21))]):
        with pytest.raises(Refused, match="move it first if it was held on another day"):
            decide(HOLD, after(*way), AROUND)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (MOVE, "a meeting that was held, on 2026-07-20, cannot be moved"),
        (CANCEL, "a meeting that was held, on 2026-07-20, cannot be cancelled"),
        (HOLD, "a meeting that was held, on 2026-07-20, cannot be held again"),
    ],
)
def test_what_was_held_stays_held(command: c.MeetingCommand, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        decide(command, after(PLAN, HOLD), AROUND)


@pytest.mark.parametrize("command", [MOVE, CANCEL, HOLD, ANNOUNCE])
def test_what_was_cancelled_stays_cancelled(command: c.MeetingCommand) -> None:
    with pytest.raises(Refused, match="a meeting that was cancelled"):
        decide(command, after(PLAN, CANCEL), AROUND)


@pytest.mark.parametrize("command", [MOVE, CANCEL, HOLD, ANNOUNCE, MINUTES, CONCLUDE, PUBLISH, COMPLETE])
def test_nothing_happens_to_a_meeting_that_is_not_on_record(command: c.MeetingCommand) -> None:
    with pytest.raises(Refused, match="there is no such meeting on record"):
        decide(command, None, AROUND)


@pytest.mark.parametrize("command", [MINUTES, CONCLUDE])
def test_nothing_follows_a_meeting_that_was_not_held(command: c.MeetingCommand) -> None:
    for way in ([PLAN], [PLAN, CANCEL]):
        with pytest.raises(Refused, match="a meeting that was not held has no"):
            decide(command, after(*way), AROUND)


def test_a_meeting_is_not_held_in_the_future() -> None:
    with pytest.raises(Refused, match="lies in the future"):
        decide(HOLD, after(PLAN), AROUND._replace(today=july(19)))


def test_no_day_is_planned_that_had_passed() -> None:
    with pytest.raises(Refused, match="record it as held"):
        decide(but(PLAN, planned_for=date(2026, 6, 30)), None, AROUND)
    with pytest.raises(Refused, match="a day that had passed when it was moved"):
        decide(but(MOVE, planned_for=july(13)), after(PLAN), AROUND)
    with pytest.raises(Refused, match="is planned for 2026-07-20 already"):
        decide(but(MOVE, planned_for=july(20)), after(PLAN), AROUND)


def test_a_unit_that_ends_before_the_day_holds_no_meeting() -> None:
    of_ending = but(PLAN, organiser="xa-cu", planned_for=july(9))
    for command, way in (
        (but(PLAN, organiser="xa-cu"), None),
        (MOVE, after(of_ending)),
    ):
        with pytest.raises(Refused, match="the unit “xa-cu” is not in being on"):
            decide(command, way, AROUND)
    closed_since = Units.of([Unit(ENDING.unit, ENDING.name, ENDING.level, ENDING.opened_on, july(8))])
    with pytest.raises(Refused, match="the unit “xa-cu” is not in being on 2026-07-09"):
        decide(but(HOLD, occurred_on=july(9)), after(of_ending), AROUND._replace(units=closed_since))
    assert after(of_ending, but(HOLD, occurred_on=july(9))).held_on == july(9)


# -- who chaired


def test_a_deputy_who_chairs_does_so_instead_of_whom_it_was_planned_for() -> None:
    fact = last(PLAN, but(HOLD, chair="pct-xa", chair_position="Phó Chủ tịch", delegation_no="8/UQ"))
    assert isinstance(fact, MeetingHeld)
    assert (fact.chair, fact.chair_position) == ("pct-xa", "Phó Chủ tịch")
    assert (fact.instead_of, fact.instead_of_position, fact.delegation_no) == ("ct-xa", "Chủ tịch", "8/UQ")


def test_who_has_come_into_the_same_office_chairs_instead_of_nobody() -> None:
    fact = last(PLAN, but(HOLD, chair="ct-moi", chair_position="Chủ tịch", chair_office="chair"))
    assert isinstance(fact, MeetingHeld)
    assert (fact.chair, fact.chair_office, fact.instead_of) == ("ct-moi", "chair", None)


def test_somebody_else_chairs_in_a_position() -> None:
    with pytest.raises(Refused, match="in which position"):
        decide(but(HOLD, chair="pct-xa"), after(PLAN), AROUND)
    with pytest.raises(Refused, match="instead of themselves"):
        decide(but(RECORD, instead_of="chu-tich"), None, AROUND)


# -- the limits of law


def test_a_communes_conference_is_announced_seven_days_before_and_its_result_published_ten_days_after() -> None:
    planned, held = last(PLAN), last(PLAN, HOLD)
    assert isinstance(planned, MeetingPlanned)
    assert isinstance(held, MeetingHeld)
    (notice,), (result,) = planned.limits, held.limits
    assert (notice.stage, notice.due_on, notice.policy) == (
        LegalStage.CONFERENCE_NOTICE,
        july(13),
        "dialogue-conference-notice@1",
    )
    assert (result.stage, result.due_on, result.policy) == (
        LegalStage.CONFERENCE_RESULT,
        july(30),
        "dialogue-conference-result@1",
    )


def test_ten_days_after_a_conference_end_on_a_working_day() -> None:
    """21 August 2026 and ten days end on Monday 31, swapped for a day worked, before National Day: domain table."""
    day = date(2026, 8, 21)
    fact = last(but(PLAN, planned_for=day), but(HOLD, occurred_on=day))
    assert isinstance(fact, MeetingHeld)
    assert [limit.due_on for limit in fact.limits] == [date(2026, 9, 3)]


def test_a_late_announcement_is_recorded() -> None:
    fact = last(PLAN, but(ANNOUNCE, occurred_on=july(19)))
    assert isinstance(fact, MeetingAnnounced)
    assert (fact.occurred_on, fact.planned_for) == (july(19), july(20))


def test_a_moved_meeting_is_announced_anew_by_a_new_limit() -> None:
    fact = last(PLAN, ANNOUNCE, MOVE)
    assert isinstance(fact, MeetingMoved)
    assert [limit.due_on for limit in fact.limits] == [july(20)]
    with pytest.raises(Refused, match="was announced for 2026-07-20 already"):
        decide(ANNOUNCE, after(PLAN, ANNOUNCE), AROUND)
    assert after(PLAN, ANNOUNCE, MOVE, but(ANNOUNCE, occurred_on=july(15))).announced_for == {july(20), july(27)}


def test_an_announcement_is_entered_after_the_meeting_and_made_before_it() -> None:
    assert after(PLAN, HOLD, ANNOUNCE).announced_for == {july(20)}
    with pytest.raises(Refused, match="cannot have been announced after it"):
        decide(but(ANNOUNCE, occurred_on=july(21)), after(PLAN, HOLD), AROUND)


def test_a_communes_conference_without_a_plan_has_both_limits() -> None:
    fact = last(but(RECORD, level=Level.COMMUNE, organiser="xa-mau"))
    assert isinstance(fact, MeetingHeld)
    assert [(limit.stage, limit.due_on) for limit in fact.limits] == [
        (LegalStage.CONFERENCE_NOTICE, date(2026, 6, 29)),
        (LegalStage.CONFERENCE_RESULT, july(16)),
    ]


@pytest.mark.parametrize(
    ("changes", "stages"),
    [
        ({"level": Level.PROVINCE}, []),
        ({"head_of": HeadOf.PARTY_COMMITTEE}, []),
        ({"head_of": HeadOf.PEOPLES_COMMITTEE}, [LegalStage.CONFERENCE_NOTICE]),
        ({"kind": MeetingKind.SOCIAL_CRITICISM}, []),
        ({"kind": MeetingKind.RECEPTION_DAY}, [LegalStage.SCHEDULE_POSTING]),
        ({"kind": MeetingKind.RECEPTION_DAY, "mode": MeetingMode.ONLINE}, [LegalStage.SESSION_NOTICE]),
        ({"kind": MeetingKind.RECEPTION_DAY, "reception": ReceptionType.EXTRAORDINARY}, []),
        ({"occurred_on": date(2025, 6, 1), "planned_for": date(2025, 6, 20), "organiser": "xa-cu"}, []),
    ],
)
def test_the_law_sets_limits_for_some_meetings_alone(changes: dict[str, object], stages: list[LegalStage]) -> None:
    fact = last(but(PLAN, **changes))
    assert isinstance(fact, MeetingPlanned)
    assert [limit.stage for limit in fact.limits] == stages


# -- what follows


def test_minutes_are_entered_once_and_after_the_meeting() -> None:
    unminuted = after(PLAN, but(HOLD, minutes_no=""))
    assert (
        evolve(unminuted, EventEnvelope(MEETING, 3, decide(MINUTES, unminuted, AROUND)[0], HEAD)).minutes_no == "9/BB"
    )
    with pytest.raises(Refused, match="are entered already"):
        decide(MINUTES, after(PLAN, HOLD), AROUND)
    with pytest.raises(Refused, match="its minutes cannot be older"):
        decide(but(MINUTES, occurred_on=july(19)), unminuted, AROUND)


def test_a_conclusion_gives_numbered_tasks_to_units_in_being() -> None:
    fact = last(PLAN, HOLD, CONCLUDE)
    assert isinstance(fact, ConclusionNoticeIssued)
    assert [(task.number, task.unit, task.due_on) for task in fact.tasks] == [(1, "so-mau", july(31))]
    task = c.TaskOfConclusion(unit="xa-cu", task="sửa đường")
    with pytest.raises(Refused, match="the unit “xa-cu” is not in being"):
        decide(but(CONCLUDE, tasks=(task.model_dump(),)), after(PLAN, HOLD), AROUND)
    with pytest.raises(Refused, match="is entered already"):
        decide(CONCLUDE, after(PLAN, HOLD, CONCLUDE), AROUND)
    with pytest.raises(Refused, match="cannot have been concluded before"):
        decide(but(CONCLUDE, occurred_on=july(19), tasks=()), after(PLAN, HOLD), AROUND)
    early = c.TaskOfConclusion(unit="so-mau", task="sửa đường", due_on=july(23))
    with pytest.raises(Refused, match="due before the notice"):
        decide(but(CONCLUDE, tasks=(early.model_dump(),)), after(PLAN, HOLD), AROUND)


def test_a_notice_is_published_once_and_late_is_recorded() -> None:
    late = but(PUBLISH, occurred_on=july(31) + timedelta(days=30))
    assert after(PLAN, HOLD, CONCLUDE, late).published_on == date(2026, 8, 30)
    with pytest.raises(Refused, match="no conclusion notice"):
        decide(PUBLISH, after(PLAN, HOLD), AROUND)
    with pytest.raises(Refused, match="cannot be published before"):
        decide(but(PUBLISH, occurred_on=july(23)), after(PLAN, HOLD, CONCLUDE), AROUND)
    with pytest.raises(Refused, match="was published on 2026-07-29 already"):
        decide(PUBLISH, after(PLAN, HOLD, CONCLUDE, PUBLISH), AROUND)


def test_a_task_is_carried_out_once() -> None:
    with pytest.raises(Refused, match="has no task 2"):
        decide(but(COMPLETE, number=2), after(PLAN, HOLD, CONCLUDE), AROUND)
    with pytest.raises(Refused, match="task 1 of the conclusion notice is done already"):
        decide(COMPLETE, after(PLAN, HOLD, CONCLUDE, COMPLETE), AROUND)


def test_a_history_that_begins_neither_planned_nor_held_is_a_bug() -> None:
    (fact,) = decide(ANNOUNCE, after(PLAN), AROUND)
    with pytest.raises(ValueError, match="begins with MeetingAnnounced"):
        evolve(None, EventEnvelope(MEETING, 1, fact, HEAD))
