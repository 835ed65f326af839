"""Reads the items of one array of a large JSON file one by one, so that memory stays bounded."""

import json
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any, NoReturn

from service.files.cells import UnreadableFile
from service.files.text_files import ByteStream

JSON_CHUNK_CHARACTERS = 65_536
LONGEST_JSON_ITEM = 1_000_000
"""Characters of one item of an array, or of one value beside the arrays."""

_BLANK = " \t\r\n"


def read_array_items(stream: ByteStream, name: str) -> Iterator[Any]:
    """Yield the items of the array `name` of the object that the file is. The items of other arrays are passed over.

    Raise UnreadableFile for a file that is no such object, that lacks the array, or has an item that is too long.
    """
    with TextIOWrapper(stream, encoding="utf-8-sig") as text:
        reader = _JsonReader(text)
        try:
            yield from _items(reader, name)
        except UnicodeDecodeError:
            raise UnreadableFile("tệp không phải UTF-8 / the file is not in UTF-8, as JSON must be") from None


def _items(reader: "_JsonReader", name: str) -> Iterator[Any]:
    reader.expect("{")
    is_there = False
    while not reader.takes("}"):
        key = reader.value()
        reader.expect(":")
        if reader.takes("["):
            is_there = is_there or key == name
            while not reader.takes("]"):
                item = reader.value()
                if key == name:
                    yield item
                if not reader.takes(","):
                    reader.expect("]")
                    break
        else:
            reader.value()
        if not reader.takes(","):
            reader.expect("}")
            break
    reader.require_end()
    if not is_there:
        raise UnreadableFile(f"tệp không có danh sách “{name}” / the file has no array “{name}”")


class _JsonReader:
    """Decodes values from a text, of which it holds one chunk and the value that is being read."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._buffer = ""
        self._place = 0
        self._passed = 0  # characters before the buffer
        self._is_at_end = False
        self._decode = json.JSONDecoder(parse_constant=_refuse_constant).raw_decode

    def takes(self, sign: str) -> bool:
        """Return True, and pass over the sign, if it comes next."""
        if self._next() != sign:
            return False
        self._place += 1
        return True

    def expect(self, sign: str) -> None:
        """Pass over the sign. Raise UnreadableFile if another one comes next."""
        if not self.takes(sign):
            self._fail(f"{sign!r} is missing")

    def require_end(self) -> None:
        """Raise UnreadableFile if more comes than blanks."""
        if self._next():
            self._fail("something stands after the end")

    def value(self) -> Any:
        """Return the value that comes next."""
        self._next()
        while True:
            try:
                value, end = self._decode(self._buffer, self._place)
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._read_more():
                    self._fail("not well-formed JSON")
                continue
            if end == len(self._buffer) and self._read_more():  # a number may go on
                continue
            self._place = end
            return value

    def _next(self) -> str:
        """Pass over blanks and return the sign after them; an empty text at the end of the file."""
        while True:
            while self._place < len(self._buffer) and self._buffer[self._place] in _BLANK:
                self._place += 1
            if self._place < len(self._buffer):
                return self._buffer[self._place]
            if not self._read_more():
                return ""

    def _read_more(self) -> bool:
        """Read a chunk more, and return False if the file has ended."""
        if self._is_at_end:
            return False
        if len(self._buffer) - self._place > LONGEST_JSON_ITEM:
            self._fail(f"a value has more than {LONGEST_JSON_ITEM:,} characters")
        chunk = self._text.read(JSON_CHUNK_CHARACTERS)
        self._is_at_end = not chunk
        self._passed += self._place
        self._buffer, self._place = self._buffer[self._place :] + chunk, 0
        return bool(chunk)

    def _fail(self, what: str) -> NoReturn:
        raise UnreadableFile(f"ký tự / character {self._passed + self._place + 1:,}: {what}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
