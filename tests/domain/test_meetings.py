"""Meetings at which heads answer citizens."""

from datetime import date

import pytest

from domain.meetings.commands import RecordMeeting
from domain.meetings.decide import decide
from domain.meetings.meeting import Meeting, evolve
from domain.recorded import Recorded
from domain.refused import Refused
from domain.units.events import Level
from domain.vocabulary import UnitId
from tests.domain.samples import but
from tests.domain.scenario import HEAD, MEETING, MONDAY, UNITS

RECORD = RecordMeeting(
    occurred_on=MONDAY,
    meeting_id=MEETING,
    level=Level.PROVINCE,
    organiser="ubnd-tinh",
    chair="chu-tich",
    chair_position="Chủ tịch",
    title="Đối thoại với thanh niên",
    attendance=120,
)


def held() -> Meeting:
    (fact,) = decide(RECORD, None, UNITS)
    return evolve(None, Recorded(MEETING, 1, fact, HEAD))


def test_a_meeting_is_on_record_with_its_day_and_its_organiser() -> None:
    assert held() == Meeting(MEETING, UnitId("ubnd-tinh"), Level.PROVINCE, MONDAY, 1)


def test_a_meeting_keeps_the_position_its_chair_held_that_day() -> None:
    (fact,) = decide(RECORD, None, UNITS)
    assert (fact.chair, fact.chair_position, fact.attendance) == ("chu-tich", "Chủ tịch", 120)


def test_a_meeting_is_entered_once() -> None:
    with pytest.raises(Refused, match="this meeting is on record already"):
        decide(RECORD, held(), UNITS)


def test_its_organiser_was_in_being_on_the_day_of_the_meeting() -> None:
    with pytest.raises(Refused, match="there is no unit “so-la”"):
        decide(but(RECORD, organiser="so-la"), None, UNITS)
    with pytest.raises(Refused, match="is not in being on 2026-07-06"):
        decide(but(RECORD, organiser="huyen-cu"), None, UNITS)
    (fact,) = decide(but(RECORD, organiser="huyen-cu", occurred_on=date(2024, 5, 1)), None, UNITS)
    assert fact.organiser == "huyen-cu"
