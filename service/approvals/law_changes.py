"""Records the proposal and the approval of a change of law, and applies the change to the open petitions.

The application may be interrupted at any moment and run again: the command id of each petition is derived from the
change and the petition, so that no petition is recalculated twice. If somebody else changes a petition at the same
time, the petition is read and recalculated again.
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
from domain.law_changes import decide
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.law_changes.events import LawChangeApplied
from domain.law_changes.law_change import LAW_CHANGES_STREAM, LawChange, LawChanges
from domain.law_changes.new_law import digest_of_law, law_with_change
from domain.law_changes.review import LawChangeReview, LawComparison, recalculation_event
from domain.vocabulary import LawChangeId, PetitionId
from projections.projection import Connection
from service.approvals.four_eyes import (
    AFFECTED_PETITIONS_AT_ONCE,
    ApprovalStream,
    approved_change_digest,
    count_approved_events,
)
from service.approvals.law_review import dry_run_law_change, law_change_candidates
from service.commands.handler import DECISION_ATTEMPTS
from service.commands.idempotency import find_command_result
from service.commands.office import ApplicationService
from service.commands.results import CommandResult, TooContended
from service.event_store.errors import VersionConflict

log = structlog.get_logger("kiennghi.law")

_LAW_CHANGE_APPROVALS = ApprovalStream(LAW_CHANGES_STREAM, "a change of law")

LAW_FRESH_SECONDS = 2.0
"""Longest time in seconds until a change that another process approved is seen."""


async def refresh_law_changes(office: ApplicationService) -> LawChanges:
    """Read the changes of law from the log, let the service apply the resulting law, and return the changes."""
    changes = LawChanges.fold(await office.histories.history(LAW_CHANGES_STREAM))
    if changes.approved:
        office.use_law(changes.law(office.law_on_file))
    return changes


@asynccontextmanager
async def following_law_changes(office: ApplicationService) -> AsyncIterator[None]:
    """Let the service apply the approved law until the end of the block, whichever process approves a change."""
    await refresh_law_changes(office)
    task = asyncio.create_task(_refresh_forever(office), name="law in force")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task  # an error that ended the task early is raised here


async def _refresh_forever(office: ApplicationService) -> None:
    while True:
        await asyncio.sleep(LAW_FRESH_SECONDS)
        try:
            await refresh_law_changes(office)
        except (psycopg.OperationalError, PoolTimeout) as error:
            # Without the database no command is decided either, so an old law does no harm.
            log.warning("law_waits_for_database", error=type(error).__name__)
        except Exception as error:  # logged now: it is raised only at the end of the block, which is too late
            log.error("law_not_followed", error=type(error).__name__)
            raise


@dataclass(frozen=True, slots=True)
class ProposedLawChange:
    """Holds a recorded proposal with its review. `result` is the result of the command that recorded it."""

    change_id: LawChangeId
    review: LawChangeReview
    result: CommandResult


async def record_law_change_proposal(
    office: ApplicationService,
    connection: Connection,
    command: ProposeLawChange,
    credentials: Credentials,
    *,
    command_id: UUID,
    digest: bytes,
) -> ProposedLawChange:
    """Review the change once more, and record the proposal with the counts of the review.

    If the same request is sent again, return the first proposal. Raise NotAllowed, Refused, and AppendFailed of the
    event store, for example KeyReused if another request had this `command_id`.
    """
    permissions.require_permission(command, credentials.roles)
    changes = await refresh_law_changes(office)
    change_id = LawChangeId(uuid5(LAW_CHANGES_STREAM, str(command_id)))
    review = await dry_run_law_change(
        connection,
        office.vault,
        office.law,
        command.subject,
        command.text,
        office.today,
        binds_running=command.binds_running,
    )
    result = await find_command_result(office.pool, command_id, digest)
    if result is None:
        proposed = decide.propose_law_change(command, change_id, review, changes, office.today)
        result = await _LAW_CHANGE_APPROVALS.append_facts(
            office, changes.version, [proposed], credentials, command_id, digest
        )
    return ProposedLawChange(change_id, review, result)


async def record_law_change_approval(
    office: ApplicationService, command: ApproveLawChange, credentials: Credentials, *, command_id: UUID, digest: bytes
) -> CommandResult:
    """Record the approval; from then on the service decides by the changed law.

    `apply_approved_law_change` must then recalculate the open petitions. If the same request is sent again, return the
    first result. Raises the same errors as `record_law_change_proposal`.
    """
    permissions.require_permission(command, credentials.roles)
    changes = await refresh_law_changes(office)
    result = await find_command_result(office.pool, command_id, digest)
    if result is None:
        approved = decide.approve_law_change(
            command, changes, credentials.acting_officer, digest_of_law(office.law), office.today
        )
        result = await _LAW_CHANGE_APPROVALS.append_facts(
            office, changes.version, [approved], credentials, command_id, digest
        )
        await refresh_law_changes(office)
    return result


async def apply_approved_law_change(
    office: ApplicationService,
    connection: Connection,
    change_id: LawChangeId,
    credentials: Credentials,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Recalculate every open petition that the approved change moves; return how many were moved in all runs together.

    `progress` is called after each batch with the number of petitions done and the number in all. Raise NotAllowed,
    Refused for a change that nobody approved, TooContended, and AppendFailed of the event store.
    """
    permissions.require_permission(ApproveLawChange(occurred_on=office.today, change_id=change_id), credentials.roles)
    changes = await refresh_law_changes(office)
    change = changes.require(change_id)
    if change.approved_by is None or change.approved_on is None:
        raise Refused("this change of law is not approved yet")
    if change.petitions is not None:
        return change.petitions
    proposed, before = change.proposed, changes.law(office.law_on_file, before=change_id)
    after = law_with_change(before, proposed.subject, proposed.text, proposed.format)
    comparison = LawComparison(before, after, change.approved_on, proposed.binds_running)
    candidates = await law_change_candidates(connection, comparison)
    for first in range(0, len(candidates), AFFECTED_PETITIONS_AT_ONCE):
        batch = candidates[first : first + AFFECTED_PETITIONS_AT_ONCE]
        await asyncio.gather(
            *(_recalculate_petition(office, PetitionId(one), comparison, change, credentials) for one in batch)
        )
        if progress is not None:
            progress(first + len(batch), len(candidates))
    moved = await count_approved_events(office, "DeadlineRecalculated", change_id)
    applied = LawChangeApplied(occurred_on=office.today, change_id=change_id, petitions=moved)
    await _LAW_CHANGE_APPROVALS.append_facts(
        office, changes.version, [applied], credentials, uuid5(change_id, "applied"), approved_change_digest(change_id)
    )
    return moved


async def _recalculate_petition(
    office: ApplicationService,
    petition_id: PetitionId,
    comparison: LawComparison,
    change: LawChange,
    credentials: Credentials,
) -> None:
    """Recalculate one petition, using its state in the log.

    Repeat this after each conflict. Do nothing if the petition is closed.
    """
    assert change.approved_by is not None
    assert change.approved_on is not None
    change_id = change.proposed.change_id
    for _ in range(DECISION_ATTEMPTS):
        petition = await office.fresh_petition(petition_id)
        moved = () if petition is None else comparison.moved_clocks(petition)
        if petition is None or not moved:
            return
        fact = recalculation_event(petition, moved, change, change.approved_by.officer, change.approved_on)
        try:
            await office.append_facts(
                petition_id,
                [fact],
                credentials,
                after=petition.version,
                command_id=uuid5(change_id, str(petition_id)),
                digest=approved_change_digest(change_id),
            )
        except VersionConflict:
            continue
        return
    raise TooContended("a petition is being written to by too many at once")
