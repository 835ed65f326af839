"""Tests the view of meetings with the people: what became of each, and the petitions of each."""

import asyncio
from datetime import date
from uuid import UUID, uuid5

import pytest

from domain.meetings import commands as c
from domain.meetings.words import Audience, HeadOf, MeetingKind
from domain.units.events import Level
from domain.vocabulary import MeetingId, PetitionKind
from projections.meeting_counts import (
    DAY_FIGURES,
    MEETING_GROUPS,
    PETITION_FIGURES,
    MeetingFilter,
    meeting_figures,
    sum_meeting_figures,
)
from projections.meeting_lists import MeetingItem, PetitionItem, meeting_days, petitions_of_meetings
from projections.meetings import MEETING_OUTCOMES, count_meetings_by_level
from projections.projection import Connection
from tests.domain.samples import (
    ANSWER,
    ANSWER_AT_MEETING,
    ASSIGN,
    CLASSIFY,
    PREPARE,
    PROPOSAL,
    RECEIVE,
    SPLIT,
    START,
    august,
    july,
    with_changes,
)
from tests.domain.scenario import MEETING, MONDAY
from tests.projections.history_builder import Register, build_register, id_of, query_views, tables
from tests.service.office_fixtures import TEXTS

JULY = MeetingFilter(july(1), july(31))
ON = august(10)


def of(name: str) -> MeetingId:
    return MeetingId(uuid5(MEETING, name))


def record(meeting_id: UUID = MEETING, **said: object) -> c.RecordMeeting:
    command = c.RecordMeeting(
        occurred_on=MONDAY,
        meeting_id=MeetingId(meeting_id),
        level=Level.PROVINCE,
        organiser="ubnd-tinh",
        chair="chu-tich",
        chair_position="Chủ tịch",
        title="Đối thoại với nhân dân",
        place="hội trường",
        attendance=80,
    )
    return with_changes(command, **said)


def plan(meeting_id: UUID, planned_for: date, **said: object) -> c.PlanMeeting:
    command = c.PlanMeeting(
        occurred_on=july(1),
        meeting_id=MeetingId(meeting_id),
        planned_for=planned_for,
        level=Level.PROVINCE,
        organiser="ubnd-tinh",
        chair="chu-tich",
        chair_position="Chủ tịch",
        title="Đối thoại với nhân dân",
    )
    return with_changes(command, **said)


def held_in_july(dsn: str, register: Register, *, page: int = 1000) -> list[MeetingItem]:
    return query_views(dsn, register, lambda connection: _items(connection, "held"), page=page)


async def _items(connection: Connection, figure: str) -> list[MeetingItem]:
    return (await meeting_days(connection, JULY, on=ON, figure=figure)).items


@pytest.mark.parametrize("page", [1, 2, 1000])
def test_a_meeting_says_how_many_petitions_were_raised_and_answered_there(module_database: str, page: int) -> None:
    register = Register()
    register.perform_on_meeting(MEETING, record())
    build_register([with_changes(RECEIVE, meeting_id=MEETING), ANSWER_AT_MEETING], 1, register)
    build_register([with_changes(RECEIVE, meeting_id=MEETING)], 2, register)
    build_register([RECEIVE], 3, register)
    (found,) = held_in_july(module_database, register, page=page)
    assert (found.raised, found.answered_there, found.outstanding) == (2, 1, 1)
    assert (found.kind, found.level, found.organiser) == ("dialogue_conference", "province", "ubnd-tinh")
    assert (found.title, found.place, found.held_on, found.attendance) == (
        "Đối thoại với nhân dân",
        "hội trường",
        july(6),
        80,
    )


def test_the_matters_of_a_letter_were_raised_once_and_are_answered_one_by_one(module_database: str) -> None:
    register = Register()
    register.perform_on_meeting(MEETING, record())
    build_register([with_changes(RECEIVE, meeting_id=MEETING), SPLIT], 1, register)
    (found,) = held_in_july(module_database, register)
    assert (found.raised, found.listed, found.outstanding) == (1, 2, 2)


