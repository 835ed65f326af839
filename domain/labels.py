"""Defines texts for readers in Vietnamese and English."""

from typing import Literal, TypedDict

Language = Literal["vi", "en"]

LANGUAGES: tuple[Language, ...] = ("vi", "en")
"""The languages in the order in which officials read them."""


class BilingualText(TypedDict):
    """Holds one text in both languages."""

    vi: str
    en: str


def bilingual_text(vi: str, en: str) -> BilingualText:
    """Return one text in both languages."""
    return {"vi": vi, "en": en}
