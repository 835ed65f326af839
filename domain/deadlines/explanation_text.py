"""Writes an explanation in sentences, from the start of the limit to the last day, in Vietnamese or English.

Officers read it in the terminal and show it to the citizen.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from domain.deadlines.clock import Clock
from domain.deadlines.explained_run import GrantedExtension
from domain.deadlines.explanation import ExplainedDay, Explanation, Why
from domain.deadlines.labels import (
    DAY_KIND_LABELS,
    KNOWN_FROM_LABELS,
    LEGAL_STAGE_LABELS,
    POLICY_KIND_LABELS,
    RECEIPT_OF_KIND_LABELS,
    TRIGGER_LABELS,
    TRIGGER_OF_STAGE_LABELS,
    WHY_LABELS,
)
from domain.deadlines.limit import DayKind, Limit
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.sentences import day_in_words, label_of, rule_texts, sentence_of, short_date
from domain.labels import Language
from domain.printed_text import printed_lines
from domain.value import UNSET, said
from domain.written_forms import written_count

_MAX_NAMED_DAYS = 12
"""Largest number of days that a sentence names. Further days are only counted."""


def explanation_text(
    explanation: Explanation,
    language: Language,
    *,
    day_by_day: bool = False,
    extensions: Sequence[GrantedExtension] = (),
) -> str:
    """Return the sentences, one on each line. `day_by_day` adds every day with the reason why it counts or does not.

    `extensions` are those that moved the date, which is then told as an extension.
    """
    lines = [
        _heading_line(explanation, language),
        *_rule_lines(explanation, language),
        *_counting_lines(explanation, language),
        *_decided_lines(explanation, extensions, language),
    ]
    if explanation.due_on is None:
        lines.append(sentence_of("no_limit", language))
    else:
        lines.append(sentence_of("due", language, day=day_in_words(explanation.due_on, language)))
    lines += _notice_lines(explanation, language)
    if day_by_day and explanation.days:
        lines += ["", *(_day_line(day, language) for day in explanation.days)]
    return f"{printed_lines(lines)}\n"


def _heading_line(explanation: Explanation, language: Language) -> str:
    """Return the first line: what must be done, within how many days, and from which action on."""
    row, limit = explanation.row, explanation.limit
    if limit is None:
        if row is not None:
            return _stage_and_kind(row, language)
        deadline = explanation.deadline
        set_by = "set_by_head" if deadline is not None and deadline.clock is Clock.HEAD else "set"
        return sentence_of(set_by, language, day=short_date(explanation.started_on))
    counted = sentence_of(
        "before" if row is not None and row.counts_back else "from",
        language,
        amount=written_count(limit.amount, language),
        unit=DAY_KIND_LABELS[limit.unit][language],
        trigger=sentence_of("the_act", language) if row is None else _trigger_label(row, language),
        day=day_in_words(explanation.started_on, language),
    )
    return f"{counted}." if row is None else f"{_stage_and_kind(row, language)}: {counted}."


def _trigger_label(row: PolicyRow, language: Language) -> str:
    """Return the act that starts the limit, as the law of the row names it."""
    if row.trigger != "receipt":
        return label_of(TRIGGER_LABELS, row.trigger, language)
    named = TRIGGER_OF_STAGE_LABELS.get(row.stage) or RECEIPT_OF_KIND_LABELS.get(row.kind)
    return (named or TRIGGER_LABELS["receipt"])[language]


def _stage_and_kind(row: PolicyRow, language: Language) -> str:
    """Return the names of the rule's stage and kind."""
    stage, kind = label_of(LEGAL_STAGE_LABELS, row.stage, language), label_of(POLICY_KIND_LABELS, row.kind, language)
    return f"{stage[:1].upper()}{stage[1:]} ({kind})"


def _rule_lines(explanation: Explanation, language: Language) -> list[str]:
    """Return the sentences on the rule and its source."""
    row, rule, source = explanation.row, explanation.rule, explanation.source
    lines = []
    if row is not None and row.limit is not None:
        verified = sentence_of("verified" if row.verified else "not_verified", language)
        known = KNOWN_FROM_LABELS[row.known_from][language]
        told = ", ".join(rule_texts(rule, source, language))
        lines.append(sentence_of("rule", language, rule=told, known=known, verified=verified))
    else:
        if row is None and rule is not None and explanation.deadline is not None:
            lines.append(sentence_of("rule_unknown", language, rule=rule))
        if source is not None:
            lines.append(sentence_of("source", language, source=source))
    if row is not None and row.note and language == "en":  # the notes of the file are in English
        lines.append(sentence_of("note", language, note=" ".join(row.note.split())))
    return lines


def _counting_lines(explanation: Explanation, language: Language) -> list[str]:
    """Return the sentences on the days that count, without naming each of them."""
    days, limit = explanation.days, explanation.limit
    lines = []
    if limit is not None and days and not (explanation.row is not None and explanation.row.counts_back):
        first = "first_day_counts" if limit.counts_start_day else "first_day_not"
        lines.append(sentence_of(first, language, day=short_date(explanation.started_on)))
    if limit is not None and days:
        lines += _rest_day_lines(days, limit, language)
        lines += _moved_end_lines(days, limit, language)
    return lines


