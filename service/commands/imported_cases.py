"""Finds the cases of a source that the log has, and the ids of the commands that record those that it has not.

A case has one id for each time that it may be recorded: the first, and one after each withdrawal of its import. So a
case is never there twice, and one that was withdrawn can be imported again.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from domain.vocabulary import PetitionId
from projections.projection import Connection
from service.event_store.ids import import_command_id

_RECORDED = """
    SELECT done.command_id, done.request_digest, receipt.reference, done.stream, EXISTS (
        SELECT FROM kiennghi.log AS later WHERE later.stream = done.stream
            AND later.topic = (SELECT number FROM kiennghi.topics WHERE topic = 'ImportWithdrawn')
    )
    FROM kiennghi.log AS done
    JOIN kiennghi.log AS receipt ON receipt.stream = done.stream AND receipt.version = 1
    WHERE done.command_id = ANY(%s) AND done.request_digest IS NOT NULL
"""


class KnownCase(NamedTuple):
    """Holds what the log has of a case: the digest of its import, its register number, its stream."""

    digest: bytes
    reference: str
    petition_id: PetitionId


class CaseSlot(NamedTuple):
    """Holds the id of the command that records a case, and the case if that is done and not withdrawn.

    `withdrawn` is the petition that bore the key last and was withdrawn.
    """

    command_id: UUID
    known: KnownCase | None = None
    withdrawn: PetitionId | None = None


async def find_case_slots(connection: Connection, source: str, keys: Collection[str]) -> dict[str, CaseSlot]:
    """Return for each key of the source the slot of its case."""
    found = {key: CaseSlot(import_command_id(source, key)) for key in keys}
    waiting = {slot.command_id: key for key, slot in found.items()}
    while waiting:
        cursor = await connection.execute(_RECORDED, [list(waiting)])
        rows = await cursor.fetchall()
        asked, waiting = waiting, {}
        for command_id, digest, reference, stream, is_withdrawn in rows:
            key = asked[command_id]
            if is_withdrawn:  # it may have been imported again since
                again = import_command_id(source, key, after_withdrawal_of=stream)
                found[key] = CaseSlot(again, withdrawn=PetitionId(stream))
                waiting[found[key].command_id] = key
            else:
                found[key] = CaseSlot(command_id, KnownCase(bytes(digest), reference, PetitionId(stream)))
    return found
