"""A message as it goes out: Vietnamese first, from what was composed alone, so that it never changes.

It names register numbers, clocks, days, units and officers by their codes; never a petitioner, never what people wrote.
"""

from collections.abc import Iterable
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from pydantic_core import to_json

from domain.alerts.delivery import Delivery
from domain.alerts.events import AlertLine, MessageComposed, OperatorLine
from domain.labels import Language
from projections.labels.alerts import CLOCKS, STANDS_IN, SUBJECT, SUBJECTS
from projections.labels.case_file import LABELS

SOURCE = "urn:kiennghi:alerts"
TYPE = "kiennghi.alerts.message.v1"
_LANGUAGES: tuple[Language, ...] = ("vi", "en")


def cloud_event(delivery: Delivery) -> bytes:
    """CloudEvents 1.0 in JSON. `sequence` grows with the order in which messages were composed."""
    message = delivery.composed
    event = {
        "specversion": "1.0",
        "id": message.message_id,
        "source": SOURCE,
        "type": TYPE,
        "time": delivery.composed_at,
        "sequence": f"{delivery.position:020}",
        "datacontenttype": "application/json",
        "data": _told(message),
    }
    return to_json(event)


def _told(message: MessageComposed) -> dict[str, Any]:
    return {
        "addressee": message.addressee,
        "unit": message.unit,
        "instead_of": message.instead_of,
        "subject": {language: _subject(message, language) for language in _LANGUAGES},
        "alerts": [
            {**line.model_dump(mode="json", exclude={"says"}), "says": dict(zip(_LANGUAGES, line.says, strict=True))}
            for line in message.alerts
        ],
        "notices": [
            {**line.model_dump(mode="json"), "says": {language: _notice(line, language) for language in _LANGUAGES}}
            for line in message.notices
        ],
    }


def email(delivery: Delivery, address: str, sender: str) -> EmailMessage:
    """Plain text in UTF-8. The Message-ID is that of the message: a second copy is known by it."""
    message, email = delivery.composed, EmailMessage()
    assert delivery.composed_at is not None
    email["From"] = sender
    email["To"] = address
    email["Subject"] = _subject(message, "vi")
    email["Date"] = format_datetime(delivery.composed_at)
    email["Message-ID"] = f"<{message.message_id}@{sender.rpartition('@')[2]}>"
    email["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes, please
    email.set_content("\n\n".join(_text(message, language) for language in _LANGUAGES), cte="quoted-printable")
    return email


def _text(message: MessageComposed, language: Language) -> str:
    lines = [_subject(message, language), ""]
    if message.instead_of:
        lines += [f"{STANDS_IN[language]}: {', '.join(message.instead_of)}", ""]
    told: Iterable[list[str]] = [
        *(_alert(alert, language) for alert in message.alerts),
        *([_notice(notice, language)] for notice in message.notices),
    ]
    for number, (first, *more) in enumerate(told, start=1):
        lines += [f"{number}. {first}", *(f"   {line}" for line in more)]
    return "\n".join(lines)


def _subject(message: MessageComposed, language: Language) -> str:
    if not message.alerts:
        return SUBJECT["operator"][language].format(count=len(message.notices))
    return SUBJECT["one" if len(message.alerts) == 1 else "many"][language].format(
        count=len(message.alerts), reference=message.alerts[0].reference
    )


def _alert(line: AlertLine, language: Language) -> list[str]:
    clock, unit = CLOCKS[line.clock][language], f"{LABELS['unit'][language]} {line.unit}" if line.unit else ""
    due = f"{LABELS['due'][language]} {_day(line.due_on, language)}"
    return [
        " · ".join(part for part in (line.reference, clock, due, unit) if part),
        line.says[_LANGUAGES.index(language)],
    ]


def _notice(line: OperatorLine, language: Language) -> str:
    known = {
        "about": line.about,
        "until": "" if line.until is None else _day(line.until, language),
        "count": "" if line.count is None else str(line.count),
    }
    details = ", ".join(value for value in known.values() if value)
    said = f"{_day(line.raised_on, language)}: {SUBJECTS[line.subject][language]}"
    return f"{said} ({details})" if details else said


def _day(day: date, language: Language) -> str:
    return f"{day:%d/%m/%Y}" if language == "vi" else day.isoformat()
