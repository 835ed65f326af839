"""What a change of law moves: of one petition its clocks, of all of them the list that two officers look at."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from domain.deadlines.calendar import Calendar
from domain.deadlines.deadline import Clock, Deadline, recalculated
from domain.deadlines.policy import Law
from domain.deadlines.row import PolicyRow
from domain.events import DeadlineRecalculated, Recalculation
from domain.law_changes.law_change import LawChange
from domain.petition import Petition
from domain.vocabulary import Complexity, OfficerId, PetitionKind

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MovedClock:
    before: Deadline
    after: Deadline


@dataclass(frozen=True)
class Comparison:
    """Two laws, and how the second moves clocks that run by the first.

    A rule binds the clocks that were started while it is in force; where it `binds_running` ones too, those that run
    on the day `on`. Days that a calendar names anew move every clock that they lie in. A date that somebody set is
    moved by neither.
    """

    before: Law
    after: Law
    on: date
    binds_running: bool = False
    _changed_days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _changed_stages: frozenset[str] = field(init=False, repr=False, compare=False)
    _known_rules: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = {row.reference: row for row in self.before.policies.every_row}
        changed = [row for row in self.after.policies.every_row if rows.get(row.reference) != row]
        object.__setattr__(self, "_changed_days", _days_named_anew(self.before.calendar, self.after.calendar))
        object.__setattr__(self, "_changed_stages", frozenset(row.stage.value for row in changed))
        object.__setattr__(self, "_known_rules", frozenset(rows))

    def may_move(self, clock: str, started_on: date, due_on: date, calendar_days: int = 0) -> bool:
        """Whether it is worth looking at the petition: False is certain, True is not.

        `calendar_days` is the amount of a limit in such days that no suspension has moved: rest days matter to it only
        where it ends.
        """
        after = started_on + timedelta(days=max(0, calendar_days - 1)) - _ONE_DAY
        return clock in self._changed_stages or self._names_days_between(after, due_on)

    def moved(self, petition: Petition) -> tuple[MovedClock, ...]:
        """The running clocks whose date moves. Raises CalendarRunsOut where the new calendar ends too early."""
        found = []
        for deadline in petition.deadlines.values():
            after = self._counted_anew(petition, deadline)
            if after.due_on != deadline.due_on:
                found.append(MovedClock(deadline, after))
        return tuple(found)

    def _counted_anew(self, petition: Petition, deadline: Deadline) -> Deadline:
        if deadline.policy is None or deadline.limit is None or deadline.decided_due_on is not None:
            return deadline
        row = self._new_rule(petition, deadline) if deadline.clock in self._changed_stages else None
        # Other days are counted as they were: a clock that ran out under an older calendar is not touched.
        if row is None and not self._names_days_between(deadline.started_on - _ONE_DAY, deadline.due_on):
            return deadline
        return recalculated(deadline, self.after.calendar, policy_row=row)

    def _new_rule(self, petition: Petition, deadline: Deadline) -> PolicyRow | None:
        """The rule that the clock runs by from now on; None while it is the one that it was counted by."""
        before = _rule(self.before, petition, deadline.clock, deadline.started_on)
        if before is None or before.reference != deadline.policy:
            return None  # counted by a rule of its own: another kind, or one that a late classification left to it
        after = _rule(self.after, petition, deadline.clock, deadline.started_on)
        if self.binds_running:
            now = _rule(self.after, petition, deadline.clock, max(deadline.started_on, self.on))
            after = now if now is not None and now.reference not in self._known_rules else after
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
        recalculated=tuple(
            Recalculation(
                clock=one.before.clock,
                old_due_on=one.before.due_on,
                new_due_on=one.after.due_on,
                old_policy=one.before.policy,
                new_policy=one.after.policy,
                old_calendar=one.before.calendar,
                new_calendar=one.after.calendar,
            )
            for one in moved
        ),
        instrument=change.proposed.instrument,
        proposed_by=change.proposed_by.officer,
        approved_by=approved_by,
        deadlines=tuple(one.after for one in moved),
    )


@dataclass(frozen=True, slots=True)
class MovedPetition:
    """`due_on` is the earliest date of all its clocks; overdue or not is against the day of the review."""

    petition_id: UUID
    reference: str | None
    unit: str
    due_on: date
    new_due_on: date
    was_overdue: bool
    is_overdue: bool
    clocks: tuple[MovedClock, ...]

    @classmethod
    def of(cls, petition: Petition, moved: tuple[MovedClock, ...], on: date) -> "MovedPetition":
        clocks = {clock: deadline.due_on for clock, deadline in petition.deadlines.items()}
        due_on = min(clocks.values())
        new_due_on = min({**clocks, **{one.after.clock: one.after.due_on for one in moved}}.values())
        counts = not petition.standing.is_suspended
        return cls(
            petition_id=petition.petition_id,
            reference=petition.reference,
            unit=petition.standing.unit,
            due_on=due_on,
            new_due_on=new_due_on,
            was_overdue=counts and due_on < on,
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


def _rule(law: Law, petition: Petition, clock: Clock, on: date) -> PolicyRow | None:
    """As the rules of intake and settlement choose it."""
    kind = petition.kind or PetitionKind.PROPOSAL_FEEDBACK
    return law.policies.row_for(
        kind,
        clock,
        on,
        remote=petition.receipt.is_remote_area and clock is not Clock.TRIAGE,
        complexity=petition.complexity if kind is PetitionKind.COMPLAINT else Complexity.NORMAL,
    )


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
