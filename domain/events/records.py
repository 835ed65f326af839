"""What is said of the record itself."""

from datetime import date

from domain.events.fact import Fact, Part
from domain.vocabulary import OfficerId


class Correction(Part):
    """New values of a corrected record; what is None stays."""

    received_on: date | None = None
    answered_on: date | None = None
    summary: str | None = None
    place: str | None = None
    document_no: str | None = None
    person_count: int | None = None


class CorrectionProposed(Fact):
    """`version` is the place in the petition's history of the event that is wrong."""

    version: int
    correction: Correction
    why: str


class RecordCorrected(Fact):
    """An event is never edited; this one says what it should have said, approved by a second person."""

    version: int
    correction: Correction
    why: str
    proposed_by: OfficerId


class HistoryFlagged(Fact):
    """An imported record that the rules would have refused: kept as it was, and said."""

    flag: str
    detail: str
