"""Defines what the state of a petition keeps of single events for the views: answers, counted events, notices."""

from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from domain.vocabulary import ReorganisationId, UnitId


class CaseAnswer(NamedTuple):
    """Holds the latest answer of one round. A reopened petition keeps it, and the next round has an answer of its own.

    `was_due_on` is the due date at the time of the answer, None if no limit was set.
    """

    figure: Literal["answered_at_meeting", "answered_in_writing"]
    round: int
    unit: UnitId
    on: date
    was_due_on: date | None


class CountedEvent(NamedTuple):
    """Holds an event that a figure counts, for a unit on a day. It stays counted, whatever happens later."""

    unit: UnitId
    on: date
    figure: Literal["settled_otherwise", "went_up", "went_up_late", "reassigned_in", "reassigned_out", "reopened"]


class Takeover(NamedTuple):
    """Records that another unit owes the answer from the day `on` on.

    `was_due_on` is the due date on that day; None if no limit was set or the petition was suspended.
    """

    reorganisation_id: ReorganisationId | None
    from_unit: UnitId
    to_unit: UnitId
    on: date
    was_due_on: date | None


class AssignmentNotice(NamedTuple):
    """Holds the latest assignment notice; `meeting_id` is the meeting that the notice refers to."""

    number: str
    on: date
    meeting_id: UUID | None
