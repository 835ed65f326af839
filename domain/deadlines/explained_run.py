"""The clocks of a petition, each with the reason why its date is that day."""

from dataclasses import dataclass
from typing import Any

from domain.deadlines.clock_run import ClockRun
from domain.deadlines.explanation import Explanation, explain
from domain.deadlines.ledger import Ledger
from domain.deadlines.policy import Law


@dataclass(frozen=True, slots=True)
class ExplainedRun:
    run: ClockRun
    explanation: Explanation

    def as_json(self) -> dict[str, Any]:
        """What the record says and what it follows from."""
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
            "due_on": run.due_on,  # of one that stopped while it stood still it is later than what was counted
        }


def explained_runs(ledger: Ledger, law: Law) -> list[ExplainedRun]:
    """In the order of their start; a wait without a limit and a date inside the office follow from no law."""
    return [ExplainedRun(run, explain(run.deadline, law)) for run in ledger.clocks if run.deadline is not None]
