"""Gives each event of a petition its title, by the kind that the petition had at that moment."""

from collections.abc import Iterable

from domain.actor import SERVICE_CREDENTIALS
from domain.envelope import EventEnvelope
from domain.events import (
    PETITION_OPENINGS,
    AnsweredInWriting,
    DutyPerformed,
    PetitionEvent,
    ReminderIssued,
    StageOpened,
    WithdrawalAccepted,
    WithdrawalRequested,
)
from domain.labels import Language
from domain.status_transitions import status_after_each
from domain.stored_words.table import word_in
from domain.value import known
from domain.vocabulary import Instance, PetitionKind
from projections.labels.acts import AUTOMATIC_REMINDER, ActVariant, act_words


def act_title(fact: PetitionEvent, kind: PetitionKind | None, instance: Instance | None, language: Language) -> str:
    """Return the title of an event of a petition of that kind, at that instance of its settlement.

    What an act made due is told by the name of the act that did it.
    """
    if isinstance(fact, DutyPerformed):
        act = word_in(fact.act, language)
        return act[0].upper() + act[1:]
    return act_words(type(fact).__name__, kind, _variant_of(fact, instance)).title[language]


def act_titles(history: Iterable[EventEnvelope[PetitionEvent]], language: Language) -> dict[int, str]:
    """Return the title of each event by its number in the history.

    Raise ValueError when the history does not begin with an opening.
    """
    titles: dict[int, str] = {}
    instance: Instance | None = None
    for envelope, status in status_after_each(history):
        fact = envelope.fact
        if isinstance(fact, PETITION_OPENINGS):
            instance = known(fact.instance)
        is_automatic = isinstance(fact, ReminderIssued) and envelope.by == SERVICE_CREDENTIALS.acting_officer
        titles[envelope.originator_version] = (
            AUTOMATIC_REMINDER[language] if is_automatic else act_title(fact, status.kind, instance, language)
        )
    return titles


def _variant_of(fact: PetitionEvent, instance: Instance | None) -> ActVariant:
    """Return what the words of the event depend on besides the kind."""
    match fact:
        case WithdrawalRequested() | WithdrawalAccepted():
            return fact.scope
        case AnsweredInWriting() | StageOpened():
            return instance
    return None
