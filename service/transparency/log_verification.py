"""Verifies the whole log against its tree and against every checkpoint, and names the first position that is wrong.

The leaves are computed anew from the stored rows. A row that is otherwise than it was sealed shows against the stored
tree; a tree that was rebuilt with it shows against what was signed, in the database or kept elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection

from service.transparency.discrepancies import Discrepancy, DiscrepancyCode
from service.transparency.log_walk import ComparedCheckpoint, Progress, WalkedLog, walk_log
from service.transparency.offline_verifier import NotVerified, PublicKey, open_checkpoint
from service.transparency.tree_store import TreeHead, read_notes, read_tree_head
from service.transparency.vault_verification import verify_vault


@dataclass(slots=True)
class VerifiedLog:
    """Holds what was verified: the events of the log, those in the tree, and how many checkpoints agree with them.

    Without discrepancies the log is as it was signed up to `proven`, the last position of a checkpoint that agrees.
    """

    events: int
    sealed: TreeHead
    proven: int = 0
    checkpoints: int = 0
    discrepancies: list[Discrepancy] = field(default_factory=list)


async def verify_log(
    connection: AsyncConnection[Any],
    keys: Sequence[PublicKey],
    kept: Sequence[str] = (),
    *,
    progress: Progress = lambda _done, _total: None,
) -> VerifiedLog:
    """Verify the log in one snapshot. `keys` are those of the log and its witnesses, `kept` notes from elsewhere."""
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await connection.execute("SET LOCAL statement_timeout = 0")
        return await verify_snapshot(connection, keys, kept, progress=progress)


async def verify_snapshot(
    connection: AsyncConnection[Any],
    keys: Sequence[PublicKey],
    kept: Sequence[str] = (),
    *,
    progress: Progress = lambda _done, _total: None,
) -> VerifiedLog:
    """Verify the log as the transaction of the caller sees it."""
    cursor = await connection.execute(
        "SELECT h.position, h.log_id::text, h.position = 0 OR l.recorded_at IS NOT DISTINCT FROM h.recorded_at"
        " FROM kiennghi.log_head AS h LEFT JOIN kiennghi.log AS l ON l.position = h.position"
    )
    head, log_id, is_dated = (await cursor.fetchall())[0]
    found = VerifiedLog(head, await read_tree_head(connection))
    signed = [
        *_open_notes(await read_notes(connection), keys, log_id, found, is_kept=False),
        *_open_notes(kept, keys, log_id, found, is_kept=True),
    ]
    walked = await walk_log(connection, found.sealed, head, signed, progress)
    found.checkpoints = len(walked.agreeing)
    found.proven = max((walked.events_before(one.checkpoint.size) for one in walked.agreeing), default=0)
    found.discrepancies += _discrepancies_of_walk(walked, signed, found.sealed.position)
    if not is_dated and not found.discrepancies:
        found.discrepancies.append(Discrepancy(DiscrepancyCode.HEAD, head))
    found.discrepancies += await verify_vault(connection, found.sealed.position)
    return found


def _open_notes(
    notes: Sequence[str], keys: Sequence[PublicKey], log_id: str, found: VerifiedLog, *, is_kept: bool
) -> list[ComparedCheckpoint]:
    """Return the checkpoints of these notes; those that are not this log's become discrepancies."""
    opened = []
    names = {key.name for key in keys}
    for note in notes:
        try:
            checkpoint = open_checkpoint(note, keys)
        except NotVerified as wrong:
            found.discrepancies.append(Discrepancy(DiscrepancyCode.CHECKPOINT, detail=str(wrong)))
            continue
        if checkpoint.origin not in names or checkpoint.line("log") not in (log_id, None):
            found.discrepancies.append(Discrepancy(DiscrepancyCode.OTHER_LOG, detail=checkpoint.origin))
            continue
        opened.append(ComparedCheckpoint(checkpoint, is_kept))
    return opened


def _discrepancies_of_walk(
    walked: WalkedLog, signed: Sequence[ComparedCheckpoint], sealed: int
) -> Iterator[Discrepancy]:
    """Give what the walk has found, as it concerns positions of the log."""
    place, is_log_wrong = walked.first_difference, False
    yield from (Discrepancy(DiscrepancyCode.CHANGED, position) for position in walked.strangers)
    if place is not None:
        is_tree_wrong = any(one.checkpoint.size > place for one in walked.agreeing) or walked.is_other(place)
        is_log_wrong = is_log_wrong or not is_tree_wrong
        position = max(walked.events_before(place) + (not walked.is_other(place)), 1)
        yield Discrepancy(DiscrepancyCode.TREE if is_tree_wrong else DiscrepancyCode.CHANGED, position)
    if walked.stopped is not None:
        yield walked.stopped
        is_log_wrong = True
    for one in walked.disagreeing:
        if not is_log_wrong or place is None or one.checkpoint.size <= place:
            yield _not_as_signed(walked, one)
            is_log_wrong = True
            break
    compared = len(walked.agreeing) + len(walked.disagreeing)
    if not is_log_wrong and compared < len(signed):
        last, largest = sealed + 1, max(signed, key=lambda one: one.checkpoint.size)
        first = min(_agreed_before(walked, largest) + 1, last)
        yield Discrepancy(DiscrepancyCode.ROLLED_BACK, first, last, str(largest))
        is_log_wrong = True
    if (
        not is_log_wrong and place is None and not walked.strangers
    ):  # otherwise the lists differ because the log or the tree does
        yield from (Discrepancy(DiscrepancyCode.HEADS, one.after_position) for one in walked.wrong_heads)


def _not_as_signed(walked: WalkedLog, signed: ComparedCheckpoint) -> Discrepancy:
    """Return where the log is not what was signed: after what was signed before and is in the tree still."""
    last = max(walked.events_before(signed.checkpoint.size), 1)
    first = min(_agreed_before(walked, signed) + 1, last)
    return Discrepancy(DiscrepancyCode.NOT_AS_SIGNED, first, last, str(signed))


def _agreed_before(walked: WalkedLog, signed: ComparedCheckpoint) -> int:
    """Return the last position of the largest smaller checkpoint that agrees and was not signed after this one.

    What a log that was rolled back has signed since says nothing about where it was rolled back to.
    """
    before = [one for one in walked.agreeing if one.signed_at <= signed.signed_at]
    sizes = [one.checkpoint.size for one in before if one.checkpoint.size < signed.checkpoint.size]
    return walked.events_before(max(sizes, default=0))
