"""Records proposals that a second officer must approve (four-eyes principle), and counts the petitions they changed.

Changes of law and reorganisations share this code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.actor import Credentials
from domain.errors import Refused
from service.commands.office import ApplicationService
from service.commands.results import CommandResult
from service.event_store.errors import VersionConflict

AFFECTED_PETITIONS_AT_ONCE = 256
"""Number of petitions in flight at once: enough for the group commit to write many in one commit."""

_COUNT_EVENTS = "SELECT count(*) FROM kiennghi.log WHERE topic = %s AND position(convert_to(%s, 'UTF8') IN state) > 0"


async def count_approved_events(office: ApplicationService, topic: str, field: str, approved_id: UUID) -> int:
    """Return the number of events of `topic` whose field `field` is the id of the approved change."""
    async with office.pool.connection() as connection:
        cursor = await connection.execute(_COUNT_EVENTS, [topic, f'"{field}":"{approved_id}"'])
        row = await cursor.fetchone()
        return 0 if row is None else int(row[0])


@dataclass(frozen=True, slots=True)
class ApprovalStream:
    """Names the one stream with all proposals and approvals of a kind.

    `subject` is the word for a proposal in messages.
    """

    stream: UUID
    subject: str

    async def append_facts(
        self,
        office: ApplicationService,
        after: int,
        facts: Sequence[Any],
        credentials: Credentials,
        command_id: UUID,
        digest: bytes,
    ) -> CommandResult:
        """Append facts that follow from the first `after` events of the stream.

        Raise Refused if somebody else appended in between, and AppendFailed of the event store.
        """
        try:
            return await office.append_facts(
                self.stream, facts, credentials, after=after, command_id=command_id, digest=digest
            )
        except VersionConflict:
            raise Refused(f"somebody else entered {self.subject} at the same moment") from None
