"""Tests that a log which was taken back is noticed, said, and never believed: under a running service and before it.

An older backup is restored, or a standby that lacks the last commits takes over. Each test keeps copies of the rows and
puts them back as their owner, as a restore does.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.commands import ReceivePetition
from domain.vocabulary import PetitionId
from projections.views import VIEWS
from service.bootstrap import running_office
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.event_store.continuity import LogRefusal, LogRolledBack
from service.event_store.log_mark import read_mark
from service.projector import runner
from service.projector.runner import ProjectionRunner
from tests.domain.samples import RECEIVE
from tests.service.office_fixtures import VAULT_KEY, assert_views_complete, open_office, open_units, perform

pytestmark = pytest.mark.anyio

LOG_TABLES = ("log_head", "log", "registers", "topics", "officers", "categories")


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "FIRST_RETRY_SECONDS", 0.02)


@pytest.fixture
async def filled(database: str) -> str:
    """Provide a log with units and three petitions, and views that have them."""
    async with (
        open_office(database) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        await open_units(office)
        for _ in range(3):
            await perform(office, RECEIVE)
        assert await views.wait_until_current(20)
    return database


def backup(dsn: str, *, with_views: bool) -> Callable[[], None]:
    """Copy the log, and the views too if asked, and return what puts the copies back over live connections."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        tables = [("kiennghi", name) for name in LOG_TABLES] + [("kiennghi_vault", "text_keys")]
        if with_views:
            rows = owner.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'kiennghi_views'")
            tables += rows.fetchall()
        owner.execute("CREATE SCHEMA kept")
        for schema, name in tables:
            owner.execute(f"CREATE TABLE kept.{name} AS TABLE {schema}.{name}".encode())

    def restore() -> None:
        with psycopg.connect(dsn) as owner:
            for schema, name in tables:
                owner.execute(f"ALTER TABLE {schema}.{name} DISABLE TRIGGER USER".encode())
                owner.execute(f"DELETE FROM {schema}.{name}".encode())
                owner.execute(f"INSERT INTO {schema}.{name} SELECT * FROM kept.{name}".encode())
                owner.execute(f"ALTER TABLE {schema}.{name} ENABLE TRIGGER USER".encode())

    return restore


