"""What a working process is made of: a database that answers, the office, the views behind it, a way to end."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any, TypeVar

from service.approvals.law_changes import law_in_force
from service.commands.office import Office
from service.config.settings import Settings
from service.observability.append_observer import Watch
from service.postgres.migrate import pending
from service.postgres.pools import database, wait_until_reachable
from service.projector.runner import Follower

NO_KEY = b""
"""Of the vault, for work that touches no identities."""

_T = TypeVar("_T")


class NotMigrated(Exception):
    """The database is not in the form that this version works with; the message names the command that helps."""


@contextmanager
def until_told() -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end what is inside, cleaned up and without an error."""

    def as_if_interrupted(_sig: int, _frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    told = [signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        told.append(signal.SIGHUP)
    before = {sig: signal.signal(sig, as_if_interrupted) for sig in told}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        for sig, handler in before.items():
            signal.signal(sig, handler)


def run_to_end(work: Coroutine[Any, Any, _T]) -> _T:
    """As asyncio.run, on the faster loop where the system has it, with a collector of cycles that holds nobody up.

    Events and rows are many, small and free of cycles: little is found, so what has been looked through twice is left
    alone for long. But in small portions: fifty thousand at once held all requests up for some forty milliseconds.
    What was loaded before stays out of the search altogether.
    """
    gc.freeze()
    gc.set_threshold(5_000, 2, 5_000)
    try:
        from uvloop import new_event_loop
    except ModuleNotFoundError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


@contextmanager
def reachable_database(settings: Settings, *, patience: float = 3) -> Iterator[str]:
    """The DSN of a database that answers; DatabaseUnreachable when it has not within `patience` seconds."""
    with database(settings) as dsn:
        wait_until_reachable(dsn, patience)
        yield dsn


def require_migrated(dsn: str) -> None:
    """NotMigrated while there is something for `kiennghi migrate` to do."""
    if waiting := pending(dsn):
        raise NotMigrated(f"the database lacks {', '.join(waiting)}: run `kiennghi migrate` first")


@asynccontextmanager
async def at_work(
    dsn: str, settings: Settings, *, vault_key: bytes = NO_KEY, watch: Watch | None = None
) -> AsyncIterator[tuple[Office, Follower]]:
    """The office and the views that follow it, on a migrated database; `vault_key` for an office that receives."""
    following: list[Follower] = []

    def committed(position: int) -> None:
        for views in following:
            views.noticed(position)

    async with (
        Office.open(dsn, settings, vault_key=vault_key, on_committed=committed, watch=watch) as office,
        Follower.open(office.pool, office.histories) as views,
        law_in_force(office),
    ):
        following.append(views)
        yield office, views
