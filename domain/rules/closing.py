"""How a petition ends, and how it begins again."""

from domain.commands import (
    AcceptWithdrawal,
    ClosePetition,
    OverrideWithdrawal,
    ReopenPetition,
    RequestWithdrawal,
    TerminateProcessing,
)
from domain.deadlines.deadline import Clock, given
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
from domain.rules.assignment import with_present_owner
from domain.rules.guards import only_from, only_open
from domain.rules.intake import NEEDS_ACCEPTANCE
from domain.rules.limits import limit_for
from domain.vocabulary import ANSWERED, Complexity, Stage, WithdrawalScope


def ask_to_withdraw(command: RequestWithdrawal, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """By letter or minutes (Law on complaints Art 10); whether it was forced is asked and recorded."""
    only_open(petition, "be withdrawn")
    if not command.coercion_checked:
        raise Refused("ask first whether the citizen was forced or threatened, and record the answer")
    if command.scope is WithdrawalScope.PART and not command.part:
        raise Refused("say which part is withdrawn")
    return [
        WithdrawalRequested(
            occurred_on=command.occurred_on,
            scope=command.scope,
            form=command.form,
            part=command.part,
            coercion_checked=command.coercion_checked,
            signs_of_coercion=command.signs_of_coercion,
        )
    ]


def agree_to_withdrawal(command: AcceptWithdrawal, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_open(petition, "be withdrawn")
    if petition.withdrawal is None:
        raise Refused("the citizen has not asked to withdraw")
    if petition.withdrawal_may_be_forced:
        raise Refused("there are signs of coercion: the settlement must go on")
    return [WithdrawalAccepted(occurred_on=command.occurred_on, scope=petition.withdrawal)]


def override_withdrawal(command: OverrideWithdrawal, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_open(petition, "have its withdrawal overridden")
    if petition.withdrawal is None:
        raise Refused("the citizen has not asked to withdraw")
    return [WithdrawalOverridden(occurred_on=command.occurred_on, ground=command.ground)]


def terminate(command: TerminateProcessing, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(
        petition,
        {Stage.ACCEPTED, Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED},
        "be terminated",
    )
    return [
        ProcessingTerminated(occurred_on=command.occurred_on, ground=command.ground, decision_no=command.decision_no)
    ]


def close(command: ClosePetition, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """Closing needs an answer, a citizen who was told of it, and somebody other than who signed it."""
    only_from(petition, ANSWERED, "be closed: it has no answer")
    if not petition.is_citizen_told:
        raise Refused("the citizen has not been told of the answer yet")
    if petition.signed_by in circumstances.by.parties:
        raise Refused("who signed the answer cannot close the petition")
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused("a petition cannot be closed before its answer")
    return [PetitionClosed(occurred_on=command.occurred_on, reason=command.reason)]


def reopen(command: ReopenPetition, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, ANSWERED | {Stage.CLOSED}, "be reopened")
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused("a petition cannot be reopened before its answer")
    clocks = []
    if command.due_on is not None:
        if command.due_on < command.occurred_on:
            raise Refused("the due date lies before the reopening")
        clocks.append(given(Clock.HEAD, command.occurred_on, command.due_on))
    if petition.kind in NEEDS_ACCEPTANCE:
        # whether the matter is complex is determined anew in each round
        settlement = limit_for(
            circumstances.law, petition, Clock.SETTLEMENT, command.occurred_on, complexity=Complexity.NORMAL
        )
        clocks.extend([settlement] if settlement is not None else [])
    return [
        PetitionReopened(
            occurred_on=command.occurred_on,
            reason=command.reason,
            round=petition.standing.round + 1,
            deadlines=tuple(clocks),
        ),
        *with_present_owner(petition, circumstances, command.occurred_on),
    ]
