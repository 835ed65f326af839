"""Writes the log as XES (IEEE 1849-2016): a trace for each petition, an event for each event of the log."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date, datetime
from xml.sax.saxutils import quoteattr

from domain.units.unit import UnitRegister
from projections.event_log import AttributeValue, LoggedCase, LoggedEvent
from service.exports.event_values import event_values, said_values

# XML 1.0 has no form for these characters, not even an escape.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace">
<string key="concept:name" value="UNKNOWN"/>
<string key="petition_id" value="UNKNOWN"/>
</global>
<global scope="event">
<string key="concept:name" value="UNKNOWN"/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
<string key="lifecycle:transition" value="complete"/>
<int key="position" value="0"/>
<string key="event" value="UNKNOWN"/>
<string key="timestamp_is" value="day"/>
<string key="occurred_on" value="1970-01-01"/>
<date key="recorded_at" value="1970-01-01T00:00:00+00:00"/>
<string key="recorded_by" value="UNKNOWN"/>
</global>
<classifier name="Activity" keys="concept:name"/>
<classifier name="Event" keys="event"/>
"""


async def xes_pieces(
    cases: AsyncIterator[LoggedCase], units: UnitRegister, log: Mapping[str, AttributeValue]
) -> AsyncIterator[bytes]:
    """Yield the file piece by piece, one for each petition. `log` are the attributes of the log as a whole."""
    yield (_HEAD + "".join(_attributes(log))).encode()
    async for case in cases:
        yield "".join(_trace(case, units)).encode()
    yield b"</log>\n"


def _trace(case: LoggedCase, units: UnitRegister) -> Iterator[str]:
    name = str(case.attributes.get("reference") or case.petition_id)
    yield "<trace>\n"
    yield from _attributes({"concept:name": name, "petition_id": str(case.petition_id)})
    if case.origin is not None:
        yield from _attributes({"matter_of" if case.is_matter else "stage_above": str(case.origin)})
    yield from _attributes(case.attributes)
    for event in case.events:
        yield "<event>\n"
        yield from _attributes(_event_attributes(event, units))
        yield "</event>\n"
    yield "</trace>\n"


def _event_attributes(event: LoggedEvent, units: UnitRegister) -> dict[str, AttributeValue]:
    actor = event.actor
    return {
        "concept:name": event.activity,
        "time:timestamp": event.at,
        "lifecycle:transition": "complete",
        **said_values({"org:resource": actor.officer, "org:group": actor.unit, "org:role": actor.role}),
        **event_values(event, units),
    }


def _attributes(values: Mapping[str, AttributeValue]) -> Iterator[str]:
    """Yield an element for each value. A day is a string: the dates of XES are instants."""
    for key, value in values.items():
        match value:
            case datetime():
                yield f'<date key="{key}" value="{value.isoformat()}"/>\n'
            case date():
                yield f'<string key="{key}" value="{value.isoformat()}"/>\n'
            case int():
                yield f'<int key="{key}" value="{value}"/>\n'
            case _:
                text = _NOT_IN_XML.sub("\ufffd", value)
                yield f'<string key="{key}" value={quoteattr(text)}/>\n'
