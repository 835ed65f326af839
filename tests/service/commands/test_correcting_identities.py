"""Tests that a mistyped identity is corrected by two officers, in the vault alone, and erased in every version."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from domain.commands import ApproveCorrection, ProposeCorrection
from domain.errors import Refused
from domain.events import RecordCorrected
from domain.petitioner import Petitioner
from domain.refusals.records import RecordRefusal
from domain.vocabulary import IdentityField, IdentityVersion, PetitionerRef, PetitionId, PetitionKind, Stage
from projections.case_file import case_file_lines
from projections.case_file_text import case_file_text
from service.approvals.erasures import ERASURES
from service.commands.office import ApplicationService
from service.doctor.identities import examine_identities
from service.security.identity_vault import read_identities
from service.transparency.log_sealer import LogSealer
from service.transparency.log_verification import verify_log
from service.transparency.signing import SigningKey
from tests.conftest import login_of_service
from tests.domain.samples import august, commands_to_stages, with_changes
from tests.service.approvals.test_erasures import HEAD, approve, propose
from tests.service.approvals.test_law_changes import views
from tests.service.office_fixtures import CLERK, VAULT_KEY, perform, run_life_cycle

pytestmark = pytest.mark.anyio

WRONG = Petitioner(name="Nguyễn Thị Ví Dụ", address="Thôn Mẫu, xã Ví Dụ", phone="0900000001")
RIGHT = WRONG.model_copy(update={"name": "Nguyễn Thị Ví Dù", "phone": "0900000002"})
OTHER = Petitioner(name="Trần Văn Mẫu")
KEY = SigningKey.make("tinh-thu.example/kiennghi")


def correction(**person: Any) -> ProposeCorrection:
    return ProposeCorrection.model_validate({"occurred_on": august(6), "why": "gõ nhầm", "persons": [person]})


async def read(office: ApplicationService, petition_id: PetitionId, left_out: Sequence[Any] = ()) -> dict[UUID, Any]:
    async with office.pool.connection() as connection:
        found = await read_identities(connection, petition_id, CLERK, "để trả lời", VAULT_KEY, left_out=left_out)
    return {one.petitioner_ref: one.petitioner for one in found}


async def versions(office: ApplicationService, petition_id: PetitionId) -> dict[PetitionerRef, IdentityVersion]:
    petition = await office.queries.petition(petition_id)
    assert petition is not None
    assert petition == await office.queries.fresh_petition(petition_id)
    return dict(petition.identity_versions)


async def test_a_mistyped_identity_is_corrected_by_two_in_the_vault_alone_and_erased_in_every_version(
    office: ApplicationService, database: str
) -> None:
    first, *others = commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.CLOSED]
    petition_id = PetitionId(await run_life_cycle(office, [with_changes(first, petitioners=[OTHER, WRONG]), *others]))
    change = correction(number=2, name=RIGHT.name, phone=RIGHT.phone)
    for _ in range(2):  # the second proposal takes the place of the first
        await perform(office, change, petition_id)
    pending = await versions(office, petition_id)
    assert sorted(pending.values()) == [IdentityVersion.NOT_APPROVED, IdentityVersion.PROPOSED]
    assert list((await read(office, petition_id, list(pending))).values()) == [OTHER, WRONG]
    await perform(office, ApproveCorrection(occurred_on=august(6)), petition_id)
    for who, is_right in ((RIGHT, True), (WRONG, False)):
        if not is_right:  # corrected back
            await perform(office, correction(number=2, name=WRONG.name, phone=WRONG.phone), petition_id)
            await perform(office, ApproveCorrection(occurred_on=august(6)), petition_id)
        shown = await read(office, petition_id, list(await versions(office, petition_id)))
        assert sorted(one.name for one in shown.values()) == sorted([OTHER.name, who.name])
        assert who in shown.values()
        petition = await office.queries.petition(petition_id)
        assert petition is not None
        assert {person.ref for person in petition.opening.persons} == set(shown)

    history = await office.queries.history(petition_id)
    corrected = history[-1].fact
    assert isinstance(corrected, RecordCorrected)
    (identity,) = corrected.identities or ()
    assert (identity.version, identity.number) == (1, 2)
    assert identity.fields == (IdentityField.NAME, IdentityField.PHONE)
    lines = case_file_lines(history, office.law.policies, "vi", office.settings.zone)
    told = case_file_text("TD", lines, "vi", office.settings.zone)
    assert "việc số 1, người thứ 2: họ và tên, điện thoại (cả hai bản được giữ kín" in told

    sealer = await LogSealer.connect(login_of_service(database), KEY)
    proposed = await propose(office, petition_id)
    await approve(office, proposed.change_id)
    run = await ERASURES.apply(office, lambda: views(office), proposed.change_id, HEAD)
    assert run.is_done
    assert set((await read(office, petition_id)).values()) == {None}
    with pytest.raises(Refused) as refused:
        await perform(office, change, petition_id)
    assert refused.value.code is RecordRefusal.IDENTITY_IS_ERASED
    await sealer.seal_batch()
    await sealer.sign()
    await sealer.close()
    async with office.pool.connection() as connection:
        assert (await examine_identities(connection, VAULT_KEY, deep=True)).is_well
        assert not (await verify_log(connection, [KEY.public], [])).discrepancies
        cursor = await connection.execute("SELECT state FROM kiennghi.log")
        states = b"".join([bytes(state) for (state,) in await cursor.fetchall()]).decode(errors="replace")
    assert not [word for word in (RIGHT.name, WRONG.name, RIGHT.phone, WRONG.phone) if word in states]


async def test_a_person_who_is_not_there_or_came_from_elsewhere_is_refused(office: ApplicationService) -> None:
    first, *_ = commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.CLOSED]
    petition_id = PetitionId(await run_life_cycle(office, [with_changes(first, petitioners=[WRONG])]))
    for person, code in (
        ({"number": 2, "name": "Lê Thị Ví Dụ"}, RecordRefusal.NO_SUCH_PERSON_IN_EVENT),
        ({"version": 9, "name": "Lê Thị Ví Dụ"}, RecordRefusal.NO_SUCH_EVENT),
        ({}, RecordRefusal.NOTHING_TO_CORRECT),
    ):
        with pytest.raises(Refused) as refused:
            await perform(office, correction(**person), petition_id)
        assert refused.value.code is code
