"""Kills services and PostgreSQL, in every combination that a campaign draws."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

import psutil

from service.postgres.embedded.supervisor import find_postmaster
from tests.faults.commands.services import Service

STROKES = (
    "one service",
    "PostgreSQL",
    "both services",
    "one of PostgreSQL's processes",
    "one service + PostgreSQL",
    "the guardian and PostgreSQL",
)


def draw_strokes(random: Random, cycles: int) -> Sequence[str]:
    """Return a stroke for each cycle, each kind as often as the others."""
    rounds = -(-cycles // len(STROKES))
    drawn = [stroke for _ in range(rounds) for stroke in random.sample(STROKES, len(STROKES))]
    return drawn[:cycles]


class Nemesis:
    """Kills with SIGKILL, and starts the killed services again at once; PostgreSQL has its guardian for that."""

    def __init__(self, services: list[Service], postgres: Path) -> None:
        """Take the services, of which the first is the next one to be killed, and the embedded server's folder."""
        self._services = services
        self._postgres = postgres

    async def strike(self, stroke: str) -> None:
        """Kill what the stroke says, after PostgreSQL has recovered from the stroke before."""
        services, _, server = stroke.partition(" + ")
        killed = {"one service": self._services[:1], "both services": self._services}.get(services, [])
        for service in killed:
            service.kill()
        match server or services:
            case "PostgreSQL":
                await self._kill_server(lambda pid: pid)
            case "one of PostgreSQL's processes":
                await self._kill_server(_session_of)
            case "the guardian and PostgreSQL":
                os.kill(self._guardian(), signal.SIGKILL)
                await self._kill_server(lambda pid: pid)
        for service in killed:
            service.start()
        self._services.reverse()

    async def _kill_server(self, choose: Callable[[int], int]) -> None:
        while (server := find_postmaster(self._postgres / "cluster")) is None or not server.ready:
            await asyncio.sleep(0.01)  # it has not recovered from the stroke before
        with suppress(ProcessLookupError):
            os.kill(choose(server.pid), signal.SIGKILL)

    def _guardian(self) -> int:
        server = find_postmaster(self._postgres / "cluster")
        for process in psutil.process_iter(["cmdline"]):
            line = process.info["cmdline"] or []
            if "-I" in line and str(self._postgres) in line and (server is None or process.pid != server.pid):
                return process.pid
        raise AssertionError("there is no guardian")


def _session_of(server: int) -> int:
    """Return the process of a session of the service; if it dies, PostgreSQL ends all sessions and recovers."""
    for process in psutil.Process(server).children():
        with suppress(psutil.NoSuchProcess):
            if "kiennghi" in " ".join(process.cmdline()):
                return process.pid
    return server
