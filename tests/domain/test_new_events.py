"""Tests that a new event of a petition is thought of in every place that reads events, and not passed over in silence.

A place reads the events that it names and leaves the others alone. Both are listed here: an event that is in neither
list of a place fails the test, which names the place.
"""

import ast
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from domain import events, follow_on_events
from domain.deadlines import clock_run, ledger
from domain.events import PetitionEvent
from domain.evolvers import EARLY_EVOLVERS, EVOLVERS
from projections import case_state

ALL = frozenset(kind.__name__ for kind in get_args(PetitionEvent))


def named_in(function: Callable[..., Any]) -> frozenset[str]:
    """Return the events that the source of a function names."""
    tree = ast.parse(inspect.getsource(function))
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) & ALL


READ: dict[str, frozenset[str]] = {
    "domain.evolve.EVOLVERS": frozenset(kind.__name__ for kind in (*EVOLVERS, *EARLY_EVOLVERS)),
    "projections.case_state.CASE_EVOLVERS": frozenset(kind.__name__ for kind in case_state.CASE_EVOLVERS),
    "projections.case_state._newly_counted_events": named_in(case_state._newly_counted_events),
    "domain.follow_on_events.new_streams": named_in(follow_on_events.new_streams),
    "domain.follow_on_events.linked_events": named_in(follow_on_events.linked_events),
    "domain.deadlines.clock_run.move_run": named_in(clock_run.move_run),
    "domain.deadlines.ledger": frozenset().union(
        *(named_in(function) for _, function in inspect.getmembers(ledger, inspect.isfunction))
    ),
}
"""The events that each place reads."""

LEFT_ALONE: dict[str, list[str]] = json.loads(Path(__file__).with_name("left_alone.json").read_text(encoding="utf-8"))
"""The events that each place leaves alone on purpose. A new event joins each list by hand, or is read there."""


@pytest.mark.parametrize("place", READ)
def test_every_place_reads_an_event_or_leaves_it_alone_on_purpose(place: str) -> None:
    left_alone = frozenset(LEFT_ALONE[place])
    assert not left_alone & READ[place]
    undecided = sorted(ALL - READ[place] - left_alone)
    assert undecided == [], f"does {place} read these, or leave them alone (tests/domain/left_alone.json)?"
    assert left_alone <= ALL


def test_every_opening_of_a_petition_is_an_event_of_it() -> None:
    assert {kind.__name__ for kind in events.PETITION_OPENINGS} <= ALL
