"""Reduces a text to the form in which duplicates are sought: its words, however they were typed.

The same letter comes with and without diacritics, in capitals, composed (NFC) and decomposed (NFD). The text that is
stored and shown stays as it was written.
"""

import re

from domain.text import fold_diacritics

MAX_COMPARED_CHARACTERS = 2_000
"""Characters of a text that are compared: about four hundred words, which bounds the cost of a very long one."""

_WORD = re.compile("[a-z0-9]+")
_TITLES = frozenset({"ong", "ba", "anh", "chi", "co", "chu", "bac", "em"})


def normal_words(text: str) -> list[str]:
    """Return the syllables in lower case without diacritics, đ as d, and the numbers."""
    return _WORD.findall(fold_diacritics(text[:MAX_COMPARED_CHARACTERS]))


def normal_name(person: str) -> str:
    """Return a name without the title before it, neither split nor turned round.

    "Bà NGUYEN thi Ví Dụ" becomes "nguyen thi vi du".
    """
    words = normal_words(person)
    while len(words) > 2 and words[0] in _TITLES:
        del words[0]
    return " ".join(words)


def normal_number(identity: str) -> str:
    """Return the number of a card or passport without blanks and dots."""
    return "".join(normal_words(identity))
