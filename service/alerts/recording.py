"""Records the outcome of a delivery in the message's own history, once."""

import hashlib
from uuid import uuid5

from domain.actor import Credentials
from domain.alerts.delivery import Delivery
from domain.alerts.events import MessageFailed, MessageGivenUp, MessageRetried, MessageSent
from service.commands.office import ApplicationService


async def record_delivery_event(
    office: ApplicationService,
    delivery: Delivery,
    fact: MessageSent | MessageFailed | MessageGivenUp | MessageRetried,
    credentials: Credentials,
) -> None:
    """Record the event after the version of the message that was read.

    If two workers record the same event, the second finds it recorded. Raise VersionConflict if a different event was
    recorded after that version, and the committer's errors.
    """
    message_id = delivery.composed.message_id
    command_id = uuid5(message_id, f"{type(fact).__name__} {delivery.version}")
    await office.writer.append_facts(
        message_id,
        [fact],
        credentials,
        after=delivery.version,
        command_id=command_id,
        digest=hashlib.sha256(message_id.bytes).digest(),
    )
