"""What the views know of one petition: how it came, how it stood, what happened to it and how it was answered.

Nothing of it is stored: whoever needs it again folds the petition's history again.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain import status_transitions
from domain.duplicates.content import Content
from domain.events import (
    AlertAcknowledged,
    AlertRaised,
    AnsweredAtMeeting,
    AnsweredInWriting,
    DuplicateLinked,
    DuplicateUnlinked,
    PetitionAssigned,
    PetitionClassified,
    PetitionEscalated,
    PetitionEvent,
    PetitionMarkedDuplicate,
    PetitionPreparedForMeeting,
    PetitionReceived,
    PetitionReopened,
    PetitionSplit,
    PetitionUnmarkedDuplicate,
    RecordCorrected,
    RegistrationCancelled,
    ResponsibilitySucceeded,
)
from domain.rules.intake import MASS
from domain.status import Standing
from domain.vocabulary import NO_UNIT, PetitionKind, ReorganisationId, Stage, UnitId
from projections import standing_intervals
from projections.case_alerts import Raised, with_alert, with_note
from projections.standing_intervals import Spells

SUMMARY = 200
"""Characters of the summary that a list shows."""


class Answer(NamedTuple):
    """The latest answer of a round; when the petition is reopened it stays, and the next round has one of its own."""

    figure: Literal["answered_at_meeting", "answered_in_writing"]
    round: int
    unit: UnitId
    on: date
    was_due_on: date | None


class Happening(NamedTuple):
    """What stays counted for the unit on that day, whatever comes later."""

    unit: UnitId
    on: date
    figure: Literal["settled_otherwise", "escalated", "escalated_late", "reassigned_in", "reassigned_out", "reopened"]


class Inherited(NamedTuple):
    """Another unit owes the answer from `on` on. `was_due_on` is what was due then; None while nothing was counted."""

    reorganisation_id: ReorganisationId | None
    from_unit: UnitId
    to_unit: UnitId
    on: date
    was_due_on: date | None


class Notice(NamedTuple):
    """The latest assignment notice; `meeting_id` is the meeting that it says it follows."""

    number: str
    on: date
    meeting_id: UUID | None


class Case(Struct, frozen=True, gc=False):
    """`is_case` is false for a letter that was split, a duplicate and a cancelled number; `is_letter` for a matter of a
    letter, the stage above an escalation and a cancelled number. `heard_at` is the meeting that it, or the letter that
    it is a matter of, was raised at or collected for; `answered_at` are those at which it was answered.
    """

    petition_id: UUID
    reference: str | None
    channel: str
    place: str
    content: Content
    identity_protected: bool
    standing: Standing
    spells: Spells
    first_unit: UnitId
    is_case: bool = True
    is_letter: bool = True
    answers: tuple[Answer, ...] = ()
    happenings: tuple[Happening, ...] = ()
    heard_at: UUID | None = None
    prepared_for: tuple[UUID, ...] = ()
    answered_at: tuple[UUID, ...] = ()
    duplicates: int = 0  # letters that are linked to it
    inheritance: tuple[Inherited, ...] = ()
    notice: Notice | None = None
    topic: str = ""
    is_mass: bool = False
    is_level_skipping: bool = False
    is_repeated: bool = False
    alerts: tuple[Raised, ...] = ()

    @property
    def summary(self) -> str:
        return self.content.text[:SUMMARY]

    @property
    def days_taken(self) -> int | None:
        """Calendar days from receipt to the latest answer; negative where an untidy history says so."""
        return (self.answers[-1].on - self.standing.received_on).days if self.answers else None


def received(fact: PetitionReceived, petition_id: UUID, reference: str | None) -> Case:
    standing = status_transitions.received(fact)
    return Case(
        petition_id=petition_id,
        reference=reference,
        channel=fact.channel,
        place=fact.place,
        content=Content.of(fact.summary),
        identity_protected=fact.identity_protected,
        standing=standing,
        spells=standing_intervals.begun(standing),
        first_unit=fact.unit,
        is_letter=fact.split_from is None and fact.escalated_from is None,
        heard_at=fact.meeting_id,
        is_mass=fact.person_count >= MASS,
    )


def after(case: Case, fact: PetitionEvent) -> Case:
    """The case once the fact has happened."""
    before = case.standing
    now = status_transitions.after(before, fact)
    tells = _TELL.get(type(fact))
    changed = {} if tells is None else tells(case, fact)
    if now is not before:
        changed["standing"] = now
        if type(fact) is ResponsibilitySucceeded:
            changed |= _inherited(case, now, fact)
        else:
            changed["spells"] = standing_intervals.followed(case.spells, now, fact.occurred_on)
            if case.first_unit == NO_UNIT:
                changed["first_unit"] = now.unit
        if now.settled_on is not None:
            changed["answers"] = _answers(case, now, fact)
    if happened := _happened(before, now, fact, changed.get("is_case", case.is_case)):
        changed["happenings"] = (*case.happenings, *happened)
    return replace(case, **changed) if changed else case


def _answers(case: Case, now: Standing, fact: PetitionEvent) -> tuple[Answer, ...]:
    """Of a settled petition. Its settlement may be corrected, and with it the answer of the same round."""
    assert now.settled_on is not None
    is_of_this_round = bool(case.answers) and case.answers[-1].round == now.round
    earlier = case.answers[:-1] if is_of_this_round else case.answers
    figure = _ANSWER.get(type(fact)) if case.standing.settled_on is None else None
    if figure is not None:
        return (*earlier, Answer(figure, now.round, now.unit, now.settled_on, now.due_when_settled))
    if is_of_this_round:
        return (*earlier, case.answers[-1]._replace(on=now.settled_on, was_due_on=now.due_when_settled))
    return case.answers


def _happened(before: Standing, now: Standing, fact: PetitionEvent, is_case: bool) -> list[Happening]:
    found: list[Happening] = []
    on = max(fact.occurred_on, now.received_on)
    if before.unit not in (NO_UNIT, now.unit) and type(fact) is not ResponsibilitySucceeded:
        found += [Happening(before.unit, on, "reassigned_out"), Happening(now.unit, on, "reassigned_in")]
    if isinstance(fact, PetitionEscalated):
        found.append(Happening(before.unit, on, "escalated"))
        if fact.days_late:
            found.append(Happening(before.unit, on, "escalated_late"))
    elif isinstance(fact, PetitionReopened):
        found.append(Happening(before.unit, on, "reopened"))
    elif before.settled_on is None and now.settled_on is not None and is_case and type(fact) not in _ANSWER:
        found.append(Happening(before.unit, on, "settled_otherwise"))
    return found


# -- what a fact says beyond how the petition stands


def _inherited(case: Case, now: Standing, fact: ResponsibilitySucceeded) -> dict[str, Any]:
    """A petition that no unit was named for was received by the one that is succeeded."""
    on = max(fact.occurred_on, now.received_on)
    then = next(spell for spell in reversed(case.spells) if spell.since_on <= on)
    changed: dict[str, Any] = {"spells": standing_intervals.handed_over(case.spells, now, on)}
    if case.first_unit == NO_UNIT:
        changed["first_unit"] = fact.from_unit
    if fact.from_unit != fact.to_unit:
        was_due_on = None if then.stage is Stage.SUSPENDED else then.due_on
        new = Inherited(fact.reorganisation_id, fact.from_unit, fact.to_unit, on, was_due_on)
        changed["inheritance"] = (*case.inheritance, new)
    return changed


def _classified(_: Case, fact: PetitionClassified) -> dict[str, Any]:
    told: dict[str, Any] = {"topic": fact.topic, "is_level_skipping": fact.is_level_skipping}
    if fact.kind is PetitionKind.DENUNCIATION:
        told["identity_protected"] = True
    return told


def _assigned(_: Case, fact: PetitionAssigned) -> dict[str, Any]:
    return {"notice": Notice(fact.notice_no, fact.notice_on or fact.occurred_on, fact.meeting_id)}


def _corrected(case: Case, fact: RecordCorrected) -> dict[str, Any]:
    said = fact.correction
    return {
        "content": case.content if said.summary is None else Content.of(said.summary),
        "place": case.place if said.place is None else said.place,
        "is_mass": case.is_mass if said.person_count is None else said.person_count >= MASS,
    }


# By class: to try one after the other with isinstance takes longer than all the rest that is done with a fact.
_ANSWER: dict[type, Literal["answered_at_meeting", "answered_in_writing"]] = {
    AnsweredAtMeeting: "answered_at_meeting",
    AnsweredInWriting: "answered_in_writing",
}
_TELL: dict[type, Callable[[Case, Any], dict[str, Any]]] = {
    PetitionClassified: _classified,
    PetitionSplit: lambda _case, _fact: {"is_case": False},
    PetitionMarkedDuplicate: lambda _case, _fact: {"is_case": False, "is_repeated": True},
    PetitionUnmarkedDuplicate: lambda _case, _fact: {"is_case": True, "is_repeated": False},
    DuplicateLinked: lambda case, _fact: {"duplicates": case.duplicates + 1},
    DuplicateUnlinked: lambda case, _fact: {"duplicates": case.duplicates - 1},
    RegistrationCancelled: lambda _case, _fact: {"is_case": False, "is_letter": False},
    PetitionAssigned: _assigned,
    PetitionPreparedForMeeting: lambda case, fact: {"prepared_for": (*case.prepared_for, fact.meeting_id)},
    AnsweredAtMeeting: lambda case, fact: {"answered_at": (*case.answered_at, fact.meeting_id)},
    RecordCorrected: _corrected,
    AlertRaised: lambda case, fact: {"alerts": with_alert(case.alerts, fact)},
    AlertAcknowledged: lambda case, fact: {"alerts": with_note(case.alerts, fact)},
}
