"""Reads what is typed to propose a correction: fields, persons, a file. What is right of a person is asked for."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import to_json

from domain.command import Command
from domain.correcting.history import corrected_history
from domain.correcting.values import json_value_of_words
from domain.deadlines.error_messages import validation_error_text
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import PetitionEvent
from domain.refusals.records import RecordRefusal
from domain.stored_words.table import STORED_WORDS
from domain.vocabulary import IdentityField
from service.commands.refusals import ServiceRefusal
from service.files.text_files import read_text_file

_CommandT = TypeVar("_CommandT", bound=Command)

MOST_CHARACTERS = 200_000
"""Longest file of a proposed correction."""

_FIELD = re.compile(r"([0-9]{1,7}):([a-z][a-z0-9_.]{0,99})=(.*)", re.DOTALL)
_PERSON = re.compile(r"([0-9]{1,7})\.([0-9]{1,6}):([a-z_,]+)")
_ASKED_FOR = (IdentityField.NAME, IdentityField.ADDRESS, IdentityField.IDENTITY_NO, IdentityField.PHONE)


def typed_fields(
    typed: Iterable[str], history: Sequence[EventEnvelope[PetitionEvent]]
) -> Iterator[Mapping[str, object]]:
    """Yield the fields of `--set`, each value in the type of its field. Raise BadParameter and Refused."""
    facts = {event.originator_version: event.fact for event in corrected_history(history)}
    for one in typed:
        matched = _FIELD.fullmatch(one)
        if matched is None:
            raise typer.BadParameter(f"{one.partition('=')[0]!r} is not like 4:lead_unit=so-mau", param_hint="--set")
        version, path, words = int(matched[1]), matched[2], matched[3]
        if version not in facts:
            raise Refused(RecordRefusal.NO_SUCH_EVENT, version=version)
        yield {"version": version, "path": path, "becomes": json_value_of_words(type(facts[version]), path, words)}


def ask_for_person(typed: str) -> dict[str, object]:
    """Return the person of `--person`, with each part as it was typed at the prompt. Raise BadParameter."""
    matched = _PERSON.fullmatch(typed)
    parts = matched[3].split(",") if matched else []
    if matched is None or not set(parts) <= set(_ASKED_FOR):
        known = ",".join(_ASKED_FOR)
        raise typer.BadParameter(f"{typed!r} is not like 1.2:name; the parts are {known}", param_hint="--person")
    words = STORED_WORDS["IdentityField"]
    asked = {part: typer.prompt(words[part]["vi"], default="", show_default=False, err=True) for part in parts}
    return {"version": int(matched[1]), "number": int(matched[2]), **asked}


def body_of_file(file: Path) -> dict[str, list[Any]]:
    """Return `fields` and `persons` of a file. Raise Refused for one that is no such JSON."""
    text = read_text_file(file, MOST_CHARACTERS, "a file of a correction")
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused(ServiceRefusal.PROPOSAL_FILE_UNREADABLE, reason=error.msg) from None
    if not isinstance(body, dict) or not set(body) <= {"fields", "persons"}:
        raise Refused(ServiceRefusal.PROPOSAL_FILE_UNREADABLE, reason="fields, persons")
    return {"fields": list(body.get("fields", [])), "persons": list(body.get("persons", []))}


def made_command(kind: type[_CommandT], body: Mapping[str, Any]) -> _CommandT:
    """Return the command, read as strictly as a request. Raise BadParameter, which says no value."""
    try:
        return kind.model_validate_json(to_json(body))
    except ValidationError as error:
        raise typer.BadParameter(validation_error_text(error)) from None
