"""Counts one deadline of one event again, from what it was counted from in the right record."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, cast

from domain.deadlines.clock import Clock, ClockKey
from domain.deadlines.deadline import Deadline, Suspension, merge_suspensions, recount_from
from domain.deadlines.policy import Law
from domain.duties import FOLLOW_THE_RECEIPT, unit_key
from domain.events import (
    PETITION_OPENINGS,
    DeadlineExtended,
    Fact,
    PetitionAssigned,
    ProcessingResumed,
    PromiseMade,
    RecordCorrected,
)
from domain.opening import day_of_receipt
from domain.petition import Petition
from domain.rules.limits import limit_row_for
from domain.status_moves import INTAKE_CLOCKS
from domain.value import UNSET, UnsetType, as_said, replace, said


class Step(NamedTuple):
    """Holds an event as it was recorded and as it should have been, each with the petition before it."""

    recorded: Fact
    right: Any
    before: Petition | None
    right_before: Petition | None


class Recount:
    """Counts the deadlines of one event again. `keys` are the duties that have another name now."""

    def __init__(
        self, law: Law, step: Step, after: Petition, right_after: Petition, keys: Mapping[ClockKey, ClockKey]
    ) -> None:
        self._right_after = right_after
        self._law = law
        self._step = step
        self._after = after
        self._keys = {**keys, **renamed_contributions(step.recorded, step.right)}

    def counted(self, recorded: Deadline, typed: Deadline) -> Deadline:
        """Return the recorded deadline as it should have been. `typed` has the date that was corrected itself."""
        key = self._keys.get(recorded.key, recorded.key)
        former = _running(self._step.before, recorded.key)
        present = None if former is None else _running(self._step.right_before, key)
        started_on = self._started_on(recorded, former, present)
        decided_due_on = self._decided_due_on(recorded, typed, former, present)
        suspensions = self._suspensions(recorded)
        named = replace(recorded, subject=as_said(key.subject), **self._rule(recorded, former, present, started_on))
        inputs = (recorded.started_on, recorded.decided_due_on, said(recorded.suspensions, ()))
        if inputs == (started_on, decided_due_on, suspensions):
            return named
        is_moved = former is not None and recorded.original_due_on == former.original_due_on
        return recount_from(
            named,
            self._law.calendar,
            started_on=started_on,
            decided_due_on=decided_due_on,
            suspensions=suspensions,
            original_due_on=present.original_due_on if is_moved and present is not None else None,
        )

    def _started_on(self, recorded: Deadline, former: Deadline | None, present: Deadline | None) -> date:
        """Return the first day of the clock: that of the act, or of what came before it, that is meant by the day."""
        on = recorded.started_on
        is_counted_on = former is not None and (
            former.started_on == on or isinstance(self._step.recorded, RecordCorrected)
        )
        if present is not None and is_counted_on:
            return present.started_on
        for was, now in self._days_meant(recorded.clock):
            if was == on:
                return now
        return on

    def _days_meant(self, clock: Clock) -> Iterator[tuple[date, date]]:
        """Yield the days from which a clock may count, as recorded and as it should be, the likeliest first."""
        step = self._step
        receipt = (self._after.received_on, self._right_after.received_on)
        if clock in INTAKE_CLOCKS or clock in FOLLOW_THE_RECEIPT:
            yield receipt
        if isinstance(step.recorded, PETITION_OPENINGS):
            yield day_of_receipt(step.recorded), day_of_receipt(step.right)
        yield step.recorded.occurred_on, step.right.occurred_on
        if self._after.taken_up_on is not None and self._right_after.taken_up_on is not None:
            yield self._after.taken_up_on, self._right_after.taken_up_on
        yield from zip(reversed(self._after.answers), reversed(self._right_after.answers), strict=False)
        yield receipt

    def _decided_due_on(
        self, recorded: Deadline, typed: Deadline, former: Deadline | None, present: Deadline | None
    ) -> date | UnsetType:
        """Return the date that somebody set: as corrected, by another field of the event, or as it ran."""
        if typed.decided_due_on != recorded.decided_due_on or recorded.decided_due_on is UNSET:
            return typed.decided_due_on
        was, now = self._step.recorded, self._step.right
        if isinstance(was, DeadlineExtended):
            return cast("date", now.until)
        if isinstance(was, PromiseMade):
            return cast("date", said(now.promised_for_on, recorded.decided_due_on))
        if recorded.clock is Clock.CONTRIBUTION and isinstance(was, PetitionAssigned):
            for part, right in zip(said(was.contributions, ()), said(now.contributions, ()), strict=False):
                if unit_key(Clock.CONTRIBUTION, part.unit) == recorded.key:
                    return cast("date", right.due_on)
        if former is not None and present is not None and former.decided_due_on == recorded.decided_due_on:
            return present.decided_due_on
        return recorded.decided_due_on

    def _suspensions(self, recorded: Deadline) -> tuple[Suspension, ...]:
        """Return the suspensions that move the clock, on their right days."""
        found: list[Suspension] = []
        for pause in said(recorded.suspensions, ()):
            meant = [
                now
                for was, now in self._pairs_of_suspensions()
                if pause.suspended_on <= was.suspended_on and was.resumed_on <= pause.resumed_on
            ]
            found += meant or [pause]
        return merge_suspensions(found)

    def _pairs_of_suspensions(self) -> Iterator[tuple[Suspension, Suspension]]:
        step = self._step
        if step.before is not None and step.right_before is not None:
            yield from zip(step.before.suspensions, step.right_before.suspensions, strict=False)
        if isinstance(step.recorded, ProcessingResumed):
            yield _suspension(step.recorded), _suspension(step.right)

    def _rule(
        self, recorded: Deadline, former: Deadline | None, present: Deadline | None, started_on: date
    ) -> dict[str, Any]:
        """Return limit and rule where those of the right record are others: on another day another law was in force."""
        if recorded.policy is UNSET or started_on == recorded.started_on:
            return {}
        if former is not None and present is not None and former.policy == recorded.policy:
            return {"limit": present.limit, "policy": present.policy}
        was = limit_row_for(self._law, self._after.character, recorded.clock, recorded.started_on)
        now = limit_row_for(self._law, self._right_after.character, recorded.clock, started_on)
        if was is None or now is None or now.limit is None or was.reference != recorded.policy:
            return {}
        return {"limit": now.limit, "policy": now.reference}


def renamed_contributions(recorded: Fact, right: Any) -> dict[ClockKey, ClockKey]:
    """Return the parts of coordinating units that are those of another unit now."""
    if not isinstance(recorded, PetitionAssigned):
        return {}
    parts = zip(said(recorded.contributions, ()), said(right.contributions, ()), strict=False)
    return {
        unit_key(Clock.CONTRIBUTION, was.unit): unit_key(Clock.CONTRIBUTION, now.unit)
        for was, now in parts
        if was.unit != now.unit
    }


def _suspension(fact: Any) -> Suspension:
    return Suspension(suspended_on=fact.suspended_on, resumed_on=fact.occurred_on)


def _running(petition: Petition | None, key: ClockKey) -> Deadline | None:
    """Return the clock as it ran before the event, also of what has ended and of another kind."""
    if petition is None:
        return None
    if key.clock.is_duty:
        return petition.duties.get(key)
    ran = (petition.deadlines, petition.stopped_deadlines, *petition.set_aside.values())
    return next((clocks[key.clock] for clocks in ran if key.clock in clocks), None)
