"""Tests the clock of a promise: it runs from the promise until it is kept, whatever becomes of the petition."""

import pytest

from domain.deadlines.clock import Clock
from domain.duties import promise_key
from domain.errors import Refused
from domain.petition import Petition
from domain.vocabulary import PromiseState, Stage
from tests.domain.samples import (
    CLOSE,
    KEEP,
    PROMISE,
    PROPOSAL,
    REOPEN,
    answered,
    august,
    july,
    with_changes,
)
from tests.domain.scenario import GivenPast, outcome, petition_after

PROMISED: GivenPast = [*answered(PROPOSAL), PROMISE]  # by 31 July
IN_PART = with_changes(KEEP, state=PromiseState.PARTLY_KEPT)
NOT_KEPT = with_changes(KEEP, occurred_on=august(3), state=PromiseState.NOT_KEPT)


def is_due(petition: Petition) -> bool:
    return promise_key(1) in petition.status.duties


@pytest.mark.parametrize(
    ("more", "due"),
    [
        ([], True),
        ([KEEP], False),
        ([IN_PART], True),
        ([NOT_KEPT], True),
        ([KEEP, NOT_KEPT], True),  # the last report counts
        ([NOT_KEPT, with_changes(KEEP, occurred_on=august(4))], False),
        ([CLOSE], True),
        ([CLOSE, with_changes(KEEP, occurred_on=august(4))], False),
        ([CLOSE, REOPEN], True),
        ([CLOSE, REOPEN, with_changes(KEEP, occurred_on=august(4))], False),
    ],
)
def test_a_promise_is_owed_until_it_is_kept_as_a_whole(more: GivenPast, due: bool) -> None:
    petition = petition_after([*PROMISED, *more])
    assert is_due(petition) is due
    if due:
        clock = petition.duties[promise_key(1)]
        assert (clock.clock, clock.started_on, clock.due_on) == (Clock.PROMISE, july(22), july(31))
        assert petition.status.duties[promise_key(1)].unit == "so-mau"


def test_a_promise_kept_after_the_end_moves_no_stage() -> None:
    kept = petition_after([*PROMISED, CLOSE, with_changes(KEEP, occurred_on=august(4))])
    assert kept.stage is Stage.CLOSED


def test_a_promise_without_a_day_has_no_clock_and_one_for_a_past_day_is_refused() -> None:
    assert not petition_after([*answered(PROPOSAL), with_changes(PROMISE, promised_for_on=None)]).duties
    with pytest.raises(Refused, match="lies before the promise"):
        outcome(given=answered(PROPOSAL), when=with_changes(PROMISE, promised_for_on=july(21)))


def test_each_promise_has_a_clock_of_its_own() -> None:
    second = with_changes(PROMISE, promised_for_on=august(31))
    petition = petition_after([*PROMISED, second, KEEP])
    assert {key: duty.due_on for key, duty in petition.status.duties.items()} == {promise_key(2): august(31)}
