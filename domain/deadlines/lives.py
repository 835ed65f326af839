"""What became of every clock of a petition, told from its history."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from domain.deadlines.deadline import Clock, Deadline
from domain.events import PetitionEvent
from domain.petition import Petition, evolve
from domain.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Move:
    """A fact that started the clock or gave it another date."""

    event: str
    occurred_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class ClockLife:
    """One run of a clock: `deadline` as it stands or stood last; `stopped_on` is None while it runs."""

    deadline: Deadline
    moves: tuple[Move, ...]
    stopped_on: date | None = None
    stopped_by: str | None = None

    @property
    def clock(self) -> Clock:
        return self.deadline.clock

    def as_json(self) -> dict[str, Any]:
        """What the record says; why the date is that day, the explanation says."""
        return {
            "clock": self.clock,
            "started_on": self.deadline.started_on,
            "original_due_on": self.deadline.original_due_on,
            "is_running": self.stopped_on is None,
            "stopped_on": self.stopped_on,
            "stopped_by": self.stopped_by,
            "moves": [asdict(move) for move in self.moves],
        }


def clock_lives(history: Iterable[Recorded[PetitionEvent]]) -> list[ClockLife]:
    """Every clock in the order in which it was started; a clock that was started again has a life more."""
    lives: list[ClockLife] = []
    running: dict[Clock, int] = {}
    petition: Petition | None = None
    for recorded in history:
        fact = recorded.fact
        petition = evolve(petition, recorded)
        event = type(fact).__name__
        for deadline in fact.deadlines:
            move = Move(event, fact.occurred_on, deadline.due_on)
            if deadline.clock in running:
                place = running[deadline.clock]
                before = lives[place]
                moved = before.deadline.due_on != deadline.due_on
                lives[place] = replace(
                    before, deadline=deadline, moves=(*before.moves, move) if moved else before.moves
                )
            else:
                running[deadline.clock] = len(lives)
                lives.append(ClockLife(deadline, (move,)))
        for clock in [clock for clock in running if clock not in petition.deadlines]:
            place = running.pop(clock)
            lives[place] = replace(lives[place], stopped_on=fact.occurred_on, stopped_by=event)
    return lives
