"""Defines the events of petitions that end without an answer of this authority."""

from datetime import date

from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import LegalGround, NonEmptyStr
from domain.value import UNSET, UnsetType
from domain.vocabulary import PetitionId


class PetitionTransferred(Fact):
    """Records a transfer (chuyển đơn), allowed once for the same content (Thông tư 05/2021 Art 14.1)."""

    to_body: NonEmptyStr
    document_no: NonEmptyStr
    ground_code: LegalGround | UnsetType = UNSET


class TransferReplyReceived(Fact):
    """Records the reply of the other body. When it declines, this authority classifies the matter again.

    `citizen_asked` is True where the citizen asked to be told the result (Law 42/2013 Art 28.2).
    """

    result: Text
    is_accepted: bool
    citizen_asked: bool | UnsetType = UNSET


class PetitionReturned(Fact):
    """Records that the petition was returned to the body that sent it (trả lại đơn)."""

    to_body: NonEmptyStr
    document_no: NonEmptyStr
    ground_code: LegalGround | UnsetType = UNSET


class CitizenGuided(Fact):
    """Records that the citizen was guided to the competent body (hướng dẫn), in writing or orally."""

    competent_body: NonEmptyStr
    document_no: NonEmptyStr | UnsetType = UNSET
    ground_code: LegalGround | UnsetType = UNSET


class PetitionArchived(Fact):
    """Records that the petition was filed without action (lưu đơn, xếp lưu; kept one year, Thông tư 05/2021 Art 28)."""

    reason: Text
    ground_code: LegalGround | UnsetType = UNSET


class PetitionMarkedDuplicate(Fact):
    """Records a duplicate (đơn trùng), linked to the first letter. It counts as a letter and not as a case."""

    duplicate_of: PetitionId


class PetitionUnmarkedDuplicate(Fact):
    """Records that the petition is no duplicate (bỏ xác định đơn trùng). Its clocks run again with their old dates."""

    duplicate_of: PetitionId
    reason: Text


class DuplicateLinked(Fact):
    """Records, in the history of the first letter, that its content was sent again; its answer may be late."""

    duplicate: PetitionId
    received_on: date
    reference: NonEmptyStr | UnsetType = UNSET


class DuplicateUnlinked(Fact):
    """Records, in the history of the first letter, that the linked petition is another matter."""

    duplicate: PetitionId
    reference: NonEmptyStr | UnsetType = UNSET


class PetitionHandledAsInformation(Fact):
    """Records that an anonymous denunciation with clear evidence is used as information (Law 25/2018 Art 25.2)."""

    reason: Text
    ground_code: LegalGround | UnsetType = UNSET


ReferralEvent = (
    PetitionTransferred
    | TransferReplyReceived
    | PetitionReturned
    | CitizenGuided
    | PetitionArchived
    | PetitionMarkedDuplicate
    | PetitionUnmarkedDuplicate
    | DuplicateLinked
    | DuplicateUnlinked
    | PetitionHandledAsInformation
)
