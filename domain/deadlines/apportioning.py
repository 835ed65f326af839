"""Apportions the counted days of a clock to the units and officers that held the petition.

An answer to "where did the time go" must add up: no day is counted twice, and none is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.clock_run import ClockRun, Holder, Holding
from domain.deadlines.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Share:
    """Holds the days of one holder: the days that count towards the limit, and the suspended days.

    `calendar_days` and `working_days` are the same days in two units. `suspended_days` are calendar days and are in
    neither of them. `working_days` is None if the calendar on file ends before those days: the program does not guess.
    """

    holder: Holder
    calendar_days: int
    working_days: int | None
    suspended_days: int


class _Span(NamedTuple):
    """Holds the days later than `after`, up to and including `until`."""

    after: date
    until: date

    def within(self, other: "_Span") -> "_Span | None":
        """Return the days that both spans have in common; None if they have none."""
        common = _Span(max(self.after, other.after), min(self.until, other.until))
        return common if common.after < common.until else None

    @property
    def days(self) -> int:
        """Return the number of calendar days."""
        return (self.until - self.after).days


def whole_share(run: ClockRun, on: date, calendar: Calendar) -> Share:
    """Return all days of a clock as one share without a holder.

    The days end with the day on which the clock stopped, or with the day `on` (inclusive) if it still runs.
    """
    span = _counted_span(run, on)
    return _count_share(Holder(), [span] if span else [], _paused_spans(run, span), calendar)


def shares_of_holders(ledger: Ledger, run: ClockRun, on: date, calendar: Calendar) -> tuple[Share, ...]:
    """Return the days of `whole_share` split by holder, in the order in which the holders first got the petition.

    The shares add up to `whole_share`.
    """
    span = _counted_span(run, on)
    if span is None:
        return ()
    holdings = ledger.holdings if run.holder is None else (Holding(since_on=None, holder=run.holder),)
    spells_by_holder: dict[Holder, list[_Span]] = {}
    for holder, spell in _spans_of_holders(holdings, span):
        spells_by_holder.setdefault(holder, []).append(spell)
    pauses = _paused_spans(run, span)
    return tuple(_count_share(holder, spells, pauses, calendar) for holder, spells in spells_by_holder.items())


def _counted_span(run: ClockRun, on: date) -> _Span | None:
    """Return the days that count, until the clock stopped, or until `on` if it still runs; None if there are none."""
    span = _Span(run.uncounted_until, on if run.stopped_on is None else run.stopped_on)
    return span if span.after < span.until else None


def _spans_of_holders(holdings: tuple[Holding, ...], span: _Span) -> Iterator[tuple[Holder, _Span]]:
    """Yield each holder with the days of the span on which this holder had the petition."""
    for holding, following in pairwise((*holdings, None)):
        assert holding is not None
        since, until = holding.since_on or span.after, following.since_on if following else span.until
        assert until is not None
        if (spell := _Span(since, until).within(span)) is not None:
            yield holding.holder, spell


def _paused_spans(run: ClockRun, span: _Span | None) -> list[_Span]:
    """Return the suspended days of the span, in order and without overlap, so that no day is subtracted twice."""
    if span is None:
        return []
    paused = [_Span(pause.suspended_on, pause.resumed_on) for pause in run.pauses]
    if run.suspended_on is not None:
        paused.append(_Span(run.suspended_on, span.until))
    disjoint: list[_Span] = []
    for one in sorted(paused):
        if disjoint and one.after < disjoint[-1].until:
            one = _Span(disjoint[-1].until, one.until)
        if (inside := one.within(span)) is not None:
            disjoint.append(inside)
    return disjoint


def _count_share(holder: Holder, spells: list[_Span], pauses: list[_Span], calendar: Calendar) -> Share:
    """Count the days of one holder, and count the suspended days separately."""
    suspended_spans = [common for spell in spells for pause in pauses if (common := spell.within(pause)) is not None]
    suspended = sum(span.days for span in suspended_spans)
    working: int | None
    try:
        working = sum(calendar.working_days_between(*span) for span in spells)
        working -= sum(calendar.working_days_between(*span) for span in suspended_spans)
    except CalendarRunsOut:
        working = None
    return Share(holder, sum(span.days for span in spells) - suspended, working, suspended)
