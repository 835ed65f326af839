"""Finds the earliest limit that an unclassified letter would have if it were of another kind.

A letter that is not classified has the limit of first handling alone. Found to be a denunciation, it is late from the
day on which the limit of a denunciation ended. The date here warns of that; it moves no clock and no figure counts it.
"""

from datetime import date
from typing import NamedTuple

from domain.deadlines.calendar import CalendarRunsOut
from domain.deadlines.clock import Clock
from domain.deadlines.policy import Law
from domain.rules.intake_clocks import KINDS_NEEDING_ACCEPTANCE, intake_deadlines
from domain.vocabulary import PetitionKind, Stage

UNCLASSIFIED_STAGE = Stage.RECEIVED
"""The stage in which the kind is at most what the sender says."""


class PossibleLimit(NamedTuple):
    """Holds the earliest last day among the kinds that a letter may be, and the kinds that have it."""

    due_on: date
    kinds: tuple[PetitionKind, ...]


def strictest_possible_limit(received_on: date, due_on: date | None, law: Law) -> PossibleLimit | None:
    """Return the earliest limit among the kinds that an unclassified letter may be, if it ends before `due_on`.

    `due_on` is the earliest date of the clocks that run. None means that no other kind is stricter, or that the
    calendar on file ends before.
    """
    try:
        dates = {
            kind: deadline.due_on
            for kind in PetitionKind
            if kind in KINDS_NEEDING_ACCEPTANCE
            and (deadline := law.deadline(kind, Clock.ACCEPTANCE, received_on)) is not None
        }
    except CalendarRunsOut:
        return None
    earliest = min(dates.values(), default=date.max)
    if earliest >= (due_on or date.max):
        return None
    return PossibleLimit(earliest, tuple(kind for kind, last_day in dates.items() if last_day == earliest))


def possible_limit_of_receipt(kind: PetitionKind | None, received_on: date, law: Law) -> PossibleLimit | None:
    """Return the same for a letter received on that day, of which the sender says `kind`; its clocks run by the law."""
    try:
        due_on = min((deadline.due_on for deadline in intake_deadlines(received_on, kind, law)), default=None)
    except CalendarRunsOut:
        return None
    return strictest_possible_limit(received_on, due_on, law)
