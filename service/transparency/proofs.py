"""Makes proofs from the stored tree: that an event is in it, that it began as it was signed, a whole history.

A proof needs only the tree and its checkpoint; nothing here checks that the log still is what the tree says.
"""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, cast
from uuid import UUID

from psycopg import AsyncConnection

from service.transparency.heads import ProvenEnd, prove_end
from service.transparency.log_leaves import SELECT_LEAF_ROWS, LeafRow, LogWords, microseconds_of
from service.transparency.merkle_tree import consistency_spans, inclusion_spans, span_hash, tiles_of
from service.transparency.offline_verifier import PROOF_FORMAT
from service.transparency.signing import size_of_note
from service.transparency.tree_store import LeafNumbering, read_last_note, read_span_hashes, read_tiles, read_tree_head

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotSealedYet(Exception):
    """Is raised when there is no checkpoint that covers what is asked for."""


class LastCheckpoint(NamedTuple):
    """Holds the last checkpoint: its note, the number of leaves that it covers, and the last position among them."""

    note: str
    size: int
    position: int


class InclusionProof(NamedTuple):
    """Holds the proof that an event is in the signed log: the number of its leaf, and the hashes up to the root."""

    leaf: int
    path: list[str]
    checkpoint: str


async def read_last_checkpoint(connection: AsyncConnection[Any]) -> LastCheckpoint:
    """Return the last checkpoint. Raise NotSealedYet if nothing is signed."""
    note = await read_last_note(connection)
    if note is None:
        raise NotSealedYet
    size = size_of_note(note)
    cursor = await connection.execute("SELECT count(*) FROM kiennghi_proof.other_leaves WHERE leaf < %s", [size])
    ((others,),) = await cursor.fetchall()
    return LastCheckpoint(note, size, size - others)


async def prove_inclusion(connection: AsyncConnection[Any], position: int) -> InclusionProof:
    """Return the proof that the event at this position is in the last checkpoint. Raise NotSealedYet."""
    signed = await read_last_checkpoint(connection)
    if not 1 <= position <= signed.position:
        raise NotSealedYet
    cursor = await connection.execute(
        "SELECT count(*) FROM kiennghi_proof.other_leaves WHERE after_position < %s", [position]
    )
    ((others,),) = await cursor.fetchall()
    leaf = position - 1 + others
    path = await read_span_hashes(connection, inclusion_spans(leaf, signed.size))
    return InclusionProof(leaf, _as_texts(path), signed.note)


async def prove_consistency(connection: AsyncConnection[Any], old: int, new: int | None = None) -> list[str]:
    """Return the hashes that prove that the tree of `new` leaves, or the present one, begins with that of `old` leaves.

    Raise NotSealedYet where the tree has fewer leaves, or `old` is 0 or above `new`.
    """
    head = await read_tree_head(connection)
    newer = head.size if new is None else new
    if not 0 < old <= newer <= head.size:
        raise NotSealedYet
    return _as_texts(await read_span_hashes(connection, consistency_spans(old, newer)))


async def prove_stream(connection: AsyncConnection[Any], stream: UUID) -> dict[str, Any]:
    """Return the proof of every signed event of a history, in the form that the offline verifier reads.

    It shows that no last event is missing up to the position of the last signed list of heads. What is sealed in the
    events stays sealed. Raise NotSealedYet if none of them is signed.
    """
    signed = await read_last_checkpoint(connection)
    cursor = await connection.execute(
        SELECT_LEAF_ROWS + " WHERE l.stream = %s AND l.position <= %s ORDER BY l.version",
        [stream, signed.position],
        binary=True,
    )
    rows = cast("list[LeafRow]", await cursor.fetchall())
    if not rows:
        raise NotSealedYet
    words, numbering = await LogWords.read(connection), await LeafNumbering.read(connection)
    end = await prove_end(connection, numbering, stream.bytes, signed.size)
    spans = {row[0]: inclusion_spans(numbering.leaf_of(row[0]), signed.size) for row in rows}
    tiles = await read_tiles(connection, tiles_of(span for path in spans.values() for span in path))
    return {
        "format": PROOF_FORMAT,
        "stream": str(stream),
        "checkpoint": signed.note,
        "heads": None if end is None else await _heads_fields(connection, end, signed.size),
        "events": [
            {
                **_event_fields(row, words),
                "leaf": numbering.leaf_of(row[0]),
                "path": _as_texts([span_hash(span, tiles) for span in spans[row[0]]]),
            }
            for row in rows
        ],
    }


async def _heads_fields(connection: AsyncConnection[Any], end: ProvenEnd, size: int) -> dict[str, Any]:
    """Return what shows that the list of heads is signed, and that the last event of the stream is in it."""
    return {
        **end.heads._asdict(),
        "root": end.heads.root.hex(),
        "leaf": end.leaf,
        "path": _as_texts(await read_span_hashes(connection, inclusion_spans(end.leaf, size))),
        "entry": end.entry,
        "entry_path": _as_texts(end.path),
    }


def _event_fields(row: LeafRow, words: LogWords) -> dict[str, Any]:
    """Return what the leaf of an event was made of."""
    position, recorded_at, _, version, *numbers, command, digest, context, reference, state = row
    category, topic, officer, unit, officer_position, acting_for = words.in_words(*numbers)
    return {
        "position": position,
        "recorded_at": (_EPOCH + timedelta(microseconds=microseconds_of(recorded_at))).isoformat(),
        "version": version,
        "category": category,
        "topic": topic,
        "officer": officer,
        "unit": unit,
        "officer_position": officer_position,
        "acting_for": acting_for,
        "command_id": str(UUID(bytes=command)),
        "request_digest": None if digest is None else digest.hex(),
        "context": None if context is None else context.decode(),
        "reference": reference,
        "state": state.decode(),
        "state_digest": sha256(state).hexdigest(),
    }


def _as_texts(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(one).decode() for one in hashes]
