"""Compares a case that is imported again with what the log was told, and says what may be taken over.

The log keeps the first telling. What the source says more since, an answer, an assignment or further steps, may be
added as facts recorded late, where nobody has worked on the petition in the meantime. What it says otherwise may not.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from domain.events import (
    AlertRaised,
    AnsweredInWriting,
    ExternalStepRecorded,
    Fact,
    ImportFlagged,
    PetitionAssigned,
    PetitionEvent,
    PetitionReceived,
)
from domain.events.official import official_shown
from domain.imported_history import ImportedCase, facts_of_imported_case
from domain.value import known

_ADDED_WITH = {
    AnsweredInWriting: ("answered_on", "answered_at", "answer_no", "answer", "result"),
    PetitionAssigned: ("assigned_on", "unit", "officer"),
}
_TOLD_BY_AN_IMPORT = (PetitionReceived, PetitionAssigned, ExternalStepRecorded, AnsweredInWriting, ImportFlagged)


class Difference(NamedTuple):
    """Holds a field of a case that the log and the source tell otherwise; None is nothing said."""

    field: str
    was: object
    becomes: object


def find_differences(history: Sequence[Fact], case: ImportedCase, today: date) -> list[Difference]:
    """Return the fields that the case tells otherwise than the facts of its petition do."""
    was, becomes = _told(history), _told(facts_of_imported_case(case, today))
    return [
        Difference(name, was.get(name), becomes.get(name))
        for name in dict.fromkeys((*was, *becomes))
        if was.get(name) != becomes.get(name)
    ]


def facts_to_take_over(history: Sequence[Fact], case: ImportedCase, today: date) -> list[PetitionEvent]:
    """Return what the case tells more than the log, as facts; none where it tells anything otherwise.

    None either where somebody has worked on the petition since: then only a person can say what holds.
    """
    if not all(isinstance(fact, (*_TOLD_BY_AN_IMPORT, AlertRaised)) for fact in history):
        return []
    told_kinds = {type(fact) for fact in history}
    addable = {name for kind, names in _ADDED_WITH.items() if kind not in told_kinds for name in names}
    told_steps = _steps(history)
    for one in find_differences(history, case, today):
        adds_steps = one.field == "steps" and set(told_steps) <= set(_steps(facts_of_imported_case(case, today)))
        if one.field not in addable and not adds_steps:
            return []
    told_flags = {fact.flag for fact in history if isinstance(fact, ImportFlagged)}
    return [fact for fact in facts_of_imported_case(case, today) if _is_new(fact, told_kinds, told_steps, told_flags)]


def _is_new(fact: Fact, told_kinds: set[type[Fact]], told_steps: Iterable[object], told_flags: set[str]) -> bool:
    match fact:
        case ExternalStepRecorded():
            return _step(fact) not in told_steps
        case ImportFlagged():
            return fact.flag not in told_flags
        case _:
            return type(fact) not in told_kinds


def _told(facts: Sequence[Fact]) -> dict[str, object]:
    """Return what facts say by the fields of a case: of each kind the first fact, and all steps."""
    told: dict[str, object] = {}
    for fact in reversed(facts):
        match fact:
            case PetitionReceived():
                deadlines = known(fact.deadlines) or ()
                told |= {
                    "received_on": fact.occurred_on,
                    "received_at": known(fact.occurred_at),
                    "channel": known(fact.channel),
                    "kind": known(fact.kind),
                    "summary": known(fact.summary),
                    "place": known(fact.place),
                    "document_no": known(fact.document_no),
                    "person_count": known(fact.person_count),
                    "due_on": deadlines[0].due_on if deadlines else None,
                }
            case PetitionAssigned():
                told |= {
                    "assigned_on": fact.occurred_on,
                    "unit": fact.lead_unit,
                    "officer": official_shown(fact.responsible),
                }
            case AnsweredInWriting():
                told |= {
                    "answered_on": fact.occurred_on,
                    "answered_at": known(fact.occurred_at),
                    "answer_no": known(fact.document_no),
                    "answer": known(fact.answer),
                    "result": known(fact.result),
                }
    return told | {"steps": _steps(facts)}


def _steps(facts: Iterable[Fact]) -> tuple[object, ...]:
    return tuple(sorted((_step(fact) for fact in facts if isinstance(fact, ExternalStepRecorded)), key=str))


def _step(fact: ExternalStepRecorded) -> tuple[object, ...]:
    return (
        fact.occurred_on,
        known(fact.occurred_at),
        known(fact.step),
        known(fact.unit),
        official_shown(fact.officer),
    )
