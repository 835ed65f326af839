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

# Each of these commands is one event. The index is of digests of 16 bytes alone.
_COUNT_EVENTS = """
    SELECT count(*) FROM kiennghi.log AS l JOIN kiennghi.topics AS t ON t.number = l.topic
    WHERE l.request_digest = %s AND octet_length(l.request_digest) = 16 AND t.topic = %s
"""


def approved_change_digest(approved_id: UUID) -> bytes:
    """Return the digest of each command that carries out an approved change: the change's id, 16 bytes.

    An index of the log has these digests; requests have digests of 32 bytes.
    """
    return approved_id.bytes


async def count_approved_events(office: ApplicationService, topic: str, approved_id: UUID) -> int:
    """Return the number of events of `topic` that carry out the approved change."""
    async with office.pool.connection() as connection:
        cursor = await connection.execute(_COUNT_EVENTS, [approved_change_digest(approved_id), topic])
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
