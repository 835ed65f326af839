"""What a projection is: rows made of facts, written together with the log position they are made of.

After a crash a page is wholly applied or applied again, never half. SQL here names tables without a schema: the
follower chooses between the schema that serves and the one in which a view is built anew.
"""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, ClassVar, LiteralString, Protocol

from psycopg import AsyncConnection

from domain.recorded import Recorded

Page = Sequence[Recorded[Any]]
"""Consecutive events of the log, in order."""

Connection = AsyncConnection[Any]


class Projection(Protocol):
    """One view. To add one: this class in a file, its table under `sql/`, a test, a line in `projections.views`."""

    name: ClassVar[str]
    """Of the view, of its SQL file, and of its first table."""
    tables: ClassVar[tuple[str, ...]]
    version: ClassVar[int]
    """Raised with every change of the tables or of what the rows mean: the view is then built anew by itself."""

    async def apply(self, connection: Connection, page: Page) -> None:
        """Change the rows by a page. Runs inside a transaction that also moves the view's position."""
        ...


def ddl(view: type[Projection] | Projection) -> LiteralString:
    """The statements that make the view's tables."""
    statements: LiteralString = files("projections").joinpath("sql", f"{view.name}.sql").read_text(encoding="utf-8")
    return statements
