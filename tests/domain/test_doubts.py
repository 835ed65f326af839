"""Tests that what is hardly meant is refused with words, and passes where the command confirms exactly that."""

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import pytest

from domain import doubts
from domain.command import Command
from domain.commands import PetitionCommand, ReceivePetition
from domain.decide import decide
from domain.doubts import DOUBTS
from domain.errors import Refused
from domain.evolve import fold
from domain.labels import LANGUAGES
from domain.meetings.commands import MeetingCommand, PlanMeeting
from domain.meetings.decide import decide_meeting
from domain.meetings.meeting import MeetingNeighbours
from domain.petitioner import Petitioner
from domain.refusals.doubts import Doubt
from domain.refusals.general import GeneralRefusal
from domain.units.commands import TakeOffice, UnitCommand
from domain.units.decide import decide_unit
from domain.units.events import Level, Office
from domain.units.unit import UnitRegister
from domain.units.validity import Tenure
from domain.value import replace
from domain.vocabulary import OfficerId, UnitId
from tests.domain import samples as s
from tests.domain.scenario import HEAD, UNITS, GivenPast, decision_context, history_of, usual_officer
from tests.domain.test_meetings import HOLD, PLAN, RECORD

AN, BINH = Petitioner(name="Nguyễn Thị Ví Dụ", identity_no="001000000001"), Petitioner(name="Lê Văn Ví Dụ")


def led_by(*tenures: tuple[str, Office, date, date | None]) -> UnitRegister:
    """Return the usual units; of so-mau the register knows these tenures."""
    so_mau = UnitId("so-mau")
    unit = replace(
        UNITS.by_id[so_mau],
        tenures=tuple(
            Tenure(so_mau, office, OfficerId(officer), "Giám đốc", since, until)
            for officer, office, since, until in tenures
        ),
    )
    return UnitRegister({**UNITS.by_id, so_mau: unit})


GONE = led_by(
    ("giam-doc", Office.HEAD, date(2020, 1, 1), s.july(1)), ("nguoi-moi", Office.HEAD, s.july(2), None)
)  # "giam-doc" of the samples left before they act
PRESENT = led_by(("giam-doc", Office.DEPUTY_HEAD, date(2020, 1, 1), None))
AT_SO_MAU: dict[str, Any] = {
    "organiser": "so-mau",
    "chair": "giam-doc",
    "chair_office": "head",
    "level": Level.PROVINCE,
}


@dataclass(frozen=True)
class Case:
    doubt: Doubt
    command: Command
    given: GivenPast = ()
    units: UnitRegister = UNITS
    same_day: tuple[str, ...] = ()


def received(**changes: object) -> ReceivePetition:
    return s.with_changes(s.RECEIVE, **changes)


def correcting(*fields: tuple[int, str, object]) -> Command:
    named = [{"version": version, "path": path, "becomes": becomes} for version, path, becomes in fields]
    return s.with_changes(s.PROPOSE, place=None, fields=named)


