"""Examines if every open petition is with a unit that exists."""

from datetime import date

from domain.units.unit import UnitRegister
from domain.vocabulary import NO_UNIT
from projections.projection import Connection
from service.doctor.finding import Finding, Verdict

_OPEN_BY_UNIT = "SELECT unit, count(*) FROM kiennghi_views.overdue WHERE stage IS NOT NULL GROUP BY unit ORDER BY unit"


async def examine_owners(connection: Connection, units: UnitRegister, today: date) -> Finding:
    """Return BEWARE if open petitions, as the view has them now, are with units that do not exist on `today`.

    Such a unit ended without a reorganisation, or a late import named it.
    """
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.overdue') IS NOT NULL")
    if not (await cursor.fetchone() or (False,))[0]:
        return Finding("owners", "no view of open petitions yet", Verdict.BEWARE)
    cursor = await connection.execute(_OPEN_BY_UNIT)
    open_petitions = dict(await cursor.fetchall())
    orphaned = {unit: n for unit, n in open_petitions.items() if unit != NO_UNIT and not units.is_in_being(unit, today)}
    summary = f"{sum(open_petitions.values())} open petitions with {len(open_petitions)} units"
    if not orphaned:
        return Finding("owners", summary)
    named = ", ".join(f"{unit} {n}" for unit, n in list(orphaned.items())[:5])
    warning = f"{summary}; {sum(orphaned.values())} with units that are not in being ({named}): reorganise or reassign"
    return Finding("owners", warning, Verdict.BEWARE)
