"""Makes changes of chance to a sealed log, one at a time, and counts those that are not named where they begin."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from service.transparency.log_verification import VerifiedLog
from tests.tampering.changes import CHANGES, COSTLY
from tests.tampering.log_changes import Expected
from tests.tampering.sealed_log import SealedLog


@dataclass
class Tally:
    """Counts what was changed by kind, and describes each change that was not named as it must be."""

    made: Counter[str] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)
    progress: "Callable[[Tally], None]" = lambda _: None
    """Is called after each thousand changes."""


def is_named(expected: Expected, found: VerifiedLog) -> bool:
    """Return whether the verification names the change at its first position, or within a range from it."""
    if not found.discrepancies:
        return False
    if expected.first is None:
        return True
    placed = [one for one in found.discrepancies if one.position is not None and one.code not in ("identity", "read")]
    if not placed:
        return False
    first = min(placed, key=lambda one: one.position or 0)
    if expected.is_range:
        return (first.position or 0) <= expected.first <= (first.last or first.position or 0)
    return first.position == expected.first


async def tamper(log: SealedLog, seed: int, changes: int, tally: Tally, kinds: list[str] | None = None) -> None:
    """Make that many changes of chance, each taken back after it was looked at; or one of each of the kinds."""
    chance = random.Random(seed)
    weights = [COSTLY.get(name, 1.0) for name in CHANGES]
    for name in kinds or chance.choices(list(CHANGES), weights, k=changes):
        expected: Expected | None = None
        found: VerifiedLog | None = None
        fault = ""
        async with log.connection.transaction(force_rollback=True):
            expected = await CHANGES[name](log, chance)
            try:
                found = await log.verify()
            except Exception as error:
                fault = repr(error)
        tally.made[name] += 1
        if found is None or not is_named(expected, found):
            told = fault if found is None else found.discrepancies
            tally.unseen.append(f"seed {seed}, {name} at {expected}: found {told}")
        if not tally.made.total() % 1_000:
            tally.progress(tally)
