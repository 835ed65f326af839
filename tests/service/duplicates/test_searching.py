"""Tests that an officer sees what was received before, and nothing that the officer may not know."""

import asyncio
from collections.abc import AsyncIterator
from random import Random
from uuid import UUID

import pytest

from domain.commands import MarkDuplicate, ProposeCorrection, ReceivePetition
from domain.duplicates.sketch import Sketch
from domain.petition import Petition
from domain.petitioner import Petitioner
from domain.vocabulary import Channel, PetitionId, PetitionKind, Stage
from projections.duplicates import BANDS_SQL
from service.commands.office import ApplicationService
from service.duplicates.searching import DuplicateCandidate, find_duplicates
from service.projector.runner import ProjectionRunner
from tests.domain.duplicates.letters import Letter, letter, letters, sent_again
from tests.domain.samples import APPROVE, CANCEL, SPLIT, july, with_changes
from tests.domain.scenario import MONDAY
from tests.service.office_fixtures import open_office, open_units, perform

pytestmark = pytest.mark.anyio

TEXT = "Đề nghị sửa đoạn đường liên thôn Mẫu bị hư hỏng nặng, nước đọng sau mưa, trẻ em đi học không an toàn"
SOMEBODY = Petitioner(name="Nguyễn Thị Ví Dụ", identity_no="001000000001")
NAMESAKE = Petitioner(name="Nguyễn Thị Ví Dụ", identity_no="001000000002")
WITHOUT_NUMBER = Petitioner(name="Bà nguyen thi vi du")
OTHER = Petitioner(name="Trần Văn Mẫu", identity_no="001000000003")


class Bureau:
    """Receives letters with a running service and its views."""

    def __init__(self, office: ApplicationService, views: ProjectionRunner) -> None:
        self.office, self._views = office, views

    async def receives(self, text: str, *senders: Petitioner, kind: PetitionKind | None = None) -> PetitionId:
        command = ReceivePetition(
            occurred_on=MONDAY, channel=Channel.POST, summary=text, petitioners=senders, kind=kind
        )
        return PetitionId((await perform(self.office, command)).petition_id)

    async def finds(self, of: UUID, *, sees_protected: bool = True, most: int = 10) -> list[DuplicateCandidate]:
        assert await self._views.wait_until_current()
        petition = await self.office.queries.fresh_petition(PetitionId(of))
        assert petition is not None

        def may_see(petition: Petition, is_protected: bool) -> bool:
            return sees_protected or not (is_protected or petition.identity_protected)

        async with self.office.pool.connection() as connection:
            return await find_duplicates(self.office, connection, petition, may_see, most=most)


