"""Renders the clocks in the file of a petition: each with its segments, its lateness, and its days by holder."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from domain.deadlines.apportioning import Share, shares_of_holders, whole_share
from domain.deadlines.clock_run import ClockRun, Holder, Segment
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.explained_run import possible_limit_beside
from domain.deadlines.labels import LEGAL_STAGE_LABELS
from domain.deadlines.ledger import Ledger, fold_ledger
from domain.deadlines.policy import Law
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.labels import Language
from domain.stored_words.table import word_in
from domain.supplements import CitizenWait
from domain.value import known
from domain.vocabulary import PetitionKind
from projections.act_titles import act_titles


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSegment(Segment):
    """Records what an event did to a clock: the title of the event, and the legal source of `policy`.

    `legal_source` is None if that rule is not on file.
    """

    title: str
    legal_source: str | None = None


@dataclass(frozen=True, slots=True)
class WaitLine:
    """Describes a time in which the citizen was waited for; `days` are counted to its end, or to the day of the file.

    `holder` waited. No clock stands still in it.
    """

    since_on: date
    until_on: date | None
    asked_for_on: date | None
    days: int
    holder: Holder


@dataclass(frozen=True, slots=True)
class ClockLine:
    """Describes a clock on the day `on`, up to which the days of a running clock are counted.

    `due_on` is None if no limit is set. `days_late` counts calendar days. `days` are all days that the clock ran;
    `held` are the same days for each holder. `advisory_on` is the last day by a second reading of the law; if it is
    earlier than `due_on`, the office should keep to it. `late_since` is the first day of lateness of a clock that
    became known when it had run out. `waits` are the times in which the citizen was waited for while the clock ran.
    `possible_on` is the earliest last day among the kinds `possible_kinds` that an unclassified letter may be.
    `subject` and `owed_by` are those of a duty.
    """

    clock: str
    title: str
    subject: str | None
    owed_by: str | None
    round: int
    on: date
    started_on: date
    due_on: date | None
    original_due_on: date | None
    advisory_on: date | None
    stopped_on: date | None
    is_running: bool
    is_suspended: bool
    days_late: int | None
    late_since: date | None
    waits: tuple[WaitLine, ...]
    possible_on: date | None
    possible_kinds: tuple[PetitionKind, ...]
    segments: tuple[ExplainedSegment, ...]
    days: Share
    held: tuple[Share, ...]


def clock_lines(
    history: Sequence[EventEnvelope[PetitionEvent]], on: date, law: Law, language: Language
) -> list[ClockLine]:
    """Return the clocks of a petition in the order of their start.

    Raise ValueError when the history does not begin with an opening.
    """
    ledger, titles = fold_ledger(history), act_titles(history, language)
    return [_clock_line(ledger, run, on, law, language, titles) for run in ledger.clocks]


def _clock_line(
    ledger: Ledger, run: ClockRun, on: date, law: Law, language: Language, titles: Mapping[int, str]
) -> ClockLine:
    possible = possible_limit_beside(run, ledger, law)
    return ClockLine(
        clock=run.clock,
        title=_clock_title(run, law, language),
        subject=None if run.subject is None else run.subject.text,
        owed_by=run.holder.unit if run.holder is not None and is_duty_run(run) else None,
        round=run.round,
        on=on,
        started_on=run.started_on,
        due_on=run.due_on,
        original_due_on=run.original_due_on,
        advisory_on=None if run.deadline is None else law.advisory_on(run.deadline),
        stopped_on=run.stopped_on,
        is_running=run.is_running,
        is_suspended=run.suspended_on is not None,
        days_late=run.days_late(on),
        late_since=run.late_since_before_start,
        waits=tuple(_wait_line(wait, ledger, on) for wait in ledger.waits_during(run)),
        possible_on=None if possible is None else possible.due_on,
        possible_kinds=() if possible is None else possible.kinds,
        segments=tuple(_explain_segment(segment, law, titles) for segment in run.segments),
        days=whole_share(run, on, law.calendar),
        held=shares_of_holders(ledger, run, on, law.calendar),
    )


def _wait_line(wait: CitizenWait, ledger: Ledger, on: date) -> WaitLine:
    holder = ledger.holder_on(wait.since_on)
    return WaitLine(wait.since_on, wait.until_on, wait.asked_for_on, wait.days(on), holder)


def _clock_title(run: ClockRun, law: Law, language: Language) -> str:
    """Return the name of the clock, or that of its rule's step where the rule is for another one: lần hai.

    A duty is named with the unit or decision that it is about.
    """
    if run.subject is not None:
        return f"{word_in(run.clock, language)} ({word_in(run.subject.kind, language)} {run.subject.reference})"
    policy = None if run.deadline is None else known(run.deadline.policy)
    row = None if policy is None else law.policies.find_row(policy)
    if row is None or row.stage.value == run.clock.value:
        return word_in(run.clock, language)
    return LEGAL_STAGE_LABELS[row.stage][language]


def _explain_segment(segment: Segment, law: Law, titles: Mapping[int, str]) -> ExplainedSegment:
    said = {field.name: getattr(segment, field.name) for field in fields(segment)}
    source = law.policies.legal_source(segment.policy)
    return ExplainedSegment(**said, title=titles[segment.version], legal_source=source)


def clock_line_json(line: ClockLine) -> dict[str, Any]:
    """Return the line with its fields as keys."""
    return asdict(line)
