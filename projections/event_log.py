"""Renders a petition as a case of an event log for process mining: its attributes, and its events in their order.

An event log names no petitioner. What people typed (summary, place, answer) is in it only where it is asked for, and
never of a protected petition. An imported step is named as its source names it, unless the petition is protected.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.correcting.history import corrected_history
from domain.envelope import EventEnvelope
from domain.events import (
    AnsweredInWriting,
    ExternalStepRecorded,
    PetitionAssigned,
    PetitionEvent,
    PetitionReassigned,
    PetitionReceived,
)
from domain.events.official import Official, officer_of, official_shown
from domain.petition import Petition
from domain.sealed_text import plain_text
from domain.status import Status
from domain.status_transitions import status_after_each
from domain.value import UNSET, UnsetType, known
from domain.vocabulary import NO_UNIT

AttributeValue = str | int | date | datetime


class Precision(StrEnum):
    """Says what the timestamp of an event is."""

    INSTANT = "instant"
    """The instant that the source recorded."""
    RECORDING = "recording"
    """The instant of the recording, which was made on the day of the act."""
    DAY = "day"
    """A day alone is known: its beginning, or the event before it on that day, so that the order of a history stays."""


class Actor(NamedTuple):
    """Names who did an act: the code of an officer, or the name of an official who is not in the register.

    `role` is the position on the day of the act.
    """

    officer: str
    unit: str
    role: str
    is_outside: bool = False


class LoggedEvent(NamedTuple):
    """Holds one event. `status` is that of the petition after it; `step` is said of an imported step alone.

    `recorded_by` recorded it. `actor` is who acted: the officer that an imported step names, else who recorded it.
    """

    position: int
    name: str
    activity: str
    at: datetime
    precision: Precision
    occurred_on: date
    recorded_at: datetime
    actor: Actor
    recorded_by: Actor
    acting_for: str | None
    status: Status
    step: Mapping[str, AttributeValue]


class LoggedCase(NamedTuple):
    """Holds one petition: its id, its attributes as they are after the last event, and its events.

    `origin` is the petition that it came from: the letter of a matter, or the petition below a stage.
    """

    petition_id: UUID
    attributes: Mapping[str, AttributeValue]
    is_matter: bool
    origin: UUID | None
    events: tuple[LoggedEvent, ...]


def logged_case(
    history: Sequence[EventEnvelope[PetitionEvent]],
    petition: Petition,
    zone: tzinfo,
    *,
    with_texts: bool = False,
    is_protected: bool = False,
) -> LoggedCase:
    """Return the case of a history whose texts were opened. `petition` is its state, `zone` that of the authority.

    A protected case has no text, whatever `with_texts` says.
    """
    return LoggedCase(
        petition_id=petition.petition_id,
        attributes=_case_attributes(history, petition, zone, with_texts=with_texts and not is_protected),
        is_matter=petition.opening.letter is not None,
        origin=petition.opening.origin,
        events=tuple(_logged_events(history, zone, is_protected=is_protected)),
    )


def _logged_events(
    history: Sequence[EventEnvelope[PetitionEvent]], zone: tzinfo, *, is_protected: bool
) -> Iterator[LoggedEvent]:
    before: datetime | None = None
    for envelope, status in status_after_each(history):
        fact, by = envelope.fact, envelope.by
        assert envelope.recorded_at is not None, "the log gave it"
        assert envelope.position is not None, "the log gave it"
        before, precision = _timestamp(envelope, zone, before)
        recorder = Actor(by.officer, by.unit, by.position)
        step = _step_attributes(fact, zone, is_protected=is_protected) if type(fact) is ExternalStepRecorded else {}
        name = type(fact).__name__
        yield LoggedEvent(
            position=envelope.position,
            name=name,
            activity=str(step.get("step") or name),
            at=before,
            precision=precision,
            occurred_on=fact.occurred_on,
            recorded_at=envelope.recorded_at.astimezone(zone),
            actor=_actor_of_step(fact) if isinstance(fact, ExternalStepRecorded) else recorder,
            recorded_by=recorder,
            acting_for=by.acting_for,
            status=status,
            step=step,
        )


def _timestamp(
    envelope: EventEnvelope[PetitionEvent], zone: tzinfo, before: datetime | None
) -> tuple[datetime, Precision]:
    """Return the instant of the event in the zone, and what it is. `before` is that of the event before it."""
    fact = envelope.fact
    if fact.occurred_at is not UNSET:
        return fact.occurred_at.astimezone(zone), Precision.INSTANT
    recorded_at = envelope.recorded_at and envelope.recorded_at.astimezone(zone)
    if recorded_at is not None and recorded_at.date() == fact.occurred_on:
        return recorded_at, Precision.RECORDING
    if before is not None and before.date() == fact.occurred_on:
        return before, Precision.DAY
    return datetime.combine(fact.occurred_on, time.min, zone), Precision.DAY


def _actor_of_step(fact: ExternalStepRecorded) -> Actor:
    """Return whom the source of an imported step names; empty where it names nobody."""
    officer, unit = fact.officer, known(fact.unit) or NO_UNIT
    role = "" if officer is UNSET else known(officer.position) or ""
    return Actor(official_shown(officer) or "", unit, role, officer is not UNSET and officer_of(officer) is None)


def _step_attributes(fact: ExternalStepRecorded, zone: tzinfo, *, is_protected: bool) -> dict[str, AttributeValue]:
    """Return what an import reads of a step: its name, its instant or its day, its unit and officer.

    They say again what other attributes say, so that an import tells a step from an act of this service.
    """
    said: dict[str, AttributeValue] = {"step_at": _moment(fact.occurred_on, known(fact.occurred_at), zone)}
    if fact.unit is not UNSET:
        said["step_unit"] = fact.unit
    if (officer := official_shown(fact.officer)) is not None:
        said["step_officer"] = officer
    if fact.step is not UNSET and not is_protected:
        said["step"] = plain_text(fact.step)
    return said


def _case_attributes(
    history: Sequence[EventEnvelope[PetitionEvent]], petition: Petition, zone: tzinfo, *, with_texts: bool
) -> dict[str, AttributeValue]:
    """Return the attributes of a case that were said, by the names that mapping files have for them."""
    opening, status = petition.opening, petition.status
    right = corrected_history(history)
    receipt = right[0].fact
    source = receipt.source if isinstance(receipt, PetitionReceived) else UNSET
    answer = next((event.fact for event in right if event.originator_version == status.answer_version), None)
    answered_on = petition.answered_on
    found: dict[str, AttributeValue | None] = {
        "reference": petition.reference,
        "source": None if source is UNSET else source.name,
        "key": None if source is UNSET else source.key,
        "kind": status.kind,
        "channel": opening.channel,
        "book": opening.book,
        "document_no": opening.document_no,
        "person_count": opening.person_count,
        "stage": status.stage,
        "unit": status.unit,
        "officer": status.officer or official_shown(_last_responsible(right)),
        "received": _moment(petition.received_on, opening.received_at, zone),
        "assigned": petition.assigned_on,
        "due": status.due_on if status.settled_on is None else status.due_when_settled,
        "settled": status.settled_on,
        "answered": None
        if answer is None or answered_on is None
        else _moment(answered_on, known(answer.occurred_at), zone),
    }
    if isinstance(answer, AnsweredInWriting):
        found |= {"answer_no": known(answer.document_no), "result": known(answer.result)}
    if with_texts:
        found |= {"summary": opening.summary, "place": opening.place}
        if isinstance(answer, AnsweredInWriting) and answer.answer is not UNSET:
            found["answer"] = plain_text(answer.answer)
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _last_responsible(history: Sequence[EventEnvelope[PetitionEvent]]) -> Official | UnsetType:
    for event in reversed(history):
        if isinstance(event.fact, PetitionAssigned | PetitionReassigned):
            return event.fact.responsible
    return UNSET


def _moment(on: date, at: datetime | None, zone: tzinfo) -> date | datetime:
    """Return the instant in the zone where one is known, else the day."""
    return on if at is None else at.astimezone(zone)
