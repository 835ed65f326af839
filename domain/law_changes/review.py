"""Finds what a change of law moves: the clocks of one petition, and the list of petitions that two officers look at.

Applying uses the same functions, so that it moves what was reviewed.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from domain.deadlines.calendar import ONE_DAY
from domain.deadlines.clock import CLOCK_OF_STAGE, Clock
from domain.deadlines.deadline import Deadline, recalculate_deadline, resume_deadline, start_clock
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.stages import LegalStage
from domain.events import DeadlineRecalculated, Recalculation
from domain.law_changes.differences import ChangedDay, ChangedRule, days_that_differ
from domain.law_changes.law_change import LawChange
from domain.petition import Petition
from domain.rules.limits import limit_row_for
from domain.value import UNSET
from domain.vocabulary import OfficerId, PetitionKind

_KIND_WITHOUT_LIMIT = PetitionKind.PROPOSAL_FEEDBACK
"""Kind whose answer has no limit in national law: a slot for the province."""


@dataclass(frozen=True, slots=True)
class MovedClock:
    """Holds a clock before and after a change; `before` is None where no limit was set."""

    before: Deadline | None
    after: Deadline


@dataclass(frozen=True)
class LawComparison:
    """Compares two laws, and finds how the second moves clocks that run by the first.

    A rule binds the clocks that were started while it is in force; if it `binds_running` ones too, also those that run
    on the day `on`. Days that the new calendar changes move every clock that they lie in. Neither moves a date that
    somebody set. A rule for what had no limit starts the clock, by the day of the act as for any other.
    """

    before: Law
    after: Law
    on: date
    binds_running: bool = False
    _changed_days: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _changed_clocks: frozenset[str] = field(init=False, repr=False, compare=False)
    _sets_missing_limit: bool = field(init=False, repr=False, compare=False)
    _known_rules: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rows = {row.reference: row for row in self.before.policies.every_row}
        changed = [row for row in self.after.policies.every_row if rows.get(row.reference) != row]
        object.__setattr__(self, "_changed_days", days_that_differ(self.before.calendar, self.after.calendar))
        object.__setattr__(
            self,
            "_changed_clocks",
            frozenset(CLOCK_OF_STAGE[row.stage] for row in changed if row.stage in CLOCK_OF_STAGE),
        )
        # All else that a petition's clocks run by has a limit in national law.
        sets_missing_limit = any(
            row.limit is not None and row.stage is LegalStage.SETTLEMENT and row.kind in (_KIND_WITHOUT_LIMIT, "any")
            for row in changed
        )
        object.__setattr__(self, "_sets_missing_limit", sets_missing_limit)
        object.__setattr__(self, "_known_rules", frozenset(rows))

    def may_move(self, clock: str, started_on: date, due_on: date, calendar_days: int = 0) -> bool:
        """Return False if the clock certainly does not move, True if the petition must be looked at.

        `calendar_days` is the amount of a limit in such days that no suspension has moved: rest days matter to it only
        where it ends.
        """
        after = started_on + timedelta(days=max(0, calendar_days - 1)) - ONE_DAY
        return clock in self._changed_clocks or self._has_changed_days_between(after, due_on)

    @property
    def may_start_clocks_of(self) -> PetitionKind | None:
        """Return the kind of which each assigned petition must be looked at, whatever clocks it has.

        None means that the second law sets no limit that was missing.
        """
        return _KIND_WITHOUT_LIMIT if self._sets_missing_limit else None

    def moved_clocks(self, petition: Petition) -> tuple[MovedClock, ...]:
        """Return the running clocks whose date moves. Raise CalendarRunsOut where the new calendar ends too early."""
        found = []
        for deadline in (*petition.deadlines.values(), *petition.duties.values()):
            after = self._recalculated_by_second_law(petition, deadline)
            if after.due_on != deadline.due_on:
                found.append(MovedClock(deadline, after))
        if self._sets_missing_limit and (started := self._clock_that_new_limit_starts(petition)) is not None:
            found.append(MovedClock(None, started))
        return tuple(found)

    def _clock_that_new_limit_starts(self, petition: Petition) -> Deadline | None:
        """Return the clock of an answer that was assigned while nobody had set a limit; None if there is none.

        It is started as if the rule had been on file then.
        """
        on = petition.assigned_on
        if petition.kind is not _KIND_WITHOUT_LIMIT or on is None or not petition.stage.is_open:
            return None
        if Clock.SETTLEMENT in petition.deadlines or _sets_limit(
            limit_row_for(self.before, petition.character, Clock.SETTLEMENT, on)
        ):
            return None
        row = self._binding_rule(petition, Clock.SETTLEMENT, on)
        if row is None or row.limit is None:
            return None
        started = start_clock(Clock.SETTLEMENT, on, row, self.after.calendar)
        for pause in petition.suspensions:
            started = resume_deadline(started, pause.suspended_on, pause.resumed_on, self.after.calendar)
        return started

    def _binding_rule(self, petition: Petition, clock: Clock, started_on: date) -> PolicyRow | None:
        """Return the rule of the second law for a clock that was started on that day."""
        row = limit_row_for(self.after, petition.character, clock, started_on)
        if self.binds_running:
            now = limit_row_for(self.after, petition.character, clock, max(started_on, self.on))
            row = now if now is not None and now.reference not in self._known_rules else row
        return row

    def _recalculated_by_second_law(self, petition: Petition, deadline: Deadline) -> Deadline:
        """Return the clock as the second law counts it; a date that somebody set stays."""
        if deadline.policy is UNSET or deadline.limit is UNSET or deadline.decided_due_on is not UNSET:
            return deadline
        row = self._new_rule(petition, deadline) if deadline.clock in self._changed_clocks else None
        # Days that did not change are not counted again: a clock that ran out under an older calendar keeps its date.
        if row is None and not self._has_changed_days_between(deadline.started_on - ONE_DAY, deadline.due_on):
            return deadline
        return recalculate_deadline(deadline, self.after.calendar, policy_row=row)

    def _new_rule(self, petition: Petition, deadline: Deadline) -> PolicyRow | None:
        """Return the rule by which the clock runs from now on; None if it runs on by its present rule."""
        before = limit_row_for(self.before, petition.character, deadline.clock, deadline.started_on)
        if before is None or before.reference != deadline.policy:
            return None  # counted by another rule: of another kind, or one that a late classification kept
        after = self._binding_rule(petition, deadline.clock, deadline.started_on)
        return None if after is None or after.limit is None or after.reference == before.reference else after

    def _has_changed_days_between(self, after: date, until: date) -> bool:
        """Return True if a day later than `after`, up to and including `until`, is worked by one calendar only."""
        return bisect_right(self._changed_days, until) > bisect_right(self._changed_days, after)


def recalculation_event(
    petition: Petition, moved: tuple[MovedClock, ...], change: LawChange, approved_by: OfficerId, on: date
) -> DeadlineRecalculated:
    """Return the event by which an approved change recalculates the moved clocks of one petition."""
    return DeadlineRecalculated(
        occurred_on=max(on, petition.received_on),
        change_id=change.proposed.change_id,
        recalculated=tuple(_recalculation_of_clock(one) for one in moved),
        instrument=change.proposed.instrument,
        proposed_by=change.proposed_by.officer,
        approved_by=approved_by,
        deadlines=tuple(one.after for one in moved),
    )


def _recalculation_of_clock(moved: MovedClock) -> Recalculation:
    """Return the old and new date, rule and calendar of one clock, as the event records them."""
    before, after = moved.before, moved.after
    return Recalculation(
        clock=after.clock,
        subject=after.subject,
        old_due_on=UNSET if before is None else before.due_on,
        new_due_on=after.due_on,
        old_policy=UNSET if before is None else before.policy,
        new_policy=after.policy,
        old_calendar=UNSET if before is None else before.calendar,
        new_calendar=after.calendar,
    )


@dataclass(frozen=True, slots=True)
class MovedPetition:
    """Holds one petition of the review. `due_on` is the earliest date of its own clocks, None where none has a limit.

    A duty that moves is among the `clocks`, and moves no date of the petition.

    Overdue or not is judged on the day of the review.
    """

    petition_id: UUID
    reference: str | None
    unit: str
    due_on: date | None
    new_due_on: date | None
    was_overdue: bool
    is_overdue: bool
    clocks: tuple[MovedClock, ...]

    @classmethod
    def of(cls, petition: Petition, moved: tuple[MovedClock, ...], on: date) -> "MovedPetition":
        """Return the petition with its moved clocks, judged on the day `on`."""
        clocks = {deadline.key: deadline.due_on for deadline in petition.deadlines.values()}
        due_on = min(clocks.values(), default=None)
        clocks |= {one.after.key: one.after.due_on for one in moved if not one.after.clock.is_duty}
        new_due_on = min(clocks.values(), default=None)
        counts = not petition.status.is_suspended
        return cls(
            petition_id=petition.petition_id,
            reference=petition.reference,
            unit=petition.status.unit,
            due_on=due_on,
            new_due_on=new_due_on,
            was_overdue=counts and due_on is not None and due_on < on,
            is_overdue=counts and new_due_on is not None and new_due_on < on,
            clocks=moved,
        )


@dataclass(frozen=True, slots=True)
class LawChangeReview:
    """Holds a dry run on the day `on`, against the law whose digest is `base`: what changes, and whom it moves."""

    on: date
    base: str
    open_petitions: int
    petitions: tuple[MovedPetition, ...]
    days: tuple[ChangedDay, ...] = ()
    rules: tuple[ChangedRule, ...] = ()

    @property
    def would_become_overdue(self) -> int:
        """Return the number of petitions that become overdue by the change."""
        return sum(one.is_overdue and not one.was_overdue for one in self.petitions)

    @property
    def would_stop_being_overdue(self) -> int:
        """Return the number of petitions that are overdue only without the change."""
        return sum(one.was_overdue and not one.is_overdue for one in self.petitions)


def _sets_limit(row: PolicyRow | None) -> bool:
    """Return True if there is a rule and it has a limit."""
    return row is not None and row.limit is not None
