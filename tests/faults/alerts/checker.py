"""Counts what is wrong with alerts, by comparing the log with the histories of receivers and workers."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import psycopg

from domain.alerts.events import MessageComposed, MessageSent
from domain.envelope import EventEnvelope
from domain.events import AlertRaised
from domain.value import said
from service.event_store.log_rows import SELECT_LOG_ROWS, decode_log_rows
from tests.faults.harness import CheckResult

Line = Mapping[str, Any]
Step = tuple[str, ...]
"""Petition, clock, round, date, rung."""


def check_alerts(dsn: str, received: Iterable[Line], worked: Iterable[Line]) -> CheckResult:
    """Check the log against the lines of the receivers' history and of the workers' history, in their order."""
    raised, composed, sent = _read_log(dsn)
    copies = list(received)
    effects = [line for line in copies if line["is_new"]]
    taken = Counter(line["id"] for line in effects)
    told = Counter(key for one in composed.values() for key in _steps_of(one.fact))
    wrongs = Counter(
        raised_twice=sum(times - 1 for times in raised.values()),
        raised_and_never_told=len(raised.keys() - {key[1:] for key in told}),
        lost=sum(str(message_id) not in taken for message_id in sent),
        not_sent=len(composed.keys() - sent.keys()),
        doubled=sum(times - 1 for times in taken.values()),
        never_composed=len(taken.keys() - {str(message_id) for message_id in composed}),
        told_twice=_told_twice(effects, composed),
        confirmed_twice=sum(times - 1 for times in sent.values()),
        out_of_order=_out_of_order(effects, composed),
        changed_between_copies=_changed(copies),
        sent_again_without_a_reason=_sent_again(worked),
    )
    figures = Counter(messages=len(composed), received=len(effects), repeated=len(copies) - len(effects))
    return CheckResult(wrongs, figures)


def _read_log(dsn: str) -> tuple[Counter[Step], dict[UUID, EventEnvelope[MessageComposed]], Counter[UUID]]:
    """Return how often each step of each date was raised, the messages, and how often each was confirmed."""
    query = f"""
        {SELECT_LOG_ROWS}
        WHERE t.topic ~ '^Message|^AlertRaised$' ORDER BY log.position
    """
    with psycopg.connect(dsn) as connection:
        rows: Any = connection.execute(query.encode()).fetchall()
    events = decode_log_rows(rows)
    composed = {one.originator_id: one for one in events if isinstance(one.fact, MessageComposed)}
    raised = Counter(_step(one.originator_id, one.fact) for one in events if isinstance(one.fact, AlertRaised))
    return raised, composed, Counter(one.originator_id for one in events if isinstance(one.fact, MessageSent))


def _told_twice(effects: Iterable[Line], composed: Mapping[UUID, EventEnvelope[MessageComposed]]) -> int:
    """Count repetitions of the same step and date of a petition to the same addressee by the same channel."""
    told: Counter[tuple[str, ...]] = Counter()
    for line in effects:
        message, channel = composed.get(UUID(line["id"])), line["way"].partition(" ")[0]
        steps = _steps_in(line["content"]) if message is None else _steps_of(message.fact)
        told.update((channel, *step) for step in steps)
    return sum(times - 1 for times in told.values())


def _step(petition_id: UUID, fact: AlertRaised) -> Step:
    return tuple(map(str, (petition_id, fact.clock, fact.round, fact.due_on, fact.step)))


def _steps_of(message: MessageComposed) -> list[Step]:
    """Return the steps that a message tells of, with the addressee before each."""
    return [
        tuple(map(str, (message.addressee, one.about.stream, one.clock, one.round, one.due_on, step)))
        for one in said(message.alerts, ())
        for step in (*said(one.folded, ()), one.step)
    ]


def _steps_in(content: str) -> list[Step]:
    """Return the same as `_steps_of` from the body of a webhook; nothing of an e-mail, which says it in prose."""
    if not content.startswith("{"):
        return []
    data = json.loads(content)["data"]
    keys = ("petition_id", "clock", "round", "due_on")
    return [
        (data["addressee"], *(str(alert[key]) for key in keys), step)
        for alert in data["alerts"]
        for step in (*alert["folded"], alert["step"])
    ]


def _out_of_order(effects: Iterable[Line], composed: Mapping[UUID, EventEnvelope[MessageComposed]]) -> int:
    """Count messages that reached somebody after one that was composed later and tells of the same petition."""
    latest: defaultdict[tuple[str, UUID], int] = defaultdict(int)
    wrong = 0
    for line in effects:
        message = composed.get(UUID(line["id"]))
        if message is None or message.position is None:
            continue
        for alert in said(message.fact.alerts, ()):
            key = (line["way"], alert.about.stream)
            wrong += message.position < latest[key]
            latest[key] = max(latest[key], message.position)
    return wrong


def _changed(copies: Iterable[Line]) -> int:
    """Count messages that came more than once with copies that differ."""
    contents: defaultdict[str, set[str]] = defaultdict(set)
    for line in copies:
        contents[line["id"]].add(line["content"])
    return sum(len(different) > 1 for different in contents.values())


def _sent_again(worked: Iterable[Line]) -> int:
    """Count sendings of what another living worker was just sending, or of what was confirmed already."""
    under_way: defaultdict[str, set[int]] = defaultdict(set)
    confirmed: set[str] = set()
    without_reason = 0
    for line in worked:
        pid = line["pid"]
        if "sends" in line:
            without_reason += bool(under_way[line["sends"]]) or line["sends"] in confirmed
            under_way[line["sends"]].add(pid)
        elif "ended" in line:
            under_way[line["ended"]].discard(pid)
            if line["topic"] == "MessageSent":
                confirmed.add(line["ended"])
        elif "died" in line:
            for pids in under_way.values():
                pids.discard(pid)
    return without_reason
