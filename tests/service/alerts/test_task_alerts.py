"""Checks alerts about tasks of a conclusion: each step is raised and told once, and none after the task is done."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from domain.alerts.vocabulary import WatchedClock
from domain.meetings import commands as c
from domain.meetings.events import TaskAlertRaised
from domain.vocabulary import Category, MeetingId
from service.alerts.raise_due import raise_due_alerts
from service.commands.office import ApplicationService
from tests.domain.alerts.ladders import parse_site_ladder
from tests.domain.samples import august, july
from tests.service.alerts.test_raise_and_compose import (
    alert_lines,
    compose_when_followed,
    composed_messages,
    list_alerts,
    morning,
    open_follower_office,
    raise_when_followed,
)
from tests.service.commands.test_meetings import meet, plan
from tests.service.office_fixtures import assert_views_complete, open_office

pytestmark = pytest.mark.anyio

LADDER = parse_site_ladder("""
[[step]]
id = "task-passed"
version = 1
clock = "task"
at = "+1wd"
to = ["head", "follow_up"]
in_force_from = 2026-07-01
legal_source = "QĐ"
says = { vi = "việc quá hạn", en = "late" }
""")


async def conclude(office: ApplicationService, *due_on: date) -> MeetingId:
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id, chair=f"ct-{meeting_id}"))
    await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20)))
    notice = c.IssueConclusionNotice(
        occurred_on=july(24),
        document_no="60/TB",
        signed_by="chu-tich",
        signer_position="Chủ tịch",
        tasks=tuple(c.TaskOfConclusion(unit="so-mau", task="sửa đường", due_on=day) for day in due_on),
    )
    await meet(office, meeting_id, notice)
    return meeting_id


async def raised(office: ApplicationService, meeting_id: MeetingId) -> list[tuple[int, str]]:
    history = await office.queries.meeting_history(meeting_id)
    return [(one.fact.number, one.fact.step) for one in history if isinstance(one.fact, TaskAlertRaised)]


async def test_two_workers_raise_each_step_of_a_task_once_and_tell_it_once(database: str) -> None:
    async with open_follower_office(database) as (one, follower), open_office(database) as other:
        meetings = [await conclude(one, july(30), july(31), august(31)) for _ in range(4)]
        assert await follower.wait_until_current()
        await asyncio.gather(*(raise_due_alerts(office, LADDER, august(3)) for office in (one, other, one)))
        for meeting_id in meetings:
            assert await raised(one, meeting_id) == [(1, "task-passed"), (2, "task-passed")]
        assert (await raise_when_followed(other, follower, august(3), LADDER)).alerts == 0
        await compose_when_followed(one, follower, morning(august(3)), LADDER)
        await compose_when_followed(other, follower, morning(august(4)), LADDER)
        told = [(str(m.addressee), line) for m in await composed_messages(one) for line in alert_lines(m)]
        assert {addressee for addressee, _ in told} == {"giam-doc", "truong-ban"}
        assert len(told) == 2 * 2 * len(meetings)
        assert {(line.about.category, line.about.reference) for _, line in told} == {(Category.MEETING, "60/TB")}
        assert await follower.wait_until_current()
        await assert_views_complete(one)


async def test_a_completed_task_is_off_the_list_and_an_alert_may_be_acknowledged(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        meeting_id = await conclude(office, july(30), july(31))
        await raise_when_followed(office, follower, august(3), LADDER)
        taking_note = c.AcknowledgeTaskAlert(occurred_on=august(3), number=1, due_on=july(30), step="task-passed")
        await meet(office, meeting_id, taking_note)
        listed = await list_alerts(office, follower)
        assert [
            (one.clock, one.subject, one.acknowledged_on) for one in sorted(listed, key=lambda one: one.subject)
        ] == [
            (WatchedClock.TASK, "task:1", august(3)),
            (WatchedClock.TASK, "task:2", None),
        ]
        await meet(office, meeting_id, c.CompleteConclusionTask(occurred_on=august(3), number=2, result="xong"))
        assert [one.subject for one in await list_alerts(office, follower)] == ["task:1"]
        assert await follower.wait_until_current()
        await assert_views_complete(office)
