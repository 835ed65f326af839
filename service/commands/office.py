"""Opens the application service: what decides, records and reads, on one database.

Everything that one command causes (events, register number, identities, the command's own id) is written together: the
log has all of it or nothing. If somebody else changes the petition in between, the decision is made again on the new
history.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from psycopg_pool import AsyncConnectionPool

from domain.deadlines.policy import Law
from service.commands.business_day import BusinessDay
from service.commands.decision_contexts import DecisionContexts
from service.commands.meeting_commands import MeetingCommands
from service.commands.persistence import DecisionWriter
from service.commands.petition_commands import PetitionCommands
from service.commands.queries import Queries
from service.commands.reference_lookup import ReferenceLookup
from service.commands.shared_facts import SharedFactsCache
from service.commands.state_cache import StateCache
from service.commands.unit_commands import UnitCommands
from service.config.law_files import law_of
from service.config.settings import Settings
from service.event_store.continuity import LogContinuity
from service.event_store.group_commit import Committer
from service.event_store.recorder import Histories, LogRecorder
from service.event_store.seen_log import SeenLogs
from service.observability.append_observer import AppendObserver
from service.postgres.pools import async_pool
from service.security.text_vault import TextVault
from service.security.view_texts import ViewTexts


class ApplicationService:
    """Holds what decides on commands (`petitions`, `meetings`, `units`), what records facts that were decided elsewhere
    (`writer`), and what reads (`queries`).

    A process has one of them: `async with ApplicationService.open(...)`.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        committer: Committer,
        histories: Histories,
        settings: Settings,
        vault_key: bytes,
        law: Law,
        clock: Callable[[], datetime],
        observer: AppendObserver,
    ) -> None:
        self.pool = pool
        self.histories = histories
        self.settings = settings
        self.law_on_file = law
        self.vault_key = vault_key
        self.vault = TextVault(vault_key, seals=settings.seal_texts)
        self.texts = ViewTexts(self.vault)
        self._committer = committer
        states, references = StateCache(pool, self.vault), ReferenceLookup(pool)
        self.shared_facts = SharedFactsCache(histories, law)
        self.queries = Queries(histories, states, self.shared_facts, references)
        self._contexts = DecisionContexts(BusinessDay(clock, settings.zone), self.shared_facts, states, self.queries)
        self.writer = DecisionWriter(pool, committer, states, references, self.vault, vault_key)
        self.petitions = PetitionCommands(states, self._contexts, self.writer, observer)
        self.meetings = MeetingCommands(pool, self.queries, self._contexts, self.writer)
        self.units = UnitCommands(self._contexts, self.writer)
        for forget in (states.clear, self.shared_facts.forget, self.queries.forget, self.vault.forget_all):
            self.continuity.on_change(forget)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        dsn: str,
        settings: Settings,
        *,
        vault_key: bytes,
        law: Law | None = None,
        on_committed: Callable[[int], None] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pool_size: int = 8,
        reconnect_for: float = 10.0,
        max_waiting: int = 10_000,
        observer: AppendObserver | None = None,
        seen_logs: SeenLogs | None = None,
    ) -> AsyncIterator["ApplicationService"]:
        """Open the service on the migrated database `dsn`, and close its connections at the end.

        `on_committed` is called with the last position of every committed batch; `observer` observes the appends.
        Without `law` the law files of the settings are used. `seen_logs` is what earlier processes saw of the log:
        one that lacks it is not served. While the database is away, an append fails after `reconnect_for` seconds.
        """
        observer, continuity = observer or AppendObserver(), LogContinuity(seen_logs)
        async with (
            async_pool(dsn, min_size=1, max_size=pool_size, on_connect=continuity.check) as pool,
            Committer(
                dsn,
                max_waiting=max_waiting,
                on_committed=on_committed,
                observer=observer,
                continuity=continuity,
                reconnect_for=reconnect_for,
            ) as committer,
        ):
            recorder = LogRecorder(pool, committer, asyncio.get_running_loop())
            yield cls(
                pool, committer, Histories(recorder), settings, vault_key, law or law_of(settings), clock, observer
            )

    @property
    def continuity(self) -> LogContinuity:
        """Return the watch that this process keeps on the log: what is remembered is forgotten when the log changes."""
        return self.histories.continuity

    @property
    def today(self) -> date:
        """Return the present day in the authority's time zone."""
        return self._contexts.today

    @property
    def law(self) -> Law:
        """Return the law that was in force when it was last read. A decision is never made by an older one."""
        return self.shared_facts.latest.law

    @property
    def waiting(self) -> int:
        """Return the number of appends that are not yet sent to the database."""
        return self._committer.waiting

    @property
    def seconds_since_append(self) -> float:
        """Return how long ago this process last recorded something."""
        return self._committer.idle_seconds
