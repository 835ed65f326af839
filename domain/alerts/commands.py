"""What can be asked of a message."""

from uuid import UUID

from domain.command import Command


class RetryMessage(Command):
    """Have a message tried again that was given up."""

    message_id: UUID
