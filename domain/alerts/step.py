"""One step of the ladder, as a row of a ladder file."""

import re
from datetime import date, timedelta
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.limit import DayKind
from domain.text import Code, Line
from domain.vocabulary import EscalationKind

Kind = Literal["complaint", "denunciation", "proposal_or_feedback", "any"]

LIMITS = frozenset({WatchedClock.TRIAGE, WatchedClock.ACCEPTANCE, WatchedClock.SETTLEMENT, WatchedClock.HEAD})
"""The clocks that a row for "any" clock is for: those that run towards the citizen."""

_OFFSET = re.compile(r"0|([+-])([1-9][0-9]{0,2})(wd|cd)")


class Offset(NamedTuple):
    """Days from a date: negative before it."""

    days: int
    unit: DayKind

    @classmethod
    def parse(cls, text: str) -> "Offset":
        """Read `-5wd`, `0`, `+1wd`, `+45cd`; raises ValueError on anything else."""
        found = _OFFSET.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no place of a step: write '-5wd', '0', '+1wd' or '+3cd'")
        if found[1] is None:
            return cls(0, DayKind.CALENDAR)
        return cls(int(found[1] + found[2]), DayKind.WORKING if found[3] == "wd" else DayKind.CALENDAR)

    def day(self, of: date, calendar: Calendar) -> date:
        """In a year that no calendar is on file for, calendar days: late by a rest day, and not silent."""
        if self.unit is DayKind.WORKING:
            try:
                return calendar.add_working_days(of, self.days)
            except CalendarRunsOut:
                pass
        return of + timedelta(days=self.days)


class Said(BaseModel):
    """What the step tells: one line in each language, with no name and nothing of what people wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: Line
    en: Line


class Step(BaseModel):
    """One row. A row that was applied is never edited: a change is a new `version`, from its own day on.

    `step` is the rung of the ladder that the row says something about, its own `id` where left out: of several rows for
    one rung the most specific one in force on the day of the step holds, the site's before the nation's. A row that is
    `off` keeps the rung silent. `at` counts from the clock's date. `asks_for` is how many working days a reminder
    gives, `to_unit` where an escalation that is made goes to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1, le=9999)
    step: str = Field(default="", max_length=60, pattern=r"^[a-z0-9-]*$")
    clock: WatchedClock | Literal["any"] = "any"
    kind: Kind = "any"
    unit: Code | Literal["any"] = "any"
    at: Offset
    to: tuple[AlertRole, ...] = ()
    by: tuple[AlertChannel, ...] = (AlertChannel.EMAIL,)
    does: Does = Does.TELL
    escalation: EscalationKind | None = None
    to_unit: Code | None = None
    asks_for: int | None = Field(default=None, ge=1, le=60)
    off: bool = False
    in_force_from: date
    in_force_to: date | None = None
    legal_source: str = Field(min_length=1)
    says: Said

    @field_validator("at", mode="before")
    @classmethod
    def _in_short_form(cls, value: object) -> object:
        return Offset.parse(str(value))

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"in_force_to {self.in_force_to} is before in_force_from {self.in_force_from}")
        if not self.off and not self.to:
            raise ValueError("to is missing: who is told?")
        if len(set(self.to)) < len(self.to) or len(set(self.by)) < len(self.by) or not self.by:
            raise ValueError("to and by name each role and each channel once, and by at least one")
        if (self.escalation is not None) != (self.does in {Does.PROPOSE, Does.ESCALATE}):
            raise ValueError("escalation stands beside does = 'propose' or 'escalate', and there always")
        if self.does is Does.ESCALATE and self.escalation is not EscalationKind.RESPONSIBILITY_CHECK:
            raise ValueError(
                "only a responsibility_check is made by the ladder; other ways up are proposed to somebody"
            )
        if (self.to_unit is not None) != (self.does is Does.ESCALATE):
            raise ValueError("to_unit stands beside does = 'escalate', and there always")
        if (self.asks_for is not None) != (self.does is Does.REMIND):
            raise ValueError("asks_for stands beside does = 'remind', and there always")
        if self.does in {Does.REMIND, Does.ESCALATE} and self.at.days <= 0:
            raise ValueError(f"does = '{self.does}' is for what is late: at must lie after the date")
        if self.does is Does.REMIND and self.clock != "any" and self.clock not in LIMITS:
            raise ValueError(f"a reminder urges a unit about a limit, not about {self.clock}")
        return self

    @property
    def rung(self) -> str:
        return self.step or self.id

    @property
    def reference(self) -> str:
        """What an alert keeps of the row that it was raised by."""
        return f"{self.id}@{self.version}"

    @property
    def specificity(self) -> int:
        return sum(condition != "any" for condition in (self.unit, self.kind, self.clock))

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def is_for(self, clock: WatchedClock, kind: str | None, unit: str) -> bool:
        return (
            (clock in LIMITS if self.clock == "any" else self.clock is clock)
            and self.kind in (kind, "any")
            and self.unit in (unit, "any")
        )

    def competes_with(self, other: "Step") -> bool:
        """Whether some petition on some day would have both rows for one rung, and nothing to choose by."""
        return (
            self.rung == other.rung
            and self.specificity == other.specificity
            and all(
                mine == theirs or "any" in (mine, theirs)
                for mine, theirs in (
                    (self.kind, other.kind),
                    (self.unit, other.unit),
                    (self.clock, other.clock),
                )
            )
            and (self.in_force_to is None or other.in_force_from <= self.in_force_to)
            and (other.in_force_to is None or self.in_force_from <= other.in_force_to)
        )
