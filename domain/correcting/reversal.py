"""Finds what is left out of a history with an ending that is reversed: the ending, and the acts that rested on it."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import events as e
from domain.deadlines.clock import ClockKey
from domain.duties import FULFILS
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import Fact
from domain.refusals.records import RecordRefusal
from domain.status_moves import ANSWERS, SETTLES
from domain.value import UNSET, known, said
from domain.vocabulary import WithdrawalScope

REVERSIBLE = frozenset[type[Fact]]({*SETTLES, *ANSWERS, e.WithdrawalAccepted, e.PetitionClosed})
"""The events that end a petition or a round of it. A duplicate is unlinked by an act of its own."""

BEGINS_ANEW = frozenset[type[Fact]]({e.PetitionReopened, e.TransferReplyReceived, e.PetitionUnmarkedDuplicate})
"""The events by which a petition goes on after an ending; of a reply only one that declines."""

_OF_ANSWERS = frozenset[type[Fact]]({e.CitizenNotified, e.PromiseMade, e.PromiseReported, e.ActionResultRecorded})
FOLLOWS_ENDING: Mapping[type[Fact], frozenset[type[Fact]]] = {
    **dict.fromkeys(ANSWERS, _OF_ANSWERS),
    e.PetitionTransferred: frozenset({e.TransferReplyReceived, e.CitizenNotified}),
    e.CompetentUnitUrged: frozenset({e.TransferReplyReceived, e.CitizenNotified}),
    e.LawsuitFiled: frozenset({e.CourtRulingRecorded}),
}
"""The acts that are possible after an ending alone. Besides them, what fulfils a duty of the ending rests on it."""


def left_out_with(history: Sequence[EventEnvelope[Any]], version: int) -> tuple[int, ...]:
    """Return the places of the ending `version` and of the acts that rest on it, in order.

    `history` is the history as it counts now. Raise Refused for an event that ended nothing, for an ending that opened
    other petitions, and for one after which the petition went on or ended again: the later act is reversed first.
    """
    ending = next((event for event in history if event.originator_version == version), None)
    if ending is None:
        raise Refused(RecordRefusal.EVENT_WAS_REVERSED, version=version)
    name = type(ending.fact).__name__
    if not is_ending(ending.fact):
        raise Refused(RecordRefusal.NOT_AN_ENDING, version=version, event=name)
    if (
        isinstance(ending.fact, e.PetitionSplit | e.ImportWithdrawn)
        or getattr(ending.fact, "continued_as", UNSET) is not UNSET
    ):
        raise Refused(RecordRefusal.ENDING_OPENED_OTHERS, version=version, event=name)
    resting, started = [version], _duties_started(ending.fact)
    for event in history:
        fact = event.fact
        if event.originator_version <= version:
            continue
        if _goes_on(fact):
            raise Refused(RecordRefusal.ENDING_RESTED_ON, later=event.originator_version, version=version, event=name)
        if type(fact) in FOLLOWS_ENDING.get(type(ending.fact), ()) or not started.isdisjoint(_duties_of(fact)):
            resting.append(event.originator_version)
            started |= _duties_started(fact)
    return tuple(resting)


def is_ending(fact: Any) -> bool:
    """Return True for an event that ended the petition; the withdrawal of a part ends nothing."""
    if isinstance(fact, e.WithdrawalAccepted):
        return fact.scope is WithdrawalScope.WHOLE
    return type(fact) in REVERSIBLE


def _goes_on(fact: Any) -> bool:
    if isinstance(fact, e.TransferReplyReceived):
        return not fact.is_accepted
    return is_ending(fact) or type(fact) in BEGINS_ANEW


def _duties_started(fact: Fact) -> set[ClockKey]:
    return {deadline.key for deadline in said(fact.deadlines, ()) if deadline.clock.is_duty}


def _duties_of(fact: Any) -> set[ClockKey]:
    """Return the duties that the event fulfils, lifts or is an alert of."""
    if isinstance(fact, e.AlertRaised | e.AlertAcknowledged | e.DutyLifted):
        return {ClockKey(fact.clock, known(fact.subject))}  # type: ignore[arg-type]  # a clock of the ladder is none of ours
    fulfils = FULFILS.get(type(fact))
    return set() if fulfils is None else set(fulfils(fact))
