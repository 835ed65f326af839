from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.corrections import corrected_value
from domain.deadlines.deadline import Clock
from domain.events import Correction, CorrectionProposed, DeadlineExtended, Fact, PetitionReceived, RecordCorrected
from domain.opening import opening_of
from domain.sealed_text import EACH, ErasedText, Sealed, Text, plain_text, replace_texts, text_paths
from domain.topics import FACT_CLASSES
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import Channel, OfficerId
from tests.domain.event_strategies import any_fact
from tests.examples import examples

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


def names_of(fact: Fact) -> list[str]:
    names: list[str] = []

    def look(text: Text, name: str) -> Text:
        names.append(name)
        return text

    replace_texts(fact, look)
    return names


def test_a_text_that_is_taken_over_keeps_the_name_that_it_had() -> None:
    day = date(2026, 7, 6)
    corrections = (Correction(version=1, form=1, path="place", was='"a"', becomes='"b"'),) * 2
    proposed = CorrectionProposed(occurred_on=day, corrections=corrections, why="c")
    corrected = RecordCorrected(occurred_on=day, corrections=corrections, why="c", proposed_by=OfficerId("a"))
    assert names_of(corrected) == names_of(proposed)
    assert names_of(proposed)[0] == "CorrectionProposed.corrections.0.was"
    extended = DeadlineExtended(
        occurred_on=day,
        clock=Clock.HEAD,
        old_due_on=day,
        until=day,
        reason="a",
        decision_no="1/GH",
        requested_by=OfficerId("a"),
        was_expired=False,
    )
    assert names_of(extended) == ["ExtensionRequested.reason"]


@pytest.mark.parametrize("kind", FACT_CLASSES.values(), ids=FACT_CLASSES)
@given(data=st.data())
@examples(5)
def test_each_name_is_that_of_a_text_of_a_class(kind: type[Fact], data: st.DataObject) -> None:
    """A name that is kept must lead to a text too: else a sealed text could never be found by its name."""
    for name in names_of(data.draw(any_fact(kind))):
        topic, *path = name.split(".")
        assert tuple(EACH if step.isdecimal() else step for step in path) in set(text_paths(FACT_CLASSES[topic]))


def test_a_plain_text_is_read_and_a_sealed_one_stops_its_reader() -> None:
    assert plain_text("đường hỏng") == "đường hỏng"
    with pytest.raises(ValueError, match="a sealed text must be opened first"):
        plain_text(SEALED)


def test_a_reader_that_was_given_a_sealed_fact_stops() -> None:
    """A reader that forgot to open a text must not go on with what it cannot read."""
    received = PetitionReceived(
        occurred_on=date(2026, 7, 6), channel=Channel.POST, place=SEALED, book="TD", identity_protected=False
    )
    correction = Correction(version=1, form=1, path="place", becomes=SEALED)
    readers: tuple[Callable[[], object], ...] = (
        lambda: opening_of(received),
        lambda: corrected_value([correction], 1, "place", str),
    )
    for read in readers:
        with pytest.raises(ValueError, match="must be opened first"):
            read()


def test_an_erased_text_cannot_be_taken_for_a_sealed_one() -> None:
    assert ErasedText(key=1, nonce=NONCE, ciphertext=TAG) != SEALED
