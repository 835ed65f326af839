"""Tests the date that warns before an unclassified letter turns out to be of a stricter kind."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alerts.vocabulary import WatchedClock
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.deadlines.explained_run import explained_runs
from domain.deadlines.explained_run_text import explained_run_text
from domain.events import AlertRaised, PetitionClassified, PetitionReceived
from domain.rules.intake_clocks import intake_deadlines
from domain.rules.possible_kinds import possible_limit_of_receipt
from domain.vocabulary import PetitionKind
from projections.act_titles import act_titles
from tests.domain.alerts.test_raising import after_rounds_on
from tests.domain.samples import CLASSIFY, COMPLAINT, DENUNCIATION, PROPOSAL, RECEIVE, july, with_changes
from tests.domain.scenario import history_of, national_law, petition_after
from tests.examples import examples

LAW = national_law()


def december(day: int) -> date:
    return date(2026, 12, day)


@pytest.mark.parametrize(
    ("said", "possible"),
    [
        (None, (COMPLAINT, DENUNCIATION)),
        (PROPOSAL, (COMPLAINT, DENUNCIATION)),  # what the sender says is no classification
        (COMPLAINT, None),  # no other kind is stricter
        (DENUNCIATION, None),
    ],
)
def test_the_strictest_kind_that_a_letter_may_be_gives_a_date(
    said: PetitionKind | None, possible: tuple[PetitionKind, ...] | None
) -> None:
    found = possible_limit_of_receipt(said, july(6), LAW)
    assert found == (None if possible is None else (july(15), possible))


def test_in_june_a_denunciation_alone_was_the_strictest() -> None:
    found = possible_limit_of_receipt(None, date(2026, 6, 1), LAW)
    assert found == (date(2026, 6, 10), (DENUNCIATION,))


@examples(100)
@given(st.dates(date(2026, 1, 5), date(2026, 10, 28)), st.sampled_from([None, PROPOSAL]), st.sampled_from(PetitionKind))
def test_the_date_is_that_which_the_letter_gets_when_it_is_found_to_be_of_that_kind(
    received_on: date, said: PetitionKind | None, kind: PetitionKind
) -> None:
    possible = possible_limit_of_receipt(said, received_on, LAW)
    receipt = with_changes(RECEIVE, occurred_on=received_on, kind=said)
    classification = with_changes(CLASSIFY, occurred_on=received_on + timedelta(days=1), kind=kind)
    due_on = petition_after([receipt, classification]).status.due_on
    assert possible is not None
    assert due_on is not None
    assert due_on == possible.due_on if kind in possible.kinds else due_on > possible.due_on


def test_found_to_be_a_denunciation_on_the_twelfth_day_it_is_late_and_the_file_says_since_when() -> None:
    unclassified = petition_after([RECEIVE])
    assert unclassified.status.clocks == {Clock.TRIAGE: july(20)}, "the date that warns moves nothing"
    assert not unclassified.is_past_limit(july(17))
    found: list[PetitionCommand] = [RECEIVE, with_changes(CLASSIFY, occurred_on=july(18), kind=DENUNCIATION)]
    assert petition_after(found).is_past_limit(july(18))
    history = history_of(found)
    acceptance = next(run for run in explained_runs(history, LAW) if run.run.clock == "acceptance")
    assert acceptance.run.late_since_before_start == july(16)
    told = explained_run_text(acceptance, "vi", act_titles(history, "vi"))
    assert "Ghi nhận ngày 18/07/2026, khi đã quá hạn từ ngày 16/07/2026." in told


def test_the_explanation_warns_until_the_letter_is_classified() -> None:
    received = history_of([RECEIVE])
    (triage,) = explained_runs(received, LAW)
    told = explained_run_text(triage, "vi", act_titles(received, "vi"))
    assert "nếu là khiếu nại hoặc tố cáo thì hạn thụ lý là thứ Tư, 15/07/2026" in told
    classified = explained_runs(history_of([RECEIVE, CLASSIFY]), LAW)
    assert all(run.possible is None for run in classified)


def test_two_working_days_before_the_date_somebody_is_told_once() -> None:
    letter = PetitionReceived(  # first handling ends on 21 December, acceptance of either kind would on the 16th
        occurred_on=december(7), book="TD", deadlines=intake_deadlines(december(7), None, LAW)
    )
    petition = petition_after([letter])
    _, early = after_rounds_on(petition, [december(11)])
    assert of_possible_kind(early) == []
    _, alerts = after_rounds_on(petition, [december(14), december(15), december(17)])
    (alert,) = of_possible_kind(alerts)
    assert (alert.occurred_on, alert.due_on, alert.unit) == (december(14), december(16), "ubnd-tinh")
    classified = petition_after([letter, PetitionClassified(occurred_on=december(8), kind=PROPOSAL)])
    assert of_possible_kind(after_rounds_on(classified, [december(14)])[1]) == []


def test_no_letter_of_before_the_step_was_in_force_is_told_of() -> None:
    assert of_possible_kind(after_rounds_on(petition_after([RECEIVE]), [december(14)])[1]) == []


def of_possible_kind(alerts: Sequence[AlertRaised]) -> list[AlertRaised]:
    return [alert for alert in alerts if alert.clock is WatchedClock.POSSIBLE_KIND]
