"""What can happen to a unit."""

from enum import StrEnum

from domain.events import Fact
from domain.vocabulary import UnitId


class Level(StrEnum):
    """Cấp. Districts existed until 30 June 2025."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    UNKNOWN = "unknown"  # imported history that does not say


class UnitOpened(Fact):
    """`occurred_on` is the first day on which the unit can be given a petition."""

    unit: UnitId
    name: str
    level: Level = Level.UNKNOWN


class UnitClosed(Fact):
    """`occurred_on` is the last day of the unit."""

    unit: UnitId
    instrument: str


UnitEvent = UnitOpened | UnitClosed
