"""Defines the command of a coordinating unit that delivers its part."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.text import Code, Prose, SingleLine


class DeliverContribution(Command):
    """Deliver the part of a coordinating unit to the lead unit. It stops the clock of that unit alone."""

    document_no: SingleLine
    contribution: Prose
    asked_of: Annotated[
        Code | None, Field(description="the unit that was asked, where the delivering unit owes several parts")
    ] = None

    example: ClassVar = {"document_no": "17/PKT", "contribution": "Đoạn đường thuộc tuyến do xã quản lý"}


ContributionCommand = DeliverContribution
