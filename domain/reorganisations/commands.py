"""What can be asked of a reorganisation."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.vocabulary import ReorganisationId

MOST_TEXT = 2_000_000
"""Characters of a file."""


class ProposeReorganisation(Command):
    """Propose that units begin, end and are succeeded, as a file says that holds the instrument and the day."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]


class ApproveReorganisation(Command):
    """Approve the reorganisation that somebody else proposed."""

    reorganisation_id: ReorganisationId


ReorganisationCommand = ProposeReorganisation | ApproveReorganisation
