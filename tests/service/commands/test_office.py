import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.actor import Credentials, Role
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.errors import NotAllowed, Refused
from domain.evolve import fold
from domain.imported_history import ImportedCase
from domain.units.commands import CloseUnit, OpenUnit
from domain.vocabulary import PetitionId, PetitionKind, Stage
from service.commands import shared_facts, state_cache
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest, CommandResult, UnknownPetition, VersionMismatch
from service.event_store.errors import KeyReused, QueueFull
from service.event_store.ids import import_command_id
from tests.domain.samples import (
    ACKNOWLEDGE,
    ASSIGN,
    CLASSIFY,
    CLOSE,
    DUPLICATE,
    RECEIVE,
    REMIND,
    SPLIT,
    START,
    SUPPLEMENT,
    TAKE_OVER,
    UNLINK,
    assigned,
    commands_to_stages,
    in_progress,
    with_changes,
)
from tests.service.event_store.appending import assert_log_complete, rows
from tests.service.office_fixtures import CLERK, open_office, open_units, perform, run_life_cycle

pytestmark = pytest.mark.anyio
COMPLAINT, PROPOSAL = PetitionKind.COMPLAINT, PetitionKind.PROPOSAL_FEEDBACK


async def facts_of(office: ApplicationService, petition_id: PetitionId) -> list[str]:
    return [type(recorded.fact).__name__ for recorded in await office.queries.history(petition_id)]


# -- one after another


async def test_a_petition_lives_from_its_receipt_to_its_closing(office: ApplicationService, database: str) -> None:
    petition_id = await run_life_cycle(office, commands_to_stages(COMPLAINT)[Stage.CLOSED])
    petition = await office.queries.petition(petition_id)
    assert petition is not None
    assert petition.stage is Stage.CLOSED
    assert (
        petition == fold(await office.queries.history(petition_id)) == await office.queries.fresh_petition(petition_id)
    )
    assert_log_complete(database)


async def test_what_is_done_says_where_it_stands(office: ApplicationService) -> None:
    received = await perform(office, RECEIVE)
    classified = await perform(office, CLASSIFY, received.petition_id)
    assert (received.version, classified.version) == (1, 2)
    assert received.reference == classified.reference == "TD-2026-000001"
    assert classified.position == received.position + 1 == await office.histories.last_position()
    assert (await office.queries.history(PetitionId(received.petition_id)))[1].recorded_at == classified.recorded_at


async def test_a_number_is_given_even_when_the_petition_is_not_in_memory(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_cache, "STATES_IN_MEMORY", 0)
    received = await perform(office, RECEIVE)
    assert (await perform(office, CLASSIFY, received.petition_id)).reference == received.reference is not None


async def test_a_register_numbers_by_book_and_by_year_of_receipt(office: ApplicationService) -> None:
    receipts = [
        *(("TD", date(2026, 7, 6)), ("KN", date(2026, 7, 6)), ("TD", date(2025, 12, 31))),
        *(("TD", date(2026, 1, 1)), ("KN", date(2026, 7, 7))),
    ]
    given = [
        (await perform(office, with_changes(RECEIVE, book=book, occurred_on=on))).reference for book, on in receipts
    ]
    assert given == ["TD-2026-000001", "KN-2026-000001", "TD-2025-000001", "TD-2026-000002", "KN-2026-000002"]


async def test_a_petition_is_found_by_number_by_id_and_by_the_key_of_its_source(office: ApplicationService) -> None:
    received = await perform(office, RECEIVE)
    assert received.reference is not None
    case = ImportedCase(source="cu", key="a:7", received_on=date(2020, 3, 2))
    imported = await office.petitions.import_case(case, CLERK, command_id=import_command_id("cu", "a:7"), digest=b"")
    assert await office.queries.petition_id_of(received.reference) == received.petition_id
    assert await office.queries.petition_id_of(str(received.petition_id)) == received.petition_id
    assert await office.queries.petition_id_of("cu:a:7") == imported.petition_id
    assert await office.queries.petition_id_of("TD-2026-999999") is None
    assert await office.queries.petition_id_of("cu:a:8") is None


