"""Parent of an embedded server: starts it, starts it again when it dies, stops it when its last user is gone.

Runs as a script of its own, isolated, from the standard library alone.
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
    pid: int
    ready: bool


def postmaster(cluster: Path) -> Postmaster | None:
    """The live server of this cluster, if there is one."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
        os.kill(pid, 0)
        if Path("/proc/self").exists() and bytes(cluster) not in Path(f"/proc/{pid}/cmdline").read_bytes():
            return None  # the file is a dead server's, and the number another process's by now
    except (OSError, ValueError, IndexError):
        return None
    return Postmaster(pid, lines[-1].strip() == "ready")


class Server:
    """The one server of a cluster, kept alive until it is stopped."""

    def __init__(self, home: Path, command: list[str]) -> None:
        self.home = home
        self.cluster = home / "cluster"
        self.command = command
        self.starting_or_stopping = threading.Lock()
        self.stopping = threading.Event()

    def keep_alive(self) -> None:
        pause = 0.05
        while not self.stopping.is_set():
            began = time.monotonic()
            if postmaster(self.cluster):
                self._wait_for_adopted()  # an earlier guardian was killed and left it
            elif child := self._start():
                child.wait()
            # A killed server's children hold its shared memory for a moment, so the first attempts may fail.
            pause = 0.05 if time.monotonic() - began > 5 else min(2 * pause, 5)
            self.stopping.wait(pause)

    def stop(self) -> None:
        """Ends the sessions and writes a checkpoint, so that the next start has nothing to recover."""
        with self.starting_or_stopping:
            self.stopping.set()
            if alive := postmaster(self.cluster):
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
            # Not to be stopped before its pid file tells that it is there.
            while child.poll() is None and not postmaster(self.cluster):
                time.sleep(0.005)
            return child

    def _wait_for_adopted(self) -> None:
        while postmaster(self.cluster):
            time.sleep(0.1)


def main(home: Path, command: list[str]) -> None:
    """Holds the inherited lock as long as it lives; ends after the last shared lock on users.lock."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # when a machine goes down, the users go first
    os.umask(0o077)
    log = home / "server.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.rename(home / "server.log.1")
    server = Server(home, command)
    keeper = threading.Thread(target=server.keep_alive)
    keeper.start()
    with (home / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_EX)  # sleeps until no user is left; new ones wait until it is closed
        server.stop()
        keeper.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
