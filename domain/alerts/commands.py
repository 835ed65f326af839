"""Defines the one command on a message."""

from uuid import UUID

from domain.command import Command


class RetryMessage(Command):
    """Try again to send a message that was given up."""

    message_id: UUID
