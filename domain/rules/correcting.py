"""Decides corrections: an event is never edited; a correction has the right values, and a second person approves it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from domain.commands import ApproveCorrection, ProposeCorrection
from domain.correcting.consequences import RightHistory, moved_deadlines, right_history
from domain.correcting.fields import (
    UnknownField,
    WrongValue,
    apply_correction,
    make_correction,
    read_field,
    says_the_former_value,
)
from domain.correcting.history import DAY_PATH, corrected_history
from domain.correcting.order import require_possible
from domain.correcting.table import is_set_by_decision
from domain.correcting.values import right_value_for
from domain.deadlines.deadline import days_late
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import Correction, CorrectionProposed, Fact, PetitionEvent, Recalculation, RecordCorrected
from domain.petition import PendingRequest, Petition
from domain.refusals.records import RecordRefusal
from domain.rules.correcting_identities import corrected_persons, corrections_of_digests, count_representatives
from domain.rules.guards import require_other_officer
from domain.rules.petition_rule import open_when
from domain.rules.representation import require_lawful_number
from domain.status import Status
from domain.value import as_said

OPENING_VERSION = 1
"""Place of the opening in the history of a petition."""

OPENING_FIELDS = ("summary", "place", "person_count")
"""Fields that are those of the opening where the named event has none of that name."""

NUMBER_FIELDS = ("document_no", "decision_no", "notice_no", "minutes_no")
"""Numbers of documents. Each is corrected by its own name in the event that has it, and nowhere else."""


class _AskedField(NamedTuple):
    """Names one field of one event and its right value as it was typed; None takes it back."""

    version: int
    path: str
    becomes: object


@open_when()
def propose_correction(command: ProposeCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Propose right values for fields of recorded events. What would be impossible is refused at once."""
    present = {event.originator_version: event for event in corrected_history(context.history)}
    asked = list(_asked_fields(command, petition, present))
    if not asked and not command.persons:
        raise Refused(RecordRefusal.NOTHING_TO_CORRECT)
    corrections = tuple(_corrections_of(asked, petition, present))
    persons = tuple(corrected_persons(command.persons, petition, present))
    corrections += tuple(correction for one in persons for correction in one.corrections)
    right = right_history(context.history, present.values(), corrections, context.law)
    require_possible(list(present.values()), right.events, context.today, context.units)
    _require_after_receipt(command, right)
    if right.petition.opening.persons != petition.opening.persons:
        require_lawful_number(*count_representatives(right.petition))
    return [
        CorrectionProposed(
            occurred_on=command.occurred_on,
            corrections=corrections,
            why=command.why,
            persons=as_said(tuple(one.person for one in persons)),
            identities=as_said(tuple(one.identity for one in persons)),
        )
    ]


def _asked_fields(
    command: ProposeCorrection, petition: Petition, present: dict[int, EventEnvelope[Any]]
) -> Iterator[_AskedField]:
    """Yield the fields that the command names by their paths, and those that it has a name of its own for."""
    if command.received_on is not None:
        path = "received_on" if petition.status.is_matter else DAY_PATH
        yield _AskedField(OPENING_VERSION, path, command.received_on)
    if command.answered_on is not None:
        version = petition.status.answer_version
        if version is None or petition.status.settled_on not in petition.answers[-1:]:
            raise Refused(RecordRefusal.NO_ANSWER_TO_CORRECT)
        yield _AskedField(version, DAY_PATH, command.answered_on)
    for path in (*OPENING_FIELDS, *NUMBER_FIELDS):
        becomes = getattr(command, path)
        if becomes is not None:
            of_opening = path in OPENING_FIELDS and not hasattr(_fact(petition, present, command.version), path)
            yield _AskedField(OPENING_VERSION if of_opening else command.version, path, becomes)
    for field in command.fields:
        yield _AskedField(field.version, field.path, field.becomes)


