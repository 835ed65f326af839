"""An explanation in sentences, from the act to the last day, in Vietnamese or English."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from domain.deadlines.explained_run import ExplainedRun
from domain.deadlines.explanation import ExplainedDay, Explanation, Why
from domain.deadlines.labels import KINDS, KNOWN_FROM, SENTENCES, STAGES, TRIGGERS, UNITS, WEEKDAYS, WHY
from domain.deadlines.limit import DayKind, Limit
from domain.labels import Language, Words

_SHOWN = 12
"""Days that a sentence names; the rest is counted."""


def told(explanation: Explanation, language: Language, *, day_by_day: bool = False) -> str:
    """The sentences, one a line. `day_by_day` adds every day with the reason why it counts or not."""
    lines = [_heading(explanation, language), *_basis(explanation, language), *_walk(explanation, language)]
    if explanation.due_on is None:
        lines.append(_say("no_limit", language))
    else:
        lines.append(_say("due", language, day=day_in_words(explanation.due_on, language)))
    lines += _notices(explanation, language)
    if day_by_day and explanation.days:
        lines += ["", *(_day_line(day, language) for day in explanation.days)]
    return "\n".join(lines) + "\n"


def run_told(
    explained: ExplainedRun,
    language: Language,
    events: Mapping[str, Mapping[str, object]],
    *,
    day_by_day: bool = False,
) -> str:
    """The same of a clock on record, with what moved it and how it ended; `events` gives their names."""
    run = explained.run
    if run.stopped_on is None:
        state = _say("running", language)
    else:
        late = run.days_late(run.stopped_on)
        how = _say("late", language, count=late) if late else _say("in_time", language)
        state = f"{_say('stopped', language, day=_short(run.stopped_on))}, {how}"
    heading = f"## {_word(STAGES, run.clock, language)} ({state})"
    text = told(explained.explanation, language, day_by_day=day_by_day)
    if len(run.course) < 2:
        return f"{heading}\n{text}"
    moves = " → ".join(
        f"{_short(one.occurred_on)} {events[one.event][language]}: {_short(one.due_after)}"
        for one in run.course
        if one.due_after is not None
    )
    return f"{heading}\n{text}{_say('history', language, moves=moves)}\n"


def day_in_words(day: date, language: Language) -> str:
    return f"{WEEKDAYS[day.weekday()][language]} {_short(day)}"


def _heading(explanation: Explanation, language: Language) -> str:
    row, limit = explanation.row, explanation.limit
    if limit is None:
        what = "" if row is None else _of_what(explanation, language)
        return what or day_in_words(explanation.started_on, language)
    trigger = _say("the_act", language) if row is None else _word(TRIGGERS, row.trigger, language)
    counted = _say(
        "before" if row is not None and row.counts_back else "from",
        language,
        amount=limit.amount,
        unit=UNITS[limit.unit][language],
        trigger=trigger,
        day=day_in_words(explanation.started_on, language),
    )
    return f"{_of_what(explanation, language)}: {counted}." if row is not None else f"{counted}."


def _of_what(explanation: Explanation, language: Language) -> str:
    row = explanation.row
    if row is None:
        return ""
    return f"{_word(STAGES, row.stage, language).capitalize()} ({_word(KINDS, row.kind, language)})"


def _basis(explanation: Explanation, language: Language) -> list[str]:
    row, rule = explanation.row, explanation.rule
    lines = []
    if rule is not None and row is not None and row.limit is not None:
        verified = _say("verified" if row.verified else "not_verified", language)
        known = KNOWN_FROM[row.known_from][language]
        lines.append(_say("rule", language, rule=rule, known=known, verified=verified))
    elif rule is not None:
        is_lost = row is None and explanation.deadline is not None
        named = "rule_unknown" if is_lost else "rule_alone"
        lines.append(_say(named, language, rule=rule))
    if explanation.source is not None:
        lines.append(_say("source", language, source=explanation.source))
    if row is not None and row.note and language == "en":  # the notes of the file are in English
        lines.append(_say("note", language, note=" ".join(row.note.split())))
    return lines


def _walk(explanation: Explanation, language: Language) -> list[str]:
    """Which days count, in short."""
    days, limit, deadline = explanation.days, explanation.limit, explanation.deadline
    lines = []
    if limit is not None and days and not (explanation.row is not None and explanation.row.counts_back):
        first = "first_day_counts" if limit.counts_start_day else "first_day_not"
        lines.append(_say(first, language, day=_short(explanation.started_on)))
    if limit is not None and days:
        lines += _rests(days, limit, language)
        lines += _moved_end(days, limit, language)
    if deadline is None:
        return lines
    if deadline.original_due_on != deadline.due_on:
        lines.append(_say("original", language, day=day_in_words(deadline.original_due_on, language)))
    if deadline.decided_due_on is not None:
        lines.append(_say("decided", language, day=day_in_words(deadline.decided_due_on, language)))
    for pause in deadline.suspensions:
        count = (pause.resumed_on - pause.suspended_on).days
        lines.append(
            _say("suspended", language, first=_short(pause.suspended_on), last=_short(pause.resumed_on), count=count)
        )
    if deadline.decided_due_on not in (None, deadline.due_on):
        lines.append(_say("moved_by_suspension", language, day=day_in_words(deadline.due_on, language)))
    return lines


def _rests(days: Sequence[ExplainedDay], limit: Limit, language: Language) -> list[str]:
    lines = []
    if limit.unit is DayKind.WORKING:
        rests = [day for day in days if day.why in (Why.WEEKLY_REST, Why.DAY_OFF)]
        if rests:
            weekly = sum(day.why is Why.WEEKLY_REST for day in rests)
            named = [f"{_short(day.day)} {day.name}".rstrip() for day in rests if day.why is Why.DAY_OFF]
            said = [*_some(named), *([_say("weekends", language, count=weekly)] if weekly else [])]
            lines.append(_say("not_counted", language, count=len(rests), days="; ".join(said)))
        exchanged = [f"{_short(day.day)} {day.name}".rstrip() for day in days if day.why is Why.WORKED_IN_EXCHANGE]
        if exchanged:
            lines.append(_say("in_exchange", language, days="; ".join(_some(exchanged))))
    return lines


def _moved_end(days: Sequence[ExplainedDay], limit: Limit, language: Language) -> list[str]:
    if days[-1].why is not Why.END_MOVED_HERE or limit.unit is DayKind.WORKING:
        return []
    last_counted = next((day for day in reversed(days) if day.counted and day.n == limit.amount), None)
    after_it = [day for day in days if last_counted is not None and day.day >= last_counted.day]
    if last_counted is None or any(day.why is Why.SUSPENDED for day in after_it):
        return []
    name = f" ({last_counted.name})" if last_counted.name else ""
    return [_say("moved", language, amount=limit.amount, day=day_in_words(last_counted.day, language) + name)]


def _notices(explanation: Explanation, language: Language) -> list[str]:
    lines = []
    limit = explanation.row.advisory if explanation.row is not None else None
    if limit is not None and explanation.advisory_on is not None:
        day = day_in_words(explanation.advisory_on, language)
        lines.append(_say("advisory", language, amount=limit.amount, unit=UNITS[limit.unit][language], day=day))
    if explanation.calendar is not None:
        lines.append(_say("calendar", language, calendar=explanation.calendar))
    if explanation.provisional:
        lines.append(_say("provisional", language, days=", ".join(_days_in_short(explanation.provisional))))
    if explanation.is_calendar_lost:
        lost, now = explanation.calendar, explanation.calendar_now
        lines.append(_say("calendar_lost", language, calendar=lost, now=now))
    if explanation.anew_on is not None:
        day = day_in_words(explanation.anew_on, language)
        lines.append(_say("anew", language, day=day, calendar=explanation.calendar_now))
    return lines


def _day_line(day: ExplainedDay, language: Language) -> str:
    name = f" ({day.name})" if day.name else ""
    number = f"{day.n:>4}" if day.counted else "   —"
    marked = " *" if day.provisional else ""
    return f"{number}  {day_in_words(day.day, language):<20} {WHY[day.why][language]}{name}{marked}"


def _days_in_short(days: Sequence[date]) -> list[str]:
    """Single days by themselves, a year of which many are meant by its number."""
    counts = Counter(day.year for day in days)
    return [
        *(_short(day) for day in days if counts[day.year] < _SHOWN),
        *(str(year) for year, count in counts.items() if count >= _SHOWN),
    ]


def _some(said: Sequence[str]) -> list[str]:
    return list(said) if len(said) <= _SHOWN else [*said[:_SHOWN], f"… (+{len(said) - _SHOWN})"]


def _short(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _word(words: Mapping[str, Words], key: str, language: Language) -> str:
    """A site's own trigger has no translation and is shown as it is written."""
    return words[key][language] if key in words else key.replace("_", " ")


def _say(sentence: str, language: Language, **values: object) -> str:
    return SENTENCES[sentence][language].format(**values)
