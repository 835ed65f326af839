"""Renders the file of a meeting from the log: one line for each event, with its officer and the delay of recording."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from domain.deadlines.policy import Policies
from domain.deadlines.sentences import rule_texts
from domain.envelope import EventEnvelope
from domain.labels import Language
from domain.meetings.events import MeetingEvent, MeetingHeld, MeetingPlanned
from domain.meetings.words import MeetingKind
from domain.printed_text import printed_lines
from domain.stored_words.table import STORED_WORDS
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from projections.event_details import OFFICIAL_FIELDS, event_details, notable_details, official_text
from projections.file_sentences import NO_UNITS, recorded_when
from projections.labels.meetings import MEETING_FIELD_LABELS, MEETING_FILE_LABELS, meeting_event_words


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """Holds one event of a meeting.

    `days_between` counts from the day of the event to the day of its recording, in the zone of the authority.
    `details` holds what the event said; the details of the meeting are fields of it like the others.
    """

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


def meeting_file_lines(
    history: Iterable[EventEnvelope[MeetingEvent]], policies: Policies, language: Language, zone: tzinfo
) -> list[MeetingLine]:
    """Return one line for each event, in their order.

    `policies` are the rules on file, which give the legal source of each limit.
    """
    lines = []
    kind: MeetingKind | None = None
    for envelope in history:
        fact, by = envelope.fact, envelope.by
        if isinstance(fact, MeetingPlanned | MeetingHeld):
            kind = fact.details.kind
        recorded_on = envelope.recorded_at and envelope.recorded_at.astimezone(zone).date()
        lines.append(
            MeetingLine(
                position=envelope.position,
                version=envelope.originator_version,
                event=type(fact).__name__,
                title=meeting_event_words(type(fact).__name__, kind)[language],
                occurred_on=fact.occurred_on,
                recorded_at=envelope.recorded_at,
                days_between=None if recorded_on is None else (recorded_on - fact.occurred_on).days,
                recorded_by=by.officer,
                recorded_by_unit=by.unit,
                recorded_by_position=by.position,
                acting_for=by.acting_for,
                details=_shown_details(event_details(fact), policies),
            )
        )
    return lines


def _shown_details(said: dict[str, Any], policies: Policies) -> dict[str, Any]:
    """Return the fields of an event, with those of the part `details` in its place, and the legal source of limits.

    The source is None if the rule of a limit is not on file any more.
    """
    shown: dict[str, Any] = {}
    for key, value in said.items():
        shown |= value if key == "details" else {key: value}
    if "limits" in shown:
        shown["limits"] = [
            limit | {"legal_source": policies.legal_source(limit["policy"])} for limit in shown["limits"]
        ]
    return shown


def meeting_file_text(
    title: str, lines: Iterable[MeetingLine], language: Language, zone: tzinfo, units: UnitRegister = NO_UNITS
) -> str:
    """Return the file as text to read or print. Units are named as they were called on the day of the event."""
    written = [MEETING_FILE_LABELS["file"][language].format(title=title), ""]
    for line in lines:
        written.append(f"{line.version:>3}. {line.occurred_on:%d/%m/%Y}  {line.title}")
        unit = units.name_of(UnitId(line.recorded_by_unit), line.occurred_on)
        officer = officer_in_words(line.recorded_by, units, line.occurred_on)
        when = recorded_when(line.recorded_at, line.days_between, language, zone)
        written.append(f"     {when} — {officer}, {line.recorded_by_position}, {unit}")
        for key, value in notable_details(line.event, line.details).items():
            if key == "limits":
                written += [
                    f"       {MEETING_FIELD_LABELS[key][language]}: {_limit_text(limit, language)}" for limit in value
                ]
            else:
                told = _meeting_value_text(key, value, language, units, line.occurred_on)
                written.append(f"       {_meeting_field_label(key, language)}: {told}")
    return f"{printed_lines(written)}\n"


def _limit_text(limit: dict[str, Any], language: Language) -> str:
    stage = STORED_WORDS["LegalStage"][limit["stage"]][language]
    until = MEETING_FILE_LABELS["until"][language]
    sources = rule_texts(limit["policy"], limit["legal_source"], language)
    return "; ".join((f"{stage} {until} {_format_meeting_day(limit['due_on'])}", *sources))


_WORDS_OF_MEETING_FIELD = {
    "kind": "MeetingKind",
    "level": "Level",
    "reception": "ReceptionType",
    "mode": "MeetingMode",
    "head_of": "HeadOf",
    "audience": "Audience",
    "chair_office": "Office",
}
"""The enumerations of the fields with stored words. Other values are shown as they are."""

_DAY_FIELDS = frozenset({"planned_for", "moved_from", "due_on"})
_UNIT_FIELDS_OF_MEETING = frozenset({"organiser", "unit"})


def _meeting_field_label(key: str, language: Language) -> str:
    return MEETING_FIELD_LABELS[key][language] if key in MEETING_FIELD_LABELS else key.replace("_", " ")


def _meeting_value_text(key: str, value: Any, language: Language, units: UnitRegister, on: date) -> str:
    if isinstance(value, dict):
        if key in OFFICIAL_FIELDS:
            return official_text(value, units, on)
        return ", ".join(
            f"{_meeting_field_label(k, language)} {_meeting_value_text(k, v, language, units, on)}"
            for k, v in value.items()
        )
    if isinstance(value, list):
        return "; ".join(_meeting_value_text(key, item, language, units, on) for item in value)
    if key in _DAY_FIELDS:
        return _format_meeting_day(str(value))
    if key in _UNIT_FIELDS_OF_MEETING:
        return units.name_of(UnitId(value), on)
    words = STORED_WORDS[_WORDS_OF_MEETING_FIELD[key]] if key in _WORDS_OF_MEETING_FIELD else {}
    return words[value][language] if value in words else str(value)


def _format_meeting_day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
