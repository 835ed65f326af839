"""Defines the events of intake: from the receipt of a petition to its acceptance."""

from datetime import date

from domain.events.fact import Fact
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import (
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
    kind: PetitionKind | UnsetType = UNSET


class PetitionReceived(Fact):
    """Records that a petition was received (tiếp nhận).

    The vault holds the identities under the ids `petitioners`; no field here names a person.
    """

    channel: Channel
    kind: PetitionKind | UnsetType = UNSET  # as the sender says, before classification
    summary: str | UnsetType = UNSET
    place: str | UnsetType = UNSET
    person_count: int | UnsetType = UNSET
    petitioners: tuple[PetitionerRef, ...] | UnsetType = UNSET
    representatives: tuple[PetitionerRef, ...] | UnsetType = UNSET
    book: str
    document_no: str | UnsetType = UNSET
    meeting_id: MeetingId | UnsetType = UNSET
    has_original_papers: bool | UnsetType = UNSET
    identity_protected: bool
    is_remote_area: bool | UnsetType = UNSET
    source: Source | UnsetType = UNSET
    unit: UnitId | UnsetType = UNSET  # known from the first day when the petition was escalated to this unit
    split_from: PetitionId | UnsetType = UNSET
    escalated_from: PetitionId | UnsetType = UNSET
    escalated_as: EscalationKind | UnsetType = UNSET  # the kind of that escalation


class RegistrationCancelled(Fact):
    """Records that a number given by mistake was cancelled. It stays in the register, visibly cancelled."""

    reason: str


class PetitionSplit(Fact):
    """Records that a letter was split. Each matter becomes a petition of its own, linked to the letter."""

    matters: tuple[Matter, ...]


class PetitionClassified(Fact):
    """Records the classification (phân loại, Thông tư 05/2021 Art 6). `previous_kind` is set when one is changed."""

    kind: PetitionKind
    is_eligible: bool | UnsetType = UNSET
    failed_conditions: tuple[str, ...] | UnsetType = UNSET
    competence: Competence | UnsetType = UNSET
    topic: str | UnsetType = UNSET
    is_mass: bool | UnsetType = UNSET
    is_level_skipping: bool | UnsetType = UNSET
    previous_kind: PetitionKind | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class ReceiptAcknowledged(Fact):
    """Records that the citizen was informed of the receipt (Law 42/2013 Art 28.1). It is not an answer."""

    document_no: str
    how: str | UnsetType = UNSET


class SupplementRequested(Fact):
    """Records that the citizen was asked for a supplement (yêu cầu bổ sung)."""

    wanted: str
    asked_for_on: date | UnsetType = UNSET


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
