"""Folds the history of a petition into the state that decisions read.

`domain.status_transitions` computes the status; `domain.evolvers` keeps what later decisions read besides it.
"""

from collections.abc import Iterable, Mapping

from domain import events as e
from domain import status_transitions
from domain.correcting.history import corrected_history
from domain.deadlines.clock import Clock, ClockKey
from domain.deadlines.deadline import Deadline
from domain.envelope import EventEnvelope
from domain.evolvers import EARLY_EVOLVERS, EVOLVERS
from domain.opening import opening_of
from domain.order_of_acts import ACTS_RESTED_ON, ActDay
from domain.petition import Petition
from domain.value import UNSET, known, replace, said
from domain.vocabulary import PetitionId


def fold(history: Iterable[EventEnvelope[e.PetitionEvent]]) -> Petition | None:
    """Return the petition after its whole history, with what was put right, or None for an empty history."""
    petition: Petition | None = None
    for envelope in corrected_history(history):
        petition = evolve(petition, envelope)
    return petition


def evolve(petition: Petition | None, envelope: EventEnvelope[e.PetitionEvent]) -> Petition:
    """Return the petition after one more event of a corrected history. No rule applies here: every event loads.

    An event of `REWRITES_HISTORY` says what was wrong before it, so the whole history is folded then (`fold`).
    Raise ValueError when a history begins with no opening, which no writer of ours can cause.
    """
    fact = envelope.fact
    if petition is None:
        if not isinstance(fact, e.PETITION_OPENINGS):
            raise ValueError(f"the history of {envelope.originator_id} begins with {type(fact).__name__}")
        opening = opening_of(fact)
        deadlines_of_it, duties_of_it = _deadlines_of(fact)
        return Petition(
            petition_id=PetitionId(envelope.originator_id),
            version=envelope.originator_version,
            status=status_transitions.initial_status(fact),
            opening=opening,
            instance=opening.instance,
            earlier_decision=opening.earlier_decision,
            reference=envelope.reference,
            received_by_unit=status_transitions.receiving_unit(fact, envelope.by),
            deadlines=deadlines_of_it,
            duties=duties_of_it,
            act_days={type(fact): ActDay(1, fact.occurred_on)} if isinstance(fact, e.MatterOpened) else {},
            mandate=None if isinstance(fact, e.PetitionReceived) else known(fact.mandate),
            proxies=() if isinstance(fact, e.PetitionReceived) else said(fact.proxies, ()),
        )
    kind, version = type(fact), envelope.originator_version
    status = status_transitions.transition(petition.status, fact, version)
    deadlines, stopped_deadlines = petition.deadlines, petition.stopped_deadlines
    if status.clocks is not petition.status.clocks:
        if status.settled_on is not None and petition.status.settled_on is None:
            stopped_deadlines = deadlines
        if status.clocks:
            started = deadlines if fact.deadlines is UNSET else {**deadlines, **{d.clock: d for d in fact.deadlines}}
            deadlines = {clock: started[clock] for clock in status.clocks}
        else:
            deadlines = _NO_DEADLINES
    duties = petition.duties
    if status.duties is not petition.status.duties:
        started_duties = {**duties, **{d.key: d for d in said(fact.deadlines, ())}}
        duties = {key: started_duties[key] for key in status.duties}
    last_action_version = petition.last_action_version if kind in _NO_ACTIONS else version
    act_days = _next_act_days(petition, envelope)
    if (early_evolver := EARLY_EVOLVERS.get(kind)) is not None:
        petition = early_evolver(petition, envelope)
    petition = replace(
        petition,
        version=version,
        status=status,
        deadlines=deadlines,
        duties=duties,
        stopped_deadlines=stopped_deadlines,
        last_action_version=last_action_version,
        act_days=act_days,
    )
    evolver = EVOLVERS.get(kind)
    return petition if evolver is None else evolver(petition, envelope)


_NO_DEADLINES: Mapping[Clock, Deadline] = {}


def _deadlines_of(fact: e.PetitionEvent) -> tuple[dict[Clock, Deadline], dict[ClockKey, Deadline]]:
    """Return the clocks of the petition that the fact starts, and the duties."""
    own: dict[Clock, Deadline] = {}
    duties: dict[ClockKey, Deadline] = {}
    for deadline in said(fact.deadlines, ()):
        if deadline.clock.is_duty:
            duties[deadline.key] = deadline
        else:
            own[deadline.clock] = deadline
    return own, duties


def _next_act_days(petition: Petition, envelope: EventEnvelope[e.PetitionEvent]) -> Mapping[type[e.Fact], ActDay]:
    """Return the latest day of each act that another may rest on, after one more event.

    Nothing rests on a classification that says nothing else of kind, instance and competence than the one before.
    """
    fact, act_days = envelope.fact, petition.act_days
    kind = type(fact)
    if kind not in ACTS_RESTED_ON:
        return act_days
    latest = act_days.get(kind)
    if latest is not None and fact.occurred_on < latest.on:
        return act_days
    if latest is not None and isinstance(fact, e.PetitionClassified):
        instance, competence = said(fact.instance, petition.instance), known(fact.competence)
        if (fact.kind, instance, competence) == (petition.kind, petition.instance, petition.competence):
            return act_days
    return {**act_days, kind: ActDay(envelope.originator_version, fact.occurred_on)}


_NO_ACTIONS = frozenset({e.AlertRaised, e.AlertAcknowledged, e.ReminderProposed})
"""Events that are no action: a reader need not reload for them."""
