"""Checks alerts from a due date to a message: each step once, however often and whenever a worker looks."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest

from domain.actor import Credentials
from domain.alerts.events import AlertLine, MessageComposed, OperatorAlertRaised
from domain.alerts.keys import step_key_of
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import OperatorSubject
from domain.envelope import EventEnvelope
from domain.events import AlertAcknowledged, AlertRaised, PetitionEvent, ReminderIssued, ReminderProposed
from domain.units.commands import PlaceUnit, TakeOffice
from domain.units.events import Office as Held
from domain.value import UNSET, said
from domain.vocabulary import PetitionId
from projections import alerts
from projections.alerts import AlertItem, Alerts
from service.alerts.compose_messages import compose_due_messages, raise_operator_alerts
from service.alerts.ladder import national_ladder
from service.alerts.raise_due import RaisedCounts, preview_due_alerts, raise_due_alerts
from service.alerts.trusted_clock import ClockReading
from service.commands.office import ApplicationService
from service.projector.rebuild import rebuild_views
from service.projector.runner import ProjectionRunner
from tests.domain.alerts.ladders import parse_site_ladder
from tests.domain.samples import (
    ANSWER,
    ASK_FOR_TIME,
    COMPLAINT,
    EXTEND,
    PROPOSAL,
    RECEIVE,
    REMIND,
    SUSPEND,
    TAKE_NOTE,
    august,
    in_progress,
    july,
    with_changes,
)
from tests.service.office_fixtures import CLERK, assert_views_complete, open_office, open_units, perform, run_life_cycle

pytestmark = pytest.mark.anyio

LADDER = national_ladder()
HANOI = timedelta(hours=7)


def morning(day: date, hour: int = 8) -> ClockReading:
    return ClockReading(datetime.combine(day, time(hour), UTC) - HANOI, day)


@asynccontextmanager
async def open_follower_office(dsn: str) -> AsyncIterator[tuple[ApplicationService, ProjectionRunner]]:
    """Open an office with the units of the samples, a head, a chair and a follow-up board."""
    async with open_office(dsn) as office:
        if not await office.histories.last_position():
            await open_units(office)
            long_ago = date(2020, 1, 1)
            for unit in ("so-mau", "so-khac", "ban-tcd"):
                await change_unit(
                    office, PlaceUnit(occurred_on=long_ago, unit=unit, parent="ubnd-tinh", instrument="1/QĐ")
                )
            for unit, held, officer in (
                ("so-mau", Held.HEAD, "giam-doc"),
                ("ubnd-tinh", Held.CHAIR, "chu-tich"),
                ("ubnd-tinh", Held.HEAD, "chu-tich"),
                ("ubnd-tinh", Held.FOLLOW_UP, "truong-ban"),
            ):
                taking = TakeOffice(occurred_on=long_ago, unit=unit, office=held, officer=officer, position="Trưởng")
                await change_unit(office, taking)
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
            yield office, follower


async def change_unit(office: ApplicationService, command: PlaceUnit | TakeOffice) -> None:
    administrator = Credentials.model_validate(CLERK.model_dump())
    await office.units.perform(command, administrator, command_id=uuid4(), digest=b"")


async def raise_when_followed(
    office: ApplicationService, follower: ProjectionRunner, day: date, ladder: Ladder = LADDER
) -> RaisedCounts:
    assert await follower.wait_until_current()
    return await raise_due_alerts(office, ladder, day)


async def compose_when_followed(
    office: ApplicationService, follower: ProjectionRunner, now: ClockReading, ladder: Ladder = LADDER
) -> int:
    assert await follower.wait_until_current()
    return await compose_due_messages(office, ladder, now)


async def raised_alerts(office: ApplicationService, petition_id: PetitionId) -> list[AlertRaised]:
    history: list[EventEnvelope[PetitionEvent]] = await office.queries.history(petition_id)
    return [one.fact for one in history if isinstance(one.fact, AlertRaised)]


async def composed_messages(office: ApplicationService) -> list[MessageComposed]:
    log = await office.histories.page(0, 100_000)
    return [one.fact for one in log if isinstance(one.fact, MessageComposed)]


def alert_lines(message: MessageComposed) -> tuple[AlertLine, ...]:
    return said(message.alerts, ())


async def list_alerts(office: ApplicationService, follower: ProjectionRunner) -> list[AlertItem]:
    assert await follower.wait_until_current()
    async with office.pool.connection() as connection:
        return await alerts.read_alerts(connection, limit=1000)


async def test_after_a_stop_of_days_each_step_comes_once_in_order_and_in_one_message(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, in_progress(PROPOSAL))
        decided = await raise_when_followed(office, follower, august(3))
        assert (decided.petitions, decided.alerts) == (1, 4)
        steps = [(alert.step, alert.occurred_on) for alert in await raised_alerts(office, petition_id)]
        assert steps == [
            ("five-days-before", july(24)),
            ("two-days-before", july(29)),
            ("due-day", july(31)),
            ("day-after", august(3)),
        ]
        assert (await raise_when_followed(office, follower, august(3))).alerts == 0
        history = await office.queries.history(petition_id)
        assert [isinstance(one.fact, ReminderIssued) for one in history].count(True) == 0
        assert sum(isinstance(one.fact, ReminderProposed) for one in history) == 1
        assert history[-1].by.officer == "kiennghi"

        assert await compose_when_followed(office, follower, morning(august(3))) == 3
        sent = {str(message.addressee): message for message in await composed_messages(office)}
        assert sent.keys() == {"chuyen-vien", "giam-doc", "truong-ban"}
        for message in sent.values():
            (line,) = alert_lines(message)
            assert line.step == "day-after"
        assert alert_lines(sent["giam-doc"])[0].folded == ("five-days-before", "two-days-before", "due-day")
        assert await compose_when_followed(office, follower, morning(august(3))) == 0
        assert await compose_when_followed(office, follower, morning(august(4))) == 0
        await assert_views_complete(office)


async def test_a_proposed_reminder_is_on_the_list_until_an_officer_issues_it(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, in_progress(PROPOSAL))
        await raise_when_followed(office, follower, august(3))
        (waiting,) = [one for one in await list_alerts(office, follower) if one.awaits_reminder]
        assert (waiting.petition_id, waiting.step, waiting.does) == (petition_id, "day-after", "remind")
        async with office.pool.connection() as connection:
            assert await alerts.read_alerts(connection, awaiting_reminder=True) == [waiting]
        issue = with_changes(REMIND, occurred_on=august(4), asked_for_on=august(12))
        await perform(office, issue, petition_id)
        assert [one for one in await list_alerts(office, follower) if one.awaits_reminder] == []
        await assert_views_complete(office)


async def test_messages_go_out_in_working_hours_and_one_a_morning(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        await run_life_cycle(office, in_progress(PROPOSAL))
        await raise_when_followed(office, follower, august(1))
        assert await compose_when_followed(office, follower, morning(august(1))) == 0, "a Saturday"
        assert await compose_when_followed(office, follower, morning(august(3), hour=6)) == 0
        assert await compose_when_followed(office, follower, morning(august(3), hour=18)) == 0
        assert await compose_when_followed(office, follower, morning(august(3))) == 2
        await run_life_cycle(office, in_progress(PROPOSAL))
        await raise_when_followed(office, follower, august(3))
        assert await compose_when_followed(office, follower, morning(august(3), hour=9)) == 1, (
            "whoever had none today: the board"
        )
        assert await compose_when_followed(office, follower, morning(august(4))) == 2


async def test_two_workers_raise_each_step_once_and_tell_it_once(database: str) -> None:
    async with open_follower_office(database) as (one, follower), open_office(database) as other:
        ids = await asyncio.gather(*(run_life_cycle(one, in_progress(COMPLAINT)) for _ in range(12)))
        assert await follower.wait_until_current()
        decided = await asyncio.gather(*(raise_due_alerts(office, LADDER, august(3)) for office in (one, other, one)))
        assert sum(one.alerts for one in decided) >= 12 * 5
        for petition_id in ids:
            keys = [step_key_of(alert) for alert in await raised_alerts(one, petition_id)]
            assert len(keys) == len(set(keys)) == 5
        assert await follower.wait_until_current()
        await asyncio.gather(
            *(compose_due_messages(office, LADDER, morning(august(3))) for office in (one, other, one))
        )
        assert await compose_when_followed(other, follower, morning(august(4))) == 0
        lines = Counter(
            (message.addressee, line.about.stream, line.clock, step)
            for message in await composed_messages(one)
            for line in alert_lines(message)
            for step in (*said(line.folded, ()), line.step)
        )
        assert set(lines.values()) == {1}
        assert {petition for _, petition, *_ in lines} == set(ids)
        await assert_views_complete(one)


async def test_a_view_that_is_built_anew_raises_and_tells_nothing(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        await run_life_cycle(office, in_progress(PROPOSAL))
        assert (await raise_when_followed(office, follower, august(3))).alerts == 4
        assert await compose_when_followed(office, follower, morning(august(3))) == 3
        assert await follower.wait_until_current()
        await rebuild_views(office.pool, office.histories, office.vault, Alerts())
        head = await office.histories.last_position()
        assert (await raise_when_followed(office, follower, august(3))).alerts == 0
        assert await compose_when_followed(office, follower, morning(august(3))) == 0
        assert await office.histories.last_position() == head


async def test_an_extension_moves_what_is_not_raised_and_silences_what_is_not_told(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, in_progress(PROPOSAL))
        assert (await raise_when_followed(office, follower, july(24))).alerts == 1
        await perform(office, ASK_FOR_TIME, petition_id)
        await perform(office, EXTEND, petition_id)  # to 14 August
        assert await compose_when_followed(office, follower, morning(july(24))) == 0
        assert (await raise_when_followed(office, follower, july(31))).alerts == 0
        assert (await raise_when_followed(office, follower, august(7))).alerts == 1
        assert await compose_when_followed(office, follower, morning(august(7))) == 2
        (line,) = alert_lines((await composed_messages(office))[0])
        assert (line.due_on, line.folded) == (august(14), UNSET)


async def test_what_was_raised_before_a_suspension_is_not_told_during_it(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, in_progress(PROPOSAL))
        assert (await raise_when_followed(office, follower, july(24))).alerts == 1
        await perform(office, with_changes(SUSPEND, occurred_on=july(24)), petition_id)
        assert await compose_when_followed(office, follower, morning(july(24))) == 0
        assert (await raise_when_followed(office, follower, august(20))).alerts == 0


async def test_an_answer_of_the_same_moment_leaves_either_or_both_and_nothing_twice(database: str) -> None:
    """The second writer decides on what the first has recorded."""
    async with open_follower_office(database) as (one, follower), open_office(database) as other:
        ids = await asyncio.gather(*(run_life_cycle(one, in_progress(PROPOSAL)) for _ in range(8)))
        assert await follower.wait_until_current()
        await asyncio.gather(
            raise_due_alerts(one, LADDER, july(31)),
            *(perform(other, with_changes(ANSWER, occurred_on=july(30)), petition_id) for petition_id in ids),
        )
        for petition_id in ids:
            topics = [type(event.fact).__name__ for event in await one.queries.history(petition_id)]
            assert topics.count("AnsweredInWriting") == 1
            assert topics.count("AlertRaised") in (0, 3)
            if "AlertRaised" in topics:
                assert topics.index("AlertRaised") < topics.index("AnsweredInWriting")


async def test_a_decision_on_a_history_that_went_on_is_made_again(database: str) -> None:
    """The view still says that a step is due; the petition's history says that the petition is answered."""
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, in_progress(PROPOSAL))
        assert await follower.wait_until_current()
        await perform(office, with_changes(ANSWER, occurred_on=july(20)), petition_id)
        assert (await raise_due_alerts(office, LADDER, july(31))).alerts == 0


