"""Asks each door, import, sheet, HTTP and command line, to take or refuse the same value."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel, TypeAdapter, ValidationError

from domain.command import Command
from domain.commands import ReceivePetition
from domain.commands.fields import CalendarDay
from domain.correcting.fields import field_patterns, field_type
from domain.correcting.table import why_not_correctable
from domain.correcting.values import json_value_of_words, right_value_for
from domain.errors import Refused
from domain.events import PetitionEvent, PetitionReceived
from domain.law_changes.commands import ProposeLawChange
from domain.sealed_text import EACH
from service.cli.context import parse_day
from service.config.law_files import national_law
from service.files.cells import UnreadableFile
from service.imports.mapping import parse_mapping
from service.imports.readings import ReadCase
from service.sheets.cell_types import read_count_cell, read_day_cell, read_text_cell
from tests.service.imports.case_reading import read_cases
from tests.service.imports.conftest import ZONE

MAPPING = parse_mapping(
    '[source]\nname = "s"\nrows = "case"\ndelimiter = ";"\n[case]\nkey = "k"\nreceived = "d"\nperson_count = "n"\n'
    'place = "p"\n'
)
DAYS = {
    "2026-07-06": True,
    "1945-09-02": True,
    "1945-09-01": False,
    "0024-01-05": False,
    "1899-12-31": False,
    "9999-01-01": False,
    "0": False,
    "1783296000": False,
    "20260706": False,
    "2026-W28-1": False,
    "2026-7-6": False,
    "26-07-06": False,
    "2026-02-30": False,
    "٢٠٢٦-٠٧-٠٦": False,
    "true": False,
}
NUMBERS = {
    "1": True,
    "12": True,
    "1.000": False,
    "1,000": False,
    "1_0": False,
    "1.0": False,
    "1e3": False,
    "٣": False,
    "true": False,
    "-1": False,
    "0x1": False,
    "1234567890": False,
}


def takes(door: Callable[[Any], object], value: object) -> bool:
    """Return True if the door takes the value."""
    try:
        door(value)
    except (ValueError, ValidationError, typer.BadParameter, Refused, UnreadableFile):
        return False
    return True


def imported(folder: Path, day: str = "2026-07-06", number: str = "", place: str = "") -> ReadCase:
    path = folder / "one.csv"
    path.write_text(f"k;d;n;p\n1;{day};{number};{place}\n", encoding="utf-8")
    (found,) = read_cases(path, MAPPING, ZONE, national_law())
    if not isinstance(found, ReadCase):
        raise ValueError(found.reason)
    return found


def received(**fields: object) -> ReceivePetition:
    body = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Đèn đường hỏng (ví dụ)"} | fields
    return ReceivePetition.model_validate_json(json.dumps(body))


@pytest.mark.parametrize(("text", "taken"), DAYS.items())
def test_a_day_is_taken_or_refused_alike(text: str, taken: bool, tmp_path: Path) -> None:
    in_bounds = TypeAdapter(CalendarDay).validate_python
    doors: dict[str, Callable[[str], object]] = {
        "import": lambda day: imported(tmp_path, day=day),
        "sheet": lambda day: in_bounds(read_day_cell(day)),
        "HTTP": lambda day: received(occurred_on=day),
        "command line": parse_day,
        "correction": partial(right_value_for, PetitionReceived, 1, "occurred_on"),
    }
    assert {name: takes(door, text) for name, door in doors.items()} == dict.fromkeys(doors, taken)


@pytest.mark.parametrize(("text", "taken"), NUMBERS.items())
def test_a_number_is_taken_or_refused_alike(text: str, taken: bool, tmp_path: Path) -> None:
    def number_in_json(written: str) -> object:
        return received(person_count=json.loads(written))

    doors: dict[str, Callable[[str], object]] = {
        "import": lambda number: imported(tmp_path, number=number),
        "sheet": lambda number: received(person_count=read_count_cell(number)),
        "correction at the command line": lambda number: right_value_for(
            PetitionReceived, 1, "person_count", json_value_of_words(PetitionReceived, "person_count", number)
        ),
    }
    if text not in ("1e3", "1.0", "1.000"):  # JSON has numbers of its own, which the next test asks for
        doors["HTTP"] = number_in_json
    assert {name: takes(door, text) for name, door in doors.items()} == dict.fromkeys(doors, taken)


TEXTS = {
    "xã Mẫu": "xã Mẫu",
    "\ufeffxã Mẫu\u200b": "xã Mẫu",
    unicodedata.normalize("NFD", "xã Mẫu"): "xã Mẫu",
    "xã\u202eMẫu": None,
    "xã\x07Mẫu": None,
    "x" * 301: None,
    "a" + "\u0316" * 31: None,
}
"""Lines as they are typed, each with what is kept; None is refused."""


@pytest.mark.parametrize(("text", "kept"), TEXTS.items())
def test_a_text_is_kept_alike_or_refused_by_each_door(text: str, kept: str | None, tmp_path: Path) -> None:
    doors: dict[str, Callable[[str], object]] = {
        "import": lambda place: imported(tmp_path, place=place).case.place,
        "sheet": lambda place: received(place=read_text_cell(place)).place,
        "HTTP": lambda place: received(place=place).place,
        "correction": partial(right_value_for, PetitionReceived, 1, "place"),
    }
    if kept is None:
        assert {name: takes(door, text) for name, door in doors.items()} == dict.fromkeys(doors, False)
    else:
        assert {name: door(text) for name, door in doors.items()} == dict.fromkeys(doors, kept)


def fields_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, type, TypeAdapter[Any]]]:
    """Yield each day, number and yes-or-no field of a command and of its parts."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        for kind in kinds_in(field.annotation):
            if issubclass(kind, BaseModel):
                yield from fields_of(kind, seen)
            elif kind in (date, int, bool):
                yield f"{model.__name__}.{name}", kind, TypeAdapter(field.rebuild_annotation())


