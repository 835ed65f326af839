import asyncio
from datetime import date
from uuid import UUID, uuid5

import pytest

from domain.meetings.events import MeetingHeld, MeetingKind
from domain.units.events import Level
from domain.vocabulary import MeetingId, OfficerId, UnitId
from projections.meetings import HeldMeeting, count_by_level, held_between
from tests.domain.samples import ANSWER_AT_MEETING, RECEIVE, SPLIT, but, july
from tests.domain.scenario import MEETING, MONDAY
from tests.projections.telling import Register, asked, tables, told


def meeting(meeting_id: UUID = MEETING, *, level: Level = Level.PROVINCE, held_on: date = MONDAY) -> MeetingHeld:
    return MeetingHeld(
        occurred_on=held_on,
        meeting_id=MeetingId(meeting_id),
        kind=MeetingKind.DIALOGUE_CONFERENCE,
        level=level,
        organiser=UnitId("ubnd-tinh"),
        chair=OfficerId("chu-tich"),
        chair_position="Chủ tịch",
        title="Đối thoại với nhân dân",
        place="hội trường",
        attendance=80,
    )


def hold(register: Register, held: MeetingHeld) -> None:
    register.record(held.meeting_id, held)


def held(dsn: str, register: Register, *, page: int = 1000) -> list[HeldMeeting]:
    return asked(dsn, register, lambda c: held_between(c, july(1), july(31)), page=page)


@pytest.mark.parametrize("page", [1, 2, 1000])
def test_a_meeting_says_how_many_petitions_were_raised_and_answered_there(module_database: str, page: int) -> None:
    register = Register()
    hold(register, meeting())
    told([but(RECEIVE, meeting_id=MEETING), ANSWER_AT_MEETING], 1, register)
    told([but(RECEIVE, meeting_id=MEETING)], 2, register)
    told([RECEIVE], 3, register)
    (found,) = held(module_database, register, page=page)
    assert (found.raised, found.answered_there) == (2, 1)
    assert (found.kind, found.level, found.organiser) == ("dialogue_conference", "province", "ubnd-tinh")
    assert (found.title, found.place, found.held_on, found.attendance) == (
        "Đối thoại với nhân dân",
        "hội trường",
        july(6),
        80,
    )


def test_the_matters_of_a_letter_were_raised_once(module_database: str) -> None:
    register = Register()
    hold(register, meeting())
    told([but(RECEIVE, meeting_id=MEETING), SPLIT], 1, register)
    assert held(module_database, register)[0].raised == 1


def test_meetings_are_listed_and_counted_between_two_days_inclusive(module_database: str) -> None:
    register = Register()
    for n, (level, day) in enumerate(
        [(Level.COMMUNE, 1), (Level.COMMUNE, 31), (Level.DISTRICT, 15), (Level.PROVINCE, 2)]
    ):
        hold(register, meeting(uuid5(MEETING, str(n)), level=level, held_on=july(day)))

    async def ask() -> None:
        async with tables(module_database, register.log) as connection:
            assert [m.held_on.day for m in await held_between(connection, july(1), july(31))] == [1, 2, 15, 31]
            assert await count_by_level(connection, july(1), july(31)) == {"commune": 2, "district": 1, "province": 1}
            assert await count_by_level(connection, july(2), july(30)) == {"district": 1, "province": 1}
            assert [m.held_on.day for m in await held_between(connection, july(1), july(31), limit=1)] == [1]
            assert await held_between(connection, date(2020, 1, 1), date(2020, 12, 31)) == []

    asyncio.run(ask())
