import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.envelope import EventEnvelope
from domain.events import (
    PETITION_OPENINGS,
    AlertRaised,
    AnsweredInWriting,
    Correction,
    Fact,
    MatterOpened,
    Official,
    PetitionEvent,
    PetitionReceived,
    RecordCorrected,
    Remedy,
    WorkStarted,
)
from domain.labels import Language
from domain.units.events import Office, OfficeTaken, UnitOpened
from domain.units.unit import UnitRegister, unit_after_event
from domain.vocabulary import (
    Channel,
    OfficerId,
    PetitionKind,
    RemedyKind,
    Stage,
    UnitId,
)
from projections import case_file
from projections.case_file import EVERY_FREE_TEXT, Line, free_text_fields
from projections.case_file_text import case_file_text
from projections.event_details import event_details
from projections.labels import case_file as file_words
from projections.labels import events
from tests.domain.alerts.ladders import parse_national_ladder
from tests.domain.event_strategies import any_fact
from tests.domain.samples import commands_to_stages
from tests.domain.scenario import CLERK, DEPUTY, PETITION, history_of, national_law
from tests.domain.stored import petition_facts
from tests.examples import examples

LAW = national_law()
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
EVENTS: tuple[type[Fact], ...] = get_args(PetitionEvent)
LANGUAGES: tuple[Language, ...] = ("vi", "en")
RECEIPT = PetitionReceived(occurred_on=date(2026, 7, 6), channel=Channel.POST, summary="Đường hỏng", book="TD")
facts = st.one_of([any_fact(event) for event in EVENTS if event not in PETITION_OPENINGS])


def recorded(*told: Fact, at: datetime | None = None) -> list[EventEnvelope[PetitionEvent]]:
    return [
        EventEnvelope(PETITION, n, fact, CLERK, recorded_at=at, position=n, command_id=UUID(int=n))  # type: ignore[arg-type]
        for n, fact in enumerate(told, 1)
    ]


def lines(*told: Fact, at: datetime | None = None) -> list[Line]:
    return case_file.case_file_lines(recorded(*told, at=at), LAW.policies, "en", HANOI)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_its_words(language: Language) -> None:
    assert set(events.PETITION_EVENT_LABELS) == {event.__name__ for event in EVENTS}
    for table in (
        events.PETITION_EVENT_LABELS,
        events.PETITION_FIELD_LABELS,
        file_words.CASE_FILE_LABELS,
        file_words.DELIVERY_LABELS,
    ):
        for said in table.values():
            assert said[language].strip() == said[language] != ""


def test_every_field_has_its_words() -> None:
    assert {name for event in EVENTS for name in event.__struct_fields__} <= set(events.PETITION_FIELD_LABELS)


def test_no_two_events_are_told_in_the_same_words() -> None:
    for language in LANGUAGES:
        assert len({said[language] for said in events.PETITION_EVENT_LABELS.values()}) == len(
            events.PETITION_EVENT_LABELS
        )


@pytest.mark.parametrize("language", LANGUAGES)
@given(fact=facts)
@examples(60)
def test_every_event_can_be_told_in_words_and_as_json(language: Language, fact: Fact) -> None:
    told = case_file.case_file_lines(recorded(RECEIPT, fact), LAW.policies, language, HANOI)
    assert [line.version for line in told] == [1, 2]
    written = case_file_text("TD-2026-000001", told, language, HANOI)
    assert told[1].title in written
    assert case_file.case_file_line_json(told[1])["event"] == type(fact).__name__


def test_a_file_has_one_line_an_event_and_leaves_nothing_out() -> None:
    past = history_of(commands_to_stages(PetitionKind.COMPLAINT)[Stage.CLOSED])
    told = case_file.case_file_lines(past, LAW.policies, "vi", HANOI)
    assert [(line.version, line.event, line.occurred_on) for line in told] == [
        (r.originator_version, type(r.fact).__name__, r.fact.occurred_on) for r in past
    ]
    assert [line.stage for line in told][:6] == [
        *("received", "classified", "accepted", "assigned", "in_progress", "answered_in_writing"),
    ]
    assert {line.unit for line in told[3:]} == {"so-mau"}


