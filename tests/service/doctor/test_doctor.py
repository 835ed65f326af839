"""Tests that each fault is found by the quick examination, or at least by the deep one, and is named correctly."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from domain.deadlines.policy import Law
from domain.petitioner import Petitioner
from domain.vocabulary import PetitionKind, Stage
from projections.projection import Connection
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.config.law_files import national_law
from service.doctor import log as examining_log
from service.doctor.calendar import examine_calendar
from service.doctor.finding import Finding, Verdict
from service.doctor.identities import examine_identities
from service.doctor.log import examine_event_formats, examine_log
from service.doctor.rights import examine_rights
from service.doctor.server import examine_server
from service.doctor.texts import examine_texts
from service.doctor.views import examine_views
from service.event_store.group_commit import Committer
from service.event_store.log_mark import read_mark
from service.postgres.pools import async_pool
from service.projector.runner import ProjectionRunner
from tests.conftest import login_of_service, temporary_database
from tests.domain.samples import RECEIVE, commands_to_stages, with_changes
from tests.service.event_store.appending import append, event
from tests.service.office_fixtures import VAULT_KEY, open_office, open_units, perform, run_life_cycle

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def worked_on(anyio_backend: str, server: str, followed_template: str) -> AsyncIterator[str]:
    """Provide the name of a database with more than a dozen events and two petitioners, which all views have seen."""
    with temporary_database(server, template=followed_template) as dsn:
        async with (
            open_office(dsn) as office,
            ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
        ):
            await open_units(office)
            await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.CLOSED])
            people = [Petitioner(name="Nguyễn Thị Ví Dụ"), Petitioner(name="Trần Văn Mẫu")]
            await perform(office, with_changes(RECEIVE, petitioners=people))
            await run_life_cycle(office, commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.IN_PROGRESS])
            assert await views.wait_until_current(20)
        yield str(conninfo_to_dict(dsn)["dbname"])


@pytest.fixture
def database(server: str, worked_on: str) -> Iterator[str]:
    """Provide the DSN of a copy of it."""
    with temporary_database(server, template=worked_on) as dsn:
        yield dsn


@pytest.fixture
async def office(database: str) -> AsyncIterator[ApplicationService]:
    """Open a service on the copy."""
    async with open_office(database) as office:
        yield office


@asynccontextmanager
async def doctor_connection(dsn: str) -> AsyncIterator[Connection]:
    """Open a connection like the doctor's: by the login and in the role of the service, at one moment."""
    async with (
        async_pool(login_of_service(dsn), min_size=1, max_size=1) as pool,
        pool.connection() as connection,
        connection.transaction(),
    ):
        yield connection