# -- refusals


async def test_who_has_no_role_for_a_command_may_not_give_it(office: ApplicationService) -> None:
    nobody = Credentials(officer="khach", unit="ban-tcd", position="Khách", roles=frozenset())
    with pytest.raises(NotAllowed):
        await office.petitions.perform(CommandRequest(RECEIVE, command_id=uuid4(), digest=b""), nobody)


async def test_what_the_domain_refuses_writes_nothing(office: ApplicationService) -> None:
    received = await perform(office, RECEIVE)
    with pytest.raises(Refused, match="cannot be started"):
        await perform(office, START, received.petition_id)
    assert await office.histories.last_position() == received.position


async def test_a_petition_that_does_not_exist_is_unknown(office: ApplicationService) -> None:
    with pytest.raises(UnknownPetition):
        await perform(office, CLASSIFY, uuid4())
    units = await office.queries.units()
    assert units.by_id
    (opened, *_) = await office.histories.unit_events()
    with pytest.raises(UnknownPetition):  # the id of something else
        await perform(office, CLASSIFY, opened.originator_id)


async def test_an_officer_who_read_an_older_version_is_told_the_present_one(office: ApplicationService) -> None:
    received = await perform(office, RECEIVE)
    await perform(office, CLASSIFY, received.petition_id, expected_version=1)
    with pytest.raises(VersionMismatch) as mismatch:
        await perform(office, ACKNOWLEDGE, received.petition_id, expected_version=1)
    assert mismatch.value.current == 2


# -- again


@pytest.mark.parametrize("from_another_process", [False, True])
async def test_a_command_sent_again_is_answered_as_the_first_time(
    office: ApplicationService, database: str, from_another_process: bool
) -> None:
    async def sent(
        office: ApplicationService, command: PetitionCommand, number: int, petition_id: PetitionId | None
    ) -> CommandResult:
        return await perform(office, command, petition_id, command_id=ids[number], digest=b"%d" % number)

    ids = [uuid4() for _ in range(9)]
    life = [*in_progress(PetitionKind.DENUNCIATION), TAKE_OVER]
    done: list[CommandResult] = []
    for number, command in enumerate(life):
        done.append(await sent(office, command, number, PetitionId(done[0].petition_id) if done else None))
    letter = await perform(office, RECEIVE)
    done.append(await sent(office, SPLIT, 8, PetitionId(letter.petition_id)))
    assert len(done[-2].opened) == 1
    assert len(done[-1].opened) == 2
    head = await office.histories.last_position()
    async with open_office(database) as other:
        service = other if from_another_process else office
        petition_id = PetitionId(done[0].petition_id)
        again = [await sent(service, command, n, petition_id if n else None) for n, command in enumerate(life)]
        again.append(await sent(service, SPLIT, 8, PetitionId(letter.petition_id)))
    assert [(d.petition_id, d.reference, d.version, d.position, d.recorded_at, d.opened) for d in again] == [
        (d.petition_id, d.reference, d.version, d.position, d.recorded_at, d.opened) for d in done
    ]
    assert all(d.replayed for d in again)
    assert not any(d.replayed for d in done)
    assert await office.histories.last_position() == head


async def test_the_same_command_sent_many_times_at_once_is_done_once(office: ApplicationService) -> None:
    command_id = uuid4()
    done = await asyncio.gather(*(perform(office, RECEIVE, command_id=command_id) for _ in range(20)))
    assert len({d.petition_id for d in done}) == 1
    assert sum(not d.replayed for d in done) == 1


