"""A change of law from its proposal to the last petition: reviewed by two officers, then applied.

Applying may be interrupted at any moment and is run again: the command of each petition has an id that follows from the
change and the petition, so that none is moved twice. A petition that others write to meanwhile is decided on anew.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from domain import permissions
from domain.actor import Credentials
from domain.errors import Refused
from domain.law_changes import decide, law_change
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.law_changes.events import LawChangeApplied
from domain.law_changes.law_change import STREAM, LawChange, LawChanges
from domain.law_changes.new_law import digest as digest_of_law
from domain.law_changes.new_law import with_change
from domain.law_changes.review import Comparison, Review, recalculation
from domain.vocabulary import LawChangeId, PetitionId
from projections.projection import Connection
from service.approvals.four_eyes import AT_ONCE, Agreed, count_of
from service.approvals.law_review import candidates, review
from service.commands.handler import ATTEMPTS
from service.commands.idempotency import already_done
from service.commands.office import Done, Office, TooContended
from service.event_store.group_commit import VersionConflict

log = structlog.get_logger("kiennghi.law")

_CHANGES = Agreed(STREAM, "a change of law")

FRESH_FOR = 2.0
"""Seconds for which a change that another process approved may go unseen."""


async def changes_of_law(office: Office) -> LawChanges:
    """As the log has them now; the office decides by the law that follows from them."""
    changes = law_change.fold(await office.histories.history(STREAM))
    if changes.approved:
        office.take_law(changes.law(office.law_on_file))
    return changes


@asynccontextmanager
async def law_in_force(office: Office) -> AsyncIterator[None]:
    """While it lasts the office follows what is approved, whoever approves it."""
    await changes_of_law(office)
    following = asyncio.create_task(_follow(office), name="law in force")
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following  # what ended it before its time is told here


async def _follow(office: Office) -> None:
    while True:
        await asyncio.sleep(FRESH_FOR)
        try:
            await changes_of_law(office)
        except (psycopg.OperationalError, PoolTimeout) as error:
            # While the database is away nothing is decided either.
            log.warning("law_waits_for_database", error=type(error).__name__)
        except Exception as error:  # told when it happens: at the end, where it is raised, is too late
            log.error("law_not_followed", error=type(error).__name__)
            raise


@dataclass(frozen=True, slots=True)
class Proposed:
    """`done` is where the log has it."""

    change_id: LawChangeId
    review: Review
    done: Done


async def propose(
    office: Office,
    connection: Connection,
    command: ProposeLawChange,
    credentials: Credentials,
    *,
    command_id: UUID,
    digest: bytes,
) -> Proposed:
    """Review once more, and record the proposal with the counts of the review. Sent again, it is the same proposal.

    Raises NotAllowed, Refused, and the committer's errors: KeyReused where the id was that of another request.
    """
    permissions.require(command, credentials.roles)
    changes = await changes_of_law(office)
    change_id = LawChangeId(uuid5(STREAM, str(command_id)))
    reviewed = await review(
        connection, office.law, command.subject, command.text, office.today, binds_running=command.binds_running
    )
    done = await already_done(office.pool, command_id, digest)
    if done is None:
        proposed = decide.propose(command, change_id, reviewed, changes, office.today)
        done = await _CHANGES.record(office, changes.version, [proposed], credentials, command_id, digest)
    return Proposed(change_id, reviewed, done)


async def approve(
    office: Office, command: ApproveLawChange, credentials: Credentials, *, command_id: UUID, digest: bytes
) -> Done:
    """From now on the office decides by the changed law; the open petitions still have to be recalculated.

    Sent again, it is the same approval. Raises as `propose`.
    """
    permissions.require(command, credentials.roles)
    changes = await changes_of_law(office)
    done = await already_done(office.pool, command_id, digest)
    if done is None:
        approved = decide.approve(command, changes, credentials.who, digest_of_law(office.law), office.today)
        done = await _CHANGES.record(office, changes.version, [approved], credentials, command_id, digest)
        await changes_of_law(office)
    return done


async def apply(
    office: Office,
    connection: Connection,
    change_id: LawChangeId,
    credentials: Credentials,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Recalculate every open petition that the approved change moves; how many it has moved, counted over all runs.

    Raises NotAllowed, Refused for a change that nobody approved, TooContended, and the committer's errors.
    """
    permissions.require(ApproveLawChange(occurred_on=office.today, change_id=change_id), credentials.roles)
    changes = await changes_of_law(office)
    change = decide.named(changes, change_id)
    if change.approved_by is None or change.approved_on is None:
        raise Refused("this change of law is not approved yet")
    if change.petitions is not None:
        return change.petitions
    proposed, before = change.proposed, changes.law(office.law_on_file, before=change_id)
    comparison = Comparison(
        before, with_change(before, proposed.subject, proposed.text), change.approved_on, proposed.binds_running
    )
    open_petitions = await candidates(connection, comparison)
    for first in range(0, len(open_petitions), AT_ONCE):
        some = open_petitions[first : first + AT_ONCE]
        await asyncio.gather(*(_recalculate(office, PetitionId(one), comparison, change, credentials) for one in some))
        if progress is not None:
            progress(first + len(some), len(open_petitions))
    moved = await count_of(office, "DeadlineRecalculated", "change_id", change_id)
    applied = LawChangeApplied(occurred_on=office.today, change_id=change_id, petitions=moved)
    await _CHANGES.record(office, changes.version, [applied], credentials, uuid5(change_id, "applied"), change_id.bytes)
    return moved


async def _recalculate(
    office: Office, petition_id: PetitionId, comparison: Comparison, change: LawChange, credentials: Credentials
) -> None:
    """On the fresh history, as often as somebody else was quicker; a petition that is closed by now is left alone."""
    assert change.approved_by is not None
    assert change.approved_on is not None
    change_id = change.proposed.change_id
    for _ in range(ATTEMPTS):
        petition = await office.fresh_petition(petition_id)
        moved = () if petition is None else comparison.moved(petition)
        if petition is None or not moved:
            return
        fact = recalculation(petition, moved, change, change.approved_by.officer, change.approved_on)
        try:
            await office.record(
                petition_id,
                [fact],
                credentials,
                after=petition.version,
                command_id=uuid5(change_id, str(petition_id)),
                digest=change_id.bytes,
            )
        except VersionConflict:
            continue
        return
    raise TooContended("a petition is being written to by too many at once")
