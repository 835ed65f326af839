"""Defines a text that a file of the law says in Vietnamese and in English."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.labels import Language

_Line = Annotated[str, Field(min_length=1, max_length=300)]


class BothLanguages(BaseModel):
    """Holds one line in each language, written in a file as `{ vi = "...", en = "..." }`."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    vi: _Line
    en: _Line

    def in_language(self, language: Language) -> str:
        """Return the line in the language."""
        return self.vi if language == "vi" else self.en
