"""Tests reminders, suspensions, extensions and set dates."""

from datetime import date

import pytest

from domain.actor import Officer
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.errors import Refused
from domain.events import (
    AnsweredInWriting,
    DeadlineExtended,
    DeadlineSet,
    ExtensionRequested,
    PetitionAssigned,
    ProcessingResumed,
    ProcessingSuspended,
    ReminderIssued,
)
from domain.value import UNSET, said
from domain.vocabulary import NO_UNIT, OfficerId, Stage, UnitId
from tests.domain.samples import (
    ACCEPT,
    ANSWER,
    ASK_FOR_TIME,
    ASSIGN,
    COMPLAINT,
    EXTEND,
    PROPOSAL,
    REASSIGN,
    RECEIVE,
    REMIND,
    REOPEN,
    RESUME,
    SET_DATE,
    START,
    SUSPEND,
    answered,
    assigned,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import DEPUTY, HEAD, WORKER, Act, GivenPast, only_fact, outcome, petition_after

# -- remind ------------------------------------------------------------------------------------------------------------


def test_reminders_are_counted() -> None:
    given = in_progress(PROPOSAL)
    first = only_fact(ReminderIssued, outcome(given=given, when=REMIND))
    assert (first.to_unit, first.document_no) == ("so-mau", "60/DD")
    assert [petition_after([*given, *[REMIND] * n]).reminders for n in range(3)] == [0, 1, 2]


def test_only_a_unit_that_has_the_petition_is_urged() -> None:
    with pytest.raises(Refused, match="that is classified cannot be urged"):
        outcome(given=classified_as(PROPOSAL), when=REMIND)
    with pytest.raises(Refused, match="the day asked for lies before the reminder"):
        outcome(given=in_progress(PROPOSAL), when=with_changes(REMIND, asked_for_on=july(22)))
    imported = AnsweredInWriting(occurred_on=july(7))  # of a case for which the source named no unit
    nobodys: GivenPast = [RECEIVE, imported, with_changes(REOPEN, occurred_on=july(8))]
    with pytest.raises(Refused, match="no unit is assigned that could be reminded"):
        outcome(given=nobodys, when=REMIND)


# -- suspend and resume ------------------------------------------------------------------------------------------------


def test_time_under_suspension_does_not_count() -> None:
    """Accepted 9 July, 30 days. Suspended 15 July with 24 days left; resumed 20 July: 13 August."""
    resumed = only_fact(ProcessingResumed, outcome(given=[*in_progress(COMPLAINT), SUSPEND], when=RESUME))
    assert resumed.suspended_on == SUSPEND.occurred_on
    assert {d.clock: d.due_on for d in said(resumed.deadlines, ()) if not d.clock.is_duty} == {
        Clock.SETTLEMENT: august(13),
        Clock.HEAD: august(5),
    }


def test_a_suspended_petition_is_neither_due_nor_overdue() -> None:
    status = petition_after([*in_progress(COMPLAINT), SUSPEND]).status
    assert status.due_on is not None
    assert status.due_on < date(2026, 10, 1)
    assert not status.is_past_limit(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ([*classified_as(COMPLAINT), ACCEPT], Stage.ACCEPTED),
        (assigned(COMPLAINT), Stage.ASSIGNED),
        (in_progress(COMPLAINT), Stage.IN_PROGRESS),
    ],
)
def test_a_petition_resumes_where_it_was_suspended(given: GivenPast, stage: Stage) -> None:
    only_fact(ProcessingSuspended, outcome(given=given, when=SUSPEND))
    assert petition_after([*given, SUSPEND, RESUME]).stage is stage


def test_a_clock_that_had_run_out_before_the_suspension_stays_late() -> None:
    suspended = with_changes(SUSPEND, occurred_on=august(12))
    given = [*in_progress(COMPLAINT), suspended, with_changes(RESUME, occurred_on=august(20))]
    assert petition_after(given).status.clocks == {Clock.SETTLEMENT: august(10), Clock.HEAD: july(31)}