async def test_a_clock_that_goes_back_raises_nothing_again(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, in_progress(PROPOSAL))
        await raise_when_followed(office, follower, july(31))
        for day in (july(31) - timedelta(days=400), july(30), july(31)):
            assert (await raise_when_followed(office, follower, day)).alerts == 0
        assert len(await raised_alerts(office, petition_id)) == 3


async def test_a_dry_run_says_what_would_be_raised_and_writes_nothing(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        await run_life_cycle(office, in_progress(PROPOSAL))
        await run_life_cycle(office, [RECEIVE])
        assert await follower.wait_until_current()
        head = await office.histories.last_position()
        found = [facts async for _, facts in preview_due_alerts(office, LADDER, july(31))]
        assert sorted(len(facts) for facts in found) == [3, 4]
        assert await office.histories.last_position() == head


async def test_a_list_says_whom_a_message_told_and_who_took_note(database: str) -> None:
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, in_progress(PROPOSAL))
        await raise_when_followed(office, follower, july(24))
        (item,) = await list_alerts(office, follower)
        assert (item.step, item.told, item.acknowledged_on, item.is_live) == ("five-days-before", [], None, True)
        await compose_when_followed(office, follower, morning(july(24)))
        await perform(office, TAKE_NOTE, petition_id)
        (item,) = await list_alerts(office, follower)
        assert (item.told, item.acknowledged_on) == (["chuyen-vien", "giam-doc"], july(27))
        history = await office.queries.history(petition_id)
        assert isinstance(history[-1].fact, AlertAcknowledged)
        await perform(office, with_changes(ANSWER, occurred_on=july(28)), petition_id)
        assert await list_alerts(office, follower) == []
        async with office.pool.connection() as connection:
            tellings = await alerts.read_alert_messages(connection, petition_id)
        assert [(telling.addressee, telling.composed_on) for telling in tellings] == [
            ("chuyen-vien", july(24)),
            ("giam-doc", july(24)),
        ]


