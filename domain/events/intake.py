"""What happens from the letter box to the decision that the matter is ours."""

from datetime import date

from domain.events.fact import Fact, Part
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


class Source(Part):
    """The record that an import took this from; the pair is unique."""

    name: str
    key: str


class Matter(Part):
    """One of several matters in a letter."""

    petition_id: PetitionId
    summary: str
    kind: PetitionKind | None = None


class PetitionReceived(Fact):
    """Tiếp nhận. Identities lie in the vault under `petitioners`; nothing here names a person."""

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
    unit: UnitId = NO_UNIT  # known from the first day where another stage was escalated to it
    split_from: PetitionId | None = None
    escalated_from: PetitionId | None = None
    escalated_as: EscalationKind | None = None  # by which way it went up


class RegistrationCancelled(Fact):
    """A number given by mistake: it stays in the register, visibly cancelled."""

    reason: str


class PetitionSplit(Fact):
    """A letter with several matters: each goes on as a petition of its own, linked to the letter."""

    matters: tuple[Matter, ...]


class PetitionClassified(Fact):
    """Phân loại (Thông tư 05/2021 Art 6); `previous_kind` is set when an earlier one is changed."""

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
    """The citizen is told that the petition is taken up (Law 42/2013 Art 28.1). It is not an answer."""

    document_no: str
    how: str = ""


class SupplementRequested(Fact):
    """Yêu cầu bổ sung."""

    wanted: str
    asked_for_on: date | None = None


class SupplementReceived(Fact):
    summary: str


class PetitionAccepted(Fact):
    """Thụ lý."""

    decision_no: str


class AcceptanceRefused(Fact):
    """Không thụ lý; always with its ground."""

    decision_no: str
    ground: str
