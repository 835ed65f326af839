"""The rules allow each life of the made-up province to the officers it names, whatever the seed and the day.

As in a load, the units are closed when all is entered: who is given work must be in being on the day of the entry.
"""

from datetime import date
from uuid import UUID, uuid5

import pytest

from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import NotAllowed, Refused
from domain.events import PetitionEvent
from domain.meetings.decide import decide_meeting
from domain.meetings.meeting import Meeting, evolve_meeting
from domain.permissions import require_permission
from domain.petition import Petition
from domain.units.unit import Unit, UnitRegister
from domain.vocabulary import PetitionId, UnitId
from service.config.law_files import national_law
from service.demo.dialogues import DemoMeeting
from service.demo.life import Life
from service.demo.province import BUREAUS
from service.demo.story import write_province_story
from tests.domain.scenario import fold_next

LAW = national_law()
UNITS = UnitRegister.of(
    Unit(
        unit=UnitId(bureau.unit),
        name=bureau.name,
        level=bureau.level,
        opened_on=bureau.first_day,
    )
    for bureau in BUREAUS.values()
)
NAMESPACE = UUID("00000000-0000-4000-8000-000000000000")


def meeting_held(meeting: DemoMeeting, today: date) -> Meeting:
    context = DecisionContext(today=today, by=meeting.by.acting_officer, law=LAW, units=UNITS)
    state = None
    for version, fact in enumerate(decide_meeting(meeting.command, None, context), start=1):
        state = evolve_meeting(state, EventEnvelope(meeting.command.meeting_id, version, fact, context.by))
    assert state is not None
    return state


def live(life: Life, meetings: dict[UUID, Meeting], today: date) -> dict[PetitionId, Petition]:
    """Return the petitions of the life after all its commands. Raise Refused or NotAllowed where one is not allowed."""
    petitions: dict[PetitionId, Petition] = {}
    histories: dict[PetitionId, list[EventEnvelope[PetitionEvent]]] = {}
    opened: list[PetitionId] = []
    own = PetitionId(uuid5(NAMESPACE, life.name))
    for step in life.steps:
        if callable(step.command):
            break
        command = step.command
        require_permission(command, step.by.roles)
        named = getattr(command, "meeting_id", None)
        petition_id = own if step.opened_index is None else opened[step.opened_index]
        context = DecisionContext(
            today=min(today, command.occurred_on),
            by=step.by.acting_officer,
            law=LAW,
            units=UNITS,
            petition_id=petition_id,
            meeting=None if named is None else meetings[named],
            history=histories.get(petition_id, []),
        )
        decision = decide(command, petitions.get(petition_id), context)
        facts = [(petition_id, fact) for fact in decision.facts]
        facts += [(stream.petition_id, fact) for stream in decision.opened for fact in stream.facts]
        for of, fact in facts:
            state = petitions.get(of)
            event = EventEnvelope[PetitionEvent](of, 1 if state is None else state.version + 1, fact, context.by)
            petitions[of] = fold_next(state, event, histories.setdefault(of, []))
            histories[of].append(event)
        opened += [stream.petition_id for stream in decision.opened]
    return petitions


@pytest.mark.parametrize(("seed", "today"), [(3, date(2026, 7, 20)), (5, date(2026, 12, 31)), (9, date(2027, 6, 15))])
def test_the_rules_allow_every_life(seed: int, today: date) -> None:
    story = write_province_story(seed, LAW.calendar, today)
    meetings: dict[UUID, Meeting] = {one.command.meeting_id: meeting_held(one, today) for one in story.meetings}
    faults = []
    for life in story.lives:
        try:
            live(life, meetings, today)
        except (Refused, NotAllowed) as refusal:
            faults.append(f"{life.name}: {refusal}")
    assert faults == []