@pytest.mark.parametrize(
    "command", [with_changes(RECEIVE, place="xã Mẫu"), with_changes(RECEIVE, occurred_on=date(2026, 12, 24))]
)
async def test_a_key_that_was_another_requests_is_refused(office: ApplicationService, command: PetitionCommand) -> None:
    """The other request is refused for its key even if it would be refused on its own: the reason must be right."""
    command_id = uuid4()
    await perform(office, RECEIVE, command_id=command_id, digest=b"first")
    with pytest.raises(KeyReused):
        await perform(office, command, command_id=command_id, digest=b"second")


# -- at once


async def test_of_many_commands_on_one_petition_at_once_none_is_lost(office: ApplicationService, database: str) -> None:
    petition_id = await run_life_cycle(office, assigned(PROPOSAL))
    reminders = [with_changes(REMIND, document_no=f"{n}/DD") for n in range(20)]
    done = await asyncio.gather(*(perform(office, command, petition_id) for command in reminders))
    assert sorted(d.version for d in done) == list(range(5, 25))
    reminded = [recorded.fact for recorded in await office.queries.history(petition_id)][4:]
    petition = await office.queries.petition(petition_id)
    assert petition is not None
    assert petition.reminders == 20
    assert {getattr(fact, "document_no", None) for fact in reminded} == {f"{n}/DD" for n in range(20)}
    assert_log_complete(database)


async def test_two_processes_that_write_to_one_petition_see_each_others_events(
    office: ApplicationService, database: str
) -> None:
    petition_id = await run_life_cycle(office, commands_to_stages(PROPOSAL)[Stage.CLASSIFIED])
    async with open_office(database) as other:
        for n in range(4):
            await perform([office, other][n % 2], with_changes(SUPPLEMENT, summary=f"trang {n}"), petition_id)
        at_once = [
            perform(who, with_changes(ACKNOWLEDGE, document_no=f"{n}"), petition_id)
            for n in range(5)
            for who in (office, other)
        ]
        await asyncio.gather(*at_once)
        await perform(other, ASSIGN, petition_id)
        with pytest.raises(Refused, match="assigned cannot be assigned"):
            await perform(office, ASSIGN, petition_id)
        mine, theirs = await office.queries.petition(petition_id), await other.queries.petition(petition_id)
    assert mine == theirs == fold(await office.queries.history(petition_id))
    assert_log_complete(database)


async def test_a_refusal_is_given_on_the_history_as_it_is_not_as_it_was_remembered(
    office: ApplicationService, database: str
) -> None:
    petition_id = await run_life_cycle(office, commands_to_stages(PROPOSAL)[Stage.CLASSIFIED])
    async with open_office(database) as other:
        await perform(other, ASSIGN, petition_id)
    assert (await perform(office, START, petition_id)).version == 4  # by what is remembered it is not assigned


async def test_memory_keeps_the_petitions_used_last(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_cache, "STATES_IN_MEMORY", 2)
    first, second, third = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(3)]
    assert list(office.petitions._states._petitions) == [second.int, third.int]
    await office.queries.petition(second)
    await office.queries.petition(first)
    assert list(office.petitions._states._petitions) == [second.int, first.int]


# -- several histories in one unit


async def test_a_letter_that_is_split_and_its_matters_are_one_unit(office: ApplicationService, database: str) -> None:
    letter = await perform(office, RECEIVE)
    done = await perform(office, SPLIT, letter.petition_id)
    matters = [await office.queries.history(PetitionId(matter)) for matter in done.opened]
    assert [[r.reference for r in history] for history in matters] == [["TD-2026-000001.1"], ["TD-2026-000001.2"]]
    assert {recorded.command_id for history in matters for recorded in history} == {
        (await office.queries.history(PetitionId(letter.petition_id)))[-1].command_id
    }
    assert done.position == letter.position + 3
    assert (await perform(office, CLASSIFY, done.opened[0])).reference == "TD-2026-000001.1"
    assert rows(database, "SELECT last_number FROM kiennghi.registers") == [(1,)]