def test_a_suspension_does_not_begin_twice() -> None:
    with pytest.raises(Refused, match="the petition is suspended already"):
        outcome(given=[*in_progress(COMPLAINT), SUSPEND], when=SUSPEND)
    with pytest.raises(Refused, match="that is classified cannot be suspended"):
        outcome(given=classified_as(COMPLAINT), when=SUSPEND)


def test_a_suspension_ends_once_and_not_before_it_began() -> None:
    with pytest.raises(Refused, match="a petition that is not suspended cannot be resumed"):
        outcome(given=in_progress(COMPLAINT), when=RESUME)
    with pytest.raises(Refused, match="the suspension cannot end before it began"):
        outcome(given=[*in_progress(COMPLAINT), SUSPEND], when=with_changes(RESUME, occurred_on=july(14)))


# -- extend ------------------------------------------------------------------------------------------------------------

ASKED: list[PetitionCommand] = [*in_progress(COMPLAINT), ASK_FOR_TIME]


def test_an_extension_is_asked_for_by_one_officer_and_granted_by_another() -> None:
    request = only_fact(ExtensionRequested, outcome(given=in_progress(COMPLAINT), when=ASK_FOR_TIME))
    assert request.until == august(14)
    granted = only_fact(DeadlineExtended, outcome(given=ASKED, when=EXTEND))
    assert (granted.requested_by, granted.old_due_on, granted.until, granted.was_expired) == (
        WORKER.officer,
        july(31),
        august(14),
        False,
    )
    assert petition_after([*ASKED, EXTEND]).status.clocks == {
        Clock.HEAD: august(14),
        Clock.SETTLEMENT: august(10),
    }


def officer(name: str, acting_for: str | None = None) -> Officer:
    return Officer(
        officer=OfficerId(name),
        unit=UnitId("ubnd-tinh"),
        position="Cán bộ",
        acting_for=None if acting_for is None else OfficerId(acting_for),
    )


@pytest.mark.parametrize(
    ("asks", "grants", "is_allowed"),
    [
        (WORKER, HEAD, True),
        (WORKER, DEPUTY, True),
        (HEAD, HEAD, False),
        (HEAD, DEPUTY, False),
        (DEPUTY, HEAD, False),
        (DEPUTY, DEPUTY, False),
        (DEPUTY, officer("pho-khac", acting_for="chu-tich"), False),
        (WORKER, officer("nguoi-khac", acting_for="chuyen-vien"), False),
        (officer("nguoi-khac", acting_for="chuyen-vien"), WORKER, False),
    ],
)
def test_nobody_grants_what_they_or_their_deputy_asked_for(asks: Officer, grants: Officer, is_allowed: bool) -> None:
    given = [*in_progress(COMPLAINT), Act(ASK_FOR_TIME, asks)]
    if is_allowed:
        only_fact(DeadlineExtended, outcome(given=given, when=EXTEND, by=grants))
    else:
        with pytest.raises(Refused, match="an officer cannot grant an extension of their own"):
            outcome(given=given, when=EXTEND, by=grants)


def test_an_extension_nobody_asked_for_is_not_granted() -> None:
    with pytest.raises(Refused, match="nobody asked for an extension of this petition"):
        outcome(given=in_progress(COMPLAINT), when=EXTEND)
    with pytest.raises(Refused, match="nobody asked for an extension of this petition"):
        outcome(given=[*ASKED, EXTEND], when=EXTEND)


def test_an_extension_granted_after_expiry_is_recorded_and_the_petition_stays_late() -> None:
    late = with_changes(EXTEND, occurred_on=august(3))
    granted = only_fact(DeadlineExtended, outcome(given=ASKED, when=late))
    assert granted.was_expired
    assert granted.until == august(14)
    status = petition_after([*ASKED, late]).status
    assert status.clocks[Clock.HEAD] == july(31)
    assert status.is_past_limit(august(4))


def test_an_extension_granted_on_the_last_day_is_in_time() -> None:
    granted = only_fact(DeadlineExtended, outcome(given=ASKED, when=with_changes(EXTEND, occurred_on=july(31))))
    assert not granted.was_expired
    assert said(granted.deadlines, ())[0].due_on == august(14)


