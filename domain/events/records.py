"""Defines the events about the record itself: corrections, reversals and flags."""

from domain.events.clocks import Recalculation
from domain.events.fact import Fact
from domain.events.intake import Person
from domain.sealed_text import Text
from domain.stored_values import Count, CountFromOne, NonEmptyStr, OfficerCode
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import ErasureId, IdentityField, PetitionerRef


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


class IdentityCorrection(FactPart):
    """Says that an identity was mistyped, and which `fields` of it; the vault alone knows what they say.

    `version` is the place of the event that brought the person, and `number` the place of the person in it, both from
    1. `former` and `right` are the references of both versions. The vault keeps both, until an erasure destroys both.
    """

    version: CountFromOne
    number: CountFromOne
    former: PetitionerRef
    right: PetitionerRef
    fields: tuple[IdentityField, ...]


class CorrectionProposed(Fact):
    """Records a proposed correction (đề nghị đính chính), which changes nothing until it is approved.

    `persons` refers to the identities that came into the vault with it, as they should have been written, and
    `identities` says whose they are.
    """

    corrections: tuple[Correction, ...]
    why: Text
    persons: tuple[Person, ...] | UnsetType = UNSET
    identities: tuple[IdentityCorrection, ...] | UnsetType = UNSET


class RecordCorrected(Fact):
    """Records the right values of wrong events, approved by a second person. The events themselves are never edited.

    The corrections and `why` are those of the proposal. `follows` are the values of other fields that followed from the
    wrong ones, such as due dates that were counted from a wrong day, as they follow from the right ones; `recalculated`
    names the clocks whose date is another one by it. `days_late_was` and `days_late_becomes` are said of a settled
    petition that was late by another number of days than was known.
    """

    corrections: tuple[Correction, ...]
    why: Text
    proposed_by: OfficerCode
    follows: tuple[Correction, ...] | UnsetType = UNSET
    recalculated: tuple[Recalculation, ...] | UnsetType = UNSET
    days_late_was: Count | UnsetType = UNSET
    days_late_becomes: Count | UnsetType = UNSET
    identities: tuple[IdentityCorrection, ...] | UnsetType = UNSET


class ReversalProposed(Fact):
    """Records a proposal to reverse the ending `version`, which changes nothing until it is approved."""

    version: CountFromOne
    why: Text


class EndingReversed(Fact):
    """Records that an ending is reversed that was recorded by mistake or under force: it counts as not recorded.

    `version` is the place of the ending in the history and `ending` its class. `left_out` are the places of the ending
    and of the acts that rested on it, in order. All of them stay in the file; the clocks are as if they had not been.
    """

    version: CountFromOne
    ending: NonEmptyStr
    left_out: tuple[CountFromOne, ...]
    why: Text
    proposed_by: OfficerCode


class ImportFlagged(Fact):
    """Records that the rules would have refused an imported record, which is kept as it was."""

    flag: NonEmptyStr
    detail: NonEmptyStr


class PersonalDataErased(Fact):
    """Records that the keys of the petition were destroyed (xóa dữ liệu cá nhân), under which decision, and how many.

    `persons` counts the identities in the vault that nobody can open any more, each version of one; `text_keys` counts
    the keys of what was typed. All events stay, and what they were sealed with stays unreadable.
    """

    erasure_id: ErasureId
    decision_no: NonEmptyStr
    decided_by: NonEmptyStr
    persons: Count
    text_keys: Count


RecordEvent = (
    CorrectionProposed | RecordCorrected | ReversalProposed | EndingReversed | ImportFlagged | PersonalDataErased
)
