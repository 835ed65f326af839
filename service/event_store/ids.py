"""Ids: those that follow from what was asked, so that the same request always has the same one, and new ones."""

import secrets
import time
from uuid import UUID, uuid5

KIENNGHI = UUID("6f1c6f5e-3b7d-5d0a-9a57-0c4b8f2e1d63")
"""Never changes: every command id ever stored was made under it."""


def command_id_of(officer: str, key: str) -> UUID:
    """The id of the command that an officer sent under an idempotency key."""
    return uuid5(KIENNGHI, f"{officer}\n{key}")


def import_command_id(source: str, key: str) -> UUID:
    """The id of the command that tells an imported case: its source's name, and its key there."""
    return uuid5(KIENNGHI, f"import\n{source}\n{key}")


def sheet_command_id(meeting_id: UUID, row_key: str, step: str) -> UUID:
    """The id of a command that a row of a meeting's sheet comes to, whoever loads it."""
    return uuid5(KIENNGHI, f"sheet\n{meeting_id}\n{row_key}\n{step}")


def time_ordered_id() -> UUID:
    """A new id (UUIDv7, RFC 9562): later ones sort after earlier ones, so that an index grows at its end."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & (2**48 - 1)) << 80 | secrets.randbits(80)
    number &= ~(0xF << 76 | 0x3 << 62)
    return UUID(int=number | 0x7 << 76 | 0x2 << 62)
