"""Records the proposal and the approval of a reorganisation, and applies it to units and open petitions.

The application may be interrupted at any moment and run again: the command id of each unit and petition is derived from
the reorganisation, so that nothing is recorded twice. If somebody else changes a petition at the same time, the
petition is read and handed over again. The next round finds petitions that a unit received in the meantime.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID, uuid5

from domain import permissions
from domain.actor import Credentials
from domain.reorganisations import decide
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.events import ReorganisationApplied
from domain.reorganisations.handing_over import ReorganisationReview, handover_event
from domain.reorganisations.plan import ReorganisationPlan, parse_reorganisation_plan
from domain.reorganisations.reorganisation import REORGANISATIONS_STREAM, Reorganisations
from domain.vocabulary import PetitionId, ReorganisationId
from projections.projection import Connection
from service.approvals.four_eyes import (
    AFFECTED_PETITIONS_AT_ONCE,
    ApprovalStream,
    approved_change_digest,
    count_approved_events,
)
from service.approvals.reorganisation_review import dry_run_reorganisation, reorganisation_candidates
from service.commands.handler import DECISION_ATTEMPTS
from service.commands.idempotency import find_command_result
from service.commands.office import ApplicationService
from service.commands.results import CommandResult, TooContended
from service.event_store.errors import VersionConflict

_REORGANISATION_APPROVALS = ApprovalStream(REORGANISATIONS_STREAM, "a reorganisation")

HAND_OVER_ROUNDS = 10
"""Largest number of rounds. Rounds after the first find only petitions that units received in the meantime."""

OpenFreshViews = Callable[[], AbstractAsyncContextManager[Connection]]
"""Opens one snapshot of the views that contains every event that is in the log when it is called."""


@dataclass(frozen=True, slots=True)
class ProposedReorganisation:
    """Holds a recorded proposal with its review. `result` is the result of the command that recorded it."""

    reorganisation_id: ReorganisationId
    review: ReorganisationReview
    result: CommandResult


@dataclass(frozen=True, slots=True)
class ReorganisationRun:
    """Holds the outcome of one run. `petitions` is the number handed over in all runs together.

    `is_done` is False if the run reached its largest number of petitions, or found petitions in every round.
    """

    petitions: int
    is_done: bool


async def load_reorganisations(office: ApplicationService) -> Reorganisations:
    """Return all reorganisations, read from the log."""
    return Reorganisations.fold(await office.histories.history(REORGANISATIONS_STREAM))


async def record_reorganisation_proposal(
    office: ApplicationService,
    connection: Connection,
    command: ProposeReorganisation,
    credentials: Credentials,
    *,
    command_id: UUID,
    digest: bytes,
) -> ProposedReorganisation:
    """Review the plan once more, and record the proposal with the counts of the review.

    If the same request is sent again, return the first proposal. Raise NotAllowed, Refused, and AppendFailed of the
    event store, for example KeyReused if another request had this `command_id`.
    """
    permissions.require_permission(command, credentials.roles)
    reorganisations = await load_reorganisations(office)
    reorganisation_id = ReorganisationId(uuid5(REORGANISATIONS_STREAM, str(command_id)))
    review = await dry_run_reorganisation(connection, office.vault, await office.units(), command.text, office.today)
    result = await find_command_result(office.pool, command_id, digest)
    if result is None:
        proposed = decide.propose_reorganisation(command, reorganisation_id, review, office.today)
        result = await _REORGANISATION_APPROVALS.append_facts(
            office, reorganisations.version, [proposed], credentials, command_id, digest
        )
    return ProposedReorganisation(reorganisation_id, review, result)


async def record_reorganisation_approval(
    office: ApplicationService,
    command: ApproveReorganisation,
    credentials: Credentials,
    *,
    command_id: UUID,
    digest: bytes,
) -> CommandResult:
    """Record the approval; from then on the reorganisation may be applied, on its day or later.

    If the same request is sent again, return the first result. Raises the same errors as
    `record_reorganisation_proposal`.
    """
    permissions.require_permission(command, credentials.roles)
    reorganisations = await load_reorganisations(office)
    result = await find_command_result(office.pool, command_id, digest)
    if result is None:
        approved = decide.approve_reorganisation(
            command, reorganisations, credentials.acting_officer, await office.units(), office.today
        )
        result = await _REORGANISATION_APPROVALS.append_facts(
            office, reorganisations.version, [approved], credentials, command_id, digest
        )
    return result


async def apply_approved_reorganisation(
    office: ApplicationService,
    fresh_views: OpenFreshViews,
    reorganisation_id: ReorganisationId,
    credentials: Credentials,
    *,
    at_most: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ReorganisationRun:
    """Change the register of units, then hand over every open petition of the units whose work others take over.

    It may be run again at any time: petitions that were entered later, for example by an import, are handed over too.
    `at_most` limits the petitions of one run, which ends after a whole batch. `progress` is called after each batch
    with the number of petitions done and the number in the round. Raise NotAllowed, Refused, TooContended, and
    AppendFailed of the event store.
    """
    permissions.require_permission(
        ApproveReorganisation(occurred_on=office.today, reorganisation_id=reorganisation_id), credentials.roles
    )
    reorganisations = await load_reorganisations(office)
    approved = reorganisations.require_applicable(reorganisation_id, office.today)
    plan = parse_reorganisation_plan(approved.proposed.text, approved.proposed.format)
    if approved.petitions is None:
        await _enter_units(office, plan, reorganisation_id, credentials)
    is_done = await _hand_over_all(office, fresh_views, plan, reorganisation_id, credentials, at_most, progress)
    petitions = await count_approved_events(office, "ResponsibilitySucceeded", reorganisation_id)
    if is_done and approved.petitions is None:
        applied = ReorganisationApplied(
            occurred_on=office.today, reorganisation_id=reorganisation_id, petitions=petitions
        )
        command_id = uuid5(reorganisation_id, "applied")
        await _REORGANISATION_APPROVALS.append_facts(
            office,
            reorganisations.version,
            [applied],
            credentials,
            command_id,
            approved_change_digest(reorganisation_id),
        )
    return ReorganisationRun(petitions, is_done)


async def _enter_units(
    office: ApplicationService, plan: ReorganisationPlan, reorganisation_id: ReorganisationId, credentials: Credentials
) -> None:
    """Change the units in the order of the plan. Changes of an interrupted run are recognised by their command ids."""
    for command in plan.unit_commands(await office.units(), reorganisation_id):
        command_id = uuid5(reorganisation_id, f"{type(command).__name__} {command.unit}")
        await office.change_unit_as_approved(
            command, credentials, command_id=command_id, digest=approved_change_digest(reorganisation_id)
        )


async def _hand_over_all(
    office: ApplicationService,
    fresh_views: OpenFreshViews,
    plan: ReorganisationPlan,
    reorganisation_id: ReorganisationId,
    credentials: Credentials,
    at_most: int | None,
    progress: Callable[[int, int], None] | None,
) -> bool:
    """Hand over petitions in rounds. Return True if the last round found none left to hand over."""
    remaining = at_most
    for _ in range(HAND_OVER_ROUNDS):
        async with fresh_views() as connection:
            petition_ids = await reorganisation_candidates(connection, plan.moves)
        handed_over = 0
        for first in range(0, len(petition_ids), AFFECTED_PETITIONS_AT_ONCE):
            batch = petition_ids[first : first + AFFECTED_PETITIONS_AT_ONCE]
            handed_over += sum(
                await asyncio.gather(
                    *(
                        _hand_over_petition(office, PetitionId(petition_id), plan, reorganisation_id, credentials)
                        for petition_id in batch
                    )
                )
            )
            if progress is not None:
                progress(first + len(batch), len(petition_ids))
            if remaining is not None and handed_over >= remaining:
                return False
        if not handed_over:
            return True
        remaining = None if remaining is None else remaining - handed_over
    return False


async def _hand_over_petition(
    office: ApplicationService,
    petition_id: PetitionId,
    plan: ReorganisationPlan,
    reorganisation_id: ReorganisationId,
    credentials: Credentials,
) -> bool:
    """Hand over one petition, using its history in the log.

    Repeat this after each conflict. Return True if it was handed over. Do nothing if the petition is closed, or if an
    earlier run handed it over.
    """
    for _ in range(DECISION_ATTEMPTS):
        history = await office.history(petition_id)
        succession = handover_event(history, plan, reorganisation_id)
        if succession is None:
            return False
        try:
            result = await office.append_facts(
                petition_id,
                [succession[0]],
                credentials,
                after=history[-1].originator_version,
                command_id=uuid5(reorganisation_id, str(petition_id)),
                digest=approved_change_digest(reorganisation_id),
            )
        except VersionConflict:
            continue
        return not result.replayed
    raise TooContended("a petition is being written to by too many at once")
