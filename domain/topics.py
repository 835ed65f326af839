"""Lists every fact that the log may hold, by its topic: the name of its class, which never changes."""

from collections.abc import Mapping
from typing import get_args

from domain.alerts.events import AlertEvent
from domain.events import Fact, PetitionEvent
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent

FACT_CLASSES: Mapping[str, type[Fact]] = {
    fact.__name__: fact
    for fact in (
        *get_args(PetitionEvent),
        *get_args(UnitEvent),
        *get_args(LawChangeEvent),
        *get_args(ReorganisationEvent),
        *get_args(MeetingEvent),
        *get_args(AlertEvent),
    )
}
