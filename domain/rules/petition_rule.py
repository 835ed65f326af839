"""Defines the form of a rule: what the state alone forbids, and what follows from a command with its values and day.

A page can so ask what may be done to a petition now, before anybody has typed a value.
"""

from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from domain.command import Command
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import PetitionEvent
from domain.petition import Petition
from domain.refusals.code import RefusalCode
from domain.rules.order_of_days import require_possible_order
from domain.vocabulary import Stage

C = TypeVar("C", bound=Command)

OpenCheck = Callable[[Petition, DecisionContext], None]
"""Raises Refused when a petition forbids a command whatever its values are.

Of the context it reads today, the officer and the law; the meeting and the other petition are values of a command.
"""
ValueRule = Callable[[C, Petition, DecisionContext], list[PetitionEvent]]
"""Returns the facts that follow from a command on a petition that is open to it. Raises Refused for its values."""


class PetitionRule(Generic[C]):
    """Decides one kind of command in two parts: `require_open`, then `with_values`."""

    def __init__(self, checks: Collection[OpenCheck], with_values: ValueRule[C]) -> None:
        self._checks = tuple(checks)
        self.with_values = with_values

    def __call__(self, command: C, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
        """Return the facts that follow from the command, in order. Raise Refused."""
        self.require_open(petition, context)
        facts = self.with_values(command, petition, context)
        require_possible_order(command, petition)
        return facts

    def require_open(self, petition: Petition, context: DecisionContext) -> None:
        """Raise Refused when the state of the petition alone forbids the command."""
        for check in self._checks:
            check(petition, context)


def open_when(*checks: OpenCheck) -> Callable[[ValueRule[C]], PetitionRule[C]]:
    """Make a rule of a function that decides with values. All `checks`, in order, say when a petition is open to it."""

    def as_rule(with_values: ValueRule[C]) -> PetitionRule[C]:
        return PetitionRule(checks, with_values)

    return as_rule


def at_stages(stages: Collection[Stage], code: RefusalCode) -> OpenCheck:
    """Return the check that the petition is at one of the stages. `code` refuses all others."""
    allowed, in_order = frozenset(stages), tuple(stage for stage in Stage if stage in stages)

    def check(petition: Petition, _: DecisionContext) -> None:
        if petition.stage not in allowed:
            raise Refused(code, stage=petition.stage, stages=in_order)

    return check


def while_open(code: RefusalCode) -> OpenCheck:
    """Return the check that the authority still owes the citizen an answer. `code` refuses all other stages."""
    return at_stages(frozenset(stage for stage in Stage if stage.is_open), code)
