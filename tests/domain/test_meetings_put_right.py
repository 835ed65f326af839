"""Tests that what was entered of a meeting is corrected or withdrawn by two officers, and everything follows it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import pytest

from domain.actor import Officer
from domain.correcting.fields import field_paths, field_type, json_of_value, read_field
from domain.correcting.history import corrected_history
from domain.deadlines.stages import LegalStage
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.meetings import commands as c
from domain.meetings.decide import decide_meeting
from domain.meetings.events import MeetingCorrected, MeetingEvent, MeetingHeld, MeetingPlanned, MeetingWithdrawn
from domain.meetings.meeting import (
    MeetingNeighbours,
    fold_meeting,
)
from domain.meetings.words import MeetingStage
from domain.refusals.doubts import Doubt
from domain.refusals.meetings import MeetingRefusal
from domain.refusals.records import RecordRefusal
from domain.value import replace, said
from domain.vocabulary import MeetingId, OfficerId
from projections.state import WithdrawnRecord, fold_view_state
from projections.views import VIEWS
from service.projector.history_fold import fold_history
from tests.domain.samples import july
from tests.domain.scenario import CLERK, HEAD, MEETING, TODAY
from tests.domain.test_meetings import (
    ANNOUNCE,
    AROUND,
    COMPLETE,
    CONCLUDE,
    HOLD,
    MOVE,
    PLAN,
    PUBLISH,
    RECORD,
    meeting_history,
)

History = list[EventEnvelope[MeetingEvent]]

MOVED_AND_HELD = (PLAN, ANNOUNCE, MOVE, c.HoldMeeting(occurred_on=july(27), attendance=90))
WHOLE_LIFE = (*(PLAN, ANNOUNCE, HOLD, CONCLUDE, PUBLISH, COMPLETE),)
LIVES: dict[str, Sequence[c.MeetingCommand]] = {
    "entered": (RECORD, c.EnterMinutes(occurred_on=july(21), minutes_no="9/BB")),
    "moved": MOVED_AND_HELD,
    "whole": WHOLE_LIFE,
}


def context_of(history: History, by: Officer, **neighbours: Any) -> DecisionContext:
    facts = tuple(event.fact for event in corrected_history(history))
    return AROUND._replace(by=by, neighbours=MeetingNeighbours(facts=facts, **neighbours))


def add(history: History, command: c.MeetingCommand, by: Officer = CLERK, **neighbours: Any) -> History:
    facts = decide_meeting(command, fold_meeting(history), context_of(history, by, **neighbours))
    return [*history, *(EventEnvelope(MEETING, len(history) + n, fact, by) for n, fact in enumerate(facts, start=1))]


def correct(path: str, becomes: Any, version: int | None = None) -> c.ProposeMeetingCorrection:
    field = c.FieldToCorrect(path=path, becomes=becomes, version=version)
    return c.ProposeMeetingCorrection(occurred_on=TODAY, corrections=(field,), why="ghi nhầm")


def corrected(history: History, command: c.ProposeMeetingCorrection) -> History:
    proposed = add(history, command)
    approval = c.ApproveMeetingCorrection(occurred_on=TODAY, proposal=len(proposed))
    return add(proposed, approval, HEAD)


def rows_of(history: History) -> dict[str, list[Any]]:
    state = fold_history(fold_view_state, history)
    return {view.name: list(view().rows(state)) for view in VIEWS}


def refusal_of(history: History, command: c.MeetingCommand, by: Officer = CLERK, **neighbours: Any) -> Any:
    with pytest.raises(Refused) as refused:
        add(history, command, by, **neighbours)
    return refused.value.code


def test_a_held_meeting_is_corrected_by_two_and_its_state_rows_and_limits_follow() -> None:
    history = meeting_history(MOVED_AND_HELD)
    day = c.FieldToCorrect(path="occurred_on", becomes="2026-07-24", version=4)
    planned = c.FieldToCorrect(path="planned_for", becomes="2026-07-24", version=3)
    chair = c.FieldToCorrect(path="details.chair.officer", becomes="pct-xa")
    place = c.FieldToCorrect(path="details.place", becomes="Nhà văn hóa thôn Mẫu")
    command = c.ProposeMeetingCorrection(occurred_on=TODAY, corrections=(day, planned, chair, place), why="ghi nhầm")
    proposed = add(history, command)
    assert rows_of(proposed) == rows_of(history), "a proposal changes nothing"
    approval = c.ApproveMeetingCorrection(occurred_on=TODAY, proposal=5)
    assert refusal_of(proposed, approval) is MeetingRefusal.OWN_MEETING_CHANGE
    after = add(proposed, approval, HEAD)
    meeting = fold_meeting(after)
    assert meeting is not None
    assert (meeting.held_on, meeting.chair, meeting.version) == (july(24), "pct-xa", 6)
    (held,) = (row for _, row in rows_of(after)["meetings"] if row.fate == "held")
    assert (held.day, held.chair, held.place, held.attendance) == (july(24), "pct-xa", "Nhà văn hóa thôn Mẫu", 90)
    as_typed_right = corrected_history(after)[3].fact
    assert isinstance(as_typed_right, MeetingHeld)
    publication = [limit for limit in said(as_typed_right.limits, ()) if limit.stage is LegalStage.CONFERENCE_RESULT]
    assert [limit.due_on for limit in publication] == [july(24) + timedelta(days=10)] == [held.publish_by]
    last = after[-1].fact
    assert isinstance(last, MeetingCorrected)
    assert (last.proposed_by, last.why, after[3].fact) == (CLERK.officer, "ghi nhầm", history[3].fact)


def test_a_corrected_day_far_from_the_rest_of_the_record_is_in_doubt() -> None:
    history = meeting_history(LIVES["entered"])
    command = correct("occurred_on", "2020-07-21", 1)
    assert refusal_of(history, command) is Doubt.FAR_DAY
    assert add(history, command.model_copy(update={"confirm": ("far_day",)}))


def others(value: Any, kind: Any) -> Iterator[Any]:
    """Yield other values of a field, as JSON has them."""
    if isinstance(value, StrEnum):
        yield from (word.value for word in type(value) if word is not value)
    elif isinstance(value, date):
        yield (value - timedelta(days=1)).isoformat()
        yield (value + timedelta(days=1)).isoformat()
    elif isinstance(value, str):
        of_register = "ubnd-tinh" if value == "so-mau" else "so-mau"
        yield of_register if "UnitId" in str(kind) else "khác"
    elif isinstance(value, int):
        yield value + 1


@pytest.mark.parametrize("life", LIVES)
def test_any_field_corrected_and_corrected_back_leaves_everything_as_it_was(life: str) -> None:
    history = meeting_history(LIVES[life])
    before, rows, tried = fold_meeting(history), rows_of(history), set()
    assert before is not None
    for event in history:
        for path in field_paths(event.fact):
            was = read_field(event.fact, path)
            for other in others(was, field_type(type(event.fact), path).type):
                try:
                    there = corrected(history, correct(path, other, event.originator_version))
                except Refused:
                    continue  # the meeting cannot have been so, or nobody types this field
                back = corrected(there, correct(path, json_of_value(was), event.originator_version))
                after = fold_meeting(back)
                assert after is not None
                assert replace(after, version=before.version) == before
                assert rows_of(back) == rows
                assert sum(isinstance(one.fact, MeetingCorrected) for one in back) == 2
                tried.add((type(event.fact).__name__, path))
    assert {path for _, path in tried} >= {"occurred_on", "details.chair.officer", "details.organiser", "details.title"}


@pytest.mark.parametrize(
    ("path", "becomes", "code"),
    [
        ("meeting_id", str(MEETING), MeetingRefusal.NO_SUCH_FIELD_OF_MEETING),
        ("limits", None, MeetingRefusal.NO_SUCH_FIELD_OF_MEETING),
        ("details.nothing", "x", MeetingRefusal.NO_SUCH_FIELD_OF_MEETING),
        ("tasks.0.number", 2, MeetingRefusal.NO_SUCH_FIELD_OF_MEETING),
        ("tasks.7.unit", "so-mau", MeetingRefusal.NO_SUCH_FIELD_OF_MEETING),
        ("attendance", "nhiều", MeetingRefusal.NO_VALUE_OF_FIELD),
        ("attendance", True, MeetingRefusal.NO_VALUE_OF_FIELD),
        ("attendance", -1, MeetingRefusal.NO_VALUE_OF_FIELD),
        ("attendance", 1.5, MeetingRefusal.NO_VALUE_OF_FIELD),
        ("details.title", "hai\ndòng", MeetingRefusal.NO_VALUE_OF_FIELD),
        ("details.title", None, MeetingRefusal.NO_VALUE_OF_FIELD),
        ("details.title", PLAN.title, RecordRefusal.NOTHING_TO_CORRECT),
        ("details.kind", "buổi lễ", MeetingRefusal.NO_VALUE_OF_FIELD),
        ("details.topics", ["giao thông", 7], MeetingRefusal.NO_VALUE_OF_FIELD),
        ("planned_for", "1783296000", MeetingRefusal.NO_VALUE_OF_FIELD),
        ("planned_for", "0024-07-20", MeetingRefusal.NO_VALUE_OF_FIELD),
        ("planned_for", "2026-06-20", MeetingRefusal.PLANNED_FOR_PAST_DAY),
        ("tasks.0.due_on", "2026-07-20", MeetingRefusal.TASK_DUE_BEFORE_NOTICE),
        ("document_no", "x" * 301, MeetingRefusal.NO_VALUE_OF_FIELD),
    ],
)
def test_a_correction_obeys_the_bounds_of_an_entry(path: str, becomes: Any, code: Any) -> None:
    assert refusal_of(meeting_history(WHOLE_LIFE), correct(path, becomes)) is code


def test_a_day_of_holding_is_bounded_by_what_follows_it() -> None:
    history = meeting_history(WHOLE_LIFE)
    assert refusal_of(history, correct("occurred_on", "2026-07-28", 3)) is MeetingRefusal.CONCLUDED_BEFORE_MEETING
    assert refusal_of(history, correct("occurred_on", "2027-07-28", 3)).code == "day_in_future"


def test_only_what_was_reviewed_is_approved() -> None:
    history = meeting_history([RECORD])
    first = add(history, correct("attendance", 12))
    second = add(first, correct("attendance", 13))
    stale = c.ApproveMeetingCorrection(occurred_on=TODAY, proposal=2)
    assert refusal_of(second, stale, HEAD) is MeetingRefusal.NO_CHANGE_PROPOSED
    as_withdrawal = c.ApproveMeetingWithdrawal(occurred_on=TODAY, proposal=3)
    assert refusal_of(second, as_withdrawal, HEAD) is MeetingRefusal.NO_CHANGE_PROPOSED
    after = add(second, c.ApproveMeetingCorrection(occurred_on=TODAY, proposal=3), HEAD)
    held = corrected_history(after)[0].fact
    assert isinstance(held, MeetingHeld)
    assert held.attendance == 13
    assert refusal_of(after, stale, HEAD) is MeetingRefusal.NO_CHANGE_PROPOSED


def test_what_both_the_plan_and_the_record_say_is_corrected_in_both() -> None:
    after = corrected(meeting_history(WHOLE_LIFE), correct("details.title", "Đối thoại với nông dân"))
    plan, held = (corrected_history(after)[place].fact for place in (0, 2))
    assert isinstance(plan, MeetingPlanned)
    assert isinstance(held, MeetingHeld)
    assert plan.details.title == held.details.title == "Đối thoại với nông dân"


def test_a_record_is_withdrawn_by_two_and_no_view_has_it() -> None:
    history = meeting_history(WHOLE_LIFE)
    other = MeetingId(MEETING)
    propose = c.ProposeMeetingWithdrawal(occurred_on=TODAY, why="nhập hai lần", same_as=other)
    assert refusal_of(history, propose, resting=("TD-2026-000001",)) is MeetingRefusal.PETITIONS_REST_ON_MEETING
    proposed = add(history, propose)
    approve = c.ApproveMeetingWithdrawal(occurred_on=TODAY, proposal=len(proposed))
    assert refusal_of(proposed, approve) is MeetingRefusal.OWN_MEETING_CHANGE
    assert refusal_of(proposed, approve, HEAD, resting=("X",)) is MeetingRefusal.PETITIONS_REST_ON_MEETING
    after = add(proposed, approve, HEAD)
    meeting, state = fold_meeting(after), fold_history(fold_view_state, after)
    assert meeting is not None
    assert (meeting.stage, meeting.open_tasks) == (MeetingStage.WITHDRAWN, ())
    assert state == WithdrawnRecord(MEETING)
    assert not any(rows_of(after).values())
    last = after[-1].fact
    assert isinstance(last, MeetingWithdrawn)
    assert (last.why, last.same_as, last.proposed_by) == ("nhập hai lần", other, OfficerId(CLERK.officer))
    for command in (correct("attendance", 1), propose, approve, c.EnterMinutes(occurred_on=TODAY, minutes_no="1")):
        assert refusal_of(after, command) is MeetingRefusal.MEETING_RECORD_WITHDRAWN


@pytest.mark.parametrize("command", [RECORD, PLAN])
def test_the_same_meeting_is_entered_again_only_when_that_is_confirmed(command: Any) -> None:
    there = ("Đối thoại với thanh niên (1)",)
    context = AROUND._replace(neighbours=MeetingNeighbours(same_day=there))
    with pytest.raises(Refused) as refused:
        decide_meeting(command, None, context)
    assert (refused.value.code, refused.value.values["meetings"]) == (Doubt.SAME_MEETING_THAT_DAY, there)
    assert decide_meeting(command.model_copy(update={"confirm": ("same_meeting_that_day",)}), None, context)
