"""Tests that no officer alone makes a late step of a meeting look in time by its day, and what is possible instead."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from domain.deadlines.stages import LegalStage
from domain.errors import Refused
from domain.meetings import commands as c
from domain.meetings.dating_back import DUE_DATES
from domain.meetings.decide import decide_meeting
from domain.meetings.limits import MeetingLimit
from domain.meetings.meeting import Meeting, fold_meeting
from domain.refusals.general import GeneralRefusal
from domain.value import replace
from tests.domain.samples import july, with_changes
from tests.domain.scenario import HEAD, TODAY
from tests.domain.test_meetings import (
    ANNOUNCE,
    AROUND,
    COMPLETE,
    CONCLUDE,
    HOLD,
    MOVE,
    PLAN,
    PUBLISH,
    meeting_after,
    meeting_history,
)
from tests.domain.test_meetings_put_right import add, correct, corrected

CONCLUDE_BY = MeetingLimit(stage=LegalStage.CONCLUSION_NOTICE, due_on=july(25), policy="of-a-province@1", calendar="1")
"""The limit of the head's notice, which a province may set."""

STEPS = [
    ((PLAN,), ANNOUNCE, july(13)),
    ((PLAN, MOVE), with_changes(ANNOUNCE, occurred_on=july(15)), july(20)),
    ((PLAN, HOLD), CONCLUDE, july(25)),
    ((PLAN, HOLD, CONCLUDE), PUBLISH, july(30)),
    ((PLAN, HOLD, CONCLUDE), with_changes(COMPLETE, occurred_on=july(30)), july(31)),
]


def with_limit_of_a_province(meeting: Meeting) -> Meeting:
    return meeting if meeting.held_on is None else replace(meeting, limits=(*meeting.limits, CONCLUDE_BY))


@pytest.mark.parametrize(("past", "step", "due_on"), STEPS)
def test_a_step_that_is_entered_after_its_limit_is_not_dated_before_it(
    past: Sequence[c.MeetingCommand], step: c.MeetingCommand, due_on: date
) -> None:
    meeting = with_limit_of_a_province(meeting_after(*past))
    with pytest.raises(Refused) as refused:
        decide_meeting(step, meeting, AROUND)
    assert refused.value.code is GeneralRefusal.DATED_BACK_OVER_DUE_DATE
    assert refused.value.plain_values() == {"on": step.occurred_on.isoformat(), "due_on": due_on.isoformat()}
    assert decide_meeting(step, meeting, AROUND._replace(today=due_on))
    a_day_late = with_changes(step, occurred_on=due_on + timedelta(days=1))
    assert decide_meeting(a_day_late, meeting, AROUND), "late stays late, whenever it is entered"


def test_every_step_with_a_last_day_in_time_is_tried() -> None:
    assert {type(step) for _, step, _ in STEPS} == set(DUE_DATES)


def test_with_a_second_officer_the_publication_has_its_true_day() -> None:
    history = meeting_history([PLAN, HOLD, CONCLUDE])
    late = add(history, with_changes(PUBLISH, occurred_on=TODAY), HEAD)
    right = fold_meeting(corrected(late, correct("occurred_on", PUBLISH.occurred_on.isoformat(), version=4)))
    assert right is not None
    assert right.published_on == PUBLISH.occurred_on
