"""Finds the checkpoint that an answer stands on: the first one that covers the events up to a position."""

from typing import Any, LiteralString, NamedTuple

from psycopg import AsyncConnection

# A checkpoint of n leaves covers n events less the leaves that are no events, so those of fewer leaves are passed over.
_CHECKPOINTS: LiteralString = """
    SELECT c.size, c.note,
        c.size - (SELECT count(*) FROM kiennghi_proof.other_leaves AS o WHERE o.leaf < c.size) AS covered
    FROM kiennghi_proof.checkpoints AS c
"""
_FIRST_COVERING: LiteralString = f"""
    SELECT size, note, covered FROM ({_CHECKPOINTS} WHERE c.size >= %(position)s) AS c
    WHERE covered >= %(position)s ORDER BY size LIMIT 1
"""  # noqa: S608 - constants of this module
_LAST: LiteralString = f"{_CHECKPOINTS} ORDER BY c.size DESC, c.signed_at DESC LIMIT 1"


class CoveringCheckpoint(NamedTuple):
    """Holds a signed checkpoint: its leaves, the last position of the log among them, its root in base64.

    `covers` is False where no checkpoint covers the position yet; then it is the last one.
    """

    size: int
    position: int
    root: str
    covers: bool


async def read_covering_checkpoint(connection: AsyncConnection[Any], position: int) -> CoveringCheckpoint | None:
    """Return the first checkpoint that covers the position, or the last one; None while nothing is signed."""
    cursor = await connection.execute(_FIRST_COVERING, {"position": position})
    row = await cursor.fetchone()
    covers = row is not None
    if row is None:
        row = await (await connection.execute(_LAST)).fetchone()
    if row is None:
        return None
    size, note, covered = row
    return CoveringCheckpoint(size, covered, note.split("\n")[2], covers)
