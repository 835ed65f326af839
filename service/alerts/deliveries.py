"""Reads the messages that informed somebody of a petition's alerts, so that the petition's file can show them."""

from collections.abc import Sequence

from psycopg.errors import UndefinedTable

from domain.envelope import EventEnvelope
from domain.events import AlertRaised, PetitionEvent
from projections import alerts
from projections.case_alerts import Telling
from service.commands.office import ApplicationService


async def load_petition_messages(
    office: ApplicationService, history: Sequence[EventEnvelope[PetitionEvent]]
) -> list[Telling]:
    """Return the messages about the alerts of the petition, as far as the view has followed the log.

    The view is not read if the history has no alert.
    """
    if not any(isinstance(recorded.fact, AlertRaised) for recorded in history):
        return []
    async with office.pool.connection() as connection:
        try:
            return await alerts.read_alert_messages(connection, history[0].originator_id)
        except UndefinedTable:  # the view is built for the first time; the file shows the alerts without it
            await connection.rollback()
            return []
