"""Tests that two officers erase who sent a petition under a decision, and that every proof stays valid."""

from uuid import UUID, uuid4

import pytest

from domain.actor import Credentials, Role
from domain.erasures.commands import ApproveErasure, ProposeErasure
from domain.erasures.decide import ErasureReview
from domain.errors import NotAllowed, Refused
from domain.events import PersonalDataErased, PetitionReceived
from domain.petitioner import Petitioner
from domain.refusals.erasures import ErasureRefusal
from domain.sealed_text import ERASED_TEXT
from domain.vocabulary import PetitionId, PetitionKind, Stage
from service.approvals.erasures import ERASURES
from service.approvals.reviewed_change import ProposedChange
from service.commands.office import ApplicationService
from service.doctor.identities import examine_identities
from service.projector.runner import ProjectionRunner
from service.security.identity_vault import DisclosedIdentity, read_identities
from service.transparency.log_sealer import LogSealer
from service.transparency.log_verification import verify_log
from service.transparency.signing import SigningKey
from tests.conftest import login_of_service
from tests.domain.samples import RECEIVE, commands_to_stages, with_changes
from tests.service.approvals.test_law_changes import views
from tests.service.office_fixtures import CLERK, NOON, VAULT_KEY, open_office, perform, run_life_cycle

pytestmark = pytest.mark.anyio

TODAY = NOON.date()
CUSTODIAN = Credentials(officer="luu-tru", unit="tinh", position="Lưu trữ", roles=frozenset({Role.CUSTODIAN}))
HEAD = Credentials(officer="chu-tich", unit="tinh", position="Chủ tịch", roles=frozenset({Role.HEAD}))
KEY = SigningKey.make("tinh-thu.example/kiennghi")
PEOPLE = [Petitioner(name="Nguyễn Thị Ví Dụ"), Petitioner(name="Trần Văn Mẫu")]


async def propose(
    office: ApplicationService, reference: str | UUID, by: Credentials = CUSTODIAN
) -> ProposedChange[ErasureReview]:
    command = ProposeErasure(
        occurred_on=TODAY, reference=str(reference), decision_no="07/QĐ-UBND", decided_by="UBND tỉnh"
    )
    async with views(office) as connection:
        return await ERASURES.record_proposal(office, connection, command, by, command_id=uuid4(), digest=b"one")


async def approve(office: ApplicationService, erasure_id: UUID, by: Credentials = HEAD) -> None:
    command = ApproveErasure.model_validate({"occurred_on": TODAY, "erasure_id": erasure_id})
    await ERASURES.record_approval(office, command, by, command_id=uuid4(), digest=b"two")


async def identities(office: ApplicationService, petition_id: PetitionId) -> list[DisclosedIdentity]:
    async with office.pool.connection() as connection:
        return await read_identities(connection, petition_id, CLERK, "để trả lời", VAULT_KEY)


async def test_an_erasure_destroys_the_keys_leaves_a_count_and_breaks_no_proof(
    office: ApplicationService, database: str
) -> None:
    first, *others = commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.CLOSED]
    petition_id = await run_life_cycle(office, [with_changes(first, petitioners=PEOPLE), *others])
    sealer = await LogSealer.connect(login_of_service(database), KEY)
    await sealer.seal_batch()
    kept = await sealer.sign()

    proposed = await propose(office, petition_id)
    assert [(one.persons, one.is_open) for one in proposed.review.petitions] == [(2, False)]
    with pytest.raises(Refused):
        await approve(office, proposed.change_id, CUSTODIAN.model_copy(update={"roles": HEAD.roles}))
    with pytest.raises(Refused):
        await ERASURES.apply(office, lambda: views(office), proposed.change_id, HEAD)
    assert all(one.petitioner is not None for one in await identities(office, petition_id))

    await approve(office, proposed.change_id)
    for _ in range(2):  # nothing is erased or counted twice
        run = await ERASURES.apply(office, lambda: views(office), proposed.change_id, HEAD)
        assert (run.petitions, run.is_done) == (1, True)

    assert [one.petitioner for one in await identities(office, petition_id)] == [None, None]
    history = [event.fact for event in await office.queries.history(petition_id)]
    received, stayed = history[0], history[-1]
    assert isinstance(received, PetitionReceived)
    assert isinstance(stayed, PersonalDataErased)
    assert received.summary == ERASED_TEXT
    assert (stayed.decision_no, stayed.persons, stayed.text_keys) == ("07/QĐ-UBND", 2, 1)
    await sealer.seal_batch()
    await sealer.sign()
    await sealer.close()
    async with office.pool.connection() as connection:
        assert (await examine_identities(connection, VAULT_KEY, deep=True)).is_well
        verified = await verify_log(connection, [KEY.public], [kept or ""])
    assert (verified.discrepancies, verified.proven) == ([], verified.events)


async def test_a_second_process_shows_nothing_of_who_was_erased_in_the_first(
    office: ApplicationService, database: str
) -> None:
    first, *others = commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.CLOSED]
    petition_id = await run_life_cycle(office, [with_changes(first, petitioners=PEOPLE), *others])
    async with (
        open_office(database) as second,
        ProjectionRunner.open(second.pool, second.histories, second.vault) as following,
    ):
        assert await following.wait_until_current(20)
        before = (await second.queries.history(petition_id))[0].fact
        assert isinstance(before, PetitionReceived)
        assert before.summary not in ("", ERASED_TEXT)

        proposed = await propose(office, petition_id)
        await approve(office, proposed.change_id)
        await ERASURES.apply(office, lambda: views(office), proposed.change_id, HEAD)

        # The keys of identities are read each time, those of texts are remembered until the views pass the erasure.
        assert [one.petitioner for one in await identities(second, petition_id)] == [None, None]
        assert await following.wait_until_current(20)
        after = (await second.queries.history(petition_id))[0].fact
        assert isinstance(after, PetitionReceived)
        assert after.summary == ERASED_TEXT
        assert not any((second.vault.cached_keys(petition_id) or {}).values())


async def test_only_a_custodian_proposes_only_a_closed_petition_is_erased_and_a_lost_key_is_no_erasure(
    office: ApplicationService,
) -> None:
    received = await perform(office, with_changes(RECEIVE, petitioners=PEOPLE))
    with pytest.raises(NotAllowed):
        await propose(office, received.petition_id, HEAD)
    for reference, code in (
        ("TD-1999-000001", ErasureRefusal.NO_PETITION_TO_ERASE),
        (str(received.reference), ErasureRefusal.ERASED_ONLY_WHEN_CLOSED),
    ):
        with pytest.raises(Refused) as refused:
            await propose(office, reference)
        assert refused.value.code is code
    async with office.pool.connection() as connection:
        await connection.execute("DELETE FROM kiennghi_vault.identity_keys")
        found = await examine_identities(connection, VAULT_KEY, deep=False)
    assert (found.is_well, "no erasure is on record" in found.found) == (False, True)
