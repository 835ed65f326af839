"""Seals the texts that views hold, and opens them for a page.

A view holds no text in the clear. Before rows are written, the columns that their table declares as `sealed` are sealed
under the newest key of the petition; so an erasure reaches views and their backups too. The same text of the same
column is sealed alike each time (AES-SIV, RFC 5297), so that a rebuild gives equal rows. A column that is `marked` has
a keyed digest of a text instead, by which rows are grouped and found.

A sealed value is the number of the key (two bytes) and the ciphertext; the number 0 stands before a text that is not
sealed, because the petition has no key. No byte at all is the empty text.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from psycopg import AsyncConnection

from domain.events import MatterOpened, PetitionReceived, RecordCorrected, StageOpened
from domain.sealed_text import ERASED_TEXT
from projections.projection import SealedCells, Table, TableRow
from service.security.text_sealing import TextKeys, UnopenableText
from service.security.text_vault import TextVault

KINDS_READ_BY_VIEWS = frozenset({PetitionReceived, MatterOpened, StageOpened, RecordCorrected})
"""Classes of facts whose texts the states of views take over. Those of all other facts stay sealed in the projector."""

_NUMBER_BYTES = 2
_MARK_BYTES = 8


def seal_cell(text: str, petition_id: UUID, name: str, keys: TextKeys) -> bytes:
    """Return the text as a view holds it in the column `name` (table and column).

    A text of a petition whose newest key was erased is not written: it can only come from a state that is too old.
    """
    if not text:
        return b""
    newest = max(keys, default=0)
    key = keys.get(newest)
    if key is None:
        return bytes(_NUMBER_BYTES) + (ERASED_TEXT if newest else text).encode()
    ciphertext = key.column_cipher.encrypt(text.encode(), [petition_id.bytes, name.encode()])
    return key.number.to_bytes(_NUMBER_BYTES) + ciphertext


def open_cell(value: bytes, petition_id: UUID, name: str, keys: TextKeys) -> str:
    """Return the text of a column of a view, or ERASED_TEXT if its key was erased. Raise UnopenableText."""
    if not value:
        return ""
    number, ciphertext = int.from_bytes(value[:_NUMBER_BYTES]), value[_NUMBER_BYTES:]
    if number == 0:
        return ciphertext.decode()
    if number not in keys:
        raise UnopenableText(f"the key of {name} of petition {petition_id} is lost")
    key = keys[number]
    if key is None:
        return ERASED_TEXT
    try:
        return key.column_cipher.decrypt(ciphertext, [petition_id.bytes, name.encode()]).decode()
    except (InvalidTag, ValueError):
        raise UnopenableText(f"{name} of petition {petition_id} does not open") from None


class ViewTexts:
    """Seals rows for the projector, and opens columns for whoever lists them."""

    def __init__(self, vault: TextVault) -> None:
        self._vault = vault
        self._mark_key = vault.derive_key(b"kiennghi marks of texts in views")

    def mark(self, text: str) -> bytes:
        """Return the keyed digest by which equal texts of a marked column are found; nothing for the empty text."""
        return hmac.digest(self._mark_key, text.encode(), hashlib.sha256)[:_MARK_BYTES] if text else b""

    async def open_cells(
        self, connection: AsyncConnection[Any], table: Table, rows: Sequence[SealedCells]
    ) -> list[list[str]]:
        """Return the texts of the sealed columns of each row, in the order of `table.sealed`.

        Raise UnopenableText and UnusableTextKey.
        """
        keys = await self._vault.load_keys(connection, dict.fromkeys(row.petition_id for row in rows))
        names = [f"{table.name}.{column}" for column in table.sealed]
        return [
            [
                open_cell(value, row.petition_id, name, keys[row.petition_id])
                for name, value in zip(names, row.values, strict=True)
            ]
            for row in rows
        ]

    def seal_rows(self, table: Table, rows: Iterable[TableRow], keys: Mapping[UUID, TextKeys]) -> list[TableRow]:
        """Return the rows of a table with their sealed and marked columns, in the text form of bytea."""
        columns = table.key + table.columns
        petition = columns.index("petition_id")
        sealed = [(columns.index(column), f"{table.name}.{column}") for column in table.sealed]
        marked = [columns.index(column) for column in table.marked]
        written: list[TableRow] = []
        for row in rows:
            cells = list(row)
            petition_id = row[petition]
            for place, name in sealed:
                cells[place] = _bytea(seal_cell(row[place], petition_id, name, keys[petition_id]))
            for place in marked:
                cells[place] = _bytea(self.mark(row[place]))
            written.append(tuple(cells))
        return written


def _bytea(value: bytes) -> str:
    return f"\\x{value.hex()}"
