"""Lists what can be corrected of a petition: each field that somebody typed, with its path, its words and its value."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain import events as e
from domain.correcting.fields import field_type, json_of_value, read_field, typed_paths
from domain.correcting.history import corrected_history
from domain.correcting.table import is_set_by_decision, why_not_correctable
from domain.envelope import EventEnvelope
from domain.labels import Language
from domain.sealed_text import EACH
from domain.status_transitions import status_after_each
from domain.value import UNSET, said
from domain.vocabulary import PetitionKind
from projections.act_titles import act_titles
from projections.labels.events import PETITION_FIELD_LABELS, PROTECTED_TEXT, SEALED_IDENTITY
from projections.labels.kinds import field_words


@dataclass(frozen=True, slots=True)
class CorrectableField:
    """Describes one field that can be corrected.

    `version` is the place of the event in the history, `event` its class and `title` what it is called. A field is
    named by its `path`, a person by the number in the event (`person`): one of both is said. `value` is what counts at
    present, as JSON, None where the event does not say it. `is_sealed` is True where the reader is not shown it.
    """

    version: int
    event: str
    title: str
    occurred_on: date
    path: str | None
    person: int | None
    words: str
    value: Any
    is_sealed: bool


def correctable_fields(
    history: Iterable[EventEnvelope[e.PetitionEvent]], language: Language, *, is_protected: bool = False
) -> list[CorrectableField]:
    """Return every field of the petition that a correction may name, in the order of the history.

    Fields that an event does not say are among them. `is_protected` hides texts, as in the file of the petition. Raise
    ValueError when the history does not begin with an opening.
    """
    present = corrected_history(history)
    titles = act_titles(present, language)
    found: list[CorrectableField] = []
    for event, status in status_after_each(present):
        title = titles[event.originator_version]
        found += _fields_of(event, status.kind, title, language, is_protected=is_protected)
    return found


def _fields_of(
    event: EventEnvelope[Any], kind: PetitionKind | None, title: str, language: Language, *, is_protected: bool
) -> Iterator[CorrectableField]:
    fact, version = event.fact, event.originator_version
    name = type(fact).__name__
    for path in typed_paths(fact):
        if why_not_correctable(type(fact), path) is not None or not is_set_by_decision(fact, path):
            continue
        value = json_of_value(read_field(fact, path))
        is_sealed = is_protected and value is not None and field_type(type(fact), path).is_text
        shown = PROTECTED_TEXT if is_sealed else value
        words = _words_of(path, name, kind, language)
        yield CorrectableField(version, name, title, fact.occurred_on, path, None, words, shown, is_sealed)
    for number, _ in enumerate(_correctable_persons(fact), start=1):
        words = _words_of("persons", name, kind, language)
        sealed = SEALED_IDENTITY[language]
        yield CorrectableField(version, name, title, fact.occurred_on, None, number, words, sealed, is_sealed=True)


def _correctable_persons(fact: Any) -> Sequence[e.Person]:
    """Return the persons whose identities came with the event, which can be corrected there."""
    is_source = isinstance(fact, e.PetitionReceived | e.MandateRecorded | e.ProxyRecorded | e.SignatoryWithdrew)
    return said(fact.persons, ()) if is_source and fact.persons is not UNSET else ()


def _words_of(path: str, event: str, kind: PetitionKind | None, language: Language) -> str:
    """Return the words of the parts of a path, from the whole to the part; a place in a list is counted from 1."""
    words: list[str] = []
    for part in path.split("."):
        if part.isdecimal():
            words[-1] += f" {int(part) + 1}"
        elif part != EACH:
            label = field_words(part, event, kind)[language] if part in PETITION_FIELD_LABELS else part
            words.append(label)
    return ", ".join(words)
