"""Holds the text of a petition in the form in which duplicates are sought.

Its sketch is made once, because that is what takes time.
"""

from dataclasses import dataclass
from functools import cached_property

from domain.duplicates.normal_form import MAX_COMPARED_CHARACTERS, normal_words
from domain.duplicates.sketch import Sketch, sketch_of
from domain.sealed_text import ERASED_TEXT


@dataclass(frozen=True)
class ComparableText:
    """Holds the beginning of a text. Its sketch is made when it is first asked for, and kept with it."""

    text: str

    @classmethod
    def of(cls, text: str) -> "ComparableText":
        """Return the first MAX_COMPARED_CHARACTERS of a text."""
        return cls(text[:MAX_COMPARED_CHARACTERS])

    @cached_property
    def sketch(self) -> Sketch | None:
        """Return the sketch; None for a text without words and for an erased one, which are like nothing."""
        return None if self.text == ERASED_TEXT else sketch_of(normal_words(self.text))
