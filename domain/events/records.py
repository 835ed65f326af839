"""Defines the events about the record itself: corrections and flags."""

from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import CountFromOne, NonEmptyStr, OfficerCode
from domain.value import UNSET, FactPart, UnsetType


class Correction(FactPart):
    """Holds the right value of one field of a recorded event, of any kind of stream.

    `version` is the place of the wrong event in its history, from 1, and `form` the form (`class_version`) of that
    event, by which both values are read. `path` is a field of that event's class; dots lead into its parts. Two pairs
    hold the values: the texts of a field that is a `Text`, sealed like every text, or else JSON of the field's own
    type, which is never sealed, so that an erasure moves no day and no figure. Where neither `was` is said, the event
    did not say the field, or who corrected it did not know its value. Where neither `becomes` is said, the value is
    taken back and the field is unsaid from now on.
    """

    version: CountFromOne
    form: CountFromOne
    path: NonEmptyStr
    was: NonEmptyStr | UnsetType = UNSET
    becomes: NonEmptyStr | UnsetType = UNSET
    text_was: Text | UnsetType = UNSET
    text_becomes: Text | UnsetType = UNSET


class CorrectionProposed(Fact):
    """Records a proposed correction (đề nghị đính chính), which changes nothing until it is approved."""

    corrections: tuple[Correction, ...]
    why: Text


class RecordCorrected(Fact):
    """Records the right values of wrong events, approved by a second person. The events themselves are never edited.

    The corrections and `why` are those of the proposal.
    """

    corrections: tuple[Correction, ...]
    why: Text
    proposed_by: OfficerCode


class ImportFlagged(Fact):
    """Records that the rules would have refused an imported record, which is kept as it was."""

    flag: NonEmptyStr
    detail: NonEmptyStr


RecordEvent = CorrectionProposed | RecordCorrected | ImportFlagged