def kinds_in(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from kinds_in(part)


def all_commands(base: type[Command]) -> Iterator[type[Command]]:
    for command in base.__subclasses__():
        yield command
        yield from all_commands(command)


OTHER_KINDS: dict[type, list[object]] = {
    date: [0, 1783296000, 1783296000.0, True, "0", "1783296000", "20260706", "2026-07-06T00:00:00", "2026-7-6"],
    int: [True, 7.0, "7", 1.5, "1_0"],
    bool: [1, 0, "yes", "true", "có", 1.0],
}
"""Values that a field of each kind does not take, though a lenient reader would."""


def test_no_field_of_any_command_takes_a_value_of_another_kind() -> None:
    assert ProposeLawChange in set(all_commands(Command))
    seen: set[type[BaseModel]] = set()
    fields = [one for command in all_commands(Command) for one in fields_of(command, seen)]
    assert len({kind for _, kind, _ in fields}) == len(OTHER_KINDS)
    taken: list[tuple[str, object]] = []
    for name, kind, adapter in fields:
        if name == "FieldCorrection.becomes":
            continue  # of the kind of the field that it corrects: the next test
        for value in OTHER_KINDS[kind]:
            if takes(adapter.validate_python, value) or takes(adapter.validate_json, json.dumps(value)):
                taken.append((name, value))
    assert not taken


def bare_kind(kind: Any) -> Any:
    return get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


def test_no_corrected_field_takes_a_value_of_another_kind() -> None:
    tried, taken = set[type](), list[tuple[str, str, object]]()
    for event in get_args(PetitionEvent):
        for pattern in field_patterns(event):
            path = pattern.replace(EACH, "0")
            kind = bare_kind(field_type(event, path).type)
            if kind not in OTHER_KINDS or why_not_correctable(event, path) is not None:
                continue
            tried.add(kind)
            for value in OTHER_KINDS[kind]:
                if takes(partial(right_value_for, event, 1, path), value):
                    taken.append((event.__name__, path, value))
    assert tried == OTHER_KINDS.keys()
    assert taken == []


def test_only_the_made_up_province_is_decided_as_if_entered_on_another_day() -> None:
    """Every other door is judged by the present day, so that nobody dates an act back over a due date through it."""
    service = Path(__file__).parents[2] / "service"
    found = {
        path.relative_to(service).as_posix() for path in service.rglob("*.py") if "entered_on=" in path.read_text()
    }
    assert found == {"demo/loading.py"}
