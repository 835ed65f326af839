"""Joins each clock of a petition with the explanation of its date.

Officers ask for both at once.
"""

from dataclasses import dataclass
from typing import Any

from domain.deadlines.clock_run import ClockRun
from domain.deadlines.deadline import Clock
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.explanation import Explanation, explain_deadline
from domain.deadlines.ledger import Ledger
from domain.deadlines.policy import Law
from domain.rules.possible_kinds import UNCLASSIFIED_STAGE, PossibleLimit, strictest_possible_limit
from domain.supplements import CitizenWait


@dataclass(frozen=True, slots=True)
class ExplainedRun:
    """Holds a clock of the ledger and the explanation of its last deadline.

    `waits` are the times in which the citizen was waited for while it ran; they do not move it. `possible` is the
    earliest limit of another kind, while the letter is not classified.
    """

    run: ClockRun
    explanation: Explanation
    waits: tuple[CitizenWait, ...] = ()
    possible: PossibleLimit | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the recorded clock and the law from which its date follows, with the keys of the API's answer."""
        run = self.run
        return {
            "clock": run.clock,
            "subject": None if run.subject is None else run.subject.text,
            "owed_by": run.holder.unit if run.holder is not None and is_duty_run(run) else None,
            "started_on": run.started_on,
            "original_due_on": run.original_due_on,
            "is_running": run.is_running,
            "stopped_on": run.stopped_on,
            "stopped_by": run.stopped_by,
            "moves": [
                {"event": one.event, "occurred_on": one.occurred_on, "due_on": one.due_after} for one in run.course
            ],
            "waits": [
                {"since_on": one.since_on, "until_on": one.until_on, "asked_for_on": one.asked_for_on}
                for one in self.waits
            ],
            "possible_on": None if self.possible is None else self.possible.due_on,
            "possible_kinds": [] if self.possible is None else self.possible.kinds,
            **self.explanation.as_json(),
            "due_on": run.due_on,  # later than the counted day if the clock stopped while it was suspended
        }


def explained_runs(ledger: Ledger, law: Law) -> list[ExplainedRun]:
    """Return the clocks with a deadline, in the order of their start.

    Waits without a limit and clocks inside the office are left out, because their dates follow from no law.
    """
    return [
        ExplainedRun(
            run, explain_deadline(run.deadline, law), ledger.waits_during(run), possible_limit_beside(run, ledger, law)
        )
        for run in ledger.clocks
        if run.deadline is not None
    ]


def possible_limit_beside(run: ClockRun, ledger: Ledger, law: Law) -> PossibleLimit | None:
    """Return the earliest limit of another kind beside the first clock of a letter that is not classified."""
    if ledger.status.stage is not UNCLASSIFIED_STAGE or run.clock is not Clock.TRIAGE or not run.is_running:
        return None
    return strictest_possible_limit(ledger.status.received_on, ledger.due_on, law)
