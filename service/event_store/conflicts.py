"""Finds the appends of a batch that the log refuses, and the reason of each refusal."""

from uuid import UUID

from service.event_store.batch_queue import AppendQueue, PendingAppend
from service.event_store.connection import AppendConnection
from service.event_store.errors import AppendFailed, ReferenceTaken, SharedFactsMoved, VersionConflict


async def find_conflicts(
    connection: AppendConnection, queue: AppendQueue, batch: list[PendingAppend]
) -> dict[PendingAppend, AppendFailed]:
    """Return the error of each append that the log refuses, and tell the queue the heads of the streams.

    The caller holds the lock of the log, so that the conflicts found do not change before the others are written.
    """
    heads = await connection.stream_heads({stream for pending in batch for stream in pending.first_versions})
    wanted = {
        pending: {event.reference for event in pending.append.events if event.reference is not None}
        for pending in batch
    }
    taken = await connection.taken_references(set().union(*wanted.values()))
    for stream, head in heads.items():
        queue.remember_head(stream, head)
    facts_position = await connection.shared_facts_position()
    refusals: dict[PendingAppend, AppendFailed] = {}
    for pending, references in wanted.items():
        known = pending.append.facts_known
        if known is not None and known < facts_position:
            refusals[pending] = SharedFactsMoved(known, facts_position)
            continue
        for stream, version in pending.first_versions.items():
            if heads[stream] != version - 1:
                refusals[pending] = VersionConflict(UUID(int=stream), version - 1, heads[stream])
                break
        else:
            if refused := references & taken:
                refusals[pending] = ReferenceTaken(min(refused))
            taken |= references
    return refusals
