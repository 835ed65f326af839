"""Lays out tables of text: one line a record where every cell has room, else one paragraph a record.

No cell and no heading is cut. The last column alone is wrapped, so a value is never interleaved with others.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from domain.printed_text import QUOTED

BETWEEN = "  "
"""What stands between two columns."""
LAST_COLUMN = 24
"""Columns of the terminal that the last column of a table gets at least, where its texts are longer."""
CUT_AT = 60
"""Characters of a text in a list; its end is cut off, with a mark."""


def shortened(text: str) -> str:
    """Return the text as lists show it: a long one loses its end, and the mark … says so."""
    return text if len(text) <= CUT_AT else text[: CUT_AT - 1].rstrip() + "…"


def lay_out_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], to_the_right: Sequence[bool], width: int | None
) -> list[str]:
    """Return the lines of a table that is at most `width` columns of a terminal wide; None means as wide as it is.

    `to_the_right` says of each column whether it holds numbers. Where no table fits, return a paragraph for each row.
    """
    rows = [[" ".join(cell.splitlines()) for cell in row] for row in rows]
    columns = [[row[n] for row in rows] for n in range(len(headings))]
    wraps_headings = width is not None and _widths(headings, columns, width=None)[1] > width
    widths, total = _widths([_longest_word(one) for one in headings] if wraps_headings else headings, columns, width)
    if width is not None and total > width:
        return list(_paragraphs(headings, rows, width))
    lines = [*_lines_of_row(headings, widths, to_the_right), "─" * total]
    for row in rows:
        lines += _lines_of_row(row, widths, to_the_right)
    return lines


def _widths(headings: Sequence[str], columns: Sequence[Sequence[str]], width: int | None) -> tuple[list[int], int]:
    """Return the width of each column and of the table. In a `width`, the last column takes what the others leave."""
    widths = [max(map(cell_len, [heading, *column])) for heading, column in zip(headings, columns, strict=True)]
    if width is not None:
        others = sum(widths[:-1]) + len(BETWEEN) * (len(widths) - 1)
        words = max(cell_len(_longest_word(cell)) for cell in [headings[-1], *columns[-1]])
        least = max(words, min(widths[-1], LAST_COLUMN))
        widths[-1] = min(widths[-1], max(least, width - others))
    return widths, sum(widths) + len(BETWEEN) * (len(widths) - 1)


def _longest_word(text: str) -> str:
    return max(text.split(), key=cell_len, default="")


def _lines_of_row(cells: Sequence[str], widths: Sequence[int], to_the_right: Sequence[bool]) -> Iterator[str]:
    """Yield the lines of one row: the cells that are wider than their column are wrapped at words."""
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for n in range(max(map(len, wrapped))):
        parts = (lines[n] if n < len(lines) else "" for lines in wrapped)
        yield BETWEEN.join(
            " " * (width - cell_len(part)) + part if right else part + " " * (width - cell_len(part))
            for part, width, right in zip(parts, widths, to_the_right, strict=True)
        ).rstrip()


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return the text in lines of at most `width` columns, broken at blanks; a longer word has a line of its own."""
    if cell_len(text) <= width:
        return [text]
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if cell_len(longer) <= width or not lines[-1].strip():
            lines[-1] = longer
        else:
            lines.append(indent + word)
    return lines


def _paragraphs(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield a paragraph for each row: a line for each cell, with its heading, and its further lines marked."""
    for row in rows:
        for heading, cell in zip(headings, row, strict=True):
            yield from _wrapped(f"{heading}: {cell}".rstrip(), width, indent=BETWEEN + QUOTED)
        yield ""
