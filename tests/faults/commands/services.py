"""Runs `kiennghi serve` in processes that are there to be killed, each forked from one that has loaded the program."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psycopg

from projections.views import VIEWS
from service.cli.errors import UNREACHABLE
from service.security.keys import ServiceKeys
from tests.conftest import login_of_service
from tests.faults.harness import SETTLE_TIMEOUT_SECONDS
from tests.faults.processes import FORKS, die_with_parent, free_port

KEYS = ServiceKeys(token=b"t" * 32, vault=b"k" * 32)
_KEY_TEXTS = {
    "TOKEN_KEY": "dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ",
    "VAULT_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s",
}


class Service:
    """Is one address to send requests to, at a port that stays, whichever process is behind it."""

    def __init__(self, dsn: str, log: Path) -> None:
        self._settings = {"DATABASE_URL": login_of_service(dsn), **_KEY_TEXTS}
        self._log = log
        self._process: ForkServerProcess | None = None
        self.port = free_port()

    def start(self) -> None:
        """Start a process; do not wait until it serves, as a supervisor does not."""
        self._process = FORKS.Process(target=_serve, args=(self._settings, self.port, self._log), daemon=True)
        self._process.start()

    def restart_if_ended(self) -> bool:
        """Start it again if it ended because the database went away while it started, as a supervisor does.

        Return whether it had ended. Raise AssertionError for an end of another kind: nobody told it to end.
        """
        if self._process is None or self._process.exitcode is None:
            return False
        assert self._process.exitcode == UNREACHABLE, f"a service ended with {self._process.exitcode}: see {self._log}"
        self.start()
        return True

    def kill(self) -> None:
        """Send SIGKILL and wait for the end: nothing is put in order."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


class ServicePair:
    """Holds two services on one database, and sees to it that both run."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self._dsn = dsn
        self.services = [Service(dsn, folder / f"service-{n}.log") for n in range(2)]
        """The next one to be killed comes first."""
        self.restarts = 0
        """The number of services that ended because PostgreSQL went away while they started."""

    @classmethod
    @contextmanager
    def started(cls, dsn: str, folder: Path) -> Iterator["ServicePair"]:
        """Provide a pair that has been started, and kill it at the end."""
        pair = cls(dsn, folder)
        try:
            for service in pair.services:
                service.start()
            yield pair
        finally:
            for service in pair.services:
                service.kill()

    async def wait_until_serving(self) -> None:
        """Return once both services answer requests. Raise TimeoutError if they do not."""
        async with asyncio.timeout(SETTLE_TIMEOUT_SECONDS):
            while not await self._is_serving():
                await asyncio.sleep(0.02)

    async def wait_until_current(self) -> None:
        """Return once both services answer, and the views have passed the end of the log by themselves."""
        async with asyncio.timeout(SETTLE_TIMEOUT_SECONDS):
            while not (await self._is_serving() and await asyncio.to_thread(self._has_current_views)):
                await asyncio.sleep(0.02)

    async def _is_serving(self) -> bool:
        for service in self.services:
            self.restarts += service.restart_if_ended()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
                writer.write(b"GET /livez HTTP/1.1\r\nHost: kiennghi\r\nConnection: close\r\n\r\n")
                status = await reader.readline()
                writer.close()
            except ConnectionError:
                return False
            if b" 200 " not in status:
                return False
        return True

    def _has_current_views(self) -> bool:
        try:
            with psycopg.connect(self._dsn) as connection:
                found = connection.execute(
                    "SELECT count(*) FROM kiennghi_views.positions, kiennghi.log_head AS head"
                    " WHERE positions.position = head.position"
                ).fetchone()
        except psycopg.Error:
            return False
        return found == (len(VIEWS),)


def _serve(settings: dict[str, str], port: int, log: Path) -> None:
    die_with_parent()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    os.environ.update({f"KIENNGHI_{name}": value for name, value in settings.items()})
    from service.cli import errors

    sys.exit(errors.run_command_line(["serve", "--port", str(port)]))