CASES = [
    Case(Doubt.FAR_DAY, s.with_changes(s.ASSIGN, due_on=date(2036, 7, 1)), s.classified_as(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, s.with_changes(s.ASSIGN, due_on=date(2099, 7, 31)), s.classified_as(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, s.with_changes(s.ASSIGN, notice_on=date(2015, 7, 10)), s.classified_as(s.PROPOSAL)),
    Case(
        Doubt.FAR_DAY,
        s.with_changes(
            s.ASSIGN,
            coordinating_units=["so-khac"],
            contributions=[{"unit": "so-khac", "due_on": "2098-01-01"}],
            due_on=date(2098, 1, 2),
        ),
        s.classified_as(s.PROPOSAL),
    ),
    Case(Doubt.FAR_DAY, s.with_changes(s.REASSIGN, new_head_due_on=date(2036, 8, 1)), s.assigned(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, s.with_changes(s.ASK_FOR_TIME, until=date(9998, 1, 1)), s.in_progress(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, s.with_changes(s.PROMISE, promised_for_on=date(2036, 7, 31)), s.answered(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, s.with_changes(s.MANDATE, document_on=date(1962, 7, 3)), s.from_many(2, s.COMPLAINT, AN)),
    Case(Doubt.FAR_DAY, received(occurred_on=date(2016, 7, 6))),
    Case(Doubt.FAR_DAY, s.with_changes(PLAN, organiser="so-mau", planned_for=date(2036, 7, 20))),
    Case(Doubt.FAR_DAY, s.with_changes(RECORD, occurred_on=date(2016, 6, 10))),
    Case(
        Doubt.FAR_DAY,
        TakeOffice(
            occurred_on=s.july(1),
            unit="so-mau",
            office=Office.HEAD,
            officer="a",
            position="b",
            until_on=date(2062, 1, 1),
        ),
    ),
    Case(Doubt.FEWER_PERSONS_THAN_NAMED, received(person_count=1, petitioners=[AN.model_dump(), BINH.model_dump()])),
    Case(
        Doubt.FEWER_PERSONS_THAN_NAMED,
        s.with_changes(s.PROPOSE, place=None, person_count=1),
        [received(person_count=2, petitioners=[AN.model_dump(), BINH.model_dump()])],
    ),
    Case(
        Doubt.PERSON_NAMED_TWICE,
        received(petitioners=[AN.model_dump(), {"name": "Tên khác", "identity_no": "001 000 000 001"}]),
    ),
    Case(
        Doubt.PERSON_NAMED_TWICE,
        received(petitioners=[BINH.model_dump(), {"name": "lê văn VÍ DỤ", "address": "Thôn Mẫu"}]),
    ),
    Case(
        Doubt.PERSON_NAMED_TWICE,
        s.with_changes(s.MANDATE, persons=[BINH.model_dump(), BINH.model_dump()]),
        s.from_many(3, s.COMPLAINT, AN),
    ),
    *(
        Case(Doubt.UNLIKELY_IDENTITY_NO, received(petitioners=[{"name": "Ví Dụ", "identity_no": number}]))
        for number in ("abc", "12345", "0010000000001", "không có")
    ),
    *(
        Case(Doubt.UNLIKELY_PHONE, received(petitioners=[{"name": "Ví Dụ", "phone": number}]))
        for number in ("không có", "0", "12345678901234567890")
    ),
    Case(Doubt.NOT_IN_OFFICE, s.ASSIGN, s.classified_as(s.PROPOSAL), GONE),
    Case(Doubt.NOT_IN_OFFICE, s.with_changes(RECORD, **AT_SO_MAU | {"chair": "ai-do"}), units=PRESENT),
    Case(Doubt.NOT_IN_OFFICE, s.with_changes(RECORD, **AT_SO_MAU | {"instead_of": "ai-do"}), units=PRESENT),
    Case(Doubt.NOT_IN_OFFICE, s.with_changes(PLAN, **AT_SO_MAU), units=GONE),
    Case(Doubt.OFFICE_ENDED, s.ANSWER, s.in_progress(s.PROPOSAL), GONE),
    Case(Doubt.OFFICE_ENDED, s.with_changes(RECORD, chair="giam-doc"), units=GONE),
    # what a correction would make of it is in doubt as what is typed is
    Case(Doubt.FAR_DAY, correcting((4, "deadlines.0.decided_due_on", "2036-07-31")), s.in_progress(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, correcting((4, "notice_on", "2015-07-10")), s.in_progress(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, correcting((1, "occurred_on", "2016-07-06")), s.in_progress(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, correcting((1, "occurred_on", "2024-07-05")), s.in_progress(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, s.with_changes(s.PROPOSE, place=None, received_on=date(2024, 7, 5)), s.in_progress(s.PROPOSAL)),
    Case(
        Doubt.FEWER_PERSONS_THAN_NAMED,
        correcting((1, "person_count", 1)),
        [received(person_count=2, petitioners=[AN.model_dump(), BINH.model_dump()])],
    ),
    Case(Doubt.NOT_IN_OFFICE, correcting((4, "accountable_head.officer", "ai-do")), s.in_progress(s.PROPOSAL), PRESENT),
    Case(Doubt.OFFICE_ENDED, correcting((4, "notice_signed_by.officer", "giam-doc")), s.in_progress(s.PROPOSAL), GONE),
    Case(
        Doubt.UNLIKELY_PHONE,
        s.with_changes(s.PROPOSE, place=None, persons=[{"phone": "không"}]),
        [received(petitioners=[AN.model_dump()])],
    ),
    Case(Doubt.SAME_MEETING_THAT_DAY, RECORD, same_day=("Đối thoại (1)",)),
    Case(Doubt.SAME_MEETING_THAT_DAY, s.with_changes(PLAN, organiser="so-mau"), same_day=("Đối thoại (1)",)),
]
BELIEVED = [
    Case(Doubt.FAR_DAY, s.with_changes(s.ASSIGN, due_on=date(2028, 7, 10)), s.classified_as(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, received(occurred_on=date(2016, 11, 1))),
    Case(Doubt.FEWER_PERSONS_THAN_NAMED, received(person_count=7, petitioners=[AN.model_dump()])),
    Case(Doubt.FAR_DAY, correcting((1, "occurred_on", "2024-07-10")), s.in_progress(s.PROPOSAL)),
    Case(Doubt.FAR_DAY, correcting((4, "deadlines.0.decided_due_on", "2028-07-06")), s.in_progress(s.PROPOSAL)),
    Case(Doubt.FEWER_PERSONS_THAN_NAMED, correcting((1, "person_count", 3)), [received(petitioners=[AN.model_dump()])]),
    Case(
        Doubt.PERSON_NAMED_TWICE,
        received(petitioners=[AN.model_dump(), {"name": AN.name, "identity_no": "001000000002"}]),
    ),
    *(
        Case(Doubt.UNLIKELY_IDENTITY_NO, received(petitioners=[{"name": "Ví Dụ", "identity_no": number}]))
        for number in ("", "012345678", "001 234 567 890", "C1234567")
    ),
    *(
        Case(Doubt.UNLIKELY_PHONE, received(petitioners=[{"name": "Ví Dụ", "phone": number}]))
        for number in ("", "0900 000 000", "+84 900 000 000", "(024) 3800 0000", "+1 202 555 0100")
    ),
    Case(Doubt.NOT_IN_OFFICE, s.ASSIGN, s.classified_as(s.PROPOSAL), PRESENT),
    Case(Doubt.NOT_IN_OFFICE, s.with_changes(RECORD, **AT_SO_MAU), units=PRESENT),
    Case(Doubt.OFFICE_ENDED, s.ANSWER, s.in_progress(s.PROPOSAL), PRESENT),
]


def decided(case: Case, command: Command) -> object:
    if isinstance(command, get_args(UnitCommand)):
        return decide_unit(command, case.units)
    context = decision_context(HEAD)._replace(units=case.units, neighbours=MeetingNeighbours(same_day=case.same_day))
    if isinstance(command, get_args(MeetingCommand)):
        meeting = None if isinstance(command, type(RECORD) | PlanMeeting) else decision_context(HEAD).meeting
        return decide_meeting(command, meeting, context)
    assert isinstance(command, get_args(PetitionCommand))
    history = history_of(case.given)
    today = context.today if isinstance(command, ReceivePetition) else command.occurred_on  # entered on its own day
    around = context._replace(by=usual_officer(command), history=history, today=today)
    return decide(command, fold(history), around)


def doubt_of(case: Case, confirmed: set[str]) -> Doubt | None:
    """Return what is refused though these doubts are confirmed; None where the command passes."""
    try:
        assert decided(case, s.with_changes(case.command, confirm=sorted(confirmed)))
    except Refused as refused:
        return Doubt[refused.code.name]
    return None


def named(cases: list[Case]) -> list[str]:
    return [f"{case.doubt.code}-{type(case.command).__name__}-{n}" for n, case in enumerate(cases)]


@pytest.mark.parametrize("case", CASES, ids=named(CASES))
def test_a_doubt_is_refused_with_words_unless_it_is_confirmed(case: Case) -> None:
    with pytest.raises(Refused) as refused:
        decided(case, case.command)
    assert refused.value.code is case.doubt
    for language in LANGUAGES:
        assert refused.value.sentence(language)
        assert case.doubt.code in refused.value.instead(language)
    assert not {"Ví Dụ", "001000000001"} & {str(value) for value in refused.value.values.values()}
    confirmed: set[str] = set()
    while (doubt := doubt_of(case, confirmed)) is not None:  # a command may hold a second one: each is asked for
        assert doubt.code not in confirmed
        confirmed.add(doubt.code)
    assert case.doubt.code in confirmed


@pytest.mark.parametrize("case", BELIEVED, ids=named(BELIEVED))
def test_what_may_well_be_meant_is_not_in_doubt(case: Case) -> None:
    assert decided(case, case.command)
    with pytest.raises(Refused) as refused:
        decided(case, s.with_changes(case.command, confirm=[case.doubt.code]))
    assert (refused.value.code, refused.value.values) == (
        GeneralRefusal.NOTHING_TO_CONFIRM,
        {"codes": (case.doubt.code,)},
    )


def test_a_finder_that_is_not_asked_would_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command is asked by all finders, and comes to the same."""

    def outcome(case: Case) -> tuple[object, ...]:
        try:
            return (decided(case, case.command),)
        except Refused as refused:
            return refused.code, refused.values

    by_fields = [outcome(case) for case in (*CASES, *BELIEVED)]
    monkeypatch.setattr(doubts, "_finders_for", lambda *_: [(doubt, row.find) for doubt, row in DOUBTS.items()])
    assert [outcome(case) for case in (*CASES, *BELIEVED)] == by_fields


def test_every_doubt_has_a_finder_and_a_case() -> None:
    assert set(DOUBTS) == set(Doubt) == {case.doubt for case in CASES}


def test_a_code_that_is_none_is_no_confirmation() -> None:
    with pytest.raises(ValueError, match="confirm"):
        s.with_changes(HOLD, confirm=["anything"])
