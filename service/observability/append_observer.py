"""What the engine tells whoever counts. Nobody does, unless somebody is given."""


class Watch:
    """Told of appends, on the event loop; what is done here holds up the next batch."""

    def appended(self, seconds: float) -> None:
        """An append is durable, so long after it was asked for."""

    def committed(self, appends: int, events: int) -> None:
        """A batch was written in one commit."""

    def conflicted(self) -> None:
        """Somebody else was quicker, and the command is decided again on the fresh history."""

    def sent_again(self, appends: int) -> None:
        """A batch was not written and may be with the next."""
