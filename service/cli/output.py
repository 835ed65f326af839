"""Prints what a command shows: JSON, a table, a progress bar, a sentence on stderr."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic_core import to_json
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WIDE = 180
"""Columns of a table that is not printed on a terminal."""
SHORT = 24
"""Characters. A cell up to this length is a number, a day or a code, and is never cut off."""


def say(sentence: str) -> None:
    """Print a sentence for the person on stderr; stdout is for what was asked for."""
    print(f"kiennghi: {sentence}", file=sys.stderr, flush=True)


def show_json(value: Any) -> None:
    """Print a value as JSON: days and instants in ISO 8601, ids as text."""
    print(to_json(value, indent=2).decode(), flush=True)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]], write: Callable[[object], str] = str) -> None:
    """Print a table: numbers to the right, None as an empty cell. Where there is no room, long texts are cut.

    `write` gives the text of a cell.
    """
    written = [["" if cell is None else cell for cell in row] for row in rows]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for n, heading in enumerate(headings):
        is_number = bool(written) and all(isinstance(row[n], int | float) for row in written if row[n] != "")
        longest = max((cell_len(write(row[n])) for row in written), default=0)
        table.add_column(
            heading,
            justify="right" if is_number else "left",
            no_wrap=True,
            min_width=longest if longest <= SHORT else None,
        )
    for row in written:
        table.add_row(*(write(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else WIDE, markup=False, highlight=False, emoji=False).print(table)


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on a terminal and give the function that moves it (done, total); show nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(what, total=None)

        def moved(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield moved
