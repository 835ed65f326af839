"""One command over HTTP: a serving process, one client on the loopback that sends one request after the other."""

from collections.abc import Sequence
from contextlib import ExitStack

from domain.commands import PetitionCommand
from service.commands.office import ApplicationService
from tests.benchmarks.commands import life, open_units
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.results import Outcome, in_turn, latencies
from tests.benchmarks.serving import Client, served

PETITIONS = 100
"""In a round; each is received, classified, assigned and answered."""

WARM_UP = 20
"""Before those that count, in every round."""
EMPTY = "an empty POST with the body of a receipt"
P50, P99 = 5.0, 20.0
STEPS = {0: "receive", 2: "assign", 3: "answer"}
"""Of `commands.life`, those whose time is told."""

_PATHS = ("/petitions", "classify-petition", "assign-petition", "answer-in-writing")


async def measure(ground: Ground) -> list[Outcome]:
    with ExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        async with ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY) as office:
            await open_units(office)
            commands = life(office.today)
        ours = stack.enter_context(served(dsn))
        empty = stack.enter_context(served())
        taken: dict[int, list[list[float]]] = {step: [] for step in STEPS}

        async def live() -> Sequence[float]:
            with Client(ours) as client:
                lives = [_live(client, commands) for _ in range(WARM_UP + PETITIONS)][WARM_UP:]
            for step, rounds in taken.items():
                rounds.append([one[step] for one in lives])
            return []

        async def nothing() -> Sequence[float]:
            body = commands[0].model_dump_json(exclude_defaults=True).encode()
            with Client(empty) as client:
                return [client.post("/petitions", body)[0] for _ in range(WARM_UP + PETITIONS)][WARM_UP:]

        ground.settle()
        _, baseline = await in_turn(ground.rounds(5), live, nothing)
    return [
        outcome
        for step, name in STEPS.items()
        for outcome in latencies(f"{name} over HTTP", taken[step], EMPTY, baseline, p50=P50, p99=P99)
    ]


def _live(client: Client, commands: Sequence[PetitionCommand]) -> list[float]:
    """Milliseconds of each step of one petition."""
    times: list[float] = []
    reference, version = "", 0
    for command, path in zip(commands, _PATHS, strict=True):
        body = command.model_dump_json(exclude_defaults=True).encode()
        if path.startswith("/"):
            milliseconds, answer = client.post(path, body)
        else:
            milliseconds, answer = client.post(f"/petitions/{reference}/{path}", body, version=version)
        reference, version = answer["reference"], answer["version"]
        times.append(milliseconds)
    return times