def test_a_line_says_what_was_due_also_after_the_answer() -> None:
    told = case_file.case_file_lines(
        history_of(commands_to_stages(PetitionKind.COMPLAINT)[Stage.CLOSED]), LAW.policies, "vi", HANOI
    )
    assert told[0].due_on == date(2026, 7, 20)
    assert told[-1].due_on == date(2026, 7, 31)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2026, 7, 6, 16, 59, tzinfo=UTC), 0),  # 23:59 in Hanoi
        (datetime(2026, 7, 6, 17, 0, tzinfo=UTC), 1),
        (datetime(2026, 8, 5, 17, 0, tzinfo=UTC), 31),
    ],
)
def test_the_days_to_the_entry_are_counted_in_the_authoritys_zone(at: datetime, days: int) -> None:
    (line,) = lines(RECEIPT, at=at)
    assert line.days_between == days
    told = case_file_text("TD-1", [line], "en", HANOI)
    assert (f"{days} day{'s' if days > 1 else ''} later" in told) == (days > 0)


def test_who_recorded_it_is_told_with_unit_and_position_and_for_whom() -> None:
    (receipt,) = recorded(RECEIPT)
    (line,) = case_file.case_file_lines([receipt._replace(by=DEPUTY)], LAW.policies, "en", HANOI)
    assert (line.recorded_by, line.recorded_by_unit, line.recorded_by_position, line.acting_for) == (
        *("pho-chu-tich", "ubnd-tinh", "Phó Chủ tịch", "chu-tich"),
    )
    assert "pho-chu-tich, Phó Chủ tịch, ubnd-tinh (acting for chu-tich)" in case_file_text("TD-1", [line], "en", HANOI)


def test_the_printed_file_reads_like_one() -> None:
    told = case_file.case_file_lines(
        recorded(RECEIPT, WorkStarted(occurred_on=date(2026, 7, 8)), at=datetime(2026, 7, 8, 3, tzinfo=UTC)),
        LAW.policies,
        "vi",
        HANOI,
    )
    assert case_file_text("TD-2026-000001", told, "vi", HANOI) == (
        "HỒ SƠ VỤ VIỆC TD-2026-000001\n"
        "\n"
        "  1. 06/07/2026  Tiếp nhận đơn\n"
        "     nhập vào hệ thống lúc 10:00 ngày 08/07/2026, sau 2 ngày kể từ ngày phát sinh"
        " — van-thu, Văn thư, ban-tcd\n"
        "     → đã tiếp nhận; chưa giao đơn vị nào\n"
        "       nguồn đơn: qua dịch vụ bưu chính\n"
        "       nội dung: Đường hỏng\n"
        "  2. 08/07/2026  Bắt đầu giải quyết\n"
        "     nhập vào hệ thống lúc 10:00 ngày 08/07/2026 — van-thu, Văn thư, ban-tcd\n"
        "     → đang giải quyết; chưa giao đơn vị nào\n"
    )


@given(fact=facts)
@examples(60)
def test_of_a_protected_petition_no_text_that_people_wrote_is_told(fact: Fact) -> None:
    (_, line) = case_file.case_file_lines(recorded(RECEIPT, fact), LAW.policies, "en", HANOI, is_protected=True)
    for value in texts(line.details, free_text_fields(type(fact))):
        assert value == "(thông tin được bảo vệ bí mật)"
    assert set(line.details) == set(event_details(fact))


def texts(value: object, names: frozenset[str], name: str = "") -> list[object]:
    """Return the values under these names, at any depth."""
    if isinstance(value, dict) and name not in names:
        return [found for key, inner in value.items() for found in texts(inner, names, key)]
    if isinstance(value, list) and name not in names:
        return [found for inner in value for found in texts(inner, names)]
    return [value] if name in names else []


def corrected(path: str, **values: str) -> RecordCorrected:
    return RecordCorrected(
        occurred_on=date(2026, 7, 8),
        corrections=(Correction(version=1, form=1, path=path, **values),),
        why="gõ nhầm",
        proposed_by=OfficerId("van-thu"),
    )


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (corrected("place", was='"xã Sai"', becomes='"xã Mẫu"'), "event no. 1, place: xã Sai → xã Mẫu"),
        (corrected("occurred_on", was='"2026-07-06"', becomes='"2026-07-01"'), "day: 06/07/2026 → 01/07/2026"),
        (corrected("person_count", becomes="7"), "persons: — → 7"),
        (corrected("document_no", was='"55/TL"'), "document no.: 55/TL → —"),
        (corrected("occurred_on", becomes="hôm qua"), "day: — → hôm qua"),
        (corrected("remedies.0.text", becomes='"sửa đường"'), "text: — → sửa đường"),
    ],
)
def test_a_correction_is_told_with_its_field_and_both_values(fact: RecordCorrected, text: str) -> None:
    written = case_file_text("TD-1", lines(RECEIPT, fact), "en", HANOI)
    assert text in written


