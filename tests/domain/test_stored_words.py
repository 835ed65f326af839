"""Tests that every stored word has words in both languages: those of the law where a text was found."""

import unicodedata
from enum import StrEnum
from importlib import import_module
from pkgutil import walk_packages

import pytest

import domain
from docs.generator.glossary import CheckedWord, checked_words
from domain.stored_words.table import STORED_WORDS, word_in

for module in walk_packages(domain.__path__, "domain."):
    import_module(module.name)

NEVER_SHOWN = {"Why", "DutyPeriod", "SupplementAct"}
"""Enumerations that are not stored, and whose words stand elsewhere: a reason of a day, a period of a duty, a step of a
wait for the citizen.
"""

ENUMERATIONS = {
    words.__name__: words
    for words in StrEnum.__subclasses__()
    if words.__module__.startswith("domain.") and words.__name__ not in NEVER_SHOWN
}


def test_every_stored_word_has_words_in_both_languages() -> None:
    assert STORED_WORDS.keys() == ENUMERATIONS.keys()
    for name, words in ENUMERATIONS.items():
        assert STORED_WORDS[name].keys() == {word.value for word in words}, name
        for word in words:
            for told in (word_in(word, "vi"), word_in(word, "en")):
                assert told == unicodedata.normalize("NFC", told.strip()) != ""


@pytest.mark.parametrize("checked", checked_words(), ids=lambda one: f"{one.enumeration}.{one.word}")
def test_a_word_that_was_found_in_a_text_of_law_is_written_as_there(checked: CheckedWord) -> None:
    told = STORED_WORDS[checked.enumeration][checked.word]["vi"]
    if checked.is_sure:
        assert told.casefold() == checked.checked.casefold()
    assert checked.source


@pytest.mark.parametrize("name", STORED_WORDS)
def test_two_words_of_one_enumeration_are_not_told_alike(name: str) -> None:
    for language in ("vi", "en"):
        told = [words[language] for words in STORED_WORDS[name].values()]
        assert len(set(told)) == len(told)


WORDS_OF_THE_LAW = ("cuộc họp công khai quyết định",)
"""Words of a text of law that are spoken language elsewhere: Decree 75/2012 Art 12.2."""

SPOKEN = ("cuộc họp", "trễ", "thôi lúc", "hôm sau", "còn nợ", "luật quốc gia", "webhook", "đơn thư")


@pytest.mark.parametrize("spoken", SPOKEN)
def test_no_word_is_spoken_language_or_english(spoken: str) -> None:
    for table in STORED_WORDS.values():
        for words in table.values():
            told = words["vi"]
            for lawful in WORDS_OF_THE_LAW:
                told = told.replace(lawful, "")
            assert spoken not in told
