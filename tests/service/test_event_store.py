import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, ClassVar, get_args
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError, StoredEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actor import Officer
from domain.events import Fact, PetitionEvent, PetitionReceived
from domain.petition import Petition, evolve
from domain.recorded import Recorded
from domain.vocabulary import Channel, PetitionKind, Stage
from service.application import Office
from service.event_store import RecordedMapper, events_in
from service.stored_form import FACTS, UnknownTopic
from tests.domain.any_fact import any_fact
from tests.domain.samples import ways
from tests.domain.scenario import CLERK, history
from tests.service.offices import live, open_office, open_units, perform

MAPPER = RecordedMapper()


@pytest.fixture
async def office(database: str) -> AsyncIterator[Office]:
    async with open_office(database) as office:
        yield office


officers = st.builds(
    Officer, officer=st.text(max_size=9), unit=st.text(max_size=9), position=st.text(max_size=9),
    acting_for=st.none() | st.text(max_size=9),
)  # fmt: skip
facts = st.one_of([any_fact(fact) for fact in FACTS.values()])


@given(fact=facts, by=officers, version=st.integers(1, 2**62))
@settings(max_examples=120, deadline=None)
def test_every_event_comes_back_from_its_bytes_as_it_was(fact: Fact, by: Officer, version: int) -> None:
    recorded = Recorded(originator_id=uuid4(), originator_version=version, fact=fact, by=by)
    stored = MAPPER.to_stored_event(recorded)
    assert stored.topic == type(fact).__name__
    assert MAPPER.to_domain_event(stored) == recorded


def test_every_event_of_a_petition_has_its_own_topic() -> None:
    assert len(FACTS) == len(get_args(PetitionEvent)) + 3
    assert all(fact.__name__ == topic for topic, fact in FACTS.items())


def test_what_is_stored_is_json_without_the_layout_of_the_program() -> None:
    receipt = PetitionReceived(occurred_on=date(2026, 7, 6), channel=Channel.POST, summary="Đường hỏng")
    state = MAPPER.to_stored_event(Recorded(uuid4(), 1, receipt, CLERK)).state
    assert state.decode() == (
        '{"by":{"officer":"van-thu","unit":"ban-tcd","position":"Văn thư"},'
        '"fact":{"occurred_on":"2026-07-06","channel":"post","summary":"Đường hỏng"}}'
    )


def test_an_event_that_this_version_does_not_know_is_said_to_be_unknown() -> None:
    stored = StoredEvent(uuid4(), 1, "PetitionBlessed", b'{"by":{},"fact":{}}')
    with pytest.raises(UnknownTopic, match="'PetitionBlessed', which this version does not know"):
        MAPPER.to_domain_event(stored)


class GrownFact(Fact):
    """Its first form said the place in one line, its second has no field for the summary yet."""

    class_version: ClassVar[int] = 3

    village: str
    commune: str
    summary: str

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        state["village"], state["commune"] = state.pop("place").split(", ")

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        state["summary"] = ""


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FACTS, "GrownFact", GrownFact)


@pytest.mark.parametrize(
    "stored",
    [
        b'"fact":{"occurred_on":"2026-07-06","place":"thon Mau, xa Mau"}',
        b'"v":2,"fact":{"occurred_on":"2026-07-06","village":"thon Mau","commune":"xa Mau"}',
        b'"fact":{"occurred_on":"2026-07-06","village":"thon Mau","commune":"xa Mau","summary":""},"v":3',
    ],
)
def test_older_forms_of_an_event_are_lifted_to_the_present_one(grown: None, stored: bytes) -> None:
    state = b'{"by":{"officer":"a","unit":"b","position":"c"},' + stored + b"}"
    recorded = MAPPER.to_domain_event(StoredEvent(uuid4(), 1, "GrownFact", state))
    fact = GrownFact(occurred_on=date(2026, 7, 6), village="thon Mau", commune="xa Mau", summary="")
    assert recorded.fact == fact
    assert b'"v":3,' in MAPPER.to_stored_event(recorded).state


def test_a_form_that_only_a_later_version_knows_is_not_misread(grown: None) -> None:
    state = b'{"v":4,"by":{"officer":"a","unit":"b","position":"c"},"fact":{"occurred_on":"2026-07-06"}}'
    with pytest.raises(UnknownTopic, match="'GrownFact' in form 4; this version knows 3"):
        MAPPER.to_domain_event(StoredEvent(uuid4(), 1, "GrownFact", state))


def _fold(initial: Petition | None, events: Any) -> Petition | None:
    for recorded in events:
        initial = evolve(initial, recorded)
    return initial


@pytest.mark.anyio
async def test_the_librarys_save_and_repository_work_on_our_log(office: Office) -> None:
    told = history(ways(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])

    def from_a_thread() -> Any:
        office.histories.save(*told)
        return office.histories.repository.get(told[0].originator_id, projector_func=_fold)  # type: ignore[type-var]

    petition = await asyncio.to_thread(from_a_thread)
    assert isinstance(petition, Petition)
    assert petition.stage is Stage.IN_PROGRESS
    assert petition.version == len(told)
    again = await office.history(petition.petition_id)
    assert [(r.fact, r.by, r.position) for r in again] == [(r.fact, r.by, n) for n, r in enumerate(told, 1)]
    assert all(recorded.recorded_at is not None and recorded.command_id is not None for recorded in again)


@pytest.mark.anyio
async def test_a_version_that_somebody_else_wrote_is_the_librarys_integrity_error(office: Office) -> None:
    (receipt,) = history(ways(PetitionKind.COMPLAINT)[Stage.RECEIVED])
    await asyncio.to_thread(office.histories.save, receipt)
    with pytest.raises(IntegrityError):
        await asyncio.to_thread(office.histories.save, receipt)


@pytest.mark.anyio
async def test_the_recorder_reads_as_the_library_asks(office: Office) -> None:
    await open_units(office)
    petition_id = await live(office, ways(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
    recorder = office.histories.recorder

    def versions(**asked: Any) -> list[int]:
        return [stored.originator_version for stored in recorder.select_events(petition_id, **asked)]

    def positions(*asked: Any, **more: Any) -> list[int]:
        return [notification.id for notification in recorder.select_notifications(*asked, **more)]

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
async def test_rows_that_are_decoded_later_are_the_same_events(office: Office) -> None:
    await open_units(office)
    await live(office, ways(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
    rows = await office.histories.rows(3, 5)
    assert events_in(rows) == await office.histories.page(3, 5)
    assert [recorded.position for recorded in events_in(rows)] == [4, 5, 6, 7, 8]


@pytest.mark.anyio
async def test_an_empty_log_has_no_last_notification(office: Office) -> None:
    assert await asyncio.to_thread(office.histories.recorder.max_notification_id) is None
    assert await office.histories.last_position() == 0
    assert await office.histories.page(0, 10) == []
    assert await office.histories.history(UUID(int=1)) == []


@pytest.mark.anyio
async def test_the_histories_of_units_are_read_without_the_rest(office: Office) -> None:
    await open_units(office)
    await perform(office, ways(PetitionKind.COMPLAINT)[Stage.RECEIVED][0])
    found = await office.histories.of_units()
    assert {type(recorded.fact).__name__ for recorded in found} == {"UnitOpened"}
    assert len(found) == 7
