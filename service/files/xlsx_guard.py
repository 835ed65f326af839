"""Checks the package of an XLSX file: it is small when unpacked and holds nothing that runs (zip bombs, macros)."""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from service.files.cells import UnreadableFile
from service.files.package_scan import SHEET_BOUNDS, PackageScan, WorkbookBounds

MOST_PACKAGE_PARTS = 500
"""Parts of one package; a file with more is refused."""

_CHUNK_BYTES = 1_000_000
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE: an old .xls, or a package that is encrypted
_ACTIVE_CONTENT_NAMES = ("vbaproject", "/macrosheets/", "/activex/", "/embeddings/")
# As the value of an attribute; openpyxl knows the transitional names alone.
_STRICT_NAMESPACE = re.compile(
    rb"""(["'])http://purl\.oclc\.org/ooxml/(spreadsheetml|officeDocument)/(main|relationships)"""
)
_NOT_AN_XLSX = "this is no XLSX file as spreadsheet programs write it"


@dataclass(frozen=True, slots=True)
class CheckedPackage:
    """Holds a package that a library may read: the XML of a workbook, well-formed and bounded, and nothing else."""

    package: BytesIO
    merged_cells: Mapping[str, Sequence[str]]
    """For each part with merged cells their ranges; an empty text stands for one that is no range."""


def is_workbook_file(content: bytes) -> bool:
    """Return True for a ZIP package, and for an old or encrypted workbook: its reader says why it is refused."""
    return content[:2] == b"PK" or content.startswith(_OLE_SIGNATURE)


def check_xlsx_package(content: bytes, bounds: WorkbookBounds = SHEET_BOUNDS) -> CheckedPackage:
    """Return the parts that a workbook needs, checked and packed anew.

    Raise UnreadableFile if the file is encrypted or damaged, too large when unpacked, or has macros.
    """
    if content.startswith(_OLE_SIGNATURE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("the file is encrypted: save it without a password")
        raise UnreadableFile("đây là tệp .xls cũ: hãy lưu lại thành .xlsx / this is an old .xls file: save it as .xlsx")
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableFile("the file is damaged: it does not unpack") from None
    scan, package = PackageScan(bounds), BytesIO()
    with archive, ZipFile(package, "w") as checked:
        _require_harmless(archive, bounds)
        for name in dict.fromkeys(archive.namelist()):
            if not _is_part_of_a_workbook(name.lower()):
                continue
            part = b"".join(_unpack_chunks(archive, name))
            scan.scan_part(name, part)
            checked.writestr(name, _STRICT_NAMESPACE.sub(_transitional_namespace, part))
    return CheckedPackage(package, scan.merged_cells)


def _is_part_of_a_workbook(name: str) -> bool:
    """Return False for pictures, for data of other programs, and for who wrote the file and when."""
    return name.endswith((".xml", ".rels")) and not name.startswith(("customxml/", "docprops/"))


def _unpack_chunks(archive: ZipFile, name: str) -> Iterator[bytes]:
    """Yield the unpacked bytes of a part by chunks: read at once, a part would be unpacked beyond its stated size."""
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                yield chunk
    except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error):
        raise UnreadableFile("the file is damaged: a part of it does not unpack") from None


def _transitional_namespace(strict: re.Match[bytes]) -> bytes:
    """Return the name that the transitional form of the standard has for a namespace of the strict one."""
    quote, kind, rest = strict.groups()
    return b"%shttp://schemas.openxmlformats.org/%s/2006/%s" % (quote, kind, rest)


def _require_harmless(archive: ZipFile, bounds: WorkbookBounds) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PACKAGE_PARTS:
        raise UnreadableFile(f"the file has more than {MOST_PACKAGE_PARTS} parts, which no sheet has")
    if sum(part.file_size for part in parts) > bounds.unpacked_bytes:
        raise UnreadableFile(
            f"unpacked the file has more than {bounds.unpacked_bytes:,} bytes, which no filled sheet has"
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