def end_connections(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def raise_epoch(dsn: str, above: int = 0) -> int:
    with psycopg.connect(dsn, autocommit=True) as owner:
        row = owner.execute("SELECT kiennghi.raise_epoch(%s)", [above]).fetchone()
    assert row is not None
    return int(row[0])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def assert_refused(office: ApplicationService, code: LogRefusal = LogRefusal.EVENTS_GONE) -> None:
    with pytest.raises(LogRolledBack) as refused:
        await perform(office, RECEIVE)
    assert refused.value.code is code
    assert refused.value.sentence("vi") != refused.value.sentence("en")


async def enter_and_compare(office: ApplicationService, views: ProjectionRunner, petitions: int) -> None:
    """Enter petitions in the log as it is now, and compare the views with a fold of all of it."""
    for _ in range(petitions):
        await perform(office, RECEIVE)
    assert await views.wait_until_current(120)
    await assert_views_complete(office)


@pytest.mark.parametrize("with_views", [True, False], ids=["log and views", "log alone"])
@pytest.mark.parametrize("connections_end", [True, False], ids=["connections end", "connections stay"])
async def test_a_log_that_is_taken_back_under_a_running_service_is_refused_until_that_is_confirmed(
    filled: str, tmp_path: Path, with_views: bool, connections_end: bool
) -> None:
    restore = backup(filled, with_views=with_views)
    async with running_office(filled, Settings(home=tmp_path), vault_key=VAULT_KEY) as (office, views):
        await enter_and_compare(office, views, 3)
        restore()
        if connections_end:
            end_connections(filled)
        await until(lambda: office.continuity.refusal is not None)
        await assert_refused(office)
        raise_epoch(filled)
        await until(lambda: office.continuity.refusal is None)
        await enter_and_compare(office, views, 5)
        assert not any(view["broken"] for view in views.status().values())


async def test_a_log_that_has_grown_beyond_what_it_lost_is_noticed(filled: str, tmp_path: Path) -> None:
    """Positions tell nothing then: the lost ones were given again."""
    restore = backup(filled, with_views=True)
    async with running_office(filled, Settings(home=tmp_path), vault_key=VAULT_KEY) as (office, views):
        await enter_and_compare(office, views, 3)
        restore()
        raise_epoch(filled)  # another service may go on with it
        async with open_office(filled) as other:
            for _ in range(5):
                await perform(other, RECEIVE)
        await until(lambda: office.continuity.seen.position == views.head and bool(views.head))
        await enter_and_compare(office, views, 1)


async def test_a_service_that_starts_on_a_log_shorter_than_its_views_rebuilds_them(filled: str, tmp_path: Path) -> None:
    restore = backup(filled, with_views=False)
    async with (
        open_office(filled) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        await enter_and_compare(office, views, 3)
    restore()
    async with running_office(filled, Settings(home=tmp_path), vault_key=VAULT_KEY) as (office, views):
        await enter_and_compare(office, views, 3)


async def test_log_and_views_restored_together_while_nothing_ran_are_noticed_by_what_was_kept_outside(
    filled: str, tmp_path: Path
) -> None:
    home, elsewhere = Settings(home=tmp_path / "home"), Settings(home=tmp_path / "elsewhere")
    restore = backup(filled, with_views=True)
    async with running_office(filled, home, vault_key=VAULT_KEY) as (office, views):
        await enter_and_compare(office, views, 2)
    restore()
    async with running_office(filled, home, vault_key=VAULT_KEY) as (office, views):
        await assert_refused(office)
        epoch = raise_epoch(filled)
        await until(lambda: office.continuity.refusal is None)
        await enter_and_compare(office, views, 2)
    async with running_office(filled, elsewhere, vault_key=VAULT_KEY) as (office, views):
        await enter_and_compare(office, views, 1)  # a home that knows nothing
    restore()  # this copy is of before the epoch was raised
    async with running_office(filled, home, vault_key=VAULT_KEY) as (office, views):
        await assert_refused(office, LogRefusal.EPOCH_GONE)
        assert raise_epoch(filled, above=epoch) == epoch + 1
        await until(lambda: office.continuity.refusal is None)
        await enter_and_compare(office, views, 1)


async def test_a_newer_backup_is_served_without_confirmation(filled: str, tmp_path: Path) -> None:
    older = backup(filled, with_views=True)
    async with running_office(filled, Settings(home=tmp_path), vault_key=VAULT_KEY) as (office, views):
        await enter_and_compare(office, views, 2)
        with psycopg.connect(filled, autocommit=True) as owner:
            owner.execute("ALTER SCHEMA kept RENAME TO older")
        newest = backup(filled, with_views=True)
        with psycopg.connect(filled, autocommit=True) as owner:
            owner.execute("ALTER SCHEMA kept RENAME TO newest; ALTER SCHEMA older RENAME TO kept")
        older()
        await until(lambda: office.continuity.refusal is not None)
        with psycopg.connect(filled, autocommit=True) as owner:
            owner.execute("ALTER SCHEMA kept RENAME TO older; ALTER SCHEMA newest RENAME TO kept")
        newest()
        await until(lambda: office.continuity.refusal is None)
        await enter_and_compare(office, views, 1)


async def test_another_log_in_the_same_database_is_refused_until_the_service_starts_again(
    filled: str, tmp_path: Path
) -> None:
    async with running_office(filled, Settings(home=tmp_path), vault_key=VAULT_KEY) as (office, _):
        with psycopg.connect(filled, autocommit=True) as owner:
            owner.execute("ALTER TABLE kiennghi.log_head DISABLE TRIGGER identity_kept")
            owner.execute("UPDATE kiennghi.log_head SET log_id = gen_random_uuid()")
        await until(lambda: office.continuity.refusal is not None)
        await assert_refused(office, LogRefusal.ANOTHER_LOG)
    async with running_office(filled, Settings(home=tmp_path), vault_key=VAULT_KEY) as (office, _):
        await perform(office, RECEIVE)


async def test_what_is_remembered_of_the_lost_events_is_forgotten(filled: str, tmp_path: Path) -> None:
    """A petition that is gone, its number, and a unit that is gone: another one may get the number now."""
    restore = backup(filled, with_views=True)
    async with running_office(filled, Settings(home=tmp_path), vault_key=VAULT_KEY) as (office, views):
        lost = await perform(office, RECEIVE)
        assert lost.reference is not None
        assert await office.queries.petition_id_of(lost.reference) == lost.petition_id
        restore()
        await until(lambda: office.continuity.refusal is not None)
        raise_epoch(filled)
        await until(lambda: office.continuity.refusal is None)
        assert await office.queries.petition(PetitionId(lost.petition_id)) is None
        assert await office.queries.petition_id_of(lost.reference) is None
        again = await perform(office, RECEIVE)
        assert (again.reference, again.petition_id != lost.petition_id) == (lost.reference, True)
        assert await office.queries.petition_id_of(lost.reference) == again.petition_id
        await enter_and_compare(office, views, 1)


def test_a_log_keeps_its_id_and_its_epoch_only_rises(database: str) -> None:
    assert [raise_epoch(database), raise_epoch(database), raise_epoch(database, above=7)] == [2, 3, 8]
    for change in ("epoch = 1", "log_id = gen_random_uuid()"):
        with psycopg.connect(database) as owner, pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(f"UPDATE kiennghi.log_head SET {change}".encode())
    with psycopg.connect(database) as service:
        service.execute("SET ROLE kiennghi_service")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("SELECT kiennghi.raise_epoch()")


async def test_equal_commands_recorded_again_have_other_marks(filled: str) -> None:
    """A command that is repeated after a restore has the id that it had, and perhaps the same position."""
    restore = backup(filled, with_views=False)
    marks: list[Any] = []
    for _ in range(2):
        async with open_office(filled) as office, office.pool.connection() as connection:
            await perform(office, ReceivePetition.model_validate(RECEIVE.model_dump()))
            marks.append(await read_mark(connection, await office.histories.last_position()))
        restore()
    assert marks[0].position == marks[1].position
    assert marks[0].digest != marks[1].digest


def test_every_view_is_examined() -> None:
    assert {view.name for view in VIEWS} >= {"overdue", "unit_workload", "alerts"}
