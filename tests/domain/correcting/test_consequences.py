"""Tests what follows from a field that is put right, and which values and fields are refused."""

from datetime import date

import pytest

from domain.commands import ApproveCorrection, ProposeCorrection
from domain.correcting.history import corrected_history
from domain.deadlines.clock import Clock
from domain.deadlines.ledger import fold_ledger
from domain.errors import Refused
from domain.events import Contribution, Fact, RecordCorrected
from domain.petition import Petition
from domain.vocabulary import UnitId
from tests.domain import samples
from tests.domain.samples import COMPLAINT, PROPOSAL, answered, august, in_progress, july, with_changes
from tests.domain.scenario import CLERK, GivenPast, history_of, only_fact, outcome, petition_after

NOVEMBER = date(2026, 11, 1)
APPROVED = ApproveCorrection(occurred_on=august(6))


def proposal(*fields: tuple[int, str, object]) -> ProposeCorrection:
    named = [{"version": version, "path": path, "becomes": becomes} for version, path, becomes in fields]
    return ProposeCorrection.model_validate({"occurred_on": august(5), "fields": named, "why": "gõ nhầm"})


def corrected(given: GivenPast, *fields: tuple[int, str, object]) -> Petition:
    return petition_after([*given, proposal(*fields), APPROVED])


def right_facts(given: GivenPast, *fields: tuple[int, str, object]) -> dict[str, Fact]:
    history = corrected_history(history_of([*given, proposal(*fields), APPROVED]))
    return {type(event.fact).__name__: event.fact for event in history}


def assigned_until(due_on: date) -> GivenPast:
    """Return a proposal that was assigned with that date of the head, as event 4."""
    far = ("far_day",) if due_on.year > 2030 else ()
    return [
        with_changes(one, due_on=due_on, confirm=far) if one is samples.ASSIGN else one for one in in_progress(PROPOSAL)
    ]


def test_the_year_of_a_heads_date_that_was_mistyped_is_put_right_and_both_dates_are_seen() -> None:
    given = assigned_until(date(2036, 7, 31))
    petition = corrected(given, (4, "deadlines.0.decided_due_on", "2026-07-31"))
    assert petition.status.due_on == july(31)
    assert petition.deadlines[Clock.HEAD] == petition_after(assigned_until(july(31))).deadlines[Clock.HEAD]
    assert petition.is_past_limit(august(1))
    history = history_of([*given, proposal((4, "deadlines.0.decided_due_on", "2026-07-31")), APPROVED])
    (head,) = (run for run in fold_ledger(history).clocks if run.clock is Clock.HEAD)
    assert [segment.due_after for segment in head.course] == [date(2036, 7, 31), july(31)]
    (moved,) = history[-1].fact.recalculated  # type: ignore[union-attr, misc]
    assert (moved.clock, moved.old_due_on, moved.new_due_on) == (Clock.HEAD, date(2036, 7, 31), july(31))


def test_a_late_answer_that_was_punctual_is_restated_with_both_numbers_of_days() -> None:
    late: GivenPast = [*in_progress(PROPOSAL), with_changes(samples.ANSWER, occurred_on=august(3))]
    of_answer = (len(history_of(late)), "occurred_on", "2026-07-30")
    fact = only_fact(RecordCorrected, outcome(given=[*late, proposal(of_answer)], when=APPROVED))
    assert (fact.days_late_was, fact.days_late_becomes) == (3, 0)
    petition = corrected(late, of_answer)
    assert (petition.status.settled_on, petition.status.due_when_settled) == (july(30), july(31))


def test_a_receipt_put_right_after_the_end_counts_the_clocks_again_that_had_stopped() -> None:
    given = answered(COMPLAINT)
    before, after = petition_after(given), corrected(given, (1, "occurred_on", "2026-07-01"))
    assert after.received_on == july(1)
    assert after.status.settled_on == before.status.settled_on
    assert after.status.due_when_settled == before.status.due_when_settled, "the settlement counts from the acceptance"


def test_the_day_of_acceptance_moves_the_settlement_and_what_it_was_due_when_it_ended() -> None:
    given = answered(COMPLAINT)
    day = history_of(given)[2].fact.occurred_on
    earlier = day.replace(day=day.day - 1)
    before = petition_after(given).stopped_deadlines[Clock.SETTLEMENT]
    petition = corrected(given, (3, "occurred_on", earlier.isoformat()))
    after = petition.stopped_deadlines[Clock.SETTLEMENT]
    assert (before.started_on, after.started_on) == (day, earlier)
    assert after.due_on < before.due_on
    assert after.original_due_on == after.due_on


def test_the_answering_unit_follows_the_unit_that_was_assigned() -> None:
    facts = right_facts(answered(PROPOSAL), (4, "lead_unit", "so-khac"))
    assert facts["PetitionAssigned"].lead_unit == facts["AnsweredInWriting"].unit == "so-khac"  # type: ignore[attr-defined]
    assert corrected(answered(PROPOSAL), (4, "lead_unit", "so-khac")).status.unit == "so-khac"


