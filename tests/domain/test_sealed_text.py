import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.correcting.fields import apply_correction
from domain.events import Correction, Fact, PetitionReceived
from domain.opening import opening_of
from domain.sealed_text import EACH, ERASED_TEXT, Sealed, Text, has_texts, plain_text, replace_texts, text_paths
from domain.topics import FACT_CLASSES
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import Channel
from tests.domain.event_strategies import any_fact
from tests.domain.stored import FOLDER
from tests.examples import examples

NONCE, TAG = b"n" * 12, b"t" * 17
SEALED = Sealed(key=1, nonce=NONCE, ciphertext=TAG)


class Witness(FactPart):
    name: Text
    age: int


class Told(Fact):
    summary: Text | UnsetType = UNSET
    remarks: tuple[Text, ...] | UnsetType = UNSET
    witnesses: tuple[Witness, ...] | UnsetType = UNSET
    first: Witness | UnsetType = UNSET
    code: str


def test_a_plain_text_is_a_string_and_a_sealed_one_a_list_in_json() -> None:
    told = Told(occurred_on=date(2026, 7, 6), summary=SEALED, remarks=("một", SEALED), code="a")
    written = msgspec.json.encode(told)
    stored = '[1,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dHQ="]'
    assert written.decode() == (
        f'{{"occurred_on":"2026-07-06","summary":{stored},"remarks":["một",{stored}],"code":"a"}}'
    )
    assert msgspec.json.decode(written, type=Told) == told


