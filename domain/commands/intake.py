"""Receive, register and classify a petition, accept it or not."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.commands.fields import Book, Day
from domain.petitioner import Petitioner
from domain.text import Line, LineOrNothing, Prose, ProseOrNothing
from domain.vocabulary import (
    Channel,
    Competence,
    MeetingId,
    PetitionKind,
)


class ReceivePetition(Command):
    """Receive a petition. Identities go to the vault, the register gives the number."""

    channel: Channel
    kind: PetitionKind | None = None
    summary: Annotated[Prose, Field(examples=["Đề nghị sửa đoạn đường liên thôn bị hư hỏng"])]
    petitioners: Annotated[tuple[Petitioner, ...], Field(max_length=50)] = ()
    person_count: Annotated[int, Field(ge=1, le=100_000)] = 1
    place: LineOrNothing = ""
    book: Book = "TD"
    document_no: LineOrNothing = ""
    meeting_id: MeetingId | None = None
    has_original_papers: bool = False
    identity_protected: bool = False
    is_remote_area: bool = False


class CancelRegistration(Command):
    """Cancel a number given by mistake; it stays in the register, visibly cancelled."""

    reason: Prose


class MatterOfLetter(BaseModel):
    """One matter of a letter that is split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: Prose
    kind: PetitionKind | None = None


class SplitPetition(Command):
    """Split a letter with several matters into a petition for each."""

    matters: Annotated[tuple[MatterOfLetter, ...], Field(min_length=2, max_length=100)]


class ClassifyPetition(Command):
    """Say what a petition is, whether it is eligible and whose matter it is; or change what was said."""

    kind: PetitionKind
    is_eligible: bool = True
    failed_conditions: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    competence: Competence = Competence.OWN
    topic: LineOrNothing = ""
    is_level_skipping: bool = False
    reason: ProseOrNothing = ""


class AcknowledgeReceipt(Command):
    """Tell the citizen that the petition is taken up."""

    document_no: Line
    how: LineOrNothing = ""


class RequestSupplement(Command):
    """Ask the citizen for what is missing."""

    wanted: Prose
    asked_for_on: Day | None = None


class RecordSupplement(Command):
    """Enter what the citizen sent in addition."""

    summary: Prose


class AcceptPetition(Command):
    """Accept for settlement (thụ lý); the statutory limit starts."""

    decision_no: Line


class RefuseAcceptance(Command):
    """Refuse acceptance, with the ground."""

    decision_no: Line
    ground: Prose
