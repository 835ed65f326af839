"""A morning's alerts: a tenth of many open petitions falls due, and each addressee gets one message.

The worker is a process of its own that follows the log too, as `kiennghi alerts work` does: its memory is its own.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from domain.actor import SERVICE_CREDENTIALS
from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import start_clock_with_date
from domain.events import (
    ExternalStepRecorded,
    Official,
    PetitionAssigned,
    PetitionClassified,
    PetitionEvent,
    PetitionReceived,
)
from domain.units.commands import OpenUnit, TakeOffice
from domain.units.events import Office as Held
from domain.vocabulary import Channel, OfficerId, PetitionKind, UnitId
from service.alerts.compose_messages import compose_due_messages
from service.alerts.ladder import national_ladder
from service.alerts.raise_due import PETITIONS_RAISED_AT_ONCE, raise_due_alerts
from service.alerts.trusted_clock import ClockReading
from service.alerts.worker import wait_for_alerts_view
from service.bootstrap import run_coroutine, running_office
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.event_store.codec import encode_fact
from service.projector.runner import ProjectionRunner
from tests.benchmarks.environment import DIGEST, OFFICER, VAULT_KEY, Ground
from tests.benchmarks.law_change import put_into_log
from tests.benchmarks.results import Figure, Outcome, Series

LONGEST, MOST_MEMORY = 60_000.0, 300.0
"""Milliseconds for 10,000 of 100,000 petitions, and megabytes."""

UNITS, OFFICERS = 100, 400
"""Each unit has a head: together 500 who are told."""

APPENDS = "the same appends, nothing looked for or decided"
EMPTY = "the process before it looked"


class Measured(NamedTuple):
    """Milliseconds, and megabytes of memory at its highest."""

    deciding: float
    telling: float
    alerts: int
    messages: int
    idle: float
    memory: float


async def measure(ground: Ground) -> list[Outcome]:
    due = ground.petitions // 10
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        day = office.law.calendar.next_working_day(office.today)
        _tell(dsn, ground.petitions, day, office.law.calendar)
        await _staff(office)
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
            assert await follower.wait_until_current()
        ground.settle()
        found = await asyncio.to_thread(_in_a_process, dsn, day)
        assert found.alerts == due, f"{found.alerts} alerts on {due} petitions"
        assert found.messages == min(UNITS, due) + min(OFFICERS, due), f"{found.messages} messages"
        appends = await _appended(office, range(due, 2 * due), day)
    share = ground.petitions / 100_000
    named = f"{due:,} of {ground.petitions:,} open petitions"
    return [
        Figure(
            f"alerts of a day found, decided and recorded, {named}",
            "ms",
            Series((found.deciding,)),
            APPENDS,
            Series((appends,)),
            LONGEST * share,
        ),
        Figure(
            f"{found.messages} messages composed of them, once the view has come",
            "ms",
            Series((found.telling,)),
            APPENDS,
            Series((appends,)),
        ),
        Figure(
            f"memory of the worker, {named}", "MB", Series((found.memory,)), EMPTY, Series((found.idle,)), MOST_MEMORY
        ),
    ]


def _in_a_process(dsn: str, day: date) -> Measured:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=_worked, args=(dsn, day, theirs))
    worker.start()
    theirs.close()
    measured: Measured = ours.recv()
    worker.join()
    return measured


def _worked(dsn: str, day: date, told: Connection) -> None:
    told.send(run_coroutine(_work(dsn, day)))


async def _work(dsn: str, day: date) -> Measured:
    settings, ladder = Settings(), national_ladder()
    morning = datetime.combine(day, time_of_day(9), settings.zone).astimezone(UTC)
    async with running_office(dsn, settings, vault_key=VAULT_KEY) as (office, _):
        await wait_for_alerts_view(office)
        idle, began = _memory(), time.perf_counter()
        decided = await raise_due_alerts(office, ladder, day)
        recorded = time.perf_counter()
        await wait_for_alerts_view(office)
        messages = await compose_due_messages(office, ladder, ClockReading(morning, day))
        ended = time.perf_counter()
    return Measured((recorded - began) * 1000, (ended - recorded) * 1000, decided.alerts, messages, idle, _memory())


def _memory() -> float:
    """The most that this process had; what getrusage says goes on from the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def _appended(office: ApplicationService, petitions: Sequence[int], day: date) -> float:
    """One event on each, as many at once as alerts are."""
    began = time.perf_counter()
    for first in range(0, len(petitions), PETITIONS_RAISED_AT_ONCE):
        some = petitions[first : first + PETITIONS_RAISED_AT_ONCE]
        await asyncio.gather(
            *(
                office.writer.append_facts(
                    UUID(int=n),
                    [ExternalStepRecorded(occurred_on=day, step="đo lường", unit=UnitId("so-00"))],
                    SERVICE_CREDENTIALS,
                    after=3,
                    command_id=uuid4(),
                    digest=DIGEST,
                )
                for n in some
            )
        )
    return (time.perf_counter() - began) * 1000


async def _staff(office: ApplicationService) -> None:
    for n in range(UNITS):
        unit, on = f"so-{n:02}", date(2020, 1, 1)
        opening = OpenUnit(unit=unit, name=unit, occurred_on=on)
        taking = TakeOffice(unit=unit, office=Held.HEAD, officer=f"giam-doc-{n}", position="Giám đốc", occurred_on=on)
        for command in (opening, taking):
            await office.units.perform(command, OFFICER, command_id=uuid4(), digest=DIGEST)


def _tell(dsn: str, petitions: int, day: date, calendar: Calendar) -> None:
    """All assigned, with a date of the head: of a tenth it lies five working days from the day, of the others later."""
    soon = calendar.add_working_days(day, 5)
    events: list[tuple[UUID, int, str, bytes]] = []
    for n in range(petitions):
        due_on = soon if n < petitions // 10 else soon + timedelta(days=1 + n % 40)
        events += [
            (UUID(int=n), m, type(fact).__name__, encode_fact(fact))
            for m, fact in enumerate(_life(n, day, due_on), start=1)
        ]
    put_into_log(dsn, events)


def _life(n: int, day: date, due_on: date) -> list[PetitionEvent]:
    on = day - timedelta(days=10)
    return [
        PetitionReceived(
            occurred_on=on,
            channel=Channel.POST,
            kind=PetitionKind.PROPOSAL_FEEDBACK,
            summary="Đề nghị sửa đoạn đường liên thôn bị hư hỏng",
            place="xã Mẫu",
            book="TD",
            identity_protected=False,
        ),
        PetitionClassified(occurred_on=on, kind=PetitionKind.PROPOSAL_FEEDBACK, topic="giao thông"),
        PetitionAssigned(
            occurred_on=on,
            lead_unit=UnitId(f"so-{n % UNITS:02}"),
            responsible=Official(officer=OfficerId(f"chuyen-vien-{n % OFFICERS}")),
            task_summary="kiểm tra, trả lời",
            notice_no="2/TB-PC",
            deadlines=(start_clock_with_date(Clock.HEAD, on, due_on),),
        ),
    ]
