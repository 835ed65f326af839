"""Tests that every event that was ever stored stays readable.

`stored_events.jsonl` holds a line of each stored form, as the log has it. Lines are only ever added, by hand: a new
event or a new form of one brings its line; a line that no longer loads is a change that would lose history.
"""

import json
from typing import get_args

import pytest

from domain.actor import Officer
from domain.alerts.events import AlertEvent
from domain.events import PetitionEvent
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent
from tests.domain.stored import CLASSES, stored_facts, stored_lines


@pytest.mark.parametrize("topic", CLASSES)
def test_every_event_has_a_stored_form(topic: str) -> None:
    versions = {line["state"].get("v", 1) for line in stored_lines() if line["topic"] == topic}
    assert versions == set(range(1, CLASSES[topic].class_version + 1))


def test_every_stored_topic_is_still_known() -> None:
    assert {line["topic"] for line in stored_lines()} <= CLASSES.keys()


def test_no_two_events_share_a_stored_name() -> None:
    assert len(CLASSES) == len(
        (
            *get_args(PetitionEvent),
            *get_args(UnitEvent),
            *get_args(LawChangeEvent),
            *get_args(ReorganisationEvent),
            *get_args(MeetingEvent),
            *get_args(AlertEvent),
        )
    )


def test_what_was_stored_loads_and_is_stored_the_same_again() -> None:
    for fact, state in stored_facts():
        assert json.loads(fact.model_dump_json(exclude_defaults=True)) == state["fact"]
        officer = Officer.model_validate_json(json.dumps(state["by"]))
        assert json.loads(officer.model_dump_json(exclude_defaults=True)) == state["by"]


def test_every_field_of_every_event_is_stored_in_some_line() -> None:
    """Otherwise the name or the form of a field could change unseen."""
    seen = {topic: set[str]() for topic in CLASSES}
    for line in stored_lines():
        seen[line["topic"]] |= line["state"]["fact"].keys()
    never = {
        topic: missing
        for topic, fact in CLASSES.items()
        if (missing := fact.model_fields.keys() - seen[topic] - {"occurred_at", "deadlines"})
    }
    assert never == {}


def test_no_stored_event_names_a_person() -> None:
    for line in stored_lines():
        assert not {"name", "address", "phone", "identity_no"} & line["state"]["fact"].keys() - (
            {"name"} if line["topic"] in ("UnitOpened", "UnitRenamed") else set()
        )
