"""Keeps views with the same fold together, so that each step of the fold serves all of them."""

import asyncio
import contextlib
import time
from collections.abc import Iterable, Mapping

from projections.projection import Projection
from service.projector.progress import ProgressTracker
from service.projector.shared_fold import MAX_STEPS_KEPT

STALLED_AFTER_SECONDS = 0.5
"""Seconds after which the other views no longer wait for a view that makes no step."""


async def wait_for_slower_views(
    view: Projection, others: Iterable[Projection], progress: Mapping[str, ProgressTracker]
) -> None:
    """Wait for slower views with the same fold, so that the steps that they need are still kept.

    Do not wait for a view that has not moved for STALLED_AFTER_SECONDS.
    """
    kept_from = progress[view.name].position - MAX_STEPS_KEPT // 2
    for other in others:
        behind = progress[other.name]
        while other.fold is view.fold and behind.is_moving and behind.position < kept_from:
            patience = behind.moved_at + STALLED_AFTER_SECONDS - time.monotonic()
            if patience <= 0:
                break
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await behind.wait_until_passed(kept_from)
