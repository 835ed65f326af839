"""Tests the tables by class of event or command: each is complete, and no class has the entry of another."""

from collections.abc import Callable, Mapping
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given

from domain.command import Command, CommandRow
from domain.commands import PetitionCommand, ReceivePetition
from domain.decide import PETITION_COMMANDS
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, Fact, PetitionEvent, PetitionOpening
from domain.evolvers import EVOLVERS
from domain.petition import Petition
from domain.rules.petition_rule import PetitionRule
from domain.status import Status
from domain.status_moves import NO_TRANSITION, SETTLES, TRANSITIONS
from domain.value import replace
from tests.domain.command_sequences import LIVES, Life
from tests.examples import examples


def declared_type(function: Callable[..., Any], parameter: int) -> object:
    """Return the declared type of a parameter, by its place."""
    return list(get_type_hints(function).values())[parameter]


def test_every_event_of_a_petition_leaves_settles_or_moves_its_status() -> None:
    what = [*NO_TRANSITION, *SETTLES, *TRANSITIONS]
    assert len(what) == len(set(what))
    assert set(what) == set(get_args(PetitionEvent))


@pytest.mark.parametrize(("what", "transition"), TRANSITIONS.items())
def test_a_status_is_moved_by_the_transition_written_for_that_event(
    what: type[Fact], transition: Callable[..., Status]
) -> None:
    declared = declared_type(transition, 1)
    assert declared is what or (what in PETITION_OPENINGS and declared == PetitionOpening)


@pytest.mark.parametrize(("what", "evolver"), EVOLVERS.items())
def test_a_petition_is_evolved_by_the_evolver_written_for_that_event(
    what: type[Fact], evolver: Callable[..., Petition]
) -> None:
    assert declared_type(evolver, 1) in {EventEnvelope[what], EventEnvelope[Fact]}  # type: ignore[valid-type]
    assert what in get_args(PetitionEvent)


def test_every_command_on_a_petition_has_its_rule() -> None:
    assert {*PETITION_COMMANDS, ReceivePetition} == set(get_args(PetitionCommand))


@pytest.mark.parametrize(("command", "row"), PETITION_COMMANDS.items())
def test_a_command_is_answered_by_the_rule_that_is_written_for_it(
    command: type[Command], row: CommandRow[PetitionRule[Any]]
) -> None:
    assert declared_type(row.rule.with_values, 0) is command


@examples(100)
@given(LIVES)
def test_a_change_of_some_fields_is_what_replace_makes_of_it(life: Life) -> None:
    for before, after in zip(life.petitions, life.petitions[1:], strict=False):
        for one, other in ((before, after), (before.status, after.status)):
            names = one.__struct_fields__
            changes: Mapping[str, Any] = {name: getattr(other, name) for name in names[1:5]}
            changed = replace(one, **changes)
            assert {name: getattr(changed, name) for name in names} == {
                name: changes.get(name, getattr(one, name)) for name in names
            }
