import json
from datetime import date
from typing import Any, ClassVar, Literal, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts.events import AlertEvent
from domain.erasures.events import ErasureEvent
from domain.events import Fact, PetitionEvent, PetitionReceived
from domain.import_withdrawals.events import ImportWithdrawalEvent
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.topics import FACT_CLASSES
from domain.units.events import UnitEvent
from domain.value import UNSET, FactPart, UnsetType, replace
from domain.vocabulary import Channel
from service.event_store.codec import UnknownTopic, UnreadableFact, decode_fact, encode_fact
from tests.domain.event_strategies import any_fact
from tests.domain.stored import stored_lines as stored_events
from tests.examples import examples

facts = st.one_of([any_fact(fact) for fact in FACT_CLASSES.values()])


def test_every_event_of_a_petition_has_its_own_topic() -> None:
    others = (
        *get_args(UnitEvent),
        *get_args(ImportWithdrawalEvent),
        *get_args(ErasureEvent),
        *get_args(LawChangeEvent),
        *get_args(MeetingEvent),
        *get_args(ReorganisationEvent),
        *get_args(AlertEvent),
    )
    assert len(FACT_CLASSES) == len(get_args(PetitionEvent)) + len(others)
    assert all(fact.__name__ == topic for topic, fact in FACT_CLASSES.items())


RECEIPT = PetitionReceived(
    occurred_on=date(2026, 7, 6), channel=Channel.POST, summary="Đường hỏng", book="TD", identity_protected=False
)
STATE = (
    '{"occurred_on":"2026-07-06","channel":"post","summary":"Đường hỏng","book":"TD","identity_protected":false}'
).encode()


def test_what_is_stored_is_json_of_what_was_said_without_the_layout_of_the_program() -> None:
    assert encode_fact(RECEIPT) == STATE


@given(fact=facts)
@examples(240)
def test_what_was_said_and_what_was_not_come_back_as_they_went_in(fact: Fact) -> None:
    """A said "no", a said 0 or empty text, and silence are three things, in every field of every event."""
    state = encode_fact(fact)
    again = decode_fact(type(fact).__name__, state)
    said = {name for name in fact.__struct_fields__ if getattr(fact, name) is not UNSET}
    assert json.loads(state).keys() == said
    assert all(type(getattr(again, name)) is type(getattr(fact, name)) for name in fact.__struct_fields__)
    assert again == fact


@pytest.mark.parametrize("line", stored_events(), ids=lambda line: line["topic"])
def test_what_was_ever_stored_is_read_and_written_byte_for_byte(line: dict[str, Any]) -> None:
    written = json.dumps(line["state"], ensure_ascii=False, separators=(",", ":")).encode()
    assert encode_fact(decode_fact(line["topic"], written)) == written


def test_the_same_fields_in_another_order_are_the_same_fact() -> None:
    reordered = json.dumps(dict(reversed(json.loads(STATE).items())), ensure_ascii=False, indent=1)
    assert decode_fact("PetitionReceived", reordered.encode()) == RECEIPT


WRONG_STATES = {
    "nothing": "",
    "an empty object": "{}",
    "null": "null",
    "a list": "[]",
    "cut off": '{"occurred_on":"2026-07-06","channel":"post"',
    "something after the end": '{"occurred_on":"2026-07-06","decision_no":"1","ground":"a"}}',
    "a missing field": '{"occurred_on":"2026-07-06","decision_no":"1"}',
    "a field that nobody knows": '{"occurred_on":"2026-07-06","decision_no":"1","ground":"a","mood":"good"}',
    "a part's field that nobody knows": '{"occurred_on":"2026-07-06","decision_no":"1","ground":"a","deadlines":['
    '{"clock":"head","started_on":"2026-07-06","due_on":"2026-07-07","original_due_on":"2026-07-07","mood":1}]}',
    "a day that is none": '{"occurred_on":"2026-13-06","decision_no":"1","ground":"a"}',
    "an instant for a day": '{"occurred_on":"2026-07-06T00:00:00Z","decision_no":"1","ground":"a"}',
    "a number for a day": '{"occurred_on":1783296000,"decision_no":"1","ground":"a"}',
    "a number for a text": '{"occurred_on":"2026-07-06","decision_no":1,"ground":"a"}',
    "null for what was not said": '{"occurred_on":"2026-07-06","decision_no":"1","ground":"a","deadlines":null}',
    "an instant without a zone as text": '{"occurred_on":"2026-07-06","decision_no":"1","ground":"a","occurred_at":1}',
    "a form that is no number": '{"v":"1","occurred_on":"2026-07-06","decision_no":"1","ground":"a"}',
}


