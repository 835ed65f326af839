"""Writes the log as OCEL 2.0 (JSON): events that relate to petitions, officers and units.

Events are written as they are read. The petitions, which stand after them in the file, wait in a temporary file without
a name; officers and units are kept in memory, as the register of units is.
"""

import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec

from domain.status import Status
from domain.units.unit import Unit, UnitRegister
from domain.vocabulary import NO_UNIT, UnitId
from projections.event_log import Actor, AttributeValue, LoggedCase, LoggedEvent
from service.exports.event_values import event_values, instant_in_form, said_values

_COPIED_BYTES = 1 << 16

_EVENT_ATTRIBUTES = {
    **{"position": "integer", "activity": "string", "timestamp_is": "string", "occurred_on": "string"},
    **{"recorded_at": "time", "recorded_by": "string", "recorded_by_unit": "string", "acting_for": "string"},
    **dict.fromkeys(("resource", "group", "role", "unit_after", "officer_after"), "string"),
    **{"group_name": "string", "stage_after": "string", "kind_after": "string", "due_after": "string"},
    **dict.fromkeys(("step", "step_at", "step_unit", "step_officer"), "string"),
}
_OBJECT_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "petition": {
        **dict.fromkeys(
            ("reference", "source", "key", "kind", "channel", "book", "document_no", "stage", "unit", "officer"),
            "string",
        ),
        **dict.fromkeys(("received", "assigned", "due", "settled", "answered", "answer_no", "result"), "string"),
        **{"person_count": "integer", "summary": "string", "place": "string", "answer": "string"},
    },
    "officer": {"code": "string", "position": "string", "is_outside": "boolean"},
    "unit": {"code": "string", "name": "string", "level": "string"},
}
_CHANGING = ("stage", "unit", "officer", "kind", "due")
"""Attributes of a petition that have a value from each of their changes on."""

_encode = msgspec.json.Encoder().encode


async def ocel_pieces(
    cases: AsyncIterator[LoggedCase], units: UnitRegister, topics: Iterable[str], zone: tzinfo
) -> AsyncIterator[bytes]:
    """Yield the file piece by piece. `topics` are the classes of events that the log may hold."""
    event_types = [_declared(name, _EVENT_ATTRIBUTES) for name in topics]
    object_types = [_declared(name, attributes) for name, attributes in _OBJECT_ATTRIBUTES.items()]
    yield b'{"eventTypes":' + _encode(event_types) + b',\n"objectTypes":' + _encode(object_types) + b',\n"events":['
    actors = _Actors()
    with tempfile.TemporaryFile() as petitions:
        between, between_petitions = b"\n", b"\n"
        async for case in cases:
            for event in case.events:
                yield between + _encode(_event(case, event, actors, units))
                between = b",\n"
            petitions.write(between_petitions + _encode(_petition(case, zone)))
            between_petitions = b",\n"
        yield b'\n],\n"objects":['
        petitions.seek(0)
        while piece := petitions.read(_COPIED_BYTES):
            yield piece
    for item in (*_officers(actors, units, zone), *_units(actors, units, zone)):
        yield between_petitions + _encode(item)
        between_petitions = b",\n"
    yield b"\n]}\n"


class _Actors:
    """Collects the officers and units that events relate to, in the order in which they come."""

    def __init__(self) -> None:
        self.officers: dict[str, Actor] = {}
        self.units: dict[str, None] = {}

    def officer(self, actor: Actor) -> str:
        """Return the id of an officer; that of an official outside of the register is never the code of another."""
        found = f"{'outside' if actor.is_outside else 'officer'}:{actor.officer}"
        self.officers.setdefault(found, actor)
        return found

    def unit(self, unit: str) -> str:
        self.units.setdefault(unit)
        return f"unit:{unit}"


