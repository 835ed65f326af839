"""Whose days they were: the counted days of a clock, apportioned to whoever held the petition."""

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
    """Days of one holder. `calendar_days` and `working_days` count; `suspended_days` (calendar days) do not.

    `working_days` is None where the calendar on file does not reach: no guess.
    """

    holder: Holder
    calendar_days: int
    working_days: int | None
    suspended_days: int


class _Span(NamedTuple):
    """The days later than `after`, up to and including `until`."""

    after: date
    until: date

    def within(self, other: "_Span") -> "_Span | None":
        common = _Span(max(self.after, other.after), min(self.until, other.until))
        return common if common.after < common.until else None

    @property
    def days(self) -> int:
        return (self.until - self.after).days


def whole(run: ClockRun, on: date, calendar: Calendar) -> Share:
    """All days of a clock until it stopped, or else until the day `on`; its holder is no one."""
    span = _lasted(run, on)
    return _share(Holder(), [span] if span else [], _pauses(run, span), calendar)


def shares(ledger: Ledger, run: ClockRun, on: date, calendar: Calendar) -> tuple[Share, ...]:
    """The same days, to each holder his own, in the order in which they came to hold it. They add up to `whole`."""
    span = _lasted(run, on)
    if span is None:
        return ()
    holdings = ledger.holdings if run.holder is None else (Holding(None, run.holder),)
    held: dict[Holder, list[_Span]] = {}
    for holder, spell in _spells(holdings, span):
        held.setdefault(holder, []).append(spell)
    pauses = _pauses(run, span)
    return tuple(_share(holder, spells, pauses, calendar) for holder, spells in held.items())


def _lasted(run: ClockRun, on: date) -> _Span | None:
    span = _Span(run.uncounted_until, on if run.stopped_on is None else run.stopped_on)
    return span if span.after < span.until else None


def _spells(holdings: tuple[Holding, ...], span: _Span) -> Iterator[tuple[Holder, _Span]]:
    for one, following in pairwise((*holdings, None)):
        assert one is not None
        since, until = one.since_on or span.after, following.since_on if following else span.until
        assert until is not None
        if (spell := _Span(since, until).within(span)) is not None:
            yield one.holder, spell


def _pauses(run: ClockRun, span: _Span | None) -> list[_Span]:
    """In order, without overlap: two suspensions never take the same day twice."""
    if span is None:
        return []
    told = [_Span(pause.suspended_on, pause.resumed_on) for pause in run.pauses]
    if run.suspended_on is not None:
        told.append(_Span(run.suspended_on, span.until))
    clear: list[_Span] = []
    for one in sorted(told):
        if clear and one.after < clear[-1].until:
            one = _Span(clear[-1].until, one.until)
        if (inside := one.within(span)) is not None:
            clear.append(inside)
    return clear


def _share(holder: Holder, spells: list[_Span], pauses: list[_Span], calendar: Calendar) -> Share:
    stood = [common for spell in spells for pause in pauses if (common := spell.within(pause)) is not None]
    suspended = sum(span.days for span in stood)
    working: int | None
    try:
        working = sum(calendar.working_days_between(*span) for span in spells)
        working -= sum(calendar.working_days_between(*span) for span in stood)
    except CalendarRunsOut:
        working = None
    return Share(holder, sum(span.days for span in spells) - suspended, working, suspended)
