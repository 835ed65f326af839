"""Defines one step of the ladder, as a row of a ladder file.

A row checks itself, so that a file with a contradiction is refused when it is read.
"""

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.clock import Clock
from domain.deadlines.limit import DayKind
from domain.text import Code, SingleLine
from domain.vocabulary import WayUp

StepPetitionKind = Literal["complaint", "denunciation", "proposal_or_feedback", "any"]

LIMIT_CLOCKS = frozenset(
    {
        WatchedClock.TRIAGE,
        WatchedClock.ACCEPTANCE,
        WatchedClock.FURTHER_REVIEW,
        WatchedClock.SETTLEMENT,
        WatchedClock.HEAD,
    }
)
"""The clocks that a row with clock "any" applies to: the clocks of limits that protect the citizen."""

DUTY_CLOCKS = frozenset(WatchedClock(clock) for clock in Clock if clock.is_duty)
"""The clocks that a row with clock "any_duty" applies to: what an act made due beside the answer."""

_OFFSET = re.compile(r"0|([+-])([1-9][0-9]{0,2})(wd|cd)")


class StepOffset(NamedTuple):
    """Holds a distance in days from a date. A negative number is a day before the date."""

    days: int
    unit: DayKind

    @classmethod
    def parse(cls, text: str) -> "StepOffset":
        """Return the offset of a text such as `-5wd`, `0`, `+1wd` or `+45cd`. Raise ValueError for any other text."""
        match = _OFFSET.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no place of a step: write '-5wd', '0', '+1wd' or '+3cd'")
        if match[1] is None:
            return cls(0, DayKind.CALENDAR)
        return cls(int(match[1] + match[2]), DayKind.WORKING if match[3] == "wd" else DayKind.CALENDAR)

    def shift(self, day: date, calendar: Calendar) -> date:
        """Return the day at this distance from `day`.

        If no calendar is on file for the year, working days are counted as calendar days. The step may then fall on a
        rest day, but it is not lost.
        """
        if self.unit is DayKind.WORKING:
            try:
                return calendar.add_working_days(day, self.days)
            except CalendarRunsOut:
                pass
        return day + timedelta(days=self.days)


class StepTexts(BaseModel):
    """Holds the text of the step, one line in each language, without a name and without anything that people wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: SingleLine
    en: SingleLine


class LadderStep(BaseModel):
    """Holds one row of a ladder file.

    A row that was applied is never edited: a change gets a new `version`, in force from its own day on. `step` names
    the rung (step) of the ladder that the row defines; if it is left out, the rung is named by the row's own `id`. If
    several rows define one rung, the most specific row in force on the day of the step applies, and the installation's
    row comes before the national row. A row with `off` silences the rung. `at` counts from the clock's date. `asks_for`
    is the number of working days that a reminder gives. `to_unit` is the unit that this step asks for a
    responsibility check.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1, le=9999)
    step: str = Field(default="", max_length=60, pattern=r"^[a-z0-9-]*$")
    clock: WatchedClock | Literal["any", "any_duty"] = "any"
    kind: StepPetitionKind = "any"
    unit: Code | Literal["any"] = "any"
    at: StepOffset
    to: tuple[AlertRole, ...] = ()
    by: tuple[AlertChannel, ...] = (AlertChannel.EMAIL,)
    does: Does = Does.TELL
    way: WayUp | None = None
    to_unit: Code | None = None
    asks_for: int | None = Field(default=None, ge=1, le=60)
    off: bool = False
    in_force_from: date
    in_force_to: date | None = None
    legal_source: str = Field(min_length=1)
    says: StepTexts

    @field_validator("at", mode="before")
    @classmethod
    def _parse_offset(cls, value: object) -> object:
        return StepOffset.parse(str(value))

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"in_force_to {self.in_force_to} is before in_force_from {self.in_force_from}")
        if not self.off and not self.to:
            raise ValueError("to is missing: who is told?")
        if len(set(self.to)) < len(self.to) or len(set(self.by)) < len(self.by) or not self.by:
            raise ValueError("to and by name each role and each channel once, and by at least one")
        if (self.way is not None) != (self.does is Does.PROPOSE):
            raise ValueError("way stands beside does = 'propose', and there always")
        if (self.to_unit is not None) != (self.does is Does.ASK_FOR_CHECK):
            raise ValueError("to_unit stands beside does = 'ask_for_check', and there always")
        if (self.asks_for is not None) != (self.does is Does.REMIND):
            raise ValueError("asks_for stands beside does = 'remind', and there always")
        if self.does in {Does.REMIND, Does.ASK_FOR_CHECK} and self.at.days <= 0:
            raise ValueError(f"does = '{self.does}' is for what is late: at must lie after the date")
        if self.clock is WatchedClock.TASK and (self.does is not Does.TELL or self.kind != "any"):
            raise ValueError("a task of a conclusion is told of and no more, and is of no kind of petition")
        if self.does is Does.REMIND and self.clock != "any" and self.clock not in LIMIT_CLOCKS:
            raise ValueError(f"a reminder urges a unit about a limit, not about {self.clock}")
        return self

    @property
    def rung(self) -> str:
        """Return the name of the rung (step) of the ladder that the row defines."""
        return self.step or self.id

    @property
    def reference(self) -> str:
        """Return the name of the row that an alert keeps: `id@version`."""
        return f"{self.id}@{self.version}"

    @property
    def specificity(self) -> int:
        """Return the number of conditions (unit, kind, clock) that the row names."""
        return (self.unit != "any") + (self.kind != "any") + isinstance(self.clock, WatchedClock)

    @property
    def clocks(self) -> frozenset[WatchedClock]:
        """Return the clocks that the row applies to."""
        if isinstance(self.clock, WatchedClock):
            return frozenset({self.clock})
        return LIMIT_CLOCKS if self.clock == "any" else DUTY_CLOCKS

    def is_in_force(self, on: date) -> bool:
        """Return True if the row is in force on the day `on`; both ends are inclusive."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def applies_to(self, clock: WatchedClock, kind: str | None, unit: str) -> bool:
        """Return True if the row is for this clock, kind of petition and unit."""
        return clock in self.clocks and self.kind in (kind, "any") and self.unit in (unit, "any")

    def competes_with(self, other: "LadderStep") -> bool:
        """Return True if both rows could apply to one rung of one petition on one day, with no rule to choose between
        them.
        """
        return (
            self.rung == other.rung
            and self.specificity == other.specificity
            and not self.clocks.isdisjoint(other.clocks)
            and all(
                mine == theirs or "any" in (mine, theirs)
                for mine, theirs in ((self.kind, other.kind), (self.unit, other.unit))
            )
            and (self.in_force_to is None or other.in_force_from <= self.in_force_to)
            and (other.in_force_to is None or self.in_force_from <= other.in_force_to)
        )