async def test_the_operator_hears_at_once_and_once_for_a_subject_and_a_day(database: str) -> None:
    ladder = parse_site_ladder('[operator]\nofficers = ["quan-tri"]\nby = ["email", "webhook"]\n')
    calendar_ends = OperatorAlertRaised(occurred_on=august(1), subject=OperatorSubject.CALENDAR_ENDS, about="VN-2026.1")
    async with open_follower_office(database) as (office, follower):
        await raise_operator_alerts(office, [calendar_ends])
        await raise_operator_alerts(office, [calendar_ends])
        assert await compose_when_followed(office, follower, morning(august(1), hour=3), ladder) == 2
        assert await compose_when_followed(office, follower, morning(august(1), hour=3), ladder) == 0
        for message in await composed_messages(office):
            assert (message.addressee, [notice.about for notice in said(message.notices, ())]) == (
                "quan-tri",
                ["VN-2026.1"],
            )


async def test_where_nobody_holds_an_office_the_next_role_up_is_told_and_the_operator_hears(database: str) -> None:
    ladder = parse_site_ladder('[operator]\nofficers = ["quan-tri"]\n')
    async with open_follower_office(database) as (office, follower):
        petition_id = await run_life_cycle(office, [RECEIVE])  # at the province, by the chair, who is its head
        await raise_when_followed(office, follower, august(21), ladder)
        assert await raised_alerts(office, petition_id)
        await compose_when_followed(office, follower, morning(august(21)), ladder)
        assert await compose_when_followed(office, follower, morning(august(21)), ladder) == 1
        (notice,) = [message for message in await composed_messages(office) if message.notices]
        assert [line.about for line in said(notice.notices, ())] == ["inspectorate/ubnd-tinh"]
        assert "chu-tich" in {message.addressee for message in await composed_messages(office)}
