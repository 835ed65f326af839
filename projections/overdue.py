"""Keeps the view of what is owed: the answer to each open petition, and the duties beside and after the answers.

Lateness is computed from stored dates and never stored as a flag, so no nightly job is needed. `projections.owed_list`
lists the lines of the view, and `projections.unit_workload` gives the totals for the same lines.
"""

from collections.abc import Iterable
from typing import ClassVar

from projections import standing_intervals
from projections.case_state import CaseState
from projections.duty_intervals import DutyInterval
from projections.projection import CounterDelta, CounterTable, Projection, Table, TableRow
from projections.standing_intervals import NEVER, StatusInterval

PETITIONS_TABLE = Table(
    "overdue",
    ("petition_id",),
    (
        *("reference", "kind", "received_on", "channel", "place", "summary", "identity_protected", "duplicates"),
        *("since_on", "stage", "unit", "officer", "due_on", "clock", "is_held", "waiting_since"),
    ),
    sealed=("place", "summary"),
)
PAST_TABLE = Table(
    "overdue_past",
    ("petition_id", "since_on"),
    ("until_on", "stage", "unit", "officer", "due_on", "clock", "is_held", "waiting_since"),
)
DUTIES_TABLE = Table(
    "overdue_duties", ("petition_id", "duty", "since_on"), ("until_on", "stage", "unit", "due_on", "clock", "subject")
)
DUE_COUNTERS = CounterTable("overdue_due", ("due_on", "is_held", "is_duty"), ("lines",))
DUE_OF_UNIT_COUNTERS = CounterTable("overdue_due_of_unit", ("unit", "due_on", "is_held", "is_duty"), ("lines",))


class Overdue(Projection):
    """Keeps what is owed of each petition, now and before, and counts how many lines are due on each day.

    A line is an open petition, whose answer is owed, or a duty that runs.
    """

    name: ClassVar = "overdue"
    version: ClassVar = 10
    tables: ClassVar = (PETITIONS_TABLE, PAST_TABLE, DUTIES_TABLE, DUE_COUNTERS, DUE_OF_UNIT_COUNTERS)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if not isinstance(state, CaseState):
            return
        petition_id, now = state.petition_id, state.intervals[-1]
        yield (
            PETITIONS_TABLE,
            (
                petition_id,
                state.reference,
                state.status.kind,
                state.status.received_on,
                state.channel,
                state.place,
                state.summary,
                state.identity_protected,
                state.duplicates,
                now.since_on,
                *_interval_columns(now),
            ),
        )
        for interval, until_on in standing_intervals.past_intervals(state.intervals):
            yield PAST_TABLE, (petition_id, interval.since_on, until_on, *_interval_columns(interval))
        for duty in state.duties:
            yield DUTIES_TABLE, (petition_id, *_duty_columns(duty))

    def counter_deltas(self, state: object) -> Iterable[CounterDelta]:
        if not isinstance(state, CaseState):
            return
        if (now := state.intervals[-1]).is_open:
            due_on = now.due_on or NEVER
            yield DUE_COUNTERS, (due_on, now.is_held, False), "lines", 1
            yield DUE_OF_UNIT_COUNTERS, (now.unit, due_on, now.is_held, False), "lines", 1
        for duty in state.duties:
            if duty.until_on is None:
                yield DUE_COUNTERS, (duty.due_on, False, True), "lines", 1
                yield DUE_OF_UNIT_COUNTERS, (duty.unit, duty.due_on, False, True), "lines", 1


def _interval_columns(interval: StatusInterval) -> TableRow:
    """Return the last columns of both tables of petitions, from the stage on."""
    return (
        interval.stage,
        interval.unit,
        interval.officer,
        interval.due_on or NEVER,
        interval.clock,
        interval.is_held,
        interval.waiting_since,
    )


def _duty_columns(duty: DutyInterval) -> TableRow:
    """Return the columns of the table of duties after the petition."""
    subject = "" if duty.key.subject is None else f"{duty.key.subject.kind}:{duty.key.subject.reference}"
    name = f"{duty.key.clock}/{subject}" if subject else str(duty.key.clock)
    return name, duty.since_on, duty.until_on or NEVER, duty.stage, duty.unit, duty.due_on, duty.key.clock, subject
