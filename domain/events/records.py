"""Defines the events about the record itself: corrections and flags."""

from datetime import date

from domain.events.fact import Fact
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import OfficerId


class Correction(FactPart):
    """Holds the new values of a corrected record. A field that is None keeps its value."""

    received_on: date | UnsetType = UNSET
    answered_on: date | UnsetType = UNSET
    summary: str | UnsetType = UNSET
    place: str | UnsetType = UNSET
    document_no: str | UnsetType = UNSET
    person_count: int | UnsetType = UNSET


class CorrectionProposed(Fact):
    """Records a proposed correction. `version` is the place of the wrong event in the petition's history, from 1."""

    version: int
    correction: Correction
    why: str


class RecordCorrected(Fact):
    """Records the right values of a wrong event, approved by a second person. The event itself is never edited."""

    version: int
    correction: Correction
    why: str
    proposed_by: OfficerId


class HistoryFlagged(Fact):
    """Records that the rules would have refused an imported record, which is kept as it was."""

    flag: str
    detail: str
