"""A text as duplicates are sought by: its words, however they were typed.

The same letter comes with and without diacritics, in capitals, composed (NFC) and decomposed (NFD). What is stored and
shown stays as it was written.
"""

import re

from domain.text import folded

LONGEST = 2_000
"""Characters of a text that are compared: about four hundred words, and a bound on what a giant may cost."""

_WORD = re.compile("[a-z0-9]+")
_TITLES = frozenset({"ong", "ba", "anh", "chi", "co", "chu", "bac", "em"})


def words_of(text: str) -> list[str]:
    """Its syllables in lower case without diacritics, đ as d, and its numbers."""
    return _WORD.findall(folded(text[:LONGEST]))


def name_of(person: str) -> str:
    """A name without the title before it, not split or turned round: "Bà NGUYEN thi Ví Dụ" is "nguyen thi vi du"."""
    words = words_of(person)
    while len(words) > 2 and words[0] in _TITLES:
        del words[0]
    return " ".join(words)


def number_of(identity: str) -> str:
    """The number of a card or passport without blanks and dots."""
    return "".join(words_of(identity))
