"""Defines the errors with which an append fails."""

from uuid import UUID


class AppendFailed(Exception):
    """Is raised when an append fails. Nothing of the append was written, unless the error is OutcomeUnknown."""


class VersionConflict(AppendFailed):
    """Is raised when the stream is not at version `expected`, as the append assumes, but at `actual` or later."""

    def __init__(self, stream: UUID, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream} is at version {actual}, not at {expected}")
        self.stream, self.expected, self.actual = stream, expected, actual


class SharedFactsMoved(AppendFailed):
    """Is raised when the law or a unit was changed after the position `known` by which the append was decided."""

    def __init__(self, known: int, last: int) -> None:
        super().__init__(f"decided on law and units as of position {known}; the last change is at {last}")
        self.known, self.last = known, last


class ReferenceTaken(AppendFailed):
    """Is raised when another petition already has the reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"the reference {reference} is given already")
        self.reference = reference


class KeyReused(AppendFailed):
    """Is raised when the command id is already stored with another request."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"command {command_id} was another request")
        self.command_id = command_id


class QueueFull(AppendFailed):
    """Is raised when too many appends are waiting. The caller may try again later."""


class StorageUnavailable(AppendFailed):
    """Is raised when the database cannot be reached or cannot write, and the append is certainly not in the log."""


class OutcomeUnknown(AppendFailed):
    """Is raised when it cannot be found out now whether the append is durable.

    The caller may send it again with the same command id.
    """

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"whether command {command_id} was written is not known")
        self.command_id = command_id