@pytest.fixture
async def bureau(database: str) -> AsyncIterator[Bureau]:
    async with (
        open_office(database) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        await open_units(office)
        yield Bureau(office, views)


async def test_the_first_letter_is_found_with_where_it_stands(bureau: Bureau) -> None:
    first = await bureau.receives(TEXT, SOMEBODY)
    second = await bureau.receives(TEXT.upper(), SOMEBODY)
    (found,) = await bureau.finds(second)
    assert (found.petition_id, found.reference, found.score) == (first, "TD-2026-000001", 100)
    assert (found.same_sender, found.is_linked, found.stage) == (True, False, Stage.RECEIVED)
    assert (found.received_on, found.due_on) == (MONDAY, july(20))
    assert found.days_late > 0  # on 30 October: who asks again has waited too long
    await perform(bureau.office, MarkDuplicate(occurred_on=MONDAY, duplicate_of=first), second)
    (found,) = await bureau.finds(second)
    assert found.is_linked


@pytest.mark.parametrize(
    ("sender", "is_same"), [(NAMESAKE, False), (WITHOUT_NUMBER, True), (OTHER, False), (SOMEBODY, True)]
)
async def test_the_number_says_who_it_is_and_the_name_where_there_is_none(
    bureau: Bureau, sender: Petitioner, is_same: bool
) -> None:
    await bureau.receives(TEXT, SOMEBODY)
    beside = OTHER if sender in (SOMEBODY, NAMESAKE) else NAMESAKE
    (found,) = await bureau.finds(await bureau.receives(TEXT, beside, sender))
    assert found.same_sender is is_same


async def test_nothing_is_said_of_a_sender_whom_nobody_knows(bureau: Bureau) -> None:
    await bureau.receives(TEXT, SOMEBODY)
    (found,) = await bureau.finds(await bureau.receives(TEXT))
    assert found.same_sender is None


async def test_an_erased_person_is_not_found_again(bureau: Bureau) -> None:
    first = await bureau.receives(TEXT, SOMEBODY)
    second = await bureau.receives(TEXT, SOMEBODY)
    async with bureau.office.pool.connection() as connection:
        await connection.execute(
            "DELETE FROM kiennghi_vault.identity_keys AS k USING kiennghi_vault.identities AS i"
            " WHERE k.petitioner_ref = i.petitioner_ref AND i.petition_id = %s",
            [first],
        )
    (found,) = await bureau.finds(second)
    assert found.same_sender is False


async def test_a_corrected_sender_is_found_by_the_right_name_from_the_approval_on(bureau: Bureau) -> None:
    first, by_right, by_wrong = [await bureau.receives(TEXT, sender) for sender in (OTHER, SOMEBODY, OTHER)]

    async def same_senders() -> list[bool | None]:
        return [
            next(one.same_sender for one in await bureau.finds(of) if one.petition_id == about)
            for of, about in ((by_right, first), (first, by_right), (by_wrong, first), (first, by_wrong))
        ]

    for right, approved in ((SOMEBODY, [True, True, False, False]), (OTHER, [False, False, True, True])):
        before = await same_senders()
        person = {"name": right.name, "identity_no": right.identity_no}
        proposal = {"occurred_on": MONDAY, "why": "gõ nhầm", "persons": [person]}
        await perform(bureau.office, ProposeCorrection.model_validate(proposal), first)
        assert await same_senders() == before
        await perform(bureau.office, APPROVE, first)
        assert await same_senders() == approved


async def test_the_same_person_may_tell_it_in_other_words(bureau: Bureau) -> None:
    text = "Đường liên thôn Mẫu hư hỏng, nước đọng, học sinh đi lại không an toàn, đề nghị sửa"
    first = await bureau.receives(TEXT, SOMEBODY)
    assert [one.petition_id for one in await bureau.finds(await bureau.receives(text, SOMEBODY))] == [first]
    assert await bureau.finds(await bureau.receives(text, OTHER), most=1) != []  # the letter before this one
    assert first not in {one.petition_id for one in await bureau.finds(await bureau.receives(text, OTHER))}


async def test_another_matter_of_the_same_person_is_no_candidate(bureau: Bureau) -> None:
    await bureau.receives("Chế độ bảo hiểm y tế của gia đình tôi bị gián đoạn từ tháng ba", SOMEBODY)
    assert await bureau.finds(await bureau.receives(TEXT, SOMEBODY)) == []


async def test_a_denunciation_is_found_by_those_who_may_read_it_alone(bureau: Bureau) -> None:
    denunciation = await bureau.receives(TEXT, SOMEBODY, kind=PetitionKind.DENUNCIATION)
    letter = await bureau.receives(TEXT, SOMEBODY)
    assert [one.petition_id for one in await bureau.finds(letter)] == [denunciation]
    assert await bureau.finds(letter, sees_protected=False) == []


async def test_whose_denunciation_it_is_is_not_told_by_its_duplicates(bureau: Bureau) -> None:
    await bureau.receives(TEXT, SOMEBODY)
    denunciation = await bureau.receives(TEXT, SOMEBODY, kind=PetitionKind.DENUNCIATION)
    (found,) = await bureau.finds(denunciation, sees_protected=False)
    assert found.same_sender is None
    (found,) = await bureau.finds(denunciation)
    assert found.same_sender is True


async def test_the_matters_of_one_letter_and_cancelled_numbers_repeat_nothing(bureau: Bureau) -> None:
    cancelled = await bureau.receives(TEXT, SOMEBODY)
    await perform(bureau.office, CANCEL, cancelled)
    first = await bureau.receives(TEXT, SOMEBODY)
    matters = tuple(matter.model_copy(update={"summary": TEXT}) for matter in SPLIT.matters)
    done = await perform(bureau.office, with_changes(SPLIT, matters=[one.model_dump() for one in matters]), first)
    assert await bureau.finds(first) == []
    assert await bureau.finds(done.opened[0]) == []
    again = await bureau.receives(TEXT, SOMEBODY)
    found = await bureau.finds(again)
    assert {one.petition_id for one in found} == {first, *done.opened}
    assert all(one.same_sender for one in found)


async def test_a_text_that_was_corrected_is_found_as_it_should_have_been(bureau: Bureau) -> None:
    first = await bureau.receives("gõ nhầm", SOMEBODY)
    again = await bureau.receives(TEXT, OTHER)
    assert await bureau.finds(again) == []
    await perform(
        bureau.office, ProposeCorrection(occurred_on=july(7), version=1, summary=TEXT, why="thiếu nội dung"), first
    )
    await perform(bureau.office, with_changes(APPROVE, occurred_on=july(8)), first)
    assert [one.petition_id for one in await bureau.finds(again)] == [first]


async def test_the_search_reads_the_index_of_bands(bureau: Bureau) -> None:
    await bureau.finds(await bureau.receives(TEXT, SOMEBODY))
    async with bureau.office.pool.connection() as connection, connection.transaction():
        cursor = await connection.execute(f"SELECT {BANDS_SQL}, places FROM duplicates".encode())
        ((bands, places),) = await cursor.fetchall()
        assert tuple(bands) == Sketch(places).bands
        await connection.execute("SET LOCAL enable_seqscan = off")
        cursor = await connection.execute(f"EXPLAIN SELECT FROM duplicates WHERE {BANDS_SQL} && %s".encode(), [bands])
        assert "duplicates_bands" in "".join(line for (line,) in await cursor.fetchall())


async def test_more_than_95_in_a_hundred_letters_that_are_sent_again_are_found(bureau: Bureau) -> None:
    random = Random(3)
    written: list[Letter] = list(letters(300, seed=4))
    firsts = await asyncio.gather(*(bureau.receives(one.text, one.sender) for one in written))
    found = strangers = 0
    for n in range(100):
        second = sent_again(written[n], random)
        candidates = await bureau.finds(await bureau.receives(second.text, second.sender))
        found += bool(candidates) and candidates[0].petition_id == firsts[n]
        stranger = letter(random)
        strangers += bool(await bureau.finds(await bureau.receives(stranger.text, stranger.sender)))
    assert found > 95
    assert strangers < 40  # whose letters are like some other on the topic
