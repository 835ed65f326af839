"""Folds a petition's history into who was responsible for it, day by day: unit, officer, position, heads.

An act counts from its own day on, as in the lists and figures: on the day of a reassignment the new unit has the
petition. The ledger of clocks counts that day for the former holder, because the first day of a limit does not count.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

from domain.correcting.history import corrected_history
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, PetitionAssigned, PetitionEvent, PetitionReassigned
from domain.events.official import Official, officer_of, official_shown
from domain.status_transitions import receiving_unit
from domain.units.events import Office
from domain.units.unit import Unit, UnitRegister
from domain.units.validity import Tenure
from domain.value import UNSET, known
from domain.vocabulary import NO_UNIT, OfficerId, Stage, UnitId
from projections.case_state import evolve_case, open_case
from projections.standing_intervals import StatusInterval, StatusIntervals

_ONE_DAY = timedelta(days=1)


class Responsible(NamedTuple):
    """Names who had to act. A text is empty and any other field is None where nobody is named.

    While no unit is assigned, `unit` is the one that received the petition, and `is_intake` is True.
    `officer` is a code, or the name of an official outside of the register. `position` is the one that the act named
    the officer with, else the one that the register has for the first day. `accountable_head` is the head whom the
    assignment names. `head` held the office of the unit's head by the register on those days, as `head_position`.
    """

    unit: UnitId = NO_UNIT
    officer: str = ""
    position: str = ""
    accountable_head: str = ""
    head: OfficerId | None = None
    head_position: str = ""
    coordinating: tuple[UnitId, ...] = ()
    is_intake: bool = False


@dataclass(frozen=True, slots=True)
class ResponsibleInterval:
    """Holds who was responsible from `first_on` to `last_on`, both inclusive, and up to the day that is asked about.

    `days` are calendar days; `late_days` are those of them on which the petition was past its due date and no
    suspension held it.
    """

    first_on: date
    last_on: date
    responsible: Responsible
    days: int
    late_days: int


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Holds who was responsible on the day `on` and on the days before.

    `responsible` is None on a day on which nobody owed an answer: before the receipt, and after the day on which the
    petition was settled. `stage`, `due_on` and `is_held` are those of the day; of the day of the settlement, those
    before it.
    """

    on: date
    responsible: Responsible | None
    stage: Stage | None
    due_on: date | None
    is_held: bool
    intervals: tuple[ResponsibleInterval, ...]


class _Naming(NamedTuple):
    """Holds whom an assignment named."""

    on: date
    unit: UnitId
    code: OfficerId | None
    officer: str
    position: str
    accountable_head: str


def fold_responsibility(
    history: Sequence[EventEnvelope[PetitionEvent]], on: date, units: UnitRegister
) -> Responsibility:
    """Return who was responsible up to the day `on`, by a history whose texts were opened and a register of units.

    Raise ValueError when the history does not begin with an opening.
    """
    right = corrected_history(history)
    opening = right[0]
    if not isinstance(opening.fact, PETITION_OPENINGS):
        raise ValueError(f"the history of {opening.originator_id} begins with {type(opening.fact).__name__}")
    case = reduce(evolve_case, right[1:], open_case(opening))
    owed = list(_owed_intervals(case.intervals, on))
    receiver = receiving_unit(opening.fact, opening.by)
    found = _merged(_cut_intervals(owed, _namings(right), receiver, units))
    if not owed or owed[-1][1] < on:
        return Responsibility(on=on, responsible=None, stage=None, due_on=None, is_held=False, intervals=found)
    current, _ = owed[-1]
    return Responsibility(
        on=on,
        responsible=found[-1].responsible,
        stage=current.stage,
        due_on=current.due_on,
        is_held=current.is_held,
        intervals=found,
    )


def _owed_intervals(intervals: StatusIntervals, on: date) -> Iterator[tuple[StatusInterval, date]]:
    """Yield the intervals in which an answer was owed, each with its last day, up to the day.

    The day of the settlement belongs to who had the petition until then; in lists it is settled on that day.
    """
    for interval, following in pairwise((*intervals, None)):
        assert interval is not None
        until = on
        if following is not None:
            until = min(on, following.since_on - _ONE_DAY if following.is_open else following.since_on)
        if interval.is_open and interval.since_on <= until:
            yield interval, until


