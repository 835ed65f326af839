"""Writes the statement that lists what is owed on a day: a page of lines, what is shown of them, and the total."""

from typing import LiteralString

from projections.owed_sql import LISTED_TABLES, SOURCES, Selection, page_sql
from projections.owed_totals import Total, total_sql
from projections.past_rows import past_rows_sql

_SHOWN_COLUMNS: tuple[LiteralString, ...] = (
    *("reference", "kind", "received_on", "channel", "place", "summary", "identity_protected", "duplicates"),
)


def list_statement(selection: Selection, *, total: Total, is_next: bool, as_known: bool = False) -> str:
    """Return one statement for a page of the list and the total, so that both see the same snapshot.

    It finds the lines of the page first, and reads their other columns only for these. Its parameters are those of the
    selection, `on`, `soon`, `never` and `limit`, and those of the cursor if `is_next`: `after_on`, `after_id` and
    `after_duty`. The parameters of a list `as_known` earlier are also those of `PastRows` for LISTED_TABLES.
    """
    pages = " UNION ALL ".join(
        page_sql(selection, source, part, is_next=is_next)
        for source in SOURCES[selection.owed]
        for part in source.rows.on_day(as_known=as_known)
    )
    joined = "LEFT JOIN overdue_then AS k USING (petition_id)" if as_known else ""
    statement = f"""
        SELECT t.total::bigint, l.*, {_shown_sql(as_known=as_known)}
        FROM (SELECT {total_sql(selection, total, as_known=as_known)}) AS t (total)
        LEFT JOIN (SELECT * FROM ({pages}) AS s ORDER BY due_on, petition_id, duty LIMIT %(limit)s) AS l ON true
        LEFT JOIN overdue AS o USING (petition_id) {joined}
        ORDER BY l.due_on, l.petition_id, l.duty
    """  # noqa: S608 - constants of this module
    return past_rows_sql(*LISTED_TABLES) + statement if as_known else statement


def _shown_sql(*, as_known: bool) -> str:
    """Return SQL for the columns of a line that are the petition's; those of then go before those of now."""
    if not as_known:
        return ", ".join(f"o.{column}" for column in _SHOWN_COLUMNS)
    return ", ".join(
        f"CASE WHEN k.petition_id IS NULL THEN o.{column} ELSE k.{column} END AS {column}" for column in _SHOWN_COLUMNS
    )
