"""Defines a projection: a view whose rows follow only from the state of each petition, meeting or message.

Events are folded into a state, and the rows are a pure function of the state. So for a page of the log, the difference
between the rows of the states before and after it is written; for a rebuild, the rows of the final states. SQL here
names tables without a schema, because the projector chooses the serving schema or the rebuild schema.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, ClassVar, LiteralString, NamedTuple, Protocol
from uuid import UUID

from psycopg import AsyncConnection

from domain.envelope import EventEnvelope
from projections.state import fold_view_state

EventPage = Sequence[EventEnvelope[Any]]
"""Consecutive events of the log, in order."""

Connection = AsyncConnection[Any]
"""An asynchronous connection to the database, with any type of rows."""

TableRow = tuple[Any, ...]
"""Values of one row in the order of the table's columns, key columns first; a plain tuple or a NamedTuple."""

RowKey = tuple[Any, ...]
"""Values of the key columns of one row, in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Describes a table whose rows each belong to one petition, meeting or message. The key contains its id.

    The rows of a view hold plain texts. The projector seals the columns `sealed` under the key of the petition, and
    writes a keyed digest for the columns `marked`; in the table all of these are bytea. Such a table has the column
    `petition_id`.
    """

    name: LiteralString
    key: tuple[LiteralString, ...]
    columns: tuple[LiteralString, ...]
    sealed: tuple[LiteralString, ...] = ()
    marked: tuple[LiteralString, ...] = ()


def _same_key(key: RowKey) -> Iterable[RowKey]:
    return (key,)


@dataclass(frozen=True, slots=True, eq=False)
class CounterTable:
    """Describes a table whose rows count many petitions.

    `fan_out` returns the keys of the rows to which a delta is added. Without it, a delta is added to the row of its own
    key.
    """

    name: LiteralString
    key: tuple[LiteralString, ...]
    figures: tuple[LiteralString, ...]
    fan_out: Callable[[Any], Iterable[RowKey]] = _same_key


@dataclass(frozen=True, slots=True, eq=False)
class DerivedTable:
    """Describes a table whose rows are computed from the changed rows of the counter table `source`.

    `select` computes them. It reads the changed counter rows, with their new values, from a CTE. The name of the CTE is
    that of the counter table with the suffix `_now`.
    """

    name: LiteralString
    source: CounterTable
    key: tuple[LiteralString, ...]
    columns: tuple[LiteralString, ...]
    select: LiteralString

    @property
    def statement(self) -> LiteralString:
        """Return the INSERT that writes the computed rows."""
        key, columns = ", ".join(self.key), ", ".join(self.key + self.columns)
        assignments = ", ".join(f"{column} = excluded.{column}" for column in self.columns)
        return f"INSERT INTO {self.name} ({columns}) {self.select} ON CONFLICT ({key}) DO UPDATE SET {assignments}"


CounterDelta = tuple[CounterTable, RowKey, LiteralString, int]
"""Counter table, key, figure and amount, in this order: the amount is added to the figure in the row of this key.

A plain tuple, since many are made for each event and a NamedTuple takes eight times as long to make.
"""


class Projection:
    """Defines one view: its tables, and the rows that follow from a state.

    To add a view, write a class in a file of its own, its tables under `sql/`, a test, and a line in
    `projections.views`.
    """

    name: ClassVar[LiteralString]
    """Name of the view and of its SQL file."""
    version: ClassVar[int]
    """Version of the tables and of the meaning of their rows. When it is raised, the projector rebuilds the view."""
    tables: ClassVar[tuple[Table | CounterTable | DerivedTable, ...]]
    former_tables: ClassVar[tuple[LiteralString, ...]] = ()
    """Names of tables of earlier versions, which are dropped together with the current ones."""

    fold = staticmethod(fold_view_state)
    """Returns the state after one more event; None if there is no state.

    The states are computed once for views with the same fold.
    """

    def rows(self, state: Any) -> Iterable[tuple[Table, TableRow]]:  # noqa: ARG002
        """Return the rows of one petition, meeting or message, each in column order, key columns first."""
        return ()

    def counter_deltas(self, state: Any) -> Iterable[CounterDelta]:  # noqa: ARG002
        """Return what one petition adds to the counter tables."""
        return ()


class SealedCells(NamedTuple):
    """Holds the sealed columns of one row, as they are in the table and in the order of `Table.sealed`."""

    petition_id: UUID
    values: Sequence[bytes]


class TextReader(Protocol):
    """Opens the texts of rows for whoever lists them, and finds rows by the digest of a text."""

    async def open_cells(self, connection: Connection, table: Table, rows: Sequence[SealedCells]) -> list[list[str]]:
        """Return the texts of the sealed columns of each row, in the order of `table.sealed`."""
        ...

    def mark(self, text: str) -> bytes:
        """Return the digest by which equal texts of a marked column are found; nothing for the empty text."""
        ...


def read_ddl(view: type[Projection] | Projection) -> tuple[LiteralString, LiteralString]:
    """Return the statements that create the tables of the view, and those that create their indexes."""
    statements: LiteralString = files("projections").joinpath("sql", f"{view.name}.sql").read_text(encoding="utf-8")
    tables, _, indexes = statements.partition("-- Indexes\n")
    return tables, indexes
