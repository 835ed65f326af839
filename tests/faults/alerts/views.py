"""The process behind the workers that keeps the views of alerts up to date."""

import asyncio

from domain.deadlines.policy import Law
from projections.alerts import Alerts
from projections.outbox import Outbox
from service.commands.office import Office
from service.config.settings import Settings
from service.projector.runner import Follower


async def follow(dsn: str, law: Law) -> None:
    async with (
        Office.open(dsn, Settings(), vault_key=b"", law=law, pool_size=2) as office,
        Follower.open(office.pool, office.histories, [Alerts, Outbox]),
    ):
        await asyncio.Event().wait()
