"""Turns a filled row into commands, in the order in which they are performed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from domain.commands import AnswerAtMeeting, AssignPetition, ClassifyPetition, PetitionCommand, ReceivePetition
from domain.meetings.meeting import Meeting
from domain.meetings.words import MeetingKind
from domain.petitioner import Petitioner
from domain.vocabulary import Channel
from service.files.validation_words import validation_words
from service.files.words import Words, join_words
from service.sheets.columns import SHEET_COLUMNS, RowPart
from service.sheets.parse import FilledRow


class RowStep(StrEnum):
    """Names the commands of a row in their order. The values are part of stored ids: they never change."""

    RECEIVE = "receive"
    CLASSIFY = "classify"
    ANSWER = "answer"
    ASSIGN = "assign"


class IncompleteRow(Exception):
    """Is raised when a row makes no valid commands; the message names columns and never quotes their cells."""


def commands_of_row(row: FilledRow, meeting: Meeting) -> Mapping[RowStep, PetitionCommand]:
    """Return the commands of the row, by step.

    All happened on the day of the meeting, except an assignment: it happened on the day of its notice. Raise
    IncompleteRow, which lists everything that is wrong with the row.
    """
    receipt, petitioner, classification, answer, assignment = (_fields_of_part(row, part) for part in RowPart)
    day, meeting_field = {"occurred_on": meeting.day}, {"meeting_id": meeting.meeting_id}
    complaints: list[Words] = []
    commands: dict[RowStep, Any] = {}
    if petitioner and (person := _build_or_complain(Petitioner, RowPart.PETITIONER, petitioner, complaints)):
        receipt["petitioners"] = (person,)
    is_reception = meeting.kind is MeetingKind.RECEPTION_DAY
    receipt["channel"] = Channel.RECEPTION_DAY if is_reception else Channel.DIALOGUE
    receipt["kind"] = classification.get("kind")
    commands[RowStep.RECEIVE] = _build_or_complain(
        ReceivePetition, RowPart.RECEIPT, day | meeting_field | receipt, complaints
    )
    if classification:
        commands[RowStep.CLASSIFY] = _build_or_complain(
            ClassifyPetition, RowPart.CLASSIFICATION, day | classification, complaints
        )
    if answer:
        commands[RowStep.ANSWER] = _build_or_complain(
            AnswerAtMeeting, RowPart.ANSWER, day | meeting_field | answer, complaints
        )
    if assignment:
        day = {"occurred_on": assignment.get("notice_on", meeting.day)}
        commands[RowStep.ASSIGN] = _build_or_complain(AssignPetition, RowPart.ASSIGNMENT, day | assignment, complaints)
    if complaints:
        raise IncompleteRow(str(join_words(complaints)))
    return commands


def _fields_of_part(row: FilledRow, part: RowPart) -> dict[str, Any]:
    return {
        one.field: row.cell_values[one.key] for one in SHEET_COLUMNS if one.part is part and one.key in row.cell_values
    }


def _build_or_complain(kind: type[Any], part: RowPart, fields: Mapping[str, Any], complaints: list[Words]) -> Any:
    """Build the command or value from `fields`; if a field is invalid, add to `complaints` and return None."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        headings = {one.field: f"“{one.heading['vi']}”" for one in SHEET_COLUMNS if one.part is part}
        for fault in error.errors(include_url=False, include_input=False):
            field = str(fault["loc"][0])
            heading, words = headings.get(field, field), validation_words(fault, quotes=False)
            complaints.append(Words(f"{heading}: {words.vi}", f"{heading}: {words.en}"))
        return None
