"""Send a petition elsewhere, or leave it."""

from domain.command import Command
from domain.text import Line, Prose
from domain.vocabulary import (
    PetitionId,
)


class TransferPetition(Command):
    """Send on to the competent body: once for the same content."""

    to_body: Line
    document_no: Line


class RecordTransferReply(Command):
    """Enter what the other body replied."""

    result: Prose
    is_accepted: bool = True


class ReturnPetition(Command):
    """Give back to the body that sent it."""

    to_body: Line
    document_no: Line


class GuideCitizen(Command):
    """Tell the citizen which body is competent."""

    competent_body: Line
    document_no: Line


class FilePetition(Command):
    """File without action (lưu đơn)."""

    reason: Prose


class MarkDuplicate(Command):
    """Link to the petition that it repeats."""

    duplicate_of: PetitionId


class UnmarkDuplicate(Command):
    """Undo the link: it is a matter of its own after all, with the dates it had."""

    reason: Prose


class HandleAsInformation(Command):
    """Use an anonymous letter with clear evidence as information."""

    reason: Prose
