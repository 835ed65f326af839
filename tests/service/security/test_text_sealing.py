"""Tests that texts are sealed for their place alone, and that what was ever sealed opens for ever.

`tests/domain/stored_forms/text_names.json` has the name of every text of every fact, with a text that was sealed under
that name. `python -m tests.service.security.test_text_sealing` adds the names that are new.
"""

import hashlib
import json
from base64 import b64encode
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.events import (
    AnsweredInWriting,
    Correction,
    CorrectionProposed,
    Fact,
    PetitionReceived,
    Remedy,
    WorkStarted,
)
from domain.sealed_text import EACH, ERASED_TEXT, NONCE_BYTES, Sealed, Text, has_texts, replace_texts
from domain.topics import FACT_CLASSES
from domain.value import UNSET, UnsetType, replace
from domain.vocabulary import Channel, OfficerId, UnitId
from service.event_store.codec import decode_fact, encode_fact
from service.security.text_sealing import (
    TextKey,
    TextPlace,
    UnopenableText,
    open_events,
    open_fact,
    open_text,
    seal_fact,
    seal_text,
)
from tests.domain.event_strategies import any_fact
from tests.domain.golden import Sample, struct_info
from tests.domain.stored import FOLDER
from tests.domain.test_sealed_text import GONE, present_text_names
from tests.examples import examples

PETITION, OTHER = UUID(int=1), UUID(int=2)
KEY = TextKey(1, bytes(range(32)))
KEYS = {1: KEY}
NAME = "PetitionReceived.summary"
VERSION = 3
PLACE = TextPlace(PETITION, VERSION, NAME)

texts = st.text(min_size=1, max_size=700)
versions = st.integers(1, 2**31 - 1)
places = st.builds(TextPlace, st.uuids(), versions, st.text(max_size=60))
facts = st.one_of([any_fact(kind) for kind in FACT_CLASSES.values()])


def texts_of(fact: Fact) -> dict[str, Text]:
    found: dict[str, Text] = {}

    def look(text: Text, name: str) -> Text:
        found[name] = text
        return text

    replace_texts(fact, look)
    return found


def masked(fact: Fact) -> Fact:
    return replace_texts(fact, lambda _text, _name: "")


def receipt(summary: Text, place: Text | UnsetType = UNSET) -> PetitionReceived:
    return PetitionReceived(
        occurred_on=date(2026, 7, 6),
        channel=Channel.POST,
        summary=summary,
        place=place,
        book="TD",
        identity_protected=False,
    )


# -- what was sealed opens for ever


STORED = b'[1,"bm90IGEgc2VjcmV0","tDkDqeWzRBthonZRfn/zlPsOskJxr2SwEdAfX9RqTl4="]'
"""A text as it was sealed once: it must open for ever."""

NAMES_FILE = FOLDER / "text_names.json"