@pytest.mark.parametrize("until", [july(30), july(31)])
def test_an_extension_ends_after_the_present_date(until: date) -> None:
    with pytest.raises(Refused, match="an extension must end after the present due date 2026-07-31"):
        outcome(given=in_progress(COMPLAINT), when=with_changes(ASK_FOR_TIME, until=until))


def test_an_extension_that_the_head_has_overtaken_is_not_granted() -> None:
    overtaken = with_changes(REASSIGN, occurred_on=july(25), new_head_due_on=august(20))
    with pytest.raises(Refused, match="an extension must end after the present due date 2026-08-20"):
        outcome(given=[*ASKED, overtaken], when=EXTEND)


def test_only_a_clock_that_runs_is_extended() -> None:
    with pytest.raises(Refused, match="the petition has no settlement date that could be extended"):
        outcome(given=in_progress(PROPOSAL), when=with_changes(ASK_FOR_TIME, clock=Clock.SETTLEMENT))
    request = ExtensionRequested(occurred_on=july(8), clock=Clock.TRIAGE, until=august(3), reason="nhiều việc")
    with pytest.raises(Refused, match="the petition has no triage date that could be extended"):
        outcome(given=[*classified_as(PROPOSAL), request, ASSIGN], when=EXTEND, by=WORKER)


def test_an_answered_petition_is_not_given_more_time() -> None:
    for when in (with_changes(ASK_FOR_TIME, occurred_on=july(27)), EXTEND):
        with pytest.raises(Refused, match="that is answered in writing cannot be given more time"):
            outcome(given=[*ASKED, with_changes(ANSWER, occurred_on=july(24))], when=when)


def test_a_suspended_petition_needs_no_extension() -> None:
    given = [*ASKED, with_changes(SUSPEND, occurred_on=july(25))]
    for when in (with_changes(ASK_FOR_TIME, occurred_on=july(27)), EXTEND):
        with pytest.raises(Refused, match="a suspended petition needs no extension"):
            outcome(given=given, when=when)


def test_a_request_of_an_earlier_round_is_not_granted_in_a_later_one() -> None:
    given = [*ASKED, with_changes(ANSWER, occurred_on=july(24)), REOPEN]
    with pytest.raises(Refused, match="nobody asked for an extension"):
        outcome(given=given, when=with_changes(EXTEND, occurred_on=august(4)))


# -- set ---------------------------------------------------------------------------------------------------------------


def test_a_petition_without_a_limit_is_given_a_date() -> None:
    given = [*classified_as(PROPOSAL), ACCEPT]
    (deadline,) = said(only_fact(DeadlineSet, outcome(given=given, when=SET_DATE)).deadlines, ())
    assert (deadline.clock, deadline.due_on, deadline.policy) == (Clock.HEAD, august(10), UNSET)
    assert petition_after([*given, SET_DATE]).status.due_on == august(10)


def test_a_date_is_not_set_over_another_nor_in_the_past_nor_on_what_is_over() -> None:
    with pytest.raises(Refused, match="the petition has a due date; ask for an extension instead"):
        outcome(given=in_progress(PROPOSAL), when=SET_DATE)
    with pytest.raises(Refused, match="the due date lies before the day on which it is set"):
        outcome(given=[*classified_as(PROPOSAL), ACCEPT], when=with_changes(SET_DATE, due_on=july(22)))
    with pytest.raises(Refused, match="that is answered in writing cannot be given a due date"):
        outcome(given=answered(PROPOSAL), when=SET_DATE)


def test_an_imported_petition_that_nobody_has_may_be_given_a_date() -> None:
    imported: GivenPast = [
        RECEIVE.model_copy(),
        *classified_as(PROPOSAL)[1:],
        PetitionAssigned(occurred_on=july(9), lead_unit=NO_UNIT),
    ]
    assert petition_after(imported).status.due_on is None
    only_fact(DeadlineSet, outcome(given=imported, when=SET_DATE))
    with pytest.raises(Refused, match="no unit is assigned"):
        outcome(given=imported, when=REMIND)
    with pytest.raises(Refused, match="only the assigned unit"):
        outcome(given=imported, when=START)
