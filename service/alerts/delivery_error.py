"""An attempt to hand a message over that came to nothing."""

from domain.alerts.vocabulary import FailureReason


class NotTaken(Exception):
    """Says why by a code, and whether there is any sense in trying again. What a receiver wrote is not kept."""

    def __init__(self, reason: FailureReason, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good
