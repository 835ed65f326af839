"""Writes the clocks in the file of a petition as text, to read or print."""

from collections.abc import Iterable
from datetime import date

from domain.deadlines.apportioning import Share
from domain.deadlines.clock import ClockSubject
from domain.deadlines.clock_run import Holder
from domain.deadlines.explained_run_text import kinds_in_words
from domain.deadlines.sentences import rule_texts
from domain.labels import Language
from domain.printed_text import printed_lines
from domain.stored_words.table import STORED_WORDS
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.written_forms import with_one_day, written_count, written_number
from projections.case_file_clocks import ClockLine, ExplainedSegment, WaitLine
from projections.file_sentences import NO_UNITS, subject_in_words
from projections.labels.case_file import CASE_FILE_LABELS


def clocks_text(lines: Iterable[ClockLine], language: Language, units: UnitRegister = NO_UNITS) -> str:
    """Return the clocks as text to read or print: each clock on a line, its segments and holders below it."""
    label = {key: words[language] for key, words in CASE_FILE_LABELS.items()}
    written = []
    for line in lines:
        heading = label["clock"].format(clock=_title_of(line, units, language))
        written.append(f"{heading}{_round_text(line, label)} — {_clock_state_text(line, label, language)}")
        for segment in line.segments:
            move = STORED_WORDS["Move"][segment.move][language]
            written.append(f"  {segment.occurred_on:%d/%m/%Y}  {move}{_segment_dates_text(segment, label)}")
            written.append(f"              {'; '.join(_segment_reasons(segment, label, language, units))}")
        written += [f"  {_wait_text(wait, label, language, units)}" for wait in line.waits]
        for share in line.held:
            holder = label["held"].format(holder=_holder_text(share.holder, label, units, line.on))
            written.append(f"  {holder}: {_share_text(share, label, language)}")
        written.append(f"  {label['in_all']}: {_share_text(line.days, label, language)}")
        written.append("")
    return printed_lines(written)


def _title_of(line: ClockLine, units: UnitRegister, language: Language) -> str:
    """Return the title of a clock, with the unit that it runs for by its name on the day of its start."""
    subject = ClockSubject.parse(line.subject or "")
    if subject is None:
        return line.title
    by_code, by_name = (subject_in_words(subject, one, line.started_on, language) for one in (NO_UNITS, units))
    return line.title.replace(by_code, by_name)


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
        late = label["days_late"].format(count=written_count(line.days_late, language))
        parts.append(with_one_day(late, language))
    if line.late_since is not None:
        parts.append(f"{label['late_when_known']} {line.late_since:%d/%m/%Y}")
    if line.possible_on is not None:
        kinds = kinds_in_words(line.possible_kinds, language)
        parts.append(label["possible"].format(kinds=kinds, day=f"{line.possible_on:%d/%m/%Y}"))
    return "; ".join(parts)


def _wait_text(wait: WaitLine, label: dict[str, str], language: Language, units: UnitRegister) -> str:
    until = "" if wait.until_on is None else f" {label['until']} {wait.until_on:%d/%m/%Y}"
    return (
        f"{label['waited']} {wait.since_on:%d/%m/%Y}{until}: {written_number(wait.days, language)}"
        f" {label['calendar_days']}, {_holder_text(wait.holder, label, units, wait.since_on)};"
        f" {label['not_stopped_by_wait']}"
    )


def _segment_dates_text(segment: ExplainedSegment, label: dict[str, str]) -> str:
    granted = f" ({label['decided_until']} {segment.decided_until:%d/%m/%Y})" if segment.decided_until else ""
    if segment.due_after is None or segment.due_after == segment.due_before:
        return granted
    before = f"{segment.due_before:%d/%m/%Y} → " if segment.due_before else ""
    return f": {label['due']} {before}{segment.due_after:%d/%m/%Y}{granted}"


def _segment_reasons(
    segment: ExplainedSegment, label: dict[str, str], language: Language, units: UnitRegister
) -> Iterable[str]:
    yield segment.title + (f" {segment.document_no}" if segment.document_no else "")
    yield _holder_text(segment.holder, label, units, segment.occurred_on)
    if segment.policy:
        yield ", ".join(rule_texts(segment.policy, segment.legal_source, language))
    if segment.calendar:
        yield f"{label['calendar']} {segment.calendar}"


def _holder_text(holder: Holder, label: dict[str, str], units: UnitRegister, on: date) -> str:
    unit = units.name_of(holder.unit, on) if holder.unit else ""
    officer = officer_in_words(holder.officer, units, on) if holder.officer else ""
    return ", ".join(filter(None, (officer, unit))) or label["no_unit"]


def _share_text(share: Share, label: dict[str, str], language: Language) -> str:
    working = "—" if share.working_days is None else written_number(share.working_days, language)
    calendar = written_number(share.calendar_days, language)
    suspended = ""
    if share.suspended_days:
        suspended = f"; {label['suspended_days'].format(count=written_number(share.suspended_days, language))}"
    told = f"{calendar} {label['calendar_days']}, {working} {label['working_days']}{suspended}"
    return with_one_day(told, language)
