"""Declares changes of law as reviewed changes, and the law in force that each process follows."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from domain.actor import Officer
from domain.command import Command
from domain.events import DeadlineRecalculated, Fact
from domain.law_changes import decide
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.law_changes.law_change import LawChange, LawChanges
from domain.law_changes.new_law import digest_of_law
from domain.law_changes.review import LawChangeReview, LawComparison, recalculation_event
from domain.vocabulary import LawChangeId, PetitionId
from projections.projection import Connection
from service.approvals.chunked_application import NextFacts
from service.approvals.law_review import dry_run_law_change, law_change_candidates
from service.approvals.reviewed_change import ReviewedChangeService
from service.commands.office import ApplicationService
from service.postgres.cancellation import running_beside

log = structlog.get_logger("kiennghi.law")

LAW_FRESH_SECONDS = 2.0
"""Longest time in seconds until a change that another process approved is seen."""


async def refresh_law_changes(office: ApplicationService) -> LawChanges:
    """Let the service read the law in force now, and return the changes of law."""
    office.shared_facts.invalidate()
    await office.shared_facts.load()
    return office.shared_facts.law_changes


@asynccontextmanager
async def following_law_changes(office: ApplicationService) -> AsyncIterator[None]:
    """Let `office.law` be the approved law until the end of the block, whichever process approves a change.

    Decisions do not wait for it: an append that was decided by a former law is refused.
    """
    await refresh_law_changes(office)
    async with running_beside(_refresh_forever(office), "law in force"):
        yield


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
class LawChangePlan:
    """Holds an approved change of law, and the law before it beside the law in force."""

    change: LawChange
    approved_by: Officer
    comparison: LawComparison


class LawChangeService(ReviewedChangeService[LawChanges, ProposeLawChange, LawChangeReview, LawChangePlan]):
    """Proposes and approves changes of law, and recalculates the open petitions that they move.

    After an approval the service decides by the changed law.
    """

    changes = LawChanges
    propose_command = ProposeLawChange
    approve_command = ApproveLawChange
    counted_facts = (DeadlineRecalculated,)

    async def load(self, office: ApplicationService) -> LawChanges:
        """Return all changes of law, and let the service apply the resulting law."""
        return await refresh_law_changes(office)

    async def review(
        self, office: ApplicationService, connection: Connection, command: ProposeLawChange
    ) -> LawChangeReview:
        """Return the open petitions whose due dates the change would move."""
        return await dry_run_law_change(
            connection,
            office.vault,
            office.law,
            command.subject,
            command.text,
            office.today,
            binds_running=command.binds_running,
        )

    def proposal(
        self,
        office: ApplicationService,
        command: ProposeLawChange,
        change_id: UUID,
        review: LawChangeReview,
        changes: LawChanges,
    ) -> Fact:
        """Return the proposal with the counts of its review."""
        return decide.propose_law_change(command, LawChangeId(change_id), review, changes, office.today)

    async def approval(self, office: ApplicationService, command: Command, changes: LawChanges, by: Officer) -> Fact:
        """Return the approval, if the law in force is the one that the change was reviewed against."""
        assert isinstance(command, ApproveLawChange)
        return decide.approve_law_change(command, changes, by, digest_of_law(office.law), office.today)

    async def plan(self, office: ApplicationService, changes: LawChanges, change_id: UUID) -> LawChangePlan:
        """Return the change with the law before it and the law in force.

        They differ by this change, as another begins when it is applied. If it is applied once more after others, what
        still runs by the law before it is counted by the law of now.
        """
        change = changes.require(change_id)
        assert change.approved_by is not None
        assert change.approved_on is not None
        proposed, before = change.proposed, changes.law(office.law_on_file, before=LawChangeId(change_id))
        comparison = LawComparison(before, changes.law(office.law_on_file), change.approved_on, proposed.binds_running)
        return LawChangePlan(change, change.approved_by, comparison)

    async def candidates(self, connection: Connection, plan: LawChangePlan) -> Sequence[UUID]:
        """Return the open petitions whose due dates the change may move."""
        return await law_change_candidates(connection, plan.comparison)

    async def next_facts(
        self, office: ApplicationService, petition_id: PetitionId, plan: LawChangePlan
    ) -> NextFacts | None:
        """Return the recalculation of a petition; None if it is closed or no clock moves."""
        petition = await office.queries.fresh_petition(petition_id)
        moved = () if petition is None else plan.comparison.moved_clocks(petition)
        if petition is None or not moved:
            return None
        fact = recalculation_event(petition, moved, plan.change, plan.approved_by.officer, plan.comparison.on)
        return NextFacts([fact], petition.version)


LAW_CHANGES = LawChangeService()
