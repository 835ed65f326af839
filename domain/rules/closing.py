"""Decides how a petition ends and how it is reopened."""

from domain.commands import (
    AcceptWithdrawal,
    ClosePetition,
    OverrideWithdrawal,
    ReopenPetition,
    RequestWithdrawal,
    TerminateProcessing,
)
from domain.deadlines.deadline import Clock, start_clock_with_date
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import (
    PetitionClosed,
    PetitionEvent,
    PetitionReopened,
    ProcessingTerminated,
    WithdrawalAccepted,
    WithdrawalOverridden,
    WithdrawalRequested,
)
from domain.petition import Petition
from domain.rules.assignment import succession_to_present_unit
from domain.rules.guards import require_open, require_stage
from domain.rules.intake import KINDS_NEEDING_ACCEPTANCE
from domain.rules.limits import deadline_for
from domain.value import as_said
from domain.vocabulary import ANSWERED_STAGES, Complexity, Stage, WithdrawalScope


def request_withdrawal(command: RequestWithdrawal, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record a withdrawal by letter or minutes (Law on complaints Art 10). The officer asked about coercion first."""
    require_open(petition, "be withdrawn")
    if not command.coercion_checked:
        raise Refused("ask first whether the citizen was forced or threatened, and record the answer")
    if command.scope is WithdrawalScope.PART and not command.part:
        raise Refused("say which part is withdrawn")
    return [
        WithdrawalRequested(
            occurred_on=command.occurred_on,
            scope=command.scope,
            form=command.form,
            part=as_said(command.part),
            coercion_checked=as_said(command.coercion_checked),
            signs_of_coercion=as_said(command.signs_of_coercion),
        )
    ]


def accept_withdrawal(command: AcceptWithdrawal, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Accept a withdrawal without signs of coercion."""
    require_open(petition, "be withdrawn")
    if petition.withdrawal is None:
        raise Refused("the citizen has not asked to withdraw")
    if petition.withdrawal_may_be_forced:
        raise Refused("there are signs of coercion: the settlement must go on")
    return [WithdrawalAccepted(occurred_on=command.occurred_on, scope=petition.withdrawal)]


def override_withdrawal(command: OverrideWithdrawal, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Continue the settlement although the citizen withdrew."""
    require_open(petition, "have its withdrawal overridden")
    if petition.withdrawal is None:
        raise Refused("the citizen has not asked to withdraw")
    return [WithdrawalOverridden(occurred_on=command.occurred_on, ground=command.ground)]


def terminate_processing(command: TerminateProcessing, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Terminate an accepted or assigned petition without an answer (đình chỉ)."""
    require_stage(
        petition,
        {Stage.ACCEPTED, Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED},
        "be terminated",
    )
    return [
        ProcessingTerminated(occurred_on=command.occurred_on, ground=command.ground, decision_no=command.decision_no)
    ]


def close_petition(command: ClosePetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Close an answered petition. The citizen was notified, and the signer of the answer does not close it."""
    require_stage(petition, ANSWERED_STAGES, "be closed: it has no answer")
    if not petition.is_citizen_told:
        raise Refused("the citizen has not been told of the answer yet")
    if petition.signed_by in context.by.parties:
        raise Refused("who signed the answer cannot close the petition")
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused("a petition cannot be closed before its answer")
    return [PetitionClosed(occurred_on=command.occurred_on, reason=command.reason)]


def reopen_in_new_round(command: ReopenPetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Reopen an answered or closed petition in a new round, with new clocks."""
    require_stage(petition, ANSWERED_STAGES | {Stage.CLOSED}, "be reopened")
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused("a petition cannot be reopened before its answer")
    clocks = []
    if command.due_on is not None:
        if command.due_on < command.occurred_on:
            raise Refused("the due date lies before the reopening")
        clocks.append(start_clock_with_date(Clock.HEAD, command.occurred_on, command.due_on))
    if petition.kind in KINDS_NEEDING_ACCEPTANCE:
        # complexity is determined again in each round
        settlement = deadline_for(
            context.law, petition, Clock.SETTLEMENT, command.occurred_on, complexity=Complexity.NORMAL
        )
        clocks.extend([settlement] if settlement is not None else [])
    return [
        PetitionReopened(
            occurred_on=command.occurred_on,
            reason=command.reason,
            round=petition.status.round + 1,
            deadlines=as_said(tuple(clocks)),
        ),
        *succession_to_present_unit(petition, context, command.occurred_on),
    ]