def execute_as_owner(dsn: str, *statements: str) -> None:
    """Execute the statements with all rights and without the triggers."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for table in ("log", "topics"):
            connection.execute(f"ALTER TABLE kiennghi.{table} DISABLE TRIGGER append_only".encode())
        for statement in statements:
            connection.execute(statement.encode())
        for table in ("log", "topics"):
            connection.execute(f"ALTER TABLE kiennghi.{table} ENABLE ALWAYS TRIGGER append_only".encode())


async def things_found_wrong(dsn: str, *, deep: bool) -> set[str]:
    """Return the names of what the doctor finds wrong in the log and the views."""
    async with doctor_connection(dsn) as connection:
        found = [*await examine_log(connection, deep=deep), *await examine_views(connection, deep=deep)]
    return {finding.what for finding in found if finding.verdict is Verdict.WRONG}


async def test_nothing_is_wrong_with_what_the_office_wrote(office: ApplicationService, database: str) -> None:
    for deep in (False, True):
        async with doctor_connection(database) as connection:
            found = [
                *await examine_rights(connection),
                *await examine_log(connection, deep=deep),
                *await examine_views(connection, deep=deep),
                await examine_identities(connection, VAULT_KEY, deep=deep),
                await examine_texts(connection, VAULT_KEY, deep=deep),
                await examine_event_formats(office.histories, deep=deep),
            ]
        assert [one for one in found if one.verdict is not Verdict.WELL] == []


EVERY_VIEW = {f"view {view.name}" for view in VIEWS}
FIRST_CLASSIFIED = "(SELECT min(position) FROM kiennghi.readable_log WHERE topic = 'PetitionClassified')"
LAST = "(SELECT max(position) FROM kiennghi.log)"


@pytest.mark.parametrize(
    ("damage", "quick", "deep"),
    [
        (
            f"DELETE FROM kiennghi.log WHERE position = {FIRST_CLASSIFIED}",
            set(),
            {"positions", "histories", *EVERY_VIEW},
        ),
        (
            f"DELETE FROM kiennghi.log WHERE position = {LAST}",
            *[{"positions", *EVERY_VIEW}] * 2,
        ),
        ("UPDATE kiennghi.log_head SET position = position - 1", *[
            {"positions", *EVERY_VIEW}] * 2),
        (
            f"UPDATE kiennghi.log SET version = 100 WHERE position = {LAST}",
            *[{"histories", *EVERY_VIEW}] * 2,
        ),
        (
            f"UPDATE kiennghi.log SET request_digest = NULL, context = NULL WHERE position = {FIRST_CLASSIFIED}",
            set(),
            {"commands"},
        ),
        (
            f"UPDATE kiennghi.log SET request_digest = NULL, context = NULL WHERE position = {LAST}",
            *[{"commands"}] * 2,
        ),
        ("UPDATE kiennghi.topics SET category = 2 WHERE topic = 'PetitionReceived'", set(), {"words"}),
        (f"UPDATE kiennghi.log SET officer = 1000 WHERE position = {LAST}", *[{"words"}] * 2),
        (f"UPDATE kiennghi.log SET category = 2 WHERE position = {LAST}", *[{"words", "histories"}] * 2),
        ("UPDATE kiennghi.registers SET last_number = last_number + 1", *[{"register TD 2026"}] * 2),
        (
            "UPDATE kiennghi.log SET reference = 'TD-2026-7' WHERE reference = 'TD-2026-000001'",
            set(),
            {"register TD 2026"},
        ),
        ("UPDATE kiennghi_views.positions SET version = 0 WHERE view = 'overdue'", *[{"view overdue"}] * 2),
    ],
    ids=["middle removed", "end removed", "head", "version", "old command", "new command", "topic", "officer",
         "category", "register", "old number", "view"],
)  # fmt: skip
async def test_what_is_missing_is_found_by_a_quick_look_at_the_end_and_by_a_deep_one_everywhere(
    office: ApplicationService,
    database: str,
    damage: str,
    quick: set[str],
    deep: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(examining_log, "NEWEST_EVENTS", 3)
    execute_as_owner(database, damage)
    assert await things_found_wrong(database, deep=False) == quick
    assert await things_found_wrong(database, deep=True) == deep


@pytest.mark.parametrize(
    ("topic", "state"), [("PetitionBlessed", b"{}"), ("WorkStarted", b"{"), ("WorkStarted", b"{}")]
)
async def test_an_event_that_this_version_cannot_read_is_named_by_its_position(
    office: ApplicationService, database: str, topic: str, state: bytes
) -> None:
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("SELECT kiennghi.name_topic(%s, 'petition')", [topic])  # as a newer version would
    async with Committer(database) as committer:
        strange = await committer.append(append(event(uuid4(), topic=topic, state=state)))
        await committer.append(append(event(uuid4())))
    for deep in (False, True):
        found = await examine_event_formats(office.histories, deep=deep)
        assert found.verdict is Verdict.WRONG
        assert found.found.endswith(f"at position {strange.first_position}")


async def test_views_that_are_behind_ahead_or_not_there_are_told_apart(
    office: ApplicationService, database: str
) -> None:
    async def judged() -> dict[str, Finding]:
        async with doctor_connection(database) as connection:
            return {one.what: one for one in await examine_views(connection, deep=False)}

    async with doctor_connection(database) as connection:
        before = await read_mark(connection, await office.histories.last_position() - 1)
    assert before is not None
    execute_as_owner(
        database,
        "UPDATE kiennghi_views.positions SET position = position + 1 WHERE view = 'overdue'",
        f"UPDATE kiennghi_views.positions SET position = {before.position}, digest = '\\x{before.digest.hex()}'"
        " WHERE view = 'unit_workload'",
        "UPDATE kiennghi_views.positions SET digest = '' WHERE view = 'hot_spots'",
        "DROP TABLE kiennghi_views.outbox",
        "DELETE FROM kiennghi_views.positions WHERE view = 'meetings'",
    )
    found = await judged()
    assert "ahead of the log" in found["view overdue"].found
    assert found["view unit_workload"].verdict is Verdict.WELL  # the service follows in a moment
    assert found["view meetings"].verdict is Verdict.BEWARE
    assert "the log has another event there" in found["view hot_spots"].found
    assert "kiennghi_views.outbox missing" in found["view outbox"].found
    execute_as_owner(database, "UPDATE kiennghi.log_head SET position = 20000")
    assert (await judged())["view unit_workload"].verdict is Verdict.BEWARE
    execute_as_owner(database, "DROP TABLE kiennghi_views.positions")
    assert [one.verdict for one in (await judged()).values()] == [Verdict.BEWARE]


async def rights_found_wrong(dsn: str) -> dict[str, str]:
    """Return what the doctor finds wrong in the rights, by the name of the finding."""
    async with doctor_connection(dsn) as connection:
        found = await examine_rights(connection)
    return {finding.what: finding.found for finding in found if finding.verdict is Verdict.WRONG}


NEW_TRIGGER = "CREATE TRIGGER append_only BEFORE {} ON kiennghi.officers FOR EACH STATEMENT EXECUTE FUNCTION {}"


@pytest.mark.parametrize(
    ("damage", "what", "words"),
    [
        ("GRANT UPDATE ON kiennghi.log TO kiennghi_service", "rights", "kiennghi_service may UPDATE kiennghi.log"),
        ("GRANT UPDATE (state) ON kiennghi.log TO kiennghi_reader", "rights", "kiennghi_reader may UPDATE"),
        ("GRANT DELETE ON kiennghi_vault.identity_accesses TO PUBLIC", "rights", "PUBLIC may DELETE"),
        ("GRANT TRIGGER ON kiennghi.topics TO kiennghi_service", "rights", "may TRIGGER kiennghi.topics"),
        ("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only", "triggers", "append_only on kiennghi.log"),
        ("ALTER TABLE kiennghi.log ENABLE TRIGGER append_only", "triggers", "append_only on kiennghi.log"),
        ("DROP TRIGGER never_removed ON kiennghi.registers", "triggers", "never_removed on kiennghi.registers"),
        (
            f"DROP TRIGGER append_only ON kiennghi.officers;"
            f"{NEW_TRIGGER.format('TRUNCATE', 'kiennghi.refuse_change()')};"
            " ALTER TABLE kiennghi.officers ENABLE ALWAYS TRIGGER append_only",
            "triggers",
            "append_only on kiennghi.officers",
        ),
        (
            "CREATE OR REPLACE FUNCTION kiennghi.refuse_change() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'",
            "functions",
            "refuse_change",
        ),
        ("ALTER TABLE kiennghi.log OWNER TO kiennghi_service", "login", "owns the log"),
        ("GRANT EXECUTE ON FUNCTION kiennghi.append TO kiennghi_service", "rights", "kiennghi_service may call append"),
        ("GRANT EXECUTE ON FUNCTION kiennghi.raise_epoch TO PUBLIC", "rights", "PUBLIC may call raise_epoch"),
        ("GRANT CREATE ON SCHEMA kiennghi TO kiennghi_projector", "rights", "may make tables in kiennghi"),
    ],
    ids=["update", "a column", "everybody", "trigger right", "off", "for some", "dropped", "less", "hollow", "owner",
         "append", "epoch", "schema"],
)  # fmt: skip
async def test_whatever_keeps_the_log_and_is_missing_is_wrong_and_named(
    database: str, damage: str, what: str, words: str
) -> None:
    assert await rights_found_wrong(database) == {}
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(damage.encode())
    found = await rights_found_wrong(database)
    assert words in found[what]
    assert found.keys() <= {what, "rights"}


async def test_roles_that_are_no_longer_apart_or_cannot_be_taken_are_wrong_and_named(database: str) -> None:
    async with await psycopg.AsyncConnection.connect(
        database
    ) as connection:  # roles are the whole server's: rolled back
        for damage, words in (
            ("GRANT kiennghi_writer TO kiennghi_reader", "no longer apart: kiennghi_reader has kiennghi_writer"),
            (
                "REVOKE kiennghi_writer, kiennghi_projector FROM kiennghi_login",
                "kiennghi_login may not take kiennghi_projector, kiennghi_writer: run `kiennghi migrate`",
            ),
        ):
            await connection.execute(damage.encode())
            await connection.execute("SET SESSION AUTHORIZATION kiennghi_login")
            found = {one.what: one for one in await examine_rights(connection)}
            assert (found["roles"].verdict, words in found["roles"].found) == (Verdict.WRONG, True)
            await connection.rollback()


async def test_a_login_that_owns_the_log_is_wrong_whatever_role_it_takes(database: str) -> None:
    async with (
        async_pool(database, min_size=1, max_size=1) as pool,
        pool.connection() as connection,
    ):
        in_role, *_ = await examine_rights(connection)
        await connection.execute("RESET ROLE")
        as_owner, *_ = await examine_rights(connection)
    assert (in_role.verdict, as_owner.verdict) == (Verdict.WRONG, Verdict.WRONG)
    assert "serve with another login" in in_role.found
    assert "let `kiennghi migrate` make the roles" in as_owner.found


async def test_a_server_that_does_not_keep_what_it_confirms_is_said_to_be_so(database: str) -> None:
    async with doctor_connection(database) as connection:
        found = {one.what: one for one in await examine_server(connection, time.time() + 3600)}
    # the tests' own server: see tests/conftest.py
    assert found["fsync"].verdict is Verdict.WRONG
    assert found["full_page_writes"].verdict is Verdict.WRONG
    assert found["synchronous_commit"].verdict is Verdict.BEWARE
    assert found["data_checksums"].verdict is Verdict.WELL
    assert found["clocks"].verdict is Verdict.BEWARE
    assert found["server"].verdict is Verdict.WELL
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    execute_as_owner(database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    async with doctor_connection(database) as connection:
        found = {one.what: one for one in await examine_server(connection, time.time())}
    assert (found["server"].verdict, found["clocks"].verdict) == (Verdict.WRONG, Verdict.WELL)


async def test_the_vault_key_is_tried_and_no_identity_is_opened(office: ApplicationService, database: str) -> None:
    async with doctor_connection(database) as connection:
        for deep in (False, True):
            other = await examine_identities(connection, b"o" * 32, deep=deep)
            assert (other.verdict, "does not open 2 of 2" in other.found) == (Verdict.WRONG, True)
        assert (await examine_identities(connection, None, deep=False)).verdict is Verdict.BEWARE
    with psycopg.connect(database) as owner:
        assert owner.execute("SELECT count(*) FROM kiennghi_vault.identity_accesses").fetchone() == (0,)
        owner.execute(
            "UPDATE kiennghi_vault.identity_keys SET wrapped_key = wrapped_key || 'x'::bytea WHERE petitioner_ref ="
            " (SELECT petitioner_ref FROM kiennghi_vault.identity_keys LIMIT 1)"
        )
    async with doctor_connection(database) as connection:
        changed = await examine_identities(connection, VAULT_KEY, deep=False)
    assert "1 of 2 identities: these were changed" in changed.found


async def test_where_nobody_was_entered_there_is_no_key_to_try(followed_database: str) -> None:
    async with doctor_connection(followed_database) as connection:
        assert (await examine_identities(connection, None, deep=True)).verdict is Verdict.WELL


@pytest.mark.parametrize(
    ("today", "verdict"),
    [
        (date(2026, 5, 4), Verdict.WELL),
        (date(2026, 9, 1), Verdict.BEWARE),  # days that the longest limit may need await a notice
        (date(2027, 12, 1), Verdict.BEWARE),  # a limit that starts now ends in a year that is not on file
        (date(2028, 1, 1), Verdict.WRONG),
        (date(2009, 12, 31), Verdict.WRONG),
    ],
)
def test_a_calendar_that_a_limit_may_outrun_is_told_in_time(today: date, verdict: Verdict) -> None:
    assert examine_calendar(national_law(), today).verdict is verdict


def test_a_calendar_without_days_in_doubt_is_well() -> None:
    law = national_law()
    certain = Law(law.policies, replace(law.calendar, provisional=frozenset()))
    assert examine_calendar(certain, date(2026, 9, 1)).verdict is Verdict.WELL


@pytest.mark.parametrize("deep", [False, True])
async def test_a_text_that_is_lost_changed_or_under_another_key_is_wrong_and_an_erased_one_is_not(
    office: ApplicationService, database: str, deep: bool
) -> None:
    async def found(vault_key: bytes | None = VAULT_KEY) -> tuple[Verdict, str]:
        async with doctor_connection(database) as connection:
            finding = await examine_texts(connection, vault_key, deep=deep)
        return finding.verdict, finding.found

    assert (await found())[0] is Verdict.WELL
    assert (await found(None))[0] is Verdict.BEWARE
    assert "vault key" in (await found(b"o" * 32))[1]
    execute_as_owner(database, "UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL")
    assert (await found())[0] is Verdict.WELL
    execute_as_owner(
        database,
        "ALTER TABLE kiennghi_vault.text_keys DISABLE TRIGGER never_removed",
        "DELETE FROM kiennghi_vault.text_keys",
    )
    verdict, words = await found()
    assert verdict is Verdict.WRONG
    assert "is lost" in words
