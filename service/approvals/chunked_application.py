"""Applies an approved change to many petitions in chunks, and counts them.

It may be interrupted at any moment and run again: the command id of each petition is derived from the change and the
petition, so that no petition is changed twice. If somebody else changes a petition at the same time, the petition is
read and decided again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.actor import Credentials
from domain.events import Fact
from domain.vocabulary import PetitionId
from projections.projection import Connection
from service.commands.decision_contexts import DECISION_ATTEMPTS
from service.commands.office import ApplicationService
from service.commands.results import TooContended
from service.event_store.errors import VersionConflict

AFFECTED_PETITIONS_AT_ONCE = 256
"""Number of petitions in flight at once: enough for the group commit to write many in one commit."""

MAX_ROUNDS = 10
"""Largest number of rounds. Rounds after the first find only petitions that came in the meantime."""

OpenFreshViews = Callable[[], AbstractAsyncContextManager[Connection]]
"""Opens one snapshot of the views that contains every event that is in the log when it is called."""

ReportProgress = Callable[[int, int], None]
"""Is called after each chunk with the number of petitions done and the number in the round."""

# The last event of each command has the digest. The index is of digests of 16 bytes alone.
_COUNT_COMMANDS = """
    SELECT count(*) FROM kiennghi.log AS l JOIN kiennghi.topics AS t ON t.number = l.topic
    WHERE l.request_digest = %s AND octet_length(l.request_digest) = 16 AND t.topic = ANY(%s)
"""


class NextFacts(NamedTuple):
    """Holds the facts by which a change is applied to a petition, and the version of the petition they follow."""

    facts: Sequence[Fact]
    after: int


@dataclass(frozen=True, slots=True)
class ChunkedApplication:
    """Applies one approved change.

    `candidates` returns the petitions that the change may concern, `next_facts` how one of them is changed, or None.
    With `until_none_is_left`, rounds go on until one changes no petition.
    """

    office: ApplicationService
    change_id: UUID
    credentials: Credentials
    candidates: Callable[[Connection], Awaitable[Sequence[UUID]]]
    next_facts: Callable[[PetitionId], Awaitable[NextFacts | None]]
    until_none_is_left: bool

    async def run(
        self, fresh_views: OpenFreshViews, *, at_most: int | None = None, progress: ReportProgress | None = None
    ) -> bool:
        """Apply the change to all candidates. Return True if none is left that it concerns.

        `at_most` limits the petitions of the run, which ends after a whole chunk. Raise TooContended, and AppendFailed
        of the event store.
        """
        remaining = at_most
        for _ in range(MAX_ROUNDS):
            async with fresh_views() as connection:
                petition_ids = await self.candidates(connection)
            changed = 0
            for first in range(0, len(petition_ids), AFFECTED_PETITIONS_AT_ONCE):
                chunk = petition_ids[first : first + AFFECTED_PETITIONS_AT_ONCE]
                changed += sum(await asyncio.gather(*(self._change_petition(PetitionId(one)) for one in chunk)))
                if progress is not None:
                    progress(first + len(chunk), len(petition_ids))
                if remaining is not None and changed >= remaining:
                    return False
            if not changed or not self.until_none_is_left:
                return True
            remaining = None if remaining is None else remaining - changed
        return False

    async def count_changed(self, facts: Sequence[type[Fact]]) -> int:
        """Return the number of petitions that the change was applied to by one of `facts`, in all runs."""
        async with self.office.pool.connection() as connection:
            topics = [fact.__name__ for fact in facts]
            cursor = await connection.execute(_COUNT_COMMANDS, [applied_change_digest(self.change_id), topics])
            row = await cursor.fetchone()
            return 0 if row is None else int(row[0])

    async def _change_petition(self, petition_id: PetitionId) -> bool:
        """Apply the change to one petition, and again after each conflict. Return True if this run changed it."""
        for _ in range(DECISION_ATTEMPTS):
            found = await self.next_facts(petition_id)
            if found is None:
                return False
            try:
                result = await self.office.writer.append_facts(
                    petition_id,
                    found.facts,
                    self.credentials,
                    after=found.after,
                    command_id=uuid5(self.change_id, str(petition_id)),
                    digest=applied_change_digest(self.change_id),
                )
            except VersionConflict:
                continue
            return not result.replayed
        raise TooContended("a petition is being written to by too many at once")


def applied_change_digest(change_id: UUID) -> bytes:
    """Return the digest of each command that carries out an approved change: the change's id, 16 bytes.

    An index of the log has these digests; requests have digests of 32 bytes.
    """
    return change_id.bytes
