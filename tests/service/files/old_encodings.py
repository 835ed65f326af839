"""Writes Vietnamese text in the encodings of before Unicode, for tests: nothing else writes them."""

import unicodedata

from service.files.old_vietnamese import OLD_VIETNAMESE_ENCODINGS

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def encode_old(text: str, encoding: str) -> bytes:
    """Return the bytes of the text; in TCVN3 a capital that has no byte is written small, as its fonts have it."""
    byte_of = {letter: byte for byte, letter in reversed(list(OLD_VIETNAMESE_ENCODINGS[encoding].items()))}
    written = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        if encoding == "vni" and letter not in byte_of:
            apart = unicodedata.normalize("NFD", letter)
            horned = unicodedata.normalize("NFC", "".join(one for one in apart if one not in _TONES))
            marks = "".join(sorted(apart[1:], key=_TONES.__contains__))
            pair = (apart[0], marks) if marks in byte_of else (horned, marks[-1])
            written += bytes(byte_of[one] for one in pair)
        else:
            written.append(byte_of.get(letter) or byte_of[letter.lower()])
    return bytes(written)


def encode_windows_1258(text: str) -> bytes:
    """Return the bytes of the text in windows-1258, where a tone stands after its letter."""
    written = ""
    for letter in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in apart if mark in _TONES)
        written += unicodedata.normalize("NFC", "".join(one for one in apart if one not in tones)) + tones
    return written.encode("windows-1258")