def _event(case: LoggedCase, event: LoggedEvent, actors: _Actors, units: UnitRegister) -> dict[str, Any]:
    values = event_values(event, units)
    del values["event"]  # it is the type
    actor, status = event.actor, event.status
    values |= said_values(
        {"activity": event.activity, "resource": actor.officer, "group": actor.unit, "role": actor.role}
    )
    # Who acted comes first: some readers keep one relation of an event to an object.
    related = [(str(case.petition_id), "petition")]
    if actor.officer:
        related.append((actors.officer(actor), "resource"))
    if actor.unit != NO_UNIT:
        related.append((actors.unit(actor.unit), "group"))
    related.append((actors.officer(event.recorded_by), "recorded_by"))
    if status.unit != NO_UNIT:
        related.append((actors.unit(status.unit), "unit_after"))
    if status.officer is not None:
        related.append((actors.officer(Actor(status.officer, status.unit, "")), "officer_after"))
    return {
        "id": f"event:{event.position}",
        "type": event.name,
        "time": event.at.isoformat(),
        "attributes": [{"name": name, "value": _plain(value)} for name, value in values.items()],
        "relationships": [{"objectId": found, "qualifier": qualifier} for found, qualifier in related],
    }


def _petition(case: LoggedCase, zone: tzinfo) -> dict[str, Any]:
    began = case.events[0].at
    attributes = [
        _attribute(name, began, value, zone) for name, value in case.attributes.items() if name not in _CHANGING
    ]
    last: dict[str, AttributeValue] = {}
    for event in case.events:
        for name, value in _changing(event.status).items():
            if value != last.get(name, ""):
                attributes.append(_attribute(name, event.at, value, zone))
                last[name] = value
    # What changes without a trace in the status: who is named outside of the register, a date that was due at the end.
    for name in _CHANGING:
        value = case.attributes.get(name, "")
        if value not in ("", last.get(name, "")):
            attributes.append(_attribute(name, case.events[-1].at, value, zone))
    found: dict[str, Any] = {"id": str(case.petition_id), "type": "petition", "attributes": attributes}
    if case.origin is not None:
        qualifier = "matter_of" if case.is_matter else "stage_above"
        found["relationships"] = [{"objectId": str(case.origin), "qualifier": qualifier}]
    return found


def _changing(status: Status) -> dict[str, AttributeValue]:
    return {
        "stage": status.stage,
        "unit": status.unit,
        "officer": status.officer or "",
        "kind": status.kind or "",
        "due": status.due_on or "",
    }


def _officers(actors: _Actors, units: UnitRegister, zone: tzinfo) -> Iterator[dict[str, Any]]:
    """Yield the officers, with each position that the register knows from its first day on."""
    began = date(1970, 1, 1)
    for found, actor in actors.officers.items():
        attributes = [
            _attribute("code", began, actor.officer, zone),
            {"name": "is_outside", "time": instant_in_form(began, zone), "value": actor.is_outside},
        ]
        if not actor.is_outside:
            attributes += [
                _attribute("position", tenure.since_on, tenure.position, zone)
                for tenure in units.tenures_of(actor.officer)
            ]
        yield {"id": found, "type": "officer", "attributes": attributes}


def _units(actors: _Actors, units: UnitRegister, zone: tzinfo) -> Iterator[dict[str, Any]]:
    """Yield the units, with each name that the register knows from its first day on."""
    for code in actors.units:
        unit = units.by_id.get(UnitId(code))
        attributes = [_attribute("code", unit.opened_on if unit else date(1970, 1, 1), code, zone)]
        if unit is not None:
            attributes += [_attribute("name", on, name, zone) for on, name in _names(unit)]
            if unit.level is not None:
                attributes.append(_attribute("level", unit.opened_on, unit.level, zone))
        yield {"id": f"unit:{code}", "type": "unit", "attributes": attributes}


def _names(unit: Unit) -> Iterator[tuple[date, str]]:
    yield unit.opened_on, unit.name
    yield from unit.renamings


def _declared(name: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": one, "type": kind} for one, kind in attributes.items()]}


def _attribute(name: str, since: date | datetime, value: AttributeValue, zone: tzinfo) -> dict[str, Any]:
    return {"name": name, "time": instant_in_form(since, zone), "value": _plain(value)}


def _plain(value: AttributeValue) -> str | int:
    """Return the value as JSON has it. A day stays a day: only the attributes that are declared so are instants."""
    return value if isinstance(value, int) else value.isoformat() if isinstance(value, date) else str(value)
