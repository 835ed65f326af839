"""Counts due dates by a time limit that the mapping names.

A source without a column of due dates needs one.
"""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from domain.deadlines.clock import Clock
from domain.deadlines.counting import due_date
from domain.deadlines.deadline import Deadline
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import WrittenLimit
from domain.vocabulary import PetitionKind


class CaseLimit(BaseModel):
    """Holds an amount such as 10wd, or names the rule for a stage; `kind` is for a source without a column of kinds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: WrittenLimit | None = None
    stage: Literal[Clock.TRIAGE, Clock.ACCEPTANCE, Clock.SETTLEMENT] | None = None
    kind: PetitionKind | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_bare_text_is_an_amount(cls, given: object) -> object:
        return {"amount": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _require_one_of_both(self) -> Self:
        if (self.amount is None) == (self.stage is None):
            raise ValueError("give an amount such as 10wd, or a stage such as settlement")
        if self.amount is not None and self.kind is not None:
            raise ValueError("kind belongs to a stage; an amount is the same for every case")
        return self

    def deadline(self, kind: str | None, received_on: date, law: Law) -> Deadline | None:
        """Return the deadline counted from the day of receipt; None where no rule sets a limit.

        Raise CalendarRunsOut when the calendar of working days does not reach the due date.
        """
        if self.stage is not None:
            petition_kind = self.kind or (kind if kind in set(PetitionKind) else None)
            return law.deadline(petition_kind or "any", self.stage, received_on)
        if self.amount is None:
            raise ValueError("a limit of an import has neither an amount nor a stage")
        due_on = due_date(received_on, self.amount, law.calendar)
        return Deadline(
            clock=Clock.SETTLEMENT,
            started_on=received_on,
            due_on=due_on,
            original_due_on=due_on,
            limit=self.amount,
            calendar=law.calendar.version,
        )
