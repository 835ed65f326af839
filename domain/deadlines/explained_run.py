"""Joins each clock of a petition with the explanation of its date.

Officers ask for both at once.
"""

from dataclasses import dataclass
from typing import Any

from domain.deadlines.clock_run import ClockRun
from domain.deadlines.explanation import Explanation, explain_deadline
from domain.deadlines.ledger import Ledger
from domain.deadlines.policy import Law


@dataclass(frozen=True, slots=True)
class ExplainedRun:
    """Holds a clock of the ledger and the explanation of its last deadline."""

    run: ClockRun
    explanation: Explanation

    def as_json(self) -> dict[str, Any]:
        """Return the recorded clock and the law from which its date follows, with the keys of the API's answer."""
        run = self.run
        return {
            "clock": run.clock,
            "started_on": run.started_on,
            "original_due_on": run.original_due_on,
            "is_running": run.is_running,
            "stopped_on": run.stopped_on,
            "stopped_by": run.stopped_by,
            "moves": [
                {"event": one.event, "occurred_on": one.occurred_on, "due_on": one.due_after} for one in run.course
            ],
            **self.explanation.as_json(),
            "due_on": run.due_on,  # later than the counted day if the clock stopped while it was suspended
        }


def explained_runs(ledger: Ledger, law: Law) -> list[ExplainedRun]:
    """Return the clocks with a deadline, in the order of their start.

    Waits without a limit and clocks inside the office are left out, because their dates follow from no law.
    """
    return [ExplainedRun(run, explain_deadline(run.deadline, law)) for run in ledger.clocks if run.deadline is not None]
