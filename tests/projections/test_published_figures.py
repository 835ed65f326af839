"""Figures that were published come out of events, and each total drills down to its list.

Sơn La 2018: 208 conferences of districts and 426 of communes in three years. Sơn La, ten years of Resolution 25-NQ/TW
(June 2013 to 2023): 2,731 dialogues of heads of Party committees and 3,864 of heads of governments, of these 57 at the
province; 64 of heads of provincial departments; conferences of social criticism 8 + 156 + 947, which make 1,111 and
were printed as 1,191. How the 57 divide between Party and government was not published: half and half here. Hà Tĩnh
2022 is the demonstration's.
"""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from domain.events import official
from domain.meetings.events import MeetingDetails, MeetingHeld
from domain.meetings.words import HeadOf, MeetingKind
from domain.units.events import Level
from domain.value import as_said
from domain.vocabulary import MeetingId, UnitId
from projections.meeting_counts import MeetingFilter, meeting_figures, sum_meeting_figures
from projections.meeting_lists import MeetingItem, meeting_days
from projections.projection import Connection
from tests.projections.history_builder import Register, tables

TODAY = date(2023, 12, 31)
THREE_YEARS = date(2015, 5, 20), date(2018, 5, 20)
TEN_YEARS = date(2013, 6, 3), date(2023, 6, 2)

Published = list[tuple[MeetingKind, HeadOf | None, Level, int]]
DIALOGUE, CRITICISM = MeetingKind.DIALOGUE_CONFERENCE, MeetingKind.SOCIAL_CRITICISM
PARTY, GOVERNMENT, FRONT = HeadOf.PARTY_COMMITTEE, HeadOf.PEOPLES_COMMITTEE, HeadOf.FRONT_AND_MASS_ORGANISATIONS

SON_LA_2018: Published = [
    (DIALOGUE, None, Level.DISTRICT, 208),
    (DIALOGUE, None, Level.COMMUNE, 426),
]
SON_LA_TEN_YEARS: Published = [
    (DIALOGUE, PARTY, Level.PROVINCE, 28),
    (DIALOGUE, PARTY, Level.COMMUNE, 2_731 - 28),
    (DIALOGUE, GOVERNMENT, Level.PROVINCE, 29),
    (DIALOGUE, GOVERNMENT, Level.COMMUNE, 3_864 - 29),
    (DIALOGUE, HeadOf.DEPARTMENT, Level.PROVINCE, 64),
    (CRITICISM, FRONT, Level.PROVINCE, 8),
    (CRITICISM, FRONT, Level.DISTRICT, 156),
    (CRITICISM, FRONT, Level.COMMUNE, 947),
]


def meetings(published: Published, first: date, last: date) -> Iterator[MeetingHeld]:
    """Yield the published numbers of meetings held in the period, and one on the day before and after it.

    The meetings are spread over the period, its first day included.
    """
    number = 0
    for kind, head_of, level, count in published:
        for n in range(count):
            number += 1
            yield held(
                number, kind, head_of, level, first + timedelta(days=n * (last - first).days // max(count - 1, 1))
            )
        for day in (first - timedelta(days=1), last + timedelta(days=1)):
            number += 1
            yield held(number, kind, head_of, level, day)


def held(number: int, kind: MeetingKind, head_of: HeadOf | None, level: Level, day: date) -> MeetingHeld:
    return MeetingHeld(
        occurred_on=day,
        meeting_id=MeetingId(UUID(int=number)),
        details=MeetingDetails(
            kind=kind,
            level=level,
            organiser=UnitId(f"{level}-{number % 12}"),
            chair=official("nguoi-dung-dau", "Người đứng đầu"),
            title="Đối thoại với nhân dân",
            head_of=as_said(head_of),
        ),
    )


def register(published: Published, first: date, last: date) -> Register:
    told = Register()
    for fact in meetings(published, first, last):
        told.record(fact.meeting_id, fact)
    return told


async def counted(connection: Connection, which: MeetingFilter) -> int:
    """Return the total, after checking it against the lines and the list: each meeting once, on pages, as selected."""
    total = sum_meeting_figures(await meeting_figures(connection, which, on=TODAY)).days["held"]
    by_year = await meeting_figures(connection, which, on=TODAY, by="year")
    assert sum(line.days["held"] for line in by_year) == total
    seen: list[MeetingItem] = []
    after = None
    while True:
        page = await meeting_days(connection, which, on=TODAY, after=after, limit=1000)
        assert page.total == total
        seen += page.items
        if (after := page.next) is None:
            break
    assert len({item.meeting_id for item in seen}) == len(seen) == total
    for item in seen:
        assert which.first <= item.day <= which.last
        assert which.level in (None, item.level)
        assert which.head_of in (None, item.head_of)
    return total


def test_son_la_2018_by_level(module_database: str) -> None:
    async def ask() -> None:
        async with tables(module_database, register(SON_LA_2018, *THREE_YEARS).log) as connection:
            assert await counted(connection, MeetingFilter(*THREE_YEARS, level="district")) == 208
            assert await counted(connection, MeetingFilter(*THREE_YEARS, level="commune")) == 426
            assert await counted(connection, MeetingFilter(*THREE_YEARS, level="province")) == 0
            assert await counted(connection, MeetingFilter(*THREE_YEARS)) == 634

    asyncio.run(ask())


def test_son_la_in_ten_years_by_whose_head_met_the_people(module_database: str) -> None:
    async def ask() -> None:
        log = register(SON_LA_TEN_YEARS, *TEN_YEARS).log
        async with tables(module_database, log, page=1_000) as connection:
            lines = {
                line.name: line.days["held"]
                for line in await meeting_figures(
                    connection, MeetingFilter(*TEN_YEARS, kind="dialogue_conference"), on=TODAY, by="head_of"
                )
            }
            assert lines == {"party_committee": 2_731, "peoples_committee": 3_864, "department": 64}
            for head, count in lines.items():
                which = MeetingFilter(*TEN_YEARS, kind="dialogue_conference", head_of=head)
                assert await counted(connection, which) == count
            of_the_province = [
                await counted(
                    connection, MeetingFilter(*TEN_YEARS, kind="dialogue_conference", level="province", head_of=head)
                )
                for head in ("party_committee", "peoples_committee")
            ]
            assert sum(of_the_province) == 57

    asyncio.run(ask())


def test_a_sum_that_was_printed_wrong_is_right_here(module_database: str) -> None:
    """The published text prints 8 + 156 + 947 as 1,191."""

    async def ask() -> None:
        log = register([line for line in SON_LA_TEN_YEARS if line[0] is CRITICISM], *TEN_YEARS).log
        async with tables(module_database, log) as connection:
            which = MeetingFilter(*TEN_YEARS, kind="social_criticism")
            lines = {line.name: line.days["held"] for line in await meeting_figures(connection, which, on=TODAY)}
            assert lines == {"province": 8, "district": 156, "commune": 947}
            assert await counted(connection, which) == 1_111

    asyncio.run(ask())
