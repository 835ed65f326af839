"""Renders the file of a petition from the log: one line for each event, nothing left out.

Each line says what happened, who recorded it in which position, when it happened, when it was recorded, and the number
of days between: a late entry is allowed, but it is shown. The file is read from the log itself, so it is never behind.
"""

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
from domain.events import AlertRaised, Fact, ImportFlagged, PetitionEvent
from domain.labels import Language
from domain.sealed_text import EACH, text_paths
from domain.status_transitions import status_after_each
from domain.value import known
from domain.vocabulary import PetitionKind
from projections.act_titles import act_titles
from projections.case_alerts import Telling
from projections.event_details import event_details
from projections.labels.events import PROTECTED_TEXT


@dataclass(frozen=True, slots=True)
class Line:
    """Holds one event of a petition.

    `days_between` counts from the day of the event to the day of its recording, in the zone of the authority. `unit`,
    `stage`, `kind`, `due_on` and `waiting_since` are the values after the event: the answerable unit, its last day, and
    the day since which the citizen's supplement is waited for. `is_settled` is True once no day runs any more.
    `details` holds what the event said; petitioners appear by reference only. `told` lists the messages about an alert.
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
    kind: PetitionKind | None
    is_settled: bool
    due_on: date | None
    waiting_since: date | None
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
    history = list(history)
    titles = act_titles(history, language)
    for envelope, status in status_after_each(history):
        fact = envelope.fact
        details = event_details(fact)
        if "deadlines" in details:
            details["deadlines"] = [_with_legal_source(deadline, policies) for deadline in details["deadlines"]]
        recorded_on = envelope.recorded_at and envelope.recorded_at.astimezone(zone).date()
        lines.append(
            Line(
                position=envelope.position,
                version=envelope.originator_version,
                event=type(fact).__name__,
                title=titles[envelope.originator_version],
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
                kind=status.kind,
                is_settled=status.settled_on is not None or not status.stage.is_open,
                due_on=status.due_on if status.settled_on is None else status.due_when_settled,
                waiting_since=status.waiting_since,
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


def case_file_line_json(line: Line) -> dict[str, Any]:
    """Return the line with its fields as keys."""
    return asdict(line)
