"""Renders a message as a CloudEvent or an e-mail, in Vietnamese first, from the composed event alone.

So the text of a message never changes. It contains register numbers, clocks, days, and the names of units and offices,
or their codes where the register has no name. It never contains a petitioner's name or a text that people wrote.
"""

from collections.abc import Iterable
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from pydantic_core import to_json

from domain.alerts.delivery import Delivery
from domain.alerts.events import AlertLine, MessageComposed, OperatorLine
from domain.labels import LANGUAGES, Language
from domain.printed_text import printed_cell, printed_lines
from domain.stored_words.table import word_in
from domain.value import UNSET, known, said
from domain.written_forms import written_number
from projections.labels.alerts import (
    CLOCK_OF_MESSAGE_LABEL,
    GREETING_LABEL,
    MESSAGE_SUBJECT_LABELS,
    NO_REPLY_LABEL,
    STAND_IN_LABEL,
)
from projections.labels.case_file import CASE_FILE_LABELS

CLOUD_EVENT_SOURCE = "urn:kiennghi:alerts"
CLOUD_EVENT_TYPE = "kiennghi.alerts.message.v1"


def render_cloud_event(delivery: Delivery) -> bytes:
    """Return the message in JSON, as CloudEvents 1.0.

    `sequence` increases in the order in which messages were composed.
    """
    message = delivery.composed
    event = {
        "specversion": "1.0",
        "id": message.message_id,
        "source": CLOUD_EVENT_SOURCE,
        "type": CLOUD_EVENT_TYPE,
        "time": delivery.composed_at,
        "sequence": f"{delivery.position:020}",
        "datacontenttype": "application/json",
        "data": _message_payload(message),
    }
    return to_json(event)


def _message_payload(message: MessageComposed) -> dict[str, Any]:
    """Return the `data` of the CloudEvent."""
    return {
        "addressee": message.addressee,
        "unit": known(message.unit),
        "instead_of": said(message.instead_of, ()),
        "subject": {language: _message_subject(message, language) for language in LANGUAGES},
        "alerts": [_alert_payload(line) for line in said(message.alerts, ())],
        "notices": [_notice_payload(line) for line in said(message.notices, ())],
    }


def _alert_payload(line: AlertLine) -> dict[str, Any]:
    """Return the payload of an alert. Receivers read these members, so each has a value or null."""
    return {
        "category": line.about.category,
        "petition_id": line.about.stream,
        "reference": line.about.reference,
        "clock": line.clock,
        "subject": None if line.subject is UNSET else line.subject.text,
        "due_on": line.due_on,
        "step": line.step,
        "round": line.round,
        "folded": said(line.folded, ()),
        "fell_due_on": line.fell_due_on,
        "roles": line.roles,
        "unit": known(line.unit),
        "unit_name": known(line.unit_name),
        "does": line.does,
        "way": known(line.way),
        "says": {language: line.says[language] for language in LANGUAGES},
    }


def _notice_payload(line: OperatorLine) -> dict[str, Any]:
    """Return the payload of an operator alert. Receivers read these members, so each has a value or null."""
    return {
        "subject": line.subject,
        "raised_on": line.raised_on,
        "about": said(line.about, ""),
        "until": known(line.until),
        "count": known(line.count),
        "says": {language: _notice_line(line, language) for language in LANGUAGES},
    }


def render_email(delivery: Delivery, address: str, sender: str) -> EmailMessage:
    """Return the message as plain text in UTF-8.

    The Message-ID derives from the id of the message, so that a receiver recognises a second copy.
    """
    message, email = delivery.composed, EmailMessage()
    assert delivery.composed_at is not None
    email["From"] = sender
    email["To"] = address
    email["Subject"] = printed_cell(_message_subject(message, "vi"))
    email["Date"] = format_datetime(delivery.composed_at)
    email["Message-ID"] = f"<{message.message_id}@{sender.rpartition('@')[2]}>"
    email["Auto-Submitted"] = "auto-generated"  # RFC 3834: asks receivers not to send absence notes
    email.set_content("\n\n".join(_message_text(message, language) for language in LANGUAGES), cte="quoted-printable")
    return email


def _message_text(message: MessageComposed, language: Language) -> str:
    """Return the text of the message in one language."""
    lines = [_message_subject(message, language), ""]
    if message.addressee_office is not UNSET:
        lines += [GREETING_LABEL[language].format(office=message.addressee_office), ""]
    if message.instead_of:
        holders = said(message.instead_of_offices, ()) or message.instead_of
        lines += [f"{STAND_IN_LABEL[language]}: {'; '.join(holders)}", ""]
    blocks: Iterable[list[str]] = [
        *(_alert_lines(alert, language) for alert in said(message.alerts, ())),
        *([_notice_line(notice, language)] for notice in said(message.notices, ())),
    ]
    for number, (first, *more) in enumerate(blocks, start=1):
        lines += [f"{number}. {first}", *(f"   {line}" for line in more)]
    return printed_lines([*lines, "", NO_REPLY_LABEL[language]])


def _message_subject(message: MessageComposed, language: Language) -> str:
    """Return the subject of the message in one language."""
    if not message.alerts:
        return MESSAGE_SUBJECT_LABELS["operator"][language].format(count=len(said(message.notices, ())))
    return MESSAGE_SUBJECT_LABELS["one" if len(message.alerts) == 1 else "many"][language].format(
        count=len(message.alerts), reference=message.alerts[0].about.reference
    )


def _alert_lines(line: AlertLine, language: Language) -> list[str]:
    """Return the two lines of text of an alert: what is due, and what the ladder says."""
    clock, unit = (
        CLOCK_OF_MESSAGE_LABEL[language].format(clock=word_in(line.clock, language)),
        said(line.unit_name, f"{CASE_FILE_LABELS['unit'][language]} {line.unit}") if line.unit else "",
    )
    if line.subject is not UNSET and line.subject.reference != line.unit:
        clock = f"{clock}: {line.subject.reference}"
    due = f"{CASE_FILE_LABELS['due'][language]} {_format_day(line.due_on, language)}"
    return [
        " · ".join(part for part in (line.about.reference, clock, due, unit) if part),
        line.says[language],
    ]


def _notice_line(line: OperatorLine, language: Language) -> str:
    """Return the line of text of an operator alert."""
    values = {
        "about": said(line.about, ""),
        "until": "" if line.until is UNSET else _format_day(line.until, language),
        "count": "" if line.count is UNSET else written_number(line.count, language),
    }
    details = ", ".join(value for value in values.values() if value)
    text = f"{_format_day(line.raised_on, language)}: {word_in(line.subject, language)}"
    return f"{text} ({details})" if details else text


def _format_day(day: date, language: Language) -> str:
    """Return the day as it is written in the language."""
    return f"{day:%d/%m/%Y}" if language == "vi" else day.isoformat()
