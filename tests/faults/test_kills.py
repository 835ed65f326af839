"""Tests that service and database, killed under load, lose nothing promised, and that the checker finds each damage."""

import asyncio
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg
import pytest

from domain.petitioner import Petitioner
from domain.vocabulary import PetitionKind, Stage
from service.postgres.embedded.server import embedded_postgres
from service.projector.runner import ProjectionRunner
from tests.domain.samples import ASSIGN, CLASSIFY, RECEIVE, commands_to_stages, with_changes
from tests.faults.commands.checker import check_log, views_unlike_the_log
from tests.faults.commands.clients import Promise
from tests.faults.commands.nemesis import STROKES, draw_strokes
from tests.faults.commands.workload import CommandsWorkload
from tests.faults.harness import run_campaign
from tests.service.office_fixtures import open_office, open_units, perform, run_life_cycle

CYCLES, SEED = 4, 379
"""One service, PostgreSQL, both services and one of PostgreSQL's processes; `make faults` goes on from there."""


def test_nothing_promised_is_lost_doubled_or_left_out_of_the_views_when_processes_are_killed_under_load(
    home: Path,
) -> None:
    with embedded_postgres(home / "postgres") as server:
        tally = run_campaign(CommandsWorkload(CYCLES, SEED), server, home, print)
    assert tally.wrongs.keys() >= {"promised_and_lost", "doubled", "tables_of_views_unlike_the_log"}
    assert tally.wrongs.total() == 0, tally
    assert tally.figures["cycles"] == CYCLES
    assert tally.figures["answered_at_once"] > CYCLES
    assert tally.figures["answered_when_sent_again"] > 0


def test_every_way_to_strike_is_used_as_often_as_the_others() -> None:
    assert {draw_strokes(Random(1), 12).count(stroke) for stroke in STROKES} == {2}
    assert len(draw_strokes(Random(1), 200)) == 200


async def _promises(dsn: str) -> list[Promise]:
    """Receive two petitions with a petitioner each, classify and assign one of them; the views follow."""
    done = []
    async with open_office(dsn) as office, ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await open_units(office)
        receive = with_changes(RECEIVE, petitioners=[Petitioner(name="Nguyễn Thị Ví Dụ")])
        done += [await perform(office, receive), await perform(office, receive)]
        done += [await perform(office, command, done[0].petition_id) for command in (CLASSIFY, ASSIGN)]
        assert await views.wait_until_current(20)
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT position, command_id FROM kiennghi.log WHERE request_digest IS NOT NULL"
        ).fetchall()
    commands: dict[int, UUID] = dict(found)
    return [Promise(commands[d.position], d.petition_id, str(d.reference), d.version, d.position) for d in done]


ASSIGNED = "topic = (SELECT number FROM kiennghi.topics WHERE topic = 'PetitionAssigned')"


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("SELECT", {}),
        ("DELETE FROM kiennghi.log WHERE position = (SELECT max(position) FROM kiennghi.log)", {
            "promised_and_lost": 1, "holes_in_positions": 1,
        }),
        ("UPDATE kiennghi.log SET request_digest = NULL, context = NULL, command_id = (SELECT command_id"
         f" FROM kiennghi.readable_log WHERE topic = 'PetitionClassified') WHERE {ASSIGNED}", {
            "promised_and_lost": 1, "doubled": 1, "commands_not_ended": 2,
        }),
        (f"UPDATE kiennghi.log SET position = 1000 WHERE {ASSIGNED}", {
            "promised_and_lost": 1, "holes_in_positions": 988,
        }),
        ("UPDATE kiennghi.log_head SET position = position + 2", {"holes_in_positions": 2}),
        (f"UPDATE kiennghi.log SET version = 9 WHERE {ASSIGNED}", {
            "promised_and_lost": 1, "broken_histories": 1,
        }),
        (f"UPDATE kiennghi.log SET request_digest = NULL, context = NULL WHERE {ASSIGNED}", {"commands_not_ended": 1}),
        ("UPDATE kiennghi.registers SET last_number = last_number + 1", {"numbers_missing": 1}),
        ("UPDATE kiennghi.log SET reference = 'TD-2026-000009' WHERE reference = 'TD-2026-000002'", {
            "promised_and_lost": 1, "numbers_missing": 1,
        }),
        ("UPDATE kiennghi.log SET reference = NULL WHERE reference = 'TD-2026-000002'", {
            "promised_and_lost": 1, "numbers_missing": 1, "receipts_without_number": 1,
        }),
        ("DELETE FROM kiennghi_vault.identity_keys", {"identities_apart_from_the_log": 4}),
        ("DELETE FROM kiennghi_vault.identities", {"identities_apart_from_the_log": 2}),
    ],
    ids=["nothing", "removed", "doubled", "moved", "head", "version", "command", "register", "renumbered", "unnumbered",
         "key", "identity"],
)  # fmt: skip
def test_the_checker_tells_each_damage_by_its_number(database: str, damage: str, found: dict[str, int]) -> None:
    promises = asyncio.run(_promises(database))
    with psycopg.connect(database) as connection:
        for table in ("kiennghi.log", "kiennghi_vault.identities"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only".encode())
        connection.execute(damage.encode())
        sent = {command for (command,) in connection.execute("SELECT command_id FROM kiennghi.log").fetchall()}
    assert +check_log(database, promises, sent).wrongs == found


def test_the_checker_tells_of_an_event_that_nobody_asked_for(database: str) -> None:
    promises = asyncio.run(_promises(database))
    result = check_log(database, promises, [promise.command_id for promise in promises])
    assert (result.wrongs["never_sent"], result.is_valid) == (8, False)  # seven units and a meeting


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("damage", "unlike"),
    [
        ("SELECT", []),
        ("UPDATE kiennghi_views.overdue SET unit = 'so-khac' WHERE reference = 'TD-2026-000001'", ["overdue"]),
        ("DELETE FROM kiennghi_views.overdue_past", ["overdue_past"]),
        ("UPDATE kiennghi_views.meetings SET attendance = attendance + 1", ["meetings"]),
        ("UPDATE kiennghi_views.unit_workload SET received = received + 1", ["unit_workload"]),
    ],
    ids=["nothing", "changed", "removed", "counted", "summed"],
)
async def test_a_view_that_differs_in_one_row_from_a_fold_of_the_log_is_found(
    database: str, damage: str, unlike: list[str]
) -> None:
    async with open_office(database) as office:
        await open_units(office)
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.CLOSED])
            assert await views.wait_until_current(20)
        async with office.pool.connection() as connection:
            await connection.execute("RESET ROLE")
            await connection.execute(damage.encode())
            log = await office.histories.page(0, 1000)
            assert await views_unlike_the_log(connection, log) == unlike
