"""What a decision may look at besides the petition itself."""

from datetime import date
from typing import NamedTuple

from domain.actor import Officer
from domain.deadlines.policy import Law
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.units.unit import Units
from domain.vocabulary import PetitionId


class DecisionContext(NamedTuple):
    """`today` is the day in the authority's zone. `meeting` and `other` are those that the command names."""

    today: date
    by: Officer
    law: Law
    units: Units = Units()
    petition_id: PetitionId | None = None  # of the petition that a receipt opens
    meeting: Meeting | None = None
    other: Petition | None = None
