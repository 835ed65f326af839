"""Defines the commands on petitions that this authority does not answer."""

from domain.command import Command
from domain.text import Prose, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    PetitionId,
)


class TransferPetition(Command):
    """Send the petition to the competent body, once for the same content."""

    to_body: SingleLine
    document_no: SingleLine


class RecordTransferReply(Command):
    """Record the reply of the other body."""

    result: Prose
    is_accepted: bool


class ReturnPetition(Command):
    """Return the petition to the body that sent it."""

    to_body: SingleLine
    document_no: SingleLine


class GuideCitizen(Command):
    """Guide the citizen to the competent body, in writing or orally."""

    competent_body: SingleLine
    document_no: SingleLineOrEmpty = ""


class FilePetition(Command):
    """File the petition without action (lưu đơn)."""

    reason: Prose


class MarkDuplicate(Command):
    """Link the petition to the first one, which it repeats."""

    duplicate_of: PetitionId


class UnmarkDuplicate(Command):
    """Undo the link; the petition is a matter of its own again, with the dates it had."""

    reason: Prose


class HandleAsInformation(Command):
    """Use an anonymous letter with clear evidence as information."""

    reason: Prose


ReferralCommand = (
    TransferPetition
    | RecordTransferReply
    | ReturnPetition
    | GuideCitizen
    | FilePetition
    | MarkDuplicate
    | UnmarkDuplicate
    | HandleAsInformation
)
