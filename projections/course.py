"""How a petition stands and has stood: what the views of open petitions share, so that their sums agree on every day.

A fact tells how the petition stands from the fact's day on; one that was entered late goes back, and what was told of
the days after it gives way. Views keep a course as JSON between two facts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from domain.deadlines.deadline import Clock
from domain.events import PetitionEvent, PetitionReceived
from domain.standing import Standing, after, received
from domain.vocabulary import NO_UNIT, OfficerId, Stage, UnitId


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


@dataclass(frozen=True, slots=True)
class Course:
    """The spells follow one another without a gap; the first begins on the day of receipt."""

    standing: Standing
    spells: tuple[Spell, ...]

    def past(self) -> set[tuple[Spell, date]]:
        """The spells that are over and were open, each with the first day after it."""
        return {
            (spell, following.since_on)
            for spell, following in pairwise(self.spells)
            if spell.is_open and spell.since_on < following.since_on
        }


def begun(fact: PetitionReceived) -> Course:
    standing = received(fact)
    return Course(standing, (_spell(standing, standing.received_on),))


def followed(course: Course, fact: PetitionEvent) -> Course:
    """The course after the next fact of the petition."""
    standing = after(course.standing, fact)
    if standing is course.standing:
        return course
    spells = course.spells
    if standing.received_on != spells[0].since_on:
        spells = _begun_on(spells, standing.received_on)
    last = spells[-1]
    now = _spell(standing, max(standing.settled_on or fact.occurred_on, standing.received_on))
    if now == last or (now.is_open and now._replace(since_on=last.since_on) == last):
        return Course(standing, spells)
    if not (now.is_open or last.is_open):
        spells = spells[:-1]  # the day of the settlement was corrected
    # Of a day on which it was settled, what stood before is kept: the settlement may be corrected to a later day.
    until_on = now.since_on if now.is_open else now.since_on + timedelta(days=1)
    return Course(standing, (*(spell for spell in spells if spell.since_on < until_on), now))


def _spell(standing: Standing, since_on: date) -> Spell:
    if standing.settled_on is not None:
        return Spell(since_on)
    return Spell(
        since_on=since_on,
        stage=standing.stage,
        unit=standing.unit,
        officer=standing.officer,
        coordinating=standing.coordinating,
        due_on=standing.due_on,
        clock=standing.clock,
    )


def _begun_on(spells: tuple[Spell, ...], on: date) -> tuple[Spell, ...]:
    """The day of receipt was corrected: what stood on that day, or else what stood first, stands from then on."""
    over = sum(spell.since_on <= on for spell in spells[1:])
    return (spells[over]._replace(since_on=on), *spells[over + 1 :])
