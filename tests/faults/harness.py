"""Runs a fault campaign: a workload under a nemesis, in parts, and a checker that counts what is wrong after it.

Each part has a database of its own, so that its whole log can be checked; one server lasts through all parts.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import ClassVar
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from service.observability import log_setup
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import create_service_login, migrate_database

SETTLE_TIMEOUT_SECONDS = 60.0
"""The time that a system may take after the last fault until everything runs and nothing is left to do."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Says how often a checker found each wrong, and what else it counted."""

    wrongs: Counter[str]
    """Each wrong that was looked for, also if it was found zero times."""
    figures: Counter[str] = field(default_factory=Counter)

    @property
    def is_valid(self) -> bool:
        return not self.wrongs.total()


@dataclass
class Tally:
    """Counts what a campaign has done and found, over all its parts."""

    seed: int
    mutant: str = ""
    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    """By what was killed, and where."""
    figures: Counter[str] = field(default_factory=Counter)
    wrongs: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    """Say more about what is wrong."""

    def add(self, result: CheckResult) -> None:
        self.figures.update(result.figures)
        self.wrongs.update(result.wrongs)  # `+=` would drop those that are 0

    def as_json(self) -> str:
        """Return one object; each figure is a member of it."""
        members = dict(vars(self))
        return json.dumps(members.pop("figures") | members)

    def __str__(self) -> str:
        lines = [
            f"seed {self.seed}: {self.kills.total()} kills in {self.seconds:.0f} s",
            *(f"  killed {what}: {times} times" for what, times in sorted(self.kills.items())),
            *(f"  {figure.replace('_', ' ')}: {number}" for figure, number in sorted(self.figures.items())),
            *(f"  wrong: {wrong.replace('_', ' ')}, {times}" for wrong, times in self.wrongs.items()),
            *(f"  {remark}" for remark in self.remarks),
        ]
        return "\n".join(lines)


@dataclass(frozen=True)
class Part:
    """Is the share of a campaign that is run on one database."""

    number: int
    first: int
    """The number of cycles or kills that the parts before it had."""
    size: int
    dsn: str
    """The address of the database, which is migrated and empty."""
    home: Path
    """The folder of the campaign; its own server is in the folder `postgres` of that."""
    folder: Path
    """The folder for histories and logs of this part."""
    say: Callable[[str], None]
    """Shows a line on progress."""


class Workload(ABC):
    """Runs clients and a nemesis on the database of a part, then the checker; there is one for each campaign."""

    name: ClassVar[str]
    unit: ClassVar[str]
    """The thing that the size of a campaign counts, in the plural; also its option on the command line."""
    default_size: ClassVar[int]
    part_size: ClassVar[int]
    kills_server: ClassVar[bool] = False
    """True if the workload needs a server of its own, because it kills that too."""
    mutants: ClassVar[Sequence[str]] = ()
    """Programs with a guard taken out, in which the checker must find a wrong; "" is the real program."""
    log_level: ClassVar[str] = "warning"

    def __init__(self, size: int, seed: int, mutant: str = "") -> None:
        self.size, self.seed, self.mutant = size, seed, mutant

    @abstractmethod
    def run_part(self, part: Part, tally: Tally) -> None:
        """Add to `tally` what the part does, and what the checker finds when it has settled."""


def run_campaign(workload: Workload, server: str, home: Path, say: Callable[[str], None]) -> Tally:
    """Run the workload part by part; stop after a part in which the real program did wrong.

    `server` is the DSN of the server that creates the databases. A part's database is dropped at its end, unless
    something is wrong with it.
    """
    tally = Tally(workload.seed, workload.mutant)
    for number, first in enumerate(range(0, workload.size, workload.part_size)):
        began = time.monotonic()
        name, folder = f"faults_{uuid4().hex}", home / f"part-{number}"
        folder.mkdir()
        _administer(server, f"CREATE DATABASE {name}")
        dsn = make_conninfo(server, dbname=name)
        migrate_database(dsn)
        create_service_login(dsn)
        size = min(workload.part_size, workload.size - first)
        workload.run_part(Part(number, first, size, dsn, home, folder, say), tally)
        tally.seconds += time.monotonic() - began
        if tally.wrongs.total() and not workload.mutant:
            tally.remarks.append(f"the database {name} is kept")
            break
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
    return tally


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


def make_home() -> Path:
    """Make a folder for a server and for what a campaign writes down."""
    home = Path(tempfile.mkdtemp(prefix="kiennghi-faults-"))
    home.chmod(0o711)  # started by root the server runs as another account, which must get in
    return home


def run_command_line(workloads: Sequence[type[Workload]]) -> None:
    """Run the campaign that the command line asks for; exit with 1 and keep its files if something is wrong."""
    options = _command_line(workloads).parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))  # so that all processes are ended too
    seed = Random().randrange(1_000_000) if options.seed is None else options.seed
    workload: Workload = options.workload(options.size, seed, options.mutant)
    say: Callable[[str], None] = (lambda _: None) if options.json else partial(print, flush=True)
    log_setup.configure_logging(workload.log_level)
    home = make_home()
    say(f"seed {seed}")
    say(f"histories and logs, kept if something is wrong: {home}")
    with nullcontext(options.server) if options.server else embedded_postgres(home / "postgres") as server:
        tally = run_campaign(workload, server, home, say)
    print(tally.as_json() if options.json else tally, flush=True)
    if tally.wrongs.total() and not workload.mutant:
        sys.exit(f"something is wrong: histories and logs are kept in {home}")
    shutil.rmtree(home)


def _command_line(workloads: Sequence[type[Workload]]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.partition("\n")[0])
    names = parser.add_subparsers(metavar="WORKLOAD", required=True)
    for workload in workloads:
        one = names.add_parser(workload.name, help=workload.__doc__, description=workload.__doc__)
        one.set_defaults(workload=workload, server=None, mutant="")
        one.add_argument(f"--{workload.unit}", dest="size", type=int, default=workload.default_size)
        one.add_argument("--seed", type=int, default=None, help="drawn and printed if left out")
        one.add_argument("--json", action="store_true", help="print what was done and found as JSON, and nothing else")
        if not workload.kills_server:
            one.add_argument("--server", help="DSN of a server to work on; one of its own if left out")
        if workload.mutants:
            one.add_argument("--mutant", choices=workload.mutants, help="run a program with a guard taken out")
    return parser
