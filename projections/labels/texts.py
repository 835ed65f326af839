"""Shows the texts of facts to readers, also those that cannot be read any more."""

from domain.labels import Language
from domain.labels import bilingual_text as _
from domain.sealed_text import ErasedText, Text

ERASED_TEXT = _("(đã xóa theo quyết định)", "(erased)")
"""Stands for a text whose key was erased under a decision."""

SEALED_TEXT = _("(đã niêm phong)", "(sealed)")
"""Stands for a text that was not opened for this reader."""


def text_for_reader(text: Text, language: Language) -> str:
    """Return the text as it was typed, or in the reader's language that it was erased or is sealed."""
    if isinstance(text, str):
        return text
    return (ERASED_TEXT if isinstance(text, ErasedText) else SEALED_TEXT)[language]
