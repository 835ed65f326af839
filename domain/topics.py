"""Lists every fact that the log may hold, by its topic, with the category of the streams that it may stand in.

A topic is the name of the fact's class. Neither a topic nor its category ever changes.
"""

from collections.abc import Mapping
from typing import get_args

from domain.alerts.events import MessageEvent, MessagesComposed, OperatorAlertRaised
from domain.erasures.events import ErasureEvent
from domain.events import Fact, PetitionEvent
from domain.import_withdrawals.events import ImportWithdrawalEvent
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent
from domain.vocabulary import Category

_FACTS_BY_CATEGORY: Mapping[Category, tuple[type[Fact], ...]] = {
    Category.PETITION: get_args(PetitionEvent),
    Category.UNIT: get_args(UnitEvent),
    Category.MEETING: get_args(MeetingEvent),
    Category.LAW: get_args(LawChangeEvent),
    Category.REORGANISATION: get_args(ReorganisationEvent),
    Category.IMPORT_WITHDRAWAL: get_args(ImportWithdrawalEvent),
    Category.ERASURE: get_args(ErasureEvent),
    Category.MESSAGE: get_args(MessageEvent),
    Category.MESSAGE_COMPOSITION: (MessagesComposed,),
    Category.OPERATOR_ALERT: (OperatorAlertRaised,),
}

FACT_CLASSES: Mapping[str, type[Fact]] = {
    fact.__name__: fact for facts in _FACTS_BY_CATEGORY.values() for fact in facts
}

CATEGORY_OF_TOPIC: Mapping[str, Category] = {
    fact.__name__: category for category, facts in _FACTS_BY_CATEGORY.items() for fact in facts
}