def test_meetings_are_listed_and_counted_between_two_days_inclusive(module_database: str) -> None:
    register = Register()
    for n, (level, day) in enumerate(
        [(Level.COMMUNE, 1), (Level.COMMUNE, 31), (Level.DISTRICT, 15), (Level.PROVINCE, 2)]
    ):
        register.perform_on_meeting(
            of(str(n)), record(of(str(n)), level=level, occurred_on=july(day), head_of="party_committee")
        )

    async def ask() -> None:
        async with tables(module_database, register.log) as connection:
            page = await meeting_days(connection, JULY, on=ON)
            assert [m.day.day for m in page.items] == [1, 2, 15, 31]
            assert await count_meetings_by_level(connection, july(1), july(31)) == {
                "commune": 2,
                "district": 1,
                "province": 1,
            }
            assert await count_meetings_by_level(connection, july(2), july(30)) == {"district": 1, "province": 1}
            seen: list[int] = []
            after = None
            while True:
                page = await meeting_days(connection, JULY, on=ON, limit=1, after=after)
                seen += [m.day.day for m in page.items]
                assert page.total == 4
                after = page.next
                if after is None:
                    break
            assert seen == [1, 2, 15, 31]
            empty = await meeting_days(connection, MeetingFilter(date(2020, 1, 1), date(2020, 12, 31)), on=ON)
            assert (empty.total, empty.items, empty.next) == (0, [], None)

    asyncio.run(ask())


def busy() -> Register:
    """Return a register with meetings of every fate and petitions of every outcome."""
    register = Register()
    conference = {"level": Level.COMMUNE, "head_of": HeadOf.PEOPLES_COMMITTEE, "audience": Audience.YOUTH}
    register.perform_on_meeting(of("held"), plan(of("held"), july(20), topics=["giao thông"], **conference))
    register.perform_on_meeting(of("held"), c.AnnounceMeeting(occurred_on=july(15), how="đài truyền thanh"))
    build_register([with_changes(RECEIVE, occurred_on=july(8), meeting_id=of("held"))], 1, register)  # collected before
    build_register(
        [
            RECEIVE,
            with_changes(CLASSIFY, kind=PROPOSAL),
            with_changes(PREPARE, occurred_on=july(9), meeting_id=of("held")),
        ],
        2,
        register,
    )
    register.perform_on_meeting(of("held"), c.HoldMeeting(occurred_on=july(20), attendance=90, minutes_no="9/BB"))
    on_the_spot = with_changes(RECEIVE, occurred_on=july(20), meeting_id=of("held"))
    register.perform(id_of(2), with_changes(ANSWER_AT_MEETING, occurred_on=july(20), meeting_id=of("held")))
    build_register(
        [on_the_spot, with_changes(ANSWER_AT_MEETING, occurred_on=july(20), meeting_id=of("held"))], 3, register
    )
    for number, due, answered in ((4, july(31), july(30)), (5, july(25), july(30)), (6, july(31), None)):
        given = with_changes(ASSIGN, occurred_on=july(21), due_on=due, notice_no="70/TB", notice_on=july(21))
        build_register(
            [
                on_the_spot,
                with_changes(CLASSIFY, occurred_on=july(20)),
                given,
                with_changes(START, occurred_on=july(22)),
            ],
            number,
            register,
        )
        if answered:
            register.perform(id_of(number), with_changes(ANSWER, occurred_on=answered))
    register.perform_on_meeting(
        of("held"),
        c.IssueConclusionNotice(
            occurred_on=july(24),
            document_no="60/TB",
            signed_by="chu-tich",
            signer_position="Chủ tịch",
            tasks=(
                c.TaskOfConclusion(unit="so-mau", task="sửa đường", due_on=july(31)),
                c.TaskOfConclusion(unit="so-khac", task="lắp đèn"),
            ),
        ),
    )
    register.perform_on_meeting(of("held"), c.PublishConclusionNotice(occurred_on=july(31), how="niêm yết"))
    register.perform_on_meeting(of("held"), c.CompleteConclusionTask(occurred_on=august(3), number=1, result="đã sửa"))

    register.perform_on_meeting(of("moved"), plan(of("moved"), july(10)))
    register.perform_on_meeting(
        of("moved"), c.MoveMeeting(occurred_on=july(9), planned_for=july(28), reason="trùng ngày họp")
    )
    held = c.HoldMeeting(occurred_on=july(28), chair="pho-chu-tich", chair_position="Phó Chủ tịch")
    register.perform_on_meeting(of("moved"), held)
    build_register([with_changes(RECEIVE, occurred_on=july(28), meeting_id=of("moved"))], 7, register)

    register.perform_on_meeting(of("cancelled"), plan(of("cancelled"), july(14)))
    build_register([with_changes(RECEIVE, occurred_on=july(8), meeting_id=of("cancelled"))], 8, register)
    register.perform_on_meeting(of("cancelled"), c.CancelMeeting(occurred_on=july(13), reason="mưa lũ"))

    register.perform_on_meeting(of("forgotten"), plan(of("forgotten"), july(22), **conference))
    register.perform_on_meeting(of("unplanned"), record(of("unplanned"), **conference))
    reception = {"kind": MeetingKind.RECEPTION_DAY, "reception": "periodic", "mode": "online"}
    register.perform_on_meeting(of("online"), plan(of("online"), july(30), **reception))
    register.perform_on_meeting(of("online"), c.HoldMeeting(occurred_on=july(30)))
    return register


