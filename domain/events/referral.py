"""The matter ends here without an answer of ours."""

from datetime import date

from domain.events.fact import Fact
from domain.vocabulary import PetitionId


class PetitionTransferred(Fact):
    """Chuyển đơn: once for the same content (Thông tư 05/2021 Art 14.1)."""

    to_body: str
    document_no: str


class TransferReplyReceived(Fact):
    """The body it was sent to answered; when it declines, the matter is ours to classify again."""

    result: str
    is_accepted: bool = True


class PetitionReturned(Fact):
    """Trả lại đơn, to the body that sent it."""

    to_body: str
    document_no: str


class CitizenGuided(Fact):
    """Hướng dẫn: where the citizen was told to go."""

    competent_body: str
    document_no: str


class PetitionFiled(Fact):
    """Lưu đơn, xếp lưu (kept one year, Thông tư 05/2021 Art 28)."""

    reason: str


class PetitionMarkedDuplicate(Fact):
    """Đơn trùng: linked to the first; a letter but not a case."""

    duplicate_of: PetitionId


class PetitionUnmarkedDuplicate(Fact):
    """Bỏ xác định đơn trùng: it was another matter after all. Its clocks come back with the dates they had."""

    duplicate_of: PetitionId
    reason: str


class DuplicateLinked(Fact):
    """Told in the history of the first letter: the same content was sent again, which may mean that it is late."""

    duplicate: PetitionId
    received_on: date
    reference: str = ""


class DuplicateUnlinked(Fact):
    """Told in the history of the first letter: that one was another matter."""

    duplicate: PetitionId
    reference: str = ""


class PetitionHandledAsInformation(Fact):
    """An anonymous denunciation with clear evidence (Law 25/2018 Art 25.2)."""

    reason: str
