"""Assembles a working process: a database that answers, the office, the views that follow it, and a clean end."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any, TypeVar

from psycopg.conninfo import conninfo_to_dict

from domain.errors import Refused
from service.approvals.law_changes import following_law_changes
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.config.settings import Settings
from service.event_store.context import Door, entering_through
from service.event_store.log_watch import watching_log
from service.event_store.seen_log import SeenLogs
from service.observability.append_observer import AppendObserver
from service.postgres.migrate import create_service_login, give_login, migrate_database, pending_migrations
from service.postgres.pools import database_dsn, has_database, wait_until_reachable
from service.postgres.roles import ROLES_OF_SERVING, SEALER_ROLE
from service.projector.runner import ProjectionRunner

NO_VAULT_KEY = b""
"""Empty vault key, for work that touches no identities and no texts of petitions."""

_T = TypeVar("_T")


class NotMigrated(Exception):
    """Is raised when the database lacks migrations of this version; the message names the command that helps."""


@contextmanager
def until_interrupted() -> Iterator[None]:
    """End the work inside at Ctrl-C, SIGTERM or a closed terminal, with its cleanup and without an error."""

    def raise_interrupt(_sig: int, _frame: FrameType | None) -> None:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell's `&` hands it on: it would be lost
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    signals = [signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores it
        signals.append(signal.SIGHUP)
    before = {sig: signal.signal(sig, raise_interrupt) for sig in signals}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        for sig, handler in before.items():
            signal.signal(sig, handler)


def run_coroutine(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine as asyncio.run does, on uvloop where it is installed, with settings of the garbage collector.

    Events and rows are many, small and free of cycles, so a search for cycles finds little. Objects that survived two
    searches are therefore rarely searched again. Each search covers few objects: one of fifty thousand delayed all
    requests by about forty milliseconds. Objects that were loaded before this call are never searched.
    """
    gc.freeze()
    gc.set_threshold(5_000, 2, 5_000)
    try:
        from uvloop import new_event_loop
    except ModuleNotFoundError:
        with entering_through(Door.CLI):
            return asyncio.run(work)
    with entering_through(Door.CLI), asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)


def require_database(settings: Settings) -> None:
    """Raise Refused where the settings name no server and no embedded database was ever made. Nothing is written."""
    if not has_database(settings):
        raise Refused(ServiceRefusal.NO_DATABASE_YET, home=str(settings.home))


@contextmanager
def migrated_database(settings: Settings, *, timeout: float = 3) -> Iterator[str]:
    """Provide the DSN of a migrated database. An embedded one is made and migrated first, as `kiennghi run` does."""
    if settings.database_url is not None:
        with reachable_database(settings, timeout=timeout) as dsn:
            require_migrated(dsn)
            yield dsn
        return
    with reachable_database(settings, timeout=timeout, as_owner=True):  # keeps the server running
        bring_up_to_date(settings, timeout=timeout)
        with reachable_database(settings, timeout=timeout) as dsn:
            yield dsn


@contextmanager
def reachable_database(settings: Settings, *, timeout: float = 3, as_owner: bool = False) -> Iterator[str]:
    """Provide the DSN of a database that answers; DatabaseUnreachable when it does not within `timeout` seconds.

    With `as_owner` it logs in as who owns the log, to migrate, and an embedded database is made where there is none.
    Nobody else makes one: Raise Refused, before anything is written.
    """
    if not as_owner:
        require_database(settings)
    with database_dsn(settings, as_owner=as_owner) as dsn:
        wait_until_reachable(dsn, timeout)
        yield dsn


def bring_up_to_date(settings: Settings, *, timeout: float = 3) -> list[str]:
    """Migrate the database with the login of its owner, and return the names of what was applied.

    The login of the service is made where it is missing, and gets its roles.
    """
    with reachable_database(settings, timeout=timeout, as_owner=True) as dsn:
        applied = migrate_database(dsn)
        if settings.database_url is None:
            create_service_login(dsn)
        elif settings.owner_url is not None:
            login = conninfo_to_dict(settings.database_url.get_secret_value())
            roles = [*ROLES_OF_SERVING, *([SEALER_ROLE] if settings.sealing else [])]
            if user := login.get("user"):
                given = give_login(
                    dsn, str(user), roles, None if login.get("password") is None else str(login["password"])
                )
                applied += [f"{role} for {user}" for role in given]
        return applied


def require_migrated(dsn: str) -> None:
    """Raise NotMigrated when the database lacks something that `kiennghi migrate` would apply."""
    if missing := pending_migrations(dsn):
        raise NotMigrated(f"the database lacks {', '.join(missing)}: run `kiennghi migrate` first")


@asynccontextmanager
async def _vault_that_opens(office: ApplicationService) -> AsyncIterator[None]:
    """Raise UnusableTextKey before any view is touched when the vault key is not that of the database."""
    async with office.pool.connection() as connection:
        await office.vault.check(connection)
    yield


@asynccontextmanager
async def running_office(
    dsn: str, settings: Settings, *, vault_key: bytes, observer: AppendObserver | None = None
) -> AsyncIterator[tuple[ApplicationService, ProjectionRunner]]:
    """Open the office and the views that follow it, on a migrated database.

    The log is compared with what earlier processes of this home saw of it: see `service.event_store.continuity`. The
    `vault_key` opens the texts that the views take over from the log. Raise UnusableTextKey if it is another one.
    """
    following: list[ProjectionRunner] = []

    def committed(position: int) -> None:
        for views in following:
            views.notice_append(position)

    async with (
        ApplicationService.open(
            dsn,
            settings,
            vault_key=vault_key,
            on_committed=committed,
            observer=observer,
            seen_logs=SeenLogs(settings.home),
        ) as office,
        watching_log(office.pool, office.continuity),
        _vault_that_opens(office),
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
        following_law_changes(office),
    ):
        following.append(views)
        yield office, views
