"""Writes an explanation in sentences, from the start of the limit to the last day, in Vietnamese or English.

Officers read it in the terminal and show it to the citizen.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from domain.deadlines.clock_run import ClockRun
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.explained_run import ExplainedRun
from domain.deadlines.explanation import ExplainedDay, Explanation, Why
from domain.deadlines.labels import (
    DAY_KIND_LABELS,
    EXPLANATION_SENTENCES,
    KNOWN_FROM_LABELS,
    LEGAL_STAGE_LABELS,
    POLICY_KIND_LABELS,
    TRIGGER_LABELS,
    WEEKDAY_LABELS,
    WHY_LABELS,
)
from domain.deadlines.limit import DayKind, Limit
from domain.duties import FULFILS
from domain.labels import BilingualText, Language
from domain.value import UNSET, said
from domain.vocabulary import PetitionKind

FULFILLING = frozenset(kind.__name__ for kind in FULFILS)
"""The events that fulfil duties. A duty that another event ended is no longer owed."""

_MAX_NAMED_DAYS = 12
"""Largest number of days that a sentence names. Further days are only counted."""


def explanation_text(explanation: Explanation, language: Language, *, day_by_day: bool = False) -> str:
    """Return the sentences, one on each line. `day_by_day` adds every day with the reason why it counts or does not."""
    lines = [
        _heading_line(explanation, language),
        *_rule_lines(explanation, language),
        *_counting_lines(explanation, language),
    ]
    if explanation.due_on is None:
        lines.append(_sentence("no_limit", language))
    else:
        lines.append(_sentence("due", language, day=day_in_words(explanation.due_on, language)))
    lines += _notice_lines(explanation, language)
    if day_by_day and explanation.days:
        lines += ["", *(_day_line(day, language) for day in explanation.days)]
    return "\n".join(lines) + "\n"


def explained_run_text(
    explained: ExplainedRun,
    language: Language,
    events: Mapping[str, Mapping[str, object]],
    *,
    day_by_day: bool = False,
) -> str:
    """Return the sentences for a recorded clock, with the events that moved it and the event that ended it.

    `events` maps the class name of an event to its name in each language.
    """
    run = explained.run
    if run.stopped_on is None:
        state = _sentence("running", language)
    else:
        late = run.days_late(run.stopped_on)
        how = _sentence("late", language, count=late) if late else _sentence("in_time", language)
        ended = "no_longer_owed" if is_duty_run(run) and run.stopped_by not in FULFILLING else "stopped"
        state = f"{_sentence(ended, language, day=_short_date(run.stopped_on))}, {how}"
    row = explained.explanation.row
    stage = run.clock if row is None else row.stage  # a clock may run by the rule of another step: lần hai
    heading = f"## {_clock_in_words(run, stage, language)} ({state})"
    text = explanation_text(explained.explanation, language, day_by_day=day_by_day)
    text += "".join(f"{line}\n" for line in _lines_beside(explained, language))
    if len(run.course) < 2:
        return f"{heading}\n{text}"
    moves = " → ".join(
        f"{_short_date(one.occurred_on)} {events[one.event][language]}: {_short_date(one.due_after)}"
        for one in run.course
        if one.due_after is not None
    )
    return f"{heading}\n{text}{_sentence('history', language, moves=moves)}\n"


def _lines_beside(explained: ExplainedRun, language: Language) -> list[str]:
    """Return what a reader must know beside the count: recorded late, a wait for the citizen, another possible kind."""
    run, lines = explained.run, []
    if (since := run.late_since_before_start) is not None:
        known = _short_date(run.segments[0].occurred_on)
        lines.append(_sentence("late_when_known", language, known=known, since=_short_date(since)))
    for wait in explained.waits:
        first = _short_date(wait.since_on)
        if wait.until_on is None:
            lines.append(_sentence("waiting", language, first=first))
        else:
            last, count = _short_date(wait.until_on), wait.days(wait.until_on)
            lines.append(_sentence("waited", language, first=first, last=last, count=count))
    if explained.possible is not None:
        kinds = kinds_in_words(explained.possible.kinds, language)
        lines.append(
            _sentence("possible", language, kinds=kinds, day=day_in_words(explained.possible.due_on, language))
        )
    return lines


def kinds_in_words(kinds: Sequence[PetitionKind], language: Language) -> str:
    """Return the kinds that a letter may be, joined by "or"."""
    return {"vi": " hoặc ", "en": " or "}[language].join(POLICY_KIND_LABELS[kind][language] for kind in kinds)


def _clock_in_words(run: ClockRun, stage: str, language: Language) -> str:
    """Return what the clock is for, with the unit that owes a duty and the decision that it is about."""
    what = _label(LEGAL_STAGE_LABELS, stage, language)
    named = dict.fromkeys(
        name
        for name in (
            None if run.subject is None else run.subject.reference,
            None if run.holder is None else run.holder.unit,
        )
        if name
    )
    return f"{what}: {', '.join(named)}" if named else what


def day_in_words(day: date, language: Language) -> str:
    """Return the day of the week and the date."""
    return f"{WEEKDAY_LABELS[day.weekday()][language]} {_short_date(day)}"


def _heading_line(explanation: Explanation, language: Language) -> str:
    """Return the first line: what must be done, within how many days, and from which action on."""
    row, limit = explanation.row, explanation.limit
    if limit is None:
        what = "" if row is None else _stage_and_kind(explanation, language)
        return what or day_in_words(explanation.started_on, language)
    trigger = _sentence("the_act", language) if row is None else _label(TRIGGER_LABELS, row.trigger, language)
    counted = _sentence(
        "before" if row is not None and row.counts_back else "from",
        language,
        amount=limit.amount,
        unit=DAY_KIND_LABELS[limit.unit][language],
        trigger=trigger,
        day=day_in_words(explanation.started_on, language),
    )
    return f"{_stage_and_kind(explanation, language)}: {counted}." if row is not None else f"{counted}."


def _stage_and_kind(explanation: Explanation, language: Language) -> str:
    """Return the names of the rule's stage and kind; empty without a rule."""
    row = explanation.row
    if row is None:
        return ""
    stage, kind = _label(LEGAL_STAGE_LABELS, row.stage, language), _label(POLICY_KIND_LABELS, row.kind, language)
    return f"{stage.capitalize()} ({kind})"


