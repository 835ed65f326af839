"""Defines what a command on a petition comes to: its facts, and what they cause in other petitions."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.events import PetitionEvent
from domain.follow_on_events import LinkedEvent, NewStream


class Decision(NamedTuple):
    """Holds everything that one command records. It is stored in one transaction: all of it or nothing.

    `facts` are the petition's own, in order; `opened` are the petitions that they open, and `linked` the facts that
    they add to petitions that exist.
    """

    facts: list[PetitionEvent]
    opened: Sequence[NewStream] = ()
    linked: Sequence[LinkedEvent] = ()
