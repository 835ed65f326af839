"""Caches the register of units, and reads the new events of units when the cached register may be out of date."""

import asyncio
import time

from domain.units import unit as units
from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from service.event_store.recorder import Histories

UNITS_FRESH_SECONDS = 2.0
"""Longest time in seconds until a change of a unit by another process is seen."""


class UnitCache:
    """Caches all units, including former ones."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self._units = UnitRegister()
        self._position = 0
        self._read_at = self._invalidated_at = -UNITS_FRESH_SECONDS
        self._reading = asyncio.Lock()

    def invalidate(self) -> None:
        """Mark the cached units as out of date, because a unit has changed now."""
        self._invalidated_at = time.monotonic()

    @property
    def fresh(self) -> UnitRegister | None:
        """Return the units that were read last, or None if they may be out of date."""
        since = max(self._invalidated_at, time.monotonic() - UNITS_FRESH_SECONDS)
        return self._units if since < self._read_at else None

    async def load(self) -> UnitRegister:
        """Return the units.

        If they may be out of date, read the new events first; concurrent callers share one read.
        """
        if (fresh := self.fresh) is not None:
            return fresh
        async with self._reading:
            if self.fresh is None:
                began_at = time.monotonic()
                await self._read_new_events()
                self._read_at = began_at
            return self._units

    async def _read_new_events(self) -> None:
        """Read the events after the last position.

        Positions have no gaps, so no event with a lower position can appear later.
        """
        events = await self._histories.unit_events(self._position)
        by_id = dict(self._units.by_id)
        for envelope in events:
            unit: UnitId = envelope.fact.unit
            by_id[unit] = units.evolve_unit(by_id.get(unit), envelope)
        if events:
            self._units, self._position = UnitRegister(by_id), events[-1].position or 0
