"""Kills workers and the receiver at crash points that it draws, and forks them again.

Two workers and a receiver (a web server and a mail server) are forked from this process, which has loaded everything.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from tests.faults.alerts.crashes import CrashingProcess, PlannedCrash
from tests.faults.alerts.receiver import RECEIVED, TAKEN, Receiver
from tests.faults.alerts.views import follow_log
from tests.faults.alerts.worker import CRASH_POINTS, ONCE_A_DAY, WorkerSettings, run_worker
from tests.faults.history import History
from tests.faults.processes import ForkedProcess

REFUSALS = 0.1
"""The share of the receiver's answers that say no; half of these after it has taken the message."""

CRASH_TIMEOUT_SECONDS = 5.0
"""After so long a worker that has not come to its crash point is killed where it is."""


class Nemesis:
    """Starts all processes of a part, has them crash, and counts the kills."""

    def __init__(self, settings: WorkerSettings, folder: Path, seed: int) -> None:
        self.killed = 0
        """Workers and receivers only."""
        self.worker_history = History(folder / "workers.jsonl")
        self.received = History(folder / "received.jsonl")
        self._receiver_history = History(folder / "receivers.jsonl")
        self._settings = settings
        self._random = Random(seed)
        self._points: list[str] = []
        self._kills_on = True
        self._views_killed = 0
        self._crash = PlannedCrash("", 0, 0)
        """The crash of the process that is forked next."""
        self._workers = [ForkedProcess(self._work) for _ in range(2)]
        self._receiver = ForkedProcess(self._receive)
        self._views = ForkedProcess(lambda: asyncio.run(follow_log(settings.dsn, settings.law)))

    @contextmanager
    def started(self, connection: psycopg.Connection[Any]) -> Iterator[None]:
        """Start all processes, the views first; kill them at the end."""
        try:
            self._views.start()
            while connection.execute("SELECT to_regclass('kiennghi_views.alerts')").fetchone() == (None,):
                time.sleep(0.01)
            self._start_receiver()
            for worker in self._workers:
                self._start_worker(worker)
            yield
        finally:
            for process in (self._views, self._receiver, *self._workers):
                process.kill()

    def strike(self) -> None:
        """Start again what has crashed, kill a worker that took too long, and seldom whoever keeps the views."""
        if self._receiver.has_ended():
            self.killed += 1
            self._start_receiver()
        for worker in self._workers:
            if worker.has_ended():
                self.killed += 1
                self._start_worker(worker)
            elif time.monotonic() - worker.started_at > CRASH_TIMEOUT_SECONDS:
                self._kill_worker(worker)
                self._start_worker(worker)
        if self._random.random() < 0.0005:
            self._views.kill()
            self._views_killed += 1
            self._views.start()

    def stop_killing(self) -> None:
        """Start workers and receiver again, for the last time: they live until the end of the part."""
        self._kills_on = False
        for worker in self._workers:
            self._kill_worker(worker)
            self._start_worker(worker)
        self._receiver.kill()
        self._start_receiver()

    def kills(self) -> Counter[str]:
        """Return how often what was killed at which crash point, by the histories."""
        kills = Counter(f"a worker, {line['died']}" for line in self.worker_history.lines() if "died" in line)
        kills.update(f"a receiver, {line['died']}" for line in self._receiver_history.lines())
        kills["who follows the log"] += self._views_killed
        return +kills

    def _start_worker(self, worker: ForkedProcess) -> None:
        if not self._points:  # each as often as the others
            self._points = list(CRASH_POINTS)
            self._random.shuffle(self._points)
        point = self._points.pop() if self._kills_on else ""
        nth = 1 if point in ONCE_A_DAY else self._random.randint(1, 3)
        self._crash = PlannedCrash(point, nth, self._random.randrange(2**32))
        worker.start()

    def _start_receiver(self) -> None:
        point = self._random.choice([RECEIVED, TAKEN]) if self._kills_on else ""
        self._crash = PlannedCrash(point, self._random.randint(5, 40), self._random.randrange(2**32))
        self._receiver.start()

    def _kill_worker(self, worker: ForkedProcess) -> None:
        """Kill it where it is; its history says so before, as it does of all deaths."""
        self.worker_history.add(pid=worker.pid, died="wherever it was")
        worker.kill()
        self.killed += 1

    # -- in the forked processes

    def _work(self) -> None:
        run_worker(self._settings, self._crash, self.worker_history)

    def _receive(self) -> None:
        process = CrashingProcess(self._crash, self._receiver_history)
        refusals = REFUSALS if self._kills_on else 0
        receiver = Receiver(self.received, process.pass_point, self._crash.seed, refusals)
        asyncio.run(receiver.serve(self._settings.http_port, self._settings.smtp_port))
