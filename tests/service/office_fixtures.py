"""Opens offices on a test's database, and performs commands and whole life cycles there."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql

from domain.actor import Credentials, Officer, Role
from domain.commands import PetitionCommand
from domain.meetings.commands import RecordMeeting
from domain.units.commands import OpenUnit
from domain.units.events import Level
from domain.vocabulary import PetitionId, PetitionKind, Stage
from projections.projection import Connection, CounterTable, Table
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest, CommandResult
from service.config.settings import Settings
from service.security.text_vault import TextVault
from service.security.view_texts import ViewTexts
from tests.domain.samples import commands_to_stages
from tests.domain.scenario import MEETING, MONDAY, UNITS, usual_officer
from tests.projections.history_builder import put_into_tables

VAULT_KEY = b"k" * 32
TEXTS = ViewTexts(TextVault(VAULT_KEY))
NOON = datetime(2026, 10, 30, 5, tzinfo=UTC)
"""Noon of Friday 30 October 2026 in Vietnam, in UTC; it is after every day in the samples."""

CLERK = Credentials(officer="van-thu", unit="ban-tcd", position="Văn thư", roles=frozenset(Role))
KINDS = list(PetitionKind)


def credentials_of(officer: Officer) -> Credentials:
    return Credentials(officer=officer.officer, unit=officer.unit, position=officer.position, roles=frozenset(Role))


@asynccontextmanager
async def open_office(dsn: str, *, now: datetime = NOON, **options: Any) -> AsyncIterator[ApplicationService]:
    async with ApplicationService.open(dsn, Settings(), vault_key=VAULT_KEY, clock=lambda: now, **options) as office:
        yield office


async def perform(
    office: ApplicationService,
    command: PetitionCommand,
    petition_id: UUID | None = None,
    *,
    command_id: UUID | None = None,
    digest: bytes = b"",
    expected_version: int | None = None,
    entered_on: date | None = None,
) -> CommandResult:
    """Perform a command that is entered on its own day, or on another one."""
    return await office.petitions.perform(
        CommandRequest(
            command,
            command_id=command_id or uuid4(),
            digest=digest,
            petition_id=None if petition_id is None else PetitionId(petition_id),
            expected_version=expected_version,
            entered_on=entered_on or command.occurred_on,
        ),
        credentials_of(usual_officer(command)),
    )


async def open_units(office: ApplicationService) -> None:
    """Open the units that the samples name, and record their meeting."""
    for unit in [*UNITS.by_id, "ban-tcd"]:
        opening = OpenUnit(unit=unit, name=unit, occurred_on=date(2010, 1, 1))
        await office.units.perform(opening, CLERK, command_id=uuid4(), digest=b"")
    meeting = RecordMeeting(
        occurred_on=MONDAY,
        meeting_id=MEETING,
        level=Level.PROVINCE,
        organiser="ubnd-tinh",
        chair="chu-tich",
        chair_position="Chủ tịch",
        title="Đối thoại với nhân dân",
        attendance=80,
    )
    await office.meetings.perform(meeting, meeting.meeting_id, CLERK, command_id=uuid4(), digest=b"")


async def run_life_cycle(office: ApplicationService, commands: Sequence[PetitionCommand]) -> PetitionId:
    """Perform the commands on one petition; the first one receives it. Return its id."""
    petition_id = (await perform(office, commands[0])).petition_id
    for command in commands[1:]:
        await perform(office, command, petition_id)
    return PetitionId(petition_id)


async def run_life_cycles(office: ApplicationService, petitions: int) -> None:
    """Run the life cycles of that number of petitions at the same time, up to different stages."""
    stages = [stage for stage in Stage if stage is not Stage.DUPLICATE]
    life_cycles = [commands_to_stages(KINDS[n % 3])[stages[n % len(stages)]] for n in range(petitions)]
    await asyncio.gather(*(run_life_cycle(office, commands) for commands in life_cycles))


async def view_rows(connection: Connection, schema: str = "kiennghi_views") -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table of the views, sorted, as texts; counter rows of zeros are left out."""
    found = {}
    for view in VIEWS:
        for table in view.tables:
            cursor = await connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table.name)))
            rows = await cursor.fetchall()
            keys = 0 if isinstance(table, Table) else len(table.key) if isinstance(table, CounterTable) else 1
            found[table.name] = sorted(
                tuple(map(str, row)) for row in rows if isinstance(table, Table) or any(row[keys:])
            )
    return found


@asynccontextmanager
async def as_projector(office: ApplicationService) -> AsyncIterator[Connection]:
    """Provide a connection that may meddle with the views: only who keeps them may."""
    async with office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE kiennghi_projector")
        yield connection


async def assert_views_complete(office: ApplicationService) -> None:
    """Assert that the views are at the end of the log and equal to a fold of the whole log."""
    head = await office.histories.last_position()
    log = await office.histories.page(0, head + 1)
    async with office.pool.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM kiennghi.log")
        assert await cursor.fetchone() == (head,)
        cursor = await connection.execute("SELECT view, position FROM kiennghi_views.positions ORDER BY view")
        assert await cursor.fetchall() == sorted((view.name, head) for view in VIEWS)
        kept = await view_rows(connection)
        async with connection.transaction(force_rollback=True):
            await connection.execute("SET LOCAL ROLE kiennghi_projector")
            await connection.execute("SET LOCAL search_path = kiennghi_rebuild")
            await put_into_tables(connection, log, page=head, vault=office.vault)
            assert await view_rows(connection, "kiennghi_rebuild") == kept
