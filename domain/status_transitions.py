"""Computes the status of a petition from facts: its stage, its unit and officer, its running clocks.

`transition` applies one fact and never refuses. Decisions, views and the clock ledger all use it; what each fact does
stands in the tables of `domain.status_moves`.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from domain import events as e
from domain.correcting.history import REWRITES_HISTORY, corrected_history
from domain.duties import follow_duties
from domain.envelope import EventEnvelope
from domain.status import Status
from domain.status_moves import ANSWERS, NO_TRANSITION, SETTLES, TRANSITIONS, settle
from domain.status_opening import clocks_started_by
from domain.status_opening import initial_status as initial_status
from domain.status_opening import receiving_unit as receiving_unit
from domain.supplements import went_on
from domain.value import UNSET, replace
from domain.vocabulary import INTAKE_STAGES


def status_after_each(
    history: Iterable[EventEnvelope[e.PetitionEvent]],
) -> Iterator[tuple[EventEnvelope[e.PetitionEvent], Status]]:
    """Yield each event with the status after it, as it was known then.

    After an event that put the record right it is the status of the right record. Raise ValueError when the history
    does not begin with an opening.
    """
    before: list[EventEnvelope[e.PetitionEvent]] = []
    status: Status | None = None
    for event in history:
        before.append(event)
        if type(event.fact) in REWRITES_HISTORY and status is not None:
            for right in corrected_history(before):
                status = _status_after(status, right)
        else:
            status = _status_after(status, event)
        yield event, status


def _status_after(status: Status | None, event: EventEnvelope[e.PetitionEvent]) -> Status:
    fact = event.fact
    if isinstance(fact, e.PETITION_OPENINGS):
        return initial_status(fact)
    if status is None:
        raise ValueError(f"the history of {event.originator_id} does not begin with an opening")
    return transition(status, fact, event.originator_version)


def transition(status: Status, fact: e.PetitionEvent, version: int) -> Status:
    """Return the status after the fact, which is the event `version` of its history, counted from 1.

    No rule applies here: imported history is followed in whatever order it has.
    """
    before, kind = status, type(fact)
    starts_something = fact.deadlines is not UNSET
    if starts_something and (started := clocks_started_by(fact)):
        status = replace(status, clocks={**status.clocks, **started})
    if kind not in NO_TRANSITION:
        if (stage := SETTLES.get(kind)) is not None:
            status = settle(status, stage, fact.occurred_on)
        else:
            status = TRANSITIONS[kind](status, fact)
    if status.supplement_steps and status.stage not in INTAKE_STAGES:
        status = _end_citizen_wait(status, fact.occurred_on)
    if kind in ANSWERS:
        status = replace(status, answer_version=version)
    return follow_duties(before, status, fact) if starts_something or before.duties else status


def _end_citizen_wait(status: Status, on: date) -> Status:
    """End the wait for the citizen of a petition that left intake: the office did without what it had asked for."""
    since_on = status.waiting_since
    if since_on is None:
        return status
    return replace(status, supplement_steps=(*status.supplement_steps, went_on(max(on, since_on))))
