"""A file's bytes, unpacked and decoded as the mapping says or the file's own mark tells."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from service.files.cells import UnreadableFile

# The four bytes of UTF-32 begin with the two of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BEGINNING = 8_192  # what a file's buffer holds

Bytes = BufferedReader | gzip.GzipFile


@contextmanager
def opened(path: Path) -> Iterator[Bytes]:
    """The bytes of the file, unpacked if it is gzip; UnreadableFile if it cannot be opened or unpacked."""
    try:
        with path.open("rb") as file:
            if file.peek(2)[:2] == b"\x1f\x8b":
                with gzip.open(file) as unpacked:
                    yield unpacked
            else:
                yield file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path.name} is damaged: {error}") from None
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}") from None


def encoding_of(stream: Bytes, stated: str) -> str:
    """The codec to read with; UnreadableFile where the file plainly is in another encoding than stated."""
    beginning = stream.peek(_BEGINNING)[:_BEGINNING]
    marked = next((name for mark, name in _MARKS if beginning.startswith(mark)), None)
    if stated == "auto":
        return marked or "utf-8"
    if marked is not None and not marked.startswith(stated[:6]):
        raise UnreadableFile(f"the file bears the mark of {marked.removesuffix('-sig')}, the mapping says {stated}")
    if not stated.startswith("utf-") and not beginning.isascii() and _reads_as_utf8(beginning):
        raise UnreadableFile(f"the file is in utf-8, the mapping says {stated}")
    return "utf-8-sig" if stated == "utf-8" else stated


def _reads_as_utf8(beginning: bytes) -> bool:
    """Text of a one-byte encoding does so by chance only; the last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning, final=False)
    except UnicodeDecodeError:
        return False
    return True


def not_in(encoding: str, error: UnicodeDecodeError, after: str) -> UnreadableFile:
    found = error.object[error.start : error.start + 1].hex().upper() or "the end"
    return UnreadableFile(
        f"the file is not in {encoding} ({after}: byte {found}); state its encoding in the mapping,"
        ' such as encoding = "windows-1258"'
    )
