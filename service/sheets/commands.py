"""What a row asks for: the commands that it comes to, in the order in which they are done."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from domain.commands import AnswerAtMeeting, AssignPetition, ClassifyPetition, PetitionCommand, ReceivePetition
from domain.meetings.meeting import Meeting
from domain.meetings.words import MeetingKind
from domain.petitioner import Petitioner
from domain.vocabulary import Channel
from service.sheets.columns import COLUMNS, Says
from service.sheets.parse import FilledRow


class Step(StrEnum):
    """In order. The words are in ids that are stored: they never change."""

    RECEIVE = "receive"
    CLASSIFY = "classify"
    ANSWER = "answer"
    ASSIGN = "assign"


class Incomplete(Exception):
    """What the row says is no command; the message names columns, and nothing that stands in them."""


def commands_of(row: FilledRow, meeting: Meeting) -> Mapping[Step, PetitionCommand]:
    """Everything happened on the day of the meeting, but for an assignment: that is of the day of its notice.

    Incomplete lists all that is wrong with the row.
    """
    receipt, petitioner, classification, answer, assignment = (_said(row, part) for part in Says)
    day, there = {"occurred_on": meeting.day}, {"meeting_id": meeting.meeting_id}
    complaints: list[str] = []
    made: dict[Step, Any] = {}
    if petitioner and (somebody := _made(Petitioner, Says.PETITIONER, petitioner, complaints)):
        receipt["petitioners"] = (somebody,)
    is_reception = meeting.kind is MeetingKind.RECEPTION_DAY
    receipt["channel"] = Channel.RECEPTION_DAY if is_reception else Channel.DIALOGUE
    receipt["kind"] = classification.get("kind")
    made[Step.RECEIVE] = _made(ReceivePetition, Says.RECEIPT, day | there | receipt, complaints)
    if classification:
        made[Step.CLASSIFY] = _made(ClassifyPetition, Says.CLASSIFICATION, day | classification, complaints)
    if answer:
        made[Step.ANSWER] = _made(AnswerAtMeeting, Says.ANSWER, day | there | answer, complaints)
    if assignment:
        day = {"occurred_on": assignment.get("notice_on", meeting.day)}
        made[Step.ASSIGN] = _made(AssignPetition, Says.ASSIGNMENT, day | assignment, complaints)
    if complaints:
        raise Incomplete("; ".join(complaints))
    return made


def _said(row: FilledRow, part: Says) -> dict[str, Any]:
    return {one.field: row.said[one.key] for one in COLUMNS if one.says is part and one.key in row.said}


def _made(kind: type[Any], part: Says, fields: Mapping[str, Any], complaints: list[str]) -> Any:
    """None, and complaints, if some fields are not as they must be."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        headings = {one.field: f"“{one.heading['vi']}”" for one in COLUMNS if one.says is part}
        for fault in error.errors(include_url=False, include_input=False):
            field = str(fault["loc"][0])
            is_missing = fault["type"] == "missing"
            why = " is missing" if is_missing else f": {fault['msg'].removeprefix('Value error, ')}"
            complaints.append(f"{headings.get(field, field)}{why}")
        return None
