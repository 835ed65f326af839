"""Commands a second through the whole office, without HTTP: decide, encode, commit; views are not kept."""

import asyncio
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from domain.commands import AnswerInWriting, AssignPetition, ClassifyPetition, PetitionCommand, ReceivePetition
from domain.units.commands import OpenUnit
from domain.vocabulary import Channel, PetitionId, PetitionKind, Result
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest, CommandResult
from tests.benchmarks import raw_inserts, two_processes
from tests.benchmarks.environment import DIGEST, OFFICER, VAULT_KEY, Ground
from tests.benchmarks.processor import postgres_seconds
from tests.benchmarks.results import Figure, Outcome, Series, first_of_each, in_turn

TARGETS = {1: 0.45, 8: 1.0, 64: 2.0}
"""By writers, what is wanted of pgbench's rate."""
SECONDS = 2
SERVER_ALONE = "processor of PostgreSQL an insert of pgbench"
SUMMARY = "Đề nghị sửa đoạn đường liên thôn bị hư hỏng, nước đọng sau mưa, xe của các hộ dân không đi lại được."


def life(today: date) -> tuple[PetitionCommand, ...]:
    """What one petition is asked, from receipt to answer; each is one event."""
    day = today - timedelta(days=10)
    return (
        ReceivePetition(occurred_on=day, channel=Channel.POST, summary=SUMMARY, place="thôn 7"),
        ClassifyPetition(occurred_on=day, kind=PetitionKind.PROPOSAL_FEEDBACK),
        AssignPetition(
            occurred_on=day,
            lead_unit="so-xd",
            responsible_officer="cv-7",
            responsible_position="Chuyên viên",
            task_summary="Kiểm tra hiện trạng, đề xuất sửa chữa",
            due_on=today + timedelta(days=20),
            expected_output="Văn bản trả lời",
            accountable_head="gd-1",
            notice_no="12/TB",
            notice_on=day,
        ),
        AnswerInWriting(
            occurred_on=today,
            document_no="45/SXD",
            signed_by="gd-1",
            signer_position="Giám đốc",
            answer="Đoạn đường được đưa vào kế hoạch sửa chữa quý tới.",
            result=Result.RIGHT,
        ),
    )


async def perform(
    office: ApplicationService, command: PetitionCommand, petition_id: PetitionId | None
) -> CommandResult:
    return await office.petitions.perform(
        CommandRequest(command, command_id=uuid4(), digest=DIGEST, petition_id=petition_id), OFFICER
    )


async def open_units(office: ApplicationService, units: Iterable[str] = (OFFICER.unit, "so-xd")) -> None:
    for unit in units:
        command = OpenUnit(unit=unit, name=unit, occurred_on=date(2020, 1, 1))
        await office.units.perform(command, OFFICER, command_id=uuid4(), digest=DIGEST)


async def measure(ground: Ground) -> list[Outcome]:
    outcomes: list[Outcome] = []
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        raw_inserts.make_table(dsn)
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        await open_units(office)
        for writers, wanted in TARGETS.items():

            async def through_office(writers: int = writers) -> Sequence[float]:
                ground.settle()
                python, server = time.process_time(), postgres_seconds()
                rate, done = await commands_per_second(office, writers)
                spent = (time.process_time() - python, postgres_seconds() - server)
                return [rate, *(seconds / done * 1e6 for seconds in spent)]

            raw = partial(raw_inserts.inserts_per_second, dsn, folder / "raw.sql", connections=writers, seconds=SECONDS)

            async def alone(raw: partial[float] = raw) -> Sequence[float]:
                ground.settle()
                server = postgres_seconds()
                rate = await asyncio.to_thread(raw)
                return [rate, (postgres_seconds() - server) / (rate * SECONDS) * 1e6]

            ours, theirs = await in_turn(ground.rounds(3), through_office, alone)
            name = f"{writers} at once" if writers > 1 else "one after the other"
            outcomes.append(
                Figure(
                    f"commands, {name}",
                    "commands/s",
                    first_of_each(ours),
                    raw_inserts.NAME,
                    first_of_each(theirs),
                    target_ratio=wanted,
                )
            )
            server = nth_of_each(theirs, 1)
            for n, part in ((1, "Python"), (2, "PostgreSQL")):
                figure = f"commands, {name}, processor of {part} a command"
                outcomes.append(Figure(figure, "µs", nth_of_each(ours, n), SERVER_ALONE, server))
    return [*outcomes, await two_processes.measure(ground)]


async def commands_per_second(office: ApplicationService, writers: int) -> tuple[float, int]:
    """Return the rate, and how many there were."""
    began = time.perf_counter()
    counts = await asyncio.gather(*(write(office, began + SECONDS) for _ in range(writers)))
    return sum(counts) / (time.perf_counter() - began), sum(counts)


def nth_of_each(rounds: Sequence[Sequence[float]], n: int) -> Series:
    return Series(tuple(one[n] for one in rounds))


async def write(office: ApplicationService, until: float) -> int:
    done = 0
    commands = life(office.today)
    while time.perf_counter() < until:
        petition_id: PetitionId | None = None
        for command in commands:
            petition_id = PetitionId((await perform(office, command, petition_id)).petition_id)
            done += 1
    return done
