import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from service.postgres.embedded.data_directory import EmbeddedPostgresError, substitute_path
from service.postgres.embedded.server import embedded_postgres
from service.postgres.embedded.supervisor import find_postmaster
from tests.conftest import memory_folder

USER_PROGRAM = """
import sys
from pathlib import Path
from service.postgres.embedded.server import embedded_postgres
with embedded_postgres(Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""


@contextmanager
def empty_home() -> Iterator[Path]:
    """Provide a path for a server; in the end nothing of it is left running, and the folder is removed.

    It may be in memory: what a killed process has written, the system keeps there as well as on a disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="kiennghi-tests-", dir=memory_folder()))
    folder.chmod(0o711)  # if root starts the server, it runs as another account, which must be able to enter
    try:
        yield folder / "postgres"
        eventually(lambda: processes_of(folder) == [])
    finally:
        for process in processes_of(folder):
            process.kill()
        shutil.rmtree(folder)


@pytest.fixture
def fresh_home() -> Iterator[Path]:
    """Provide a path at which there is nothing yet: the first start makes a cluster."""
    with empty_home() as home:
        yield home


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """Provide a cluster that was made and shut down, to be copied."""
    with empty_home() as home:
        with embedded_postgres(home):
            pass
        yield home / "cluster"


@pytest.fixture
def home(cluster: Path) -> Iterator[Path]:
    """Provide a home with a copy of the cluster."""
    with empty_home() as home:
        home.mkdir()
        home.chmod(0o711)
        subprocess.run(["cp", "-a", cluster, home], check=True)  # with its owner
        yield home


def test_rows_outlive_the_server(home: Path) -> None:
    with embedded_postgres(home) as dsn, psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Đường Nguyễn Huệ' AS street")
    with embedded_postgres(home) as dsn, psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT lower(street) FROM kept").fetchone() == ("đường nguyễn huệ",)


def test_a_server_is_durable_and_not_on_the_network(home: Path) -> None:
    names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses"]
    with embedded_postgres(home) as dsn, psycopg.connect(dsn) as connection:
        found = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
        folder = socket_folder_of(dsn)
        assert folder.stat().st_mode & 0o777 == 0o700
    assert found == [("on",), ("on",), ("on",), ("on",), ("",)]


def test_the_last_user_to_leave_finds_no_process_left(home: Path) -> None:
    with embedded_postgres(home):
        assert processes_of(home) != []
    assert processes_of(home) == []


def test_twelve_processes_that_start_at_once_share_one_server(fresh_home: Path) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(user_of(fresh_home)) for _ in range(12)]
        started = set()
        for user in users:
            with psycopg.connect(dsn_of(user)) as connection:
                started.add(connection.execute("SELECT pg_postmaster_start_time()").fetchone())
        assert len(started) == 1


def test_a_server_stays_while_anybody_uses_it(home: Path) -> None:
    with embedded_postgres(home) as dsn:
        with user_of(home) as other:
            dsn_of(other)
        psycopg.connect(dsn).close()


def test_a_killed_user_leaves_no_server_behind(home: Path) -> None:
    with user_of(home) as user:
        with psycopg.connect(dsn_of(user)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        user.kill()
        eventually(lambda: processes_of(home) == [])
    with embedded_postgres(home) as dsn, psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT * FROM kept").fetchall() == [(1,)]


def test_a_killed_server_comes_back_with_every_committed_row(home: Path) -> None:
    with embedded_postgres(home) as dsn:
        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
        killed = server_of(home)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: answers(dsn))
        assert server_of(home) != killed
        with psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_killed_supervisor_is_replaced_while_sessions_go_on(home: Path) -> None:
    with user_of(home) as user:
        with psycopg.connect(dsn_of(user)) as connection:
            server, killed = server_of(home), supervisor_of(home)
            os.kill(killed, signal.SIGKILL)
            eventually(lambda: supervisor_of(home) not in {0, killed})
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert server_of(home) == server
        user.kill()
        eventually(lambda: processes_of(home) == [])


