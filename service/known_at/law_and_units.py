"""Reads the law and the register of units as the log knew them at an earlier position."""

from domain.deadlines.policy import Law
from domain.law_changes.law_change import LAW_CHANGES_STREAM, LawChanges
from domain.units.unit import Unit, UnitRegister, evolve_unit
from domain.vocabulary import UnitId
from service.commands.office import ApplicationService


async def law_at(office: ApplicationService, known: int) -> Law:
    """Return the law on file with the changes that were approved by the position."""
    events = await office.histories.history(LAW_CHANGES_STREAM)
    return LawChanges.fold([event for event in events if (event.position or 0) <= known]).law(office.law_on_file)


async def units_at(office: ApplicationService, known: int) -> UnitRegister:
    """Return the units that were on record at the position."""
    by_id: dict[UnitId, Unit] = {}
    for event in await office.histories.unit_events():
        if (event.position or 0) <= known:
            unit: UnitId = event.fact.unit
            by_id[unit] = evolve_unit(by_id.get(unit), event)
    return UnitRegister(by_id)
