"""Processes of the service, to be killed: each is `kiennghi serve`, forked from one that has loaded the program."""

import multiprocessing
import os
import socket
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from service.cli.errors import UNREACHABLE
from service.security.keys import Keys

KEYS = Keys(token=b"t" * 32, vault=b"v" * 32)
_KEY_TEXTS = {
    "TOKEN_KEY": "dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHR0dHQ",
    "VAULT_KEY": "dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnY",
}

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["service.cli.app", "service.api.server", "service.imports.importing"])


class Service:
    """One place to send requests to, at a port that stays, whichever process is behind it."""

    def __init__(self, dsn: str, log: Path) -> None:
        self._settings = {"DATABASE_URL": dsn, **_KEY_TEXTS}
        self._log = log
        self._process: ForkServerProcess | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    def start(self) -> None:
        """Does not wait until it serves, as a supervisor does not."""
        self._process = _processes.Process(target=_serve, args=(self._settings, self.port, self._log), daemon=True)
        self._process.start()

    def look_after(self) -> bool:
        """Start it again where it ended because the database went away while it started, as a supervisor does.

        Whether it had. Raises AssertionError for an end of another kind: nobody told it to end.
        """
        if self._process is None or self._process.exitcode is None:
            return False
        assert self._process.exitcode == UNREACHABLE, f"a service ended with {self._process.exitcode}: see {self._log}"
        self.start()
        return True

    def kill(self) -> None:
        """With SIGKILL: nothing is put in order."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


def _serve(settings: dict[str, str], port: int, log: Path) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, sys.stdout.fileno())
    os.dup2(output, sys.stderr.fileno())
    os.environ.update({f"KIENNGHI_{name}": value for name, value in settings.items()})
    from service.cli import errors

    sys.exit(errors.run(["serve", "--port", str(port)]))
