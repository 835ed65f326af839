"""Opens the package of an XLSX file, if it is small when unpacked and holds nothing that runs (zip bombs, macros)."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from service.files.cells import UnreadableFile

MOST_UNPACKED_BYTES = 16_000_000
"""Bytes of all parts together, as the package states them; no part is read beyond its stated size."""
MOST_PACKAGE_PARTS = 500
"""Parts of one package; a file with more is refused."""

_CHUNK_BYTES = 1_000_000
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: an old .xls, or a package that is encrypted
_ACTIVE_CONTENT_NAMES = ("vbaproject", "/macrosheets/", "/activex/", "/embeddings/")
_NOT_AN_XLSX = "this is no XLSX file as spreadsheet programs write it"


class XlsxPackage:
    """Gives access to the parts of the file by name, in any case of letters."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self.elements_read = 0

    def __contains__(self, part: object) -> bool:
        return isinstance(part, str) and part.lower() in self._names

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield the unpacked bytes of a part. Raise UnreadableFile if the part is missing or damaged."""
        if part not in self:
            raise UnreadableFile(f"{_NOT_AN_XLSX}: a part is missing")
        try:
            with self._archive.open(self._names[part.lower()]) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    yield chunk
        except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error):
            raise UnreadableFile("the file is damaged: a part of it does not unpack") from None


def is_workbook_file(content: bytes) -> bool:
    """Return True for a ZIP package, and for an old or encrypted workbook: its reader says why it is refused."""
    return content[:2] == b"PK" or content.startswith(_OLE_SIGNATURE)


@contextmanager
def open_xlsx_package(content: bytes) -> Iterator[XlsxPackage]:
    """Open the package. Raise UnreadableFile if it is encrypted, damaged, too large when unpacked, or has macros."""
    if content.startswith(_OLE_SIGNATURE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("the file is encrypted: save it without a password")
        raise UnreadableFile("this is an old .xls file: save it as .xlsx")
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableFile("the file is damaged: it does not unpack") from None
    with archive:
        _require_harmless(archive)
        yield XlsxPackage(archive)


def _require_harmless(archive: ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PACKAGE_PARTS:
        raise UnreadableFile(f"the file has more than {MOST_PACKAGE_PARTS} parts, which no sheet has")
    if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise UnreadableFile(
            f"unpacked the file has more than {MOST_UNPACKED_BYTES:,} bytes, which no filled sheet has"
        )
    names = [f"/{part.filename.lower()}" for part in parts]
    if any(sign in name for name in names for sign in _ACTIVE_CONTENT_NAMES):
        raise UnreadableFile("the file brings macros or embedded objects: save it as .xlsx, without them")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile("the file is encrypted: save it without a password")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise UnreadableFile(f"{_NOT_AN_XLSX}: it is packed in another manner")
    if "/content.xml" in names:
        raise UnreadableFile("this is an OpenDocument file: save it as .xlsx")
    if "/xl/workbook.bin" in names:
        raise UnreadableFile("this is an .xlsb file: save it as .xlsx")
    if "/[content_types].xml" not in names:
        raise UnreadableFile(f"{_NOT_AN_XLSX}: it is some other archive")
