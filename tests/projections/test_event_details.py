"""Tests which fields of an event a file shows: all that was said, and in its text not what nearly every event says."""

from datetime import UTC, date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import fields

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import start_clock_with_date
from domain.envelope import EventEnvelope
from domain.events import (
    DeadlineExtended,
    Fact,
    PetitionClassified,
    PetitionEvent,
    PetitionReceived,
    official,
)
from domain.meetings.events import MeetingDetails, MeetingEvent, MeetingHeld
from domain.meetings.words import MeetingKind, MeetingMode
from domain.sealed_text import Sealed
from domain.units.events import Level
from domain.value import replace
from domain.vocabulary import Channel, OfficerId, PetitionKind, UnitId
from projections.case_file import case_file_lines
from projections.case_file_text import case_file_text
from projections.event_details import USUAL_VALUES, event_details, notable_details
from projections.meeting_file import meeting_file_lines, meeting_file_text
from tests.domain.scenario import CLERK, MEETING, PETITION, national_law

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LAW = national_law()
DAY = date(2026, 7, 6)
KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in (*get_args(PetitionEvent), *get_args(MeetingEvent))}
RECEIPT = PetitionReceived(occurred_on=DAY, channel=Channel.POST, summary="Đường hỏng", book="TD")
EXTENDED = DeadlineExtended(
    occurred_on=DAY,
    deadlines=(start_clock_with_date(Clock.HEAD, DAY, date(2026, 8, 3)),),
    clock=Clock.HEAD,
    old_due_on=date(2026, 7, 20),
    until=date(2026, 8, 3),
    reason="phức tạp",
    decision_no="1/QĐ",
    requested_by=OfficerId("cb"),
    was_expired=False,
)
HELD = MeetingHeld(
    occurred_on=DAY,
    meeting_id=MEETING,
    details=MeetingDetails(
        kind=MeetingKind.RECEPTION_DAY,
        level=Level.COMMUNE,
        organiser=UnitId("xa-mau"),
        chair=official("chu-tich", "Chủ tịch"),
        title="Tiếp công dân",
    ),
)


def text_of(fact: Fact) -> list[str]:
    """Return the lines of the last event's details in the printed file, in English."""
    facts = [RECEIPT] if fact is RECEIPT else [RECEIPT, fact]
    history: list[Any] = [EventEnvelope(PETITION, n, one, CLERK) for n, one in enumerate(facts, 1)]
    written = case_file_text("TD-1", case_file_lines(history, LAW.policies, "en", HANOI)[-1:], "en", HANOI)
    return [line.strip() for line in written.splitlines() if line.startswith("       ")]


def test_details_are_all_that_was_said_in_the_order_of_the_fields() -> None:
    details = event_details(replace(EXTENDED, occurred_at=datetime(2026, 7, 6, 3, tzinfo=UTC)))
    assert list(details) == [
        *("deadlines", "clock", "old_due_on", "until", "reason", "decision_no", "requested_by", "was_expired"),
    ]
    assert details["was_expired"] is False
    assert details["until"] == "2026-08-03"
    (deadline,) = details["deadlines"]
    assert list(deadline) == ["clock", "started_on", "due_on", "original_due_on", "decided_due_on", "movable_from"]


def test_a_text_that_was_not_opened_is_not_shown() -> None:
    sealed = Sealed(key=1, nonce=b"n" * 12, ciphertext=b"t" * 17)
    with pytest.raises(ValueError, match="must be opened first"):
        event_details(replace(EXTENDED, reason=sealed))


def test_what_was_not_said_is_not_there_and_what_was_said_is() -> None:
    silent = PetitionClassified(occurred_on=DAY, kind=PetitionKind.COMPLAINT)
    assert event_details(silent) == {"kind": "complaint"}
    denied = replace(silent, is_eligible=False, is_level_skipping=False)
    assert event_details(denied) == {
        "kind": "complaint",
        "is_eligible": False,
        "is_level_skipping": False,
    }


@pytest.mark.parametrize(
    ("usual", "unusual", "shown"),
    [
        (RECEIPT, replace(RECEIPT, book="HT"), "book: HT"),
        (EXTENDED, replace(EXTENDED, was_expired=True), "had expired: yes"),
    ],
)
def test_the_text_shows_what_is_always_recorded_only_if_it_is_unusual(usual: Fact, unusual: Fact, shown: str) -> None:
    label, _, _ = shown.partition(":")
    assert not any(line.startswith(f"{label}:") for line in text_of(usual))
    assert set(text_of(unusual)) - set(text_of(usual)) == {shown}


def test_the_text_shows_a_no_that_somebody_chose_to_say() -> None:
    classified = PetitionClassified(occurred_on=DAY, kind=PetitionKind.COMPLAINT, is_eligible=False)
    assert text_of(classified) == ["kind: complaint", "eligible: no"]
    alone = replace(RECEIPT, person_count=1, identity_protected=False)
    assert set(text_of(alone)) - set(text_of(RECEIPT)) == {"persons: 1", "identity protected: no"}


def test_the_text_of_a_meeting_leaves_out_what_nobody_said() -> None:
    def told(fact: MeetingHeld) -> str:
        history: list[Any] = [EventEnvelope(MEETING, 1, fact, CLERK)]
        return meeting_file_text("Tiếp công dân", meeting_file_lines(history, LAW.policies, "en", HANOI), "en", HANOI)

    for word in ("attendance", "mode", "head of"):
        assert f" {word}:" not in told(HELD)
    assert "       attendance: 30\n" in told(replace(HELD, attendance=30))
    assert "       mode: online\n" in told(replace(HELD, details=replace(HELD.details, mode=MeetingMode.ONLINE)))


@pytest.mark.parametrize("name", USUAL_VALUES)
def test_a_usual_value_is_a_value_that_the_field_can_have(name: str) -> None:
    types = {field.name: field.type for field in fields(KINDS[name])}
    for field, value in USUAL_VALUES[name].items():
        said = msgspec.convert(value, types[field])
        assert msgspec.to_builtins(said) == (tuple(value) if isinstance(value, list) else value)
    assert notable_details(name, {**USUAL_VALUES[name], "why": ""}) == {"why": ""}


def test_every_yes_or_no_and_every_count_that_is_always_recorded_is_decided_on() -> None:
    """Each new required bool or int of an event needs a usual value, or is named here because a reader needs it."""
    always_shown = {
        *("PetitionReopened.round", "MatterOpened.number", "ConclusionTaskDone.number"),
        *("TaskAlertRaised.number", "TaskAlertAcknowledged.number"),
        *("PromiseMade.number", "PromiseReported.number", "TransferReplyReceived.is_accepted"),
        *("PersonalDataErased.persons", "PersonalDataErased.text_keys"),
        *("ReversalProposed.version", "EndingReversed.version"),
    }
    recorded = {
        f"{kind.__name__}.{field.name}"
        for kind in KINDS.values()
        for field in fields(kind)
        if field.required and (get_args(field.type) or (field.type,))[0] in (bool, int)
    }
    usual = {f"{kind}.{field}" for kind, values in USUAL_VALUES.items() for field in values}
    assert recorded - usual == always_shown, recorded - usual - always_shown
