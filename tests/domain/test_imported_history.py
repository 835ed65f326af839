"""Tests how cases of another system become facts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import days_late
from domain.doubts import lies_far_from
from domain.envelope import EventEnvelope
from domain.events import (
    AnsweredInWriting,
    ExternalStepRecorded,
    ImportFlagged,
    Official,
    PetitionAssigned,
    PetitionReceived,
    Source,
    officer_of,
    official_shown,
)
from domain.evolve import fold
from domain.imported_history import ImportedCase, ImportedStep, facts_of_imported_case, find_import_flags
from domain.petition import Petition
from domain.value import UNSET, known, said
from domain.vocabulary import ANSWERED_STAGES, Channel, PetitionKind, Result, Stage
from tests.domain.scenario import HEAD, PETITION
from tests.examples import examples

IMPORTED = date(2026, 7, 6)
RECEIVED = date(2011, 3, 1)
CASE = ImportedCase(source="so-cu", key="A-17", received_on=RECEIVED)


def day_after_receipt(n: int) -> date:
    return RECEIVED + timedelta(days=n)


def noon(n: int, hour: int = 12) -> datetime:
    return datetime(2011, 3, 1, hour, tzinfo=UTC) + timedelta(days=n)


def case_with(**changes: object) -> ImportedCase:
    return ImportedCase.model_validate(CASE.model_dump() | changes)


def petition(case: ImportedCase) -> Petition:
    imported = fold(
        EventEnvelope(PETITION, n, fact, HEAD) for n, fact in enumerate(facts_of_imported_case(case, IMPORTED), start=1)
    )
    assert imported is not None
    return imported


def flagged(case: ImportedCase) -> set[str]:
    return {flag.flag for flag in find_import_flags(case, IMPORTED)}


def test_a_case_that_says_only_when_it_came_is_a_receipt() -> None:
    assert facts_of_imported_case(CASE, IMPORTED) == [
        PetitionReceived(
            occurred_on=RECEIVED,
            book="NK",
            source=Source(name="so-cu", key="A-17"),
        )
    ]


def test_a_past_due_date_is_kept_and_counted_by_no_rule_of_today() -> None:
    (deadline,) = said(facts_of_imported_case(case_with(due_on=day_after_receipt(30)), IMPORTED)[0].deadlines, ())
    assert (deadline.clock, deadline.due_on, deadline.policy, deadline.calendar) == (
        Clock.SETTLEMENT,
        day_after_receipt(30),
        UNSET,
        UNSET,
    )


def test_a_unit_was_assigned_on_its_day_or_from_the_receipt_on() -> None:
    for case, on in (
        (case_with(unit="Phòng 4"), RECEIVED),
        (case_with(unit="Phòng 4", assigned_on=day_after_receipt(2)), day_after_receipt(2)),
    ):
        assigned = facts_of_imported_case(case, IMPORTED)[1]
        assert isinstance(assigned, PetitionAssigned)
        assert (assigned.lead_unit, assigned.responsible, assigned.occurred_on) == ("Phòng 4", UNSET, on)


def test_the_sources_word_for_an_official_is_a_name_and_no_code_of_the_register() -> None:
    case = case_with(unit="Phòng 4", officer="cb-12")
    assert petition(case).status.officer is None
    (assigned,) = [fact for fact in facts_of_imported_case(case, IMPORTED) if isinstance(fact, PetitionAssigned)]
    assert assigned.responsible == Official(name="cb-12")


def test_an_answered_case_is_as_late_as_it_was() -> None:
    status = petition(case_with(unit="Phòng 4", due_on=day_after_receipt(30), answered_on=day_after_receipt(37))).status
    assert status.stage is Stage.ANSWERED_IN_WRITING
    assert status.settled_on is not None
    assert status.due_when_settled is not None
    assert days_late(status.due_when_settled, status.settled_on) == 7


def test_steps_and_answer_come_in_the_order_of_the_sources_clock() -> None:
    case = case_with(
        answered_on=day_after_receipt(5),
        steps=[
            ImportedStep(step="ba", on=day_after_receipt(5), at=noon(5, 15)),
            ImportedStep(step="hai", on=day_after_receipt(5), at=noon(5, 9)),
            ImportedStep(step="một", on=day_after_receipt(1)),
        ],
    )
    _, *later = facts_of_imported_case(case, IMPORTED)
    assert [fact.step if isinstance(fact, ExternalStepRecorded) else "answer" for fact in later] == [
        "một",
        "hai",
        "ba",
        "answer",  # a day without an hour is over at its end
    ]
    assert find_import_flags(case, IMPORTED) == []


@pytest.mark.parametrize(
    ("case", "flag"),
    [
        (case_with(answered_on=day_after_receipt(-1)), "answered_before_receipt"),
        (
            case_with(received_at=noon(0), answered_on=RECEIVED, answered_at=noon(0, 11)),
            "answered_before_receipt",
        ),
        (case_with(assigned_on=day_after_receipt(-1), unit="Phòng 4"), "assigned_before_receipt"),
        (case_with(assigned_on=day_after_receipt(2), answered_on=day_after_receipt(1)), "answered_before_assignment"),
        (case_with(steps=[ImportedStep(step="một", on=day_after_receipt(-1))]), "step_before_receipt"),
        (
            case_with(received_at=noon(0), steps=[ImportedStep(step="một", on=RECEIVED, at=noon(0, 11))]),
            "step_before_receipt",
        ),
        (
            case_with(answered_on=day_after_receipt(1), steps=[ImportedStep(step="một", on=day_after_receipt(2))]),
            "step_after_answer",
        ),
        (case_with(due_on=day_after_receipt(-1)), "due_before_receipt"),
        (case_with(received_on=IMPORTED + timedelta(days=1)), "in_the_future"),
        (case_with(answered_on=IMPORTED + timedelta(days=1)), "in_the_future"),
        (case_with(assigned_on=IMPORTED + timedelta(days=1)), "in_the_future"),
        (case_with(steps=[ImportedStep(step="một", on=IMPORTED + timedelta(days=1))]), "in_the_future"),
    ],
)
def test_what_the_rules_would_have_refused_is_kept_and_said_once(case: ImportedCase, flag: str) -> None:
    assert flagged(case) == {flag}
    said = [fact for fact in facts_of_imported_case(case, IMPORTED) if isinstance(fact, ImportFlagged)]
    assert [(fact.flag, fact.occurred_on) for fact in said] == [(flag, IMPORTED)]
    assert said[0].detail


@pytest.mark.parametrize(
    "case",
    [
        CASE,
        case_with(answered_on=RECEIVED),
        case_with(received_at=noon(0), answered_on=RECEIVED, answered_at=noon(0)),
        case_with(received_at=noon(0), answered_on=RECEIVED),
        case_with(
            answered_on=day_after_receipt(1),
            steps=[ImportedStep(step="một", on=day_after_receipt(1)), ImportedStep(step="hai", on=RECEIVED)],
        ),
        case_with(due_on=RECEIVED),
        case_with(assigned_on=RECEIVED, unit="Phòng 4"),
        case_with(received_on=IMPORTED, answered_on=IMPORTED),
        case_with(due_on=day_after_receipt(30), answered_on=day_after_receipt(300)),
    ],
)
def test_a_tidy_case_is_not_flagged_and_to_be_late_is_not_untidy(case: ImportedCase) -> None:
    assert flagged(case) == set()


def test_an_instant_without_a_zone_is_not_an_instant() -> None:
    naive = datetime(2011, 3, 1, 12)
    for changes in ({"received_at": naive}, {"answered_at": naive}):
        with pytest.raises(ValidationError, match="timezone"):
            case_with(**changes)
    with pytest.raises(ValidationError, match="timezone"):
        ImportedStep(step="một", on=RECEIVED, at=naive)


def test_a_result_that_the_source_does_not_know_is_left_unsaid() -> None:
    for case, result in (
        (case_with(answered_on=RECEIVED), UNSET),
        (case_with(answered_on=RECEIVED, result=Result.RIGHT), Result.RIGHT),
    ):
        (answer,) = [fact for fact in facts_of_imported_case(case, IMPORTED) if isinstance(fact, AnsweredInWriting)]
        assert answer.result is result


days = st.integers(-400, 6000).map(day_after_receipt)
instants = st.none() | st.integers(-400, 6000).map(noon)
steps = st.builds(
    ImportedStep,
    step=st.sampled_from(["", "một", "hai"]),
    on=days,
    at=instants,
    unit=st.sampled_from(["", "Phòng 4"]),
    officer=st.sampled_from(["", "cb-12"]),
)
cases = st.builds(
    ImportedCase,
    source=st.just("so-cu"),
    key=st.just("A-17"),
    received_on=days,
    received_at=instants,
    channel=st.none() | st.sampled_from(Channel),
    kind=st.none() | st.sampled_from(PetitionKind),
    summary=st.sampled_from(["", "đường hỏng"]),
    unit=st.sampled_from(["", "Phòng 4"]),
    officer=st.sampled_from(["", "cb-12"]),
    assigned_on=st.none() | days,
    due_on=st.none() | days,
    answered_on=st.none() | days,
    answered_at=instants,
    answer=st.sampled_from(["", "đã trả lời"]),
    result=st.none() | st.sampled_from(Result),
    steps=st.lists(steps, max_size=5).map(tuple),
)


@examples(60)
@given(cases)
def test_nothing_is_lost_and_nothing_is_put_right(case: ImportedCase) -> None:
    receipt, *rest = facts_of_imported_case(case, IMPORTED)
    assert isinstance(receipt, PetitionReceived)
    assert (receipt.occurred_on, known(receipt.occurred_at)) == (case.received_on, case.received_at)
    assert (known(receipt.channel), known(receipt.kind), said(receipt.summary, "")) == (
        case.channel,
        case.kind,
        case.summary,
    )
    assert receipt.source == Source(name=case.source, key=case.key)
    recorded_steps = [fact for fact in rest if isinstance(fact, ExternalStepRecorded)]
    assert sorted(
        (said(s.step, ""), s.occurred_on, str(known(s.occurred_at)), said(s.unit, ""), official_shown(s.officer) or "")
        for s in recorded_steps
    ) == sorted((s.step, s.on, str(s.at), s.unit, s.officer) for s in case.steps)
    assert all(officer_of(s.officer) is None for s in recorded_steps)
    answers = [fact for fact in rest if isinstance(fact, AnsweredInWriting)]
    assert [(a.occurred_on, said(a.answer, ""), known(a.result)) for a in answers] == (
        [] if case.answered_on is None else [(case.answered_on, case.answer, case.result)]
    )
    assert [fact.flag for fact in rest if isinstance(fact, ImportFlagged)] == [
        flag.flag for flag in find_import_flags(case, IMPORTED)
    ]


@examples(60)
@given(cases)
def test_any_case_loads_and_is_answered_when_it_says_so(case: ImportedCase) -> None:
    loaded = petition(case)
    assert loaded.status.received_on == case.received_on
    assert loaded.status.settled_on == case.answered_on
    assert (loaded.status.stage in ANSWERED_STAGES) is (case.answered_on is not None)
    assert loaded.status.unit == case.unit
    due_on = loaded.status.due_on if case.answered_on is None else loaded.status.due_when_settled
    assert due_on == case.due_on
    assert loaded == petition(case)


@examples(60)
@given(cases)
def test_each_flag_is_raised_just_when_the_days_say_so(case: ImportedCase) -> None:
    by_day = case.model_copy(
        update={
            "received_at": None,
            "answered_at": None,
            "steps": tuple(step.model_copy(update={"at": None}) for step in case.steps),
        }
    )
    ons = [step.on for step in case.steps]
    answered, received = case.answered_on, case.received_on
    expected = {
        "answered_before_receipt": answered is not None and answered < received,
        "assigned_before_receipt": case.assigned_on is not None and case.assigned_on < received,
        "answered_before_assignment": answered is not None and answered < (case.assigned_on or answered),
        "step_before_receipt": any(on < received for on in ons),
        "step_after_answer": answered is not None and any(on > answered for on in ons),
        "in_the_future": max(d for d in (received, answered, case.assigned_on, *ons) if d) > IMPORTED,
        "due_before_receipt": case.due_on is not None and case.due_on < received,
        "far_day": case.due_on is not None and lies_far_from(case.due_on, received),
    }
    assert flagged(by_day) == {flag for flag, is_raised in expected.items() if is_raised}
