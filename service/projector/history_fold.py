"""Folds a whole history into the state that the views show."""

from collections.abc import Callable, Iterable
from typing import Any

from domain.correcting.history import corrected_history
from domain.envelope import EventEnvelope

Fold = Callable[[Any, EventEnvelope[Any]], Any]
"""A function of (state before, event) that returns the state after it: a state, not rows."""


def fold_history(fold: Fold, history: Iterable[EventEnvelope[Any]]) -> Any:
    """Return the state at the end of a history, with what was put right; None if the history leads to none."""
    state = None
    for envelope in corrected_history(history):
        state = fold(state, envelope)
    return state
