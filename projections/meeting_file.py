"""The file of a meeting: one line an event, with who recorded it and how much later, read from the log itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from domain.envelope import EventEnvelope
from domain.labels import Language
from domain.meetings.events import MeetingEvent
from projections.labels.meetings import EVENTS, FIELDS, LABELS, VALUES


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """`days_between` counts from the day it happened to the day it was recorded, in the authority's zone."""

    position: int | None
    version: int
    event: str
    title: str
    occurred_on: date
    recorded_at: datetime | None
    days_between: int | None
    recorded_by: str
    recorded_by_unit: str
    recorded_by_position: str
    acting_for: str | None
    details: dict[str, Any]


def lines(history: Iterable[EventEnvelope[MeetingEvent]], language: Language, zone: tzinfo) -> list[MeetingLine]:
    """The events in order."""
    told = []
    for recorded in history:
        fact, by = recorded.fact, recorded.by
        recorded_on = recorded.recorded_at and recorded.recorded_at.astimezone(zone).date()
        told.append(
            MeetingLine(
                position=recorded.position,
                version=recorded.originator_version,
                event=type(fact).__name__,
                title=EVENTS[type(fact).__name__][language],
                occurred_on=fact.occurred_on,
                recorded_at=recorded.recorded_at,
                days_between=None if recorded_on is None else (recorded_on - fact.occurred_on).days,
                recorded_by=by.officer,
                recorded_by_unit=by.unit,
                recorded_by_position=by.position,
                acting_for=by.acting_for,
                details=fact.model_dump(mode="json", exclude_defaults=True, exclude={"occurred_on", "occurred_at"}),
            )
        )
    return told


def text(title: str, told: Iterable[MeetingLine], language: Language, zone: tzinfo) -> str:
    """The file to read or print."""
    label = {key: words[language] for key, words in LABELS.items()}
    written = [f"{label['file']} {title}", ""]
    for line in told:
        recorded = "—" if line.recorded_at is None else f"{line.recorded_at.astimezone(zone):%d/%m/%Y %H:%M}"
        late = f", {line.days_between} {label['days_later']}" if line.days_between else ""
        written.append(f"{line.version:>3}. {line.occurred_on:%d/%m/%Y}  {line.title}")
        written.append(
            f"     {label['recorded']} {recorded}{late} — {line.recorded_by}, {line.recorded_by_position},"
            f" {line.recorded_by_unit}"
        )
        for key, value in line.details.items():
            if key == "limits":
                written += [f"       {FIELDS[key][language]}: {_limit(limit, language)}" for limit in value]
            else:
                written.append(f"       {_name(key, language)}: {_value(key, value, language)}")
    return "\n".join(written) + "\n"


def _limit(limit: dict[str, Any], language: Language) -> str:
    stage = VALUES[limit["stage"]][language]
    until = LABELS["until"][language]
    return f"{stage} {until} {_day(limit['due_on'])}; {limit['policy']}; {limit['legal_source']}"


_CODED = frozenset({"kind", "level", "reception", "mode", "head_of", "audience"})
_DAYS = frozenset({"planned_for", "moved_from", "due_on"})


def _name(key: str, language: Language) -> str:
    return FIELDS[key][language] if key in FIELDS else key.replace("_", " ")


def _value(key: str, value: Any, language: Language) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_name(k, language)} {_value(k, v, language)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(_value(key, one, language) for one in value)
    if key in _DAYS and value is not None:
        return _day(str(value))
    return VALUES[value][language] if key in _CODED and value in VALUES else str(value)


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
