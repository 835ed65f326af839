"""Cases of another system, told as facts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.deadlines.deadline import Clock, days_late
from domain.envelope import EventEnvelope
from domain.events import AnsweredInWriting, HistoryFlagged, PetitionAssigned, PetitionReceived, Source, StepTaken
from domain.evolve import fold
from domain.imported_history import PastCase, PastStep, flags, retell
from domain.petition import Petition
from domain.vocabulary import ANSWERED, Channel, PetitionKind, Result, Stage
from tests.domain.scenario import HEAD, PETITION

IMPORTED = date(2026, 7, 6)
RECEIVED = date(2011, 3, 1)
CASE = PastCase(source="so-cu", key="A-17", received_on=RECEIVED)


def day(n: int) -> date:
    return RECEIVED + timedelta(days=n)


def noon(n: int, hour: int = 12) -> datetime:
    return datetime(2011, 3, 1, hour, tzinfo=UTC) + timedelta(days=n)


def but(**changes: object) -> PastCase:
    return PastCase.model_validate(CASE.model_dump() | changes)


def petition(case: PastCase) -> Petition:
    told = fold(EventEnvelope(PETITION, n, fact, HEAD) for n, fact in enumerate(retell(case, IMPORTED), start=1))
    assert told is not None
    return told


def flagged(case: PastCase) -> set[str]:
    return {flag.flag for flag in flags(case, IMPORTED)}


def test_a_case_that_says_only_when_it_came_is_a_receipt() -> None:
    assert retell(CASE, IMPORTED) == [
        PetitionReceived(
            occurred_on=RECEIVED, channel=Channel.OTHER, book="NK", source=Source(name="so-cu", key="A-17")
        )
    ]


def test_a_past_due_date_is_kept_and_counted_by_no_rule_of_today() -> None:
    (deadline,) = retell(but(due_on=day(30)), IMPORTED)[0].deadlines
    assert (deadline.clock, deadline.due_on, deadline.policy, deadline.calendar) == (
        Clock.SETTLEMENT,
        day(30),
        None,
        None,
    )


def test_a_unit_was_assigned_on_its_day_or_from_the_receipt_on() -> None:
    for case, on in ((but(unit="Phòng 4"), RECEIVED), (but(unit="Phòng 4", assigned_on=day(2)), day(2))):
        assigned = retell(case, IMPORTED)[1]
        assert isinstance(assigned, PetitionAssigned)
        assert (assigned.lead_unit, assigned.responsible_officer, assigned.occurred_on) == ("Phòng 4", None, on)
    assert petition(but(unit="Phòng 4", officer="cb-12")).standing.officer == "cb-12"


def test_an_answered_case_is_as_late_as_it_was() -> None:
    standing = petition(but(unit="Phòng 4", due_on=day(30), answered_on=day(37))).standing
    assert standing.stage is Stage.ANSWERED_IN_WRITING
    assert standing.settled_on is not None
    assert standing.due_when_settled is not None
    assert days_late(standing.due_when_settled, standing.settled_on) == 7


def test_steps_and_answer_come_in_the_order_of_the_sources_clock() -> None:
    case = but(
        answered_on=day(5),
        steps=[
            PastStep(step="ba", on=day(5), at=noon(5, 15)),
            PastStep(step="hai", on=day(5), at=noon(5, 9)),
            PastStep(step="một", on=day(1)),
        ],
    )
    _, *later = retell(case, IMPORTED)
    assert [fact.step if isinstance(fact, StepTaken) else "answer" for fact in later] == [
        "một",
        "hai",
        "ba",
        "answer",  # a day without an hour is over at its end
    ]
    assert flags(case, IMPORTED) == []


@pytest.mark.parametrize(
    ("case", "flag"),
    [
        (but(answered_on=day(-1)), "answered_before_receipt"),
        (
            but(received_at=noon(0), answered_on=RECEIVED, answered_at=noon(0, 11)),
            "answered_before_receipt",
        ),
        (but(assigned_on=day(-1), unit="Phòng 4"), "assigned_before_receipt"),
        (but(steps=[PastStep(step="một", on=day(-1))]), "step_before_receipt"),
        (
            but(received_at=noon(0), steps=[PastStep(step="một", on=RECEIVED, at=noon(0, 11))]),
            "step_before_receipt",
        ),
        (but(answered_on=day(1), steps=[PastStep(step="một", on=day(2))]), "step_after_answer"),
        (but(due_on=day(-1)), "due_before_receipt"),
        (but(received_on=IMPORTED + timedelta(days=1)), "in_the_future"),
        (but(answered_on=IMPORTED + timedelta(days=1)), "in_the_future"),
        (but(assigned_on=IMPORTED + timedelta(days=1)), "in_the_future"),
        (but(steps=[PastStep(step="một", on=IMPORTED + timedelta(days=1))]), "in_the_future"),
    ],
)
def test_what_the_rules_would_have_refused_is_kept_and_said_once(case: PastCase, flag: str) -> None:
    assert flagged(case) == {flag}
    said = [fact for fact in retell(case, IMPORTED) if isinstance(fact, HistoryFlagged)]
    assert [(fact.flag, fact.occurred_on) for fact in said] == [(flag, IMPORTED)]
    assert said[0].detail


@pytest.mark.parametrize(
    "case",
    [
        CASE,
        but(answered_on=RECEIVED),
        but(received_at=noon(0), answered_on=RECEIVED, answered_at=noon(0)),
        but(received_at=noon(0), answered_on=RECEIVED),
        but(answered_on=day(1), steps=[PastStep(step="một", on=day(1)), PastStep(step="hai", on=RECEIVED)]),
        but(due_on=RECEIVED),
        but(assigned_on=RECEIVED, unit="Phòng 4"),
        but(received_on=IMPORTED, answered_on=IMPORTED),
        but(due_on=day(30), answered_on=day(300)),
    ],
)
def test_a_tidy_case_is_not_flagged_and_to_be_late_is_not_untidy(case: PastCase) -> None:
    assert flagged(case) == set()


def test_an_instant_without_a_zone_is_not_an_instant() -> None:
    naive = datetime(2011, 3, 1, 12)
    for changes in ({"received_at": naive}, {"answered_at": naive}):
        with pytest.raises(ValidationError, match="timezone"):
            but(**changes)
    with pytest.raises(ValidationError, match="timezone"):
        PastStep(step="một", on=RECEIVED, at=naive)


days = st.integers(-400, 6000).map(day)
instants = st.none() | st.integers(-400, 6000).map(noon)
steps = st.builds(
    PastStep,
    step=st.sampled_from(["", "một", "hai"]),
    on=days,
    at=instants,
    unit=st.sampled_from(["", "Phòng 4"]),
    officer=st.sampled_from(["", "cb-12"]),
)
cases = st.builds(
    PastCase,
    source=st.just("so-cu"),
    key=st.just("A-17"),
    received_on=days,
    received_at=instants,
    channel=st.sampled_from(Channel),
    kind=st.none() | st.sampled_from(PetitionKind),
    summary=st.sampled_from(["", "đường hỏng"]),
    unit=st.sampled_from(["", "Phòng 4"]),
    officer=st.sampled_from(["", "cb-12"]),
    assigned_on=st.none() | days,
    due_on=st.none() | days,
    answered_on=st.none() | days,
    answered_at=instants,
    answer=st.sampled_from(["", "đã trả lời"]),
    result=st.sampled_from(Result),
    steps=st.lists(steps, max_size=5).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_nothing_is_lost_and_nothing_is_put_right(case: PastCase) -> None:
    receipt, *rest = retell(case, IMPORTED)
    assert isinstance(receipt, PetitionReceived)
    assert (receipt.occurred_on, receipt.occurred_at) == (case.received_on, case.received_at)
    assert (receipt.channel, receipt.kind, receipt.summary) == (case.channel, case.kind, case.summary)
    assert receipt.source == Source(name=case.source, key=case.key)
    told = [fact for fact in rest if isinstance(fact, StepTaken)]
    assert sorted((s.step, s.occurred_on, str(s.occurred_at), s.unit, s.officer or "") for s in told) == sorted(
        (s.step, s.on, str(s.at), s.unit, s.officer) for s in case.steps
    )
    answers = [fact for fact in rest if isinstance(fact, AnsweredInWriting)]
    assert [(a.occurred_on, a.answer, a.result) for a in answers] == (
        [] if case.answered_on is None else [(case.answered_on, case.answer, case.result)]
    )
    assert [fact.flag for fact in rest if isinstance(fact, HistoryFlagged)] == [
        flag.flag for flag in flags(case, IMPORTED)
    ]


@settings(max_examples=60, deadline=None)
@given(cases)
def test_any_case_loads_and_is_answered_when_it_says_so(case: PastCase) -> None:
    told = petition(case)
    assert told.standing.received_on == case.received_on
    assert told.standing.settled_on == case.answered_on
    assert (told.standing.stage in ANSWERED) is (case.answered_on is not None)
    assert told.standing.unit == case.unit
    due_on = told.standing.due_on if case.answered_on is None else told.standing.due_when_settled
    assert due_on == case.due_on
    assert told == petition(case)


@settings(max_examples=60, deadline=None)
@given(cases)
def test_each_flag_is_raised_just_when_the_days_say_so(case: PastCase) -> None:
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
        "step_before_receipt": any(on < received for on in ons),
        "step_after_answer": answered is not None and any(on > answered for on in ons),
        "in_the_future": max(d for d in (received, answered, case.assigned_on, *ons) if d) > IMPORTED,
        "due_before_receipt": case.due_on is not None and case.due_on < received,
    }
    assert flagged(by_day) == {flag for flag, is_raised in expected.items() if is_raised}
