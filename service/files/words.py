"""Defines what is said to who brings a file: Vietnamese first, English second."""

from collections.abc import Iterable
from typing import NamedTuple


class Words(NamedTuple):
    """Holds the same sentence in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"

    @classmethod
    def parse(cls, text: str) -> "Words":
        """Return the words that a text holds; one in a single language stands for both."""
        vi, _, en = text.partition(" / ")
        return cls(vi, en or vi)

    def in_row(self, number: int, column: str = "") -> "Words":
        """Return the sentence with the row and the column that it speaks of."""
        where = f", {column}" if column else ""
        return Words(f"dòng {number}{where}: {self.vi}", f"row {number}{where}: {self.en}")


def join_words(many: Iterable[Words]) -> Words:
    """Return several sentences as one, each once."""
    once = list(dict.fromkeys(many))
    return Words("; ".join(one.vi for one in once), "; ".join(one.en for one in once))


class UnusableValue(ValueError):
    """Is raised for a value that cannot be taken; `words` say why in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(str(Words(vi, en)))
        self.words = Words(vi, en)
