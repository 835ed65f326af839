"""Names the clocks of tasks of a conclusion notice, and the steps that are raised for them."""

from domain.alerts.keys import StepKey
from domain.alerts.vocabulary import WatchedClock
from domain.deadlines.clock import ClockSubject, SubjectKind
from domain.meetings.events import TaskAlertAcknowledged, TaskAlertRaised

ONLY_ROUND = 1
"""A task is given once: its clock has no second round, as an answer may have."""


def task_subject(number: int) -> ClockSubject:
    """Return the subject of the clock of the task with that number."""
    return ClockSubject(kind=SubjectKind.TASK, reference=str(number))


def task_step_key(fact: TaskAlertRaised | TaskAlertAcknowledged) -> StepKey:
    """Return the key of the step that was raised or acknowledged."""
    return StepKey(WatchedClock.TASK, ONLY_ROUND, fact.due_on, fact.step, task_subject(fact.number))
