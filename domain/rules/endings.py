"""Checks endings by their one table: the stage, the kind, the day, the ground, and the letters that are linked.

What the state alone forbids is told before anybody types a value. The day on which it happened is a value: an ending
that is lawful only from some day on is open from that day, and refused for an act before it.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TypeVar

from domain.command import Command
from domain.decision_context import DecisionContext
from domain.endings.table import ENDING_RULES, endings_of, name_of_ending
from domain.endings.words import Ground, PetitionEnding
from domain.errors import Refused
from domain.events import PetitionEvent
from domain.petition import Petition
from domain.refusals.code import RefusalCode
from domain.refusals.endings import EndingRefusal
from domain.rules.petition_rule import OpenCheck, PetitionRule, ValueRule, at_stages
from domain.value import UNSET, UnsetType
from domain.vocabulary import GroundCode

EndingCommandT = TypeVar("EndingCommandT", bound=Command)


def ends_by(
    ending: PetitionEnding, code: RefusalCode, *checks: OpenCheck, first: OpenCheck | None = None
) -> Callable[[ValueRule[EndingCommandT]], PetitionRule[EndingCommandT]]:
    """Make a rule of a function that decides an ending with values.

    It is open where the table has the ending and all `checks` allow it, and closed while linked letters would end
    without an answer. `code` refuses the other stages. What is asked `first` has a better word than the table.
    """
    return lawful_when(ending, code, *checks, _linked_letters_answered(ending), first=first)


def lawful_when(
    ending: PetitionEnding, code: RefusalCode, *checks: OpenCheck, first: OpenCheck | None = None
) -> Callable[[ValueRule[EndingCommandT]], PetitionRule[EndingCommandT]]:
    """Make a rule as `ends_by` does, of an act that leaves the letters that are linked where they are."""
    at_its_stages = at_stages(ENDING_RULES[ending].stages, code)

    def require_lawful_today(petition: Petition, context: DecisionContext) -> None:
        require_lawful(ending, petition, context.today)

    def as_rule(decide_values: ValueRule[EndingCommandT]) -> PetitionRule[EndingCommandT]:
        @wraps(decide_values)
        def with_values(command: EndingCommandT, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
            if command.occurred_on != context.today:  # of today the rule was asked when it was found open
                require_lawful(ending, petition, command.occurred_on)
            return decide_values(command, petition, context)

        before = () if first is None else (first,)
        return PetitionRule((*before, at_its_stages, require_lawful_today, *checks), with_values)

    return as_rule


def require_lawful(ending: PetitionEnding, petition: Petition, on: date) -> None:
    """Raise Refused unless the table has the ending for the kind of the petition on the day `on`."""
    kind = petition.kind
    basis = ENDING_RULES[ending].by_kind.get(kind)
    if basis is not None and basis.since <= on:
        return
    name = name_of_ending(ending, kind)
    if basis is None:
        if kind is None:
            raise Refused(EndingRefusal.ENDING_NEEDS_A_KIND, ending=name)
        raise Refused(
            EndingRefusal.ENDING_IS_FOR_ANOTHER_KIND, ending=name, kind=kind, endings=endings_of(kind, petition.stage)
        )
    raise Refused(EndingRefusal.ENDING_LAWFUL_SINCE, ending=name, since=basis.since)


def is_lawful(ending: PetitionEnding, petition: Petition, on: date) -> bool:
    """Return True when the table has the ending for the kind of the petition on the day `on`."""
    basis = ENDING_RULES[ending].by_kind.get(petition.kind)
    return basis is not None and basis.since <= on


def ground_of(ending: PetitionEnding, ground: Ground | None, petition: Petition) -> GroundCode | UnsetType:
    """Return the ground as a fact stores it.

    Raise Refused for none, or another one, where the law lists grounds, and for one where it lists none.
    """
    kind = petition.kind
    basis, name = ENDING_RULES[ending].by_kind[kind], name_of_ending(ending, kind)
    if not basis.grounds:
        if ground is not None:
            raise Refused(EndingRefusal.LAW_LISTS_NO_GROUND, ending=name)
        return UNSET
    if ground not in basis.grounds:
        raise Refused(EndingRefusal.NEEDS_A_GROUND_OF_THE_LAW, ending=name, grounds=basis.grounds)
    return GroundCode(ground.value)


def without_duplicates(code: RefusalCode) -> OpenCheck:
    """Return the check that no letters are linked to the petition. `code` refuses a petition that has some."""

    def check(petition: Petition, _: DecisionContext) -> None:
        if petition.duplicates:
            raise Refused(code, links=len(petition.duplicates))

    return check


def _linked_letters_answered(ending: PetitionEnding) -> OpenCheck:
    def check(petition: Petition, _: DecisionContext) -> None:
        require_linked_letters_answered(ending, petition)

    return check


def require_linked_letters_answered(ending: PetitionEnding, petition: Petition) -> None:
    """Raise Refused for an ending that answers nobody while letters are linked to a petition without an answer.

    Their own clocks stand still: with the first letter they would end, and no list would show them.
    """
    if petition.duplicates and petition.stage.is_open and not ENDING_RULES[ending].answers:
        raise Refused(
            EndingRefusal.LINKED_LETTERS_UNANSWERED,
            ending=name_of_ending(ending, petition.kind),
            links=len(petition.duplicates),
        )
