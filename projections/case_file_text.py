"""Writes the lines of a petition's file as text, to read or print, in words of the reader's language."""

import json
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import Any

from domain.labels import Language
from projections.case_alerts import Telling
from projections.case_file import Line
from projections.case_file_clocks import ClockLine, clocks_text
from projections.event_details import OFFICIAL_FIELDS, notable_details, official_text
from projections.labels.case_file import CASE_FILE_LABELS, DELIVERY_LABELS, PETITION_STAGE_LABELS
from projections.labels.events import (
    ALERT_ROLE_LABELS,
    PETITION_FIELD_LABELS,
    PETITION_VALUE_LABELS,
)


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
        waiting = f"; {label['waiting_since']} {line.waiting_since:%d/%m/%Y}" if line.waiting_since else ""
        written.append(f"     → {state}{held}{due}{waiting}")
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
        *("by", "does", "outcome", "force", "act", "sent_to"),
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
    if key.endswith("_on") or key in {"until", "invite_by", "reply_by"}:
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
