"""Names the attributes that an event has in every format, beside its time and who acted."""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo

from domain.units.unit import UnitRegister
from domain.vocabulary import NO_UNIT, UnitId
from projections.event_log import AttributeValue, LoggedEvent


def event_values(event: LoggedEvent, units: UnitRegister) -> dict[str, AttributeValue]:
    """Return the attributes that an event has in both formats, beside its time and who acted; none that is empty."""
    status, unit = event.status, event.actor.unit
    return said_values(
        {
            "position": event.position,
            "event": event.name,
            "timestamp_is": event.precision,
            "occurred_on": event.occurred_on,
            "recorded_at": event.recorded_at,
            "recorded_by": event.recorded_by.officer,
            "recorded_by_unit": event.recorded_by.unit,
            "acting_for": event.acting_for or "",
            "group_name": "" if unit == NO_UNIT else units.name_of(UnitId(unit), event.occurred_on),
            "stage_after": status.stage,
            "unit_after": status.unit,
            "officer_after": status.officer or "",
            "kind_after": status.kind or "",
            "due_after": status.due_on or "",
            **event.step,
        }
    )


def instant_in_form(value: date, zone: tzinfo) -> str:
    """Return an instant in ISO 8601 with its offset; a day is its beginning in the zone."""
    return (value if isinstance(value, datetime) else datetime.combine(value, time.min, zone)).isoformat()


def said_values(values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """Return the values that were said."""
    return {name: value for name, value in values.items() if value != ""}
