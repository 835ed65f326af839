"""Opens the texts of a list as they were, with the keys of today: what was erased since stays erased."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from domain.envelope import EventEnvelope
from projections.overdue import Overdue
from projections.past_rows import PastRows
from projections.projection import Connection, SealedCells, Table, TextReader
from service.known_at.histories import History, read_histories
from service.projector.history_fold import fold_history
from service.security.text_sealing import open_events
from service.security.text_vault import TextVault
from service.security.view_texts import KINDS_READ_BY_VIEWS


class TextsThen(TextReader):
    """Opens the rows that serve as `texts` does, and reads what changed petitions said from their histories."""

    def __init__(self, texts: TextReader, vault: TextVault, past: PastRows, known: int) -> None:
        self._texts = texts
        self._vault = vault
        self._changed = frozenset(past.changed or ())
        self._known = known

    async def open_cells(self, connection: Connection, table: Table, rows: Sequence[SealedCells]) -> list[list[str]]:
        """Return the texts of the sealed columns of each row, in the order of `table.sealed`."""
        unchanged = [row for row in rows if row.petition_id not in self._changed]
        opened = await self._texts.open_cells(connection, table, unchanged)
        found = {row.petition_id: texts for row, texts in zip(unchanged, opened, strict=True)}
        found |= await self._read_then(connection, table, {row.petition_id for row in rows} & self._changed)
        return [found[row.petition_id] for row in rows]

    def mark(self, text: str) -> bytes:
        """Return the digest of a text, which is the same at all times."""
        return self._texts.mark(text)

    async def _read_then(
        self, connection: Connection, table: Table, petition_ids: Iterable[UUID]
    ) -> dict[UUID, list[str]]:
        ids, view = list(petition_ids), Overdue()
        keys = await self._vault.load_keys(connection, ids, fresh=True)

        def open_texts(events: Iterable[EventEnvelope[Any]]) -> History:
            listed = list(events)
            return open_events(listed, keys[listed[0].originator_id], KINDS_READ_BY_VIEWS)

        columns = table.key + table.columns
        places = [columns.index(column) for column in table.sealed]
        found: dict[UUID, list[str]] = {}
        async for history in read_histories(connection, ids, self._known, open_texts):
            for of_table, row in view.rows(fold_history(view.fold, history)):
                if of_table is table:
                    found[row[0]] = [row[place] for place in places]
        return found
