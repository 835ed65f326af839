"""Compares who was responsible on a day with the list of what is owed, both as known at a moment, over random lives."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest

from domain.status import DueState
from domain.vocabulary import PetitionId
from projections.lateness_acts import DueTiming, LatenessCause
from projections.owed_list import OverdueItem, overdue_on
from projections.owed_sql import Owed
from projections.projection import Connection, TextReader
from service.known_at.moment import KnownAt
from service.known_at.responsibility import ResponsibilityAsKnown, read_responsibility
from service.security.view_texts import ViewTexts
from tests.domain.scenario import MONDAY, TODAY
from tests.examples import seeds
from tests.service.known_at.past_log import random_register, record, replayed
from tests.service.office_fixtures import open_office

pytestmark = pytest.mark.anyio

ONE_DAY = timedelta(days=1)
DAYS = [MONDAY - timedelta(days=20), MONDAY, MONDAY + timedelta(days=9), MONDAY + timedelta(days=20), TODAY]


@pytest.mark.parametrize("seed", seeds(2))
async def test_the_list_of_what_is_owed_names_the_same_unit_officer_and_due_date(database: str, seed: int) -> None:
    random = Random(seed)
    register = random_register(random, 12, 5)
    petitions = {event.originator_id: event.position or 0 for event in register.log if event.originator_version == 1}
    head = len(register.log)
    told: Counter[str] = Counter()
    async with open_office(database) as office:
        await record(office, database, register.log)
        histories = {petition_id: await office.queries.history(PetitionId(petition_id)) for petition_id in petitions}
        for known in (head, *random.sample(range(1, head), 2)):
            async with replayed(office, known) as connection:
                for on in DAYS:
                    listed = await everything_owed(connection, ViewTexts(office.vault), on)
                    for petition_id, opened in petitions.items():
                        if opened > known:
                            continue
                        found = await read_responsibility(
                            office, histories[petition_id], on, KnownAt(known, None, on), "vi"
                        )
                        assert_adds_up(found)
                        following = await read_responsibility(
                            office, histories[petition_id], on + ONE_DAY, KnownAt(known, None, on), "vi"
                        )
                        told[assert_as_listed(found, following, listed.get(petition_id))] += 1
                        told.update(cause for act in found.acts for cause in act.causes)
    assert told["owed"] > 50, "the lives are too short to tell anything"
    moved = {cause for cause in LatenessCause if told[cause]}
    assert moved >= {LatenessCause.REASSIGNMENT, LatenessCause.SUSPENSION, LatenessCause.LATE_ENTRY}


async def everything_owed(connection: Connection, texts: TextReader, on: date) -> dict[UUID, OverdueItem]:
    page = await overdue_on(
        connection, texts, on, soon_until=on, states=frozenset(DueState), owed=Owed.ANSWER, limit=1000
    )
    return {item.petition_id: item for item in page.items}


def assert_as_listed(found: ResponsibilityAsKnown, following: ResponsibilityAsKnown, item: OverdueItem | None) -> str:
    """Assert that answer and list name the same, and return what they say.

    On the day of the settlement the list has nobody, and the answer whoever had the petition until then; `following` is
    the answer for the day after.
    """
    responsibility = found.responsibility
    if item is None:
        if responsibility.responsible is not None:
            assert responsibility.on in {one.last_on for one in following.responsibility.intervals}
        return "not owed"
    assert responsibility.responsible is not None
    who = responsibility.responsible
    assert ("" if who.is_intake else who.unit, who.officer or None) == (item.unit, item.officer)
    assert (responsibility.due_on, responsibility.is_held) == (item.due_on, item.state is DueState.SUSPENDED)
    return "owed"


def assert_adds_up(found: ResponsibilityAsKnown) -> None:
    """Assert that no day is told twice, that both ends of an interval count, and that acts lie as they say."""
    intervals = found.responsibility.intervals
    for one in intervals:
        assert one.first_on <= one.last_on <= found.responsibility.on
        assert one.days == (one.last_on - one.first_on).days + 1
        assert 0 <= one.late_days <= one.days
    for before, after in pairwise(intervals):
        assert before.last_on < after.first_on
        assert before.responsible != after.responsible or before.last_on + ONE_DAY < after.first_on
    for act in found.acts:
        for day, timing in ((act.stated_on, act.timing), (act.recorded_on, act.timing_recorded)):
            if act.due_before is not None and day is not None:
                assert (
                    timing
                    is {-1: DueTiming.BEFORE, 0: DueTiming.ON, 1: DueTiming.AFTER}[
                        (day > act.due_before) - (day < act.due_before)
                    ]
                )
