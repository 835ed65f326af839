"""Tests that the codec writes no value out of the bounds of the stored form, wherever it is in any fact.

Who makes a fact checks nothing: the codec decodes what it encoded before it is appended.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest
from msgspec import inspect as types

from domain.events import AnsweredInWriting, Fact, Official
from domain.sealed_text import Sealed
from domain.topics import FACT_CLASSES
from domain.value import UNSET, replace
from service.event_store.codec import UnreadableFact, decode_fact, encode_fact
from tests.domain.golden import FIRST_DAY, Sample, is_text, struct_info

NAIVE = datetime(2026, 7, 6, 9)


def wrong_values(info: types.Type, value: Any) -> Iterator[Any]:
    """Yield copies of the value with one value out of its bounds in each, in whatever part it is."""
    match info:
        case types.UnionType() if is_text(info):
            yield ""
            yield Sealed(key=1, nonce=b"n" * 12, ciphertext=b"t" * 16)  # of an empty text
        case types.UnionType():
            yield from wrong_values(info.types[0], value)
        case types.StructType():
            for field in info.fields:
                if (before := getattr(value, field.name)) is not UNSET:
                    for wrong in wrong_values(field.type, before):
                        yield changed_unchecked(value, field.name, wrong)
        case types.VarTupleType():
            for wrong in wrong_values(info.item_type, value[0]):
                yield (wrong, *value[1:])
        case types.DictType():
            (name, text), *_ = value.items()
            yield {"": text}
            yield {name: ""}
        case types.StrType():
            yield ""
        case types.IntType():
            assert info.ge is not None
            yield info.ge - 1
        case types.DateTimeType():
            yield NAIVE
        case _:
            pass


def changed_unchecked(value: Any, field: str, wrong: Any) -> Any:
    """Return a copy of a value with another field."""
    return replace(value, **{field: wrong})


@pytest.mark.parametrize("topic", FACT_CLASSES)
def test_a_value_out_of_its_bounds_is_not_written(topic: str) -> None:
    info = struct_info(FACT_CLASSES[topic])
    right = decode_fact(topic, msgspec.json.encode(Sample(topic).of(info, "")))
    assert decode_fact(topic, encode_fact(right)) == right
    wrong = list(wrong_values(info, right))
    assert wrong
    for fact in wrong:
        with pytest.raises(UnreadableFact):
            encode_fact(fact)


def test_an_official_whom_neither_a_code_nor_a_name_names_is_neither_made_nor_read() -> None:
    with pytest.raises(ValueError, match="an official is named by a code or by a name"):
        Official(position="Giám đốc")
    state = b'{"occurred_on":"2026-07-06","signed_by":{"position":"Gi\xc3\xa1m \xc4\x91\xe1\xbb\x91c"}}'
    with pytest.raises(UnreadableFact, match="an official is named"):
        decode_fact("AnsweredInWriting", state)
    named: Fact = AnsweredInWriting(occurred_on=FIRST_DAY, signed_by=Official(name="Người Ngoài Sổ"))
    assert decode_fact("AnsweredInWriting", encode_fact(named)) == named
