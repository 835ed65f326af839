"""Cleans and checks text that people typed: bounded length, NFC, no characters that deceive or break a reader.

Vietnamese arrives composed (NFC) and decomposed (NFD) for the same word; one form is stored so that equal
texts are equal. Control characters, lone surrogates and the bidirectional controls are refused rather than
dropped: a text that was changed silently is no evidence.
"""

import re
import unicodedata
from itertools import filterfalse
from typing import Annotated

from pydantic import AfterValidator, Field

# C0 and C1 controls but tab, line feed, carriage return; surrogates; bidi embeddings, overrides, isolates.
_FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
MAX_MARKS_A_LETTER = 30
"""Combining marks on one letter at most, as in the Stream-Safe Text Format (Unicode Annex 15). Vietnamese needs 2."""

_EDGES = (
    "".join(
        character
        for character in map(chr, range(0x20, 0xFFFC))
        if character.isspace() or unicodedata.category(character) in ("Cf", "Zs", "Zl", "Zp")
    )
    + "\t\n\r\x0b\x0c\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
"""Blanks, and characters that nobody sees, such as the byte order mark: they are taken off both ends of a text.

A text of these alone says nothing. Within a text they stay: some languages and pictures need a joiner.
"""
_LINE_BREAKS = re.compile("[\t\n\r\u2028\u2029]")


def clean_prose(text: str) -> str:
    """Return the text in NFC and trimmed.

    Raise ValueError for an empty text, and for a forbidden character, which the message names.
    """
    return _require_not_empty(_clean_prose_or_empty(text))


def clean_line(text: str) -> str:
    """Return the text as `clean_prose` does. Raise ValueError also when it has more than one line."""
    return _require_not_empty(_clean_line_or_empty(text))


def _require_not_empty(text: str) -> str:
    if not text:
        raise ValueError("the text is empty")
    return text


def _clean_line_or_empty(text: str) -> str:
    cleaned = _clean_prose_or_empty(text)
    if _LINE_BREAKS.search(cleaned):
        raise ValueError("the text must be one line")
    return cleaned


def _clean_prose_or_empty(text: str) -> str:
    if found := _FORBIDDEN_CHARACTERS.search(text):
        raise ValueError(f"the character U+{ord(found.group()):04X} may not stand in a text")
    if _exceeds_marks_a_letter(text):
        raise ValueError(f"a letter bears more than {MAX_MARKS_A_LETTER} marks")
    return unicodedata.normalize("NFC", text).strip(_EDGES)


def _exceeds_marks_a_letter(text: str) -> bool:
    """Return True when one letter has too many combining marks.

    Sorting the marks takes the square of their number, so a page of them would block the process.
    """
    # A run that is too long is as long as the stride, so the stride meets it. Looking at each character took a tenth of
    # the time of a receipt.
    if not any(map(unicodedata.combining, text[MAX_MARKS_A_LETTER :: MAX_MARKS_A_LETTER + 1])):
        return False
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS_A_LETTER:
            return True
    return False


# The length is checked before normalisation: a giant text is refused without being read.
SingleLine = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(clean_line)]
Prose = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(clean_prose)]
SingleLineOrEmpty = Annotated[str, Field(max_length=300), AfterValidator(_clean_line_or_empty)]
ProseOrEmpty = Annotated[str, Field(max_length=20_000), AfterValidator(_clean_prose_or_empty)]
Code = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(clean_line)]


def fold_diacritics(text: str) -> str:
    """Return the text in lower case without diacritics, for search. NFD does not decompose đ, so đ becomes d here."""
    without_marks = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFD", text)))
    return without_marks.lower().replace("đ", "d")
