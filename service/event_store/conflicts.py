"""Which appends of a batch the log does not take, and why."""

from uuid import UUID

from service.event_store.append import AppendFailed, ReferenceTaken, VersionConflict
from service.event_store.batch_queue import AppendQueue, Waiting
from service.event_store.connection import AppendConnection


async def losers(connection: AppendConnection, queue: AppendQueue, batch: list[Waiting]) -> dict[Waiting, AppendFailed]:
    """The caller holds the log, so that what is found stays so; the queue is told of the streams' heads."""
    heads = await connection.heads({stream for w in batch for stream in w.first_versions})
    wanted = {w: {e.reference for e in w.append.events if e.reference is not None} for w in batch}
    taken = await connection.taken(set().union(*wanted.values()))
    for stream, head in heads.items():
        queue.know(stream, head)
    refusals: dict[Waiting, AppendFailed] = {}
    for waiting, references in wanted.items():
        for stream, version in waiting.first_versions.items():
            if heads[stream] != version - 1:
                refusals[waiting] = VersionConflict(UUID(int=stream), version - 1, heads[stream])
                break
        else:
            if lost := references & taken:
                refusals[waiting] = ReferenceTaken(min(lost))
            taken |= references
    return refusals
