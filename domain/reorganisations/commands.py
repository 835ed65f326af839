"""Defines the commands on a reorganisation.

One officer sends the first, another sends the second.
"""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.vocabulary import ReorganisationId

MAX_REORGANISATION_TEXT_CHARACTERS = 2_000_000
"""Largest number of characters of a file of a reorganisation."""


class ProposeReorganisation(Command):
    """Propose that units begin, end and are succeeded, as a file says that holds the instrument and the day."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_REORGANISATION_TEXT_CHARACTERS)]


class ApproveReorganisation(Command):
    """Approve the reorganisation that somebody else proposed."""

    reorganisation_id: ReorganisationId


ReorganisationCommand = ProposeReorganisation | ApproveReorganisation
