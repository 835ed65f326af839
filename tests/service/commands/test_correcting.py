"""Tests that what is put right is right everywhere: in the cache, in the views that follow, and in a rebuild."""

import pytest

from domain.commands import ApproveCorrection, ApproveReversal, ProposeCorrection, ProposeReversal
from domain.evolve import fold
from domain.vocabulary import PetitionId, PetitionKind, Stage
from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from tests.domain.samples import AGREE_TO_WITHDRAWAL, WITHDRAW, august, commands_to_stages, in_progress, july
from tests.service.office_fixtures import assert_views_complete, perform, run_life_cycle

pytestmark = pytest.mark.anyio

PROPOSED = ProposeCorrection.model_validate(
    {
        "occurred_on": august(5),
        "fields": [
            {"version": 1, "path": "occurred_on", "becomes": "2026-07-03"},
            {"version": 4, "path": "lead_unit", "becomes": "so-khac"},
            {"version": 4, "path": "deadlines.0.decided_due_on", "becomes": "2026-07-24"},
            {"version": 4, "path": "task_summary", "becomes": "sửa cầu"},
        ],
        "why": "gõ nhầm",
    }
)


async def test_a_correction_and_a_reversal_reach_cache_views_and_rebuild_alike(office: ApplicationService) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        petition_id = await run_life_cycle(office, in_progress(PetitionKind.PROPOSAL_FEEDBACK))
        await perform(office, PROPOSED, petition_id)
        await perform(office, ApproveCorrection(occurred_on=august(6)), petition_id)
        petition = await office.queries.petition(petition_id)
        assert petition is not None
        assert (petition.received_on, petition.status.unit, petition.status.due_on) == (july(3), "so-khac", july(24))
        for command in (WITHDRAW, AGREE_TO_WITHDRAWAL):
            await perform(office, command, petition_id)
        ended = await office.queries.petition(petition_id)
        assert ended is not None
        assert ended.stage is Stage.WITHDRAWN
        await perform(
            office, ProposeReversal(occurred_on=august(6), version=ended.version, why="bị ép buộc"), petition_id
        )
        await perform(office, ApproveReversal(occurred_on=august(6)), petition_id)
        await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.ANSWERED_IN_WRITING])
        assert await views.wait_until_current(20)
    again = await office.queries.petition(PetitionId(petition_id))
    history = await office.queries.history(petition_id)
    assert again == fold(history) == await office.queries.fresh_petition(petition_id)
    assert again is not None
    assert (again.stage, again.status.clocks) == (Stage.IN_PROGRESS, petition.status.clocks)
    await assert_views_complete(office)
