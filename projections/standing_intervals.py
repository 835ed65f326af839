"""How a petition stands and has stood: what the views of open petitions share, so that their sums agree on every day.

A fact tells how the petition stands from the fact's day on; one that was entered late goes back, and what was told of
the days after it gives way.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from domain.deadlines.deadline import Clock
from domain.status import Standing
from domain.vocabulary import NO_UNIT, OfficerId, Stage, UnitId

NEVER = date.max
"""The due date of a petition that no limit is set for, in the tables and in a cursor: such petitions come last."""


class Spell(NamedTuple):
    """How the petition stood from `since_on` until the next spell begins.

    Without a stage nobody owed an answer; then nothing else is said either.
    """

    since_on: date
    stage: Stage | None = None
    unit: UnitId = NO_UNIT
    officer: OfficerId | None = None
    coordinating: tuple[UnitId, ...] = ()
    due_on: date | None = None
    clock: Clock | None = None

    @property
    def is_open(self) -> bool:
        return self.stage is not None


Spells = tuple[Spell, ...]
"""The spells follow one another without a gap; the first begins on the day of receipt."""


def past(spells: Spells) -> Iterator[tuple[Spell, date]]:
    """The spells that are over and were open, each with the first day after it."""
    for spell, following in pairwise(spells):
        if spell.stage is not None and spell.since_on < following.since_on:
            yield spell, following.since_on


def begun(standing: Standing) -> Spells:
    return (_spell(standing, standing.received_on),)


def followed(spells: Spells, standing: Standing, on: date) -> Spells:
    """The spells once a fact of that day has led to this standing."""
    if standing.received_on != spells[0].since_on:
        spells = _begun_on(spells, standing.received_on)
    last = spells[-1]
    now = _spell(standing, max(standing.settled_on or on, standing.received_on))
    if now == last or (now.is_open and now[1:] == last[1:]):
        return spells
    if not (now.is_open or last.is_open):
        spells = spells[:-1]  # the day of the settlement was corrected
    # Of a day on which it was settled, what stood before is kept: the settlement may be corrected to a later day.
    until_on = now.since_on if now.is_open else now.since_on + timedelta(days=1)
    return (*[spell for spell in spells if spell.since_on < until_on], now)


def handed_over(spells: Spells, standing: Standing, on: date) -> Spells:
    """The spells of an open petition that lies with another unit from that day on; all else stays as it was told.

    A reorganisation is often entered after its day, and what a petition went through meanwhile is not undone by it.
    """
    found: list[Spell] = []
    for spell, until_on in zip(spells, [*(spell.since_on for spell in spells[1:]), date.max], strict=True):
        if spell.since_on < on:
            found.append(spell)
        if spell.is_open and until_on > on:
            found.append(
                spell._replace(
                    since_on=max(spell.since_on, on),
                    unit=standing.unit,
                    officer=spell.officer if spell.unit == standing.unit else None,
                    coordinating=standing.coordinating,
                )
            )
        elif spell.since_on >= on:
            found.append(spell)
    return tuple(found)


def _spell(standing: Standing, since_on: date) -> Spell:
    if standing.settled_on is not None:
        return Spell(since_on)
    clock = standing.clock
    due_on = None if clock is None else standing.clocks[clock]
    return Spell(since_on, standing.stage, standing.unit, standing.officer, standing.coordinating, due_on, clock)


def _begun_on(spells: Spells, on: date) -> Spells:
    """The day of receipt was corrected: what stood on that day, or else what stood first, stands from then on."""
    over = sum(spell.since_on <= on for spell in spells[1:])
    return (spells[over]._replace(since_on=on), *spells[over + 1 :])
