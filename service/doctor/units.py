"""Whether every open petition lies with a unit that is in being."""

from datetime import date

from domain.units.unit import Units
from domain.vocabulary import NO_UNIT
from projections.projection import Connection
from service.doctor.finding import Finding, Verdict

_OPEN = "SELECT unit, count(*) FROM kiennghi_views.overdue WHERE stage IS NOT NULL GROUP BY unit ORDER BY unit"


async def examine_owners(connection: Connection, units: Units, today: date) -> Finding:
    """As far as the view of open petitions is. A unit may have ended without a reorganisation, or an import is late."""
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.overdue') IS NOT NULL")
    if not (await cursor.fetchone() or (False,))[0]:
        return Finding("owners", "no view of open petitions yet", Verdict.BEWARE)
    cursor = await connection.execute(_OPEN)
    open_petitions = dict(await cursor.fetchall())
    orphaned = {unit: n for unit, n in open_petitions.items() if unit != NO_UNIT and not units.is_in_being(unit, today)}
    told = f"{sum(open_petitions.values())} open petitions with {len(open_petitions)} units"
    if not orphaned:
        return Finding("owners", told)
    named = ", ".join(f"{unit} {n}" for unit, n in list(orphaned.items())[:5])
    missing = f"{told}; {sum(orphaned.values())} with units that are not in being ({named}): reorganise or reassign"
    return Finding("owners", missing, Verdict.BEWARE)
