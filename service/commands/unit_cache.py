"""Every unit there ever was; what happened since is read when something may have."""

import asyncio
import time

from domain.units import unit as units
from domain.units.unit import Units
from domain.vocabulary import UnitId
from service.event_store.recorder import Histories

FRESH_FOR = 2.0
"""Seconds for which a unit that another process opened or closed may go unseen."""


class UnitRegister:
    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._units = Units()
        self._position = 0
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
                await self._follow()
                self._read_at = began_at
            return self._units

    async def _follow(self) -> None:
        """Go on from what was read: positions have no holes, so nothing comes before it any more."""
        told = await self._histories.of_units(self._position)
        by_id = dict(self._units.by_id)
        for recorded in told:
            unit: UnitId = recorded.fact.unit
            by_id[unit] = units.evolve(by_id.get(unit), recorded)
        if told:
            self._units, self._position = Units(by_id), told[-1].position or 0
