"""The file of a petition: one line an event, nothing left out.

Each line says what happened, who recorded it in which position, when it happened, when it was recorded, and how many
days lie between: an entry made late is lawful, and visible. Read from the log itself, so it is never behind.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from domain.alerts.keys import key_of
from domain.envelope import EventEnvelope
from domain.events import AlertRaised, PetitionEvent, PetitionReceived
from domain.labels import Language
from domain.status import Standing
from domain.status_transitions import after, received
from projections.case_alerts import Telling
from projections.case_file_clocks import ClockLine
from projections.case_file_clocks import text as clocks_text
from projections.labels.case_file import DELIVERY, LABELS, STAGES
from projections.labels.events import EVENTS, FIELDS, PROTECTED, ROLES, VALUES


@dataclass(frozen=True, slots=True)
class Line:
    """`days_between` counts from the day it happened to the day it was recorded, in the authority's zone.

    `unit`, `stage` and `due_on` are those after the event: who was answerable, and until when. `told` are the messages
    that an alert went out in.
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


def lines(
    history: Iterable[EventEnvelope[PetitionEvent]],
    language: Language,
    zone: tzinfo,
    *,
    is_protected: bool = False,
    tellings: Iterable[Telling] = (),
) -> list[Line]:
    """The events in order. `is_protected` hides free text in which a denouncer might be recognised.

    `tellings` are the messages that told somebody of the petition's alerts.
    """
    of_alert: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        of_alert[telling.key].append(telling)
    told = []
    standing: Standing | None = None
    for recorded in history:
        fact = recorded.fact
        if isinstance(fact, PetitionReceived):
            standing = received(fact)
        elif standing is None:
            raise ValueError(f"the history of {recorded.originator_id} does not begin with a receipt")
        else:
            standing = after(standing, fact)
        recorded_on = recorded.recorded_at and recorded.recorded_at.astimezone(zone).date()
        told.append(
            Line(
                position=recorded.position,
                version=recorded.originator_version,
                event=type(fact).__name__,
                title=EVENTS[type(fact).__name__][language],
                occurred_on=fact.occurred_on,
                occurred_at=fact.occurred_at,
                recorded_at=recorded.recorded_at,
                days_between=None if recorded_on is None else (recorded_on - fact.occurred_on).days,
                recorded_by=recorded.by.officer,
                recorded_by_unit=recorded.by.unit,
                recorded_by_position=recorded.by.position,
                acting_for=recorded.by.acting_for,
                unit=standing.unit,
                stage=standing.stage,
                due_on=standing.due_on if standing.settled_on is None else standing.due_when_settled,
                details=details(fact, is_protected=is_protected),
                command_id=recorded.command_id,
                told=tuple(of_alert[key_of(fact).text]) if isinstance(fact, AlertRaised) else (),
            )
        )
    return told


FREE_TEXT = frozenset(
    {
        *("summary", "answer", "reason", "ground", "wanted", "task_summary", "part", "promised", "place", "why"),
        *("detail", "result", "remedies", "proposed_answer"),
    }
)
"""What people wrote at length: in a denunciation it may give away who wrote it."""


def details(fact: BaseModel, *, is_protected: bool) -> dict[str, Any]:
    """What the event carries beyond its day, as JSON values; petitioners by reference only."""
    carried = fact.model_dump(mode="json", exclude_defaults=True, exclude={"occurred_on", "occurred_at"})
    return _hidden(carried) if is_protected else carried


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: PROTECTED if k in FREE_TEXT else _hidden(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_hidden(v) for v in value]
    return value


def text(
    reference: str, told: Iterable[Line], language: Language, zone: tzinfo, clocks: Iterable[ClockLine] = ()
) -> str:
    """The file to read or print, each event on a line with its details beneath, and then the clocks."""
    label = {key: words[language] for key, words in LABELS.items()}
    written = [f"{label['file']} {reference}", ""]
    for line in told:
        recorded = "—" if line.recorded_at is None else f"{line.recorded_at.astimezone(zone):%d/%m/%Y %H:%M}"
        late = f", {line.days_between} {label['days_later']}" if line.days_between else ""
        acting = f" ({label['acting_for']} {line.acting_for})" if line.acting_for else ""
        written.append(f"{line.version:>3}. {line.occurred_on:%d/%m/%Y}  {line.title}")
        written.append(
            f"     {label['recorded']} {recorded}{late} — {line.recorded_by}, {line.recorded_by_position},"
            f" {line.recorded_by_unit}{acting}"
        )
        state = STAGES[line.stage][language]
        due = f"; {label['due']} {line.due_on:%d/%m/%Y}" if line.due_on else ""
        held = f"; {label['unit']} {line.unit}" if line.unit else f"; {label['no_unit']}"
        written.append(f"     → {state}{held}{due}")
        for key, value in line.details.items():
            if key == "deadlines":
                written += [f"       {FIELDS[key][language]}: {_deadline(d, language)}" for d in value]
            else:
                written.append(f"       {_name(key, language)}: {_value(key, value, language)}")
        written += [f"       {_telling(telling, language, zone)}" for telling in line.told]
    if ledger := clocks_text(clocks, language):
        written += ["", label["clocks"], "", ledger.rstrip()]
    return "\n".join(written) + "\n"


def _telling(telling: Telling, language: Language, zone: tzinfo) -> str:
    at = telling.changed_at.astimezone(zone)
    said = (telling.addressee, ROLES[telling.role][language], VALUES[telling.channel][language])
    return f"{LABELS['told'][language]}: {', '.join(said)}; {DELIVERY[telling.state][language]} {at:%d/%m/%Y %H:%M}"


def as_json(line: Line) -> dict[str, Any]:
    return asdict(line)


def _name(key: str, language: Language) -> str:
    return FIELDS[key][language] if key in FIELDS else key.replace("_", " ")


def _deadline(deadline: dict[str, Any], language: Language) -> str:
    """Which clock, until when, and by which rule and calendar: what somebody who doubts the day must know."""
    told = [VALUES[deadline["clock"]][language], f"{LABELS['until'][language]} {_day(deadline['due_on'])}"]
    if limit := deadline.get("limit"):
        told.append(f"{limit['amount']} {VALUES[limit['unit']][language]}")
    if deadline["original_due_on"] != deadline["due_on"]:
        told.append(f"{LABELS['first_set'][language]} {_day(deadline['original_due_on'])}")
    told += [deadline[key] for key in ("policy", "legal_source") if deadline.get(key)]
    if deadline.get("calendar"):
        told.append(f"{LABELS['calendar'][language]} {deadline['calendar']}")
    return "; ".join(told)


_CODED = frozenset(
    {
        *("kind", "previous_kind", "channel", "competence", "result", "scope", "form", "clock", "criteria"),
        *("complexity", "escalated_as", "present", "absent_with_reason", "absent_without_reason"),
        *("by", "does", "escalation"),
    }
)
"""Fields whose values are words of the trade and not somebody's own."""


def _value(key: str, value: Any, language: Language) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_name(k, language)} {_value(k, v, language)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(_value(key, v, language) for v in value)
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if key.endswith("_on") or key in {"until", "invite_by"}:
        return _day(str(value))
    if key == "to" and value in ROLES:
        return ROLES[value][language]
    return VALUES[value][language] if key in _CODED and value in VALUES else str(value)


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
