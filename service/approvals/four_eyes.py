"""What two officers agreed on, a change of law or a reorganisation: recorded in turn, then carried out by petitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.actor import Credentials
from domain.errors import Refused
from service.commands.office import Done, Office
from service.event_store.group_commit import VersionConflict

AT_ONCE = 256
"""Petitions under way together: enough for the committer to write many in one commit."""

_COUNT = "SELECT count(*) FROM kiennghi.log WHERE topic = %s AND position(convert_to(%s, 'UTF8') IN state) > 0"


async def count_of(office: Office, topic: str, field: str, agreed_id: UUID) -> int:
    """Events of a topic that name in a field what was agreed on."""
    async with office.pool.connection() as connection:
        cursor = await connection.execute(_COUNT, [topic, f'"{field}":"{agreed_id}"'])
        row = await cursor.fetchone()
        return 0 if row is None else int(row[0])


@dataclass(frozen=True, slots=True)
class Agreed:
    """The one history in which all of a kind stand, and what one of them is called."""

    stream: UUID
    called: str

    async def record(
        self,
        office: Office,
        after: int,
        facts: Sequence[Any],
        credentials: Credentials,
        command_id: UUID,
        digest: bytes,
    ) -> Done:
        """Decided on so many facts. Raises Refused where somebody else was quicker, and the committer's errors."""
        try:
            return await office.record(
                self.stream, facts, credentials, after=after, command_id=command_id, digest=digest
            )
        except VersionConflict:
            raise Refused(f"somebody else entered {self.called} at the same moment") from None
