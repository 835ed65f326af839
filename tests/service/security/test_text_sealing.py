from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.deadlines.deadline import Clock
from domain.events import (
    AnsweredInWriting,
    Correction,
    CorrectionProposed,
    DeadlineExtended,
    ExtensionRequested,
    Fact,
    PetitionClosed,
    PetitionReceived,
    RecordCorrected,
    Remedy,
)
from domain.sealed_text import ErasedText, Sealed, Text, replace_texts
from domain.topics import FACT_CLASSES
from domain.value import UNSET, UnsetType, replace
from domain.vocabulary import Channel, OfficerId
from projections.labels.texts import text_for_reader
from service.event_store.codec import UnreadableFact, decode_fact, encode_fact
from service.security.text_sealing import (
    TextKey,
    TextPlace,
    UnopenableText,
    open_fact,
    open_text,
    reseal_fact,
    reseal_text,
    seal_fact,
    seal_text,
)
from tests.domain.event_strategies import any_fact
from tests.examples import examples

PETITION, OTHER = UUID(int=1), UUID(int=2)
KEY = TextKey(1, AESGCM(bytes(range(32))))
KEYS = {1: KEY}
NAME = "PetitionReceived.summary"
PLACE = TextPlace(PETITION, NAME)

texts = st.text(max_size=700)
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


@given(texts, st.uuids(), st.text(max_size=60), st.binary(min_size=32, max_size=32), st.integers(1, 32767))
@examples(200)
def test_any_text_comes_back(text: str, petition_id: UUID, name: str, data_key: bytes, number: int) -> None:
    key, place = TextKey(number, AESGCM(data_key)), TextPlace(petition_id, name)
    sealed = seal_text(text, place, key)
    stored = msgspec.json.decode(msgspec.json.encode(sealed), type=Sealed)
    assert stored == sealed
    assert open_text(stored, place, {number: key}) == text


STORED = b'[1,"bm90IGEgc2VjcmV0","tDkDqeWzRBthonZRfn/zlFIvjKWU9XxlwKoHSfSymnY="]'
"""A text as it was sealed once: it must open for ever."""


def test_what_was_ever_sealed_opens() -> None:
    assert open_text(msgspec.json.decode(STORED, type=Sealed), PLACE, KEYS) == "Đường hỏng"


@given(texts, st.uuids(), st.uuids(), st.text(max_size=60))
@examples(100)
def test_nothing_opens_in_another_petition(text: str, one: UUID, two: UUID, name: str) -> None:
    assume(one != two)
    sealed = seal_text(text, TextPlace(one, name), KEY)
    with pytest.raises(UnopenableText, match="does not open"):
        open_text(sealed, TextPlace(two, name), KEYS)


@given(texts, st.uuids(), st.text(max_size=60), st.text(max_size=60))
@examples(100)
def test_nothing_opens_under_another_name(text: str, petition_id: UUID, name: str, other: str) -> None:
    assume(name != other)
    sealed = seal_text(text, TextPlace(petition_id, name), KEY)
    with pytest.raises(UnopenableText, match="does not open"):
        open_text(sealed, TextPlace(petition_id, other), KEYS)


@given(texts, st.binary(min_size=32, max_size=32))
@examples(200)
def test_nothing_opens_under_another_key(text: str, data_key: bytes) -> None:
    assume(data_key != bytes(range(32)))
    with pytest.raises(UnopenableText):
        open_text(seal_text(text, PLACE, KEY), PLACE, {1: TextKey(1, AESGCM(data_key))})


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
            assert opened == "đơn tố cáo" or isinstance(opened, ErasedText)  # the key's number


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
        open_text(seal_text("bí mật", PLACE, KEY), TextPlace(OTHER, NAME), KEYS)
    assert str(raised.value) == f"the text {NAME} of petition {OTHER} does not open"
    assert raised.value.__suppress_context__


def test_half_a_letter_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        seal_text("\ud800", PLACE, KEY)


@pytest.mark.parametrize("kind", FACT_CLASSES.values(), ids=FACT_CLASSES)
@given(data=st.data(), petition_id=st.uuids())
@examples(12)
def test_a_sealed_fact_of_every_class_is_stored_and_comes_back_as_it_was(
    kind: type[Fact], data: st.DataObject, petition_id: UUID
) -> None:
    fact: Fact = data.draw(any_fact(kind))
    sealed = seal_fact(fact, petition_id, KEY)
    stored = decode_fact(type(fact).__name__, encode_fact(sealed))
    assert stored == sealed
    assert masked(stored) == masked(fact)
    assert all(isinstance(text, Sealed) for text in texts_of(stored).values())
    assert open_fact(stored, petition_id, KEYS) == fact


@given(facts)
@examples(200)
def test_without_the_key_all_other_fields_load(fact: Fact) -> None:
    stored = decode_fact(type(fact).__name__, encode_fact(seal_fact(fact, PETITION, KEY)))
    opened = open_fact(stored, PETITION, {})
    assert masked(opened) == masked(fact)
    assert {name: type(text) for name, text in texts_of(opened).items()} == dict.fromkeys(texts_of(fact), ErasedText)
    assert seal_fact(opened, PETITION, TextKey(2, KEY.cipher)) == stored


@given(facts)
@examples(200)
def test_no_fact_opens_in_another_petition(fact: Fact) -> None:
    assume(texts_of(fact))
    with pytest.raises(UnopenableText):
        open_fact(seal_fact(fact, PETITION, KEY), OTHER, KEYS)


@given(facts)
@examples(100)
def test_plain_texts_are_read_as_they_are(fact: Fact) -> None:
    assert open_fact(fact, PETITION, {}) == fact


