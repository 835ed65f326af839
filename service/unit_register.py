"""Every unit there ever was, read again when it may have changed."""

import asyncio
import time
from uuid import UUID

from domain.units import unit as units
from domain.units.unit import Unit, Units
from service.event_store import Histories

FRESH_FOR = 2.0
"""Seconds for which a unit that another process opened or closed may go unseen."""


class UnitRegister:
    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._units = Units()
        self._read_at = self._changed_at = -FRESH_FOR
        self._reading = asyncio.Lock()

    def changed(self) -> None:
        """What was read before now is out of date."""
        self._changed_at = time.monotonic()

    @property
    def fresh(self) -> Units | None:
        """What was read last, unless it may be out of date."""
        since = max(self._changed_at, time.monotonic() - FRESH_FOR)
        return self._units if since < self._read_at else None

    async def read(self) -> Units:
        """Read once for all who ask at the same time."""
        if (fresh := self.fresh) is not None:
            return fresh
        async with self._reading:
            if self.fresh is None:
                began_at = time.monotonic()
                by_id: dict[UUID, Unit] = {}
                for recorded in await self._histories.of_units():
                    by_id[recorded.originator_id] = units.evolve(by_id.get(recorded.originator_id), recorded)
                self._units, self._read_at = Units.of(by_id.values()), began_at
            return self._units