@pytest.mark.parametrize(
    ("path", "becomes", "is_hidden"),
    [
        ("place", '"xã Mẫu"', True),
        ("remedies.0.text", '"xã Mẫu"', True),
        ("matters", '[{"summary": "xã Mẫu"}]', True),
        ("occurred_on", '"2026-07-01"', False),
        ("document_no", '"55/TL"', False),
    ],
)
def test_a_corrected_text_of_a_protected_petition_is_hidden(path: str, becomes: str, is_hidden: bool) -> None:
    history = recorded(RECEIPT, corrected(path, was=becomes, becomes=becomes))
    (_, line) = case_file.case_file_lines(history, LAW.policies, "en", HANOI, is_protected=True)
    (correction,) = line.details["corrections"]
    expected = "(thông tin được bảo vệ bí mật)" if is_hidden else becomes
    assert (correction["was"], correction["becomes"], correction["path"]) == (expected, expected, path)


def test_an_official_is_told_by_name_or_code_and_position() -> None:
    answer = AnsweredInWriting(
        occurred_on=date(2026, 7, 8), signed_by=Official(officer=OfficerId("gd-vidu"), position="Giám đốc")
    )
    assert "signed by: gd-vidu, Giám đốc\n" in case_file_text("TD-1", lines(RECEIPT, answer), "en", HANOI)
    outside = AnsweredInWriting(
        occurred_on=date(2026, 7, 8),
        signed_by=Official(name="Nguyễn Văn Ví Dụ"),
        remedies=(Remedy(text="sửa đường"), Remedy(text="xin lỗi", kind=RemedyKind("apology"))),
    )
    written = case_file_text("TD-1", lines(RECEIPT, outside), "en", HANOI)
    assert "signed by: Nguyễn Văn Ví Dụ\n" in written
    assert "remedies: text sửa đường; text xin lỗi, kind apology\n" in written


def test_a_matter_shows_when_its_letter_was_received_and_counts_its_late_entry_from_the_split() -> None:
    matter = MatterOpened(
        occurred_on=date(2026, 7, 14),
        letter=PETITION,
        number=1,
        received_on=date(2026, 7, 6),
        received_at=datetime(2026, 7, 6, 2, tzinfo=UTC),
        channel=Channel.POST,
        summary="đường hỏng",
        book="TD",
        identity_protected=False,
    )
    (envelope,) = history_of([matter])
    history = [envelope._replace(recorded_at=datetime(2026, 7, 16, 2, tzinfo=UTC))]
    (line,) = told = case_file.case_file_lines(history, LAW.policies, "en", HANOI)
    assert (line.occurred_on, line.days_between) == (date(2026, 7, 14), 2)
    written = case_file_text("TD-1.1", told, "en", HANOI)
    assert "received on: 06/07/2026\n" in written
    assert "received at: 06/07/2026 09:00\n" in written


def test_every_text_that_people_write_at_length_is_known_to_be_free() -> None:
    """Each new field of an event must be named here or in `EVERY_FREE_TEXT`, so it cannot bypass the protection."""
    harmless = {
        *(
            "document_no",
            "decision_no",
            "notice_no",
            "ruling_no",
            "instrument",
            "book",
            "how",
            "evidence",
            "expected_output",
            "flag",
        ),
        *("failed_conditions", "topic", "minutes_page", "minutes_no", "step", "name", "key", "reference"),
        *("rule", "calendar", "ending"),
        *(
            "position",
            "to_body",
            "court",
            "competent_body",
        ),
        # codes, not words
        *("lead_unit", "from_unit", "to_unit", "unit", "coordinating_units", "officer"),
        *("notice_signed_by", "ordered_by", "prepared_by_unit"),
        *("accountable_head", "answered_by", "signed_by", "requested_by", "proposed_by", "approved_by", "decided_by"),
    }
    written = {
        field.name
        for event in EVENTS
        for field in fields(event)
        if "str" in str(field.type) or "OfficerId" in str(field.type) or "UnitId" in str(field.type)
    }
    assert written - EVERY_FREE_TEXT <= harmless, written - EVERY_FREE_TEXT - harmless


def test_a_history_that_does_not_begin_with_an_opening_is_none() -> None:
    with pytest.raises(ValueError, match="does not begin with an opening"):
        lines(WorkStarted(occurred_on=date(2026, 7, 8)))


def test_what_an_alert_asks_for_is_shown_in_a_protected_file_too() -> None:
    (fact,) = [fact for fact in petition_facts() if isinstance(fact, AlertRaised)][:1]
    (_, line) = case_file.case_file_lines(recorded(RECEIPT, fact), LAW.policies, "en", HANOI, is_protected=True)
    assert line.details["step"] == fact.step


