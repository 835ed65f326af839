"""What is chosen by the class of an event or of a command: nothing is left out, and nothing gets what is another's."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings

from domain.command import Command
from domain.commands import PetitionCommand, ReceivePetition
from domain.decide import RULES
from domain.envelope import EventEnvelope
from domain.events import Fact, PetitionEvent
from domain.evolve import REMEMBERED
from domain.fast_replace import changed
from domain.petition import Petition
from domain.status import Standing
from domain.status_transitions import LEAVE_IT, MOVE_IT, SETTLE_IT
from tests.domain.command_sequences import LIVES, Life


def told(function: Callable[..., Any], parameter: int) -> object:
    """What the parameter is declared to be."""
    return list(get_type_hints(function).values())[parameter]


def test_every_event_of_a_petition_leaves_settles_or_moves_its_standing() -> None:
    what = [*LEAVE_IT, *SETTLE_IT, *MOVE_IT]
    assert len(what) == len(set(what))
    assert set(what) == set(get_args(PetitionEvent))


@pytest.mark.parametrize(("what", "move"), MOVE_IT.items())
def test_a_standing_is_moved_by_what_is_written_for_that_event(what: type[Fact], move: Callable[..., Standing]) -> None:
    assert told(move, 1) is what


@pytest.mark.parametrize(("what", "remember"), REMEMBERED.items())
def test_a_petition_remembers_by_what_is_written_for_that_event(
    what: type[Fact], remember: Callable[..., Petition]
) -> None:
    assert told(remember, 1) in {EventEnvelope[what], EventEnvelope[Fact]}  # type: ignore[valid-type]
    assert what in get_args(PetitionEvent)


def test_every_command_on_a_petition_has_its_rule() -> None:
    assert {*RULES, ReceivePetition} == set(get_args(PetitionCommand))


@pytest.mark.parametrize(("command", "rule"), RULES.items())
def test_a_command_is_answered_by_the_rule_that_is_written_for_it(
    command: type[Command], rule: Callable[..., list[PetitionEvent]]
) -> None:
    assert told(rule, 0) is command


@settings(deadline=None)
@given(LIVES)
def test_a_change_of_some_fields_is_what_replace_makes_of_it(life: Life) -> None:
    for before, after in zip(life.petitions, life.petitions[1:], strict=False):
        for one, other in ((before, after), (before.standing, after.standing)):
            said: Mapping[str, Any] = {f.name: getattr(other, f.name) for f in fields(one)[1:5]}
            assert changed(one, **said) == replace(one, **said)
            assert hasattr(one, "__dict__")
            assert not hasattr(one, "__post_init__")
