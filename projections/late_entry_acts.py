"""Finds the acts that were recorded after their days, and the due dates that passed between."""

from datetime import date, timedelta
from typing import Any

from domain.actor import SERVICE_CREDENTIALS
from domain.deadlines.clock import ClockKey
from domain.envelope import EventEnvelope
from domain.events import (
    CoordinatorSucceeded,
    DeadlineRecalculated,
    DuplicateLinked,
    DuplicateUnlinked,
    DutySucceeded,
    MatterOpened,
    ResponsibilitySucceeded,
    StageOpened,
)
from domain.status import Status
from projections.case_records import LateEntry

_LEAST_DAYS = timedelta(days=2)
"""What was recorded the day after its day is never more than one working day late."""

_CAUSED_BY_OTHERS = frozenset[type](
    {MatterOpened, StageOpened, DuplicateLinked, DuplicateUnlinked}
    | {ResponsibilitySucceeded, CoordinatorSucceeded, DutySucceeded, DeadlineRecalculated}
)
"""Events that follow from an act in another history, or from a change that two officers reviewed."""


def late_entry_of(before: Status | None, now: Status, envelope: EventEnvelope[Any]) -> LateEntry | None:
    """Return the entry of an act that may have been entered late, or was dated back over a due date; else None.

    `before` is the status without the act, None for a receipt; `now` is that with it. Whether more than a working day
    lies between is for the query: the calendar may still change.
    """
    fact = envelope.fact
    stated_on, recorded_on = fact.occurred_on, envelope.recorded_on
    if recorded_on is None or recorded_on <= stated_on:
        return None
    if type(fact) in _CAUSED_BY_OTHERS or envelope.by.officer == SERVICE_CREDENTIALS.officer:
        return None
    passed = [due_on for due_on in _dates_due(before, now) if stated_on <= due_on < recorded_on]
    if not passed and recorded_on - stated_on < _LEAST_DAYS:
        return None
    return LateEntry(
        version=envelope.originator_version,
        act=type(fact).__name__,
        stated_on=stated_on,
        recorded_on=recorded_on,
        unit=envelope.by.unit,
        officer=envelope.by.officer,
        due_on=min(passed, default=None),
    )


def _dates_due(before: Status | None, now: Status) -> list[date]:
    """Return the dates that ran before the act: those of the petition that no suspension held, and of ended duties."""
    if before is None:
        return []
    ended: list[ClockKey] = [key for key in before.duties if key not in now.duties]
    return [*(() if before.is_held else before.clocks.values()), *(before.duties[key].due_on for key in ended)]