def test_a_meeting_is_counted_by_what_became_of_each_of_its_days(module_database: str) -> None:
    async def ask(connection: Connection) -> None:
        total = sum_meeting_figures(await meeting_figures(connection, JULY, on=ON))
        assert total.days == {
            "planned": 6,
            "held": 4,
            "moved": 1,
            "cancelled": 1,
            "to_come": 0,
            "not_told": 1,
            "unplanned": 1,
            "online": 1,
            "delegated": 1,
            "announced_in_time": 0,
            "announced_late": 1,
            "not_announced": 3,
            "concluded": 1,
            "concluded_late": 0,
            "published_in_time": 0,
            "published_late": 1,
            "not_published": 1,
        }
        assert total.attendance == 170
        (moved,) = await _items(connection, "moved")
        assert (moved.day, moved.moved_to, moved.reason, moved.held_on) == (july(10), july(28), "trùng ngày họp", None)
        (delegated,) = await _items(connection, "delegated")
        assert (delegated.day, delegated.chair, delegated.instead_of) == (july(28), "pho-chu-tich", "chu-tich")
        (forgotten,) = await _items(connection, "not_told")
        assert forgotten.findings == ["not_told", "not_announced"]
        (late,) = await _items(connection, "published_late")
        assert late.findings == ["announced_late", "published_late"]
        assert (late.announce_by, late.announced_on, late.publish_by, late.published_on) == (
            july(13),
            july(15),
            july(30),
            july(31),
        )

    query_views(module_database, busy(), ask)


def test_a_meeting_to_come_is_no_finding_until_its_day_has_passed(module_database: str) -> None:
    async def ask(connection: Connection) -> None:
        before = sum_meeting_figures(await meeting_figures(connection, JULY, on=july(12)))
        assert (before.days["to_come"], before.days["not_told"]) == (1, 0)
        (still,) = (await meeting_days(connection, JULY, on=july(12), figure="to_come")).items
        assert still.findings == []

    query_views(module_database, busy(), ask)


def test_the_petitions_of_a_meeting_have_one_outcome_each(module_database: str) -> None:
    async def ask(connection: Connection) -> None:
        line = sum_meeting_figures(await meeting_figures(connection, MeetingFilter(july(20), july(20)), on=ON))
        assert line.petitions == {
            "raised": 5,
            "raised_before": 1,
            "raised_there": 4,
            "prepared": 1,
            "answered_there": 2,
            "listed": 6,
            "assigned": 3,
            "settled_there": 2,
            "settled_at_another": 0,
            "in_writing_on_time": 1,
            "in_writing_late": 1,
            "in_writing_without_limit": 0,
            "settled_otherwise": 0,
            "outstanding": 2,
            "outstanding_late": 2,
            "outstanding_without_limit": 0,
        }
        assert line.petitions["listed"] == sum(line.petitions[outcome] for outcome in MEETING_OUTCOMES)
        in_time = await meeting_figures(connection, MeetingFilter(july(20), july(20)), on=july(21))
        assert sum_meeting_figures(in_time).petitions["outstanding_late"] == 0

    query_views(module_database, busy(), ask)


