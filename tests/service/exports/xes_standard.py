"""Checks a file against the structure of IEEE 1849-2016, read from the standard; its schema is in no package."""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from service.files.text_files import open_unpacked

_NAMESPACE = "{http://www.xes-standard.org/}"
_ORDER = ["extension", "global", "classifier", "attribute", "trace"]
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_STANDARD_KEYS = {
    "concept:name": "string",
    "time:timestamp": "date",
    "org:resource": "string",
    "org:group": "string",
    "org:role": "string",
    "lifecycle:transition": "string",
}


def read_log(path: Path) -> Element:
    """Return the log of a file, packed or not."""
    with open_unpacked(path) as stream:
        return fromstring(stream.read())


def values_of(element: Element) -> dict[str, Any]:
    """Return the attributes of a trace or an event."""
    return {child.get("key", ""): child.get("value") for child in element if child.get("key") is not None}


def traces_of(log: Element) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return the attributes of each trace with those of its events."""
    return [
        (values_of(trace), [values_of(event) for event in trace.iter(f"{_NAMESPACE}event")])
        for trace in log.iter(f"{_NAMESPACE}trace")
    ]


def assert_is_xes(log: Element) -> None:
    """Assert that the log has the form that the standard asks for, and keeps what it says of itself."""
    assert log.tag == f"{_NAMESPACE}log"
    assert {"xes.version", "xes.features"} == set(log.attrib)
    found = [_ORDER.index(_part(child)) for child in log]
    assert found == sorted(found), "parts of a log stand in their order"
    prefixes = set()
    always: dict[str, dict[str, str]] = {}
    for child in log:
        match _part(child):
            case "extension":
                assert set(child.attrib) == {"name", "prefix", "uri"}
                prefixes.add(child.attrib["prefix"])
            case "global":
                assert set(child.attrib) == {"scope"}
                always[child.attrib["scope"]] = _assert_attributes(child, prefixes)
    for child in log:
        if _part(child) == "classifier":
            assert set(child.attrib) == {"name", "keys"}
            assert set(child.attrib["keys"].split()) <= set(always["event"])
        elif _part(child) == "trace":
            _assert_trace(child, prefixes, always)


def _assert_trace(trace: Element, prefixes: set[str], always: dict[str, dict[str, str]]) -> None:
    events = [child for child in trace if child.tag == f"{_NAMESPACE}event"]
    assert list(trace)[len(trace) - len(events) :] == events, "attributes stand before events"
    assert not trace.attrib
    alone = Element("attributes")
    alone.extend([child for child in trace if child not in events])
    assert always["trace"].items() <= _assert_attributes(alone, prefixes).items()
    for event in events:
        assert not event.attrib
        assert always["event"].items() <= _assert_attributes(event, prefixes).items()


def _assert_attributes(parent: Element, prefixes: set[str]) -> dict[str, str]:
    """Assert that each attribute has a value of its type, and return the types by key."""
    types = {}
    for child in parent:
        assert set(child.attrib) == {"key", "value"}
        assert len(child) == 0
        assert not (child.text or "").strip()
        key, value, kind = child.attrib["key"], child.attrib["value"], child.tag.removeprefix(_NAMESPACE)
        prefix, colon, _ = key.partition(":")
        assert not colon or prefix in prefixes, f"{key} belongs to no declared extension"
        assert _STANDARD_KEYS.get(key, kind) == kind
        match kind:
            case "date":
                assert _INSTANT.fullmatch(value)
                datetime.fromisoformat(value)
            case "int":
                assert re.fullmatch(r"[+-]?\d+", value)
            case _:
                assert kind == "string"
        types[key] = kind
    assert max(Counter(child.attrib["key"] for child in parent).values(), default=1) == 1, "a key stands once"
    return types


def _part(child: Element) -> str:
    name = child.tag.removeprefix(_NAMESPACE)
    return name if name in _ORDER else "attribute"
