"""Reads text files: finds their encoding, bounds their size, and unpacks gzip. It is the one place that decodes.

A file that configures the service is in UTF-8. A table that another program wrote says its encoding by its byte order
mark; without one it is UTF-8, or what the mapping of an import states.
"""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from service.files.cells import UnreadableFile
from service.files.containers import name_of_container
from service.files.old_vietnamese import OLD_VIETNAMESE_ENCODINGS, codec_name, plain_encoding_name
from service.files.plausible_vietnamese import advice_on_encoding, better_encoding

MAX_FILE_CHARACTERS = 2_000_000
"""Most characters of a file that configures the service; such files have about ten thousand."""

# The four bytes of UTF-32 begin with the two of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BEGINNING_BYTES = 8_192
"""Bytes that tell what a file is: the size of the buffer of a file."""

ByteStream = BufferedReader | gzip.GzipFile


def read_text_file(path: Path, most: int, called: str) -> str:
    """Return the text of a file in UTF-8, with every line end as a line feed. UnreadableFile names file and fault.

    A file of more than `most` characters is refused under the name `called`, and is not read further.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:  # Windows editors write a byte order mark first
            text = file.read(most + 1)
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: save the file in UTF-8") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    if len(text) > most:
        raise UnreadableFile(f"{path}: {called} has at most {most:,} characters")
    return text


def decode_text(content: bytes, advice: str) -> str:
    """Return the text of a whole file, its line ends as they are. UnreadableFile ends with the advice."""
    encoding = _encoding_by_mark(content) or "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(f"the file is not in {encoding.removesuffix('-sig')}: {advice}") from None


@contextmanager
def open_source_file(path: Path) -> Iterator[ByteStream]:
    """Open the file and yield its bytes, unpacked if it is gzip.

    Raise UnreadableFile if either fails, and for a file that is no text: `service.files.workbook` reads workbooks.
    """
    try:
        with open_unpacked(path) as stream:
            container = name_of_container(stream.peek(BEGINNING_BYTES)[:BEGINNING_BYTES])
            if container is not None:
                raise UnreadableFile(f"{path.name}: {container}")
            yield stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path.name} is damaged: {error}") from None
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}") from None


@contextmanager
def open_unpacked(path: Path) -> Iterator[ByteStream]:
    """Open the file, whatever it holds, and yield its bytes, unpacked if it is gzip."""
    with path.open("rb") as file:
        if file.peek(2)[:2] == b"\x1f\x8b":
            with gzip.open(file) as unpacked:
                yield unpacked
        else:
            yield file


def detect_encoding(stream: ByteStream, stated: str = "auto") -> str:
    """Return the codec to decode the stream with.

    Raise UnreadableFile when the first bytes show that the file is in another encoding than `stated`.
    """
    beginning = stream.peek(BEGINNING_BYTES)[:BEGINNING_BYTES]
    marked = _encoding_by_mark(beginning)
    if stated == "auto":
        return marked or "utf-8"
    if marked is not None and not marked.startswith(stated[:6]):
        raise UnreadableFile(f"the file bears the mark of {marked.removesuffix('-sig')}, the mapping says {stated}")
    if not stated.startswith("utf-") and not beginning.isascii() and _is_utf8(beginning):
        raise UnreadableFile(f"the file is in utf-8, the mapping says {stated}")
    if not stated.startswith("utf-") and (better := better_encoding(beginning, stated)) is not None:
        raise UnreadableFile(
            f"tệp đọc được theo {better}, mapping ghi {stated} / the file reads as {better}, the mapping says {stated}"
        )
    if stated in OLD_VIETNAMESE_ENCODINGS:
        return codec_name(stated)
    return "utf-8-sig" if stated == "utf-8" else stated


def _encoding_by_mark(beginning: bytes) -> str | None:
    return next((name for mark, name in _BYTE_ORDER_MARKS if beginning.startswith(mark)), None)


def _is_utf8(beginning: bytes) -> bool:
    """Return True if the bytes decode as UTF-8; their last character may be cut off.

    Text in a one-byte encoding decodes as UTF-8 only by chance.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning, final=False)
    except UnicodeDecodeError:
        return False
    return True


def wrong_encoding(encoding: str, error: UnicodeDecodeError, after: str) -> UnreadableFile:
    """Return the error for bytes that do not decode; `after` says how far the file was read."""
    found = error.object[error.start : error.start + 1].hex().upper() or "the end"
    tried = plain_encoding_name(encoding)
    return UnreadableFile(
        f"tệp không phải bảng mã {tried} / the file is not in {tried} ({after}: byte {found});"
        f" {advice_on_encoding(error.object, tried)}"
    )
