from datetime import date

import msgspec
import pytest

from domain.events import Correction, CorrectionProposed, Fact
from domain.sealed_text import EACH, ErasedText, Sealed, Text, replace_texts, text_paths
from domain.topics import FACT_CLASSES
from domain.value import UNSET, FactPart, UnsetType
from tests.domain.sealable_facts import SEALABLE_FACTS, TEXT_NAMES, TYPED_TEXTS, as_sealable, sealable

NONCE, TAG = b"n" * 12, b"t" * 16
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
    stored = '[1,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dA=="]'
    assert written.decode() == (
        f'{{"occurred_on":"2026-07-06","summary":{stored},"remarks":["một",{stored}],"code":"a"}}'
    )
    assert msgspec.json.decode(written, type=Told) == told


@pytest.mark.parametrize(
    "stored",
    [
        *('[1,"bm5ubm5ubm5ubm5u"]', '[1,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dA==",1]', "[]", "1", "null", "{}"),
        *('[0,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dA=="]', '[32768,"bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dA=="]'),
        *('[1,"bm5u","dHR0dHR0dHR0dHR0dHR0dA=="]', '[1,"bm5ubm5ubm5ubm5u","dHR0"]', '[1,"n n","dHR0"]'),
        *('["1","bm5ubm5ubm5ubm5u","dHR0dHR0dHR0dHR0dHR0dA=="]', '[1,"bm5ubm5ubm5ubm5u",null]'),
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


def test_a_class_may_keep_the_name_that_a_text_had_elsewhere() -> None:
    correction = as_sealable(Correction(summary="a", place="b"))
    proposed = sealable(CorrectionProposed)(occurred_on=date(2026, 7, 6), version=1, correction=correction, why="c")
    names = []

    def look(text: Text, name: str) -> Text:
        names.append(name)
        return text

    replace_texts(proposed, look)
    assert names == ["PetitionReceived.summary", "PetitionReceived.place", "CorrectionProposed.why"]


def test_each_name_that_is_kept_is_one_of_a_text() -> None:
    for topic, names in TEXT_NAMES.items():
        assert names.keys() <= {".".join(path) for path in text_paths(SEALABLE_FACTS[topic])}
        for name in names.values():
            kind, _, path = name.partition(".")
            assert tuple(path.split(".")) in set(text_paths(SEALABLE_FACTS[kind]))


def test_the_twins_have_the_texts_of_the_list_and_no_others() -> None:
    found = {(topic, path[0]) for topic, kind in SEALABLE_FACTS.items() for path in text_paths(kind)}
    of_parts = {("PetitionSplit", "matters"), ("CorrectionProposed", "correction"), ("RecordCorrected", "correction")}
    listed = {(kind, field) for kind, fields in TYPED_TEXTS.items() for field in fields if kind in FACT_CLASSES}
    assert found == listed | of_parts


def test_an_erased_text_cannot_be_taken_for_a_sealed_one() -> None:
    assert ErasedText(key=1, nonce=NONCE, ciphertext=TAG) != SEALED
