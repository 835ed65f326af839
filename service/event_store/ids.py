"""Makes new ids, and computes the ids of commands from the request, so that a repeated request has the same id."""

import secrets
import time
from uuid import UUID, uuid5

ID_NAMESPACE = UUID("6f1c6f5e-3b7d-5d0a-9a57-0c4b8f2e1d63")
"""Namespace of all UUIDv5 here. It never changes: every stored command id was made with it."""


def command_id_of(officer: str, key: str) -> UUID:
    """Return the id of the command that an officer sent under an idempotency key."""
    return uuid5(ID_NAMESPACE, f"{officer}\n{key}")


def import_command_id(source: str, key: str, *, after_withdrawal_of: UUID | None = None) -> UUID:
    """Return the id of the command that records an imported case, from the name of its source and its key there.

    A case whose petition was withdrawn is recorded again under an id of its own.
    """
    again = "" if after_withdrawal_of is None else f"\n{after_withdrawal_of}"
    return uuid5(ID_NAMESPACE, f"import\n{source}\n{key}{again}")


def take_over_command_id(import_id: UUID, digest: bytes) -> UUID:
    """Return the id of the command that adds what a source tells more of a case.

    `import_id` is that of the command that recorded the case, `digest` that of the case as it is told now.
    """
    return uuid5(import_id, f"take over\n{digest.hex()}")


def sheet_command_id(meeting_id: UUID, row_key: str, step: str) -> UUID:
    """Return the id of a command that is made from a row of a meeting's sheet.

    It is the same, whoever loads the sheet.
    """
    return uuid5(ID_NAMESPACE, f"sheet\n{meeting_id}\n{row_key}\n{step}")


def time_ordered_id() -> UUID:
    """Return a new id (UUIDv7, RFC 9562): later ids sort after earlier ones, so that an index grows at its end."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    number &= ~(0xF << 76 | 0x3 << 62)
    return UUID(int=number | 0x7 << 76 | 0x2 << 62)
