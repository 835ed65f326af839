"""Tests the explanation of every clock of a petition, with what set its date."""

from datetime import date

import pytest

from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import OfficeClock
from domain.deadlines.explained_run import explained_runs
from domain.deadlines.explained_run_text import explained_run_text
from domain.deadlines.ledger import fold_ledger
from domain.deadlines.stages import LegalStage
from domain.evolve import fold
from domain.labels import LANGUAGES
from domain.vocabulary import Criterion, PetitionKind
from projections.act_titles import act_titles
from tests.domain.command_sequences import first_letter
from tests.domain.samples import (
    ANSWER,
    APPROVE,
    ASK_FOR_TIME,
    COMPLAINT,
    COMPLEX,
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
    law, history = national_law(), history_of([*SUSPENDED, ANSWER])
    titles = {language: act_titles(history, language) for language in LANGUAGES}
    clocks = explained_runs(history, law)
    text = "\n".join(explained_run_text(clock, "en", titles["en"]) for clock in clocks)
    assert "Clock settlement (stopped on 20/07/2026, in time)" in text
    assert (
        "Course: 09/07/2026 Acceptance of the complaint notified: 10/08/2026 → "
        "20/07/2026 Settlement of the complaint resumed: 13/08/2026."
    ) in text
    assert "Suspended from 15/07/2026 to 20/07/2026: 5 days do not count." in text
    assert "kết thúc ngày 09/07/2026, đúng hạn" in explained_run_text(clocks[0], "vi", titles["vi"])


def test_what_is_stopped_while_it_stands_still_was_due_later_by_those_days() -> None:
    told_by_history = history_of([*in_progress(COMPLAINT), SUSPEND, with_changes(TERMINATE, occurred_on=august(12))])
    settlement = explained_runs(told_by_history, national_law())[2]
    assert (settlement.run.clock, settlement.run.stopped_on) == (Clock.SETTLEMENT, august(12))
    answer = settlement.as_json()
    assert answer["due_on"] == answer["moves"][-1]["due_on"] == date(2026, 9, 7)
    assert "(stopped on 12/08/2026, in time)" in explained_run_text(settlement, "en", act_titles(told_by_history, "en"))


def test_a_corrected_day_of_the_answer_leaves_the_answer_as_what_stopped_it() -> None:
    corrected: GivenPast = [*answered(PROPOSAL), with_changes(PROPOSE, answered_on=july(17)), APPROVE]
    (head,) = [run for run in fold_ledger(history_of(corrected)).clocks if run.clock is Clock.HEAD]
    assert (head.stopped_on, head.stopped_by) == (july(17), "AnsweredInWriting")


def test_a_wait_without_a_limit_and_a_step_inside_the_office_follow_from_no_law() -> None:
    history = history_of([*in_progress(PROPOSAL), REMIND])
    ledger = fold_ledger(history)
    assert [run.clock for run in ledger.clocks][-1] is OfficeClock.STEP
    assert [one.run.clock for one in explained_runs(history, national_law())] == [Clock.TRIAGE, Clock.HEAD]


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION, PROPOSAL])
def test_the_clocks_that_run_are_those_of_the_petition(kind: PetitionKind) -> None:
    for way in commands_to_stages(kind).values():
        told_by_history = history_of(way, other=first_letter(kind))
        petition = fold(told_by_history)
        assert petition is not None
        running = {run.clock: run.deadline for run in fold_ledger(told_by_history).running if run.holder is None}
        assert running == petition.deadlines


SPECIALLY_COMPLEX = with_changes(COMPLEX, criteria=(Criterion.SEVERAL_CONTENTS, Criterion.MANY_PERSONS))


def test_an_extension_is_told_with_its_number_its_decision_and_its_article() -> None:
    """An official writes "gia hạn lần 2, Quyết định số ..., khoản 3 Điều 30", and not "a date that was set"."""
    history = history_of(
        [
            *in_progress(DENUNCIATION),
            SPECIALLY_COMPLEX,
            with_changes(ASK_FOR_TIME, occurred_on=august(5), clock=Clock.SETTLEMENT, until=date(2026, 9, 7)),
            with_changes(EXTEND, occurred_on=august(5), decision_no="64/QĐ-GH"),
            with_changes(ASK_FOR_TIME, occurred_on=date(2026, 9, 1), clock=Clock.SETTLEMENT, until=date(2026, 10, 7)),
            with_changes(EXTEND, occurred_on=date(2026, 9, 1), decision_no="80/QĐ-GH"),
        ]
    )
    law = national_law()
    (settlement,) = [one for one in explained_runs(history, law) if one.run.clock is Clock.SETTLEMENT]
    rule = law.policies.row_for(
        DENUNCIATION, LegalStage.SETTLEMENT_EXTENSION, date(2026, 9, 1), complexity="specially_complex"
    )
    assert rule is not None
    told = explained_run_text(settlement, "vi", act_titles(history, "vi"))
    for number, day, decision in ((1, "thứ Hai, 07/09/2026", "64/QĐ-GH"), (2, "thứ Tư, 07/10/2026", "80/QĐ-GH")):
        extension = f"Gia hạn lần {number} đến {day}: Quyết định số {decision}; căn cứ: {rule.legal_source}."
        assert extension in told
    assert "ấn định" not in told
    assert "30 ngày, kể từ ngày thụ lý" in told
    assert told.startswith("Thời hạn giải quyết (đang tính)\nGiải quyết (tố cáo): ")


def test_a_date_of_the_head_is_told_as_one_and_begins_with_no_bare_day() -> None:
    history = history_of(in_progress(PROPOSAL))
    (head,) = [one for one in explained_runs(history, national_law()) if one.run.clock is Clock.HEAD]
    told = explained_run_text(head, "vi", act_titles(history, "vi"))
    assert told.splitlines()[:2] == [
        "Thời hạn do người đứng đầu ấn định (đang tính)",
        "Thời hạn do người đứng đầu ấn định, kể từ ngày 10/07/2026.",
    ]
