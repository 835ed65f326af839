"""Proposes a reviewed change, approves it by a second officer (four-eyes principle), and applies it.

A kind of change is a subclass of `ReviewedChangeService`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID, uuid5

from domain import permissions
from domain.actor import Credentials, Officer
from domain.command import Command
from domain.doubt_inputs import Known
from domain.doubts import require_confirmed
from domain.errors import Refused
from domain.events import Fact
from domain.reviewed_changes import ReviewedChanges
from domain.units.unit import UnitRegister
from domain.vocabulary import PetitionId
from projections.projection import Connection
from service.approvals.chunked_application import (
    ChunkedApplication,
    NextFacts,
    OpenFreshViews,
    ReportProgress,
    applied_change_digest,
)
from service.commands.idempotency import find_command_result
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.commands.results import CommandResult
from service.event_store.errors import SharedFactsMoved, VersionConflict

ChangesT = TypeVar("ChangesT", bound=ReviewedChanges[Any])
CommandT = TypeVar("CommandT", bound=Command)
ReviewT = TypeVar("ReviewT", bound="ReviewOfChange")
PlanT = TypeVar("PlanT")


class ReviewOfChange(Protocol):
    """Is what a review has in every kind: a dataclass with the day it was made on, and the petitions it lists."""

    @property
    def on(self) -> date:
        """Return the day on which the change was reviewed."""

    @property
    def petitions(self) -> Sequence[Any]:
        """Return the petitions that the change concerns, each as a dataclass."""


@dataclass(frozen=True, slots=True)
class ProposedChange(Generic[ReviewT]):
    """Holds a recorded proposal with its review. `result` is the result of the command that recorded it."""

    change_id: UUID
    review: ReviewT
    result: CommandResult


@dataclass(frozen=True, slots=True)
class ApplicationRun:
    """Holds the outcome of one run. `petitions` is the number changed in all runs together.

    `is_done` is False if the run reached its largest number of petitions, or found petitions in every round.
    """

    petitions: int
    is_done: bool


class ReviewedChangeService(ABC, Generic[ChangesT, CommandT, ReviewT, PlanT]):
    """Proposes, approves and applies the changes of one kind. A subclass says what is particular to the kind.

    `counted_facts` are the facts by which the change is applied to one petition. A change may be applied again, and
    then concerns what it left out or what came later. Where a kind `follows_arrivals`, petitions come in while it is
    applied: rounds go on until one finds none.
    """

    changes: type[ChangesT]
    propose_command: type[CommandT]
    approve_command: type[Command]
    counted_facts: tuple[type[Fact], ...]
    follows_arrivals: bool = False

    # -- what is particular to a kind

    @abstractmethod
    async def review(self, office: ApplicationService, connection: Connection, command: CommandT) -> ReviewT:
        """Return what the change would do. Raise Refused for a change that cannot be."""

    @abstractmethod
    def proposal(
        self, office: ApplicationService, command: CommandT, change_id: UUID, review: ReviewT, changes: ChangesT
    ) -> Fact:
        """Return the fact of the proposal, with the counts of its review. Raise Refused where it is not allowed."""

    async def approval(self, office: ApplicationService, command: Command, changes: ChangesT, by: Officer) -> Fact:
        """Return the fact of the approval. Raise Refused if the review does not hold any more."""
        del office, by
        return changes.approval(self.id_of(command), command.occurred_on)

    @abstractmethod
    async def plan(self, office: ApplicationService, changes: ChangesT, change_id: UUID) -> PlanT:
        """Return what is needed to apply an approved change to each petition."""

    async def prepare(self, office: ApplicationService, plan: PlanT, credentials: Credentials) -> None:
        """Change what must change before the petitions, such as units. It is repeated after an interruption."""

    @abstractmethod
    async def candidates(self, connection: Connection, plan: PlanT) -> Sequence[UUID]:
        """Return the petitions that the change may concern: all that it concerns, and perhaps more."""

    @abstractmethod
    async def next_facts(self, office: ApplicationService, petition_id: PetitionId, plan: PlanT) -> NextFacts | None:
        """Return how one petition is changed, by its history in the log; None if the change does not concern it."""

    async def load(self, office: ApplicationService) -> ChangesT:
        """Return all changes of this kind, read from the log."""
        return self.changes.fold(await office.histories.history(self.changes.stream))

    # -- what all kinds share

    def id_of(self, command: Command) -> UUID:
        """Return the id of the change that the command approves."""
        change_id: UUID = getattr(command, self.changes.id_field)
        return change_id

    def approving(self, change_id: UUID, occurred_on: date) -> Command:
        """Return the command that approves the change."""
        return self.approve_command.model_validate({"occurred_on": occurred_on, self.changes.id_field: change_id})

    async def record_proposal(
        self,
        office: ApplicationService,
        connection: Connection,
        command: CommandT,
        credentials: Credentials,
        *,
        command_id: UUID,
        digest: bytes,
    ) -> ProposedChange[ReviewT]:
        """Review the change once more, and record the proposal with the counts of the review.

        If the same request is sent again, return the first proposal. Raise NotAllowed, Refused, and AppendFailed of the
        event store, for example KeyReused if another request had this `command_id`.
        """
        permissions.require_permission(command, credentials.roles)
        require_confirmed(command, Known(UnitRegister()))
        changes = await self.load(office)
        change_id = uuid5(self.changes.stream, str(command_id))
        review = await self.review(office, connection, command)
        result = await find_command_result(office.pool, command_id, digest)
        if result is None:
            proposed = self.proposal(office, command, change_id, review, changes)
            result = await self._append(office, changes, proposed, credentials, command_id, digest)
        return ProposedChange(change_id, review, result)

    async def record_approval(
        self, office: ApplicationService, command: Command, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Record the approval; from then on the change may be applied, on its day or later.

        If the same request is sent again, return the first result. Raises the same errors as `record_proposal`.
        """
        permissions.require_permission(command, credentials.roles)
        require_confirmed(command, Known(UnitRegister()))
        changes = await self.load(office)
        result = await find_command_result(office.pool, command_id, digest)
        if result is None:
            by = credentials.acting_officer
            office.shared_facts.invalidate()
            shared = await office.shared_facts.load()
            changes.require_approvable(self.id_of(command), command.occurred_on, by, office.today)  # in every kind
            approved = await self.approval(office, command, changes, by)
            result = await self._append(office, changes, approved, credentials, command_id, digest, shared.position)
            await self.load(office)
        return result

    async def apply(
        self,
        office: ApplicationService,
        fresh_views: OpenFreshViews,
        change_id: UUID,
        credentials: Credentials,
        *,
        at_most: int | None = None,
        progress: ReportProgress | None = None,
    ) -> ApplicationRun:
        """Apply an approved change to every open petition that it concerns; count those of all runs together.

        `at_most` limits the petitions of one run, which ends after a whole chunk. Raise NotAllowed, Refused for a
        change that nobody approved or whose day has not come, TooContended, and AppendFailed of the event store.
        """
        permissions.require_any_permission((self.approve_command,), credentials.roles)
        changes = await self.load(office)
        change = changes.require_applicable(change_id, office.today)
        plan = await self.plan(office, changes, change_id)
        if change.is_under_way:
            await self.prepare(office, plan, credentials)
        application = ChunkedApplication(
            office,
            change_id,
            credentials,
            candidates=lambda connection: self.candidates(connection, plan),
            next_facts=lambda petition_id: self.next_facts(office, petition_id, plan),
            until_none_is_left=self.follows_arrivals,
        )
        is_done = await application.run(fresh_views, at_most=at_most, progress=progress)
        petitions = await application.count_changed(self.counted_facts)
        changes = await self.load(office)  # others may have proposed in the meantime
        if is_done and changes.require(change_id).petitions is None:
            applied = changes.application(change_id, office.today, petitions)
            command_id = uuid5(change_id, "applied")
            await self._append(office, changes, applied, credentials, command_id, applied_change_digest(change_id))
        return ApplicationRun(petitions, is_done)

    async def _append(
        self,
        office: ApplicationService,
        changes: ChangesT,
        fact: Fact,
        credentials: Credentials,
        command_id: UUID,
        digest: bytes,
        facts_known: int | None = None,
    ) -> CommandResult:
        """Append a fact that was decided on `changes`, and on the law and the units as of `facts_known`.

        Raise Refused if somebody else appended in between.
        """
        try:
            return await office.writer.append_facts(
                changes.stream,
                [fact],
                credentials,
                after=changes.version,
                command_id=command_id,
                digest=digest,
                facts_known=facts_known,
            )
        except (VersionConflict, SharedFactsMoved):
            raise Refused(ServiceRefusal.CHANGE_ENTERED_AT_SAME_MOMENT, a_kind=changes.a_kind()) from None
