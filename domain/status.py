"""Where a petition stands: the part of its state that decisions and views share, so no rule is told twice.

Views store a standing as a row; how facts move it is `domain.status_transitions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.deadlines.deadline import Clock
from domain.vocabulary import NO_UNIT, OfficerId, PetitionKind, Stage, UnitId


class DueState(StrEnum):
    """How an open petition stands against a day: every open one is in exactly one of these."""

    NOT_YET_DUE = "not_yet_due"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    NO_LIMIT_SET = "no_limit_set"  # a defect of the assignment, never "on time"


def due_state(due_on: date | None, *, is_suspended: bool, on: date, soon_until: date) -> DueState:
    """`soon_until` is the last day that counts as soon; a limit ends at 24:00 of its last day."""
    if is_suspended:
        return DueState.SUSPENDED
    if due_on is None:
        return DueState.NO_LIMIT_SET
    if due_on < on:
        return DueState.OVERDUE
    if due_on == on:
        return DueState.DUE_TODAY
    return DueState.DUE_SOON if due_on <= soon_until else DueState.NOT_YET_DUE


@dataclass(frozen=True)  # no slots: see `changed`
class Standing:
    """The clocks are those that run, each with its present due date; the earliest is the one that counts.

    `settled_on` is the day on which the last clock stopped: by an answer, or by the petition's leaving us.
    With it `due_when_settled` keeps what was due, so that lateness is computed and never stored as a flag.
    """

    stage: Stage
    received_on: date
    kind: PetitionKind | None = None
    unit: UnitId = NO_UNIT
    coordinating: tuple[UnitId, ...] = ()
    officer: OfficerId | None = None
    clocks: Mapping[Clock, date] = field(default_factory=dict)
    suspended_on: date | None = None
    stage_before_suspension: Stage | None = None
    stage_before_link: Stage | None = None  # of a duplicate, to which it goes back when the link is undone
    settled_on: date | None = None
    due_when_settled: date | None = None
    round: int = 1
    asked_for_on: date | None = None  # by a reminder, while its unit has the petition

    @property
    def due_on(self) -> date | None:
        """The earliest date among the running clocks."""
        return min(self.clocks.values(), default=None)

    @property
    def clock(self) -> Clock | None:
        """The clock that runs out first."""
        return min(self.clocks, key=lambda clock: self.clocks[clock], default=None)

    @property
    def is_suspended(self) -> bool:
        return self.stage is Stage.SUSPENDED

    def is_past_limit(self, on: date) -> bool:
        return self.due_on is not None and self.due_on < on and self.stage.is_open and not self.is_suspended
