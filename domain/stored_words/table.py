"""Finds the words of a stored word of an enumeration, by the name of its class.

The tables name no class of the domain: refusals use them, and lie below every other module.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.labels import BilingualText, Language
from domain.stored_words.alerts import ALERT_WORDS
from domain.stored_words.authority import AUTHORITY_WORDS
from domain.stored_words.clocks import CLOCK_WORDS
from domain.stored_words.duties import DUTY_WORDS
from domain.stored_words.endings import ENDING_WORDS
from domain.stored_words.petitions import PETITION_WORDS

STORED_WORDS: Mapping[str, Mapping[str, BilingualText]] = {
    **PETITION_WORDS,
    **ENDING_WORDS,
    **DUTY_WORDS,
    **CLOCK_WORDS,
    **AUTHORITY_WORDS,
    **ALERT_WORDS,
}
"""The words of each enumeration, by the name of its class and the stored word."""


def word_in(word: StrEnum, language: Language) -> str:
    """Return the word of an enumeration in a language. Raise KeyError for an enumeration without words."""
    return STORED_WORDS[type(word).__name__][word.value][language]
