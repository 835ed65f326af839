"""Reads what is frozen of the stored forms: lines of events, their fields, their words, and how silence is read."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import msgspec

from domain.events import Fact, PetitionEvent
from domain.sealed_text import Sealed, Text, replace_texts
from domain.topics import FACT_CLASSES

FOLDER = Path(__file__).with_name("stored_forms")


@cache
def stored_lines() -> tuple[dict[str, Any], ...]:
    """Return the lines: `{"topic": ..., "state": {...}}`, the state as the log has it."""
    text = (FOLDER / "events.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def stored_facts() -> list[tuple[Fact, dict[str, Any]]]:
    """Return the events of the present form, each with its stored state. The codec lifts older forms."""
    return [
        (msgspec.json.decode(json.dumps(line["state"]), type=FACT_CLASSES[line["topic"]]), line["state"])
        for line in stored_lines()
        if line["state"].get("v", 1) == FACT_CLASSES[line["topic"]].class_version
    ]


def petition_facts() -> list[PetitionEvent]:
    """Return the stored facts of petitions whose texts are plain, some of each stored form."""
    return [
        cast("PetitionEvent", fact)
        for fact, _ in stored_facts()
        if isinstance(fact, get_args(PetitionEvent)) and not has_sealed_text(fact)
    ]


def has_sealed_text(fact: Fact) -> bool:
    """Return True when a text of the fact is sealed."""
    found: list[Text] = []

    def look(text: Text, _name: str) -> Text:
        found.append(text)
        return text

    replace_texts(fact, look)
    return any(isinstance(text, Sealed) for text in found)
