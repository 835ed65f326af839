"""Tests that every event that was ever stored stays readable, and that stored forms only grow.

What is frozen lies in `stored_forms/`; `python -m tests.domain.golden` adds what is new. A failure here means that
history would be lost or read differently: raise the class's form (`class_version`), give it `v: Literal[n]` and an
`upcast_vM_vN`, and leave the frozen lines as they are.
"""

import json
import re
from enum import StrEnum
from typing import Any, get_args

import msgspec
import pytest

from domain.alerts.events import AlertEvent
from domain.erasures.events import ErasureEvent
from domain.events import PetitionEvent
from domain.events.fact import Fact
from domain.import_withdrawals.events import ImportWithdrawalEvent
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
    unions = (
        PetitionEvent,
        UnitEvent,
        LawChangeEvent,
        ReorganisationEvent,
        ImportWithdrawalEvent,
        ErasureEvent,
        MeetingEvent,
        AlertEvent,
    )
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
def test_the_fields_of_a_stored_class_stay_and_only_optional_ones_join_until_its_form_is_raised(name: str) -> None:
    forms, now = frozen("fields")[name], golden.present_fields().get(name)
    assert now is not None, f"the stored class {name} is gone"
    form = max(map(int, forms))
    assert now["form"] >= form, f"{name} was stored in form {form}, and a program of form {now['form']} refuses it"
    misread = golden.misread_fields(forms[str(form)], now["fields"]) if now["form"] == form else set()
    assert not misread, f"{name} was changed in {sorted(misread)}: " + RAISE.format(form + 1, form, form + 1)


def test_no_field_has_a_default_that_the_log_does_not_hold() -> None:
    """A default would be a second schema, which nobody wrote down: a field is required, or unsaid."""
    defaults = {
        f"{name}.{field}"
        for name, present in golden.present_fields().items()
        for field, kind in present["fields"].items()
        if " = " in kind
    }
    assert defaults == set()


def test_every_class_and_every_field_is_frozen() -> None:
    grown = golden.grown_fields(frozen("fields"), golden.present_fields())
    assert grown == frozen("fields"), "`python -m tests.domain.golden` adds new classes, forms and optional fields"


@pytest.mark.parametrize("name", golden.present_fields())
def test_no_stored_class_holds_an_empty_text_a_number_without_a_least_or_an_instant_without_a_zone(name: str) -> None:
    """A field of type `str`, `int` or `datetime` takes an alias of `domain.stored_values` instead."""
    unbounded = {
        field: kind
        for field, kind in golden.present_fields()[name]["fields"].items()
        if re.search(r"\b(str|int|datetime)\b(?!\()|\bint\((?!ge=|gt=)", kind)
    }
    assert unbounded == {}


def test_no_stored_word_says_that_nobody_knows() -> None:
    """Silence says it: the field is left unsaid."""
    silent = {"unknown", "unspecified", "none", "not_said", ""}
    assert {name: found for name, words in frozen("words").items() if (found := silent & set(words))} == {}


@pytest.mark.parametrize("name", frozen("words"))
def test_a_stored_word_is_never_renamed_or_removed(name: str) -> None:
    was, now = frozen("words")[name], golden.present_words().get(name, [])
    assert set(was) <= set(now), f"words of {name} are gone: {sorted(set(was) - set(now))}; the log holds them"
    assert set(now) <= set(was), "`python -m tests.domain.golden` adds new words"


def test_silence_is_read_as_it_always_was() -> None:
    assert golden.present_unsaid() == frozen("unsaid")


def test_no_stored_event_names_a_person() -> None:
    """Units have names, and so has who holds an office of one: officials act in public."""
    for line in stored_lines():
        assert not {"name", "address", "phone", "identity_no"} & line["state"].keys() - (
            {"name"} if line["topic"] in ("UnitOpened", "UnitRenamed", "OfficeTaken") else set()
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
    assert golden.misread_fields(frozen("fields")["PetitionReceived"]["1"], fields) >= {"person_count", "persons"}


@pytest.mark.parametrize(
    ("now", "misread"),
    [
        ({"reason": "text", "topic": "? str(min_length=1)"}, set()),
        ({"reason": "text", "topic": "? str(min_length=1)", "mood": "? str(min_length=1)"}, set()),
        ({"reason": "text", "topic": "? str(min_length=1)", "mood": "str(min_length=1)"}, {"mood"}),
        ({"reason": "text", "subject": "? str(min_length=1)"}, {"topic"}),
        ({"reason": "text"}, {"topic"}),
        ({"reason": "text", "topic": "? str(min_length=2)"}, {"topic"}),
        ({"reason": "text", "topic": "str(min_length=1)"}, {"topic"}),
        ({"reason": "? text", "topic": "? str(min_length=1)"}, {"reason"}),
    ],
)
def test_a_field_may_join_a_form_only_if_silence_is_allowed_in_it(now: dict[str, str], misread: set[str]) -> None:
    was = {"reason": "text", "topic": "? str(min_length=1)"}
    assert golden.misread_fields(was, now) == misread
    grown = golden.grown_fields({"Said": {"1": was}}, {"Said": {"form": 1, "fields": now}})
    joined = {field for field, kind in now.items() if field not in was and kind.startswith("? ")}
    assert grown == {"Said": {"1": {**was, **{field: now[field] for field in joined}}}}


def test_a_raised_form_is_frozen_beside_the_form_that_is_stored() -> None:
    known = {"Said": {"1": {"reason": "text"}}}
    grown = golden.grown_fields(known, {"Said": {"form": 2, "fields": {"why": "text", "v": "literal 2"}}})
    assert grown == {"Said": {"1": {"reason": "text"}, "2": {"why": "text", "v": "literal 2"}}}


def test_the_guards_see_a_word_that_was_renamed() -> None:
    assert not set(frozen("words")["Channel"]) <= {member.value for member in Channel}


def test_a_line_is_missing_for_a_word_that_no_line_has() -> None:
    lines = [line for line in stored_lines() if line["state"].get("channel") != "hotline"]
    assert any(line["state"].get("channel") == "hotline" for line in golden.missing(lines))


def test_a_line_is_missing_for_a_nested_field_that_no_line_has() -> None:
    lines = [line for line in stored_lines() if "counts_start_day" not in json.dumps(line["state"])]
    assert any("counts_start_day" in json.dumps(line["state"]) for line in golden.missing(lines))
