"""Checks alerts about duties: the worker finds a petition that is over, tells who owes, and stops when it is done."""

import pytest

from domain.alerts.step import DUTY_CLOCKS
from domain.deadlines.clock import ClockSubject, SubjectKind
from domain.value import known
from domain.vocabulary import PetitionId
from projections.alerts import AlertItem
from service.commands.office import ApplicationService
from tests.domain.samples import (
    ANSWER,
    ASK_FOR_DOCUMENTS,
    CLOSE,
    COMPLAINT,
    NOTIFY,
    SEND_DECISION,
    SUPPLY_DOCUMENTS,
    in_progress,
    july,
)
from tests.service.alerts.test_raise_and_compose import (
    alert_lines,
    compose_when_followed,
    composed_messages,
    list_alerts,
    morning,
    open_follower_office,
    raise_when_followed,
    raised_alerts,
)
from tests.service.office_fixtures import assert_views_complete, perform, run_life_cycle

pytestmark = pytest.mark.anyio


def of_duties(items: list[AlertItem]) -> list[AlertItem]:
    return [item for item in items if item.clock in DUTY_CLOCKS]


async def duty_steps(office: ApplicationService, petition_id: PetitionId) -> list[str]:
    return [one.step for one in await raised_alerts(office, petition_id) if one.clock in DUTY_CLOCKS]


async def test_a_decision_that_nobody_sends_is_told_after_the_petition_was_answered(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, [*in_progress(COMPLAINT), ANSWER])
        await raise_when_followed(office, follower, july(24))
        assert await duty_steps(office, petition_id) == ["duty-two-days-before", "duty-due-day", "duty-day-after"]
        assert (await raise_when_followed(office, follower, july(24))).alerts == 0, "each step comes once"
        listed = of_duties(await list_alerts(office, follower))
        assert {(one.clock, one.due_on, one.unit, one.is_live) for one in listed} == {
            ("decision_sending", july(23), "so-mau", True)
        }
        await compose_when_followed(office, follower, morning(july(24)))
        told = {
            str(message.addressee)
            for message in await composed_messages(office)
            for line in alert_lines(message)
            if line.clock in DUTY_CLOCKS
        }
        assert told == {"chuyen-vien", "giam-doc", "truong-ban"}
        await perform(office, SEND_DECISION, petition_id)
        assert (await raise_when_followed(office, follower, july(31))).alerts == 0
        assert of_duties(await list_alerts(office, follower)) == []
        await assert_views_complete(office)


async def test_a_duty_of_another_unit_is_told_there_with_the_unit_as_its_subject(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, [*in_progress(COMPLAINT), ASK_FOR_DOCUMENTS])
        await raise_when_followed(office, follower, july(20))
        raised = [one for one in await raised_alerts(office, petition_id) if one.clock in DUTY_CLOCKS]
        assert {(known(one.unit), known(one.subject)) for one in raised} == {
            ("so-khac", ClockSubject(kind=SubjectKind.UNIT, reference="so-khac"))
        }
        listed = of_duties(await list_alerts(office, follower))
        assert {(one.subject, one.unit, one.officer) for one in listed} == {("unit:so-khac", "so-khac", None)}
        await perform(office, SUPPLY_DOCUMENTS, petition_id)
        assert [one.is_live for one in of_duties(await list_alerts(office, follower))] == [False] * len(listed)
        for command in (ANSWER, NOTIFY, CLOSE):
            await perform(office, command, petition_id)
        assert await list_alerts(office, follower) == []
        await assert_views_complete(office)