async def test_a_settlement_that_is_taken_over_opens_the_stage_above_with_a_number_of_its_own(
    office: ApplicationService, database: str
) -> None:
    petition_id = await run_life_cycle(office, in_progress(PetitionKind.DENUNCIATION))
    done = await perform(office, TAKE_OVER, petition_id)
    (above,) = done.opened
    (opened,) = await office.queries.history(PetitionId(above))
    assert (opened.reference, type(opened.fact).__name__) == ("TD-2026-000002", "StageOpened")
    assert getattr(opened.fact, "earlier", None) == petition_id
    assert await facts_of(office, petition_id) == [
        *("PetitionReceived", "PetitionClassified", "PetitionAccepted", "PetitionAssigned"),
        *("WorkStarted", "SettlementTakenOver"),
    ]
    assert_log_complete(database)


async def test_a_letter_that_another_process_marked_is_not_what_a_duplicate_repeats(
    office: ApplicationService, database: str
) -> None:
    first, second, third = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(3)]
    async with open_office(database) as other:
        await perform(other, with_changes(DUPLICATE, duplicate_of=first), second)
    with pytest.raises(Refused, match="name the first one"):
        await perform(office, with_changes(DUPLICATE, duplicate_of=second), third)


async def test_two_letters_that_are_linked_to_each_other_at_one_moment_do_not_both_vanish(
    office: ApplicationService, database: str
) -> None:
    async with open_office(database) as other:
        for one_process in (office, other):
            for _ in range(8):
                one, two = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(2)]
                results = await asyncio.gather(
                    perform(office, with_changes(DUPLICATE, duplicate_of=two), one),
                    perform(one_process, with_changes(DUPLICATE, duplicate_of=one), two),
                    return_exceptions=True,
                )
                assert sorted(type(answer).__name__ for answer in results) == ["CommandResult", "Refused"]
                stages = sorted(
                    [petition.stage for of in (one, two) if (petition := await other.queries.fresh_petition(of))]
                )
                assert stages == [Stage.DUPLICATE, Stage.RECEIVED]
    assert_log_complete(database)


async def test_the_first_letter_shows_its_duplicates_until_the_link_is_undone(
    office: ApplicationService, database: str
) -> None:
    first, second = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(2)]
    key = uuid4()
    done = await perform(office, with_changes(DUPLICATE, duplicate_of=first), second, command_id=key)
    assert (done.petition_id, done.version, done.opened) == (second, 2, ())
    assert await facts_of(office, first) == ["PetitionReceived", "DuplicateLinked"]
    again = await perform(office, with_changes(DUPLICATE, duplicate_of=first), second, command_id=key)
    assert (again.petition_id, again.version, again.opened, again.replayed) == (second, 2, (), True)
    petition = await office.queries.petition(first)
    assert petition is not None
    assert petition.duplicates == {second}
    await perform(office, CLASSIFY, first)  # what is remembered of it is as new as the log
    await perform(office, UNLINK, second)
    assert (await facts_of(office, first))[-1] == "DuplicateUnlinked"
    assert (await facts_of(office, second))[1:] == ["PetitionMarkedDuplicate", "PetitionUnmarkedDuplicate"]
    petition = await office.queries.petition(second)
    assert petition is not None
    assert set(petition.deadlines) == {Clock.TRIAGE}
    assert_log_complete(database)


async def test_many_letters_can_be_linked_to_the_same_first_one_at_once(office: ApplicationService) -> None:
    first, *others = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(25)]
    await asyncio.gather(*(perform(office, with_changes(DUPLICATE, duplicate_of=first), other) for other in others))
    petition = await office.queries.petition(first)
    assert petition is not None
    assert petition.duplicates == set(others)


# -- units


