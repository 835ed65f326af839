"""Defines the commands on a reorganisation.

One officer sends the first, another sends the second.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.vocabulary import ReorganisationId

MAX_REORGANISATION_TEXT_CHARACTERS = 2_000_000
"""Largest number of characters of a file of a reorganisation."""


EXAMPLE_PLAN = """\
title = "Sắp xếp phòng của xã Ví Dụ"
instrument = "52/NQ-HĐND"
on = 2026-07-01

[[open]]
unit = "phong-kinh-te-ha-tang"
name = "Phòng Kinh tế và Hạ tầng xã Ví Dụ"
level = "commune"

[[move]]
from = "phong-kinh-te"
to = ["phong-kinh-te-ha-tang"]
"""


class ProposeReorganisation(Command):
    """Propose that units begin, end and are succeeded, as a file says that holds the instrument and the day."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_REORGANISATION_TEXT_CHARACTERS)]

    example: ClassVar = {"text": EXAMPLE_PLAN}


class ApproveReorganisation(Command):
    """Approve the reorganisation that somebody else proposed."""

    reorganisation_id: ReorganisationId


ReorganisationCommand = ProposeReorganisation | ApproveReorganisation
