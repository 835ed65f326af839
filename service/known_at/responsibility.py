"""Reads who was responsible for a petition on a day, as known at a moment, and what moved its lateness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.labels import Language
from domain.units.unit import UnitRegister
from projections.act_titles import act_titles
from projections.case_file_clocks import ClockLine, clock_lines
from projections.lateness_acts import LatenessAct, lateness_acts
from projections.responsibility import Responsibility, fold_responsibility
from service.commands.office import ApplicationService
from service.known_at.law_and_units import law_at, units_at
from service.known_at.moment import KnownAt
from service.known_at.petition_then import history_then


@dataclass(frozen=True, slots=True)
class ResponsibilityAsKnown:
    """Holds an answer with the register of units that it names, and the position up to which the log was read.

    `clocks` have the days that count, of each holder: the day of a change counts there for the former one. `titles` are
    those of the events, by their number in the history.
    """

    known: KnownAt
    responsibility: Responsibility
    acts: tuple[LatenessAct, ...]
    clocks: tuple[ClockLine, ...]
    titles: Mapping[int, str]
    units: UnitRegister


async def read_responsibility(
    office: ApplicationService,
    history: Sequence[EventEnvelope[PetitionEvent]],
    on: date | None,
    known: KnownAt,
    language: Language,
) -> ResponsibilityAsKnown:
    """Return the answer for the day, or for that of the moment. `history` has the texts opened.

    Raise Refused if the petition was not on record yet.
    """
    then = history_then(history, known.position)
    law, units = await law_at(office, known.position), await units_at(office, known.position)
    day = on or known.on
    return ResponsibilityAsKnown(
        known,
        fold_responsibility(then, day, units),
        lateness_acts(then, law.calendar),
        tuple(clock_lines(then, day, law, language)),
        act_titles(then, language),
        units,
    )
