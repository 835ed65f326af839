"""Reads the lines of `stored_events.jsonl`."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from domain.alerts.events import AlertEvent
from domain.events import Fact, PetitionEvent
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent

CLASSES: dict[str, type[Fact]] = {
    fact.__name__: fact
    for fact in (
        *get_args(PetitionEvent),
        *get_args(UnitEvent),
        *get_args(LawChangeEvent),
        *get_args(ReorganisationEvent),
        *get_args(MeetingEvent),
        *get_args(AlertEvent),
    )
}


@cache
def stored_lines() -> tuple[dict[str, Any], ...]:
    text = Path(__file__).with_name("stored_events.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def stored_facts() -> list[tuple[Fact, dict[str, Any]]]:
    """Return the events of the present form, each with its stored state. The codec lifts older forms."""
    return [
        (CLASSES[line["topic"]].model_validate_json(json.dumps(line["state"]["fact"])), line["state"])
        for line in stored_lines()
        if line["state"].get("v", 1) == CLASSES[line["topic"]].class_version
    ]


def petition_facts() -> list[PetitionEvent]:
    """Return the stored facts of petitions, one of each stored form."""
    return [cast("PetitionEvent", fact) for fact, _ in stored_facts() if isinstance(fact, get_args(PetitionEvent))]
