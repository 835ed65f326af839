"""Says of every field of every event of a petition whether it can be corrected, and if not, why and what helps.

A field is corrected that a person typed. The rest is here: what the program counted or copied, who acted, which other
record is meant, and what has an act of its own by which it is changed. A test requires that each field of each event is
either in `TYPED` or in `NOT_CORRECTED`.
"""

from collections.abc import Mapping
from typing import Any

from domain import events as e
from domain.correcting.fields import pattern_of
from domain.deadlines.clock import Clock
from domain.events import Fact
from domain.refusals.code import RefusalCode
from domain.refusals.records import RecordRefusal
from domain.value import UNSET

_COMPUTED = RecordRefusal.FIELD_IS_COMPUTED
_RECORD = RecordRefusal.FIELD_NAMES_A_RECORD
_ACTOR = RecordRefusal.FIELD_SAYS_WHO_ACTED
_CLASSIFY = RecordRefusal.FIELD_IS_CLASSIFIED_AGAIN
_ENDING = RecordRefusal.FIELD_DECIDES_THE_COURSE
_VAULT = RecordRefusal.FIELD_REFERS_TO_THE_VAULT

DECIDED_DATE = "deadlines.*.decided_due_on"
"""Pattern of a date that somebody set, such as that of the head. The rest of a deadline is counted."""

SETS_DATES: frozenset[type[Fact]] = frozenset(
    {e.PetitionAssigned, e.PetitionReassigned, e.DeadlineSet, e.PetitionReopened}
)
"""Acts by which somebody sets a date that has no other field in the event."""

MADE_BY_PROGRAM: frozenset[type[Fact]] = frozenset(
    {
        *(e.AlertRaised, e.AlertAcknowledged, e.ReminderProposed, e.ResponsibilityCheckRequested, e.ImportFlagged),
        *(e.DeadlineRecalculated, e.ResponsibilitySucceeded, e.CoordinatorSucceeded, e.DutySucceeded),
        *(e.CorrectionProposed, e.RecordCorrected, e.ReversalProposed, e.EndingReversed),
        *(e.DuplicateLinked, e.DuplicateUnlinked, e.PetitionSplit, e.ImportWithdrawn),
        e.PersonalDataErased,
    }
)
"""Events in which nobody typed anything about this petition: none of their fields is corrected."""

_OPENING: Mapping[str, RefusalCode] = {
    **dict.fromkeys(("kind", "instance"), _CLASSIFY),
    **dict.fromkeys(("book", "source"), _RECORD),
    **dict.fromkeys(("meeting_id", "letter", "earlier"), _RECORD),
    **dict.fromkeys(("number", "way", "unit"), _COMPUTED),
    "identity_protected": _CLASSIFY,
    "is_remote_area": _COMPUTED,
    "persons": _VAULT,
}