def test_every_total_drills_down_to_its_list(module_database: str) -> None:
    async def ask(connection: Connection) -> None:
        for by in MEETING_GROUPS:
            lines = await meeting_figures(connection, JULY, on=ON, by=by)
            assert sum_meeting_figures(lines) == sum_meeting_figures(await meeting_figures(connection, JULY, on=ON)), by
        for line in [*await meeting_figures(connection, JULY, on=ON, by="organiser")]:
            which = MeetingFilter(july(1), july(31), organiser=line.name)
            for figure in DAY_FIGURES:
                page = await meeting_days(connection, which, on=ON, figure=figure)
                assert (page.total, len(page.items)) == (line.days[figure], line.days[figure]), figure
            for figure in PETITION_FIGURES:
                listed = await petitions_of_meetings(connection, TEXTS, which, on=ON, figure=figure)
                assert (listed.total, len(listed.items)) == (line.petitions[figure], line.petitions[figure]), figure
        of_meetings = [await meeting_days(connection, JULY, on=ON, figure=figure) for figure in ("held", "cancelled")]
        listed_there = sum(item.listed for page in of_meetings for item in page.items)
        total = sum_meeting_figures(await meeting_figures(connection, JULY, on=ON))
        assert listed_there == total.petitions["listed"]

    query_views(module_database, busy(), ask)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"level": "commune"}, 2),
        ({"head_of": "peoples_committee"}, 2),
        ({"audience": "youth"}, 2),
        ({"kind": "reception_day"}, 1),
        ({"reception": "periodic"}, 1),
        ({"reception": "regular"}, 0),
        ({"topic": "giao thông"}, 1),
        ({"topic": "giao"}, 0),
        ({"organiser": "so-mau"}, 0),
        ({"meeting_id": of("moved")}, 1),
    ],
)
def test_meetings_are_asked_for_by_what_they_are(module_database: str, said: dict[str, str], count: int) -> None:
    async def ask(connection: Connection) -> int:
        return (await meeting_days(connection, MeetingFilter(july(1), july(31), **said), on=ON)).total  # type: ignore[arg-type]

    assert query_views(module_database, busy(), ask) == count


def test_the_petitions_of_meetings_come_page_by_page(module_database: str) -> None:
    async def ask(connection: Connection) -> list[PetitionItem]:
        seen: list[PetitionItem] = []
        after = None
        while True:
            page = await petitions_of_meetings(connection, TEXTS, JULY, on=ON, figure="listed", after=after, limit=3)
            seen += page.items
            assert page.total == 8
            if (after := page.next) is None:
                return seen

    seen = query_views(module_database, busy(), ask)
    assert [(p.received_on, p.petition_id) for p in seen] == sorted((p.received_on, p.petition_id) for p in seen)
    assert {p.petition_id for p in seen} == {id_of(n) for n in range(1, 9)}
    (assigned, *_) = [p for p in seen if p.petition_id == id_of(4)]
    assert (assigned.notice_no, assigned.notice_on, assigned.unit) == ("70/TB", july(21), "so-mau")


def test_a_denouncer_is_marked_as_protected_in_the_list(module_database: str) -> None:
    register = Register()
    register.perform_on_meeting(MEETING, record())
    build_register([with_changes(RECEIVE, meeting_id=MEETING, kind=PetitionKind.DENUNCIATION)], 1, register)

    async def ask(connection: Connection) -> bool:
        (item,) = (await petitions_of_meetings(connection, TEXTS, JULY, on=ON)).items
        return item.identity_protected

    assert query_views(module_database, register, ask)


@pytest.mark.parametrize("page", [1, 3])
def test_the_view_is_the_same_however_it_came_to_be(module_database: str, page: int) -> None:
    async def every(connection: Connection) -> list[list[tuple[object, ...]]]:
        found = []
        for table in ("meetings", "meetings_tasks", "meetings_petitions"):
            rows = await (await connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")).fetchall()
            found.append(rows)
        return found

    register = busy()
    assert query_views(module_database, register, every, page=page) == query_views(module_database, register, every)
