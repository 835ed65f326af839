"""Tests that every field of every recorded fact can be addressed, read and put, and that nothing else can."""

import json
from typing import Any, get_args

import pytest

from domain.correcting.fields import (
    NOT_SAID,
    UnknownField,
    WrongValue,
    apply_correction,
    field_paths,
    field_patterns,
    field_type,
    json_of_value,
    make_correction,
    pattern_of,
    put_field,
    read_field,
    says_the_former_value,
    value_of_json,
)
from domain.events import (
    AnsweredInWriting,
    Contribution,
    Correction,
    Fact,
    Official,
    PetitionAssigned,
    PetitionReceived,
    Remedy,
)
from domain.sealed_text import has_texts
from domain.topics import FACT_CLASSES
from domain.vocabulary import OfficerId, UnitId
from service.event_store.codec import decode_fact, encode_fact
from tests.domain.samples import july
from tests.domain.stored import stored_facts

FACTS = [fact for fact, _ in stored_facts()]
ASSIGNED = PetitionAssigned(
    occurred_on=july(8),
    lead_unit=UnitId("so-mau"),
    responsible=Official(officer=OfficerId("chuyen-vien")),
    contributions=(Contribution(unit=UnitId("so-khac"), due_on=july(20)),),
)
ANSWERED = AnsweredInWriting(occurred_on=july(20), remedies=(Remedy(text="sửa đường"),))


def test_each_field_that_a_fact_has_is_found_by_its_path_and_its_pattern() -> None:
    for fact in FACTS:
        patterns = set(field_patterns(type(fact)))
        for path in field_paths(fact):
            assert pattern_of(path) in patterns
            assert read_field(fact, path) is NOT_SAID or put_field(fact, path, read_field(fact, path)) == fact


def test_what_is_said_of_each_field_comes_back_from_its_json_in_its_type() -> None:
    for fact in FACTS:
        for path in field_paths(fact):
            value = read_field(fact, path)
            if value is NOT_SAID or (field_type(type(fact), path).is_text and not isinstance(value, str)):
                continue
            back = value_of_json(type(fact), path, json.loads(json.dumps(json_of_value(value))))
            assert back == value, (type(fact).__name__, path)


def test_a_value_that_is_taken_back_and_said_again_leaves_the_fact_as_it_was() -> None:
    for fact in FACTS:
        for path in field_paths(fact):
            value = read_field(fact, path)
            if value is NOT_SAID or not field_type(type(fact), path).is_optional:
                continue
            try:
                away = make_correction(fact, 2, path, NOT_SAID)
            except WrongValue:
                continue  # an official must be named by a code or a name
            without = apply_correction(fact, away)
            assert read_field(without, path) is NOT_SAID
            back = apply_correction(without, make_correction(without, 2, path, value))
            assert back == fact
            assert decode_fact(type(fact).__name__, encode_fact(without)) == without


@pytest.mark.parametrize("kind", FACT_CLASSES.values(), ids=lambda kind: kind.__name__)
def test_no_pattern_leads_to_a_whole_that_holds_texts(kind: type[Fact]) -> None:
    patterns = list(field_patterns(kind))
    assert len(set(patterns)) == len(patterns)
    tops = {pattern.partition(".")[0] for pattern in patterns}
    assert tops == set(kind.__struct_fields__), "each field of the class is addressed, as a whole or in its parts"
    for pattern in patterns:
        found = field_type(kind, pattern.replace("*", "0"))
        for one in get_args(found.type) or (found.type,):
            assert found.is_text or not (isinstance(one, type) and hasattr(one, "__struct_fields__") and has_texts(one))


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "nothing", "__class__", "class_version", "lead_unit.officer", "contributions.1.due_on"),
        *("contributions.x", "contributions.²", "contributions.-1", "responsible.", "deadlines.0.due_on"),
    ],
)
def test_a_path_that_leads_nowhere_is_no_field(path: str) -> None:
    with pytest.raises(UnknownField):
        read_field(ASSIGNED, path)
    with pytest.raises(UnknownField):
        put_field(ASSIGNED, path, "x")


@pytest.mark.parametrize("path", ["remedies", "remedies.0"])
def test_a_part_that_holds_texts_is_corrected_text_by_text(path: str) -> None:
    with pytest.raises(UnknownField):
        read_field(ANSWERED, path)
    assert read_field(put_field(ANSWERED, "remedies.0.text", "sửa cầu"), "remedies.0.text") == "sửa cầu"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *(("occurred_on", "06/07/2026"), ("occurred_on", 1783296000), ("occurred_on", True)),
        *(("lead_unit", ""), ("lead_unit", 7), ("coordinating_units", "so-khac"), ("contributions.0.due_on", "x")),
        ("meeting_id", "không phải mã"),
        *(("task_summary", 7), ("task_summary", ""), ("responsible", {"position": "Chuyên viên"})),
    ],
)
def test_a_value_of_another_type_is_refused(path: str, value: Any) -> None:
    with pytest.raises(WrongValue):
        value_of_json(PetitionAssigned, path, value)


def test_a_field_that_must_be_said_is_not_taken_back() -> None:
    for path in ("occurred_on", "lead_unit", "contributions.0", "contributions.0.unit", "responsible.officer"):
        with pytest.raises(WrongValue):
            put_field(ASSIGNED, path, NOT_SAID)


def test_a_part_that_was_not_said_is_said_by_one_of_its_fields() -> None:
    named = put_field(ANSWERED, "signed_by.officer", "chu-tich")
    assert named.signed_by == Official(officer=OfficerId("chu-tich"))
    with pytest.raises(WrongValue):
        put_field(ANSWERED, "signed_by.position", "Chủ tịch")


def test_a_correction_has_the_form_the_field_and_both_values_as_texts_or_json() -> None:
    fact = PetitionReceived(occurred_on=july(6), book="TD", summary="đường hỏng", person_count=3)
    assert make_correction(fact, 1, "summary", "cầu hỏng") == Correction(
        version=1, form=1, path="summary", text_was="đường hỏng", text_becomes="cầu hỏng"
    )
    assert make_correction(fact, 1, "person_count", 7) == Correction(
        version=1, form=1, path="person_count", was="3", becomes="7"
    )
    stale = make_correction(fact, 1, "person_count", 7)
    assert says_the_former_value(fact, stale)
    assert not says_the_former_value(put_field(fact, "person_count", 5), stale)


@pytest.mark.parametrize("becomes", ["", "x", "null", '"x"', "[]", "-1", '{"a": 1}', "\ud800"])
def test_a_recorded_correction_that_is_no_value_of_the_field_corrects_nothing(becomes: str) -> None:
    fact = PetitionReceived(occurred_on=july(6), book="TD", person_count=3)
    assert apply_correction(fact, Correction(version=1, form=1, path="person_count", becomes=becomes)) == fact
    assert apply_correction(fact, Correction(version=1, form=1, path="nothing", becomes="3")) == fact
    assert apply_correction(fact, Correction(version=1, form=1, path="occurred_on")) == fact
