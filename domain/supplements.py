"""Follows how long the citizen was waited for: from a request for a supplement to what came (chờ bổ sung).

The texts read do not say that a limit stands still meanwhile, so no clock is moved. That this is right is not verified.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from domain.events.intake import SupplementReceived, SupplementRequested
from domain.value import Value, known


class SupplementAct(StrEnum):
    """Names what begins or ends a wait for the citizen."""

    REQUESTED = "requested"
    RECEIVED = "received"
    WENT_ON = "went_on"  # the petition left intake: the office did not wait any longer


class SupplementStep(Value):
    """Holds one act with its day. `asked_for_on` is the day that a request named."""

    act: SupplementAct
    on: date
    asked_for_on: date | None = None


class CitizenWait(Value):
    """Holds a time in which the citizen was waited for: the days after `since_on`, up to and including `until_on`.

    `until_on` is None while the wait lasts. `asked_for_on` is the latest day that was named for the supplement.
    """

    since_on: date
    until_on: date | None = None
    asked_for_on: date | None = None

    def days(self, on: date) -> int:
        """Return the calendar days of the wait up to the day `on`."""
        return max(0, ((on if self.until_on is None else self.until_on) - self.since_on).days)


def requested(fact: SupplementRequested) -> SupplementStep:
    """Return the step of a request."""
    return SupplementStep(act=SupplementAct.REQUESTED, on=fact.occurred_on, asked_for_on=known(fact.asked_for_on))


def received(fact: SupplementReceived) -> SupplementStep:
    """Return the step of a supplement."""
    return SupplementStep(act=SupplementAct.RECEIVED, on=fact.occurred_on)


def went_on(on: date) -> SupplementStep:
    """Return the step of a petition that leaves intake."""
    return SupplementStep(act=SupplementAct.WENT_ON, on=on)


def citizen_waits(steps: Iterable[SupplementStep]) -> tuple[CitizenWait, ...]:
    """Return the waits in the order of their days, in whatever order the acts were entered.

    Of acts of one day the one that was entered first comes first. A request during a wait goes on with the same wait.
    """
    found: list[CitizenWait] = []
    waiting: CitizenWait | None = None
    for step in sorted(steps, key=lambda one: one.on):
        if step.act is SupplementAct.REQUESTED:
            since_on = step.on if waiting is None else waiting.since_on
            named = None if waiting is None else waiting.asked_for_on
            waiting = CitizenWait(since_on=since_on, asked_for_on=step.asked_for_on or named)
        elif waiting is not None:
            found.append(CitizenWait(since_on=waiting.since_on, until_on=step.on, asked_for_on=waiting.asked_for_on))
            waiting = None
    return (*found, waiting) if waiting is not None else tuple(found)