@pytest.mark.parametrize("state", WRONG_STATES.values(), ids=WRONG_STATES)
def test_what_nobody_has_written_is_not_read(state: str) -> None:
    with pytest.raises((UnknownTopic, UnreadableFact)):
        decode_fact("AcceptanceRefused", state.encode())


WRONG_FACTS: dict[str, Fact] = {
    "a text for a day": replace(RECEIPT, occurred_on="2026-07-06"),
    "a text for a word": replace(RECEIPT, channel="carrier pigeon"),
    "a number for a text": replace(RECEIPT, summary=3),
    "a text for a number": replace(RECEIPT, person_count="3"),
    "None for what was not said": replace(RECEIPT, place=None),
    "a list for a tuple": replace(RECEIPT, persons=[]),
    "UNSET for what must be said": replace(RECEIPT, book=UNSET),
    "half a letter": replace(RECEIPT, summary="\ud800"),
    "an object that has no form": replace(RECEIPT, summary=object()),
}


@pytest.mark.parametrize("fact", WRONG_FACTS.values(), ids=WRONG_FACTS)
def test_what_could_not_be_read_back_is_not_written(fact: Fact) -> None:
    with pytest.raises(UnreadableFact, match="PetitionReceived"):
        encode_fact(fact)


def test_an_event_that_this_version_does_not_know_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownTopic, match="'PetitionBlessed', which this version does not know"):
        decode_fact("PetitionBlessed", b"{}")


class GrownPart(FactPart):
    """Has two forms: the first has the day as a text in another order."""

    class_version: ClassVar[int] = 2

    v: Literal[2]
    due_on: date

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        day, month, year = state.pop("due").split("/")
        state["due_on"] = f"{year}-{month}-{day}"


class GrownFact(Fact):
    """Has three forms: the first has village and commune in one field, the second has no summary yet."""

    class_version: ClassVar[int] = 3

    v: Literal[3]
    village: str
    commune: str
    summary: str
    part: GrownPart | UnsetType = UNSET
    parts: tuple[GrownPart, ...] | UnsetType = UNSET

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["village"], state["commune"] = state.pop("place").split(", ")

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["summary"] = ""


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast("dict[str, type[Fact]]", FACT_CLASSES), "GrownFact", GrownFact)


PRESENT = GrownFact(v=3, occurred_on=date(2026, 7, 6), village="thon Mau", commune="xa Mau", summary="")


@pytest.mark.parametrize(
    "stored",
    [
        b'{"occurred_on":"2026-07-06","place":"thon Mau, xa Mau"}',
        b'{"v":2,"occurred_on":"2026-07-06","village":"thon Mau","commune":"xa Mau"}',
        b'{"occurred_on":"2026-07-06","village":"thon Mau","commune":"xa Mau","summary":"","v":3}',
    ],
)
def test_older_forms_of_an_event_are_lifted_to_the_present_one(grown: None, stored: bytes) -> None:
    assert decode_fact("GrownFact", stored) == PRESENT


def test_older_forms_of_parts_are_lifted_wherever_they_are(grown: None) -> None:
    old, new = '{"due":"07/08/2026"}', '{"v":2,"due_on":"2026-08-07"}'
    parts = f'"part":{old},"parts":[{new},{old}]'
    stored = f'{{"v":2,"occurred_on":"2026-07-06","village":"a","commune":"b",{parts}}}'
    part = GrownPart(v=2, due_on=date(2026, 8, 7))
    expected = replace(PRESENT, village="a", commune="b", part=part, parts=(part, part))
    assert decode_fact("GrownFact", stored.encode()) == expected


def test_a_part_of_a_form_before_is_never_taken_for_the_present_one(grown: None) -> None:
    """The field `v` has no default: a part of form 1 that happens to have all fields is lifted, or refused."""
    stored = (
        b'{"v":3,"occurred_on":"2026-07-06","village":"a","commune":"b","summary":"","part":{"due_on":"2026-08-07"}}'
    )
    with pytest.raises(UnreadableFact):
        decode_fact("GrownFact", stored)


@pytest.mark.parametrize("stored", [b'{"v":4,"occurred_on":"2026-07-06"}', b'{"v":3,"part":{"v":3}}'])
def test_a_form_that_is_newer_than_the_program_is_not_read(grown: None, stored: bytes) -> None:
    with pytest.raises(UnknownTopic, match=r"in form [34]; this version knows [23]"):
        decode_fact("GrownFact", stored)


def test_what_is_written_says_its_form(grown: None) -> None:
    assert encode_fact(PRESENT).startswith(b'{"occurred_on":"2026-07-06","v":3,')
