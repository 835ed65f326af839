"""What becomes of a message is recorded in its own history, once."""

from uuid import uuid5

from domain.actor import Credentials
from domain.alerts.delivery import Delivery
from domain.alerts.events import MessageFailed, MessageGivenUp, MessageSent, MessageTakenUp
from service.commands.office import Office


async def record_after(
    office: Office,
    delivery: Delivery,
    fact: MessageSent | MessageFailed | MessageGivenUp | MessageTakenUp,
    credentials: Credentials,
) -> None:
    """After the version that was read: of two that record the same, one finds that it is done.

    Raises VersionConflict where something else was recorded after that version, and the committer's errors.
    """
    message_id = delivery.composed.message_id
    command_id = uuid5(message_id, f"{type(fact).__name__} {delivery.version}")
    await office.record(
        message_id, [fact], credentials, after=delivery.version, command_id=command_id, digest=message_id.bytes
    )