def receipt(summary: Text, place: Text | UnsetType = UNSET) -> PetitionReceived:
    return PetitionReceived(
        occurred_on=date(2026, 7, 6),
        channel=Channel.POST,
        summary=summary,
        place=place,
        book="TD",
        identity_protected=False,
    )


def test_texts_that_change_their_places_do_not_open() -> None:
    sealed: Any = seal_fact(receipt(summary="đường hỏng", place="xã Mẫu"), PETITION, KEY)
    with pytest.raises(UnopenableText, match=r"PetitionReceived\.summary"):
        open_fact(replace(sealed, summary=sealed.place, place=sealed.summary), PETITION, KEYS)
    answered = AnsweredInWriting(occurred_on=date(2026, 7, 6), remedies=(Remedy(text="một"), Remedy(text="hai")))
    remedies: Any = seal_fact(answered, PETITION, KEY)
    with pytest.raises(UnopenableText, match=r"AnsweredInWriting\.remedies\.0\.text"):
        open_fact(replace(remedies, remedies=remedies.remedies[::-1]), PETITION, KEYS)


def test_an_erased_text_is_not_stored_and_says_what_it_is() -> None:
    opened: Any = open_fact(seal_fact(receipt(summary="đường hỏng"), PETITION, KEY), PETITION, {})
    with pytest.raises(UnreadableFact, match="PetitionReceived"):
        encode_fact(opened)
    assert text_for_reader(opened.summary, "vi") == "(đã xóa theo quyết định)"
    assert text_for_reader(opened.summary, "en") == "(erased)"


def test_a_text_that_was_not_opened_says_so_and_a_plain_one_is_shown() -> None:
    assert text_for_reader(seal_text("đường hỏng", PLACE, KEY), "en") == "(sealed)"
    assert text_for_reader("đường hỏng", "vi") == "đường hỏng"


def test_a_sealed_text_of_an_earlier_event_is_taken_over_under_the_same_name_alone() -> None:
    day = date(2026, 7, 6)
    asked = seal_fact(
        ExtensionRequested(occurred_on=day, clock=Clock.HEAD, until=day, reason="đo đạc lại"), PETITION, KEY
    )
    granted = DeadlineExtended(
        occurred_on=day,
        clock=Clock.HEAD,
        old_due_on=day,
        until=day,
        reason=asked.reason,
        decision_no="64/GH",
        requested_by=OfficerId("a"),
        was_expired=False,
    )
    assert seal_fact(granted, PETITION, KEY) == granted
    assert open_fact(granted, PETITION, KEYS).reason == "đo đạc lại"
    closed = PetitionClosed(occurred_on=day, reason=asked.reason)
    with pytest.raises(UnopenableText, match=r"PetitionClosed\.reason"):
        seal_fact(closed, PETITION, KEY)


def test_an_approved_correction_takes_over_the_texts_of_the_proposal() -> None:
    day = date(2026, 7, 6)
    corrections = (
        Correction(version=1, form=1, path="place", was='"xã Sai"', becomes='"xã Mẫu"'),
        Correction(version=1, form=1, path="summary", becomes='"đường hỏng"'),
    )
    proposed = CorrectionProposed(occurred_on=day, corrections=corrections, why="ghi nhầm")
    sealed = seal_fact(proposed, PETITION, KEY)
    approved = RecordCorrected(
        occurred_on=day, corrections=sealed.corrections, why=sealed.why, proposed_by=OfficerId("a")
    )
    assert seal_fact(approved, PETITION, KEY) == approved
    opened = open_fact(approved, PETITION, KEYS)
    assert (opened.corrections, opened.why) == (corrections, "ghi nhầm")


def test_a_text_that_is_copied_into_another_history_is_sealed_under_the_key_of_that_one() -> None:
    other_key, target = TextKey(1, AESGCM(b"o" * 32)), TextPlace(OTHER, NAME)
    sealed = seal_text("đường hỏng", PLACE, KEY)
    copied = reseal_text(sealed, PLACE, KEYS, target, other_key)
    assert isinstance(copied, Sealed)
    assert open_text(copied, target, {1: other_key}) == "đường hỏng"
    with pytest.raises(UnopenableText):
        open_text(copied, target, KEYS)
    assert reseal_text(sealed, PLACE, KEYS, target, None) == "đường hỏng"
    assert isinstance(reseal_text("đường hỏng", PLACE, {}, target, other_key), Sealed)
    assert reseal_text(sealed, PLACE, {}, target, other_key) is UNSET
    with pytest.raises(UnopenableText):
        reseal_text(sealed, target, KEYS, target, other_key)


def test_a_receipt_that_opens_another_history_takes_its_texts_along() -> None:
    """A split or an escalated letter has sealed texts of the first receipt, and may have new ones."""
    other_key = TextKey(1, AESGCM(b"o" * 32))
    first: Any = seal_fact(receipt(summary="đường hỏng", place="xã Mẫu"), PETITION, KEY)
    matter = replace(first, summary="rác thải")
    copied = reseal_fact(matter, PETITION, KEYS, OTHER, other_key)
    assert all(isinstance(text, Sealed) for text in texts_of(copied).values())
    assert open_fact(copied, OTHER, {1: other_key}) == receipt(summary="rác thải", place="xã Mẫu")
    assert reseal_fact(matter, PETITION, KEYS, OTHER, None) == receipt(summary="rác thải", place="xã Mẫu")
    after_erasure = reseal_fact(matter, PETITION, {}, OTHER, other_key)
    assert open_fact(decode_fact("PetitionReceived", encode_fact(after_erasure)), OTHER, {1: other_key}) == receipt(
        summary="rác thải"
    )


def test_a_random_petition_opens_nothing() -> None:
    sealed = seal_text("đường hỏng", PLACE, KEY)
    with pytest.raises(UnopenableText):
        open_text(sealed, TextPlace(uuid4(), NAME), KEYS)
