"""Tests what a change of law moves, and what it leaves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines.apportioning import whole_share
from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import Move
from domain.deadlines.ledger import fold_ledger
from domain.deadlines.limit import DayKind
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import DeadlineRecalculated, PetitionAssigned
from domain.evolve import evolve
from domain.law_changes.differences import ChangedDay, ChangedRule, changed_days, changed_rules
from domain.law_changes.events import LawChangeProposed, Subject
from domain.law_changes.law_change import LawChange
from domain.law_changes.new_law import digest_of_law, law_with_change
from domain.law_changes.review import LawComparison, MovedPetition, recalculation_event
from domain.petition import Petition
from domain.value import UNSET
from domain.vocabulary import LawChangeId, UnitId
from tests.domain.command_sequences import LIVES, Life
from tests.domain.law_changes.files import ANSWERS, EARLIER, HOLIDAY, SATURDAY, SHORTER
from tests.domain.samples import (
    ACCEPT,
    ASK_FOR_TIME,
    COMPLAINT,
    COMPLEX,
    EXTEND,
    PROPOSAL,
    RECEIVE,
    REOPEN,
    RESUME,
    SUSPEND,
    answered,
    assigned,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, PETITION, TODAY, WORKER, GivenPast, history_of, national_law, petition_after
from tests.examples import examples

LAW = national_law()
CHANGE = LawChangeId(PETITION)


def comparison(subject: Subject, text: str, *, binds_running: bool = False) -> LawComparison:
    return LawComparison(LAW, law_with_change(LAW, subject, text), TODAY, binds_running)


def moved_dates(past: GivenPast, subject: Subject, text: str, *, binds_running: bool = False) -> dict[Clock, date]:
    found = comparison(subject, text, binds_running=binds_running).moved_clocks(petition_after(past))
    return {one.after.clock: one.after.due_on for one in found}


# -- a calendar ------------------------------------------------------------------------------------------------------


def test_a_holiday_moves_every_running_clock_that_it_lies_in_and_no_other() -> None:
    assert moved_dates([RECEIVE], Subject.CALENDAR, HOLIDAY) == {Clock.TRIAGE: july(21)}
    # triage has stopped; the settlement ends on the second holiday; the head's date was set by a person
    assert moved_dates(in_progress(COMPLAINT), Subject.CALENDAR, HOLIDAY) == {Clock.SETTLEMENT: august(11)}
    assert moved_dates(in_progress(PROPOSAL), Subject.CALENDAR, HOLIDAY) == {}
    assert moved_dates(answered(COMPLAINT), Subject.CALENDAR, HOLIDAY) == {}


def test_a_saturday_that_is_worked_brings_a_date_nearer() -> None:
    assert moved_dates([RECEIVE], Subject.CALENDAR, SATURDAY) == {Clock.TRIAGE: july(17)}


def test_days_in_a_suspension_move_nothing_and_the_suspension_is_kept() -> None:
    past = [
        *in_progress(COMPLAINT),
        with_changes(SUSPEND, occurred_on=july(13)),
        with_changes(RESUME, occurred_on=july(14)),
    ]
    assert moved_dates(past, Subject.CALENDAR, HOLIDAY) == {Clock.SETTLEMENT: august(11)}
    later = [*in_progress(COMPLAINT), SUSPEND, RESUME]
    assert moved_dates(later, Subject.CALENDAR, HOLIDAY) == {}


def test_an_extended_date_was_decided_and_is_not_counted_anew() -> None:
    past = [*in_progress(COMPLAINT), ASK_FOR_TIME, with_changes(EXTEND)]
    assert Clock.HEAD not in moved_dates(past, Subject.CALENDAR, HOLIDAY)


def test_a_calendar_that_ends_too_early_is_refused() -> None:
    """A file of a site replaces years and adds some; it cannot take any away."""
    with pytest.raises(Refused, match="is a day off already"):
        law_with_change(LAW, Subject.CALENDAR, HOLIDAY.replace("2026-07-13", "2026-09-02"))


# -- rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_binds_the_clocks_that_were_started_while_it_is_in_force() -> None:
    assert moved_dates(in_progress(COMPLAINT), Subject.POLICY, SHORTER) == {}
    assert moved_dates(in_progress(COMPLAINT), Subject.POLICY, EARLIER) == {Clock.SETTLEMENT: july(29)}


def test_an_instrument_that_says_so_binds_running_clocks_too() -> None:
    assert moved_dates(in_progress(COMPLAINT), Subject.POLICY, SHORTER, binds_running=True) == {
        Clock.SETTLEMENT: july(29)
    }


def test_a_clock_that_runs_by_another_rule_is_left_alone() -> None:
    complex_one = [*in_progress(COMPLAINT), COMPLEX]
    assert moved_dates(complex_one, Subject.POLICY, EARLIER) == {}
    remote = [with_changes(RECEIVE, is_remote_area=True), *in_progress(COMPLAINT)[1:]]
    assert moved_dates(remote, Subject.POLICY, EARLIER, binds_running=True) == {}
    assert moved_dates(in_progress(PROPOSAL), Subject.POLICY, EARLIER) == {}


def test_a_rule_on_file_is_ended_and_never_edited() -> None:
    with pytest.raises(Refused, match="complaint-settlement@1 is on file and says something else"):
        law_with_change(LAW, Subject.POLICY, SHORTER.replace('"30cd"', '"29cd"'))
    same = SHORTER.partition("[[policy]]\nid")[2].partition("[[policy]]")[0].replace("in_force_to = 2026-07-31\n", "")
    with pytest.raises(Refused, match="says nothing new of what dates are counted by"):
        law_with_change(LAW, Subject.POLICY, "[[policy]]\nid" + same)
    with pytest.raises(Refused, match="line"):
        law_with_change(LAW, Subject.POLICY, SHORTER.replace("legal_source", "legal_sauce"))
    with pytest.raises(Refused, match="are in force together"):
        law_with_change(LAW, Subject.POLICY, SHORTER.replace("in_force_to = 2026-07-31\n", ""))


def test_a_law_is_recognised_by_what_dates_are_counted_by() -> None:
    assert digest_of_law(LAW) == digest_of_law(national_law())
    assert (
        len(
            {
                digest_of_law(LAW),
                *(digest_of_law(law_with_change(LAW, Subject.CALENDAR, text)) for text in (HOLIDAY, SATURDAY)),
            }
        )
        == 3
    )
    assert digest_of_law(law_with_change(LAW, Subject.POLICY, SHORTER)) != digest_of_law(LAW)


# -- a limit where there was none ------------------------------------------------------------------------------------


def test_a_province_that_sets_a_limit_starts_the_clock_of_every_answer_that_its_rule_binds() -> None:
    """Row 14 of the table of limits applies. It is assigned on Friday 10 July; 20 working days end on 7 August."""
    assert moved_dates(assigned(PROPOSAL), Subject.POLICY, ANSWERS) == {Clock.SETTLEMENT: august(7)}
    assert moved_dates([*in_progress(PROPOSAL), SUSPEND], Subject.POLICY, ANSWERS) == {Clock.SETTLEMENT: august(7)}
    for past in (classified_as(PROPOSAL), answered(PROPOSAL), in_progress(COMPLAINT), [*answered(PROPOSAL), REOPEN]):
        assert moved_dates(past, Subject.POLICY, ANSWERS) == {}


def test_a_rule_that_begins_after_the_assignment_binds_it_only_if_the_instrument_says_so() -> None:
    later = ANSWERS.replace("2026-07-01", "2026-07-11")
    assert moved_dates(assigned(PROPOSAL), Subject.POLICY, later) == {}
    assert moved_dates(assigned(PROPOSAL), Subject.POLICY, later, binds_running=True) == {Clock.SETTLEMENT: august(7)}


def test_days_that_were_suspended_before_the_limit_was_set_are_not_counted_in_it() -> None:
    past = [
        *in_progress(PROPOSAL),
        with_changes(SUSPEND, occurred_on=july(15)),
        with_changes(RESUME, occurred_on=july(22)),
    ]
    assert moved_dates(past, Subject.POLICY, ANSWERS) == {Clock.SETTLEMENT: august(14)}
    petition, compared = petition_after(past), comparison(Subject.POLICY, ANSWERS)
    fact = recalculation_by(petition, compared)
    ledger = fold_ledger([*history_of(past), EventEnvelope(PETITION, petition.version + 1, fact, HEAD)])
    run = next(run for run in ledger.clocks if run.clock is Clock.SETTLEMENT)
    assert [(one.suspended_on, one.resumed_on) for one in run.pauses] == [(july(15), july(22))]
    assert whole_share(run, july(22), LAW.calendar).working_days == 3
    assert (run.segments[0].move, run.segments[0].event, run.started_on) == (
        Move.START,
        "DeadlineRecalculated",
        july(10),
    )


def test_the_fact_says_that_there_was_no_date_before_and_the_clock_is_started_once() -> None:
    petition, compared = petition_after(assigned(PROPOSAL)), comparison(Subject.POLICY, ANSWERS)
    (said,) = recalculation_by(petition, compared).recalculated
    assert (said.clock, said.old_due_on, said.new_due_on) == (Clock.SETTLEMENT, UNSET, august(7))
    assert (said.old_policy, said.new_policy) == (UNSET, "vi-du-proposal-settlement@1")
    again = recalculated_petition(petition, compared)
    assert again.status.clocks == {Clock.HEAD: july(31), Clock.SETTLEMENT: august(7)}
    assert compared.moved_clocks(again) == ()


def test_what_had_no_limit_at_all_may_become_overdue_by_one() -> None:
    """The case is imported: who answers is known, and until when is not."""
    past = [*classified_as(PROPOSAL), PetitionAssigned(occurred_on=july(10), lead_unit=UnitId("so-mau"))]
    petition, compared = petition_after(past), comparison(Subject.POLICY, ANSWERS)
    listed = MovedPetition.of(petition, compared.moved_clocks(petition), TODAY)
    assert (listed.due_on, listed.new_due_on, listed.was_overdue, listed.is_overdue) == (None, august(7), False, True)


# -- what becomes of the petition ------------------------------------------------------------------------------------


PROPOSED = LawChangeProposed(
    occurred_on=TODAY,
    change_id=CHANGE,
    subject=Subject.CALENDAR,
    text="x",
    format=1,
    instrument="15/TB",
    base="",
    binds_running=False,
    open_petitions=0,
    would_move=0,
    would_become_overdue=0,
    would_stop_being_overdue=0,
)


def recalculation_by(petition: Petition, compared: LawComparison) -> DeadlineRecalculated:
    found = compared.moved_clocks(petition)
    return recalculation_event(petition, found, LawChange(proposed=PROPOSED, proposed_by=WORKER), HEAD.officer, TODAY)


def recalculated_petition(petition: Petition, compared: LawComparison) -> Petition:
    fact = recalculation_by(petition, compared)
    return evolve(petition, EventEnvelope(PETITION, petition.version + 1, fact, HEAD))


def test_a_recalculated_petition_keeps_its_original_date_and_names_both_calendars() -> None:
    history = history_of(in_progress(COMPLAINT))
    petition = petition_after(in_progress(COMPLAINT))
    found = comparison(Subject.CALENDAR, HOLIDAY).moved_clocks(petition)
    fact = recalculation_event(petition, found, LawChange(proposed=PROPOSED, proposed_by=WORKER), HEAD.officer, TODAY)
    (said,) = fact.recalculated
    assert (said.old_due_on, said.new_due_on) == (august(10), august(11))
    assert (said.old_calendar, said.new_calendar) == ("VN-2026.1", "VN-2026.1+VD-2026.2")
    assert (fact.proposed_by, fact.approved_by) == (WORKER.officer, HEAD.officer)
    run = next(
        run
        for run in fold_ledger([*history, EventEnvelope(PETITION, len(history) + 1, fact, HEAD)]).clocks
        if run.clock is Clock.SETTLEMENT
    )
    last = run.segments[-1]
    assert (last.move, last.due_before, last.due_after) == (Move.RECALCULATE, august(10), august(11))
    assert (last.document_no, run.original_due_on) == ("15/TB", august(10))


@examples(80)
@given(LIVES, st.sampled_from([HOLIDAY, SATURDAY]))
def test_a_change_moves_a_petition_once_and_only_what_may_move(life: Life, text: str) -> None:
    petition, compared = life.end, comparison(Subject.CALENDAR, text)
    found = compared.moved_clocks(petition)
    for one in found:
        assert one.before is not None
        limit = one.before.limit
        assert limit is not UNSET
        assert compared.may_move(one.before.clock, one.before.started_on, one.before.due_on)
        if limit.unit is DayKind.CALENDAR and not one.before.suspensions:
            assert compared.may_move(one.before.clock, one.before.started_on, one.before.due_on, limit.amount)
        assert one.after.original_due_on == one.before.original_due_on
        assert (one.after.due_on > one.before.due_on) is (text == HOLIDAY)
    if found:
        again = recalculated_petition(petition, compared)
        assert compared.moved_clocks(again) == ()
        listed = MovedPetition.of(petition, found, TODAY)
        assert (listed.due_on, listed.new_due_on) == (petition.status.due_on, again.status.due_on)
        assert listed.was_overdue is petition.is_past_limit(TODAY)
        assert listed.is_overdue is again.is_past_limit(TODAY)


def test_what_is_not_accepted_yet_is_moved_by_the_rule_of_its_stage() -> None:
    assert moved_dates([*classified_as(COMPLAINT)], Subject.CALENDAR, HOLIDAY) == {
        Clock.TRIAGE: july(21),
        Clock.ACCEPTANCE: july(16),
    }
    assert moved_dates([*classified_as(COMPLAINT), ACCEPT], Subject.POLICY, EARLIER) == {Clock.SETTLEMENT: july(29)}


# -- what two officers see -------------------------------------------------------------------------------------------

WHOLE_YEAR = """
version = "VD-2026.5"
[[year]]
year = 2026
source = "Thông báo 17/TB-UBND"
checked = true
[year.days_off]
2026-12-10 = "Nghỉ (ví dụ)"
"""


def test_a_review_names_each_day_that_becomes_off_or_worked() -> None:
    both = SATURDAY.replace('"Làm bù (ví dụ)"\n', '"Làm bù (ví dụ)"\n2026-09-01 = "Không nghỉ (ví dụ)"\n')
    after = law_with_change(LAW, Subject.CALENDAR, both)
    assert changed_days(LAW.calendar, after.calendar) == (
        ChangedDay(july(11), is_off=False, name="Làm bù (ví dụ)", former_name=""),
        ChangedDay(date(2026, 9, 1), is_off=False, name="", former_name="Quốc khánh"),
    )
    (monday, _) = changed_days(LAW.calendar, law_with_change(LAW, Subject.CALENDAR, HOLIDAY).calendar)
    assert monday == ChangedDay(july(13), is_off=True, name="Nghỉ bù (ví dụ)", former_name="")
    assert changed_days(LAW.calendar, LAW.calendar) == ()


def test_a_year_that_drops_days_is_refused_and_where_it_is_meant_each_is_named() -> None:
    """Finding C5."""
    with pytest.raises(Refused, match="takes the place of the whole year 2026"):
        law_with_change(LAW, Subject.CALENDAR, WHOLE_YEAR)
    meant = WHOLE_YEAR.replace("checked = true", "checked = true\nreplaces = true")
    found = changed_days(LAW.calendar, law_with_change(LAW, Subject.CALENDAR, meant).calendar)
    assert [one.day.isoformat() for one in found if one.is_off] == ["2026-01-10", "2026-08-22", "2026-12-10"]
    assert len([one for one in found if not one.is_off]) == 14


def test_what_was_approved_once_is_not_asked_again() -> None:
    law_with_change(LAW, Subject.CALENDAR, WHOLE_YEAR, was_approved=True)
    law_with_change(LAW, Subject.POLICY, ENDED, was_approved=True)


ENDED = SHORTER.partition('\n[[policy]]\nid = "complaint-settlement"\nversion = 2')[0] + "\n"


def test_a_rule_that_ends_and_that_none_follows_is_refused_unless_it_says_so() -> None:
    with pytest.raises(Refused, match="complaint-settlement@1 ends on 2026-07-31 and no rule takes its place"):
        law_with_change(LAW, Subject.POLICY, ENDED)
    a_day_late = SHORTER.replace("2026-08-01", "2026-08-02")
    with pytest.raises(Refused, match="complaint-settlement@1 ends on 2026-07-31"):
        law_with_change(LAW, Subject.POLICY, a_day_late)
    elsewhere = SHORTER.replace(
        'region = "normal"\ncomplexity = "normal"\nlimit = "20cd"', 'region = "remote"\nlimit = "20cd"'
    )
    with pytest.raises(Refused, match="complaint-settlement@1 ends on 2026-07-31"):
        law_with_change(LAW, Subject.POLICY, elsewhere.replace("version = 2", "version = 7"))
    law_with_change(LAW, Subject.POLICY, ENDED.replace("verified = true", "verified = true\nwithout_successor = true"))


def test_a_slot_does_not_follow_a_limit() -> None:
    for_a_year = ANSWERS.replace("trigger =", "in_force_to = 2027-06-30\ntrigger =")
    with pytest.raises(Refused, match="vi-du-proposal-settlement@1 ends on 2027-06-30 and no rule takes its place"):
        law_with_change(LAW, Subject.POLICY, for_a_year)
    said = for_a_year.replace("verified = true", "verified = true\nwithout_successor = true")
    law_with_change(LAW, Subject.POLICY, said)


def test_a_review_names_each_rule_that_comes_or_ends() -> None:
    after = law_with_change(LAW, Subject.POLICY, SHORTER)
    assert changed_rules(LAW.policies, after.policies) == (
        ChangedRule("complaint-settlement@1", False, date(2012, 7, 1), date(2026, 7, 31), "30cd"),
        ChangedRule("complaint-settlement@2", True, date(2026, 8, 1), None, "20cd"),
    )
    assert changed_rules(LAW.policies, LAW.policies) == ()


def test_every_national_rule_that_ended_has_a_successor_or_says_that_it_has_none() -> None:
    for row in LAW.policies.rows:
        if row.in_force_to is not None and not row.without_successor:
            following = row.in_force_to + timedelta(days=1)
            assert any(one.id == row.id and one.is_in_force(following) for one in LAW.policies.rows), row.reference
