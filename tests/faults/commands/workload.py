"""Has clients send commands over HTTP while services and PostgreSQL are killed, and checks all after each cycle.

`make faults CYCLES=200 SEED=1` runs it, on one server with fsync on.
"""

import asyncio
from collections import Counter
from random import Random
from uuid import UUID

import psycopg

from tests.faults.commands.checker import check_log, views_unlike_the_log
from tests.faults.commands.clients import ClientHistory, Clients
from tests.faults.commands.nemesis import STROKES, Nemesis, draw_strokes
from tests.faults.commands.services import ServicePair
from tests.faults.harness import CheckResult, Part, Tally, Workload
from tests.faults.history import History
from tests.service.office_fixtures import open_office, open_units


class CommandsWorkload(Workload):
    """Kill services and PostgreSQL under clients that send commands over HTTP."""

    name = "commands"
    unit = "cycles"
    default_size = 200
    part_size = 20
    kills_server = True

    def __init__(self, size: int, seed: int, mutant: str = "") -> None:
        super().__init__(size, seed, mutant)
        self._random = Random(seed)
        self._strokes = draw_strokes(self._random, size)

    def run_part(self, part: Part, tally: Tally) -> None:
        """Run one cycle after the other, until the first that leaves something wrong."""
        asyncio.run(self._run_part(part, tally))

    async def _run_part(self, part: Part, tally: Tally) -> None:
        with ServicePair.started(part.dsn, part.folder) as pair:
            async with open_office(part.dsn) as office:
                await open_units(office)
            await pair.wait_until_current()
            history = ClientHistory(History(part.folder / "promises.jsonl"), set_up=_command_ids(part.dsn))
            nemesis = Nemesis(pair.services, part.home / "postgres")
            for cycle in range(part.first, part.first + part.size):
                stroke = self._strokes[cycle]
                clients = Clients(pair.services, history, f"{self.seed} {cycle}")
                tally.kills.update(await self._strike(clients, pair, nemesis, stroke))
                tally.figures["cycles"] += 1
                await pair.wait_until_current()
                result = await _check(part.dsn, history)
                tally.add(result)
                if not result.is_valid:
                    tally.remarks += [f"wrong after cycle {cycle + 1}: {stroke}", *history.unforeseen]
                    break
                part.say(f"cycle {cycle + 1} of {self.size}: {stroke}; {len(history.promised)} promises are kept")
        recorded = _command_ids(part.dsn)
        tally.figures.update(
            history.outcomes,
            given_up_and_recorded=len(recorded - history.set_up - history.promised.keys()),
            commands_recorded=len(recorded),
            services_restarted=pair.restarts,
        )

    async def _strike(self, clients: Clients, pair: ServicePair, nemesis: Nemesis, stroke: str) -> Counter[str]:
        """Strike once or twice while the clients send; return what was killed, when both services serve again."""
        kills = Counter([stroke])
        await clients.start()
        await asyncio.sleep(self._random.uniform(0, 0.5))
        await nemesis.strike(stroke)
        if self._random.random() < 0.25:  # while it is still recovering
            await asyncio.sleep(self._random.uniform(0, 0.5))
            await nemesis.strike(again := self._random.choice(STROKES[:4]))
            kills[f"{again}, before it had recovered"] += 1
        await pair.wait_until_serving()
        await asyncio.sleep(self._random.uniform(0, 0.2))
        await clients.stop()
        return kills


async def _check(dsn: str, history: ClientHistory) -> CheckResult:
    """Check the log against the history, and the views against the log; they have passed its end."""
    result = check_log(dsn, list(history.promised.values()), history.set_up | history.sent)
    async with open_office(dsn) as office, office.pool.connection() as connection:
        log = await office.histories.page(0, 10_000_000)
        unlike = await views_unlike_the_log(connection, log)
    result.wrongs.update(tables_of_views_unlike_the_log=len(unlike), answers_unforeseen=len(history.unforeseen))
    return result


def _command_ids(dsn: str) -> set[UUID]:
    with psycopg.connect(dsn) as connection:
        return {
            command
            for (command,) in connection.execute(
                "SELECT command_id FROM kiennghi.log WHERE request_digest IS NOT NULL"
            ).fetchall()
        }
