"""What a change of law moves: of one petition its clocks, of all of them the list that two officers look at."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from domain.deadlines.calendar import Calendar
from domain.deadlines.deadline import CLOCK_OF, Clock, Deadline, recalculated, resumed, start
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.stages import LegalStage
from domain.events import DeadlineRecalculated, Recalculation
from domain.law_changes.law_change import LawChange
from domain.petition import Petition
from domain.rules.limits import rule_for
from domain.vocabulary import OfficerId, PetitionKind

_ONE_DAY = timedelta(days=1)
_WITHOUT_LIMIT = PetitionKind.PROPOSAL_FEEDBACK
"""The kind whose answer has no limit in national law: a slot for the province."""


@dataclass(frozen=True, slots=True)
class MovedClock:
    """`before` is None where no limit was set."""

    before: Deadline | None
    after: Deadline


@dataclass(frozen=True)
class Comparison:
    """Two laws, and how the second moves clocks that run by the first.

    A rule binds the clocks that were started while it is in force; where it `binds_running` ones too, those that run
    on the day `on`. Days that a calendar names anew move every clock that they lie in. A date that somebody set is
    moved by neither. A rule for what had no limit starts the clock, by the day of the act as any other.
    """

    before: Law
    after: Law
    on: date
    binds_running: bool = False
    _changed_days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _changed_clocks: frozenset[str] = field(init=False, repr=False, compare=False)
    _fills_a_slot: bool = field(init=False, repr=False, compare=False)
    _known_rules: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = {row.reference: row for row in self.before.policies.every_row}
        changed = [row for row in self.after.policies.every_row if rows.get(row.reference) != row]
        object.__setattr__(self, "_changed_days", _days_named_anew(self.before.calendar, self.after.calendar))
        object.__setattr__(
            self, "_changed_clocks", frozenset(CLOCK_OF[row.stage] for row in changed if row.stage in CLOCK_OF)
        )
        # All else that a petition's clocks run by has a limit in national law.
        fills = any(
            row.limit is not None and row.stage is LegalStage.SETTLEMENT and row.kind in (_WITHOUT_LIMIT, "any")
            for row in changed
        )
        object.__setattr__(self, "_fills_a_slot", fills)
        object.__setattr__(self, "_known_rules", frozenset(rows))

    def may_move(self, clock: str, started_on: date, due_on: date, calendar_days: int = 0) -> bool:
        """Whether it is worth looking at the petition: False is certain, True is not.

        `calendar_days` is the amount of a limit in such days that no suspension has moved: rest days matter to it only
        where it ends.
        """
        after = started_on + timedelta(days=max(0, calendar_days - 1)) - _ONE_DAY
        return clock in self._changed_clocks or self._names_days_between(after, due_on)

    @property
    def may_start_clocks_of(self) -> PetitionKind | None:
        """The kind of which each assigned petition is worth looking at, whatever clocks it has."""
        return _WITHOUT_LIMIT if self._fills_a_slot else None

    def moved(self, petition: Petition) -> tuple[MovedClock, ...]:
        """The running clocks whose date moves. Raises CalendarRunsOut where the new calendar ends too early."""
        found = []
        for deadline in petition.deadlines.values():
            after = self._counted_anew(petition, deadline)
            if after.due_on != deadline.due_on:
                found.append(MovedClock(deadline, after))
        if self._fills_a_slot and (begun := self._begun(petition)) is not None:
            found.append(MovedClock(None, begun))
        return tuple(found)

    def _begun(self, petition: Petition) -> Deadline | None:
        """The limit of an answer that was assigned while nobody had set one: as if the rule had been on file then."""
        on = petition.assigned_on
        if petition.kind is not _WITHOUT_LIMIT or on is None or not petition.stage.is_open:
            return None
        if Clock.SETTLEMENT in petition.deadlines or _has_limit(rule_for(self.before, petition, Clock.SETTLEMENT, on)):
            return None
        row = self._binding(petition, Clock.SETTLEMENT, on)
        if row is None or row.limit is None:
            return None
        begun = start(Clock.SETTLEMENT, on, row, self.after.calendar)
        for pause in petition.suspensions:
            begun = resumed(begun, pause.suspended_on, pause.resumed_on, self.after.calendar)
        return begun

    def _binding(self, petition: Petition, clock: Clock, started_on: date) -> PolicyRow | None:
        """The rule of the second law for a clock that was started on that day."""
        row = rule_for(self.after, petition, clock, started_on)
        if self.binds_running:
            now = rule_for(self.after, petition, clock, max(started_on, self.on))
            row = now if now is not None and now.reference not in self._known_rules else row
        return row

    def _counted_anew(self, petition: Petition, deadline: Deadline) -> Deadline:
        if deadline.policy is None or deadline.limit is None or deadline.decided_due_on is not None:
            return deadline
        row = self._new_rule(petition, deadline) if deadline.clock in self._changed_clocks else None
        # Other days are counted as they were: a clock that ran out under an older calendar is not touched.
        if row is None and not self._names_days_between(deadline.started_on - _ONE_DAY, deadline.due_on):
            return deadline
        return recalculated(deadline, self.after.calendar, policy_row=row)

    def _new_rule(self, petition: Petition, deadline: Deadline) -> PolicyRow | None:
        """The rule that the clock runs by from now on; None while it is the one that it was counted by."""
        before = rule_for(self.before, petition, deadline.clock, deadline.started_on)
        if before is None or before.reference != deadline.policy:
            return None  # counted by a rule of its own: another kind, or one that a late classification left to it
        after = self._binding(petition, deadline.clock, deadline.started_on)
        return None if after is None or after.limit is None or after.reference == before.reference else after

    def _names_days_between(self, after: date, until: date) -> bool:
        return bisect_right(self._changed_days, until) > bisect_right(self._changed_days, after)


def recalculation(
    petition: Petition, moved: tuple[MovedClock, ...], change: LawChange, approved_by: OfficerId, on: date
) -> DeadlineRecalculated:
    """The fact that an approved change brings about in one petition."""
    return DeadlineRecalculated(
        occurred_on=max(on, petition.received_on),
        change_id=change.proposed.change_id,
        recalculated=tuple(_said(one) for one in moved),
        instrument=change.proposed.instrument,
        proposed_by=change.proposed_by.officer,
        approved_by=approved_by,
        deadlines=tuple(one.after for one in moved),
    )


def _said(moved: MovedClock) -> Recalculation:
    before, after = moved.before, moved.after
    return Recalculation(
        clock=after.clock,
        old_due_on=None if before is None else before.due_on,
        new_due_on=after.due_on,
        old_policy=None if before is None else before.policy,
        new_policy=after.policy,
        old_calendar=None if before is None else before.calendar,
        new_calendar=after.calendar,
    )


@dataclass(frozen=True, slots=True)
class MovedPetition:
    """`due_on` is the earliest date of all its clocks, None where no limit is set; overdue or not is against the day of
    the review.
    """

    petition_id: UUID
    reference: str | None
    unit: str
    due_on: date | None
    new_due_on: date
    was_overdue: bool
    is_overdue: bool
    clocks: tuple[MovedClock, ...]

    @classmethod
    def of(cls, petition: Petition, moved: tuple[MovedClock, ...], on: date) -> "MovedPetition":
        clocks = {clock: deadline.due_on for clock, deadline in petition.deadlines.items()}
        due_on = min(clocks.values(), default=None)
        new_due_on = min({**clocks, **{one.after.clock: one.after.due_on for one in moved}}.values())
        counts = not petition.standing.is_suspended
        return cls(
            petition_id=petition.petition_id,
            reference=petition.reference,
            unit=petition.standing.unit,
            due_on=due_on,
            new_due_on=new_due_on,
            was_overdue=counts and due_on is not None and due_on < on,
            is_overdue=counts and new_due_on < on,
            clocks=moved,
        )


@dataclass(frozen=True, slots=True)
class Review:
    """A dry run on the day `on`, against the law whose digest is `base`."""

    on: date
    base: str
    open_petitions: int
    petitions: tuple[MovedPetition, ...]

    @property
    def would_become_overdue(self) -> int:
        return sum(one.is_overdue and not one.was_overdue for one in self.petitions)

    @property
    def would_stop_being_overdue(self) -> int:
        return sum(one.was_overdue and not one.is_overdue for one in self.petitions)


def _has_limit(row: PolicyRow | None) -> bool:
    return row is not None and row.limit is not None


def _days_named_anew(before: Calendar, after: Calendar) -> tuple[date, ...]:
    """Days that both hold and only one of them works on."""
    named = {*before.days_off, *before.days_worked, *after.days_off, *after.days_worked}
    return tuple(
        sorted(
            day
            for day in named
            if before.covers(day) and after.covers(day) and before.is_working_day(day) is not after.is_working_day(day)
        )
    )
