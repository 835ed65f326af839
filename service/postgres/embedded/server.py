"""Runs an embedded PostgreSQL server from the programs in a wheel, shared by all processes that use its folder.

Every process that uses the server holds a shared lock on `users.lock`, which the kernel releases however the process
ends. A supervisor process (service/postgres/embedded/supervisor.py) is the server's parent and waits for the exclusive
lock: it gets the lock when the last user has left.
"""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo

from service.postgres.embedded import supervisor
from service.postgres.embedded.binaries import binaries_for
from service.postgres.embedded.data_directory import (
    EmbeddedPostgresError,
    ServerAccount,
    server_account,
    server_home,
    socket_folder,
)
from service.postgres.embedded.supervisor import find_postmaster

SERVER_SETTINGS = {
    "listen_addresses": "",  # only the socket: no port that could be in use, nothing on the network
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "192MB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",  # fewer full pages in the WAL; its 1 GB limits the time of a recovery
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A refused row or statement may hold a petitioner's name: neither is written to the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "jit": "off",
}
NO_DURABILITY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextlib.contextmanager
def embedded_postgres(home: Path, *, timeout: float = 60, fsync: bool = True) -> Iterator[str]:
    """Provide the DSN of the server in `home`; start it if it does not run, stop it when its last user leaves.

    `timeout` is in seconds and limits the start, with recovery after a crash. `fsync=False` is for tests: the cluster
    may be lost when the machine stops. It applies until the server's last user leaves.
    Raise EmbeddedPostgresError when the server cannot be run.
    """
    try:
        cluster = _Cluster.at(home, fsync=fsync)
        users = _open_lock(cluster.home / "users.lock")
    except PermissionError as error:
        raise EmbeddedPostgresError(f"the server in {home} belongs to another account ({error})") from None
    has_left = threading.Event()
    with users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _open_lock(cluster.home / "start.lock") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            cluster.initialise(start)
            cluster.start(timeout)
        if fsync and "fsync=off" in (cluster.folder / "postmaster.opts").read_text():
            raise EmbeddedPostgresError(f"the server in {home} was started without fsync and is still in use")
        threading.Thread(target=cluster.replace_dead_supervisor, args=[has_left], daemon=True).start()
        try:
            yield make_conninfo(host=str(cluster.run), user="postgres", dbname="postgres")
        finally:
            has_left.set()
            was_last = _is_last_user(users)
    if was_last:  # a container ends with its first process: wait for the server's checkpoint
        deadline = time.monotonic() + 30
        while _is_locked(cluster.home / "guard.lock") and time.monotonic() < deadline:
            time.sleep(0.01)