async def test_a_unit_is_there_for_the_next_command(office: ApplicationService) -> None:
    opening = OpenUnit(unit="so-thu", name="Sở Thử", occurred_on=date(2020, 1, 1))
    readers = [asyncio.create_task(office.queries.units()) for _ in range(50)]
    done = await office.units.perform(opening, CLERK, command_id=uuid4(), digest=b"")
    assert "so-thu" in await office.queries.units()
    assert done.version == 1
    petition_id = await run_life_cycle(office, commands_to_stages(PROPOSAL)[Stage.CLASSIFIED])
    await perform(office, with_changes(ASSIGN, lead_unit="so-thu"), petition_id)
    closing = CloseUnit(unit="so-thu", instrument="12/NQ", occurred_on=ASSIGN.occurred_on - timedelta(days=1))
    assert (await office.units.perform(closing, CLERK, command_id=uuid4(), digest=b"")).version == 2
    await asyncio.gather(*readers)
    other = await run_life_cycle(office, commands_to_stages(PROPOSAL)[Stage.CLASSIFIED])
    day = closing.occurred_on + timedelta(days=1)
    with pytest.raises(Refused, match="not in being"):
        await perform(office, with_changes(ASSIGN, lead_unit="so-thu", occurred_on=day, due_on=day), other)


async def test_a_unit_that_another_process_opened_becomes_visible(
    office: ApplicationService, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_facts, "FACTS_FRESH_SECONDS", 0.05)
    async with open_office(database) as other:
        opening = OpenUnit(unit="so-thu", name="Sở Thử", occurred_on=date(2020, 1, 1))
        await other.units.perform(opening, CLERK, command_id=uuid4(), digest=b"")
    async with asyncio.timeout(5):
        while "so-thu" not in await office.queries.units():
            await asyncio.sleep(0.01)


async def test_units_are_read_once_for_all_who_ask_at_the_same_time(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        office.shared_facts.invalidate()  # stale for everybody
        petitions = await asyncio.gather(*(perform(office, RECEIVE) for _ in range(700)))
    assert len({done.reference for done in petitions}) == 700


async def test_a_unit_is_opened_once_and_the_second_request_is_the_first_answer(office: ApplicationService) -> None:
    opening = OpenUnit(unit="so-thu", name="Sở Thử", occurred_on=date(2020, 1, 1))
    command_id = uuid4()
    first = await office.units.perform(opening, CLERK, command_id=command_id, digest=b"")
    again = await office.units.perform(opening, CLERK, command_id=command_id, digest=b"")
    assert (again.petition_id, again.position, again.replayed) == (first.petition_id, first.position, True)
    with pytest.raises(Refused, match="in the register already"):
        await office.units.perform(opening, CLERK, command_id=uuid4(), digest=b"")
    late = with_changes(opening, unit="so-sau", occurred_on=office.today + timedelta(days=1))
    with pytest.raises(Refused, match="lies in the future"):
        await office.units.perform(late, CLERK, command_id=uuid4(), digest=b"")


# -- imports


async def test_a_case_of_another_system_is_told_once(office: ApplicationService, database: str) -> None:
    case = ImportedCase(
        source="cu", key="1", received_on=date(2020, 3, 2), unit="so-mau", due_on=date(2020, 3, 20),
        answered_on=date(2020, 3, 30),
    )  # fmt: skip
    command_id = import_command_id("cu", "1")
    first = await office.petitions.import_case(case, CLERK, command_id=command_id, digest=b"1")
    again = await office.petitions.import_case(case, CLERK, command_id=command_id, digest=b"1")
    assert (again.petition_id, again.version, again.reference) == (first.petition_id, 3, "NK-2020-000001")
    assert again.replayed
    with pytest.raises(KeyReused):
        await office.petitions.import_case(case, CLERK, command_id=command_id, digest=b"2")
    assert await facts_of(office, PetitionId(first.petition_id)) == [
        *("PetitionReceived", "PetitionAssigned", "AnsweredInWriting"),
    ]
    assert_log_complete(database)


async def test_who_signed_the_answer_cannot_close_and_nothing_is_remembered_of_the_attempt(
    office: ApplicationService,
) -> None:
    petition_id = await run_life_cycle(office, commands_to_stages(PROPOSAL)[Stage.ANSWERED_IN_WRITING])
    signer = Credentials(officer="giam-doc", unit="so-mau", position="Giám đốc", roles=CLERK.roles)
    with pytest.raises(Refused, match="who signed the answer"):
        await office.petitions.perform(
            CommandRequest(CLOSE, command_id=uuid4(), digest=b"", petition_id=petition_id), signer
        )
    assert await office.queries.petition(petition_id) == fold(await office.queries.history(petition_id))


# -- many at once


def request_of(command: PetitionCommand, petition_id: PetitionId | None = None, **given: Any) -> CommandRequest:
    return CommandRequest(
        command, given.pop("command_id", None) or uuid4(), given.pop("digest", b""), petition_id, **given
    )


async def test_of_many_commands_sent_together_each_has_its_own_answer_in_its_place(
    office: ApplicationService, database: str
) -> None:
    first, second = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(2)]
    answers = await office.petitions.perform_all(
        [
            request_of(RECEIVE),
            request_of(START, first),
            request_of(CLASSIFY, first, expected_version=1),
            request_of(CLASSIFY, PetitionId(uuid4())),
            request_of(CLASSIFY, second, expected_version=7),
            request_of(with_changes(RECEIVE, occurred_on=date(2026, 12, 24))),
            request_of(RECEIVE),
        ],
        CLERK,
    )
    assert [type(answer) for answer in answers] == [
        *(CommandResult, Refused, CommandResult, UnknownPetition, VersionMismatch, Refused, CommandResult),
    ]
    given = [answer.reference for answer in answers if isinstance(answer, CommandResult)]
    assert given == ["TD-2026-000003", "TD-2026-000001", "TD-2026-000004"]
    assert_log_complete(database)


