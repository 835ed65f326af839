"""An office at work on a test's database, and what it may be asked to do."""

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
from projections.projection import Connection, Sums, Table
from projections.views import VIEWS
from service.commands.office import Done, Office
from service.config.settings import Settings
from tests.domain.samples import ways
from tests.domain.scenario import MEETING, MONDAY, UNITS, whose
from tests.projections.history_builder import put_into_tables

VAULT_KEY = b"k" * 32
NOON = datetime(2026, 10, 30, 5, tzinfo=UTC)
"""Of Friday 30 October 2026 in Vietnam, a day after all that the samples tell."""

CLERK = Credentials(officer="van-thu", unit="ban-tcd", position="Văn thư", roles=frozenset(Role))
KINDS = list(PetitionKind)


def credentials(officer: Officer) -> Credentials:
    return Credentials(officer=officer.officer, unit=officer.unit, position=officer.position, roles=frozenset(Role))


@asynccontextmanager
async def open_office(dsn: str, **given: Any) -> AsyncIterator[Office]:
    async with Office.open(dsn, Settings(), vault_key=VAULT_KEY, clock=lambda: NOON, **given) as office:
        yield office


async def perform(
    office: Office,
    command: PetitionCommand,
    petition_id: UUID | None = None,
    *,
    command_id: UUID | None = None,
    digest: bytes = b"",
    expected_version: int | None = None,
) -> Done:
    return await office.perform(
        command,
        credentials(whose(command)),
        command_id=command_id or uuid4(),
        digest=digest,
        petition_id=None if petition_id is None else PetitionId(petition_id),
        expected_version=expected_version,
    )


async def open_units(office: Office) -> None:
    """Those that the samples name, and the meeting."""
    for unit in [*UNITS.by_id, "ban-tcd"]:
        opening = OpenUnit(unit=unit, name=unit, occurred_on=date(2010, 1, 1))
        await office.change_unit(opening, CLERK, command_id=uuid4(), digest=b"")
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
    await office.record_meeting(meeting, CLERK, command_id=uuid4(), digest=b"")


async def live(office: Office, commands: Sequence[PetitionCommand]) -> PetitionId:
    """One petition, from its receipt on."""
    petition_id = (await perform(office, commands[0])).petition_id
    for command in commands[1:]:
        await perform(office, command, petition_id)
    return PetitionId(petition_id)


async def work(office: Office, petitions: int) -> None:
    """So many petitions at once, each in another stage of its life."""
    stages = [stage for stage in Stage if stage is not Stage.DUPLICATE]
    lives = [ways(KINDS[n % 3])[stages[n % len(stages)]] for n in range(petitions)]
    await asyncio.gather(*(live(office, life) for life in lives))


async def rows(connection: Connection, schema: str = "kiennghi_views") -> dict[str, list[tuple[Any, ...]]]:
    """All that the views hold, without sums that say nothing."""
    found = {}
    for view in VIEWS:
        for table in view.tables:
            cursor = await connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table.name)))
            lines = await cursor.fetchall()
            keys = 0 if isinstance(table, Table) else len(table.key) if isinstance(table, Sums) else 1
            found[table.name] = sorted(
                tuple(map(str, line)) for line in lines if isinstance(table, Table) or any(line[keys:])
            )
    return found


async def assert_whole(office: Office) -> None:
    """The views are at the end of the log, and hold what a fold of the whole log makes."""
    head = await office.histories.last_position()
    log = await office.histories.page(0, head + 1)
    async with office.pool.connection() as connection:
        cursor = await connection.execute("SELECT count(*) FROM kiennghi.log")
        assert await cursor.fetchone() == (head,)
        cursor = await connection.execute("SELECT view, position FROM kiennghi_views.positions ORDER BY view")
        assert await cursor.fetchall() == sorted((view.name, head) for view in VIEWS)
        kept = await rows(connection)
        async with connection.transaction(force_rollback=True):
            await connection.execute("SET LOCAL search_path = kiennghi_rebuild")
            await put_into_tables(connection, log, page=head)
            assert await rows(connection, "kiennghi_rebuild") == kept