def _decided_lines(explanation: Explanation, extensions: Sequence[GrantedExtension], language: Language) -> list[str]:
    """Return the sentences on what moved a recorded date: extensions, a decision of another kind, suspensions."""
    deadline = explanation.deadline
    lines: list[str] = []
    if deadline is None:
        return lines
    if deadline.original_due_on != deadline.due_on:
        lines.append(sentence_of("original", language, day=day_in_words(deadline.original_due_on, language)))
    lines += [_extension_line(one, language) for one in extensions]
    is_extended = bool(extensions) and extensions[-1].until == deadline.decided_due_on
    if deadline.decided_due_on is not UNSET and not is_extended:
        lines.append(sentence_of("decided", language, day=day_in_words(deadline.decided_due_on, language)))
    for pause in said(deadline.suspensions, ()):
        lines.append(
            sentence_of(
                "suspended",
                language,
                first=short_date(pause.suspended_on),
                last=short_date(pause.resumed_on),
                count=written_count((pause.resumed_on - pause.suspended_on).days, language),
            )
        )
    if said(deadline.decided_due_on, deadline.due_on) != deadline.due_on:
        lines.append(sentence_of("moved_by_suspension", language, day=day_in_words(deadline.due_on, language)))
    return lines


def _extension_line(extension: GrantedExtension, language: Language) -> str:
    """Return the sentence on one extension: its number, its decision, and the article that allows it."""
    return sentence_of(
        "extended_without_source" if extension.source is None else "extended",
        language,
        number=extension.number,
        day=day_in_words(extension.until, language),
        decision=extension.decision_no,
        source=extension.source,
    )


def _rest_day_lines(days: Sequence[ExplainedDay], limit: Limit, language: Language) -> list[str]:
    """Return the sentences on the rest days that do not count and on the days worked in exchange."""
    lines = []
    if limit.unit is DayKind.WORKING:
        rests = [day for day in days if day.why in (Why.WEEKLY_REST, Why.DAY_OFF)]
        if rests:
            weekly = sum(day.why is Why.WEEKLY_REST for day in rests)
            named = [f"{short_date(day.day)} {day.name}".rstrip() for day in rests if day.why is Why.DAY_OFF]
            weekly_count = written_count(weekly, language)
            if not named:
                lines.append(sentence_of("weekends_not_counted", language, count=weekly_count))
            else:
                names = [
                    *_first_names(named),
                    *([sentence_of("weekends", language, count=weekly_count)] if weekly else []),
                ]
                count = written_count(len(rests), language)
                lines.append(sentence_of("not_counted", language, count=count, days="; ".join(names)))
        exchanged = [f"{short_date(day.day)} {day.name}".rstrip() for day in days if day.why is Why.WORKED_IN_EXCHANGE]
        if exchanged:
            lines.append(sentence_of("in_exchange", language, days="; ".join(_first_names(exchanged))))
    return lines


def _moved_end_lines(days: Sequence[ExplainedDay], limit: Limit, language: Language) -> list[str]:
    """Return the sentence about an end that was moved from a rest day to a working day; empty if it was not moved."""
    if days[-1].why is not Why.END_MOVED_HERE or limit.unit is DayKind.WORKING:
        return []
    last_counted = next((day for day in reversed(days) if day.counted and day.n == limit.amount), None)
    after_it = [day for day in days if last_counted is not None and day.day >= last_counted.day]
    if last_counted is None or any(day.why is Why.SUSPENDED for day in after_it):
        return []
    name = f" ({last_counted.name})" if last_counted.name else ""
    return [
        sentence_of(
            "moved",
            language,
            amount=written_count(limit.amount, language),
            day=day_in_words(last_counted.day, language) + name,
        )
    ]


def _notice_lines(explanation: Explanation, language: Language) -> list[str]:
    """Return the warnings for the reader, and the sentence about the calendar."""
    lines = []
    limit = explanation.row.advisory if explanation.row is not None else None
    if limit is not None and explanation.advisory_on is not None:
        day = day_in_words(explanation.advisory_on, language)
        lines.append(
            sentence_of(
                "advisory",
                language,
                amount=written_count(limit.amount, language),
                unit=DAY_KIND_LABELS[limit.unit][language],
                day=day,
            )
        )
    if explanation.calendar is not None:
        lines.append(sentence_of("calendar", language, calendar=explanation.calendar))
    if explanation.provisional:
        lines.append(
            sentence_of("provisional", language, days=", ".join(_short_days_and_years(explanation.provisional)))
        )
    for other in explanation.other_dates:
        day, says = day_in_words(other.due_on, language), other.reading.says.in_language(language)
        lines.append(sentence_of("other_date", language, day=day, says=says))
    if explanation.is_calendar_lost:
        lost, now = explanation.calendar, explanation.present_calendar
        lines.append(sentence_of("calendar_lost", language, calendar=lost, now=now))
    if explanation.recalculated_due_on is not None:
        day = day_in_words(explanation.recalculated_due_on, language)
        lines.append(sentence_of("anew", language, day=day, calendar=explanation.present_calendar))
    return lines


def _day_line(day: ExplainedDay, language: Language) -> str:
    """Return the line of one day."""
    name = f" ({day.name})" if day.name else ""
    number = f"{day.n:>4}" if day.counted else "   —"
    marked = " *" if day.provisional else ""
    return f"{number}  {day_in_words(day.day, language):<20} {WHY_LABELS[day.why][language]}{name}{marked}"


def _short_days_and_years(days: Sequence[date]) -> list[str]:
    """Return the days as short dates.

    If a year has _MAX_NAMED_DAYS of them or more, return only the number of the year.
    """
    counts = Counter(day.year for day in days)
    return [
        *(short_date(day) for day in days if counts[day.year] < _MAX_NAMED_DAYS),
        *(str(year) for year, count in counts.items() if count >= _MAX_NAMED_DAYS),
    ]


def _first_names(names: Sequence[str]) -> list[str]:
    """Return the first names of a list, followed by the number of names that are left out."""
    return (
        list(names)
        if len(names) <= _MAX_NAMED_DAYS
        else [*names[:_MAX_NAMED_DAYS], f"… (+{len(names) - _MAX_NAMED_DAYS})"]
    )
