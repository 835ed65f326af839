"""Names the files that are no text by their first bytes, whatever they are called."""

import re

_AS_CSV = "lưu lại thành .xlsx hoặc “CSV UTF-8” / save it as .xlsx or “CSV UTF-8”"
_CONTAINERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"PK(\x03\x04|\x05\x06|\x07\x08)"), "đây là tệp nén (zip) / this is a ZIP archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), f"đây là tệp Excel hoặc Word cũ / this is an old .xls or .doc file: {_AS_CSV}"),
    (re.compile(rb"%PDF-"), f"đây là tệp PDF / this is a PDF file, which holds no table: {_AS_CSV}"),
    (re.compile(rb"\{\\rtf"), f"đây là tệp RTF / this is an RTF file: {_AS_CSV}"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*"), f"đây là tệp ảnh / this is a picture: {_AS_CSV}"),
    (re.compile(rb"Rar!|7z\xbc\xaf|\xfd7zXZ|BZh"), "đây là tệp nén / this is an archive: unpack it first"),
    (
        re.compile(
            rb"(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|meta|style|table)\b", re.I | re.S
        ),
        f"đây là trang web (HTML), dù mang đuôi .xls / this is a web page (HTML), even if called .xls: {_AS_CSV}",
    ),
    (
        re.compile(rb"(\xef\xbb\xbf)?\s*<\?xml.{0,500}(urn:schemas-microsoft-com:office|mso-application)", re.S),
        f"đây là bảng tính Excel 2003 XML / this is an Excel 2003 XML file: {_AS_CSV}",
    ),
)


def name_of_container(beginning: bytes) -> str | None:
    """Return what the file is and what to do, in Vietnamese and English; None for a file that may be a text."""
    return next((words for signature, words in _CONTAINERS if signature.match(beginning)), None)
