"""Tests the tables of refusals: every code in both languages, with what is possible instead."""

import re
import unicodedata
from importlib import import_module
from pkgutil import iter_modules

import pytest

import domain.refusals
import service.commands.refusals  # noqa: F401 - its table is one of them
from domain.refusals.code import Instead, RefusalCode, every_refusal_code

for module in iter_modules(domain.refusals.__path__):
    import_module(f"domain.refusals.{module.name}")

CODES = tuple(every_refusal_code())
each_code = pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)

VIETNAMESE_LETTER = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


@each_code
def test_a_refusal_has_a_vietnamese_and_an_english_sentence(code: RefusalCode) -> None:
    vi, en = code.sentence("vi"), code.sentence("en")
    for text in (vi, en, code.instead("vi"), code.instead("en")):
        assert text == unicodedata.normalize("NFC", text.strip())
        assert not text.endswith("."), "a sentence is put into others, and ends with no full stop"
    assert VIETNAMESE_LETTER.search(vi)
    assert not VIETNAMESE_LETTER.search(en)


@each_code
def test_a_refusal_says_what_is_possible_instead_or_that_nothing_is(code: RefusalCode) -> None:
    instead = code.value.instead
    if isinstance(instead, Instead):
        assert code.instead("vi") == code.instead("en") == ""
    else:
        assert VIETNAMESE_LETTER.search(instead["vi"])
        assert not VIETNAMESE_LETTER.search(instead["en"])


def test_every_code_is_of_one_refusal_alone() -> None:
    assert len({code.code for code in CODES}) == len(CODES)
    for table in RefusalCode.__subclasses__():
        aliases = {name for name, member in table.__members__.items() if member.name != name}
        assert not aliases, f"two codes of {table.__name__} have the same words"


def test_a_code_is_a_short_word() -> None:
    assert [code.code for code in CODES if not re.fullmatch(r"[a-z]+(_[a-z]+){0,6}", code.code)] == []
