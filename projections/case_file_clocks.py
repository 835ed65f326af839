"""The clocks in the file of a petition: each with its segments, its lateness, and whose days they were."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from domain.deadlines.apportioning import Share, shares, whole
from domain.deadlines.clock_run import Holder, Segment
from domain.deadlines.ledger import Ledger
from domain.deadlines.policy import Law
from domain.labels import Language
from projections.labels.case_file import LABELS, MOVES
from projections.labels.events import EVENTS, VALUES


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock on the day `on`, until which the days of one that runs are counted. None: no limit is set.

    `days_late` are calendar days. `days` are all that it ran, `held` the same by holder. `advisory_on` is the last day
    by a second reading of the law; where it is the earlier of the two, it is the one to be kept.
    """

    clock: str
    title: str
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
    segments: tuple[Segment, ...]
    days: Share
    held: tuple[Share, ...]


def clock_lines(ledger: Ledger, on: date, law: Law, language: Language) -> list[ClockLine]:
    """In the order of their start."""
    return [
        ClockLine(
            clock=run.clock,
            title=VALUES[run.clock][language],
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
            segments=run.segments,
            days=whole(run, on, law.calendar),
            held=shares(ledger, run, on, law.calendar),
        )
        for run in ledger.clocks
    ]


def as_json(line: ClockLine) -> dict[str, Any]:
    return asdict(line)


def text(lines: Iterable[ClockLine], language: Language) -> str:
    """To read or print: a clock on a line, its segments and holders beneath."""
    label = {key: words[language] for key, words in LABELS.items()}
    written = []
    for line in lines:
        written.append(f"{label['clock']}: {line.title}{_round(line, label)} — {_state(line, label)}")
        for one in line.segments:
            written.append(f"  {one.occurred_on:%d/%m/%Y}  {MOVES[one.move][language]}{_dates(one, label)}")
            written.append(f"              {'; '.join(_why(one, label, language))}")
        written += [f"  {label['held']} {_holder(one.holder, label)}: {_days(one, label)}" for one in line.held]
        written.append(f"  {label['in_all']}: {_days(line.days, label)}")
        written.append("")
    return "\n".join(written)


def _round(line: ClockLine, label: dict[str, str]) -> str:
    return f", {label['round']} {line.round}" if line.round > 1 else ""


def _state(line: ClockLine, label: dict[str, str]) -> str:
    told = [label["due"] + f" {line.due_on:%d/%m/%Y}" if line.due_on else label["no_limit"]]
    if line.original_due_on != line.due_on and line.original_due_on is not None:
        told.append(f"{label['first_set']} {line.original_due_on:%d/%m/%Y}")
    if line.is_running and line.advisory_on is not None and line.due_on and line.advisory_on < line.due_on:
        told.append(f"{label['beware']} {line.advisory_on:%d/%m/%Y} {label['another_reading']}")
    if line.stopped_on is not None:
        told.append(f"{label['stopped']} {line.stopped_on:%d/%m/%Y}")
    elif line.is_suspended:
        told.append(label["stands_still"])
    if line.days_late:
        told.append(f"{line.days_late} {label['days_late']}")
    return "; ".join(told)


def _dates(one: Segment, label: dict[str, str]) -> str:
    granted = f" ({label['decided_until']} {one.decided_until:%d/%m/%Y})" if one.decided_until else ""
    if one.due_after is None or one.due_after == one.due_before:
        return granted
    before = f"{one.due_before:%d/%m/%Y} → " if one.due_before else ""
    return f": {label['due']} {before}{one.due_after:%d/%m/%Y}{granted}"


def _why(one: Segment, label: dict[str, str], language: Language) -> Iterable[str]:
    yield EVENTS[one.event][language] + (f" {one.document_no}" if one.document_no else "")
    yield _holder(one.holder, label)
    if one.policy:
        yield f"{one.policy}, {one.legal_source}"
    if one.calendar:
        yield f"{label['calendar']} {one.calendar}"


def _holder(holder: Holder, label: dict[str, str]) -> str:
    return ", ".join(filter(None, (holder.officer, holder.unit))) or label["no_unit"]


def _days(share: Share, label: dict[str, str]) -> str:
    working = "—" if share.working_days is None else share.working_days
    suspended = f"; {share.suspended_days} {label['suspended_days']}" if share.suspended_days else ""
    return f"{share.calendar_days} {label['calendar_days']}, {working} {label['working_days']}{suspended}"
