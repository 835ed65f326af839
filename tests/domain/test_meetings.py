"""Tests meetings at which heads answer citizens, from the plan to the conclusion."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import pytest

from domain.deadlines.stages import LegalStage
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import Official, official
from domain.meetings import commands as c
from domain.meetings.decide import decide_meeting
from domain.meetings.events import (
    ConclusionNoticeIssued,
    MeetingAnnounced,
    MeetingEvent,
    MeetingHeld,
    MeetingKind,
    MeetingMoved,
    MeetingPlanned,
)
from domain.meetings.meeting import Meeting, evolve_meeting, fold_meeting
from domain.meetings.words import HeadOf, MeetingMode, MeetingStage, ReceptionType
from domain.units.events import Branch, Level, Office
from domain.units.unit import Unit, UnitRegister
from domain.value import UNSET, replace, said
from domain.vocabulary import UnitId
from tests.domain.samples import july, with_changes
from tests.domain.scenario import HEAD, MEETING, MONDAY, UNITS, decision_context

COMMUNE = Unit(unit=UnitId("xa-mau"), name="Xã Mẫu", level=Level.COMMUNE, opened_on=date(2025, 7, 1))
ENDING = Unit(unit=UnitId("xa-cu"), name="Xã Cũ", level=Level.COMMUNE, opened_on=date(2010, 1, 1), closed_on=july(10))
AROUND = decision_context(HEAD)._replace(units=UnitRegister.of([*UNITS.by_id.values(), COMMUNE, ENDING]))

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
    chair_office=Office.HEAD,
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


def meeting_history(commands: Sequence[c.MeetingCommand]) -> list[EventEnvelope[MeetingEvent]]:
    """Return the history of a meeting of which each step was entered on its day."""
    meeting: Meeting | None = None
    history: list[EventEnvelope[MeetingEvent]] = []
    for command in commands:
        for fact in decide_meeting(command, meeting, AROUND._replace(today=command.occurred_on)):
            envelope = EventEnvelope(MEETING, len(history) + 1, fact, HEAD)
            history.append(envelope)
            meeting = evolve_meeting(meeting, envelope)
    return history


def meeting_after(*commands: c.MeetingCommand) -> Meeting:
    meeting = fold_meeting(meeting_history(commands))
    assert meeting is not None
    return meeting


def last_event(*commands: c.MeetingCommand) -> MeetingEvent:
    return meeting_history(commands)[-1].fact


# -- entered as held, without a plan


def test_a_meeting_is_on_record_with_its_day_and_its_organiser() -> None:
    held = meeting_after(RECORD)
    assert (held.meeting_id, held.organiser, held.level, held.held_on, held.version) == (
        MEETING,
        "ubnd-tinh",
        Level.PROVINCE,
        MONDAY,
        1,
    )
    assert held.stage is MeetingStage.HELD


def test_a_meeting_keeps_the_position_its_chair_held_that_day() -> None:
    fact = last_event(RECORD)
    assert isinstance(fact, MeetingHeld)
    assert (fact.details.chair, fact.attendance) == (official("chu-tich", "Chủ tịch"), 120)


def test_a_meeting_is_stored_with_what_was_said_of_it_and_no_more() -> None:
    assert msgspec.json.encode(last_event(RECORD)).decode() == (
        '{"occurred_on":"2026-07-06","meeting_id":"00000000-0000-4000-8000-000000000003",'
        '"details":{"kind":"dialogue_conference","level":"province","organiser":"ubnd-tinh",'
        '"chair":{"officer":"chu-tich","position":"Chủ tịch"},"title":"Đối thoại với thanh niên"},"attendance":120}'
    )


def test_what_a_command_says_is_stored_also_where_silence_would_be_read_the_same() -> None:
    stated = with_changes(RECORD, mode=MeetingMode.FACE_TO_FACE, attendance=0)
    fact, silent = last_event(stated), last_event(with_changes(RECORD, attendance=None, level=None))
    assert isinstance(fact, MeetingHeld)
    assert isinstance(silent, MeetingHeld)
    assert (fact.details.mode, fact.attendance) == (MeetingMode.FACE_TO_FACE, 0)
    details = silent.details
    assert (details.mode, details.level, details.head_of, details.audience, silent.attendance) == (UNSET,) * 5


def test_a_held_meeting_keeps_the_silence_of_its_plan() -> None:
    fact = last_event(PLAN, with_changes(HOLD, attendance=None))
    assert isinstance(fact, MeetingHeld)
    assert (fact.details.mode, fact.details.audience, fact.attendance) == (UNSET,) * 3


def test_a_meeting_is_entered_once() -> None:
    for command in (RECORD, PLAN):
        with pytest.raises(Refused, match="this meeting is on record already"):
            decide_meeting(command, meeting_after(RECORD), AROUND)


def test_its_organiser_was_in_being_on_the_day_of_the_meeting() -> None:
    with pytest.raises(Refused, match="there is no unit “so-la”"):
        decide_meeting(with_changes(RECORD, organiser="so-la"), None, AROUND)
    with pytest.raises(Refused, match="is not in being on 2026-07-06"):
        decide_meeting(with_changes(RECORD, organiser="huyen-cu"), None, AROUND)
    (fact,) = decide_meeting(with_changes(RECORD, organiser="huyen-cu", occurred_on=date(2024, 5, 1)), None, AROUND)
    assert isinstance(fact, MeetingHeld)
    assert fact.details.organiser == "huyen-cu"


def test_a_conference_is_no_kind_of_reception() -> None:
    with pytest.raises(Refused, match="a conference is none of them"):
        decide_meeting(with_changes(RECORD, reception=ReceptionType.PERIODIC), None, AROUND)
    (fact,) = decide_meeting(
        with_changes(RECORD, kind=MeetingKind.RECEPTION_DAY, reception=ReceptionType.EXTRAORDINARY), None, AROUND
    )
    assert isinstance(fact, MeetingHeld)
    assert fact.details.reception is ReceptionType.EXTRAORDINARY


def test_whose_head_it_is_follows_from_the_register_where_nobody_says_it() -> None:
    department = Unit(
        unit=UnitId("so-xd"),
        name="Sở Xây dựng",
        level=Level.PROVINCE,
        opened_on=date(2010, 1, 1),
        branch=Branch.DEPARTMENT,
    )
    context = AROUND._replace(units=UnitRegister.of([department]))
    of_department = with_changes(RECORD, organiser="so-xd")
    (fact,) = decide_meeting(of_department, None, context)
    (planned,) = decide_meeting(with_changes(PLAN, organiser="so-xd"), None, context)
    assert isinstance(fact, MeetingHeld)
    assert isinstance(planned, MeetingPlanned)
    assert fact.details.head_of is planned.details.head_of is HeadOf.DEPARTMENT
    (stated,) = decide_meeting(with_changes(of_department, head_of="party_committee"), None, context)
    assert isinstance(stated, MeetingHeld)
    assert stated.details.head_of is HeadOf.PARTY_COMMITTEE


def test_the_words_for_heads_are_those_for_branches() -> None:
    assert {head.value for head in HeadOf} == {branch.value for branch in Branch}


# -- planned, announced, moved, held, cancelled


def test_a_meeting_goes_from_its_plan_to_a_conclusion_that_is_carried_out() -> None:
    meeting = meeting_after(PLAN, ANNOUNCE, HOLD, CONCLUDE, PUBLISH, COMPLETE)
    assert (meeting.stage, meeting.held_on, meeting.planned_for) == (MeetingStage.HELD, july(20), july(20))
    assert meeting.announced_for == {july(20)}
    assert meeting.published_on == july(29)
    assert meeting.notice is not None
    assert meeting.tasks_done == {1}
    assert meeting.version == 6


def test_what_was_planned_is_what_is_held() -> None:
    fact = last_event(with_changes(PLAN, topics=("giao thông",), audience="youth", mode=MeetingMode.ONLINE), HOLD)
    assert isinstance(fact, MeetingHeld)
    assert (fact.details.organiser, fact.details.level, fact.details.title, fact.details.topics) == (
        "xa-mau",
        Level.COMMUNE,
        "Đối thoại với nhân dân",
        ("giao thông",),
    )
    assert (fact.details.audience, fact.details.mode, fact.details.chair, fact.instead_of) == (
        "youth",
        "online",
        official("ct-xa", "Chủ tịch"),
        UNSET,
    )


def test_a_moved_meeting_keeps_the_day_before_and_its_reason() -> None:
    fact = last_event(PLAN, MOVE)
    assert isinstance(fact, MeetingMoved)
    assert (fact.moved_from, fact.planned_for, fact.reason) == (july(20), july(27), "trùng ngày họp")
    assert meeting_after(PLAN, MOVE, with_changes(HOLD, occurred_on=july(27))).held_on == july(27)


def test_a_meeting_is_held_on_the_day_it_is_planned_for() -> None:
    for way in ([PLAN, MOVE], [with_changes(PLAN, planned_for=july(21))]):
        with pytest.raises(Refused, match="move it first if it was held on another day"):
            decide_meeting(HOLD, meeting_after(*way), AROUND)


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
        decide_meeting(command, meeting_after(PLAN, HOLD), AROUND)


@pytest.mark.parametrize("command", [MOVE, CANCEL, HOLD, ANNOUNCE])
def test_what_was_cancelled_stays_cancelled(command: c.MeetingCommand) -> None:
    with pytest.raises(Refused, match="a meeting that was cancelled"):
        decide_meeting(command, meeting_after(PLAN, CANCEL), AROUND)


@pytest.mark.parametrize("command", [MOVE, CANCEL, HOLD, ANNOUNCE, MINUTES, CONCLUDE, PUBLISH, COMPLETE])
def test_nothing_happens_to_a_meeting_that_is_not_on_record(command: c.MeetingCommand) -> None:
    with pytest.raises(Refused, match="there is no such meeting on record"):
        decide_meeting(command, None, AROUND)


@pytest.mark.parametrize("command", [MINUTES, CONCLUDE])
def test_nothing_follows_a_meeting_that_was_not_held(command: c.MeetingCommand) -> None:
    for way in ([PLAN], [PLAN, CANCEL]):
        with pytest.raises(Refused, match="a meeting that was not held has no"):
            decide_meeting(command, meeting_after(*way), AROUND)


def test_a_meeting_is_not_held_in_the_future() -> None:
    with pytest.raises(Refused, match="lies in the future"):
        decide_meeting(HOLD, meeting_after(PLAN), AROUND._replace(today=july(19)))


def test_no_day_is_planned_that_had_passed() -> None:
    with pytest.raises(Refused, match="record it as held"):
        decide_meeting(with_changes(PLAN, planned_for=date(2026, 6, 30)), None, AROUND)
    with pytest.raises(Refused, match="a day that had passed when it was moved"):
        decide_meeting(with_changes(MOVE, planned_for=july(13)), meeting_after(PLAN), AROUND)
    with pytest.raises(Refused, match="is planned for 2026-07-20 already"):
        decide_meeting(with_changes(MOVE, planned_for=july(20)), meeting_after(PLAN), AROUND)


def test_a_unit_that_ends_before_the_day_holds_no_meeting() -> None:
    of_ending = with_changes(PLAN, organiser="xa-cu", planned_for=july(9))
    for command, way in (
        (with_changes(PLAN, organiser="xa-cu"), None),
        (MOVE, meeting_after(of_ending)),
    ):
        with pytest.raises(Refused, match="the unit “xa-cu” is not in being on"):
            decide_meeting(command, way, AROUND)
    closed_since = UnitRegister.of(
        [Unit(unit=ENDING.unit, name=ENDING.name, level=ENDING.level, opened_on=ENDING.opened_on, closed_on=july(8))]
    )
    with pytest.raises(Refused, match="the unit “xa-cu” is not in being on 2026-07-09"):
        decide_meeting(
            with_changes(HOLD, occurred_on=july(9)), meeting_after(of_ending), AROUND._replace(units=closed_since)
        )
    assert meeting_after(of_ending, with_changes(HOLD, occurred_on=july(9))).held_on == july(9)


# -- who chaired


def test_a_deputy_who_chairs_does_so_instead_of_whom_it_was_planned_for() -> None:
    fact = last_event(PLAN, with_changes(HOLD, chair="pct-xa", chair_position="Phó Chủ tịch", delegation_no="8/UQ"))
    assert isinstance(fact, MeetingHeld)
    assert fact.details.chair == official("pct-xa", "Phó Chủ tịch")
    assert (fact.instead_of, fact.delegation_no) == (official("ct-xa", "Chủ tịch"), "8/UQ")


def test_whom_nobody_named_for_the_chair_nobody_stands_in_for() -> None:
    planned = last_event(PLAN)
    assert isinstance(planned, MeetingPlanned)
    outside = Official(name="Nguyễn Văn Ví Dụ")
    for chair, instead_of in ((UNSET, UNSET), (outside, outside)):
        plan = replace(planned, details=replace(planned.details, chair=chair, chair_office=UNSET))
        meeting = evolve_meeting(None, EventEnvelope(MEETING, 1, plan, HEAD))
        assert meeting.chair is None
        (held,) = decide_meeting(with_changes(HOLD, chair="pct-xa", chair_position="Phó Chủ tịch"), meeting, AROUND)
        assert isinstance(held, MeetingHeld)
        assert (held.details.chair, held.instead_of) == (official("pct-xa", "Phó Chủ tịch"), instead_of)
        (held,) = decide_meeting(HOLD, meeting, AROUND)
        assert isinstance(held, MeetingHeld)
        assert (held.details.chair, held.instead_of) == (chair, UNSET)


def test_who_has_come_into_the_same_office_chairs_instead_of_nobody() -> None:
    fact = last_event(PLAN, with_changes(HOLD, chair="ct-moi", chair_position="Chủ tịch", chair_office=Office.HEAD))
    assert isinstance(fact, MeetingHeld)
    assert (fact.details.chair, fact.details.chair_office, fact.instead_of) == (
        official("ct-moi", "Chủ tịch"),
        "head",
        UNSET,
    )


def test_somebody_else_chairs_in_a_position() -> None:
    with pytest.raises(Refused, match="in which position"):
        decide_meeting(with_changes(HOLD, chair="pct-xa"), meeting_after(PLAN), AROUND)
    with pytest.raises(Refused, match="instead of themselves"):
        decide_meeting(with_changes(RECORD, instead_of="chu-tich"), None, AROUND)


# -- the limits of law


def test_a_communes_conference_is_announced_seven_days_before_and_its_result_published_ten_days_after() -> None:
    planned, held = last_event(PLAN), last_event(PLAN, HOLD)
    assert isinstance(planned, MeetingPlanned)
    assert isinstance(held, MeetingHeld)
    assert planned.limits is not UNSET
    assert held.limits is not UNSET
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
    fact = last_event(with_changes(PLAN, planned_for=day), with_changes(HOLD, occurred_on=day))
    assert isinstance(fact, MeetingHeld)
    assert [limit.due_on for limit in said(fact.limits, ())] == [date(2026, 9, 3)]


def test_a_late_announcement_is_recorded() -> None:
    fact = last_event(PLAN, with_changes(ANNOUNCE, occurred_on=july(19)))
    assert isinstance(fact, MeetingAnnounced)
    assert (fact.occurred_on, fact.planned_for) == (july(19), july(20))


def test_a_moved_meeting_is_announced_anew_by_a_new_limit() -> None:
    fact = last_event(PLAN, ANNOUNCE, MOVE)
    assert isinstance(fact, MeetingMoved)
    assert [limit.due_on for limit in said(fact.limits, ())] == [july(20)]
    with pytest.raises(Refused, match="was announced for 2026-07-20 already"):
        decide_meeting(ANNOUNCE, meeting_after(PLAN, ANNOUNCE), AROUND)
    assert meeting_after(PLAN, ANNOUNCE, MOVE, with_changes(ANNOUNCE, occurred_on=july(15))).announced_for == {
        july(20),
        july(27),
    }


def test_an_announcement_is_entered_after_the_meeting_and_made_before_it() -> None:
    made_late = with_changes(ANNOUNCE, occurred_on=july(15))
    facts = decide_meeting(made_late, meeting_after(PLAN, HOLD), AROUND)
    assert [(type(one), one.occurred_on) for one in facts] == [(MeetingAnnounced, july(15))]
    with pytest.raises(Refused, match="cannot have been announced after it"):
        decide_meeting(with_changes(ANNOUNCE, occurred_on=july(21)), meeting_after(PLAN, HOLD), AROUND)


def test_a_communes_conference_without_a_plan_has_both_limits() -> None:
    fact = last_event(with_changes(RECORD, level=Level.COMMUNE, organiser="xa-mau"))
    assert isinstance(fact, MeetingHeld)
    assert [(limit.stage, limit.due_on) for limit in said(fact.limits, ())] == [
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
    fact = last_event(with_changes(PLAN, **changes))
    assert isinstance(fact, MeetingPlanned)
    assert [limit.stage for limit in said(fact.limits, ())] == stages


# -- what follows


def test_minutes_are_entered_once_and_after_the_meeting() -> None:
    unminuted = meeting_after(PLAN, with_changes(HOLD, minutes_no=""))
    assert (
        evolve_meeting(
            unminuted, EventEnvelope(MEETING, 3, decide_meeting(MINUTES, unminuted, AROUND)[0], HEAD)
        ).minutes_no
        == "9/BB"
    )
    with pytest.raises(Refused, match="are entered already"):
        decide_meeting(MINUTES, meeting_after(PLAN, HOLD), AROUND)
    with pytest.raises(Refused, match="its minutes cannot be older"):
        decide_meeting(with_changes(MINUTES, occurred_on=july(19)), unminuted, AROUND)


def test_a_conclusion_gives_numbered_tasks_to_units_in_being() -> None:
    fact = last_event(PLAN, HOLD, CONCLUDE)
    assert isinstance(fact, ConclusionNoticeIssued)
    assert [(task.number, task.unit, task.due_on) for task in said(fact.tasks, ())] == [(1, "so-mau", july(31))]
    task = c.TaskOfConclusion(unit="xa-cu", task="sửa đường")
    with pytest.raises(Refused, match="the unit “xa-cu” is not in being"):
        decide_meeting(with_changes(CONCLUDE, tasks=(task.model_dump(),)), meeting_after(PLAN, HOLD), AROUND)
    with pytest.raises(Refused, match="is entered already"):
        decide_meeting(CONCLUDE, meeting_after(PLAN, HOLD, CONCLUDE), AROUND)
    with pytest.raises(Refused, match="cannot have been concluded before"):
        decide_meeting(with_changes(CONCLUDE, occurred_on=july(19), tasks=()), meeting_after(PLAN, HOLD), AROUND)
    early = c.TaskOfConclusion(unit="so-mau", task="sửa đường", due_on=july(23))
    with pytest.raises(Refused, match="due before the notice"):
        decide_meeting(with_changes(CONCLUDE, tasks=(early.model_dump(),)), meeting_after(PLAN, HOLD), AROUND)


def test_a_notice_is_published_once_and_late_is_recorded() -> None:
    late = with_changes(PUBLISH, occurred_on=july(31) + timedelta(days=30))
    assert meeting_after(PLAN, HOLD, CONCLUDE, late).published_on == date(2026, 8, 30)
    with pytest.raises(Refused, match="no conclusion notice"):
        decide_meeting(PUBLISH, meeting_after(PLAN, HOLD), AROUND)
    with pytest.raises(Refused, match="cannot be published before"):
        decide_meeting(with_changes(PUBLISH, occurred_on=july(23)), meeting_after(PLAN, HOLD, CONCLUDE), AROUND)
    with pytest.raises(Refused, match="was published on 2026-07-29 already"):
        decide_meeting(PUBLISH, meeting_after(PLAN, HOLD, CONCLUDE, PUBLISH), AROUND)


def test_a_task_is_carried_out_once() -> None:
    with pytest.raises(Refused, match="has no task 2"):
        decide_meeting(with_changes(COMPLETE, number=2), meeting_after(PLAN, HOLD, CONCLUDE), AROUND)
    with pytest.raises(Refused, match="task 1 of the conclusion notice is done already"):
        decide_meeting(COMPLETE, meeting_after(PLAN, HOLD, CONCLUDE, COMPLETE), AROUND)


def test_a_history_that_begins_neither_planned_nor_held_is_a_bug() -> None:
    fact = last_event(PLAN, ANNOUNCE)
    with pytest.raises(ValueError, match="begins with MeetingAnnounced"):
        evolve_meeting(None, EventEnvelope(MEETING, 1, fact, HEAD))


def test_a_meeting_names_the_hot_spots_that_it_answers_each_once_and_keeps_them_when_it_is_held() -> None:
    spots = [{"place": "Thôn Mẫu", "topic": "đất đai"}, {"place": "Thôn Mẫu"}]
    plan = with_changes(PLAN, hot_spots=spots)
    (planned,) = decide_meeting(plan, None, AROUND)
    assert isinstance(planned, MeetingPlanned)
    assert [(one.place, said(one.topic, "")) for one in said(planned.details.hot_spots, ())] == [
        ("Thôn Mẫu", "đất đai"),
        ("Thôn Mẫu", ""),
    ]
    meeting = evolve_meeting(None, EventEnvelope(MEETING, 1, planned, HEAD))
    (held,) = decide_meeting(HOLD, meeting, AROUND)
    assert isinstance(held, MeetingHeld)
    assert held.details.hot_spots == planned.details.hot_spots
    for command in (PLAN, RECORD):
        with pytest.raises(Refused, match="a hot spot is named twice"):
            decide_meeting(with_changes(command, hot_spots=[spots[0], spots[0]]), None, AROUND)