def test_a_file_names_units_and_steps_in_words_and_shows_no_code_of_a_rule() -> None:
    opened = UnitOpened(occurred_on=date(2020, 1, 1), unit=UnitId("ban-tcd"), name="Ban Tiếp công dân tỉnh Mẫu")
    taken = OfficeTaken(
        occurred_on=date(2026, 7, 1),
        unit=UnitId("ban-tcd"),
        office=Office.FOLLOW_UP,
        officer=OfficerId("van-thu"),
        position="Văn thư",
        name="Trần Thị Ví Dụ",
    )
    unit = unit_after_event(None, opened, 1)
    units = UnitRegister.of([unit_after_event(unit, taken, 2)])
    raised = AlertRaised(
        occurred_on=date(2026, 8, 17),
        clock=WatchedClock.SETTLEMENT,
        due_on=date(2026, 8, 14),
        step="day-after",
        round=1,
        to=(AlertRole.HEAD,),
        by=(AlertChannel.EMAIL,),
        does=Does.REMIND,
        unit=UnitId("ban-tcd"),
        rule="day-after@1",
        calendar="VN-2026.1",
    )
    told = case_file.case_file_lines(recorded(RECEIPT, raised), LAW.policies, "vi", HANOI)
    steps = parse_national_ladder().words_of_steps()
    written = case_file_text("TD-2026-000001", told, "vi", HANOI, units=units, steps=steps)
    assert "mức nhắc việc: đã quá hạn: đề nghị đôn đốc" in written
    assert "đơn vị: Ban Tiếp công dân tỉnh Mẫu" in written
    assert "Trần Thị Ví Dụ, Văn thư, Ban Tiếp công dân tỉnh Mẫu" in written
    for code in ("day-after", "ban-tcd", "van-thu"):
        assert code not in written
    # who held the office on another day is not named by it
    former = replace(told[0], occurred_on=date(2026, 6, 30))
    assert "van-thu, Văn thư" in case_file_text("TD-2026-000001", [former], "vi", HANOI, units=units, steps=steps)


def test_steps_that_had_passed_when_an_alert_was_raised_are_told_with_it() -> None:
    """As the message about them folds them. Each keeps its number, its day and its line in the history as JSON."""
    steps = parse_national_ladder().words_of_steps()
    rungs = [
        AlertRaised(
            occurred_on=day,
            clock=WatchedClock.SETTLEMENT,
            due_on=date(2026, 8, 14),
            step=step,
            round=1,
            to=(AlertRole.HEAD,),
            by=(AlertChannel.EMAIL,),
            does=Does.TELL,
            rule=f"{step}@1",
            calendar="VN-2026.1",
        )
        for step, day in (
            ("five-days-before", date(2026, 8, 6)), ("due-day", date(2026, 8, 14)), ("day-after", date(2026, 8, 17)),
        )
    ]  # fmt: skip
    history = recorded(RECEIPT, *rungs, WorkStarted(occurred_on=date(2026, 8, 17)), rungs[0])
    of_one_command = [
        event._replace(command_id=UUID(int=1)) if event.originator_version in (2, 3, 4) else event for event in history
    ]
    told = case_file.case_file_lines(of_one_command, LAW.policies, "vi", HANOI)
    written = case_file_text("TD-2026-000001", told, "vi", HANOI, steps=steps)
    numbers = [int(line.split(".")[0]) for line in written.splitlines() if re.match(r" *\d+\. ", line)]
    assert numbers == [1, 4, 5, 6]
    passed = next(line for line in written.splitlines() if "các mức đã qua, ghi cùng lúc" in line)
    assert "2. 06/08/2026" in passed
    assert "3. 14/08/2026" in passed
    assert "five-days-before" not in written
    assert [line.version for line in told] == [1, 2, 3, 4, 5, 6]


def test_nothing_is_due_and_no_unit_is_missed_after_the_end() -> None:
    past = history_of(commands_to_stages(PetitionKind.COMPLAINT)[Stage.REFUSED])
    written = case_file_text("TD-1", case_file.case_file_lines(past, LAW.policies, "vi", HANOI), "vi", HANOI)
    assert "     → không được thụ lý\n" in written


def test_days_since_an_event_are_written_with_their_thousands_apart() -> None:
    at = datetime(2026, 7, 6, 3, tzinfo=UTC)
    late = PetitionReceived(occurred_on=date(2021, 10, 7), channel=Channel.POST, summary="Đường hỏng", book="TD")
    written = case_file_text(
        "TD-1", case_file.case_file_lines(recorded(late, at=at), LAW.policies, "vi", HANOI), "vi", HANOI
    )
    assert "nhập vào hệ thống lúc 10:00 ngày 06/07/2026, sau 1.733 ngày kể từ ngày phát sinh" in written
