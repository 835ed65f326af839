"""Opens the texts that states take over from events, and seals the rows that follow from the states."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID

from domain.envelope import EventEnvelope
from projections.projection import Connection
from service.projector.row_diff import RowDiff
from service.projector.set_aside import open_apart
from service.security.text_sealing import TextKeys
from service.security.text_vault import TextVault
from service.security.view_texts import KINDS_READ_BY_VIEWS, ViewTexts


class RowTexts:
    """Opens events and seals rows with the keys of their petitions.

    `connect` gives a connection when keys are not in the cache of the vault.
    """

    def __init__(self, vault: TextVault, connect: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
        self._vault = vault
        self._connect = connect
        self._columns = ViewTexts(vault)

    async def load_keys(self, petition_ids: Iterable[UUID]) -> Mapping[UUID, TextKeys]:
        """Return the keys of the petitions; a connection is taken only if some are not in the cache."""
        keys, missing = {}, []
        for petition_id in petition_ids:
            cached = self._vault.cached_keys(petition_id)
            if cached is None:
                missing.append(petition_id)
            else:
                keys[petition_id] = cached
        if missing:
            async with self._connect() as connection:
                keys |= await self._vault.load_keys(connection, missing)
        return keys

    async def open_page(self, events: Sequence[EventEnvelope[Any]]) -> list[EventEnvelope[Any]]:
        """Return the events of a page of the log, opened as far as views read them."""
        read = dict.fromkeys(e.originator_id for e in events if type(e.fact) in KINDS_READ_BY_VIEWS)
        keys = await self.load_keys(read) if read else {}
        opened: list[EventEnvelope[Any]] = []
        for envelope in events:
            opened += open_apart([envelope], keys.get(envelope.originator_id, {}), KINDS_READ_BY_VIEWS)
        return opened

    async def seal(self, row_diff: RowDiff, keys: Mapping[UUID, TextKeys] | None = None) -> None:
        """Seal the rows to be written. `keys` are those of all petitions with rows, if the caller has them."""
        for table, rows in row_diff.upserted.items():
            if table.sealed or table.marked:
                place = (table.key + table.columns).index("petition_id")
                known = await self.load_keys(dict.fromkeys(row[place] for row in rows)) if keys is None else keys
                row_diff.upserted[table] = self._columns.seal_rows(table, rows, known)