def test_a_suspension_on_another_day_moves_the_clock_by_other_days() -> None:
    given: GivenPast = [*in_progress(COMPLAINT), samples.SUSPEND, samples.RESUME]
    version = len(history_of(given)) - 1
    before, day = petition_after(given), history_of(given)[version - 1].fact.occurred_on
    later = day.replace(day=day.day + 1)
    facts = right_facts(given, (version, "occurred_on", later.isoformat()))
    assert facts["ProcessingResumed"].suspended_on == later  # type: ignore[attr-defined]
    after = corrected(given, (version, "occurred_on", later.isoformat()))
    assert after.deadlines[Clock.SETTLEMENT].due_on <= before.deadlines[Clock.SETTLEMENT].due_on
    assert after.suspensions[0].suspended_on == later


def test_the_part_of_a_unit_that_was_mistaken_is_owed_by_the_right_one_on_the_right_day() -> None:
    part = {"unit": "so-khac", "due_on": july(20)}
    asked = {"coordinating_units": ["so-khac"], "contributions": [part]}
    given = [with_changes(one, **asked) if one is samples.ASSIGN else one for one in in_progress(PROPOSAL)]
    fields = (
        *((4, "coordinating_units", ["bo-mau"]), (4, "contributions.0.unit", "bo-mau")),
        (4, "contributions.0.due_on", "2026-07-24"),
    )
    facts = right_facts(given, *fields)
    assert facts["PetitionAssigned"].contributions == (Contribution(unit=UnitId("bo-mau"), due_on=july(24)),)  # type: ignore[attr-defined]
    (key,) = corrected(given, *fields).status.duties
    assert (key.subject and key.subject.reference, corrected(given, *fields).status.duties[key].due_on) == (
        "bo-mau",
        july(24),
    )


def test_a_channel_that_was_mistaken_starts_the_duty_that_goes_with_it() -> None:
    given = [with_changes(samples.RECEIVE, channel="post"), *answered(PROPOSAL)[1:]]
    assert Clock.RESULT_TO_REFERRER not in {key.clock for key in petition_after(given).duties}
    petition = corrected(given, (1, "channel", "referred_by_deputy"))
    assert Clock.RESULT_TO_REFERRER in {key.clock for key in petition.duties}
    back = (1, "channel", "post")
    assert (
        petition_after(
            [*given, proposal((1, "channel", "referred_by_deputy")), APPROVED, proposal(back), APPROVED]
        ).duties
        == {}
    )


def test_a_mistake_in_all_days_of_a_record_is_put_right_at_once() -> None:
    given = in_progress(PROPOSAL)
    days = [
        (event.originator_version, "occurred_on", event.fact.occurred_on.replace(month=6).isoformat())
        for event in history_of(given)
    ]
    petition = corrected(given, *days, (4, "notice_on", "2026-06-08"))
    assert petition.received_on == date(2026, 6, 6)
    assert petition.assigned_on is not None
    assert petition.assigned_on.month == 6


def test_a_proposal_is_refused_when_its_field_was_corrected_meanwhile() -> None:
    given: GivenPast = [*in_progress(PROPOSAL), proposal((4, "lead_unit", "so-khac"))]
    history = history_of([*given, APPROVED])
    waiting = [event.fact for event in (*history, history_of(given)[-1])]
    with pytest.raises(Refused, match="the field lead_unit of the event number 4 has changed since the proposal"):
        outcome(given=waiting, when=APPROVED, by=CLERK)


@pytest.mark.parametrize(
    ("fields", "no"),
    [
        ([(1, "kind", "complaint")], "is changed by classifying again"),
        ([(1, "book", "KN")], "says which other record is meant"),
        ([(1, "persons", None)], "refers to the vault of identities"),
        ([(4, "deadlines.0.due_on", "2026-07-31")], "follows from other fields"),
        ([(4, "nothing", "x")], "has no field nothing"),
        ([(9, "occurred_on", "2026-07-01")], "has no event number 9"),
        ([(4, "lead_unit", 7)], "takes no such value"),
        ([(4, "lead_unit", None)], "takes no such value"),
        ([(4, "lead_unit", "so-mau")], "says so already"),
        ([(4, "lead_unit", "khong-co")], "khong-co"),
        ([(4, "lead_unit", "huyen-cu")], "huyen-cu"),
        ([(4, "notice_on", "08/07/2026")], "takes no such value"),
        ([(4, "notice_on", "1944-07-08")], "takes no such value"),
        ([(4, "notice_on", "2026-12-31")], "cannot lie in the future"),
        ([(4, "notice_no", "x\ny")], "takes no such value"),
        ([(4, "notice_no", "x" * 301)], "takes no such value"),
        ([(1, "person_count", 0)], "takes no such value"),
        ([(1, "person_count", True)], "takes no such value"),
        ([(1, "occurred_on", "2026-07-09")], "would lie after what happened on 2026-07-08"),
        ([(4, "deadlines.0.decided_due_on", "2026-07-01")], "would lie before the event number 4"),
        ([(5, "occurred_on", "2026-07-07")], "which it has to follow"),
        ([(4, "responsible.officer", "a"), (4, "responsible.officer", "b")], "is named twice"),
        ([], "say what the record should have said"),
    ],
)
def test_what_no_door_would_take_is_refused_as_a_correction_too(fields: list[tuple[int, str, object]], no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=in_progress(PROPOSAL), when=proposal(*fields))
