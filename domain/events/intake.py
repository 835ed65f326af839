"""Defines the events of intake: from the receipt of a petition to its acceptance."""

from datetime import date

from domain.events.fact import Fact
from domain.events.representation import Mandate, Proxy
from domain.sealed_text import Text
from domain.stored_values import CountFromOne, Instant, LegalGround, NonEmptyStr, UnitCode
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import (
    Channel,
    Competence,
    Instance,
    MeetingId,
    PersonCapacity,
    PetitionerRef,
    PetitionId,
    PetitionKind,
    WayUp,
)


class Source(FactPart):
    """Identifies the record that an import read. The pair of name and key is unique."""

    name: NonEmptyStr
    key: NonEmptyStr


class Person(FactPart):
    """Refers to a person behind a petition. The vault holds the identity under `ref`; no field here names anybody.

    `identity_digest` is the SHA-256 (hex) of the encrypted identity. It shows later that the vault's row is the one
    that was stored with this event. It is unsaid where no identity was stored with it.
    """

    ref: PetitionerRef
    capacity: PersonCapacity
    identity_digest: NonEmptyStr | UnsetType = UNSET


class EarlierDecision(FactPart):
    """Identifies the decision of an earlier instance, with the day on which the citizen received it."""

    body: NonEmptyStr | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET
    decided_on: date | UnsetType = UNSET
    received_on: date | UnsetType = UNSET


class PetitionReceived(Fact):
    """Records that a petition was received (tiếp nhận).

    The vault holds the identities of `persons`; no field here names one. `person_count` is the number that somebody
    said, and `identity_protected` what the sender asked for: that a denouncer is protected follows from the kind.
    `to_party_head` is True for a letter to the head of a Party committee (Quy định 11-QĐi/TW).
    """

    channel: Channel | UnsetType = UNSET
    kind: PetitionKind | UnsetType = UNSET  # as the sender says, before classification
    summary: Text | UnsetType = UNSET
    place: Text | UnsetType = UNSET
    person_count: CountFromOne | UnsetType = UNSET
    persons: tuple[Person, ...] | UnsetType = UNSET
    book: NonEmptyStr
    document_no: NonEmptyStr | UnsetType = UNSET
    meeting_id: MeetingId | UnsetType = UNSET
    has_original_papers: bool | UnsetType = UNSET
    identity_protected: bool | UnsetType = UNSET
    is_remote_area: bool | UnsetType = UNSET
    instance: Instance | UnsetType = UNSET
    earlier_decision: EarlierDecision | UnsetType = UNSET
    to_party_head: bool | UnsetType = UNSET
    source: Source | UnsetType = UNSET


class MatterOpened(Fact):
    """Records that a matter of a split letter became a petition of its own (tách đơn).

    `occurred_on` is the day of the split. `received_on` is the day on which the letter was received, and `received_at`
    the instant: the clocks count from there, and a matter wins no time by the split. `number` counts the matters of the
    letter from 1. `kind` is said where the split said it for this matter. The identities, `mandate` and `proxies` are
    those of the letter, and `identity_protected` is said where those of the letter are protected. `book` is the
    letter's: the matter has the letter's number, and a stage above the matter takes its number from that book.
    `earlier`, `way`, `unit`, `instance` and `earlier_decision` are said where the letter itself is a stage above
    another petition.
    """

    letter: PetitionId
    number: CountFromOne
    received_on: date
    received_at: Instant | UnsetType = UNSET
    channel: Channel | UnsetType = UNSET
    kind: PetitionKind | UnsetType = UNSET
    summary: Text
    place: Text | UnsetType = UNSET
    person_count: CountFromOne | UnsetType = UNSET
    persons: tuple[Person, ...] | UnsetType = UNSET
    book: NonEmptyStr
    meeting_id: MeetingId | UnsetType = UNSET
    identity_protected: bool | UnsetType = UNSET
    is_remote_area: bool | UnsetType = UNSET
    earlier: PetitionId | UnsetType = UNSET
    way: WayUp | UnsetType = UNSET
    unit: UnitCode | UnsetType = UNSET
    instance: Instance | UnsetType = UNSET
    earlier_decision: EarlierDecision | UnsetType = UNSET
    mandate: Mandate | UnsetType = UNSET
    proxies: tuple[Proxy, ...] | UnsetType = UNSET


