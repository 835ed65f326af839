"""Lets an officer send a message again that was given up.

An officer does this when the receiver is available again, or now has an address.
"""

from uuid import UUID

from domain import permissions
from domain.actor import Credentials
from domain.alerts import delivery as deliveries
from domain.alerts.commands import RetryMessage
from domain.alerts.delivery import Delivery
from domain.alerts.events import MessageComposed
from domain.doubt_inputs import Known
from domain.doubts import require_confirmed
from domain.errors import Refused
from domain.units.unit import UnitRegister
from service.alerts.recording import record_delivery_event
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.event_store.errors import VersionConflict


async def retry_message(office: ApplicationService, command: RetryMessage, credentials: Credentials) -> Delivery:
    """Make the message wait again and return its delivery. The next round of a worker sends it, after older messages.

    Raise NotAllowed and Refused.
    """
    permissions.require_permission(command, credentials.roles)
    require_confirmed(command, Known(UnitRegister()))
    delivery = await _load_delivery(office, command.message_id)
    fact = deliveries.retry_given_up_message(delivery, command.occurred_on)
    try:
        await record_delivery_event(office, delivery, fact, credentials)
    except VersionConflict:
        raise Refused(ServiceRefusal.MESSAGE_TAKEN_UP_BY_ANOTHER) from None
    return await _load_delivery(office, command.message_id)


async def _load_delivery(office: ApplicationService, message_id: UUID) -> Delivery:
    """Return the delivery of the message. Raise Refused if there is no such message."""
    history = await office.histories.history(message_id)
    if not history or not isinstance(history[0].fact, MessageComposed):
        raise Refused(ServiceRefusal.NO_SUCH_MESSAGE)
    delivery = deliveries.fold_delivery(history)
    assert delivery is not None
    return delivery
