"""Checks the worker in the background of a process: it runs rounds, reports faults, and goes on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial
from time import monotonic
from uuid import uuid4

import psycopg
import pytest

from domain.alerts.events import MessageComposed, OperatorAlertRaised
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import OperatorSubject
from domain.commands import ReceivePetition
from domain.deadlines.calendar import Calendar
from domain.deadlines.policy import Law
from domain.events import AlertRaised
from domain.value import said
from domain.vocabulary import Channel, PetitionId
from service.alerts import worker
from service.alerts.ladder import national_ladder
from service.alerts.operator_alerts import find_ending_rules, find_lagging_views, find_stuck_messages
from service.alerts.trusted_clock import PreviousReading, TrustedClock
from service.alerts.worker import AlertsViewBehind, alert_worker_running, run_alert_round, wait_for_alerts_view
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.config.law_files import national_law
from service.config.settings import Settings
from service.projector.runner import ProjectionRunner
from tests.domain.alerts.ladders import parse_site_ladder
from tests.service.office_fixtures import CLERK, VAULT_KEY, as_projector, open_office

pytestmark = pytest.mark.anyio

OPERATED = parse_site_ladder('[operator]\nofficers = ["quan-tri"]\n')


@asynccontextmanager
async def open_followed_office(dsn: str, *, alerts: bool = False) -> AsyncIterator[ApplicationService]:
    """Open an office that views follow and that uses the clocks of this machine."""
    async with (
        ApplicationService.open(dsn, Settings(alerts=alerts), vault_key=VAULT_KEY) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault),
    ):
        yield office


async def receive_late_petition(office: ApplicationService) -> PetitionId:
    """Receive a letter that nobody handles: its first limit, of ten working days, is over."""
    received_on = office.today - timedelta(days=30)
    command = ReceivePetition(occurred_on=received_on, channel=Channel.POST, summary="Đường hỏng")
    done = await office.petitions.perform(CommandRequest(command, command_id=uuid4(), digest=b""), CLERK)
    return PetitionId(done.petition_id)


async def raised_steps(office: ApplicationService, petition_id: PetitionId) -> list[str]:
    return [one.fact.step for one in await office.queries.history(petition_id) if isinstance(one.fact, AlertRaised)]


async def wait_for_steps(office: ApplicationService, petition_id: PetitionId) -> list[str]:
    async with asyncio.timeout(30):
        while not (found := await raised_steps(office, petition_id)):
            await asyncio.sleep(0.05)
    return found


async def test_a_process_that_is_told_to_raises_alerts_beside_its_work(database: str) -> None:
    async with open_followed_office(database, alerts=True) as office:
        petition_id = await receive_late_petition(office)
        async with alert_worker_running(office, national_ladder()):
            assert "day-after" in await wait_for_steps(office, petition_id)
        assert not [task for task in asyncio.all_tasks() if task.get_name() == "alerts"]


async def test_a_process_that_is_not_told_to_raises_nothing(database: str) -> None:
    async with open_followed_office(database) as office:
        petition_id = await receive_late_petition(office)
        async with alert_worker_running(office, national_ladder()):
            assert not [task for task in asyncio.all_tasks() if task.get_name() == "alerts"]
        assert await raised_steps(office, petition_id) == []


async def test_a_round_that_is_done_again_does_nothing(database: str) -> None:
    async with open_followed_office(database) as office:
        await receive_late_petition(office)
        clock = TrustedClock(office.pool, office.settings.zone)
        first = await run_alert_round(office, national_ladder(), clock)
        assert first.raised.petitions == 1
        again = await run_alert_round(office, national_ladder(), clock)
        assert (again.raised.alerts, again.composed) == (0, 0)


async def operator_subjects(office: ApplicationService) -> list[str]:
    log = await office.histories.page(0, 10_000)
    composed = [one.fact for one in log if isinstance(one.fact, MessageComposed)]
    return [
        notice.subject
        for message in composed
        for notice in said(message.notices, ())
        if message.addressee == "quan-tri"
    ]


async def test_of_a_clock_that_leapt_the_operator_hears_and_nothing_is_raised(database: str) -> None:
    async with open_followed_office(database) as office:
        petition_id = await receive_late_petition(office)
        clock = TrustedClock(office.pool, office.settings.zone)
        now = await clock.now()
        clock._seen = PreviousReading(now.at - timedelta(days=3), monotonic(), None)  # as if it had leapt since
        await worker._run_round_and_log(office, OPERATED, clock)
        await wait_for_alerts_view(office)
        await worker._run_round_and_log(office, OPERATED, clock)
        assert await raised_steps(office, petition_id) == []
        assert "clock_leapt" in await operator_subjects(office)


async def test_while_no_view_follows_nothing_is_decided_and_the_operators_notice_is_recorded(
    unfollowed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(unfollowed_database) as office:
        with pytest.raises(AlertsViewBehind):
            await wait_for_alerts_view(office, timeout_seconds=0.1)
        monkeypatch.setattr(worker, "wait_for_alerts_view", partial(wait_for_alerts_view, timeout_seconds=0.1))
        petition_id = await receive_late_petition(office)
        await worker._run_round_and_log(office, OPERATED, TrustedClock(office.pool, office.settings.zone))
        assert await raised_steps(office, petition_id) == []
        log = await office.histories.page(0, 10_000)
        told = [one.fact.subject for one in log if isinstance(one.fact, OperatorAlertRaised)]
        assert told == [OperatorSubject.VIEW_LAGS]


def law_with_calendar_until(on: date) -> Law:
    national = national_law()
    calendar = Calendar("NGAN.1", date(2026, 1, 1), on, {}, {})
    return Law(national.policies, calendar)


def test_a_calendar_that_runs_out_is_told_of_once_a_week() -> None:
    wednesday = date(2026, 11, 25)
    (said,) = find_ending_rules(law_with_calendar_until(date(2026, 12, 31)), wednesday)
    assert (said.subject, said.about, said.until) == ("calendar_ends", "NGAN.1", date(2026, 12, 31))
    assert find_ending_rules(law_with_calendar_until(date(2026, 12, 31)), wednesday + timedelta(days=2)) == [said]
    assert find_ending_rules(law_with_calendar_until(date(2027, 12, 31)), wednesday) == []


async def test_views_that_follow_and_messages_that_go_out_are_nothing_to_hear_of(database: str) -> None:
    async with open_followed_office(database) as office:
        await receive_late_petition(office)
        await wait_for_alerts_view(office)
        now = await TrustedClock(office.pool, office.settings.zone).now()
        async with as_projector(office) as connection:
            assert await find_lagging_views(connection, now.today) == []
            assert await find_stuck_messages(connection, now.at, now.today) == []
            await connection.execute(
                "INSERT INTO alerts_messages VALUES"
                " (gen_random_uuid(), 'giam-doc', 'email', 1, %s, TRUE, 'dead', %s, 10),"
                " (gen_random_uuid(), 'giam-doc', 'webhook', 1, %s, TRUE, 'waiting', %s, 3)",
                [now.today, now.at, now.today - timedelta(days=2), now.at],
            )
            found = await find_stuck_messages(connection, now.at, now.today)
    assert [(said.about, said.count) for said in found] == [("email", 1), ("webhook", 1)]


def test_the_ladder_of_a_site_is_that_of_the_nation_with_its_own() -> None:
    assert isinstance(OPERATED, Ladder)
    assert OPERATED.rows == national_ladder().rows


async def test_a_worker_outlives_the_sessions_that_it_works_in(database: str) -> None:
    async with open_followed_office(database) as office:
        working = asyncio.create_task(worker.run_alert_worker(office, national_ladder(), pause=0.05))
        try:
            first = await receive_late_petition(office)
            await wait_for_steps(office, first)
            with psycopg.connect(database, autocommit=True) as administrator:
                administrator.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            second = await receive_late_petition(office)
            assert "day-after" in await wait_for_steps(office, second)
            assert not working.done()
        finally:
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
