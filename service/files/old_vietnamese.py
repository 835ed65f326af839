"""Decodes the Vietnamese encodings of before Unicode that Python does not know: TCVN3, VNI and VISCII.

Offices still hold registers in them. In VNI a mark is a byte after its letter, which becomes a combining mark here;
`tidy_cell` composes letter and mark. The codecs only decode: nothing is written in these encodings any more.
"""

import codecs
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# TCVN 5712:1993; what the fonts named .Vn… show, whose capitals with tones are a font of their own and not bytes.
_TCVN3 = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
    "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
# RFC 1456, which also puts six capitals on control characters.
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
    "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
# VNI for Windows: letters of their own, then the marks, which follow a letter; the capitals are 0x20 below.
_VNI_LETTERS = {0xE6: "ỉ", 0xEC: "ì", 0xED: "í", 0xEE: "ỵ", 0xF1: "đ", 0xF2: "ị", 0xF3: "ĩ", 0xF4: "ơ", 0xF6: "ư"}
_VNI_MARKS = {
    0xF8: "\u0300",  # grave
    0xF9: "\u0301",  # acute
    0xFB: "\u0309",  # hook
    0xF5: "\u0303",  # tilde
    0xEF: "\u0323",  # dot below
    0xE2: "\u0302",  # circumflex, then circumflex with each tone
    0xE0: "\u0302\u0300",
    0xE1: "\u0302\u0301",
    0xE5: "\u0302\u0309",
    0xE3: "\u0302\u0303",
    0xE4: "\u0302\u0323",
    0xEA: "\u0306",  # breve, then breve with each tone
    0xE8: "\u0306\u0300",
    0xE9: "\u0306\u0301",
    0xFA: "\u0306\u0309",
    0xFC: "\u0306\u0303",
    0xEB: "\u0306\u0323",
}


def _upper_half(letters: str) -> dict[int, str]:
    return dict(enumerate(letters, start=0x80))


_CODEC_PREFIX = "kiennghi_"
_ASCII = {byte: chr(byte) for byte in range(0x80)}
_VNI = _VNI_LETTERS | {byte - 0x20: letter.upper() for byte, letter in _VNI_LETTERS.items()}
_VNI |= _VNI_MARKS | {byte - 0x20: mark for byte, mark in _VNI_MARKS.items()}
OLD_VIETNAMESE_ENCODINGS: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "tcvn3": _ASCII | _upper_half(_TCVN3),
        "vni": _ASCII | {byte: bytes((byte,)).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)} | _VNI,
        "viscii": _ASCII | _VISCII_CONTROLS | _upper_half(_VISCII),
    }
)
"""For each encoding the text of each byte; a byte that is not there does not decode."""
_NAMES = {"tcvn3": "tcvn3", "tcvn": "tcvn3", "abc": "tcvn3", "vni": "vni", "viscii": "viscii"}


def codec_name(encoding: str) -> str:
    """Return the name under which Python knows the codec of an old encoding."""
    return f"{_CODEC_PREFIX}{encoding}"


def plain_encoding_name(codec: str) -> str:
    """Return the name of a codec as a mapping states it."""
    return codec.removeprefix(_CODEC_PREFIX).removesuffix("-sig")


def old_vietnamese_encoding(name: str) -> str | None:
    """Return the name by which an old encoding is known here; None for every other encoding."""
    return _NAMES.get(name.lower().replace("-", "").replace("_", "").removesuffix("57121"))


def decode_old_vietnamese(content: bytes, encoding: str, errors: str = "strict") -> str:
    """Return the text of the bytes. Raise UnicodeDecodeError for a byte that the encoding does not have."""
    return codecs.charmap_decode(content, errors, OLD_VIETNAMESE_ENCODINGS[encoding])[0]


def decode_shown_as_latin(text: str, encoding: str) -> str:
    """Return a text that a program shows by its bytes, as “§Ò nghÞ” for “Đề nghị”: so are cells in an old font.

    A text with letters that no byte stands for is Unicode already, and returned as it is.
    """
    try:
        return decode_old_vietnamese(text.encode("latin-1"), encoding)
    except UnicodeError:
        return text


def _find_codec(name: str) -> codecs.CodecInfo | None:
    encoding = name.removeprefix(_CODEC_PREFIX)
    if encoding == name or encoding not in OLD_VIETNAMESE_ENCODINGS:
        return None

    class Decoder(codecs.IncrementalDecoder):
        def decode(self, content: Any, final: bool = False) -> str:  # noqa: ARG002
            return decode_old_vietnamese(content, encoding, self.errors)

    def refuse(text: str, errors: str = "strict") -> tuple[bytes, int]:  # noqa: ARG001
        raise UnicodeEncodeError(encoding, text, 0, len(text), "nothing is written in this encoding")

    def decode(content: Any, errors: str = "strict") -> tuple[str, int]:
        return decode_old_vietnamese(bytes(content), encoding, errors), len(content)

    return codecs.CodecInfo(refuse, decode, incrementaldecoder=Decoder, name=name)


codecs.register(_find_codec)
