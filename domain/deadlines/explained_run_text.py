"""Writes a recorded clock in sentences: what it is for, how its date follows, what moved it and what ran beside it."""

from collections.abc import Mapping, Sequence

from domain.deadlines.clock_run import ClockRun
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.explained_run import ExplainedRun
from domain.deadlines.explanation_text import explanation_text
from domain.deadlines.labels import LEGAL_STAGE_LABELS, POLICY_KIND_LABELS
from domain.deadlines.sentences import day_in_words, label_of, sentence_of, short_date
from domain.duties import FULFILS
from domain.labels import Language
from domain.printed_text import printed_line
from domain.vocabulary import PetitionKind
from domain.written_forms import written_count

FULFILLING = frozenset(kind.__name__ for kind in FULFILS)
"""The events that fulfil duties. A duty that another event ended is no longer owed."""


def explained_run_text(
    explained: ExplainedRun, language: Language, titles: Mapping[int, str], *, day_by_day: bool = False
) -> str:
    """Return the sentences for a recorded clock, with the events that moved it and the event that ended it.

    `titles` has the title of each event of the petition, by its number in the history.
    """
    run, row = explained.run, explained.explanation.row
    stage = run.clock if row is None else row.stage  # a clock may run by the rule of another step: lần hai
    clock = sentence_of("clock", language, clock=_clock_in_words(run, stage, language))
    text = explanation_text(explained.explanation, language, day_by_day=day_by_day, extensions=explained.extensions)
    text += "".join(f"{printed_line(line)}\n" for line in _lines_beside(explained, language))
    if len(run.course) >= 2:
        moves = " → ".join(
            f"{short_date(one.occurred_on)} {titles[one.version]}: {short_date(one.due_after)}"
            for one in run.course
            if one.due_after is not None
        )
        text += f"{printed_line(sentence_of('history', language, moves=moves))}\n"
    return f"{printed_line(f'{clock} ({_state_in_words(run, language)})')}\n{text}"


def _state_in_words(run: ClockRun, language: Language) -> str:
    """Return whether the clock runs, or when it ended and whether in time."""
    if run.stopped_on is None:
        return sentence_of("running", language)
    late = run.days_late(run.stopped_on)
    how = (
        sentence_of("late", language, count=written_count(late, language)) if late else sentence_of("in_time", language)
    )
    ended = "no_longer_owed" if is_duty_run(run) and run.stopped_by not in FULFILLING else "stopped"
    return f"{sentence_of(ended, language, day=short_date(run.stopped_on))}, {how}"


def _lines_beside(explained: ExplainedRun, language: Language) -> list[str]:
    """Return what a reader must know beside the count: recorded late, a wait for the citizen, another possible kind."""
    run, lines = explained.run, []
    if (since := run.late_since_before_start) is not None:
        known = short_date(run.segments[0].occurred_on)
        lines.append(sentence_of("late_when_known", language, known=known, since=short_date(since)))
    for wait in explained.waits:
        first = short_date(wait.since_on)
        if wait.until_on is None:
            lines.append(sentence_of("waiting", language, first=first))
        else:
            last, count = short_date(wait.until_on), written_count(wait.days(wait.until_on), language)
            lines.append(sentence_of("waited", language, first=first, last=last, count=count))
    if explained.possible is not None:
        kinds = kinds_in_words(explained.possible.kinds, language)
        day = day_in_words(explained.possible.due_on, language)
        lines.append(sentence_of("possible", language, kinds=kinds, day=day))
    return lines


def kinds_in_words(kinds: Sequence[PetitionKind], language: Language) -> str:
    """Return the kinds that a letter may be, joined by "or"."""
    return {"vi": " hoặc ", "en": " or "}[language].join(POLICY_KIND_LABELS[kind][language] for kind in kinds)


def _clock_in_words(run: ClockRun, stage: str, language: Language) -> str:
    """Return what the clock is for, with the unit that owes a duty and the decision that it is about."""
    what = label_of(LEGAL_STAGE_LABELS, stage, language)
    named = dict.fromkeys(
        name
        for name in (
            None if run.subject is None else run.subject.reference,
            None if run.holder is None else run.holder.unit,
        )
        if name
    )
    return f"{what}: {', '.join(named)}" if named else what
