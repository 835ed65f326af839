"""Defines everything that can happen to a petition.

A fact carries the day on which it happened (`occurred_on`, in the authority's zone); its `EventEnvelope` says who
recorded it and when. Facts are stored as JSON under their class name: what was said, and nothing else. A new form of a
fact is a new `class_version` with an `upcast_v1_v2`. There is one module for each step of a petition's life, as for the
rules.
"""

from domain.events.alerts import AlertAcknowledged as AlertAcknowledged
from domain.events.alerts import AlertRaised as AlertRaised
from domain.events.answers import AnsweredAtMeeting as AnsweredAtMeeting
from domain.events.answers import AnsweredInWriting as AnsweredInWriting
from domain.events.answers import CitizenNotified as CitizenNotified
from domain.events.answers import PetitionPreparedForMeeting as PetitionPreparedForMeeting
from domain.events.answers import PromiseMade as PromiseMade
from domain.events.answers import PromiseReported as PromiseReported
from domain.events.answers import Remedy as Remedy
from domain.events.assignment import ComplaintDialogueHeld as ComplaintDialogueHeld
from domain.events.assignment import Contribution as Contribution
from domain.events.assignment import CoordinatorSucceeded as CoordinatorSucceeded
from domain.events.assignment import ExternalStepRecorded as ExternalStepRecorded
from domain.events.assignment import PetitionAssigned as PetitionAssigned
from domain.events.assignment import PetitionReassigned as PetitionReassigned
from domain.events.assignment import ResponsibilitySucceeded as ResponsibilitySucceeded
from domain.events.assignment import WorkStarted as WorkStarted
from domain.events.clocks import ComplexityDetermined as ComplexityDetermined
from domain.events.clocks import DeadlineExtended as DeadlineExtended
from domain.events.clocks import DeadlineRecalculated as DeadlineRecalculated
from domain.events.clocks import DeadlineSet as DeadlineSet
from domain.events.clocks import ExtensionRequested as ExtensionRequested
from domain.events.clocks import ProcessingResumed as ProcessingResumed
from domain.events.clocks import ProcessingSuspended as ProcessingSuspended
from domain.events.clocks import Recalculation as Recalculation
from domain.events.clocks import ReminderIssued as ReminderIssued
from domain.events.endings import PetitionClosed as PetitionClosed
from domain.events.endings import PetitionReopened as PetitionReopened
from domain.events.endings import ProcessingTerminated as ProcessingTerminated
from domain.events.endings import WithdrawalAccepted as WithdrawalAccepted
from domain.events.endings import WithdrawalOverridden as WithdrawalOverridden
from domain.events.endings import WithdrawalRequested as WithdrawalRequested
from domain.events.fact import Fact as Fact
from domain.events.going_up import WAY_OF as WAY_OF
from domain.events.going_up import FurtherDenunciationLodged as FurtherDenunciationLodged
from domain.events.going_up import LawsuitFiled as LawsuitFiled
from domain.events.going_up import ResponsibilityCheckOrdered as ResponsibilityCheckOrdered
from domain.events.going_up import ResponsibilityCheckRequested as ResponsibilityCheckRequested
from domain.events.going_up import SecondComplaintLodged as SecondComplaintLodged
from domain.events.going_up import SettlementTakenOver as SettlementTakenOver
from domain.events.intake import AcceptanceRefused as AcceptanceRefused
from domain.events.intake import EarlierDecision as EarlierDecision
from domain.events.intake import MatterOpened as MatterOpened
from domain.events.intake import Person as Person
from domain.events.intake import PetitionAccepted as PetitionAccepted
from domain.events.intake import PetitionClassified as PetitionClassified
from domain.events.intake import PetitionReceived as PetitionReceived
from domain.events.intake import PetitionSplit as PetitionSplit
from domain.events.intake import ReceiptAcknowledged as ReceiptAcknowledged
from domain.events.intake import RegistrationCancelled as RegistrationCancelled
from domain.events.intake import Source as Source
from domain.events.intake import StageOpened as StageOpened
from domain.events.intake import SupplementReceived as SupplementReceived
from domain.events.intake import SupplementRequested as SupplementRequested
from domain.events.official import Official as Official
from domain.events.official import officer_of as officer_of
from domain.events.official import official as official
from domain.events.official import official_outside as official_outside
from domain.events.official import official_shown as official_shown
from domain.events.records import Correction as Correction
from domain.events.records import CorrectionProposed as CorrectionProposed
from domain.events.records import ImportFlagged as ImportFlagged
from domain.events.records import RecordCorrected as RecordCorrected
from domain.events.referral import CitizenGuided as CitizenGuided
from domain.events.referral import DuplicateLinked as DuplicateLinked
from domain.events.referral import DuplicateUnlinked as DuplicateUnlinked
from domain.events.referral import PetitionArchived as PetitionArchived
from domain.events.referral import PetitionHandledAsInformation as PetitionHandledAsInformation
from domain.events.referral import PetitionMarkedDuplicate as PetitionMarkedDuplicate
from domain.events.referral import PetitionReturned as PetitionReturned
from domain.events.referral import PetitionTransferred as PetitionTransferred
from domain.events.referral import PetitionUnmarkedDuplicate as PetitionUnmarkedDuplicate
from domain.events.referral import TransferReplyReceived as TransferReplyReceived

PetitionOpening = PetitionReceived | MatterOpened | StageOpened
PETITION_OPENINGS = (PetitionReceived, MatterOpened, StageOpened)
"""The events that a petition's history may begin with."""

PetitionEvent = (
    PetitionReceived
    | MatterOpened
    | StageOpened
    | RegistrationCancelled
    | PetitionSplit
    | PetitionClassified
    | ReceiptAcknowledged
    | SupplementRequested
    | SupplementReceived
    | PetitionAccepted
    | AcceptanceRefused
    | PetitionTransferred
    | TransferReplyReceived
    | PetitionReturned
    | CitizenGuided
    | PetitionArchived
    | PetitionMarkedDuplicate
    | PetitionUnmarkedDuplicate
    | DuplicateLinked
    | DuplicateUnlinked
    | PetitionHandledAsInformation
    | PetitionAssigned
    | PetitionReassigned
    | ResponsibilitySucceeded
    | CoordinatorSucceeded
    | WorkStarted
    | ExternalStepRecorded
    | ComplaintDialogueHeld
    | PetitionPreparedForMeeting
    | AnsweredAtMeeting
    | AnsweredInWriting
    | CitizenNotified
    | PromiseMade
    | PromiseReported
    | ReminderIssued
    | ProcessingSuspended
    | ProcessingResumed
    | ProcessingTerminated
    | ExtensionRequested
    | DeadlineExtended
    | DeadlineSet
    | ComplexityDetermined
    | DeadlineRecalculated
    | SecondComplaintLodged
    | FurtherDenunciationLodged
    | LawsuitFiled
    | SettlementTakenOver
    | ResponsibilityCheckOrdered
    | ResponsibilityCheckRequested
    | WithdrawalRequested
    | WithdrawalAccepted
    | WithdrawalOverridden
    | PetitionClosed
    | PetitionReopened
    | CorrectionProposed
    | RecordCorrected
    | ImportFlagged
    | AlertRaised
    | AlertAcknowledged
)
