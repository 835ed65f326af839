"""Folds the corrections of a petition's history into its state."""

from typing import Any

from domain import events as e
from domain.corrections import OPENING_FIELDS, OPENING_VERSION, corrected_day, corrected_day_of_receipt, corrected_value
from domain.envelope import EventEnvelope
from domain.opening import Opening
from domain.petition import PendingRequest, Petition
from domain.sealed_text import plain_text
from domain.value import UNSET, replace


def evolve_correction_proposed(petition: Petition, envelope: EventEnvelope[e.CorrectionProposed]) -> Petition:
    fact, by = envelope.fact, envelope.by
    request = PendingRequest(
        parties=by.parties, requested_by=by.officer, corrections=fact.corrections, why=plain_text(fact.why)
    )
    return replace(petition, pending_correction=request)


def evolve_corrected(petition: Petition, envelope: EventEnvelope[e.RecordCorrected]) -> Petition:
    corrections, answers, told_on = envelope.fact.corrections, petition.answers, petition.told_on
    version = petition.status.answer_version
    right = None if version is None else corrected_day(corrections, version)
    if answers and right is not None:
        if told_on is not None:
            told_on = right if told_on == answers[-1] else max(told_on, right)  # nobody is told before the answer
        answers = (*answers[:-1], right)
    opening = _corrected_opening(petition.opening, corrections)
    if corrected_day_of_receipt(corrections, petition.status) is not None:
        opening = replace(opening, received_at=None)  # the instant was that of the wrong day
    return replace(
        petition,
        pending_correction=None,
        act_days={
            act: day._replace(on=corrected_day(corrections, day.version) or day.on)
            for act, day in petition.act_days.items()
        },
        opening=opening,
        answers=answers,
        told_on=told_on,
    )


def _corrected_opening(opening: Opening, corrections: tuple[e.Correction, ...]) -> Opening:
    """Return the opening with corrected fields, for later rules and linked petitions. The status has its day."""
    changes: dict[str, Any] = {}
    for path, kind in OPENING_FIELDS.items():
        right = corrected_value(corrections, OPENING_VERSION, path, kind)
        if right is UNSET:  # taken back: nothing was said
            changes[path] = "" if kind is str else None
        elif right is not None:
            changes[path] = right
    return replace(opening, **changes)
