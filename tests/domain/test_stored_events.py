"""Tests that every event that was ever stored stays readable, and that stored forms only grow.

What is frozen lies in `stored_forms/`; `python -m tests.domain.golden` adds what is new. A failure here means that
history would be lost or read differently: raise the class's form (`class_version`), give it `v: Literal[n]` and an
`upcast_vM_vN`, and leave the frozen lines as they are.
"""

import json
from enum import StrEnum
from typing import Any, get_args

import msgspec
import pytest

from domain.alerts.events import AlertEvent
from domain.events import PetitionEvent
from domain.events.fact import Fact
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.topics import FACT_CLASSES
from domain.units.events import UnitEvent
from tests.domain import golden
from tests.domain.stored import FOLDER, stored_facts, stored_lines

RAISE = "raise its class_version to {} and write upcast_v{}_v{}: what is stored in the present form would be lost"


def frozen(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_no_two_events_share_a_stored_name() -> None:
    unions = (PetitionEvent, UnitEvent, LawChangeEvent, ReorganisationEvent, MeetingEvent, AlertEvent)
    assert len(FACT_CLASSES) == sum(len(get_args(union)) for union in unions)


@pytest.mark.parametrize("topic", FACT_CLASSES)
def test_every_form_of_an_event_has_a_stored_line(topic: str) -> None:
    forms = {line["state"].get("v", 1) for line in stored_lines() if line["topic"] == topic}
    assert forms == set(range(1, FACT_CLASSES[topic].class_version + 1))


def test_every_stored_topic_is_still_known() -> None:
    assert {line["topic"] for line in stored_lines()} <= FACT_CLASSES.keys()


def test_what_was_stored_loads_and_is_stored_the_same_again() -> None:
    for fact, state in stored_facts():
        assert json.loads(msgspec.json.encode(fact)) == state


def test_every_field_and_every_word_has_a_stored_line() -> None:
    assert golden.missing(list(stored_lines())) == [], "`python -m tests.domain.golden` adds the lines of what is new"


@pytest.mark.parametrize("name", frozen("fields"))
def test_the_fields_of_a_stored_class_stay_as_they_are_until_its_form_is_raised(name: str) -> None:
    was = frozen("fields")[name]
    now = golden.present_fields().get(name)
    assert now is not None, f"the stored class {name} is gone"
    form = was["form"]
    assert now == was or now["form"] > form, f"{name} was changed: " + RAISE.format(form + 1, form, form + 1)


def test_no_field_has_a_default_that_the_log_does_not_hold() -> None:
    """A default would be a second schema, which nobody wrote down: a field is required, or unsaid."""
    defaults = {
        f"{name}.{field}"
        for name, present in golden.present_fields().items()
        for field, kind in present["fields"].items()
        if " = " in kind
    }
    assert defaults == set()


def test_every_class_is_frozen() -> None:
    assert golden.present_fields().keys() == frozen("fields").keys(), "`python -m tests.domain.golden` adds new classes"


@pytest.mark.parametrize("name", frozen("words"))
def test_a_stored_word_is_never_renamed_or_removed(name: str) -> None:
    was, now = frozen("words")[name], golden.present_words().get(name, [])
    assert set(was) <= set(now), f"words of {name} are gone: {sorted(set(was) - set(now))}; the log holds them"
    assert set(now) <= set(was), "`python -m tests.domain.golden` adds new words"


def test_silence_is_read_as_it_always_was() -> None:
    assert golden.present_unsaid() == frozen("unsaid")


def test_no_stored_event_names_a_person() -> None:
    for line in stored_lines():
        assert not {"name", "address", "phone", "identity_no"} & line["state"].keys() - (
            {"name"} if line["topic"] in ("UnitOpened", "UnitRenamed") else set()
        )


# -- The guards themselves: each of these changes alters or loses stored history, and must be found.


class Channel(StrEnum):
    POST = "post"
    PHONE = "phone"


class _Changed(Fact):
    """A class with a renamed field, another type, a default, and a renamed word."""

    channel: Channel
    persons: int = 1


def test_the_guards_see_a_default_a_renamed_field_and_another_type() -> None:
    fields = golden.fields_of(_Changed)
    assert fields["persons"] == "? int = 1"
    assert "person_count" not in fields
    assert fields != frozen("fields")["PetitionReceived"]["fields"]


def test_the_guards_see_a_word_that_was_renamed() -> None:
    assert not set(frozen("words")["Channel"]) <= {member.value for member in Channel}


def test_a_line_is_missing_for_a_word_that_no_line_has() -> None:
    lines = [line for line in stored_lines() if line["state"].get("channel") != "hotline"]
    assert any(line["state"].get("channel") == "hotline" for line in golden.missing(lines))


def test_a_line_is_missing_for_a_nested_field_that_no_line_has() -> None:
    lines = [line for line in stored_lines() if "counts_start_day" not in json.dumps(line["state"])]
    assert any("counts_start_day" in json.dumps(line["state"]) for line in golden.missing(lines))
