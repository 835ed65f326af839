"""What a petition says, as duplicates are sought by it."""

from dataclasses import dataclass
from functools import cached_property

from domain.duplicates.normal_form import LONGEST, words_of
from domain.duplicates.sketch import Sketch, sketch_of


@dataclass(frozen=True)
class Content:
    """The beginning of a text. Its sketch is made when it is first asked for, and kept with it."""

    text: str

    @classmethod
    def of(cls, text: str) -> "Content":
        return cls(text[:LONGEST])

    @cached_property
    def sketch(self) -> Sketch | None:
        """None for a text without words: it is like nothing."""
        return sketch_of(words_of(self.text))
