"""Tests that an answer names a meeting that was held on that day, whatever the order of commands."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from domain.commands import PetitionCommand
from domain.errors import Refused
from domain.events import AnsweredAtMeeting, MatterOpened, PetitionPreparedForMeeting, PetitionReceived
from domain.meetings import commands as c
from domain.meetings.commands import MeetingCommand
from domain.meetings.events import MeetingCancelled, MeetingHeld, MeetingMoved
from domain.value import UNSET
from domain.vocabulary import MeetingId
from projections.meeting_counts import MeetingFilter
from projections.meeting_lists import meeting_days, petitions_of_meetings
from tests.domain.samples import ANSWER_AT_MEETING, ASSIGN, CLASSIFY, PREPARE, RECEIVE, july, with_changes
from tests.domain.scenario import MEETING
from tests.examples import examples
from tests.projections.history_builder import Register, id_of, tables
from tests.projections.test_meetings import plan, record
from tests.service.office_fixtures import TEXTS

MEETINGS = [MeetingId(uuid5(MEETING, f"meeting {n}")) for n in range(2)]
PETITIONS = [id_of(n) for n in range(3)]
DAYS = [july(day) for day in range(1, 9)]
WINDOW = MeetingFilter(date(2026, 1, 1), date(2026, 12, 31))


def on_meeting(which: MeetingId, day: date, other: date) -> list[MeetingCommand]:
    return [
        plan(which, other, occurred_on=day),
        c.HoldMeeting(occurred_on=day),
        c.MoveMeeting(occurred_on=day, planned_for=other, reason="trùng ngày họp"),
        c.AnnounceMeeting(occurred_on=day, how="niêm yết"),
        record(which, occurred_on=day),
        c.CancelMeeting(occurred_on=day, reason="mưa lũ"),
        c.EnterMinutes(occurred_on=day, minutes_no="9/BB"),
    ]


def on_petition(which: MeetingId, day: date) -> list[PetitionCommand]:
    return [
        with_changes(RECEIVE, occurred_on=day, meeting_id=which),
        with_changes(ANSWER_AT_MEETING, occurred_on=day, meeting_id=which),
        with_changes(PREPARE, occurred_on=day, meeting_id=which),
        with_changes(RECEIVE, occurred_on=day),
        with_changes(CLASSIFY, occurred_on=day),
        with_changes(ASSIGN, occurred_on=day, meeting_id=which),
    ]


def tried(register: Register, one: bytes) -> None:
    """Try one command; three of four tries aim at what is allowed on that day or on the day of the meeting."""
    of_meeting, which, what, day, petition = one[0] % 5 < 2, MEETINGS[one[1] % 2], one[2], DAYS[one[3] % 8], one[4] % 3
    meeting = register.meetings.get(which)
    if meeting is not None and one[3] >= 96:
        day = meeting.held_on or meeting.planned_for or day
    turns = 6 if one[1] % 4 else 1
    for turn in range(turns):
        with suppress(Refused):
            if of_meeting or meeting is None:
                commands = on_meeting(which, day, day + timedelta(days=one[4] % 4))
                register.perform_on_meeting(which, commands[(what + turn) % len(commands)])
            else:
                asked = on_petition(which, day)
                register.perform(PETITIONS[petition], asked[(what + turn) % len(asked)])
            return


def told_by(drawn: bytes) -> Register:
    """Return the register after officers tried commands in any order; a refused command leaves no trace."""
    register = Register()
    for n in range(0, len(drawn) - 4, 5):
        tried(register, drawn[n : n + 5])
    return register


# Drawn at once, so that long histories cost little.
REGISTERS = st.binary(min_size=40, max_size=200).map(told_by)


@given(register=REGISTERS, page=st.integers(1, 9))
@examples(60)
def test_an_answer_names_a_meeting_that_was_held_that_day_and_the_meeting_lists_it(
    module_database: str, register: Register, page: int
) -> None:
    held = {one.fact.meeting_id: one.fact.occurred_on for one in register.log if isinstance(one.fact, MeetingHeld)}
    expected: defaultdict[tuple[UUID, UUID], set[str]] = defaultdict(set)
    for recorded in register.log:
        fact, petition = recorded.fact, recorded.originator_id
        if isinstance(fact, AnsweredAtMeeting):
            assert held[fact.meeting_id] == fact.occurred_on
            expected[fact.meeting_id, petition].add("answered_there")
        elif isinstance(fact, PetitionReceived | MatterOpened) and fact.meeting_id is not UNSET:
            expected[fact.meeting_id, petition].add("raised")
        elif isinstance(fact, PetitionPreparedForMeeting):
            expected[fact.meeting_id, petition].add("prepared")
    assert sum(isinstance(one.fact, MeetingHeld) for one in register.log) == len(held), "no meeting is held twice"
    asyncio.run(_listed(module_database, register, page, expected))


async def _listed(dsn: str, register: Register, page: int, expected: dict[tuple[UUID, UUID], set[str]]) -> None:
    async with tables(dsn, register.log, page=page) as connection:
        for figure in ("raised", "prepared", "answered_there"):
            found = await petitions_of_meetings(connection, TEXTS, WINDOW, on=DAYS[-1], figure=figure)
            told = {key for key, figures in expected.items() if figure in figures}
            assert {(item.meeting_id, item.petition_id) for item in found.items} == told
        days = (await meeting_days(connection, WINDOW, on=DAYS[-1])).items
        assert {(item.meeting_id, item.day) for item in days} == {
            (meeting_id, meeting.held_on) for meeting_id, meeting in register.meetings.items() if meeting.held_on
        }


@given(REGISTERS)
@examples(150)
def test_a_meeting_has_one_fate_and_it_is_the_last_word(register: Register) -> None:
    for meeting in register.meetings.values():
        assert meeting.held_on is None or meeting.cancelled_on is None
        assert meeting.held_on is None or meeting.plan is None or meeting.held_on == meeting.planned_for
    answered = sum(isinstance(one.fact, AnsweredAtMeeting) for one in register.log)
    assert answered <= len(PETITIONS)


def test_answers_do_come_about_in_these_histories() -> None:
    """A good part of many random histories has an answer at a meeting, so the property above tests something."""
    random = Random(7)
    drawn = [told_by(random.randbytes(150)) for _ in range(60)]
    for kind in (AnsweredAtMeeting, PetitionPreparedForMeeting, MeetingMoved, MeetingCancelled):
        assert sum(any(isinstance(one.fact, kind) for one in register.log) for register in drawn) >= 10, kind
