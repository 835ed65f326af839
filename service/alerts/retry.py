"""An officer takes up a message that was given up: the receiver is back, or has an address now."""

from uuid import UUID

from domain import permissions
from domain.actor import Credentials
from domain.alerts import delivery as deliveries
from domain.alerts.commands import RetryMessage
from domain.alerts.delivery import Delivery
from domain.alerts.events import MessageComposed
from domain.errors import Refused
from service.alerts.recording import record_after
from service.commands.office import Office
from service.event_store.group_commit import VersionConflict


async def retry(office: Office, command: RetryMessage, credentials: Credentials) -> Delivery:
    """It goes out with the next look of a worker, after what waits before it. Raises NotAllowed and Refused."""
    permissions.require(command, credentials.roles)
    delivery = await _message(office, command.message_id)
    fact = deliveries.taken_up(delivery, command.occurred_on)
    try:
        await record_after(office, delivery, fact, credentials)
    except VersionConflict:
        raise Refused("somebody else took this message up at the same moment") from None
    return await _message(office, command.message_id)


async def _message(office: Office, message_id: UUID) -> Delivery:
    history = await office.histories.history(message_id)
    if not history or not isinstance(history[0].fact, MessageComposed):
        raise Refused("there is no such message")
    delivery = deliveries.fold(history)
    assert delivery is not None
    return delivery
