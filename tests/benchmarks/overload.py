"""Ten times as many requests as can be answered: who is answered, how soon, and when all is well again.

Requests leave at their times whether or not others are answered (an open loop), over as many connections as it takes.
The clients run on the same processors: what they need is measured beside it, and lowers what the service can answer.
"""

import asyncio
import resource
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import cast

from service.commands.office import ApplicationService
from tests.benchmarks import load
from tests.benchmarks.commands import life, open_units
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, Series, at_percent
from tests.benchmarks.serving import Client, server

TIMES, SECONDS = 10, 6
SUSTAINED_CLIENTS, SUSTAINED_REQUESTS = 32, 3_000
MOST_CONNECTIONS = 8_000
BEAT_SECONDS = 0.005
"""Requests leave in small heaps, one each beat."""

PATIENCE_SECONDS, WELL_ASKED_EACH_SECONDS = 20.0, 0.1
WITHIN, WELL_WITHIN = 2_000.0, 1_000.0
"""Milliseconds in which every caller is answered or turned away, and after which all is well again."""


@dataclass
class Flood:
    """Milliseconds of each answer by its status; `unsent` found no connection free.

    `first` is when the first request left, `last` when the last answer came.
    """

    first: float
    answered: dict[int, list[float]] = field(default_factory=dict)
    unsent: int = 0
    lost: int = 0
    last: float = 0.0
    connections: int = 0

    @property
    def total(self) -> int:
        return sum(map(len, self.answered.values()))

    def times(self, status: int) -> list[float]:
        return self.answered.get(status, [])


class _Connection(asyncio.Protocol):
    """One connection of many. It is idle, or waits for one answer."""

    def __init__(self, flood: Flood, idle: list["_Connection"]) -> None:
        self._flood, self._idle = flood, idle
        self._received, self._sent_at = b"", 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes) -> None:
        self._sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, _, body = self._received.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        if not length or len(body) < int(length):
            return
        now = time.perf_counter()
        self._flood.answered.setdefault(int(head[9:12]), []).append((now - self._sent_at) * 1e3)
        self._flood.last, self._received, self._sent_at = now, b"", 0.0
        if b"connection: close" in head.lower():
            self.transport.close()
        else:
            self._idle.append(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._flood.connections -= 1
        if self._sent_at:
            self._flood.lost += 1
        elif self in self._idle:
            self._idle.remove(self)


async def flood(port: int, requests: Sequence[bytes], seconds: float) -> Flood:
    """Send the requests evenly over the time, and wait until each is answered or lost."""
    loop, came = asyncio.get_running_loop(), Flood(time.perf_counter())
    idle: list[_Connection] = []
    opening: set[asyncio.Task[None]] = set()

    async def send_on_a_new_one(request: bytes) -> None:
        try:
            _, connection = await loop.create_connection(lambda: _Connection(came, idle), "127.0.0.1", port)
        except OSError:
            came.connections -= 1
            came.lost += 1
        else:
            connection.send(request)

    sent = 0
    while sent < len(requests):
        due = min(len(requests), int((time.perf_counter() - came.first) / seconds * len(requests)) + 1)
        for request in requests[sent:due]:
            if idle:
                idle.pop().send(request)
            elif came.connections < MOST_CONNECTIONS:
                came.connections += 1
                task = asyncio.create_task(send_on_a_new_one(request))
                opening.add(task)
                task.add_done_callback(opening.discard)
            else:
                came.unsent += 1
        sent = due
        await asyncio.sleep(BEAT_SECONDS)
    patient_until, wanted = time.perf_counter() + PATIENCE_SECONDS, len(requests) - came.unsent
    while came.lost + came.total < wanted and time.perf_counter() < patient_until:
        await asyncio.sleep(BEAT_SECONDS)
    came.lost = wanted - came.total
    for connection in idle:
        connection.transport.close()
    return came


async def measure(ground: Ground) -> list[Outcome]:
    with ExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        async with ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY) as office:
            await open_units(office)
            receipt = life(office.today)[0].model_dump_json(exclude_defaults=True).encode()
        ours = stack.enter_context(server(dsn))
        first, requests = ([load.post("/petitions", receipt) for _ in range(SUSTAINED_REQUESTS)] for _ in range(2))
        await load.send(ours.port, first, clients=SUSTAINED_CLIENTS)  # the first of everything is slower
        sustained = await load.send(ours.port, requests, clients=SUSTAINED_CLIENTS)
        number = round(sustained.per_second * TIMES * SECONDS)
        requests = [load.post("/petitions", receipt) for _ in range(number)]
        worked = _worked()
        came = await flood(ours.port, requests, SECONDS)
        worked = _worked() - worked
        await _is_well(ours.port, receipt)
        well_after = (time.perf_counter() - came.last) * 1e3
    if strangers := came.answered.keys() - {201, 503}:
        raise RuntimeError(f"answered with {strangers}")
    entered_times, turned_away = came.times(201), came.times(503)
    if not entered_times or not turned_away:
        raise RuntimeError(f"{len(entered_times)} entered, {len(turned_away)} turned away: that was no such load")
    name = f"receipts at {TIMES} times what {SUSTAINED_CLIENTS} clients get"
    usual = f"{SUSTAINED_CLIENTS} clients, each waiting for its answer"
    base = Series((at_percent(list(sustained.milliseconds), 99),))
    spent = came.last - came.first
    return [
        Figure(
            f"{name}, entered",
            "requests/s",
            Series((len(entered_times) / spent,)),
            usual,
            Series((sustained.per_second,)),
        ),
        Figure(f"{name}, p99 of those entered", "ms", Series((at_percent(entered_times, 99),)), usual, base, WITHIN),
        Figure(f"{name}, p99 of those turned away", "ms", Series((at_percent(turned_away, 99),)), usual, base, WITHIN),
        Figure(f"{name}, the longest", "ms", Series((max(*entered_times, *turned_away),)), usual, base, WITHIN),
        Figure(f"{name}, no free connection or broken off", "%", Series(((came.unsent + came.lost) / number * 100,)),
               "turned away", Series((len(turned_away) / number * 100,))),
        Figure("from its last answer until a receipt is entered and listed", "ms", Series((well_after,)), usual, base,
               WELL_WITHIN),
        Figure("the clients' share of one processor", "%", Series((worked / spent * 100,)), usual,
               Series((sustained.clients_took * 100,))),
    ]  # fmt: skip


async def _is_well(port: int, receipt: bytes) -> None:
    """Returns when a receipt was entered and a list that has it was read. RuntimeError if that takes too long."""
    for _ in range(int(PATIENCE_SECONDS / WELL_ASKED_EACH_SECONDS)):
        try:
            with Client(port) as client:
                _, entered = client.post("/petitions", receipt)
                client.get(f"/overdue?after={entered['position']}")
        except (RuntimeError, OSError):
            await asyncio.sleep(WELL_ASKED_EACH_SECONDS)
        else:
            return
    raise RuntimeError("the service is not well again")


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
