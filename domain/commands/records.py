"""Defines the commands that correct the record or acknowledge an alert."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.alerts.vocabulary import WatchedClock
from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.strict_types import WholeNumber, YesOrNo
from domain.text import Prose, SingleLine, SingleLineOrEmpty
from domain.vocabulary import IdentityField

EventNumber = Annotated[WholeNumber, Field(ge=1, le=1_000_000, description="the place of the event in the history")]


RightValue = (
    Annotated[str, Field(min_length=1, max_length=20_000)]
    | YesOrNo
    | WholeNumber
    | Annotated[tuple[Annotated[str, Field(min_length=1, max_length=300)], ...], Field(max_length=50)]
    | None
)
"""A value as JSON has it. A day is a text such as 2026-07-06; null takes the value back."""


class FieldCorrection(BaseModel):
    """Names one field of one event of the petition and its right value.

    `path` is the name of the field in the event, with dots into its parts and numbers from 0 for places in a list:
    `occurred_on`, `lead_unit`, `responsible.officer`, `contributions.0.due_on`. The history shows both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: EventNumber
    path: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,99}$", examples=["lead_unit"])]
    becomes: Annotated[RightValue, Field(description="the right value; null takes it back", examples=["so-mau"])]


class PersonCorrection(BaseModel):
    """Names a person of one event and what of the identity was mistyped; what is left out stays as it is.

    `version` is the place of the event that brought the person, and `number` the place of the person in it, from 1. An
    empty text takes a part back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: EventNumber = 1
    number: Annotated[WholeNumber, Field(ge=1, le=100_000)] = 1
    name: SingleLine | None = Field(default=None, repr=False, examples=["Nguyễn Thị Ví Dụ"])
    address: SingleLineOrEmpty | None = Field(default=None, repr=False, examples=["Thôn Mẫu, xã Ví Dụ"])
    identity_no: SingleLineOrEmpty | None = Field(default=None, repr=False)
    phone: SingleLineOrEmpty | None = Field(default=None, repr=False)
    is_representative: YesOrNo | None = Field(default=None, repr=False)

    def corrected_parts(self) -> dict[IdentityField, str | bool]:
        """Return what is said, by the part of the identity that it corrects."""
        said = ((part, getattr(self, part)) for part in IdentityField)
        return {part: value for part, value in said if value is not None}


class ProposeCorrection(Command):
    """Propose the right values of wrong events: any field that somebody typed, by its path.

    Some fields have a name of their own here: the day of receipt, the day of the last answer, and those of the event
    `version`.
    """

    version: EventNumber = 1
    fields: Annotated[tuple[FieldCorrection, ...], Field(max_length=50)] = ()
    persons: Annotated[
        tuple[PersonCorrection, ...], Field(max_length=20, description="identities, which go to the vault alone")
    ] = ()
    received_on: CalendarDay | None = None
    answered_on: CalendarDay | None = None
    summary: Prose | None = None
    place: SingleLine | None = None
    document_no: SingleLine | None = None
    decision_no: SingleLine | None = None
    notice_no: SingleLine | None = None
    minutes_no: SingleLine | None = None
    person_count: Annotated[WholeNumber, Field(ge=1, le=100_000)] | None = None
    why: Prose

    example: ClassVar = {"version": 1, "place": "Thôn Mẫu Hai", "why": "Ghi nhầm tên thôn"}


class ApproveCorrection(Command):
    """Approve the correction that somebody else proposed."""

    example: ClassVar = {}


class ProposeReversal(Command):
    """Propose to reverse an ending that was recorded by mistake or under force. `version` is its place in the file."""

    version: EventNumber
    why: Prose

    example: ClassVar = {"version": 4, "why": "Ghi nhầm đơn: công dân không rút đơn này"}


class ApproveReversal(Command):
    """Approve the reversal that somebody else proposed. The clocks are as if the ending had not been recorded."""

    example: ClassVar = {}


class AcknowledgeAlert(Command):
    """Acknowledge an alert, and with it the earlier ones of the same date."""

    clock: WatchedClock
    subject: Annotated[
        SingleLineOrEmpty, Field(description="of a duty, as the list of alerts names it", examples=["unit:so-mau"])
    ] = ""
    due_on: CalendarDay
    step: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$", examples=["day-after"])]
    round: Annotated[WholeNumber, Field(ge=1, le=1_000)] = 1

    example: ClassVar = {"clock": "head", "due_on": "2026-07-03", "step": "day-after"}


RecordCommand = ProposeCorrection | ApproveCorrection | ProposeReversal | ApproveReversal | AcknowledgeAlert
