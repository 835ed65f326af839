"""Renders the file of a petition from the log: one line for each event, nothing left out.

Each line says what happened, who recorded it in which position, when it happened, when it was recorded, and the number
of days between: a late entry is allowed, but it is shown. The file is read from the log itself, so it is never behind.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any, get_args
from uuid import UUID

from domain.alerts.keys import step_key_of
from domain.deadlines.policy import Policies
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, AlertRaised, Fact, ImportFlagged, PetitionEvent
from domain.labels import Language
from domain.sealed_text import EACH, text_paths
from domain.status import Status
from domain.status_transitions import initial_status, transition
from domain.value import known
from projections.case_alerts import Telling
from projections.case_file_clocks import ClockLine, clocks_text
from projections.event_details import OFFICIAL_FIELDS, event_details, notable_details, official_text
from projections.labels.case_file import CASE_FILE_LABELS, DELIVERY_LABELS, PETITION_STAGE_LABELS
from projections.labels.events import (
    ALERT_ROLE_LABELS,
    PETITION_EVENT_LABELS,
    PETITION_FIELD_LABELS,
    PETITION_VALUE_LABELS,
    PROTECTED_TEXT,
)


@dataclass(frozen=True, slots=True)
class Line:
    """Holds one event of a petition.

    `days_between` counts from the day of the event to the day of its recording, in the zone of the authority. `unit`,
    `stage` and `due_on` are the values after the event: the answerable unit and its last day. `details` holds what the
    event said; petitioners appear by reference only. `told` lists the messages about an alert.
    """

    position: int | None
    version: int
    event: str
    title: str
    occurred_on: date
    occurred_at: datetime | None
    recorded_at: datetime | None
    days_between: int | None
    recorded_by: str
    recorded_by_unit: str
    recorded_by_position: str
    acting_for: str | None
    unit: str
    stage: str
    due_on: date | None
    details: dict[str, Any]
    command_id: UUID | None
    told: tuple[Telling, ...] = ()


def case_file_lines(
    history: Iterable[EventEnvelope[PetitionEvent]],
    policies: Policies,
    language: Language,
    zone: tzinfo,
    *,
    is_protected: bool = False,
    messages: Iterable[Telling] = (),
) -> list[Line]:
    """Return one line for each event, in their order.

    `policies` are the rules on file, which give the legal source of each deadline. `is_protected` hides free text by
    which a denouncer might be recognised. `messages` are the messages about alerts of the petition. Raise ValueError
    when the history does not begin with an opening.
    """
    messages_of_alert: defaultdict[str, list[Telling]] = defaultdict(list)
    for message in messages:
        messages_of_alert[message.key].append(message)
    lines = []
    status: Status | None = None
    for envelope in history:
        fact = envelope.fact
        if isinstance(fact, PETITION_OPENINGS):
            status = initial_status(fact)
        elif status is None:
            raise ValueError(f"the history of {envelope.originator_id} does not begin with an opening")
        else:
            status = transition(status, fact, envelope.originator_version)
        details = event_details(fact)
        if "deadlines" in details:
            details["deadlines"] = [_with_legal_source(deadline, policies) for deadline in details["deadlines"]]
        recorded_on = envelope.recorded_at and envelope.recorded_at.astimezone(zone).date()
        lines.append(
            Line(
                position=envelope.position,
                version=envelope.originator_version,
                event=type(fact).__name__,
                title=PETITION_EVENT_LABELS[type(fact).__name__][language],
                occurred_on=fact.occurred_on,
                occurred_at=known(fact.occurred_at),
                recorded_at=envelope.recorded_at,
                days_between=None if recorded_on is None else (recorded_on - fact.occurred_on).days,
                recorded_by=envelope.by.officer,
                recorded_by_unit=envelope.by.unit,
                recorded_by_position=envelope.by.position,
                acting_for=envelope.by.acting_for,
                unit=status.unit,
                stage=status.stage,
                due_on=status.due_on if status.settled_on is None else status.due_when_settled,
                details=_hide_free_text(details, free_text_fields(type(fact))) if is_protected else details,
                command_id=envelope.command_id,
                told=tuple(messages_of_alert[step_key_of(fact).text]) if isinstance(fact, AlertRaised) else (),
            )
        )
    return lines


def _with_legal_source(deadline: dict[str, Any], policies: Policies) -> dict[str, Any]:
    """Return a deadline with the legal source of its rule, right after the rule, if the rule is on file."""
    source = policies.legal_source(deadline.get("policy"))
    if source is None:
        return deadline
    stated: dict[str, Any] = {}
    for key, value in deadline.items():
        stated |= {key: value, "legal_source": source} if key == "policy" else {key: value}
    return stated


@cache
def free_text_fields(kind: type[Fact]) -> frozenset[str]:
    """Return the names of the fields of an event that hold texts, directly, in a part or in a tuple.

    In a denunciation such text may reveal who wrote it. The name of an official is no text: officials act in their
    office. The detail of a flag is written by the program, about what an import brought.
    """
    fields = frozenset(next(part for part in reversed(path) if part != EACH) for path in text_paths(kind))
    return fields | {"detail"} if kind is ImportFlagged else fields


def _hide_free_text(value: Any, fields: frozenset[str]) -> Any:
    if isinstance(value, dict):
        hidden = fields | CORRECTED_VALUES if _corrects_free_text(value) else fields
        return {k: PROTECTED_TEXT if k in hidden else _hide_free_text(v, fields) for k, v in value.items()}
    if isinstance(value, list):
        return [_hide_free_text(v, fields) for v in value]
    return value


EVERY_FREE_TEXT = frozenset[str]().union(*(free_text_fields(kind) for kind in get_args(PetitionEvent)))
"""Names of all fields with texts: a correction names a field of any event."""

CORRECTED_VALUES = frozenset({"was", "becomes"})
"""Fields of a correction that hold a value of the field `path` as JSON, which is no text."""


def _corrects_free_text(part: dict[str, Any]) -> bool:
    """Return True for a correction of free text, or of a part or list that may contain some.

    No command makes one of these, whose texts stand in fields of their own; a recorded one is hidden all the same.
    """
    is_of_free_text = not EVERY_FREE_TEXT.isdisjoint(str(part.get("path", "")).split("."))
    return is_of_free_text or any(str(part.get(name, "")).lstrip().startswith(("[", "{")) for name in CORRECTED_VALUES)


def case_file_text(
    reference: str, lines: Iterable[Line], language: Language, zone: tzinfo, clocks: Iterable[ClockLine] = ()
) -> str:
    """Return the file as text to read or print: each event on a line, its details below it, and then the clocks."""
    label = {key: words[language] for key, words in CASE_FILE_LABELS.items()}
    written = [f"{label['file']} {reference}", ""]
    for line in lines:
        recorded_at = "—" if line.recorded_at is None else f"{line.recorded_at.astimezone(zone):%d/%m/%Y %H:%M}"
        late = f", {line.days_between} {label['days_later']}" if line.days_between else ""
        acting = f" ({label['acting_for']} {line.acting_for})" if line.acting_for else ""
        written.append(f"{line.version:>3}. {line.occurred_on:%d/%m/%Y}  {line.title}")
        written.append(
            f"     {label['recorded']} {recorded_at}{late} — {line.recorded_by}, {line.recorded_by_position},"
            f" {line.recorded_by_unit}{acting}"
        )
        state = PETITION_STAGE_LABELS[line.stage][language]
        due = f"; {label['due']} {line.due_on:%d/%m/%Y}" if line.due_on else ""
        held = f"; {label['unit']} {line.unit}" if line.unit else f"; {label['no_unit']}"
        written.append(f"     → {state}{held}{due}")
        for key, value in notable_details(line.event, line.details).items():
            if key == "deadlines":
                written += [
                    f"       {PETITION_FIELD_LABELS[key][language]}: {_deadline_text(d, language)}" for d in value
                ]
                continue
            if key == "received_at":
                value = f"{datetime.fromisoformat(value).astimezone(zone):%d/%m/%Y %H:%M}"
            written.append(f"       {_case_field_label(key, language)}: {_case_value_text(key, value, language)}")
        written += [f"       {_alert_message_text(message, language, zone)}" for message in line.told]
    if ledger := clocks_text(clocks, language):
        written += ["", label["clocks"], "", ledger.rstrip()]
    return "\n".join(written) + "\n"


def _alert_message_text(message: Telling, language: Language, zone: tzinfo) -> str:
    at = message.changed_at.astimezone(zone)
    role, channel = ALERT_ROLE_LABELS[message.role][language], PETITION_VALUE_LABELS[message.channel][language]
    state = DELIVERY_LABELS[message.state][language]
    told = CASE_FILE_LABELS["told"][language]
    return f"{told}: {message.addressee}, {role}, {channel}; {state} {at:%d/%m/%Y %H:%M}"


def case_file_line_json(line: Line) -> dict[str, Any]:
    """Return the line with its fields as keys."""
    return asdict(line)


def _case_field_label(key: str, language: Language) -> str:
    return PETITION_FIELD_LABELS[key][language] if key in PETITION_FIELD_LABELS else key.replace("_", " ")


def _deadline_text(deadline: dict[str, Any], language: Language) -> str:
    """Return the clock, last day, rule and calendar of a deadline, with which the last day can be checked."""
    subject = deadline.get("subject")
    parts = [
        " ".join(
            (
                PETITION_VALUE_LABELS[deadline["clock"]][language],
                *([_subject_text(subject, language)] if subject else []),
            )
        ),
        f"{CASE_FILE_LABELS['until'][language]} {_format_iso_day(deadline['due_on'])}",
    ]
    if limit := deadline.get("limit"):
        parts.append(f"{limit['amount']} {PETITION_VALUE_LABELS[limit['unit']][language]}")
    if deadline["original_due_on"] != deadline["due_on"]:
        parts.append(f"{CASE_FILE_LABELS['first_set'][language]} {_format_iso_day(deadline['original_due_on'])}")
    parts += [deadline[key] for key in ("policy", "legal_source") if deadline.get(key)]
    if deadline.get("calendar"):
        parts.append(f"{CASE_FILE_LABELS['calendar'][language]} {deadline['calendar']}")
    return "; ".join(parts)


def _subject_text(subject: dict[str, Any], language: Language) -> str:
    """Return the unit, task, promise or recommendation that a clock runs for."""
    return f"{PETITION_VALUE_LABELS[subject['kind']][language]} {subject['reference']}"


_CODED_CASE_FIELDS = frozenset(
    {
        *("kind", "channel", "competence", "result", "scope", "form", "clock", "criteria", "state"),
        *("complexity", "way", "instance", "capacity", "present", "absent_with_reason", "absent_without_reason"),
        *("by", "does"),
    }
)
"""Fields whose values are coded and have a label; other values are shown as they are."""


def _case_value_text(key: str, value: Any, language: Language) -> str:
    if isinstance(value, dict):
        if key in OFFICIAL_FIELDS:
            return official_text(value)
        if key == "persons":
            return f"{value['ref']} ({PETITION_VALUE_LABELS[value['capacity']][language]})"
        if key == "subject":
            return _subject_text(value, language)
        if key == "corrections":
            return _correction_text(value, language)
        return ", ".join(
            f"{_case_field_label(k, language)} {_case_value_text(k, v, language)}" for k, v in value.items()
        )
    if isinstance(value, list):
        return "; ".join(_case_value_text(key, v, language) for v in value)
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if key.endswith("_on") or key in {"until", "invite_by"}:
        return _format_iso_day(str(value))
    if key == "to" and value in ALERT_ROLE_LABELS:
        return ALERT_ROLE_LABELS[value][language]
    return (
        PETITION_VALUE_LABELS[value][language]
        if key in _CODED_CASE_FIELDS and value in PETITION_VALUE_LABELS
        else str(value)
    )


def _correction_text(correction: dict[str, Any], language: Language) -> str:
    """Return which field of which event is corrected, and from what to what; a dash for what is not said."""
    field = correction["path"].split(".")[-1]
    was, becomes = (
        correction[f"text_{name}"]
        if f"text_{name}" in correction
        else _corrected_value_text(field, correction[name], language)
        if name in correction
        else "—"
        for name in ("was", "becomes")
    )
    label = PETITION_FIELD_LABELS["version"][language]
    return f"{label} {correction['version']}, {_case_field_label(field, language)}: {was} → {becomes}"


def _corrected_value_text(field: str, value: str, language: Language) -> str:
    """Return a corrected value in words, or as it was recorded where it is no JSON of the field."""
    try:
        return _case_value_text(field, json.loads(value), language)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return value


def _format_iso_day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
