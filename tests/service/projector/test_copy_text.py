"""Tests that rows written as text are what psycopg would have written value by value."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from service.projector.copy_text import copy_text
from tests.examples import examples


class Word(StrEnum):
    """Has a usual word, and one with all that the text of COPY and of arrays gives a meaning."""

    USUAL = "usual"
    ODD = 'a\\b\t"c"\n{d},'


INTEGERS = st.integers(-(2**31), 2**31 - 1)
TEXTS = (
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    | st.sampled_from(["", "\\N", "NULL", "\\.", "\r\n", "{}", '"', "đơn kiến nghị", "\x0b\x0c\x08"])
    | st.sampled_from(Word)
)
ROWS = st.tuples(
    st.none() | INTEGERS,
    st.none() | TEXTS,
    st.none() | st.dates(),
    st.none() | st.uuids(),
    st.none() | st.booleans(),
    st.lists(INTEGERS, max_size=3) | st.just([None, 1]),
    st.lists(TEXTS, max_size=3) | st.just([None, "a"]),
    st.none() | st.binary(max_size=8) | st.binary(max_size=8).map(lambda value: f"\\x{value.hex()}"),
    st.none() | st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)),
)


@given(rows=st.lists(ROWS, min_size=1, max_size=40))
@examples(60)
def test_rows_of_every_type_that_views_have_are_written_as_psycopg_writes_them(
    module_database: str, rows: list[tuple[Any, ...]]
) -> None:
    columns = "a integer, b text, c date, d uuid, e boolean, f integer[], g text[], h bytea, i timestamptz"
    with psycopg.connect(module_database) as connection:
        for table in ("by_value", "by_text"):
            connection.execute(f"CREATE TEMPORARY TABLE {table} (n serial, {columns})".encode())
        with connection.cursor().copy("COPY by_value (a, b, c, d, e, f, g, h, i) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        with connection.cursor().copy("COPY by_text (a, b, c, d, e, f, g, h, i) FROM STDIN") as copy:
            copy.write(copy_text(rows))
        written = connection.execute("SELECT * FROM by_value ORDER BY n").fetchall()
        assert connection.execute("SELECT * FROM by_text ORDER BY n").fetchall() == written
        assert len(written) == len(rows)
