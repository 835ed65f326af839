"""Gives the history of a petition or a meeting as it should have been written, from the history as it was.

No event is edited or removed from the log. An approved correction names the right values of earlier events, and a
reversed ending is left out with the acts that rested on it. Whoever folds a whole history folds this one, so every
state, figure and clock is that of the right record. Whoever folds one event at a time begins anew at an event of
`REWRITES_HISTORY`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from domain.correcting.fields import apply_correction
from domain.envelope import EventEnvelope
from domain.events import Correction, EndingReversed, Fact, RecordCorrected
from domain.meetings.events import MeetingCorrected
from domain.value import UNSET, replace, said

REWRITES_HISTORY: Collection[type[Fact]] = frozenset({RecordCorrected, EndingReversed, MeetingCorrected})
"""The events that say what was wrong in the history before them."""

DAY_PATH = "occurred_on"
"""Path of the day of any event."""

_Event = EventEnvelope[Any]


def corrected_history(history: Iterable[_Event]) -> Sequence[_Event]:
    """Return the history with the right values in place and without what was reversed.

    The events that rewrite are kept: they have a place in the history like every other. A correction of what comes
    after it, and the removal of an opening, are passed over: no writer of ours makes them, and each history loads.
    """
    events = tuple(history)
    if not any(type(event.fact) in REWRITES_HISTORY for event in events):
        return events
    corrections = corrections_by_version(events, with_what_follows=True)
    left_out = reversed_versions(events)
    return [
        put_right(event, corrections.get(event.originator_version, ()))
        for event in events
        if event.originator_version not in left_out
    ]


def corrections_by_version(history: Iterable[_Event], *, with_what_follows: bool) -> defaultdict[int, list[Correction]]:
    """Return the approved corrections of each event, in the order of their approval.

    Without what follows they are those that somebody proposed.
    """
    found: defaultdict[int, list[Correction]] = defaultdict(list)
    for event in history:
        fact = event.fact
        if isinstance(fact, RecordCorrected | MeetingCorrected):
            follows = said(fact.follows, ()) if with_what_follows and isinstance(fact, RecordCorrected) else ()
            for correction in (*fact.corrections, *follows):
                if correction.version < event.originator_version:
                    found[correction.version].append(correction)
    return found


def reversed_versions(history: Iterable[_Event]) -> frozenset[int]:
    """Return the places of the events that are left out."""
    return frozenset(
        version
        for event in history
        if isinstance(event.fact, EndingReversed)
        for version in event.fact.left_out
        if 1 < version < event.originator_version
    )


def put_right(event: _Event, corrections: Iterable[Correction]) -> _Event:
    """Return the event with the right values. An instant is unsaid where it was that of a wrong day."""
    fact = event.fact
    for correction in corrections:
        fact = apply_correction(fact, correction)
    if fact is event.fact:
        return event
    if event.fact.occurred_at is not UNSET and fact.occurred_on != event.fact.occurred_on:
        fact = replace(fact, occurred_at=UNSET)
    if getattr(event.fact, "received_at", UNSET) is not UNSET and fact.received_on != event.fact.received_on:
        fact = replace(fact, received_at=UNSET)
    return event._replace(fact=fact)
