"""Text that people typed: bounded, NFC, and free of characters that deceive or break a reader.

Vietnamese arrives composed (NFC) and decomposed (NFD) for the same word; one form is stored so that equal
texts are equal. Control characters, lone surrogates and the bidirectional controls are refused rather than
dropped: a text that was changed in silence is no evidence.
"""

import re
import unicodedata
from itertools import filterfalse
from typing import Annotated

from pydantic import AfterValidator, Field

# C0 and C1 controls but tab, line feed, carriage return; surrogates; bidi embeddings, overrides, isolates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
MARKS_ON_A_LETTER = 30
"""As the Stream-Safe Text Format allows (Unicode Standard Annex 15); Vietnamese needs two."""

_LINE_BREAKS = re.compile("[\t\n\r\u2028\u2029]")


def clean_prose(text: str) -> str:
    """NFC, trimmed, not empty; ValueError names the first character that may not stand in a text."""
    return _not_empty(_prose_or_nothing(text))


def clean_line(text: str) -> str:
    """As `clean_prose`, on one line."""
    return _not_empty(_line_or_nothing(text))


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("the text is empty")
    return text


def _line_or_nothing(text: str) -> str:
    cleaned = _prose_or_nothing(text)
    if _LINE_BREAKS.search(cleaned):
        raise ValueError("the text must be one line")
    return cleaned


def _prose_or_nothing(text: str) -> str:
    if found := _FORBIDDEN.search(text):
        raise ValueError(f"the character U+{ord(found.group()):04X} may not stand in a text")
    if _has_a_pile_of_marks(text):
        raise ValueError(f"a letter bears more than {MARKS_ON_A_LETTER} marks")
    return unicodedata.normalize("NFC", text).strip()


def _has_a_pile_of_marks(text: str) -> bool:
    """Sorting the marks takes the square of their number: a page of them would hold up everybody."""
    # A pile is as long as the stride, so a character of it is met; looking at each took a tenth of a receipt's time.
    if not any(map(unicodedata.combining, text[MARKS_ON_A_LETTER :: MARKS_ON_A_LETTER + 1])):
        return False
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MARKS_ON_A_LETTER:
            return True
    return False


# The bounds are checked on what was sent, before normalisation: a giant is refused without being read.
Line = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(clean_line)]
Prose = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(clean_prose)]
LineOrNothing = Annotated[str, Field(max_length=300), AfterValidator(_line_or_nothing)]
ProseOrNothing = Annotated[str, Field(max_length=20_000), AfterValidator(_prose_or_nothing)]
Code = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(clean_line)]


def folded(text: str) -> str:
    """Lower case without diacritics, đ as d: what a search compares. NFD does not decompose đ."""
    bare = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFD", text)))
    return bare.lower().replace("đ", "d")
