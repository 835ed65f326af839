"""A serving process on a free port of the loopback, and a client that asks one thing after the other.

`python -m tests.benchmarks.serving DSN` is that process; without a DSN it serves an application that does nothing.
"""

import http.client
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import uvicorn
from fastapi import FastAPI

from domain.commands import ReceivePetition
from service.api.metrics import Metrics
from service.api.server.uvicorn_server import bind_socket, serve_requests
from service.bootstrap import run_coroutine, running_office
from service.config.settings import Settings
from service.observability import log_setup
from service.security import tokens
from service.security.keys import ServiceKeys
from tests.benchmarks.environment import OFFICER, TOKEN_KEY, VAULT_KEY

ROOT = Path(__file__).parents[2]


def main() -> None:
    log_setup.configure_logging("info")  # as it serves an office: a line a request, and figures of everything
    dsn = sys.argv[1] if len(sys.argv) > 1 else None
    with bind_socket("127.0.0.1", 0) as taken:
        run_coroutine(_serve_nothing(taken) if dsn is None else _serve(dsn, taken))


async def _serve(dsn: str, taken: socket.socket) -> None:
    metrics = Metrics()
    async with running_office(dsn, Settings(), vault_key=VAULT_KEY, observer=metrics) as (office, views):
        await serve_requests(
            office, views, ServiceKeys(TOKEN_KEY, VAULT_KEY), taken, metrics, ready=lambda: _say_where(taken)
        )


async def _serve_nothing(taken: socket.socket) -> None:
    app = FastAPI()

    @app.post("/petitions")
    async def receive(command: ReceivePetition) -> dict[str, bool]:
        return {"received": bool(command)}

    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none", server_header=False)
    taken.listen()
    _say_where(taken)
    await uvicorn.Server(config).serve(sockets=[taken])


def _say_where(taken: socket.socket) -> None:
    print(taken.getsockname()[1], flush=True)


class Client:
    """One connection that is kept while the context lasts; every answer is read to its end.

    The server closes connections that are quiet for five seconds: open a client for each round.
    """

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._token = tokens.issue_token(OFFICER, TOKEN_KEY, hours=2)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> float:
        """Milliseconds until the answer was read."""
        return self._ask("GET", path, None, {})[0]

    def post(self, path: str, body: bytes, *, version: int | None = None) -> tuple[float, dict[str, Any]]:
        """Milliseconds until the answer was read, and the answer."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._ask("POST", path, body, headers)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[float, dict[str, Any]]:
        began = time.perf_counter()
        self._connection.request(method, path, body, {"Authorization": f"Bearer {self._token}", **headers})
        response = self._connection.getresponse()
        told = response.read()
        taken = (time.perf_counter() - began) * 1000
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {told[:300]!r}")
        return taken, json.loads(told)


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def peak(self) -> float:
        """Megabytes of memory, at most, since it started."""
        said = Path(f"/proc/{self.pid}/status").read_text()
        return int(said.partition("VmHWM:")[2].split()[0]) / 1024


@contextmanager
def server(dsn: str | None = None) -> Iterator[Server]:
    """A process that serves the database, or nothing; it ends with the context."""
    command = [sys.executable, "-m", "tests.benchmarks.serving", *([] if dsn is None else [dsn])]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            if not said.strip().isdigit():
                raise RuntimeError("the serving process did not start")
            yield Server(int(said), process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@contextmanager
def served(dsn: str | None = None) -> Iterator[int]:
    """The port of such a process."""
    with server(dsn) as process:
        yield process.port


if __name__ == "__main__":
    main()
