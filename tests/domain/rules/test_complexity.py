"""Tests complexity by the seven criteria and the bounds of extensions. Each row names its source."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.errors import Refused
from domain.events import ComplexityDetermined, DeadlineExtended, ExtensionRequested
from domain.value import UNSET, said
from domain.vocabulary import Complexity, Criterion
from tests.domain.samples import (
    ANSWER,
    ASK_FOR_TIME,
    CLASSIFY,
    COMPLAINT,
    COMPLEX,
    DENUNCIATION,
    EXTEND,
    NOTIFY,
    PROPOSAL,
    RECEIVE,
    REOPEN,
    RESUME,
    SUSPEND,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import WORKER, GivenPast, only_fact, outcome, petition_after

SEPTEMBER_7, OCTOBER_7 = date(2026, 9, 7), date(2026, 10, 7)
TWO = with_changes(COMPLEX, criteria=(Criterion.SEVERAL_CONTENTS, Criterion.MANY_PERSONS))


def settlement_on(given: GivenPast) -> date:
    return petition_after(given).status.clocks[Clock.SETTLEMENT]


def extended(until: date, *, asked_on: date, granted_on: date | None = None) -> list[PetitionCommand]:
    return [
        with_changes(ASK_FOR_TIME, occurred_on=asked_on, clock=Clock.SETTLEMENT, until=until),
        with_changes(EXTEND, occurred_on=granted_on or asked_on),
    ]


# -- complexity ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_remote", "due_on", "policy"),
    [
        (False, date(2026, 8, 24), "complaint-settlement-complex@1"),  # 45 days from 9 July: Sunday 23 August
        (True, SEPTEMBER_7, "complaint-settlement-remote-complex@1"),  # 60 days
    ],
)
def test_a_complex_complaint_has_its_longer_limit_from_acceptance_on(
    is_remote: bool, due_on: date, policy: str
) -> None:
    """Law on complaints Art 28; Decree 124/2020 Art 3a."""
    given = [with_changes(RECEIVE, is_remote_area=is_remote), *in_progress(COMPLAINT)[1:]]
    found = only_fact(ComplexityDetermined, outcome(given=given, when=COMPLEX))
    (deadline,) = said(found.deadlines, ())
    assert (deadline.due_on, deadline.policy, found.complexity) == (due_on, policy, Complexity.COMPLEX)
    assert deadline.original_due_on < due_on


def test_a_suspension_before_it_is_kept_in_the_longer_limit() -> None:
    given = [
        *in_progress(COMPLAINT),
        with_changes(SUSPEND, occurred_on=july(13)),
        with_changes(RESUME, occurred_on=july(15)),
        COMPLEX,
    ]
    assert settlement_on(given) == august(25)


def test_a_complex_denunciation_keeps_its_date_until_it_is_extended() -> None:
    """Law 25/2018 Art 30.2-3: one criterion, two or more."""
    for command, complexity in ((COMPLEX, Complexity.COMPLEX), (TWO, Complexity.SPECIALLY_COMPLEX)):
        found = only_fact(ComplexityDetermined, outcome(given=in_progress(DENUNCIATION), when=command))
        assert (found.complexity, found.deadlines) == (complexity, UNSET)
    assert (
        only_fact(ComplexityDetermined, outcome(given=in_progress(COMPLAINT), when=TWO)).complexity
        is Complexity.COMPLEX
    )


def test_complexity_found_after_expiry_is_recorded_and_the_petition_stays_late() -> None:
    late = with_changes(COMPLEX, occurred_on=august(11))
    found = only_fact(ComplexityDetermined, outcome(given=in_progress(COMPLAINT), when=late))
    assert (found.was_expired, found.deadlines) == (True, UNSET)
    assert settlement_on([*in_progress(COMPLAINT), late]) == august(10)


def test_what_is_complex_is_determined_once_and_a_denunciation_may_be_found_specially_so() -> None:
    with pytest.raises(Refused, match="determined to be complex already"):
        outcome(given=[*in_progress(COMPLAINT), COMPLEX], when=with_changes(COMPLEX, occurred_on=july(17)))
    later = only_fact(ComplexityDetermined, outcome(given=[*in_progress(DENUNCIATION), COMPLEX], when=TWO))
    assert later.complexity is Complexity.SPECIALLY_COMPLEX


def test_only_what_is_accepted_and_of_a_kind_with_criteria_is_found_complex() -> None:
    with pytest.raises(Refused, match="only a complaint or a denunciation"):
        outcome(given=in_progress(PROPOSAL), when=COMPLEX)
    with pytest.raises(Refused, match="that is classified cannot be determined to be complex"):
        outcome(given=classified_as(COMPLAINT), when=COMPLEX)
    with pytest.raises(Refused, match="a criterion is named twice"):
        outcome(given=in_progress(COMPLAINT), when=with_changes(COMPLEX, criteria=(Criterion.MANY_PERSONS,) * 2))
    with pytest.raises(ValidationError):
        with_changes(COMPLEX, criteria=())


def test_a_new_kind_or_round_is_complex_only_if_it_is_determined_anew() -> None:
    other = with_changes(CLASSIFY, occurred_on=july(20), kind=DENUNCIATION, reason="thực chất là tố cáo")
    assert petition_after([*in_progress(COMPLAINT), COMPLEX, other]).complexity is Complexity.NORMAL
    given = [*in_progress(COMPLAINT), COMPLEX, ANSWER, NOTIFY, REOPEN]
    assert petition_after(given).complexity is Complexity.NORMAL


# -- the bounds of extensions ----------------------------------------------------------------------------------------


def test_a_denunciation_is_extended_by_thirty_days_once_where_it_is_complex() -> None:
    """Law 25/2018 Art 30.2. Accepted 9 July: 30 days end on Saturday 8 August, due on the 10th; 60 on 7 September."""
    given = [*in_progress(DENUNCIATION), COMPLEX]
    only_fact(ExtensionRequested, outcome(given=given, when=extended(SEPTEMBER_7, asked_on=august(5))[0]))
    with pytest.raises(
        Refused, match=r"by 30cd ends on 2026-09-07 at the latest, not on 2026-09-08 \(khoản 2 Điều 30 Luật Tố cáo"
    ):
        outcome(given=given, when=extended(date(2026, 9, 8), asked_on=august(5))[0])
    once = [*given, *extended(SEPTEMBER_7, asked_on=august(5))]
    assert settlement_on(once) == SEPTEMBER_7
    with pytest.raises(Refused, match=r"may be extended once \(.*\), and was already"):
        outcome(given=once, when=extended(date(2026, 9, 30), asked_on=date(2026, 9, 1))[0])


def test_a_specially_complex_denunciation_is_extended_twice_to_ninety_days_in_all() -> None:
    """Law 25/2018 Art 30.3: 90 days from 9 July are 7 October, whatever rest day the first thirty ended on."""
    once = [*in_progress(DENUNCIATION), TWO, *extended(SEPTEMBER_7, asked_on=august(5))]
    again = extended(OCTOBER_7, asked_on=date(2026, 9, 1))
    only_fact(ExtensionRequested, outcome(given=once, when=again[0]))
    with pytest.raises(Refused, match="by 30cd ends on 2026-10-07 at the latest, not on 2026-10-08"):
        outcome(given=once, when=with_changes(again[0], until=date(2026, 10, 8)))
    with pytest.raises(Refused, match=r"may be extended 2 times \(.*\), and was already"):
        outcome(given=[*once, *again], when=extended(date(2026, 10, 30), asked_on=date(2026, 10, 5))[0])


def test_the_days_suspended_are_not_taken_from_an_extension() -> None:
    given = [*in_progress(DENUNCIATION), SUSPEND, RESUME, with_changes(COMPLEX, occurred_on=july(21))]
    assert settlement_on(given) == august(13)
    only_fact(ExtensionRequested, outcome(given=given, when=extended(date(2026, 9, 14), asked_on=august(5))[0]))
    with pytest.raises(Refused, match="ends on 2026-09-14 at the latest"):
        outcome(given=given, when=extended(date(2026, 9, 15), asked_on=august(5))[0])
    twice = with_changes(TWO, occurred_on=july(21))
    once = [*given[:-1], twice, *extended(date(2026, 9, 14), asked_on=august(5))]
    with pytest.raises(Refused, match="ends on 2026-10-12 at the latest"):  # 90 days and the five
        outcome(given=once, when=extended(date(2026, 10, 13), asked_on=date(2026, 9, 1))[0])


def test_the_intake_of_a_denunciation_is_extended_to_ten_working_days() -> None:
    """Law 25/2018 Art 24.1: received Monday 6 July, 7 working days end on the 15th, 10 on the 20th."""
    given: GivenPast = [with_changes(RECEIVE, kind=DENUNCIATION), with_changes(CLASSIFY, kind=DENUNCIATION)]
    request = with_changes(ASK_FOR_TIME, occurred_on=july(9), clock=Clock.ACCEPTANCE, until=july(20))
    only_fact(ExtensionRequested, outcome(given=given, when=request))
    with pytest.raises(Refused, match="by 3wd ends on 2026-07-20 at the latest, not on 2026-07-21"):
        outcome(given=given, when=with_changes(request, until=july(21)))


@pytest.mark.parametrize(
    ("kind", "clock", "why"),
    [
        (
            COMPLAINT,
            Clock.SETTLEMENT,
            "settlement is not extended unless it is determined in writing .* (Điều 28 Luật Khiếu",
        ),
        (
            DENUNCIATION,
            Clock.SETTLEMENT,
            "settlement is not extended unless it is determined in writing .* (khoản 1 Điều 30 Luật Tố",
        ),
    ],
)
def test_a_limit_without_a_rule_for_it_is_not_extended(kind: str, clock: Clock, why: str) -> None:
    given = in_progress(COMPLAINT if kind == COMPLAINT else DENUNCIATION)
    with pytest.raises(Refused, match=why.replace("(", r"\(")):
        outcome(given=given, when=with_changes(ASK_FOR_TIME, clock=clock))


def test_triage_is_never_extended_and_the_heads_date_has_no_bound_in_law() -> None:
    of_triage = with_changes(ASK_FOR_TIME, occurred_on=july(8), clock=Clock.TRIAGE)
    with pytest.raises(Refused, match=r"the limit for triage is not extended \(khoản 1 Điều 28 Luật Tiếp công dân"):
        outcome(given=classified_as(PROPOSAL), when=of_triage)
    only_fact(
        ExtensionRequested,
        outcome(given=in_progress(PROPOSAL), when=with_changes(ASK_FOR_TIME, until=date(2027, 3, 1))),
    )


def test_an_extension_that_the_bound_has_overtaken_is_not_granted() -> None:
    """The request was allowed then, or another system recorded it: the grant checks the bound again."""
    request = ExtensionRequested(
        occurred_on=august(5), clock=Clock.SETTLEMENT, until=OCTOBER_7, reason="nhiều nội dung"
    )
    with pytest.raises(Refused, match="ends on 2026-09-07 at the latest, not on 2026-10-07"):
        outcome(
            given=[*in_progress(DENUNCIATION), COMPLEX, request],
            when=with_changes(EXTEND, occurred_on=august(6)),
            by=WORKER,
        )


def test_an_extension_granted_too_late_is_no_extension_that_was_used() -> None:
    given = [*in_progress(DENUNCIATION), TWO, *extended(SEPTEMBER_7, asked_on=august(5), granted_on=august(12))]
    assert petition_after(given).extensions == {}
    again = only_fact(
        DeadlineExtended,
        outcome(
            given=[*given, with_changes(ASK_FOR_TIME, occurred_on=august(13))],
            when=with_changes(EXTEND, occurred_on=august(14)),
        ),
    )
    assert again.clock is Clock.HEAD
