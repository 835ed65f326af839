"""Requires of a right history what the rules require of each act on the day on which it is entered.

A correction is refused for what it brings about, and not for what stood in the record before: imported history has
contradictions of its own, and each is put right alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain import commands as c
from domain import events as e
from domain.command import Command
from domain.correcting.table import MADE_BY_PROGRAM, SETS_DATES
from domain.deadlines.clock import ClockKey
from domain.duties import CLOCKS_OF_ACT
from domain.endings.words import Ground, PetitionEnding
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import Fact
from domain.evolve import evolve
from domain.order_of_acts import RESTS_ON
from domain.petition import Petition
from domain.refusals.assignment import AssignmentRefusal
from domain.refusals.records import RecordRefusal
from domain.rules.endings import ground_of, require_lawful
from domain.rules.order_of_days import latest_acts
from domain.status_moves import ANSWERS
from domain.units.unit import UnitRegister
from domain.value import UNSET, known, said

_Event = EventEnvelope[Any]


class Contradiction(NamedTuple):
    """Holds the refusal of what an event contradicts, with the place of the event and the field that is concerned."""

    refusal: Refused
    version: int
    path: str = ""


def require_possible(present: Sequence[_Event], right: Sequence[_Event], today: date, units: UnitRegister) -> None:
    """Raise Refused for the first contradiction of the right history that the present one does not have."""
    there = {(one.refusal.code, one.version, one.path) for one in contradictions(present, today, units)}
    for one in contradictions(right, today, units):
        if (one.refusal.code, one.version, one.path) not in there:
            raise one.refusal


def contradictions(history: Sequence[_Event], today: date, units: UnitRegister) -> Iterator[Contradiction]:
    """Yield what no rule would have let in, in the order of the history. `today` is the last day of any act."""
    petition: Petition | None = None
    for event in history:
        fact, version = event.fact, event.originator_version
        if petition is not None and type(fact) not in BY_THE_LADDER and fact.occurred_on < petition.received_on:
            yield Contradiction(_before_receipt(fact), version)
        if isinstance(fact, e.MatterOpened) and fact.occurred_on < fact.received_on:
            yield Contradiction(_before_receipt(fact), version)
        if type(fact) not in MADE_BY_PROGRAM:
            if petition is not None:
                yield from _order_of(petition, fact, version)
                yield from _law_of(petition, fact, version)
            yield from _days_of(fact, version, today)
            yield from _units_of(fact, version, units)
        petition = evolve(petition, event)


def _order_of(petition: Petition, fact: Fact, version: int) -> Iterator[Contradiction]:
    """Yield what the days of the acts before the event forbid."""
    first = NOT_BEFORE.get(type(fact))
    days = [] if first is None else [first(petition, fact)]
    if (command := ENTERED_BY.get(type(fact))) is not None:
        days += [on for _, on in latest_acts(RESTS_ON[command], petition)]
    not_before = max((day for day in days if day is not None), default=None)
    if not_before is not None and fact.occurred_on < not_before:
        refusal = Refused(
            RecordRefusal.CORRECTED_OUT_OF_ORDER, version=version, event=type(fact).__name__, on=not_before
        )
        yield Contradiction(refusal, version)


def _before_receipt(fact: Fact) -> Refused:
    if type(fact) in ANSWERS:
        return Refused(RecordRefusal.ANSWER_BEFORE_RECEIPT)
    return Refused(RecordRefusal.RECEIPT_AFTER_STEP, on=fact.occurred_on)


def _law_of(petition: Petition, fact: Any, version: int) -> Iterator[Contradiction]:
    """Yield what the table of endings forbids: the kind, the day, and the ground."""
    ending = ENDING_OF.get(type(fact))
    if ending is None:
        return
    try:
        require_lawful(ending, petition, fact.occurred_on)
        if (code := getattr(fact, "ground_code", UNSET)) is not UNSET:
            ground_of(ending, next((ground for ground in Ground if ground == code), None), petition)
    except Refused as refusal:
        yield Contradiction(refusal, version)


def _days_of(fact: Any, version: int, today: date) -> Iterator[Contradiction]:
    """Yield the days of an event that lie on the wrong side of the act, and those that are still to come."""
    for path in ("occurred_on", *OF_PAST_DAYS):
        day: Any = fact
        for part in path.split("."):
            day = UNSET if day is UNSET else getattr(day, part, UNSET)
        if day is not UNSET and day > today:
            yield Contradiction(Refused(RecordRefusal.CORRECTED_INTO_FUTURE), version, path)
    for path, day in _later_days(fact):
        if day is not UNSET and day < fact.occurred_on:
            yield Contradiction(
                Refused(
                    RecordRefusal.CORRECTED_DUE_BEFORE_ACT,
                    version=version,
                    event=type(fact).__name__,
                    path=path,
                    on=day,
                ),
                version,
                path,
            )


def _later_days(fact: Any) -> Iterator[tuple[str, Any]]:
    """Yield the days of an event until which something is to be done, with their paths."""
    for path in LATER_THAN_ACT:
        yield path, getattr(fact, path, UNSET)
    for place, part in enumerate(said(getattr(fact, "contributions", ()), ())):
        yield f"contributions.{place}.due_on", part.due_on
    if type(fact) in SETS_DATES:
        for place, deadline in enumerate(said(fact.deadlines, ())):
            yield f"deadlines.{place}.decided_due_on", deadline.decided_due_on


def _units_of(fact: Any, version: int, units: UnitRegister) -> Iterator[Contradiction]:
    """Yield the units of an event that were not in being on its day, and a lead unit that coordinates too."""
    coordinating = said(getattr(fact, "coordinating_units", ()), ())
    parts = said(getattr(fact, "contributions", ()), ())
    named = (*(getattr(fact, path, UNSET) for path in UNIT_FIELDS), *coordinating, *(part.unit for part in parts))
    for unit in dict.fromkeys(named):
        if unit is UNSET:
            continue
        try:
            units.require(unit, fact.occurred_on)
        except Refused as refusal:
            yield Contradiction(refusal, version, unit)
    if getattr(fact, "lead_unit", UNSET) in coordinating:
        yield Contradiction(Refused(AssignmentRefusal.LEAD_UNIT_COORDINATES), version)
    if others := {part.unit for part in parts}.difference(coordinating):
        yield Contradiction(Refused(AssignmentRefusal.DATE_OF_NO_COORDINATING_UNIT, unit=min(others)), version)


def _promise_made_on(petition: Petition, fact: e.PromiseReported) -> date | None:
    promise = petition.status.promises.get(fact.number)
    return None if promise is None else promise.made_on


def _duty_began_on(petition: Petition, fact: e.DutyPerformed) -> date | None:
    owed = (petition.duties.get(ClockKey(clock, known(fact.subject))) for clock in CLOCKS_OF_ACT[fact.act])
    return min((duty.started_on for duty in owed if duty is not None), default=None)


def _answered_on(petition: Petition, fact: Fact) -> date | None:
    on = petition.answered_on
    return None if on is None or petition.was_late_on(fact.occurred_on) else on


NOT_BEFORE: Mapping[type[Fact], Callable[[Petition, Any], date | None]] = {
    e.PromiseReported: _promise_made_on,
    e.DutyPerformed: _duty_began_on,
    **dict.fromkeys((e.SecondComplaintLodged, e.FurtherDenunciationLodged, e.LawsuitFiled), _answered_on),
}
"""The first day on which an act is possible that rests on something else than an act of `domain.order_of_acts`."""

ENTERED_BY: Mapping[type[Fact], type[Command]] = {
    e.RegistrationCancelled: c.CancelRegistration,
    e.PetitionClassified: c.ClassifyPetition,
    e.ReceiptAcknowledged: c.AcknowledgeReceipt,
    e.SupplementRequested: c.RequestSupplement,
    e.SupplementReceived: c.RecordSupplement,
    e.MandateRecorded: c.RecordMandate,
    e.ProxyRecorded: c.RecordProxy,
    e.SignatoryWithdrew: c.WithdrawSignatory,
    e.PetitionAccepted: c.AcceptPetition,
    e.AcceptanceRefused: c.RefuseAcceptance,
    e.PetitionTransferred: c.TransferPetition,
    e.CompetentUnitUrged: c.UrgeCompetentUnit,
    e.TransferReplyReceived: c.RecordTransferReply,
    e.PetitionReturned: c.ReturnPetition,
    e.CitizenGuided: c.GuideCitizen,
    e.PetitionArchived: c.FilePetition,
    e.PetitionMarkedDuplicate: c.MarkDuplicate,
    e.PetitionUnmarkedDuplicate: c.UnmarkDuplicate,
    e.PetitionHandledAsInformation: c.HandleAsInformation,
    e.PetitionAssigned: c.AssignPetition,
    e.PetitionReassigned: c.ReassignPetition,
    e.WorkStarted: c.StartWork,
    e.ContributionDelivered: c.DeliverContribution,
    e.ComplaintDialogueHeld: c.RecordComplaintDialogue,
    e.PetitionPreparedForMeeting: c.PrepareForMeeting,
    e.AnsweredAtMeeting: c.AnswerAtMeeting,
    e.AnsweredInWriting: c.AnswerInWriting,
    e.CitizenNotified: c.NotifyCitizen,
    e.PromiseMade: c.RecordPromise,
    e.DocumentsRequested: c.RequestDocuments,
    e.ActionResultRecorded: c.RecordActionResult,
    e.ReminderIssued: c.RemindUnit,
    e.ProcessingSuspended: c.SuspendProcessing,
    e.ProcessingResumed: c.ResumeProcessing,
    e.DeadlineSet: c.SetDeadline,
    e.ExtensionRequested: c.RequestExtension,
    e.DeadlineExtended: c.ExtendDeadline,
    e.ComplexityDetermined: c.DetermineComplexity,
    e.SecondComplaintLodged: c.LodgeSecondComplaint,
    e.FurtherDenunciationLodged: c.LodgeFurtherDenunciation,
    e.LawsuitFiled: c.FileLawsuit,
    e.CourtRulingRecorded: c.RecordCourtRuling,
    e.SettlementTakenOver: c.TakeOverSettlement,
    e.ResponsibilityCheckOrdered: c.OrderResponsibilityCheck,
    e.WithdrawalRequested: c.RequestWithdrawal,
    e.WithdrawalAccepted: c.AcceptWithdrawal,
    e.WithdrawalOverridden: c.OverrideWithdrawal,
    e.ProcessingTerminated: c.TerminateProcessing,
    e.PetitionClosed: c.ClosePetition,
    e.PetitionReopened: c.ReopenPetition,
}
"""The command by which each event is entered that rests on acts before it."""

BY_THE_LADDER = frozenset({e.AlertRaised, e.AlertAcknowledged, e.ReminderProposed})
"""Events whose day is that on which a step fell due: they may lie before a receipt that is put right."""

ENDING_OF: Mapping[type[Fact], PetitionEnding] = {
    e.AcceptanceRefused: PetitionEnding.REFUSAL_OF_ACCEPTANCE,
    e.PetitionTransferred: PetitionEnding.TRANSFER,
    e.PetitionReturned: PetitionEnding.RETURN,
    e.CitizenGuided: PetitionEnding.GUIDANCE,
    e.PetitionArchived: PetitionEnding.FILING,
    e.PetitionHandledAsInformation: PetitionEnding.USE_AS_INFORMATION,
    e.ProcessingSuspended: PetitionEnding.SUSPENSION,
    e.ProcessingTerminated: PetitionEnding.TERMINATION,
    e.WithdrawalOverridden: PetitionEnding.OVERRIDE_OF_WITHDRAWAL,
}
"""The endings whose day and ground the law bounds."""

LATER_THAN_ACT = ("asked_for_on", "promised_for_on", "reply_by")
"""Days until which something is to be done: none of them lies before the act that names it."""

OF_PAST_DAYS = (
    *("notice_on", "invited_on", "mandate.document_on", "proxy.document_on", "limit_ended_on"),
    *("earlier_decision.decided_on", "earlier_decision.received_on"),
)
"""Days of what was there at the act. None of them is still to come."""

UNIT_FIELDS = ("lead_unit", "from_unit", "to_unit", "unit", "prepared_by_unit")
"""Fields of an event that name one unit of the register."""
