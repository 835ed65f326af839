"""Writes an exported file: a new one, packed with gzip where its name says so, and none where the export fails."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

Write = Callable[[bytes], object]


@contextmanager
def new_output_file(path: Path) -> Iterator[Write]:
    """Yield the function that writes to the file. Raise FileExistsError: none is overwritten.

    A file that was not written to its end is removed.
    """
    with ExitStack() as stack:
        file = stack.enter_context(path.open("xb"))
        try:
            if path.name.lower().endswith(".gz"):
                packed = stack.enter_context(
                    gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
                )
                yield packed.write
                packed.close()
            else:
                yield file.write
        except BaseException:
            path.unlink(missing_ok=True)
            raise
