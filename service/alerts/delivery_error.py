"""Defines the error of a failed attempt to deliver a message."""

from domain.alerts.vocabulary import FailureReason


class DeliveryFailed(Exception):
    """Is raised when a receiver did not take a message.

    `reason` is a stored code, never the receiver's own text. `for_good` means that another attempt is useless.
    """

    def __init__(self, reason: FailureReason, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good