@dataclass
class _Cluster:
    """Holds the folders and programs of one cluster, and the supervisor that this process has started for it."""

    home: Path
    run: Path
    binaries: Path
    account: ServerAccount | None
    fsync: bool
    supervisor_process: subprocess.Popen[bytes] | None = None
    """The supervisor that this process has started, if it has started one."""

    @property
    def folder(self) -> Path:
        return self.home / "cluster"

    @classmethod
    def at(cls, wanted: Path, *, fsync: bool) -> "_Cluster":
        """Return the cluster in `wanted`, or in its substitute if the server's account cannot reach that folder."""
        wanted = wanted.absolute().resolve()
        home = server_home(wanted, server_account(wanted / "cluster"))
        account = server_account(home / "cluster")
        return cls(home, socket_folder(home, account), binaries_for(account), account, fsync)

    def initialise(self, start: IO[str]) -> None:
        """Create the cluster if there is none; initdb holds the lock `start` too, in case this process is killed.

        Raise EmbeddedPostgresError for a cluster of another major version, and when initdb fails.
        """
        printed = subprocess.run([self.binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
        found = re.search(r"\) (\d+)", printed.stdout)
        major = int(found[1]) if found else 0
        if (self.folder / "PG_VERSION").exists():
            made_by = int((self.folder / "PG_VERSION").read_text())
            if made_by != major:
                raise EmbeddedPostgresError(
                    f"{self.folder} was made by PostgreSQL {made_by}, the binaries are of {major}:"
                    " dump it with the old ones (pg_dump) and restore it with the new (pg_restore)"
                )
            return
        fresh = self.home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.account:
            os.chown(fresh, self.account.uid, self.account.gid)
        made = subprocess.run(
            [
                self.binaries / "initdb",
                "--pgdata", fresh,
                "--username=postgres",
                "--auth=trust",  # the socket is in a folder that only our account may enter
                "--encoding=UTF8",
                "--data-checksums",
                # The wheels lack ICU and a bare machine lacks vi_VN; the provider built into 17 is the same everywhere.
                f"--locale-provider={'builtin' if major >= 17 else 'libc'}",
                "--locale=C.UTF-8",
                *([] if self.fsync else ["--no-sync"]),
            ],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            pass_fds=[start.fileno()],
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )  # fmt: skip
        if made.returncode:
            raise EmbeddedPostgresError(made.stderr or made.stdout)
        fresh.rename(self.folder)  # an incomplete cluster is never mistaken for a complete one
        handle = os.open(self.home, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

    def start(self, timeout: float) -> None:
        """Start a supervisor unless there is one, and wait until the server is ready.

        Raise EmbeddedPostgresError after `timeout` seconds, when no server appears, or when it dies repeatedly.
        """
        began = seen_at = time.monotonic()
        seen_pids = set()
        while True:
            with _open_lock(self.home / "guard.lock") as lock:
                if _try_lock(lock, fcntl.LOCK_EX):
                    self._spawn_supervisor(lock)
                elif server := find_postmaster(self.folder):
                    if server.ready:
                        return
                    seen_pids.add(server.pid)
                    seen_at = time.monotonic()
            now = time.monotonic()
            if now - began > timeout or now - seen_at > 20 or len(seen_pids) > 5:
                log = self.home / "server.log"
                log_end = log.read_text(errors="replace")[-2000:] if log.exists() else "no log"
                raise EmbeddedPostgresError(
                    f"the server in {self.home} is not up after {now - began:.0f} s:\n{log_end}"
                )
            time.sleep(0.02)

    def replace_dead_supervisor(self, has_left: threading.Event) -> None:
        """Wait until the supervisor has ended, and start another one, until this process has left the server."""
        while True:
            with _open_lock(self.home / "guard.lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.supervisor_process:
                    self.supervisor_process.wait()
                if has_left.is_set():
                    return
                self._spawn_supervisor(lock)

    def _spawn_supervisor(self, lock: IO[str]) -> None:
        """Start a supervisor, which inherits the open file with its lock; a free lock means that none is alive."""
        settings = SERVER_SETTINGS if self.fsync else SERVER_SETTINGS | NO_DURABILITY_SETTINGS
        server: list[str | Path] = [self.binaries / "postgres", "-D", self.folder, "-k", self.run]
        options = [option for key, value in settings.items() for option in ("-c", f"{key}={value}")]
        with (self.home / "guardian.log").open("ab") as log:
            self.supervisor_process = subprocess.Popen(
                [sys.executable, "-I", supervisor.__file__, self.home, *server, *options],
                cwd="/",
                pass_fds=[lock.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _open_lock(path: Path) -> IO[str]:
    path.touch(mode=0o600)  # whoever can open it can lock it
    return path.open("a")


def _try_lock(lock: IO[str], kind: int) -> bool:
    """Take the lock without waiting and return true, or return false when another process holds it."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_locked(path: Path) -> bool:
    with _open_lock(path) as lock:
        return not _try_lock(lock, fcntl.LOCK_EX)


def _is_last_user(users: IO[str]) -> bool:
    """Release this process's use of the server and return true when nobody else uses it."""
    # If not even a shared lock is free, the supervisor has the exclusive lock already and is stopping the server.
    return _try_lock(users, fcntl.LOCK_EX) or not _try_lock(users, fcntl.LOCK_SH)
