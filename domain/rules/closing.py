"""Decides how a petition ends and how it is reopened."""

from datetime import date

from domain.commands import (
    AcceptWithdrawal,
    ClosePetition,
    OverrideWithdrawal,
    ReopenPetition,
    RequestWithdrawal,
    TerminateProcessing,
)
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import start_clock_with_date
from domain.decision_context import DecisionContext
from domain.endings.words import PetitionEnding
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
from domain.petition import CourtRuling, Petition
from domain.refusals.courts import CourtRefusal
from domain.refusals.endings import EndingRefusal
from domain.rules.assignment import succession_to_present_unit
from domain.rules.courts import annulling_ruling
from domain.rules.endings import (
    ends_by,
    ground_of,
    is_lawful,
    lawful_when,
    require_linked_letters_answered,
)
from domain.rules.intake_clocks import KINDS_NEEDING_ACCEPTANCE
from domain.rules.limits import deadline_for
from domain.rules.petition_rule import at_stages, open_when, while_open
from domain.value import UNSET, as_said
from domain.vocabulary import ANSWERED_STAGES, Complexity, PetitionKind, Stage, WithdrawalScope


@open_when(while_open(EndingRefusal.CANNOT_WITHDRAW))
def request_withdrawal(command: RequestWithdrawal, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Record a withdrawal by letter or minutes. The officer asked about coercion first.

    A complaint is withdrawn by letter alone until 30 June 2026 (Law on complaints Art 10), by letter or minutes since
    (Law 136/2025, as the press tells); for a denunciation see Decree 156/2026 Art 1. No day is checked.
    """
    if not command.coercion_checked:
        raise Refused(EndingRefusal.COERCION_NOT_ASKED)
    if command.scope is WithdrawalScope.PART and not command.part:
        raise Refused(EndingRefusal.PART_NOT_SAID)
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


def _asked_withdrawal(petition: Petition) -> WithdrawalScope:
    """Return what the citizen asked to withdraw. Raise Refused when they did not ask."""
    if petition.withdrawal is None:
        raise Refused(EndingRefusal.NOBODY_WITHDREW)
    return petition.withdrawal


def _require_withdrawal(petition: Petition, _: DecisionContext) -> None:
    _asked_withdrawal(petition)


def _require_not_forced(petition: Petition, on: date) -> None:
    """Raise Refused for a withdrawal that may be forced, where the law lets the settlement go on on the day `on`.

    The law of complaints of 2011 did not: on the letter of withdrawal the settlement was terminated (Art 10).
    """
    if petition.withdrawal_may_be_forced and is_lawful(PetitionEnding.OVERRIDE_OF_WITHDRAWAL, petition, on):
        raise Refused(EndingRefusal.WITHDRAWAL_MAY_BE_FORCED)


def _require_not_forced_on_each_day(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused unless the withdrawal could be accepted on some day: what goes on now may have ended earlier."""
    _require_not_forced(petition, petition.received_on)


def _require_whole_ends_no_linked_letter(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused for a whole withdrawal while letters are linked. A part that is withdrawn ends nothing."""
    if petition.withdrawal is WithdrawalScope.WHOLE:
        require_linked_letters_answered(PetitionEnding.WITHDRAWAL, petition)


@lawful_when(
    PetitionEnding.WITHDRAWAL,
    EndingRefusal.CANNOT_WITHDRAW,
    _require_withdrawal,
    _require_not_forced_on_each_day,
    _require_whole_ends_no_linked_letter,
)
def accept_withdrawal(command: AcceptWithdrawal, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Accept a withdrawal without signs of coercion."""
    _require_not_forced(petition, command.occurred_on)
    return [
        WithdrawalAccepted(
            occurred_on=command.occurred_on,
            scope=_asked_withdrawal(petition),
            decision_no=as_said(command.decision_no),
        )
    ]


def _require_signs_of_force(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused for a complaint whose withdrawal was free: only a forced one is taken up again."""
    if petition.kind is PetitionKind.COMPLAINT and not petition.withdrawal_may_be_forced:
        raise Refused(EndingRefusal.NO_SIGNS_OF_FORCE)


@lawful_when(
    PetitionEnding.OVERRIDE_OF_WITHDRAWAL,
    EndingRefusal.CANNOT_OVERRIDE_WITHDRAWAL,
    _require_withdrawal,
    _require_signs_of_force,
)
def override_withdrawal(command: OverrideWithdrawal, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Continue the settlement although the citizen withdrew."""
    return [WithdrawalOverridden(occurred_on=command.occurred_on, ground=command.ground)]


@ends_by(PetitionEnding.TERMINATION, EndingRefusal.CANNOT_TERMINATE)
def terminate_processing(command: TerminateProcessing, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Terminate an accepted or assigned petition without an answer (đình chỉ), on a ground of the law.

    A withdrawal is none of these grounds: it is asked for and accepted by commands of its own.
    """
    return [
        ProcessingTerminated(
            occurred_on=command.occurred_on,
            ground=command.ground,
            decision_no=command.decision_no,
            ground_code=ground_of(PetitionEnding.TERMINATION, command.ground_code, petition),
        )
    ]


def _require_citizen_told(petition: Petition, _: DecisionContext) -> None:
    if not petition.is_citizen_told:
        raise Refused(EndingRefusal.CITIZEN_NOT_TOLD)


def _require_other_than_signer(petition: Petition, context: DecisionContext) -> None:
    if petition.signed_by in context.by.parties:
        raise Refused(EndingRefusal.SIGNER_CANNOT_CLOSE)


@ends_by(PetitionEnding.CLOSE, EndingRefusal.CANNOT_CLOSE, _require_citizen_told, _require_other_than_signer)
def close_petition(command: ClosePetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Close an answered petition. The citizen was notified, and the signer of the answer does not close it."""
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused(EndingRefusal.CLOSED_BEFORE_ANSWER, answered_on=petition.answers[-1])
    return [PetitionClosed(occurred_on=command.occurred_on, reason=command.reason)]


def _ground_at_court(petition: Petition) -> CourtRuling | None:
    """Return the ruling that lets a petition at court be reopened; None for a petition that is at none."""
    return annulling_ruling(petition) if petition.stage is Stage.SUED else None


def _require_decision_annulled(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused for a petition at court unless its decision was annulled by a ruling in force."""
    _ground_at_court(petition)


@open_when(
    at_stages(ANSWERED_STAGES | {Stage.CLOSED, Stage.SUED}, EndingRefusal.CANNOT_REOPEN), _require_decision_annulled
)
def reopen_in_new_round(command: ReopenPetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Reopen an answered or closed petition, or one whose decision a court annulled, in a new round with new clocks."""
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused(EndingRefusal.REOPENED_BEFORE_ANSWER, answered_on=petition.answers[-1])
    ruling = _ground_at_court(petition)
    if ruling is not None and command.occurred_on < ruling.ruled_on:
        raise Refused(CourtRefusal.REOPENED_BEFORE_RULING, ruled_on=ruling.ruled_on)
    clocks = []
    if command.due_on is not None:
        if command.due_on < command.occurred_on:
            raise Refused(EndingRefusal.DUE_BEFORE_REOPENING)
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
            ruling_no=UNSET if ruling is None else ruling.ruling_no,
            deadlines=as_said(tuple(clocks)),
        ),
        *succession_to_present_unit(petition, context, command.occurred_on),
    ]
