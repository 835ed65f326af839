"""Lists the acts that moved the lateness of a petition, each with its timing to the due date that ran before it.

Each act is told as it was known when it was recorded: a due date that was put right later is told by the correction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain import events as e
from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.envelope import EventEnvelope
from domain.status import Status
from domain.status_transitions import status_after_each
from domain.value import UNSET
from domain.vocabulary import OfficerId, UnitId
from projections.case_records import LateEntry
from projections.late_entry_acts import late_entry_of


class LatenessCause(StrEnum):
    """Names how an act moves lateness: by other hands, by another date, or by being told late."""

    REASSIGNMENT = "reassignment"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    RESUMPTION = "resumption"
    RECLASSIFICATION = "reclassification"
    CORRECTION = "correction"
    REVERSAL = "reversal"
    NEW_DATE = "new_date"
    LATE_ENTRY = "late_entry"


class DueTiming(StrEnum):
    """Says where a day lies to a due date."""

    BEFORE = "before"
    ON = "on"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class LatenessAct:
    """Holds one act. `due_before` and `due_after` are the petition's due dates; None where no limit ran.

    `timing` is that of the stated day to `due_before`, and `timing_recorded` that of the day of the recording in
    Vietnam's official time; both are None without a limit. `was_held` says that a suspension held the date.
    """

    version: int
    position: int | None
    event: str
    causes: tuple[LatenessCause, ...]
    stated_on: date
    recorded_on: date | None
    recorded_by: OfficerId
    recorded_by_unit: UnitId
    due_before: date | None
    due_after: date | None
    was_held: bool
    timing: DueTiming | None
    timing_recorded: DueTiming | None


_CAUSE_OF_CLASS: dict[type[e.PetitionEvent], LatenessCause] = {
    e.PetitionReassigned: LatenessCause.REASSIGNMENT,
    e.ResponsibilitySucceeded: LatenessCause.REASSIGNMENT,
    e.DeadlineExtended: LatenessCause.EXTENSION,
    e.ProcessingSuspended: LatenessCause.SUSPENSION,
    e.ProcessingResumed: LatenessCause.RESUMPTION,
    e.RecordCorrected: LatenessCause.CORRECTION,
    e.EndingReversed: LatenessCause.REVERSAL,
}


def lateness_acts(history: Sequence[EventEnvelope[e.PetitionEvent]], calendar: Calendar) -> tuple[LatenessAct, ...]:
    """Return the acts in the order of the history. `calendar` says what was entered late.

    Raise ValueError when the history does not begin with an opening.
    """
    found: list[LatenessAct] = []
    before: Status | None = None
    was_classified = False
    opening = history[0].fact if history else None
    is_import = isinstance(opening, e.PetitionReceived) and opening.source is not UNSET
    for envelope, after in status_after_each(history):
        is_told_by_import = is_import and envelope.recorded_at == history[0].recorded_at
        causes = _causes(before, after, envelope, was_classified=was_classified)
        was_classified = was_classified or isinstance(envelope.fact, e.PetitionClassified)
        if not is_told_by_import and _is_late_entry(late_entry_of(before, after, envelope), calendar):
            causes = (*causes, LatenessCause.LATE_ENTRY)
        if causes:
            found.append(_act(envelope, causes, before, after))
        before = after
    return tuple(found)


def _causes(
    before: Status | None, after: Status, envelope: EventEnvelope[e.PetitionEvent], *, was_classified: bool
) -> tuple[LatenessCause, ...]:
    """Return how the act moves lateness. That a letter is not what its sender called it is no reclassification."""
    fact = envelope.fact
    if (cause := _CAUSE_OF_CLASS.get(type(fact))) is not None:
        return (cause,)
    if before is None:
        return ()
    if was_classified and isinstance(fact, e.PetitionClassified) and before.kind is not after.kind:
        return (LatenessCause.RECLASSIFICATION,)
    moves_date = any(after.clocks.get(clock, due_on) != due_on for clock, due_on in before.clocks.items())
    return (LatenessCause.NEW_DATE,) if moves_date else ()


def _is_late_entry(entry: LateEntry | None, calendar: Calendar) -> bool:
    """Return True for an act that a due date passed before its recording, or more than one working day.

    Days beyond the calendar on file count as working days: the list of late entries may then tell fewer.
    """
    if entry is None or entry.due_on is not None:
        return entry is not None
    try:
        return calendar.working_days_between(entry.stated_on, entry.recorded_on) > 1
    except CalendarRunsOut:
        return True


def _act(
    envelope: EventEnvelope[e.PetitionEvent], causes: tuple[LatenessCause, ...], before: Status | None, after: Status
) -> LatenessAct:
    due_before = None if before is None else before.due_on if before.settled_on is None else before.due_when_settled
    stated_on, recorded_on = envelope.fact.occurred_on, envelope.recorded_on
    return LatenessAct(
        version=envelope.originator_version,
        position=envelope.position,
        event=type(envelope.fact).__name__,
        causes=causes,
        stated_on=stated_on,
        recorded_on=recorded_on,
        recorded_by=envelope.by.officer,
        recorded_by_unit=envelope.by.unit,
        due_before=due_before,
        due_after=after.due_on if after.settled_on is None else after.due_when_settled,
        was_held=before is not None and before.is_held,
        timing=due_timing(stated_on, due_before),
        timing_recorded=due_timing(recorded_on, due_before),
    )


def due_timing(day: date | None, due_on: date | None) -> DueTiming | None:
    """Return where the day lies to the due date; None if either is not known. A limit ends at 24:00 of its last day."""
    if day is None or due_on is None:
        return None
    return DueTiming.BEFORE if day < due_on else DueTiming.ON if day == due_on else DueTiming.AFTER
