"""Tests the explanation of every clock of a petition, with what set its date."""

from datetime import date

import pytest

from domain.deadlines.clock_run import OfficeClock
from domain.deadlines.deadline import Clock
from domain.deadlines.explained_run import explained_runs
from domain.deadlines.explanation_text import explained_run_text
from domain.deadlines.ledger import fold_ledger
from domain.evolve import fold
from domain.vocabulary import PetitionKind
from projections.labels.events import PETITION_EVENT_LABELS
from tests.domain.command_sequences import first_letter
from tests.domain.samples import (
    ANSWER,
    APPROVE,
    ASK_FOR_TIME,
    COMPLAINT,
    DENUNCIATION,
    EXTEND,
    PROPOSAL,
    PROPOSE,
    REMIND,
    REOPEN,
    RESUME,
    SUSPEND,
    TERMINATE,
    answered,
    august,
    commands_to_stages,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import MONDAY, GivenPast, history_of, national_law

SUSPENDED: GivenPast = [*in_progress(COMPLAINT), SUSPEND, RESUME]


def explained_clocks(past: GivenPast) -> list[tuple[Clock, list[date], date | None]]:
    return [
        (Clock(run.clock), [one.due_after for one in run.course if one.due_after], run.stopped_on)
        for run in fold_ledger(history_of(past)).clocks
    ]


def test_each_clock_is_told_with_what_started_moved_and_stopped_it() -> None:
    assert explained_clocks(SUSPENDED) == [
        (Clock.TRIAGE, [july(20)], july(9)),
        (Clock.ACCEPTANCE, [july(15)], july(9)),
        (Clock.SETTLEMENT, [august(10), august(13)], None),
        (Clock.HEAD, [july(31), august(5)], None),
        (Clock.SUSPENSION_SENDING, [july(20)], None),
        (Clock.SUSPENSION_SENDING, [july(23)], None),
    ]
    acceptance = fold_ledger(history_of(SUSPENDED)).clocks[1]
    assert (acceptance.started_on, acceptance.stopped_by) == (MONDAY, "PetitionAccepted")


def test_an_answer_stops_what_runs_and_a_reopening_starts_anew() -> None:
    lives = explained_clocks([*answered(PROPOSAL), REOPEN])
    assert (Clock.HEAD, [july(31)], july(20)) in lives
    assert lives[-1] == (Clock.HEAD, [august(31)], None)


def test_an_extension_is_a_move_of_the_same_clock() -> None:
    lives = explained_clocks([*in_progress(PROPOSAL), ASK_FOR_TIME, EXTEND])
    assert lives[-1] == (Clock.HEAD, [july(31), august(14)], None)


def test_a_clock_is_told_in_sentences_with_its_course_and_its_end() -> None:
    law = national_law()
    clocks = explained_runs(fold_ledger(history_of([*SUSPENDED, ANSWER])), law)
    text = "\n".join(explained_run_text(clock, "en", PETITION_EVENT_LABELS) for clock in clocks)
    assert "## settlement (stopped on 20/07/2026, in time)" in text
    assert "Course: 09/07/2026 Accepted for settlement: 10/08/2026 → 20/07/2026 Resumed: 13/08/2026." in text
    assert "Suspended from 15/07/2026 to 20/07/2026: 5 days do not count." in text
    assert "dừng ngày 09/07/2026, đúng hạn" in explained_run_text(clocks[0], "vi", PETITION_EVENT_LABELS)


def test_what_is_stopped_while_it_stands_still_was_due_later_by_those_days() -> None:
    told_by_history = history_of([*in_progress(COMPLAINT), SUSPEND, with_changes(TERMINATE, occurred_on=august(12))])
    settlement = explained_runs(fold_ledger(told_by_history), national_law())[2]
    assert (settlement.run.clock, settlement.run.stopped_on) == (Clock.SETTLEMENT, august(12))
    answer = settlement.as_json()
    assert answer["due_on"] == answer["moves"][-1]["due_on"] == date(2026, 9, 7)
    assert "(stopped on 12/08/2026, in time)" in explained_run_text(settlement, "en", PETITION_EVENT_LABELS)


def test_a_corrected_day_of_the_answer_leaves_the_answer_as_what_stopped_it() -> None:
    corrected: GivenPast = [*answered(PROPOSAL), with_changes(PROPOSE, answered_on=july(17)), APPROVE]
    (head,) = [run for run in fold_ledger(history_of(corrected)).clocks if run.clock is Clock.HEAD]
    assert (head.stopped_on, head.stopped_by) == (july(17), "AnsweredInWriting")


def test_a_wait_without_a_limit_and_a_step_inside_the_office_follow_from_no_law() -> None:
    ledger = fold_ledger(history_of([*in_progress(PROPOSAL), REMIND]))
    assert [run.clock for run in ledger.clocks][-1] is OfficeClock.STEP
    assert [one.run.clock for one in explained_runs(ledger, national_law())] == [Clock.TRIAGE, Clock.HEAD]


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION, PROPOSAL])
def test_the_clocks_that_run_are_those_of_the_petition(kind: PetitionKind) -> None:
    for way in commands_to_stages(kind).values():
        told_by_history = history_of(way, other=first_letter(kind))
        petition = fold(told_by_history)
        assert petition is not None
        running = {run.clock: run.deadline for run in fold_ledger(told_by_history).running if run.holder is None}
        assert running == petition.deadlines
