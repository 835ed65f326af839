"""Thirty-two clients at once over HTTP: commands one by one, commands in piles, pages.

One process serves and one sends (`tests.benchmarks.load`); they share the processors with the database. The baseline
is an application of one FastAPI endpoint that takes a receipt, checks it and does nothing, asked in turn with ours.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import uuid4

from domain.commands import PetitionCommand
from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from tests.benchmarks import load
from tests.benchmarks.commands import life, open_units
from tests.benchmarks.dataset import UNITS, tell
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.load import Load
from tests.benchmarks.results import Figure, Outcome, Series, in_turn, latencies
from tests.benchmarks.serving import Server, server

CLIENTS, REQUESTS = 32, 1_000
PILES, IN_A_PILE, PILE_CLIENTS = 8, 500, 4
EMPTY = "an empty endpoint with the body of a receipt"
STEPS = ("receive", "classify", "assign", "answer")
PATHS = ("", "classify-petition", "assign-petition", "answer-in-writing")
TARGETS = {"receive": 0.40, "assign": 0.35, "answer": 0.35}
"""Of the empty endpoint's requests a second."""
LONGEST, PAGES_A_SECOND, MOST_MEMORY = 50.0, 1_500.0, 250.0


async def measure(ground: Ground) -> list[Outcome]:
    return await _commands(ground) + await _pages(ground)


async def _commands(ground: Ground) -> list[Outcome]:
    with ExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        async with ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY) as office:
            await open_units(office)
            commands = life(office.today)
        ours = stack.enter_context(server(dsn))
        empty = stack.enter_context(server())
        found: dict[str, list[Load]] = {step: [] for step in (*STEPS, "piles", "empty")}

        async def live() -> Sequence[float]:
            for step, came in (await _lives(ours, commands)).items():
                found[step].append(came)
            return []

        async def nothing() -> Sequence[float]:
            found["empty"].append(await load.send(empty.port, _receipts(commands), clients=CLIENTS))
            return []

        await live()
        await nothing()
        for loads in found.values():
            loads.clear()  # the first of everything is slower
        ground.settle()
        await in_turn(ground.rounds(3), live, nothing)
        memory = Series((ours.peak(),)), Series((empty.peak(),))
    base = _rates(found["empty"])
    outcomes: list[Outcome] = []
    for step, ratio in TARGETS.items():
        name = f"{step}, {CLIENTS} clients"
        outcomes.append(Figure(name, "requests/s", _rates(found[step]), EMPTY, base, target_ratio=ratio))
        times = [one.milliseconds for one in found[step]], [one.milliseconds for one in found["empty"]]
        outcomes += latencies(name, times[0], EMPTY, times[1], p99=LONGEST)
    piles = Series(tuple(one.per_second * IN_A_PILE for one in found["piles"]))
    name = f"receipts in piles of {IN_A_PILE}, {PILE_CLIENTS} clients"
    outcomes.append(Figure(name, "commands/s", piles, EMPTY, base, target_ratio=1.0))
    outcomes.append(Figure("memory of the server at most", "MB", memory[0], EMPTY, memory[1], target=MOST_MEMORY))
    theirs = _time_of_clients(found["empty"])
    outcomes.append(Figure("the clients' own time a request", "µs", _time_of_clients(found["receive"]), EMPTY, theirs))
    return outcomes


async def _lives(ours: Server, commands: Sequence[PetitionCommand]) -> dict[str, Load]:
    """Petitions from receipt to answer, step by step, and piles of receipts; the views have followed afterwards."""
    found = {"receive": await load.send(ours.port, _receipts(commands), clients=CLIENTS)}
    numbers = [answer["reference"] for answer in found["receive"].json()]
    for version, (step, path) in enumerate(zip(STEPS[1:], PATHS[1:], strict=True), start=1):
        body = _body(commands[version])
        asked = [load.post(f"/petitions/{number}/{path}", body, version=version) for number in numbers]
        found[step] = await load.send(ours.port, asked, clients=CLIENTS)
    found["piles"] = await load.send(ours.port, [_pile(commands[0]) for _ in range(PILES)], clients=PILE_CLIENTS)
    last = found["piles"].json()[-1]["answers"][-1]["entered"]["position"]
    for page in ("overdue", "units"):
        await load.send(ours.port, [load.get(f"/{page}?after={last}")], clients=1)
    return found


async def _pages(ground: Ground) -> list[Outcome]:
    with ExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        async with ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY) as office:
            today = office.today
            await open_units(office, (f"so-{n:02}" for n in range(UNITS)))  # a filter names a unit of the register
            await tell(dsn, ground.petitions, today)
            async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
                assert await follower.wait_until_current()
            async with office.pool.connection() as connection:
                await connection.execute("ANALYZE")
            commands = life(today)
        ours = stack.enter_context(server(dsn))
        empty = stack.enter_context(server())
        days = count()

        def another(n: int) -> str:
            """A question that nobody has asked before."""
            on = today - timedelta(days=next(days) // UNITS)
            return f"/overdue?limit=50&on={on}&unit=so-{n % UNITS:02}"

        async def asked(path: Callable[[int], str]) -> Sequence[float]:
            requests = [load.get(path(n)) for n in range(REQUESTS)]
            return [(await load.send(ours.port, requests, clients=CLIENTS)).per_second]

        async def nothing() -> Sequence[float]:
            return [(await load.send(empty.port, _receipts(commands), clients=CLIENTS)).per_second]

        questions: dict[str, tuple[Callable[[int], str], float | None]] = {
            "overdue page of 50": (lambda _: "/overdue?limit=50", PAGES_A_SECOND),
            "overdue page of 50 of a unit, each asked once": (another, None),
            "unit table": (lambda _: "/units", PAGES_A_SECOND),
        }
        outcomes: list[Outcome] = []
        for name, (path, target) in questions.items():
            pages, theirs = await in_turn(ground.rounds(3), partial(asked, path), nothing)
            outcomes.append(
                Figure(
                    f"{name}, {ground.petitions:,} petitions, {CLIENTS} clients",
                    "requests/s",
                    Series(tuple(rate for (rate,) in pages)),
                    EMPTY,
                    Series(tuple(rate for (rate,) in theirs)),
                    target=target,
                )
            )
    return outcomes


def _body(command: PetitionCommand) -> bytes:
    return command.model_dump_json(exclude_defaults=True).encode()


def _receipts(commands: Sequence[PetitionCommand]) -> list[bytes]:
    body = _body(commands[0])
    return [load.post("/petitions", body) for _ in range(REQUESTS)]


def _pile(receipt: PetitionCommand) -> bytes:
    body = json.loads(_body(receipt))
    commands = [{"command": "receive-petition", "key": uuid4().hex, "body": body} for _ in range(IN_A_PILE)]
    return load.post("/commands", json.dumps({"commands": commands}).encode())


def _rates(loads: Sequence[Load]) -> Series:
    return Series(tuple(one.per_second for one in loads))


def _time_of_clients(loads: Sequence[Load]) -> Series:
    return Series(tuple(one.clients_took * one.seconds / len(one.answers) * 1e6 for one in loads))
