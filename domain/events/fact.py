"""Defines the base class of facts."""

from datetime import date

from domain.deadlines.deadline import Deadline
from domain.stored_values import Instant
from domain.value import UNSET, FactPart, UnsetType


class Fact(FactPart):
    """Records what happened and on which day.

    `occurred_at` is the instant (UTC), kept where a source recorded one; rules and figures use the day.
    `deadlines` are the clocks that this fact starts or moves, each with the policy and the calendar that it was
    counted by. They are stored, so that a later law or calendar changes no past date.
    """

    occurred_on: date
    occurred_at: Instant | UnsetType = UNSET
    deadlines: tuple[Deadline, ...] | UnsetType = UNSET
