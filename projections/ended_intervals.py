"""Finds the ended intervals of a table that held on a day, without reading those that ended before or began after it.

Intervals are indexed by their size, the number of binary digits of their days, and by where they begin. One of a size
can hold on a day only if it began fewer days before than the size allows, so for each size a short walk finds them.
"""

from typing import LiteralString, NamedTuple

# Size 14 are all that lasted longer than 22 years: each of these may hold on the day.
_SIZES: LiteralString = (
    "(SELECT size, CASE WHEN size < 14 THEN %(on)s::date - (1 << size) ELSE '-infinity' END AS after_on"
    " FROM generate_series(1, 14) AS g (size))"
)
_SIZE_OF: LiteralString = (
    "width_bucket({days}, '{{1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192}}'::integer[]) = s.size"
)
"""The expression of the indexes, see `sql/overdue.sql`."""


class EndedIntervals(NamedTuple):
    """Names a table of intervals that ended; `begins` is the column by which those of a size are found.

    With `begins` being the due date, only what was late is found, in the order of the due dates.
    """

    table: LiteralString
    key: LiteralString
    begins: LiteralString

    @property
    def _of_size(self) -> LiteralString:
        days: LiteralString = f"until_on - {self.begins}"
        late: LiteralString = f" AND {days} > 1" if self.begins == "due_on" else ""
        return f"{_SIZE_OF.format(days=days)} AND {self.begins} > s.after_on{late}"

    def count_sql(self, condition: str) -> str:
        """Return SQL that counts the intervals; `condition` must say that they held on the day."""
        rows = f"SELECT FROM {self.table} WHERE {self._of_size} AND {condition} OFFSET 0"
        return f"(SELECT count(*) FROM {_SIZES} AS s CROSS JOIN LATERAL ({rows}) AS r)"  # noqa: S608

    def first_sql(self, columns: str, condition: str, order: str) -> str:
        """Return SQL for the first intervals in this order, of which only the key is read until they are found."""
        keys = f"{self.key}, due_on"
        of_size = (
            f"SELECT {keys} FROM {self.table} WHERE {self._of_size} AND {condition} ORDER BY {order} LIMIT %(limit)s"  # noqa: S608
        )
        first = (
            f"SELECT {self.key} FROM {_SIZES} AS s CROSS JOIN LATERAL ({of_size}) AS r ORDER BY {order} LIMIT %(limit)s"  # noqa: S608
        )
        return f"(SELECT {columns} FROM {self.table} WHERE ({self.key}) IN ({first}))"  # noqa: S608
