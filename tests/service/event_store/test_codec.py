import json
from datetime import date
from typing import Any, ClassVar, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.actor import Officer
from domain.alerts.events import AlertEvent
from domain.events import Fact, PetitionEvent, PetitionFiled, PetitionReceived, WorkStarted
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent
from domain.vocabulary import Channel, OfficerId, UnitId
from service.event_store.codec import FACT_CLASSES, UnknownTopic, decode_event, encode_event
from tests.domain.event_strategies import any_fact
from tests.domain.scenario import CLERK
from tests.domain.stored import stored_lines as stored_events
from tests.examples import examples

officers = st.builds(
    Officer, officer=st.text(max_size=9), unit=st.text(max_size=9), position=st.text(max_size=9),
    acting_for=st.none() | st.text(max_size=9),
)  # fmt: skip
facts = st.one_of([any_fact(fact) for fact in FACT_CLASSES.values()])


@given(fact=facts, by=officers)
@examples(120)
def test_every_event_comes_back_from_its_bytes_as_it_was(fact: Fact, by: Officer) -> None:
    assert decode_event(type(fact).__name__, encode_event(fact, by)) == (fact, by)


def test_every_event_of_a_petition_has_its_own_topic() -> None:
    others = (
        *get_args(UnitEvent),
        *get_args(LawChangeEvent),
        *get_args(MeetingEvent),
        *get_args(ReorganisationEvent),
        *get_args(AlertEvent),
    )
    assert len(FACT_CLASSES) == len(get_args(PetitionEvent)) + len(others)
    assert all(fact.__name__ == topic for topic, fact in FACT_CLASSES.items())


def test_what_is_stored_is_json_without_the_layout_of_the_program() -> None:
    receipt = PetitionReceived(occurred_on=date(2026, 7, 6), channel=Channel.POST, summary="Đường hỏng")
    assert encode_event(receipt, CLERK).decode() == (
        '{"by":{"officer":"van-thu","unit":"ban-tcd","position":"Văn thư"},'
        '"fact":{"occurred_on":"2026-07-06","channel":"post","summary":"Đường hỏng"}}'
    )


@given(fact=facts, by=officers)
@examples(120)
def test_what_is_stored_is_what_pydantic_writes_without_defaults(fact: Fact, by: Officer) -> None:
    its, theirs = (part.model_dump_json(exclude_defaults=True) for part in (fact, by))
    assert encode_event(fact, by).decode() == f'{{"by":{theirs},"fact":{its}}}'


@pytest.mark.parametrize("line", stored_events(), ids=lambda line: line["topic"])
def test_what_was_ever_stored_is_read_and_written_byte_for_byte(line: dict[str, Any]) -> None:
    written = json.dumps(line["state"], ensure_ascii=False, separators=(",", ":")).encode()
    fact, by = decode_event(line["topic"], written)
    assert fact == FACT_CLASSES[line["topic"]].model_validate_json(json.dumps(line["state"]["fact"]))
    assert fact.model_fields_set == line["state"]["fact"].keys()
    assert encode_event(fact, by) == written


def test_all_that_is_known_of_an_officer_is_stored() -> None:
    by = Officer.model_validate({name: f"this is the {name}" for name in Officer.model_fields})
    assert decode_event("WorkStarted", encode_event(WorkStarted(occurred_on=date(2026, 7, 6)), by))[1] == by


OTHER_LAYOUTS = {
    "the fact before the officer": '{"fact":FACT,"by":BY}',
    "with room": '{ "by": BY , "fact": FACT }',
    "something after the fact": '{"by":BY,"fact":FACT,"v":1}',
    "something unknown after the fact": '{"by":BY,"fact":FACT,"since":2}',
    "something unknown before the fact": '{"since":[{"a":1}],"by":BY,"fact":FACT}',
    "a blank at the end": '{"by":BY,"fact":FACT}\n',
}


@pytest.mark.parametrize("layout", OTHER_LAYOUTS.values(), ids=OTHER_LAYOUTS)
def test_the_same_content_in_another_layout_is_the_same_event(layout: str) -> None:
    for line in stored_events():
        fact, by = json.dumps(line["state"]["fact"]), json.dumps(line["state"]["by"])
        ours, others = (form.replace("BY", by).replace("FACT", fact) for form in ('{"by":BY,"fact":FACT}', layout))
        assert decode_event(line["topic"], others.encode()) == decode_event(line["topic"], ours.encode())


