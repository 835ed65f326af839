"""The dry run of a calendar change over many open petitions, against reading the same rows of the log."""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg

from domain.deadlines.clock import Clock
from domain.deadlines.policy import Law
from domain.events import (
    Official,
    PetitionAccepted,
    PetitionAssigned,
    PetitionClassified,
    PetitionEvent,
    PetitionReceived,
)
from domain.law_changes.events import Subject
from domain.rules.intake_clocks import intake_deadlines
from domain.value import UNSET
from domain.vocabulary import Channel, OfficerId, PetitionKind, UnitId
from projections.projection import Connection
from service.approvals.law_review import dry_run_law_change
from service.commands.office import ApplicationService
from service.event_store.codec import encode_fact
from service.projector.runner import ProjectionRunner
from tests.benchmarks.environment import DIGEST, OFFICER, VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, first_of_each, in_turn

LONGEST = 10_000.0
"""Milliseconds for 100,000 open petitions."""

UNDECODED = "SELECT of the open petitions' rows, not decoded"
_ROWS = "SELECT l.state FROM overdue AS o JOIN kiennghi.log AS l ON l.stream = o.petition_id"


async def measure(ground: Ground) -> list[Outcome]:
    """A day off ten days from now: it lies in some of the clocks that run."""
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        tell(dsn, ground.petitions, office.today, office.law)
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
            assert await follower.wait_until_current()
        connection: Connection = await stack.enter_async_context(office.pool.connection())
        await stack.enter_async_context(connection.transaction())
        await connection.execute("SET LOCAL search_path = kiennghi_views")
        ground.settle()
        day = office.law.calendar.next_working_day(office.today + timedelta(days=10))
        text = f'version = "DO-LUONG.1"\n[[change]]\nsource = "đo lường"\n[change.days_off]\n{day} = "Nghỉ bù"\n'
        moved = len(
            (
                await dry_run_law_change(connection, office.vault, office.law, Subject.CALENDAR, text, office.today)
            ).petitions
        )
        assert 0 < moved < ground.petitions

        async def reviewed() -> Sequence[float]:
            began = time.perf_counter()
            await dry_run_law_change(connection, office.vault, office.law, Subject.CALENDAR, text, office.today)
            return [(time.perf_counter() - began) * 1000]

        async def read() -> Sequence[float]:
            began = time.perf_counter()
            cursor = await connection.execute(_ROWS, binary=True)
            await cursor.fetchall()
            return [(time.perf_counter() - began) * 1000]

        reviewing, reading = await in_turn(ground.rounds(3), reviewed, read)
    name = f"dry run of a day off, {ground.petitions:,} open petitions, {moved:,} of them moved"
    target = LONGEST * ground.petitions / 100_000
    return [Figure(name, "ms", first_of_each(reviewing), UNDECODED, first_of_each(reading), target)]


def tell(dsn: str, petitions: int, today: date, law: Law) -> None:
    """Straight into the log, by its owner: half of them not accepted yet, the others being settled."""
    random = Random(20_260_702)
    events: list[tuple[UUID, int, str, bytes]] = []
    for n in range(petitions):
        kind = (PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION)[n % 2]
        received_on = today - timedelta(days=random.randrange(60))
        facts = _accepted(kind, received_on, today, law) if n % 4 > 1 else _received(kind, received_on, law)
        events += [(UUID(int=n), m, type(fact).__name__, encode_fact(fact)) for m, fact in enumerate(facts, start=1)]
    put_into_log(dsn, events)


COPIED_COLUMNS = (
    "stream, version, category, topic, officer, position, recorded_at, command_id, request_digest, context, reference,"
    " state"
)
COPIED_TYPES = [
    "uuid",
    "int4",
    "int2",
    "int2",
    "int4",
    "int8",
    "timestamptz",
    "uuid",
    "bytea",
    "bytea",
    "text",
    "bytea",
]
NOW = datetime.now(UTC)


def put_words(cursor: psycopg.Cursor[Any]) -> dict[str, int]:
    """Put one officer into their table; the numbers of the topics of petitions, which the migrations have named."""
    by = OFFICER.acting_officer
    cursor.execute("INSERT INTO kiennghi.officers VALUES (1, %s, %s, %s)", [by.officer, by.unit, by.position])
    cursor.execute("SELECT topic, number FROM kiennghi.topics WHERE category = 1")
    return dict(cursor.fetchall())


def put_into_log(dsn: str, events: Sequence[tuple[UUID, int, str, bytes]]) -> None:
    """Into an empty one, by its owner: histories of petitions whose ids count from 0."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        topics = put_words(cursor)
        with cursor.copy(f"COPY kiennghi.log ({COPIED_COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(COPIED_TYPES)
            for position, (petition, version, topic, state) in enumerate(events, start=1):
                reference = f"DL-2026-{petition.int + 1:06}" if version == 1 else None
                command = UUID(int=position)
                row = (petition, version, 1, topics[topic], 1, position, NOW, command, DIGEST, b"{}", reference, state)
                copy.write_row(row)
        cursor.execute("UPDATE kiennghi.log_head SET position = %s", [len(events)])
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE kiennghi.log")


def _received(kind: PetitionKind, on: date, law: Law) -> list[PetitionEvent]:
    receipt = PetitionReceived(
        occurred_on=on,
        channel=Channel.POST,
        kind=kind,
        summary="Đề nghị xem xét việc thu hồi đất của hộ gia đình",
        place="xã Mẫu",
        book="TD",
        identity_protected=False,
        deadlines=intake_deadlines(on, kind, law),
    )
    return [receipt, PetitionClassified(occurred_on=on, kind=kind, topic="đất đai")]


def _accepted(kind: PetitionKind, on: date, today: date, law: Law) -> list[PetitionEvent]:
    later = min(on + timedelta(days=5), today)
    settlement = law.deadline(kind, Clock.SETTLEMENT, later)
    return [
        *_received(kind, on, law),
        PetitionAccepted(
            occurred_on=later, document_no="1/TB-TL", deadlines=UNSET if settlement is None else (settlement,)
        ),
        PetitionAssigned(
            occurred_on=later,
            lead_unit=UnitId(f"so-{on.toordinal() % 60:02}"),
            responsible=Official(officer=OfficerId("chuyen-vien")),
            task_summary="kiểm tra, xác minh",
            notice_no="2/TB-PC",
        ),
    ]
