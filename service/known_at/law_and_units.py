"""Reads the law and the register of units as the log knew them at an earlier position."""

from domain.deadlines.policy import Law
from domain.law_changes.law_change import LAW_CHANGES_STREAM, LawChanges
from domain.units.unit import UnitRegister
from service.commands.office import ApplicationService
from service.commands.unit_register import UnitHistories


async def law_at(office: ApplicationService, known: int) -> Law:
    """Return the law on file with the changes that were approved by the position."""
    events = await office.histories.history(LAW_CHANGES_STREAM)
    return LawChanges.fold([event for event in events if (event.position or 0) <= known]).law(office.law_on_file)


async def units_at(office: ApplicationService, known: int) -> UnitRegister:
    """Return the units that were on record at the position."""
    events = await office.histories.unit_events()
    return UnitHistories().add(event for event in events if (event.position or 0) <= known)
