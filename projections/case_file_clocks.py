"""Renders the clocks in the file of a petition: each with its segments, its lateness, and its days by holder."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from domain.deadlines.apportioning import Share, shares_of_holders, whole_share
from domain.deadlines.clock_run import ClockRun, Holder, Segment
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.explained_run import possible_limit_beside
from domain.deadlines.explanation_text import kinds_in_words
from domain.deadlines.labels import LEGAL_STAGE_LABELS
from domain.deadlines.ledger import Ledger
from domain.deadlines.policy import Law
from domain.labels import Language
from domain.supplements import CitizenWait
from domain.value import known
from domain.vocabulary import PetitionKind
from projections.labels.case_file import CASE_FILE_LABELS, CLOCK_MOVE_LABELS
from projections.labels.events import PETITION_EVENT_LABELS, PETITION_VALUE_LABELS


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSegment(Segment):
    """Records what an event did to a clock, with the legal source of `policy`; None if that rule is not on file."""

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


def clock_lines(ledger: Ledger, on: date, law: Law, language: Language) -> list[ClockLine]:
    """Return the clocks in the order of their start."""
    return [_clock_line(ledger, run, on, law, language) for run in ledger.clocks]


def _clock_line(ledger: Ledger, run: ClockRun, on: date, law: Law, language: Language) -> ClockLine:
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
        segments=tuple(_explain_segment(segment, law) for segment in run.segments),
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
        about = f"{PETITION_VALUE_LABELS[run.subject.kind][language]} {run.subject.reference}"
        return f"{PETITION_VALUE_LABELS[run.clock][language]} ({about})"
    policy = None if run.deadline is None else known(run.deadline.policy)
    row = None if policy is None else law.policies.find_row(policy)
    if row is None or row.stage.value == run.clock.value:
        return PETITION_VALUE_LABELS[run.clock][language]
    return LEGAL_STAGE_LABELS[row.stage][language]


def _explain_segment(segment: Segment, law: Law) -> ExplainedSegment:
    said = {field.name: getattr(segment, field.name) for field in fields(segment)}
    return ExplainedSegment(**said, legal_source=law.policies.legal_source(segment.policy))


def clock_line_json(line: ClockLine) -> dict[str, Any]:
    """Return the line with its fields as keys."""
    return asdict(line)


def clocks_text(lines: Iterable[ClockLine], language: Language) -> str:
    """Return the clocks as text to read or print: each clock on a line, its segments and holders below it."""
    label = {key: words[language] for key, words in CASE_FILE_LABELS.items()}
    written = []
    for line in lines:
        written.append(
            f"{label['clock']}: {line.title}{_round_text(line, label)} — {_clock_state_text(line, label, language)}"
        )
        for segment in line.segments:
            move = CLOCK_MOVE_LABELS[segment.move][language]
            written.append(f"  {segment.occurred_on:%d/%m/%Y}  {move}{_segment_dates_text(segment, label)}")
            written.append(f"              {'; '.join(_segment_reasons(segment, label, language))}")
        written += [f"  {_wait_text(wait, label)}" for wait in line.waits]
        written += [
            f"  {label['held']} {_holder_text(segment.holder, label)}: {_share_text(segment, label)}"
            for segment in line.held
        ]
        written.append(f"  {label['in_all']}: {_share_text(line.days, label)}")
        written.append("")
    return "\n".join(written)


def _round_text(line: ClockLine, label: dict[str, str]) -> str:
    return f", {label['round']} {line.round}" if line.round > 1 else ""


def _clock_state_text(line: ClockLine, label: dict[str, str], language: Language) -> str:
    parts = [label["due"] + f" {line.due_on:%d/%m/%Y}" if line.due_on else label["no_limit"]]
    if line.original_due_on != line.due_on and line.original_due_on is not None:
        parts.append(f"{label['first_set']} {line.original_due_on:%d/%m/%Y}")
    if line.is_running and line.advisory_on is not None and line.due_on and line.advisory_on < line.due_on:
        parts.append(f"{label['beware']} {line.advisory_on:%d/%m/%Y} {label['another_reading']}")
    if line.stopped_on is not None:
        parts.append(f"{label['stopped']} {line.stopped_on:%d/%m/%Y}")
    elif line.is_suspended:
        parts.append(label["stands_still"])
    if line.days_late:
        parts.append(f"{line.days_late} {label['days_late']}")
    if line.late_since is not None:
        parts.append(f"{label['late_when_known']} {line.late_since:%d/%m/%Y}")
    if line.possible_on is not None:
        kinds = kinds_in_words(line.possible_kinds, language)
        parts.append(label["possible"].format(kinds=kinds, day=f"{line.possible_on:%d/%m/%Y}"))
    return "; ".join(parts)


def _wait_text(wait: WaitLine, label: dict[str, str]) -> str:
    until = "" if wait.until_on is None else f" {label['until']} {wait.until_on:%d/%m/%Y}"
    return (
        f"{label['waited']} {wait.since_on:%d/%m/%Y}{until}: {wait.days} {label['calendar_days']},"
        f" {_holder_text(wait.holder, label)}; {label['not_stopped_by_wait']}"
    )


def _segment_dates_text(segment: ExplainedSegment, label: dict[str, str]) -> str:
    granted = f" ({label['decided_until']} {segment.decided_until:%d/%m/%Y})" if segment.decided_until else ""
    if segment.due_after is None or segment.due_after == segment.due_before:
        return granted
    before = f"{segment.due_before:%d/%m/%Y} → " if segment.due_before else ""
    return f": {label['due']} {before}{segment.due_after:%d/%m/%Y}{granted}"


def _segment_reasons(segment: ExplainedSegment, label: dict[str, str], language: Language) -> Iterable[str]:
    yield PETITION_EVENT_LABELS[segment.event][language] + (f" {segment.document_no}" if segment.document_no else "")
    yield _holder_text(segment.holder, label)
    if segment.policy:
        yield ", ".join(filter(None, (segment.policy, segment.legal_source)))
    if segment.calendar:
        yield f"{label['calendar']} {segment.calendar}"


def _holder_text(holder: Holder, label: dict[str, str]) -> str:
    return ", ".join(filter(None, (holder.officer, holder.unit))) or label["no_unit"]


def _share_text(share: Share, label: dict[str, str]) -> str:
    working = "—" if share.working_days is None else share.working_days
    suspended = f"; {share.suspended_days} {label['suspended_days']}" if share.suspended_days else ""
    return f"{share.calendar_days} {label['calendar_days']}, {working} {label['working_days']}{suspended}"