def _rule_lines(explanation: Explanation, language: Language) -> list[str]:
    """Return the sentences on the rule and its source."""
    row, rule = explanation.row, explanation.rule
    lines = []
    if rule is not None and row is not None and row.limit is not None:
        verified = _sentence("verified" if row.verified else "not_verified", language)
        known = KNOWN_FROM_LABELS[row.known_from][language]
        lines.append(_sentence("rule", language, rule=rule, known=known, verified=verified))
    elif rule is not None:
        is_lost = row is None and explanation.deadline is not None
        sentence = "rule_unknown" if is_lost else "rule_alone"
        lines.append(_sentence(sentence, language, rule=rule))
    if explanation.source is not None:
        lines.append(_sentence("source", language, source=explanation.source))
    if row is not None and row.note and language == "en":  # the notes of the file are in English
        lines.append(_sentence("note", language, note=" ".join(row.note.split())))
    return lines


def _counting_lines(explanation: Explanation, language: Language) -> list[str]:
    """Return the sentences on the days that count, without naming each of them."""
    days, limit, deadline = explanation.days, explanation.limit, explanation.deadline
    lines = []
    if limit is not None and days and not (explanation.row is not None and explanation.row.counts_back):
        first = "first_day_counts" if limit.counts_start_day else "first_day_not"
        lines.append(_sentence(first, language, day=_short_date(explanation.started_on)))
    if limit is not None and days:
        lines += _rest_day_lines(days, limit, language)
        lines += _moved_end_lines(days, limit, language)
    if deadline is None:
        return lines
    if deadline.original_due_on != deadline.due_on:
        lines.append(_sentence("original", language, day=day_in_words(deadline.original_due_on, language)))
    if deadline.decided_due_on is not UNSET:
        lines.append(_sentence("decided", language, day=day_in_words(deadline.decided_due_on, language)))
    for pause in said(deadline.suspensions, ()):
        count = (pause.resumed_on - pause.suspended_on).days
        lines.append(
            _sentence(
                "suspended",
                language,
                first=_short_date(pause.suspended_on),
                last=_short_date(pause.resumed_on),
                count=count,
            )
        )
    if said(deadline.decided_due_on, deadline.due_on) != deadline.due_on:
        lines.append(_sentence("moved_by_suspension", language, day=day_in_words(deadline.due_on, language)))
    return lines