def test_a_server_whose_supervisor_and_users_were_all_killed_is_adopted(home: Path) -> None:
    with user_of(home) as user:
        dsn_of(user)
        orphan = server_of(home)
        os.kill(user.pid, signal.SIGSTOP)  # so that it cannot start another supervisor
        os.kill(supervisor_of(home), signal.SIGKILL)
        user.kill()
    with embedded_postgres(home):
        assert server_of(home) == orphan
    assert processes_of(home) == []


def test_initdb_that_was_broken_off_is_begun_anew(fresh_home: Path) -> None:
    half = fresh_home / "cluster.new"
    half.mkdir(parents=True)
    fresh_home.chmod(0o711)
    (half / "PG_VERSION").write_text("18\n")
    with embedded_postgres(fresh_home) as dsn:
        assert answers(dsn)


def test_a_folder_closed_to_all_others_serves_too(fresh_home: Path) -> None:
    private = fresh_home.parent / "private"
    private.mkdir(mode=0o700)
    wanted = private / "postgres"
    try:
        with embedded_postgres(wanted) as dsn:
            assert answers(dsn)
        private.chmod(0o711)  # when the folder is opened later, the server stays where its rows are
        with embedded_postgres(wanted) as again:
            assert again == dsn
        assert private.stat().st_mode & 0o777 == 0o711
    finally:
        if substitute_path(wanted).exists():  # root's server
            shutil.rmtree(substitute_path(wanted))


@pytest.mark.parametrize("name", ["x" * 120, "Tài liệu, của 'Lan'"], ids=["long", "odd"])
def test_a_folder_of_any_name_serves(fresh_home: Path, name: str) -> None:
    wanted = fresh_home.parent / name
    with embedded_postgres(wanted) as dsn:
        assert answers(dsn)
    shutil.rmtree(socket_folder_of(dsn).parent)


def test_a_cluster_of_another_major_version_is_refused(fresh_home: Path) -> None:
    (fresh_home / "cluster").mkdir(parents=True)
    fresh_home.chmod(0o711)
    (fresh_home / "cluster" / "PG_VERSION").write_text("9\n")
    with (
        pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 9, the binaries are of"),
        embedded_postgres(fresh_home),
    ):
        pass


def test_a_server_without_fsync_is_not_taken_for_a_durable_one(home: Path) -> None:
    with (
        embedded_postgres(home, fsync=False),
        pytest.raises(EmbeddedPostgresError, match="without fsync"),
        embedded_postgres(home),
    ):
        pass


@contextmanager
def user_of(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a process that uses the server until this context ends or the process is killed."""
    user = subprocess.Popen(
        [sys.executable, "-c", USER_PROGRAM, home],
        cwd=Path(__file__).parents[4],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with user:  # closes its stdin and waits for it
        yield user


def dsn_of(user: subprocess.Popen[str]) -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def socket_folder_of(dsn: str) -> Path:
    return Path(str(conninfo_to_dict(dsn)["host"]))


def processes_of(folder: Path) -> list[psutil.Process]:
    """Return every server and supervisor of this folder, and their child processes."""
    roots = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []
        if "-D" in line and any(argument.startswith(f"{folder}/") for argument in line):
            roots.append(process)
    return roots


def supervisor_of(home: Path) -> int:
    """Return the process id of the supervisor, 0 if there is none."""
    return next((process.pid for process in processes_of(home) if "-I" in process.info["cmdline"]), 0)


def server_of(home: Path) -> int:
    server = find_postmaster(home / "cluster")
    assert server is not None
    return server.pid


def answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn).close()
    except psycopg.OperationalError:
        return False
    return True


def eventually(condition: Callable[[], bool], within: float = 10) -> None:
    """Wait for the condition; fail after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.01)