def _namings(history: Sequence[EventEnvelope[PetitionEvent]]) -> list[_Naming]:
    """Return whom the assignments named, in the order of their days; of one day in the order of the history."""
    found = []
    for event in history:
        fact = event.fact
        if isinstance(fact, PetitionAssigned | PetitionReassigned):
            head = fact.accountable_head if isinstance(fact, PetitionAssigned) else UNSET
            found.append(
                _Naming(
                    on=fact.occurred_on,
                    unit=fact.lead_unit,
                    code=officer_of(fact.responsible),
                    officer=official_shown(fact.responsible) or "",
                    position=_position_said(fact.responsible),
                    accountable_head=official_shown(head) or "",
                )
            )
    return sorted(found, key=lambda naming: naming.on)


def _position_said(named: object) -> str:
    return (known(named.position) or "") if isinstance(named, Official) else ""


def _cut_intervals(
    owed: Iterable[tuple[StatusInterval, date]], namings: Sequence[_Naming], receiver: UnitId, units: UnitRegister
) -> Iterator[ResponsibleInterval]:
    """Yield the intervals, cut where the head of the unit changed."""
    for interval, until in owed:
        unit = units.by_id.get(interval.unit or receiver)
        firsts = _days_of_new_heads(unit, interval.since_on, until)
        for first, after in pairwise((*firsts, until + _ONE_DAY)):
            last = after - _ONE_DAY
            yield ResponsibleInterval(
                first_on=first,
                last_on=last,
                responsible=_responsible(interval, namings, unit, first, units)._replace(
                    unit=interval.unit or receiver, is_intake=interval.unit == NO_UNIT
                ),
                days=(after - first).days,
                late_days=_late_days(interval, first, last),
            )


def _late_days(interval: StatusInterval, first: date, last: date) -> int:
    if interval.due_on is None or interval.is_held:
        return 0
    return max(0, (last - max(first - _ONE_DAY, interval.due_on)).days)


def _days_of_new_heads(unit: Unit | None, first: date, last: date) -> list[date]:
    """Return the first day, and each later day up to the last on which the unit's head may be another one."""
    if unit is None:
        return [first]
    turns = {unit.opened_on, *([] if unit.closed_on is None else [unit.closed_on + _ONE_DAY])}
    for tenure in unit.tenures:
        if tenure.office is Office.HEAD:
            turns |= {tenure.since_on, *([] if tenure.until_on is None else [tenure.until_on + _ONE_DAY])}
    return [first, *sorted(day for day in turns if first < day <= last)]


def _responsible(
    interval: StatusInterval, namings: Sequence[_Naming], unit: Unit | None, first: date, units: UnitRegister
) -> Responsible:
    named = _naming_of(interval, namings)
    officer = interval.officer or ("" if named is None else named.officer)
    head: Tenure | None = None if unit is None else next(iter(unit.tenures_on(Office.HEAD, first)), None)
    return Responsible(
        unit=interval.unit,
        officer=officer,
        position=(named.position if named is not None else "") or _position_on(officer, interval, units),
        accountable_head="" if named is None else named.accountable_head,
        head=None if head is None else head.officer,
        head_position="" if head is None else head.position,
        coordinating=interval.coordinating,
    )


def _naming_of(interval: StatusInterval, namings: Sequence[_Naming]) -> _Naming | None:
    """Return the assignment that the interval rests on: the last one by then of this unit and officer."""
    rests_on = None
    for naming in namings:
        is_of_it = (naming.unit, naming.code) == (interval.unit, interval.officer)
        if is_of_it and (rests_on is None or naming.on <= interval.since_on):
            rests_on = naming
    return rests_on


def _position_on(officer: str, interval: StatusInterval, units: UnitRegister) -> str:
    held = [one for one in units.tenures_of(officer) if one.unit == interval.unit and one.covers(interval.since_on)]
    return held[0].position if held else ""


def _merged(intervals: Iterable[ResponsibleInterval]) -> tuple[ResponsibleInterval, ...]:
    """Return the intervals with those joined that follow one another with the same people."""
    found: list[ResponsibleInterval] = []
    for one in intervals:
        before = found[-1] if found else None
        if before is not None and before.responsible == one.responsible and before.last_on + _ONE_DAY == one.first_on:
            found[-1] = replace(
                before, last_on=one.last_on, days=before.days + one.days, late_days=before.late_days + one.late_days
            )
        else:
            found.append(one)
    return tuple(found)
