"""Tests what holds for every command."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from domain.commands import PetitionCommand, ReceivePetition
from domain.decide import decide
from domain.errors import Refused
from tests.domain.samples import EVERY_COMMAND, RECEIVE, with_changes
from tests.domain.scenario import HEAD, MONDAY, TODAY, decision_context, outcome

LATER = [command for command in EVERY_COMMAND if not isinstance(command, ReceivePetition)]
each_later = pytest.mark.parametrize("command", LATER, ids=lambda command: type(command).__name__)


@each_later
def test_nothing_happens_to_a_petition_that_is_not_there(command: PetitionCommand) -> None:
    with pytest.raises(Refused, match="there is no such petition"):
        decide(command, None, decision_context(HEAD))


@each_later
def test_nothing_happens_to_a_petition_before_its_receipt(command: PetitionCommand) -> None:
    early = with_changes(command, occurred_on=MONDAY - timedelta(days=1))
    with pytest.raises(Refused, match="was received on 2026-07-06; nothing can have happened to it before"):
        outcome(given=[RECEIVE], when=early)


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: type(command).__name__)
def test_nothing_has_happened_tomorrow(command: PetitionCommand) -> None:
    with pytest.raises(Refused, match="2026-10-31 lies in the future; today is 2026-10-30"):
        outcome(given=[RECEIVE], when=with_changes(command, occurred_on=TODAY + timedelta(days=1)), today=TODAY)


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: type(command).__name__)
def test_a_command_takes_no_word_that_it_does_not_know(command: PetitionCommand) -> None:
    for word in ("recorded_at", "officer", "by", "deadlines"):
        with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
            with_changes(command, **{word: "x"})


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: type(command).__name__)
def test_a_command_happens_on_a_day_that_there_is(command: PetitionCommand) -> None:
    for day in ("1945-09-01", "9999-12-31", "0000-00-00", "2026-02-30", "", None):
        with pytest.raises(ValidationError):
            with_changes(command, occurred_on=day)


def test_a_day_beyond_the_calendar_on_file_is_refused_and_not_guessed() -> None:
    long_after = date(2200, 1, 3)
    with pytest.raises(Refused, match="counting these days needs 2200"):
        outcome(given=[], when=with_changes(RECEIVE, occurred_on=long_after), today=long_after)
