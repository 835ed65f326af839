"""Prints what a command shows: JSON, a table, a progress bar, a sentence on stderr."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import Annotated, Any

import typer
from pydantic_core import to_json
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.printed_text import json_on_one_line, printed_cell, printed_line
from service.cli.tables import lay_out_table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def say(sentence: str) -> None:
    """Print a sentence for the person on stderr; stdout is for what was asked for."""
    print(printed_line(f"kiennghi: {sentence}"), file=sys.stderr, flush=True)


def show_line(line: str) -> None:
    """Print one line on stdout: texts in it begin no other."""
    print(printed_line(line), flush=True)


def show_json(value: Any) -> None:
    """Print a value as JSON: days and instants in ISO 8601, ids as text."""
    print(json_on_one_line(to_json(value, indent=2).decode()), flush=True)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[object]], write: Callable[[object], str] = str) -> None:
    """Print a table: numbers to the right, None as an empty cell. On a narrow terminal, print a paragraph a row.

    `write` gives the text of a cell, which is shown on one line.
    """
    cells = [["" if cell is None else cell for cell in row] for row in rows]
    numbers = [
        bool(cells) and all(isinstance(row[n], int | float) for row in cells if row[n] != "")
        for n in range(len(headings))
    ]
    written = [[printed_cell(write(cell)) for cell in row] for row in cells]
    print("\n".join(lay_out_table(headings, written, numbers, _terminal_width())))


def _terminal_width() -> int | None:
    """Return the columns of the terminal, COLUMNS if it is set; None where the output goes into a file or a pipe."""
    if "COLUMNS" not in os.environ and not sys.stdout.isatty():
        return None
    return get_terminal_size().columns


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on a terminal and give the function that moves it (done, total); show nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(what, total=None)

        def moved(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield moved