def frozen_texts() -> dict[str, list[Any]]:
    """Return for each name a text that was sealed under it once: `[key, nonce, ciphertext]`."""
    return json.loads(NAMES_FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def name_of_all(name: str) -> str:
    """Return the name with the places in tuples replaced by EACH."""
    return ".".join(EACH if step.isdecimal() else step for step in name.split("."))


def first_of(name: str) -> str:
    """Return the name of the first text of that name: the one that was sealed."""
    return name.replace(EACH, "0")


def text_under(name: str) -> str:
    """Return the text that was sealed under a name."""
    return f"Đường hỏng: {name}"


def test_what_was_ever_sealed_opens() -> None:
    assert open_text(msgspec.json.decode(STORED, type=Sealed), PLACE, KEYS) == "Đường hỏng"


@pytest.mark.parametrize("name", frozen_texts())
def test_what_was_ever_sealed_under_a_name_opens(name: str) -> None:
    sealed = msgspec.convert(frozen_texts()[name], Sealed)
    assert open_text(sealed, TextPlace(PETITION, VERSION, first_of(name)), KEYS) == text_under(name)


@pytest.mark.parametrize("topic", [topic for topic, kind in FACT_CLASSES.items() if has_texts(kind)])
def test_every_sealed_text_of_a_stored_event_opens_in_the_present_class(topic: str) -> None:
    state = Sample(topic, is_sealed=True).of(struct_info(FACT_CLASSES[topic]), "")
    frozen = frozen_texts()

    def as_it_was_sealed(_text: Text, name: str) -> Text:
        assert name_of_all(name) in frozen, GONE.format(name_of_all(name))
        return msgspec.convert(frozen[name_of_all(name)], Sealed)

    stored = replace_texts(decode_fact(topic, json.dumps(state).encode()), as_it_was_sealed)
    opened = open_fact(decode_fact(topic, encode_fact(stored)), PETITION, VERSION, KEYS)
    found = texts_of(opened)
    assert found == {name: text_under(name_of_all(name)) for name in found}
    assert {name_of_all(name) for name in found} == present_text_names({topic: FACT_CLASSES[topic]})


# -- a text is bound to its place


@given(texts, places, st.binary(min_size=32, max_size=32), st.integers(1, 32767))
@examples(200)
def test_any_text_comes_back(text: str, place: TextPlace, data_key: bytes, number: int) -> None:
    sealed = seal_text(text, place, TextKey(number, data_key))
    stored = msgspec.json.decode(msgspec.json.encode(sealed), type=Sealed)
    assert stored == sealed
    assert open_text(stored, place, {number: TextKey(number, data_key)}) == text


@given(texts, places, places)
@examples(200)
def test_nothing_opens_in_another_place(text: str, one: TextPlace, two: TextPlace) -> None:
    assume(one != two)
    sealed = seal_text(text, one, KEY)
    for place in (two, one._replace(stream=two.stream), one._replace(version=two.version), one._replace(name=two.name)):
        if place != one:
            with pytest.raises(UnopenableText, match="does not open"):
                open_text(sealed, place, KEYS)


def test_no_two_places_are_bound_to_the_same_bytes() -> None:
    """Otherwise a text could be moved between them: the parts before the name have a fixed length."""
    sealed = seal_text("đường hỏng", TextPlace(PETITION, 0x41424344, "E.a"), KEY)
    for place in (TextPlace(PETITION, 0x41424344, "DE.a"), TextPlace(PETITION, 0x414243, "DE.a")):
        with pytest.raises(UnopenableText):
            open_text(sealed, place, KEYS)


@given(texts, st.binary(min_size=32, max_size=32))
@examples(200)
def test_nothing_opens_under_another_key(text: str, data_key: bytes) -> None:
    assume(data_key != bytes(range(32)))
    with pytest.raises(UnopenableText, match="does not open"):
        open_text(seal_text(text, PLACE, KEY), PLACE, {1: TextKey(1, data_key)})


@given(st.text(max_size=40), st.data())
@examples(200)
def test_no_bit_of_what_is_stored_can_be_changed(text: str, data: st.DataObject) -> None:
    sealed = seal_text(text, PLACE, KEY)
    field = data.draw(st.sampled_from(["nonce", "ciphertext"]))
    bent = bytearray(getattr(sealed, field))
    bent[data.draw(st.integers(0, len(bent) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    changes: dict[str, Any] = {field: bytes(bent)}
    with pytest.raises(UnopenableText):
        open_text(replace(sealed, **changes), PLACE, KEYS)


def test_no_character_of_the_json_can_be_changed_to_another_text() -> None:
    """Base64 ends in bits that say nothing, so a few changed characters give the same bytes, and the same text."""
    stored = msgspec.json.encode(seal_text("đơn tố cáo", PLACE, KEY))
    for place in range(len(stored)):
        for byte in b'0123456789azAZ+/="[],':
            if byte == stored[place]:
                continue
            changed = stored[:place] + bytes([byte]) + stored[place + 1 :]
            try:
                opened = open_text(msgspec.json.decode(changed, type=Sealed), PLACE, KEYS)
            except (msgspec.MsgspecError, UnopenableText):
                continue
            assert opened == "đơn tố cáo"


def test_cut_bytes_do_not_open() -> None:
    sealed = seal_text("đường hỏng", PLACE, KEY)
    for size in range(len(sealed.ciphertext)):
        with pytest.raises(UnopenableText):
            open_text(replace(sealed, ciphertext=sealed.ciphertext[:size]), PLACE, KEYS)


def test_the_same_text_is_never_sealed_the_same_way_and_does_not_show() -> None:
    one, two = (seal_text("đường hỏng", PLACE, KEY) for _ in range(2))
    assert one.nonce != two.nonce
    assert one.ciphertext != two.ciphertext
    assert "đường".encode() not in one.ciphertext
    assert len(one.ciphertext) == len("đường hỏng".encode()) + 16


def test_an_error_does_not_say_the_text() -> None:
    with pytest.raises(UnopenableText) as raised:
        open_text(seal_text("bí mật", PLACE, KEY), PLACE._replace(stream=OTHER), KEYS)
    assert str(raised.value) == f"the text {NAME} in event {VERSION} of {OTHER} does not open"
    assert raised.value.__suppress_context__


def test_half_a_letter_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        seal_text("\ud800", PLACE, KEY)


# -- erased and lost keys


def test_a_text_whose_key_was_erased_reads_as_erased_whatever_its_bytes_are() -> None:
    sealed = seal_text("đường hỏng", PLACE, KEY)
    assert open_text(sealed, PLACE, {1: None}) == ERASED_TEXT
    assert open_text(sealed, PLACE._replace(version=9), {1: None, 2: TextKey(2, b"2" * 32)}) == ERASED_TEXT


@pytest.mark.parametrize("keys", [{}, {2: None}, {2: TextKey(2, bytes(range(32)))}])
def test_a_text_whose_key_is_lost_is_not_taken_for_erased(keys: dict[int, TextKey | None]) -> None:
    with pytest.raises(UnopenableText) as raised:
        open_text(seal_text("bí mật", PLACE, KEY), PLACE, keys)
    assert str(raised.value) == f"the key of {NAME} in event {VERSION} of {PETITION} is lost"
    assert raised.value.__suppress_context__


def test_texts_under_two_keys_are_opened_each_under_its_own() -> None:
    second = TextKey(2, b"2" * 32)
    before, after = seal_text("trước", PLACE, KEY), seal_text("sau", PLACE, second)
    both = {1: KEY, 2: second}
    assert (open_text(before, PLACE, both), open_text(after, PLACE, both)) == ("trước", "sau")
    assert open_text(after, PLACE, {1: None, 2: second}) == "sau"
    with pytest.raises(UnopenableText, match="does not open"):
        open_text(replace(after, key=1), PLACE, both)


# -- facts


@pytest.mark.parametrize("kind", FACT_CLASSES.values(), ids=FACT_CLASSES)
@given(data=st.data(), petition_id=st.uuids(), version=versions)
@examples(12)
def test_a_sealed_fact_of_every_class_is_stored_and_comes_back_as_it_was(
    kind: type[Fact], data: st.DataObject, petition_id: UUID, version: int
) -> None:
    fact: Fact = data.draw(any_fact(kind))
    sealed = seal_fact(fact, petition_id, version, KEY)
    stored = decode_fact(type(fact).__name__, encode_fact(sealed))
    assert stored == sealed
    assert masked(stored) == masked(fact)
    assert all(isinstance(text, Sealed) for text in texts_of(stored).values())
    assert open_fact(stored, petition_id, version, KEYS) == fact
    assert has_texts(kind) or stored == fact


@given(facts)
@examples(200)
def test_without_the_key_all_other_fields_load_and_an_erased_fact_can_be_stored_again(fact: Fact) -> None:
    topic = type(fact).__name__
    stored = decode_fact(topic, encode_fact(seal_fact(fact, PETITION, VERSION, KEY)))
    opened = open_fact(stored, PETITION, VERSION, {1: None})
    assert masked(opened) == masked(fact)
    assert texts_of(opened) == dict.fromkeys(texts_of(fact), ERASED_TEXT)
    assert decode_fact(topic, encode_fact(opened)) == opened


@given(facts)
@examples(200)
def test_no_fact_opens_as_another_event(fact: Fact) -> None:
    assume(texts_of(fact))
    sealed = seal_fact(fact, PETITION, VERSION, KEY)
    for stream, version in ((OTHER, VERSION), (PETITION, VERSION + 1)):
        with pytest.raises(UnopenableText, match="does not open"):
            open_fact(sealed, stream, version, KEYS)


@given(facts)
@examples(100)
def test_plain_texts_are_read_as_they_are(fact: Fact) -> None:
    assert open_fact(fact, PETITION, VERSION, {}) == fact


def test_what_is_sealed_already_is_not_sealed_again() -> None:
    sealed = seal_fact(receipt(summary="đường hỏng"), PETITION, VERSION, KEY)
    with pytest.raises(ValueError, match=r"the text PetitionReceived\.summary is sealed already"):
        seal_fact(sealed, PETITION, VERSION, KEY)


def test_a_fact_with_plain_and_sealed_texts_is_opened() -> None:
    sealed: Any = seal_fact(receipt(summary="đường hỏng", place="xã Mẫu"), PETITION, VERSION, KEY)
    mixed = replace(sealed, place="xã Mẫu")
    assert open_fact(mixed, PETITION, VERSION, KEYS) == receipt(summary="đường hỏng", place="xã Mẫu")


def test_texts_that_change_their_places_do_not_open() -> None:
    sealed: Any = seal_fact(receipt(summary="đường hỏng", place="xã Mẫu"), PETITION, VERSION, KEY)
    with pytest.raises(UnopenableText, match=r"PetitionReceived\.summary"):
        open_fact(replace(sealed, summary=sealed.place, place=sealed.summary), PETITION, VERSION, KEYS)
    answered = AnsweredInWriting(occurred_on=date(2026, 7, 6), remedies=(Remedy(text="một"), Remedy(text="hai")))
    remedies: Any = seal_fact(answered, PETITION, VERSION, KEY)
    with pytest.raises(UnopenableText, match=r"AnsweredInWriting\.remedies\.0\.text"):
        open_fact(replace(remedies, remedies=remedies.remedies[::-1]), PETITION, VERSION, KEYS)


def test_a_correction_is_sealed_in_its_texts_and_plain_in_its_other_values() -> None:
    corrections = (
        Correction(version=1, form=1, path="place", text_was="xã Sai", text_becomes="xã Mẫu"),
        Correction(version=1, form=1, path="summary", text_becomes="đường hỏng"),
        Correction(version=1, form=1, path="occurred_on", was='"2026-07-07"', becomes='"2026-07-06"'),
    )
    proposed = CorrectionProposed(occurred_on=date(2026, 7, 8), corrections=corrections, why="ghi nhầm")
    sealed = seal_fact(proposed, PETITION, VERSION, KEY)
    assert texts_of(sealed).keys() == {
        "CorrectionProposed.corrections.0.text_was",
        "CorrectionProposed.corrections.0.text_becomes",
        "CorrectionProposed.corrections.1.text_becomes",
        "CorrectionProposed.why",
    }
    assert sealed.corrections[2] == corrections[2]
    assert open_fact(sealed, PETITION, VERSION, KEYS) == proposed
    erased = open_fact(sealed, PETITION, VERSION, {1: None})
    assert erased.corrections[0] == replace(corrections[0], text_was=ERASED_TEXT, text_becomes=ERASED_TEXT)


# -- histories


CLERK = Officer(officer=OfficerId("van-thu"), unit=UnitId("ban-tcd"), position="Văn thư")


def sealed_history() -> list[EventEnvelope[Any]]:
    told = (receipt("đường hỏng"), WorkStarted(occurred_on=date(2026, 7, 7)), CorrectionProposed(
        occurred_on=date(2026, 7, 8), corrections=(), why="ghi nhầm"))  # fmt: skip
    return [
        EventEnvelope(PETITION, version, seal_fact(fact, PETITION, version, KEY), CLERK, reference="TD-2026-000001")
        for version, fact in enumerate(told, start=1)
    ]


def test_a_history_is_opened_and_nothing_else_of_it_changes() -> None:
    sealed = sealed_history()
    opened = open_events(sealed, KEYS)
    assert [texts_of(envelope.fact) for envelope in opened] == [
        {"PetitionReceived.summary": "đường hỏng"},
        {},
        {"CorrectionProposed.why": "ghi nhầm"},
    ]
    assert [one._replace(fact=None) for one in opened] == [one._replace(fact=None) for one in sealed]
    assert opened[1] is sealed[1]


def test_only_the_kinds_that_are_asked_for_are_opened() -> None:
    sealed = sealed_history()
    opened = open_events(sealed, KEYS, {PetitionReceived})
    assert opened[0].fact == receipt("đường hỏng")
    assert opened[1:] == sealed[1:]
    with pytest.raises(UnopenableText, match="is lost"):
        open_events(sealed, {}, {PetitionReceived})
    assert open_events(sealed, {}, set()) == sealed


def test_events_that_change_their_places_do_not_open() -> None:
    one, _, three = sealed_history()
    for moved in (one._replace(originator_version=2), three._replace(originator_id=OTHER)):
        with pytest.raises(UnopenableText, match="does not open"):
            open_events([moved], KEYS)


def test_a_random_petition_opens_nothing() -> None:
    sealed = seal_text("đường hỏng", PLACE, KEY)
    with pytest.raises(UnopenableText):
        open_text(sealed, PLACE._replace(stream=uuid4()), KEYS)


def sealed_once(name: str) -> list[Any]:
    """Return the text of a new name, sealed under the fixed key with a nonce that follows from the name."""
    nonce = hashlib.sha256(name.encode()).digest()[:NONCE_BYTES]
    bound = PETITION.bytes + VERSION.to_bytes(4) + first_of(name).encode()
    ciphertext = AESGCM(bytes(range(32))).encrypt(nonce, text_under(name).encode(), bound)
    return [1, b64encode(nonce).decode(), b64encode(ciphertext).decode()]


def main() -> None:
    """Add the names that are new, each with a sealed text, and change nothing that is there."""
    frozen = frozen_texts()
    added = {name: sealed_once(name) for name in sorted(present_text_names(FACT_CLASSES) - frozen.keys())}
    lines = [f"{json.dumps(name)}: {json.dumps(sealed)}" for name, sealed in (frozen | added).items()]
    NAMES_FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