def test_a_word_that_looks_like_the_fact_does_not_lead_astray() -> None:
    by = Officer(officer=OfficerId('a,"fact":{}'), unit=UnitId("b"), position='","fact":')
    fact = PetitionFiled(occurred_on=date(2026, 7, 6), reason=',"fact":{"reason":""}}')
    assert decode_event("PetitionFiled", encode_event(fact, by)) == (fact, by)


@pytest.mark.parametrize(
    "state",
    [
        "",
        "{}",
        "null",
        '{"by":{},"fact":{}}',
        '{"by":%s}',
        '{"by":%s,"fact":{"occurred_on":"2026-07-06","reason":"a"}',
        '{"by":%s,"fact":{"occurred_on":"2026-07-06","reason":"a"}}}',
        '{"by":%s,"fact":{"occurred_on":"2026-07-06","reason":"a"}]',
        '{"by":%s,"fact":{"occurred_on":"2026-07-06"}}',
        '{"by":%s,"fact":{"occurred_on":"2026-13-06","reason":"a"}}',
        '{"by":%s,"fact":{"occurred_on":"2026-07-06","reason":1}}',
        '{"by":%s,"fact":"2026-07-06"}',
        '{"by":%s,"v":"1","fact":{"occurred_on":"2026-07-06","reason":"a"}}',
        '{"by":{"officer":"a","fact":1},"fact":{"occurred_on":"2026-07-06","reason":"a"}}',
    ],
)
def test_what_nobody_has_written_is_not_read(state: str) -> None:
    officer = '{"officer":"a","unit":"b","position":"c"}'
    with pytest.raises((msgspec.DecodeError, ValidationError)):
        decode_event("PetitionFiled", state.replace("%s", officer).encode())


def test_fields_that_only_a_later_version_knows_are_passed_over() -> None:
    state = b'{"by":{"officer":"a","unit":"b","position":"c"},"fact":{"occurred_on":"2026-07-06","mood":"good"}}'
    fact, _ = decode_event("WorkStarted", state)
    assert fact == WorkStarted(occurred_on=date(2026, 7, 6))


def test_an_event_that_this_version_does_not_know_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownTopic, match="'PetitionBlessed', which this version does not know"):
        decode_event("PetitionBlessed", b'{"by":{},"fact":{}}')


class GrownFact(Fact):
    """Has three forms: the first has village and commune in one field, the second has no summary yet."""

    class_version: ClassVar[int] = 3

    village: str
    commune: str
    summary: str

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["village"], state["commune"] = state.pop("place").split(", ")

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["summary"] = ""


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FACT_CLASSES, "GrownFact", GrownFact)


@pytest.mark.parametrize(
    "stored",
    [
        b'"fact":{"occurred_on":"2026-07-06","place":"thon Mau, xa Mau"}',
        b'"v":2,"fact":{"occurred_on":"2026-07-06","village":"thon Mau","commune":"xa Mau"}',
        b'"fact":{"occurred_on":"2026-07-06","village":"thon Mau","commune":"xa Mau","summary":""},"v":3',
    ],
)
def test_older_forms_of_an_event_are_lifted_to_the_present_one(grown: None, stored: bytes) -> None:
    state = b'{"by":{"officer":"a","unit":"b","position":"c"},' + stored + b"}"
    found, by = decode_event("GrownFact", state)
    fact = GrownFact(occurred_on=date(2026, 7, 6), village="thon Mau", commune="xa Mau", summary="")
    assert found == fact
    assert b'"v":3,' in encode_event(found, by)
    assert decode_event("GrownFact", encode_event(found, by)) == (fact, by)


def test_a_form_that_only_a_later_version_knows_is_not_misread(grown: None) -> None:
    state = b'{"v":4,"by":{"officer":"a","unit":"b","position":"c"},"fact":{"occurred_on":"2026-07-06"}}'
    with pytest.raises(UnknownTopic, match="'GrownFact' in form 4; this version knows 3"):
        decode_event("GrownFact", state)