def _corrections_of(
    asked: list[_AskedField], petition: Petition, present: dict[int, EventEnvelope[Any]]
) -> Iterator[Correction]:
    """Yield the correction of each field that says something else now.

    Raise Refused for a field that cannot be so, for one named twice, and when all of them say so already.
    """
    named: set[tuple[int, str]] = set()
    said_already: Refused | None = None
    changed: dict[int, Fact] = {}
    for version, path, becomes in asked:
        fact = changed.get(version) or _fact(petition, present, version)
        value = right_value_for(type(fact), version, path, becomes)
        if any(version == other and _overlap(path, before) for other, before in named):
            raise Refused(RecordRefusal.CORRECTED_TWICE, version=version, path=path)
        named.add((version, path))
        try:
            if not is_set_by_decision(fact, path):
                raise Refused(RecordRefusal.FIELD_IS_COMPUTED, version=version, event=type(fact).__name__, path=path)
            if read_field(fact, path) == value:
                said_already = Refused(RecordRefusal.ALREADY_SO, version=version, path=path)
                continue
            correction = make_correction(fact, version, path, value)
        except UnknownField:
            raise Refused(RecordRefusal.NO_SUCH_FIELD, version=version, event=type(fact).__name__, path=path) from None
        except WrongValue:
            raise Refused(RecordRefusal.WRONG_VALUE, version=version, event=type(fact).__name__, path=path) from None
        changed[version] = apply_correction(fact, correction)
        yield correction
    if not changed and said_already is not None:
        raise said_already


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _fact(petition: Petition, present: dict[int, EventEnvelope[Any]], version: int) -> Fact:
    if version > petition.version:
        raise Refused(RecordRefusal.NO_SUCH_EVENT, version=version)
    if version not in present:
        raise Refused(RecordRefusal.EVENT_WAS_REVERSED, version=version)
    fact: Fact = present[version].fact
    return fact


def _proposed_correction(petition: Petition) -> PendingRequest:
    """Return the correction that waits for approval. Raise Refused when nobody proposed one."""
    request = petition.pending_correction
    if request is None or not request.corrections:
        raise Refused(RecordRefusal.NOBODY_PROPOSED_CORRECTION)
    return request


def _require_proposal_by_another(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused when nobody proposed a correction, or the deciding officer did (separation of duties)."""
    require_other_officer(_proposed_correction(petition), context, RecordRefusal.OWN_CORRECTION)


@open_when(_require_proposal_by_another)
def approve_correction(command: ApproveCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Approve the correction that another officer proposed, and count again what followed from the wrong values.

    It is refused when a field has changed since the proposal, and when it would contradict what has happened since.
    """
    request = _proposed_correction(petition)
    present = corrected_history(context.history)
    facts = {event.originator_version: event for event in present}
    for correction in request.corrections:
        fact = _fact(petition, facts, correction.version)
        if not says_the_former_value(fact, correction):
            raise Refused(RecordRefusal.CORRECTED_MEANWHILE, version=correction.version, path=correction.path)
    corrections = (*request.corrections, *corrections_of_digests(request, facts))
    right = right_history(context.history, present, corrections, context.law)
    require_possible(present, right.events, context.today, context.units)
    _require_after_receipt(command, right)
    lateness = _days_late_when_settled(petition.status), _days_late_when_settled(right.petition.status)
    is_restated = lateness[0] != lateness[1]
    return [
        RecordCorrected(
            occurred_on=command.occurred_on,
            corrections=corrections,
            why=request.why,
            proposed_by=request.requested_by,
            follows=as_said(right.follows),
            recalculated=as_said(tuple(_recalculations(petition, right.petition))),
            days_late_was=as_said(lateness[0] if is_restated else None),
            days_late_becomes=as_said(lateness[1] if is_restated else None),
            identities=as_said(request.identities),
        )
    ]


def _require_after_receipt(command: ProposeCorrection | ApproveCorrection, right: RightHistory) -> None:
    """Raise Refused for a correction of a day before the receipt that it gives."""
    if command.occurred_on < right.petition.received_on:
        raise Refused(RecordRefusal.RECEIPT_AFTER_STEP, on=command.occurred_on)


def _recalculations(before: Petition, after: Petition) -> Iterator[Recalculation]:
    """Yield the clocks whose date is another one, with both dates and the rules that they were counted by."""
    for key, (was, now) in moved_deadlines(before, after).items():
        if was is not None:
            yield Recalculation(
                clock=key.clock,
                subject=as_said(key.subject),
                old_due_on=was.due_on,
                new_due_on=now.due_on,
                old_policy=was.policy,
                new_policy=now.policy,
                old_calendar=was.calendar,
                new_calendar=now.calendar,
            )


def _days_late_when_settled(status: Status) -> int | None:
    """Return by how many days a settled petition was late, 0 in time; None for one that is open or has no limit."""
    if status.settled_on is None or status.due_when_settled is None:
        return None
    return days_late(status.due_when_settled, status.settled_on)
