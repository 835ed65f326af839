"""Declares reorganisations as reviewed changes: the register of units changes first, then petitions are handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID, uuid5

from domain.actor import Credentials, Officer
from domain.command import Command
from domain.events import Fact
from domain.reorganisations import decide
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.handing_over import HandoverEvent, ReorganisationReview, handover_events
from domain.reorganisations.plan import ReorganisationPlan, parse_reorganisation_plan
from domain.reorganisations.reorganisation import Reorganisations
from domain.vocabulary import PetitionId, ReorganisationId
from projections.projection import Connection
from service.approvals.chunked_application import NextFacts, applied_change_digest
from service.approvals.reorganisation_review import dry_run_reorganisation, reorganisation_candidates
from service.approvals.reviewed_change import ReviewedChangeService
from service.commands.office import ApplicationService


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """Holds the plan of an approved reorganisation."""

    reorganisation_id: ReorganisationId
    plan: ReorganisationPlan


class ReorganisationService(
    ReviewedChangeService[Reorganisations, ProposeReorganisation, ReorganisationReview, ApprovedPlan]
):
    """Proposes and approves reorganisations, and hands over every open petition of the units that others succeed.

    Petitions that a unit received in the meantime, or that an import brings later, are handed over too.
    """

    changes = Reorganisations
    propose_command = ProposeReorganisation
    approve_command = ApproveReorganisation
    counted_facts = get_args(HandoverEvent)
    follows_arrivals = True

    async def review(
        self, office: ApplicationService, connection: Connection, command: ProposeReorganisation
    ) -> ReorganisationReview:
        """Return the open petitions that the plan hands over, each with its future unit."""
        return await dry_run_reorganisation(
            connection, office.vault, await office.queries.units(), command.text, office.today
        )

    def proposal(
        self,
        office: ApplicationService,
        command: ProposeReorganisation,
        change_id: UUID,
        review: ReorganisationReview,
        changes: Reorganisations,
    ) -> Fact:
        """Return the proposal with the counts of its review. It may wait while another reorganisation is applied."""
        del changes
        return decide.propose_reorganisation(command, ReorganisationId(change_id), review, office.today)

    async def approval(
        self, office: ApplicationService, command: Command, changes: Reorganisations, by: Officer
    ) -> Fact:
        """Return the approval, if the register still allows the plan."""
        assert isinstance(command, ApproveReorganisation)
        return decide.approve_reorganisation(command, changes, by, await office.queries.units(), office.today)

    async def plan(self, office: ApplicationService, changes: Reorganisations, change_id: UUID) -> ApprovedPlan:
        """Return the plan, read from the file that was approved."""
        del office
        proposed = changes.require(change_id).proposed
        return ApprovedPlan(ReorganisationId(change_id), parse_reorganisation_plan(proposed.text, proposed.format))

    async def prepare(self, office: ApplicationService, plan: ApprovedPlan, credentials: Credentials) -> None:
        """Change the units in the order of the plan. Units of an interrupted run are recognised by the command ids."""
        change_id = plan.reorganisation_id
        for command in plan.plan.unit_commands(await office.queries.units(), change_id):
            command_id = uuid5(change_id, f"{type(command).__name__} {command.unit}")
            await office.units.perform_as_approved(
                command, credentials, command_id=command_id, digest=applied_change_digest(change_id)
            )

    async def candidates(self, connection: Connection, plan: ApprovedPlan) -> Sequence[UUID]:
        """Return the open petitions that one of the units has or may coordinate."""
        return await reorganisation_candidates(connection, plan.plan.moves)

    async def next_facts(
        self, office: ApplicationService, petition_id: PetitionId, plan: ApprovedPlan
    ) -> NextFacts | None:
        """Return the handover of a petition; None if it is closed, or an earlier run handed it over."""
        history = await office.queries.history(petition_id)
        found = handover_events(history, plan.plan, plan.reorganisation_id)
        return NextFacts(found, history[-1].originator_version) if found else None


REORGANISATIONS = ReorganisationService()
