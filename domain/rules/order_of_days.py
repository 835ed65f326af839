"""Refuses acts on days before the acts that they rest on, by the table of `domain.order_of_acts`."""

from datetime import date

from domain import events as e
from domain.command import Command
from domain.errors import Refused
from domain.order_of_acts import ACTS_RESTED_ON, RESTS_ON, Acts
from domain.petition import Petition
from domain.refusals.general import GeneralRefusal


def require_possible_order(command: Command, petition: Petition) -> None:
    """Raise Refused, with the act and its day, when the command's day lies before an act that it rests on.

    Of several such acts the latest is named: from its day on all of them are kept.
    """
    occurred_on = command.occurred_on
    if not _is_known_after(occurred_on, petition):
        return  # the usual act: the table need not be asked
    for act, on in latest_acts(RESTS_ON.get(type(command), ()), petition):
        if occurred_on < on:
            raise Refused(GeneralRefusal.BEFORE_EARLIER_ACT, act=ACTS_RESTED_ON[act], acted_on=on)


def _is_known_after(on: date, petition: Petition) -> bool:
    """Return True when something that an act may rest on happened after the day `on`."""
    for day in petition.act_days.values():
        if day.on > on:
            return True
    return petition.told_on is not None and petition.told_on > on


def latest_acts(acts: Acts, petition: Petition) -> list[tuple[type[e.Fact], date]]:
    """Return the acts that happened with their latest days, the latest act first.

    Of the telling of the citizen the first day counts: once is all that is needed.
    """
    days = [(act, day) for act in acts if (day := petition.act_days.get(act)) is not None]
    days.sort(key=lambda found: (found[1].on, found[1].version), reverse=True)
    return [(act, petition.told_on or day.on if act is e.CitizenNotified else day.on) for act, day in days]
