"""Writes the values of a refusal in either language, and as plain data for programs.

The words of an enumeration come from `domain.stored_words`, which imports none of the modules that raise refusals.
"""

from datetime import date
from enum import StrEnum

from domain.deadlines.labels import DAY_KIND_LABELS
from domain.deadlines.limit import Limit
from domain.labels import BilingualText, Language
from domain.stored_words.table import word_in
from domain.written_forms import written_count, written_number

RefusalValue = str | int | date | Limit | tuple[str, ...] | BilingualText
"""A value of a refusal: a day, a reference, a number, a limit, a word of an enumeration, or several of them.

What has a name that is no word of an enumeration is given by its name in both languages.
"""

TYPED_AS_STORED = frozenset({"Ground", "LegalStage", "Role"})
"""Enumerations whose words officers type as they are stored, so that an English sentence has them as they are typed."""

WITH_STORED_WORD = frozenset({"Ground"})
"""Enumerations of which officers type the stored word, so that a Vietnamese sentence has it beside the words."""

SHORT_IN_ENGLISH = frozenset({"Clock", "WatchedClock", "Office", "MessageState"})
"""Enumerations whose stored words stand before a noun in an English sentence: "no head date"."""


def value_in_words(value: RefusalValue, language: Language) -> str:
    """Return the value as a sentence shows it: `06/07/2026` in Vietnamese is `2026-07-06` in English.

    Raise KeyError for an enumeration without words.
    """
    match value:
        case date():
            return f"{value:%d/%m/%Y}" if language == "vi" else value.isoformat()
        case StrEnum():
            return _word_of(value, language)
        case str():
            return value
        case int():
            return written_number(value, language)
        case Limit():
            return (
                f"{written_count(value.amount, language)} {DAY_KIND_LABELS[value.unit]['vi']}"
                if language == "vi"
                else str(value)
            )
        case tuple():
            return ", ".join(value_in_words(one, language) for one in value)
        case _:
            return value[language]


def plain_value(value: RefusalValue) -> str | int | list[str]:
    """Return the value as JSON holds it: a day in ISO form, a word as it is stored, a name in English."""
    match value:
        case tuple():
            return [str(one) for one in value]
        case int():
            return value
        case str() | date() | Limit():
            return str(value)
        case _:
            return value["en"]


def _word_of(word: StrEnum, language: Language) -> str:
    table = type(word).__name__
    if language == "vi":
        told = word_in(word, language)
        return f"{told} ({word})" if table in WITH_STORED_WORD else told
    if table in TYPED_AS_STORED:
        return word.value
    return word.value.replace("_", " ") if table in SHORT_IN_ENGLISH else word_in(word, language)