@pytest.mark.parametrize(
    "stored",
    [
        *('[1,"bm5ubm5ubm5ubm5u"]', '[1,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dHQ=",1]', "[]", "1", "null", "{}"),
        *('[0,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dHQ="]', '[32768,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dA=="]'),
        *('[1,"bm5u","dHR0dHR0dHR0dHR0dHR0dHQ="]', '[1,"bm5ubm5ubm5ubm5u","dHR0"]', '[1,"n n","dHR0"]'),
        *('["1","bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dHQ="]', '[1,"bm5ubm5ubm5ubm5u",null]'),
    ],
)
def test_what_is_neither_a_text_nor_sealed_is_not_read(stored: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(f'{{"name":{stored},"age":1}}', type=Witness)


def test_texts_are_found_by_their_type_in_fields_parts_and_tuples() -> None:
    assert list(text_paths(Told)) == [
        ("summary",),
        ("remarks", EACH),
        ("witnesses", EACH, "name"),
        ("first", "name"),
    ]
    assert list(text_paths(Witness)) == [("name",)]


def test_a_text_in_another_collection_is_refused() -> None:
    class Odd(Fact):
        texts: dict[str, Text]

    class Pair(Fact):
        texts: tuple[Text, str]

    for kind in (Odd, Pair):
        with pytest.raises(TypeError, match="not in"):
            list(text_paths(kind))


def test_every_text_that_was_said_is_changed_under_its_own_name() -> None:
    told = Told(
        occurred_on=date(2026, 7, 6),
        remarks=("một", "hai"),
        witnesses=(Witness(name="ba", age=1),),
        first=Witness(name="bốn", age=2),
        code="a",
    )
    seen: dict[str, Text] = {}

    def change(text: Text, name: str) -> Text:
        seen[name] = text
        return SEALED

    assert replace_texts(told, change) == Told(
        occurred_on=date(2026, 7, 6),
        remarks=(SEALED, SEALED),
        witnesses=(Witness(name=SEALED, age=1),),
        first=Witness(name=SEALED, age=2),
        code="a",
    )
    assert seen == {
        "Told.remarks.0": "một",
        "Told.remarks.1": "hai",
        "Told.witnesses.0.name": "ba",
        "Told.first.name": "bốn",
    }


def names_of(fact: Fact) -> list[str]:
    names: list[str] = []

    def look(text: Text, name: str) -> Text:
        names.append(name)
        return text

    replace_texts(fact, look)
    return names


class Asked(Fact):
    """Has a text that was called `text` in the class `OldName`, and one whose place in the fact changed."""

    text_names: ClassVar[Mapping[str, str]] = {"summary": "OldName.text", "first.name": "Asked.name"}

    summary: Text
    other: Text | UnsetType = UNSET
    first: Witness | UnsetType = UNSET


def test_a_text_of_a_field_that_was_renamed_or_moved_keeps_its_first_name() -> None:
    seen: dict[str, Text] = {}

    def change(text: Text, name: str) -> Text:
        seen[name] = text
        return f"{text}!"

    asked = Asked(occurred_on=date(2026, 7, 6), summary="một", other="hai", first=Witness(name="ba", age=1))
    assert replace_texts(asked, change) == Asked(
        occurred_on=date(2026, 7, 6), summary="một!", other="hai!", first=Witness(name="ba!", age=1)
    )
    assert seen == {"OldName.text": "một", "Asked.other": "hai", "Asked.name": "ba"}
    assert "text_names" not in msgspec.json.encode(asked).decode()
    assert present_text_names({"Asked": Asked}) == {"OldName.text", "Asked.other", "Asked.name"}


def test_a_fact_without_texts_is_not_touched() -> None:
    class Silent(Fact):
        code: str

    silent = Silent(occurred_on=date(2026, 7, 6), code="a")
    assert not has_texts(Silent)
    assert replace_texts(silent, lambda _text, _name: "") is silent
    assert has_texts(Told)


GONE = (
    "the text {} has no name of its own any more: what is stored is sealed under its name and would not open. Keep the"
    " name: map the new path to it in the attribute `text_names` of the class (`domain.sealed_text.replace_texts`)"
)
NEW = "`python -m tests.service.security.test_text_sealing` adds the names of new texts"


def present_text_names(kinds: Mapping[str, type[Fact]]) -> set[str]:
    """Return the names of all texts of these classes, with EACH for the place in a tuple."""
    names: list[str] = []
    for topic, kind in kinds.items():
        first_names: Mapping[str, str] = getattr(kind, "text_names", {})
        paths = [".".join(path) for path in text_paths(kind)]
        names += [first_names.get(path, f"{topic}.{path}") for path in paths]
    assert len(names) == len(set(names)), "two texts have one name: each could be moved into the place of the other"
    return set(names)


def frozen_text_names() -> list[str]:
    return list(json.loads((FOLDER / "text_names.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", frozen_text_names())
def test_the_name_of_a_text_stays_for_ever(name: str) -> None:
    assert name in present_text_names(FACT_CLASSES), GONE.format(name)


def test_the_name_of_every_text_is_frozen() -> None:
    assert present_text_names(FACT_CLASSES) <= set(frozen_text_names()), NEW


@pytest.mark.parametrize("kind", FACT_CLASSES.values(), ids=FACT_CLASSES)
@given(data=st.data())
@examples(5)
def test_each_text_of_a_fact_has_one_of_the_names_of_its_class(kind: type[Fact], data: st.DataObject) -> None:
    names = names_of(data.draw(any_fact(kind)))
    assert len(names) == len(set(names))
    for name in names:
        steps = [EACH if step.isdecimal() else step for step in name.split(".")]
        assert ".".join(steps) in present_text_names({kind.__name__: kind})


def test_a_plain_text_is_read_and_a_sealed_one_stops_its_reader() -> None:
    assert plain_text("đường hỏng") == "đường hỏng"
    with pytest.raises(ValueError, match="a sealed text must be opened first"):
        plain_text(SEALED)


def test_a_reader_that_was_given_a_sealed_fact_stops() -> None:
    """A reader that forgot to open a text must not go on with what it cannot read."""
    received = PetitionReceived(
        occurred_on=date(2026, 7, 6), channel=Channel.POST, place=SEALED, book="TD", identity_protected=False
    )
    correction = Correction(version=1, form=1, path="place", text_becomes=SEALED)
    readers: tuple[Callable[[], object], ...] = (
        lambda: opening_of(received),
        lambda: opening_of(apply_correction(PetitionReceived(occurred_on=date(2026, 7, 6), book="TD"), correction)),
    )
    for read in readers:
        with pytest.raises(ValueError, match="must be opened first"):
            read()


def test_the_words_for_an_erased_text_are_a_text_like_any_other() -> None:
    assert plain_text(ERASED_TEXT) == ERASED_TEXT
    correction = Correction(version=1, form=1, path="place", text_becomes=ERASED_TEXT)
    received = PetitionReceived(occurred_on=date(2026, 7, 6), book="TD")
    assert opening_of(apply_correction(received, correction)).place == ERASED_TEXT
