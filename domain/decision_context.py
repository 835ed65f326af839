"""Defines what a decision may read besides the petition itself."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.actor import Officer
from domain.deadlines.policy import Law
from domain.envelope import EventEnvelope
from domain.meetings.meeting import Meeting, MeetingNeighbours
from domain.petition import Petition
from domain.units.unit import UnitRegister
from domain.vocabulary import PetitionId


class DecisionContext(NamedTuple):
    """Holds everything that a decision reads besides the petition, so that a decision is a pure function.

    `today` is the day in the authority's zone. `meeting` and `other` are the meeting and the petition that the
    command names. `facts_known` is the position in the log of the last change of law or unit that `law` and `units`
    hold: a decision is made again if one follows before it is recorded. `history` is that of the petition as it was
    recorded, up to its version; only decisions that put the record right read it, and an answer at a meeting that is
    entered on a later day.
    """

    today: date
    by: Officer
    law: Law
    units: UnitRegister = UnitRegister()
    petition_id: PetitionId | None = None  # of the petition that a receipt opens
    meeting: Meeting | None = None
    other: Petition | None = None
    facts_known: int = 0
    history: Sequence[EventEnvelope[Any]] = ()
    neighbours: MeetingNeighbours = MeetingNeighbours()  # of the meeting that a command on a meeting is about
