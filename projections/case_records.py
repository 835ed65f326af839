"""Defines what the state of a petition keeps of single events for the views: endings, counted events, notices."""

from datetime import date
from typing import Final, Literal, NamedTuple
from uuid import UUID

from domain.vocabulary import OfficerId, ReorganisationId, UnitId

EndingFigure = Literal["answered_at_meeting", "answered_in_writing", "settled_otherwise", "ended_by_going_up", "linked"]
ANSWER_FIGURES: Final = ("answered_at_meeting", "answered_in_writing")


class CaseEnding(NamedTuple):
    """Holds what ended one round. A reopened petition keeps it, and the next round has an ending of its own.

    `was_due_on` is the due date at the time of the ending, None if no limit was set. `rests_on` is the latest day of
    the acts before, without which it could not be. `recorded_on` is the day on which it became known here; for what an
    import brought (`is_imported`) that day proves nothing. It is None where nobody recorded the instant.
    """

    figure: EndingFigure
    round: int
    unit: UnitId
    officer: OfficerId | None
    on: date
    was_due_on: date | None
    rests_on: date
    recorded_on: date | None
    is_imported: bool

    @property
    def is_answer(self) -> bool:
        return self.figure in ANSWER_FIGURES

    def is_proven(self, received_on: date) -> bool:
        """Return True if the days are in a possible order.

        They are not if it is dated before an act that it needs or after its own recording, or if it was due before the
        receipt.
        """
        return (
            max(self.rests_on, received_on) <= self.on
            and (self.recorded_on is None or self.on <= self.recorded_on)
            and (self.was_due_on is None or received_on <= self.was_due_on)
        )


class LateEntry(NamedTuple):
    """Holds an act that was recorded after its day: perhaps entered late, perhaps dated back over a due date.

    `version` is its place in the history, `act` the class name of its event, `unit` and `officer` are those who
    recorded it. `recorded_on` is the day of the recording in Vietnam's official time. `due_on` is the first date that
    was due from the stated day on and had passed on the day of the recording; None where none was.
    """

    version: int
    act: str
    stated_on: date
    recorded_on: date
    unit: UnitId
    officer: OfficerId
    due_on: date | None


class CountedEvent(NamedTuple):
    """Holds an event that a figure counts, for a unit on a day. It stays counted, whatever happens later."""

    unit: UnitId
    on: date
    figure: Literal["went_up", "went_up_late", "reassigned_in", "reassigned_out", "reopened"]


class Takeover(NamedTuple):
    """Records that another unit owes the answer from the day `on` on.

    `was_due_on` is the due date on that day; None if no limit was set or a suspension held it.
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
