"""The life of one made-up petition: who asked for what on which day, until the present day is reached."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from domain.actor import Credentials
from domain.commands import MarkDuplicate, PetitionCommand, ReceivePetition
from domain.deadlines.calendar import Calendar
from domain.vocabulary import PetitionId


class NotYet(Exception):
    """The next step lies after the present day: so far the petition has come."""


@dataclass(frozen=True, slots=True)
class Step:
    """`beside` counts from 0 the petitions that this one opened; None is the petition itself."""

    by: Credentials
    command: PetitionCommand | Callable[[PetitionId], MarkDuplicate]
    beside: int | None = None


@dataclass
class Life:
    """Told by its `day`, which only ever goes forward, to working days and never beyond `today`."""

    name: str
    chance: Random
    calendar: Calendar
    today: date
    day: date
    steps: list[Step] = field(default_factory=list)
    beside: int | None = None
    repeats: str | None = None
    """The name of the life whose petition this one is a duplicate of."""

    @property
    def received_on(self) -> date:
        first = self.steps[0].command
        assert isinstance(first, ReceivePetition)
        return first.occurred_on

    def happens(self, of_a_hundred: float) -> bool:
        return self.chance.random() * 100 < of_a_hundred

    def later(self, least: int, most: int) -> date:
        """So many calendar days on, or the working day after that."""
        return self.until(self.day + timedelta(days=self.chance.randint(least, most)))

    def until(self, day: date) -> date:
        """Goes to the day, or the working day after it; stays where it is if that has passed."""
        day = self.calendar.next_working_day(max(day, self.day))
        if day > self.today:
            raise NotYet
        self.day = day
        return day

    def number(self, ending: str) -> str:
        """Of a document."""
        return f"{self.chance.randint(1, 999)}/{ending}"

    def does(self, by: Credentials, command: PetitionCommand | Callable[[PetitionId], MarkDuplicate]) -> None:
        self.steps.append(Step(by, command, self.beside))


def told(life: Life, story: Callable[[Life], None]) -> Life:
    """The life as far as the story has come by the present day."""
    with suppress(NotYet):
        story(life)
    return life
