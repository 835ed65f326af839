"""Reads logs in OCEL 2.0: each event beside its cases, in any order of the file, and a wrong file in words."""

import gzip
import json
from typing import Any

import pytest

from domain.imported_history import ImportedCase
from service.files.cells import UnreadableFile
from service.files.json_items import JSON_CHUNK_CHARACTERS, LONGEST_JSON_ITEM
from service.imports.mapping import UnusableMapping
from service.imports.readings import ReadCase, UnreadableRows
from tests.service.imports.conftest import Read

MAPPING = """
[source]
name = "s"
rows = "event"
object_type = "order"
[case]
key = "case:ocel:id"
received = "case:in"
unit = "case:unit"
[event]
step = "ocel:type"
at = "ocel:time"
officer = "who"
"""


def an_object(name: str, kind: str = "order", **attributes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": kind,
        "attributes": [
            {"name": key, "time": "2026-01-01T00:00:00Z", "value": value} for key, value in attributes.items()
        ],
    }


def an_event(number: int, *objects: str, **attributes: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "type": f"step {number}",
        "time": f"2026-07-0{number}T08:00:00+07:00",
        "attributes": [{"name": key, "value": value} for key, value in attributes.items()],
        "relationships": [{"objectId": one, "qualifier": ""} for one in objects],
    }


OBJECTS = [
    an_object("A", unit="one", **{"in": "2026-07-01"}),
    {
        **an_object("B", **{"in": "2026-07-02"}),
        "attributes": [
            {"name": "in", "time": "2026-01-01T00:00:00Z", "value": "2026-07-02"},
            {"name": "unit", "time": "2026-03-01T00:00:00+07:00", "value": "earlier"},
            {"name": "unit", "time": "2026-02-28T18:00:00Z", "value": "later"},
        ],
    },
    an_object("C", **{"in": "2026-07-03"}),
    an_object("item", "item"),
]
EVENTS = [an_event(1, "A", "item", who="x"), an_event(2, "B", "A"), an_event(3, "item"), an_event(4, "B", who=7)]
LOG: dict[str, Any] = {"eventTypes": [], "objectTypes": [], "events": EVENTS, "objects": OBJECTS}


def told(found: list[Any]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    assert all(isinstance(one, ReadCase) for one in found), found
    cases: list[ImportedCase] = [one.case for one in found]
    return [(case.key, case.unit, [(step.step, step.officer) for step in case.steps]) for case in cases]


@pytest.mark.parametrize("order", [("events", "objects"), ("objects", "events")])
def test_each_event_stands_beside_its_cases_whatever_comes_first(read: Read, order: tuple[str, str]) -> None:
    log = {"meta": {"any": [1, {}]}, **{name: LOG[name] for name in order}}
    told_by_all = [
        ("A", "one", [("step 1", "x"), ("step 2", "")]),
        ("B", "later", [("step 2", ""), ("step 4", "7")]),
        ("C", "", []),
    ]
    text = json.dumps(log)
    assert told(read(text, MAPPING, "log.jsonocel")) == told_by_all
    assert told(read(json.dumps(log, indent=3), MAPPING, "log.json")) == told_by_all
    assert told(read(gzip.compress(b"\xef\xbb\xbf" + text.encode()), MAPPING, "log.jsonocel.gz")) == told_by_all


def test_a_log_of_many_chunks_is_read_whole(read: Read) -> None:
    many = [an_object(f"{n:05}", unit="u" * 70, **{"in": "2026-07-01"}) for n in range(JSON_CHUNK_CHARACTERS // 100)]
    found = read(json.dumps({"objects": many, "events": [], "number": 12}), MAPPING, "log.json")
    assert [one.key for one in found if isinstance(one, ReadCase)] == [one["id"] for one in many]


def test_an_event_in_another_form_is_told_and_the_others_are_read(read: Read) -> None:
    wrong: list[Any] = [{"id": "e"}, 7, {**an_event(1, "A"), "attributes": [{"name": "who", "value": {"x": 1}}]}]
    wrong.append(an_event(1, "A", who="\ud800"))
    found = read(json.dumps({**LOG, "events": [*wrong, *EVENTS]}), MAPPING, "log.json")
    assert [one.rows for one in found if isinstance(one, UnreadableRows)] == [(1,), (2,), (3,), (4,)]
    assert len([one for one in found if isinstance(one, ReadCase)]) == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "'{' is missing"),
        ("[]", "'{' is missing"),
        ('{"events": []}', "no array “objects”"),
        ('{"objects": [{"id": "A", ', "not well-formed"),
        ('{"objects": [] "events": []}', "'}' is missing"),
        ('{"objects": [NaN]}', "not well-formed"),
        ('{"objects": []} x', "after the end"),
        ('{"objects": [' + "[" * 100_000, "not well-formed"),
        ('{"objects": ["' + "x" * (LONGEST_JSON_ITEM + 2 * JSON_CHUNK_CHARACTERS) + '"]}', "more than"),
        ('{"objects": [{"id": 1}]}', "not in the form"),
        (json.dumps({"objects": OBJECTS[:1] * 2, "events": []}), "stands twice"),
        (b'{"objects": ["\xff"]}', "UTF-8"),
    ],
)
def test_a_file_that_is_no_such_log_is_refused_in_words(read: Read, content: str | bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says):
        read(content, MAPPING, "log.jsonocel")


def test_a_mapping_that_does_not_fit_is_refused(read: Read) -> None:
    with pytest.raises(UnusableMapping, match=r"source\.object_type"):
        read(json.dumps(LOG), MAPPING.replace('object_type = "order"', ""), "log.json")
    with pytest.raises(UnusableMapping, match="case:when"):
        read(json.dumps(LOG), MAPPING.replace("case:in", "case:when"), "log.json")
