"""What a projection is: rows that follow from what is known of each petition, and from nothing else.

Facts are folded into a state, of which the rows are a pure function. So a page of the log is written as the
difference between the states before and after it, and a view built anew as the rows of the states at the end. SQL here
names tables without a schema: the follower chooses between the one that serves and the one for views built anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, ClassVar, LiteralString

from psycopg import AsyncConnection

from domain.envelope import EventEnvelope
from projections import state as known

Page = Sequence[EventEnvelope[Any]]
"""Consecutive events of the log, in order."""

Connection = AsyncConnection[Any]
Row = tuple[Any, ...]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows that belong to one petition or meeting each; the key holds its id, and stands before the other columns."""

    name: LiteralString
    key: tuple[LiteralString, ...]
    columns: tuple[LiteralString, ...]


def _as_it_is(key: Key) -> Iterable[Key]:
    return (key,)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Rows in which many petitions are counted. `spread` says in which rows a count is, if not in that of its key."""

    name: LiteralString
    key: tuple[LiteralString, ...]
    figures: tuple[LiteralString, ...]
    spread: Callable[[Any], Iterable[Key]] = _as_it_is


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """Rows made of changed sums: an INSERT that finds these, as they are now, under the sums' name and `_now`."""

    name: LiteralString
    of: Sums
    statement: LiteralString


Count = tuple[Sums, Key, LiteralString, int]
"""In the row of the sums with this key, the figure is higher by so many."""


class Projection:
    """One view. To add one: a class in a file, its tables under `sql/`, a test, a line in `projections.views`."""

    name: ClassVar[LiteralString]
    """Of the view and of its SQL file."""
    version: ClassVar[int]
    """Raised with every change of the tables or of what the rows mean: the view is then built anew by itself."""
    tables: ClassVar[tuple[Table | Sums | Derived, ...]]
    former_tables: ClassVar[tuple[LiteralString, ...]] = ()
    """Of earlier versions: they go with them."""

    fold = staticmethod(known.fold)
    """The state after one more fact, None where nothing is known. Views with the same fold share its work."""

    def rows(self, state: Any) -> Iterable[tuple[Table, Row]]:  # noqa: ARG002
        """Of one petition or meeting: in the order of the table's columns, the key first."""
        return ()

    def counts(self, state: Any) -> Iterable[Count]:  # noqa: ARG002
        """What one petition adds to the sums."""
        return ()


def ddl(view: type[Projection] | Projection) -> tuple[LiteralString, LiteralString]:
    """The statements that make the view's tables, and those that make their indexes."""
    statements: LiteralString = files("projections").joinpath("sql", f"{view.name}.sql").read_text(encoding="utf-8")
    tables, _, indexes = statements.partition("-- Indexes\n")
    return tables, indexes
