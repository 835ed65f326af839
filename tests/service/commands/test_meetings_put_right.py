"""Tests that figures of meetings follow a correction and a withdrawal, and that an entry made twice is noticed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest

from domain.errors import Refused
from domain.meetings import commands as c
from domain.meetings.words import MeetingStage
from domain.refusals.doubts import Doubt
from domain.units.events import Level
from domain.vocabulary import Channel, MeetingId
from projections.meeting_counts import MeetingFilter, meeting_figures, sum_meeting_figures
from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from tests.domain.samples import RECEIVE, july, with_changes
from tests.domain.scenario import CLERK, HEAD, MEETING, MONDAY, TODAY
from tests.service.office_fixtures import (
    as_projector,
    assert_views_complete,
    credentials_of,
    open_office,
    open_units,
    perform,
)

pytestmark = pytest.mark.anyio

CONFIRMED = (Doubt.SAME_MEETING_THAT_DAY.code,)
TWICE = c.RecordMeeting(
    occurred_on=MONDAY,
    meeting_id=MeetingId(uuid4()),
    level=Level.PROVINCE,
    organiser="ubnd-tinh",
    chair="chu-tich",
    chair_position="Chủ tịch",
    title="Đối thoại với nhân dân, nhập lần hai",
)


async def meet(office: ApplicationService, meeting_id: MeetingId, command: c.MeetingCommand, by: Any = CLERK) -> None:
    await office.meetings.perform(command, meeting_id, credentials_of(by), command_id=uuid4(), digest=b"")


async def refusals_of(*entries: Any) -> Sequence[Any]:
    ended = await asyncio.gather(*entries, return_exceptions=True)
    return [one.code for one in ended if isinstance(one, Refused)]


@asynccontextmanager
async def followed(office: ApplicationService) -> AsyncIterator[ProjectionRunner]:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as runner:
        yield runner


async def held(office: ApplicationService, runner: ProjectionRunner) -> int:
    assert await runner.wait_until_current()
    async with office.pool.connection() as connection:
        await connection.execute("SET search_path = kiennghi_views")
        lines = await meeting_figures(connection, MeetingFilter(july(1), july(31)), on=TODAY)
    return sum_meeting_figures(lines).days["held"]


@pytest.mark.parametrize("views_follow", [True, False])
async def test_the_same_meeting_under_two_ids_is_noticed_also_when_both_come_at_once(
    database: str, views_follow: bool
) -> None:
    async with open_office(database) as office:
        await open_units(office)  # records a meeting of that day, organiser and chair
        if views_follow:
            async with followed(office) as runner:
                assert await runner.wait_until_current()
        assert await refusals_of(meet(office, TWICE.meeting_id, TWICE)) == [Doubt.SAME_MEETING_THAT_DAY]
        plan = c.PlanMeeting(
            **TWICE.model_dump(include=set(c.PlanMeeting.model_fields) - {"occurred_on", "meeting_id"}),
            occurred_on=july(1),
            meeting_id=MeetingId(uuid4()),
            planned_for=MONDAY,
        )
        assert await refusals_of(meet(office, plan.meeting_id, plan)) == [Doubt.SAME_MEETING_THAT_DAY]
        others = [TWICE.model_copy(update={"meeting_id": MeetingId(uuid4()), "chair": "pho-chu-tich"}) for _ in "12"]
        entries = (meet(office, one.meeting_id, one) for one in others)
        assert await refusals_of(*entries) == [Doubt.SAME_MEETING_THAT_DAY], "a double click is noticed"
        assert not await refusals_of(meet(office, TWICE.meeting_id, TWICE.model_copy(update={"confirm": CONFIRMED})))


async def test_figures_follow_a_correction_and_a_withdrawal_and_the_petitions_stay_where_they_were(
    database: str,
) -> None:
    async with open_office(database) as office, followed(office) as runner:
        await open_units(office)
        assert await held(office, runner) == 1
        await meet(office, TWICE.meeting_id, TWICE.model_copy(update={"confirm": CONFIRMED}))
        petition = (
            await perform(office, with_changes(RECEIVE, channel=Channel.DIALOGUE, meeting_id=TWICE.meeting_id))
        ).reference
        assert await held(office, runner) == 2

        field = c.FieldToCorrect(path="occurred_on", becomes="2026-06-29")
        propose = c.ProposeMeetingCorrection(occurred_on=TODAY, corrections=(field,), why="ghi nhầm ngày")
        await meet(office, TWICE.meeting_id, propose)
        await meet(office, TWICE.meeting_id, c.ApproveMeetingCorrection(occurred_on=TODAY, proposal=2), HEAD)
        assert await held(office, runner) == 1, "it was held in another month"
        await assert_views_complete(office)

        withdraw = c.ProposeMeetingWithdrawal(occurred_on=TODAY, why="nhập hai lần", same_as=MEETING)
        for moment in ("the views have it", "the log alone has it"):
            with pytest.raises(Refused) as refused:
                await meet(office, TWICE.meeting_id, withdraw)
            assert refused.value.values["references"] == (petition,), moment
            if moment == "the views have it":
                async with as_projector(office) as connection:
                    await connection.execute("UPDATE kiennghi_views.positions SET is_loading = true")
        async with as_projector(office) as connection:
            await connection.execute("UPDATE kiennghi_views.positions SET is_loading = false")

    async with open_office(database) as office, followed(office) as runner:
        another = TWICE.model_copy(update={"meeting_id": MeetingId(uuid4()), "occurred_on": july(7)})
        await meet(office, another.meeting_id, another)
        assert await held(office, runner) == 2
        await meet(office, another.meeting_id, withdraw)
        await meet(office, another.meeting_id, c.ApproveMeetingWithdrawal(occurred_on=TODAY, proposal=2), HEAD)
        assert await held(office, runner) == 1
        await assert_views_complete(office)
        meeting = await office.queries.meeting(another.meeting_id)
        assert meeting is not None
        assert meeting.stage is MeetingStage.WITHDRAWN
        received = with_changes(RECEIVE, occurred_on=july(7), channel=Channel.DIALOGUE, meeting_id=another.meeting_id)
        with pytest.raises(Refused, match="the record of this meeting was withdrawn"):
            await perform(office, received)
        again = another.model_copy(update={"meeting_id": MeetingId(uuid4())})
        await meet(office, again.meeting_id, again)
