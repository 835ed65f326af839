"""Defines what the rules of law ask of a petition to find its limits, and what is due beside the answer.

It is known of an opening and of a classification before they are folded, so that a decision folds nothing to learn it.
"""

from datetime import date
from typing import NamedTuple

from domain.events import PetitionOpening
from domain.opening import day_of_receipt, first_instance
from domain.value import known
from domain.vocabulary import KIND_OF_INSTANCE, Channel, Complexity, Instance, PetitionKind


class Character(NamedTuple):
    """Holds of what kind and instance a petition is, when and how it came, and how complex it is as that kind."""

    kind: PetitionKind | None
    instance: Instance | None
    received_on: date
    channel: Channel | None
    is_remote_area: bool
    complexity: Complexity

    def is_at_instance(self, instance: Instance) -> bool:
        """Return True when the petition asks for that instance and is of the kind that has it."""
        return self.instance is instance and self.kind is KIND_OF_INSTANCE.get(instance, self.kind)


def character_at_opening(fact: PetitionOpening) -> Character:
    """Return the character of the petition that the fact opens."""
    return Character(
        known(fact.kind),
        first_instance(fact),
        day_of_receipt(fact),
        known(fact.channel),
        known(fact.is_remote_area) is True,
        Complexity.NORMAL,
    )
