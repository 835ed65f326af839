"""Folds the histories of all units into their register."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from domain.envelope import EventEnvelope
from domain.units.unit import UnitRegister, evolve_unit
from service.projector.set_aside import fold_apart, state_of


class UnitHistories:
    """Holds how far the history of each unit is folded.

    A unit of which an event cannot be read stays as it was before that event, so that it stops nobody else: the views
    set it aside too, and `kiennghi doctor` names the event.
    """

    def __init__(self) -> None:
        self._folded: dict[UUID, Any] = {}

    def add(self, events: Iterable[EventEnvelope[Any]]) -> UnitRegister:
        """Return the register after these further events, in the order of the log."""
        for envelope in events:
            stream = envelope.originator_id
            self._folded[stream] = fold_apart(evolve_unit, self._folded.get(stream), envelope)
        return UnitRegister.of(unit for folded in self._folded.values() if (unit := state_of(folded)) is not None)
