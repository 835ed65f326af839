from datetime import date

import pytest

from domain.actor import Credentials, Role
from domain.commands import StartWork
from domain.events import AnsweredInWriting
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.event_store.ids import time_ordered_id
from service.imports.mapping import parse_mapping
from service.imports.results import CaseOutcome
from tests.service.imports.case_reading import english
from tests.service.imports.test_importing import HEADER, MAPPING_TEXT, Importing, importing, office

__all__ = ["importing", "office"]
pytestmark = pytest.mark.anyio

FIRST = HEADER + "1,2011-03-04,,u1\n2,2011-03-04,,\n3,2011-03-04,2011-04-01,u1\n"
LATER = HEADER + "1,2011-03-04,2011-05-06,u1\n2,2011-03-04,2011-05-06,u2\n3,2011-03-04,2011-04-02,u1\n"


async def answers(office: ApplicationService, reference: str) -> list[date]:
    petition_id = await office.queries.petition_id_of(reference)
    assert petition_id is not None
    return [
        one.fact.occurred_on
        for one in await office.queries.history(petition_id)
        if isinstance(one.fact, AnsweredInWriting)
    ]


async def test_a_report_says_which_field_changed_from_what_to_what(importing: Importing) -> None:
    await importing.run(FIRST)
    events = await importing.events()
    summary = await importing.run(LATER)
    assert summary.outcomes == {CaseOutcome.CHANGED: 3}
    assert [[english(one) for one in line["changes"]] for line in importing.report] == [
        ["out: (nothing) → “2011-05-06”"],
        ["out: (nothing) → “2011-05-06”", "case.assigned: (nothing) → “2011-03-04”", "unit: (nothing) → “u2”"],
        ["out: “2011-04-01” → “2011-04-02”"],
    ]
    assert ["--take-over" in line["reason"] for line in importing.report] == [True, True, False]
    assert await importing.events() == events


async def test_what_is_told_more_is_taken_over_by_key_and_once(importing: Importing) -> None:
    await importing.run(FIRST)
    dry = await importing.run(LATER, take_over=["1"], dry_run=True)
    assert dry.outcomes == {CaseOutcome.WOULD_TAKE_OVER: 1, CaseOutcome.CHANGED: 2}
    assert await answers(importing.office, "s:1") == []
    summary = await importing.run(LATER, take_over=["1"])
    assert summary.outcomes == {CaseOutcome.TAKEN_OVER: 1, CaseOutcome.CHANGED: 2}
    assert await answers(importing.office, "s:1") == [date(2011, 5, 6)]
    assert await answers(importing.office, "s:2") == []
    again = await importing.run(LATER, take_over=["*"])
    assert again.outcomes == {CaseOutcome.ALREADY_THERE: 1, CaseOutcome.TAKEN_OVER: 1, CaseOutcome.CHANGED: 1}
    assert await answers(importing.office, "s:3") == [date(2011, 4, 1)], "what is told otherwise is never taken over"
    events = await importing.events()
    assert (await importing.run(LATER, take_over=["*"])).outcomes[CaseOutcome.ALREADY_THERE] == 2
    assert await importing.events() == events


WITH_LIMIT = parse_mapping(f'{MAPPING_TEXT}due = "due"\n')


@pytest.mark.parametrize(
    ("due", "answered", "outcome"),
    [
        ("2026-07-03", "2026-07-03", CaseOutcome.CHANGED),
        ("2026-07-03", "2026-07-04", CaseOutcome.TAKEN_OVER),
        ("2026-07-06", "2026-07-03", CaseOutcome.TAKEN_OVER),
    ],
)
async def test_nobody_alone_takes_over_an_answer_of_before_a_due_date_that_has_passed(
    importing: Importing, due: str, answered: str, outcome: CaseOutcome
) -> None:
    header = "no,in,out,unit,due\n"
    await importing.run(f"{header}1,2026-06-01,,u1,{due}\n", mapping=WITH_LIMIT)
    summary = await importing.run(f"{header}1,2026-06-01,{answered},u1,{due}\n", take_over=["1"], mapping=WITH_LIMIT)
    assert summary.outcomes == {outcome: 1}
    is_held = outcome is CaseOutcome.CHANGED
    assert ("withdraw the import (two officers)" in importing.report[0].get("reason", "")) is is_held
    assert await answers(importing.office, "s:1") == ([] if is_held else [date.fromisoformat(answered)])


async def test_a_case_on_which_somebody_worked_is_left_to_a_person(importing: Importing) -> None:
    await importing.run(HEADER + "1,2011-03-04,,u1\n")
    petition_id = await importing.office.queries.petition_id_of("s:1")
    assert petition_id is not None
    officer = Credentials(officer="canbo-1", unit="u1", position="Officer (made up)", roles=frozenset(Role))
    note = StartWork(occurred_on=date(2026, 7, 6))
    await importing.office.petitions.perform(CommandRequest(note, time_ordered_id(), b"d" * 32, petition_id), officer)
    summary = await importing.run(HEADER + "1,2011-03-04,2011-05-06,u1\n", take_over=["1"])
    assert summary.outcomes == {CaseOutcome.CHANGED: 1}
    assert await answers(importing.office, "s:1") == []
