"""Supervises an embedded server: starts it, restarts it when it dies, stops it when its last user has left.

Runs as a separate, isolated script that needs only the standard library.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple


class Postmaster(NamedTuple):
    """Holds the process id of a live server, and whether it accepts connections."""

    pid: int
    ready: bool


def find_postmaster(cluster: Path) -> Postmaster | None:
    """Return the live server of this cluster, None if there is none."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        os.kill(pid, 0)
        if Path("/proc/self").exists() and bytes(cluster) not in Path(f"/proc/{pid}/cmdline").read_bytes():
            return None  # the file is from a dead server, and its number now belongs to another process
    except (OSError, ValueError, IndexError):
        return None
    return Postmaster(pid, lines[-1].strip() == "ready")


class SupervisedServer:
    """Keeps the one server of a cluster alive until it is stopped."""

    def __init__(self, home: Path, command: list[str]) -> None:
        self.home = home
        self.cluster = home / "cluster"
        self.command = command
        self.starting_or_stopping = threading.Lock()
        self.stopping = threading.Event()

    def keep_alive(self) -> None:
        """Start the server, wait for its end, and start it again, until `stop` is called."""
        pause = 0.05
        while not self.stopping.is_set():
            began = time.monotonic()
            if find_postmaster(self.cluster):
                self._wait_for_adopted()  # an earlier supervisor was killed while its server ran on
            elif child := self._start():
                child.wait()
            # A killed server's children hold its shared memory for a moment, so the first attempts may fail.
            pause = 0.05 if time.monotonic() - began > 5 else min(2 * pause, 5)
            self.stopping.wait(pause)

    def stop(self) -> None:
        """Stop the server: it ends the sessions and writes a checkpoint, so that the next start needs no recovery."""
        with self.starting_or_stopping:
            self.stopping.set()
            if alive := find_postmaster(self.cluster):
                os.kill(alive.pid, signal.SIGINT)

    def _start(self) -> subprocess.Popen[bytes] | None:
        owner = self.cluster.stat()
        # PostgreSQL refuses to run as root.
        as_owner = os.geteuid() == 0
        with self.starting_or_stopping:
            if self.stopping.is_set():
                return None
            with (self.home / "server.log").open("ab") as log:
                child = subprocess.Popen(
                    self.command,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    user=owner.st_uid if as_owner else None,
                    group=owner.st_gid if as_owner else None,
                    extra_groups=[] if as_owner else None,
                )
            # `stop` needs the pid file, so the lock is held until the file exists.
            while child.poll() is None and not find_postmaster(self.cluster):
                time.sleep(0.005)
            return child

    def _wait_for_adopted(self) -> None:
        while find_postmaster(self.cluster):
            time.sleep(0.1)


def main(home: Path, command: list[str]) -> None:
    """Supervise the server until no process holds a shared lock on users.lock.

    This process holds the inherited guard.lock as long as it lives.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # when a machine shuts down, the users of the server must end first
    os.umask(0o077)
    log = home / "server.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.rename(home / "server.log.1")
    server = SupervisedServer(home, command)
    keeper = threading.Thread(target=server.keep_alive)
    keeper.start()
    with (home / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_EX)  # waits until no user is left; new users wait until it is closed
        server.stop()
        keeper.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