NOT_CORRECTED: Mapping[type[Fact], Mapping[str, RefusalCode]] = {
    e.PetitionReceived: {
        name: code for name, code in _OPENING.items() if name not in ("letter", "earlier", "number", "way", "unit")
    },
    # the day of a matter is that of the split; its day of receipt is a field of its own
    e.MatterOpened: {name: code for name, code in _OPENING.items() if name != "source"} | {"occurred_on": _COMPUTED},
    e.StageOpened: {
        name: code for name, code in _OPENING.items() if name not in ("letter", "number", "source", "meeting_id")
    },
    e.RegistrationCancelled: {},
    e.PetitionClassified: dict.fromkeys(("kind", "instance", "competence"), _CLASSIFY),
    e.ReceiptAcknowledged: {},
    e.SupplementRequested: {},
    e.SupplementReceived: {},
    e.PetitionAccepted: {},
    e.AcceptanceRefused: {},
    e.PetitionTransferred: {},
    e.TransferReplyReceived: {"is_accepted": _ENDING},
    e.PetitionReturned: {},
    e.CitizenGuided: {},
    e.PetitionArchived: {},
    e.PetitionMarkedDuplicate: {"duplicate_of": _RECORD},
    e.PetitionUnmarkedDuplicate: {"duplicate_of": _RECORD},
    e.PetitionHandledAsInformation: {},
    e.PetitionAssigned: {"meeting_id": _RECORD},
    e.PetitionReassigned: {"from_unit": _COMPUTED},
    e.WorkStarted: {},
    e.ComplaintDialogueHeld: {"invite_by": _COMPUTED},
    e.ExternalStepRecorded: {},
    e.ContributionDelivered: {"unit": _COMPUTED},
    e.PetitionPreparedForMeeting: {"meeting_id": _RECORD},
    e.AnsweredAtMeeting: {"meeting_id": _RECORD, "unit": _COMPUTED},
    e.AnsweredInWriting: {"unit": _COMPUTED},
    e.CitizenNotified: {},
    e.PromiseMade: {"number": _COMPUTED},
    e.PromiseReported: {"number": _COMPUTED},
    e.DutyPerformed: {"act": _ENDING, "subject": _COMPUTED},
    e.DutyLifted: {"clock": _ENDING, "subject": _COMPUTED},
    e.DocumentsRequested: {},
    e.ActionResultRecorded: {},
    e.ReminderIssued: {"to_unit": _COMPUTED},
    e.ProcessingSuspended: {},
    e.ProcessingResumed: {"suspended_on": _COMPUTED},
    e.ExtensionRequested: {"clock": _ENDING},
    e.DeadlineExtended: {
        **dict.fromkeys(("clock", "was_expired"), _ENDING),
        "old_due_on": _COMPUTED,
        "requested_by": _ACTOR,
    },
    e.DeadlineSet: {},
    e.ComplexityDetermined: dict.fromkeys(("complexity", "criteria", "was_expired"), _ENDING),
    e.SecondComplaintLodged: {"continued_as": _RECORD},
    e.FurtherDenunciationLodged: {"continued_as": _RECORD},
    e.LawsuitFiled: {},
    e.SettlementTakenOver: {"continued_as": _RECORD},
    e.ResponsibilityCheckOrdered: {},
    e.WithdrawalRequested: {"scope": _ENDING},
    e.WithdrawalAccepted: {"scope": _ENDING},
    e.WithdrawalOverridden: {},
    e.ProcessingTerminated: {},
    e.PetitionClosed: {},
    e.PetitionReopened: {"round": _COMPUTED, "ruling_no": _COMPUTED},
    e.CourtRulingRecorded: {},
    e.CompetentUnitUrged: {},
    e.MandateRecorded: {"persons": _VAULT},
    e.ProxyRecorded: {"persons": _VAULT},
    e.SignatoryWithdrew: {"persons": _VAULT, "signatory": _VAULT},
}
"""The fields that are not corrected, by event and by the name of the field in the event, with the reason."""

_OF_EVERY_EVENT: Mapping[str, RefusalCode] = {"occurred_at": _COMPUTED, "deadlines": _COMPUTED}
_WITHIN: Mapping[str, RefusalCode] = {
    "mandate.representatives": _VAULT,
    "proxy.proxy": _VAULT,
    "proxy.principal": _VAULT,
    "proxies.*.proxy": _VAULT,
    "proxies.*.principal": _VAULT,
}
"""Fields of parts that are not corrected, by their patterns in every event."""


def is_set_by_decision(fact: Any, path: str) -> bool:
    """Return True unless the path leads to a date that is counted, or that another field of the act sets."""
    if not path.startswith("deadlines."):
        return True
    deadline = fact.deadlines[int(path.split(".")[1])]
    is_of_part = isinstance(fact, e.PetitionAssigned) and deadline.clock is Clock.CONTRIBUTION
    return deadline.decided_due_on is not UNSET and not is_of_part


def why_not_correctable(kind: type[Fact], path: str) -> RefusalCode | None:
    """Return why no correction may name the path in events of that class, None where one may."""
    if kind in MADE_BY_PROGRAM:
        return RecordRefusal.EVENT_IS_NO_ENTRY
    pattern = pattern_of(path)
    if pattern == DECIDED_DATE and kind in SETS_DATES:
        return None
    head = pattern.partition(".")[0]
    return NOT_CORRECTED[kind].get(head) or _OF_EVERY_EVENT.get(head) or _WITHIN.get(pattern)
