"""Defines the status of a petition: the part of its state that decisions and views share.

Sharing it keeps each rule in one place. Views store it as a row; `domain.status_transitions` computes it from facts.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from domain.deadlines.clock import Clock, ClockKey
from domain.supplements import CitizenWait, SupplementStep, citizen_waits
from domain.value import Value
from domain.vocabulary import NO_UNIT, OfficerId, PetitionKind, Recipient, Stage, UnitId


class DueState(StrEnum):
    """Classifies an open petition by its due date on a day. Every open petition has exactly one of these states."""

    NOT_YET_DUE = "not_yet_due"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    NO_LIMIT_SET = "no_limit_set"  # a defect of the assignment, never "on time"


def due_state(due_on: date | None, *, is_held: bool, on: date, soon_until: date) -> DueState:
    """Return the state on the day `on`. `soon_until` is the last day that counts as soon.

    `is_held` says that a suspension holds the date. A limit ends at 24:00 of its last day, so a petition is overdue
    only from the next day on.
    """
    if is_held:
        return DueState.SUSPENDED
    if due_on is None:
        return DueState.NO_LIMIT_SET
    if due_on < on:
        return DueState.OVERDUE
    if due_on == on:
        return DueState.DUE_TODAY
    return DueState.DUE_SOON if due_on <= soon_until else DueState.NOT_YET_DUE


def succeed_coordinator(
    coordinating: tuple[UnitId, ...], lead: UnitId, from_unit: UnitId, to_unit: UnitId
) -> tuple[UnitId, ...]:
    """Return the coordinating units with `to_unit` for `from_unit`: each once, and none that leads."""
    after = (to_unit if unit == from_unit else unit for unit in coordinating)
    return tuple(unit for unit in dict.fromkeys(after) if unit != lead)


class Promise(Value):
    """Holds the day on which a promise was made, the day by which it is to be kept, and whether it is, as a whole."""

    made_on: date
    is_kept: bool
    promised_for_on: date | None = None


class Duty(Value):
    """Holds who owes a duty, its last day in time, the round of the petition that started it, and who waits for it.

    `owed_to` are those to whom something is still to be sent; it is empty where the duty is not to send.
    """

    unit: UnitId
    due_on: date
    round: int = 1
    owed_to: frozenset[Recipient] = frozenset()


class Status(Value):
    """Holds stage, owner and running clocks of a petition.

    `clocks` maps each running clock to its present due date; the earliest date counts. `duties` are what is due beside
    the answer: they move no due date of the petition, and outlive its end. `settled_on` is the day on which
    the last clock stopped: the petition was answered or left this authority. `due_when_settled` keeps the date that was
    due then, so that lateness is computed and never stored as a flag.
    """

    stage: Stage
    received_on: date
    kind: PetitionKind | None = None
    unit: UnitId = NO_UNIT
    coordinating: tuple[UnitId, ...] = ()
    officer: OfficerId | None = None
    clocks: Mapping[Clock, date] = msgspec.field(default_factory=dict)
    duties: Mapping[ClockKey, Duty] = msgspec.field(default_factory=dict)
    suspended_on: date | None = None
    stage_before_suspension: Stage | None = None
    stage_before_link: Stage | None = None  # of a duplicate: the stage it returns to when the link is undone
    settled_on: date | None = None
    due_when_settled: date | None = None
    round: int = 1
    answer_version: int | None = None  # the place of the last answer in the history, whose day may be corrected
    asked_for_on: date | None = None  # by a reminder, while its unit has the petition
    reminder_proposed_on: date | None = (
        None  # by the ladder, until an officer urges the unit or the petition is settled
    )
    promises: Mapping[int, Promise] = msgspec.field(default_factory=dict)  # of the answers, by their number
    stage_before_implemented: Stage | None = None  # to which it returns when another promise follows
    supplement_steps: tuple[SupplementStep, ...] = ()  # asked of the citizen, came, or not waited for any longer
    is_matter: bool = False  # of a split letter: its opening has the day of receipt in a field of its own

    @property
    def due_on(self) -> date | None:
        """Return the earliest date among the running clocks, or None when none runs."""
        return min(self.clocks.values(), default=None)

    @property
    def clock(self) -> Clock | None:
        """Return the clock that runs out first, or None when none runs."""
        return min(self.clocks, key=lambda clock: self.clocks[clock], default=None)

    @property
    def citizen_waits(self) -> tuple[CitizenWait, ...]:
        """Return the times in which the citizen was waited for. No clock stands still in them."""
        return citizen_waits(self.supplement_steps)

    @property
    def waiting_since(self) -> date | None:
        """Return the day since which the citizen is waited for, or None."""
        waits = self.citizen_waits if self.supplement_steps else ()
        return waits[-1].since_on if waits and waits[-1].until_on is None else None

    @property
    def is_suspended(self) -> bool:
        return self.stage is Stage.SUSPENDED

    @property
    def is_held(self) -> bool:
        """Return True while a suspension holds the due date.

        A date that had passed before is not held: late stays late.
        """
        return self.suspended_on is not None and (self.due_on is None or self.due_on >= self.suspended_on)

    def has_run_out(self, clock: Clock, on: date) -> bool:
        """Return True when the last day of a running clock lies before the day `on`, and no suspension held it."""
        due_on = self.clocks[clock]
        return due_on < on and (self.suspended_on is None or due_on < self.suspended_on)

    def is_past_limit(self, on: date) -> bool:
        """Return True when the petition is open, and its earliest due date lies before the day `on` and is not held."""
        return self.due_on is not None and self.due_on < on and self.stage.is_open and not self.is_held
