"""Counts again what followed from a wrong field: due dates, duties, and what later events copied.

Two walks go side by side through the history: one through what was recorded, one through what should have been. What an
event took from the record before it, it takes from the right record instead. So the result follows from the recorded
history and from all approved fields, and is the same whatever was corrected in between and corrected back.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from domain.correcting.copied import COPIED, PERSON_REFERENCES, rename_references
from domain.correcting.fields import make_correction, read_field
from domain.correcting.history import corrections_by_version, put_right, reversed_versions
from domain.correcting.recounting import Recount, Step, renamed_contributions
from domain.deadlines.clock import ClockKey
from domain.deadlines.deadline import Deadline
from domain.deadlines.policy import Law
from domain.envelope import EventEnvelope
from domain.events import ContributionDelivered, Correction, DutyLifted, DutyPerformed, Fact, Person, PetitionEvent
from domain.evolve import evolve
from domain.petition import Petition
from domain.rules.duties import duties_started_by
from domain.value import as_said, known, replace, said
from domain.vocabulary import PetitionerRef, UnitId

_Event = EventEnvelope[Any]


class RightHistory(NamedTuple):
    """Holds the right history, the petition after it, and the corrections of what followed from wrong fields."""

    events: Sequence[_Event]
    petition: Petition
    follows: tuple[Correction, ...]


def right_history(
    recorded: Sequence[_Event], present: Iterable[_Event], proposed: Iterable[Correction], law: Law
) -> RightHistory:
    """Return the history with the proposed corrections approved, counted again from what was recorded.

    `present` is the history as it counts before this approval. Raise CalendarRunsOut.
    """
    proposed = tuple(proposed)
    corrections = corrections_by_version(recorded, with_what_follows=False)
    asked = corrections_by_version((), with_what_follows=False)
    for correction in proposed:
        corrections[correction.version].append(correction)
        asked[correction.version].append(correction)
    facts = {event.originator_version: event.fact for event in present}
    left_out = reversed_versions(recorded)
    walk = _Walk(law)
    events: list[_Event] = []
    follows: list[Correction] = []
    for event in recorded:
        version = event.originator_version
        if version in left_out:
            continue
        right = walk.step(event, put_right(event, corrections[version]))
        events.append(right)
        counted = put_right(event._replace(fact=facts[version]), asked[version]).fact
        follows += _differences(counted, right)
    return RightHistory(events, walk.petition, tuple(follows))


def _differences(counted: Fact, right: _Event) -> Iterable[Correction]:
    """Yield what is another value now, of the fields that are counted or copied."""
    for path in ("deadlines", *COPIED.get(type(counted), {}), *PERSON_REFERENCES.get(type(counted), ())):
        becomes = read_field(right.fact, path)
        if read_field(counted, path) != becomes:
            yield make_correction(counted, right.originator_version, path, becomes)


def _persons_named_by(fact: Any) -> tuple[Person, ...]:
    """Return the persons whom the fact names; an erasure says only how many there were."""
    persons = said(getattr(fact, "persons", ()), ())
    return persons if isinstance(persons, tuple) else ()


class _Walk:
    """Follows the recorded history and the right one, event by event."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._recorded: Petition | None = None
        self._right: Petition | None = None
        self._keys: dict[ClockKey, ClockKey] = {}
        self._references: dict[PetitionerRef, PetitionerRef] = {}

    @property
    def petition(self) -> Petition:
        """Return the petition of the right history."""
        assert self._right is not None, "a history begins with an opening"
        return self._right

    def step(self, recorded: _Event, typed: _Event) -> _Event:
        """Return the event as it should have been. `typed` has the fields that were corrected themselves."""
        fact = self._with_copies(recorded.fact, typed.fact)
        step = Step(recorded.fact, fact, self._recorded, self._right)
        after = evolve(self._recorded, recorded)
        recount = Recount(self._law, step, after, evolve(self._right, typed._replace(fact=fact)), self._keys)
        if deadlines := said(recorded.fact.deadlines, ()):
            typed_deadlines = said(fact.deadlines, deadlines)
            fact = replace(fact, deadlines=tuple(map(recount.counted, deadlines, typed_deadlines)))
        fact = self._with_duties(fact, step)
        self._recorded, self._right = after, evolve(self._right, typed._replace(fact=fact))
        return typed._replace(fact=fact)

    def _with_copies(self, recorded: Fact, fact: Any) -> Any:
        """Return the fact with what it copied from the petition before it, and with references as they are now."""
        before, right = self._recorded, self._right
        if before is not None and right is not None:
            for path, source in COPIED.get(type(fact), {}).items():
                was = getattr(recorded, path)
                if getattr(fact, path) == was == source(recorded, before):
                    fact = replace(fact, **{path: source(fact, right)})
        for key, now in self._keys.items():
            match fact:
                case ContributionDelivered() if key.subject is not None and key.subject.reference == fact.unit:
                    assert now.subject is not None, "a part is that of a unit"
                    fact = replace(fact, unit=UnitId(now.subject.reference))
                case DutyPerformed() | DutyLifted() if key.subject is not None and known(fact.subject) == key.subject:
                    fact = replace(fact, subject=as_said(now.subject))
        for person, right_person in zip(_persons_named_by(recorded), _persons_named_by(fact), strict=False):
            if person.ref != right_person.ref:
                self._references[person.ref] = right_person.ref
        return rename_references(fact, self._references) if self._references else fact

    def _with_duties(self, fact: Any, step: Step) -> Any:
        """Return the fact with the duties that it starts by what it should have said.

        Only a duty is added or taken away whose condition is another one now: what the law of today says of the rest
        is another question.
        """
        self._keys |= renamed_contributions(step.recorded, step.right)
        was = duties_started_by(cast("PetitionEvent", step.recorded), step.before, self._law)
        now = duties_started_by(fact, step.right_before, self._law)
        was_keys, now_keys = {deadline.key for deadline in was}, {deadline.key for deadline in now}
        gone, come = was_keys - now_keys, now_keys - was_keys
        for key in gone:
            renamed = [other for other in come if other.clock is key.clock]
            if len(renamed) == 1:
                self._keys[key] = renamed[0]
        if not gone and not come:
            return fact
        kept = [deadline for deadline in said(fact.deadlines, ()) if deadline.key not in gone]
        there = {deadline.key for deadline in kept}
        added = [deadline for deadline in now if deadline.key in come - there]
        return replace(fact, deadlines=as_said((*kept, *added)))


def moved_deadlines(before: Petition, after: Petition) -> Mapping[ClockKey, tuple[Deadline | None, Deadline]]:
    """Return the clocks of a petition whose date is another one, each with the former and the present deadline.

    Of a settled petition the clocks are meant that ran until then.
    """
    was, now = _clocks_of(before), _clocks_of(after)
    return {
        key: (was.get(key), deadline)
        for key, deadline in now.items()
        if key not in was or was[key].due_on != deadline.due_on
    }


def _clocks_of(petition: Petition) -> dict[ClockKey, Deadline]:
    ran = petition.deadlines if petition.status.settled_on is None else petition.stopped_deadlines
    return {**{ClockKey(clock, None): deadline for clock, deadline in ran.items()}, **petition.duties}