def _rest_day_lines(days: Sequence[ExplainedDay], limit: Limit, language: Language) -> list[str]:
    """Return the sentences on the rest days that do not count and on the days worked in exchange."""
    lines = []
    if limit.unit is DayKind.WORKING:
        rests = [day for day in days if day.why in (Why.WEEKLY_REST, Why.DAY_OFF)]
        if rests:
            weekly = sum(day.why is Why.WEEKLY_REST for day in rests)
            named = [f"{_short_date(day.day)} {day.name}".rstrip() for day in rests if day.why is Why.DAY_OFF]
            names = [*_first_names(named), *([_sentence("weekends", language, count=weekly)] if weekly else [])]
            lines.append(_sentence("not_counted", language, count=len(rests), days="; ".join(names)))
        exchanged = [f"{_short_date(day.day)} {day.name}".rstrip() for day in days if day.why is Why.WORKED_IN_EXCHANGE]
        if exchanged:
            lines.append(_sentence("in_exchange", language, days="; ".join(_first_names(exchanged))))
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
    return [_sentence("moved", language, amount=limit.amount, day=day_in_words(last_counted.day, language) + name)]


def _notice_lines(explanation: Explanation, language: Language) -> list[str]:
    """Return the warnings for the reader, and the sentence about the calendar."""
    lines = []
    limit = explanation.row.advisory if explanation.row is not None else None
    if limit is not None and explanation.advisory_on is not None:
        day = day_in_words(explanation.advisory_on, language)
        lines.append(
            _sentence("advisory", language, amount=limit.amount, unit=DAY_KIND_LABELS[limit.unit][language], day=day)
        )
    if explanation.calendar is not None:
        lines.append(_sentence("calendar", language, calendar=explanation.calendar))
    if explanation.provisional:
        lines.append(_sentence("provisional", language, days=", ".join(_short_days_and_years(explanation.provisional))))
    for other in explanation.other_dates:
        day, says = day_in_words(other.due_on, language), other.reading.says.in_language(language)
        lines.append(_sentence("other_date", language, day=day, says=says))
    if explanation.is_calendar_lost:
        lost, now = explanation.calendar, explanation.present_calendar
        lines.append(_sentence("calendar_lost", language, calendar=lost, now=now))
    if explanation.recalculated_due_on is not None:
        day = day_in_words(explanation.recalculated_due_on, language)
        lines.append(_sentence("anew", language, day=day, calendar=explanation.present_calendar))
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
        *(_short_date(day) for day in days if counts[day.year] < _MAX_NAMED_DAYS),
        *(str(year) for year, count in counts.items() if count >= _MAX_NAMED_DAYS),
    ]


def _first_names(names: Sequence[str]) -> list[str]:
    """Return the first names of a list, followed by the number of names that are left out."""
    return (
        list(names)
        if len(names) <= _MAX_NAMED_DAYS
        else [*names[:_MAX_NAMED_DAYS], f"… (+{len(names) - _MAX_NAMED_DAYS})"]
    )


def _short_date(day: date) -> str:
    """Return the date as day/month/year."""
    return f"{day:%d/%m/%Y}"


def _label(words: Mapping[str, BilingualText], key: str, language: Language) -> str:
    """Return the label of a key.

    A trigger that an installation added has no translation and is returned as it is written.
    """
    return words[key][language] if key in words else key.replace("_", " ")


def _sentence(sentence: str, language: Language, **values: object) -> str:
    """Return a sentence in the language, with the values in its placeholders."""
    return EXPLANATION_SENTENCES[sentence][language].format(**values)
