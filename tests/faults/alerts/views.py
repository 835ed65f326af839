"""Keeps the views of alerts up to date, in a process of its own behind the workers."""

import asyncio

from domain.deadlines.policy import Law
from projections.alerts import Alerts
from projections.outbox import Outbox
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.projector.runner import ProjectionRunner


async def follow_log(dsn: str, law: Law) -> None:
    async with (
        ApplicationService.open(dsn, Settings(), vault_key=b"k" * 32, law=law, pool_size=2) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault, [Alerts, Outbox]),
    ):
        await asyncio.Event().wait()