async def test_commands_on_one_petition_sent_together_are_decided_in_their_order(
    office: ApplicationService, database: str
) -> None:
    petition_id = await run_life_cycle(office, assigned(PROPOSAL))
    requests = [
        request_of(with_changes(REMIND, document_no=f"{n}/DD"), petition_id, expected_version=4 + n) for n in range(20)
    ]
    answers = await office.petitions.perform_all(requests, CLERK)
    assert [answer.version for answer in answers if isinstance(answer, CommandResult)] == list(range(5, 25))
    reminded = [recorded.fact for recorded in await office.queries.history(petition_id)][4:]
    assert [getattr(fact, "document_no", None) for fact in reminded] == [f"{n}/DD" for n in range(20)]
    assert_log_complete(database)


async def test_the_same_commands_sent_together_again_are_answered_as_the_first_time(office: ApplicationService) -> None:
    requests = [request_of(RECEIVE, digest=b"one") for _ in range(5)]
    first = await office.petitions.perform_all(requests, CLERK)
    again = await office.petitions.perform_all([*requests, replace(requests[0], digest=b"two")], CLERK)
    assert again[:5] == [done._replace(replayed=True) for done in first if isinstance(done, CommandResult)]
    assert isinstance(again[5], KeyReused)


async def test_who_may_not_ask_for_one_of_many_is_told_so_for_that_one(office: ApplicationService) -> None:
    receiver = Credentials(officer="van-thu", unit="ban-tcd", position="Văn thư", roles=frozenset({Role.RECEIVER}))
    petition_id = PetitionId((await perform(office, RECEIVE)).petition_id)
    answers = await office.petitions.perform_all([request_of(CLASSIFY, petition_id), request_of(RECEIVE)], receiver)
    assert [type(answer) for answer in answers] == [NotAllowed, CommandResult]


async def test_those_for_which_there_is_no_room_are_told_so_and_the_others_are_done(
    office: ApplicationService, database: str
) -> None:
    office._committer._max_waiting = 3
    answers = await office.petitions.perform_all([request_of(RECEIVE) for _ in range(5)], CLERK)
    assert [type(answer) for answer in answers] == [CommandResult, CommandResult, CommandResult, QueueFull, QueueFull]
    assert_log_complete(database)
