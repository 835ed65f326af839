"""Counts one petition: the lines from which the table of units makes its sums and the lists behind them their rows.

Sum and list are made from the same lines, so that no figure differs from the list behind it.
"""

from collections.abc import Iterator
from datetime import date
from typing import LiteralString, NamedTuple

from domain.vocabulary import NO_UNIT, OfficerId, UnitId
from projections.case_records import CaseEnding
from projections.case_state import CaseState
from projections.late_spans import LateSpan, holder_on, late_spans
from projections.standing_intervals import StatusInterval, StatusIntervals

FLOW_FIGURES: tuple[LiteralString, ...] = (
    *("letters", "received", "reopened", "reassigned_in", "reassigned_out", "went_up", "went_up_late"),
    *("answered_at_meeting", "answered_in_writing", "settled_otherwise", "ended_by_going_up", "linked"),
    *("answered_late", "answered_without_limit", "answered_unproven"),
    *("settled_otherwise_late", "settled_otherwise_without_limit", "settled_otherwise_unproven"),
    *("ended_late", "ended_without_limit", "ended_unproven", "ended_late_inherited", "charged_endings"),
    *("known_late", "ran_out", "came_late", "left_late"),
)
"""Figures that count what happened on a day."""

SPAN_FIGURES: tuple[LiteralString, ...] = ("open", "charged_open", "coordinating")
"""Figures that count from the day of a line until its end. What is open came in on the day, and went out at its end."""

EACH_DAY_FIGURES: tuple[LiteralString, ...] = ("days_late",)
"""Figures that count each day from that of a line until its end."""

LINE_FIGURES = FLOW_FIGURES + SPAN_FIGURES + EACH_DAY_FIGURES
"""All figures of lines. The place of each is its bit in the column `figures`: add new ones at the end of a version."""


class CountedLine(NamedTuple):
    """Holds what is counted of a petition for a unit from the day `on`.

    The figures of spans and of days count until `until_on`. `due_on` is the date that was missed or kept, `officer` who
    had the petition. `days_taken` are the calendar days from the receipt to the latest answer, on its line.
    """

    unit: UnitId
    on: date
    figures: tuple[LiteralString, ...]
    officer: OfficerId | None = None
    due_on: date | None = None
    until_on: date | None = None
    days_taken: int | None = None


def counted_lines(case: CaseState) -> Iterator[CountedLine]:
    """Yield the lines of a petition, always in the same order."""
    received_on = case.status.received_on
    received: tuple[LiteralString, ...] = ("letters",) if case.is_letter else ()
    if case.is_case:
        received += ("received",)
    if received:
        yield CountedLine(case.first_unit, received_on, received)
    spans = late_spans(case.intervals)
    for ending in case.endings:
        yield from _ending_lines(case, ending, spans)
    for event in case.counted_events:
        yield CountedLine(event.unit, event.on, (event.figure,))
    yield from _stay_lines(case.intervals)
    yield from _late_lines(spans, received_on)
    for interval, following in zip(case.intervals, (*case.intervals[1:], None), strict=True):
        for unit in interval.coordinating:
            until_on = None if following is None else following.since_on
            if until_on is None or interval.since_on < until_on:
                yield CountedLine(unit, interval.since_on, ("coordinating",), None, interval.due_on, until_on)


def heir_of(case: CaseState, unit: UnitId, on: date) -> UnitId:
    """Return the unit that has, by reorganisations, what the unit did with the petition on the day.

    What nobody was named for goes to the first unit that was.
    """
    if unit == NO_UNIT:
        unit = case.first_unit
    for takeover in case.takeovers:
        if takeover.from_unit == unit and takeover.on >= on:
            unit = takeover.to_unit
    return unit


def _stay_lines(intervals: StatusIntervals) -> Iterator[CountedLine]:
    """Yield each time in which the petition was open with one unit, also if it came and went on the same day."""
    came: StatusInterval | None = None
    for interval, following in zip(intervals, (*intervals[1:], None), strict=True):
        if not interval.is_open:
            continue
        came = came or interval
        if following is None or not following.is_open or following.unit != interval.unit:
            until_on = None if following is None else following.since_on
            yield CountedLine(came.unit, came.since_on, ("open",), interval.officer, interval.due_on, until_on)
            came = None


def _ending_lines(case: CaseState, ending: CaseEnding, spans: list[LateSpan]) -> Iterator[CountedLine]:
    """Yield the line of an ending, and that of the unit with which its date had run out, if it is another."""
    received_on, due_on = case.status.received_on, ending.was_due_on
    figures: list[LiteralString] = [ending.figure]
    charged = ending.unit
    if not ending.is_proven(received_on):
        figures += _of_class(ending, "unproven")
    elif due_on is None:
        figures += _of_class(ending, "without_limit")
    elif ending.on > due_on:
        figures += _of_class(ending, "late")
        last = next((span for span in spans if span.ends_it and span.until_on == ending.on), None)
        charged = holder_on(case.intervals, due_on, ending.unit) if last is None else last.ran_out_with
        figures.append("charged_endings" if charged == ending.unit else "ended_late_inherited")
    elif ending.recorded_on is not None and ending.recorded_on > due_on and not ending.is_imported:
        figures.append("known_late")
    is_measured = ending is case.latest_answer and ending.is_proven(received_on)
    days_taken = (ending.on - received_on).days if is_measured else None
    yield CountedLine(ending.unit, ending.on, tuple(figures), ending.officer, due_on, None, days_taken)
    if charged != ending.unit:
        yield CountedLine(charged, ending.on, ("charged_endings",), None, due_on)


def _of_class(ending: CaseEnding, name: LiteralString) -> Iterator[LiteralString]:
    """Yield the figures of the class of an ending: that of all endings, and that of its kind where there is one."""
    yield f"ended_{name}"
    if ending.is_answer:
        yield f"answered_{name}"
    elif ending.figure == "settled_otherwise":
        yield f"settled_otherwise_{name}"


def _late_lines(spans: list[LateSpan], received_on: date) -> Iterator[CountedLine]:
    """Yield the days late of each unit, where dates ran out, and who handed over late.

    What was due before the receipt proves that nobody let it run out.
    """
    for n, span in enumerate(spans):
        yield CountedLine(span.unit, span.since_on, EACH_DAY_FIGURES, span.officer, span.due_on, span.days_until)
        if span.due_on < received_on:
            continue
        if span.is_first:
            ends = n
            while ends + 1 < len(spans) and not spans[ends + 1].is_first:
                ends += 1
            officer = span.officer if span.ran_out_with == span.unit else None
            figures = ("ran_out", "charged_open")
            yield CountedLine(span.ran_out_with, span.since_on, figures, officer, span.due_on, spans[ends].until_on)
        if span.came_from is not None:
            yield CountedLine(span.came_from, span.since_on, ("left_late",), None, span.due_on)
            yield CountedLine(span.unit, span.since_on, ("came_late",), span.officer, span.due_on)
