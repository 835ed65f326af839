"""Signs checkpoints of a tree that is committed, each containing the one before, and keeps what witnesses sign."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from service.transparency.merkle_tree import Span
from service.transparency.offline_verifier import COSIGNATURE, NotVerified, PublicKey, open_checkpoint
from service.transparency.signing import SigningKey, sign_checkpoint, size_of_note, text_of_note
from service.transparency.tree_store import TreeHead, read_last_note, read_span_hashes
from service.transparency.unsealed_leaves import NotSealable


async def sign_tree(
    connection: AsyncConnection[Any],
    key: SigningKey,
    former_keys: Sequence[PublicKey],
    head: TreeHead,
    root: bytes,
    now: datetime,
    contained: str | None = None,
) -> str:
    """Sign a tree that is committed and return the note; the last note if nothing has come since.

    `contained` is a note of which it is known that the tree begins with it.
    Raise NotSealable if the tree does not contain what this key, or a former one, signed last.
    """
    last = await read_last_note(connection)
    if last is not None:
        if last != contained:
            await _require_contained(connection, last, [key.public, *former_keys], head.size)
        if size_of_note(last) == head.size:
            return last
    cursor = await connection.execute("SELECT log_id::text FROM kiennghi.log_head")
    ((log_id,),) = await cursor.fetchall()
    note = sign_checkpoint(key, head.size, root, head.position, log_id, now)
    await connection.execute("INSERT INTO kiennghi_proof.checkpoints (size, note) VALUES (%s, %s)", [head.size, note])
    return note


async def _require_contained(connection: AsyncConnection[Any], note: str, keys: Sequence[PublicKey], size: int) -> None:
    """Raise NotSealable if the tree of this size does not begin with the note, or none of the keys signed it."""
    try:
        last = open_checkpoint(note, keys)
        is_contained = last.size <= size and (
            not last.size or await read_span_hashes(connection, [Span(0, last.size)]) == [last.root]
        )
    except (NotVerified, KeyError, ValueError) as error:
        raise NotSealable(f"the last checkpoint in the database is not this log's: {error}") from None
    if not is_contained:
        raise NotSealable(f"the tree does not contain what was signed of {last.size} leaves: run `kiennghi verify`")


async def add_cosignatures(connection: AsyncConnection[Any], note: str, keys: Sequence[PublicKey]) -> int | None:
    """Add the lines of known witnesses in a note to the checkpoint that they sign, and return its size.

    `keys` are those of the log and its witnesses. Return None if no known witness signed, or it is not this log's.
    """
    witnesses = {key.name: key for key in keys if key.kind == COSIGNATURE}
    try:
        signed = open_checkpoint(note, witnesses.values())
    except NotVerified:
        return None
    cursor = await connection.execute("SELECT note FROM kiennghi_proof.checkpoints WHERE size = %s", [signed.size])
    if text_of_note(note) not in [text_of_note(stored) for (stored,) in await cursor.fetchall()]:
        return None
    for line in note.rpartition("\n\n")[2].splitlines():
        if any(line.startswith(f"— {key.name} ") for key in signed.signed_by):
            await connection.execute(
                "INSERT INTO kiennghi_proof.cosignatures (size, line) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [signed.size, f"{line}\n"],
            )
    return signed.size
