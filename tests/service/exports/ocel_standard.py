"""Checks a file against the JSON form of OCEL 2.0, written from its specification; its schema is in no package."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs

from service.files.text_files import open_unpacked

_NAME = {"type": "string", "minLength": 1}
_TYPE = {
    "type": "object",
    "required": ["name", "attributes"],
    "additionalProperties": False,
    "properties": {
        "name": _NAME,
        "attributes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "type"],
                "additionalProperties": False,
                "properties": {"name": _NAME, "type": {"enum": ["string", "time", "integer", "float", "boolean"]}},
            },
        },
    },
}
_INSTANT = {"type": "string", "format": "date-time"}
_VALUE = {"type": ["string", "number", "boolean"]}
_RELATIONS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["objectId", "qualifier"],
        "additionalProperties": False,
        "properties": {"objectId": _NAME, "qualifier": {"type": "string"}},
    },
}


def _items(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    known = {"id": _NAME, "type": _NAME, "relationships": _RELATIONS, **properties}
    item = {"type": "object", "required": required, "additionalProperties": False, "properties": known}
    return {"type": "array", "items": item}


def _attributes(**properties: Any) -> dict[str, Any]:
    known = {"name": _NAME, "value": _VALUE, **properties}
    item = {"type": "object", "required": list(known), "additionalProperties": False, "properties": known}
    return {"type": "array", "items": item}


_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["objectTypes", "eventTypes", "objects", "events"],
    "additionalProperties": False,
    "properties": {
        "objectTypes": {"type": "array", "items": _TYPE},
        "eventTypes": {"type": "array", "items": _TYPE},
        "objects": _items(["id", "type"], {"attributes": _attributes(time=_INSTANT)}),
        "events": _items(["id", "type", "time"], {"time": _INSTANT, "attributes": _attributes()}),
    },
}
_OF_TYPE: dict[str, type] = {"string": str, "time": str, "integer": int, "boolean": bool}
_validator = jsonschema_rs.validator_for(_SCHEMA, validate_formats=True)


def read_ocel(path: Path) -> dict[str, Any]:
    """Return the log of a file, packed or not."""
    with open_unpacked(path) as stream:
        return json.load(stream)  # type: ignore[no-any-return]


def assert_is_ocel(log: dict[str, Any]) -> None:
    """Assert that the log has the form of OCEL 2.0, and that what it refers to is there and of the declared type."""
    _validator.validate(log)
    for types, items in (("objectTypes", "objects"), ("eventTypes", "events")):
        declared = {one["name"]: {a["name"]: a["type"] for a in one["attributes"]} for one in log[types]}
        assert len(declared) == len(log[types])
        assert max(Counter(item["id"] for item in log[items]).values(), default=1) == 1
        for item in log[items]:
            for attribute in item["attributes"]:
                kind = declared[item["type"]][attribute["name"]]
                assert isinstance(attribute["value"], _OF_TYPE[kind]), attribute
                assert kind != "time" or "T" in str(attribute["value"]), attribute
    there = {item["id"] for item in log["objects"]}
    related = {
        one["objectId"] for key in ("objects", "events") for item in log[key] for one in item.get("relationships", ())
    }
    assert related <= there
