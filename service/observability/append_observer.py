"""Defines what the append path reports to an observer, so that the event store needs to know no metrics."""


class AppendObserver:
    """Receives reports of appends in the event loop and ignores them; a subclass counts what it needs.

    A slow method delays the next batch.
    """

    def on_append(self, seconds: float) -> None:
        """Note that an append became durable, `seconds` after it was submitted."""

    def on_commit(self, appends: int, events: int) -> None:
        """Note that a batch of so many appends and events was written in one commit."""

    def on_conflict(self) -> None:
        """Note that another writer was faster, so that the command is decided again on the fresh history."""

    def on_resend(self, appends: int) -> None:
        """Note that a batch of so many appends was not written and may be sent with the next batch."""
