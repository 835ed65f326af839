"""Finds the tables of a view as requests read them, and whether they are of the log that is there now."""

from typing import NamedTuple

from projections.projection import Connection, Projection
from service.event_store.log_mark import is_in_log
from service.projector.checkpoints import (
    Checkpoint,
    TableSet,
    create_checkpoint_tables,
    create_tables,
    find_tables,
    read_checkpoint,
)

EVENTS_WORTH_LOADING = 5_000
"""Number of events from which on a new view is loaded in bulk instead of following the log from the first event."""


class ServingTables(NamedTuple):
    """Holds the checkpoint of the tables of a view, None if there are none, and whether they are of this log.

    Tables of another log were written from events that the log does not have: nothing in them may be read.
    """

    checkpoint: Checkpoint | None
    are_of_this_log: bool

    def are_current(self, view: Projection) -> bool:
        """Return False if the view must be built."""
        return self.checkpoint is not None and self.checkpoint.version == view.version and self.are_of_this_log


async def find_serving_tables(connection: Connection, view: Projection, head: int) -> ServingTables:
    """Return the serving tables of the view; create empty ones if there are none.

    None are created if the log is so long that they should be loaded in bulk, or if some of them are missing: until the
    others are replaced, a view that is being filled would show less than there is.
    """
    async with connection.transaction():
        await create_checkpoint_tables(connection)
        table_set = TableSet(view)
        checkpoint = await read_checkpoint(connection, table_set)
        if checkpoint is not None and checkpoint.version == view.version:
            found = {str(name) for name in await find_tables(connection, table_set)}
            if any(str(table_set.identifier(table.name)) not in found for table in view.tables):
                return ServingTables(None, are_of_this_log=True)
        if checkpoint is None:
            if head >= EVENTS_WORTH_LOADING:
                return ServingTables(None, are_of_this_log=True)
            checkpoint = await create_tables(connection, table_set)
        return ServingTables(checkpoint, await is_in_log(connection, checkpoint.mark))
