import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError

from domain.actor import Officer
from domain.evolve import evolve
from domain.petition import Petition
from domain.vocabulary import OfficerId, PetitionKind, Stage, UnitId
from service.commands.office import ApplicationService
from service.event_store.codec import encode_fact
from service.event_store.log_rows import decode_log_rows
from service.event_store.recorder import EnvelopeMapper
from tests.domain.samples import commands_to_stages
from tests.domain.scenario import history_of
from tests.service.office_fixtures import open_office, open_units, perform, run_life_cycle

MAPPER = EnvelopeMapper()


@pytest.fixture
async def office(database: str) -> AsyncIterator[ApplicationService]:
    async with open_office(database) as office:
        yield office


def test_the_librarys_stored_event_is_the_stored_form() -> None:
    (receipt,) = history_of(commands_to_stages(PetitionKind.COMPLAINT)[Stage.RECEIVED])
    stored = MAPPER.to_stored_event(receipt)
    assert (stored.originator_id, stored.originator_version) == (receipt.originator_id, 1)
    assert (stored.topic, stored.state, stored.by) == ("PetitionReceived", encode_fact(receipt.fact), receipt.by)
    assert MAPPER.to_domain_event(stored) == receipt._replace(reference=None)


def _fold(initial: Petition | None, events: Any) -> Petition | None:
    for envelope in events:
        initial = evolve(initial, envelope)
    return initial


@pytest.mark.anyio
async def test_the_librarys_save_and_repository_work_on_our_log(office: ApplicationService) -> None:
    events = history_of(commands_to_stages(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])

    def from_a_thread() -> Any:
        office.histories.save(*events)
        return office.histories.repository.get(events[0].originator_id, projector_func=_fold)  # type: ignore[type-var]

    petition = await asyncio.to_thread(from_a_thread)
    assert isinstance(petition, Petition)
    assert petition.stage is Stage.IN_PROGRESS
    assert petition.version == len(events)
    again = await office.queries.history(petition.petition_id)
    assert [(r.fact, r.by, r.position) for r in again] == [(r.fact, r.by, n) for n, r in enumerate(events, 1)]
    assert all(envelope.recorded_at is not None and envelope.command_id is not None for envelope in again)


@pytest.mark.anyio
async def test_a_version_that_somebody_else_wrote_is_the_librarys_integrity_error(office: ApplicationService) -> None:
    (receipt,) = history_of(commands_to_stages(PetitionKind.COMPLAINT)[Stage.RECEIVED])
    await asyncio.to_thread(office.histories.save, receipt)
    with pytest.raises(IntegrityError):
        await asyncio.to_thread(office.histories.save, receipt)


@pytest.mark.anyio
async def test_the_recorder_reads_as_the_library_asks(office: ApplicationService) -> None:
    await open_units(office)
    petition_id = await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
    recorder = office.histories.recorder

    def versions(**arguments: Any) -> list[int]:
        return [stored.originator_version for stored in recorder.select_events(petition_id, **arguments)]

    def positions(*arguments: Any, **options: Any) -> list[int]:
        return [notification.id for notification in recorder.select_notifications(*arguments, **options)]

    def read() -> None:
        assert versions() == [1, 2, 3, 4, 5]
        assert versions(gt=1, lte=4) == [2, 3, 4]
        assert versions(desc=True, limit=2) == [5, 4]
        head = recorder.max_notification_id()
        assert head is not None
        assert positions(None, 1000) == list(range(1, head + 1))
        assert positions(3, 2) == [3, 4]
        assert positions(3, 2, inclusive_of_start=False) == [4, 5]
        assert positions(1, 1000, 5) == [1, 2, 3, 4, 5]
        assert positions(1, 1, topics=["WorkStarted"]) == [head]
        with pytest.raises(ProgrammingError):
            recorder.subscribe()

    await asyncio.to_thread(read)


@pytest.mark.anyio
async def test_rows_that_are_decoded_later_are_the_same_events(office: ApplicationService) -> None:
    await open_units(office)
    await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
    rows = await office.histories.rows(3, 5)
    assert decode_log_rows(rows) == await office.histories.page(3, 5)
    assert [envelope.position for envelope in decode_log_rows(rows)] == [4, 5, 6, 7, 8]


@pytest.mark.anyio
async def test_all_that_is_known_of_an_officer_comes_back(office: ApplicationService) -> None:
    (receipt,) = history_of(commands_to_stages(PetitionKind.COMPLAINT)[Stage.RECEIVED])
    officers = [
        Officer(officer=OfficerId("cv-1"), unit=UnitId("so-xd"), position="Phó Giám đốc", acting_for=OfficerId("gd-1")),
        Officer(officer=OfficerId("cv-1"), unit=UnitId("so-xd"), position="Phó Giám đốc"),
        Officer(officer=OfficerId("kiennghi"), unit=UnitId(""), position=""),
    ]
    recorded = [receipt._replace(originator_id=UUID(int=n), by=by) for n, by in enumerate(officers, start=1)]

    def save() -> list[Officer]:
        office.histories.save(*recorded)
        stored = office.histories.recorder.select_notifications(None, 10)
        return [MAPPER.to_domain_event(one).by for one in stored]

    assert await asyncio.to_thread(save) == officers
    assert [envelope.by for envelope in await office.histories.page(0, 10)] == officers


@pytest.mark.anyio
async def test_an_empty_log_has_no_last_notification(office: ApplicationService) -> None:
    assert await asyncio.to_thread(office.histories.recorder.max_notification_id) is None
    assert await office.histories.last_position() == 0
    assert await office.histories.page(0, 10) == []
    assert await office.histories.history(UUID(int=1)) == []


@pytest.mark.anyio
async def test_the_histories_of_units_are_read_without_the_rest(office: ApplicationService) -> None:
    await open_units(office)
    await perform(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.RECEIVED][0])
    found = await office.histories.unit_events()
    assert {type(envelope.fact).__name__ for envelope in found} == {"UnitOpened"}
    assert len(found) == 7
