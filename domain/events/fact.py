"""Defines the base classes of facts and of the values inside them."""

from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from domain.deadlines.deadline import Deadline


class FactPart(BaseModel):
    """Is the base of values inside a fact."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Fact(FactPart):
    """Records what happened and on which day.

    `occurred_at` is the instant (UTC), kept where a source recorded one; rules and figures use the day.
    `deadlines` are the clocks that this fact starts or moves, each with the policy and the calendar that it was
    counted by. They are stored, so that a later law or calendar changes no past date.
    """

    class_version: ClassVar[int] = 1

    occurred_on: date
    occurred_at: datetime | None = None
    deadlines: tuple[Deadline, ...] = ()
