"""What became of every clock of a petition."""

from datetime import date

import pytest

from domain.deadlines.deadline import Clock
from domain.deadlines.explanation import explain
from domain.deadlines.lives import clock_lives
from domain.deadlines.told import life_told
from domain.petition import fold
from domain.vocabulary import PetitionKind
from projections.words import EVENTS
from tests.domain.samples import (
    ANSWER,
    ASK_FOR_TIME,
    COMPLAINT,
    DENUNCIATION,
    EXTEND,
    PROPOSAL,
    RECEIVE,
    REOPEN,
    RESUME,
    SUSPEND,
    answered,
    august,
    in_progress,
    july,
    ways,
)
from tests.domain.scenario import MONDAY, Past, history, national_law, petition_after

SUSPENDED: Past = [*in_progress(COMPLAINT), SUSPEND, RESUME]


def told(past: Past) -> list[tuple[Clock, list[date], date | None]]:
    return [(life.clock, [move.due_on for move in life.moves], life.stopped_on) for life in clock_lives(history(past))]


def test_each_clock_is_told_with_what_started_moved_and_stopped_it() -> None:
    assert told(SUSPENDED) == [
        (Clock.TRIAGE, [july(20)], july(9)),
        (Clock.ACCEPTANCE, [july(15)], july(9)),
        (Clock.SETTLEMENT, [august(10), august(13)], None),
        (Clock.HEAD, [july(31), august(5)], None),
    ]
    acceptance = clock_lives(history(SUSPENDED))[1]
    assert (acceptance.deadline.started_on, acceptance.stopped_by) == (MONDAY, "PetitionAccepted")


def test_an_answer_stops_what_runs_and_a_reopening_starts_anew() -> None:
    lives = told([*answered(PROPOSAL), REOPEN])
    assert (Clock.HEAD, [july(31)], july(20)) in lives
    assert lives[-1] == (Clock.HEAD, [august(31)], None)


def test_an_extension_is_a_move_of_the_same_clock() -> None:
    lives = told([*in_progress(PROPOSAL), ASK_FOR_TIME, EXTEND])
    assert lives[-1] == (Clock.HEAD, [july(31), august(14)], None)


def test_a_clock_is_told_in_sentences_with_its_course_and_its_end() -> None:
    law = national_law()
    lives = clock_lives(history([*SUSPENDED, ANSWER]))
    text = "\n".join(life_told(life, explain(life.deadline, law), "en", EVENTS) for life in lives)
    assert "## settlement (stopped on 20/07/2026, in time)" in text
    assert "Course: 09/07/2026 Accepted for settlement: 10/08/2026 → 20/07/2026 Resumed: 13/08/2026." in text
    assert "Suspended from 15/07/2026 to 20/07/2026: 5 days do not count." in text
    late = life_told(lives[0], explain(lives[0].deadline, law), "vi", EVENTS)
    assert "dừng ngày 09/07/2026, đúng hạn" in late


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION, PROPOSAL])
def test_the_clocks_that_run_are_those_of_the_petition(kind: PetitionKind) -> None:
    for way in ways(kind).values():
        told_by_history = history(way, other=petition_after([RECEIVE]))
        petition = fold(told_by_history)
        assert petition is not None
        running = {life.clock: life.deadline for life in clock_lives(told_by_history) if life.stopped_on is None}
        assert running == petition.deadlines
