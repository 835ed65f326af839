"""Records random histories, and replays a prefix of the log into fresh tables: the oracle of what was known then."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.vocabulary import PetitionId, PetitionKind, Stage
from projections.overdue import Overdue
from projections.projection import Connection
from projections.unit_workload import UnitWorkload
from service.commands.office import ApplicationService
from service.commands.unit_of_work import UnitOfWork
from service.event_store.group_commit import Committer
from service.security.text_sealing import TextKey, TextKeys
from tests.domain.samples import commands_to_stages, with_changes
from tests.domain.scenario import MONDAY, TODAY
from tests.projections.history_builder import Register, id_of, put_into_tables
from tests.projections.test_every_day import happens


def random_register(random: Random, petitions: int, acts: int) -> Register:
    """Return a register in which petitions come one by one between acts on all of them, many for earlier days."""
    register = Register()
    kinds, stages = list(PetitionKind), [Stage.IN_PROGRESS, Stage.ANSWERED_IN_WRITING, *Stage]
    day = MONDAY
    for number in range(petitions):
        shift = timedelta(days=random.randint(-30, 20))
        for command in commands_to_stages(random.choice(kinds))[random.choice(stages)]:
            with suppress(Refused):
                moved = with_changes(command, occurred_on=min(command.occurred_on + shift, TODAY))
                register.perform(id_of(number), moved, duplicate_of=id_of(0))
        for _ in range(acts):
            day = min(day + timedelta(days=random.randint(-6, 9)), TODAY)
            happens(random, register, PetitionId(random.choice(list(register.petitions))), day)
    return register


async def record(
    office: ApplicationService,
    dsn: str,
    log: Iterable[EventEnvelope[Any]],
    keys: dict[int, TextKeys] | None = None,
) -> None:
    """Append the events one by one, each as a command of its own, with their texts sealed.

    `keys` are those of the petitions, for a log that is recorded in parts.
    """
    keys = {} if keys is None else keys
    async with Committer(dsn) as committer:
        for event in log:
            stream = event.originator_id
            work = UnitOfWork(office.vault, event.by, stream, event.originator_version - 1, keys=keys)
            work.add_facts([event.fact])
            await committer.append(work.as_append(uuid4(), bytes(32)))
            for stored, data_key in work.made_keys:
                office.vault.remember(stored, data_key)
                keys[stream.int] = {**keys.get(stream.int, {}), stored.key_number: TextKey(stored.key_number, data_key)}


@asynccontextmanager
async def replayed(office: ApplicationService, known: int) -> AsyncIterator[Connection]:
    """Yield a connection that sees the views of the log up to the position, folded from nothing."""
    log = await office.histories.page(0, known) if known else []
    async with office.pool.connection() as connection, connection.transaction(force_rollback=True):
        await connection.execute("SET LOCAL ROLE kiennghi_projector")
        await connection.execute("SET LOCAL search_path = kiennghi_rebuild")
        await put_into_tables(connection, log, views=(Overdue, UnitWorkload), vault=office.vault)
        yield connection
