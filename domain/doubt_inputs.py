"""Holds what a doubt may look at beside the command."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain.correcting.doubted import CorrectedFact
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.refusals.values import RefusalValue
from domain.units.unit import UnitRegister

Values = Mapping[str, RefusalValue]


class Known(NamedTuple):
    """Holds what a doubt may look at beside the command. `petition` and `meeting` are those that the command is on.

    `same_day` names other meetings of the same organiser and chair on the day of the meeting that is entered;
    `corrected` are recorded events as the command proposes to correct them.
    """

    units: UnitRegister
    today: date | None = None
    petition: Petition | None = None
    meeting: Meeting | None = None
    same_day: tuple[str, ...] = ()
    corrected: tuple[CorrectedFact, ...] = ()
