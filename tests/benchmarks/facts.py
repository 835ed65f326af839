"""Processor time of an event in the domain and in its stored form, without a database: one life, told by event."""

import json
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from domain import status_transitions
from domain.commands import PetitionCommand
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.evolve import evolve
from domain.petition import Petition
from domain.units.unit import Unit, UnitRegister
from domain.vocabulary import PetitionId, UnitId
from service.config.law_files import national_law
from service.event_store.codec import encode_fact
from service.event_store.log_rows import LogRow, decode_log_rows
from tests.benchmarks.commands import life
from tests.benchmarks.environment import OFFICER, Ground
from tests.benchmarks.results import Figure, Outcome, Series, first_of_each, in_turn

LIVES = 2_000
"""In one round."""

TODAY = date(2026, 7, 20)
ALMOST_NOW = datetime(2026, 7, 20, 2, tzinfo=UTC)
PETITION = PetitionId(UUID("00000000-0000-4000-8000-000000000001"))

T = TypeVar("T")
Asked = tuple[PetitionCommand, Petition | None, DecisionContext]
Followed = tuple[Petition | None, EventEnvelope[PetitionEvent]]


async def measure(ground: Ground) -> list[Outcome]:
    asked, followed = _lived()
    recorded = [event for _, event in followed]
    rows = [_row(event) for event in recorded]
    content = [json.loads(state) for _, _, _, state, *_ in rows]
    standings_and_facts = [
        (before.status, event.fact, event.originator_version) for before, event in followed if before is not None
    ]
    assert decode_log_rows(rows) == recorded
    cost_of: list[tuple[str, float, Callable[[], float]]] = [
        ("encode a fact", 4, lambda: _cost(lambda r: encode_fact(r.fact), recorded)),
        ("decode a row of the log", 4, lambda: _cost(lambda row: decode_log_rows([row]), rows)),
        ("decide", 10, lambda: _cost(lambda all_of_it: decide(*all_of_it).facts, asked)),
        ("evolve", 4, lambda: _cost(lambda step: evolve(*step), followed)),
        (
            "standing_moves.after",
            3,
            lambda: _cost(lambda step: status_transitions.transition(*step), standings_and_facts),
        ),
    ]
    written, read = (
        ("json.dumps of the same content", lambda: _cost(json.dumps, content)),
        ("json.loads of the same content", lambda: _cost(json.loads, [row[3] for row in rows])),
    )
    contenders = [_in_turn(cost) for _, _, cost in cost_of] + [_in_turn(cost) for _, cost in (written, read)]
    *measured, dumps, loads = map(first_of_each, await in_turn(ground.rounds(9), *contenders))
    baselines: list[tuple[str, Series]] = [(written[0], dumps)] + [(read[0], loads)] * (len(cost_of) - 1)
    return [
        Figure(f"{name}, an event", "µs", series, baseline_name, baseline, target)
        for (name, target, _), series, (baseline_name, baseline) in zip(cost_of, measured, baselines, strict=True)
    ]


def _lived() -> tuple[list[Asked], list[Followed]]:
    """What the commands of one life are decided on, and what their events follow on."""
    units = UnitRegister.of(
        [Unit(unit=UnitId(unit), name=unit, level=None, opened_on=date(2020, 1, 1)) for unit in (OFFICER.unit, "so-xd")]
    )
    around = DecisionContext(TODAY, OFFICER.acting_officer, national_law(), units, PETITION)
    asked: list[Asked] = []
    followed: list[Followed] = []
    petition: Petition | None = None
    for n, command in enumerate(life(TODAY), start=1):
        asked.append((command, petition, around))
        (fact,) = decide(command, petition, around).facts
        event = EventEnvelope(PETITION, n, fact, OFFICER.acting_officer).with_database_values(
            recorded_at=ALMOST_NOW, position=n, reference="TD-2026-000001" if n == 1 else None, command_id=uuid4()
        )
        followed.append((petition, event))
        petition = evolve(petition, event)
    return asked, followed


def _row(event: EventEnvelope[PetitionEvent]) -> LogRow:
    assert event.position is not None
    assert event.recorded_at is not None
    assert event.command_id is not None
    topic, state = type(event.fact).__name__, encode_fact(event.fact)
    place = (event.originator_id, event.originator_version)
    by = "\x1f".join((event.by.officer, event.by.unit, event.by.position))
    return (*place, topic, state, event.position, event.recorded_at, event.command_id, event.reference, by)


def _cost(call: Callable[[T], object], of: Sequence[T]) -> float:
    """Microseconds of the processor for one call, with what the loop around it takes."""
    began = time.process_time()
    for _ in range(LIVES):
        for one in of:
            call(one)
    return (time.process_time() - began) / (LIVES * len(of)) * 1e6


def _in_turn(cost: Callable[[], float]) -> Callable[[], Coroutine[Any, Any, Sequence[float]]]:
    async def one_round() -> Sequence[float]:
        return [cost()]

    return one_round
