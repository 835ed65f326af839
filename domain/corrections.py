"""Makes corrections from a command, and reads recorded corrections back in the types of the fields that they correct.

A correction is stored in one form for every kind of stream: this module alone knows how it names a field of a petition.
"""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar, cast, get_args

import msgspec

from domain.commands import ProposeCorrection
from domain.errors import Refused
from domain.events import Correction, Fact, PetitionEvent
from domain.petition import Petition
from domain.refusals.records import RecordRefusal
from domain.sealed_text import Sealed, Text, plain_text, text_paths
from domain.status import Status
from domain.value import UNSET, UnsetType, as_said

T = TypeVar("T")

OPENING_VERSION = 1
"""Place of the opening in the history of a petition: its receipt, or what opened a matter or a stage above."""

DAY_PATH = "occurred_on"
"""Path of the day of any event. In the opening of a letter or a stage above it is the day of receipt."""

RECEIPT_PATH = "received_on"
"""Path of the day of receipt in the opening of a matter, whose own day is that of the split."""

OPENING_FIELDS: dict[str, type[str] | type[int]] = {
    "summary": str,
    "place": str,
    "document_no": str,
    "person_count": int,
}
"""Fields of an opening that a command may correct, besides its day, with the types of their values."""

NUMBER_FIELDS = ("document_no", "decision_no", "notice_no", "minutes_no")
"""Numbers of documents. Each is corrected by its own name in the event that has it, and nowhere else."""

CORRECTABLE_FIELDS = tuple(dict.fromkeys((*OPENING_FIELDS, *NUMBER_FIELDS)))
"""Fields that a command may correct, besides the two days."""

_PETITION_EVENT_CLASSES: dict[str, type[Fact]] = {kind.__name__: kind for kind in get_args(PetitionEvent)}


def corrections_asked_for(command: ProposeCorrection, petition: Petition) -> tuple[Correction, ...]:
    """Return the corrections that the command asks for; empty when it says no right value.

    The day of receipt is that of the first event and the day of the answer that of the last answer; without an answer
    it is left out. Every other value is that of the event `command.version`; a summary, a place or a number of persons
    is the opening's where that event has none. `was` is the present value of the two days and of the opening; the
    state of a petition does not hold the values of other events, so that `was` is unsaid for them. Raise Refused for
    the number of a document that the event does not have.
    """
    found: list[Correction] = []
    if command.received_on is not None:
        path = _receipt_path(petition.status)
        found.append(_make_correction(petition, OPENING_VERSION, path, petition.received_on, command.received_on))
    if command.answered_on is not None and petition.status.answer_version is not None:
        found.append(
            _make_correction(
                petition, petition.status.answer_version, DAY_PATH, petition.answers[-1], command.answered_on
            )
        )
    for path in CORRECTABLE_FIELDS:
        becomes = getattr(command, path)
        if becomes is None:
            continue
        version = _version_with_field(petition, command.version, path)
        was = as_said(getattr(petition.opening, path)) if version == OPENING_VERSION else UNSET
        found.append(_make_correction(petition, version, path, was, becomes))
    return tuple(found)


def corrected_value(corrections: Iterable[Correction], version: int, path: str, kind: type[T]) -> T | UnsetType | None:
    """Return the right value of a field of the event `version`, read as `kind`; the last correction of it counts.

    The result is UNSET where the value is taken back, and None where nothing corrects the field. JSON that is no value
    of the field's type corrects nothing: no rule applies to recorded events, and each of them loads. Raise ValueError
    for a text that was not opened.
    """
    right: T | UnsetType | None = None
    for correction in corrections:
        if correction.version != version or correction.path != path:
            continue
        if isinstance(correction.text_becomes, str | Sealed):
            text = plain_text(correction.text_becomes)
            right = text if isinstance(text, kind) else right
            continue
        if correction.becomes is UNSET:
            right = UNSET
            continue
        try:
            right = msgspec.json.decode(correction.becomes, type=kind)
        except (msgspec.DecodeError, UnicodeEncodeError):
            continue
    return right


def corrected_day(corrections: Iterable[Correction], version: int) -> date | None:
    """Return the right day of the event `version`, or None where nothing corrects it: a day is never taken back."""
    day = corrected_value(corrections, version, DAY_PATH, date)
    return None if day is UNSET else day


def corrected_day_of_receipt(corrections: Iterable[Correction], status: Status) -> date | None:
    """Return the right day of receipt of a petition with that status, or None where nothing corrects it."""
    day = corrected_value(corrections, OPENING_VERSION, _receipt_path(status), date)
    return None if day is UNSET else day


def versions_with_corrected_day(corrections: Iterable[Correction]) -> frozenset[int]:
    """Return the places of the events whose day is corrected."""
    return frozenset(correction.version for correction in corrections if correction.path == DAY_PATH)


def _receipt_path(status: Status) -> str:
    return RECEIPT_PATH if status.is_matter else DAY_PATH


def _version_with_field(petition: Petition, version: int, path: str) -> int:
    """Return the place of the event whose field is meant: the named event, or the opening where that has no such field.

    Raise Refused for the number of a document that the named event does not have: it is never that of another event.
    """
    kind = _event_class(petition, version)
    if path in kind.__struct_fields__:
        return version
    if path in NUMBER_FIELDS:
        raise Refused(RecordRefusal.NO_SUCH_FIELD, version=version, event=kind.__name__, path=path)
    return OPENING_VERSION


def _event_class(petition: Petition, version: int) -> type[Fact]:
    """Return the class of the event `version` of the petition."""
    return _PETITION_EVENT_CLASSES[petition.event_topics[version - 1]]


def _make_correction(petition: Petition, version: int, path: str, was: object, becomes: object) -> Correction:
    kind = _event_class(petition, version)
    form = kind.class_version
    if (path,) in text_paths(kind):
        return Correction(
            version=version,
            form=form,
            path=path,
            text_was=cast("Text | UnsetType", was),
            text_becomes=cast("Text", becomes),
        )
    return Correction(
        version=version,
        form=form,
        path=path,
        was=UNSET if was is UNSET else _json_text(was),
        becomes=_json_text(becomes),
    )


def _json_text(value: object) -> str:
    return msgspec.json.encode(value).decode()
