"""A service that starts, answers, and is gone when it is told to end."""

import json
import re
import signal
import socket
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.conftest import login_of_service
from tests.service.cli.conftest import Terminal


def started_url(process: subprocess.Popen[str]) -> str:
    """From the log line that says so; what was logged before is dropped."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("{") and (told := json.loads(line))["event"] == "serving":
            return str(told["url"])
    raise AssertionError(f"ended with {process.wait()} before it served")


def answer(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answered:
        return int(answered.status)


def using(home: Path) -> list[int]:
    """The processes that were started with this folder: servers, guardians."""
    return [p.pid for p in psutil.process_iter(["cmdline"]) if str(home) in " ".join(p.info["cmdline"] or ())]


@pytest.fixture
def terminal_to_be_closed() -> Iterator[None]:
    """A run of the tests under nohup hands its deafness to SIGHUP on to what it starts."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@contextmanager
def connection_held_open(url: str) -> Iterator[None]:
    """Ask once, and hold the connection open as clients do that may ask again."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as idle:
        idle.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 200 ")
        yield


@pytest.mark.usefixtures("terminal_to_be_closed")
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_a_service_that_is_told_to_end_ends_well_although_clients_hold_their_connections_open(
    told: signal.Signals, kiennghi: Terminal
) -> None:
    """One client is idle; a page that listens to alerts is let go. SIGINT ends the service that `run` starts below."""
    token = kiennghi("token", "an", "--unit", "so-mau", "--position", "Chuyên viên", "--role", "officer").out.strip()
    with kiennghi.started("serve", "--port", "0") as process:
        url = started_url(process)
        asked = urllib.request.Request(f"{url}/alerts/feed", headers={"Authorization": f"Bearer {token}"})
        with connection_held_open(url), urllib.request.urlopen(asked, timeout=20) as listening:
            assert listening.readline() == b"retry: 3000\n"
            process.send_signal(told)
            assert listening.read() == b"\n"  # to its end, not broken off
            _, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "broke off" not in err
    assert "Traceback" not in err


@contextmanager
def signal_ignored(sig: signal.Signals) -> Iterator[None]:
    """Hand the signal on as ignored to what is started inside, as a shell does with SIGINT for `kiennghi serve &`."""
    before = signal.signal(sig, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(sig, before)


@pytest.mark.parametrize("connections", [0, 2], ids=["waiting for the database", "opening the service"])
def test_a_service_in_the_background_that_is_told_to_end_while_it_starts_ends(
    module_database: str, kiennghi: Terminal, connections: int
) -> None:
    """The database takes that many connections and then says nothing more, so the start never ends by itself."""
    dsn = conninfo_to_dict(module_database)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        through = Terminal(
            {
                **kiennghi.settings,
                "KIENNGHI_DATABASE_URL": make_conninfo(module_database, host="127.0.0.1", port=port),
            }
        )
        with signal_ignored(signal.SIGINT), through.started("serve", "--port", "0") as process, ExitStack() as ends:
            for _ in range(connections):
                forward_in_background(ends.enter_context(silent.accept()[0]), dsn, ends)
            ends.enter_context(silent.accept()[0])
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=15)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def forward_in_background(client: socket.socket, dsn: dict[str, Any], ends: ExitStack) -> None:
    """Forward between a client and the server of the DSN, in threads, until either closes."""
    server = ends.enter_context(socket.socket(socket.AF_UNIX))
    server.connect(f"{dsn['host']}/.s.PGSQL.{dsn.get('port', 5432)}")

    def copy(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while read := source.recv(65536):
                sink.sendall(read)
            sink.shutdown(socket.SHUT_WR)

    for source, sink in ((client, server), (server, client)):
        Thread(target=copy, args=(source, sink), daemon=True).start()


def test_a_port_that_is_taken_is_told_before_anything_is_started(kiennghi: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = kiennghi("serve", "--port", str(port))
    assert ended.code == 1
    assert f"port {port} of 127.0.0.1 is taken" in ended.err


def test_beside_a_given_database_the_keys_must_be_given(module_database: str) -> None:
    ended = Terminal({"KIENNGHI_DATABASE_URL": login_of_service(module_database)})("serve", "--port", "0")
    assert ended.code == 1
    assert "KIENNGHI_TOKEN_KEY" in ended.err


@pytest.fixture
def open_home() -> Iterator[Path]:
    """As a checkout in a folder that is closed to nobody: started by root, the server runs as another account."""
    with tempfile.TemporaryDirectory(prefix="kiennghi-run-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "home"


def test_run_starts_from_nothing_and_leaves_nothing_running(open_home: Path) -> None:
    kiennghi = Terminal({"KIENNGHI_HOME": str(open_home)})
    for _ in range(2):
        with kiennghi.started("run", "--port", "0", "--no-demonstration") as process:
            assert process.stdout is not None
            welcome = "".join(takewhile(lambda line: "Ctrl-C" not in line, process.stdout))
            (url,) = re.findall(r"serves on (\S+)", welcome)
            assert f"KIENNGHI_HOME={open_home} kiennghi token" in welcome, "from another folder it is the same database"
            assert answer(f"{url}/readyz") == 200
            assert using(open_home)
            with connection_held_open(url):
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "nothing is left running" in err
        assert using(open_home) == []
