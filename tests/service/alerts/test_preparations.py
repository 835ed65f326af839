"""Checks the preparation for a meeting in alerts: told to its unit, and lifted once where the meeting was cancelled."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.alerts.vocabulary import WatchedClock
from domain.commands import PrepareForMeeting
from domain.duties import preparation_key
from domain.events import DutyLifted
from domain.meetings import commands as c
from domain.refusals.doubts import Doubt
from domain.status import DueState
from domain.vocabulary import MeetingId, PetitionId
from projections.owed_list import overdue_on
from projections.owed_sql import Owed
from service.alerts.lift_preparations import lift_preparations
from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from tests.domain.samples import PREPARE, PROPOSAL, assigned, july, with_changes
from tests.service.alerts.test_raise_and_compose import (
    list_alerts,
    open_follower_office,
    raise_when_followed,
    raised_alerts,
)
from tests.service.commands.test_meetings import meet, plan
from tests.service.office_fixtures import CLERK, TEXTS, assert_views_complete, open_office, perform, run_life_cycle

pytestmark = pytest.mark.anyio

BY, NOT_YET = july(17), date(2100, 7, 16)
"""The last day of a preparation: one that has passed while these tests run, and one that will not."""
MEANT = {july(16): (), BY: (), NOT_YET: (Doubt.FAR_DAY.code,)}
CANCEL = c.CancelMeeting(occurred_on=july(14), reason="mưa lũ")


def to_prepare(meeting_id: MeetingId, by: date = BY) -> PrepareForMeeting:
    told = with_changes(PREPARE, occurred_on=july(10), meeting_id=meeting_id, proposed_answer="", prepare_by=by)
    return with_changes(told, confirm=MEANT[by])


async def on_list(office: ApplicationService, meeting_id: MeetingId, by: date = BY) -> PetitionId:
    return await run_life_cycle(office, [*assigned(PROPOSAL), to_prepare(meeting_id, by)])


async def open_meeting(office: ApplicationService, on: date | None = None) -> MeetingId:
    meeting_id = MeetingId(uuid4())
    planned = plan(meeting_id)
    day = on or planned.planned_for
    chair = f"chu-tri-{meeting_id}"
    await meet(office, meeting_id, with_changes(planned, chair=chair, planned_for=day, confirm=MEANT.get(day, ())))
    return meeting_id


async def owed(office: ApplicationService, follower: ProjectionRunner, on: date) -> list[tuple[str, str, int]]:
    assert await follower.wait_until_current()
    async with office.pool.connection() as connection:
        page = await overdue_on(
            connection, TEXTS, on, soon_until=on, states=list(DueState), owed=Owed.DUTY, unit="so-mau"
        )
    return [(str(one.petition_id), one.subject, one.days_late) for one in page.items]


async def lifted(office: ApplicationService, petition_id: PetitionId) -> list[DutyLifted]:
    return [one.fact for one in await office.queries.history(petition_id) if isinstance(one.fact, DutyLifted)]


async def test_what_is_not_prepared_is_owed_and_told_until_it_is(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        meeting_id = await open_meeting(office)
        petition_id = await on_list(office, meeting_id)
        assert await owed(office, follower, july(19)) == [(str(petition_id), f"meeting:{meeting_id}", 2)]
        await raise_when_followed(office, follower, july(20))
        raised = [one for one in await raised_alerts(office, petition_id) if one.clock == WatchedClock.PREPARATION]
        assert [(one.step, one.unit) for one in raised] == [
            (step, "so-mau") for step in ("duty-two-days-before", "duty-due-day", "duty-day-after")
        ]
        listed = [one for one in await list_alerts(office, follower) if one.clock == WatchedClock.PREPARATION]
        assert {(one.subject, one.unit, one.is_live) for one in listed} == {(f"meeting:{meeting_id}", "so-mau", True)}
        await perform(office, with_changes(PREPARE, occurred_on=july(20), meeting_id=meeting_id), petition_id)
        assert await owed(office, follower, july(20)) == []
        await raise_when_followed(office, follower, july(31))
        later = (await raised_alerts(office, petition_id))[len(raised) :]
        assert {one.clock for one in later} == {WatchedClock.HEAD}
        assert await follower.wait_until_current()
        await assert_views_complete(office)


async def test_a_cancelled_meeting_makes_no_lateness_whoever_looks_first(database: str) -> None:
    async with open_follower_office(database) as (one, follower), open_office(database) as other:
        cancelled, held = await open_meeting(one, NOT_YET), await open_meeting(one)
        ids = [await on_list(one, cancelled, NOT_YET) for _ in range(8)]
        stays = await on_list(one, held)
        both = await on_list(one, cancelled, NOT_YET)
        await perform(one, to_prepare(held, by=july(16)), both)
        await meet(one, cancelled, CANCEL)
        assert await follower.wait_until_current()
        await asyncio.gather(*(lift_preparations(office) for office in (one, other, one)))
        for petition_id in (*ids, both):
            (fact,) = await lifted(one, petition_id)
            assert (fact.occurred_on, fact.clock, fact.subject) == (july(14), *preparation_key(cancelled))
        assert await lifted(one, stays) == []
        for day, days in ((july(20), 3), (NOT_YET + timedelta(days=9), (NOT_YET - BY).days + 9)):
            assert await owed(one, follower, day) == [
                (str(both), f"meeting:{held}", days + 1),
                (str(stays), f"meeting:{held}", days),
            ]
        assert await lift_preparations(other) == 0
        await raise_when_followed(one, follower, july(20))
        assert [alert for alert in await raised_alerts(one, ids[0]) if alert.clock == WatchedClock.PREPARATION] == []
        assert await follower.wait_until_current()
        await assert_views_complete(one)


async def test_a_cancellation_that_is_entered_late_ends_what_had_run_out_on_the_day_of_the_entry(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        meeting_id = await open_meeting(office)
        petition_id = await on_list(office, meeting_id)
        await meet(office, meeting_id, CANCEL)
        assert await follower.wait_until_current()
        assert await lift_preparations(office) == 1
        recorded_on = (await office.queries.meeting_history(meeting_id))[-1].recorded_on
        assert [one.occurred_on for one in await lifted(office, petition_id)] == [recorded_on]


async def test_who_comes_on_the_list_while_the_meeting_is_cancelled_is_found_by_the_next_round(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        meeting_id = await open_meeting(office)
        petition_id = await on_list(office, meeting_id)
        (fact,) = [one.fact for one in (await office.queries.history(petition_id))[-1:]]
        await meet(office, meeting_id, CANCEL)
        for _ in range(2):  # the second time as if it had been decided before the cancellation
            assert await follower.wait_until_current()
            assert await lift_preparations(office) == 1
            present = await office.queries.fresh_petition(petition_id)
            assert present is not None
            assert preparation_key(meeting_id) not in present.duties
            await office.writer.append_facts(
                petition_id, [fact], CLERK, after=present.version, command_id=uuid4(), digest=b""
            )
        assert len(await lifted(office, petition_id)) == 2