class StageOpened(Fact):
    """Records that a matter goes on at a higher unit, as a petition of its own.

    `earlier` is the petition below, which keeps its history and its lateness, and `way` how the matter came up. `unit`
    has the petition from the first day. The law takes over from below who the people are and what the matter is:
    `kind`, `place`, `person_count`, `persons`, `identity_protected` and `is_remote_area`. The book is that of the
    petition below and gives a new number.

    A second complaint and a further denunciation are letters of their own: `channel`, `summary` and `document_no` are
    what was said of that letter, and unsaid where nothing was. Where the superior settles, no letter came: `channel`
    and `summary` are those of the letter that is taken over, `document_no` is that of the taking over. Its `mandate`
    and `proxies` go on too; a new letter needs its own.
    """

    earlier: PetitionId
    way: WayUp
    unit: UnitCode
    channel: Channel | UnsetType = UNSET
    kind: PetitionKind | UnsetType = UNSET
    summary: Text | UnsetType = UNSET
    place: Text | UnsetType = UNSET
    person_count: CountFromOne | UnsetType = UNSET
    persons: tuple[Person, ...] | UnsetType = UNSET
    book: NonEmptyStr
    document_no: NonEmptyStr | UnsetType = UNSET
    identity_protected: bool | UnsetType = UNSET
    is_remote_area: bool | UnsetType = UNSET
    instance: Instance | UnsetType = UNSET
    earlier_decision: EarlierDecision | UnsetType = UNSET
    mandate: Mandate | UnsetType = UNSET
    proxies: tuple[Proxy, ...] | UnsetType = UNSET


class RegistrationCancelled(Fact):
    """Records that a number given by mistake was cancelled. It stays in the register, visibly cancelled."""

    reason: Text
    ground_code: LegalGround | UnsetType = UNSET


class PetitionSplit(Fact):
    """Records that a letter was split into `matters`, each a petition of its own. What each says is in its history."""

    matters: tuple[PetitionId, ...]


class PetitionClassified(Fact):
    """Records the classification (phân loại, Thông tư 05/2021 Art 6), the first one or a change of it.

    Where it does not say `instance` or `earlier_decision`, what was said of them before still applies.
    """

    kind: PetitionKind
    is_eligible: bool | UnsetType = UNSET
    failed_conditions: tuple[Text, ...] | UnsetType = UNSET
    competence: Competence | UnsetType = UNSET
    topic: NonEmptyStr | UnsetType = UNSET
    is_level_skipping: bool | UnsetType = UNSET
    reason: Text | UnsetType = UNSET
    instance: Instance | UnsetType = UNSET
    earlier_decision: EarlierDecision | UnsetType = UNSET


class ReceiptAcknowledged(Fact):
    """Records that the citizen was informed of the receipt (Law 42/2013 Art 28.1). It is not an answer."""

    document_no: NonEmptyStr | UnsetType = UNSET
    how: Text | UnsetType = UNSET


class SupplementRequested(Fact):
    """Records that the citizen was asked for a supplement (yêu cầu bổ sung)."""

    wanted: Text
    asked_for_on: date | UnsetType = UNSET


class SupplementReceived(Fact):
    """Records what the citizen sent in addition."""

    summary: Text


class PetitionAccepted(Fact):
    """Records the acceptance for settlement (thụ lý): of a complaint by a notice, of a denunciation by a decision."""

    document_no: NonEmptyStr


class AcceptanceRefused(Fact):
    """Records that acceptance was refused (không thụ lý), always with its ground."""

    document_no: NonEmptyStr
    ground: Text
    ground_code: LegalGround | UnsetType = UNSET


PetitionOpening = PetitionReceived | MatterOpened | StageOpened
PETITION_OPENINGS = (PetitionReceived, MatterOpened, StageOpened)
"""The events that a petition's history may begin with."""

IntakeEvent = (
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
)
