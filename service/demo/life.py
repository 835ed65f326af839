"""Defines the life of one made-up petition: the commands of officers day by day, up to the present day."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from domain.actor import Credentials
from domain.commands import MarkDuplicate, PetitionCommand, ReceivePetition
from domain.deadlines.calendar import Calendar
from domain.vocabulary import PetitionId


class PresentDayReached(Exception):
    """Is raised when the next step of a petition would be after the present day."""


@dataclass(frozen=True, slots=True)
class LifeStep:
    """Holds one command with its officer.

    `opened_index` counts, from 0, the petitions that this one opened; None means the petition itself.
    """

    by: Credentials
    command: PetitionCommand | Callable[[PetitionId], MarkDuplicate]
    opened_index: int | None = None


@dataclass
class Life:
    """Collects the steps of one petition. Its `day` only moves forward, to working days, and never beyond `today`."""

    name: str
    chance: Random
    calendar: Calendar
    today: date
    day: date
    steps: list[LifeStep] = field(default_factory=list)
    opened_index: int | None = None
    topic: str = ""
    """The topic under which the letter was classified."""
    repeats: str | None = None
    """Name of the life whose petition this one is a duplicate of; None for a letter of its own."""

    @property
    def receipt(self) -> ReceivePetition:
        """Return the first command of the life."""
        first = self.steps[0].command
        assert isinstance(first, ReceivePetition), "every life begins with a letter"
        return first

    @property
    def received_on(self) -> date:
        return self.receipt.occurred_on

    @property
    def latest_day(self) -> date:
        """Return the day of the latest step."""
        latest = self.steps[-1].command
        return self.day if callable(latest) else latest.occurred_on

    def happens(self, of_a_hundred: float) -> bool:
        """Return True in `of_a_hundred` of a hundred cases, by chance."""
        return self.chance.random() * 100 < of_a_hundred

    def advance_days(self, least: int, most: int) -> date:
        """Advance by `least` to `most` calendar days, ends included, or to the working day after that."""
        return self.advance_to(self.day + timedelta(days=self.chance.randint(least, most)))

    def advance_to(self, day: date) -> date:
        """Advance to the day, or the working day after it; stay if that has passed.

        Raise PresentDayReached if the new day would be after `today`.
        """
        day = self.calendar.next_working_day(max(day, self.day))
        if day > self.today:
            raise PresentDayReached
        self.day = day
        return day

    def add_step(self, by: Credentials, command: PetitionCommand | Callable[[PetitionId], MarkDuplicate]) -> None:
        """Add a command; a callable gets the id of the petition that this one repeats."""
        self.steps.append(LifeStep(by, command, self.opened_index))

    def step_names(self) -> Iterator[str]:
        """Yield the names of the steps; the ids of the commands are derived from them."""
        for n, _ in enumerate(self.steps, start=1):
            yield f"{self.name}/{n}"


def live_until_today(life: Life, story: Callable[[Life], None]) -> Life:
    """Run the story on the life until the present day is reached, and return the life."""
    with suppress(PresentDayReached):
        story(life)
    return life
