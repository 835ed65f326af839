"""Tests the made-up province: loaded in part, continued, and loaded again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.deadlines.clock import Clock
from domain.status import DueState
from domain.units.events import Office as OfficeOfUnit
from domain.vocabulary import UnitId
from projections import meetings, owed_list, unit_figures
from projections.meeting_counts import MeetingFilter, meeting_figures, sum_meeting_figures
from projections.meeting_follow_up import tasks_of_conclusions
from projections.meeting_lists import meeting_days, petitions_of_meetings
from projections.standing_intervals import NEVER
from service.commands.office import ApplicationService
from service.config.law_files import national_law
from service.config.settings import Settings
from service.demo import (
    FIRST_VISITOR,
    LoadedProvince,
    demo_officer,
    is_province_begun,
    is_province_complete,
    load_province,
)
from service.demo.province import BUREAUS, DISTRICT_BUREAUS, DISTRICTS_ENDED_ON
from service.demo.story import write_province_story
from service.doctor.finding import Verdict
from service.doctor.log import examine_log
from service.doctor.views import examine_views
from service.projector.runner import ProjectionRunner
from tests.service.office_fixtures import TEXTS

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


class _BrokenOff(Exception):
    pass


@dataclass(frozen=True)
class Province:
    office: ApplicationService
    loaded: LoadedProvince
    was_complete_when_broken_off: bool


@pytest.fixture(scope="module")
async def province(
    anyio_backend: str, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Province]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))

    def break_off(done: int, _of: int) -> None:
        if done == 100:
            raise _BrokenOff

    async with ApplicationService.open(module_database, settings, vault_key=b"k" * 32, clock=lambda: NOW) as office:
        assert not await is_province_begun(office)
        with pytest.raises(_BrokenOff):
            await load_province(office, progress=break_off)
        was_complete = await is_province_complete(office)
    # another process goes on: its office remembers nothing
    async with ApplicationService.open(module_database, settings, vault_key=b"k" * 32, clock=lambda: NOW) as office:
        loaded = await load_province(office)
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            assert await views.wait_until_current(60)
        yield Province(office, loaded, was_complete)


async def test_its_dialogues_are_those_of_the_published_nine_months(province: Province) -> None:
    async with province.office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL search_path = kiennghi_views")
        counted = await meetings.count_meetings_by_level(connection, date(2022, 1, 1), date(2022, 9, 30))
    assert counted == {"province": 2, "district": 26, "commune": 259}
    assert sum(counted.values()) == 287


async def test_the_total_of_the_dialogues_drills_down_to_each_of_them(province: Province) -> None:
    async with province.office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL search_path = kiennghi_views")
        for level, count in ((None, 287), ("province", 2), ("district", 26), ("commune", 259)):
            which = MeetingFilter(date(2022, 1, 1), date(2022, 9, 30), level=level)
            page = await meeting_days(connection, which, on=TODAY, limit=1000)
            assert page.total == len({item.meeting_id for item in page.items}) == count
            total = sum_meeting_figures(await meeting_figures(connection, which, on=TODAY))
            raised = await petitions_of_meetings(connection, TEXTS, which, on=TODAY, figure="raised", limit=10_000)
            assert total.petitions["raised"] == raised.total == len(raised.items) == sum(m.raised for m in page.items)


async def test_its_conferences_of_these_weeks_are_planned_moved_held_and_cancelled(province: Province) -> None:
    async with province.office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL search_path = kiennghi_views")
        lately = MeetingFilter(TODAY - timedelta(days=60), TODAY + timedelta(days=60), head_of="peoples_committee")
        days = sum_meeting_figures(await meeting_figures(connection, lately, on=TODAY)).days
        tasks = await tasks_of_conclusions(connection, lately.first, lately.last, on=TODAY)
    found = {name: days[name] for name in ("planned", "moved", "cancelled", "to_come", "not_told", "delegated")}
    assert found == {"planned": 9, "moved": 1, "cancelled": 1, "to_come": 3, "not_told": 1, "delegated": 1}
    assert days["held"] - days["unplanned"] == 3
    assert (days["announced_late"], days["published_in_time"]) == (2, 2)
    assert (tasks.total, len([task for task in tasks.items if task.done_on])) == (4, 2)


async def test_a_load_that_broke_off_is_gone_on_with(province: Province) -> None:
    assert not province.was_complete_when_broken_off
    assert await is_province_complete(province.office)
    assert not province.loaded.was_there
    async with province.office.pool.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM kiennghi.log WHERE request_digest IS NOT NULL")
        assert await cursor.fetchone() == (province.loaded.commands,)


async def test_a_second_load_adds_nothing(province: Province) -> None:
    before = await province.office.histories.last_position()
    again = await load_province(province.office)
    assert again.was_there
    assert await province.office.histories.last_position() == before


async def test_nothing_is_missing_from_log_registers_and_views(province: Province) -> None:
    async with province.office.pool.connection() as connection, connection.transaction():
        found = [*await examine_log(connection, deep=True), *await examine_views(connection, deep=True)]
    assert [one for one in found if one.verdict is not Verdict.WELL] == []


async def test_todays_list_has_petitions_in_every_state(province: Province) -> None:
    async with province.office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL search_path = kiennghi_views")
        for state in DueState:
            page = await owed_list.overdue_on(
                connection, TEXTS, TODAY, soon_until=TODAY + timedelta(days=7), states={state}, limit=1
            )
            assert page.total >= 3, state
        figures = await unit_figures.unit_figures_on(connection, TODAY)
    assert sum(line.answered_late for line in figures) > 50
    assert sum(line.went_up for line in figures) > 0


DUTIES_SHOWN = (
    *(Clock.ACCEPTANCE_NOTICE, Clock.CONCLUSION_SENDING, Clock.CONCLUSION_ACTION, Clock.CONCLUSION_PUBLICATION),
    *(Clock.DECISION_SENDING, Clock.DECISION_PUBLICATION, Clock.SUSPENSION_SENDING, Clock.RESULT_TO_REFERRER),
    *(Clock.REFERRAL_REPLY, Clock.TRANSFER, Clock.ACTION_REPORT, Clock.PROMISE, Clock.CONTRIBUTION),
)


async def test_duties_are_done_mostly_in_time_some_late_and_a_few_never(province: Province) -> None:
    async with province.office.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT clock, count(*), count(*) FILTER (WHERE until_on = %(never)s AND due_on < %(on)s),"
            " count(*) FILTER (WHERE until_on <> %(never)s AND until_on > due_on)"
            " FROM kiennghi_views.overdue_duties GROUP BY clock",
            {"never": NEVER, "on": TODAY},
        )
        rows = await cursor.fetchall()
    started = {clock: count for clock, count, _, _ in rows}
    assert set(started) == set(DUTIES_SHOWN)
    every, undone, late = (sum(row[n] for row in rows) for n in (1, 2, 3))
    assert 0.01 < undone / every < 0.05
    assert 0.02 < late / every < 0.12


async def test_districts_and_merged_departments_end_on_their_last_day_and_have_successors(province: Province) -> None:
    units = await province.office.queries.units()
    closed = {unit: units.by_id[UnitId(unit)].closed_on for unit in BUREAUS}
    assert closed == {unit: bureau.last_day for unit, bureau in BUREAUS.items()}
    assert {closed[district.unit] for district in DISTRICT_BUREAUS} == {DISTRICTS_ENDED_ON}
    assert units.present_successor(UnitId("so-tnmt"), TODAY) == "so-nnmt"


async def test_each_unit_has_a_head_and_the_districts_are_succeeded_by_their_communes(province: Province) -> None:
    units = await province.office.queries.units()
    heads = [
        units.tenure(UnitId(unit), OfficeOfUnit.HEAD, bureau.last_day or DISTRICTS_ENDED_ON)
        for unit, bureau in BUREAUS.items()
    ]
    assert {head.officer for head in heads if head} == {bureau.head.officer for bureau in BUREAUS.values()}
    assert all(heads)
    commune = UnitId("xa-mau-14")
    assert list(units.ancestors(commune, DISTRICTS_ENDED_ON)) == ["huyen-mau-01", "ubnd-tinh"]
    assert list(units.ancestors(commune, TODAY)) == ["ubnd-tinh"]
    assert units.predecessors(commune, TODAY) == ["huyen-mau-01"]
    assert units.present_successor(UnitId("huyen-mau-01"), TODAY) == "xa-mau-01"
    tenures = [units.tenure(commune, office, TODAY) for office in (OfficeOfUnit.CHAIR, OfficeOfUnit.FOLLOW_UP)]
    assert [tenure and tenure.officer for tenure in tenures] == ["ubnd-tinh.truong", "ban-tcd.truong"]


async def test_no_open_petition_and_no_duty_lies_with_a_unit_that_has_ended(province: Province) -> None:
    async with province.office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL search_path = kiennghi_views")
        figures = await unit_figures.unit_figures_on(connection, TODAY)
    ended = {bureau.unit for bureau in BUREAUS.values() if bureau.has_ended(TODAY)}
    left = {line.unit: (line.open, line.duties) for line in figures if line.unit in ended}
    assert set(left.values()) == {(0, 0)}


def test_the_story_is_the_same_for_the_same_seed_and_day() -> None:
    calendar = national_law().calendar
    one, other = write_province_story(7, calendar, TODAY), write_province_story(7, calendar, TODAY)
    assert one.meetings == other.meetings
    assert one.conferences == other.conferences
    assert [life.name for life in one.lives] == [life.name for life in other.lives]
    assert 2_500 <= len(one.lives) <= 4_000


def test_its_officers_are_known_by_their_codes() -> None:
    assert demo_officer("can-bo-vi-du") == FIRST_VISITOR
    assert demo_officer("nguyen-van-a") is None
    assert all(demo_officer(bureau.head.officer) == bureau.head for bureau in BUREAUS.values())
