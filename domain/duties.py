"""Follows the duties of a petition: what an act makes due beside the answer, until the act that fulfils it.

A fact starts a duty by a deadline whose clock is one (`Clock.is_duty`). Who owes it is the unit that the deadline's
subject names, else the unit that has the petition. A duty is not suspended with the petition and does not end with it,
unless it serves the answer alone. The table `FULFILS` says which fact fulfils what.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain import events as e
from domain.deadlines.deadline import Clock, ClockKey, ClockSubject, Deadline, SubjectKind
from domain.status import Duty, Status
from domain.value import UNSET, replace, said
from domain.vocabulary import PromiseState, UnitId


def unit_key(clock: Clock, unit: str) -> ClockKey:
    """Return the key of what one of several units owes."""
    return ClockKey(clock, ClockSubject(kind=SubjectKind.UNIT, reference=unit))


def promise_key(number: int) -> ClockKey:
    """Return the key of the promise with that number."""
    return ClockKey(Clock.PROMISE, ClockSubject(kind=SubjectKind.PROMISE, reference=str(number)))


SERVE_THE_ANSWER = frozenset({Clock.CONTRIBUTION, Clock.PREPARATION})
"""The duties that end with the petition, since nobody needs them any more."""

FULFILS: Mapping[type[e.Fact], Callable[[Any], Iterable[ClockKey]]] = {
    e.ContributionDelivered: lambda fact: (unit_key(Clock.CONTRIBUTION, fact.unit),),
    e.PromiseReported: lambda fact: (promise_key(fact.number),) if fact.state is PromiseState.KEPT else (),
}
"""Returns for each fact that fulfils duties the keys of these. A duty that does not run is passed over."""

ENDS_EVERY_DUTY = frozenset[type[e.Fact]]({e.RegistrationCancelled})
"""The facts after which nothing is owed: there was no petition."""


def follow_duties(before: Status, after: Status, fact: e.PetitionEvent) -> Status:
    """Return the status after the fact with the duties that are owed then.

    `before` is the status before the fact, `after` the one after it with the duties of before.
    """
    started = [deadline for deadline in said(fact.deadlines, ()) if deadline.clock.is_duty]
    if not started and not before.duties:
        return after
    duties = dict(before.duties)
    for key in _ended(before, after, fact):
        duties.pop(key, None)
    duties = {key: _handed_over(duty, before, after, fact) for key, duty in duties.items()}
    if before.coordinating != after.coordinating:
        duties = {key: duty for key, duty in duties.items() if not _is_of_former_coordinator(key, duty, after)}
    duties |= {deadline.key: Duty(unit=_unit_owing(deadline, after), due_on=deadline.due_on) for deadline in started}
    return after if duties == before.duties else replace(after, duties=duties)


def _ended(before: Status, after: Status, fact: e.PetitionEvent) -> Iterable[ClockKey]:
    """Return the keys of the duties that the fact fulfils, or that nobody owes after it."""
    if type(fact) in ENDS_EVERY_DUTY:
        return tuple(before.duties)
    fulfilled = FULFILS.get(type(fact))
    ended = () if fulfilled is None else tuple(fulfilled(fact))
    if before.settled_on is None and after.settled_on is not None:
        ended += tuple(key for key in before.duties if key.clock in SERVE_THE_ANSWER)
    return ended


def _is_of_former_coordinator(key: ClockKey, duty: Duty, after: Status) -> bool:
    """Return True for the part of a unit that does not coordinate any more: nobody waits for it."""
    return key.clock is Clock.CONTRIBUTION and duty.unit not in after.coordinating


def _handed_over(duty: Duty, before: Status, after: Status, fact: e.PetitionEvent) -> Duty:
    """Return the duty with the unit that owes it after the fact.

    A duty of the unit that has the petition goes with the petition; the duties of a unit that was succeeded go to its
    successor.
    """
    if isinstance(fact, e.ResponsibilitySucceeded | e.CoordinatorSucceeded):
        return replace(duty, unit=fact.to_unit) if duty.unit == fact.from_unit else duty
    return replace(duty, unit=after.unit) if duty.unit == before.unit != after.unit else duty


def _unit_owing(deadline: Deadline, after: Status) -> UnitId:
    """Return the unit that owes what the deadline is for."""
    if deadline.subject is not UNSET and deadline.subject.kind is SubjectKind.UNIT:
        return UnitId(deadline.subject.reference)
    return after.unit
