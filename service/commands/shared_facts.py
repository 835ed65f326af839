"""Caches what all decisions share, the law in force and the register of units, and reads it again when it has moved.

The head of the log says at which position such a fact was last recorded. So one row tells whether the cache is current,
and an append that carries the position which its decision knew is refused when another fact was recorded since.
"""

import asyncio
import time
from typing import NamedTuple

from domain.deadlines.policy import Law
from domain.law_changes.law_change import LAW_CHANGES_STREAM, LawChanges
from domain.units.unit import UnitRegister
from service.commands.unit_register import UnitHistories
from service.event_store.recorder import Histories

FACTS_FRESH_SECONDS = 2.0
"""Longest time in seconds until a question sees a change by another process. A decision never rests on an older one."""


class SharedFacts(NamedTuple):
    """Holds the law in force and all units, former ones too.

    They are as of the last change of law or unit, which has the `position`.
    """

    law: Law
    units: UnitRegister
    position: int


class SharedFactsCache:
    """Caches the law and the units. Until the first read the law is the one on file, and there are no units."""

    def __init__(self, histories: Histories, law_on_file: Law) -> None:
        self._histories = histories
        self._law_on_file = law_on_file
        self.latest = SharedFacts(law_on_file, UnitRegister(), -1)
        self.law_changes = LawChanges()
        self._unit_histories, self._units_read_to = UnitHistories(), 0
        self._read_at = self._invalidated_at = -FACTS_FRESH_SECONDS
        self._reading = asyncio.Lock()
        self._is_forgotten = False

    def forget(self) -> None:
        """Forget everything: the log may have been taken back to before a fact that was read."""
        self._is_forgotten = True
        self.invalidate()

    def invalidate(self) -> None:
        """Mark the cached facts as out of date, because one has changed now."""
        self._invalidated_at = time.monotonic()

    @property
    def fresh(self) -> SharedFacts | None:
        """Return the facts that were read last, or None if they may be out of date."""
        since = max(self._invalidated_at, time.monotonic() - FACTS_FRESH_SECONDS)
        return self.latest if since < self._read_at else None

    async def load(self) -> SharedFacts:
        """Return the facts.

        If they may be out of date, ask the log first; concurrent callers share one question. Raise Refused if an
        approved change of law has a format that this program does not know, and LogDamaged if one cannot be read: no
        date can be told without the law.
        """
        if (fresh := self.fresh) is not None:
            return fresh
        async with self._reading:
            while self.fresh is None:
                began_at = time.monotonic()
                if self._is_forgotten:
                    self.latest, self.law_changes = SharedFacts(self._law_on_file, UnitRegister(), -1), LawChanges()
                    self._unit_histories, self._units_read_to = UnitHistories(), 0
                    self._is_forgotten = False
                # Asked before the facts are read: facts that are newer than the position only cause one more read.
                position = await self._histories.shared_facts_position()
                if position != self.latest.position:
                    self.latest = SharedFacts(await self._read_law(), await self._read_units(), position)
                self._read_at = began_at
                if not self._is_forgotten:
                    break
            return self.latest

    async def have_moved_since(self, position: int) -> bool:
        """Read the facts now, and return whether one was recorded after the position."""
        self.invalidate()
        return (await self.load()).position != position

    async def _read_law(self) -> Law:
        changes = LawChanges.fold(await self._histories.history(LAW_CHANGES_STREAM))
        is_known = changes.approved == self.law_changes.approved
        law = self.latest.law if is_known else changes.law(self._law_on_file)
        self.law_changes = changes
        return law

    async def _read_units(self) -> UnitRegister:
        """Read the events after the last position.

        Positions have no gaps, so no event with a lower position can appear later.
        """
        events = await self._histories.unit_events(self._units_read_to)
        if not events:
            return self.latest.units
        self._units_read_to = events[-1].position or 0
        return self._unit_histories.add(events)
