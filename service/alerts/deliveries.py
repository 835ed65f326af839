"""Which messages told somebody of a petition's alerts: what its file shows beneath each of them."""

from collections.abc import Sequence

from psycopg.errors import UndefinedTable

from domain.envelope import EventEnvelope
from domain.events import AlertRaised, PetitionEvent
from projections import alerts
from projections.case_alerts import Telling
from service.commands.office import Office


async def tellings_of(office: Office, history: Sequence[EventEnvelope[PetitionEvent]]) -> list[Telling]:
    """As far as the view has come: the file itself is read from the log. Nothing is asked where nothing was raised."""
    if not any(isinstance(recorded.fact, AlertRaised) for recorded in history):
        return []
    async with office.pool.connection() as connection:
        try:
            return await alerts.tellings(connection, history[0].originator_id)
        except UndefinedTable:  # the view is built for the first time; what was raised is told without it
            await connection.rollback()
            return []
