"""Runs the long campaign: `python -m tests.tampering --changes 100000 --seed 1`, in logs of about a thousand events."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from service.bootstrap import until_interrupted
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import create_service_login, migrate_database
from tests.conftest import memory_folder, temporary_database
from tests.tampering.campaign import Tally, tamper
from tests.tampering.honest import HonestRun, append_honestly
from tests.tampering.sealed_log import sealed_log

CHANGES_A_LOG = 5_000
"""Number of changes after which another log is made."""

PETITIONS = 200


async def change_one_log(dsn: str, seed: int, changes: int, tally: Tally) -> None:
    async with sealed_log(dsn, PETITIONS) as log:
        await tamper(log, seed, changes, tally)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--changes", type=int, default=100_000)
    parser.add_argument("--appends", type=int, default=10_000, help="by several writers, with verifications meanwhile")
    parser.add_argument("--seed", type=int, default=18)
    given = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="kiennghi-tampering-", dir=memory_folder()))
    home.chmod(0o711)
    began, honest = time.monotonic(), HonestRun()

    def show(tally: Tally) -> None:
        seconds, made = time.monotonic() - began, tally.made.total()
        print(f"{made} changes in {seconds:.0f} s, {len(tally.unseen)} not named at their first position", flush=True)

    tally = Tally(progress=show)
    try:
        # Whoever interrupts it is told of what was made until then.
        with until_interrupted(), embedded_postgres(home / "postgres", fsync=False) as server:
            with temporary_database(server, template="template1") as dsn:
                migrate_database(dsn)
                create_service_login(dsn)
                honest = asyncio.run(append_honestly(dsn, given.appends))
            print(f"{honest.events} honest appends, {len(honest.alarms)} false alarms", flush=True)
            for part, first in enumerate(range(0, given.changes, CHANGES_A_LOG)):
                with temporary_database(server, template="template1") as dsn:
                    migrate_database(dsn)
                    create_service_login(dsn)
                    size = min(CHANGES_A_LOG, given.changes - first)
                    asyncio.run(change_one_log(dsn, given.seed + part, size, tally))
    finally:
        shutil.rmtree(home)
    print(f"{tally.made.total()} changes:")
    for name, number in sorted(tally.made.items()):
        print(f"{number:8} {name}")
    print(*tally.unseen, sep="\n")
    print(f"{honest.events} honest appends, {honest.verifications} verifications, {len(honest.alarms)} false alarms")
    print(*honest.alarms, sep="\n")
    return 1 if tally.unseen or honest.alarms else 0


if __name__ == "__main__":
    sys.exit(main())
