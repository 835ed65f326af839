"""Joins each clock of a petition with the explanation of its date, and with the extensions that moved it.

Officers ask for both at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.correcting.history import corrected_history
from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import ClockRun, Move
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.explanation import Explanation, explain_deadline
from domain.deadlines.ledger import Ledger, fold_ledger
from domain.deadlines.policy import Law
from domain.envelope import EventEnvelope
from domain.events import DeadlineExtended, PetitionEvent
from domain.evolve import evolve
from domain.petition import Petition
from domain.rules.extension_bounds import extension_row
from domain.rules.possible_kinds import UNCLASSIFIED_STAGE, PossibleLimit, strictest_possible_limit
from domain.supplements import CitizenWait


@dataclass(frozen=True, slots=True)
class GrantedExtension:
    """Holds an extension that moved a clock: its number, its last day, its decision and its article.

    `version` is the number of its event in the petition's history. `source` is None if no rule on file allows it.
    """

    version: int
    number: int
    until: date
    decision_no: str
    source: str | None


@dataclass(frozen=True, slots=True)
class ExplainedRun:
    """Holds a clock of the ledger, the explanation of its last deadline, and the extensions that moved it.

    `waits` are the times in which the citizen was waited for while it ran; they do not move it. `possible` is the
    earliest limit of another kind, while the letter is not classified.
    """

    run: ClockRun
    explanation: Explanation
    extensions: tuple[GrantedExtension, ...] = ()
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


def explained_runs(history: Sequence[EventEnvelope[PetitionEvent]], law: Law) -> list[ExplainedRun]:
    """Return the clocks of a petition with a deadline, in the order of their start.

    Waits without a limit and clocks inside the office are left out, because their dates follow from no law. Raise
    ValueError when the history does not begin with an opening.
    """
    extensions, ledger = _granted_extensions(history, law), fold_ledger(history)
    return [
        ExplainedRun(
            run,
            explain_deadline(run.deadline, law),
            tuple(one for one in extensions if one.version in _extended_by(run)),
            ledger.waits_during(run),
            possible_limit_beside(run, ledger, law),
        )
        for run in ledger.clocks
        if run.deadline is not None
    ]


def possible_limit_beside(run: ClockRun, ledger: Ledger, law: Law) -> PossibleLimit | None:
    """Return the earliest limit of another kind beside the first clock of a letter that is not classified."""
    if ledger.status.stage is not UNCLASSIFIED_STAGE or run.clock is not Clock.TRIAGE or not run.is_running:
        return None
    return strictest_possible_limit(ledger.status.received_on, ledger.due_on, law)


def _extended_by(run: ClockRun) -> set[int]:
    """Return the numbers, in the petition's history, of the events that extended the clock in time."""
    return {segment.version for segment in run.course if segment.move is Move.EXTEND}


def _granted_extensions(history: Iterable[EventEnvelope[PetitionEvent]], law: Law) -> list[GrantedExtension]:
    """Return the extensions in the order of the history, each with the rule of the day on which it was decided.

    One that was decided after expiry moved nothing: it is left out.
    """
    found: list[GrantedExtension] = []
    petition: Petition | None = None
    for envelope in corrected_history(history):
        fact = envelope.fact
        if petition is not None and isinstance(fact, DeadlineExtended) and not fact.was_expired:
            row = extension_row(petition, fact.clock, fact.occurred_on, law)
            found.append(
                GrantedExtension(
                    version=envelope.originator_version,
                    number=petition.extensions.get(fact.clock, 0) + 1,
                    until=fact.until,
                    decision_no=fact.decision_no,
                    source=None if row is None else row.legal_source,
                )
            )
        petition = evolve(petition, envelope)
    return found
