"""Defines the events of intake: from the receipt of a petition to its acceptance."""

from datetime import date

from domain.events.fact import Fact, FactPart
from domain.vocabulary import (
    NO_UNIT,
    Channel,
    Competence,
    EscalationKind,
    MeetingId,
    PetitionerRef,
    PetitionId,
    PetitionKind,
    UnitId,
)


class Source(FactPart):
    """Identifies the record that an import read. The pair of name and key is unique."""

    name: str
    key: str


class Matter(FactPart):
    """Holds one of several matters in a letter."""

    petition_id: PetitionId
    summary: str
    kind: PetitionKind | None = None


class PetitionReceived(Fact):
    """Records that a petition was received (tiếp nhận).

    The vault holds the identities under the ids `petitioners`; no field here names a person.
    """

    channel: Channel
    kind: PetitionKind | None = None  # as the sender says, before classification
    summary: str = ""
    place: str = ""
    person_count: int = 1
    petitioners: tuple[PetitionerRef, ...] = ()
    representatives: tuple[PetitionerRef, ...] = ()
    book: str = "TD"
    document_no: str = ""
    meeting_id: MeetingId | None = None
    has_original_papers: bool = False
    identity_protected: bool = False
    is_remote_area: bool = False
    source: Source | None = None
    unit: UnitId = NO_UNIT  # known from the first day when the petition was escalated to this unit
    split_from: PetitionId | None = None
    escalated_from: PetitionId | None = None
    escalated_as: EscalationKind | None = None  # the kind of that escalation


class RegistrationCancelled(Fact):
    """Records that a number given by mistake was cancelled. It stays in the register, visibly cancelled."""

    reason: str


class PetitionSplit(Fact):
    """Records that a letter was split. Each matter becomes a petition of its own, linked to the letter."""

    matters: tuple[Matter, ...]


class PetitionClassified(Fact):
    """Records the classification (phân loại, Thông tư 05/2021 Art 6). `previous_kind` is set when one is changed."""

    kind: PetitionKind
    is_eligible: bool = True
    failed_conditions: tuple[str, ...] = ()
    competence: Competence = Competence.OWN
    topic: str = ""
    is_mass: bool = False
    is_level_skipping: bool = False
    previous_kind: PetitionKind | None = None
    reason: str = ""


class ReceiptAcknowledged(Fact):
    """Records that the citizen was informed of the receipt (Law 42/2013 Art 28.1). It is not an answer."""

    document_no: str
    how: str = ""


class SupplementRequested(Fact):
    """Records that the citizen was asked for a supplement (yêu cầu bổ sung)."""

    wanted: str
    asked_for_on: date | None = None


class SupplementReceived(Fact):
    """Records what the citizen sent in addition."""

    summary: str


class PetitionAccepted(Fact):
    """Records the acceptance for settlement (thụ lý)."""

    decision_no: str


class AcceptanceRefused(Fact):
    """Records that acceptance was refused (không thụ lý), always with its ground."""

    decision_no: str
    ground: str
